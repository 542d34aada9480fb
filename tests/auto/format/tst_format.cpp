// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedLayout>
#include <SharedSegment/SharedSegment>
#include <SharedSegment/SharedValue>

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>
#include <QtCore/QtEndian>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <span>
#include <thread>

using namespace Qt::StringLiterals;

namespace {

struct Position
{
    double x;
    double y;
};

struct Part
{
    qint32 id;
    double value;
    char label[20];
    Position pos;
    std::array<float, 3> weights;
    bool on;
};

} // namespace

SHARED_STRUCT(Position, x, y)
SHARED_STRUCT(Part, id, value, label, pos, weights, on)

namespace {

constexpr int ProcessTimeout = 30000;

/// By the clock of the timestamps. Qt rounds its milliseconds from that clock; some versions round up.
qint64 nanosecondsNow()
{
    using namespace std::chrono;
    return duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count();
}
constexpr int Found = 0;
constexpr int NotFound = 2;
constexpr int Corrupt = 3;
constexpr int Busy = 4;

#ifdef SHAREDSEGMENT_PORTABLE
/// As on macOS, locks are locks of whole files.
constexpr bool hasFileLocks = true;
#else
constexpr bool hasFileLocks = false;
#endif

/// The output of reader.py.
struct Answer
{
    int code = -1;
    QByteArray output;
    QByteArray errors;
    QJsonObject object;

    /// The text of the array `values`, the last member. QJsonDocument would convert large integers to doubles.
    QByteArray valuesText() const
    {
        const QByteArray key = "\"values\":";
        const qsizetype start = output.indexOf(key) + key.size();
        return output.mid(start, output.lastIndexOf('}') - start);
    }
    QJsonArray values() const { return object.value("values"_L1).toArray(); }
    qint64 integer(QLatin1StringView key) const { return object.value(key).toInteger(-1); }
    QString text(QLatin1StringView key) const { return object.value(key).toString(); }
};

Answer readByPython(const QString &name, const QStringList &more = {})
{
    Answer answer;
    QProcess process;
    process.start(QStringLiteral(FORMAT_PYTHON), QStringList{u"-B"_s, QStringLiteral(FORMAT_READER), name} + more);
    if (!process.waitForFinished(ProcessTimeout)) {
        answer.errors = "reader.py did not end";
        return answer;
    }
    answer.code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    answer.output = process.readAllStandardOutput();
    answer.errors = process.readAllStandardError();
    answer.object = QJsonDocument::fromJson(answer.output).object();
    return answer;
}

/// The next line that a child prints, without its end; empty if it prints none in time.
QByteArray lineOf(QProcess &process)
{
    while (!process.canReadLine()) {
        if (!process.waitForReadyRead(ProcessTimeout))
            return {};
    }
    return process.readLine().trimmed();
}

QStringList filesIn(const QString &folder)
{
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
}

template<typename T>
T valueAt(const QByteArray &bytes, qsizetype offset)
{
    T value = {};
    if (offset + qsizetype(sizeof value) <= bytes.size())
        std::memcpy(&value, bytes.constData() + offset, sizeof value);
    return qFromLittleEndian(value);
}

bool isZero(const QByteArray &bytes, qsizetype from, qsizetype to)
{
    return bytes.mid(from, to - from) == QByteArray(to - from, '\0');
}

quint64 fnv1a64(const QByteArray &bytes)
{
    quint64 hash = 0xcbf29ce484222325u;
    for (const char byte : bytes)
        hash = (hash ^ static_cast<uchar>(byte)) * 0x100000001b3u;
    return hash;
}

template<typename T>
QByteArray bytesOf(std::initializer_list<T> values)
{
    return QByteArray(reinterpret_cast<const char *>(values.begin()), qsizetype(values.size() * sizeof(T)));
}

Part partNumber(int number)
{
    Part part = {};
    part.id = number;
    part.value = number * 0.1;
    const QByteArray label = "Teil Nr. " + QByteArray::number(number) + " \xc3\xa4";
    std::memcpy(part.label, label.constData(), std::min(sizeof part.label, std::size_t(label.size())));
    part.pos = {-number * 1e300, 1.0 / (number + 1)};
    part.weights = {0.1f, float(number), -0.5f};
    part.on = number % 2 != 0;
    return part;
}

QJsonObject jsonOf(const Part &part)
{
    return {
        {u"id"_s, part.id},
        {u"value"_s, part.value},
        {u"label"_s, QString::fromUtf8(part.label, qsizetype(qstrnlen(part.label, sizeof part.label)))},
        {u"pos.x"_s, part.pos.x},
        {u"pos.y"_s, part.pos.y},
        {u"weights"_s, QJsonArray{part.weights[0], part.weights[1], part.weights[2]}},
        {u"on"_s, part.on},
    };
}

} // namespace

