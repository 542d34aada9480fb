// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Layouts
import SharedSegment

/// A plot with its legend. A click on an entry hides its curve.
Card {
    default property alias series: plot.data

    corner: Repeater {
        model: plot.legend

        Label {
            id: entry

            required property var model

            color: model.color
            font.pixelSize: Theme.small
            opacity: model.shown ? 1 : 0.4
            text: `${model.label} ${model.text}`

            TapHandler {
                onTapped: entry.model.shown = !entry.model.shown
            }
        }
    }

    SharedPlot {
        id: plot

        Layout.fillHeight: true
        Layout.fillWidth: true
        activeFocusOnTab: true
        font.family: Theme.family
        font.pixelSize: Theme.small
        textColor: Theme.faint
    }
}
