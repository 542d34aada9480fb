// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Owners, their names and their ends, with an independent process on the other side.

#include "formattest.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedSegment>

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <cstdio>

using namespace formattest;

class tst_FormatOwners : public FormatTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void initTestCase() { useOwnFolder(); }
    void init() { checkNothingIsLeft(); }
    void cleanup() { sweep(); }

    void notFound();
    void killedOwner();
    void closedOwner();
    void oddNames_data();
    void oddNames();
    void folderFromEnvironment();
    void independentOwner();
    void closing();
};

void tst_FormatOwners::notFound()
{
    const Answer missing = readByPython(newName());
    QCOMPARE(missing.code, NotFound);
    QVERIFY(missing.output.isEmpty());
    QVERIFY(!missing.errors.isEmpty());

    const Answer noFolder = readByPython(newName(), {u"--dir"_s, m_folder.filePath(u"none"_s)});
    QCOMPARE(noFolder.code, NotFound);
    QVERIFY(noFolder.output.isEmpty());
}

void tst_FormatOwners::killedOwner()
{
    const QString name = newName();
    QProcess owner;
    owner.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    owner.start(QCoreApplication::applicationFilePath(), {u"--own"_s, name, QString::number(int(backend()))});
    QCOMPARE(lineOf(owner), QByteArray("ready"));
    const Answer living = readByPython(name);
    QVERIFY2(living.code == Found, living.errors.constData());
    QCOMPARE(living.valuesText(), QByteArray("[1.5,2.5]"));

    owner.kill();
    QVERIFY(owner.waitForFinished(ProcessTimeout));
    QVERIFY(!recordPath().isEmpty());
    const Answer stale = readByPython(name);
    QCOMPARE(stale.code, NotFound);
    QVERIFY(stale.output.isEmpty());
    // The reader only reads; sweeping needs locks.
    QVERIFY(!recordPath().isEmpty());
    QVERIFY(!SharedSegment::exists(name));
    QVERIFY(recordPath().isEmpty());
}

void tst_FormatOwners::closedOwner()
{
    SharedSegment segment(newName());
    segment.setBackend(backend());
    QVERIFY2(segment.create(SharedLayout::of<double>(), 1), qPrintable(segment.errorString()));
    QCOMPARE(readByPython(segment.name()).code, Found);
    segment.close();
    QCOMPARE(readByPython(segment.name()).code, NotFound);
}

void tst_FormatOwners::oddNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("file");
    QTest::newRow("plain") << u"az09._-"_s << u"s.az09._-.segment"_s;
    QTest::newRow("upper case and space") << u"Big Name"_s << u"s.%42ig%20%4Eame.segment"_s;
    QTest::newRow("slash") << u"a/b"_s << u"s.a%2Fb.segment"_s;
    QTest::newRow("parent") << u"../x"_s << u"s...%2Fx.segment"_s;
    QTest::newRow("percent") << u"%41"_s << u"s.%2541.segment"_s;
    QTest::newRow("tilde") << u"~\n"_s << u"s.%7E%0A.segment"_s;
    QTest::newRow("unicode") << u"Größe\u20ac"_s << u"s.%47r%C3%B6%C3%9Fe%E2%82%AC.segment"_s;
    QTest::newRow("200 bytes") << QString(200, u'x') << u"s."_s + QString(200, u'x') + u".segment"_s;
    QTest::newRow("201 bytes") << QString(201, u'x')
                               << u"s."_s + QString(150, u'x') + u"~E7B5F423D4969EF3666FEE9B430C6717.segment"_s;
    QTest::newRow("67 upper-case letters")
        << QString(67, u'A') << u"s."_s + u"%41"_s.repeated(50) + u"~22427C746C664CEAC70DE2FF58BE9302.segment"_s;
    QTest::newRow("255 bytes") << u"é"_s.repeated(127) + u"e"_s
                               << u"s."_s + u"%C3%A9"_s.repeated(25) + u"~23CB7DC81CC8D25AFE48F99F37580DD4.segment"_s;
}

void tst_FormatOwners::oddNames()
{
    QFETCH(const QString, name);
    QFETCH(const QString, file);
    SharedArray<double> array(name);
    array.segment()->setBackend(backend());
    QVERIFY2(array.create(1), qPrintable(array.errorString()));
    QCOMPARE(recordPath(), m_folder.filePath(file));
    const Answer answer = readByPython(name);
    QVERIFY2(answer.code == Found, answer.errors.constData());
    QCOMPARE(answer.text("name"_L1), name);
}

