// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// SharedSegment::write() with values of C++: what is known only at run time.

#include "../../support/errorstyle.h"
#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>

#include <array>
#include <limits>
#include <thread>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Error = SharedSegment::Error;

struct Place
{
    qint32 id;
    double x;
    char label[4];
    std::array<float, 2> v;
};
SHARED_STRUCT(Place, id, x, label, v)

class tst_WriteValues : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { QCOMPARE(SharedSegment::names(), QStringList()); }

    void element();
    void indexes();
    void fields();
    void refusedFields_data();
    void refusedFields();
    void revisions();
    void revisionsOfStructs();
    void variableCount();
    void states();
    void another();

private:
    static void isRefused(SharedSegment &s, Error error)
    {
        QCOMPARE(s.error(), error);
        QCOMPARE(errorstyle::problemOf(s.errorString()), QString());
    }

    RegistryFolder m_registry;
};

void tst_WriteValues::element()
{
    SharedArray<double> array(uniqueName());
    QVERIFY(array.create(3));
    SharedSegment &s = *array.segment();
    QVERIFY2(s.write(1, 2.5), qPrintable(s.errorString()));
    QVERIFY(s.write(qint64(2), 7u));
    QVERIFY(s.write(0.0, qint64(-1)));
    QCOMPARE(array.snapshot(), QList<double>({-1, 2.5, 7}));
    QCOMPARE(s.revision(), 3u);
    for (const QVariant &value : {QVariant(u"1"_s), QVariant(true), QVariant(), QVariant(QVariantList{1})}) {
        QVERIFY(!s.write(0, value));
        isRefused(s, Error::InvalidValue);
    }
    QCOMPARE(s.revision(), 3u);
}

void tst_WriteValues::indexes()
{
    SharedArray<double> array(uniqueName());
    QVERIFY(array.create(3));
    SharedSegment &s = *array.segment();
    for (const QVariant &index :
         {QVariant(-1), QVariant(3), QVariant(0.5), QVariant(u"1"_s), QVariant(true), QVariant(),
          QVariant(std::numeric_limits<double>::quiet_NaN()), QVariant(std::numeric_limits<double>::infinity()),
          QVariant(std::numeric_limits<quint64>::max()), QVariant(QVariantMap())}) {
        QVERIFY(!s.write(index, 1));
        isRefused(s, Error::InvalidSize);
        QVERIFY2(s.errorString().contains(u"from 0 to 2"_s), qPrintable(s.errorString()));
    }
}

void tst_WriteValues::fields()
{
    SharedArray<Place> array(uniqueName());
    QVERIFY(array.create(2));
    SharedSegment &s = *array.segment();
    QVERIFY2(s.write(1,
                     QVariantMap{{u"id"_s, -3}, {u"x"_s, 1.5}, {u"label"_s, u"abcd"_s}, {u"v"_s, QVariantList{1, 2}}}),
             qPrintable(s.errorString()));
    QCOMPARE(array.readElement(1).id, -3);
    QCOMPARE(array.readElement(1).v, (std::array{1.0f, 2.0f}));
    // What is not named stays. A list of C++ is one of values.
    QVERIFY(s.write(1, QVariantHash{{u"v"_s, QVariant::fromValue(QList<float>{3, 4})}}));
    QCOMPARE(array.readElement(1).id, -3);
    QCOMPARE(array.readElement(1).v, (std::array{3.0f, 4.0f}));
}

void tst_WriteValues::refusedFields_data()
{
    QTest::addColumn<QVariant>("value");
    QTest::newRow("none") << QVariant(QVariantMap{{u"none"_s, 1}});
    QTest::newRow("fraction") << QVariant(QVariantMap{{u"id"_s, 0.5}});
    QTest::newRow("too large") << QVariant(QVariantMap{{u"id"_s, 3e9}});
    QTest::newRow("too long") << QVariant(QVariantMap{{u"label"_s, u"abcde"_s}});
    QTest::newRow("too few") << QVariant(QVariantMap{{u"v"_s, QVariantList{1}}});
    QTest::newRow("nested") << QVariant(QVariantMap{{u"v"_s, QVariantMap{{u"v"_s, 1}}}});
    QTest::newRow("number") << QVariant(5);
    QTest::newRow("list") << QVariant(QVariantList{1});
    QTest::newRow("nothing") << QVariant();
    QTest::newRow("bytes") << QVariant(QByteArray(32, '\0'));
}

void tst_WriteValues::refusedFields()
{
    QFETCH(const QVariant, value);
    SharedArray<Place> array(uniqueName());
    QVERIFY(array.create(2));
    QVERIFY(!array.segment()->write(0, value));
    isRefused(*array.segment(), Error::InvalidValue);
    QCOMPARE(array.revision(), 0u);
}

