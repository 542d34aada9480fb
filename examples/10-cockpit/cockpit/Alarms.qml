// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Layouts
import SharedSegment

/// What is not normal. A click, Space or Return acknowledges an alarm. An alarm stays when its segment is stale.
Card {
    id: card

    required property SharedAlarmModel alarms

    title: "Alarms"

    corner: Label {
        color: Theme.warning
        font.pixelSize: Theme.small
        objectName: "acknowledgeAll"
        text: `Acknowledge all ${card.alarms.unacknowledged}`
        visible: card.alarms.unacknowledged > 0

        TapHandler {
            onTapped: card.alarms.acknowledgeAll()
        }
    }

    ListView {
        id: list

        Layout.fillHeight: true
        Layout.fillWidth: true
        activeFocusOnTab: true
        clip: true
        model: card.alarms
        objectName: "alarms"
        spacing: Theme.unit

        delegate: Rectangle {
            id: row

            required property var model
            readonly property bool isOver: model.level === SharedLimits.Normal
            readonly property color ink: Theme.colorOf(isOver ? model.worstLevel : model.level, false)

            border.color: list.activeFocus && ListView.isCurrentItem ? Theme.text : "transparent"
            color: model.acknowledged ? Theme.raised : Qt.alpha(ink, 0.2)
            height: 9 * Theme.unit
            radius: Theme.unit
            width: ListView.view.width

            RowLayout {
                anchors.fill: parent
                anchors.leftMargin: 3 * Theme.unit
                anchors.rightMargin: 3 * Theme.unit

                Label {
                    Layout.fillWidth: true
                    color: row.model.acknowledged ? Theme.faint : Theme.text
                    font.weight: row.model.acknowledged ? Font.Normal : Font.Bold
                    text: `${row.model.label || row.model.segmentName} ${row.model.key ?? ""}`.trim()
                }

                Label {
                    color: card.segment.stale ? Theme.stale : row.isOver ? Theme.faint : row.ink
                    text: row.model.text
                }

                Label {
                    Layout.preferredWidth: 20 * Theme.unit
                    horizontalAlignment: Text.AlignRight
                    text: Qt.formatTime(row.model.since, "hh:mm:ss")
                }
            }

            TapHandler {
                onTapped: card.alarms.acknowledge(row.model.index)
            }
        }

        Keys.onReturnPressed: card.alarms.acknowledge(currentIndex)
        Keys.onSpacePressed: card.alarms.acknowledge(currentIndex)

        Label {
            anchors.centerIn: parent
            text: "None"
            visible: list.count === 0
        }
    }
}
