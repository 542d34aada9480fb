// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Streams in the Qt API: what SharedStream, SharedStreamReader and SharedSegment::append() promise.

#include "../../support/errorstyle.h"
#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedStream>

#include <QtCore/QThread>
#include <QtTest/QSignalSpy>

#include <memory>
#include <numeric>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace testsupport;
using Error = SharedSegment::Error;
using Kind = SharedSegment::Kind;
using Access = SharedSegment::Access;
using Stream = SharedStream<quint64>;
using Numbers = QList<quint64>;

namespace {

Numbers ramp(quint64 first, qsizetype count)
{
    Numbers values(count);
    std::iota(values.begin(), values.end(), first);
    return values;
}

} // namespace

class tst_Stream : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { QCOMPARE(SharedSegment::names(), QStringList()); }

    void eachElementArrives();
    void readersHaveTheirOwnPositions();
    void lossIsCounted();
    void seekBeforeAndAfterOpening();
    void anotherOwnerBeginsAnew();
    void replacementContinues();
    void peersContinue();
    void updatesAreAnnounced();
    void readInAnotherThread();
    void waitsWithoutEventLoop();
    void multipleWriters();
    void anotherKindIsRefused();
    void appendedByWhatTheCallerHas();
    void callsThatDoNotFit();
    void afterTheEnd();
};

