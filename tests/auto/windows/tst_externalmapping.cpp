// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>

#include <QtTest/QSignalSpy>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Access = SharedSegment::Access;
using Error = SharedSegment::Error;
using State = SharedSegment::State;

namespace {

constexpr int Bytes = 8000;

std::unique_ptr<Peer> owner(const QString &name)
{
    return std::make_unique<Peer>(QStringList{name, QString::number(Bytes)});
}

} // namespace

/// Memory of another process: mappingpeer.cpp.
class tst_ExternalMapping : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readAndWritten();
    void handle();
    void nameIsNotKept();
    void activeComesBack();
    void badInput();
};

void tst_ExternalMapping::readAndWritten()
{
    const QString name = uniqueName("mapping");
    auto peer = owner(name);
    QCOMPARE(peer->line(), u"ready"_s);
    QCOMPARE(peer->ask("set 3 1.5"), u"ok"_s);
    SharedSegment s;
    QVERIFY2(s.openExternal(name, SharedLayout::of<double>(), 0, Access::ReadWrite), qPrintable(s.errorString()));
    QCOMPARE(s.backend(), SharedSegment::Backend::Win32);
    QVERIFY(s.capacity() >= Bytes / 8); // In whole pages: only its owner knows where it ends.
    double value = 0;
    QVERIFY(s.read(std::as_writable_bytes(std::span(&value, 1)), 24));
    QCOMPARE(value, 1.5);
    {
        SharedWriter writer = s.beginWrite();
        QVERIFY(writer);
        const double other = 2.5;
        std::memcpy(writer.bytes().data() + 32, &other, 8);
    }
    QCOMPARE(peer->ask("get 4"), u"2.5"_s);
    QCOMPARE(peer->ask("get 3"), u"1.5"_s);

    SharedSegment part;
    part.setCapacity(2);
    QVERIFY(part.openExternal(name, SharedLayout::of<double>(), 24));
    QCOMPARE(part.size(), 16);
    QVERIFY(!part.publish(QByteArray(16, '\0')));
    QCOMPARE(part.error(), Error::PermissionDenied);
    QSignalSpy updated(&part, &SharedSegment::updated);
    QCOMPARE(peer->ask("set 3 4.5"), u"ok"_s);
    part.refresh();
    QTRY_COMPARE_WITH_TIMEOUT(updated.count(), 1, Deadline);
    std::memcpy(&value, part.snapshot().constData(), 8);
    QCOMPARE(value, 4.5);
}

void tst_ExternalMapping::handle()
{
    const QString name = uniqueName("mapping");
    auto peer = owner(name);
    QCOMPARE(peer->line(), u"ready"_s);
    QCOMPARE(peer->ask("set 0 6.5"), u"ok"_s);
    const HANDLE memory = OpenFileMappingW(FILE_MAP_READ, FALSE, reinterpret_cast<const wchar_t *>(name.utf16()));
    QVERIFY(memory);
    SharedSegment s;
    QVERIFY2(s.openExternal(qintptr(memory), SharedLayout::of<double>()), qPrintable(s.errorString()));
    CloseHandle(memory);
    double value = 0;
    QVERIFY(s.read(std::as_writable_bytes(std::span(&value, 1))));
    QCOMPARE(value, 6.5);
    // Memory that came with a handle has no name to lose.
    peer->kill();
    s.refresh();
    QCOMPARE(s.state(), State::Open);
    QVERIFY(s.read(std::as_writable_bytes(std::span(&value, 1))));
    QCOMPARE(value, 6.5);
    // A process is not memory.
    SharedSegment wrong;
    QVERIFY(!wrong.openExternal(qintptr(GetCurrentProcess()), SharedLayout::of<double>()));
    QVERIFY2(wrong.error() == Error::Unsupported, qPrintable(wrong.errorString()));
}

void tst_ExternalMapping::nameIsNotKept()
{
    const QString name = uniqueName("mapping");
    auto first = owner(name);
    QCOMPARE(first->line(), u"ready"_s);
    QCOMPARE(first->ask("set 0 1"), u"ok"_s);
    SharedSegment s;
    QVERIFY(s.openExternal(name, SharedLayout::of<double>()));
    first->kill();
    // Though this process still has the old memory mapped.
    auto second = owner(name);
    QCOMPARE(second->line(), u"ready"_s);
    QCOMPARE(second->ask("set 0 2"), u"ok"_s);
    double value = 0;
    QVERIFY(s.read(std::as_writable_bytes(std::span(&value, 1))));
    QCOMPARE(value, 1.0);
}

void tst_ExternalMapping::activeComesBack()
{
    const QString name = uniqueName("mapping");
    SharedSegment s;
    s.setExternalName(name);
    s.setLayoutText(u"f64"_s);
    s.setPollingInterval(10);
    s.setActive(true);
    QCOMPARE(s.state(), State::Waiting);
    QSignalSpy orphaned(&s, &SharedSegment::orphaned);
    for (int i = 1; i <= 3; ++i) {
        auto peer = owner(name);
        QCOMPARE(peer->line(), u"ready"_s);
        QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Open, Deadline);
        QCOMPARE(peer->ask("set 0 " + QByteArray::number(i)), u"ok"_s);
        double value = 0;
        QVERIFY(s.read(std::as_writable_bytes(std::span(&value, 1))));
        QCOMPARE(value, double(i));
        peer->kill();
        QTRY_COMPARE_WITH_TIMEOUT(orphaned.count(), i, Deadline);
    }
}

void tst_ExternalMapping::badInput()
{
    SharedSegment s;
    QVERIFY(!s.openExternal(uniqueName("none"), SharedLayout::of<double>()));
    QCOMPARE(s.error(), Error::NotFound);
    QVERIFY(!s.openExternal(QString(), SharedLayout::of<double>()));
    QCOMPARE(s.error(), Error::InvalidName);
    QVERIFY(!s.openExternal(QString(300, u'x'), SharedLayout::of<double>()));
    QCOMPARE(s.error(), Error::InvalidName);
    const QString name = uniqueName("mapping");
    auto peer = owner(name);
    QCOMPARE(peer->line(), u"ready"_s);
    QVERIFY(!s.openExternal(name, SharedLayout::of<double>(), 1 << 20));
    QCOMPARE(s.error(), Error::InvalidSize);
    s.setCapacity(100000);
    QVERIFY(!s.openExternal(name, SharedLayout::of<double>()));
    QCOMPARE(s.error(), Error::InvalidSize);
    // Reserved, without memory behind it: reading it would end the process.
    const QString reserved = uniqueName("reserved");
    const HANDLE memory = CreateFileMappingW(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE | SEC_RESERVE, 0, Bytes,
                                             reinterpret_cast<const wchar_t *>(reserved.utf16()));
    QVERIFY(memory);
    s.setCapacity(0);
    QVERIFY(!s.openExternal(reserved, SharedLayout::of<double>()));
    QVERIFY(!s.errorString().isEmpty());
    CloseHandle(memory);
}

QTEST_GUILESS_MAIN(tst_ExternalMapping)
#include "tst_externalmapping.moc"