class tst_Format : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data();
    void initTestCase();
    void init();
    void cleanup();

    void elements_data();
    void elements();
    void structs_data();
    void structs();
    void start();
    void manyRevisions_data();
    void manyRevisions();
    void whilePublishing();
    void multipleWriters();
    void notFound();
    void killedOwner();
    void closedOwner();
    void oddNames_data();
    void oddNames();
    void folderFromEnvironment();
    void recordBytes();
    void memoryBytes();
    void independentOwner();
    void closing();
    void damaged_data();
    void damaged();

private:
    SharedSegment::Backend backend() const;
    QString backendText() const;
    QString newName();
    QString recordPath() const;
    QByteArray recordContent() const;
    QByteArray memoryContent(const QByteArray &record) const;
    void startIndependentOwner(QProcess *process, const QString &name, const QStringList &more);

    QTemporaryDir m_folder;
    int m_counter = 0;
};

void tst_Format::initTestCase_data()
{
    QTest::addColumn<int>("backend");
    for (const SharedSegment::Backend backend : SharedSegment::backends())
        QTest::newRow(backend == SharedSegment::Backend::Memfd ? "memfd" : "posix") << int(backend);
}

void tst_Format::initTestCase()
{
    QVERIFY(m_folder.isValid());
    QCOMPARE(QFile::permissions(m_folder.path()) & QFile::Permissions(0x077), QFile::Permissions());
    qputenv("SHAREDSEGMENT_DIR", m_folder.path().toLocal8Bit());
}

void tst_Format::init()
{
    // Each test checks the folder: nothing of the test before may be left.
    SharedSegment::names();
    QStringList files = filesIn(m_folder.path());
    // The file of the folder's lock stays.
    if (hasFileLocks)
        files.removeAll(u".lock"_s);
    QCOMPARE(files, QStringList());
}

void tst_Format::cleanup()
{
    // A test that failed has killed its owner: without this its memory would outlive the folder.
    SharedSegment::names();
}

SharedSegment::Backend tst_Format::backend() const
{
    QFETCH_GLOBAL(int, backend);
    return SharedSegment::Backend(backend);
}

QString tst_Format::backendText() const
{
    return backend() == SharedSegment::Backend::Memfd ? u"memfd"_s : u"posix"_s;
}

QString tst_Format::newName()
{
    return u"format-%1-%2"_s.arg(QCoreApplication::applicationPid()).arg(++m_counter);
}

QString tst_Format::recordPath() const
{
    const QDir folder(m_folder.path());
    const QStringList files = folder.entryList({u"s.*.segment"_s}, QDir::Files);
    return files.size() == 1 ? folder.filePath(files.first()) : QString();
}

