// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// SharedImage in a window, pixel by pixel. Another process publishes the pictures, and is killed.

#include "imagetest.h"

#include <SharedSegment/SharedImageItem>

#include <QtCore/QRandomGenerator>
#include <QtGui/QGuiApplication>
#include <QtQml/QQmlComponent>
#include <QtQml/QQmlEngine>
#include <QtQuick/QQuickView>
#include <QtTest/QSignalSpy>

#include <memory>

using namespace Qt::StringLiterals;
using namespace testsupport;
using namespace imagetest;
using FillMode = SharedImageItem::FillMode;

#define TRY(condition) QTRY_VERIFY_WITH_TIMEOUT(condition, Deadline)
#define TRY_COMPARE(actual, expected) QTRY_COMPARE_WITH_TIMEOUT(actual, expected, Deadline)

namespace {

constexpr int WindowSize = 120;
const QColor Background(0, 0, 128);
/// YUV and 5 bits are not exact.
constexpr int Tolerance = 9;

bool isAlike(QRgb seen, const QColor &expected, int tolerance = Tolerance)
{
    return std::abs(qRed(seen) - expected.red()) <= tolerance && std::abs(qGreen(seen) - expected.green()) <= tolerance
        && std::abs(qBlue(seen) - expected.blue()) <= tolerance;
}

QString nameOf(QRgb pixel)
{
    return QColor(pixel).name();
}

} // namespace

class tst_Image : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void cleanup();
    void defaults();
    void formats_data();
    void formats();
    void unusedBits();
    void rotation_data();
    void rotation();
    void fillMode_data();
    void fillMode();
    void changing();
    void killed();
    void hidden();
    void hostile();
    void randomHeaders();
    void noPictures_data();
    void noPictures();

private:
    /// The pixel of the item, in its coordinates.
    QRgb pixel(double x, double y) { return m_grabbed.pixel(QPoint(int(x), int(y))); }
    void grab() { m_grabbed = m_window->grabWindow(); }
    /// Waits for a revision, and takes the picture of the window.
    void show(quint64 revision)
    {
        // Checks more often than QTRY_COMPARE.
        QVERIFY(QTest::qWaitFor([&] { return m_item->revision() == revision; }, Deadline));
        grab();
    }
    void compare(double x, double y, const QColor &expected)
    {
        const QRgb seen = pixel(x, y);
        QVERIFY2(isAlike(seen, expected), qPrintable(u"%1 at %2, %3"_s.arg(nameOf(seen)).arg(x).arg(y)));
    }
    /// Compares what is at the upper left of the window with a picture that is not turned.
    void compare(const Picture &picture, const QColor &color);
    void openSegment(const QString &name);
    /// One for all rows of a test.
    Publisher &publisherOf(const QString &name);

    RegistryFolder m_registry;
    std::unique_ptr<Publisher> m_publisher;
    std::unique_ptr<QQuickView> m_window;
    std::unique_ptr<SharedSegment> m_segment;
    std::unique_ptr<SharedImageItem> m_item;
    QImage m_grabbed;
};

void tst_Image::initTestCase()
{
    QTest::failOnWarning(QRegularExpression(u"."_s));
    m_window = std::make_unique<QQuickView>();
    m_window->setColor(Background);
    m_window->resize(WindowSize, WindowSize);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
}

void tst_Image::cleanupTestCase()
{
    m_publisher.reset();
    m_window.reset();
}

void tst_Image::init()
{
    m_segment = std::make_unique<SharedSegment>();
    m_item = std::make_unique<SharedImageItem>(m_window->contentItem());
}

void tst_Image::cleanup()
{
    m_item.reset();
    m_segment.reset();
}

Publisher &tst_Image::publisherOf(const QString &name)
{
    if (!m_publisher || m_publisher->name() != name) {
        m_publisher.reset();
        m_publisher = std::make_unique<Publisher>(name);
    }
    return *m_publisher;
}

