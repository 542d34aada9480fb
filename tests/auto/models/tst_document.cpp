// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What SharedDocument promises to programs in C++: values there and back, when which program writes, and growth.

#include "../../support/errorstyle.h"
#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedDocument>

#include <QtCore/QDateTime>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>
#include <QtCore/QTimeZone>
#include <QtCore/QUrl>
#include <QtCore/QUuid>
#include <QtTest/QSignalSpy>

#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Error = SharedSegment::Error;

class tst_Document : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void defaults();
    void valuesThereAndBack_data();
    void valuesThereAndBack();
    void refusedValues_data();
    void refusedValues();
    void ofQtTypes();
    void newestValueArrives();
    void equalValues();
    void growth();
    void ownerWritesLater();
    void readerNeverWritesLater();
    void createdAgain();
    void otherContents();
    void noDocuments_data();
    void noDocuments();
    void brokenRevisions();
    void otherSegments();
    void pauseKeepsTheValue();
    void killedOwner();
    void deletedInSlots();

private:
    RegistryFolder m_folder;
};

namespace {

/// A document and the segment that it owns.
struct Owner
{
    Owner(const QString &name = uniqueName())
        : segment(name)
    {
        document.setSegment(&segment);
    }

    SharedSegment segment;
    SharedDocument document;
};

/// The same as a reader.
struct Reader : Owner
{
    explicit Reader(const QString &name, SharedSegment::Access access = SharedSegment::Access::ReadOnly)
        : Owner(name)
    {
        isOpen = segment.open(access);
    }

    bool isOpen = false;
};

} // namespace

void tst_Document::defaults()
{
    SharedDocument document;
    QCOMPARE(document.segment(), nullptr);
    QVERIFY(!document.value().isValid());
    QVERIFY(document.toCbor().isUndefined());
    QVERIFY(document.toJson().isUndefined());
    QVERIFY(!document.isValid());
    QVERIFY(document.errorString().isEmpty());
    QCOMPARE(document.maximumRate(), 0.0);
    QVERIFY(!document.isPaused());
    QCOMPARE(document.revision(), 0u);
    QVERIFY(!document.updatedAt().isValid());
    QVERIFY(!document.refresh());
    QVERIFY(!document.write(1));
    QVERIFY2(errorstyle::problemOf(document.errorString()).isEmpty(), qPrintable(document.errorString()));

    Owner owner;
    QVERIFY(owner.document.create());
    QCOMPARE(owner.segment.layoutText(), u"u8"_s);
    QCOMPARE(owner.segment.kind(), SharedSegment::Kind::VariableArray);
    QCOMPARE(owner.segment.capacity(), 4096);
    QCOMPARE(owner.segment.metadata().value(u"content"_s), u"application/cbor"_s);
    QVERIFY(!owner.document.isValid());
    QVERIFY(owner.document.errorString().isEmpty());
}

void tst_Document::valuesThereAndBack_data()
{
    QTest::addColumn<QVariant>("value");
    const auto row = [](const char *name, const QVariant &value) { QTest::newRow(name) << value; };
    row("null", QVariant::fromValue(nullptr));
    row("true", true);
    row("zero", qint64(0));
    row("integer", qint64(-5));
    row("most", std::numeric_limits<qint64>::max());
    row("least", std::numeric_limits<qint64>::min());
    row("beyond 2^53", (qint64(1) << 53) + 1);
    row("double", 0.1);
    row("infinity", -std::numeric_limits<double>::infinity());
    row("minus zero", -0.0);
    row("text", u"Gr\u00fcn \U0001f600"_s);
    row("text with NUL", u"a\ufeff\0b"_s);
    row("empty text", u""_s);
    row("bytes", QByteArray("\0\xff", 2));
    row("date", QDateTime::fromMSecsSinceEpoch(1'700'000'000'123, QTimeZone::utc()));
    row("list", QVariantList{qint64(1), u"two"_s, QVariantList{}});
    row("map", QVariantMap{{u"a"_s, qint64(1)}, {u""_s, QVariantMap{{u"b.c"_s, false}}}});
    QVariant deep = qint64(1);
    for (int level = 0; level < 256; ++level)
        deep = QVariantList{deep};
    row("256 levels", deep);
}

