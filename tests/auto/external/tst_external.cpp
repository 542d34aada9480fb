// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "externalpeer.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedValue>

#include <QtTest/QSignalSpy>

#include <fcntl.h>
#include <limits>
#include <memory>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace testsupport;

using Access = SharedSegment::Access;
using Error = SharedSegment::Error;
using State = SharedSegment::State;

struct Sample
{
    qint32 id;
    double value;
};
SHARED_STRUCT(Sample, id, value)

class tst_External : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pythonArray();
    void pythonStructsAtAnOffset();
    void boostRegion();
    void boostManagedObject();
    void zigSegment();
    void descriptor();
    void sealedDescriptor();
    void writing();
    void writingLeavesOtherElementsAlone();
    void live();
    void properties();
    void badInput_data();
    void badInput();
    void badNamesAndDescriptors();
    void notWritable();
};

void tst_External::pythonArray()
{
    ExternalName name;
    PythonMemory python(name, 800);
    QVERIFY(python.isReady());
    QCOMPARE(python.name(), u"/"_s + name);
    QCOMPARE(python.ask(u"set d 0 1.5 2.5 3.5"_s), u"ok"_s);

    // With and without the slash.
    for (const QString &spelling : {QString(name), u"/"_s + name}) {
        SharedArray<double> array;
        QVERIFY2(array.openExternal(spelling), qPrintable(array.errorString()));
        QCOMPARE(array.capacity(), 100);
        QCOMPARE(array.snapshot().first(4), QList<double>({1.5, 2.5, 3.5, 0}));
        QCOMPARE(array.readElement(1), 2.5);
    }

    SharedArray<double, 3> three;
    QVERIFY2(three.openExternal(name), qPrintable(three.errorString()));
    QCOMPARE(three.snapshot(), QList<double>({1.5, 2.5, 3.5}));
    QCOMPARE(python.ask(u"set d 8 -1"_s), u"ok"_s);
    // Visible without an update, as live memory is.
    QCOMPARE(three.readElement(1), -1.0);
}

void tst_External::pythonStructsAtAnOffset()
{
    ExternalName name;
    PythonMemory python(name, 1000);
    python.ask(u"set i 68 42"_s);
    python.ask(u"set d 76 0.25"_s);

    // 68 is not an alignment of any double.
    SharedValue<Sample> value;
    QVERIFY2(value.openExternal(name, 68), qPrintable(value.errorString()));
    QCOMPARE(value.get().id, 42);
    QCOMPARE(value.get().value, 0.25);
    QCOMPARE(value.live(), nullptr);

    SharedSegment segment;
    segment.setCapacity(2);
    QVERIFY(segment.openExternal(name, SharedLayout::parse(u"Sample{id:i32;value:f64}"), 68));
    QCOMPARE(segment.capacity(), 2);
    QCOMPARE(segment.snapshot().size(), 32);
}

void tst_External::boostRegion()
{
    ExternalName name;
    Peer boost({u"region"_s, name});
    QCOMPARE(boost.line(), u"ready"_s);
    SharedArray<double> array;
    QVERIFY2(array.openExternal(name), qPrintable(array.errorString()));
    QCOMPARE(array.capacity(), 64);
    QCOMPARE(array.readElement(63), 31.5);
    QCOMPARE(boost.ask("63 7.25"), u"ok"_s);
    QCOMPARE(array.readElement(63), 7.25);
    QVERIFY(boost.finish());
}

void tst_External::boostManagedObject()
{
    ExternalName name;
    Peer boost({u"managed"_s, name});
    const qint64 offset = boost.line().toLongLong();
    QVERIFY(offset > 0);
    QCOMPARE(boost.line(), u"ready"_s);
    SharedArray<double, 16> array;
    QVERIFY2(array.openExternal(name, offset), qPrintable(array.errorString()));
    QCOMPARE(array.readElement(15), 7.5);
    QCOMPARE(boost.ask("15 -2"), u"ok"_s);
    QCOMPARE(array.readElement(15), -2.0);
    QVERIFY(boost.finish());
}

