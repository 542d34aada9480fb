// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What other processes of the user may put in the place of a record: names can be listed and taken again.

#include "../../support/backendtest.h"

#include <SharedSegment/SharedSegment>

#include <QtCore/QDir>
#include <QtCore/QFile>

#include <csignal>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Error = SharedSegment::Error;

class tst_RecordPlaces : public BackendTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup() { checkNothingIsLeft(); }

    void secondLinkAndCopy();
    void swappedRecords();
    void otherThingInPlaceOfARecord_data();
    void otherThingInPlaceOfARecord();
    void overwrittenRecord();
    void movedRecord();
    void copyOfADeadRecord();
};

void tst_RecordPlaces::secondLinkAndCopy()
{
    const QString name = uniqueName("original");
    const QString other = uniqueName("other");
    const QString third = uniqueName("third");
    auto peer = owner(name, backend());
    QCOMPARE(::link(QFile::encodeName(recordOf(name)), QFile::encodeName(recordOf(other))), 0);
    QVERIFY(QFile::copy(recordOf(name), recordOf(third)));
    QCOMPARE(SharedSegment::names(), QStringList{name});
    QCOMPARE(::link(QFile::encodeName(recordOf(name)), QFile::encodeName(recordOf(other))), 0);
    QVERIFY(QFile::copy(recordOf(name), recordOf(third)));
    QVERIFY(!SharedSegment::exists(other));
    QVERIFY(!SharedSegment::exists(third));
    for (const QString &taken : {other, third}) {
        SharedSegment s(taken);
        QVERIFY2(create(s), qPrintable(s.errorString()));
        QVERIFY(SharedSegment::exists(taken));
    }
    // The segment still works.
    SharedSegment reader(name);
    QVERIFY(reader.open());
    QCOMPARE(peer->ask("publish 5"), u"published 1"_s);
    QVERIFY(peer->finish());
    QVERIFY(!SharedSegment::exists(name));
}

void tst_RecordPlaces::swappedRecords()
{
    const QString first = uniqueName("first");
    const QString second = uniqueName("second");
    for (const bool byList : {true, false}) {
        auto one = owner(first, backend());
        auto two = owner(second, backend());
        const QString aside = m_folder.path() + u"/aside"_s;
        QVERIFY(QFile::rename(recordOf(first), aside) && QFile::rename(recordOf(second), recordOf(first))
                && QFile::rename(aside, recordOf(second)));
        if (byList) {
            QCOMPARE(SharedSegment::names(), (QStringList{first, second}));
        } else {
            SharedSegment s(first);
            QVERIFY(!create(s));
            QCOMPARE(s.error(), Error::AlreadyExists);
        }
        for (const auto &[name, pid] : {std::pair(first, one->pid()), std::pair(second, two->pid())}) {
            SharedSegment s(name);
            QVERIFY2(s.open(), qPrintable(s.errorString()));
            QCOMPARE(s.ownerPid(), pid);
        }
        one->kill();
        two->kill();
        SharedSegment s(first);
        QVERIFY(create(s));
    }
}

void tst_RecordPlaces::otherThingInPlaceOfARecord_data()
{
    using Make = bool (*)(const QString &path);
    QTest::addColumn<Make>("make");
    QTest::addColumn<bool>("isSwept");
    const auto row = [](const char *name, Make make, bool isSwept) { QTest::newRow(name) << make << isSwept; };
    row(
        "link to itself", [](const QString &path) { return QFile::link(path, path); }, true);
    row(
        "link to nothing", [](const QString &path) { return QFile::link(u"/nonexistent"_s, path); }, true);
    row(
        "link to a file", [](const QString &path) { return QFile::link(u"/etc/passwd"_s, path); }, true);
    row(
        "socket", [](const QString &path) { return mknod(path.toUtf8().constData(), S_IFSOCK | 0600, 0) == 0; }, true);
    row(
        "FIFO", [](const QString &path) { return mkfifo(path.toUtf8().constData(), 0600) == 0; }, true);
    row(
        "empty file", [](const QString &path) { return QFile(path).open(QFile::WriteOnly); }, true);
    row(
        "empty folder", [](const QString &path) { return QDir().mkdir(path); }, true);
    row(
        "folder", [](const QString &path) { return QDir().mkpath(path + u"/in"_s); }, false);
}

