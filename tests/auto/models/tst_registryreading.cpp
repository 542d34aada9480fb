// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What SharedRegistryModel reads of the memory of names: only while a view asks, without a listener's slot, and nothing
// stays open.

#include "modelsupport.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedDocument>
#include <SharedSegment/SharedRegistryModel>
#include <SharedSegment/SharedStream>
#include <SharedSegment/SharedText>
#include <SharedSegment/SharedValue>

#include <QtCore/QAbstractEventDispatcher>
#include <QtCore/QEventLoop>
#include <QtCore/QFile>
#include <QtCore/QTimer>

#include <limits>
#include <utility>

using namespace Qt::StringLiterals;
using namespace testsupport;
using namespace modelsupport;
using Model = SharedRegistryModel;

struct Boiler
{
    double pressure;
    quint8 state;
};
SHARED_STRUCT(Boiler, pressure, state)

struct Spectrum
{
    qint32 number;
    double bins[1000];
};
SHARED_STRUCT(Spectrum, number, bins)

namespace {

#ifdef Q_OS_LINUX
/// The number of mapped memories and records of segments in this process.
qsizetype mappings()
{
    QFile maps(u"/proc/self/maps"_s);
    if (!maps.open(QIODevice::ReadOnly))
        return -1;
    const QByteArray text = maps.readAll();
    return text.count("memfd:") + text.count(".segment");
}
#endif

/// Asks again for a role with each change, as a delegate that binds to it.
void bindTo(QAbstractItemModel &model, const QPersistentModelIndex &row, int role, bool *isBound)
{
    const auto ask = [row, role, isBound] {
        if (*isBound && row.isValid())
            static_cast<void>(row.data(role));
    };
    QObject::connect(&model, &QAbstractItemModel::dataChanged, &model, ask);
    ask();
}

} // namespace

class tst_RegistryReading : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void values();
    void previews();
    void nothingStaysOpen();
    void sleepsWithoutViews();
};

