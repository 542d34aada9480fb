// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick

/// A line of the log. The names of its properties are the roles of the model.
Item {
    id: line

    required property date time
    required property int level
    required property string source
    required property string text

    readonly property color ink: Theme.colorOf(level)

    implicitHeight: Theme.rowHeight

    Rectangle {
        anchors.fill: parent
        color: line.ink
        opacity: 0.1
        visible: line.level <= 4
    }

    Label {
        id: timeLabel

        anchors.verticalCenter: parent.verticalCenter
        font.family: Theme.fixedFamily
        font.pixelSize: Theme.small
        text: Qt.formatDateTime(line.time, "MM-dd hh:mm:ss.zzz")
        width: 160
        x: Theme.padding
    }

    Label {
        id: levelLabel

        anchors.left: timeLabel.right
        anchors.verticalCenter: parent.verticalCenter
        color: line.ink
        font.pixelSize: Theme.small
        text: Theme.levels[line.level] ?? ""
        width: 84
    }

    Label {
        id: sourceLabel

        anchors.left: levelLabel.right
        anchors.verticalCenter: parent.verticalCenter
        font.pixelSize: Theme.small
        text: line.source
        width: line.source === "" ? 0 : 110
    }

    Label {
        anchors.left: sourceLabel.right
        anchors.right: parent.right
        anchors.rightMargin: Theme.padding
        anchors.verticalCenter: parent.verticalCenter
        color: line.ink
        font.family: Theme.fixedFamily
        font.pixelSize: Theme.small
        text: line.text
    }
}
