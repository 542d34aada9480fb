// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Layouts
import SharedSegment

/// Memory in use, by kind.
Card {
    id: card

    required property SharedSegment segment

    function gibibytes(bytes: real): string {
        const value = bytes / 1073741824;
        return value.toFixed(value < 100 ? 1 : 0);
    }

    title: "Memory"

    SharedObject {
        id: memory

        property real total
        property real used
        property real cached
        property real swapTotal
        property real swapUsed

        maximumRate: Theme.figureRate
        segment: card.segment
    }

    ColumnLayout {
        spacing: 0
        visible: memory.total > 0

        Figure {
            Layout.bottomMargin: 10
            Layout.fillHeight: true
            Layout.topMargin: 18
            text: card.gibibytes(memory.used)
            unit: `of ${card.gibibytes(memory.total)} GiB`
        }

        StackedBar {
            Layout.bottomMargin: 14
            Layout.fillWidth: true
            Layout.preferredHeight: 14
            colors: [Theme.blue, Theme.deepBlue]
            shares: [memory.used / memory.total, memory.cached / memory.total]
        }

        RowLayout {
            Layout.fillHeight: false
            spacing: Theme.gutter

            Key {
                color: Theme.blue
                text: "in use"
            }

            Key {
                color: Theme.deepBlue
                text: "cache"
            }

            Label {
                Layout.fillWidth: true
                font.pixelSize: Theme.small
                horizontalAlignment: Text.AlignRight
                text: `swap ${card.gibibytes(memory.swapUsed)} GiB`
                visible: memory.swapTotal > 0
            }
        }
    }
}
