// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The bytes of records and memories, sound and damaged.

#include "formatpart.h"
#include "formattest.h"

#include "engine/append.h"
#include "engine/createsegment.h"
#include "engine/writetransaction.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedSegment>

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QProcess>
#include <QtTest/QTest>

#include <array>
#include <span>

using namespace formattest;

namespace {

quint64 fnv1a64(const QByteArray &bytes)
{
    quint64 hash = 0xcbf29ce484222325u;
    for (const char byte : bytes)
        hash = (hash ^ static_cast<uchar>(byte)) * 0x100000001b3u;
    return hash;
}

} // namespace

class tst_FormatBytes : public FormatTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void initTestCase() { useOwnFolder(); }
    void init() { checkNothingIsLeft(); }
    void cleanup() { sweep(); }

    void multipleWriters();
    void recordBytes();
    void memoryBytes();
    void mirrors();
    void damaged_data();
    void damaged();
};

void tst_FormatBytes::multipleWriters()
{
    SharedSegment segment(newName());
    segment.setBackend(backend());
    segment.setMultipleWriters(true);
    QVERIFY2(segment.create(SharedLayout::of<double>(), 1), qPrintable(segment.errorString()));
    QVERIFY2(segment.publish(bytesOf<double>({0.25})), qPrintable(segment.errorString()));
    const QByteArray record = recordContent();
    QCOMPARE(valueAt<quint32>(record, 56), 1u);
    // Of the lock between writers only the place is checked; or a file, and no process runs.
    const QString lock = u".%1.writer"_s.arg(segment.instance());
    QCOMPARE(isZero(record, 576, 640), hasFileLocks);
    QCOMPARE(filesIn(m_folder.path()).contains(lock), hasFileLocks);
    QVERIFY(isZero(record, 512, 576));
    QVERIFY(isZero(record, 640, 8188));
    QCOMPARE(valueAt<quint32>(memoryContent(record), 60), 1u);
    const Answer answer = readByPython(segment.name());
    QVERIFY2(answer.code == Found, answer.errors.constData());
    QCOMPARE(answer.valuesText(), QByteArray("[0.25]"));
}

void tst_FormatBytes::recordBytes()
{
    SharedArray<Part> parts(newName());
    parts.segment()->setBackend(backend());
    parts.segment()->setBufferCount(3);
    QVERIFY2(parts.create(5), qPrintable(parts.errorString()));
    const QByteArray record = recordContent();
    const QByteArray name = parts.segment()->name().toUtf8();
    const QByteArray instance = QByteArray::fromHex(parts.segment()->instance().toLatin1());
    const bool isMemfd = backend() == SharedSegment::Backend::Memfd;

    QCOMPARE(record.size(), 8192);
    QCOMPARE(record.left(8), QByteArray("SSRECORD"));
    QCOMPARE(valueAt<quint32>(record, 8), 2u);
    QCOMPARE(valueAt<quint32>(record, 12), isMemfd ? 1u : 2u);
    QCOMPARE(instance.size(), 16);
    QCOMPARE(record.mid(16, 16), instance);
    QCOMPARE(valueAt<quint64>(record, 32), quint64(QCoreApplication::applicationPid()));
    if (isMemfd) {
        const QString link = QFile::symLinkTarget(u"/proc/self/fd/%1"_s.arg(valueAt<qint64>(record, 40)));
        QVERIFY2(link.contains(u"memfd:"), qPrintable(link));
    } else {
        QCOMPARE(valueAt<qint64>(record, 40), -1);
    }
    // 5 elements of 72 bytes are 360, rounded up to 384; three of these follow the first page.
    QCOMPARE(valueAt<quint64>(record, 48), 4096u + 3 * 384u);
    QCOMPARE(valueAt<quint32>(record, 56), 0u);
    QCOMPARE(valueAt<quint32>(record, 60), quint32(name.size()));
    QCOMPARE(record.mid(64, name.size()), name);
    QVERIFY(isZero(record, 64 + name.size(), 320));
    const QByteArray object = isMemfd ? QByteArray() : "/ss-" + instance.toHex().toUpper().left(22);
    QCOMPARE(record.mid(320, object.size()), object);
    // No optional features; an array of fixed count.
    QVERIFY(isZero(record, 320 + object.size(), 512));
    // Alive, of this host, no listeners, no lock between writers.
    QVERIFY(isZero(record, 512, 8188));
    QCOMPARE(record.mid(8188), QByteArray("MARK"));
}