QByteArray tst_Format::recordContent() const
{
    QFile file(recordPath());
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray tst_Format::memoryContent(const QByteArray &record) const
{
    const QString path = valueAt<quint32>(record, 12) == 1
                           ? u"/proc/%1/fd/%2"_s.arg(valueAt<quint64>(record, 32)).arg(valueAt<qint64>(record, 40))
                           : u"/dev/shm"_s + QString::fromLatin1(record.mid(320, 64).constData());
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return QByteArray();
    // macOS rounds up the size of an object, and its replacement here does so too: nothing lies behind the end.
    const QByteArray memory = file.readAll();
    const auto size = qsizetype(valueAt<quint64>(record, 48));
    return hasFileLocks && memory.size() % 16384 == 0 && isZero(memory, size, memory.size()) ? memory.left(size)
                                                                                             : memory;
}

void tst_Format::startIndependentOwner(QProcess *process, const QString &name, const QStringList &more)
{
    process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process->start(QStringLiteral(FORMAT_PYTHON), QStringList{u"-B"_s, QStringLiteral(FORMAT_OWNER), name, u"--dir"_s,
                                                              m_folder.path(), u"--backend"_s, backendText()}
                                                      + more);
    QCOMPARE(lineOf(*process), QByteArray("ready"));
}

void tst_Format::elements_data()
{
    QTest::addColumn<QString>("layout");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("length");
    QTest::addColumn<QByteArray>("values");

    const auto integers = [](const char *type, auto least, auto greatest) {
        using T = decltype(least);
        const QByteArray text = "[" + QByteArray::number(least) + "," + QByteArray::number(greatest) + ",0,1]";
        QTest::newRow(type) << QString::fromLatin1(type) << bytesOf<T>({least, greatest, T(0), T(1)}) << 4 << text;
    };
    integers("i8", std::numeric_limits<qint8>::min(), std::numeric_limits<qint8>::max());
    integers("u8", std::numeric_limits<quint8>::min(), std::numeric_limits<quint8>::max());
    integers("i16", std::numeric_limits<qint16>::min(), std::numeric_limits<qint16>::max());
    integers("u16", std::numeric_limits<quint16>::min(), std::numeric_limits<quint16>::max());
    integers("i32", std::numeric_limits<qint32>::min(), std::numeric_limits<qint32>::max());
    integers("u32", std::numeric_limits<quint32>::min(), std::numeric_limits<quint32>::max());
    integers("i64", std::numeric_limits<qint64>::min(), std::numeric_limits<qint64>::max());
    integers("u64", std::numeric_limits<quint64>::min(), std::numeric_limits<quint64>::max());

    // As Python writes the shortest text that reads as the same double; f32 is widened first.
    QTest::newRow("f32") << u"f32"_s
                         << bytesOf<float>({std::numeric_limits<float>::lowest(), std::numeric_limits<float>::max(),
                                            std::numeric_limits<float>::min(), std::numeric_limits<float>::denorm_min(),
                                            0.0f, 0.1f, -0.0f})
                         << 7
                         << QByteArray("[-3.4028234663852886e+38,3.4028234663852886e+38,1.1754943508222875e-38,"
                                       "1.401298464324817e-45,0.0,0.10000000149011612,-0.0]");
    QTest::newRow("f64") << u"f64"_s
                         << bytesOf<double>({std::numeric_limits<double>::lowest(), std::numeric_limits<double>::max(),
                                             std::numeric_limits<double>::min(),
                                             std::numeric_limits<double>::denorm_min(), 0.0, 0.1, -0.0,
                                             std::numeric_limits<double>::infinity()})
                         << 8
                         << QByteArray("[-1.7976931348623157e+308,1.7976931348623157e+308,2.2250738585072014e-308,"
                                       "5e-324,0.0,0.1,-0.0,\"Infinity\"]");
    QTest::newRow("bool") << u"bool"_s << bytesOf<bool>({true, false, true}) << 3 << QByteArray("[true,false,true]");
    QTest::newRow("text") << u"char[6]"_s << QByteArray("\xc3\xa4\xe2\x82\xac\0\"\\\0\0\0\0abcdef\0bcdef", 24) << 4
                          << QByteArray("[\"\\u00e4\\u20ac\",\"\\\"\\\\\",\"abcdef\",\"\"]");
    QTest::newRow("array of i16") << u"i16[3]"_s << bytesOf<qint16>({1, -2, 3, 32767, -32768, 0}) << 2
                                  << QByteArray("[[1,-2,3],[32767,-32768,0]]");
    QTest::newRow("array of one") << u"f64[1]"_s << bytesOf<double>({1.5, 2.5}) << 2 << QByteArray("[[1.5],[2.5]]");
    QTest::newRow("array of bool") << u"bool[2]"_s << bytesOf<bool>({true, false}) << 1 << QByteArray("[[true,false]]");
    // Gaps and bytes behind the last field have no meaning.
    QTest::newRow("struct") << u"S{a:u8@0;b:u64@8;c.d:i8[2]@16;c.e:char[3]@18}/32"_s
                            << QByteArray("\x07GAPGAPG\xff\xff\xff\xff\xff\xff\xff\xff\xfe\x7fxy\0TAILTAILTAI", 32) << 1
                            << QByteArray("[{\"a\":7,\"b\":18446744073709551615,\"c.d\":[-2,127],\"c.e\":\"xy\"}]");
    QTest::newRow("packed struct") << u"S{a:u8@0;b:u32@1}/5"_s << QByteArray("\x01\xff\xff\xff\xff\x02\0\0\0\x80", 10)
                                   << 2 << QByteArray("[{\"a\":1,\"b\":4294967295},{\"a\":2,\"b\":2147483648}]");
}

void tst_Format::elements()
{
    QFETCH(const QString, layout);
    QFETCH(const QByteArray, bytes);
    QFETCH(const int, length);
    QFETCH(const QByteArray, values);

    SharedSegment segment(newName());
    segment.setBackend(backend());
    QVERIFY2(segment.create(SharedLayout::parse(layout), length), qPrintable(segment.errorString()));
    const qint64 before = nanosecondsNow();
    QVERIFY2(segment.publish(bytes), qPrintable(segment.errorString()));
    const qint64 after = nanosecondsNow();

    const Answer answer = readByPython(segment.name());
    QVERIFY2(answer.code == Found, answer.errors.constData());
    QCOMPARE(answer.valuesText(), values);
    QCOMPARE(answer.text("name"_L1), segment.name());
    QCOMPARE(answer.text("backend"_L1), backendText());
    QCOMPARE(answer.text("layout"_L1), layout);
    QCOMPARE(answer.integer("length"_L1), length);
    QCOMPARE(answer.integer("revision"_L1), 1);
    QVERIFY(answer.integer("timestamp"_L1) >= before);
    QVERIFY(answer.integer("timestamp"_L1) <= after);
}

void tst_Format::structs_data()
{
    QTest::addColumn<int>("bufferCount");
    QTest::newRow("1 buffer") << 1;
    QTest::newRow("2 buffers") << 2;
    QTest::newRow("4 buffers") << 4;
}

void tst_Format::structs()
{
    QFETCH(const int, bufferCount);
    constexpr int Length = 17;
    SharedArray<Part> parts(newName());
    parts.segment()->setBackend(backend());
    parts.segment()->setBufferCount(bufferCount);
    QVERIFY2(parts.create(Length), qPrintable(parts.errorString()));
    QJsonArray expected;
    {
        auto writer = parts.write();
        QVERIFY(writer);
        for (int i = 0; i < Length; ++i) {
            writer[i] = partNumber(i);
            expected.append(jsonOf(partNumber(i)));
        }
    }
    const Answer answer = readByPython(parts.segment()->name());
    QVERIFY2(answer.code == Found, answer.errors.constData());
    QCOMPARE(
        answer.text("layout"_L1),
        u"Part{id:i32@0;value:f64@8;label:char[20]@16;pos.x:f64@40;pos.y:f64@48;weights:f32[3]@56;on:bool@68}/72"_s);
    QCOMPARE(answer.integer("length"_L1), Length);
    QCOMPARE(answer.values(), expected);
}

void tst_Format::start()
{
    SharedValue<Part> part(newName());
    part.segment()->setBackend(backend());
    QVERIFY2(part.create(), qPrintable(part.errorString()));
    const Answer answer = readByPython(part.segment()->name());
    QVERIFY2(answer.code == Found, answer.errors.constData());
    QCOMPARE(answer.integer("revision"_L1), 0);
    QCOMPARE(answer.integer("timestamp"_L1), 0);
    QCOMPARE(answer.values(), QJsonArray{jsonOf(Part())});
}

void tst_Format::manyRevisions_data()
{
    QTest::addColumn<int>("bufferCount");
    for (const int bufferCount : {1, 2, 4, 16})
        QTest::addRow("%d", bufferCount) << bufferCount;
}

void tst_Format::manyRevisions()
{
    QFETCH(const int, bufferCount);
    SharedArray<quint64> array(newName());
    array.segment()->setBackend(backend());
    array.segment()->setBufferCount(bufferCount);
    QVERIFY2(array.create(3), qPrintable(array.errorString()));
    quint64 revision = 0;
    // Not a multiple of any buffer count, and one more: each answer comes from another buffer.
    for (const quint64 last : {1u, 2u, 1001u, 1002u, 1003u}) {
        while (revision < last) {
            ++revision;
            QVERIFY2(array.write(std::array{revision, 2 * revision, 3 * revision}), qPrintable(array.errorString()));
        }
        SharedRevision read;
        QCOMPARE(array.snapshot(&read), (QList<quint64>{last, 2 * last, 3 * last}));
        const Answer answer = readByPython(array.segment()->name());
        QVERIFY2(answer.code == Found, answer.errors.constData());
        QCOMPARE(answer.integer("revision"_L1), qint64(last));
        QCOMPARE(answer.integer("timestamp"_L1), read.timestamp);
        QCOMPARE(answer.values(), (QJsonArray{qint64(last), qint64(2 * last), qint64(3 * last)}));
    }
}

void tst_Format::whilePublishing()
{
    const QString name = newName();
    QProcess owner;
    owner.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    owner.start(QCoreApplication::applicationFilePath(), {u"--publish"_s, name, QString::number(int(backend()))});
    QCOMPARE(lineOf(owner), QByteArray("ready"));
    constexpr int Wanted = 5;
    int read = 0;
    qint64 lastRevision = 0;
    for (int tries = 0; tries < 50 && read < Wanted; ++tries) {
        const Answer answer = readByPython(name);
        // A burst of the writer may block each attempt: that is an answer too.
        QVERIFY2(answer.code == Found || answer.code == Busy, answer.errors.constData());
        if (answer.code == Busy)
            continue;
        const qint64 revision = answer.integer("revision"_L1);
        QVERIFY(revision >= lastRevision);
        // Two readers can finish within one of the writer's longer pauses.
        read += revision > lastRevision ? 1 : 0;
        lastRevision = revision;
        const QJsonArray values = answer.values();
        QCOMPARE(values.size(), 1024);
        const QString text(4096, QChar(u'a' + ushort(revision % 26)));
        for (const QJsonValue &value : values)
            QCOMPARE(value.toString(), text);
    }
    QCOMPARE(read, Wanted);
    owner.closeWriteChannel();
    QVERIFY(owner.waitForFinished(ProcessTimeout));
    QCOMPARE(owner.exitCode(), 0);
}

void tst_Format::multipleWriters()
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

void tst_Format::notFound()
{
    const Answer missing = readByPython(newName());
    QCOMPARE(missing.code, NotFound);
    QVERIFY(missing.output.isEmpty());
    QVERIFY(!missing.errors.isEmpty());

    const Answer noFolder = readByPython(newName(), {u"--dir"_s, m_folder.filePath(u"none"_s)});
    QCOMPARE(noFolder.code, NotFound);
    QVERIFY(noFolder.output.isEmpty());
}

void tst_Format::killedOwner()
{
    const QString name = newName();
    QProcess owner;
    owner.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    owner.start(QCoreApplication::applicationFilePath(), {u"--own"_s, name, QString::number(int(backend()))});
    QCOMPARE(lineOf(owner), QByteArray("ready"));
    const Answer living = readByPython(name);
    QVERIFY2(living.code == Found, living.errors.constData());
    QCOMPARE(living.valuesText(), QByteArray("[1.5,2.5]"));

    owner.kill();
    QVERIFY(owner.waitForFinished(ProcessTimeout));
    QVERIFY(!recordPath().isEmpty());
    const Answer stale = readByPython(name);
    QCOMPARE(stale.code, NotFound);
    QVERIFY(stale.output.isEmpty());
    // The reader only reads; sweeping needs locks.
    QVERIFY(!recordPath().isEmpty());
    QVERIFY(!SharedSegment::exists(name));
    QVERIFY(recordPath().isEmpty());
}

void tst_Format::closedOwner()
{
    SharedSegment segment(newName());
    segment.setBackend(backend());
    QVERIFY2(segment.create(SharedLayout::of<double>(), 1), qPrintable(segment.errorString()));
    QCOMPARE(readByPython(segment.name()).code, Found);
    segment.close();
    QCOMPARE(readByPython(segment.name()).code, NotFound);
}

void tst_Format::oddNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("file");
    QTest::newRow("plain") << u"az09._-"_s << u"s.az09._-.segment"_s;
    QTest::newRow("upper case and space") << u"Big Name"_s << u"s.%42ig%20%4Eame.segment"_s;
    QTest::newRow("slash") << u"a/b"_s << u"s.a%2Fb.segment"_s;
    QTest::newRow("parent") << u"../x"_s << u"s...%2Fx.segment"_s;
    QTest::newRow("percent") << u"%41"_s << u"s.%2541.segment"_s;
    QTest::newRow("tilde") << u"~\n"_s << u"s.%7E%0A.segment"_s;
    QTest::newRow("unicode") << u"Größe\u20ac"_s << u"s.%47r%C3%B6%C3%9Fe%E2%82%AC.segment"_s;
    QTest::newRow("200 bytes") << QString(200, u'x') << u"s."_s + QString(200, u'x') + u".segment"_s;
    QTest::newRow("201 bytes") << QString(201, u'x')
                               << u"s."_s + QString(150, u'x') + u"~E7B5F423D4969EF3666FEE9B430C6717.segment"_s;
    QTest::newRow("67 upper-case letters")
        << QString(67, u'A') << u"s."_s + u"%41"_s.repeated(50) + u"~22427C746C664CEAC70DE2FF58BE9302.segment"_s;
    QTest::newRow("255 bytes") << u"é"_s.repeated(127) + u"e"_s
                               << u"s."_s + u"%C3%A9"_s.repeated(25) + u"~23CB7DC81CC8D25AFE48F99F37580DD4.segment"_s;
}

