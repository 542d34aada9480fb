// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "../../support/testsupport.h"

#include "os/doorbell.h"
#include "os/memory.h"
#include "os/writerlock.h"

#include <SharedSegment/SharedArray>

#include <aclapi.h>
#include <sddl.h>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Access = SharedSegment::Access;
using Error = SharedSegment::Error;
using State = SharedSegment::State;
namespace os = sharedsegment::os;
using sharedsegment::ErrorCode;

namespace {

std::wstring kernelName(const QString &instance, const QString &what)
{
    return (u"Local\\SharedSegment."_s + instance + what).toStdWString();
}

/// The access rights, in the language of security descriptors; empty where they are not readable.
QString accessList(HANDLE object)
{
    PSECURITY_DESCRIPTOR descriptor = nullptr;
    if (GetSecurityInfo(object, SE_KERNEL_OBJECT, DACL_SECURITY_INFORMATION, nullptr, nullptr, nullptr, nullptr,
                        &descriptor)
        != ERROR_SUCCESS)
        return QString();
    wchar_t *text = nullptr;
    ConvertSecurityDescriptorToStringSecurityDescriptorW(descriptor, SDDL_REVISION_1, DACL_SECURITY_INFORMATION, &text,
                                                         nullptr);
    const QString list = QString::fromWCharArray(text);
    LocalFree(text);
    LocalFree(descriptor);
    return list;
}

QString userSid()
{
    HANDLE token = nullptr;
    OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token);
    DWORD size = 0;
    GetTokenInformation(token, TokenUser, nullptr, 0, &size);
    QByteArray bytes(qsizetype(size), '\0');
    GetTokenInformation(token, TokenUser, bytes.data(), size, &size);
    CloseHandle(token);
    wchar_t *text = nullptr;
    ConvertSidToStringSidW(reinterpret_cast<TOKEN_USER *>(bytes.data())->User.Sid, &text);
    const QString sid = QString::fromWCharArray(text);
    LocalFree(text);
    return sid;
}

void setRegistry(const QString &path)
{
    SetEnvironmentVariableW(L"SHAREDSEGMENT_DIR", reinterpret_cast<const wchar_t *>(path.utf16()));
}

} // namespace

class tst_Windows : public QObject
{
    Q_OBJECT

private:
    RegistryFolder m_folder;

private Q_SLOTS:
    void cleanup()
    {
        setRegistry(m_folder.path());
        QCOMPARE(SharedSegment::names(), QStringList());
        QCOMPARE(m_folder.files(), QStringList());
    }

    void thisUserAlone();
    void oneWriterAlone();
    void takenNamesAreNoSuccess();
    void freeWhileOthersCheck();
    void recordIsOpenOnlyWhileItIsChecked();
    void foldersOfOthers_data();
    void foldersOfOthers();
    void wideAndLongPaths();
    void moreThanFourGibibytes();
};

void tst_Windows::thisUserAlone()
{
    SharedSegment s(uniqueName());
    s.setMultipleWriters(true);
    QVERIFY2(s.create(SharedLayout::of<double>(), 4), qPrintable(s.errorString()));
    QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 1, Deadline);
    const HANDLE memory = OpenFileMappingW(READ_CONTROL, FALSE, kernelName(s.instance(), QString()).c_str());
    const HANDLE record = OpenFileMappingW(READ_CONTROL, FALSE, kernelName(s.instance(), u".record"_s).c_str());
    const HANDLE writers = OpenMutexW(READ_CONTROL, FALSE, kernelName(s.instance(), u".writer"_s).c_str());
    const HANDLE doorbell = OpenEventW(READ_CONTROL, FALSE, kernelName(s.instance(), u".0.1.bell"_s).c_str());
    const QString user = userSid();
    for (const HANDLE object : {memory, record, writers, doorbell}) {
        QVERIFY(object);
        const QString list = accessList(object);
        CloseHandle(object);
        QCOMPARE(list.count(u'('), 1);
        QVERIFY2(list.startsWith(u"D:P(A;"_s) && list.endsWith(u";;;"_s + user + u')'), qPrintable(list));
    }
}