void tst_Image::openSegment(const QString &name)
{
    m_segment->setName(name);
    m_segment->setActive(true);
    TRY_COMPARE(m_segment->state(), SharedSegment::State::Open);
    m_item->setSegment(m_segment.get());
}

void tst_Image::compare(const Picture &picture, const QColor &color)
{
    compare(0, 0, Qt::white);
    compare(1, picture.height / 2, Qt::white);
    compare(picture.width - 1, picture.height - 1, Qt::white);
    compare(BorderWidth, BorderWidth, Qt::black);
    compare(picture.width / 4, picture.height / 4, Qt::black);
    compare(picture.width / 2, picture.height / 2, color);
    compare(picture.width - 1 - BorderWidth, BorderWidth, color);
    compare(picture.width - 1 - BorderWidth, picture.height - 1 - BorderWidth, color);
    compare(picture.width, picture.height - 1, Background);
    compare(picture.width - 1, picture.height, Background);
}

void tst_Image::defaults()
{
    const SharedImageItem item;
    QCOMPARE(item.segment(), nullptr);
    QCOMPARE(item.fillMode(), FillMode::Stretch);
    QCOMPARE(item.mirror(), false);
    QCOMPARE(item.sourceSize(), QSize(0, 0));
    QCOMPARE(item.pixelFormat(), QString());
    QCOMPARE(item.revision(), 0U);
    QCOMPARE(item.stale(), true);
    QCOMPARE(item.errorString(), QString());
    grab();
    compare(10, 10, Background);
}

void tst_Image::formats_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<quint32>("extra");
    for (const PixelFormat &format : PixelFormat::all()) {
        const QString name = PixelFormat::name(format.fourcc);
        for (const quint32 extra : {0U, 1U})
            QTest::addRow("%s, %u", qPrintable(name), extra) << name << extra;
    }
}

void tst_Image::formats()
{
    QFETCH(QString, format);
    QFETCH(quint32, extra);
    Publisher &publisher = publisherOf(u"formats"_s);
    openSegment(u"formats"_s);
    const Picture picture{format, 24, 16, QColor(200, 120, 40), 0, extra};
    show(publisher.publish(picture));
    QCOMPARE(m_item->sourceSize(), QSize(24, 16));
    QCOMPARE(QSizeF(m_item->implicitWidth(), m_item->implicitHeight()), QSizeF(24, 16));
    QCOMPARE(m_item->pixelFormat(), format);
    const int grey = toYuv(picture.color)[0];
    compare(picture, format.startsWith(u'R') && !format.startsWith(u"RG") ? QColor(grey, grey, grey) : picture.color);
}

// Unused bits are no alpha: the item is as opaque as it says.
void tst_Image::unusedBits()
{
    Publisher publisher(u"unused"_s);
    openSegment(u"unused"_s);
    m_item->setOpacity(0.5);
    for (const QString &format : {u"XR24"_s, u"XB24"_s, u"XR30"_s, u"XB30"_s}) {
        show(publisher.publish({format, 24, 16, Qt::red}));
        compare(18, 12, QColor(128, 0, 64));
    }
}

void tst_Image::rotation_data()
{
    QTest::addColumn<quint32>("rotation");
    QTest::addColumn<bool>("isMirrored");
    QTest::addColumn<QPoint>("black"); // the quarter that is black
    QTest::newRow("0") << 0U << false << QPoint(0, 0);
    QTest::newRow("90") << 90U << false << QPoint(1, 0);
    QTest::newRow("180") << 180U << false << QPoint(1, 1);
    QTest::newRow("270") << 270U << false << QPoint(0, 1);
    QTest::newRow("0, mirrored") << 0U << true << QPoint(1, 0);
    QTest::newRow("90, mirrored") << 90U << true << QPoint(0, 0);
    QTest::newRow("180, mirrored") << 180U << true << QPoint(0, 1);
    QTest::newRow("270, mirrored") << 270U << true << QPoint(1, 1);
}

