// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The explorer as a program: it shows the names and the values of a chosen one, warns of nothing, and outlives an owner.

#include "../../support/testsupport.h"

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
    void killedOwner();

private:
    /// The picture that the explorer makes of itself with `name` chosen. `afterStart` runs beside it.
    QImage picture(
        const QString &name, const std::function<void()> &afterStart = [] {});

    RegistryFolder m_folder;
};

QImage tst_Explorer::picture(const QString &name, const std::function<void()> &afterStart)
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
    const QImage chosen = picture(u"plant/line 1/speed"_s);
    QCOMPARE(chosen.deviceIndependentSize().toSize(), QSize(1280, 720));
    const QImage none = picture(u"nothing"_s);
    QVERIFY(!none.isNull());
    QVERIFY(none != chosen);
    QCOMPARE(SharedSegment::names(), QStringList(u"plant/line 1/speed"_s));
}

void tst_Explorer::killedOwner()
{
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    const auto peer = owner(u"killed"_s, preferredBackend());
    const QImage image = picture(u"killed"_s, [&peer] {
        SharedSegment segment(u"killed"_s);
        QVERIFY(segment.open());
        QTRY_VERIFY_WITH_TIMEOUT(segment.listenerCount() > 0, Deadline);
        peer->kill();
    });
    QVERIFY(!image.isNull());
}

QTEST_GUILESS_MAIN(tst_Explorer)
#include "tst_explorer.moc"