void tst_Format::oddNames()
{
    QFETCH(const QString, name);
    QFETCH(const QString, file);
    SharedArray<double> array(name);
    array.segment()->setBackend(backend());
    QVERIFY2(array.create(1), qPrintable(array.errorString()));
    QCOMPARE(recordPath(), m_folder.filePath(file));
    const Answer answer = readByPython(name);
    QVERIFY2(answer.code == Found, answer.errors.constData());
    QCOMPARE(answer.text("name"_L1), name);
}

void tst_Format::folderFromEnvironment()
{
    SharedSegment segment(newName());
    segment.setBackend(backend());
    QVERIFY2(segment.create(SharedLayout::of<double>(), 1), qPrintable(segment.errorString()));
    QCOMPARE(readByPython(segment.name(), {u"--dir"_s, m_folder.path()}).code, Found);
    QTemporaryDir other;
    QCOMPARE(readByPython(segment.name(), {u"--dir"_s, other.path()}).code, NotFound);
    // Not private: refused.
    QVERIFY(QFile::setPermissions(other.path(), QFile::permissions(other.path()) | QFile::ReadOther));
    QCOMPARE(readByPython(segment.name(), {u"--dir"_s, other.path()}).code, Corrupt);
}

void tst_Format::recordBytes()
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
    QCOMPARE(valueAt<quint32>(record, 8), 1u);
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
    QVERIFY(isZero(record, 320 + object.size(), 512));
    // Alive, no listeners, no lock between writers.
    QVERIFY(isZero(record, 512, 8188));
    QCOMPARE(record.mid(8188), QByteArray("MARK"));
}

