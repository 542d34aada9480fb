// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The C++ of the guide's pages on single tasks, word for word: does it do what the text around it says?

#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedArrayModel>
#include <SharedSegment/SharedValue>

#include <QtCore/QDeadlineTimer>
#include <QtCore/QScopeGuard>
#include <QtGui/QImage>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <numeric>
#include <thread>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace testsupport;

struct Tracks
{
    qint32 count;
    float x[256];
    float y[256];
};
SHARED_STRUCT(Tracks, count, x, y)

struct Track
{
    bool used;
    float x;
    float y;
};
SHARED_STRUCT(Track, used, x, y)

struct Label
{
    char text[12];
    qint32 color;
};
SHARED_STRUCT(Label, text, color)

namespace team {
struct Reading
{
    double temperature;
    qint32 count;
};
SHARED_STRUCT_AS(Reading, "reading_t", temperature, count)
} // namespace team

struct reading_t
{
    double temperature;
    qint32 count;
};
SHARED_STRUCT(reading_t, temperature, count)

class tst_Guide : public QObject
{
    Q_OBJECT

private:
    RegistryFolder m_folder;

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }
    void cleanup() { QCOMPARE(SharedSegment::names(), QStringList()); }

    void count();
    void variableCount();
    void newCapacity();
    void ownersHistory();
    void readersHistory();
    void text();
    void picture();
    void longText();
    void namesThatDiffer();
    void edits();
    void equalPeers();
    void threads();
    void waiting();
};

void tst_Guide::count()
{
    SharedValue<Tracks> tracks(u"radar/tracks"_s);
    tracks.create();
    {
        auto now = tracks.beginWrite();
        now->count = 2;
        now->x[0] = 1.5f;
        now->y[0] = 2.5f;
    }

    SharedValue<Tracks> view(u"radar/tracks"_s);
    QVERIFY(view.open());
    QCOMPARE(view.get().count, 2);
    QCOMPARE(view.get().y[0], 2.5f);
    QCOMPARE(SharedLayout::of<Track>().text(), u"Track{used:bool@0;x:f32@4;y:f32@8}/12"_s);
}

void tst_Guide::variableCount()
{
    const std::vector<double> found{0.5, 0.25};
    SharedArray<double> peaks(u"peaks"_s);
    peaks.createWithCapacity(256);
    peaks.publish(found); // a span of 0 to 256 doubles
    {
        auto next = peaks.beginWrite(); // starts as the newest revision
        next.resize(next.size() + 1);   // the new element is zero
        next[next.size() - 1] = 1.5;
    }

    QList<double> shown;
    const auto show = [&](std::span<const double> newest) { shown = QList<double>(newest.begin(), newest.end()); };
    SharedArray<double> view(u"peaks"_s);
    view.open();
    std::vector<double> values(std::size_t(view.capacity()));
    SharedRevision revision;
    if (view.read(values, &revision))
        show(std::span(values).first(std::size_t(revision.count)));

    QCOMPARE(shown, QList<double>({0.5, 0.25, 1.5}));
    QCOMPARE(revision.number, 2u);
    QCOMPARE(view.snapshot(&revision), QList<double>({0.5, 0.25, 1.5}));
    QCOMPARE(revision.count, 3);
    values.resize(257);
    QVERIFY(!view.read(values));
    QCOMPARE(view.error(), SharedSegment::Error::InvalidSize);
    QVERIFY(!peaks.publish(values));
    QCOMPARE(peaks.error(), SharedSegment::Error::InvalidSize);
    QCOMPARE(view.snapshot(), QList<double>({0.5, 0.25, 1.5}));
}

void tst_Guide::newCapacity()
{
    SharedArray<double> values(u"values"_s);
    QVERIFY(values.create(100));
    SharedSegment view(u"values"_s);
    QStringList log;
    connect(&view, &SharedSegment::orphaned, this, [&] { log += u"orphaned"_s; });
    connect(&view, &SharedSegment::closed, this, [&] { log += u"closed"_s; });
    connect(&view, &SharedSegment::opened, this, [&] { log += u"opened"_s; });
    connect(&view, &SharedSegment::reopened, this, [&] { log += u"reopened"_s; });
    view.setActive(true);
    QTRY_COMPARE_WITH_TIMEOUT(view.capacity(), 100, Deadline);
    QCOMPARE(log, QStringList(u"opened"_s));
    log.clear();
    SharedSegment strict(u"values"_s);
    strict.setCapacity(100);

    QVERIFY(values.publish(std::vector<double>(100, 0.5)));
    if (!values.segment()->recreate(200))
        qWarning() << values.errorString();

    QTRY_COMPARE_WITH_TIMEOUT(view.capacity(), 200, Deadline);
    QCOMPARE(log, QStringList(u"reopened"_s));
    QCOMPARE(values.revision(), 1u);
    QCOMPARE(values.readElement(99), 0.5);
    QCOMPARE(values.readElement(100), 0.0);
    QVERIFY(!strict.open());
    QCOMPARE(strict.error(), SharedSegment::Error::LayoutMismatch);
}

