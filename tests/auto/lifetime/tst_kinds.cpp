// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Arrays of a variable number of elements in the Qt API, the kinds that an object accepts, and metadata.

#include "../../support/errorstyle.h"
#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedValue>

#include <QtTest/QSignalSpy>

#include <array>
#include <memory>
#include <vector>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Error = SharedSegment::Error;
using Kind = SharedSegment::Kind;
using Access = SharedSegment::Access;

namespace {

/// The peer as an owner of up to 8 u64.
std::unique_ptr<Peer> variableOwner(const QString &name, const QString &metadata = QString())
{
    auto peer = std::make_unique<Peer>(
        QStringList{u"own"_s, name, u"u64"_s, u"8"_s, nameOf(preferredBackend()), u"0"_s, u"one"_s, u"variable"_s}
        + (metadata.isEmpty() ? QStringList() : QStringList(metadata)));
    if (const QString answer = peer->line(); answer != u"ready"_s)
        qWarning("peer: %s", qPrintable(answer));
    return peer;
}

} // namespace

class tst_Kinds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { QCOMPARE(SharedSegment::names(), QStringList()); }

    void defaults();
    void eachRevisionHasItsCount();
    void countFromAnotherProcess();
    void transactions();
    void elements();
    void bytes();
    void mismatch_data();
    void mismatch();
    void fixedArraysAndValues();
    void kindThatIsNotSupported();
    void activeWithAKind();
    void recreated();
    void metadata();
    void metadataOfAnotherProcess_data();
    void metadataOfAnotherProcess();
    void metadataChangesWithTheSegment();

private:
    RegistryFolder m_registry;
};

void tst_Kinds::defaults()
{
    SharedSegment s(uniqueName());
    QCOMPARE(s.kind(), Kind::FixedArray);
    QCOMPARE(s.metadata(), QVariantMap());
    QSignalSpy kind(&s, &SharedSegment::kindChanged);
    QSignalSpy metadata(&s, &SharedSegment::metadataChanged);
    QSignalSpy registry(&s, &SharedSegment::registryChanged);
    s.setKind(Kind::VariableArray);
    s.setKind(Kind::VariableArray);
    s.setMetadata({{u"description"_s, u"d"_s}});
    s.setMetadata({{u"description"_s, u"d"_s}});
    s.setRegistry(m_registry.path());
    s.setRegistry(m_registry.path());
    QCOMPARE(kind.size(), 1);
    QCOMPARE(metadata.size(), 1);
    QCOMPARE(registry.size(), 1);
    QCOMPARE(s.kind(), Kind::VariableArray);
    QVERIFY(s.create(SharedLayout::of<double>(), 4));
    QCOMPARE(kind.size(), 1);
    QCOMPARE(metadata.size(), 1);
}

void tst_Kinds::eachRevisionHasItsCount()
{
    SharedArray<double> array(uniqueName());
    QVERIFY2(array.createWithCapacity(5), qPrintable(array.errorString()));
    QCOMPARE(array.segment()->kind(), Kind::VariableArray);
    QCOMPARE(array.capacity(), 5);
    QCOMPARE(array.segment()->size(), 40);
    SharedArray<double> reader(array.segment()->name());
    QVERIFY2(reader.open(), qPrintable(reader.errorString()));
    SharedRevision revision;
    QCOMPARE(reader.snapshot(&revision), QList<double>());
    QCOMPARE(reader.error(), Error::NoError);
    QCOMPARE(revision, SharedRevision());
    QSignalSpy updated(reader.segment(), &SharedSegment::updated);
    for (const qsizetype count : {3, 5, 0, 1}) {
        const QList<double> values(count, double(count));
        QVERIFY2(array.publish(values), qPrintable(array.errorString()));
        QCOMPARE(reader.snapshot(&revision), values);
        QCOMPARE(revision.count, count);
        QTRY_VERIFY_WITH_TIMEOUT(!updated.isEmpty(), Deadline);
        QCOMPARE(updated.takeLast().first().value<SharedRevision>(), revision);
        QCOMPARE(revision.toDateTime(), reader.segment()->updatedAt());
    }
    QVERIFY(!array.publish(std::vector<double>(6)));
    QCOMPARE(array.error(), Error::InvalidSize);
    QVERIFY2(array.errorString().contains(u"at most 5 elements"_s), qPrintable(array.errorString()));
    QVERIFY(array.live().empty());
}

