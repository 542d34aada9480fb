// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The collector of examples/09-log, which appends what a command prints to a stream, and the window that shows the lines.

#include "../../support/testsupport.h"
#include "exampleprocess.h"
#include "logfilter.h"
#include "parse.h"

#include <SharedSegment/SharedStreamModel>
#include <SharedSegment/SharedText>

#include <QtCore/QDateTime>
#include <QtGui/QImage>

using namespace Qt::StringLiterals;

class tst_Log : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parses_data();
    void parses();
    void collects();
    void commandThatFails();
    void filters();
    void picture();

private:
    testsupport::RegistryFolder m_folder;
};

void tst_Log::parses_data()
{
    QTest::addColumn<Format>("format");
    QTest::addColumn<QByteArray>("output");
    QTest::addColumn<int>("level");
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("milliseconds"); // 0: now

    const qint64 time =
        QDateTime::fromString(u"2026-01-31T23:59:58.123+01:00"_s, Qt::ISODateWithMs).toMSecsSinceEpoch();
    QTest::newRow("kernel") << Format::Kernel
                            << QByteArray("kern  :err   : 2026-01-31T23:59:58,123456+01:00 usb 1-2: no") << 3
                            << u"kern"_s << u"usb 1-2: no"_s << time;
    QTest::newRow("kernel, other") << Format::Kernel << QByteArray("dmesg: warning: x") << 4 << QString()
                                   << u"dmesg: warning: x"_s << qint64(0);
    QTest::newRow("journal") << Format::Journal
                             << QByteArray(R"({"PRIORITY":"5","__REALTIME_TIMESTAMP":"1700000000123456",)"
                                           R"("SYSLOG_IDENTIFIER":"sshd","MESSAGE":"Grüße"})")
                             << 5 << u"sshd"_s << u"Grüße"_s << qint64(1'700'000'000'123);
    QTest::newRow("journal, less") << Format::Journal << QByteArray(R"({"MESSAGE":null,"PRIORITY":"99"})") << 7
                                   << QString() << QString() << qint64(0);
    QTest::newRow("journal, other") << Format::Journal << QByteArray("{") << 6 << QString() << u"{"_s << qint64(0);
    QTest::newRow("level") << Format::Plain << QByteArray("<2> hot") << 2 << QString() << u"hot"_s << qint64(0);
    QTest::newRow("error") << Format::Plain << QByteArray("a.c:3: Error: no") << 3 << QString() << u"a.c:3: Error: no"_s
                           << qint64(0);
    QTest::newRow("no error") << Format::Plain << QByteArray("terrors") << 6 << QString() << u"terrors"_s << qint64(0);
    QTest::newRow("name of a file") << Format::Plain << QByteArray("error.h: fine") << 6 << QString()
                                    << u"error.h: fine"_s << qint64(0);
    QTest::newRow("long") << Format::Plain << QByteArray(1000, 'x') << 6 << QString() << QString(224, u'x')
                          << qint64(0);
    QTest::newRow("no text") << Format::Plain << QByteArray("a\xff\xfe") << 6 << QString() << u"a\ufffd\ufffd"_s
                             << qint64(0);
}

void tst_Log::parses()
{
    QFETCH(const Format, format);
    QFETCH(const QByteArray, output);
    QFETCH(const qint64, milliseconds);
    const Line line = parse(format, output);
    QTEST(int(line.level), "level");
    QTEST(sharedsegment::toQString(line.source), "source");
    QTEST(sharedsegment::toQString(line.text), "text");
    if (milliseconds > 0)
        QCOMPARE(line.timestamp / 1'000'000, milliseconds);
    else
        QVERIFY(qAbs(line.timestamp / 1'000'000 - QDateTime::currentMSecsSinceEpoch()) < 60'000);
}

void tst_Log::collects()
{
    SharedStream<Line> log(u"log/lines"_s);
    log.seek(SharedStream<Line>::Oldest);
    log.segment()->setActive(true);
    ExampleProcess collector(testPath("COLLECTOR"),
                             {u"sh"_s, u"-c"_s, u"echo one; echo '<3>two' >&2; sleep 0.2; echo; printf three"_s});
    QVERIFY(collector.waitForLine(u"the command has ended"_s));
    QTRY_COMPARE_WITH_TIMEOUT(log.available(), 3u, ExampleProcess::Timeout);
    const QList<Line> lines = log.readNew();
    QStringList texts;
    for (const Line &line : lines)
        texts += sharedsegment::toQString(line.text);
    QCOMPARE(texts, (QStringList{u"one"_s, u"two"_s, u"three"_s}));
    QCOMPARE(lines.at(1).level, 3);
    QCOMPARE(log.segment()->metadata().value(u"timeField"_s), QVariant(u"timestamp"_s));
    // A second collector finds the name taken and says so.
    ExampleProcess second(testPath("COLLECTOR"), {u"true"_s});
    QCOMPARE(second.waitForEnd(), 1);
}

void tst_Log::commandThatFails()
{
    ExampleProcess missing(testPath("COLLECTOR"), {u"/no/such/program"_s});
    QCOMPARE(missing.waitForEnd(), 1);
    ExampleProcess failing(testPath("COLLECTOR"), {u"false"_s});
    QCOMPARE(failing.waitForEnd(), 1);
}

void tst_Log::filters()
{
    SharedStream<Line> log(testsupport::uniqueName());
    QVERIFY(log.create(100));
    SharedStreamModel model;
    LogFilter filter;
    filter.setSourceModel(&model);
    model.setSegment(log.segment());
    for (const char *text : {"<6>disk found", "<3>Disk lost", "<4>fan slow", "<7>poll"})
        QVERIFY(log.append(parse(Format::Plain, text)));
    QTRY_COMPARE(filter.rowCount(), 4);
    filter.setSearch(u"DISK"_s);
    QCOMPARE(filter.rowCount(), 2);
    filter.setMost(4);
    QCOMPARE(filter.rowCount(), 1);
    QCOMPARE(filter.index(0, 3).data(), QVariant(u"Disk lost"_s));
    filter.setSearch(QString());
    QCOMPARE(filter.rowCount(), 2);
    QVERIFY(log.append(parse(Format::Plain, "<0>out of order")));
    QTRY_COMPARE(filter.rowCount(), 3);
}

void tst_Log::picture()
{
    ExampleProcess collector(testPath("COLLECTOR"),
                             {u"sh"_s, u"-c"_s,
                              u"i=0; while [ $i -lt 60 ]; do echo \"<3>number $i\"; i=$((i + 1)); done; echo other"_s});
    QVERIFY(collector.waitForLine(u"the command has ended"_s));
    QTemporaryDir folder;
    const QString file = folder.filePath(u"picture.png"_s);
    ExampleProcess viewer(testPath("VIEWER"), {u"--grab"_s, file, u"--search"_s, u"number 5"_s});
    QCOMPARE(viewer.waitForEnd(), 0);
    QVERIFY2(viewer.lines().contains(u"61 lines, 11 found, 0 skipped"_s), qPrintable(viewer.lines().join(u'\n')));
    const QImage image(file);
    QVERIFY(!image.isNull());
    // The lines are there, in the colour of errors.
    int drawn = 0;
    for (int y = image.height() / 8; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const QColor colour = image.pixelColor(x, y);
            drawn += colour.red() > 200 && colour.green() < 140 && colour.blue() < 140;
        }
    }
    QVERIFY2(drawn > 200, qPrintable(QString::number(drawn)));
}

QTEST_GUILESS_MAIN(tst_Log)
#include "tst_log.moc"
