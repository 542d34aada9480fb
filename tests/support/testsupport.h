// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "testpaths.h"

#include <SharedSegment/SharedSegment>

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>
#include <QtCore/QVariant>
#include <QtTest/QTest>

#include <memory>

#ifdef Q_OS_WIN
#include <io.h>
#include <qt_windows.h>
#endif

/// Shared by the tests that start processes.
namespace testsupport {

constexpr int Deadline = 20000; // ms

#ifdef Q_OS_UNIX
/// Elsewhere doorbells are objects of the kernel, which disappear with their listener.
inline constexpr bool areDoorbellsFiles = true;
/// Where in a temporary folder the registry is: that folder itself, or one in it that the library makes, with the
/// access list that it wants.
inline constexpr const char *below = "";
#else
inline constexpr bool areDoorbellsFiles = false;
inline constexpr const char *below = "/registry";
#endif

/// A registry folder of the test's own, in SHAREDSEGMENT_DIR for itself and its children.
class RegistryFolder
{
public:
    RegistryFolder()
    {
        QFile::setPermissions(m_folder.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        qputenv("SHAREDSEGMENT_DIR", QFile::encodeName(path()));
    }
    /// Killed owners may have left memory that only their records name.
    ~RegistryFolder()
    {
        qputenv("SHAREDSEGMENT_DIR", QFile::encodeName(path()));
        SharedSegment::names();
    }
    QString path() const { return m_folder.path() + QLatin1String(below); }
    /// Everything in it: records, doorbells, temporary files. Not the file of the folder's lock, which stays.
    QStringList files() const
    {
        QStringList files =
            QDir(path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
        files.removeAll(QStringLiteral(".lock"));
        return files;
    }

    /// The path of the only segment's record.
    QString record() const { return path() + u'/' + files().filter(QStringLiteral(".segment")).value(0); }
    qsizetype doorbells() const { return files().filter(QStringLiteral(".bell")).size(); }

private:
    QTemporaryDir m_folder;
};

/// Whether the POSIX memory of this instance is there.
inline QString pathOfPosixObject(const QString &instance)
{
    return QStringLiteral("/dev/shm/ss-") + instance.left(22);
}
inline bool hasPosixObject(const QString &instance)
{
    return QFile::exists(pathOfPosixObject(instance));
}
inline void removePosixObject(const QString &instance)
{
    QFile::remove(pathOfPosixObject(instance));
}

/// Opens a file for reading and writing that other processes have open for everything, also for deletion, which QFile does not share.
inline bool openBesideOthers(QFile &file)
{
#ifdef Q_OS_WIN
    constexpr DWORD Anybody = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    const HANDLE handle = CreateFileW(reinterpret_cast<const wchar_t *>(file.fileName().utf16()),
                                      GENERIC_READ | GENERIC_WRITE, Anybody, nullptr, OPEN_EXISTING, 0, nullptr);
    return handle != INVALID_HANDLE_VALUE
        && file.open(_open_osfhandle(reinterpret_cast<intptr_t>(handle), 0), QIODevice::ReadWrite,
                     QFile::AutoCloseHandle);
#else
    return file.open(QIODevice::ReadWrite);
#endif
}

inline QString uniqueName(const char *what = "segment")
{
    static int sequence = 0;
    return QStringLiteral("%1-%2-%3").arg(QLatin1String(what)).arg(QCoreApplication::applicationPid()).arg(++sequence);
}

/// The tests/peer process. The destructor kills it.
class Peer
{
public:
    explicit Peer(const QStringList &arguments, const QString &program = testPath("PEER"))
    {
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(program, arguments);
        // Under Wine one in some thousand starts fails, whatever the program: error 1359.
        if (m_process.state() == QProcess::NotRunning)
            m_process.start(program, arguments);
    }
    ~Peer() { kill(); }

    /// The next line it prints; "timeout" if none comes.
    QString line()
    {
        while (!m_process.canReadLine()) {
            if (!m_process.waitForReadyRead(Deadline))
                return QStringLiteral("timeout");
        }
        return QString::fromUtf8(m_process.readLine()).trimmed();
    }
    void tell(const char *what)
    {
        m_process.write(what);
        m_process.write("\n");
        m_process.waitForBytesWritten(Deadline);
    }
    QString ask(const char *what)
    {
        tell(what);
        return line();
    }
    /// SIGKILL (Windows: TerminateProcess), without waiting for the end.
    void startKill() { m_process.kill(); }
    /// The same, and waits for the end.
    void kill()
    {
        if (m_process.state() == QProcess::NotRunning)
            return;
        startKill();
        m_process.waitForFinished(Deadline);
    }
    bool finish()
    {
        m_process.closeWriteChannel();
        return m_process.waitForFinished(Deadline);
    }
    /// Whether it ends now, and not in order.
    bool hasCrashed()
    {
        return m_process.waitForFinished(Deadline)
            && (m_process.exitStatus() == QProcess::CrashExit || m_process.exitCode() != 0);
    }
    qint64 pid() const { return m_process.processId(); }
    /// Calls from the event loop when it has printed something and when it has ended.
    template<typename Callback>
    void onUpdate(Callback callback)
    {
        QObject::connect(&m_process, &QProcess::readyReadStandardOutput, &m_process, callback);
        QObject::connect(&m_process, &QProcess::finished, &m_process, callback);
    }

private:
    QProcess m_process;
};

inline QString nameOf(SharedSegment::Backend backend)
{
    return QVariant::fromValue(backend).toString().toLower();
}

/// The backend that Automatic selects.
inline SharedSegment::Backend preferredBackend()
{
    return SharedSegment::backends().first();
}

/// The peer as an owner of `length` u64.
inline std::unique_ptr<Peer> owner(const QString &name, SharedSegment::Backend backend, int length = 8,
                                   int bufferCount = 0, bool multipleWriters = false)
{
    auto peer = std::make_unique<Peer>(
        QStringList{QStringLiteral("own"), name, QStringLiteral("u64"), QString::number(length), nameOf(backend),
                    QString::number(bufferCount), multipleWriters ? QStringLiteral("many") : QStringLiteral("one")});
    const QString answer = peer->line();
    if (answer != QStringLiteral("ready"))
        qWarning("peer: %s", qPrintable(answer));
    return peer;
}

/// The backend that the test runs with, of addBackendRows().
inline SharedSegment::Backend backend()
{
    QFETCH_GLOBAL(SharedSegment::Backend, backend);
    return backend;
}

/// Every test of the class runs once for each backend.
inline void addBackendRows()
{
    QTest::addColumn<SharedSegment::Backend>("backend");
    for (const SharedSegment::Backend backend : SharedSegment::backends())
        QTest::newRow(qPrintable(nameOf(backend))) << backend;
}

} // namespace testsupport
