// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What a process in another language lacks, and what other programs do to its files.

#include "languagetest.h"

#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <atomic>
#include <csignal>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace Qt::StringLiterals;
using namespace testsupport;

class tst_LanguageFaults : public LanguageTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup() { checkNothingIsLeft(); }

    void noDescriptorLeft();
    void doorbellTakenAway_data();
    void doorbellTakenAway();
    void recordDamaged_data();
    void recordDamaged();
    void recordOfCppDamaged_data();
    void recordOfCppDamaged();
    void recordWithoutMark();
    void slotInWhatIsLeftOfTheRecord();
    void recordCutAllTheTime();
    void recordsInTheWrongPlace();
    void otherThingsInTheRecordsPlace_data();
    void otherThingsInTheRecordsPlace();
    void registryFolderRefused();
    void fileSizeLimited();
    void strangeUmask();
    void deniedCalls_data();
    void deniedCalls();
};

void tst_LanguageFaults::noDescriptorLeft()
{
    const QString name = uniqueName();
    auto independent = independentOwner(name, 8);
    std::vector<std::unique_ptr<Peer>> readers;
    for (int i = 0; i < 3; ++i)
        readers.push_back(independentReader(name));
    QCOMPARE(independent->ask("limit"), u"limited"_s);
    for (int revision = 1; revision <= 2; ++revision) {
        for (auto &reader : readers)
            reader->tell(QByteArray("wait " + QByteArray::number(revision - 1) + " -1"));
        QTRY_COMPARE_WITH_TIMEOUT(armed(name), 3, Deadline);
        QCOMPARE(independent->ask("publish 7"), u"published %1"_s.arg(revision));
        for (auto &reader : readers)
            QCOMPARE(reader->line(), u"updated %1"_s.arg(revision));
    }
    for (auto &reader : readers)
        reader->tell("wait 2 -1");
    QTRY_COMPARE_WITH_TIMEOUT(armed(name), 3, Deadline);
    QCOMPARE(independent->ask("close"), u"closed"_s);
    for (auto &reader : readers)
        QCOMPARE(reader->line(), u"orphaned 2"_s);
    // A reader without one polls, and its errors say what is wrong.
    auto inCpp = owner(name, backend());
    auto reader = independentReader(name);
    QCOMPARE(reader->ask("limit"), u"limited"_s);
    reader->tell("wait 0 20000");
    inCpp->ask("publish 7");
    QCOMPARE(reader->line(), u"updated 1"_s);
}

void tst_LanguageFaults::doorbellTakenAway_data()
{
    QTest::addColumn<QByteArray>("what");
    for (const char *what : {"removed", "another file", "a folder", "renamed"})
        QTest::newRow(what) << QByteArray(what);
}

void tst_LanguageFaults::doorbellTakenAway()
{
    QFETCH(QByteArray, what);
    const QString name = uniqueName();
    auto inCpp = owner(name, backend());
    auto reader = independentReader(name);
    reader->tell("wait 0 -1");
    QTRY_COMPARE_WITH_TIMEOUT(armed(name), 1, Deadline);
    const QString path = doorbell(), other = m_folder.path() + u"/aside"_s;
    if (what == "renamed")
        QVERIFY(QFile::rename(path, other));
    else
        QVERIFY(QFile::remove(path));
    if (what == "another file") {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
    } else if (what == "a folder") {
        QVERIFY(QDir().mkdir(path));
    }
    const auto tidy = qScopeGuard([&] {
        QFile::remove(other);
        QFile::remove(path);
        QDir().rmdir(path);
    });
    // After some time it sleeps with another doorbell, and also without: whatever the publisher made of the old one, the update comes.
    inCpp->ask("publish 7");
    QCOMPARE(reader->line(), u"updated 1"_s);
    reader->tell("wait 1 -1");
    inCpp->ask("publish 8");
    QCOMPARE(reader->line(), u"updated 2"_s);
    QCOMPARE(reader->ask("close"), u"closed"_s);
}

void tst_LanguageFaults::recordDamaged_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("after");
    for (const int size : {0, 100, 512, 520, 4096}) {
        QTest::addRow("cut to %d bytes", size) << size << size;
        QTest::addRow("cut to %d bytes and back", size) << size << RecordSize;
    }
    QTest::newRow("zeroed") << RecordSize << RecordSize;
}

