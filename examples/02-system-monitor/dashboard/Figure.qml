// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick

/// A number with its unit.
Row {
    id: figure

    required property string text
    property string unit
    property int pixelSize: Theme.large
    property int unitPixelSize: Theme.normal

    spacing: Math.round(unitPixelSize * 0.3)

    Label {
        id: number

        color: Theme.figure
        font.pixelSize: figure.pixelSize
        font.weight: figure.pixelSize < Theme.title ? Font.Normal : Font.Light
        text: figure.text
    }

    Label {
        anchors.baseline: number.baseline
        font.pixelSize: figure.unitPixelSize
        text: figure.unit
    }
}