void tst_WriteValues::revisions()
{
    SharedArray<double> array(uniqueName());
    QVERIFY(array.create(3));
    SharedSegment &s = *array.segment();
    QVERIFY(s.write(QVariantList{1, 2.5, 3u}));
    QCOMPARE(array.snapshot(), QList<double>({1, 2.5, 3}));
    QVERIFY(s.write(QVariant::fromValue(QList<int>{4, 5, 6})));
    QCOMPARE(array.snapshot(), QList<double>({4, 5, 6}));
    QVERIFY(s.write(QByteArray(24, '\0')));
    QCOMPARE(array.snapshot(), QList<double>({0, 0, 0}));
    for (const QVariant &values : {QVariant(QVariantList{1, 2}), QVariant(QVariantList{1, 2, 3, 4}),
                                   QVariant(QByteArray(23, '\0')), QVariant(QByteArray(32, '\0'))}) {
        QVERIFY(!s.write(values));
        isRefused(s, Error::InvalidSize);
    }
    for (const QVariant &values :
         {QVariant(), QVariant(5), QVariant(u"123"_s), QVariant(QVariantMap()), QVariant(QVariantList{1, u"2"_s, 3})}) {
        QVERIFY(!s.write(values));
        isRefused(s, Error::InvalidValue);
    }
    QCOMPARE(s.revision(), 3u);
    QVERIFY(s.write(QVariantList{1, 2, 3}));
    QCOMPARE(s.error(), Error::NoError);
    QCOMPARE(s.errorString(), QString());
}

void tst_WriteValues::revisionsOfStructs()
{
    SharedArray<Place> array(uniqueName());
    QVERIFY(array.create(2));
    SharedSegment &s = *array.segment();
    QVariantMap place{{u"id"_s, 1}, {u"x"_s, 2}, {u"label"_s, QString()}, {u"v"_s, QVariantList{0, 0}}};
    QVERIFY2(s.write(QVariantList{place, place}), qPrintable(s.errorString()));
    QCOMPARE(array.readElement(1).x, 2.0);
    place.remove(u"x"_s);
    QVERIFY(!s.write(QVariantList{place, place}));
    isRefused(s, Error::InvalidValue);
    QVERIFY2(s.errorString().contains(u"element 0: the field \"x\" is missing"_s), qPrintable(s.errorString()));
}

void tst_WriteValues::variableCount()
{
    SharedArray<double> array(uniqueName());
    QVERIFY(array.createWithCapacity(3));
    SharedSegment &s = *array.segment();
    QVERIFY(s.write(QVariantList{1, 2}));
    QCOMPARE(array.snapshot(), QList<double>({1, 2}));
    QVERIFY(s.write(1, 5));
    QCOMPARE(array.snapshot(), QList<double>({1, 5}));
    QVERIFY(!s.write(2, 5)); // There is space for it, but the newest revision does not have it.
    isRefused(s, Error::InvalidSize);
    QVERIFY(s.write(QVariantList()));
    QCOMPARE(array.snapshot(), QList<double>());
    QVERIFY(s.write(QByteArray(8, '\0')));
    QCOMPARE(array.snapshot().size(), 1);
    QVERIFY(!s.write(QVariantList{1, 2, 3, 4}));
    isRefused(s, Error::InvalidSize);
    QVERIFY(!s.write(QByteArray(12, '\0')));
    isRefused(s, Error::InvalidSize);
}

void tst_WriteValues::states()
{
    const QString name = uniqueName();
    SharedSegment s(name);
    QVERIFY(!s.write(0, 1));
    isRefused(s, Error::NotFound);
    QVERIFY(!s.write(QVariantList{1}));
    isRefused(s, Error::NotFound);
    const auto peer = owner(name, preferredBackend());
    QVERIFY(s.open());
    QVERIFY(!s.write(0, 1));
    isRefused(s, Error::PermissionDenied);
}

void tst_WriteValues::another()
{
    // Other writers are waited for, but not for long.
    SharedArray<double> array(uniqueName());
    QVERIFY(array.create(3));
    SharedSegment &s = *array.segment();
    std::atomic<bool> isHeld = false;
    std::atomic<bool> isOver = false;
    std::thread other([&] {
        SharedSegment beside(s.name());
        SharedWriter writer = beside.open(SharedSegment::Access::ReadWrite) ? beside.beginWrite() : SharedWriter();
        isHeld = true;
        while (!isOver)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        writer.discard();
    });
    while (!isHeld)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const bool isWritten = s.write(0, 1);
    const Error error = s.error();
    isOver = true;
    other.join();
    QVERIFY(!isWritten);
    QCOMPARE(error, Error::Busy);
    QVERIFY(s.write(0, 1));
}

QTEST_GUILESS_MAIN(tst_WriteValues)
#include "tst_writevalues.moc"