void tst_Document::valuesThereAndBack()
{
    QFETCH(const QVariant, value);
    Owner owner;
    QVERIFY(owner.document.create());
    QVERIFY2(owner.document.write(value), qPrintable(owner.document.errorString()));
    QVERIFY(owner.document.isValid());
    QCOMPARE(owner.document.value(), value);
    Reader reader(owner.segment.name());
    QCOMPARE(reader.document.value(), value);
    QCOMPARE(reader.document.value().typeId(), value.typeId());
    if (value.typeId() == QMetaType::Double)
        QCOMPARE(std::signbit(reader.document.value().toDouble()), std::signbit(value.toDouble()));
}

void tst_Document::refusedValues_data()
{
    QTest::addColumn<QVariant>("value");
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << QVariant() << u"undefined"_s;
    QTest::newRow("object") << QVariant::fromValue<QObject *>(this) << u"no number"_s;
    QTest::newRow("u64") << QVariant(std::numeric_limits<quint64>::max()) << u"18446744073709551615"_s;
    QTest::newRow("no Unicode") << QVariant(QString(QChar(0xd800))) << u"Unicode"_s;
    QTest::newRow("no Unicode in a name") << QVariant(QVariantMap{{QString(QChar(0xd800)), 1}}) << u"Unicode"_s;
    QTest::newRow("invalid date") << QVariant(QDateTime()) << u"date"_s;
    QTest::newRow("in a member") << QVariant(QVariantMap{{u"a"_s, QVariantList{1, QDateTime()}}}) << u"\"a[1]\""_s;
    QVariant deep = 1;
    for (int level = 0; level < 257; ++level)
        deep = QVariantList{deep};
    QTest::newRow("257 levels") << deep << u"256 levels"_s;
    QTest::newRow("many values") << QVariant(QVariantList(1'000'001, 1)) << u"1000000 values"_s;
    QTest::newRow("many bytes") << QVariant(QByteArray(65 * 1024 * 1024, 'x')) << u"67108864"_s;
}

void tst_Document::refusedValues()
{
    QFETCH(const QVariant, value);
    QFETCH(const QString, text);
    Owner owner;
    QVERIFY(owner.document.create());
    QVERIFY(owner.document.write(1));
    const QSignalSpy errors(&owner.segment, &SharedSegment::errorOccurred);
    QVERIFY(!owner.document.write(value));
    QCOMPARE(errors.size(), 1);
    QCOMPARE(owner.segment.error(), Error::InvalidValue);
    const QString error = owner.document.errorString();
    QCOMPARE(owner.segment.errorString(), error);
    QVERIFY2(error.contains(text) && errorstyle::problemOf(error).isEmpty(), qPrintable(error));
    owner.document.setValue(value);
    QCOMPARE(errors.size(), 2);
    QCOMPARE(owner.segment.revision(), 1u);
    QCOMPARE(owner.document.value(), QVariant(1));
    QVERIFY(owner.document.write(2));
    QVERIFY(owner.document.errorString().isEmpty());
}

