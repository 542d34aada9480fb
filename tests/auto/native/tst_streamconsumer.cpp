// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Streams without Qt: what is appended, read, lost and refused.

#include "streamtest.h"

#include <array>

using namespace std::chrono_literals;
using namespace streamtest;

using sharedsegment::Consumer;
using sharedsegment::ErrorCode;
using sharedsegment::RevisionInfo;
using sharedsegment::StreamConsumer;

class tst_StreamConsumer : public StreamTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup() { checkNothingIsLeft(); }

    void eachElementArrives();
    void lossIsExact();
    void seeks();
    void multipleWriters();
    void anotherKind();
    void errors();
    void moved();
};

void tst_StreamConsumer::eachElementArrives()
{
    const std::string name = uniqueUtf8();
    Producer<std::uint64_t> stream(name);
    auto described = options();
    described.metadata = R"({"sampleRate":1000})";
    QVERIFY2(stream.createStream(8, described), stream.errorString().c_str());
    QCOMPARE(stream.capacity(), 8u);
    StreamConsumer<std::uint64_t> consumer(name);
    QVERIFY2(consumer.open(8), consumer.errorString().c_str());
    QCOMPARE(consumer.raw().metadata(), described.metadata);
    QCOMPARE(consumer.raw().layout(), std::string("u64"));
    QCOMPARE(consumer.raw().elementSize(), 8u);
    QCOMPARE(consumer.readNew(), Numbers());
    const qint64 before = QDateTime::currentMSecsSinceEpoch();
    QCOMPARE(stream.append(0), std::optional<std::uint64_t>(1));
    QVERIFY(appendNumbers(stream, 5));
    QCOMPARE(consumer.available(), 6u);
    QCOMPARE(consumer.readNew(2), ramp(0, 2));
    Numbers numbers(100);
    const std::optional<RevisionInfo> read = consumer.read(numbers);
    QVERIFY(read);
    QCOMPARE(read->number, 6u);
    QCOMPARE(read->count, 4u);
    QVERIFY(read->timestamp / 1'000'000 >= before - 1);
    QCOMPARE(numbers[3], 5u);
    QCOMPARE(consumer.position(), 6u);
    QVERIFY(appendNumbers(stream, 8)); // over the end of the ring buffer
    QCOMPARE(consumer.readNew(), ramp(6, 8));
    QCOMPARE(consumer.lost(), 0u);
    QCOMPARE(stream.raw().revision(), 14u);
    QCOMPARE(consumer.raw().newest(), 14u);
}

void tst_StreamConsumer::lossIsExact()
{
    const std::string name = uniqueUtf8();
    Producer<std::uint64_t> stream(name);
    QVERIFY(stream.createStream(8, options()));
    StreamConsumer<std::uint64_t> consumer(name);
    StreamConsumer<std::uint64_t> attentive(name);
    QVERIFY(consumer.open());
    QVERIFY(attentive.open());
    QVERIFY(appendNumbers(stream, 11)); // in pieces
    QCOMPARE(attentive.readNew(), ramp(3, 8));
    QCOMPARE(consumer.readNew(2), ramp(3, 2));
    QCOMPARE(consumer.lost(), 3u);
    QVERIFY(appendNumbers(stream, 1));
    QCOMPARE(attentive.readNew(), ramp(11, 1));
    QVERIFY(appendNumbers(stream, 1));
    QCOMPARE(consumer.readNew(), ramp(5, 8));
    QCOMPARE(consumer.lost(), 3u);
    QVERIFY(appendNumbers(stream, 1000));
    QCOMPARE(consumer.readNew(3), ramp(1005, 3));
    QCOMPARE(consumer.lost(), 3u + 992u);
    QCOMPARE(attentive.lost(), 3u);
    consumer.close();
    QVERIFY(consumer.open());
    QCOMPARE(consumer.lost(), 0u);
}

void tst_StreamConsumer::seeks()
{
    const std::string name = uniqueUtf8();
    Producer<std::uint64_t> stream(name);
    QVERIFY(stream.createStream(8, options()));
    QVERIFY(appendNumbers(stream, 20));
    StreamConsumer<std::uint64_t> consumer(name);
    QVERIFY(consumer.open());
    QCOMPARE(consumer.position(), 20u);
    consumer.seekToOldest();
    QCOMPARE(consumer.position(), 12u);
    QVERIFY(appendNumbers(stream, 2));
    QCOMPARE(consumer.readNew(3), ramp(14, 3));
    QCOMPARE(consumer.lost(), 0u);
    consumer.seek(19);
    QCOMPARE(consumer.readNew(), ramp(19, 3));
    consumer.seek(10);
    QCOMPARE(consumer.readNew(), ramp(14, 8));
    QCOMPARE(consumer.lost(), 4u);
    consumer.seek(1000);
    QCOMPARE(consumer.position(), 22u);
    consumer.seek(15);
    consumer.seekToNewest();
    QCOMPARE(consumer.readNew(), Numbers());
    QCOMPARE(consumer.lost(), 4u);
}

