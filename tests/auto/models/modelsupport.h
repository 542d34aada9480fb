// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedArrayModel>

#include <QtCore/QAbstractItemModel>
#include <QtTest/QAbstractItemModelTester>
#include <QtTest/QSignalSpy>

#include <memory>

struct Sample
{
    qint32 id;
    double value;
    char label[12];
    float matrix[3];
    bool valid;
    quint8 index;
    quint64 model;
};
SHARED_STRUCT(Sample, id, value, label, matrix, valid, index, model)

struct Point
{
    double x;
    double y;
};
SHARED_STRUCT(Point, x, y)

struct Body
{
    Point pos;
    qint32 pos_x;
};
SHARED_STRUCT(Body, pos, pos_x)

/// Shared by the tests of the model.
namespace modelsupport {

inline quint64 wordOf(quint64 key, quint64 index)
{
    return index == 0 ? key : (key + index) * 0x9e3779b97f4a7c15u;
}

inline QVariant cell(const QAbstractItemModel &model, int row, int column = 0, int role = Qt::DisplayRole)
{
    return model.data(model.index(row, column), role);
}

inline int roleOf(const QAbstractItemModel &model, const char *name)
{
    return model.roleNames().key(name, -1);
}

/// Fatal checks of every signal of a model.
inline std::unique_ptr<QAbstractItemModelTester> tester(QAbstractItemModel *model)
{
    return std::make_unique<QAbstractItemModelTester>(model, QAbstractItemModelTester::FailureReportingMode::Fatal);
}

/// Adds a row of data for each form of SharedRegistryModel.
inline void addFormsOfRegistry()
{
    QTest::addColumn<bool>("isTree");
    QTest::addColumn<bool>("keepsClosed");
    QTest::newRow("list") << false << false;
    QTest::newRow("list that keeps") << false << true;
    QTest::newRow("tree") << true << false;
    QTest::newRow("tree that keeps") << true << true;
}

} // namespace modelsupport
