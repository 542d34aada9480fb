// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The pieces of QML about axes and legends in src/doc/dashboards.md, word for word.
import QtQuick
import SharedSegment

Column {
    id: root

    width: 400
    height: 400

    // The page omits sizes.
    Component.onCompleted: {
        for (const item of [plot, upper, lower]) {
            item.width = width;
            item.height = height / 4;
        }
    }

    SharedSegment {
        id: samples

        name: "guide/samples"
        active: true
    }

    SharedPlot {
        id: plot

        SharedSeries { segment: samples }
    }

    Row {
        spacing: 16
        Repeater {
            model: plot.legend
            delegate: Text {
                required property var model
                text: model.label + " " + model.text
                color: model.color
                opacity: model.shown ? 1 : 0.4
                TapHandler { onTapped: model.shown = !model.shown }
            }
        }
    }

    SharedPlot {
        id: upper
        xMinimum: lower.xMinimum
        xMaximum: lower.xMaximum
        cursorX: lower.cursorX
        SharedSeries { segment: samples }
    }

    SharedPlot {
        id: lower
    }
}
