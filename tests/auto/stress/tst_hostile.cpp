// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Bytes of a record and of a memory that another process changes, before others open the segment and while they use it.

#include "../../peer/pattern.h"
#include "../../support/posixchild.h"
#include "../../support/testsupport.h"

#include "engine/buffers.h"
#include "engine/format.h"
#include "engine/listener.h"
#include "engine/name.h"
#include "engine/opensegment.h"
#include "engine/registry.h"
#include "engine/segment.h"
#include "engine/writetransaction.h"

#include <QtCore/QElapsedTimer>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <random>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace testsupport;
using namespace sharedsegment;
using engine::MemoryHeader;
using engine::Record;
using engine::RecordHeader;
using engine::Segment;

namespace {

constexpr int Words = 64;
constexpr int Buffers = 3;
/// Values of one bit each, and with random bytes.
constexpr int BitRounds = 512;
#ifdef __SANITIZE_ADDRESS__
constexpr int LockRounds = BitRounds + 100; // the sanitizer makes each fork some 50 ms long
#else
constexpr int LockRounds = 2000;
#endif
constexpr quint64 Key = 9;
constexpr std::chrono::milliseconds ShortWait{20};
constexpr qint64 RaceMilliseconds = 3000;
constexpr qint64 LongestRace = 50000; // on a machine that has hardly any time for the attacker
constexpr useconds_t LongMoment = 1000;
constexpr std::size_t MostBytes = 24;

struct Field
{
    const char *name;
    std::size_t offset;
    std::size_t size;
    bool mustHold; ///< a change of it is never accepted
};

#define FIELD(Type, name, mustHold) \
    Field \
    { \
#name, offsetof(Type, name), sizeof(Type::name), mustHold \
    }

const Field recordFields[] = {
    FIELD(RecordHeader, magic, true),       FIELD(RecordHeader, version, true),
    FIELD(RecordHeader, backend, true),     FIELD(RecordHeader, instance, true),
    FIELD(RecordHeader, pid, false),        FIELD(RecordHeader, descriptor, true),
    FIELD(RecordHeader, segmentSize, true), FIELD(RecordHeader, requiredFeatures, true),
    FIELD(RecordHeader, nameBytes, true),   FIELD(RecordHeader, name, false),
    FIELD(RecordHeader, object, false),     FIELD(RecordHeader, optionalFeatures, false),
    FIELD(RecordHeader, kind, true),        FIELD(RecordHeader, reserved, false),
};

// Fewer elements or buffers than there is room for are no contradiction.
const Field headerFields[] = {
    FIELD(MemoryHeader, magic, true),
    FIELD(MemoryHeader, version, true),
    FIELD(MemoryHeader, payloadOffset, true),
    FIELD(MemoryHeader, segmentSize, true),
    FIELD(MemoryHeader, capacity, false),
    FIELD(MemoryHeader, elementSize, true),
    FIELD(MemoryHeader, elementAlignment, true),
    FIELD(MemoryHeader, layoutOffset, true),
    FIELD(MemoryHeader, layoutBytes, true),
    FIELD(MemoryHeader, fingerprint, true),
    FIELD(MemoryHeader, bufferCount, false),
    FIELD(MemoryHeader, requiredFeatures, true),
    FIELD(MemoryHeader, bufferStride, false),
    FIELD(MemoryHeader, pid, false),
    FIELD(MemoryHeader, instance, true),
    FIELD(MemoryHeader, created, false),
    FIELD(MemoryHeader, kind, true),
    FIELD(MemoryHeader, metadataOffset, true),
    FIELD(MemoryHeader, metadataBytes, false),
    FIELD(MemoryHeader, optionalFeatures, false),
    FIELD(MemoryHeader, revision, false),
    FIELD(MemoryHeader, buffers, false),
};

#undef FIELD

using Bytes = std::vector<unsigned char>;

/// Values at the boundaries for a field that now holds `old`; `old` is not among them.
std::vector<Bytes> boundaryValues(const Bytes &old)
{
    std::vector<Bytes> values;
    const auto add = [&](Bytes value) {
        if (value != old && std::find(values.begin(), values.end(), value) == values.end())
            values.push_back(std::move(value));
    };
    const std::size_t size = old.size();
    if (size == 4 || size == 8) {
        quint64 number = 0;
        std::memcpy(&number, old.data(), size);
        std::vector<quint64> numbers = {0, number - 1, number + 1, number * 2, number / 2, ~number};
        // Around every power of two, and as far again from the end.
        for (unsigned bit = 0; bit < 8 * size; ++bit) {
            const quint64 power = quint64(1) << bit;
            for (const quint64 near : {power - 1, power, power + 1})
                numbers.insert(numbers.end(), {near, quint64(0) - near, number + near, number - near});
        }
        for (const quint64 value : numbers) {
            Bytes bytes(size);
            std::memcpy(bytes.data(), &value, size);
            add(bytes);
        }
        return values;
    }
    // Text and ids: all bytes equal, and each byte changed, of long ones the bytes at the ends.
    for (const int all : {0x00, 0xff, 0x2e, 0x2f, 0x78})
        add(Bytes(size, static_cast<unsigned char>(all)));
    for (std::size_t i = 0; i < size; ++i) {
        if (i == MostBytes && size > 2 * MostBytes)
            i = size - MostBytes;
        for (const int byte : {0x00, 0x01, 0x2f, 0x7f, 0x80, 0xff}) {
            Bytes bytes = old;
            bytes[i] = static_cast<unsigned char>(byte);
            add(bytes);
        }
    }
    return values;
}

/// A file mapped for reading and writing, to damage it in place. Its header is restored at the end, even of a test that
/// fails: a dead owner's memory is found by it.
class Spoiled
{
public:
    explicit Spoiled(const QString &path)
    {
        const int descriptor = ::open(path.toLocal8Bit(), O_RDWR | O_CLOEXEC);
        m_size = descriptor == -1 ? 0 : std::size_t(::lseek(descriptor, 0, SEEK_END));
        void *const bytes = ::mmap(nullptr, m_size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        m_bytes = bytes == MAP_FAILED ? nullptr : static_cast<unsigned char *>(bytes);
        ::close(descriptor);
        if (m_bytes)
            m_header.assign(m_bytes, m_bytes + std::min(m_size, sizeof(RecordHeader)));
    }
    ~Spoiled()
    {
        if (!m_bytes)
            return;
        std::copy(m_header.begin(), m_header.end(), m_bytes);
        ::munmap(m_bytes, m_size);
    }
    Q_DISABLE_COPY_MOVE(Spoiled)
    bool isOpen() const { return m_bytes != nullptr; }
    std::size_t size() const { return m_size; }
    unsigned char *at(std::size_t offset) const { return m_bytes + offset; }
    Bytes get(const Field &field) const { return Bytes(at(field.offset), at(field.offset) + field.size); }
    void set(const Field &field, const Bytes &bytes) const { std::memcpy(at(field.offset), bytes.data(), field.size); }

private:
    unsigned char *m_bytes = nullptr;
    std::size_t m_size = 0;
    Bytes m_header;
};

bool isDocumented(ErrorCode code)
{
    return code == ErrorCode::Corrupt || code == ErrorCode::UnsupportedVersion || code == ErrorCode::NotFound
        || code == ErrorCode::Unsupported || code == ErrorCode::PermissionDenied;
}

/// Reads all that an accepted segment says it has: a read out of bounds ends the process.
void readAll(const Segment &segment)
{
    std::vector<std::byte> bytes(segment.geometry().payloadSize);
    RevisionInfo info;
    static_cast<void>(engine::Buffers(segment.view().memory.data(), segment.geometry()).read(bytes, 0, &info));
    static_cast<void>(engine::Buffers(segment.view().memory.data(), segment.geometry()).timestamp());
    static_cast<void>(engine::Buffers(segment.view().memory.data(), segment.geometry()).isWhole());
}

bool isWithinBounds(const engine::Geometry &geometry, quint64 memorySize)
{
    return geometry.segmentSize <= memorySize && geometry.bufferCount >= 1 && geometry.bufferCount <= 16
        && geometry.payloadOffset <= geometry.segmentSize
        && geometry.bufferStride <= (geometry.segmentSize - geometry.payloadOffset) / geometry.bufferCount
        && geometry.payloadSize <= geometry.bufferStride && geometry.payloadSize >= geometry.capacity;
}

QByteArray describe(const Field &field, const Bytes &value)
{
    return QByteArray(field.name) + " = "
         + QByteArray(reinterpret_cast<const char *>(value.data()), qsizetype(std::min<std::size_t>(value.size(), 32)))
               .toHex(' ');
}

} // namespace

class tst_Hostile : public QObject
{
    Q_OBJECT

private:
    RegistryFolder m_folder;

