// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The C header in C++, with its functions in a file of C.

#include "../../../src/bindings/c/sharedsegment.h"

#include "../../support/testsupport.h"

#include "engine/append.h"
#include "engine/createsegment.h"
#include "engine/writetransaction.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedStream>

#include <QtCore/QFile>
#include <QtCore/QFileInfo>
#include <QtCore/QTemporaryFile>
#include <QtTest/QTest>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstring>

using namespace Qt::StringLiterals;

class tst_CHeader : public QObject
{
    Q_OBJECT

private:
    testsupport::RegistryFolder m_folder;

    static ss_segment *makeStream(const char *name, const char *layout, std::uint64_t capacity)
    {
        const ss_options options = {capacity, SS_STREAM, 0, SS_AUTOMATIC, nullptr};
        return ss_create(name, layout, &options);
    }
    /// Elements that lie at no even address, each with a number of its own.
    using Odd = std::array<quint8, 3>;
    static Odd oddOf(int number) { return {quint8(number), quint8(number * 7), quint8(number * 31)}; }
    static QList<Odd> oddRamp(int first, int count)
    {
        QList<Odd> elements;
        for (int i = 0; i < count; ++i)
            elements.append(oddOf(first + i));
        return elements;
    }

    /// Of `capacity` elements, fixed.
    static ss_segment *make(const char *name, const char *layout, std::uint64_t capacity)
    {
        const ss_options options = {capacity, SS_FIXED_ARRAY, 4, SS_AUTOMATIC, nullptr};
        return ss_create(name, layout, &options);
    }

private Q_SLOTS:
    void publishes();
    void reads();
    void readsMirrors();
    void variableCount();
    void appends();
    void readsStreams();
    void anotherKind();
    void metadata();
    void saysWhy();
    void takesNoNull();
    void otherFaultsAreTheProgramsOwn();
};

void tst_CHeader::publishes()
{
    ss_segment *owner = make("shared", "i32", 2);
    QVERIFY2(owner, ss_error());
    const int values[] = {1, 2};
    QCOMPARE(ss_publish(owner, values, sizeof values), 1);
    SharedArray<int> array(u"shared"_s);
    QVERIFY2(array.open(), qPrintable(array.errorString()));
    QCOMPARE(array.snapshot(), (QList<int>{1, 2}));
    array.close();
    ss_close(owner);
}

void tst_CHeader::reads()
{
    SharedArray<int> array(u"shared"_s);
    QVERIFY2(array.create(2), qPrintable(array.errorString()));
    QVERIFY(array.publish(QList<int>{3, 4}));
    ss_segment *reader = ss_open("shared");
    QVERIFY2(reader, ss_error());
    int values[2] = {};
    ss_revision_info revision = {};
    QCOMPARE(ss_read(reader, values, sizeof values, &revision), 2);
    QCOMPARE(values[1], 4);
    QCOMPARE(revision.number, 1u);
    QCOMPARE(revision.count, 2u);
    QCOMPARE(revision.source_timestamp, 0);
    QVERIFY(revision.timestamp > 0);
    QCOMPARE(ss_kind(reader), int(SS_FIXED_ARRAY));
    QCOMPARE(ss_capacity(reader), 2u);
    QCOMPARE(QByteArray(ss_metadata(reader)), QByteArray());
    QCOMPARE(ss_wait(reader, 0, -1), int(SS_UPDATED));
    ss_close(reader);
}