void tst_LanguageFaults::recordDamaged()
{
    QFETCH(int, size);
    QFETCH(int, after);
    const QString name = uniqueName();
    auto independent = independentOwner(name, 8);
    auto reader = independentReader(name);
    SharedSegment inCpp(name);
    QSignalSpy updated(&inCpp, &SharedSegment::updated);
    QSignalSpy orphaned(&inCpp, &SharedSegment::orphaned);
    QVERIFY(inCpp.open());
    const QByteArray before = record(name);
    QCOMPARE(before.last(4), "MARK"_ba);
    for (int revision = 1; revision <= 2; ++revision) {
        reader->tell(QByteArray("wait " + QByteArray::number(revision - 1) + " -1"));
        QTRY_COMPARE_WITH_TIMEOUT(armed(name), 2, Deadline);
        QVERIFY(damage(name, size, after));
        QCOMPARE(independent->ask("publish 7"), u"published %1"_s.arg(revision));
        QCOMPARE(reader->line(), u"updated %1"_s.arg(revision));
        QTRY_COMPARE_WITH_TIMEOUT(updated.count(), revision, Deadline);
        // The reader claims its new slot in its next wait: the update may reach it before the publisher has restored the record.
        QCOMPARE(record(name).first(512), before.first(512));
        QCOMPARE(record(name).last(4), "MARK"_ba);
        SharedSegment second(name);
        QVERIFY2(second.open(), qPrintable(second.errorString()));
    }
    QCOMPARE(independentReader(name)->ask("read"), u"whole 2"_s);
    reader->tell("wait 2 -1");
    QTRY_COMPARE_WITH_TIMEOUT(armed(name), 2, Deadline);
    QVERIFY(damage(name, size, after));
    QCOMPARE(independent->ask("close"), u"closed"_s);
    QCOMPARE(reader->line(), u"orphaned 2"_s);
    QTRY_COMPARE_WITH_TIMEOUT(orphaned.count(), 1, Deadline);
    QCOMPARE(reader->ask("close"), u"closed"_s);
}

void tst_LanguageFaults::recordOfCppDamaged_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("after");
    QTest::newRow("cut to nothing") << 0 << 0;
    QTest::newRow("cut to a page and back") << 4096 << RecordSize;
    QTest::newRow("zeroed") << RecordSize << RecordSize;
}

void tst_LanguageFaults::recordOfCppDamaged()
{
    QFETCH(int, size);
    QFETCH(int, after);
    const QString name = uniqueName();
    auto inCpp = owner(name, backend());
    auto reader = independentReader(name);
    for (int revision = 1; revision <= 2; ++revision) {
        reader->tell(QByteArray("wait " + QByteArray::number(revision - 1) + " -1"));
        QTRY_COMPARE_WITH_TIMEOUT(armed(name), 1, Deadline);
        QVERIFY(damage(name, size, after));
        QCOMPARE(inCpp->ask("publish 7"), u"published %1"_s.arg(revision));
        QCOMPARE(reader->line(), u"updated %1"_s.arg(revision));
        QCOMPARE(reader->ask("read"), u"whole %1"_s.arg(revision));
    }
    reader->tell("wait 2 -1");
    QTRY_COMPARE_WITH_TIMEOUT(armed(name), 1, Deadline);
    QVERIFY(damage(name, size, after));
    QCOMPARE(inCpp->ask("close"), u"closed"_s);
    QCOMPARE(reader->line(), u"orphaned 2"_s);
    QCOMPARE(reader->ask("close"), u"closed"_s);
}

void tst_LanguageFaults::recordWithoutMark()
{
    const QString name = uniqueName();
    auto inCpp = owner(name, backend());
    QFile file(recordOf(name));
    QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(RecordSize - 4) && file.write(QByteArray(4, '\0')) == 4);
    file.close();
    auto reader = independentReader(name);
    reader->tell("wait 0 -1");
    QTRY_COMPARE_WITH_TIMEOUT(armed(name), 1, Deadline);
    QCOMPARE(inCpp->ask("publish 7"), u"published 1"_s);
    QCOMPARE(reader->line(), u"updated 1"_s);
    QCOMPARE(reader->ask("close"), u"closed"_s);
}

