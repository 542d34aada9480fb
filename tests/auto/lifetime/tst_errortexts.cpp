// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Provokes each error for real, and checks its text: one clause that names the thing, "; ", and what to do about it.

#include "../../support/errorstyle.h"
#include "../../support/posixchild.h"
#include "../../support/testsupport.h"

#include "core/fielddecoder.h"
#include "engine/format.h"
#include "os/recordfile.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedSegment>

#include <QtCore/QMetaEnum>
#include <QtCore/QScopeGuard>
#include <QtCore/QTemporaryDir>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <functional>
#include <limits>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Access = SharedSegment::Access;
using Backend = SharedSegment::Backend;
using Error = SharedSegment::Error;

struct Told
{
    Error error = Error::NoError;
    QString text;
};
using Provoke = std::function<Told()>;
Q_DECLARE_METATYPE(Provoke)

class tst_ErrorTexts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void style_data();
    void style();
    void everyCodeIsProvoked();
    void values_data();
    void values();
    void styleIgnoresPaths();
    void ofTheSystem();
    void namedFolder_data();
    void namedFolder();
    void defaultFolder_data();
    void defaultFolder();

private:
    static Told told(const SharedSegment &segment) { return {segment.error(), segment.errorString()}; }
    static Told opened(const QString &name, Access access = Access::ReadOnly)
    {
        SharedSegment segment(name);
        return segment.open(access) ? Told() : told(segment);
    }
    static Told created(const QString &name, const QString &layout = u"u64"_s, qint64 length = 8, int bufferCount = 0,
                        Backend backend = Backend::Automatic)
    {
        SharedSegment segment(name);
        segment.setLayoutText(layout);
        segment.setCapacity(length);
        segment.setBufferCount(bufferCount);
        segment.setBackend(backend);
        return segment.create() ? Told() : told(segment);
    }
    static Told mismatched(const QString &there, const QString &here, qint64 length = 0)
    {
        SharedSegment owner(uniqueName());
        if (!owner.create(SharedLayout::parse(there), 2))
            return told(owner);
        SharedSegment reader(owner.name());
        reader.setLayoutText(here);
        reader.setCapacity(length);
        return reader.open() ? Told() : told(reader);
    }
    /// Opened after four bytes of its owner's record have another value.
    Told damaged(std::size_t offset, quint32 value)
    {
        const QString name = uniqueName();
        const auto peer = owner(name, preferredBackend());
        QFile record(recordOf(name));
        if (!record.open(QIODevice::ReadWrite) || !record.seek(qint64(offset))
            || record.write(reinterpret_cast<const char *>(&value), sizeof value) != sizeof value)
            return {};
        record.close();
        return opened(name);
    }
    QString recordOf(const QString &name) const { return m_folder.path() + u"/s."_s + name + u".segment"_s; }

    RegistryFolder m_folder;
    QSet<Error> m_provoked;
};

