// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "../../support/testsupport.h"
#include "exampleprocess.h"

#include <SharedSegment/SharedSegment>

#include <QtCore/QDateTime>
#include <QtCore/QRegularExpression>
#include <QtCore/QThread>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <cmath>
#include <optional>

using namespace Qt::StringLiterals;

class tst_Examples : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void readerWaitsForWriter();
    void readerComesLater();
    void readerFollowsRestart();
    void enterEndsWriter();
    void secondWriterIsRefused();
    void samplerPublishesThisMachine();

private:
    static void compare(const QStringList &lines);

    std::optional<testsupport::RegistryFolder> m_registry;
    const QString m_writer = testPath("WRITER");
    const QString m_reader = testPath("READER");
    const QString m_sampler = testPath("SAMPLER");
};

void tst_Examples::init()
{
    m_registry.emplace();
}

/// Each segment once, with what the writer put there.
void tst_Examples::compare(const QStringList &lines)
{
    QCOMPARE(lines.size(), 4);
    QVERIFY(lines.contains(u"two-processes/struct revision 1: x=42 y=3.14"_s));
    QVERIFY(
        lines.contains(u"two-processes/array revision 1: 0 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30 32 34 36 38"_s));
    QVERIFY(lines.contains(u"two-processes/run-time-array revision 1: 0 1 4 9 16"_s));

    const QRegularExpression text(
        u"two-processes/struct-with-text revision (\\d+): id=(\\d+) value=([\\d.]+) label=\"sample №(\\d+)\""_s);
    const QStringList samples = lines.filter(text);
    QCOMPARE(samples.size(), 1);
    const QRegularExpressionMatch match = text.match(samples.first());
    QCOMPARE(match.captured(2), match.captured(1));
    QCOMPARE(match.captured(4), match.captured(1));
    QCOMPARE(match.captured(3).toDouble(), match.captured(1).toInt() * 0.5);
}

void tst_Examples::readerWaitsForWriter()
{
    ExampleProcess reader(m_reader, {u"--once"_s, u"--seconds"_s, u"30"_s});
    ExampleProcess writer(m_writer, {u"--capacity"_s, u"5"_s, u"--seconds"_s, u"30"_s});
    QCOMPARE(reader.waitForEnd(), 0);
    compare(reader.lines());
}

void tst_Examples::readerComesLater()
{
    ExampleProcess writer(m_writer, {u"--capacity"_s, u"5"_s, u"--seconds"_s, u"30"_s});
    QVERIFY(writer.waitForLine(u"writer: published"_s));
    ExampleProcess reader(m_reader, {u"--once"_s, u"--seconds"_s, u"30"_s});
    QCOMPARE(reader.waitForEnd(), 0);
    compare(reader.lines());
}

void tst_Examples::readerFollowsRestart()
{
    ExampleProcess reader(m_reader, {u"--seconds"_s, u"60"_s});
    {
        ExampleProcess writer(m_writer, {u"--seconds"_s, u"30"_s});
        QVERIFY(reader.waitForLine(u"two-processes/array revision 1: 0 2"_s));
        QVERIFY(reader.waitForLine(u"two-processes/run-time-array revision 1: 0 1 4"_s));
        // The last to be made need not be the last to be opened, and only what was open can end.
        for (const QString &name : {u"struct"_s, u"struct-with-text"_s})
            QVERIFY2(reader.waitForLine(u"two-processes/%1 revision "_s.arg(name)), qPrintable(name));
        QVERIFY(writer.kill());
    }
    for (const QString &name : {u"struct"_s, u"array"_s, u"run-time-array"_s, u"struct-with-text"_s})
        QVERIFY2(reader.waitForLine(u"two-processes/%1 is no longer updated"_s.arg(name)), qPrintable(name));
    reader.forgetLines();
    ExampleProcess writer(m_writer, {u"--capacity"_s, u"3"_s, u"--seconds"_s, u"30"_s});
    QVERIFY(reader.waitForLine(u"two-processes/run-time-array revision 1: 0 1 4"_s));
}