    QString recordPath(const QString &name) const { return m_folder.path() + u"/s."_s + name + u".segment"_s; }

    /// A living owner in another process with one revision, and its record.
    struct Victim
    {
        QString name;
        std::unique_ptr<Peer> peer;
        std::unique_ptr<Spoiled> record;
        QString memoryPath;
        std::unique_ptr<Spoiled> memory;
    };
    Victim victim(bool multipleWriters = true) const;

    static Result<std::shared_ptr<Segment>> open(const QString &name, os::Access access = os::Access::ReadOnly)
    {
        return engine::openSegment(engine::Registry::ofEnvironment(), name.toStdString(), access);
    }

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup()
    {
        QCOMPARE(SharedSegment::names(), QStringList());
        QCOMPARE(m_folder.files(), QStringList());
    }

    void everyFieldOfTheRecord();
    void shortRecords();
    void everyFieldOfTheHeader();
    void everyByteOfTheLayout();
    void changingWhileOthersOpenAndRead();
    void cutShortWhileItIsRead();
    void listenersOfTheRecord();
    void writersLock();
};

tst_Hostile::Victim tst_Hostile::victim(bool multipleWriters) const
{
    Victim victim;
    victim.name = uniqueName("hostile");
    victim.peer = owner(victim.name, backend(), Words, Buffers, multipleWriters);
    if (victim.peer->ask("publish 9") != u"published 1"_s)
        qWarning("the peer does not publish");
    victim.record = std::make_unique<Spoiled>(recordPath(victim.name));
    if (victim.record->isOpen()) {
        const auto *const header = reinterpret_cast<const RecordHeader *>(victim.record->at(0));
        victim.memoryPath = backend() == SharedSegment::Backend::Posix
                              ? u"/dev/shm"_s + QString::fromLatin1(header->object)
                              : u"/proc/%1/fd/%2"_s.arg(header->pid).arg(header->descriptor);
        victim.memory = std::make_unique<Spoiled>(victim.memoryPath);
    }
    return victim;
}

void tst_Hostile::everyFieldOfTheRecord()
{
    for (const bool multipleWriters : {false, true}) {
        const Victim victim = this->victim(multipleWriters);
        QVERIFY(victim.record->isOpen());
        const Result<std::shared_ptr<Segment>> before = open(victim.name);
        QVERIFY(bool(before));
        int tried = 0;
        for (const Field &field : recordFields) {
            const Bytes old = victim.record->get(field);
            for (const Bytes &value : boundaryValues(old)) {
                victim.record->set(field, value);
                for (const os::Access access : {os::Access::ReadOnly, os::Access::ReadWrite}) {
                    const Result<std::shared_ptr<Segment>> opened = open(victim.name, access);
                    if (!opened) {
                        QVERIFY2(isDocumented(opened.error().code),
                                 describe(field, value) + opened.error().text.c_str());
                        continue;
                    }
                    QVERIFY2(!field.mustHold, describe(field, value));
                    QVERIFY2(isWithinBounds((*opened)->geometry(), victim.memory->size()), describe(field, value));
                    readAll(**opened);
                }
                // Whatever it says: its owner lives.
                const Result<bool> exists = engine::Registry::ofEnvironment().exists(victim.name.toStdString());
                QVERIFY2(bool(exists), describe(field, value));
                QVERIFY2(bool(engine::Registry::ofEnvironment().names()), describe(field, value));
                QVERIFY2(QFile::exists(recordPath(victim.name)), describe(field, value));
                SharedSegment second(victim.name);
                second.setBackend(backend());
                QVERIFY2(!second.create(SharedLayout::of<quint64>(), 1), describe(field, value));
                readAll(**before);
                victim.record->set(field, old);
                ++tried;
            }
            QVERIFY2(bool(open(victim.name)), field.name);
        }
        qInfo("%d records", tried);
        QCOMPARE(victim.peer->ask("publish 9"), u"published 2"_s);
    }
}

void tst_Hostile::shortRecords()
{
    const Victim victim = this->victim();
    const QByteArray path = recordPath(victim.name).toLocal8Bit();
    QVERIFY(victim.record->isOpen());
    const QByteArray whole(reinterpret_cast<const char *>(victim.record->at(0)), qsizetype(sizeof(Record)));
    // Shrinking it would end the owner, whose own folder this is; so a file of another origin replaces it, locked by no process.
    const QString name = uniqueName("short");
    for (const qsizetype size : {0, 1, 7, 8, 511, 512, 513, 575, 1024, 4096, 8191, 8193, 65536}) {
        QByteArray bytes = whole.left(size);
        bytes.resize(size);
        QFile file(recordPath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), size);
        file.close();
        const Result<std::shared_ptr<Segment>> opened = open(name);
        QVERIFY(!opened);
        QCOMPARE(int(opened.error().code), int(ErrorCode::NotFound));
        QVERIFY(!QFile::exists(recordPath(name)));
        // Sweeping it has removed nothing of the segment whose memory it names.
        QVERIFY(bool(open(victim.name)));
    }
}

