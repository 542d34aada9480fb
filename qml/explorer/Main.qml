// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick

Window {
    id: root

    property alias filter: filterField.text
    property alias registry: tree.registry
    /// The name to show first.
    property string first

    color: Theme.window
    height: 720
    minimumHeight: 320
    minimumWidth: 720
    title: qsTr("SharedSegment Explorer")
    visible: true
    width: 1280
    Component.onCompleted: {
        tree.choose(first);
        filterField.forceActiveFocus();
    }

    Rectangle {
        id: side

        color: Theme.side
        height: parent.height
        width: Math.max(600, Math.min(720, root.width * 0.52))

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
        }

        Label {
            id: status

            anchors.bottom: parent.bottom
            anchors.left: parent.left
            anchors.margins: 2 * Theme.space
            anchors.right: parent.right
            color: Theme.faint
            font.pixelSize: Theme.size - 2
            objectName: "status"
            text: tree.errorString || (tree.count === 1 ? qsTr("1 segment") : qsTr("%1 segments").arg(tree.count))
        }
    }

    Detail {
        anchors.bottom: parent.bottom
        anchors.left: side.right
        anchors.margins: 3 * Theme.space
        anchors.right: parent.right
        anchors.top: parent.top
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
