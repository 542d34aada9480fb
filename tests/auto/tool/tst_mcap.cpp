// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// MCAP files: what the writer makes of messages, and what the reader makes of files.

#include "mcapreaders.h"

#include "../../../src/tool/mcapreader.h"
#include "../../../src/tool/mcapwriter.h"

#include <QtCore/QBuffer>
#include <QtCore/QRandomGenerator>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Outcome = McapReader::Outcome;

namespace {

struct Contents
{
    QByteArrayList messages; ///< as the other readers print them
    bool isComplete = false;
    QString error;
};

Contents contentsOf(const QByteArray &file)
{
    QBuffer buffer;
    buffer.setData(file);
    buffer.open(QIODevice::ReadOnly);
    McapReader reader(&buffer);
    Contents contents;
    QHash<quint16, QByteArray> topics;
    for (Outcome outcome = reader.next(); outcome != Outcome::End && outcome != Outcome::Failed;
         outcome = reader.next()) {
        if (outcome == Outcome::Channel) {
            topics.insert(reader.channel().id, reader.channel().topic);
            continue;
        }
        const Mcap::Message &message = reader.message();
        contents.messages.append(topics.value(message.channel) + ' ' + QByteArray::number(message.sequence) + ' '
                                 + QByteArray::number(message.logTime) + ' ' + QByteArray::number(message.publishTime)
                                 + ' ' + message.data.toByteArray().toHex());
    }
    contents.isComplete = reader.isComplete();
    contents.error = reader.errorString();
    return contents;
}

/// A file with two channels and `count` messages of up to `size` bytes; the times do not always increase.
QByteArray fileOf(int count, int size, int flushed, QByteArrayList *messages = nullptr)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    McapWriter writer(&buffer);
    Mcap::Schema schema{0, "Point", "jsonschema", R"({"type":"object"})"};
    Mcap::Channel channels[] = {{0, 0, "a/\xc3\xa4", "json", {{"kind", "stream"}, {"layout", "f64"}}},
                                {0, 0, "b", "sharedsegment", {}}};
    bool isGood = writer.begin("test");
    QRandomGenerator random(17);
    for (int i = 0; i < count; ++i) {
        const int which = i % 3 == 2;
        Mcap::Channel &channel = channels[which];
        if (channel.id == 0) {
            isGood = isGood && (schema.id > 0 || writer.addSchema(&schema));
            channel.schema = which == 0 ? schema.id : quint16(0);
            isGood = isGood && writer.addChannel(&channel);
        }
        QByteArray data(random.bounded(size + 1), '\0');
        for (char &byte : data)
            byte = char(random.bounded(256));
        const quint64 time = 1'700'000'000'000'000'000u + quint64(random.bounded(1'000'000));
        isGood = isGood && writer.write({channel.id, quint32(i), time, time + 1, data});
        if (messages)
            messages->append(channel.topic + ' ' + QByteArray::number(i) + ' ' + QByteArray::number(time) + ' '
                             + QByteArray::number(time + 1) + ' ' + data.toHex());
        if (flushed > 0 && i % flushed == flushed - 1)
            isGood = isGood && writer.flush();
    }
    return isGood && writer.finish() ? buffer.data() : QByteArray();
}

} // namespace

class tst_Mcap : public QObject
{
    Q_OBJECT

private:
    /// The file for readers that are programs.
    QString written(const QByteArray &file)
    {
        QFile to(m_folder.filePath(u"file.mcap"_s));
        return to.open(QIODevice::WriteOnly) && to.write(file) == file.size() ? to.fileName() : QString();
    }
    void addFiles();

    QTemporaryDir m_folder;

private Q_SLOTS:
    void checksum();
    void readBack_data() { addFiles(); }
    void readBack();
    void specification_data() { addFiles(); }
    void specification();
    void otherReader_data() { addFiles(); }
    void otherReader();
    void cutAnywhere();
    void damagedAnywhere();
    void hostile_data();
    void hostile();
    void cannotBeWritten();
};

void tst_Mcap::addFiles()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("flushed");
    QTest::newRow("empty") << 0 << 0 << 0;
    QTest::newRow("one") << 1 << 8 << 0;
    QTest::newRow("one chunk") << 20 << 100 << 0;
    QTest::newRow("chunks") << 100 << 30 << 7;
    QTest::newRow("full chunks") << 100 << 50'000 << 0;
}

void tst_Mcap::checksum()
{
    // The check value of this CRC, from published tables of CRCs; in any pieces.
    const QByteArray digits = "123456789";
    for (qsizetype piece = 0; piece <= digits.size(); ++piece) {
        Mcap::Crc32 crc;
        crc.add(QByteArrayView(digits).first(piece));
        crc.add(QByteArrayView(digits).sliced(piece));
        QCOMPARE(crc.value(), 0xcbf43926u);
    }
    QCOMPARE(Mcap::Crc32().value(), 0u);
}

void tst_Mcap::readBack()
{
    QFETCH(int, count);
    QFETCH(int, size);
    QFETCH(int, flushed);
    QByteArrayList messages;
    const QByteArray file = fileOf(count, size, flushed, &messages);
    const Contents contents = contentsOf(file);
    QCOMPARE(contents.error, QString());
    QVERIFY(contents.isComplete);
    QCOMPARE(contents.messages, messages);
}

void tst_Mcap::specification()
{
    QFETCH(int, count);
    QFETCH(int, size);
    QFETCH(int, flushed);
    if (QStandardPaths::findExecutable(u"python3"_s).isEmpty())
        QSKIP("no program \"python3\"");
    QByteArrayList messages;
    const QByteArray file = fileOf(count, size, flushed, &messages);
    messages.append(QByteArray());
    QCOMPARE(checkedMcap(written(file)), messages.join('\n'));
    // The check finds a wrong byte anywhere but in the checksum of the summary's neighbours: here one of the index.
    QByteArray wrong = file;
    wrong[file.size() - 60] = char(wrong.at(file.size() - 60) ^ 1);
    QVERIFY(checkedMcap(written(wrong)).startsWith("failed: "));
}

