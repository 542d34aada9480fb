// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What SharedRegistryModel promises: its rows are the names of living owners, and change by insertions and removals.

#include "../../support/errorstyle.h"
#include "modelsupport.h"

#include <SharedSegment/SharedRegistryModel>
#include <SharedSegment/SharedStream>

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QRandomGenerator>
#include <QtCore/QSortFilterProxyModel>

#include <array>
#include <cstdio>
#include <map>

using namespace Qt::StringLiterals;
using namespace testsupport;
using namespace modelsupport;
using Model = SharedRegistryModel;

namespace {

/// The names of all rows below `parent`: a folder as "name>", what is below it in brackets.
QString outline(const QAbstractItemModel &model, const QModelIndex &parent = QModelIndex())
{
    QStringList rows;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const QModelIndex index = model.index(row, 0, parent);
        QString text = index.data(Model::NameRole).toString();
        if (index.data(Model::FullNameRole).toString().isEmpty())
            text += u'>';
        if (index.data(Model::ClosedRole).toBool())
            text += u'!';
        if (model.hasChildren(index))
            text += u'(' + outline(model, index) + u')';
        rows.append(text);
    }
    return rows.join(u' ');
}

void collectNames(const QAbstractItemModel &model, const QModelIndex &parent, QStringList &names)
{
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const QModelIndex index = model.index(row, 0, parent);
        if (index.data(Model::OpenRole).toBool())
            names.append(index.data(Model::FullNameRole).toString());
        collectNames(model, index, names);
    }
}

/// The names of all rows with a living owner, sorted as SharedSegment::names() sorts.
QStringList openNames(const QAbstractItemModel &model)
{
    QStringList names;
    collectNames(model, QModelIndex(), names);
    std::sort(names.begin(), names.end(), [](const QString &a, const QString &b) { return a.toUtf8() < b.toUtf8(); });
    return names;
}

std::unique_ptr<SharedSegment> created(const QString &name)
{
    auto segment = std::make_unique<SharedSegment>(name);
    if (!segment->create(SharedLayout::of<double>(), 4))
        qWarning("%s", qPrintable(segment->errorString()));
    return segment;
}

constexpr int NamesOfPeer = 200;

/// Owns many names until it is killed, in a process of its own.
int ownMany(const QString &folder, int count)
{
    std::vector<std::unique_ptr<SharedSegment>> segments;
    for (int i = 0; i < count; ++i)
        segments.push_back(created(u"%1/%2"_s.arg(folder).arg(i)));
    std::puts("ready");
    std::fflush(stdout);
    return QCoreApplication::exec();
}

} // namespace

class tst_RegistryModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void defaults();
    void namesComeAndGo();
    void tree();
    void filter();
    void kills();
    void killOfOwnersOfMany();
    void closedOnesStay();
    void replacement();
    void manyNames();
    void randomChanges_data();
    void randomChanges();
    void unreadableRecords();
    void folders();
    void changesInSlots();
    void behindAProxy();
};

void tst_RegistryModel::defaults()
{
    const RegistryFolder folder;
    Model model;
    const auto checks = tester(&model);
    QCOMPARE(model.registry(), QString());
    QVERIFY(!model.isTree());
    QVERIFY(!model.keepClosed());
    QCOMPARE(model.filter(), QString());
    QCOMPARE(model.count(), 0);
    QCOMPARE(model.errorString(), QString());
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(model.columnCount(), int(Model::AgeColumn) + 1);
    QCOMPARE(model.headerData(Model::OwnerColumn, Qt::Horizontal).toString(), u"Owner"_s);
    QVERIFY(!model.indexOf(u"nothing"_s).isValid());
}

