// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick

/// The field that selects names by words.
FocusScope {
    id: root

    property alias text: input.text

    signal downPressed

    implicitHeight: Theme.row + Theme.space

    Rectangle {
        anchors.fill: parent
        color: Theme.field
        radius: Theme.space
    }

    Label {
        anchors.fill: input
        color: Theme.faint
        text: qsTr("Filter names")
        visible: input.text === ""
    }

    TextInput {
        id: input

        anchors.fill: parent
        anchors.leftMargin: 1.5 * Theme.space
        anchors.rightMargin: 1.5 * Theme.space
        clip: true
        color: Theme.text
        focus: true
        font.pixelSize: Theme.size
        objectName: "filter"
        selectByMouse: true
        selectionColor: Theme.accent
        verticalAlignment: Text.AlignVCenter
        Keys.onDownPressed: root.downPressed()
        Keys.onEscapePressed: clear()
    }
}
