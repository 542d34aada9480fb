// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick

Rectangle {
    id: button

    property alias text: label.text

    signal clicked

    color: area.pressed ? Theme.line : area.containsMouse ? Qt.lighter(Theme.raised, 1.15) : Theme.raised
    implicitHeight: 40
    implicitWidth: 116
    radius: Theme.radius

    Label {
        id: label

        anchors.centerIn: parent
        color: Theme.text
    }

    MouseArea {
        id: area

        anchors.fill: parent
        hoverEnabled: true
        onClicked: button.clicked()
    }
}