void tst_Format::memoryBytes()
{
    SharedArray<Part> parts(newName());
    parts.segment()->setBackend(backend());
    parts.segment()->setBufferCount(3);
    const qint64 before = nanosecondsNow();
    QVERIFY2(parts.create(5), qPrintable(parts.errorString()));
    for (int revision = 1; revision <= 4; ++revision) {
        QList<Part> values(5, partNumber(revision));
        QVERIFY2(parts.write(std::span<const Part>(values.constData(), 5)), qPrintable(parts.errorString()));
    }
    const qint64 after = nanosecondsNow();
    const QByteArray layout =
        "Part{id:i32@0;value:f64@8;label:char[20]@16;pos.x:f64@40;pos.y:f64@48;weights:f32[3]@56;on:bool@68}/72";
    const QByteArray memory = memoryContent(recordContent());

    QCOMPARE(memory.size(), 4096 + 3 * 384);
    QCOMPARE(memory.left(8), QByteArray("SSEGMENT"));
    QCOMPARE(valueAt<quint32>(memory, 8), 1u);
    QCOMPARE(valueAt<quint32>(memory, 12), 4096u);
    QCOMPARE(valueAt<quint64>(memory, 16), 4096u + 3 * 384u);
    QCOMPARE(valueAt<quint64>(memory, 24), 5u);
    QCOMPARE(valueAt<quint32>(memory, 32), 72u);
    QCOMPARE(valueAt<quint32>(memory, 36), 8u);
    QCOMPARE(valueAt<quint32>(memory, 40), 512u);
    QCOMPARE(valueAt<quint32>(memory, 44), quint32(layout.size()));
    QCOMPARE(valueAt<quint64>(memory, 48), fnv1a64(layout));
    QCOMPARE(valueAt<quint32>(memory, 56), 3u);
    QCOMPARE(valueAt<quint32>(memory, 60), 0u);
    QCOMPARE(valueAt<quint64>(memory, 64), 384u);
    QCOMPARE(valueAt<quint64>(memory, 72), quint64(QCoreApplication::applicationPid()));
    QCOMPARE(memory.mid(80, 16), QByteArray::fromHex(parts.segment()->instance().toLatin1()));
    QVERIFY(valueAt<qint64>(memory, 96) >= before);
    QVERIFY(valueAt<qint64>(memory, 96) <= after);
    QVERIFY(isZero(memory, 104, 128));
    QCOMPARE(valueAt<quint64>(memory, 128), 4u);
    QVERIFY(isZero(memory, 136, 256));
    // Revision 3 in buffer 0, 4 in 1, 2 in 2.
    const std::array<quint64, 3> revisions = {3, 4, 2};
    for (std::size_t buffer = 0; buffer < revisions.size(); ++buffer) {
        const auto entry = qsizetype(256 + 16 * buffer);
        QCOMPARE(valueAt<quint64>(memory, entry), 2 * revisions[buffer]);
        QVERIFY(valueAt<qint64>(memory, entry + 8) >= before);
        QVERIFY(valueAt<qint64>(memory, entry + 8) <= after);
        const auto payload = qsizetype(4096 + 384 * buffer);
        for (qsizetype element = 0; element < 5; ++element) {
            QCOMPARE(valueAt<qint32>(memory, payload + 72 * element), qint32(revisions[buffer]));
            const Part part = partNumber(int(revisions[buffer]));
            QCOMPARE(memory.mid(payload + 72 * element + 16, 20), QByteArray(part.label, 20));
        }
    }
    QVERIFY(isZero(memory, 256 + 3 * 16, 512));
    QCOMPARE(memory.mid(512, layout.size()), layout);
    QVERIFY(isZero(memory, 512 + layout.size(), 4096));
}

