// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The explorer as a program: it shows the names and the values of a chosen one, warns of nothing, and outlives an owner.

#include "imagetest.h"

#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>
#include <QtGui/QImage>

#include <functional>

using namespace Qt::StringLiterals;
using namespace testsupport;

class tst_Explorer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void chosenName();
    void picture();
    void killedOwner();

private:
    /// The picture that the explorer makes of itself with `name` chosen. `afterStart` runs beside it.
    QImage grab(
        const QString &name, const std::function<void()> &afterStart = [] {});

    RegistryFolder m_folder;
};

QImage tst_Explorer::grab(const QString &name, const std::function<void()> &afterStart)
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(u"picture.png"_s);
    QProcess explorer;
    explorer.start(testPath("EXPLORER"), {u"--grab"_s, file, u"--after"_s, u"1.5"_s, name});
    afterStart();
    if (!explorer.waitForFinished(3 * Deadline) || explorer.exitCode() != 0)
        return QImage();
    const QByteArray output = explorer.readAllStandardError();
    if (output.contains("qrc:"))
        qWarning("%s", output.constData());
    return QImage(file);
}

void tst_Explorer::chosenName()
{
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    const auto peer = owner(u"plant/line 1/speed"_s, preferredBackend());
    const QImage chosen = grab(u"plant/line 1/speed"_s);
    QCOMPARE(chosen.deviceIndependentSize().toSize(), QSize(1280, 720));
    const QImage none = grab(u"nothing"_s);
    QVERIFY(!none.isNull());
    QVERIFY(none != chosen);
    QCOMPARE(SharedSegment::names(), QStringList(u"plant/line 1/speed"_s));
}

void tst_Explorer::picture()
{
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    SharedSegment camera(u"camera"_s);
    camera.setKind(SharedSegment::Kind::VariableArray);
    camera.setMetadata({{u"content"_s, ImageHeader::content()}});
    QVERIFY(camera.create(SharedLayout::of<quint8>(), 1 << 20));
    const imagetest::Picture shown{u"NV12"_s, 320, 240, Qt::magenta};
    QVERIFY(camera.publish(imagetest::toBytes(shown)));
    const QImage image = grab(u"camera"_s);
    int magenta = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const QRgb pixel = image.pixel(x, y);
            magenta += qRed(pixel) > 240 && qGreen(pixel) < 15 && qBlue(pixel) > 240;
        }
    }
    // All of it but the upper left quarter and the border.
    QVERIFY2(magenta > 320 * 240 * 7 / 10, qPrintable(QString::number(magenta)));
}

void tst_Explorer::killedOwner()
{
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    const auto peer = owner(u"killed"_s, preferredBackend());
    const QImage image = grab(u"killed"_s, [&peer] {
        SharedSegment segment(u"killed"_s);
        QVERIFY(segment.open());
        QTRY_VERIFY_WITH_TIMEOUT(segment.listenerCount() > 0, Deadline);
        peer->kill();
    });
    QVERIFY(!image.isNull());
}

QTEST_GUILESS_MAIN(tst_Explorer)
#include "tst_explorer.moc"
