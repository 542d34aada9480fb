// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Layouts
import SharedSegment

/// A figure as its metadata have it: label, unit, decimals, and a scale with marks at the limits.
Card {
    id: figure

    required property SharedField field

    readonly property bool isAlarm: !segment.stale && field.level !== SharedLimits.Normal && field.level !== SharedLimits.Unknown
    readonly property color ink: Theme.colorOf(field.level, segment.stale)

    function placeOf(value: real): real {
        return Math.max(0, Math.min(1, (value - field.minimum) / (field.maximum - field.minimum)));
    }

    border.color: ink
    border.width: isAlarm ? Theme.unit / 2 : 0
    heading.color: Theme.faint
    heading.font.weight: Font.Normal
    title: field.label

    Row {
        spacing: Theme.unit

        Label {
            id: number

            color: figure.ink
            font.pixelSize: Theme.large
            text: figure.field.text.replace("\u00a0" + figure.field.unit, "")
        }

        Label {
            anchors.baseline: number.baseline
            color: figure.segment.stale ? Theme.stale : Theme.faint
            text: figure.field.unit
        }
    }

    Rectangle {
        id: bar

        Layout.fillWidth: true
        Layout.preferredHeight: Theme.unit
        color: Theme.raised
        radius: Theme.unit / 2

        Rectangle {
            color: figure.isAlarm || figure.segment.stale ? figure.ink : Theme.curves[1]
            height: parent.height
            radius: Theme.unit / 2
            width: bar.width * figure.placeOf(figure.field.value)
        }

        Repeater {
            model: [figure.field.lowLow, figure.field.low, figure.field.high, figure.field.highHigh]

            Rectangle {
                required property var modelData

                color: Theme.faint
                height: 2 * Theme.unit
                radius: 0.5
                visible: modelData !== undefined
                width: 1
                x: Math.round(bar.width * figure.placeOf(modelData))
                y: -Theme.unit / 2
            }
        }
    }
}