void tst_ErrorTexts::style_data()
{
    QTest::addColumn<Error>("error");
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<Provoke>("provoke");
    const auto row = [](const char *tag, Error error, const QStringList &words, const Provoke &provoke) {
        QTest::newRow(tag) << error << words << provoke;
    };
    row("no name", Error::InvalidName, {u"name"_s}, [] { return created(QString()); });
    row("long name", Error::InvalidName, {u"300 bytes"_s, u"255"_s}, [] { return created(QString(300, u'n')); });
    row("NUL in a name", Error::InvalidName, {u"NUL"_s}, [] { return created(u"a\0b"_s); });
    row("half a character", Error::InvalidName, {u"name"_s}, [] { return created(QString(QChar(0xd800))); });
    row("no layout", Error::InvalidLayout, {u"f64"_s}, [] { return created(uniqueName(), QString()); });
    row("unknown type", Error::InvalidLayout, {u"\"double\""_s, u"f64"_s},
        [] { return created(uniqueName(), u"double"_s); });
    row("unended struct", Error::InvalidLayout, {u"character 8"_s, u"; write it as"_s},
        [] { return created(uniqueName(), u"P{x:f64"_s); });
    row("overlapping fields", Error::InvalidLayout, {u"overlap"_s},
        [] { return created(uniqueName(), u"P{x:f64@0;y:f64@4}"_s); });
    row("reader's layout", Error::InvalidLayout, {u"\"int\""_s}, [] { return mismatched(u"f64"_s, u"int"_s); });
    row("length 0", Error::InvalidSize, {u"0 elements"_s}, [] { return created(uniqueName(), u"u64"_s, 0); });
    row("too long", Error::InvalidSize, {u"elements"_s},
        [] { return created(uniqueName(), u"u64"_s, std::numeric_limits<qint64>::max()); });
    row("bufferCount", Error::InvalidSize, {u"17 buffers"_s}, [] { return created(uniqueName(), u"u64"_s, 1, 17); });
    row("other size published", Error::InvalidSize, {u"3 elements"_s, u"1 element "_s}, [] {
        SharedArray<double> array(uniqueName());
        return array.create(3) && !array.publish(std::vector<double>(1)) ? told(*array.segment()) : Told();
    });
    row("read beyond the end", Error::InvalidSize, {u"3 elements"_s}, [] {
        SharedArray<double> array(uniqueName());
        const bool isCreated = array.create(3);
        array.readElement(3);
        return isCreated ? told(*array.segment()) : Told();
    });
    row("taken here", Error::AlreadyExists, {u"tst_errortexts"_s, u"process %1;"_s.arg(getpid())}, [] {
        SharedArray<double> array(uniqueName());
        return array.create(1) ? created(array.segment()->name()) : Told();
    });
    row("closed", Error::NotFound, {u"open"_s}, [] {
        SharedSegment segment(uniqueName());
        return segment.publish(QByteArray(8, '\0')) ? Told() : told(segment);
    });
    row("no owner", Error::NotFound, {m_folder.path()}, [] { return opened(uniqueName()); });
    row("owner gone", Error::NotFound, {u"owner"_s}, [] {
        const QString name = uniqueName();
        const auto peer = owner(name, preferredBackend(), 8, 0, true);
        SharedSegment segment(name);
        const bool isOpen = segment.open(Access::ReadWrite);
        peer->ask("close");
        return isOpen && !segment.publish(QByteArray(64, '\0')) ? told(segment) : Told();
    });
    row("single writer", Error::PermissionDenied, {u"multipleWriters"_s}, [] {
        const QString name = uniqueName();
        const auto peer = owner(name, preferredBackend());
        return opened(name, Access::ReadWrite);
    });
    row("read-only", Error::PermissionDenied, {u"ReadWrite"_s}, [] {
        const QString name = uniqueName();
        const auto peer = owner(name, preferredBackend());
        SharedSegment segment(name);
        return segment.open() && !segment.publish(QByteArray(64, '\0')) ? told(segment) : Told();
    });
    row("folder for all", Error::PermissionDenied, {u"SHAREDSEGMENT_DIR"_s, m_folder.path()}, [this] {
        const QByteArray path = QFile::encodeName(m_folder.path());
        ::chmod(path.constData(), 0755);
        const Told result = created(uniqueName());
        ::chmod(path.constData(), 0700);
        return result;
    });
    row("other scalar", Error::LayoutMismatch, {u"\"f64\""_s, u"\"f32\""_s},
        [] { return mismatched(u"f32"_s, u"f64"_s); });
    row("other struct name", Error::LayoutMismatch, {u"SHARED_STRUCT_AS"_s, u"\"There\""_s},
        [] { return mismatched(u"There{x:f64}"_s, u"Here{x:f64}"_s); });
    row("other type of a field", Error::LayoutMismatch, {u"field \"y\""_s, u"f32"_s, u"f64"_s},
        [] { return mismatched(u"P{x:f64;y:f32}"_s, u"P{x:f64;y:f64}"_s); });
    row("other place of a field", Error::LayoutMismatch, {u"field \"y\""_s},
        [] { return mismatched(u"P{x:f64;y:f64@16}"_s, u"P{x:f64;y:f64}"_s); });
    row("other fields", Error::LayoutMismatch, {u"\"z:f64@8\""_s},
        [] { return mismatched(u"P{x:f64;z:f64}"_s, u"P{x:f64;y:f64}"_s); });
    row("other length", Error::LayoutMismatch, {u"2 elements"_s, u"expected are 3"_s},
        [] { return mismatched(u"f64"_s, u"f64"_s, 3); });
    row("version", Error::UnsupportedVersion, {u"version 7"_s},
        [this] { return damaged(offsetof(sharedsegment::engine::RecordHeader, version), 7); });
    row("damaged record", Error::Corrupt, {u"record"_s},
        [this] { return damaged(offsetof(sharedsegment::engine::RecordHeader, nameBytes), 0xffff); });
    row("unknown backend", Error::UnsupportedVersion, {u"99"_s},
        [this] { return damaged(offsetof(sharedsegment::engine::RecordHeader, backend), 99); });
    row("too large", Error::OutOfMemory, {u"bytes"_s},
        [] { return created(uniqueName(), u"u64"_s, qint64(1) << 44, 1); });
    row("file size", Error::OutOfMemory, {u"ulimit -f"_s}, [] {
        rlimit before;
        getrlimit(RLIMIT_FSIZE, &before);
        rlimit low = before;
        low.rlim_cur = 65536;
        setrlimit(RLIMIT_FSIZE, &low);
        const Told result = created(uniqueName(), u"u64"_s, 1 << 20);
        setrlimit(RLIMIT_FSIZE, &before);
        return result;
    });
    row("backend", Error::Unsupported, {u"\"win32\""_s, u"Automatic"_s},
        [] { return created(uniqueName(), u"u64"_s, 1, 0, Backend::Win32); });
    row("folder in its place", Error::Corrupt, {u"folder"_s, u"remove"_s}, [this] {
        const QString name = uniqueName();
        QDir(m_folder.path()).mkpath(u"s."_s + name + u".segment/kept"_s);
        const Told result = created(name);
        QDir(recordOf(name)).removeRecursively();
        return result;
    });
    row("created twice", Error::InvalidState, {u"close it"_s}, [] {
        SharedArray<double> array(uniqueName());
        return array.create(3) && !array.create(3) ? told(*array.segment()) : Told();
    });
    row("opened twice", Error::InvalidState, {u"close it"_s}, [] {
        SharedArray<double> array(uniqueName());
        return array.create(3) && !array.open() ? told(*array.segment()) : Told();
    });
    row("two writes of a thread", Error::Busy, {u"end that"_s}, [] {
        SharedArray<double> array(uniqueName());
        if (!array.create(3))
            return Told();
        const auto first = array.beginWrite();
        return array.segment()->publish(QByteArray(24, '\0')) ? Told() : told(*array.segment());
    });
    row("another writer", Error::Busy, {u"wait longer"_s}, [] {
        SharedArray<quint64> array(uniqueName());
        array.segment()->setMultipleWriters(true);
        if (!array.create(8))
            return Told();
        int ready[2];
        if (::pipe(ready) != 0)
            return Told();
        const pid_t holder = ::fork();
        if (holder == 0) {
            ::alarm(60);
            SharedSegment other(array.segment()->name());
            const bool isOpen = other.open(Access::ReadWrite);
            const SharedWriter writer = other.beginWrite();
            [[maybe_unused]] const ssize_t count = ::write(ready[1], isOpen && writer ? "y" : "n", 1);
            ::pause();
            ::_exit(0);
        }
        char answer = 'n';
        const bool isHeld = ::read(ready[0], &answer, 1) == 1 && answer == 'y';
        const std::vector<quint64> values(8);
        const bool isWritten = array.publish(values, std::chrono::milliseconds(1));
        Told result = told(*array.segment());
        ::kill(holder, SIGKILL);
        childprocess::waitForChild(holder);
        ::close(ready[0]);
        ::close(ready[1]);
        if (!isHeld || isWritten)
            return Told();
            // The process that holds the lock, where the mutex or the system tells.
#ifdef __GLIBC__
        if (!result.text.contains(u", process %1,"_s.arg(holder)))
            result.text += u" (and it does not name process %1)\n"_s.arg(holder);
#endif
        return result;
    });
    row("no descriptors", Error::SystemError, {u"ulimit -n"_s}, [] {
        rlimit before;
        getrlimit(RLIMIT_NOFILE, &before);
        std::vector<int> taken;
        rlimit low = before;
        low.rlim_cur = 64;
        setrlimit(RLIMIT_NOFILE, &low);
        for (int fd = ::dup(STDERR_FILENO); fd != -1; fd = ::dup(STDERR_FILENO))
            taken.push_back(fd);
        const Told result = created(uniqueName());
        for (const int fd : taken)
            ::close(fd);
        setrlimit(RLIMIT_NOFILE, &before);
        return result;
    });
}