void tst_LanguageFaults::slotInWhatIsLeftOfTheRecord()
{
    const QString name = uniqueName();
    auto inCpp = owner(name, backend());
    auto reader = independentReader(name);
    reader->tell("wait 0 -1");
    QTRY_COMPARE_WITH_TIMEOUT(armed(name), 1, Deadline);
    QVERIFY(damage(name, 4096, 4096));
    // The listener gives it back with its doorbell, and not only the next publication.
    QTRY_COMPARE_WITH_TIMEOUT(m_folder.doorbells(), 0, Deadline);
    QCOMPARE(armed(name), 0);
    QCOMPARE(record(name).mid(516, 4), QByteArray(4, '\0'));
    QCOMPARE(inCpp->ask("publish 7"), u"published 1"_s);
    QCOMPARE(reader->line(), u"updated 1"_s);
    QCOMPARE(reader->ask("close"), u"closed"_s);
}

void tst_LanguageFaults::recordCutAllTheTime()
{
    if (QByteArrayView(EXTERNAL_SCRIPT) != "")
        QSKIP("a Python program cannot handle SIGBUS: see the threat page");
    const QString name = uniqueName();
    auto independent = independentOwner(name, 8);
    auto reader = independentReader(name);
    independent->tell("spin");
    std::atomic<bool> isEnded = false;
    std::thread cutting([&] {
        QFile file(recordOf(name));
        while (!isEnded && file.resize(0) && file.resize(RecordSize)) { }
    });
    const auto end = qScopeGuard([&] {
        isEnded = true;
        if (cutting.joinable())
            cutting.join();
    });
    for (int i = 0; i < 5000; ++i) {
        const QString answer = reader->ask("wait 0 0");
        QVERIFY2(answer.startsWith(u"updated"_s) || answer.startsWith(u"timeout"_s), qPrintable(answer));
    }
    isEnded = true;
    cutting.join();
    // Nothing is lost once that has ended.
    reader->tell("wait %1 -1"_ba.replace("%1", reader->ask("wait 0 0").section(u' ', 1).toLatin1()));
    QVERIFY(reader->line().startsWith(u"updated"_s));
    QCOMPARE(reader->ask("close"), u"closed"_s);
    independent->kill();
}

void tst_LanguageFaults::recordsInTheWrongPlace()
{
    const QString name = uniqueName(), other = name + u"b"_s;
    const auto path = [this](const QString &of) { return m_folder.path() + u"/s."_s + of + u".segment"_s; };
    auto independent = independentOwner(name, 8);
    QCOMPARE(independent->ask("publish 7"), u"published 1"_s);
    // A copy: no process holds its lock, so it is removed, without the memory of the original.
    QVERIFY(QFile::copy(path(name), path(other)));
    QVERIFY(independentOwner(other, 8)->ask("close") == u"closed"_s);
    auto reader = independentReader(name);
    QCOMPARE(reader->ask("read"), u"whole 1"_s);
    // A second link to a living owner's record is removed, too, and that owner stays.
    QCOMPARE(::link(QFile::encodeName(path(name)).constData(), QFile::encodeName(path(other)).constData()), 0);
    QVERIFY(independentPeer({u"attach"_s, other})->line().startsWith(u"error -1 "_s));
    QVERIFY(independentOwner(other, 8)->ask("close") == u"closed"_s);
    reader = independentReader(name);
    QCOMPARE(reader->ask("read"), u"whole 1"_s);
    // The record itself, moved: the text says what to do.
    QVERIFY(QFile::rename(path(name), path(other)));
    const QString answer = independentPeer({u"own"_s, other, u"u64"_s, u"8"_s, nameOf(backend()), u"4"_s})->line();
    QVERIFY2(answer.startsWith(u"error -2 "_s) && answer.contains(u"remove "_s + path(other)), qPrintable(answer));
    QVERIFY(QFile::rename(path(other), path(name)));
    // Replaced while the owner lives: the owner does not remove what belongs to another process.
    QVERIFY(QFile::remove(path(name)));
    auto next = independentOwner(name, 8);
    QCOMPARE(independent->ask("close"), u"closed"_s);
    SharedSegment s(name);
    QVERIFY2(s.open(), qPrintable(s.errorString()));
    QCOMPARE(s.ownerPid(), next->pid());
}