void tst_Format::independentOwner()
{
    const QString name = newName();
    QProcess owner;
    startIndependentOwner(&owner, name,
                          {u"--layout"_s, u"P{id:u32@0;x:f64@8}/16"_s, u"--length"_s, u"2"_s, u"--buffers"_s, u"3"_s});
    if (QTest::currentTestFailed())
        return;

    SharedSegment segment(name);
    QVERIFY2(segment.open(), qPrintable(segment.errorString()));
    QCOMPARE(segment.backend(), backend());
    QCOMPARE(segment.length(), 2);
    QCOMPARE(segment.bufferCount(), 3);
    QCOMPARE(segment.layoutText(), u"P{id:u32@0;x:f64@8}/16"_s);
    QCOMPARE(segment.ownerPid(), owner.processId());
    QVERIFY(SharedSegment::names().contains(name));
    QSignalSpy updated(&segment, &SharedSegment::updated);
    QSignalSpy orphaned(&segment, &SharedSegment::orphaned);
    for (int revision = 1; revision <= 7; ++revision) {
        const QByteArray bytes = bytesOf<quint64>({quint64(revision), 0x3ff8000000000000u, 9, 0xc000000000000000u});
        owner.write(bytes.toHex() + '\n');
        QCOMPARE(lineOf(owner), QByteArray::number(revision));
        QTRY_COMPARE(updated.size(), revision);
        QCOMPARE(updated.last().first().toULongLong(), quint64(revision));
        SharedRevision read;
        QCOMPARE(segment.snapshot(&read), bytes);
        QCOMPARE(read.number, quint64(revision));
        const Answer answer = readByPython(name);
        QVERIFY2(answer.code == Found, answer.errors.constData());
        QCOMPARE(answer.integer("timestamp"_L1), read.timestamp);
        QCOMPARE(answer.valuesText(),
                 "[{\"id\":" + QByteArray::number(revision) + ",\"x\":1.5},{\"id\":9,\"x\":-2.0}]");
    }
    owner.closeWriteChannel();
    QVERIFY(owner.waitForFinished(ProcessTimeout));
    QCOMPARE(owner.exitCode(), 0);
    QTRY_COMPARE(orphaned.size(), 1);
    QCOMPARE(segment.snapshot().size(), 32);
    QVERIFY(!SharedSegment::exists(name));
}