void tst_RegistryModel::namesComeAndGo()
{
    const RegistryFolder folder;
    const auto first = created(u"b"_s);
    Model model;
    const auto checks = tester(&model);
    QCOMPARE(outline(model), u"b"_s);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    QSignalSpy count(&model, &Model::countChanged);
    const QPersistentModelIndex stays = model.indexOf(u"b"_s);
    SharedStream<double> stream(u"a"_s);
    QVERIFY(stream.create(100));
    const auto third = created(u"c"_s);
    QTRY_COMPARE_WITH_TIMEOUT(outline(model), u"a b c"_s, Deadline);
    QCOMPARE(stays.row(), 1);
    QCOMPARE(model.count(), 3);
    QVERIFY(count.count() >= 1);

    const QModelIndex row = model.indexOf(u"a"_s);
    QCOMPARE(row.data(Model::KindRole).toInt(), int(SharedSegment::Kind::Stream));
    QCOMPARE(row.data(Model::PidRole).toLongLong(), QCoreApplication::applicationPid());
    QVERIFY(row.data(Model::OwnerRole).toString().startsWith(u"tst_registrymod"_s));
    QVERIFY(row.data(Model::BytesRole).toLongLong() >= 800);
    QCOMPARE(row.data(Model::BackendRole).toInt(), int(preferredBackend()));
    QVERIFY(row.data(Model::OpenRole).toBool());
    QCOMPARE(row.data(Model::ProblemRole).toString(), QString());
    QCOMPARE(row.siblingAtColumn(Model::KindColumn).data().toString(), u"stream"_s);
    QCOMPARE(model.indexOf(u"b"_s).siblingAtColumn(Model::KindColumn).data().toString(), u"array"_s);
    QCOMPARE(row.siblingAtColumn(Model::PidColumn).data(Model::ValueRole), row.data(Model::PidRole));

    first->close();
    QTRY_COMPARE_WITH_TIMEOUT(outline(model), u"a c"_s, Deadline);
    QVERIFY(!stays.isValid());
    QCOMPARE(reset.count(), 0);
}

void tst_RegistryModel::tree()
{
    const RegistryFolder folder;
    const auto leaf = created(u"plant/line 1/speed"_s);
    const auto twin = created(u"plant/line 1/load"_s);
    const auto both = created(u"plant"_s);
    const auto odd = created(u"/root"_s);
    const auto odder = created(u"x//y/"_s);
    Model model;
    const auto checks = tester(&model);
    QCOMPARE(outline(model), u"/root plant plant/line 1/load plant/line 1/speed x//y/"_s);
    model.setTree(true);
    QCOMPARE(outline(model), u"/root plant(line 1>(load speed)) x>(/y/)"_s);
    QCOMPARE(model.indexOf(u"plant/line 1/load"_s).parent().data().toString(), u"line 1"_s);
    QVERIFY(!model.indexOf(u"plant/line 1"_s).isValid());
    QCOMPARE(model.count(), 5);
    QCOMPARE(model.parent(model.index(0, 0)), QModelIndex());

    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    both->close(); // it remains a folder
    QTRY_COMPARE_WITH_TIMEOUT(outline(model), u"/root plant>(line 1>(load speed)) x>(/y/)"_s, Deadline);
    const auto other = created(u"plant/line 2/speed"_s);
    QTRY_COMPARE_WITH_TIMEOUT(outline(model), u"/root plant>(line 1>(load speed) line 2>(speed)) x>(/y/)"_s, Deadline);
    leaf->close();
    twin->close();
    odder->close();
    QTRY_COMPARE_WITH_TIMEOUT(outline(model), u"/root plant>(line 2>(speed))"_s, Deadline);
    const auto line = created(u"plant/line 2"_s);
    QTRY_COMPARE_WITH_TIMEOUT(outline(model), u"/root plant>(line 2(speed))"_s, Deadline);
    other->close();
    line->close();
    QTRY_COMPARE_WITH_TIMEOUT(outline(model), u"/root"_s, Deadline);
    QCOMPARE(reset.count(), 0);
}

void tst_RegistryModel::filter()
{
    const RegistryFolder folder;
    const auto one = created(u"Plant/speed"_s);
    const auto two = created(u"plant/load"_s);
    const auto three = created(u"meteo"_s);
    Model model;
    model.setTree(true);
    const auto checks = tester(&model);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    model.setFilter(u"plant sp"_s);
    QCOMPARE(outline(model), u"Plant>(speed)"_s);
    QCOMPARE(model.count(), 1);
    const auto four = created(u"spare plant"_s);
    const auto five = created(u"other"_s);
    QTRY_COMPARE_WITH_TIMEOUT(outline(model), u"Plant>(speed) spare plant"_s, Deadline);
    one->close();
    QTRY_COMPARE_WITH_TIMEOUT(outline(model), u"spare plant"_s, Deadline);
    model.setFilter(QString());
    QCOMPARE(outline(model), u"meteo other plant>(load) spare plant"_s);
    QCOMPARE(reset.count(), 0);
}