void tst_Hostile::everyFieldOfTheHeader()
{
    const Victim victim = this->victim();
    QVERIFY(victim.memory && victim.memory->isOpen());
    const Result<std::shared_ptr<Segment>> before = open(victim.name);
    QVERIFY(bool(before));
    int tried = 0;
    int accepted = 0;
    for (const Field &field : headerFields) {
        const Bytes old = victim.memory->get(field);
        for (const Bytes &value : boundaryValues(old)) {
            victim.memory->set(field, value);
            const Result<std::shared_ptr<Segment>> opened = open(victim.name);
            if (opened) {
                QVERIFY2(!field.mustHold, describe(field, value));
                QVERIFY2(isWithinBounds((*opened)->geometry(), victim.memory->size()), describe(field, value));
                readAll(**opened);
                ++accepted;
            } else {
                QVERIFY2(opened.error().code == ErrorCode::Corrupt
                             || opened.error().code == ErrorCode::UnsupportedVersion,
                         describe(field, value) + opened.error().text.c_str());
                QVERIFY2(!opened.error().text.empty(), describe(field, value));
            }
            readAll(**before);
            victim.memory->set(field, old);
            ++tried;
        }
        QVERIFY2(bool(open(victim.name)), field.name);
    }
    qInfo("%d headers, %d accepted and read", tried, accepted);
    QVERIFY(accepted > 0);
    QCOMPARE(victim.peer->ask("publish 9"), u"published 2"_s);
    QCOMPARE(victim.peer->ask("read"), u"whole 2"_s);
}