void tst_Guide::ownersHistory()
{
    SharedArray<float> history(u"history"_s);
    QVERIFY(history.create(600));
    std::vector<float> newest(600);
    for (const float sample : {1.0f, 2.0f, 3.0f}) {
        std::shift_left(newest.begin(), newest.end(), 1);
        newest.back() = sample;
        history.publish(newest);
    }

    SharedArray<float> view(u"history"_s);
    QVERIFY(view.open());
    QCOMPARE(view.snapshot().last(4), QList<float>({0.0f, 1.0f, 2.0f, 3.0f}));
}

void tst_Guide::readersHistory()
{
    SharedValue<double> owner(u"level"_s);
    QVERIFY(owner.create());
    SharedValue<double> level(u"level"_s);
    QVERIFY(level.open());
    quint64 last = 0;
    quint64 missed = 0;
    QList<std::pair<QDateTime, double>> kept;
    QObject::connect(level.segment(), &SharedSegment::updated, this, [&] {
        SharedRevision revision;
        const double value = level.get(&revision);
        if (last != 0)
            missed += revision.number - last - 1;
        last = revision.number;
        kept.append({QDateTime::fromMSecsSinceEpoch(revision.timestamp / 1'000'000), value});
    });

    QVERIFY(owner.set(1.5));
    QTRY_COMPARE_WITH_TIMEOUT(kept.size(), 1, Deadline);
    for (int i = 2; i <= 5; ++i)
        QVERIFY(owner.set(i));
    QTRY_COMPARE_WITH_TIMEOUT(last, 5u, Deadline);
    QCOMPARE(qsizetype(missed), 5 - kept.size());
    QCOMPARE(kept.last().second, 5.0);
    QVERIFY(qAbs(kept.last().first.msecsTo(QDateTime::currentDateTime())) < Deadline);
}

void tst_Guide::text()
{
    Label label{};
    const bool isWhole = sharedsegment::setText(label.text, u"Grünkohl, mild");
    const QString shown = sharedsegment::toQString(label.text);
    const std::string_view utf8 = sharedsegment::text(label.text);

    QVERIFY(!isWhole);
    QCOMPARE(shown, u"Grünkohl, m"_s);
    QCOMPARE(utf8.size(), 12u);
}

void tst_Guide::picture()
{
    constexpr int Width = 64;
    constexpr int Height = 48;
    SharedArray<QRgb> camera(u"camera"_s);
    camera.create(Width * Height);
    if (auto pixels = camera.beginWrite()) {
        QImage picture(reinterpret_cast<uchar *>(pixels.data()), Width, Height, QImage::Format_RGB32);
        picture.fill(Qt::darkCyan);
    }

    SharedArray<QRgb> view(u"camera"_s);
    QVERIFY(view.open());
    QImage shown(Width, Height, QImage::Format_RGB32);
    const std::span pixels(reinterpret_cast<QRgb *>(shown.bits()), Width * Height);
    if (!view.read(pixels))
        qWarning() << view.errorString();
    QCOMPARE(shown.pixelColor(63, 47), QColor(Qt::darkCyan));
    QCOMPARE(view.revision(), 1u);
}

void tst_Guide::longText()
{
    const QString text = u"Grünkohl, mild, "_s.repeated(100);
    SharedArray<quint8> note(u"note"_s);
    note.segment()->setMetadata({{u"content"_s, u"text/plain"_s}}); // says what the bytes are
    note.createWithCapacity(65536);
    note.segment()->publish(text.toUtf8());

    SharedArray<quint8> view(u"note"_s);
    QVERIFY(view.open());
    const QString read = QString::fromUtf8(view.segment()->snapshot());
    QCOMPARE(read, text);
    QCOMPARE(view.segment()->metadata().value(u"content"_s), u"text/plain"_s);
    QVERIFY(note.segment()->publish(QByteArray()));
    QCOMPARE(view.segment()->snapshot(), QByteArray());
}

