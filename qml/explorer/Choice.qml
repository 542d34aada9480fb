// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick

/// Texts side by side, of which one is chosen: by a click or, as one stop of Tab, by the arrow keys.
Rectangle {
    id: root

    required property list<string> texts
    property int current: 0
    property string name

    /// Emitted when the user chooses one, also the one that is chosen already.
    signal chosen(index: int)

    Accessible.name: name
    Accessible.role: Accessible.Grouping
    activeFocusOnTab: true
    color: Theme.side
    implicitHeight: Theme.row - 4
    implicitWidth: choices.width
    radius: Theme.space / 2
    Keys.onLeftPressed: chosen(Math.max(current - 1, 0))
    Keys.onRightPressed: chosen(Math.min(current + 1, texts.length - 1))

    Row {
        id: choices

        height: parent.height

        Repeater {
            model: root.texts.length

            Rectangle {
                id: choice

                required property int index
                readonly property bool isOn: index === root.current

                Accessible.checkable: true
                Accessible.checked: isOn
                Accessible.name: text.text
                Accessible.role: Accessible.RadioButton
                Accessible.onPressAction: root.chosen(index)
                color: isOn ? Theme.chosen : hover.hovered ? Theme.field : "transparent"
                height: choices.height
                objectName: `${root.objectName} ${index}`
                radius: root.radius
                width: Math.ceil(text.implicitWidth) + 2 * Theme.space

                Label {
                    id: text

                    anchors.centerIn: parent
                    color: choice.isOn ? Theme.accent : Theme.faint
                    font.pixelSize: Theme.small
                    text: root.texts[choice.index]
                }

                HoverHandler {
                    id: hover
                }

                TapHandler {
                    onTapped: root.chosen(choice.index)
                }
            }
        }
    }

    Rectangle {
        anchors.fill: parent
        border.color: Theme.accent
        border.width: 2
        color: "transparent"
        radius: root.radius
        visible: root.activeFocus
    }
}
