// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Edits in views become revisions.

#include "modelsupport.h"

#include <cmath>

using namespace Qt::StringLiterals;
using namespace testsupport;
using namespace modelsupport;

class tst_ModelEditing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void setData_data();
    void setData();
    void editsAreOneRevision();
    void notWritable();
    void elementsThatAreGone();

private:
    RegistryFolder m_folder;
};

void tst_ModelEditing::setData_data()
{
    QTest::addColumn<int>("column");
    QTest::addColumn<QVariant>("value");
    QTest::addColumn<QVariant>("expected"); // invalid: refused
    QTest::newRow("int") << 0 << QVariant(5) << QVariant(5);
    QTest::newRow("int from a whole double") << 0 << QVariant(-5.0) << QVariant(-5);
    QTest::newRow("int from text") << 0 << QVariant(u" 42 "_s) << QVariant(42);
    QTest::newRow("int from a fraction") << 0 << QVariant(0.5) << QVariant();
    QTest::newRow("int too great") << 0 << QVariant(2147483648.0) << QVariant();
    QTest::newRow("int too small") << 0 << QVariant(qint64(-2147483649)) << QVariant();
    QTest::newRow("int of NaN") << 0 << QVariant(std::nan("")) << QVariant();
    QTest::newRow("int of words") << 0 << QVariant(u"five"_s) << QVariant();
    QTest::newRow("int of nothing") << 0 << QVariant() << QVariant();
    QTest::newRow("double") << 1 << QVariant(0.25) << QVariant(0.25);
    QTest::newRow("double from text") << 1 << QVariant(u"1e3"_s) << QVariant(1000.0);
    QTest::newRow("double of a list") << 1 << QVariant(QVariantList{1}) << QVariant();
    QTest::newRow("text") << 2 << QVariant(u"abc"_s) << QVariant(u"abc"_s);
    QTest::newRow("text that fills it") << 2 << QVariant(u"abcdefghijkl"_s) << QVariant(u"abcdefghijkl"_s);
    QTest::newRow("text too long") << 2 << QVariant(u"abcdefghijklm"_s) << QVariant();
    QTest::newRow("text too long in bytes") << 2 << QVariant(u"üüüüüüü"_s) << QVariant();
    QTest::newRow("text of a number") << 2 << QVariant(5) << QVariant();
    QTest::newRow("array") << 3 << QVariant(QVariantList{1, 2.5, 3}) << QVariant(QVariantList{1.0f, 2.5f, 3.0f});
    QTest::newRow("array too short") << 3 << QVariant(QVariantList{1, 2}) << QVariant();
    QTest::newRow("array with one bad") << 3 << QVariant(QVariantList{1, 2, u"x"_s}) << QVariant();
    QTest::newRow("array beyond float") << 3 << QVariant(QVariantList{1, 2, 1e300}) << QVariant();
    QTest::newRow("bool") << 4 << QVariant(true) << QVariant(true);
    QTest::newRow("bool of two") << 4 << QVariant(2) << QVariant();
    QTest::newRow("u8") << 5 << QVariant(255) << QVariant(255);
    QTest::newRow("u8 too great") << 5 << QVariant(256) << QVariant();
    QTest::newRow("u8 negative") << 5 << QVariant(-1) << QVariant();
    QTest::newRow("u64") << 6 << QVariant(~quint64(0)) << QVariant(~quint64(0));
    QTest::newRow("u64 from text") << 6 << QVariant(u"18446744073709551615"_s) << QVariant(~quint64(0));
    QTest::newRow("u64 too great") << 6 << QVariant(18446744073709551616.0) << QVariant();
}