void tst_FormatBytes::memoryBytes()
{
    SharedArray<Part> parts(newName());
    parts.segment()->setBackend(backend());
    parts.segment()->setBufferCount(3);
    const qint64 before = nanosecondsNow();
    QVERIFY2(parts.create(5), qPrintable(parts.errorString()));
    for (int revision = 1; revision <= 4; ++revision) {
        QList<Part> values(5, partNumber(revision));
        QVERIFY2(parts.publish(std::span<const Part>(values.constData(), 5)), qPrintable(parts.errorString()));
    }
    const qint64 after = nanosecondsNow();
    const QByteArray layout =
        "Part{id:i32@0;value:f64@8;label:char[20]@16;pos.x:f64@40;pos.y:f64@48;weights:f32[3]@56;on:bool@68}/72";
    const QByteArray memory = memoryContent(recordContent());

    QCOMPARE(memory.size(), 4096 + 3 * 384);
    QCOMPARE(memory.left(8), QByteArray("SSEGMENT"));
    QCOMPARE(valueAt<quint32>(memory, 8), 2u);
    QCOMPARE(valueAt<quint32>(memory, 12), 4096u);
    QCOMPARE(valueAt<quint64>(memory, 16), 4096u + 3 * 384u);
    QCOMPARE(valueAt<quint64>(memory, 24), 5u);
    QCOMPARE(valueAt<quint32>(memory, 32), 72u);
    QCOMPARE(valueAt<quint32>(memory, 36), 8u);
    QCOMPARE(valueAt<quint32>(memory, 40), 1024u);
    QCOMPARE(valueAt<quint32>(memory, 44), quint32(layout.size()));
    QCOMPARE(valueAt<quint64>(memory, 48), fnv1a64(layout));
    QCOMPARE(valueAt<quint32>(memory, 56), 3u);
    QCOMPARE(valueAt<quint32>(memory, 60), 0u);
    QCOMPARE(valueAt<quint64>(memory, 64), 384u);
    QCOMPARE(valueAt<quint64>(memory, 72), quint64(QCoreApplication::applicationPid()));
    QCOMPARE(memory.mid(80, 16), QByteArray::fromHex(parts.segment()->instance().toLatin1()));
    QVERIFY(valueAt<qint64>(memory, 96) >= before);
    QVERIFY(valueAt<qint64>(memory, 96) <= after);
    // Fixed count, no metadata, no optional features.
    QVERIFY(isZero(memory, 104, 128));
    QCOMPARE(valueAt<quint64>(memory, 128), 4u);
    QVERIFY(isZero(memory, 136, 256));
    // Revision 3 in buffer 0, 4 in 1, 2 in 2.
    const std::array<quint64, 3> revisions = {3, 4, 2};
    for (std::size_t buffer = 0; buffer < revisions.size(); ++buffer) {
        const auto entry = qsizetype(256 + 32 * buffer);
        QCOMPARE(valueAt<quint64>(memory, entry), 2 * revisions[buffer]);
        QVERIFY(valueAt<qint64>(memory, entry + 8) >= before);
        QVERIFY(valueAt<qint64>(memory, entry + 8) <= after);
        QCOMPARE(valueAt<quint64>(memory, entry + 16), 5u);
        QCOMPARE(valueAt<qint64>(memory, entry + 24), 0);
        const auto payload = qsizetype(4096 + 384 * buffer);
        for (qsizetype element = 0; element < 5; ++element) {
            QCOMPARE(valueAt<qint32>(memory, payload + 72 * element), qint32(revisions[buffer]));
            const Part part = partNumber(int(revisions[buffer]));
            QCOMPARE(memory.mid(payload + 72 * element + 16, 20), QByteArray(part.label, 20));
        }
    }
    QVERIFY(isZero(memory, 256 + 3 * 32, 1024));
    QCOMPARE(memory.mid(1024, layout.size()), layout);
    QVERIFY(isZero(memory, 1024 + layout.size(), 4096));
}