void tst_LanguageFaults::otherThingsInTheRecordsPlace_data()
{
    using Make = bool (*)(const QString &path);
    QTest::addColumn<Make>("make");
    const auto row = [](const char *name, Make make) { QTest::newRow(name) << make; };
    row("link to itself", [](const QString &path) { return QFile::link(path, path); });
    row("link to nothing", [](const QString &path) { return QFile::link(u"/nonexistent"_s, path); });
    row("link to a file", [](const QString &path) { return QFile::link(u"/etc/passwd"_s, path); });
    row("link to a folder", [](const QString &path) { return QFile::link(u"/etc"_s, path); });
    row("socket",
        [](const QString &path) { return ::mknod(QFile::encodeName(path).constData(), S_IFSOCK | 0600, 0) == 0; });
    row("FIFO", [](const QString &path) { return ::mkfifo(QFile::encodeName(path).constData(), 0600) == 0; });
    row("empty file", [](const QString &path) { return QFile(path).open(QFile::WriteOnly); });
    row("empty folder", [](const QString &path) { return QDir().mkdir(path); });
    row("folder", [](const QString &path) { return QDir().mkpath(path + u"/in"_s); });
}

void tst_LanguageFaults::otherThingsInTheRecordsPlace()
{
    using Make = bool (*)(const QString &path);
    QFETCH(Make, make);
    const QString name = uniqueName(), path = recordOf(name);
    const QStringList owner{u"own"_s, name, u"u64"_s, u"1"_s, nameOf(backend()), u"4"_s};
    QVERIFY(make(path));
    const bool stays = QFile::exists(path + u"/in"_s) && !QFileInfo(path).isSymLink();
    // A process that searches for the name without effect is told so.
    QString answer = independentPeer({u"attach"_s, name})->line();
    QVERIFY2(stays ? answer.contains(path) && answer.endsWith(u"; remove it"_s) : answer.startsWith(u"error -1 "_s),
             qPrintable(answer));
    if (!stays && !QFileInfo(path).isSymLink() && !QFileInfo::exists(path))
        QVERIFY(make(path));
    auto independent = independentPeer(owner);
    answer = independent->line();
    if (stays) {
        QVERIFY2(answer.contains(path) && answer.endsWith(u"; remove it"_s), qPrintable(answer));
        QVERIFY(QDir(path).removeRecursively());
        return;
    }
    QCOMPARE(answer, u"ready"_s);
    SharedSegment s(name);
    QVERIFY2(s.open(), qPrintable(s.errorString()));
    QCOMPARE(s.ownerPid(), independent->pid());
    QCOMPARE(independent->ask("close"), u"closed"_s);
    QVERIFY(QFile::exists(u"/etc/passwd"_s));
}

void tst_LanguageFaults::registryFolderRefused()
{
    const QString name = uniqueName(), folder = m_folder.path() + u"/other"_s;
    const auto answer = [&name](const QString &place) {
        return independentOwnerInShell(u"export SHAREDSEGMENT_DIR="_s + place, name)->line();
    };
    // Without the folder above it, and where that is a file.
    for (const QString &above : {folder, u"/etc/passwd"_s}) {
        const QString text = answer(above + u"/deep"_s);
        QVERIFY2(text.startsWith(u"error -"_s) && text.contains(above + u"/deep"_s)
                     && text.contains(u"set SHAREDSEGMENT_DIR"_s),
                 qPrintable(text));
    }
    // With other rights, or through a link: what others may need stays as it is. What lies at the default place can be changed.
    QVERIFY(QDir().mkdir(folder) && ::chmod(QFile::encodeName(folder).constData(), 0755) == 0);
    QString text = answer(folder);
    QVERIFY2(text.endsWith(u"does not have the mode 0700; set SHAREDSEGMENT_DIR to a folder of its own"_s),
             qPrintable(text));
    text = answer(u"/"_s);
    QVERIFY2(text.endsWith(u"; set SHAREDSEGMENT_DIR to a folder of its own"_s), qPrintable(text));
    QVERIFY(QFile::link(u"/etc"_s, folder + u"/link"_s));
    text = answer(folder + u"/link"_s);
    QVERIFY2(text.endsWith(u"is a symbolic link; set SHAREDSEGMENT_DIR to a folder of its own"_s), qPrintable(text));
    const QString made = folder + u"/sharedsegment"_s;
    QVERIFY(QDir().mkdir(made) && ::chmod(QFile::encodeName(made).constData(), 0755) == 0);
    text = independentOwnerInShell(u"unset SHAREDSEGMENT_DIR; export XDG_RUNTIME_DIR="_s + folder, name)->line();
    QVERIFY2(text.endsWith(u"does not have the mode 0700; run chmod 700 on it"_s), qPrintable(text));
    QVERIFY(QDir(folder).removeRecursively());
}