void tst_Guide::namesThatDiffer()
{
    SharedValue<team::Reading> ours(u"reading"_s);
    QVERIFY(ours.create() && ours.set({21.5, 3}));
    SharedValue<reading_t> theirs(u"reading"_s);
    QVERIFY2(theirs.open(), qPrintable(theirs.errorString()));
    QCOMPARE(theirs.get().temperature, 21.5);
}

void tst_Guide::edits()
{
    SharedArray<double> rooms(u"rooms"_s);
    rooms.segment()->setMultipleWriters(true);
    QVERIFY(rooms.create(2));
    SharedSegment segment(u"rooms"_s);
    QVERIFY(segment.open(SharedSegment::Access::ReadWrite));
    SharedArrayModel model;
    model.setSegment(&segment);

    model.beginEdit();
    model.setData(model.index(0, 0), 20.5);
    model.setData(model.index(1, 0), 21.5);
    if (!model.endEdit())
        qWarning() << segment.errorString();

    QCOMPARE(rooms.snapshot(), QList<double>({20.5, 21.5}));
    QCOMPARE(rooms.revision(), 1u);
    QVERIFY(!model.setData(model.index(0, 0), u"warm"_s));
    QVERIFY(!segment.errorString().isEmpty());
    QCOMPARE(rooms.revision(), 1u);
}

void tst_Guide::equalPeers()
{
    SharedArray<double> first(u"levels"_s);
    first.segment()->setMultipleWriters(true);
    QVERIFY(first.createOrOpen(4));
    SharedArray<double> peer(u"levels"_s);
    peer.segment()->setMultipleWriters(true);
    if (peer.createOrOpen(4))
        peer.segment()->setActive(true); // goes on when the owner ends
    else
        qWarning() << peer.errorString();
    QVERIFY(first.segment()->isOwner());
    QVERIFY(peer.isOpen() && !peer.segment()->isOwner());

    QVERIFY(peer.publish(std::array{1.0, 2.0, 3.0, 4.0}));
    first.close();
    QTRY_VERIFY_WITH_TIMEOUT(peer.segment()->isOwner(), Deadline);
    QVERIFY(first.createOrOpen(4));
    QVERIFY(!first.segment()->isOwner());
    QCOMPARE(first.snapshot(), QList<double>({1.0, 2.0, 3.0, 4.0}));
}

void tst_Guide::threads()
{
    SharedArray<double> levels(u"levels"_s);
    QVERIFY(levels.create(4) && levels.publish(std::array{1.0, 2.0, 3.0, 4.0}));
    std::atomic<double> sum = 0;
    // clang-format off
    std::thread worker([&] {
        SharedArray<double> own(u"levels"_s);
        if (own.open()) {
            const QList<double> values = own.snapshot();
            sum = std::accumulate(values.begin(), values.end(), 0.0);
        }
    });
    // clang-format on
    worker.join();
    QCOMPARE(sum.load(), 10.0);
}

void tst_Guide::waiting()
{
    QList<double> kept;
    std::atomic<bool> isOpen = false;
    SharedSegment::Error error = SharedSegment::Error::SystemError;
    std::thread reader([&] {
        SharedValue<double> level(u"level"_s);
        if (!level.waitForOpened(QDeadlineTimer(20s)))
            qWarning() << level.errorString();
        quint64 seen = level.segment()->revision();
        isOpen = true;
        while (level.waitForUpdated(seen, QDeadlineTimer(20s))) {
            SharedRevision revision;
            kept.append(level.get(&revision));
            seen = revision.number;
        }
        error = level.segment()->error();
    });
    const auto joined = qScopeGuard([&] { reader.join(); });
    {
        SharedValue<double> owner(u"level"_s);
        QVERIFY(owner.create());
        QTRY_VERIFY_WITH_TIMEOUT(isOpen, Deadline);
        QVERIFY(owner.set(1.5));
        QVERIFY(owner.set(2.5));
    }
    reader.join();
    reader = std::thread([] {});
    QCOMPARE(error, SharedSegment::Error::NotFound);
    QVERIFY(!kept.isEmpty());
    QCOMPARE(kept.last(), 2.5);
}

QTEST_GUILESS_MAIN(tst_Guide)
#include "tst_guide.moc"