void tst_ModelEditing::setData()
{
    QFETCH(int, column);
    QFETCH(QVariant, value);
    QFETCH(QVariant, expected);
    SharedArray<Sample> samples(uniqueName());
    QVERIFY(samples.create(3));
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(samples.segment());
    const QModelIndex index = model.index(1, column);
    const QVariant before = model.data(index, Qt::EditRole);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QVERIFY(model.flags(index).testFlag(Qt::ItemIsEditable));
    QSignalSpy errors(samples.segment(), &SharedSegment::errorOccurred);
    QCOMPARE(model.setData(index, value), expected.isValid());
    QCOMPARE(errors.count(), expected.isValid() ? 0 : 1);
    if (!expected.isValid()) {
        QCOMPARE(samples.error(), SharedSegment::Error::InvalidValue);
        const QString name = model.headerData(column, Qt::Horizontal).toString();
        const QString begin = u"row 1: the field \"%1\" does not take the value: "_s.arg(name);
        QVERIFY2(samples.errorString().startsWith(begin), qPrintable(samples.errorString()));
    }
    QCOMPARE(samples.revision(), expected.isValid() ? 1u : 0u);
    QCOMPARE(model.data(index, Qt::EditRole), expected.isValid() ? expected : before);
    QCOMPARE(changed.count(), expected.isValid() ? 1 : 0);
    QVERIFY(!model.setData(index, value, Qt::DisplayRole));
    QVERIFY(!model.setData(QModelIndex(), value));
}

void tst_ModelEditing::editsAreOneRevision()
{
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(5));
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(values.segment());
    model.beginEdit();
    for (int row = 0; row < 5; ++row)
        QVERIFY(model.setData(model.index(row, 0), row + 1.0, roleOf(model, "value")));
    model.beginEdit();
    QVERIFY(model.endEdit());
    QCOMPARE(values.revision(), 0u);
    QVERIFY(model.endEdit());
    QCOMPARE(values.revision(), 1u);
    QCOMPARE(values.snapshot(), (QList<double>{1, 2, 3, 4, 5}));
    QCOMPARE(cell(model, 4), QVariant(5.0));
    model.beginEdit();
    QVERIFY(model.setData(model.index(0, 0), 9.0));
    model.cancelEdit();
    QVERIFY(!model.endEdit());
    QCOMPARE(values.revision(), 1u);
}

void tst_ModelEditing::notWritable()
{
    const QString name = uniqueName();
    const auto peer = owner(name, preferredBackend(), 4);
    SharedSegment segment(name);
    QVERIFY(segment.open());
    SharedArrayModel model;
    model.setSegment(&segment);
    const QModelIndex index = model.index(0, 0);
    QVERIFY(!model.flags(index).testFlag(Qt::ItemIsEditable));
    QVERIFY(!model.setData(index, 1));
    QCOMPARE(segment.error(), SharedSegment::Error::PermissionDenied);
    segment.setError(SharedSegment::Error::NoError, QString());
    model.beginEdit();
    QVERIFY(!model.setData(index, 1));
    QCOMPARE(segment.error(), SharedSegment::Error::PermissionDenied);
    QVERIFY(model.endEdit());
}

/// An edit of an element that a newer revision does not have publishes nothing.
void tst_ModelEditing::elementsThatAreGone()
{
    SharedArray<int> values(uniqueName());
    QVERIFY(values.createWithCapacity(10));
    QVERIFY(values.publish(QList<int>{1, 2, 3}));
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(values.segment());
    QCOMPARE(model.count(), 3);
    QVERIFY(model.setData(model.index(2, 0), 5));
    QCOMPARE(values.snapshot(), (QList<int>{1, 2, 5}));
    model.beginEdit();
    QVERIFY(model.setData(model.index(0, 0), 7));
    QVERIFY(model.setData(model.index(2, 0), 7));
    QVERIFY(values.publish(QList<int>{1, 2}));
    QVERIFY(!model.endEdit());
    QCOMPARE(values.error(), SharedSegment::Error::InvalidSize);
    QCOMPARE(values.snapshot(), (QList<int>{1, 2}));
    QTRY_COMPARE(model.count(), 2);
    QVERIFY(!model.setData(model.index(2, 0), 5));
}

QTEST_GUILESS_MAIN(tst_ModelEditing)

#include "tst_modelediting.moc"
