// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick

/// The rows of an array or a stream, with a header of labels and units.
Item {
    id: root

    /// A SharedArrayModel or SharedStreamModel.
    required property var model
    /// Whether it stays at the newest row.
    property bool follows: false
    /// Whether the values are no longer live.
    property bool gone: false
    property int columns: 0
    property bool isAtEnd: true
    readonly property real columnWidth: Math.max(96, Math.min(200, width / Math.max(1, columns)))

    function showEnd() {
        if (table.rows > 0)
            table.positionViewAtRow(table.rows - 1, TableView.AlignBottom);
    }

    function count() {
        columns = model.columnCount();
    }

    Component.onCompleted: count()
    onWidthChanged: table.forceLayout()

    Connections {
        function onCountChanged() {
            if (root.follows && root.isAtEnd)
                root.showEnd();
        }
        function onModelReset() {
            root.count();
        }

        target: root.model
    }

    Row {
        id: header

        height: Theme.row
        x: -table.contentX

        Repeater {
            model: root.columns

            Label {
                required property int index

                color: Theme.faint
                font.pixelSize: Theme.size - 2
                height: header.height
                horizontalAlignment: Text.AlignRight
                rightPadding: Theme.space
                text: root.model.headerData(index, Qt.Horizontal) ?? ""
                width: root.columnWidth
            }
        }
    }

    TableView {
        id: table

        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: header.bottom
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        columnWidthProvider: () => root.columnWidth
        model: root.model
        objectName: "elements"
        rowHeightProvider: () => Theme.row - 4
        onMovementEnded: root.isAtEnd = atYEnd

        delegate: Label {
            required property var display

            color: root.gone ? Theme.gone : Theme.text
            horizontalAlignment: Text.AlignRight
            rightPadding: Theme.space
            text: display === undefined ? "" : `${display}`
        }
    }
}