void tst_ErrorTexts::style()
{
    QFETCH(Error, error);
    QFETCH(QStringList, words);
    QFETCH(Provoke, provoke);
    const Told told = provoke();
    QVERIFY2(told.error == error, qPrintable(u"%1: %2"_s.arg(int(told.error)).arg(told.text)));
    m_provoked.insert(error);
    const QString problem = errorstyle::problemOf(told.text);
    QVERIFY2(problem.isEmpty(), qPrintable(problem + u": "_s + told.text));
    for (const QString &word : words)
        QVERIFY2(told.text.contains(word), qPrintable(u"\"%1\" is not in: %2"_s.arg(word, told.text)));
}

void tst_ErrorTexts::everyCodeIsProvoked()
{
    const QMetaEnum codes = QMetaEnum::fromType<Error>();
    for (int i = 0; i < codes.keyCount(); ++i) {
        const auto code = Error(codes.value(i));
        // The values of fields have rows of their own.
        if (code != Error::NoError && code != Error::InvalidValue)
            QVERIFY2(m_provoked.contains(code), codes.key(i));
    }
}

void tst_ErrorTexts::values_data()
{
    QTest::addColumn<QString>("layout");
    QTest::addColumn<QVariant>("value");
    QTest::addColumn<QString>("word");
    const auto row = [](const char *tag, const char *layout, const QVariant &value, const QString &word) {
        QTest::newRow(tag) << QString::fromLatin1(layout) << value << word;
    };
    row("text", "S{n:f64}", u"five"_s, u"\"five\""_s);
    row("text for an i64", "S{n:i64}", u"five"_s, u"\"five\""_s);
    row("fraction in a text", "S{n:i64}", u"9007199254740993.5"_s, u"whole"_s);
    row("text below the range", "S{n:i64}", u"-9223372036854775809"_s, u"9223372036854775807"_s);
    row("text above the range", "S{n:u64}", u"18446744073709551616"_s, u"18446744073709551615"_s);
    row("negative text", "S{n:u64}", u"-1"_s, u"from 0"_s);
    row("empty text", "S{n:i64}", QString(), u"whole"_s);
    row("fraction", "S{n:i32}", 3.7, u"whole"_s);
    row("range", "S{n:i8}", 128, u"-128 to 127"_s);
    row("real range", "S{n:f32}", 1e300, u"3.4e38"_s);
    row("undefined", "S{n:f64}", QVariant(), u"undefined"_s);
    row("null", "S{n:f64}", QVariant::fromValue(nullptr), u"null"_s);
    row("object", "S{n:f64}", QVariantMap(), u"object"_s);
    row("no bool", "S{n:bool}", 2, u"true or false"_s);
    row("no text", "S{n:char[4]}", 7, u"string"_s);
    row("long text", "S{n:char[4]}", u"hello"_s, u"5 bytes"_s);
    row("NUL", "S{n:char[4]}", u"a\0"_s, u"NUL"_s);
    row("no list", "S{n:f32[2]}", 7, u"2 values"_s);
    row("short list", "S{n:f32[2]}", QVariantList{1}, u"2 values, not 1"_s);
    row("list of one", "S{n:f32[1]}", QVariantList{1, 2}, u"1 value, not 2"_s);
}

