// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// YUV to RGB, compared with the equations of ITU-R BT.601, BT.709 and BT.2020 in floating point.

#include "imagepixels.h"

#include <QtCore/QRandomGenerator>
#include <QtTest/QTest>

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::StringLiterals;
using Matrix = ImageHeader::Matrix;
using Range = ImageHeader::Range;

namespace {

/// Red, green and blue of 0 to 255.
std::array<double, 3> rgbOf(const std::array<double, 3> &yuv, Matrix matrix, Range range)
{
    const double red = matrix == Matrix::Bt709 ? 0.2126 : matrix == Matrix::Bt2020 ? 0.2627 : 0.299;
    const double blue = matrix == Matrix::Bt709 ? 0.0722 : matrix == Matrix::Bt2020 ? 0.0593 : 0.114;
    const bool isFull = range == Range::Full;
    const double y = isFull ? yuv[0] : (yuv[0] - 16) * 255 / 219;
    const double u = (yuv[1] - 128) * (isFull ? 1 : 255.0 / 224);
    const double v = (yuv[2] - 128) * (isFull ? 1 : 255.0 / 224);
    const double r = y + 2 * (1 - red) * v;
    const double b = y + 2 * (1 - blue) * u;
    const double g = (y - red * r - blue * b) / (1 - red - blue);
    return {std::clamp(r, 0.0, 255.0), std::clamp(g, 0.0, 255.0), std::clamp(b, 0.0, 255.0)};
}

} // namespace

class tst_ImagePixels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void yuv_data();
    void yuv();
    void unknownMatrix();
};

void tst_ImagePixels::yuv_data()
{
    QTest::addColumn<quint32>("format");
    QTest::addColumn<Matrix>("matrix");
    QTest::addColumn<Range>("range");
    for (const quint32 format : {PixelFormat::code("NV12"), PixelFormat::code("YUYV"), PixelFormat::code("YU12")}) {
        for (const Matrix matrix : {Matrix::Bt601, Matrix::Bt709, Matrix::Bt2020}) {
            for (const Range range : {Range::Full, Range::Limited})
                QTest::addRow("%s, %d, %d", qPrintable(PixelFormat::name(format)), int(matrix), int(range))
                    << format << matrix << range;
        }
    }
}

void tst_ImagePixels::yuv()
{
    QFETCH(quint32, format);
    QFETCH(Matrix, matrix);
    QFETCH(Range, range);
    QRandomGenerator random(1);
    for (const QSize size : {QSize(1, 1), QSize(3, 5), QSize(64, 33)}) {
        ImageHeader::Fault fault;
        ImageHeader header = ImageHeader::of(quint32(size.width()), quint32(size.height()), format, &fault).value();
        header.matrix = matrix;
        header.range = range;
        QByteArray bytes(qsizetype(header.size()), Qt::Uninitialized);
        std::ranges::generate(bytes, [&random] { return char(random.bounded(256)); });
        const auto at = [&](int plane, int row, int column) {
            const ImageHeader::Plane of = header.planes[std::size_t(plane)];
            return double(uchar(bytes[of.offset + row * int(of.stride) + column]));
        };
        const QByteArray kept = bytes;
        const QImage image = ImagePixels::toImage(std::move(bytes), header);
        bytes = kept;
        QCOMPARE(image.size(), size);
        for (int y = 0; y < size.height(); ++y) {
            for (int x = 0; x < size.width(); ++x) {
                std::array<double, 3> yuv{at(0, y, x), 0, 0};
                if (format == PixelFormat::code("NV12"))
                    yuv = {at(0, y, x), at(1, y / 2, x / 2 * 2), at(1, y / 2, x / 2 * 2 + 1)};
                else if (format == PixelFormat::code("YUYV"))
                    yuv = {at(0, y, 2 * x), at(0, y, x / 2 * 4 + 1), at(0, y, x / 2 * 4 + 3)};
                else
                    yuv = {at(0, y, x), at(1, y / 2, x / 2), at(2, y / 2, x / 2)};
                const auto [red, green, blue] = rgbOf(yuv, matrix, range);
                const QRgb seen = image.pixel(x, y);
                QVERIFY(std::abs(qRed(seen) - red) < 0.51 && std::abs(qGreen(seen) - green) < 0.51
                        && std::abs(qBlue(seen) - blue) < 0.51);
            }
        }
    }
}

// As video without a matrix is seen elsewhere: by its height.
void tst_ImagePixels::unknownMatrix()
{
    for (const quint32 height : {576U, 578U}) {
        ImageHeader::Fault fault;
        ImageHeader header = ImageHeader::of(2, height, PixelFormat::code("YUYV"), &fault).value();
        QByteArray bytes(qsizetype(header.size()), '\xa0');
        const QByteArray again = bytes;
        header.matrix = Matrix::Unknown;
        const QImage unknown = ImagePixels::toImage(std::move(bytes), header);
        header.matrix = height > 576 ? Matrix::Bt709 : Matrix::Bt601;
        bytes = again + QByteArray();
        bytes.detach();
        QCOMPARE(ImagePixels::toImage(std::move(bytes), header), unknown);
    }
}

QTEST_APPLESS_MAIN(tst_ImagePixels)
#include "tst_imagepixels.moc"