void tst_Document::ofQtTypes()
{
    Owner owner;
    SharedDocument &document = owner.document;
    QVERIFY(document.create());
    const QJsonObject json{{u"a"_s, QJsonArray{1, 2.5, QJsonValue()}}, {u"b"_s, u"text"_s}};
    QVERIFY(document.write(json));
    QCOMPARE(document.toJson(), QJsonValue(json));
    QVERIFY(document.write(u"text"_s));
    QCOMPARE(document.value().toString(), u"text"_s);
    QVERIFY(document.write(QStringList{u"a"_s, u"b"_s}));
    QCOMPARE(document.toJson(), QJsonValue(QJsonArray{u"a"_s, u"b"_s}));
    QVERIFY(document.write(QVariant::fromValue(QList<double>{0.5, 2})));
    QCOMPARE(document.value(), QVariant(QVariantList{0.5, qint64(2)}));
    QVERIFY(document.write(QVariant::fromValue(SharedSegment::State::Orphaned)));
    QCOMPARE(document.value(), QVariant(3));
    QVERIFY(document.write(QUrl(u"http://a/b"_s)));
    QCOMPARE(document.value(), QVariant(u"http://a/b"_s));
    // CBOR keeps the order of its members, and what it knows besides.
    const QCborMap cbor{{u"z"_s, 1}, {u"a"_s, QCborValue(QCborTag(1234), 2)}, {3, QCborValue(QUuid::createUuid())}};
    QVERIFY(document.write(cbor));
    QCOMPARE(document.toCbor(), QCborValue(cbor));
    QCOMPARE(document.value().toMap().value(u"a"_s), QVariant(2));
    QCOMPARE(document.value().toMap().keys(), (QStringList{u"3"_s, u"a"_s, u"z"_s}));
    const QCborValue large(QCborKnownTags::NegativeBignum, QByteArray("\1\0\0\0\0\0\0\0\0", 9));
    QVERIFY(document.write(large));
    QCOMPARE(document.value(), QVariant(-18446744073709551616.0));
    // Undefined as JSON.stringify() has it.
    QVERIFY(document.write(QVariantMap{{u"a"_s, QVariant()}, {u"b"_s, QVariantList{QVariant()}}}));
    QCOMPARE(document.toJson(), QJsonValue(QJsonObject{{u"b"_s, QJsonArray{QJsonValue()}}}));
}

void tst_Document::newestValueArrives()
{
    Owner owner;
    QVERIFY(owner.document.create());
    Reader reader(owner.segment.name());
    QVERIFY(reader.isOpen);
    QVERIFY(!reader.document.isValid());
    const QSignalSpy values(&reader.document, &SharedDocument::valueChanged);
    const QSignalSpy valids(&reader.document, &SharedDocument::validChanged);
    for (int i = 1; i <= 100; ++i)
        QVERIFY(owner.document.write(QVariantMap{{u"i"_s, i}}));
    QTRY_COMPARE_WITH_TIMEOUT(reader.document.value().toMap().value(u"i"_s), QVariant(100), Deadline);
    QCOMPARE(valids.size(), 1);
    QVERIFY(values.size() < 100);
    QCOMPARE(reader.document.revision(), 100u);
    QVERIFY(std::abs(reader.document.updatedAt().msecsTo(QDateTime::currentDateTime())) < Deadline);
    // Without an event loop.
    QVERIFY(owner.document.write(7));
    QVERIFY(reader.document.refresh());
    QCOMPARE(reader.document.value(), QVariant(7));
    owner.segment.close();
    QVERIFY(!owner.document.isValid());
    QCOMPARE(owner.document.value(), QVariant(7));
    QTRY_COMPARE_WITH_TIMEOUT(reader.segment.state(), SharedSegment::State::Orphaned, Deadline);
    QVERIFY(reader.document.isValid());
}

void tst_Document::equalValues()
{
    Owner owner;
    QVERIFY(owner.document.create());
    const QSignalSpy values(&owner.document, &SharedDocument::valueChanged);
    const QSignalSpy revisions(&owner.document, &SharedDocument::revisionChanged);
    owner.document.setValue(QVariantList{1, 2});
    owner.document.setValue(QVariantList{1, 2}); // An equal value is not published by an assignment.
    QCOMPARE(owner.segment.revision(), 1u);
    QCOMPARE(values.size(), 1);
    QVERIFY(owner.document.write(QVariantList{1, 2}));
    QCOMPARE(owner.segment.revision(), 2u);
    QCOMPARE(values.size(), 1);
    QCOMPARE(revisions.size(), 2);
}