void tst_ErrorTexts::values()
{
    QFETCH(QString, layout);
    QFETCH(QVariant, value);
    QFETCH(QString, word);
    const SharedLayout parsed = SharedLayout::parse(layout);
    std::vector<std::byte> element(std::size_t(parsed.elementSize()));
    QString why;
    QVERIFY(!FieldDecoder::of(parsed).constFirst().write(element.data(), value, FieldDecoder::Strings::Refuse, &why));
    const QString problem = errorstyle::problemOf(why);
    QVERIFY2(problem.isEmpty(), qPrintable(problem + u": "_s + why));
    QVERIFY2(why.contains(u"\"n\""_s) && why.contains(word), qPrintable(why));
}

/// A path may contain any name. Outside a path, the name of a class is refused.
void tst_ErrorTexts::styleIgnoresPaths()
{
    QCOMPARE(errorstyle::problemOf(u"there is no segment \"a\" in \"/tmp/x-QCUBMP\"; start its program"_s), QString());
    QVERIFY(!errorstyle::problemOf(u"no QString was given for \"/tmp/x\"; give one"_s).isEmpty());
    QVERIFY(!errorstyle::problemOf(u"the type \"QUuid\" of \"/tmp/x\" is unknown; use u32"_s).isEmpty());
}

/// Errors that cannot be provoked without harm to other programs.
void tst_ErrorTexts::ofTheSystem()
{
    for (const int number : {EACCES, EEXIST, EFBIG,  EIO,    EISDIR,  ELOOP, EMFILE, ENAMETOOLONG, ENFILE, ENODEV,
                             ENOENT, ENOMEM, ENOSPC, ENOSYS, ENOTDIR, ENXIO, EPERM,  EROFS,        ESRCH,  EDQUOT}) {
        const QString text = QString::fromStdString(sharedsegment::systemError("opening", "/x", number).text);
        const QString problem = errorstyle::problemOf(text);
        QVERIFY2(problem.isEmpty() && text.contains(u"\"/x\""_s), qPrintable(problem + u": "_s + text));
    }
    // One is this program's limit, the other the system's.
    QVERIFY(sharedsegment::remedyOfSystem(EMFILE).find("ulimit -n") != std::string_view::npos);
    QVERIFY(sharedsegment::remedyOfSystem(ENFILE).find("ulimit -n") == std::string_view::npos);
}