void tst_FormatBytes::mirrors()
{
    using namespace sharedsegment;
    using namespace sharedsegment::engine;
    constexpr qint64 Published = 1'700'000'000'000'000'000;
    constexpr qint64 AtSource = 1'600'000'000'000'000'000;
    for (const Kind kind : {Kind::FixedArray, Kind::Stream}) {
        const QString name = u"@host/"_s + newName();
        const Result<CreatedSegment> mirror = createSegment(
            Registry::ofEnvironment(), name.toStdString(), *Layout::parse("u64"),
            {.backend = os::Backend(backend()), .kind = kind, .capacity = 1, .source = Source::Reachable});
        QVERIFY(mirror);
        const quint64 value = 7;
        const auto bytes = std::as_bytes(std::span(&value, 1));
        const auto publish = kind == Kind::Stream ? &appendMirrored : &publishMirrored;
        QVERIFY(publish(*mirror->segment, bytes, {Published, AtSource}, std::chrono::seconds(1)));
        const QByteArray memory = memoryContent(recordContent());
        QCOMPARE(valueAt<qint64>(memory, 288 + 8), Published);
        QCOMPARE(valueAt<qint64>(memory, 288 + 24), AtSource);
        QCOMPARE(valueAt<quint32>(recordContent(), 524), 1u);
        Answer answer = readByPython(name);
        QVERIFY2(answer.code == Found, answer.errors.constData());
        QCOMPARE(answer.integer("timestamp"_L1), Published);
        QCOMPARE(answer.integer("sourceTimestamp"_L1), AtSource);
        QCOMPARE(answer.text("source"_L1), u"reachable"_s);
        QVERIFY(mirror->segment->setSource(Source::NotReachable));
        QCOMPARE(valueAt<quint32>(recordContent(), 524), 2u);
        // Elements that never came: the independent reader begins after them.
        if (kind == Kind::Stream)
            QVERIFY(skip(*mirror->segment, 5, std::chrono::seconds(1)));
        answer = readByPython(name);
        QCOMPARE(answer.text("source"_L1), u"not reachable"_s);
        QCOMPARE(answer.integer("revision"_L1), kind == Kind::Stream ? 6 : 1);
        QCOMPARE(answer.valuesText(), kind == Kind::Stream ? QByteArray("[]") : QByteArray("[7]"));
        SharedSegment segment(name);
        QVERIFY2(segment.open(), qPrintable(segment.errorString()));
        QCOMPARE(segment.updatedAt().toMSecsSinceEpoch(), Published / 1'000'000);
    }
}