void tst_Document::growth()
{
    const QString name = uniqueName();
    Owner owner(name);
    owner.segment.setMultipleWriters(true);
    owner.segment.setCapacity(16);
    QVERIFY(owner.document.create());
    Reader writer(name, SharedSegment::Access::ReadWrite);
    const QString text(1000, u'x');
    // Only the owner can enlarge it.
    QVERIFY(!writer.document.write(text));
    QCOMPARE(writer.segment.error(), Error::InvalidSize);
    const QString error = writer.document.errorString();
    QVERIFY2(error.contains("1003"_L1) && error.contains("16"_L1) && errorstyle::problemOf(error).isEmpty(),
             qPrintable(error));
    QVERIFY(writer.document.write(u"short"_s));
    QTRY_COMPARE_WITH_TIMEOUT(owner.document.value(), QVariant(u"short"_s), Deadline);
    QVERIFY(owner.document.write(text));
    QCOMPARE(owner.segment.revision(), 2u);
    QVERIFY(owner.segment.capacity() > 1003);
    QCOMPARE(owner.segment.metadata().value(u"content"_s), u"application/cbor"_s);
    QTRY_COMPARE_WITH_TIMEOUT(writer.document.value(), QVariant(text), Deadline);
    QVERIFY(writer.document.write(text + u'y'));
    // A document that grows in small steps is seldom replaced.
    const QSignalSpy replacements(&owner.segment, &SharedSegment::reopened);
    for (int i = 0; i < 1000; ++i)
        QVERIFY(owner.document.write(text + QString(i, u'z')));
    QVERIFY(replacements.size() <= 2);
}

void tst_Document::ownerWritesLater()
{
    const QString name = uniqueName();
    SharedSegment before(name);
    QVERIFY(before.create(SharedLayout::of<qint32>(), 1));
    Owner owner(name);
    owner.segment.setOwner(true);
    owner.document.setValue(u"first"_s);
    owner.document.setValue(u"later"_s);
    owner.segment.setActive(true);
    QCOMPARE(owner.segment.state(), SharedSegment::State::Waiting);
    before.close();
    QTRY_VERIFY_WITH_TIMEOUT(owner.segment.isOwner(), Deadline);
    QCOMPARE(owner.document.value(), QVariant(u"later"_s));
    QCOMPARE(owner.segment.revision(), 1u);
    QVERIFY(owner.document.errorString().isEmpty());
}

void tst_Document::readerNeverWritesLater()
{
    Owner owner;
    owner.segment.setMultipleWriters(true);
    Owner reader(owner.segment.name());
    reader.segment.setAccess(SharedSegment::Access::ReadWrite);
    reader.document.setValue(5);
    QCOMPARE(reader.segment.error(), Error::NotFound);
    QVERIFY2(errorstyle::problemOf(reader.document.errorString()).isEmpty(), qPrintable(reader.document.errorString()));
    reader.segment.setActive(true);
    QVERIFY(owner.document.create());
    QTRY_COMPARE_WITH_TIMEOUT(reader.segment.state(), SharedSegment::State::Open, Deadline);
    QCOMPARE(owner.segment.revision(), 0u);
    reader.document.setValue(6);
    QCOMPARE(owner.segment.revision(), 1u);
    QVERIFY(owner.document.refresh());
    QCOMPARE(owner.document.value(), QVariant(6));
}

void tst_Document::createdAgain()
{
    Owner owner;
    owner.segment.setMultipleWriters(true);
    owner.segment.setOwner(true);
    owner.segment.setActive(true);
    owner.document.setValue(1);
    Reader writer(owner.segment.name(), SharedSegment::Access::ReadWrite);
    QVERIFY(writer.document.write(2));
    QTRY_COMPARE_WITH_TIMEOUT(owner.document.value(), QVariant(2), Deadline);
    owner.segment.setActive(false);
    QCOMPARE(owner.segment.state(), SharedSegment::State::Closed);
    owner.segment.setActive(true);
    QCOMPARE(owner.segment.revision(), 1u);
    QCOMPARE(owner.document.value(), QVariant(2)); // the last value, also of another program
}

