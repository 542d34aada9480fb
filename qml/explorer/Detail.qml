// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import SharedSegment

/// The chosen segment: what it is, its values by its kind, and the lines that open it.
Item {
    id: root

    property alias name: shared.name
    property alias registry: shared.registry
    readonly property bool isOpen: shared.state === SharedSegment.Open
    readonly property var metadata: shared.metadata
    readonly property bool isStream: shared.kind === SharedSegment.Stream
    readonly property bool hasValues: isOpen || shared.state === SharedSegment.Orphaned

    SharedSegment {
        id: shared

        active: name !== ""
        onErrorOccurred: {} // the text is shown
    }

    Column {
        id: head

        spacing: Theme.space / 2
        width: parent.width

        Label {
            color: root.isOpen ? Theme.text : Theme.gone
            font.pixelSize: 20
            font.weight: Font.DemiBold
            objectName: "heading"
            text: shared.name
            width: parent.width
        }

        Label {
            color: Theme.faint
            objectName: "state"
            text: !root.hasValues ? shared.errorString || qsTr("no owner")
                : !root.isOpen ? qsTr("its owner is gone; these are the last values")
                : root.metadata.description || shared.layout
            width: parent.width
        }
    }

    Loader {
        anchors.bottom: lines.top
        anchors.bottomMargin: 2 * Theme.space
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: head.bottom
        anchors.topMargin: Theme.space
        sourceComponent: !root.hasValues ? null : root.isStream ? log : table
    }

    Component {
        id: table

        ElementTable {
            gone: !root.isOpen
            model: SharedArrayModel { segment: shared }
        }
    }

    Component {
        id: log

        ElementTable {
            follows: true
            gone: !root.isOpen
            model: SharedStreamModel { segment: shared }
        }
    }

    OpenLines {
        id: lines

        anchors.bottom: parent.bottom
        name: shared.name
        width: parent.width
    }
}