void tst_ErrorTexts::namedFolder_data()
{
    QTest::addColumn<QByteArray>("folder");
    for (const char *folder : {"/", "/tmp", "/dev/null", "/proc/self/root", "/usr/"})
        QTest::newRow(folder) << QByteArray(folder);
}

/// SHAREDSEGMENT_DIR may name anything by mistake: no text tells the user to change or remove that.
void tst_ErrorTexts::namedFolder()
{
    QFETCH(QByteArray, folder);
    const auto restore = qScopeGuard([this] { qputenv("SHAREDSEGMENT_DIR", QFile::encodeName(m_folder.path())); });
    qputenv("SHAREDSEGMENT_DIR", folder);
    const Told told = created(uniqueName());
    QCOMPARE(told.error, Error::PermissionDenied);
    QCOMPARE(errorstyle::problemOf(told.text), QString());
    QVERIFY2(told.text.endsWith(u"; set SHAREDSEGMENT_DIR to a folder of its own"_s), qPrintable(told.text));
    QVERIFY2(opened(uniqueName()).text.contains(u"; set SHAREDSEGMENT_DIR to a folder of its own"_s),
             qPrintable(opened(uniqueName()).text));
}

void tst_ErrorTexts::defaultFolder_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("remedy");
    QTest::newRow("mode") << u"folder"_s << u"; run chmod 700 on it"_s;
    QTest::newRow("file") << u"file"_s << u"; remove it, or set SHAREDSEGMENT_DIR"_s;
    QTest::newRow("link") << u"link"_s << u"; replace it by a folder"_s;
}

/// The library itself makes the folder at the default place, and what lies there can be corrected.
void tst_ErrorTexts::defaultFolder()
{
    QFETCH(QString, kind);
    QFETCH(QString, remedy);
    const QTemporaryDir runtime;
    const QString path = runtime.path() + u"/sharedsegment"_s;
    QFile file(path);
    if (kind == u"folder"_s)
        QVERIFY(::mkdir(QFile::encodeName(path), 0700) == 0 && ::chmod(QFile::encodeName(path), 0755) == 0);
    else if (kind == u"file"_s)
        QVERIFY(file.open(QIODevice::WriteOnly));
    else
        QVERIFY(QFile::link(runtime.path(), path));
    const QByteArray before = qgetenv("XDG_RUNTIME_DIR");
    const auto restore = qScopeGuard([&] {
        qputenv("SHAREDSEGMENT_DIR", QFile::encodeName(m_folder.path()));
        before.isNull() ? qunsetenv("XDG_RUNTIME_DIR") : qputenv("XDG_RUNTIME_DIR", before);
    });
    qunsetenv("SHAREDSEGMENT_DIR");
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(runtime.path()));
    const Told told = created(uniqueName());
    QCOMPARE(told.error, Error::PermissionDenied);
    QVERIFY2(told.text.contains(path) && told.text.endsWith(remedy), qPrintable(told.text));
}

QTEST_GUILESS_MAIN(tst_ErrorTexts)
#include "tst_errortexts.moc"
