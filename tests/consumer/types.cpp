// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedArrayModel>
#include <SharedSegment/SharedObject>
#include <SharedSegment/SharedPlot>
#include <SharedSegment/SharedSeries>

#include <QtGui/QGuiApplication>

using namespace Qt::StringLiterals;

int main(int argc, char *argv[])
{
    QGuiApplication application(argc, argv);

    const QList<double> values{1.0, 2.5, -3.0, 4.0};
    SharedArray<double> array(u"consumer/types"_s);
    if (!array.create(values.size()) || !array.publish(values)) {
        qCritical("%ls", qUtf16Printable(array.errorString()));
        return 1;
    }

    SharedArrayModel model;
    model.setSegment(array.segment());
    SharedPlot plot;
    SharedSeries series(&plot);
    series.setSegment(array.segment());
    SharedObject object;
    object.setSegment(array.segment());
    if (model.rowCount() != values.size() || model.index(1, 0).data().toDouble() != values.at(1)) {
        qCritical("the model has %d rows, the second one is %f", model.rowCount(), model.index(1, 0).data().toDouble());
        return 2;
    }
    return 0;
}
