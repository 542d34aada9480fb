// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "version.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedArrayModel>
#include <SharedSegment/SharedLayout>
#include <SharedSegment/SharedSegment>
#include <SharedSegment/SharedValue>

#include <QtCore/QCoreApplication>
#include <QtCore/QTextStream>

using namespace Qt::StringLiterals;

struct Sample
{
    qint32 id;
    double value;
    char label[20];
};
SHARED_STRUCT(Sample, id, value, label)

namespace {

int failures = 0;

void expect(bool condition, const QString &what)
{
    if (condition)
        return;
    QTextStream(stderr) << "failed: " << what << Qt::endl;
    ++failures;
}

void checkArray()
{
    const QList<double> values{1.0, 2.5, -3.0, 4.0};

    SharedArray<double> written(u"consumer/array"_s);
    expect(written.create(values.size()), u"create an array: "_s + written.errorString());
    expect(written.publish(values), u"write an array: "_s + written.errorString());

    SharedArray<double> read(u"consumer/array"_s);
    expect(read.open(), u"open an array: "_s + read.errorString());
    expect(read.snapshot() == values, u"an array reads as it was written"_s);

    SharedArray<qint32> other(u"consumer/array"_s);
    expect(!other.open(), u"another layout does not open"_s);
    expect(other.error() == SharedSegment::Error::LayoutMismatch, u"another layout is told as such"_s);
}

void checkValue()
{
    SharedValue<Sample> written(u"consumer/value"_s);
    expect(written.create(), u"create a value: "_s + written.errorString());
    written.beginWrite()->id = 42;

    SharedValue<Sample> read(u"consumer/value"_s);
    expect(read.open(), u"open a value: "_s + read.errorString());
    expect(read.get().id == 42, u"a value reads as it was written"_s);
    expect(read.segment()->layout() == SharedLayout::of<Sample>(), u"the layout is the layout of the type"_s);
}

void checkModel()
{
    SharedArray<double> array(u"consumer/model"_s);
    expect(array.create(3), u"create an array for a model: "_s + array.errorString());
    SharedArrayModel model;
    model.setSegment(array.segment());
    expect(model.setData(model.index(1, 0), 2.5), u"edit in a model: "_s + array.errorString());
    expect(model.rowCount() == 3 && model.index(1, 0).data() == 2.5, u"a model shows its edit"_s);
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    checkArray();
    checkValue();
    checkModel();
    expect(!SharedSegment::exists(u"consumer/array"_s), u"a name goes with its owner"_s);
    return failures == 0 ? 0 : 1;
}
