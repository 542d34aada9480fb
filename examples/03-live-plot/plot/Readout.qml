// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick

/// A line through the samples under the pointer, with their values.
Item {
    id: readout

    required property real seconds
    required property real low
    required property real high
    required property real lowY
    required property real highY
    readonly property alias text: value.text

    /// Uses the minus sign that is as wide as a plus. No type annotations: with them, qmllint 6.4 crashes.
    function figure(number, digits) {
        return number.toFixed(digits).replace("-", "−");
    }

    function decibels(level: real): string {
        return level > 0.00001 ? `${figure(20 * Math.log10(level), 1)} dB` : "silent";
    }

    Rectangle {
        color: Qt.alpha(Theme.pointer, 0.55)
        height: parent.height
        width: 1
    }

    Repeater {
        model: [readout.highY, readout.lowY]

        Rectangle {
            required property real modelData

            border.color: Theme.card
            border.width: 2
            color: Theme.pointer
            height: 10
            radius: 5
            width: 10
            x: -4.5
            y: modelData - 5
        }
    }

    Rectangle {
        color: Theme.raised
        height: lines.height + 20
        radius: 6
        width: lines.width + 28
        // On the side that has enough space.
        x: readout.x + width + 16 > readout.parent.width ? -width - 14 : 14
        y: 14

        Column {
            id: lines

            spacing: 2
            x: 14
            y: 10

            Label {
                id: value

                color: Theme.pointer
                font.weight: Font.Medium
                text: readout.low === readout.high ? readout.figure(readout.high, 4) : `${readout.figure(readout.low, 3)} to ${readout.figure(readout.high, 3)}`
            }

            Label {
                font.pixelSize: Theme.small
                text: `−${readout.seconds.toFixed(5)} s, ` + readout.decibels(Math.max(Math.abs(readout.low), Math.abs(readout.high)))
            }
        }
    }
}