void tst_Windows::oneWriterAlone()
{
    for (const bool multipleWriters : {false, true}) {
        SharedSegment s(uniqueName());
        s.setMultipleWriters(multipleWriters);
        QVERIFY(s.create(SharedLayout::of<double>(), 4));
        const std::wstring name = kernelName(s.instance(), QString());
        const HANDLE readable = OpenFileMappingW(FILE_MAP_READ, FALSE, name.c_str());
        QVERIFY(readable);
        // Memory that was opened for reading is not mapped for writing.
        QVERIFY(!MapViewOfFile(readable, FILE_MAP_WRITE, 0, 0, 0));
        QCOMPARE(GetLastError(), DWORD(ERROR_ACCESS_DENIED));
        CloseHandle(readable);
        const HANDLE writable = OpenFileMappingW(FILE_MAP_WRITE, FALSE, name.c_str());
        QCOMPARE(writable != nullptr, multipleWriters);
        if (writable)
            CloseHandle(writable);
        QVERIFY(s.publish(QByteArray(32, 'x')));
    }
}

void tst_Windows::takenNamesAreNoSuccess()
{
    const std::string object = "Local\\SharedSegment.taken";
    const auto memory = os::Memory::create(os::Backend::Win32, object, 4096);
    QVERIFY(bool(memory));
    const auto again = os::Memory::create(os::Backend::Win32, object, 4096);
    QVERIFY(!again && again.error().code == ErrorCode::AlreadyExists);
    const auto doorbell = os::Doorbell::create("x/.taken.bell");
    QVERIFY(bool(doorbell));
    const auto secondDoorbell = os::Doorbell::create("x/.taken.bell");
    QVERIFY(!secondDoorbell && secondDoorbell.error().code == ErrorCode::AlreadyExists);
    const auto lock = os::WriterLock::create(nullptr, "x/.taken.writer");
    QVERIFY(bool(lock));
    const auto secondLock = os::WriterLock::create(nullptr, "x/.taken.writer");
    QVERIFY(!secondLock && secondLock.error().code == ErrorCode::AlreadyExists);
    const auto missing = os::WriterLock::open(nullptr, "x/.missing.writer");
    QVERIFY(!missing && missing.error().code == ErrorCode::NotFound);
}

void tst_Windows::freeWhileOthersCheck()
{
    // A deleted file keeps its name as long as any process has it open; a backup, say.
    for (const bool isKilled : {false, true}) {
        const QString name = uniqueName("held-open");
        auto peer = owner(name, SharedSegment::Backend::Win32);
        QFile record(m_folder.path() + u"/s."_s + name + u".segment"_s);
        QVERIFY(openBesideOthers(record));
        if (isKilled)
            peer->kill();
        else
            QCOMPARE(peer->ask("close"), u"closed"_s);
        SharedSegment next(name);
        QVERIFY2(next.create(SharedLayout::of<int>(), 1), qPrintable(next.errorString()));
    }
}

void tst_Windows::recordIsOpenOnlyWhileItIsChecked()
{
    const QString name = uniqueName();
    auto peer = owner(name, SharedSegment::Backend::Win32);
    SharedSegment reader(name);
    QVERIFY(reader.open());
    QTRY_COMPARE_WITH_TIMEOUT(reader.listenerCount(), 1, Deadline);
    peer->kill();
    QTRY_COMPARE_WITH_TIMEOUT(reader.state(), State::Orphaned, Deadline);
    // If this process had it open, it could not be deleted and made anew under the same name without being renamed first.
    QFile record(m_folder.path() + u"/s."_s + name + u".segment"_s);
    QVERIFY(record.remove());
    QVERIFY(!record.exists());
    QVERIFY(record.open(QIODevice::WriteOnly | QIODevice::NewOnly));
    record.close();
    QVERIFY(!SharedSegment::exists(name));
}

void tst_Windows::foldersOfOthers_data()
{
    QTest::addColumn<QString>("list");
    QTest::addColumn<bool>("isRefused");
    const QString user = userSid();
    QTest::newRow("mine") << (u"D:P(A;;GA;;;"_s + user + u")"_s) << false;
    QTest::newRow("mine and the system's") << (u"D:P(A;;GA;;;"_s + user + u")(A;;GA;;;SY)(A;;GA;;;BA)"_s) << false;
    QTest::newRow("everyone reads") << (u"D:P(A;;GA;;;"_s + user + u")(A;;GR;;;WD)"_s) << true;
    QTest::newRow("everyone") << u"D:P(A;;GA;;;WD)"_s << true;
}