void tst_Stream::eachElementArrives()
{
    const QString name = uniqueName();
    Stream out(name);
    QVERIFY2(out.create(8), qPrintable(out.errorString()));
    QCOMPARE(out.segment()->kind(), Kind::Stream);
    QCOMPARE(out.capacity(), 8);
    Stream in(name);
    QVERIFY2(in.open(), qPrintable(in.errorString()));
    QCOMPARE(in.readNew(), Numbers());
    QVERIFY(out.append(0));
    QVERIFY(out.append(ramp(1, 4)));
    QCOMPARE(in.available(), 5u);
    SharedRevision revision;
    QCOMPARE(in.readNew(2, &revision), ramp(0, 2));
    QCOMPARE(revision.count, 2);
    QCOMPARE(revision.number, 2u);
    QCOMPARE(in.position(), 2u);
    QCOMPARE(in.readNew(-1, &revision), ramp(2, 3));
    QCOMPARE(revision.number, 5u);
    QCOMPARE(in.segment()->revision(), 5u);
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    QVERIFY(qAbs(revision.toDateTime().toMSecsSinceEpoch() - now) < 10'000);
    QVERIFY(out.append(ramp(5, 8)));
    std::array<quint64, 16> space{};
    QCOMPARE(in.read(space), 8);
    QCOMPARE(space[7], 12u);
    QCOMPARE(in.read(space), 0);
    QCOMPARE(in.lost(), 0u);
    QVERIFY(out.append(Numbers()));
    QCOMPARE(out.segment()->revision(), 13u);
    out.close();
}

void tst_Stream::readersHaveTheirOwnPositions()
{
    Stream stream(uniqueName());
    QVERIFY(stream.create(4));
    SharedStreamReader first(stream.segment());
    QVERIFY(stream.append(ramp(0, 3)));
    SharedStreamReader second(stream.segment());
    QCOMPARE(second.available(), 0u);
    QVERIFY(stream.append(ramp(3, 3)));
    QCOMPARE(first.readNew().size(), 4 * 8);
    QCOMPARE(first.lost(), 2u);
    QCOMPARE(second.readNew().size(), 3 * 8);
    QCOMPARE(second.lost(), 0u);
    QCOMPARE(second.position(), 6u);
    QCOMPARE(stream.readNew(), ramp(2, 4)); // the stream's own reader began at its creation
    QCOMPARE(stream.lost(), 2u);
}

void tst_Stream::lossIsCounted()
{
    const QString name = uniqueName();
    Stream out(name);
    QVERIFY(out.create(10));
    Stream in(name);
    QVERIFY(in.open());
    quint64 read = 0;
    for (quint64 batch = 1; batch < 40; ++batch) {
        QVERIFY(out.append(ramp(out.segment()->revision(), qsizetype(batch))));
        const Numbers fresh = in.readNew(qsizetype(batch % 7));
        read += quint64(fresh.size());
        QCOMPARE(in.position(), read + in.lost());
        if (!fresh.isEmpty())
            QCOMPARE(fresh, ramp(in.position() - quint64(fresh.size()), fresh.size()));
    }
    read += quint64(in.readNew().size());
    QCOMPARE(read + in.lost(), out.segment()->revision());
    QVERIFY(in.lost() > 0);
}

void tst_Stream::seekBeforeAndAfterOpening()
{
    const QString name = uniqueName();
    Stream out(name);
    QVERIFY(out.create(10));
    QVERIFY(out.append(ramp(0, 25)));
    Stream in(name);
    in.seek(Stream::Oldest);
    QVERIFY(in.open());
    QCOMPARE(in.position(), 15u);
    QVERIFY(out.append(ramp(25, 1)));
    QCOMPARE(in.readNew(), ramp(16, 10));
    QCOMPARE(in.lost(), 0u);
    in.seek(20);
    QCOMPARE(in.readNew(2), ramp(20, 2));
    in.seek(Stream::Newest);
    QCOMPARE(in.available(), 0u);
    in.close();
    // Continues where an earlier run of the program ended.
    Stream later(name);
    later.seek(12);
    QVERIFY(later.open());
    QCOMPARE(later.readNew(), ramp(16, 10));
    QCOMPARE(later.lost(), 4u);
    // The newest at the opening, not at the first read.
    Stream newest(name);
    QVERIFY(newest.open());
    QVERIFY(out.append(26));
    QCOMPARE(newest.readNew(), ramp(26, 1));
}

void tst_Stream::anotherOwnerBeginsAnew()
{
    const QString name = uniqueName();
    auto out = std::make_unique<Stream>(name);
    QVERIFY(out->create(4));
    Stream in(name);
    in.segment()->setActive(true);
    QVERIFY(out->append(ramp(0, 9)));
    QCOMPARE(in.readNew(), ramp(5, 4));
    QCOMPARE(in.lost(), 5u);
    out = std::make_unique<Stream>(name);
    QSignalSpy opened(in.segment(), &SharedSegment::opened);
    QVERIFY(out->create(4));
    QTRY_COMPARE(opened.size(), 1);
    QCOMPARE(in.lost(), 0u);
    QCOMPARE(in.position(), 0u);
    QVERIFY(out->append(ramp(0, 2)));
    QCOMPARE(in.readNew(), ramp(0, 2));
}

void tst_Stream::replacementContinues()
{
    const QString name = uniqueName();
    Stream out(name);
    QVERIFY(out.create(4));
    Stream in(name);
    QVERIFY(in.open());
    QSignalSpy reopened(in.segment(), &SharedSegment::reopened);
    QSignalSpy closed(in.segment(), &SharedSegment::closed);
    QVERIFY(out.append(ramp(0, 6)));
    QVERIFY(out.segment()->recreate(100));
    QVERIFY(out.append(ramp(6, 50)));
    QTRY_COMPARE(reopened.size(), 1);
    QCOMPARE(in.capacity(), 100);
    QCOMPARE(in.readNew(), ramp(2, 54));
    QCOMPARE(in.lost(), 2u);
    QCOMPARE(out.readNew(), ramp(2, 54));
    QVERIFY(out.segment()->recreate(3)); // keeps as many as fit
    QTRY_COMPARE(reopened.size(), 2);
    QCOMPARE(in.available(), 0u);
    in.seek(Stream::Oldest);
    QCOMPARE(in.readNew(), ramp(53, 3));
    QCOMPARE(closed.size(), 0);
}

void tst_Stream::peersContinue()
{
    const QString name = uniqueName();
    auto first = std::make_unique<Stream>(name);
    Stream second(name);
    for (Stream *const peer : {first.get(), &second})
        peer->segment()->setMultipleWriters(true);
    QVERIFY(first->createOrOpen(4));
    QVERIFY(second.createOrOpen(4));
    QVERIFY(first->append(ramp(0, 3)));
    QVERIFY(first->append(ramp(3, 3)));
    QVERIFY(second.append(6));
    first.reset();
    QTRY_COMPARE(second.segment()->state(), SharedSegment::State::Orphaned);
    QVERIFY2(second.createOrOpen(4), qPrintable(second.errorString()));
    QVERIFY(second.segment()->isOwner());
    // The position and the newest elements go on.
    QVERIFY(second.append(7));
    second.seek(Stream::Oldest);
    QCOMPARE(second.readNew(), ramp(4, 4));
    QCOMPARE(second.position(), 8u);
}

void tst_Stream::updatesAreAnnounced()
{
    const QString name = uniqueName();
    Stream out(name);
    QVERIFY(out.create(1000));
    Stream in(name);
    QVERIFY(in.open());
    quint64 announced = 0;
    int signalCount = 0;
    Numbers received;
    connect(in.segment(), &SharedSegment::updated, this, [&](const SharedRevision &revision) {
        QVERIFY(revision.number > announced);
        announced = revision.number;
        ++signalCount;
        received += in.readNew();
    });
    for (int batch = 0; batch < 20; ++batch) {
        for (int i = 0; i < 25; ++i)
            QVERIFY(out.append(out.segment()->revision()));
        if (batch % 5 == 4)
            QTRY_COMPARE(received.size(), 25 * (batch + 1));
    }
    QCOMPARE(announced, 500u);
    QCOMPARE(received, ramp(0, 500));
    QVERIFY2(signalCount <= 4 * 3, qPrintable(QString::number(signalCount))); // coalesced
    QCOMPARE(in.lost(), 0u);
}

void tst_Stream::readInAnotherThread()
{
    const QString name = uniqueName();
    constexpr quint64 Count = 200'000;
    Stream out(name);
    QVERIFY(out.create(1024));
    Stream in(name);
    QVERIFY(in.open());
    quint64 read = 0;
    quint64 lost = 0;
    bool isOrdered = true;
    const std::unique_ptr<QThread> thread(QThread::create([&] {
        SharedStreamReader reader(in.segment());
        reader.seek(quint64(0));
        while (reader.position() < Count) {
            const QByteArray fresh = reader.readNew(512);
            const quint64 first = reader.position() - quint64(fresh.size()) / 8;
            for (qsizetype i = 0; i < fresh.size() / 8; ++i)
                isOrdered = isOrdered && reinterpret_cast<const quint64 *>(fresh.constData())[i] == first + quint64(i);
            read += quint64(fresh.size()) / 8;
        }
        lost = reader.lost();
    }));
    thread->start();
    for (quint64 i = 0; i < Count; i += 50)
        QVERIFY(out.append(ramp(i, 50)));
    QVERIFY(thread->wait(30'000));
    QVERIFY(isOrdered);
    QCOMPARE(read + lost, Count);
}

void tst_Stream::waitsWithoutEventLoop()
{
    const QString name = uniqueName();
    Stream out(name);
    QVERIFY(out.create(8));
    Stream in(name);
    QVERIFY(in.open());
    QVERIFY(!in.waitForUpdated(in.position(), QDeadlineTimer(10)));
    bool isUpdated = false;
    const std::unique_ptr<QThread> thread(
        QThread::create([&] { isUpdated = in.waitForUpdated(0, QDeadlineTimer(10'000)); }));
    thread->start();
    QTRY_COMPARE(out.segment()->listenerCount(), 2); // of the segment itself, and of the thread
    QVERIFY(out.append(7));
    QVERIFY(thread->wait(10'000));
    QVERIFY(isUpdated);
    QVERIFY(in.waitForUpdated(0, QDeadlineTimer(0)));
    QCOMPARE(in.readNew(), Numbers{7});
}

void tst_Stream::multipleWriters()
{
    const QString name = uniqueName();
    Stream owner(name);
    owner.segment()->setMultipleWriters(true);
    QVERIFY(owner.create(8));
    Stream other(name);
    QVERIFY(other.open(Access::ReadWrite));
    QVERIFY(owner.append(0));
    QVERIFY(other.append(ramp(1, 7)));
    QVERIFY(!other.append(ramp(8, 9)));
    QCOMPARE(other.error(), Error::InvalidSize);
    QCOMPARE(errorstyle::problemOf(other.errorString()), QString());
    QCOMPARE(owner.readNew(), ramp(0, 8));
    QCOMPARE(other.readNew(), ramp(0, 8));
    other.close();
    Stream reader(name);
    QVERIFY(reader.open());
    QVERIFY(!reader.append(1));
    QCOMPARE(reader.error(), Error::PermissionDenied);
}

void tst_Stream::anotherKindIsRefused()
{
    const QString name = uniqueName();
    SharedArray<quint64> array(name);
    QVERIFY(array.create(4));
    Stream in(name);
    QVERIFY(!in.open());
    QCOMPARE(in.error(), Error::LayoutMismatch);
    QVERIFY2(in.errorString().contains(u"a stream"_s) && in.errorString().contains(u"an array"_s),
             qPrintable(in.errorString()));
    SharedStreamReader reader(array.segment());
    QCOMPARE(reader.readNew(), QByteArray());
    QCOMPARE(array.error(), Error::LayoutMismatch);
    QCOMPARE(errorstyle::problemOf(array.errorString()), QString());
    array.close();
    Stream out(name);
    QVERIFY(out.create(4));
    QVERIFY(!array.open());
    QCOMPARE(array.error(), Error::LayoutMismatch);
    SharedStream<double> other(name);
    QVERIFY(!other.open());
    QCOMPARE(other.error(), Error::LayoutMismatch);
}

/// Bytes and values of run-time types are told apart, however the bytes are kept.
void tst_Stream::appendedByWhatTheCallerHas()
{
    SharedSegment segment(uniqueName());
    segment.setKind(Kind::Stream);
    QVERIFY(segment.create(SharedLayout::parse(u"char[4]"_s), 100));
    const QByteArray bytes("aaaabbbb");
    QVERIFY(segment.append(bytes));
    QVERIFY(segment.append(QByteArray("cccc")));
    QVERIFY(segment.append(QByteArrayView(bytes)));
    QVERIFY(segment.append("dddd"));
    QVERIFY(segment.append({bytes.constData(), 4}));
    QVERIFY(segment.append(std::as_bytes(std::span(bytes.constData(), 4))));
    QVERIFY(segment.append(bytes, 50ms));
    QCOMPARE(segment.revision(), 10u);
    QVERIFY(segment.append(QVariant(bytes)));
    QVERIFY(segment.append(QVariant(u"text"_s))); // a value
    QVERIFY(segment.append(QVariantList{u"one"_s, u"two"_s}));
    QCOMPARE(segment.revision(), 15u);
    SharedStreamReader reader(&segment);
    reader.seek(SharedStreamReader::Oldest);
    QCOMPARE(reader.readNew(), QByteArray("aaaabbbbccccaaaabbbbddddaaaaaaaaaaaabbbbaaaabbbbtextone\0two\0", 60));
    const auto refuses = [&segment](const QVariant &value, Error error) {
        const bool isStyled = !segment.append(value) && errorstyle::problemOf(segment.errorString()).isEmpty();
        return isStyled && segment.error() == error;
    };
    QVERIFY(refuses(7, Error::InvalidValue));
    QVERIFY(refuses(QVariant(), Error::InvalidValue));
    QVERIFY(refuses(u"too long"_s, Error::InvalidValue));
    QVERIFY(refuses(QVariantList{u"one"_s, 2}, Error::InvalidValue));
    QVERIFY(refuses(QByteArray("abc"), Error::InvalidSize));
    QVERIFY(refuses(QVariantList(101, u"a"_s), Error::InvalidSize));
    QCOMPARE(segment.revision(), 15u);
    segment.close();
    QVERIFY(refuses(u"text"_s, Error::NotFound));
    SharedArray<quint64> array(uniqueName());
    QVERIFY(array.create(4));
    QVERIFY(!array.segment()->append(QVariantList{1, 2}));
    QCOMPARE(array.error(), Error::InvalidState);
}

void tst_Stream::callsThatDoNotFit()
{
    const QString name = uniqueName();
    Stream stream(name);
    QVERIFY(stream.create(4));
    SharedSegment *const segment = stream.segment();
    const Numbers values = ramp(0, 4);
    const QByteArrayView bytes(reinterpret_cast<const char *>(values.constData()), 32);
    const auto refuses = [segment](bool isAccepted, Error error) {
        const bool isStyled = errorstyle::problemOf(segment->errorString()).isEmpty();
        return !isAccepted && segment->error() == error && isStyled;
    };
    QVERIFY(refuses(segment->publish(bytes), Error::InvalidState));
    QVERIFY(refuses(bool(segment->beginWrite()), Error::InvalidState));
    QVERIFY(refuses(!segment->snapshot().isEmpty(), Error::InvalidState));
    QVERIFY(refuses(segment->write(0, 1), Error::InvalidState));
    QVERIFY(refuses(segment->write(QVariantList{1, 2, 3, 4}), Error::InvalidState));
    QVERIFY(refuses(segment->append(bytes.first(5)), Error::InvalidSize));
    QVERIFY(segment->append(bytes));
    QCOMPARE(segment->error(), Error::NoError);
    SharedArray<quint64> array(uniqueName());
    QVERIFY(array.create(4));
    QVERIFY(!array.segment()->append(bytes));
    QCOMPARE(array.error(), Error::InvalidState);
    Stream buffered(uniqueName());
    buffered.segment()->setBufferCount(2);
    QVERIFY(!buffered.create(4));
    QCOMPARE(buffered.error(), Error::InvalidSize);
    QCOMPARE(errorstyle::problemOf(buffered.errorString()), QString());
}

void tst_Stream::afterTheEnd()
{
    const QString name = uniqueName();
    Stream in(name);
    QCOMPARE(in.readNew(), Numbers());
    QCOMPARE(in.error(), Error::NotFound);
    QCOMPARE(in.lost(), 0u);
    auto out = std::make_unique<Stream>(name);
    QVERIFY(out->create(4));
    QVERIFY(in.open());
    QVERIFY(out->append(ramp(0, 6)));
    out.reset();
    QTRY_COMPARE(in.segment()->state(), SharedSegment::State::Orphaned);
    QCOMPARE(in.readNew(), ramp(2, 4)); // what the owner appended last stays readable
    QCOMPARE(in.lost(), 2u);
    in.close();
    QCOMPARE(in.lost(), 2u);
    QCOMPARE(in.position(), 6u);
    QCOMPARE(in.available(), 0u);
    // A reader may outlive its segment.
    auto segment = std::make_unique<SharedSegment>(name);
    SharedStreamReader reader(segment.get());
    segment.reset();
    QCOMPARE(reader.readNew(), QByteArray());
    QCOMPARE(reader.segment(), nullptr);
}

QTEST_GUILESS_MAIN(tst_Stream)
#include "tst_stream.moc"
