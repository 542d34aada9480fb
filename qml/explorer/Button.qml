// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick

/// A button with a text, which is lit while it is on.
Rectangle {
    id: root

    required property string text
    property bool isOn: false

    signal clicked

    Accessible.checkable: isOn
    Accessible.checked: isOn
    Accessible.name: text
    Accessible.role: Accessible.Button
    Accessible.onPressAction: clicked()
    activeFocusOnTab: true
    border.color: activeFocus ? Theme.accent : "transparent"
    border.width: 2
    color: isOn ? Theme.chosen : hover.hovered ? Theme.field : Theme.side
    implicitHeight: Theme.row
    implicitWidth: label.implicitWidth + 3 * Theme.space
    radius: Theme.space / 2
    Keys.onEnterPressed: clicked()
    Keys.onReturnPressed: clicked()
    Keys.onSpacePressed: clicked()

    Label {
        id: label

        anchors.centerIn: parent
        color: root.isOn ? Theme.accent : Theme.text
        text: root.text
    }

    HoverHandler {
        id: hover
    }

    TapHandler {
        onTapped: root.clicked()
    }
}
