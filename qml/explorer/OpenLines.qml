// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import SharedSegmentExplorer

/// The lines that open a segment, each of which a click, Enter or Space copies.
Column {
    id: root

    required property string name
    readonly property string quoted: JSON.stringify(name)

    spacing: Theme.space / 2

    Repeater {
        model: [
            { title: "QML", line: `SharedSegment { name: ${root.quoted}; active: true }` },
            { title: "C++", line: `SharedSegment s(u${root.quoted}_s); s.open();` },
            { title: "Python", line: `s = sharedsegment.open(${root.quoted})` },
        ]

        Rectangle {
            id: line

            required property var modelData

            function copy() {
                Clipboard.copy(modelData.line);
                done.restart();
            }

            Accessible.name: qsTr("Copy %1: %2").arg(modelData.title).arg(modelData.line)
            Accessible.role: Accessible.Button
            Accessible.onPressAction: copy()
            activeFocusOnTab: true
            border.color: activeFocus ? Theme.accent : "transparent"
            border.width: 2
            color: hover.hovered ? Theme.field : Theme.side
            height: Theme.row
            objectName: `line ${modelData.title}`
            radius: Theme.space / 2
            width: root.width
            Keys.onEnterPressed: copy()
            Keys.onReturnPressed: copy()
            Keys.onSpacePressed: copy()

            Label {
                color: Theme.faint
                font.pixelSize: Theme.size - 2
                height: parent.height
                text: line.modelData.title
                x: Theme.space
            }

            Label {
                font.family: "monospace"
                font.pixelSize: Theme.size - 1
                height: parent.height
                text: line.modelData.line
                width: parent.width - x - action.width - 2 * Theme.space
                x: 8 * Theme.space
            }

            Label {
                id: action

                anchors.right: parent.right
                anchors.rightMargin: Theme.space
                color: Theme.accent
                height: parent.height
                objectName: `copy ${line.modelData.title}`
                text: done.running ? qsTr("Copied") : qsTr("Copy")
            }

            HoverHandler {
                id: hover

                cursorShape: Qt.PointingHandCursor
            }

            TapHandler {
                onTapped: line.copy()
            }

            Timer {
                id: done

                interval: 1500
            }
        }
    }
}