/// The Zig library's posix segments begin with two words: the size in bytes and the number of elements.
void tst_External::zigSegment()
{
    ExternalName name;
    PythonMemory python(name, 96);
    python.ask(u"set Q 0 96 20"_s);
    python.ask(u"set i 16 0 2 4 6"_s);
    SharedArray<quint64, 2> header;
    QVERIFY(header.openExternal(name));
    QCOMPARE(header.snapshot(), QList<quint64>({96, 20}));
    SharedArray<qint32> array;
    array.segment()->setCapacity(qint64(header.readElement(1)));
    QVERIFY2(array.openExternal(name, 16), qPrintable(array.errorString()));
    QCOMPARE(array.capacity(), 20);
    QCOMPARE(array.snapshot().first(4), QList<qint32>({0, 2, 4, 6}));
}

void tst_External::descriptor()
{
    PythonPeer python;
    const QString number = python.ask(u"memfd 64"_s);
    python.ask(u"set d 0 1.5"_s);
    const int descriptor = ::open(qPrintable(u"/proc/%1/fd/%2"_s.arg(python.pid()).arg(number)), O_RDWR | O_CLOEXEC);
    QVERIFY(descriptor >= 0);
    SharedSegment segment;
    QVERIFY2(segment.openExternal(descriptor, SharedLayout::of<double>(), 0, Access::ReadWrite),
             qPrintable(segment.errorString()));
    // It has one of its own.
    ::close(descriptor);
    QCOMPARE(segment.capacity(), 8);
    QCOMPARE(segment.backend(), SharedSegment::Backend::Memfd);
    double value = 0;
    QVERIFY(segment.read(std::as_writable_bytes(std::span(&value, 1))));
    QCOMPARE(value, 1.5);
    {
        SharedWriter writer = segment.beginWrite();
        QVERIFY(writer);
        reinterpret_cast<double *>(writer.bytes().data())[7] = 9;
    }
    QCOMPARE(python.ask(u"get d 56"_s), u"9.0"_s);

    // The process that made it may end: there is no name that could go with it.
    python.kill();
    segment.refresh();
    QTest::qWait(50);
    QCOMPARE(segment.state(), State::Open);
    QCOMPARE(segment.snapshot().size(), 64);
}

void tst_External::sealedDescriptor()
{
    PythonPeer python;
    const QString number = python.ask(u"memfd 64"_s);
    QCOMPARE(python.ask(u"seal"_s), u"ok"_s);
    const int descriptor = ::open(qPrintable(u"/proc/%1/fd/%2"_s.arg(python.pid()).arg(number)), O_RDWR | O_CLOEXEC);
    QVERIFY(descriptor >= 0);
    SharedSegment segment;
    QVERIFY(!segment.openExternal(descriptor, SharedLayout::of<double>(), 0, Access::ReadWrite));
    QCOMPARE(segment.error(), Error::PermissionDenied);
    QVERIFY(segment.openExternal(descriptor, SharedLayout::of<double>()));
    ::close(descriptor);
}

void tst_External::writing()
{
    ExternalName name;
    PythonMemory python(name, 32);
    SharedArray<double> array;
    QVERIFY(array.openExternal(name, 8, Access::ReadWrite));
    QCOMPARE(array.capacity(), 3);
    QSignalSpy updated(array.segment(), &SharedSegment::updated);
    const quint64 revision = array.revision();
    QVERIFY(array.publish(std::vector<double>{1, 2, 3}));
    QCOMPARE(array.revision(), revision + 1);
    QCOMPARE(python.ask(u"get d 0"_s), u"0.0"_s);
    QCOMPARE(python.ask(u"get d 24"_s), u"3.0"_s);
    // An object receives its own updates, as with segments.
    QTRY_COMPARE(updated.size(), 1);
    {
        auto writer = array.beginWrite();
        QCOMPARE(writer[2], 3.0);
        writer[2] = 4;
        writer.discard();
    }
    QCOMPARE(python.ask(u"get d 24"_s), u"3.0"_s);
    QVERIFY(!array.publish(std::vector<double>{1, 2}));
    QCOMPARE(array.error(), Error::InvalidSize);
}

void tst_External::writingLeavesOtherElementsAlone()
{
    ExternalName name;
    PythonMemory python(name, 80);
    SharedArray<double> array;
    QVERIFY(array.openExternal(name, 0, Access::ReadWrite));
    {
        auto writer = array.beginWrite();
        writer[3] = 3;
        writer[4] = 4;
        writer[9] = 9;
        python.ask(u"set d 0 100"_s);
        python.ask(u"set d 40 500"_s);
    }
    QCOMPARE(array.snapshot(), QList<double>({100, 0, 0, 3, 4, 500, 0, 0, 0, 9}));
}