void tst_CHeader::readsMirrors()
{
    using namespace sharedsegment::engine;
    const quint64 value = 7;
    quint64 read = 0;
    ss_revision_info revision = {};
    for (const Kind kind : {Kind::FixedArray, Kind::Stream}) {
        const auto mirror = createSegment(Registry::ofEnvironment(), "@host/name", *Layout::parse("u64"),
                                          {.kind = kind, .capacity = 1, .source = sharedsegment::Source::Reachable});
        QVERIFY(mirror);
        ss_segment *reader = kind == Kind::Stream ? ss_open_stream("@host/name") : ss_open("@host/name");
        QVERIFY2(reader, ss_error());
        const auto publish = kind == Kind::Stream ? &appendMirrored : &publishMirrored;
        QVERIFY(publish(*mirror->segment, std::as_bytes(std::span(&value, 1)), {5, 3}, std::chrono::seconds(1)));
        const auto take = kind == Kind::Stream ? ss_read_new(reader, &read, sizeof read, &revision)
                                               : ss_read(reader, &read, sizeof read, &revision);
        QCOMPARE(take, 1);
        QCOMPARE(read, 7u);
        QCOMPARE(revision.timestamp, 5);
        QCOMPARE(revision.source_timestamp, 3);
        QCOMPARE(ss_source(reader), int(SS_REACHABLE));
        QVERIFY(mirror->segment->setSource(sharedsegment::Source::NotReachable));
        QCOMPARE(ss_source(reader), int(SS_NOT_REACHABLE));
        if (kind == Kind::Stream) {
            QVERIFY(skip(*mirror->segment, 5, std::chrono::seconds(1)));
            QCOMPARE(ss_read_new(reader, &read, sizeof read, &revision), 0);
            QCOMPARE(revision.number, 6u);
            QCOMPARE(ss_lost(reader), 5u);
        }
        ss_close(reader);
    }
    ss_segment *owner = make("plain", "u64", 1);
    QCOMPARE(ss_source(owner), int(SS_HERE));
    ss_close(owner);
    QVERIFY(!make("@host/name", "u64", 1));
    QCOMPARE(ss_error_code(), int(SS_INVALID));
}

void tst_CHeader::variableCount()
{
    const ss_options options = {3, SS_VARIABLE_ARRAY, 0, SS_AUTOMATIC, nullptr};
    ss_segment *owner = ss_create("variable", "i32", &options);
    QVERIFY2(owner, ss_error());
    ss_segment *reader = ss_open("variable");
    QVERIFY2(reader, ss_error());
    QCOMPARE(ss_kind(reader), int(SS_VARIABLE_ARRAY));
    QCOMPARE(ss_size(reader), 3 * sizeof(int));
    // Bytes behind the elements stay as they are.
    int values[3] = {-1, -1, -1};
    ss_revision_info revision = {};
    QCOMPARE(ss_read(reader, values, sizeof values, &revision), 0);
    QCOMPARE(values[0], -1);
    const int published[] = {5, 6, 7};
    for (const int count : {3, 1, 0, 2}) {
        QVERIFY2(ss_publish(owner, count ? published : nullptr, std::size_t(count) * sizeof(int)) > 0, ss_error());
        std::fill_n(values, 3, -1);
        QCOMPARE(ss_read(reader, values, sizeof values, &revision), count);
        QCOMPARE(revision.count, std::uint64_t(count));
        for (int i = 0; i < 3; ++i)
            QCOMPARE(values[i], i < count ? published[i] : -1);
    }
    QCOMPARE(revision.number, 4u);
    QCOMPARE(ss_publish(owner, published, 5), int(SS_INVALID)); // part of an element
    const int tooMany[4] = {};
    QCOMPARE(ss_publish(owner, tooMany, sizeof tooMany), int(SS_INVALID));
    QCOMPARE(ss_read(reader, values, 2 * sizeof(int), nullptr), int(SS_INVALID));
    ss_close(reader);
    ss_close(owner);
}

void tst_CHeader::appends()
{
    ss_segment *owner = makeStream("odd", "u8[3]", 11);
    QVERIFY2(owner, ss_error());
    QCOMPARE(ss_kind(owner), int(SS_STREAM));
    QCOMPARE(ss_size(owner), 33u);
    SharedStream<Odd> stream(u"odd"_s);
    QVERIFY2(stream.open(), qPrintable(stream.errorString()));
    int number = 0;
    for (const int count : {1, 11, 7, 0, 10, 5}) {
        const QList<Odd> elements = oddRamp(number, count);
        number += count;
        QCOMPARE(ss_append(owner, count ? elements.constData() : nullptr, std::size_t(3 * count)), number);
        SharedRevision revision;
        QCOMPARE(stream.readNew(-1, &revision), elements);
        QCOMPARE(ss_revision(owner), std::uint64_t(number));
        if (count > 0) {
            QVERIFY(revision.timestamp > 0);
        }
    }
    // The time of the last append but one stays beside the newest.
    for (int i = 0; i < 2; ++i, ++number)
        QCOMPARE(ss_append(owner, oddRamp(number, 1).constData(), 3), number + 1);
    SharedRevision last;
    SharedRevision newest;
    QCOMPARE(stream.readNew(1, &last), oddRamp(number - 2, 1));
    QCOMPARE(stream.readNew(1, &newest), oddRamp(number - 1, 1));
    QVERIFY(last.timestamp > 0 && newest.timestamp > last.timestamp);
    QCOMPARE(ss_append(owner, oddRamp(number, 40).constData(), 120), number + 40);
    QCOMPARE(stream.readNew(), oddRamp(number + 29, 11));
    QCOMPARE(stream.lost(), 29u);
    QCOMPARE(ss_append(owner, "1234", 4), int(SS_INVALID)); // part of an element
    QCOMPARE(ss_append(owner, nullptr, 3), int(SS_INVALID));
    stream.close();
    ss_close(owner);
}