void tst_Kinds::countFromAnotherProcess()
{
    const QString name = uniqueName();
    const auto peer = variableOwner(name);
    SharedArray<quint64> array(name);
    QVERIFY2(array.open(), qPrintable(array.errorString()));
    QSignalSpy updated(array.segment(), &SharedSegment::updated);
    for (const int count : {8, 2, 0, 7}) {
        QVERIFY(peer->ask(qPrintable(u"publish %1 %2"_s.arg(count + 40).arg(count))).startsWith(u"published"_s));
        QTRY_COMPARE_WITH_TIMEOUT(updated.isEmpty() ? -1 : updated.last().first().value<SharedRevision>().count, count,
                                  Deadline);
        QCOMPARE(array.snapshot().size(), count);
    }
}

void tst_Kinds::transactions()
{
    SharedArray<int> array(uniqueName());
    QVERIFY(array.createWithCapacity(4));
    {
        auto writer = array.beginWrite();
        QVERIFY(writer); // although there are no elements yet
        QCOMPARE(writer.size(), 0);
        QVERIFY(writer.resize(3));
        QCOMPARE(writer.size(), 3);
        writer[2] = 7;
    }
    QCOMPARE(array.snapshot(), QList<int>({0, 0, 7}));
    {
        auto writer = array.beginWrite();
        QCOMPARE(writer.size(), 3);
        QVERIFY(writer.resize(1));
        QVERIFY(writer.resize(4)); // New elements are zero, also where there were others.
        for (const qsizetype count : {qsizetype(5), qsizetype(-1), std::numeric_limits<qsizetype>::max()}) {
            QVERIFY(!writer.resize(count));
            QCOMPARE(array.error(), Error::InvalidSize);
            QCOMPARE(errorstyle::problemOf(array.errorString()), QString());
            QCOMPARE(writer.size(), 4);
        }
        writer[0] = 1;
        QCOMPARE(writer.publish(), std::optional<quint64>(2));
        QCOMPARE(array.error(), Error::NoError);
        QVERIFY(!writer.resize(1));
    }
    QCOMPARE(array.snapshot(), QList<int>({1, 0, 0, 0}));

    SharedArray<int> fixed(uniqueName());
    QVERIFY(fixed.create(4));
    auto writer = fixed.beginWrite();
    QVERIFY(!writer.resize(3));
    QCOMPARE(fixed.error(), Error::InvalidSize);
    QVERIFY(writer.resize(4));
    QCOMPARE(fixed.error(), Error::NoError);
    fixed.close();
    QVERIFY(!writer.publish());
    QCOMPARE(fixed.error(), Error::NotFound);
}

void tst_Kinds::elements()
{
    SharedArray<int> array(uniqueName());
    QVERIFY(array.createWithCapacity(4));
    QVERIFY(array.publish(std::array{1, 2}));
    QCOMPARE(array.readElement(1), 2);
    for (const qsizetype index : {2, 3, 4, -1}) {
        QCOMPARE(array.readElement(index), 0);
        QCOMPARE(array.error(), Error::InvalidSize);
        QCOMPARE(errorstyle::problemOf(array.errorString()), QString());
    }
    // What the revision does not have stays as it is.
    std::array values{7, 7, 7, 7};
    SharedRevision revision;
    QCOMPARE(array.read(values, &revision), std::optional<quint64>(1));
    QCOMPARE(values, (std::array{1, 2, 7, 7}));
    QCOMPARE(revision.count, 2);
    std::array<int, 5> five{};
    QVERIFY(!array.read(five));
}

void tst_Kinds::bytes()
{
    SharedSegment s(uniqueName());
    s.setKind(Kind::VariableArray);
    QVERIFY(s.create(SharedLayout::of<quint16>(), 4));
    QVERIFY(s.publish(QByteArray("abcd")));
    SharedRevision revision;
    QCOMPARE(s.snapshot(&revision), QByteArray("abcd"));
    QCOMPARE(revision.count, 2);
    QVERIFY(!s.publish(QByteArray("abc")));
    QCOMPARE(s.error(), Error::InvalidSize);
    const std::array<std::byte, 2> two{std::byte('x'), std::byte('y')};
    QVERIFY(s.publish(std::span<const std::byte>(two)));
    QCOMPARE(s.snapshot(), QByteArray("xy"));
    QVERIFY(s.publish(std::vector<std::byte>(8), std::chrono::milliseconds(50)));
    QCOMPARE(s.snapshot().size(), 8);
    QVERIFY(s.publish(QByteArray(), QDeadlineTimer(50)));
    QCOMPARE(s.snapshot(), QByteArray());
    QCOMPARE(s.error(), Error::NoError);
}