void tst_External::live()
{
    ExternalName name;
    PythonMemory python(name, 80);
    SharedArray<double> array;
    QVERIFY(array.openExternal(name, 16, Access::ReadWrite));
    QCOMPARE(array.live().size(), 8u);
    array.live()[0] = 2.5;
    QCOMPARE(python.ask(u"get d 16"_s), u"2.5"_s);
}

void tst_External::properties()
{
    ExternalName name;
    PythonMemory python(name, 80);
    SharedSegment segment;
    QCOMPARE(segment.externalName(), QString());
    QCOMPARE(segment.externalOffset(), 0);
    QCOMPARE(segment.pollingInterval(), 0);
    QSignalSpy nameChanged(&segment, &SharedSegment::externalNameChanged);
    QSignalSpy offsetChanged(&segment, &SharedSegment::externalOffsetChanged);
    QSignalSpy intervalChanged(&segment, &SharedSegment::pollingIntervalChanged);
    segment.setExternalName(name);
    segment.setExternalOffset(8);
    segment.setPollingInterval(50);
    segment.setExternalName(name);
    segment.setExternalOffset(8);
    segment.setPollingInterval(50);
    QCOMPARE(nameChanged.size(), 1);
    QCOMPARE(offsetChanged.size(), 1);
    QCOMPARE(intervalChanged.size(), 1);
    for (const int interval : {-1, std::numeric_limits<int>::min()}) {
        segment.setPollingInterval(interval);
        QCOMPARE(segment.pollingInterval(), 0);
    }

    segment.setLayoutText(u"f64"_s);
    QSignalSpy opened(&segment, &SharedSegment::opened);
    segment.setActive(true);
    QCOMPARE(segment.state(), State::Open);
    QCOMPARE(opened.size(), 1);
    QCOMPARE(segment.capacity(), 9);
    QCOMPARE(segment.size(), 72);
    QCOMPARE(segment.bufferCount(), 1);
    QCOMPARE(segment.backend(), SharedSegment::Backend::Posix);
    QCOMPARE(segment.layoutText(), u"f64"_s);
    QVERIFY(!segment.isOwner());
    QCOMPARE(segment.ownerPid(), 0);
    QCOMPARE(segment.ownerProgram(), QString());
    const QString instance = segment.instance();
    QCOMPARE(instance.size(), 32);
    QVERIFY(!segment.createdAt().isValid());
    QCOMPARE(segment.listenerCount(), 0);
    QCOMPARE(segment.revision(), 1u);
    QVERIFY(segment.updatedAt().isValid());

    // Changed while open: the object opens it again.
    segment.setExternalOffset(16);
    QCOMPARE(segment.capacity(), 8);
    QCOMPARE(opened.size(), 2);
    QVERIFY(segment.instance() != instance);
    segment.close();
    QCOMPARE(segment.state(), State::Closed);
}

void tst_External::badInput_data()
{
    QTest::addColumn<QString>("suffix");
    QTest::addColumn<QString>("layout");
    QTest::addColumn<qint64>("offset");
    QTest::addColumn<qint64>("length");
    QTest::addColumn<Error>("error");
    constexpr qint64 huge = std::numeric_limits<qint64>::max();

    QTest::newRow("not there") << u"-not-there"_s << u"f64"_s << qint64(0) << qint64(0) << Error::NotFound;
    QTest::newRow("slash") << u"/x"_s << u"f64"_s << qint64(0) << qint64(0) << Error::InvalidName;
    QTest::newRow("NUL") << QString(QChar(0)) << u"f64"_s << qint64(0) << qint64(0) << Error::InvalidName;
    QTest::newRow("half a character") << QString(QChar(0xd800)) << u"f64"_s << qint64(0) << qint64(0)
                                      << Error::InvalidName;
    QTest::newRow("too long") << QString(300, u'x') << u"f64"_s << qint64(0) << qint64(0) << Error::InvalidName;
    QTest::newRow("no layout") << QString() << QString() << qint64(0) << qint64(0) << Error::InvalidLayout;
    QTest::newRow("bad layout") << QString() << u"f65"_s << qint64(0) << qint64(0) << Error::InvalidLayout;
    QTest::newRow("offset below 0") << QString() << u"f64"_s << qint64(-1) << qint64(0) << Error::InvalidSize;
    QTest::newRow("offset at the end") << QString() << u"f64"_s << qint64(80) << qint64(0) << Error::InvalidSize;
    QTest::newRow("offset near the end") << QString() << u"f64"_s << qint64(73) << qint64(0) << Error::InvalidSize;
    QTest::newRow("offset far out") << QString() << u"f64"_s << huge << qint64(0) << Error::InvalidSize;
    QTest::newRow("length below 0") << QString() << u"f64"_s << qint64(0) << qint64(-1) << Error::InvalidSize;
    QTest::newRow("one too many") << QString() << u"f64"_s << qint64(0) << qint64(11) << Error::InvalidSize;
    QTest::newRow("length overflows") << QString() << u"f64"_s << qint64(0) << huge << Error::InvalidSize;
}

