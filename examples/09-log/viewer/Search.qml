// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick

/// The field for the text to search.
Rectangle {
    id: search

    property alias text: input.text

    border.color: input.activeFocus ? Theme.blue : Theme.line
    color: Theme.card
    implicitHeight: 34
    radius: Theme.radius

    TextInput {
        id: input

        anchors.fill: parent
        anchors.leftMargin: Theme.padding
        anchors.rightMargin: Theme.padding
        clip: true
        color: Theme.text
        font.family: Theme.family
        font.pixelSize: Theme.normal
        objectName: "search"
        selectByMouse: true
        verticalAlignment: TextInput.AlignVCenter
        Keys.onEscapePressed: clear()
    }

    Label {
        anchors.fill: input
        text: "Search"
        verticalAlignment: Text.AlignVCenter
        visible: input.text === ""
    }
}
