// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Random revisions, with and without a key: what a model announces is enough for a view, a proxy and persistent indexes.

#include "modelsupport.h"

#include <QtCore/QPersistentModelIndex>
#include <QtCore/QSortFilterProxyModel>

#include <algorithm>
#include <map>
#include <random>

using namespace Qt::StringLiterals;
using namespace testsupport;
using namespace modelsupport;

struct Item
{
    qint32 id;    ///< unique
    quint8 group; ///< not unique
    double value;
    char name[12]; ///< unique

    bool operator==(const Item &) const = default;
};
SHARED_STRUCT(Item, id, group, value, name)

class tst_ModelRounds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rounds_data();
    void rounds();

private:
    RegistryFolder m_folder;
};

namespace {

constexpr int Rounds = 40;

using Cells = QList<QVariantList>;

QVariantList rowOf(const QAbstractItemModel &model, int row)
{
    QVariantList cells;
    for (int column = 0; column < model.columnCount(); ++column)
        cells.append(cell(model, row, column, Qt::EditRole));
    return cells;
}

Cells cellsOf(const QAbstractItemModel &model)
{
    Cells cells;
    for (int row = 0; row < model.rowCount(); ++row)
        cells.append(rowOf(model, row));
    return cells;
}

/// A view that reads nothing but what is announced.
class Mirror : public QObject
{
public:
    explicit Mirror(const QAbstractItemModel *model)
    {
        const auto readAll = [this, model] { m_cells = cellsOf(*model); };
        connect(model, &QAbstractItemModel::modelReset, this, readAll);
        connect(model, &QAbstractItemModel::layoutChanged, this, readAll);
        connect(model, &QAbstractItemModel::rowsRemoved, this,
                [this](const QModelIndex &, int first, int last) { m_cells.remove(first, last - first + 1); });
        connect(model, &QAbstractItemModel::rowsInserted, this, [=, this](const QModelIndex &, int first, int last) {
            for (int row = first; row <= last; ++row)
                m_cells.insert(row, rowOf(*model, row));
        });
        connect(model, &QAbstractItemModel::rowsMoved, this,
                [this](const QModelIndex &, int first, int last, const QModelIndex &, int to) {
                    const Cells moved = m_cells.mid(first, last - first + 1);
                    m_cells.remove(first, moved.size());
                    for (qsizetype i = 0; i < moved.size(); ++i)
                        m_cells.insert((to < first ? to : to - moved.size()) + i, moved.at(i));
                });
        connect(model, &QAbstractItemModel::dataChanged, this,
                [=, this](const QModelIndex &topLeft, const QModelIndex &bottomRight) {
                    for (int row = topLeft.row(); row <= bottomRight.row(); ++row) {
                        for (int column = topLeft.column(); column <= bottomRight.column(); ++column)
                            m_cells[row][column] = cell(*model, row, column, Qt::EditRole);
                    }
                });
        readAll();
    }
    const Cells &cells() const { return m_cells; }

private:
    Cells m_cells;
};

/// Sorted by value; only those of even groups.
class EvenGroups : public QSortFilterProxyModel
{
public:
    explicit EvenGroups(QAbstractItemModel *model)
    {
        setSourceModel(model);
        setSortRole(Qt::EditRole);
        sort(2);
    }

    /// Whether a proxy shows these rows of its source, in the right order.
    static bool isShown(const Cells &shown, Cells source)
    {
        const auto byValue = [](const auto &a, const auto &b) { return a.at(2).toDouble() < b.at(2).toDouble(); };
        const auto byId = [](const auto &a, const auto &b) { return a.at(0).toInt() < b.at(0).toInt(); };
        source.removeIf([](const QVariantList &row) { return row.at(1).toInt() % 2 != 0; });
        Cells sorted = shown;
        std::sort(sorted.begin(), sorted.end(), byId);
        std::sort(source.begin(), source.end(), byId);
        return sorted == source && std::is_sorted(shown.cbegin(), shown.cend(), byValue);
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override
    {
        return sourceModel()->index(row, 1, parent).data(Qt::EditRole).toInt() % 2 == 0;
    }
};

class Changes
{
public:
    explicit Changes(unsigned seed)
        : m_random(seed)
    {
    }

    unsigned below(qsizetype count) { return static_cast<unsigned>(m_random() % static_cast<std::size_t>(count)); }

    void change(QList<Item> *items)
    {
        for (unsigned change = below(6); change > 0; --change) {
            const unsigned what = below(12);
            if (what < 3) {
                for (unsigned count = 1 + below(4); count > 0 && items->size() < 60; --count)
                    items->insert(below(items->size() + 1), item());
            } else if (items->isEmpty()) {
                continue;
            } else if (what < 5) {
                const auto first = static_cast<qsizetype>(below(items->size()));
                items->remove(first, 1 + below(std::min<qsizetype>(items->size() - first, 4)));
            } else if (what < 7) {
                items->move(below(items->size()), below(items->size()));
            } else if (what < 11) {
                for (Item &item : *items) {
                    if (below(4) == 0)
                        item.value = below(100);
                    if (below(8) == 0)
                        item.group = static_cast<quint8>(below(5));
                }
            } else if (below(8) == 0) {
                std::shuffle(items->begin(), items->end(), m_random);
            } else if (below(8) == 0) {
                items->clear();
            }
        }
    }

private:
    Item item()
    {
        Item item{};
        item.id = ++m_last;
        item.group = static_cast<quint8>(below(5));
        item.value = below(100);
        qstrncpy(item.name, QByteArray("item " + QByteArray::number(m_last)).constData(), sizeof item.name);
        return item;
    }

