// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The C++ of the README and the guide, word for word: does it do what the text around it says? snippets.py checks that
// each piece stands here or in another source that is built.

#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedDocument>
#include <SharedSegment/SharedSegment>
#include <SharedSegment/SharedValue>

#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>
#include <QtCore/QSharedMemory>
#include <QtTest/QTest>

#include <numeric>

using namespace Qt::StringLiterals;
using namespace testsupport;

// clang-format off
struct Sample { qint32 id; double value; char label[20]; };
SHARED_STRUCT(Sample, id, value, label)
// clang-format on

class tst_Snippets : public QObject
{
    Q_OBJECT

private:
    RegistryFolder m_folder;
    QStringList m_log;
    QList<double> m_shown;

    void log(const QString &line) { m_log.append(line); }
    void show(const QList<double> &values) { m_shown = values; }

private Q_SLOTS:
    void init() { m_log.clear(); }
    void cleanup() { QCOMPARE(SharedSegment::names(), QStringList()); }

    void readmeBothSides();
    void readmeTypes();
    void buffers();
    void lifetime();
    void standby();
    void fromQSharedMemory();
    void multipleWriters();
    void errors();
    void documents();
    void externalMemory();
    void externalMemoryOfQSharedMemory();
};

void tst_Snippets::readmeBothSides()
{
    std::vector<double> samples(4096);
    std::iota(samples.begin(), samples.end(), 0.5);
    const auto reads = [this, &samples] {
        // clang-format off
        // a process that reads
        SharedArray<double> pressure(u"pressure"_s);
        pressure.open();                              // read-only
        QObject::connect(pressure.segment(), &SharedSegment::updated, this, [&] { show(pressure.snapshot()); });
        // clang-format on
        SharedArray<double> writer(u"pressure"_s);
        QVERIFY(writer.open(SharedSegment::Access::ReadWrite)); // The owner's own process may.
        samples.front() = 7;
        QVERIFY(writer.publish(samples));
        QTRY_VERIFY_WITH_TIMEOUT(!m_shown.isEmpty(), Deadline);
    };
    // clang-format off
    // the process that measures
    SharedArray<double> pressure(u"pressure"_s);
    pressure.create(4096);
    pressure.publish(samples);                      // a span of 4096 doubles: a whole revision
    // clang-format on
    QCOMPARE(pressure.revision(), 1u);
    reads();
    QCOMPARE(m_shown, QList<double>(samples.begin(), samples.end()));
}

void tst_Snippets::readmeTypes()
{
    // clang-format off
    SharedValue<Sample> sample(u"sample"_s);      // create(), open(), get(), set(value), beginWrite()->id = 42
    sample.segment()->layoutText();               // Sample{id:i32@0;value:f64@8;label:char[20]@16}/40
    // clang-format on
    QCOMPARE(sample.segment()->layoutText(), u"Sample{id:i32@0;value:f64@8;label:char[20]@16}/40"_s);
}

void tst_Snippets::buffers()
{
    SharedArray<float> image(u"camera/image"_s);
    image.segment()->setBufferCount(2); // 2 x 32 MB instead of 4 x
    image.create(8'000'000);

    QVERIFY2(image.isOpen(), qPrintable(image.errorString()));
    QCOMPARE(image.segment()->bufferCount(), 2);
    QCOMPARE(image.segment()->size(), 32'000'000);

    SharedArray<int> board(u"board"_s);
    board.segment()->setBufferCount(1);
    board.create(64);
    std::span<int> cells = board.live();
    cells[12] = 7; // all readers see it at once; no notification is sent

    SharedArray<int> other(u"board"_s);
    QVERIFY(other.open());
    QCOMPARE(other.live()[12], 7);
    QCOMPARE(other.revision(), 0u);
}

void tst_Snippets::lifetime()
{
    SharedSegment segment(u"pressure"_s);
    QObject::connect(&segment, &SharedSegment::opened, [&] { log(u"open"_s); });
    QObject::connect(&segment, &SharedSegment::orphaned, [&] { log(u"its owner is gone"_s); });
    QObject::connect(&segment, &SharedSegment::updated,
                     [&](SharedRevision revision) { log(QString::number(revision.number)); });
    segment.setActive(true);

    // The table of the page, line by line.
    QObject::connect(&segment, &SharedSegment::closed, [&] { log(u"closed"_s); });
    QCOMPARE(segment.state(), SharedSegment::State::Waiting);
    for (const bool isKilled : {true, false}) {
        auto peer = owner(u"pressure"_s, preferredBackend());
        QTRY_COMPARE_WITH_TIMEOUT(segment.state(), SharedSegment::State::Open, Deadline);
        QCOMPARE(peer->ask("publish 1"), u"published 1"_s);
        QTRY_COMPARE_WITH_TIMEOUT(m_log.last(), u"1"_s, Deadline);
        if (!isKilled)
            QCOMPARE(peer->ask("close"), u"closed"_s);
        peer->kill();
        QTRY_COMPARE_WITH_TIMEOUT(segment.state(), SharedSegment::State::Orphaned, Deadline);
    }
    segment.close();
    const QStringList once{u"open"_s, u"1"_s, u"its owner is gone"_s, u"closed"_s};
    QCOMPARE(m_log, once + once);
}