void tst_Hostile::everyByteOfTheLayout()
{
    const Victim victim = this->victim();
    QVERIFY(victim.memory && victim.memory->isOpen());
    const auto *const header = reinterpret_cast<const MemoryHeader *>(victim.memory->at(0));
    for (std::uint32_t i = 0; i < header->layoutBytes; ++i) {
        unsigned char *const byte = victim.memory->at(engine::LayoutOffset + i);
        const unsigned char old = *byte;
        for (int value = 0; value < 256; ++value) {
            *byte = static_cast<unsigned char>(value);
            const Result<std::shared_ptr<Segment>> opened = open(victim.name);
            QCOMPARE(bool(opened), value == old);
            if (!opened)
                QCOMPARE(int(opened.error().code), int(ErrorCode::Corrupt));
        }
        *byte = old;
    }
}

void tst_Hostile::changingWhileOthersOpenAndRead()
{
    const Victim victim = this->victim();
    QVERIFY(victim.memory && victim.memory->isOpen());
    const Result<std::shared_ptr<Segment>> before = open(victim.name);
    QVERIFY(bool(before));
    const pid_t attacker = ::fork();
    QVERIFY(attacker != -1);
    if (attacker == 0) {
        ::alarm(60);
        std::mt19937_64 random(1);
        std::vector<std::pair<const Field *, std::vector<Bytes>>> changes;
        for (const Field &field : headerFields)
            changes.emplace_back(&field, boundaryValues(victim.memory->get(field)));
        for (;;) {
            const auto &[field, values] = changes[random() % changes.size()];
            const Bytes old = victim.memory->get(*field);
            victim.memory->set(*field, values[random() % values.size()]);
            for (auto moment = random() % 2000; moment > 0; --moment)
                asm volatile("" ::: "memory");
            // Now and then for longer than an opener's five attempts, which may be slow: the opener polls without effect.
            if (random() % 1024 == 0)
                ::usleep(LongMoment * static_cast<useconds_t>(1 + random() % 16));
            victim.memory->set(*field, old);
            // The others must get something to open now and then.
            for (auto moment = random() % 20000; moment > 0; --moment)
                asm volatile("" ::: "memory");
        }
    }
    QElapsedTimer timer;
    timer.start();
    int opens = 0;
    int refusals = 0;
    bool isFine = true;
    const auto mayEnd = [&] { return timer.elapsed() >= (opens > 0 && refusals > 0 ? RaceMilliseconds : LongestRace); };
    while (isFine && !mayEnd()) {
        const Result<std::shared_ptr<Segment>> opened = open(victim.name);
        if (opened) {
            isFine = isWithinBounds((*opened)->geometry(), victim.memory->size());
            readAll(**opened);
            ++opens;
        } else {
            isFine = isDocumented(opened.error().code);
            ++refusals;
        }
        readAll(**before);
    }
    ::kill(attacker, SIGKILL);
    childprocess::waitForChild(attacker);
    qInfo("%d opens, %d refusals", opens, refusals);
    QVERIFY(isFine);
    QVERIFY(opens > 0);
    QVERIFY(refusals > 0);
}

