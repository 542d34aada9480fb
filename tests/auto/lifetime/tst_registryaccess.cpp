// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// A registry folder or a record that this process may not change or read, and a process without a free descriptor: when
// nothing can be read, the answer is never "there is nothing".

#include "../../support/errorstyle.h"
#include "../../support/posixchild.h"
#include "../../support/testsupport.h"

#include "engine/registry.h"
#include "engine/segment.h"

#include <SharedSegment/SharedSegment>

#include <QtTest/QSignalSpy>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace testsupport;
using namespace childprocess;
using Error = SharedSegment::Error;
using sharedsegment::engine::Segment;

namespace {

QStringList warnings;

/// Qt has warnings of its own: from 6.11 on that it cannot open the file of its logging rules.
void keepWarning(QtMsgType, const QMessageLogContext &, const QString &text)
{
    if (text.startsWith(u"SharedSegment::"_s))
        warnings.append(text);
}

/// For a child, where QTest does not check. @returns 0, or the number of the step that failed.
int lookupFails(const QString &name, Error expected, const QString &word, bool isListed = false)
{
    warnings.clear();
    qInstallMessageHandler(keepWarning);
    sharedsegment::Error unseen;
    const auto names = sharedsegment::engine::Registry::ofEnvironment().names(&unseen);
    if (names && unseen.code == sharedsegment::ErrorCode::NoError)
        return 11;
    if (const auto exists = sharedsegment::engine::Registry::ofEnvironment().exists(name.toStdString()); exists)
        return 12;
    if (SharedSegment::names().isEmpty() == isListed)
        return 13;
    if (SharedSegment::exists(name))
        return 14;
    if (warnings.size() != 2)
        return 15;
    for (const QString &warning : std::as_const(warnings)) {
        const QString text = warning.section(u": "_s, 1);
        if (!errorstyle::problemOf(text).isEmpty() || !text.contains(word))
            return 16;
    }
    SharedSegment segment(name);
    if (segment.open() || segment.error() != expected || !segment.errorString().contains(word))
        return 17;
    if (!errorstyle::problemOf(segment.errorString()).isEmpty())
        return 18;
    SharedSegment waiting(name);
    waiting.setActive(true);
    if (waiting.state() != SharedSegment::State::Waiting || waiting.error() != expected
        || !waiting.errorString().contains(word))
        return 19;
    SharedSegment stranger(u"another"_s);
    stranger.setLayoutText(u"f64"_s);
    stranger.setCapacity(1);
    if (!isListed) {
        if (stranger.create() || stranger.error() != expected || !stranger.errorString().contains(word))
            return 20;
        stranger.setOwner(true);
        stranger.setActive(true);
        if (stranger.state() != SharedSegment::State::Waiting || stranger.error() != expected)
            return 21;
    }
    return 0;
}

} // namespace

class tst_RegistryAccess : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { QCOMPARE(SharedSegment::names(), QStringList()); }
    void readOnlyMount();
    void unreadableFolder();
    void unreadableRecord();
    void noDescriptors();

private:
    RegistryFolder m_folder;
};

void tst_RegistryAccess::readOnlyMount()
{
    const QString name = uniqueName();
    const auto peer = owner(name, preferredBackend());
    const QByteArray path = QFile::encodeName(m_folder.path());
    const int result = inChild([&] {
        if (unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
            return NotAllowed;
        if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0
            || mount(path.constData(), path.constData(), nullptr, MS_BIND, nullptr) != 0
            || mount(nullptr, path.constData(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) != 0)
            return NotAllowed;
        return lookupFails(name, Error::PermissionDenied, u"SHAREDSEGMENT_DIR"_s);
    });
    if (result == NotAllowed)
        QSKIP("a mount namespace is not allowed here");
    QCOMPARE(result, 0);
    QCOMPARE(SharedSegment::names(), QStringList{name});
}

void tst_RegistryAccess::unreadableFolder()
{
    const QString name = uniqueName();
    const auto peer = owner(name, preferredBackend());
    const QByteArray path = QFile::encodeName(m_folder.path());
    QCOMPARE(chmod(path.constData(), 0300), 0);
    const int result = inChild([&] { return lookupFails(name, Error::PermissionDenied, u"set SHAREDSEGMENT_DIR"_s); });
    QCOMPARE(chmod(path.constData(), 0700), 0);
    QCOMPARE(result, 0);
}

void tst_RegistryAccess::unreadableRecord()
{
    if (geteuid() != 0)
        QSKIP("only root can become a user who may not read a record of its own folder");
    const QString name = uniqueName();
    const QString other = uniqueName();
    const QByteArray path = QFile::encodeName(m_folder.path());
    const QByteArray record = path + "/s." + name.toUtf8() + ".segment";
    const QByteArray lock = path + "/.lock"; // by the rules of macOS
    // As if the program ran once as root, in the user's folder.
    const int result = inChild([&] {
        if (QFile::exists(QFile::decodeName(lock)) && chown(lock.constData(), Nobody, Nobody) != 0)
            return 1;
        if (chown(path.constData(), Nobody, Nobody) != 0)
            return 1;
        const int file = ::open(record.constData(), O_CREAT | O_RDWR, 0600);
        if (file == -1 || becomeNobody() != 0)
            return NotAllowed;
        SharedSegment seen(other);
        if (!seen.create(SharedLayout::of<int>(), 1))
            return 2;
        // What is readable is still listed.
        return lookupFails(name, Error::PermissionDenied, u"mode"_s, true);
    });
    QCOMPARE(chown(path.constData(), geteuid(), getegid()), 0);
    QFile::remove(QFile::decodeName(lock));
    QVERIFY(QFile::remove(QFile::decodeName(record)));
    if (result == NotAllowed)
        QSKIP("another user is not allowed here");
    QCOMPARE(result, 0);
}

void tst_RegistryAccess::noDescriptors()
{
#ifdef __SANITIZE_ADDRESS__
    QSKIP("the sanitizer of undefined behaviour takes a descriptor to see whether an object is one");
#endif
    const QString name = uniqueName();
    const auto peer = owner(name, preferredBackend());
    const int result = inChild([&] {
        // Qt's own descriptors come first.
        SharedSegment early(u"early"_s);
        early.setActive(true);
        early.close();
        rlimit low;
        getrlimit(RLIMIT_NOFILE, &low);
        low.rlim_cur = 64;
        if (setrlimit(RLIMIT_NOFILE, &low) != 0)
            return 1;
        while (dup(STDERR_FILENO) != -1) { }
        return lookupFails(name, Error::SystemError, u"ulimit -n"_s);
    });
    QCOMPARE(result, 0);
}

QTEST_GUILESS_MAIN(tst_RegistryAccess)
#include "tst_registryaccess.moc"
