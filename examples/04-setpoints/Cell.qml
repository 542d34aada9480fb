// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick

/// A cell of the table. A click starts editing. The cell lights up when its value changes.
Rectangle {
    id: cell

    required property int row
    required property int column
    required property var display
    property bool editable: true

    readonly property bool isNumber: column > 1
    readonly property string shown: isNumber ? Number(display).toFixed(1).replace("-", "−") : display

    signal entered(string text)

    color: "transparent"
    implicitHeight: 52
    objectName: `cell ${row} ${column}`

    onShownChanged: glow.restart()

    // The table reuses a cell for another element when it scrolls.
    TableView.onReused: glow.complete()

    Rectangle {
        id: light

        anchors.fill: parent
        anchors.margins: 4
        color: Theme.blue
        opacity: 0
        radius: 6
    }

    NumberAnimation {
        id: glow

        duration: 1200
        easing.type: Easing.OutQuad
        from: 0.45
        property: "opacity"
        target: light
        to: 0
    }

    Rectangle {
        anchors.fill: parent
        anchors.margins: 4
        border.color: Theme.blue
        border.width: 1
        color: Theme.raised
        radius: 6
        visible: editor.activeFocus
    }

    Rectangle {
        anchors.bottom: parent.bottom
        color: Theme.line
        height: 1
        width: parent.width
    }

    Label {
        anchors.fill: parent
        anchors.leftMargin: Theme.padding
        anchors.rightMargin: Theme.padding
        color: cell.column === 0 || cell.column === 2 ? Theme.figure : Theme.quietText
        font.weight: cell.column === 2 ? Font.Medium : Font.Normal
        horizontalAlignment: cell.isNumber ? Text.AlignRight : Text.AlignLeft
        text: cell.shown
        verticalAlignment: Text.AlignVCenter
        visible: !editor.activeFocus
    }

    TextInput {
        id: editor

        anchors.fill: parent
        anchors.leftMargin: Theme.padding
        anchors.rightMargin: Theme.padding
        clip: true
        color: Theme.text
        font.family: Theme.family
        font.pixelSize: Theme.normal
        horizontalAlignment: cell.isNumber ? TextInput.AlignRight : TextInput.AlignLeft
        opacity: activeFocus ? 1 : 0
        readOnly: !cell.editable
        selectByMouse: true
        selectedTextColor: Theme.background
        selectionColor: Theme.blue
        verticalAlignment: TextInput.AlignVCenter
        Keys.onEscapePressed: focus = false
        onAccepted: {
            cell.entered(text);
            focus = false;
        }
        onActiveFocusChanged: {
            if (!activeFocus)
                return;
            text = cell.shown.replace("−", "-");
            selectAll();
        }
    }
}