void tst_Image::rotation()
{
    QFETCH(quint32, rotation);
    QFETCH(bool, isMirrored);
    QFETCH(QPoint, black);
    Publisher &publisher = publisherOf(u"rotation"_s);
    openSegment(u"rotation"_s);
    m_item->setMirror(isMirrored);
    show(publisher.publish({u"XR24"_s, 24, 16, Qt::green, rotation}));
    const QSize size = rotation % 180 == 0 ? QSize(24, 16) : QSize(16, 24);
    QCOMPARE(m_item->sourceSize(), size);
    for (const QPoint quarter : {QPoint(0, 0), QPoint(1, 0), QPoint(0, 1), QPoint(1, 1)})
        compare(size.width() / 4 + quarter.x() * size.width() / 2, size.height() / 4 + quarter.y() * size.height() / 2,
                quarter == black ? Qt::black : Qt::green);
    compare(0, 0, Qt::white);
    compare(size.width() - 1, size.height() - 1, Qt::white);
    compare(size.width(), 0, Background);
    compare(0, size.height(), Background);
}

void tst_Image::fillMode_data()
{
    QTest::addColumn<FillMode>("mode");
    QTest::addColumn<quint32>("rotation");
    QTest::addColumn<QRect>("drawn"); // of the picture, without what is cut off
    QTest::addColumn<bool>("isCut");  // at the left and the right
    // Pictures of 16 x 48 as shown, in 96 x 48.
    for (const quint32 rotation : {0U, 90U}) {
        QTest::addRow("stretch, %u", rotation) << FillMode::Stretch << rotation << QRect(0, 0, 96, 48) << false;
        QTest::addRow("fit, %u", rotation) << FillMode::PreserveAspectFit << rotation << QRect(40, 0, 16, 48) << false;
        QTest::addRow("crop, %u", rotation) << FillMode::PreserveAspectCrop << rotation << QRect(0, 0, 96, 48) << true;
    }
}

void tst_Image::fillMode()
{
    QFETCH(FillMode, mode);
    QFETCH(quint32, rotation);
    QFETCH(QRect, drawn);
    QFETCH(bool, isCut);
    Publisher &publisher = publisherOf(u"fill"_s);
    openSegment(u"fill"_s);
    m_item->setSize({96, 48});
    m_item->setFillMode(mode);
    m_item->setSmooth(false);
    show(publisher.publish({u"XR24"_s, rotation ? 48 : 16, rotation ? 16 : 48, Qt::green, rotation}));
    // Both in the middle, and what cutting leaves: the left and right border, but not the upper and the lower one.
    const QPoint centre = drawn.center();
    compare(drawn.left(), centre.y(), Qt::white);
    compare(drawn.right(), centre.y(), Qt::white);
    const QColor edge = isCut ? Qt::green : Qt::white;
    compare(drawn.right() - drawn.width() / 4, drawn.bottom(), edge);
    compare(drawn.right() - drawn.width() / 4, centre.y() + 4, Qt::green);
    compare(rotation ? drawn.right() - drawn.width() / 4 : drawn.left() + drawn.width() / 4, centre.y() - 4, Qt::black);
    if (drawn.left() > 0) {
        compare(drawn.left() - 1, centre.y(), Background);
        compare(drawn.right() + 1, centre.y(), Background);
    }
    compare(48, 48, Background);
}

void tst_Image::changing()
{
    Publisher publisher(u"changing"_s);
    openSegment(u"changing"_s);
    QRandomGenerator random(7);
    for (int i = 0; i < 20; ++i) {
        const PixelFormat &format = PixelFormat::all()[random.bounded(quint32(PixelFormat::all().size()))];
        const Picture picture{PixelFormat::name(format.fourcc), 8 + 4 * random.bounded(24), 8 + 4 * random.bounded(24),
                              i % 2 ? Qt::white : Qt::black};
        show(publisher.publish(picture));
        QCOMPARE(m_item->sourceSize(), QSize(picture.width, picture.height));
        QCOMPARE(m_item->size(), QSizeF(picture.width, picture.height));
        compare(picture, picture.color);
        if (QTest::currentTestFailed())
            return;
    }
}