void tst_Format::closing()
{
    // An owner that has marked its segment as closed, and has not released the lock yet.
    const QString name = newName();
    QProcess owner;
    startIndependentOwner(&owner, name, {u"--layout"_s, u"f64"_s, u"--alter"_s, u"record"_s, u"512"_s, u"01000000"_s});
    if (QTest::currentTestFailed())
        return;
    const Answer answer = readByPython(name);
    QVERIFY2(answer.code == NotFound, answer.errors.constData());
    // Not found, or open and orphaned at once: never open for good.
    SharedSegment segment(name);
    if (segment.open())
        QTRY_COMPARE(segment.state(), SharedSegment::State::Orphaned);
    else
        QCOMPARE(segment.error(), SharedSegment::Error::NotFound);
    owner.closeWriteChannel();
    QVERIFY(owner.waitForFinished(ProcessTimeout));
    QCOMPARE(owner.exitCode(), 0);
}

void tst_Format::damaged_data()
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
    row("record: version", "record", 8, "02000000", Corrupt, Error::UnsupportedVersion);
    row("record: backend", "record", 12, "00000000", Corrupt, Error::Corrupt);
    row("record: pid", "record", 32, "0000000000000000", Corrupt, Error::Corrupt);
    row("record: size", "record", 48, "0000000000000080", Corrupt, Error::Corrupt);
    row("record: unknown flag", "record", 56, "02000000", Corrupt, Error::Corrupt);
    row("record: name too long", "record", 60, "00010000", Corrupt, Error::Corrupt);
    row("record: another name", "record", 64, "78", NotFound, Error::NotFound);
    row("memory: magic", "memory", 0, "00", Corrupt, Error::Corrupt);
    row("memory: version", "memory", 8, "02000000", Corrupt, Error::UnsupportedVersion);
    row("memory: payload offset not aligned", "memory", 12, "01100000", Corrupt, Error::Corrupt);
    row("memory: payload over the header", "memory", 12, "00000000", Corrupt, Error::Corrupt);
    row("memory: payload behind the end", "memory", 12, "00F0FFFF", Corrupt, Error::Corrupt);
    row("memory: segment size", "memory", 16, "00", Corrupt, Error::Corrupt);
    row("memory: no element", "memory", 24, "0000000000000000", Corrupt, Error::Corrupt);
    row("memory: count times size overflows", "memory", 24, "0100000000000020", Corrupt, Error::Corrupt);
    row("memory: element size", "memory", 32, "04000000", Corrupt, Error::Corrupt);
    row("memory: element alignment", "memory", 36, "04000000", Corrupt, Error::Corrupt);
    row("memory: layout text offset", "memory", 40, "10020000", Corrupt, Error::Corrupt);
    row("memory: layout text bytes", "memory", 44, "FFFFFFFF", Corrupt, Error::Corrupt);
    row("memory: fingerprint", "memory", 48, "0000", Corrupt, Error::Corrupt);
    row("memory: no buffer", "memory", 56, "00000000", Corrupt, Error::Corrupt);
    row("memory: 17 buffers", "memory", 56, "11000000", Corrupt, Error::Corrupt);
    row("memory: flags", "memory", 60, "01000000", Corrupt, Error::Corrupt);
    row("memory: buffer stride not aligned", "memory", 64, "41", Corrupt, Error::Corrupt);
    row("memory: buffer stride too small", "memory", 64, "0000000000000000", Corrupt, Error::Corrupt);
    row("memory: buffers overflow", "memory", 64, "C0FFFFFFFFFFFFFF", Corrupt, Error::Corrupt);
    row("memory: instance id", "memory", 80, "00000000000000000000000000000000", Corrupt, Error::Corrupt);
    row("memory: layout text", "memory", 512, "663332", Corrupt, Error::Corrupt);
    // Found, but no revision is readable: the writer never ends.
    row("memory: odd sequence", "memory", 256, "01", Busy, Error::NoError);
}

