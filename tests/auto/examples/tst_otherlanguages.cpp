// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "../../support/testsupport.h"
#include "exampleprocess.h"

#include <SharedSegment/SharedSegment>

#include <QtCore/QFile>
#include <QtCore/QRegularExpression>
#include <QtTest/QTest>

#include <optional>

using namespace Qt::StringLiterals;

/// The examples in C and Python: either publishes what either shows.
class tst_OtherLanguages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void watchShowsReadings_data();
    void watchShowsReadings();

private:
    std::optional<testsupport::RegistryFolder> m_registry;
};

void tst_OtherLanguages::init()
{
    m_registry.emplace();
}

void tst_OtherLanguages::watchShowsReadings_data()
{
    QTest::addColumn<QStringList>("publish");
    QTest::addColumn<QStringList>("watch");

    const QString python = testPath("PYTHON");
    const QString scripts = testPath("SCRIPTS");
    const QStringList publish{testPath("PUBLISH")};
    const QStringList watch{testPath("WATCH")};
    QTest::newRow("C, C") << publish << watch;
    if (!QFile::exists(python))
        return;
    const QStringList publishScript{python, scripts + u"/publish.py"_s};
    const QStringList watchScript{python, scripts + u"/watch.py"_s};
    QTest::newRow("C, Python") << publish << watchScript;
    QTest::newRow("Python, C") << publishScript << watch;
    QTest::newRow("Python, Python") << publishScript << watchScript;
}

void tst_OtherLanguages::watchShowsReadings()
{
    QFETCH(QStringList, publish);
    QFETCH(QStringList, watch);

    ExampleProcess station(publish.first(), publish.mid(1));
    QTRY_VERIFY_WITH_TIMEOUT(SharedSegment::exists(u"weather"_s), ExampleProcess::Timeout);
    ExampleProcess watcher(watch.first(), watch.mid(1));
    QVERIFY(watcher.waitFor([](const QStringList &lines) {
        static const QRegularExpression reading(u"^\\d+: \\d+\\.\\d degrees, \\d+ %, roof$"_s);
        return lines.filter(reading).size() >= 3;
    }));
    QVERIFY(station.kill());
    QCOMPARE(watcher.waitForEnd(), 0);
    QCOMPARE(watcher.lines().last(), u"the station is gone"_s);
}

QTEST_GUILESS_MAIN(tst_OtherLanguages)
#include "tst_otherlanguages.moc"