void tst_Examples::enterEndsWriter()
{
    ExampleProcess writer(m_writer, {});
    QVERIFY(writer.waitForLine(u"writer: published"_s));
    QVERIFY(SharedSegment::exists(u"two-processes/struct"_s));
    writer.write("\n");
    QCOMPARE(writer.waitForEnd(), 0);
    QVERIFY(!SharedSegment::exists(u"two-processes/struct"_s));
}

void tst_Examples::secondWriterIsRefused()
{
    ExampleProcess writer(m_writer, {});
    QVERIFY(writer.waitForLine(u"writer: published"_s));
    ExampleProcess second(m_writer, {});
    QCOMPARE(second.waitForEnd(), 1);
    QVERIFY(SharedSegment::exists(u"two-processes/struct"_s));
}

void tst_Examples::samplerPublishesThisMachine()
{
    ExampleProcess sampler(m_sampler, {u"--seconds"_s, u"60"_s});
    QVERIFY(sampler.waitForLine(u"sampler: publishing "_s));
    QCOMPARE(SharedSegment::names(),
             QStringList({u"monitor/cpu"_s, u"monitor/load"_s, u"monitor/memory"_s, u"monitor/network"_s}));

    SharedSegment cpu(u"monitor/cpu"_s);
    SharedSegment load(u"monitor/load"_s);
    SharedSegment memory(u"monitor/memory"_s);
    QVERIFY(cpu.open() && load.open() && memory.open());
    QVERIFY(cpu.capacity() >= QThread::idealThreadCount());
    QCOMPARE(load.capacity(), 600);
    QCOMPARE(load.layoutText(), u"f32"_s);
    QCOMPARE(memory.capacity(), 1);

    // Twenty per second: forty take two seconds, or somewhat more on a busy machine.
    const quint64 before = cpu.revision();
    const qint64 start = QDateTime::currentMSecsSinceEpoch();
    QSignalSpy updates(&cpu, &SharedSegment::updated);
    QTRY_VERIFY_WITH_TIMEOUT(cpu.revision() >= before + 40, ExampleProcess::Timeout);
    QVERIFY(QDateTime::currentMSecsSinceEpoch() - start >= 1500);
    QVERIFY(!updates.isEmpty());

    const QList<SharedLayout::Field> fields = cpu.layout().fields();
    const QByteArray processors = cpu.snapshot();
    for (qsizetype i = 0; i < cpu.capacity(); ++i) {
        float sum = 0;
        for (const SharedLayout::Field &field : fields) {
            float share = -1;
            std::memcpy(&share, processors.constData() + i * cpu.layout().elementSize() + field.offset, sizeof share);
            QVERIFY2(share >= 0 && share <= 1, qPrintable(field.name));
            if (field.name != u"busy"_s)
                sum += share;
        }
        QVERIFY(std::abs(sum - 1) < 0.001 || sum == 0);
    }

    quint64 total = 0;
    quint64 used = 0;
    const QByteArray bytes = memory.snapshot();
    std::memcpy(&total, bytes.constData() + memory.layout().fields().at(0).offset, sizeof total);
    std::memcpy(&used, bytes.constData() + memory.layout().fields().at(1).offset, sizeof used);
    QFile file(u"/proc/meminfo"_s);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QRegularExpressionMatch match =
        QRegularExpression(u"MemTotal:\\s+(\\d+) kB"_s).match(QString::fromLatin1(file.readAll()));
    QCOMPARE(total, match.captured(1).toULongLong() * 1024);
    QVERIFY(used > 0 && used < total);

    QVERIFY(sampler.kill());
    QCOMPARE(SharedSegment::names(), QStringList());
}

QTEST_GUILESS_MAIN(tst_Examples)
#include "tst_examples.moc"