void tst_Mcap::otherReader()
{
    QFETCH(int, count);
    QFETCH(int, size);
    QFETCH(int, flushed);
    QByteArray why;
    const QString packages = packagesOfMcap(&why);
    if (!why.isEmpty())
        QSKIP(why);
    QByteArrayList messages;
    const QByteArray file = fileOf(count, size, flushed, &messages);
    if (count > 0)
        messages.append(QByteArray());
    QCOMPARE(readMcap(packages, written(file)), messages.join('\n'));
}

void tst_Mcap::cutAnywhere()
{
    // A killed writer leaves the beginning of a file: the reader has the messages of all whole chunks, and no error.
    QByteArrayList messages;
    const QByteArray file = fileOf(20, 10, 5, &messages);
    QVERIFY(contentsOf(file).isComplete);
    qsizetype most = 0;
    for (qsizetype size = Mcap::Magic.size(); size < file.size(); ++size) {
        const Contents contents = contentsOf(file.first(size));
        QCOMPARE(contents.error, QString());
        QVERIFY(!contents.isComplete);
        QVERIFY(contents.messages.size() >= most);
        most = contents.messages.size();
        QCOMPARE(contents.messages, messages.first(most));
    }
    QCOMPARE(most, messages.size());
}

void tst_Mcap::damagedAnywhere()
{
    // Each bit up to the end of the data is under a checksum: the reader gives what was written, or says that the file is damaged or
    // incomplete.
    QByteArrayList messages;
    const QByteArray file = fileOf(12, 10, 4, &messages);
    for (qsizetype i = 0; i < file.size() * 8; ++i) {
        QByteArray damaged = file;
        damaged[i / 8] = char(damaged.at(i / 8) ^ 1 << (i % 8));
        const Contents contents = contentsOf(damaged);
        if (contents.error.isEmpty()) {
            QVERIFY2(contents.messages.size() == messages.size() || !contents.isComplete, QByteArray::number(i));
            QCOMPARE(contents.messages, messages.first(contents.messages.size()));
        } else {
            QVERIFY2(contents.error.contains(u"; "_s), contents.error.toUtf8());
        }
    }
}

void tst_Mcap::hostile_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QString>("error");
    const auto record = [](int opcode, const QByteArray &content, quint64 size) {
        return Mcap::FieldWriter().number(quint8(opcode)).number(size).bytes(content).all();
    };
    const auto whole = [&record](int opcode, const QByteArray &content) {
        return record(opcode, content, quint64(content.size()));
    };
    const auto chunk = [&whole](const QByteArray &records, const QByteArray &compression) {
        return whole(6, Mcap::FieldWriter()
                            .number(quint64(0))
                            .number(quint64(0))
                            .number(quint64(records.size()))
                            .number(quint32(0))
                            .text(compression)
                            .number(quint64(records.size()))
                            .bytes(records)
                            .all());
    };
    const QByteArray magic = Mcap::Magic.toByteArray();
    const QByteArray none = chunk({}, {});
    QTest::newRow("nothing") << QByteArray() << u"no MCAP file"_s;
    QTest::newRow("other") << QByteArray("SQLite format 3") << u"no MCAP file"_s;
    QTest::newRow("later version") << QByteArray("\x89MCAP1\r\n") << u"version 0"_s;
    QTest::newRow("huge record") << magic + record(6, "x", ~quint64(0)) << QString();
    QTest::newRow("huge records of a chunk")
        << magic + whole(6, none.sliced(9).chopped(8) + QByteArray(8, '\xff')) << u"the wrong size"_s;
    QTest::newRow("compressed") << magic + chunk("abc", "zstd") << u"is compressed (zstd)"_s;
    QTest::newRow("chunk in a chunk") << magic + chunk(none + none, {}) << QString();
    QTest::newRow("record without an end in a chunk") << magic + chunk(record(3, "x", 5), {}) << u"has no end"_s;
    QTest::newRow("no channel") << magic + whole(5, QByteArray(22, '\1')) << u"channel 257, which is missing"_s;
    QTest::newRow("short message") << magic + whole(5, "1234") << u"too short"_s;
    QTest::newRow("short schema") << magic + whole(3, QByteArray(8, '\xff')) << u"too short"_s;
    QTest::newRow("metadata without an end")
        << magic + whole(4, Mcap::FieldWriter().number(quint32(1)).text("t").text("json").text("\1\1\1\1\1").all())
        << u"too short"_s;
    QTest::newRow("unknown record") << magic + whole(0x99, "private") + whole(0x7f, {}) << QString();
}

void tst_Mcap::hostile()
{
    QFETCH(QByteArray, file);
    QFETCH(QString, error);
    const Contents contents = contentsOf(file);
    QCOMPARE(contents.messages, QByteArrayList());
    QVERIFY(!contents.isComplete);
    QCOMPARE(contents.error.isEmpty(), error.isEmpty());
    QVERIFY2(contents.error.contains(error), contents.error.toUtf8());
}

void tst_Mcap::cannotBeWritten()
{
    QFile full(u"/dev/full"_s);
    if (!full.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
        QSKIP("no /dev/full");
    McapWriter writer(&full);
    QVERIFY(!writer.begin("test"));
    QVERIFY2(!writer.errorString().isEmpty(), "no reason");
    QVERIFY(!writer.flush() && !writer.finish());
}

QTEST_APPLESS_MAIN(tst_Mcap)
#include "tst_mcap.moc"