void tst_CHeader::readsStreams()
{
    SharedStream<Odd> stream(u"odd"_s);
    QVERIFY2(stream.create(11), qPrintable(stream.errorString()));
    ss_segment *reader = ss_open_stream("odd");
    QVERIFY2(reader, ss_error());
    // Bytes behind the elements stay as they are.
    QList<Odd> elements(20, Odd{99, 99, 99});
    ss_revision_info info = {};
    QCOMPARE(ss_read_new(reader, elements.data(), 60, &info), 0);
    QCOMPARE(info.timestamp, 0);
    int number = 0;
    for (const int count : {1, 11, 7, 10, 5}) {
        QVERIFY(stream.append(oddRamp(number, count)));
        QCOMPARE(ss_available(reader), std::uint64_t(count));
        elements.fill(Odd{99, 99, 99});
        QCOMPARE(ss_read_new(reader, elements.data(), 60, &info), count);
        QCOMPARE(elements.first(count), oddRamp(number, count));
        QCOMPARE(elements.at(count), (Odd{99, 99, 99}));
        number += count;
        QCOMPARE(info.number, std::uint64_t(number));
        QCOMPARE(info.count, std::uint64_t(count));
        QVERIFY(info.timestamp > 0);
    }
    ss_revision_info newest = {};
    QVERIFY(stream.append(oddRamp(number, 1)) && stream.append(oddRamp(number + 1, 1)));
    QCOMPARE(ss_read_new(reader, elements.data(), 3, &info), 1);
    QCOMPARE(ss_read_new(reader, elements.data(), 3, &newest), 1);
    QVERIFY(info.timestamp > 0 && newest.timestamp > info.timestamp);
    number += 2;
    QCOMPARE(ss_lost(reader), 0u);
    QCOMPARE(ss_wait(reader, ss_position(reader), 0), int(SS_TIMEOUT));
    QCOMPARE(ss_seek(reader, 27), 0);
    QCOMPARE(ss_wait(reader, ss_position(reader), -1), int(SS_UPDATED));
    QCOMPARE(ss_read_new(reader, elements.data(), 6, nullptr), 2);
    QCOMPARE(elements.first(2), oddRamp(27, 2));
    QCOMPARE(ss_read_new(reader, elements.data(), 7, nullptr), int(SS_INVALID));
    QCOMPARE(ss_read_new(reader, nullptr, 3, nullptr), int(SS_INVALID));
    stream.close();
    // What the owner appended outlives it.
    QCOMPARE(ss_seek(reader, SS_OLDEST), 0);
    QCOMPARE(ss_position(reader), std::uint64_t(number - 11));
    QCOMPARE(ss_read_new(reader, elements.data(), 60, nullptr), 11);
    ss_close(reader);
}