void tst_RegistryModel::kills()
{
    const RegistryFolder folder;
    const auto own = created(u"own"_s);
    const auto killed = owner(u"killed"_s, preferredBackend());
    Model model;
    const auto checks = tester(&model);
    const auto later = owner(u"later"_s, preferredBackend());
    QTRY_COMPARE_WITH_TIMEOUT(outline(model), u"killed later own"_s, Deadline);
    QCOMPARE(model.indexOf(u"killed"_s).data(Model::PidRole).toLongLong(), killed->pid());
    // Nothing in the folder changes when an owner is killed.
    killed->kill();
    QTRY_COMPARE_WITH_TIMEOUT(outline(model), u"later own"_s, Deadline);
    later->kill();
    QTRY_COMPARE_WITH_TIMEOUT(outline(model), u"own"_s, Deadline);
}

void tst_RegistryModel::killOfOwnersOfMany()
{
    const RegistryFolder folder;
    const auto own = created(u"own"_s);
    std::array<QProcess, 2> peers;
    for (std::size_t i = 0; i < peers.size(); ++i) {
        peers[i].start(QCoreApplication::applicationFilePath(),
                       {u"own"_s, QString::number(i), QString::number(NamesOfPeer)});
        QVERIFY(peers[i].waitForReadyRead(Deadline));
    }
    Model model;
    const auto checks = tester(&model);
    QCOMPARE(model.count(), int(peers.size()) * NamesOfPeer + 1);
    for (QProcess &peer : peers)
        peer.kill();
    for (QProcess &peer : peers)
        QVERIFY(peer.waitForFinished(Deadline));
    QTRY_COMPARE_WITH_TIMEOUT(outline(model), u"own"_s, Deadline);
}

void tst_RegistryModel::closedOnesStay()
{
    const RegistryFolder folder;
    auto killed = owner(u"killed"_s, preferredBackend());
    const auto closed = created(u"folder/closed"_s);
    const auto stays = created(u"stays"_s);
    Model model;
    model.setTree(true);
    model.setKeepClosed(true);
    const auto checks = tester(&model);
    const QPersistentModelIndex row = model.indexOf(u"killed"_s);
    QVERIFY(model.flags(row).testFlag(Qt::ItemIsEnabled));
    killed->kill();
    closed->close();
    QTRY_COMPARE_WITH_TIMEOUT(outline(model), u"folder>(closed!) killed! stays"_s, Deadline);
    QVERIFY(!model.flags(row).testFlag(Qt::ItemIsEnabled));
    QVERIFY(!row.data(Model::OpenRole).toBool());
    QCOMPARE(model.count(), 3);
    // Its row stays when the name returns.
    killed = owner(u"killed"_s, preferredBackend());
    QTRY_COMPARE_WITH_TIMEOUT(outline(model), u"folder>(closed!) killed stays"_s, Deadline);
    QVERIFY(row.isValid());
    QCOMPARE(row.data(Model::PidRole).toLongLong(), killed->pid());
    model.removeClosed();
    QCOMPARE(outline(model), u"killed stays"_s);
    killed->kill();
    QTRY_COMPARE_WITH_TIMEOUT(outline(model), u"killed! stays"_s, Deadline);
    model.setKeepClosed(false);
    QCOMPARE(outline(model), u"stays"_s);
}

void tst_RegistryModel::replacement()
{
    const RegistryFolder folder;
    const auto segment = created(u"grows"_s);
    Model model;
    const auto checks = tester(&model);
    const QPersistentModelIndex row = model.indexOf(u"grows"_s);
    QTRY_COMPARE_WITH_TIMEOUT(row.data(Model::CapacityRole).toLongLong(), 4, Deadline);
    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    QVERIFY(segment->recreate(100000));
    QTRY_COMPARE_WITH_TIMEOUT(row.data(Model::CapacityRole).toLongLong(), 100000, Deadline);
    QVERIFY(row.data(Model::BytesRole).toLongLong() >= 800000);
    QCOMPARE(removed.count(), 0);
}