void tst_LanguageFaults::fileSizeLimited()
{
    const QString name = uniqueName();
    const auto isRefused = [](const QString &answer) { return answer.startsWith(u"error -8 "_s); };
    // Too little for a record, and for the memory: an error, and no signal.
    QString answer = independentOwnerInShell(u"ulimit -f 8"_s, name)->line();
    QVERIFY2(isRefused(answer), qPrintable(answer));
    if (backend() == SharedSegment::Backend::Posix) {
        answer = independentOwnerInShell(u"ulimit -f 64"_s, name, 100000)->line();
        QVERIFY2(isRefused(answer), qPrintable(answer));
    }
    QVERIFY(!SharedSegment::exists(name));
}

void tst_LanguageFaults::strangeUmask()
{
    const QString name = uniqueName(), folder = m_folder.path() + u"/made"_s;
    const auto modeOf = [](const QString &path) {
        struct stat info;
        return ::lstat(QFile::encodeName(path).constData(), &info) == 0 ? int(info.st_mode & 0777) : -1;
    };
    const QByteArray before = qgetenv("SHAREDSEGMENT_DIR");
    qputenv("SHAREDSEGMENT_DIR", QFile::encodeName(folder));
    const auto back = qScopeGuard([&] {
        qputenv("SHAREDSEGMENT_DIR", before);
        QDir(folder).removeRecursively();
    });
    auto independent = independentOwnerInShell(u"umask 0777"_s, name);
    QCOMPARE(independent->line(), u"ready"_s);
    QCOMPARE(modeOf(folder), 0700);
    QCOMPARE(modeOf(folder + u"/s."_s + name + u".segment"_s), 0600);
    SharedSegment s(name);
    QVERIFY2(s.open(), qPrintable(s.errorString()));
    if (backend() == SharedSegment::Backend::Posix)
        QCOMPARE(modeOf(pathOfPosixObject(s.instance())), 0600);
    s.close();
    QVERIFY(independent->finish());
}

void tst_LanguageFaults::deniedCalls_data()
{
    QTest::addColumn<QString>("error");
    QTest::addColumn<QString>("call");
    for (const char *error : {"ENOSYS", "EPERM"}) {
        for (const char *call : {"memfd_create", "pidfd_open", "fallocate", "link", "inotify_init1"})
            QTest::addRow("%s of %s", error, call) << QString::fromLatin1(error) << QString::fromLatin1(call);
    }
}

void tst_LanguageFaults::deniedCalls()
{
#ifndef Q_OS_LINUX
    QSKIP("made for Linux");
#else
    QFETCH(QString, error);
    QFETCH(QString, call);
    const QString name = uniqueName();
    const QStringList deny{u"deny"_s, error, call, u"--"_s};
    const bool isMemfd = call == u"memfd_create"_s;
    auto independent =
        independentOwnerThrough(testPath("DENY"), deny, name, isMemfd ? u"automatic"_s : nameOf(backend()));
    QCOMPARE(independent->line(), u"ready"_s);
    SharedSegment s(name);
    QVERIFY2(s.open(), qPrintable(s.errorString()));
    QCOMPARE(s.backend(), isMemfd ? SharedSegment::Backend::Posix : backend());
    s.close();
    const QStringList script = QStringLiteral(EXTERNAL_SCRIPT).split(u';', Qt::SkipEmptyParts);
    Peer reader(deny + QStringList{independentProgram()} + script + QStringList{u"attach"_s, name}, testPath("DENY"));
    QCOMPARE(reader.line(), u"ready"_s);
    reader.tell("wait 0 -1");
    QTRY_COMPARE_WITH_TIMEOUT(armed(name), 1, Deadline);
    QCOMPARE(independent->ask("publish 7"), u"published 1"_s);
    QCOMPARE(reader.line(), u"updated 1"_s);
    reader.tell("wait 1 -1");
    independent->kill();
    QCOMPARE(reader.line(), u"orphaned 1"_s);
    QCOMPARE(reader.ask("close"), u"closed"_s);
    QVERIFY(!SharedSegment::exists(name));
#endif
}

QTEST_GUILESS_MAIN(tst_LanguageFaults)
#include "tst_languagefaults.moc"
