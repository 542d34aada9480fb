// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import SharedSegment

/// A bar for each processor, in 1 to 8 columns that are filled from top to bottom.
Item {
    id: bars

    required property SharedSegment segment

    readonly property int columns: processors.count <= 4 ? 1 : processors.count <= 8 ? 2 : processors.count <= 16 ? 4 : 8
    readonly property int rows: Math.max(1, Math.ceil(processors.count / columns))
    readonly property bool labelled: rows <= 4
    readonly property real columnWidth: (width + Theme.gutter) / columns

    Repeater {
        id: processors

        model: SharedArrayModel {
            maximumRate: 2 * Theme.figureRate
            segment: bars.segment
        }

        Item {
            id: processor

            required property int index
            required property real user
            required property real system
            required property real stolen
            required property real busy

            height: bars.height / bars.rows
            width: bars.columnWidth - Theme.gutter
            x: Math.floor(index / bars.rows) * bars.columnWidth
            y: index % bars.rows * height

            Label {
                id: number

                anchors.verticalCenter: parent.verticalCenter
                text: processor.index
                visible: bars.labelled
                width: visible ? 32 : 0
            }

            StackedBar {
                anchors.left: number.right
                anchors.right: figure.left
                anchors.verticalCenter: parent.verticalCenter
                colors: [Theme.blue, Theme.violet, Theme.rose]
                height: Math.max(2, Math.min(24, Math.round(processor.height * 0.5)))
                shares: [processor.user, processor.system, processor.stolen]
            }

            Label {
                id: figure

                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                color: Theme.figure
                horizontalAlignment: Text.AlignRight
                text: `${Math.round(processor.busy * 100)} %`
                visible: bars.labelled && bars.columns < 4
                width: visible ? 64 : 0
            }
        }
    }
}
