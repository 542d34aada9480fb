// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Static owners: programs that end with their segments open.

#include "../../support/testsupport.h"

using namespace Qt::StringLiterals;
using namespace testsupport;

class tst_Static : public QObject
{
    Q_OBJECT

private:
    RegistryFolder m_folder;

private Q_SLOTS:
    void endsInOrder_data();
    void endsInOrder();
};

void tst_Static::endsInOrder_data()
{
    QTest::addColumn<QString>("program");
    QTest::addColumn<QStringList>("arguments");
    const QString owner = testPath("OWNER");
    QTest::newRow("without an application") << owner << QStringList();
    QTest::newRow("with an application") << owner << QStringList{u"application"_s};
    if (const QString producer = testPath("PRODUCER"); producer != u"none"_s)
        QTest::newRow("producer") << producer << QStringList();
}

void tst_Static::endsInOrder()
{
    QFETCH(QString, program);
    QFETCH(QStringList, arguments);
    QProcess process;
    // glibc fills freed memory with another byte, so any use of it shows.
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"GLIBC_TUNABLES"_s, u"glibc.malloc.perturb=165"_s);
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(program, arguments);
    QVERIFY(process.waitForFinished(Deadline));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 0);
    QCOMPARE(QString::fromUtf8(process.readAllStandardOutput()), u"main: good\nlast: good\n"_s);
    QVERIFY2(m_folder.files().isEmpty(), qPrintable(m_folder.files().join(u' ')));
}

QTEST_GUILESS_MAIN(tst_Static)
#include "tst_static.moc"