void tst_RegistryModel::manyNames()
{
    const RegistryFolder folder;
    constexpr int Owners = 4;
    constexpr int Names = 150;
    std::vector<std::unique_ptr<SharedSegment>> own;
    for (int i = 0; i < Names; ++i)
        own.push_back(created(u"many/%1/%2"_s.arg(i % 7).arg(i)));
    std::vector<std::unique_ptr<Peer>> peers;
    for (int i = 0; i < Owners; ++i)
        peers.push_back(owner(u"peer/%1"_s.arg(i), preferredBackend()));
    Model flat;
    Model tree;
    tree.setTree(true);
    const auto checks = tester(&tree);
    QCOMPARE(flat.count(), Names + Owners);
    QCOMPARE(openNames(flat), SharedSegment::names());
    QCOMPARE(openNames(tree), SharedSegment::names());
    for (std::size_t i = 0; i < own.size(); i += 2)
        own[i].reset();
    for (const auto &peer : peers)
        peer->startKill();
    QTRY_COMPARE_WITH_TIMEOUT(tree.count(), Names / 2, Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(flat.count(), Names / 2, Deadline);
    QCOMPARE(openNames(tree), SharedSegment::names());
}

void tst_RegistryModel::randomChanges_data()
{
    addFormsOfRegistry();
}

void tst_RegistryModel::randomChanges()
{
    QFETCH(const bool, isTree);
    QFETCH(const bool, keepsClosed);
    const RegistryFolder folder;
    Model model;
    model.setTree(isTree);
    model.setKeepClosed(keepsClosed);
    const auto checks = tester(&model);
    std::map<QString, std::unique_ptr<SharedSegment>> own;
    std::map<QString, std::unique_ptr<Peer>> peers;
    QRandomGenerator random(isTree ? 5u : 7u);
    const auto someName = [&random] {
        QStringList parts;
        for (quint32 i = 0; i <= random.bounded(3u); ++i)
            parts.append(u"ab/"_s.mid(qsizetype(random.bounded(3u)), 1));
        return parts.join(u'/');
    };
    for (int step = 0; step < 150; ++step) {
        const QString name = someName();
        if (own.erase(name) > 0)
            continue;
        if (const auto peer = peers.find(name); peer != peers.end()) {
            peer->second->kill();
            peers.erase(peer);
        } else if (random.bounded(6u) == 0) {
            peers[name] = owner(name, preferredBackend());
        } else {
            own[name] = created(name);
        }
        if (random.bounded(4u) == 0)
            QCoreApplication::processEvents();
        if (random.bounded(12u) == 0)
            model.setFilter(model.filter().isEmpty() ? u"a"_s : QString());
        if (random.bounded(20u) == 0)
            model.removeClosed();
    }
    model.setFilter(QString());
    QTRY_COMPARE_WITH_TIMEOUT(openNames(model), SharedSegment::names(), Deadline);
    peers.clear();
    own.clear();
    QTRY_COMPARE_WITH_TIMEOUT(openNames(model), QStringList(), Deadline);
    model.removeClosed();
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(model.count(), 0);
}

void tst_RegistryModel::unreadableRecords()
{
    const RegistryFolder folder;
    const auto other = created(u"other version"_s);
    QFile record(folder.record());
    QVERIFY(openBesideOthers(record));
    const auto damaged = created(u"damaged"_s);
    QFile content(folder.path() + u'/' + QDir(folder.path()).entryList({u"s.damaged*"_s}, QDir::Files).value(0));
    QVERIFY(openBesideOthers(content));
    const auto good = created(u"good"_s);
    record.seek(8);
    record.write("\x63\0\0\0", 4);
    record.flush();
    content.write("rubbish");
    content.flush();
    // Left-overs without an owner, and things that are no records.
    QFile rubbish(folder.path() + u"/s.rubbish.segment"_s);
    QVERIFY(rubbish.open(QIODevice::WriteOnly) && rubbish.write("rubbish") > 0);
    rubbish.close();
    QVERIFY(QDir(folder.path()).mkdir(u"s.folder.segment"_s));
    QVERIFY(QFile::link(folder.record(), folder.path() + u"/s.link.segment"_s));

    Model model;
    const auto checks = tester(&model);
    QCOMPARE(outline(model), u"damaged good other version"_s);
    for (const QString &name : {u"damaged"_s, u"other version"_s}) {
        const QModelIndex row = model.indexOf(name);
        QCOMPARE(errorstyle::problemOf(row.data(Model::ProblemRole).toString()), QString());
        for (int column = Model::PreviewColumn; column <= Model::AgeColumn; ++column)
            QVERIFY(!row.siblingAtColumn(column).data().isValid());
    }
    QCOMPARE(model.indexOf(u"good"_s).data(Model::ProblemRole).toString(), QString());
    damaged->close();
    other->close();
    QTRY_COMPARE_WITH_TIMEOUT(outline(model), u"good"_s, Deadline);
}

void tst_RegistryModel::folders()
{
    const RegistryFolder folder;
    const QTemporaryDir above;
    const QString other = above.path() + u"/registry"_s;
    const auto here = created(u"here"_s);
    Model model;
    const auto checks = tester(&model);
    QSignalSpy changed(&model, &Model::registryChanged);
    model.setRegistry(other);
    model.setRegistry(other);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(outline(model), QString());
    QCOMPARE(model.errorString(), QString());
    SharedSegment there(u"there"_s);
    there.setRegistry(other);
    QVERIFY(there.create(SharedLayout::of<double>(), 1));
    QTRY_COMPARE_WITH_TIMEOUT(outline(model), u"there"_s, Deadline);
#ifdef Q_OS_UNIX
    QSignalSpy failed(&model, &Model::errorStringChanged);
    QVERIFY(QFile::setPermissions(other, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner | QFile::ReadOther));
    QTRY_COMPARE_WITH_TIMEOUT(outline(model), QString(), Deadline);
    QCOMPARE(errorstyle::problemOf(model.errorString()), QString());
    QVERIFY(QFile::setPermissions(other, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    QTRY_COMPARE_WITH_TIMEOUT(outline(model), u"there"_s, Deadline);
    QCOMPARE(model.errorString(), QString());
    QCOMPARE(failed.count(), 2);
#endif
    model.setRegistry(QString());
    QCOMPARE(outline(model), u"here"_s);
}

void tst_RegistryModel::changesInSlots()
{
    const RegistryFolder folder;
    Model model;
    const auto checks = tester(&model);
    connect(&model, &QAbstractItemModel::rowsInserted, this, [&model] {
        model.setTree(!model.isTree());
        model.setFilter(model.filter().isEmpty() ? u"a"_s : QString());
    });
    connect(&model, &QAbstractItemModel::rowsRemoved, this, [&model] { model.setRegistry(u"/nowhere at all"_s); });
    const auto one = created(u"a/1"_s);
    const auto two = created(u"a/2"_s);
    const auto three = created(u"b/3"_s);
    // The filter removes the last one in turn.
    QTRY_COMPARE_WITH_TIMEOUT(model.registry(), u"/nowhere at all"_s, Deadline);
    QCOMPARE(model.rowCount(), 0);
}

void tst_RegistryModel::behindAProxy()
{
    const RegistryFolder folder;
    const auto small = created(u"a small"_s);
    SharedSegment large(u"b large"_s);
    QVERIFY(large.create(SharedLayout::of<double>(), 100000));
    Model model;
    QSortFilterProxyModel proxy;
    proxy.setSortRole(Model::ValueRole);
    proxy.setSourceModel(&model);
    proxy.sort(Model::BytesColumn, Qt::DescendingOrder);
    const auto checks = tester(&proxy);
    QCOMPARE(proxy.index(0, 0).data().toString(), u"b large"_s);
    large.close();
    QTRY_COMPARE_WITH_TIMEOUT(proxy.rowCount(), 1, Deadline);
}

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == u"own"_s)
        return ownMany(arguments.value(2), arguments.value(3).toInt());
    tst_RegistryModel test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_registrymodel.moc"