void tst_Document::otherContents()
{
    const auto create = [](Owner &owner, const char *content) {
        owner.segment.setMetadata({{u"content"_s, QString::fromLatin1(content)}, {u"unit"_s, 5}});
        return owner.document.create();
    };
    Owner json;
    QVERIFY(create(json, "Application/JSON; charset=utf-8"));
    QCOMPARE(json.segment.metadata().size(), 2);
    QVERIFY(json.document.write(
        QVariantMap{{u"a"_s, QVariantList{1, QDateTime::fromMSecsSinceEpoch(0, QTimeZone::utc())}}}));
    QCOMPARE(json.segment.snapshot(), QByteArray("{\"a\":[1,\"1970-01-01T00:00:00.000Z\"]}"));
    for (const char *text : {"5", " \"a\" ", "null", "[1,2]", "{\"a\":\"]\"}"}) {
        QVERIFY(json.segment.publish(text));
        QVERIFY2(json.document.refresh(), qPrintable(json.document.errorString()));
    }
    for (const QVariant &value : {QVariant(std::nan("")), QVariant(QByteArray("a"))}) {
        QVERIFY(!json.document.write(QVariantList{value}));
        QVERIFY2(errorstyle::problemOf(json.document.errorString()).isEmpty(), qPrintable(json.document.errorString()));
    }
    for (const char *text : {"1,2", "[1] [2]", "", "{", "]", "\"\xff\"", "nul"}) {
        QVERIFY(json.segment.publish(text));
        QVERIFY2(!json.document.refresh(), text);
        QVERIFY2(errorstyle::problemOf(json.document.errorString()).isEmpty(), qPrintable(json.document.errorString()));
    }
    Owner text;
    QVERIFY(create(text, "text/plain"));
    QVERIFY(text.document.write(u"\ufeffa\n"_s));
    QCOMPARE(text.segment.snapshot(), QByteArray("\xef\xbb\xbf"
                                                 "a\n"));
    QCOMPARE(text.document.value(), QVariant(u"\ufeffa\n"_s));
    QVERIFY(!text.document.write(5));
    QVERIFY2(errorstyle::problemOf(text.document.errorString()).isEmpty(), qPrintable(text.document.errorString()));
    QVERIFY(text.segment.publish(QByteArray()));
    QVERIFY(text.document.refresh());
    QCOMPARE(text.document.value(), QVariant(u""_s));
    QVERIFY(text.segment.publish(QByteArray("\xc3")));
    QVERIFY(!text.document.refresh());
    Owner suffix;
    QVERIFY(create(suffix, "application/senml+cbor"));
    QVERIFY(suffix.document.write(1));
}

void tst_Document::noDocuments_data()
{
    QTest::addColumn<QString>("layout");
    QTest::addColumn<SharedSegment::Kind>("kind");
    QTest::addColumn<QString>("content");
    const QString cbor = u"application/cbor"_s;
    QTest::newRow("fixed") << u"u8"_s << SharedSegment::Kind::FixedArray << cbor;
    QTest::newRow("stream") << u"u8"_s << SharedSegment::Kind::Stream << cbor;
    QTest::newRow("layout") << u"i8"_s << SharedSegment::Kind::VariableArray << cbor;
    QTest::newRow("no content") << u"u8"_s << SharedSegment::Kind::VariableArray << QString();
    QTest::newRow("picture") << u"u8"_s << SharedSegment::Kind::VariableArray << u"image/x-raw"_s;
    QTest::newRow("charset") << u"u8"_s << SharedSegment::Kind::VariableArray << u"text/plain; charset=latin1"_s;
}

void tst_Document::noDocuments()
{
    QFETCH(const QString, layout);
    QFETCH(const SharedSegment::Kind, kind);
    QFETCH(const QString, content);
    SharedSegment segment(uniqueName());
    segment.setKind(kind);
    if (!content.isEmpty())
        segment.setMetadata({{u"content"_s, content}});
    QVERIFY(segment.create(SharedLayout::parse(layout), 8));
    const QSignalSpy errors(&segment, &SharedSegment::errorOccurred);
    SharedDocument document;
    document.setSegment(&segment);
    QCOMPARE(segment.error(), Error::LayoutMismatch);
    QCOMPARE(errors.size(), 1);
    QVERIFY2(errorstyle::problemOf(document.errorString()).isEmpty(), qPrintable(document.errorString()));
    QVERIFY(!document.isValid());
    QVERIFY(!document.write(1));
    QCOMPARE(segment.error(), Error::LayoutMismatch);
    QCOMPARE(segment.revision(), 0u);
}

void tst_Document::brokenRevisions()
{
    Owner owner;
    QVERIFY(owner.document.create());
    QVERIFY(owner.document.write(1));
    const QSignalSpy errors(&owner.segment, &SharedSegment::errorOccurred);
    for (int i = 0; i < 3; ++i) {
        QVERIFY(owner.segment.publish(QByteArray("\x82\x01", 2)));
        QVERIFY(!owner.document.refresh());
        QVERIFY(!owner.document.isValid());
        QVERIFY(!owner.document.value().isValid());
        QCOMPARE(owner.document.revision(), 0u);
        QVERIFY2(errorstyle::problemOf(owner.document.errorString()).isEmpty(),
                 qPrintable(owner.document.errorString()));
    }
    QCOMPARE(errors.size(), 1); // not at each revision
    QVERIFY(owner.document.write(1));
    QVERIFY(owner.document.isValid());
    QCOMPARE(owner.document.value(), QVariant(1));
    QVERIFY(owner.document.errorString().isEmpty());
}