/// All that follows is waited for together, since the model reads once a second.
void tst_RegistryReading::values()
{
    const RegistryFolder folder;
    const auto peer = owner(u"numbers"_s, preferredBackend(), 12);
    SharedStream<double> stream(u"stream"_s);
    QVERIFY(stream.create(1000));
    auto text = std::make_unique<SharedValue<qint32>>(u"text"_s);
    QVERIFY(text->create() && text->set(1));
    Model model;
    model.setKeepClosed(true);
    const auto checks = tester(&model);
    const QPersistentModelIndex busy = model.indexOf(u"stream"_s);
    const QPersistentModelIndex follows = model.indexOf(u"text"_s);
    bool isBound = true;
    bindTo(model, busy, Model::RateRole, &isBound);
    bindTo(model, follows, Model::PreviewRole, &isBound);
    QTimer publishing;
    connect(&publishing, &QTimer::timeout, stream.segment(), [&stream] { stream.append(QList<double>(10)); });
    publishing.start(5);
    // Nothing comes after the first rate, so that the next one is 0.
    QList<double> rates;
    connect(&model, &QAbstractItemModel::dataChanged, this, [&] {
        const QVariant rate = busy.data(Model::RateRole);
        if (!rate.isValid() || rate.toDouble() == rates.value(rates.size() - 1, -1))
            return;
        rates.append(rate.toDouble());
        publishing.stop();
    });

    const QPersistentModelIndex row = model.indexOf(u"numbers"_s);
    QVERIFY(!row.data(Model::LayoutRole).isValid());
    QTRY_COMPARE_WITH_TIMEOUT(row.data(Model::LayoutRole).toString(), u"u64"_s, Deadline);
    QCOMPARE(row.data(Model::CapacityRole).toLongLong(), 12);
    QCOMPARE(row.data(Model::ElementSizeRole).toLongLong(), 8);
    QCOMPARE(row.data(Model::RevisionRole).toULongLong(), 0u);
    QVERIFY(!row.data(Model::AgeRole).isValid());
    QVERIFY(!row.sibling(row.row(), Model::AgeColumn).data().isValid());
    QCOMPARE(row.data(Model::ListenersRole).toInt(), 0);
    QTRY_COMPARE_WITH_TIMEOUT(follows.data(Model::PreviewRole).toString(), u"1"_s, Deadline);
    SharedSegment listener(u"numbers"_s);
    QVERIFY(listener.open());
    QVERIFY(text->set(2));
    QTRY_COMPARE_WITH_TIMEOUT(row.data(Model::ListenersRole).toInt(), 1, Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(follows.data(Model::PreviewRole).toString(), u"2"_s, Deadline);
    // What was read last stays with the name.
    text.reset();
    QTRY_VERIFY_WITH_TIMEOUT(follows.data(Model::ClosedRole).toBool(), Deadline);
    QCOMPARE(follows.data(Model::PreviewRole).toString(), u"2"_s);

    QTRY_COMPARE_WITH_TIMEOUT(rates.size(), 2, Deadline);
    QVERIFY2(rates[0] > 0 && rates[0] <= 2500, qPrintable(QString::number(rates[0])));
    QCOMPARE(rates[1], 0.0);
    QVERIFY(busy.sibling(busy.row(), Model::RateColumn).data().toString().endsWith(u"/s"_s));
    QVERIFY(busy.data(Model::AgeRole).isValid());
    QCOMPARE(busy.data(Model::RevisionRole).toULongLong(), stream.segment()->revision());
    QVERIFY(busy.data(Model::AgeRole).toLongLong() >= 500);
}

void tst_RegistryReading::previews()
{
    QLocale::setDefault(QLocale::c());
    const RegistryFolder folder;
    SharedValue<Boiler> boiler(u"boiler"_s);
    boiler.segment()->setMetadata(
        {{u"fields"_s,
          QVariantMap{{u"pressure"_s,
                       QVariantMap{{u"label"_s, u"Pressure"_s}, {u"unit"_s, u"bar"_s}, {u"decimals"_s, 1}}},
                      {u"state"_s, QVariantMap{{u"values"_s, QVariantMap{{u"1"_s, u"Running"_s}}}}}}}});
    QVERIFY(boiler.create() && boiler.set({2.345, 1}));
    SharedArray<double> numbers(u"numbers"_s);
    QVERIFY(numbers.create(1000) && numbers.publish(std::vector<double>(1000, 0.5)));
    SharedArray<double> nothing(u"nothing"_s);
    QVERIFY(nothing.create(2));
    SharedArray<qint32> variable(u"variable"_s);
    QVERIFY(variable.createWithCapacity(100) && variable.publish(std::vector<qint32>{1, 2, 3}));
    SharedArray<qint32> empty(u"empty"_s);
    QVERIFY(empty.createWithCapacity(100) && empty.publish(std::vector<qint32>{}));
    SharedStream<qint32> stream(u"stream"_s);
    QVERIFY(stream.create(100) && stream.append(std::vector<qint32>{7, 8, 9}));
    SharedStream<qint32> silent(u"silent"_s);
    QVERIFY(silent.create(100));
    SharedValue<Spectrum> spectrum(u"spectrum"_s);
    QVERIFY(spectrum.create() && spectrum.set({42, {}}));
    SharedDocument document;
    document.setSegment(new SharedSegment(u"document"_s, &document));
    QVERIFY(document.create()
            && document.write(QVariantMap{{u"on"_s, true}, {u"names"_s, QStringList{u"a"_s, u"b"_s}}}));
    SharedDocument book;
    book.setSegment(new SharedSegment(u"book"_s, &book));
    QVERIFY(book.create() && book.write(QString(10'000, u'x')));

    Model model;
    const auto checks = tester(&model);
    const QMap<QString, QString> expected{
        {u"boiler"_s, u"2.3\u00a0bar, Running"_s},
        {u"nothing"_s, QString()},
        {u"variable"_s, u"1, 2, 3"_s},
        {u"empty"_s, QString()},
        {u"stream"_s, u"9"_s},
        {u"silent"_s, QString()},
        {u"spectrum"_s, u"42, …"_s},
        {u"document"_s, u"{\"names\":[\"a\",\"b\"],\"on\":true}"_s},
        {u"book"_s, u"9.8 KiB"_s},
    };
    QHash<QString, QVariant> known;
    const auto ask = [&](const QString &name) {
        const QModelIndex row = model.indexOf(name);
        const QVariant text = row.data(Model::PreviewRole);
        if (row.siblingAtColumn(Model::PreviewColumn).data() == text)
            known[name] = text;
        return text.isValid();
    };
    for (const QString &name : expected.keys()) {
        QVERIFY(!ask(name));
        QTRY_VERIFY2_WITH_TIMEOUT(ask(name), qPrintable(name), Deadline);
        QCOMPARE(known.value(name).toString(), expected.value(name));
    }
    QVERIFY(!ask(u"numbers"_s));
    QTRY_VERIFY_WITH_TIMEOUT(ask(u"numbers"_s), Deadline);
    const QString text = known.value(u"numbers"_s).toString();
    QVERIFY2(text.startsWith(u"0.5, 0.5, ") && text.endsWith(u'…'), qPrintable(text));
    QCOMPARE(text.size(), 120);
    QCOMPARE(boiler.segment()->listenerCount(), 0);
}

void tst_RegistryReading::nothingStaysOpen()
{
#ifdef Q_OS_LINUX
    const RegistryFolder folder;
    const auto peer = owner(u"peer"_s, preferredBackend());
    const qsizetype before = mappings();
    Model model;
    const QPersistentModelIndex row = model.indexOf(u"peer"_s);
    QCOMPARE(row.data(Model::OwnerRole).toString(), u"sharedsegment_p"_s);
    QCoreApplication::processEvents();
    QCOMPARE(mappings(), before); // the record alone says it
    bool isBound = true;
    bindTo(model, row, Model::AgeRole, &isBound);
    QTRY_VERIFY_WITH_TIMEOUT(mappings() > before, Deadline);
    isBound = false;
    QTRY_COMPARE_WITH_TIMEOUT(mappings(), before, Deadline);
    QCOMPARE(row.data(Model::LayoutRole).toString(), u"u64"_s); // asks again
    QTRY_VERIFY_WITH_TIMEOUT(mappings() > before, Deadline);
    peer->kill();
    QTRY_VERIFY_WITH_TIMEOUT(!row.isValid(), Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(mappings(), before, Deadline);
#else
    QSKIP("the test counts mappings in /proc");
#endif
}

void tst_RegistryReading::sleepsWithoutViews()
{
#ifdef SHAREDSEGMENT_PORTABLE
    QSKIP("Qt's watch tells changes in the folders above, too, where other programs work.");
#endif
    const RegistryFolder folder;
    const auto peer = owner(u"peer"_s, preferredBackend());
    Model model;
    const QModelIndex row = model.indexOf(u"peer"_s);
    QVERIFY(row.data(Model::PidRole).isValid());
    QCoreApplication::processEvents();
    QEventLoop loop;
    QTimer end;
    connect(&end, &QTimer::timeout, &loop, &QEventLoop::quit);
    int wakeUps = 0;
    int most = std::numeric_limits<int>::max();
    connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::awake, &loop, [&] {
        if (++wakeUps > most)
            loop.quit();
    });
    end.start(1200);
    loop.exec();
    QVERIFY2(wakeUps <= 2, qPrintable(QString::number(wakeUps)));
    // Reading wakes it, and this test sees that.
    bool isBound = true;
    bindTo(model, row, Model::RateRole, &isBound);
    most = std::exchange(wakeUps, 0);
    end.start(Deadline);
    loop.exec();
    QVERIFY2(wakeUps > most, qPrintable(QString::number(wakeUps)));
}

QTEST_GUILESS_MAIN(tst_RegistryReading)
#include "tst_registryreading.moc"
