// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The header of a picture, which another process writes: what is read is consistent, whatever its bytes are.

#include "core/imageheader_p.h"

#include <QtCore/QRandomGenerator>
#include <QtCore/QtEndian>
#include <QtTest/QTest>

#include <algorithm>
#include <array>
#include <limits>

using namespace Qt::StringLiterals;

namespace {

using Bytes = std::array<std::byte, ImageHeader::Size>;
constexpr quint32 Most = std::numeric_limits<quint32>::max();

Bytes bytesOf(const ImageHeader &header)
{
    Bytes bytes{};
    header.write(bytes);
    return bytes;
}

ImageHeader header(quint32 width, quint32 height, const char (&format)[5])
{
    ImageHeader::Fault fault;
    return ImageHeader::of(width, height, PixelFormat::code(format), &fault).value_or(ImageHeader());
}

void set(Bytes *bytes, std::size_t offset, quint32 value)
{
    qToLittleEndian(value, bytes->data() + offset);
}

/// Whether each byte that a reader of the picture touches lies within the revision. Sees each overflow.
bool isWithin(const ImageHeader &header, quint64 count)
{
    const PixelFormat *const format = header.pixelFormat();
    if (!format || header.width == 0 || header.height == 0 || header.size() > count)
        return false;
    for (quint32 i = 0; i < format->planeCount; ++i) {
        const auto &[offset, stride] = header.planes[i];
        const PixelFormat::Plane &plane = format->planes[i];
        const quint64 rows = (quint64(header.height) + plane.rowsDown - 1) / plane.rowsDown;
        const quint64 rowBytes = (quint64(header.width) + plane.pixelsAcross - 1) / plane.pixelsAcross
                               * plane.groupBytes;
        quint64 end = 0;
        if (offset < ImageHeader::Size || stride < rowBytes || __builtin_mul_overflow(rows - 1, quint64(stride), &end)
            || __builtin_add_overflow(end, rowBytes + offset, &end) || end > count)
            return false;
    }
    return header.rotation % 90 == 0 && header.rotation < 360;
}

} // namespace

class tst_ImageHeader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void layout();
    void formats_data();
    void formats();
    void hostileField_data();
    void hostileField();
    void truncated();
    void tooLarge();
    void randomBytes();
    void names();
};

void tst_ImageHeader::layout()
{
    ImageHeader header = ::header(640, 480, "NV12");
    header.captureTime = 0x0123456789abcdef;
    header.matrix = ImageHeader::Matrix::Bt2020;
    header.range = ImageHeader::Range::Limited;
    header.transfer = ImageHeader::Transfer::Hlg;
    header.rotation = 270;
    // Section 16 of src/doc/format.md, byte for byte.
    QByteArray expected("SIMG");
    const auto append = [&expected](std::initializer_list<quint32> numbers) {
        for (const quint32 number : numbers) {
            const quint32 little = qToLittleEndian(number);
            expected.append(reinterpret_cast<const char *>(&little), sizeof little);
        }
    };
    append({1, 128, 640, 480});
    expected.append("NV12");
    append({2, 0, 128, 640, 128 + 640 * 480, 640, 0, 0, 0, 0, 0x89abcdef, 0x01234567, 3, 1, 3, 270});
    expected.append(40, '\0');
    const Bytes bytes = bytesOf(header);
    QCOMPARE(QByteArray(reinterpret_cast<const char *>(bytes.data()), bytes.size()), expected);
    ImageHeader::Fault fault;
    const auto read = ImageHeader::read(bytes, header.size(), &fault);
    QVERIFY2(read, qPrintable(fault.text));
    QVERIFY(*read == header);
    QCOMPARE(header.size(), 128 + 640 * 480 * 3 / 2);
}

void tst_ImageHeader::formats_data()
{
    QTest::addColumn<quint32>("code");
    for (const PixelFormat &format : PixelFormat::all())
        QTest::newRow(qPrintable(PixelFormat::name(format.fourcc))) << format.fourcc;
}

void tst_ImageHeader::formats()
{
    QFETCH(quint32, code);
    for (const QSize size : {QSize(1, 1), QSize(2, 1), QSize(1, 2), QSize(5, 3), QSize(1920, 1080), QSize(65535, 3)}) {
        ImageHeader::Fault fault;
        const auto made = ImageHeader::of(quint32(size.width()), quint32(size.height()), code, &fault);
        QVERIFY2(made, qPrintable(fault.text));
        const auto read = ImageHeader::read(bytesOf(*made), made->size(), &fault);
        QVERIFY2(read, qPrintable(fault.text));
        QVERIFY(*read == *made);
        QVERIFY(isWithin(*read, made->size()));
        // One byte less is no picture: the size is exact.
        QVERIFY(!ImageHeader::read(bytesOf(*made), made->size() - 1, &fault));
        QCOMPARE(fault.field, "end");
    }
}