void tst_FormatBytes::damaged_data()
{
    QTest::addColumn<QString>("part");
    QTest::addColumn<int>("offset");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("error");

    using Error = SharedSegment::Error;
    const auto row = [](const char *title, const char *part, int offset, const char *hex, int code, Error error) {
        QTest::newRow(title) << QString::fromLatin1(part) << offset << QByteArray(hex) << code << int(error);
    };
    row("record: magic", "record", 0, "53535245434F5245", Corrupt, Error::Corrupt);
    row("record: version", "record", 8, "03000000", Unsupported, Error::UnsupportedVersion);
    row("record: the first version", "record", 8, "01000000", Unsupported, Error::UnsupportedVersion);
    row("record: backend", "record", 12, "05000000", Unsupported, Error::UnsupportedVersion);
    row("record: pid", "record", 32, "0000000000000000", Corrupt, Error::Corrupt);
    row("record: size", "record", 48, "0000000000000080", Corrupt, Error::Corrupt);
    row("record: unknown required feature", "record", 56, "00000080", Unsupported, Error::UnsupportedVersion);
    row("record: kind", "record", 388, "01000000", Corrupt, Error::Corrupt);
    row("record: unknown optional feature", "record", 384, "00000080", Found, Error::NoError);
    row("record: unreachable source", "record", 524, "02000000", Found, Error::NoError);
    row("record: name too long", "record", 60, "00010000", Corrupt, Error::Corrupt);
    row("record: another name", "record", 64, "78", NotFound, Error::NotFound);
    row("memory: magic", "memory", 0, "00", Corrupt, Error::Corrupt);
    row("memory: version", "memory", 8, "03000000", Unsupported, Error::UnsupportedVersion);
    row("memory: kind", "memory", 104, "FFFFFF7F", Unsupported, Error::UnsupportedVersion);
    row("memory: another kind", "memory", 104, "01000000", Corrupt, Error::Corrupt);
    row("memory: unknown required feature", "memory", 60, "00000080", Unsupported, Error::UnsupportedVersion);
    row("memory: unknown optional feature", "memory", 116, "00000080", Found, Error::NoError);
    row("memory: metadata without bytes", "memory", 108, "08040000", Corrupt, Error::Corrupt);
    row("memory: metadata without a place", "memory", 112, "01000000", Corrupt, Error::Corrupt);
    row("memory: metadata in another place", "memory", 108, "1004000008000000", Corrupt, Error::Corrupt);
    row("memory: metadata over the payload", "memory", 108, "08040000000C0000", Corrupt, Error::Corrupt);
    row("memory: metadata beyond the limit", "memory", 108, "0804000001001000", Corrupt, Error::Corrupt);
    row("memory: metadata that overflows", "memory", 108, "08040000FFFFFFFF", Corrupt, Error::Corrupt);
    row("memory: metadata that is not JSON", "memory", 108, "0804000008000000", Found, Error::NoError);
    row("memory: position of a stream", "memory", 136, "FFFFFFFFFFFFFFFF", Found, Error::NoError);
    row("memory: count of a fixed array", "memory", 272, "FFFFFFFFFFFFFFFF", Found, Error::NoError);
    row("memory: payload offset not aligned", "memory", 12, "01100000", Corrupt, Error::Corrupt);
    row("memory: payload over the header", "memory", 12, "00000000", Corrupt, Error::Corrupt);
    row("memory: payload behind the end", "memory", 12, "00F0FFFF", Corrupt, Error::Corrupt);
    row("memory: segment size", "memory", 16, "00", Corrupt, Error::Corrupt);
    row("memory: no element", "memory", 24, "0000000000000000", Corrupt, Error::Corrupt);
    row("memory: count times size overflows", "memory", 24, "0100000000000020", Corrupt, Error::Corrupt);
    row("memory: element size", "memory", 32, "04000000", Corrupt, Error::Corrupt);
    row("memory: element alignment", "memory", 36, "04000000", Corrupt, Error::Corrupt);
    row("memory: layout text offset", "memory", 40, "00020000", Corrupt, Error::Corrupt);
    row("memory: layout text bytes", "memory", 44, "FFFFFFFF", Corrupt, Error::Corrupt);
    row("memory: fingerprint", "memory", 48, "0000", Corrupt, Error::Corrupt);
    row("memory: no buffer", "memory", 56, "00000000", Corrupt, Error::Corrupt);
    row("memory: 17 buffers", "memory", 56, "11000000", Corrupt, Error::Corrupt);
    row("memory: required features", "memory", 60, "01000000", Corrupt, Error::Corrupt);
    row("memory: buffer stride not aligned", "memory", 64, "41", Corrupt, Error::Corrupt);
    row("memory: buffer stride too small", "memory", 64, "0000000000000000", Corrupt, Error::Corrupt);
    row("memory: buffers overflow", "memory", 64, "C0FFFFFFFFFFFFFF", Corrupt, Error::Corrupt);
    row("memory: instance id", "memory", 80, "00000000000000000000000000000000", Corrupt, Error::Corrupt);
    row("memory: layout text", "memory", 1024, "663332", Corrupt, Error::Corrupt);
    // Found, but no revision is readable: the writer never ends.
    row("memory: odd sequence", "memory", 256, "01", Busy, Error::NoError);
}

void tst_FormatBytes::damaged()
{
    QFETCH(const QString, part);
    QFETCH(const int, offset);
    QFETCH(const QByteArray, bytes);
    QFETCH(const int, code);
    QFETCH(const int, error);
    const QString name = newName();
    QProcess owner;
    startIndependentOwner(&owner, name,
                          {u"--layout"_s, u"f64"_s, u"--capacity"_s, u"8"_s, u"--buffers"_s, u"1"_s, u"--alter"_s, part,
                           QString::number(offset), QString::fromLatin1(bytes)});
    if (QTest::currentTestFailed())
        return;

    const Answer answer = readByPython(name);
    QVERIFY2(answer.code == code, answer.errors.constData());
    QCOMPARE(answer.output.isEmpty(), code != Found);
    QCOMPARE(answer.errors.isEmpty(), code == Found);
    SharedSegment segment(name);
    const bool opened = segment.open();
    QCOMPARE(segment.error(), SharedSegment::Error(error));
    QCOMPARE(opened, segment.error() == SharedSegment::Error::NoError);
    if (code == Found)
        QCOMPARE(segment.snapshot(), QByteArray(64, '\0'));
    if (code == Busy) {
        QVERIFY(segment.snapshot().isEmpty());
        QCOMPARE(segment.error(), SharedSegment::Error::Busy);
    }
    owner.closeWriteChannel();
    QVERIFY(owner.waitForFinished(ProcessTimeout));
    QCOMPARE(owner.exitCode(), 0);
}

QTEST_GUILESS_MAIN(tst_FormatBytes)
#include "tst_formatbytes.moc"