void tst_Document::otherSegments()
{
    Owner first;
    QVERIFY(first.document.create());
    QVERIFY(first.document.write(1));
    Owner second;
    QVERIFY(second.document.create());
    QVERIFY(second.document.write(2));
    SharedDocument document;
    document.setSegment(&first.segment);
    QCOMPARE(document.value(), QVariant(1));
    document.setSegment(&second.segment);
    QCOMPARE(document.value(), QVariant(2));
    SharedSegment closed(uniqueName());
    document.setSegment(&closed);
    QVERIFY(!document.value().isValid()); // never the value of another segment
    const QSignalSpy segments(&document, &SharedDocument::segmentChanged);
    {
        SharedSegment temporary(first.segment.name());
        QVERIFY(temporary.open());
        document.setSegment(&temporary);
        QCOMPARE(document.value(), QVariant(1));
    }
    QCOMPARE(segments.size(), 2);
    QCOMPARE(document.segment(), nullptr);
    QVERIFY(!document.isValid());
}

void tst_Document::pauseKeepsTheValue()
{
    Owner owner;
    QVERIFY(owner.document.create());
    QVERIFY(owner.document.write(1));
    Reader reader(owner.segment.name());
    reader.document.setPaused(true);
    QSignalSpy updates(&reader.segment, &SharedSegment::updated);
    QVERIFY(owner.document.write(2));
    QTRY_COMPARE_WITH_TIMEOUT(reader.segment.revision(), 2u, Deadline);
    QCOMPARE(reader.document.value(), QVariant(1));
    QCOMPARE(reader.document.revision(), 1u);
    reader.document.setPaused(false);
    QCOMPARE(reader.document.value(), QVariant(2));
}

void tst_Document::killedOwner()
{
    const QString name = uniqueName();
    Peer peer({u"own"_s, name, u"u8"_s, u"64"_s, u"automatic"_s, u"0"_s, u"one"_s, u"variable"_s,
               u"{\"content\":\"text/plain\"}"_s});
    QCOMPARE(peer.line(), u"ready"_s);
    Reader reader(name);
    QVERIFY(reader.isOpen);
    QCOMPARE(peer.ask("publish 7 1"), u"published 1"_s);
    peer.kill();
    QTRY_COMPARE_WITH_TIMEOUT(reader.segment.state(), SharedSegment::State::Orphaned, Deadline);
    QVERIFY(reader.document.refresh());
    QCOMPARE(reader.document.value().toString().size(), 8);
}

void tst_Document::deletedInSlots()
{
    for (const auto signal :
         {&SharedDocument::valueChanged, &SharedDocument::validChanged, &SharedDocument::revisionChanged}) {
        Owner owner;
        auto document = std::make_unique<SharedDocument>();
        document->setSegment(&owner.segment);
        QVERIFY(document->create());
        connect(document.get(), signal, this, [&] { document.reset(); });
        QVERIFY(document->write(u"x"_s));
        QVERIFY(!document);
    }
    Owner owner;
    auto document = std::make_unique<SharedDocument>();
    document->setSegment(&owner.segment);
    connect(document.get(), &SharedDocument::errorStringChanged, this, [&] { document.reset(); });
    QVERIFY(!document->write(1));
    QVERIFY(!document);
    // The segment is destroyed while it is replaced by a larger one.
    auto segment = std::make_unique<SharedSegment>(uniqueName());
    SharedDocument other;
    other.setSegment(segment.get());
    QVERIFY(other.create());
    connect(segment.get(), &SharedSegment::reopened, this, [&] { segment.reset(); });
    QVERIFY(!other.write(QString(10000, u'x')));
}

QTEST_GUILESS_MAIN(tst_Document)

#include "tst_document.moc"