void tst_ImageHeader::hostileField_data()
{
    QTest::addColumn<int>("offset");
    QTest::addColumn<quint32>("value");
    QTest::addColumn<QString>("field");
    const auto row = [](int offset, quint32 value, const char *field) {
        QTest::addRow("%d: %u", offset, value) << offset << value << QString::fromLatin1(field);
    };
    row(0, 0, "signature");
    row(0, PixelFormat::code("simg"), "signature");
    row(4, 0, "version");
    row(4, 2, "version");
    row(8, 0, "headerBytes");
    row(8, 136, "headerBytes");
    row(12, 0, "size");
    row(12, 17, "stride");
    row(12, Most, "stride");
    row(16, 0, "size");
    row(16, 17, "end");
    row(16, Most, "end");
    row(20, 0, "format");
    row(20, PixelFormat::code("XR25"), "format");
    row(20, PixelFormat::code("XR24"), "planes");
    row(24, 0, "planes");
    row(24, 1, "planes");
    row(24, 5, "planes");
    row(24, Most, "planes");
    row(32, 0, "offset");
    row(32, 127, "offset");
    row(32, Most, "end");
    row(36, 0, "stride");
    row(36, 15, "stride");
    row(36, Most, "end");
    row(40, Most, "end");
    row(44, 15, "stride");
    row(44, Most, "end");
    row(72, 4, "matrix");
    row(76, 2, "range");
    row(80, 4, "transfer");
    row(84, 45, "rotation");
    row(84, 360, "rotation");
    row(84, Most - 89, "rotation");
}

void tst_ImageHeader::hostileField()
{
    QFETCH(int, offset);
    QFETCH(quint32, value);
    QFETCH(QString, field);
    const ImageHeader good = header(16, 16, "NV12");
    Bytes bytes = bytesOf(good);
    set(&bytes, std::size_t(offset), value);
    ImageHeader::Fault fault;
    QVERIFY(!ImageHeader::read(bytes, good.size(), &fault));
    QCOMPARE(QString::fromLatin1(fault.field), field);
    QVERIFY2(fault.text.contains("; "_L1), qPrintable(fault.text));
    // A field beyond those that are known is ignored.
    bytes = bytesOf(good);
    set(&bytes, 28, value);
    set(&bytes, 48, value);
    set(&bytes, 88, value);
    QVERIFY(ImageHeader::read(bytes, good.size(), &fault));
}

void tst_ImageHeader::truncated()
{
    const ImageHeader good = header(16, 16, "YU12");
    const Bytes bytes = bytesOf(good);
    ImageHeader::Fault fault;
    for (quint64 count = 0; count < good.size(); ++count) {
        const auto there = std::span(bytes).first(std::min<std::size_t>(count, bytes.size()));
        QVERIFY(!ImageHeader::read(there, count, &fault));
        QCOMPARE(fault.field, count < ImageHeader::Size ? "count" : "end");
    }
    QVERIFY(!ImageHeader::read(std::span(bytes).first(100), good.size(), &fault));
    QVERIFY(!ImageHeader::read({}, std::numeric_limits<quint64>::max(), &fault));
}

void tst_ImageHeader::tooLarge()
{
    ImageHeader::Fault fault;
    for (const PixelFormat &format : PixelFormat::all()) {
        QVERIFY(!ImageHeader::of(0, 1, format.fourcc, &fault));
        QVERIFY(!ImageHeader::of(1, 0, format.fourcc, &fault));
        for (const quint32 width : {1U, 0x40000000U, 0x7fffffffU, 0x80000000U, Most - 3, Most}) {
            for (const quint32 height : {1U, 2U, 0x10000U, 0x80000000U, Most}) {
                const auto made = ImageHeader::of(width, height, format.fourcc, &fault);
                QVERIFY(!made || isWithin(*made, made->size()));
            }
        }
    }
    QVERIFY(!ImageHeader::of(16, 16, PixelFormat::code("none"), &fault));
    QCOMPARE(fault.field, "format");
    QVERIFY(!ImageHeader::of(Most, Most, PixelFormat::code("NV12"), &fault));
    QCOMPARE(fault.field, "size");
}

void tst_ImageHeader::randomBytes()
{
    constexpr quint32 Edges[] = {0, 1, 2, 90, 128, 129, 0x7fffffff, 0x80000000, Most - 1, Most};
    QRandomGenerator random(42);
    int pictures = 0;
    for (int i = 0; i < 50'000; ++i) {
        const auto &format = PixelFormat::all()[random.bounded(quint32(PixelFormat::all().size()))];
        ImageHeader::Fault fault;
        const auto made =
            ImageHeader::of(1 + random.bounded(99U), 1 + random.bounded(99U), format.fourcc, &fault).value();
        Bytes bytes = bytesOf(made);
        for (quint32 changes = random.bounded(4U); changes > 0; --changes) {
            const quint32 value = random.bounded(2) ? random.generate() >> random.bounded(32)
                                                    : Edges[random.bounded(int(std::size(Edges)))];
            set(&bytes, 4 * random.bounded(32U), value);
        }
        const quint64 count = random.bounded(2) ? made.size() : random.generate64() >> random.bounded(64);
        const auto read = ImageHeader::read(bytes, count, &fault);
        QVERIFY(!read || isWithin(*read, count));
        QVERIFY(read || (!fault.text.isEmpty() && *fault.field != '\0'));
        pictures += read.has_value();
    }
    QVERIFY(pictures > 2'500);
}

void tst_ImageHeader::names()
{
    QCOMPARE(PixelFormat::name(PixelFormat::code("NV12")), u"NV12"_s);
    QCOMPARE(PixelFormat::name(PixelFormat::code("R8  ")), u"R8"_s);
    QCOMPARE(PixelFormat::name(0x0a414243), u"0x0a414243"_s);
    QCOMPARE(PixelFormat::name(0), u"0x00000000"_s);
    QCOMPARE(PixelFormat::code("XR24"), 0x34325258U); // DRM_FORMAT_XRGB8888 of drm_fourcc.h
    QVERIFY(!PixelFormat::find(0));
}

QTEST_APPLESS_MAIN(tst_ImageHeader)
#include "tst_imageheader.moc"