void tst_Kinds::mismatch_data()
{
    QTest::addColumn<Kind>("there");
    QTest::addColumn<int>("here"); // -1: none is set
    QTest::addColumn<bool>("fits");
    QTest::newRow("fixed, none") << Kind::FixedArray << -1 << true;
    QTest::newRow("variable, none") << Kind::VariableArray << -1 << true;
    QTest::newRow("fixed, fixed") << Kind::FixedArray << int(Kind::FixedArray) << true;
    QTest::newRow("variable, fixed") << Kind::VariableArray << int(Kind::FixedArray) << false;
    QTest::newRow("fixed, variable") << Kind::FixedArray << int(Kind::VariableArray) << false;
    QTest::newRow("variable, variable") << Kind::VariableArray << int(Kind::VariableArray) << true;
    QTest::newRow("variable, stream") << Kind::VariableArray << int(Kind::Stream) << false;
}

void tst_Kinds::mismatch()
{
    QFETCH(const Kind, there);
    QFETCH(const int, here);
    QFETCH(const bool, fits);
    SharedSegment owner(uniqueName());
    owner.setKind(there);
    QVERIFY(owner.create(SharedLayout::of<double>(), 4));
    SharedSegment s(owner.name());
    if (here >= 0)
        s.setKind(Kind(here));
    QCOMPARE(s.open(), fits);
    if (fits) {
        QCOMPARE(s.kind(), there);
        return;
    }
    QCOMPARE(s.error(), Error::LayoutMismatch);
    QCOMPARE(errorstyle::problemOf(s.errorString()), QString());
    const QStringList texts{u"an array of fixed count"_s, u"an array of variable count"_s, u"a stream"_s};
    QVERIFY2(s.errorString().contains(u"is "_s + texts.at(int(there)) + u", expected is "_s + texts.at(here)),
             qPrintable(s.errorString()));
}

void tst_Kinds::fixedArraysAndValues()
{
    SharedArray<int> variable(uniqueName());
    QVERIFY(variable.createWithCapacity(1));
    // Each revision of these has N elements.
    SharedArray<int, 1> one(variable.segment()->name());
    QVERIFY(!one.open());
    QCOMPARE(one.error(), Error::LayoutMismatch);
    SharedValue<int> value(variable.segment()->name());
    QVERIFY(!value.open());
    QCOMPARE(value.error(), Error::LayoutMismatch);
    SharedArray<int> any(variable.segment()->name());
    QVERIFY(any.open());
    any.close();
    any.segment()->setKind(Kind::FixedArray);
    QVERIFY(!any.open());
    QCOMPARE(any.error(), Error::LayoutMismatch);
    // A fixed array follows on a variable one.
    variable.close();
    QVERIFY(variable.create(3));
    QCOMPARE(variable.segment()->kind(), Kind::FixedArray);
}

void tst_Kinds::kindThatIsNotSupported()
{
    SharedSegment s(uniqueName());
    s.setKind(static_cast<Kind>(7));
    QVERIFY(!s.create(SharedLayout::of<double>(), 4));
    QCOMPARE(s.error(), Error::Unsupported);
    QCOMPARE(errorstyle::problemOf(s.errorString()), QString());
    s.setLayout(SharedLayout::of<double>());
    s.setCapacity(4);
    s.setOwner(true);
    s.setActive(true);
    QCOMPARE(s.state(), SharedSegment::State::Closed);
    QCOMPARE(s.error(), Error::Unsupported);
    s.setKind(Kind::VariableArray);
    QCOMPARE(s.state(), SharedSegment::State::Open);
    QCOMPARE(s.error(), Error::NoError);
}

void tst_Kinds::activeWithAKind()
{
    const QString name = uniqueName();
    SharedSegment reader(name);
    reader.setKind(Kind::FixedArray);
    reader.setActive(true);
    const auto peer = variableOwner(name);
    QTRY_COMPARE_WITH_TIMEOUT(reader.error(), Error::LayoutMismatch, Deadline);
    QCOMPARE(reader.state(), SharedSegment::State::Waiting);
    reader.setKind(Kind::VariableArray);
    QCOMPARE(reader.state(), SharedSegment::State::Open);
    QCOMPARE(reader.error(), Error::NoError);
}

void tst_Kinds::recreated()
{
    SharedArray<int> array(uniqueName());
    QVERIFY(array.createWithCapacity(2));
    QVERIFY(array.publish(std::array{1}));
    SharedArray<int> reader(array.segment()->name());
    QVERIFY(reader.open());
    QSignalSpy reopened(reader.segment(), &SharedSegment::reopened);
    array.segment()->setError(Error::InvalidValue, u"a failure"_s);
    QVERIFY2(array.segment()->recreate(100), qPrintable(array.errorString()));
    QCOMPARE(array.error(), Error::NoError);
    QTRY_COMPARE_WITH_TIMEOUT(reopened.size(), 1, Deadline);
    QCOMPARE(reader.capacity(), 100);
    QCOMPARE(reader.segment()->kind(), Kind::VariableArray);
    QCOMPARE(reader.snapshot(), QList<int>({1}));
    QCOMPARE(reader.revision(), 1u);
}

