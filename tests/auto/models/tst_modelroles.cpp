// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Which rows, columns, roles and headers the model has.

#include "modelsupport.h"

#include <cmath>

using namespace Qt::StringLiterals;
using namespace testsupport;
using namespace modelsupport;

class tst_ModelRoles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void defaults();
    void rolesAndColumns();
    void namesWithDots();
    void scalarElement();
    void roleNamesStay();

private:
    RegistryFolder m_folder;
};

void tst_ModelRoles::defaults()
{
    SharedArrayModel model;
    const auto checks = tester(&model);
    QCOMPARE(model.segment(), nullptr);
    QCOMPARE(model.firstRow(), 0);
    QCOMPARE(model.rowLimit(), -1);
    QCOMPARE(model.maximumRate(), 0.0);
    QCOMPARE(model.isPaused(), false);
    QCOMPARE(model.revision(), 0u);
    QVERIFY(!model.updatedAt().isValid());
    QCOMPARE(model.count(), 0);
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(model.columnCount(), 0);
    QVERIFY(model.slice().isEmpty());
    QVERIFY(std::isnan(model.minimum()));
    QCOMPARE(model.sum(), 0.0);
    QVERIFY(!model.endEdit());
}

void tst_ModelRoles::rolesAndColumns()
{
    SharedArray<Sample> samples(uniqueName());
    QVERIFY2(samples.create(2), qPrintable(samples.errorString()));
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(samples.segment());
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.columnCount(), 7);
    QCOMPARE(cell(model, 1, 1), QVariant(0.0));
    const Sample sample{-7, 2.5, "fünfzehn", {1, 2, 3}, true, 200, 1ull << 63};
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    const Sample values[]{Sample{}, sample};
    QVERIFY(samples.publish(values));
    QVERIFY(changed.wait());

    QCOMPARE(model.headerData(2, Qt::Horizontal), QVariant(u"label"_s));
    QCOMPARE(model.headerData(5, Qt::Horizontal), QVariant(u"index"_s));
    QCOMPARE(model.headerData(1, Qt::Vertical), QVariant(1));
    for (const char *name : {"display", "edit", "id", "value", "label", "matrix", "valid", "index_", "model_"})
        QVERIFY2(roleOf(model, name) >= 0, name);
    for (const char *name : {"idText", "valueText", "labelText", "matrixText", "validText", "indexText", "modelText"})
        QVERIFY2(roleOf(model, name) >= 0, name);
    QCOMPARE(model.roleNames().size(), 23);
    QCOMPARE(cell(model, 1, 0), QVariant(-7));
    QCOMPARE(cell(model, 1, 0, roleOf(model, "value")), QVariant(2.5));
    QCOMPARE(cell(model, 1, 2, Qt::EditRole), QVariant(u"fünfzehn"_s));
    QCOMPARE(cell(model, 1, 0, roleOf(model, "label")), QVariant(u"fünfzehn"_s));
    QCOMPARE(cell(model, 1, 3, Qt::EditRole), QVariant(QVariantList{1.0f, 2.0f, 3.0f}));
    QCOMPARE(cell(model, 1, 0, roleOf(model, "matrix")), QVariant(QVariantList{1.0f, 2.0f, 3.0f}));
    QCOMPARE(cell(model, 1, 3), QVariant(u"1, 2, 3"_s));
    QCOMPARE(cell(model, 1, 4), QVariant(true));
    QCOMPARE(cell(model, 1, 5), QVariant(200));
    QCOMPARE(cell(model, 1, 6), QVariant(quint64(1) << 63));
    QCOMPARE(cell(model, 1, 0, Qt::DecorationRole), QVariant());
    QCOMPARE(model.revision(), 1u);
    QVERIFY(std::abs(model.updatedAt().msecsTo(QDateTime::currentDateTime())) < Deadline);
}

void tst_ModelRoles::namesWithDots()
{
    SharedArray<Body> bodies(uniqueName());
    QVERIFY(bodies.create(1));
    SharedArrayModel model;
    model.setSegment(bodies.segment());
    QCOMPARE(model.headerData(0, Qt::Horizontal), QVariant(u"pos.x"_s));
    QVERIFY(roleOf(model, "pos_x") >= 0);
    QVERIFY(roleOf(model, "pos_y") >= 0);
    QVERIFY(roleOf(model, "pos_x_") >= 0);
    QVERIFY(roleOf(model, "pos_x_Text") >= 0);
    QCOMPARE(model.roleNames().size(), 14);
}

void tst_ModelRoles::scalarElement()
{
    SharedArray<float> floats(uniqueName());
    QVERIFY(floats.create(3));
    SharedArrayModel model;
    model.setSegment(floats.segment());
    QCOMPARE(model.columnCount(), 1);
    QCOMPARE(model.headerData(0, Qt::Horizontal), QVariant(u"value"_s));
    QCOMPARE(model.roleNames().size(), 5);
    QCOMPARE(cell(model, 2, 0, roleOf(model, "valueText")), QVariant(u"0"_s));
    QCOMPARE(cell(model, 2, 0, roleOf(model, "value")), QVariant(0.0f));
}

/// Qt Quick's views begin anew where a reset changes the names of roles.
void tst_ModelRoles::roleNamesStay()
{
    SharedArrayModel model;
    const QHash<int, QByteArray> atFirst = model.roleNames();
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    {
        SharedArray<double> values(uniqueName());
        QVERIFY(values.create(3));
        model.setSegment(values.segment());
        QCOMPARE(model.roleNames(), atFirst);
        QCOMPARE(reset.count(), 1);
        values.close();
        QCOMPARE(model.roleNames(), atFirst);
    }
    SharedArray<Sample> samples(uniqueName());
    QVERIFY(samples.create(3));
    model.setSegment(samples.segment());
    const QHash<int, QByteArray> ofSamples = model.roleNames();
    QVERIFY(ofSamples != atFirst);
    QCOMPARE(model.rowCount(), 3);
    samples.close();
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(model.roleNames(), ofSamples);
    QVERIFY(samples.create(4));
    QCOMPARE(model.roleNames(), ofSamples);
    model.setSegment(nullptr);
    QCOMPARE(model.roleNames(), ofSamples);
}

QTEST_GUILESS_MAIN(tst_ModelRoles)

#include "tst_modelroles.moc"