void tst_Image::killed()
{
    auto publisher = std::make_unique<Publisher>(u"killed"_s);
    openSegment(u"killed"_s);
    const Picture picture{u"XR24"_s, 24, 16, Qt::red};
    show(publisher->publish(picture));
    QVERIFY(!m_item->isStale());
    const QSignalSpy staled(m_item.get(), &SharedImageItem::staleChanged);
    publisher->kill();
    TRY(m_item->isStale());
    QCOMPARE(staled.size(), 1);
    grab();
    compare(picture, Qt::red); // the last one stays
    QCOMPARE(m_item->sourceSize(), QSize(24, 16));
    // Its successor has another picture.
    publisher = std::make_unique<Publisher>(u"killed"_s);
    const Picture next{u"NV12"_s, 32, 32, Qt::blue};
    publisher->publish(next);
    TRY_COMPARE(m_item->sourceSize(), QSize(32, 32));
    grab();
    compare(next, Qt::blue);
    QVERIFY(!m_item->isStale());
    m_item->setSegment(nullptr);
    grab();
    compare(10, 10, Background);
    QVERIFY(m_item->isStale());
}

void tst_Image::hidden()
{
    Publisher publisher(u"hidden"_s);
    openSegment(u"hidden"_s);
    show(publisher.publish({u"XR24"_s, 24, 16, Qt::red}));
    const auto publishUnseen = [&](const QColor &color) {
        const quint64 before = m_item->revision();
        quint64 revision = 0;
        for (int i = 0; i < 3; ++i)
            revision = publisher.publish({u"XR24"_s, 24, 16, color});
        TRY_COMPARE(m_segment->revision(), revision); // the update is here
        QTest::qWait(100);                            // some frames, in which it could be read
        QCOMPARE(m_item->revision(), before);
    };
    m_item->setVisible(false);
    publishUnseen(Qt::green);
    m_item->setVisible(true);
    show(m_segment->revision());
    compare(18, 12, Qt::green);
    m_window->hide();
    publishUnseen(Qt::yellow);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    show(m_segment->revision());
    compare(18, 12, Qt::yellow);
}

void tst_Image::hostile()
{
    Publisher publisher(u"hostile"_s);
    QQmlEngine engine;
    engine.addImportPath(testPath("IMPORT_PATH"));
    QQmlComponent component(&engine);
    component.setData(
        "import SharedSegment\nSharedImage { property SharedSegment s: SharedSegment {\nname: \"hostile\"\nactive: true }\nsegment: s }",
        QUrl(u"file:///place/Hostile.qml"_s));
    const std::unique_ptr<QObject> object(component.create());
    auto *const item = qobject_cast<SharedImageItem *>(object.get());
    QVERIFY2(item, qPrintable(component.errorString()));
    item->setParentItem(m_window->contentItem());
    const auto publishBad = [&](int offset, quint32 value, const QString &part) {
        const quint64 revision = publisher.publishChanged(offset, value);
        TRY_COMPARE(item->segment()->revision(), revision);
        TRY(item->errorString().contains(part));
        QCOMPARE(item->sourceSize(), QSize(0, 0));
        QCOMPARE(item->revision(), 0U);
        grab();
        compare(5, 5, Background);
    };
    for (int round = 0; round < 3; ++round) {
        const quint64 revision = publisher.publish({u"XR24"_s, 24, 16, Qt::red});
        TRY_COMPARE(item->revision(), revision);
        QCOMPARE(item->errorString(), QString());
        grab();
        compare(18, 12, Qt::red);
        // One warning for each cause, whatever the value is.
        if (round == 0)
            QTest::ignoreMessage(QtWarningMsg,
                                 QRegularExpression(
                                     u"Hostile.qml:2:.*\"hostile\" has a plane with a stride of 5 bytes.*; "_s));
        publishBad(36, 5 + quint32(round), u"stride of %1 bytes"_s.arg(5 + round));
        if (round == 1)
            QTest::ignoreMessage(QtWarningMsg,
                                 QRegularExpression(u"Hostile.qml:2:.*which is not known; .*XR24.*NV12"_s));
        if (round > 0)
            publishBad(20, quint32(round), u"0x0000000%1"_s.arg(round));
        QCOMPARE(item->segment()->error(), SharedSegment::Error::InvalidValue);
    }
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"Hostile.qml:2:.*has 0 bytes.*; "_s));
    publisher.publishBytes({});
    TRY(item->errorString().contains(u"has 0 bytes"_s));
}

