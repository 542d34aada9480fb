// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick

Window {
    id: root

    property alias filter: filterField.text
    property alias registry: tree.registry
    /// The name to show first.
    property string first
    property alias theme: colours.wanted

    color: Theme.window
    height: 720
    minimumHeight: 320
    minimumWidth: 1040
    title: qsTr("SharedSegment Explorer")
    visible: true
    width: 1280
    Component.onCompleted: {
        tree.choose(first);
        filterField.forceActiveFocus();
    }

    Shortcut {
        sequences: [StandardKey.Find]
        onActivated: filterField.forceActiveFocus()
    }

    Binding {
        id: colours

        property string wanted

        property: "wanted"
        target: Theme
        value: wanted
    }

    Rectangle {
        id: side

        color: Theme.side
        height: parent.height
        width: Math.max(640, Math.min(800, root.width * 0.5))

        FilterField {
            id: filterField

            anchors.left: parent.left
            anchors.margins: 2 * Theme.space
            anchors.right: parent.right
            anchors.top: parent.top
            onDownPressed: tree.forceActiveFocus()
        }

        NameTree {
            id: tree

            anchors.bottom: status.top
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: filterField.bottom
            anchors.topMargin: Theme.space
            filter: filterField.text
            onEntered: detail.forceActiveFocus()
        }

        Item {
            id: status

            anchors.bottom: parent.bottom
            anchors.left: parent.left
            anchors.margins: 2 * Theme.space
            anchors.right: parent.right
            height: Theme.row

            Label {
                color: tree.errorString === "" ? Theme.faint : Theme.alarm
                font.pixelSize: Theme.small
                height: parent.height
                objectName: "status"
                text: tree.errorString || (tree.count === 1 ? qsTr("1 segment") : qsTr("%L1 segments").arg(tree.count))
                width: parent.width - (remove.visible ? remove.width + Theme.space : 0)
            }

            Button {
                id: remove

                anchors.right: parent.right
                color: Theme.field
                objectName: "remove ended"
                text: qsTr("Remove ended")
                visible: tree.hasEnded
                onClicked: tree.removeEnded()
            }
        }
    }

    Detail {
        id: detail

        anchors.bottom: parent.bottom
        anchors.left: side.right
        anchors.margins: 3 * Theme.space
        anchors.right: parent.right
        anchors.top: parent.top
        facts: tree.facts
        name: tree.chosen
        registry: tree.registry
        visible: tree.chosen !== ""
    }

    Label {
        anchors.left: side.right
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        color: Theme.faint
        horizontalAlignment: Text.AlignHCenter
        text: qsTr("Choose a segment to see its values")
        visible: tree.chosen === ""
    }
}