void tst_CHeader::anotherKind()
{
    ss_segment *stream = makeStream("stream", "i32", 4);
    ss_segment *array = make("array", "i32", 4);
    QVERIFY2(stream && array, ss_error());
    QCOMPARE(ss_open("stream"), nullptr);
    QCOMPARE(ss_error_code(), int(SS_LAYOUT_MISMATCH));
    QCOMPARE(QByteArray(ss_error()),
             QByteArray("\"stream\" is a stream, expected is an array; open it with ss_open_stream()"));
    QCOMPARE(ss_open_stream("array"), nullptr);
    QCOMPARE(ss_error_code(), int(SS_LAYOUT_MISMATCH));
    QCOMPARE(QByteArray(ss_error()), QByteArray("\"array\" is an array, expected is a stream; open it with ss_open()"));
    SharedArray<int> arrayInQt(u"stream"_s);
    QVERIFY(!arrayInQt.open());
    SharedStream<int> streamInQt(u"array"_s);
    QVERIFY(!streamInQt.open());
    int values[4] = {};
    const auto says = [](std::int64_t code, const char *what) {
        return code == SS_INVALID && QByteArray(ss_error()).contains(what);
    };
    QVERIFY2(says(ss_read(stream, values, sizeof values, nullptr), "ss_read_new()"), ss_error());
    QVERIFY2(says(ss_publish(stream, values, sizeof values), "ss_append()"), ss_error());
    QVERIFY2(says(ss_append(array, values, sizeof values), "ss_publish()"), ss_error());
    QVERIFY2(says(ss_read_new(array, values, sizeof values, nullptr), "ss_read()"), ss_error());
    QVERIFY2(says(ss_seek(array, SS_OLDEST), "is an array"), ss_error());
    QCOMPARE(ss_position(array), 0u);
    QCOMPARE(ss_available(array), 0u);
    QCOMPARE(ss_lost(array), 0u);
    ss_close(stream);
    ss_close(array);
}

void tst_CHeader::metadata()
{
    const char *const text = "{\"description\":\"gr\u00fcn\"}";
    ss_options options = {1, SS_FIXED_ARRAY, 1, SS_AUTOMATIC, text};
    ss_segment *owner = ss_create("described", "i32", &options);
    QVERIFY2(owner, ss_error());
    ss_segment *reader = ss_open("described");
    QVERIFY2(reader, ss_error());
    QCOMPARE(QByteArray(ss_metadata(owner)), QByteArray(text));
    QCOMPARE(QByteArray(ss_metadata(reader)), QByteArray(text));
    ss_close(reader);
    ss_close(owner);
    const QByteArray large((1 << 20) + 1, ' ');
    for (const char *bad : {"\xff", large.constData()}) {
        options.metadata = bad;
        QVERIFY(!ss_create("described", "i32", &options));
        QCOMPARE(ss_error_code(), int(SS_INVALID));
    }
}

void tst_CHeader::saysWhy()
{
    QCOMPARE(ss_open("nobody"), nullptr);
    QCOMPARE(ss_error_code(), int(SS_NOT_FOUND));
    for (const char *name : {"", "\xff", "\xed\xa0\x80", "\xc0\xaf", "\xf5\x80\x80\x80"}) {
        QCOMPARE(make(name, "i32", 1), nullptr);
        QCOMPARE(ss_error_code(), int(SS_INVALID));
    }
    for (const ss_options &options :
         {ss_options{0, SS_FIXED_ARRAY, 4, SS_AUTOMATIC, nullptr}, ss_options{1, 3, 4, SS_AUTOMATIC, nullptr},
          ss_options{1, -1, 4, SS_AUTOMATIC, nullptr}, ss_options{1, SS_STREAM, 2, SS_AUTOMATIC, nullptr},
          ss_options{1, SS_FIXED_ARRAY, 17, SS_AUTOMATIC, nullptr}, ss_options{1, SS_FIXED_ARRAY, 4, 4, nullptr}}) {
        QCOMPARE(ss_create("options", "i32", &options), nullptr);
        QCOMPARE(ss_error_code(), int(SS_INVALID));
    }
    // Longer than a path may be: refused, and not cut.
    const QByteArray before = qgetenv("SHAREDSEGMENT_DIR");
    qputenv("SHAREDSEGMENT_DIR", QByteArray(5000, 'x').prepend('/'));
    QCOMPARE(ss_open("nobody"), nullptr);
    QCOMPARE(ss_error_code(), int(SS_INVALID));
    qputenv("SHAREDSEGMENT_DIR", before);
}

