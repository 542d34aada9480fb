// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The bytes of streams, of an owner in C++ and of an independent one, beside the format's page.

#include "formattest.h"

#include <SharedSegment/SharedStream>

#include <QtCore/QProcess>
#include <QtTest/QTest>

#include <memory>

using namespace formattest;

class tst_FormatStreams : public FormatTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void initTestCase() { useOwnFolder(); }
    void init() { checkNothingIsLeft(); }
    void cleanup() { sweep(); }

    void bytes_data();
    void bytes();

private:
    struct Entry
    {
        quint64 position;
        qint64 timestamp;
    };
    static Entry entryAt(const QByteArray &memory, int index)
    {
        const qsizetype at = 256 + 32 * index;
        return {valueAt<quint64>(memory, at), valueAt<qint64>(memory, at + 8)};
    }
};

void tst_FormatStreams::bytes_data()
{
    QTest::addColumn<bool>("isOwnerInCpp");
    QTest::newRow("owner in C++") << true;
    QTest::newRow("independent owner") << false;
}

void tst_FormatStreams::bytes()
{
    QFETCH(const bool, isOwnerInCpp);
    const QString name = newName();
    SharedStream<quint64> inCpp(name);
    QProcess independent;
    if (isOwnerInCpp) {
        inCpp.segment()->setBackend(backend());
        QVERIFY2(inCpp.create(4), qPrintable(inCpp.errorString()));
    } else {
        startIndependentOwner(&independent, name, {u"--layout"_s, u"u64"_s, u"--capacity"_s, u"4"_s, u"--stream"_s});
    }
    const auto append = [&](std::initializer_list<quint64> values) {
        const QByteArray elements = bytesOf(values);
        if (isOwnerInCpp)
            return inCpp.append(std::span(values.begin(), values.size()));
        independent.write(elements.toHex() + '\n');
        return lineOf(independent).toInt() > 0;
    };
    const QByteArray record = recordContent();
    QCOMPARE(valueAt<quint32>(record, 388), 2u);
    QByteArray memory = memoryContent(record);
    QCOMPARE(valueAt<quint32>(memory, 56), 1u);
    QCOMPARE(valueAt<quint64>(memory, 64), 64u);
    QCOMPARE(valueAt<quint32>(memory, 104), 2u);
    QVERIFY(isZero(memory, 128, 1024));

    const qint64 before = nanosecondsNow();
    QVERIFY(append({10, 11}));
    QVERIFY(append({12, 13, 14}));
    memory = memoryContent(record);
    QCOMPARE(valueAt<quint64>(memory, 128), 5u);
    QCOMPARE(valueAt<quint64>(memory, 136), 5u);
    // Before the first append, both entries have its position: it takes entry 1.
    QCOMPARE(entryAt(memory, 1).position, 2u);
    QCOMPARE(entryAt(memory, 0).position, 5u);
    QCOMPARE(memory.mid(4096, 32), bytesOf<quint64>({14, 11, 12, 13}));

    QVERIFY(append({15}));
    const qint64 after = nanosecondsNow();
    memory = memoryContent(record);
    QCOMPARE(valueAt<quint64>(memory, 128), 6u);
    QCOMPARE(valueAt<quint64>(memory, 136), 6u);
    QCOMPARE(entryAt(memory, 1).position, 6u);
    QCOMPARE(entryAt(memory, 0).position, 5u);
    QVERIFY(before <= entryAt(memory, 0).timestamp && entryAt(memory, 0).timestamp <= entryAt(memory, 1).timestamp);
    QVERIFY(entryAt(memory, 1).timestamp <= after);
    for (const int entry : {256, 288}) {
        QVERIFY(isZero(memory, entry + 16, entry + 32));
    }
    QVERIFY(isZero(memory, 144, 256) && isZero(memory, 320, 1024));
    QCOMPARE(memory.mid(4096, 32), bytesOf<quint64>({14, 15, 12, 13}));

    const Answer answer = readByPython(name);
    QVERIFY2(answer.code == Found, answer.errors.constData());
    QCOMPARE(answer.text("kind"_L1), u"stream"_s);
    QCOMPARE(answer.integer("revision"_L1), 6);
    QCOMPARE(answer.integer("timestamp"_L1), entryAt(memory, 1).timestamp);
    QCOMPARE(answer.valuesText(), QByteArray("[12,13,14,15]"));
    SharedStream<quint64> reader(name);
    QVERIFY2(reader.open(), qPrintable(reader.errorString()));
    reader.seek(SharedStream<quint64>::Oldest);
    QCOMPARE(reader.readNew(), (QList<quint64>{12, 13, 14, 15}));
    reader.close();
    if (!isOwnerInCpp) {
        independent.closeWriteChannel();
        QVERIFY(independent.waitForFinished(ProcessTimeout));
    }
}

QTEST_GUILESS_MAIN(tst_FormatStreams)
#include "tst_formatstreams.moc"