void tst_External::badInput()
{
    QFETCH(QString, suffix);
    QFETCH(QString, layout);
    QFETCH(qint64, offset);
    QFETCH(qint64, length);
    QFETCH(Error, error);
    ExternalName name;
    PythonMemory python(name, 80);
    SharedSegment segment;
    segment.setCapacity(length);
    QSignalSpy occurred(&segment, &SharedSegment::errorOccurred);
    QVERIFY(!segment.openExternal(name + suffix, SharedLayout::parse(layout), offset));
    QCOMPARE(segment.error(), error);
    QVERIFY(!segment.errorString().isEmpty());
    QCOMPARE(occurred.size(), 1);
    QCOMPARE(segment.state(), State::Closed);

    // The same by properties.
    SharedSegment active;
    active.setCapacity(length);
    active.setLayoutText(layout);
    active.setExternalOffset(offset);
    active.setExternalName(name + suffix);
    active.setActive(true);
    // An invalid name or layout does not become valid by waiting.
    const bool isHopeless = error == Error::InvalidName || error == Error::InvalidLayout;
    QCOMPARE(active.state(), isHopeless ? State::Closed : State::Waiting);
    QCOMPARE(active.error(), error == Error::NotFound ? Error::NoError : error);
}

void tst_External::badNamesAndDescriptors()
{
    SharedSegment segment;
    int ends[2];
    QCOMPARE(::pipe(ends), 0);
    const qintptr outOfRange = std::numeric_limits<qintptr>::max();
    for (const qintptr descriptor : {qintptr(-1), qintptr(1'000'000), outOfRange}) {
        QVERIFY(!segment.openExternal(descriptor, SharedLayout::of<double>()));
        QCOMPARE(segment.error(), Error::SystemError);
        QVERIFY(segment.errorString().contains(QString::number(descriptor)));
    }
    QVERIFY(!segment.openExternal(QString(), SharedLayout::of<double>()));
    QCOMPARE(segment.error(), Error::InvalidName);
    segment.setLayoutText(u"f64"_s);
    QVERIFY(!segment.openExternal(u"x"_s, SharedLayout()));
    QCOMPARE(segment.error(), Error::InvalidLayout);
    QVERIFY2(segment.errorString().startsWith(u"there is no layout"_s), qPrintable(segment.errorString()));
    QVERIFY(!segment.openExternal(ends[0], SharedLayout::of<double>()));
    QCOMPARE(segment.error(), Error::Unsupported);
    ::close(ends[0]);
    ::close(ends[1]);

    ExternalName name;
    const int readOnly = ::shm_open(qPrintable(u"/"_s + name), O_RDONLY | O_CREAT | O_CLOEXEC, 0600);
    QVERIFY(readOnly >= 0);
    QVERIFY(!segment.openExternal(readOnly, SharedLayout::of<double>(), 0, Access::ReadWrite));
    QCOMPARE(segment.error(), Error::PermissionDenied);
    QVERIFY(!segment.openExternal(readOnly, SharedLayout::of<double>()));
    QCOMPARE(segment.error(), Error::InvalidSize); // It is empty.
    ::close(readOnly);
}

void tst_External::notWritable()
{
    ExternalName name;
    PythonMemory python(name, 80);
    SharedArray<double> array;
    QVERIFY(array.openExternal(name));
    QVERIFY(!array.beginWrite());
    QCOMPARE(array.error(), Error::PermissionDenied);
    QVERIFY(!array.openExternal(name));
    QCOMPARE(array.error(), Error::InvalidState);
    QVERIFY(array.isOpen());
}

QTEST_GUILESS_MAIN(tst_External)
#include "tst_external.moc"