void tst_Kinds::metadata()
{
    const QVariantMap given{{u"description"_s, u"Wärme \"innen\""_s},
                            {u"staleAfter"_s, 500},
                            {u"large"_s, qint64(1) << 62},
                            {u"fields"_s, QVariantMap{{u"value"_s, QVariantMap{{u"unit"_s, u"°C"_s}}}}},
                            {u"list"_s, QVariantList{1, 2.5, true, QVariant::fromValue(nullptr)}}};
    SharedSegment s(uniqueName());
    s.setMetadata(given);
    QCOMPARE(s.metadata(), given);
    QVERIFY2(s.create(SharedLayout::of<double>(), 1), qPrintable(s.errorString()));
    SharedSegment reader(s.name());
    QSignalSpy changed(&reader, &SharedSegment::metadataChanged);
    QVERIFY(reader.open());
    QCOMPARE(changed.size(), 1);
    const QVariantMap read = reader.metadata();
    QCOMPARE(read.keys(), given.keys());
    QCOMPARE(read.value(u"description"_s), given.value(u"description"_s));
    QCOMPARE(read.value(u"staleAfter"_s).toInt(), 500);
    QCOMPARE(read.value(u"large"_s).toLongLong(), qint64(1) << 62);
    QCOMPARE(read.value(u"fields"_s), given.value(u"fields"_s));
    QCOMPARE(read.value(u"list"_s).toList().size(), 4);
    reader.close();
    QCOMPARE(reader.metadata(), QVariantMap());
    QCOMPARE(changed.size(), 2);
    s.close();
    QCOMPARE(s.metadata(), given);

    QVariant nested;
    for (int level = 0; level < 2000; ++level)
        nested = QVariantList{nested};
    s.setMetadata({{u"nested"_s, nested}});
    QVERIFY(!s.create(SharedLayout::of<double>(), 1));
    QCOMPARE(s.error(), Error::InvalidValue);
    QCOMPARE(errorstyle::problemOf(s.errorString()), QString());
    s.setMetadata(given);
    QVERIFY(s.create(SharedLayout::of<double>(), 1));
    s.setMetadata({{u"nested"_s, nested}});
    QVERIFY(!s.recreate(2));
    QCOMPARE(s.error(), Error::InvalidValue);
    QCOMPARE(s.capacity(), 1);
    s.close();

    s.setMetadata({{u"text"_s, QString(1 << 20, u'x')}});
    QVERIFY(!s.create(SharedLayout::of<double>(), 1));
    QCOMPARE(s.error(), Error::InvalidSize);
    QCOMPARE(errorstyle::problemOf(s.errorString()), QString());
}

void tst_Kinds::metadataOfAnotherProcess_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QVariantMap>("expected");
    QTest::newRow("object") << u"{\"unit\":\"bar\"}"_s << QVariantMap{{u"unit"_s, u"bar"_s}};
    QTest::newRow("empty object") << u"{}"_s << QVariantMap();
    QTest::newRow("array") << u"[1]"_s << QVariantMap();
    QTest::newRow("no JSON") << u"{unit: bar}"_s << QVariantMap();
}

void tst_Kinds::metadataOfAnotherProcess()
{
    QFETCH(const QString, text);
    QFETCH(const QVariantMap, expected);
    const QString name = uniqueName();
    const auto peer = variableOwner(name, text);
    SharedSegment s(name);
    QVERIFY2(s.open(), qPrintable(s.errorString()));
    QCOMPARE(s.metadata(), expected);
    QCOMPARE(s.error(), Error::NoError);
}

void tst_Kinds::metadataChangesWithTheSegment()
{
    const QVariantMap before{{u"description"_s, u"before"_s}};
    const QVariantMap after{{u"description"_s, u"after"_s}};
    SharedSegment s(uniqueName());
    s.setMetadata(before);
    QVERIFY(s.create(SharedLayout::of<double>(), 1));
    SharedSegment reader(s.name());
    QVERIFY(reader.open());
    QSignalSpy changed(&reader, &SharedSegment::metadataChanged);
    s.setMetadata(after);
    QCOMPARE(s.metadata(), before); // what is open
    QVERIFY(s.recreate(2));
    QCOMPARE(s.metadata(), after);
    QTRY_COMPARE_WITH_TIMEOUT(reader.metadata(), after, Deadline);
    QCOMPARE(changed.size(), 1);
}

QTEST_GUILESS_MAIN(tst_Kinds)
#include "tst_kinds.moc"