void tst_FormatOwners::folderFromEnvironment()
{
    SharedSegment segment(newName());
    segment.setBackend(backend());
    QVERIFY2(segment.create(SharedLayout::of<double>(), 1), qPrintable(segment.errorString()));
    QCOMPARE(readByPython(segment.name(), {u"--dir"_s, m_folder.path()}).code, Found);
    QTemporaryDir other;
    QCOMPARE(readByPython(segment.name(), {u"--dir"_s, other.path()}).code, NotFound);
    // Not private: refused.
    QVERIFY(QFile::setPermissions(other.path(), QFile::permissions(other.path()) | QFile::ReadOther));
    QCOMPARE(readByPython(segment.name(), {u"--dir"_s, other.path()}).code, Corrupt);
}

void tst_FormatOwners::independentOwner()
{
    const QString name = newName();
    QProcess owner;
    startIndependentOwner(
        &owner, name, {u"--layout"_s, u"P{id:u32@0;x:f64@8}/16"_s, u"--capacity"_s, u"2"_s, u"--buffers"_s, u"3"_s});
    if (QTest::currentTestFailed())
        return;

    SharedSegment segment(name);
    QVERIFY2(segment.open(), qPrintable(segment.errorString()));
    QCOMPARE(segment.backend(), backend());
    QCOMPARE(segment.capacity(), 2);
    QCOMPARE(segment.bufferCount(), 3);
    QCOMPARE(segment.layoutText(), u"P{id:u32@0;x:f64@8}/16"_s);
    QCOMPARE(segment.ownerPid(), owner.processId());
    QVERIFY(SharedSegment::names().contains(name));
    QSignalSpy updated(&segment, &SharedSegment::updated);
    QSignalSpy orphaned(&segment, &SharedSegment::orphaned);
    for (int revision = 1; revision <= 7; ++revision) {
        const QByteArray bytes = bytesOf<quint64>({quint64(revision), 0x3ff8000000000000u, 9, 0xc000000000000000u});
        owner.write(bytes.toHex() + '\n');
        QCOMPARE(lineOf(owner), QByteArray::number(revision));
        QTRY_COMPARE(updated.size(), revision);
        QCOMPARE(updated.last().first().value<SharedRevision>().number, quint64(revision));
        SharedRevision read;
        QCOMPARE(segment.snapshot(&read), bytes);
        QCOMPARE(read.number, quint64(revision));
        const Answer answer = readByPython(name);
        QVERIFY2(answer.code == Found, answer.errors.constData());
        QCOMPARE(answer.integer("timestamp"_L1), read.timestamp);
        QCOMPARE(answer.valuesText(),
                 "[{\"id\":" + QByteArray::number(revision) + ",\"x\":1.5},{\"id\":9,\"x\":-2.0}]");
    }
    owner.closeWriteChannel();
    QVERIFY(owner.waitForFinished(ProcessTimeout));
    QCOMPARE(owner.exitCode(), 0);
    QTRY_COMPARE(orphaned.size(), 1);
    QCOMPARE(segment.snapshot().size(), 32);
    QVERIFY(!SharedSegment::exists(name));
}

void tst_FormatOwners::closing()
{
    // An owner that has marked its segment as closed, and has not released the lock yet.
    const QString name = newName();
    QProcess owner;
    startIndependentOwner(&owner, name, {u"--layout"_s, u"f64"_s, u"--alter"_s, u"record"_s, u"512"_s, u"01000000"_s});
    if (QTest::currentTestFailed())
        return;
    const Answer answer = readByPython(name);
    QVERIFY2(answer.code == NotFound, answer.errors.constData());
    // Not found, or open and orphaned at once: never open for good.
    SharedSegment segment(name);
    if (segment.open())
        QTRY_COMPARE(segment.state(), SharedSegment::State::Orphaned);
    else
        QCOMPARE(segment.error(), SharedSegment::Error::NotFound);
    owner.closeWriteChannel();
    QVERIFY(owner.waitForFinished(ProcessTimeout));
    QCOMPARE(owner.exitCode(), 0);
}

namespace {

void say(const char *word)
{
    std::puts(word);
    std::fflush(stdout);
}

/// The child `--own`: two numbers, until the end of its input.
int own(SharedSegment &segment)
{
    if (!segment.create(SharedLayout::of<double>(), 2) || !segment.publish(bytesOf<double>({1.5, 2.5})))
        return 1;
    say("ready");
    while (std::getchar() != EOF) { }
    return 0;
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 4 && arguments[1] == u"--own") {
        SharedSegment segment(arguments[2]);
        segment.setBackend(SharedSegment::Backend(arguments[3].toInt()));
        return own(segment);
    }
    tst_FormatOwners test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_formatowners.moc"
