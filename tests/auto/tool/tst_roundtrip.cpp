// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What `sharedsegment dump` writes, `sharedsegment publish` reads to the same bytes: values of every type, made of random bits.

#include "toolprocess.h"

#include <SharedSegment/SharedSegment>

#include <QtCore/QJsonDocument>
#include <QtCore/QRandomGenerator>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace testsupport;

class tst_RoundTrip : public QObject
{
    Q_OBJECT

private:
    RegistryFolder m_folder;

private Q_SLOTS:
    void sameBytes_data();
    void sameBytes();
};

void tst_RoundTrip::sameBytes_data()
{
    QTest::addColumn<QString>("layout");
    QTest::addColumn<QStringList>("options");
    const QString all =
        u"R{a:f64;b:i64;c:u64;d:f32;e:i32;f:u32;g:f32[3];h:i16;i:u16;j:i8;k:u8;l:bool;pos.t:char[9];u:char[8]}"_s;
    for (const char *format : {"csv", "json", "jsonl", "raw"}) {
        const QStringList options{u"--format"_s, QString::fromLatin1(format)};
        QTest::addRow("%s struct", format) << all << options;
        for (const char *layout :
             {"f32", "f64", "i64", "u64", "bool", "char[3]", "f64[2]", "i8[3]", "u64[1]", "bool[4]"})
            QTest::addRow("%s %s", format, layout) << QString::fromLatin1(layout) << options;
    }
    QTest::newRow("tab") << all << QStringList{u"--delimiter"_s, u"tab"_s};
    QTest::newRow("decimal comma") << all << QStringList{u"--decimal"_s, u","_s};
    QTest::newRow("decimal comma and tab")
        << u"f64[2]"_s << QStringList{u"--decimal"_s, u","_s, u"--delimiter"_s, u"tab"_s};
}

void tst_RoundTrip::sameBytes()
{
    QFETCH(QString, layout);
    QFETCH(QStringList, options);
    constexpr qint64 Length = 400;
    const SharedLayout type = SharedLayout::parse(layout);
    QVERIFY(type.isValid());
    QByteArray bytes(Length * type.elementSize(), '\0');
    QRandomGenerator random(3);
    // Text that means something in CSV or JSON, and bytes that are not text.
    static constexpr QByteArrayView Odd = "\"\",;\t\n\r\\ #'{[\x1b\x7f\0\xc3\xbc\xed\xb2\x80\xe2\x80\xae\xff ";
    for (qsizetype i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(random.bounded(256));
    for (qint64 element = 0; element < Length; ++element) {
        for (const SharedLayout::Field &field : type.fields()) {
            for (qsizetype i = 0; i < field.size; ++i) {
                char &byte = bytes[element * type.elementSize() + field.offset + i];
                if (field.type == SharedLayout::Type::Bool)
                    byte &= 1;
                else if (element == 0) // Nothing at all.
                    byte = 0;
                else if (field.type == SharedLayout::Type::Text && element % 4 != 0)
                    byte = Odd[random.bounded(int(Odd.size()))];
                else if (i >= field.size - 2 && random.bounded(8) == 0) // NaN, if it is such a number
                    byte = i == field.size - 1 ? '\x7f' : '\xff';
            }
        }
    }
    SharedSegment from(u"from"_s);
    QVERIFY(from.create(type, Length));
    QVERIFY(from.publish(bytes));
    const Result dumped = Tool::run(QStringList{u"dump"_s, u"from"_s} + options);
    QCOMPARE(dumped.code, 0);
    if (options.last() == u"json"_s)
        QVERIFY(QJsonDocument::fromJson(dumped.out).isArray());

    Tool publisher(
        QStringList{u"publish"_s, u"to"_s, u"--layout"_s, layout, u"--capacity"_s, QString::number(Length), u"--hold"_s}
        + options);
    SharedSegment to(u"to"_s);
    to.setActive(true);
    publisher.feed(dumped.out);
    publisher.closeInput();
    QVERIFY2(QTest::qWaitFor([&] { return to.revision() == 1 || !publisher.isRunning(); }, Deadline), "no revision");
    if (to.revision() != 1)
        QFAIL(publisher.end().error);
    const QByteArray back = to.snapshot();
    for (qint64 i = 0; i < Length; ++i) {
        QCOMPARE(back.mid(i * type.elementSize(), type.elementSize()).toHex(),
                 bytes.mid(i * type.elementSize(), type.elementSize()).toHex());
    }
    to.close();
    publisher.signal(SIGTERM);
    QCOMPARE(publisher.end().code, 0);
}

QTEST_GUILESS_MAIN(tst_RoundTrip)
#include "tst_roundtrip.moc"