    std::mt19937 m_random;
    int m_last = 0;
};

Cells cellsOf(const QList<Item> &items)
{
    Cells cells;
    for (const Item &item : items)
        cells.append({item.id, item.group, item.value, QString::fromUtf8(item.name)});
    return cells;
}

/// Where each row is now: the n-th of a key was the n-th of that key. Without a key, rows stay at their places.
std::vector<int> rowsNow(const Cells &before, const Cells &now, int key)
{
    std::vector<int> rows;
    if (key < 0) {
        for (int row = 0; row < before.size(); ++row)
            rows.push_back(row < now.size() ? row : -1);
        return rows;
    }
    std::map<std::pair<QString, int>, int> places;
    std::map<QString, int> count;
    for (int row = 0; row < now.size(); ++row) {
        const QString text = now.at(row).at(key).toString();
        places[{text, count[text]++}] = row;
    }
    count.clear();
    for (const QVariantList &row : before) {
        const QString text = row.at(key).toString();
        const auto place = places.find({text, count[text]++});
        rows.push_back(place == places.end() ? -1 : place->second);
    }
    return rows;
}

} // namespace

void tst_ModelRounds::rounds_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<int>("column");
    QTest::newRow("no key") << QString() << -1;
    QTest::newRow("unique numbers") << u"id"_s << 0;
    QTest::newRow("equal numbers") << u"group"_s << 1;
    QTest::newRow("unique texts") << u"name"_s << 3;
}

void tst_ModelRounds::rounds()
{
    QFETCH(QString, key);
    QFETCH(int, column);
    // The long form has more.
    bool isLong = false;
    const int rounds = qEnvironmentVariableIntValue("TST_MODELROUNDS_ROUNDS", &isLong);
    const bool isGiven = qEnvironmentVariableIsSet("TST_MODELROUNDS_SEED");
    const unsigned seed = isGiven ? qEnvironmentVariable("TST_MODELROUNDS_SEED").toUInt() : std::random_device()();
    const QByteArray why = "TST_MODELROUNDS_SEED=" + QByteArray::number(seed);
    // A fatal check of a model ends the program.
    qInfo("%s", why.constData());
    Changes random(seed);
    SharedArray<Item> items(uniqueName());
    QVERIFY(items.createWithCapacity(64));
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setMaximumRate(1000);
    model.setKey(key);
    model.setSegment(items.segment());
    EvenGroups proxy(&model);
    const auto proxyChecks = tester(&proxy);
    const Mirror mirror(&model);
    const Mirror proxyMirror(&proxy);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    QSignalSpy taken(&model, &SharedArrayModel::revisionChanged);
    QList<Item> now;
    Cells before;
    for (int round = 0; round < (isLong ? rounds : Rounds); ++round) {
        QList<QPersistentModelIndex> indexes;
        for (int row = 0; row < model.rowCount(); ++row)
            indexes.append(model.index(row, row % 4));
        const bool isOtherWindow = random.below(8) == 0;
        if (isOtherWindow && random.below(2) == 0)
            model.setFirstRow(random.below(6));
        else if (isOtherWindow)
            model.setRowLimit(static_cast<int>(random.below(60)) - 10);
        if (!isOtherWindow) {
            random.change(&now);
            QVERIFY2(items.publish(now), qPrintable(items.errorString()));
        }
        while (model.revision() != items.revision())
            QVERIFY2(taken.wait(Deadline), why);
        const qint64 first = std::min<qint64>(model.firstRow(), now.size());
        const Cells expected = cellsOf(now.mid(first, model.rowLimit()));
        QVERIFY2(cellsOf(model) == expected, why);
        QVERIFY2(mirror.cells() == expected, why);
        QVERIFY2(EvenGroups::isShown(cellsOf(proxy), expected), why);
        QVERIFY2(proxyMirror.cells() == cellsOf(proxy), why);
        const std::vector<int> rows = rowsNow(before, expected, column);
        for (int row = 0; row < before.size(); ++row) {
            const int place = rows.at(static_cast<std::size_t>(row));
            QVERIFY2(indexes.at(row).row() == place, why);
            QVERIFY2(place < 0 || indexes.at(row).column() == row % 4, why);
        }
        before = expected;
    }
    QCOMPARE(reset.count(), 0);
}

QTEST_GUILESS_MAIN(tst_ModelRounds)
#include "tst_modelrounds.moc"