void tst_Snippets::standby()
{
    auto incumbent = owner(u"valves"_s, preferredBackend());
    SharedSegment standby(u"valves"_s);
    standby.setLayout(SharedLayout::of<double>());
    standby.setCapacity(16);
    standby.setOwner(true);
    standby.setActive(true);

    QCOMPARE(standby.state(), SharedSegment::State::Waiting);
    incumbent->kill();
    QTRY_VERIFY_WITH_TIMEOUT(standby.isOwner(), Deadline);
}

void tst_Snippets::fromQSharedMemory()
{
    SharedArray<double> out(u"levels"_s);
    if (!out.create(8))
        qWarning() << out.errorString();
    {
        auto levels = out.beginWrite();
        levels[3] = 1.0;
    }

    QTest::ignoreMessage(QtInfoMsg, "QList(0, 0, 0, 1, 0, 0, 0, 0)");
    SharedArray<double> in(u"levels"_s);
    if (in.open())
        qInfo() << in.snapshot();
}

void tst_Snippets::multipleWriters()
{
    SharedArray<double> setpoints(u"setpoints"_s);
    setpoints.segment()->setMultipleWriters(true);
    setpoints.create(8);

    SharedArray<double> panel(u"setpoints"_s);
    if (panel.open(SharedSegment::Access::ReadWrite)) {
        auto values = panel.beginWrite(std::chrono::milliseconds(50));
        if (values)
            values[2] = 21.5;
        else
            qWarning() << panel.errorString(); // Busy: another process has been writing for 50 ms
    }

    QCOMPARE(setpoints.readElement(2), 21.5);
    QCOMPARE(setpoints.revision(), 1u);
}

void tst_Snippets::errors()
{
    SharedSegment segment(u"nobody's"_s);
    if (!segment.open()) {
        if (segment.error() == SharedSegment::Error::NotFound)
            segment.setActive(true); // opens as soon as another process creates it
        else
            qWarning() << segment.errorString();
    }
    QCOMPARE(segment.state(), SharedSegment::State::Waiting);
}

void tst_Snippets::documents()
{
    SharedSegment segment(u"line 2/settings"_s);
    SharedDocument settings;
    settings.setSegment(&segment);
    settings.create();
    settings.write(QJsonObject{{u"recipe"_s, u"stollen"_s}, {u"ovens"_s, QJsonArray{180, 185}}});

    SharedSegment theirs(u"line 2/settings"_s);
    theirs.open();
    SharedDocument view;
    view.setSegment(&theirs);
    const QVariantMap read = view.value().toMap();
    const QJsonValue json = view.toJson();

    QCOMPARE(read.value(u"ovens"_s), QVariant(QVariantList{qint64(180), qint64(185)}));
    QCOMPARE(json[u"recipe"_s].toString(), u"stollen"_s);
}

void tst_Snippets::externalMemory()
{
    if (QStringLiteral(PYTHON).isEmpty())
        QSKIP("There is no Python to make the memory.");
    Peer python({QStringLiteral(PRESSURE)}, QStringLiteral(PYTHON));
    QCOMPARE(python.line(), u"ready"_s);
    SharedArray<double> pressure;
    if (!pressure.openExternal(u"pressure"_s))
        qWarning() << pressure.errorString();
    QCOMPARE(pressure.capacity(), 4096);
    QCOMPARE(pressure.readElement(4095), 1013.25);
    QVERIFY(python.finish());
}

// The page's paragraph about QSharedMemory has no code.
void tst_Snippets::externalMemoryOfQSharedMemory()
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 6, 0) && !defined(Q_OS_WIN)
    const QNativeIpcKey key(u"/tst_snippets_%1"_s.arg(QCoreApplication::applicationPid()),
                            QNativeIpcKey::Type::PosixRealtime);
    if (!QSharedMemory::isKeyTypeSupported(key.type()))
        QSKIP("This Qt has no POSIX shared memory.");
    QSharedMemory memory(key);
    QVERIFY2(memory.create(4 * sizeof(double)), qPrintable(memory.errorString()));
    static_cast<double *>(memory.data())[3] = 4.5;
    SharedArray<double> levels;
    QVERIFY2(levels.openExternal(key.nativeKey()), qPrintable(levels.errorString()));
    QVERIFY(levels.capacity() >= 4);
    QCOMPARE(levels.readElement(3), 4.5);
#else
    QSKIP("QSharedMemory is POSIX shared memory from Qt 6.6 on.");
#endif
}

QTEST_GUILESS_MAIN(tst_Snippets)
#include "tst_snippets.moc"