void tst_Format::damaged()
{
    QFETCH(const QString, part);
    QFETCH(const int, offset);
    QFETCH(const QByteArray, bytes);
    QFETCH(const int, code);
    QFETCH(const int, error);
    const QString name = newName();
    QProcess owner;
    startIndependentOwner(&owner, name,
                          {u"--layout"_s, u"f64"_s, u"--length"_s, u"8"_s, u"--buffers"_s, u"1"_s, u"--alter"_s, part,
                           QString::number(offset), QString::fromLatin1(bytes)});
    if (QTest::currentTestFailed())
        return;

    const Answer answer = readByPython(name);
    QVERIFY2(answer.code == code, answer.errors.constData());
    QVERIFY(answer.output.isEmpty());
    QVERIFY(!answer.errors.isEmpty());
    SharedSegment segment(name);
    const bool opened = segment.open();
    QCOMPARE(segment.error(), SharedSegment::Error(error));
    QCOMPARE(opened, segment.error() == SharedSegment::Error::NoError);
    if (opened) {
        QVERIFY(segment.snapshot().isEmpty());
        QCOMPARE(segment.error(), SharedSegment::Error::Busy);
    }
    owner.closeWriteChannel();
    QVERIFY(owner.waitForFinished(ProcessTimeout));
    QCOMPARE(owner.exitCode(), 0);
}

namespace {

void say(const char *word)
{
    std::puts(word);
    std::fflush(stdout);
}

/// The child `--own`: two numbers, until the end of its input.
int own(SharedSegment &segment)
{
    if (!segment.create(SharedLayout::of<double>(), 2) || !segment.publish(bytesOf<double>({1.5, 2.5})))
        return 1;
    say("ready");
    while (std::getchar() != EOF) { }
    return 0;
}

/// The child `--publish`: 4 MiB of one letter, the next one each time, until the end of its input.
int publish(SharedSegment &segment)
{
    segment.setBufferCount(4);
    QFile input;
    if (!segment.create(SharedLayout::parse(u"char[4096]"), 1024) || !input.open(stdin, QIODevice::ReadOnly))
        return 1;
    std::atomic<bool> ended = false;
    // Waits for the end while the others publish, and does not poll.
    std::thread waiting([&] {
        input.readAll();
        ended = true;
    });
    bool failed = false;
    for (int revision = 1; !ended && !failed; ++revision) {
        failed = !segment.publish(QByteArray(4096 * 1024, char('a' + revision % 26)));
        if (revision == 1)
            say("ready");
        // Without a pause a reader has the time of three publications. Whether Python's copy of new pages ever takes
        // less depends on the machine. The same is true for any single pause, so these are from 10 to 160 ms.
        if (revision % 4 == 0)
            std::this_thread::sleep_for(std::chrono::milliseconds(10 << revision / 4 % 5));
    }
    if (failed)
        say("failed");
    waiting.join();
    return failed ? 1 : 0;
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 4 && (arguments[1] == u"--own" || arguments[1] == u"--publish")) {
        SharedSegment segment(arguments[2]);
        segment.setBackend(SharedSegment::Backend(arguments[3].toInt()));
        return arguments[1] == u"--own" ? own(segment) : publish(segment);
    }
    tst_Format test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_format.moc"
