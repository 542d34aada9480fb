// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What other processes of the user may do to the registry, stopped in the middle of something or not: calls stay bounded, and names can
// be listed and taken again.

#include "childprocess.h"
#include "testsupport.h"

#include "os/recordfile.h"
#include "segment/segment.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedSegment>

#include <QtCore/QElapsedTimer>
#include <QtCore/QScopeGuard>

#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace testsupport;
using State = SharedSegment::State;
using Error = SharedSegment::Error;
using Backend = SharedSegment::Backend;
using sharedsegment::os::RecordFile;
using sharedsegment::segment::Segment;

class tst_Bounds : public QObject
{
    Q_OBJECT

private:
    RegistryFolder m_folder;

    QString recordOf(const QString &name) const { return m_folder.path() + u"/s."_s + name + u".segment"_s; }
    static bool create(SharedSegment &segment)
    {
        segment.setBackend(backend());
        return segment.create(SharedLayout::of<quint64>(), 8);
    }

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup()
    {
        QCOMPARE(SharedSegment::names(), QStringList());
        QCOMPARE(m_folder.files(), QStringList());
    }

    void stoppedSweeper();
    void secondLinkAndCopy();
    void swappedRecords();
    void movedRecord();
    void copyOfADeadRecord();
    void noDescriptorIsAnError();
    void nameThatBeginsWithAMark();
};

void tst_Bounds::stoppedSweeper()
{
    const QString name = uniqueName("stopped");
    auto peer = owner(name, backend());
    peer->kill();
    QVERIFY(QFile::exists(recordOf(name)));
    int ready[2];
    QCOMPARE(pipe(ready), 0);
    const pid_t sweeper = fork();
    if (sweeper == 0) {
        const auto folder = sharedsegment::os::Folder::open();
        auto file = folder ? RecordFile::open(*folder, "s." + name.toStdString() + ".segment") : folder.error();
        const bool isLocked = file && file->lockForSweep(std::chrono::milliseconds(0));
        [[maybe_unused]] const ssize_t count = write(ready[1], isLocked ? "y" : "n", 1);
        raise(SIGSTOP);
        _exit(0);
    }
    ::close(ready[1]);
    char answer = 'n';
    QCOMPARE(read(ready[0], &answer, 1), 1);
    ::close(ready[0]);
    const auto end = qScopeGuard([sweeper] {
        kill(sweeper, SIGKILL);
        waitpid(sweeper, nullptr, 0);
    });
    QCOMPARE(answer, 'y');
    int status = 0;
    QCOMPARE(waitpid(sweeper, &status, WUNTRACED), sweeper);
    QVERIFY(WIFSTOPPED(status));

    // Well below what one waited for a sweeper before, and far above what a busy machine takes for the 50 ms.
    constexpr qint64 Bounded = 1000;
    SharedSegment s(name);
    QElapsedTimer timer;
    timer.start();
    QVERIFY(!SharedSegment::exists(name));
    QCOMPARE(SharedSegment::names(), QStringList());
    QVERIFY(!s.open());
    QCOMPARE(s.error(), Error::NotFound);
    QVERIFY2(timer.elapsed() < Bounded, qPrintable(QString::number(timer.elapsed())));
    timer.restart();
    QVERIFY(!create(s));
    QVERIFY2(timer.elapsed() < Bounded, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(s.error(), Error::Busy);
    QVERIFY2(s.errorString().contains(u"stopped"_s) && s.errorString().contains(m_folder.path()),
             qPrintable(s.errorString()));
    kill(sweeper, SIGKILL);
    QCOMPARE(waitpid(sweeper, &status, 0), sweeper);
    QVERIFY(create(s));
}

void tst_Bounds::secondLinkAndCopy()
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
    // It is none the worse.
    SharedSegment reader(name);
    QVERIFY(reader.open());
    QCOMPARE(peer->ask("publish 5"), u"published 1"_s);
    QVERIFY(peer->finish());
    QVERIFY(!SharedSegment::exists(name));
}

void tst_Bounds::swappedRecords()
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

void tst_Bounds::movedRecord()
{
    const QString name = uniqueName("moved");
    const QString elsewhere = uniqueName("elsewhere");
    SharedSegment s(elsewhere);
    {
        auto peer = owner(name, backend());
        QVERIFY(QFile::rename(recordOf(name), recordOf(elsewhere)));
        // As good as one whose content was changed: nobody takes a living owner's record away.
        QCOMPARE(SharedSegment::names(), QStringList());
        QVERIFY(!SharedSegment::exists(name));
        QVERIFY(!create(s));
        QCOMPARE(s.error(), Error::AlreadyExists);
        QVERIFY2(s.errorString().contains(QString::number(peer->pid())), qPrintable(s.errorString()));
    }
    // Its owner is dead by now.
    QVERIFY2(create(s), qPrintable(s.errorString()));
}

void tst_Bounds::copyOfADeadRecord()
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

void tst_Bounds::noDescriptorIsAnError()
{
    const QString name = uniqueName("unseen");
    auto peer = owner(name, backend());
    rlimit before;
    QCOMPARE(getrlimit(RLIMIT_NOFILE, &before), 0);
    const int result = childprocess::inChild([&] {
        rlimit low = before;
        low.rlim_cur = 64;
        if (setrlimit(RLIMIT_NOFILE, &low) != 0)
            return 1;
        while (dup(STDERR_FILENO) != -1) { }
        if (const auto names = Segment::names(); names || names.error().code != sharedsegment::ErrorCode::SystemError)
            return 2;
        if (const auto exists = Segment::exists(name.toStdString());
            exists || exists.error().code != sharedsegment::ErrorCode::SystemError)
            return 3;
        return 0;
    });
    QCOMPARE(result, 0);
    QCOMPARE(SharedSegment::names(), QStringList{name});
}

void tst_Bounds::nameThatBeginsWithAMark()
{
    const QString name = QChar(0xfeff) + uniqueName("mark");
    SharedSegment s(name);
    QVERIFY(create(s));
    QCOMPARE(SharedSegment::names(), QStringList{name});
    QVERIFY(SharedSegment::exists(SharedSegment::names().constFirst()));
    s.close();
    s.setLayoutText(QChar(0xfeff) + u"A{v:i32@0}/4"_s);
    s.setLength(1);
    QVERIFY2(s.create(), qPrintable(s.errorString()));
    QCOMPARE(s.layoutText(), QChar(0xfeff) + u"A{v:i32@0}/4"_s);
}

QTEST_GUILESS_MAIN(tst_Bounds)
#include "tst_bounds.moc"
