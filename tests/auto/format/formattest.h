// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <SharedSegment/SharedSegment>

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>
#include <QtCore/QtEndian>
#include <QtTest/QTest>

#include <chrono>
#include <cstring>
#include <initializer_list>

using namespace Qt::StringLiterals;

/// What the tests of the format have in common: reader.py and owner.py, which were written from its page alone, and the
/// bytes of records and memories.
namespace formattest {

constexpr int ProcessTimeout = 30000;

/// By the clock of the timestamps. Qt rounds its milliseconds from that clock; some versions round up.
inline qint64 nanosecondsNow()
{
    using namespace std::chrono;
    return duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count();
}

/// The exit codes of reader.py.
constexpr int Found = 0;
constexpr int NotFound = 2;
constexpr int Corrupt = 3;
constexpr int Busy = 4;
constexpr int Unsupported = 8;

#ifdef SHAREDSEGMENT_PORTABLE
/// As on macOS, locks are locks of whole files.
constexpr bool hasFileLocks = true;
#else
constexpr bool hasFileLocks = false;
#endif

/// The output of reader.py.
struct Answer
{
    int code = -1;
    QByteArray output;
    QByteArray errors;
    QJsonObject object;

    /// The text of the array `values`, the last member. QJsonDocument would convert large integers to doubles.
    QByteArray valuesText() const
    {
        const QByteArray key = "\"values\":";
        const qsizetype start = output.indexOf(key) + key.size();
        return output.mid(start, output.lastIndexOf('}') - start);
    }
    QJsonArray values() const { return object.value("values"_L1).toArray(); }
    qint64 integer(QLatin1StringView key) const { return object.value(key).toInteger(-1); }
    QString text(QLatin1StringView key) const { return object.value(key).toString(); }
};

inline Answer readByPython(const QString &name, const QStringList &more = {})
{
    Answer answer;
    QProcess process;
    process.start(QStringLiteral(FORMAT_PYTHON), QStringList{u"-B"_s, QStringLiteral(FORMAT_READER), name} + more);
    if (!process.waitForFinished(ProcessTimeout)) {
        answer.errors = "reader.py did not end";
        return answer;
    }
    answer.code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    answer.output = process.readAllStandardOutput();
    answer.errors = process.readAllStandardError();
    answer.object = QJsonDocument::fromJson(answer.output).object();
    return answer;
}

/// The next line that a child prints, without its end; empty if it prints none in time.
inline QByteArray lineOf(QProcess &process)
{
    while (!process.canReadLine()) {
        if (!process.waitForReadyRead(ProcessTimeout))
            return {};
    }
    return process.readLine().trimmed();
}

inline QStringList filesIn(const QString &folder)
{
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
}

template<typename T>
T valueAt(const QByteArray &bytes, qsizetype offset)
{
    T value = {};
    if (offset + qsizetype(sizeof value) <= bytes.size())
        std::memcpy(&value, bytes.constData() + offset, sizeof value);
    return qFromLittleEndian(value);
}

inline bool isZero(const QByteArray &bytes, qsizetype from, qsizetype to)
{
    return bytes.mid(from, to - from) == QByteArray(to - from, '\0');
}

template<typename T>
QByteArray bytesOf(std::initializer_list<T> values)
{
    return QByteArray(reinterpret_cast<const char *>(values.begin()), qsizetype(values.size() * sizeof(T)));
}

/// Base of tests that run once for each backend, in a registry folder of their own.
class FormatTest : public QObject
{
protected:
    static void addBackendRows()
    {
        QTest::addColumn<int>("backend");
        for (const SharedSegment::Backend backend : SharedSegment::backends())
            QTest::newRow(backend == SharedSegment::Backend::Memfd ? "memfd" : "posix") << int(backend);
    }

    /// For initTestCase().
    void useOwnFolder() const
    {
        QVERIFY(m_folder.isValid());
        QCOMPARE(QFile::permissions(m_folder.path()) & QFile::Permissions(0x077), QFile::Permissions());
        qputenv("SHAREDSEGMENT_DIR", m_folder.path().toLocal8Bit());
    }

    /// For init(): nothing of the test before may be left.
    void checkNothingIsLeft() const
    {
        SharedSegment::names();
        QStringList files = filesIn(m_folder.path());
        // The file of the folder's lock stays.
        if (hasFileLocks)
            files.removeAll(u".lock"_s);
        QCOMPARE(files, QStringList());
    }

    /// For cleanup(): a test that failed has killed its owner, and without this its memory would outlive the folder.
    static void sweep() { SharedSegment::names(); }

    static SharedSegment::Backend backend()
    {
        QFETCH_GLOBAL(int, backend);
        return SharedSegment::Backend(backend);
    }

    static QString backendText() { return backend() == SharedSegment::Backend::Memfd ? u"memfd"_s : u"posix"_s; }

    QString newName() { return u"format-%1-%2"_s.arg(QCoreApplication::applicationPid()).arg(++m_counter); }

    /// The path of the only segment's record; empty if there is none, or another.
    QString recordPath() const
    {
        const QDir folder(m_folder.path());
        const QStringList files = folder.entryList({u"s.*.segment"_s}, QDir::Files);
        return files.size() == 1 ? folder.filePath(files.first()) : QString();
    }

    QByteArray recordContent() const
    {
        QFile file(recordPath());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    static QByteArray memoryContent(const QByteArray &record)
    {
        const QString path = valueAt<quint32>(record, 12) == 1
                               ? u"/proc/%1/fd/%2"_s.arg(valueAt<quint64>(record, 32)).arg(valueAt<qint64>(record, 40))
                               : u"/dev/shm"_s + QString::fromLatin1(record.mid(320, 64).constData());
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
            return QByteArray();
        // macOS rounds up the size of an object, and its replacement here does so too: nothing lies behind the end.
        const QByteArray memory = file.readAll();
        const auto size = qsizetype(valueAt<quint64>(record, 48));
        return hasFileLocks && memory.size() % 16384 == 0 && isZero(memory, size, memory.size()) ? memory.left(size)
                                                                                                 : memory;
    }

    void startIndependentOwner(QProcess *process, const QString &name, const QStringList &more) const
    {
        process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process->start(QStringLiteral(FORMAT_PYTHON),
                       QStringList{u"-B"_s, QStringLiteral(FORMAT_OWNER), name, u"--dir"_s, m_folder.path(),
                                   u"--backend"_s, backendText()}
                           + more);
        QCOMPARE(lineOf(*process), QByteArray("ready"));
    }

    QTemporaryDir m_folder;

private:
    int m_counter = 0;
};

} // namespace formattest