void tst_Hostile::cutShortWhileItIsRead()
{
    Victim victim = this->victim();
    QVERIFY(victim.memory && victim.memory->isOpen());
    victim.memory.reset(); // This process must not touch it afterwards.
    Peer reader({u"attach"_s, victim.name, u"read"_s});
    QCOMPARE(reader.line(), u"ready"_s);
    QCOMPARE(reader.ask("read"), u"whole 1"_s);
    const int result = ::truncate(victim.memoryPath.toLocal8Bit(), 0);
    if (backend() == SharedSegment::Backend::Memfd) {
        // Sealed: the kernel does not truncate it for any process.
        QCOMPARE(result, -1);
        QCOMPARE(errno, EPERM);
        QCOMPARE(reader.ask("read"), u"whole 1"_s);
        QCOMPARE(victim.peer->ask("publish 9"), u"published 2"_s);
        return;
    }
    // POSIX memory has no seals, and a page that is gone is a SIGBUS for each process that has it mapped: documented,
    // and no more than the same user could do with a kill. A process that opens it later gets an error, and nothing is
    // left of it.
    QCOMPARE(result, 0);
    QVERIFY(!open(victim.name));
    QCOMPARE(int(open(victim.name).error().code), int(ErrorCode::Corrupt));
    reader.tell("read");
    QVERIFY(reader.hasCrashed());
    victim.peer->kill();
    QVERIFY(!SharedSegment::exists(victim.name));
    QVERIFY(!QFile::exists(victim.memoryPath));
}