void tst_StreamConsumer::multipleWriters()
{
    const std::string name = uniqueUtf8();
    Producer<std::uint64_t> stream(name);
    QVERIFY2(stream.createStream(8, options(true)), stream.errorString().c_str());
    StreamConsumer<std::uint64_t> consumer(name);
    QVERIFY2(consumer.open(), consumer.errorString().c_str());
    QVERIFY(appendNumbers(stream, 8));
    QVERIFY(!stream.append(ramp(8, 9)));
    QCOMPARE(stream.error(), ErrorCode::InvalidSize);
    QCOMPARE(consumer.readNew(), ramp(0, 8));
}

void tst_StreamConsumer::anotherKind()
{
    Producer<std::uint64_t> stream(uniqueUtf8());
    Producer<std::uint64_t> array(uniqueUtf8());
    QVERIFY(stream.createStream(8, options()));
    QVERIFY(array.createWithCapacity(8, options()));
    const auto isExplained = [](const std::string &text) {
        return text.find("a stream") != std::string::npos && text.find("an array of") != std::string::npos;
    };
    Consumer<std::uint64_t> arrays(stream.raw().name());
    QVERIFY(!arrays.open());
    QCOMPARE(arrays.error(), ErrorCode::LayoutMismatch);
    QVERIFY2(isExplained(arrays.errorString()), arrays.errorString().c_str());
    StreamConsumer<std::uint64_t> streams(array.raw().name());
    QVERIFY(!streams.open());
    QCOMPARE(streams.error(), ErrorCode::LayoutMismatch);
    QVERIFY2(isExplained(streams.errorString()), streams.errorString().c_str());

    QVERIFY(!stream.publish(ramp(0, 8)));
    QCOMPARE(stream.error(), ErrorCode::InvalidState);
    QVERIFY(!stream.beginWrite());
    QCOMPARE(stream.error(), ErrorCode::InvalidState);
    Numbers numbers(8);
    QVERIFY(!stream.raw().read(std::as_writable_bytes(std::span(numbers))));
    QCOMPARE(stream.error(), ErrorCode::InvalidState);
    QVERIFY(!array.append(1));
    QCOMPARE(array.error(), ErrorCode::InvalidState);
    QVERIFY2(array.errorString().find("is an array") != std::string::npos, array.errorString().c_str());
    QCOMPARE(array.raw().revision(), 0u);
}

void tst_StreamConsumer::errors()
{
    RawStreamConsumer closed(uniqueUtf8());
    std::array<std::byte, 12> bytes;
    QVERIFY(!closed.read(bytes));
    QCOMPARE(closed.error(), ErrorCode::NotFound);
    QVERIFY(!closed.waitForUpdated(in(0ms)));
    QCOMPARE(closed.error(), ErrorCode::NotFound);
    QCOMPARE(closed.updateDescriptor(), -1);
    QCOMPARE(closed.available(), 0u);
    closed.seekToOldest();
    closed.seek(5);
    QCOMPARE(closed.position(), 0u);
    QVERIFY(!closed.open());
    QCOMPARE(closed.error(), ErrorCode::NotFound);
    QCOMPARE((StreamConsumer<double>(uniqueUtf8()).readNew().size()), 0u);

    Producer<std::uint64_t> stream(uniqueUtf8());
    QVERIFY(!stream.append(1));
    QCOMPARE(stream.error(), ErrorCode::NotFound);
    auto twice = options();
    twice.bufferCount = 2;
    QVERIFY(!stream.createStream(8, twice));
    QCOMPARE(stream.error(), ErrorCode::InvalidSize);
    QVERIFY(stream.createStream(8, options()));
    QVERIFY(!stream.raw().append(bytes));
    QCOMPARE(stream.error(), ErrorCode::InvalidSize);
    StreamConsumer<double> other(stream.raw().name());
    QVERIFY(!other.open());
    QCOMPARE(other.error(), ErrorCode::LayoutMismatch);
    RawStreamConsumer any(stream.raw().name());
    QVERIFY(!any.open("u64", 9));
    QCOMPARE(any.error(), ErrorCode::LayoutMismatch);
    QVERIFY(any.open("u64", 8));
    QVERIFY(!any.open());
    QCOMPARE(any.error(), ErrorCode::InvalidState);
    QVERIFY(!any.read(bytes));
    QCOMPARE(any.error(), ErrorCode::InvalidSize);
    QVERIFY(any.read({}));
    QCOMPARE(any.error(), ErrorCode::NoError);
}

void tst_StreamConsumer::moved()
{
    Producer<std::uint64_t> stream(uniqueUtf8());
    QVERIFY(stream.createStream(8, options()));
    RawStreamConsumer first(stream.raw().name());
    QVERIFY(first.open());
    QVERIFY(appendNumbers(stream, 4));
    first.seek(1);
    RawStreamConsumer second(std::move(first));
    QCOMPARE(second.position(), 1u);
    QVERIFY(!first.isOpen());
    QCOMPARE(first.position(), 0u);
    first = std::move(second);
    QCOMPARE(first.available(), 3u);
    QVERIFY(!second.isOpen());
}

QTEST_GUILESS_MAIN(tst_StreamConsumer)
#include "tst_streamconsumer.moc"
