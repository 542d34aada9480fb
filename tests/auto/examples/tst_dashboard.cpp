// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "../../support/testsupport.h"
#include "exampleprocess.h"

#include <QtCore/QTemporaryDir>
#include <QtGui/QImage>
#include <QtTest/QTest>

#include <optional>

using namespace Qt::StringLiterals;

class tst_Dashboard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void picture_data();
    void picture();
    void pictureOfADeadSampler();
    void noSampler();
    void samplerComesBack();

private:
    static qint64 count(const QImage &image, QRgb color);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::optional<testsupport::RegistryFolder> m_registry;
    const QString m_sampler = testPath("SAMPLER");
    const QString m_dashboard = testPath("DASHBOARD");
    const QStringList m_names{u"monitor/cpu"_s, u"monitor/memory"_s, u"monitor/network"_s, u"monitor/load"_s};
};

namespace {

constexpr QRgb Blue = qRgb(0x58, 0xb4, 0xff);
constexpr QRgb Warning = qRgb(0xff, 0xb8, 0x4d);

} // namespace

void tst_Dashboard::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    m_registry.emplace();
}

qint64 tst_Dashboard::count(const QImage &image, QRgb color)
{
    qint64 result = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            result += image.pixel(x, y) == color;
    }
    return result;
}

void tst_Dashboard::picture_data()
{
    QTest::addColumn<int>("scale");
    QTest::newRow("1x") << 1;
    QTest::newRow("2x") << 2;
}

void tst_Dashboard::picture()
{
    QFETCH(int, scale);
    const QString file = m_folder->filePath(u"picture.png"_s);
    ExampleProcess sampler(m_sampler, {});
    ExampleProcess dashboard(m_dashboard,
                             {u"--grab"_s, file, u"--after"_s, u"2"_s, u"--scale"_s, QString::number(scale)});
    QCOMPARE(dashboard.waitForEnd(), 0);
    QCOMPARE(dashboard.lines(), QStringList{file});

    const QImage image(file);
    QCOMPARE(image.size(), QSize(1280, 800) * scale);
    QVERIFY(count(image, Blue) > 100); // there is data
    QCOMPARE(count(image, Warning), 0);
}

void tst_Dashboard::pictureOfADeadSampler()
{
    const QString file = m_folder->filePath(u"picture.png"_s);
    ExampleProcess sampler(m_sampler, {});
    ExampleProcess dashboard(m_dashboard, {u"--grab"_s, file, u"--after"_s, u"5"_s, u"--verbose"_s});
    for (const QString &name : m_names)
        QVERIFY(dashboard.waitForLine(name + u" Updated"_s));
    QVERIFY(sampler.kill());
    QCOMPARE(dashboard.waitForEnd(), 0);
    QVERIFY(dashboard.lines().contains(u"headline: No longer updated"_s));

    const QImage image(file);
    QCOMPARE(image.size(), QSize(1280, 800));
    QVERIFY(count(image, Warning) > 5000); // says so in a field that cannot be overlooked
    QCOMPARE(count(image, Blue), 0);       // the last picture stays, in grey
    QVERIFY(count(image, qRgb(0x77, 0x82, 0x8f)) > 100);
}

void tst_Dashboard::noSampler()
{
    ExampleProcess dashboard(m_dashboard, {u"--verbose"_s});
    for (const QString &name : m_names)
        QVERIFY(dashboard.waitForLine(name + u" Waiting"_s));
    QVERIFY(dashboard.waitForLine(u"headline: Waiting for the sampler"_s));
}

void tst_Dashboard::samplerComesBack()
{
    ExampleProcess dashboard(m_dashboard, {u"--verbose"_s});
    for (int round = 0; round < 3; ++round) {
        ExampleProcess sampler(m_sampler, {});
        for (const QString &name : m_names) {
            QVERIFY(dashboard.waitForLine(name + u" Open"_s));
            QVERIFY(dashboard.waitForLine(name + u" Updated"_s));
        }
        QVERIFY(dashboard.waitForLine(u"headline: Live"_s));
        dashboard.forgetLines();

        QVERIFY(sampler.kill());
        for (const QString &name : m_names)
            QVERIFY(dashboard.waitForLine(name + u" Orphaned"_s));
        QVERIFY(dashboard.waitForLine(u"headline: No longer updated"_s));
        dashboard.forgetLines();
    }
}

QTEST_GUILESS_MAIN(tst_Dashboard)
#include "tst_dashboard.moc"