void tst_RecordPlaces::otherThingInPlaceOfARecord()
{
    using Make = bool (*)(const QString &path);
    QFETCH(Make, make);
    QFETCH(bool, isSwept);
    const QString name = uniqueName("place");
    const QString temporary = m_folder.path() + u"/."_s + QString(32, u'A') + u".new"_s;
    for (const bool byName : {true, false}) {
        QVERIFY(make(recordOf(name)));
        QVERIFY(make(temporary));
        SharedSegment s(name);
        if (!byName) {
            QCOMPARE(SharedSegment::names(), QStringList());
        } else if (isSwept) {
            QVERIFY2(create(s), qPrintable(s.errorString()));
            QVERIFY(SharedSegment::exists(name));
        } else {
            QVERIFY(!create(s));
            QVERIFY2(s.errorString().contains(u"remove it"_s), qPrintable(s.errorString()));
            QCOMPARE(s.error(), Error::Corrupt);
        }
        if (isSwept && !byName)
            QCOMPARE(m_folder.files(), QStringList());
        s.close();
        QCOMPARE(SharedSegment::names(), QStringList());
        QDir(recordOf(name)).removeRecursively();
        QDir(temporary).removeRecursively();
    }
    QVERIFY(QFile::exists(u"/etc/passwd"_s));
}

void tst_RecordPlaces::overwrittenRecord()
{
    const QString name = uniqueName("overwritten");
    SharedSegment s(name);
    QVERIFY(create(s));
    SharedSegment reader(name);
    QVERIFY(reader.open());
    QFile record(recordOf(name));
    QVERIFY(record.open(QFile::ReadWrite));
    QCOMPARE(record.write(QByteArray(8192, char(0xff))), 8192);
    record.close();
    // It owns the segment, and must not be told that its owner is gone.
    QVERIFY(!s.publish(QByteArray(64, 'x')));
    QCOMPARE(s.error(), Error::Corrupt);
    QVERIFY2(s.errorString().contains(u"create it again"_s), qPrintable(s.errorString()));
    QVERIFY(!s.beginWrite());
    QCOMPARE(s.error(), Error::Corrupt);
    s.close();
    QVERIFY(create(s));
    QVERIFY(s.publish(QByteArray(64, 'x')));
}

void tst_RecordPlaces::movedRecord()
{
    const QString name = uniqueName("moved");
    const QString elsewhere = uniqueName("elsewhere");
    SharedSegment s(elsewhere);
    {
        auto peer = owner(name, backend());
        QVERIFY(QFile::rename(recordOf(name), recordOf(elsewhere)));
        // The same as for changed content: no process removes a living owner's record.
        QCOMPARE(SharedSegment::names(), QStringList());
        QVERIFY(!SharedSegment::exists(name));
        QVERIFY(!create(s));
        QCOMPARE(s.error(), Error::AlreadyExists);
        QVERIFY2(s.errorString().contains(QString::number(peer->pid())), qPrintable(s.errorString()));
    }
    // Its owner is dead by now.
    QVERIFY2(create(s), qPrintable(s.errorString()));
}

void tst_RecordPlaces::copyOfADeadRecord()
{
    const QString name = uniqueName("left");
    const QString copy = uniqueName("copy");
    QString instance;
    {
        auto peer = owner(name, backend());
        SharedSegment s(name);
        QVERIFY(s.open());
        instance = s.instance();
        QVERIFY(QFile::rename(recordOf(name), recordOf(copy)));
    }
    QVERIFY(!SharedSegment::exists(copy));
    QVERIFY(!hasPosixObject(instance));
}

QTEST_GUILESS_MAIN(tst_RecordPlaces)
#include "tst_recordplaces.moc"