void tst_Image::randomHeaders()
{
    Publisher publisher(u"random"_s);
    openSegment(u"random"_s);
    connect(m_segment.get(), &SharedSegment::errorOccurred, this, [] {}); // handled
    QRandomGenerator random(3);
    quint64 revision = publisher.publish({u"YU12"_s});
    for (int i = 0; i < 100; ++i) {
        const quint32 value = random.generate() >> random.bounded(32);
        revision = publisher.publishChanged(4 * random.bounded(22), value);
        grab();
    }
    revision = publisher.publish({u"YU12"_s});
    show(revision);
    compare(18, 12, Qt::red);
}

void tst_Image::noPictures_data()
{
    QTest::addColumn<SharedSegment::Kind>("kind");
    QTest::addColumn<QString>("layout");
    QTest::addColumn<QString>("content");
    QTest::addColumn<QString>("part");
    QTest::newRow("fixed") << SharedSegment::Kind::FixedArray << u"u8"_s << u"image/x-raw"_s << u"variable count"_s;
    QTest::newRow("floats") << SharedSegment::Kind::VariableArray << u"f32"_s << u"image/x-raw"_s << u"array of u8"_s;
    QTest::newRow("document") << SharedSegment::Kind::VariableArray << u"u8"_s << u"text/plain"_s << u"text/plain"_s;
    QTest::newRow("stream") << SharedSegment::Kind::Stream << u"u8"_s << u"image/x-raw"_s << u"is a stream"_s;
}

void tst_Image::noPictures()
{
    QFETCH(SharedSegment::Kind, kind);
    QFETCH(QString, layout);
    QFETCH(QString, content);
    QFETCH(QString, part);
    SharedSegment owner(uniqueName());
    owner.setKind(kind);
    owner.setMetadata({{u"content"_s, content}});
    QVERIFY2(owner.create(SharedLayout::parse(layout), 500), qPrintable(owner.errorString()));
    QVERIFY(kind == SharedSegment::Kind::Stream
            || owner.publish(QByteArray(kind == SharedSegment::Kind::FixedArray ? 500 : 40, 'x')));
    connect(m_segment.get(), &SharedSegment::errorOccurred, this, [] {}); // handled
    openSegment(owner.name());
    TRY(m_item->errorString().contains(part));
    QCOMPARE(m_segment->error(), SharedSegment::Error::LayoutMismatch);
    QCOMPARE(m_item->sourceSize(), QSize(0, 0));
    grab();
    compare(5, 5, Background);
    // Another segment has one.
    Publisher publisher(u"picture"_s);
    SharedSegment good(u"picture"_s);
    QVERIFY(good.open());
    m_item->setSegment(&good);
    show(publisher.publish({u"XR24"_s}));
    QCOMPARE(m_item->errorString(), QString());
    compare(18, 12, Qt::red);
    m_item->setSegment(nullptr);
}

int main(int argc, char **argv)
{
    if (argc == 3 && qstrcmp(argv[1], "publish") == 0) {
        const QCoreApplication application(argc, argv);
        return publishPictures(QCoreApplication::arguments().at(2));
    }
    const QGuiApplication application(argc, argv);
    tst_Image test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_image.moc"