void tst_CHeader::takesNoNull()
{
    const auto isRefused = [](const char *argument) {
        const bool is = ss_error_code() == SS_INVALID && std::strstr(ss_error(), argument);
        if (!is)
            qWarning("%d %s", ss_error_code(), ss_error());
        ss_open("nobody"); // another error
        return is;
    };
    QVERIFY(!ss_open(nullptr) && isRefused("the name of the segment is NULL; "));
    QVERIFY(!make(nullptr, "i32", 1) && isRefused("the name of the segment is NULL; "));
    QVERIFY(!make("null", nullptr, 1) && isRefused("the layout is NULL; "));
    QVERIFY(!ss_create("null", "i32", nullptr) && isRefused("the options are NULL; "));
    // The result of ss_open() if there is nothing to open.
    int value = 0;
    QCOMPARE(ss_read(nullptr, &value, sizeof value, nullptr), int(SS_INVALID));
    QVERIFY(isRefused("the segment is NULL; "));
    QCOMPARE(ss_publish(nullptr, &value, sizeof value), int(SS_INVALID));
    QVERIFY(isRefused("the segment is NULL; "));
    QCOMPARE(ss_wait(nullptr, 0, -1), int(SS_INVALID));
    QVERIFY(isRefused("the segment is NULL; "));
    QCOMPARE(ss_append(nullptr, &value, sizeof value), int(SS_INVALID));
    QVERIFY(isRefused("the segment is NULL; "));
    QCOMPARE(ss_read_new(nullptr, &value, sizeof value, nullptr), int(SS_INVALID));
    QVERIFY(isRefused("the segment is NULL; "));
    QCOMPARE(ss_seek(nullptr, SS_OLDEST), int(SS_INVALID));
    QVERIFY(isRefused("the segment is NULL; "));
    QVERIFY(!ss_position(nullptr) && isRefused("the segment is NULL; "));
    QVERIFY(!ss_available(nullptr) && isRefused("the segment is NULL; "));
    QVERIFY(!ss_lost(nullptr) && isRefused("the segment is NULL; "));
    QVERIFY(!ss_open_stream(nullptr) && isRefused("the name of the segment is NULL; "));
    QVERIFY(!ss_is_owned(nullptr) && isRefused("the segment is NULL; "));
    QVERIFY(!ss_layout(nullptr) && isRefused("the segment is NULL; "));
    QVERIFY(!ss_metadata(nullptr) && isRefused("the segment is NULL; "));
    QCOMPARE(ss_kind(nullptr), int(SS_INVALID));
    QVERIFY(isRefused("the segment is NULL; "));
    QVERIFY(!ss_capacity(nullptr) && isRefused("the segment is NULL; "));
    QVERIFY(!ss_element_size(nullptr) && isRefused("the segment is NULL; "));
    QVERIFY(!ss_size(nullptr) && isRefused("the segment is NULL; "));
    QVERIFY(!ss_revision(nullptr) && isRefused("the segment is NULL; "));
    ss_close(nullptr);

    ss_segment *owner = make("null", "i32", 1);
    QVERIFY2(owner, ss_error());
    QCOMPARE(ss_publish(owner, nullptr, sizeof value), int(SS_INVALID));
    QVERIFY(isRefused("the bytes to publish are NULL; "));
    QCOMPARE(ss_read(owner, nullptr, sizeof value, nullptr), int(SS_INVALID));
    QVERIFY(isRefused("the destination is NULL; "));
    QCOMPARE(ss_revision(owner), 0u);
    ss_close(owner);
}

void tst_CHeader::otherFaultsAreTheProgramsOwn()
{
    static sigjmp_buf back;
    static volatile std::sig_atomic_t faults;
    struct sigaction own = {}, before = {}, now = {};
    own.sa_handler = [](int) {
        faults = faults + 1;
        siglongjmp(back, 1);
    };
    QCOMPARE(sigaction(SIGBUS, &own, &before), 0);
    ss_segment *owner = make("faults", "i32", 1);
    QVERIFY2(owner, ss_error());
    // A fault in the record is repaired, and the program's handler is not called.
    QVERIFY(QFile::resize(m_folder.path() + u"/s.faults.segment"_s, 0));
    const int value = 1;
    QCOMPARE(ss_publish(owner, &value, sizeof value), 1);
    QCOMPARE(faults, 0);
    QCOMPARE(QFileInfo(m_folder.path() + u"/s.faults.segment"_s).size(), 8192);
    QTemporaryFile file;
    QVERIFY(file.open() && file.resize(8192));
    volatile uchar *const bytes = file.map(0, 8192);
    QVERIFY(bytes && file.resize(0));
    if (sigsetjmp(back, 1) == 0)
        bytes[0] = 1;
    QCOMPARE(faults, 1);
    // The previous state is back.
    ss_close(owner);
    QCOMPARE(sigaction(SIGBUS, nullptr, &now), 0);
    QVERIFY(now.sa_handler == own.sa_handler);
    sigaction(SIGBUS, &before, nullptr);
}

QTEST_GUILESS_MAIN(tst_CHeader)
#include "tst_cheader.moc"
