// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick

/// A short text about whether the data is current.
Rectangle {
    id: status

    required property string headline
    required property bool good

    color: good ? "transparent" : Theme.warning
    implicitHeight: 40
    implicitWidth: sentence.width + (good ? 0 : 2 * Theme.padding)
    radius: Theme.radius

    Row {
        id: sentence

        anchors.centerIn: parent
        spacing: 12

        Rectangle {
            anchors.verticalCenter: parent.verticalCenter
            color: status.good ? Theme.good : Theme.warningText
            height: 12
            radius: 6
            width: 12
        }

        Label {
            color: status.good ? Theme.text : Theme.warningText
            font.weight: status.good ? Font.Normal : Font.Bold
            text: status.headline
        }
    }
}