void tst_Windows::foldersOfOthers()
{
    QFETCH(QString, list);
    QFETCH(bool, isRefused);
    QTemporaryDir place;
    const QString path = place.path() + u"/registry"_s;
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, nullptr, FALSE};
    QVERIFY(ConvertStringSecurityDescriptorToSecurityDescriptorW(
        reinterpret_cast<const wchar_t *>(list.utf16()), SDDL_REVISION_1, &attributes.lpSecurityDescriptor, nullptr));
    QVERIFY(CreateDirectoryW(reinterpret_cast<const wchar_t *>(path.utf16()), &attributes));
    LocalFree(attributes.lpSecurityDescriptor);
    setRegistry(path);
    SharedSegment s(uniqueName());
    const bool isCreated = s.create(SharedLayout::of<int>(), 1);
    QVERIFY2(isCreated != isRefused, qPrintable(s.errorString()));
    if (isRefused) {
        QCOMPARE(s.error(), Error::PermissionDenied);
        QVERIFY2(s.errorString().contains(path), qPrintable(s.errorString()));
    }
    s.close();
    // A file in its place, and no place for it.
    setRegistry(place.path() + u"/file"_s);
    QFile file(place.path() + u"/file"_s);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(!s.create(SharedLayout::of<int>(), 1));
    QCOMPARE(s.error(), Error::PermissionDenied);
    setRegistry(place.path() + u"/none/registry"_s);
    QVERIFY(!s.create(SharedLayout::of<int>(), 1));
    QCOMPARE(s.error(), Error::NotFound);
}

void tst_Windows::wideAndLongPaths()
{
    QTemporaryDir place;
    // Not of the letters that the system's old code page has, and longer than its old limit.
    QString folder = place.path() + u"/Größe-日本-\U0001F600"_s;
    QVERIFY(QDir().mkpath(folder));
    setRegistry(folder + u"/registry"_s);
    const QString names[] = {u"Größe/日本/\U0001F600"_s, QString(255, u'x'), QString(85, QChar(0x65e5))};
    for (const QString &name : names) {
        SharedSegment s(name);
        QVERIFY2(s.create(SharedLayout::of<int>(), 1), qPrintable(s.errorString()));
        QCOMPARE(SharedSegment::names(), QStringList{name});
        SharedSegment waiting(name + u"!"_s);
        waiting.setActive(true); // 255 bytes are the most.
        QCOMPARE(waiting.state(), State::Waiting);
        Peer peer({u"attach"_s, u"plain"_s, u"read"_s});
        QVERIFY(peer.line().startsWith(u"error NotFound"_s));
    }
    // Waiting processes see it, in such a folder too.
    SharedSegment waiting(u"awaited"_s);
    waiting.setActive(true);
    SharedSegment owner(u"awaited"_s);
    QVERIFY(owner.create(SharedLayout::of<int>(), 1));
    QTRY_COMPARE_WITH_TIMEOUT(waiting.state(), State::Open, Deadline);
}

void tst_Windows::moreThanFourGibibytes()
{
    constexpr qint64 Length = (qint64(1) << 32) / 8 + 1000;
    SharedArray<double> a(uniqueName());
    a.segment()->setBufferCount(1);
    if (!a.create(Length)) {
        QCOMPARE(a.error(), Error::OutOfMemory);
        QSKIP("this machine has too little memory");
    }
    QCOMPARE(a.capacity(), Length);
    QCOMPARE(a.segment()->size(), Length * 8);
    const std::span<double> live = a.live();
    live[0] = 1;
    live[std::size_t(Length) - 1] = 2;
    QCOMPARE(a.readElement(0), 1.0);
    QCOMPARE(a.readElement(Length - 1), 2.0);
}

QTEST_GUILESS_MAIN(tst_Windows)
#include "tst_windows.moc"
