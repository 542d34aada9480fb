// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "barelist.h"

#include "publisher.h"

#include "../baremodel.h"

#include <QtCore/QTimer>
#include <QtCore/QUrl>
#include <QtGui/QGuiApplication>
#include <QtQml/QQmlComponent>
#include <QtQml/QQmlEngine>
#include <QtQuick/QQuickView>

#include <cstdio>
#include <cstring>
#include <numeric>

using namespace Qt::StringLiterals;

namespace {

constexpr int Interval = 16; // ms, about the screen's

// In the explorer, rates and ages change once a second.
constexpr const char *Lists = R"(
import QtQuick
Row {
    id: root
    property int seconds: 0
    property var values
    Timer { interval: 1000; running: true; repeat: true; onTriggered: ++root.seconds }
    ListView {
        width: 680; height: root.height
        model: COUNT
        delegate: Row {
            id: row
            required property int index
            height: 28
            Repeater {
                model: ['benchmark.' + row.index, '768 bytes', 'owner', '12345']
                Text {
                    required property string modelData
                    width: 120; height: 28; font.pixelSize: 13; text: modelData
                }
            }
            Text { width: 80; height: 28; font.pixelSize: 13; text: (1000 + root.seconds % 3) + ' /s' }
            Text { width: 80; height: 28; font.pixelSize: 13; text: root.seconds % 3 + ' ms' }
        }
    }
    ListView {
        width: 300; height: root.height
        model: root.values
        delegate: Row {
            required property int index
            required property double value
            Text { width: 60; height: 24; font.pixelSize: 11; text: index; horizontalAlignment: Text.AlignRight }
            Text { width: 120; height: 24; font.pixelSize: 13; text: value; horizontalAlignment: Text.AlignRight }
            Text { width: 120; height: 24; font.pixelSize: 13; text: '0'; horizontalAlignment: Text.AlignRight }
        }
    }
}
)";

} // namespace

int runBareList(int argc, char **argv)
{
    const bool hasValues = argc > 2 && std::strcmp(argv[2], "values") == 0;
    const QGuiApplication application(argc, argv);
    BareModel model(hasValues ? Publisher::ElementCount : 0);
    QTimer timer;
    timer.setTimerType(Qt::PreciseTimer);
    QObject::connect(&timer, &QTimer::timeout, &model, [&model] {
        std::iota(model.values().begin(), model.values().end(), model.values().front() + Interval);
        model.announce();
    });
    if (hasValues)
        timer.start(Interval);
    QQuickView view;
    auto *component = new QQmlComponent(view.engine(), &view);
    component->setData(QByteArray(Lists).replace("COUNT", QByteArray::number(Publisher::NameCount)),
                       QUrl(u"barelist.qml"_s));
    QObject *const lists = component->createWithInitialProperties({{u"values"_s, QVariant::fromValue(&model)}});
    if (!lists) {
        std::fputs(qPrintable(component->errorString()), stderr);
        return 1;
    }
    view.setResizeMode(QQuickView::SizeRootObjectToView);
    view.setContent(QUrl(), component, lists);
    view.resize(1280, 1600);
    view.show();
    return QGuiApplication::exec();
}
