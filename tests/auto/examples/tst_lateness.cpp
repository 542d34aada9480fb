// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The daemon of examples/08-without-qt, the reader that prints its values, and the window that shows them.

#include "../../support/testsupport.h"
#include "exampleprocess.h"

#include <SharedSegment/SharedArray>

#include <QtGui/QImage>
#include <QtTest/QSignalSpy>

#include <algorithm>

using namespace Qt::StringLiterals;

class tst_Lateness : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void publishes();
    void prints();
    void picture();
    void endsInOrder();

private:
    testsupport::RegistryFolder m_folder;
};

void tst_Lateness::publishes()
{
    SharedArray<float> history(u"lateness/history"_s);
    SharedSegment summary(u"lateness/summary"_s);
    history.segment()->setActive(true);
    summary.setActive(true);
    QSignalSpy updated(history.segment(), &SharedSegment::updated);
    {
        ExampleProcess daemon(testPath("LATENESS"), {});
        QTRY_VERIFY_WITH_TIMEOUT(updated.size() >= 5, ExampleProcess::Timeout);
        QCOMPARE(summary.layoutText(), u"Summary{wakeUps:u64@0;median:f32@8;worst:f32@12}/16"_s);
        const QList<float> values = history.snapshot();
        QCOMPARE(values.size(), 3000);
        // No listener is woken too early, and the newest values come last.
        QCOMPARE(std::count_if(values.begin(), values.end(), [](float late) { return late < 0; }), 0);
        QVERIFY(values.last() > 0);
        QCOMPARE(values.first(), 0.0f);
        QTRY_COMPARE(summary.state(), SharedSegment::State::Open);
        QVERIFY(daemon.kill());
    }
    QTRY_COMPARE(history.segment()->state(), SharedSegment::State::Orphaned);
    QTRY_COMPARE(summary.state(), SharedSegment::State::Orphaned);
    QVERIFY(!SharedSegment::exists(u"lateness/history"_s));
    ExampleProcess daemon(testPath("LATENESS"), {});
    QTRY_COMPARE_WITH_TIMEOUT(history.segment()->state(), SharedSegment::State::Open, ExampleProcess::Timeout);
    // Killed while it creates the other one, it would leave a file that endsInOrder() finds: only a listing removes it.
    QTRY_COMPARE_WITH_TIMEOUT(summary.state(), SharedSegment::State::Open, ExampleProcess::Timeout);
}

void tst_Lateness::prints()
{
    ExampleProcess reader(testPath("READER"), {});
    // The second daemon is another instance of the name.
    for (int i = 0; i < 2; ++i) {
        reader.forgetLines();
        ExampleProcess daemon(testPath("LATENESS"), {});
        QVERIFY(reader.waitForLine(u"the daemon is running"_s));
        const auto summaries = [](const QStringList &lines) { return lines.filter(u" wake-ups; median "_s); };
        QVERIFY(reader.waitFor([&](const QStringList &lines) { return summaries(lines).size() >= 3; }));
        quint64 before = 0;
        for (const QString &line : summaries(reader.lines())) {
            const quint64 wakeUps = line.section(u' ', 0, 0).toULongLong();
            QCOMPARE(wakeUps % 25, 0u);
            QVERIFY2(wakeUps > before, qPrintable(line));
            before = wakeUps;
        }
        QVERIFY(daemon.kill());
        QVERIFY(reader.waitForLine(u"the daemon has ended"_s));
    }
}

void tst_Lateness::picture()
{
    ExampleProcess daemon(testPath("LATENESS"), {});
    QTemporaryDir folder;
    const QString file = folder.filePath(u"picture.png"_s);
    ExampleProcess viewer(testPath("VIEWER"), {u"--grab"_s, file});
    QCOMPARE(viewer.waitForEnd(), 0);
    const QImage image(file);
    QVERIFY(!image.isNull());
    // The line is drawn where the plot is, in the plot's live colour.
    int drawn = 0;
    for (int y = image.height() / 3; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            drawn += image.pixelColor(x, y) == QColor(0x6a, 0xa9, 0xff);
    }
    QVERIFY2(drawn > 200, qPrintable(QString::number(drawn)));
}

void tst_Lateness::endsInOrder()
{
    QProcess daemon;
    daemon.start(testPath("LATENESS"), {});
    QVERIFY(daemon.waitForStarted(ExampleProcess::Timeout));
    QTRY_VERIFY_WITH_TIMEOUT(SharedSegment::exists(u"lateness/summary"_s), ExampleProcess::Timeout);
    daemon.terminate();
    QVERIFY(daemon.waitForFinished(ExampleProcess::Timeout));
    QCOMPARE(daemon.exitStatus(), QProcess::NormalExit);
    QCOMPARE(daemon.exitCode(), 0);
    QCOMPARE(m_folder.files().join(u' '), QString());

    // A second daemon finds the name taken and says so.
    ExampleProcess first(testPath("LATENESS"), {});
    QTRY_VERIFY_WITH_TIMEOUT(SharedSegment::exists(u"lateness/summary"_s), ExampleProcess::Timeout);
    ExampleProcess second(testPath("LATENESS"), {});
    QCOMPARE(second.waitForEnd(), 1);
}

QTEST_GUILESS_MAIN(tst_Lateness)
#include "tst_lateness.moc"