void tst_Hostile::listenersOfTheRecord()
{
    const Victim victim = this->victim();
    QVERIFY(victim.record->isOpen());
    auto *const record = reinterpret_cast<Record *>(victim.record->at(0));
    Result<std::shared_ptr<Segment>> writer = open(victim.name, os::Access::ReadWrite);
    QVERIFY(bool(writer));
    std::vector<std::byte> bytes((*writer)->geometry().payloadSize);
    pattern::fill(bytes, Key);
    std::mt19937_64 random(2);
    const auto chance = [&random](unsigned of) { return random() % of == 0; };
    for (int round = 0; round < 500; ++round) {
        for (engine::ListenerSlot &slot : record->listeners) {
            slot.word = chance(2) ? random() % 6 : random();
            slot.generation = static_cast<std::uint32_t>(chance(2) ? random() % 3 : random());
            slot.pid = chance(2) ? static_cast<std::uint64_t>(::getpid()) : random();
        }
        record->armed = static_cast<std::uint32_t>(chance(2) ? random() % 4 : random());
        Result<engine::Listener> listener = (*writer)->listen();
        if (listener)
            listener->arm();
        else
            QCOMPARE(int(listener.error().code), int(ErrorCode::Busy));
        // The content of the slots prevents no process from publishing.
        QVERIFY(bool(engine::publish(**writer, bytes, std::chrono::seconds(2))));
        QVERIFY(engine::countListeners(*record) >= 0);
        if (listener && chance(2)) {
            for (engine::ListenerSlot &slot : record->listeners)
                slot.word = random();
            listener->arm();
        }
    }
    // The owner goes on, and so does a process that claims a slot, once the slots are in order.
    std::memset(record->listeners, 0, sizeof record->listeners);
    record->armed = 0;
    Result<engine::Listener> listener = (*writer)->listen();
    QVERIFY(bool(listener));
    QVERIFY(listener->arm());
    QVERIFY(victim.peer->ask("publish 9").startsWith(u"published"_s));
}

void tst_Hostile::writersLock()
{
    const Victim victim = this->victim();
    QVERIFY(victim.record->isOpen());
    auto *const record = reinterpret_cast<Record *>(victim.record->at(0));
    Result<std::shared_ptr<Segment>> writer = open(victim.name, os::Access::ReadWrite);
    QVERIFY(bool(writer));
    std::vector<std::byte> bytes((*writer)->geometry().payloadSize);
    pattern::fill(bytes, Key);
    std::byte good[sizeof record->writerLock];
    std::memcpy(good, record->writerLock, sizeof good);
    std::mt19937_64 random(3);
    for (int round = 0; round < LockRounds; ++round) {
        if (round < BitRounds) {
            record->writerLock[round / 8] ^= std::byte(1 << round % 8);
        } else {
            for (std::byte &byte : record->writerLock)
                byte = std::byte(random());
        }
        // In a process of its own: its effects on the lock are undone, and its end would be visible.
        const pid_t child = ::fork();
        QVERIFY(child != -1);
        if (child == 0) {
            ::alarm(10);
            // Its own segment: it may not write to its parent's openings.
            const Result<std::shared_ptr<Segment>> own = open(victim.name, os::Access::ReadWrite);
            if (!own)
                ::_exit(own.error().code == ErrorCode::Corrupt ? 0 : 2);
            const Result<std::uint64_t> revision = engine::publish(**own, bytes, ShortWait);
            const bool isDocumentedCode = revision || revision.error().code == ErrorCode::Busy
                                       || revision.error().code == ErrorCode::Corrupt;
            ::_exit(isDocumentedCode ? 0 : 1);
        }
        int status = 0;
        QCOMPARE(childprocess::waitForChild(child, &status), child);
        QVERIFY2(WIFEXITED(status) && WEXITSTATUS(status) == 0,
                 QByteArray::number(round) + " status " + QByteArray::number(status));
        std::memcpy(record->writerLock, good, sizeof good);
    }
    QVERIFY(bool(engine::publish(**writer, bytes, ShortWait)));
}

QTEST_GUILESS_MAIN(tst_Hostile)
#include "tst_hostile.moc"
