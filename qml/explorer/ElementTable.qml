// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import QtQml.Models
import SharedSegmentExplorer
import "fields.js" as Fields

/// The rows of an array or a stream, with a header of labels and units.
FocusScope {
    id: root

    /// A SharedArrayModel or SharedStreamModel.
    required property var model
    /// The fields of the columns; see fields.js.
    required property var fields
    property string name
    property string registry
    /// Whether it shows a stream, and stays at the newest row.
    property bool follows: false
    /// Whether cells can be edited.
    property bool editable: false
    /// Why they cannot.
    property string readOnlyReason
    /// Whether the values are no longer live.
    property bool gone: false
    /// What is said where there are no rows.
    property string emptyText
    property bool isAtEnd: true
    property string notice
    /// The width of the row's number or time, which is left of the first column.
    readonly property real lead: follows ? 104 : 24 + 8 * `${Math.max(0, model.count - 1)}`.length
    readonly property var widths: widthsOf(width)

    function widthsOf(whole: real): var {
        const all = fields.map(field => {
            const title = Math.ceil(metrics.advanceWidth(titleOf(field))) + 2 * Theme.space;
            return Math.max(title, field.isText ? 100 : field.isArray ? 200 : field.isWide ? 184 : field.isWord ? 80 : 96);
        });
        // The last text takes what is left.
        const last = fields.map(field => field.isText).lastIndexOf(true);
        if (last >= 0)
            all[last] += Math.max(0, Math.floor(whole) - lead - all.reduce((sum, one) => sum + one, 0));
        return all;
    }

    function titleOf(field: var): string {
        return field.unit === "" ? field.label : `${field.label} [${field.unit}]`;
    }

    function showEnd() {
        if (table.rows > 0)
            table.positionViewAtRow(table.rows - 1, TableView.AlignBottom);
    }

    /// Copies the current row, its values separated by tabs.
    function copyRow() {
        const row = selection.currentIndex.row;
        if (row >= 0)
            Clipboard.copy(fields.map((field, column) => model.data(model.index(row, column), Qt.DisplayRole)).join("\t"));
    }

    function edit(row: int, column: int) {
        notice = "";
        if (follows)
            return;
        if (!editable) {
            notice = readOnlyReason;
            return;
        }
        const cell = table.itemAtCell(Qt.point(column, row));
        if (!cell)
            return;
        const value = model.data(model.index(row, column), Qt.EditRole);
        const indent = column === 0 ? lead : 0;
        editor.setSource("CellEditor.qml", {
            name: name, registry: registry, row: row, column: column, field: fields[column],
            before: fields[column].isArray ? JSON.stringify(value) : `${value ?? ""}`,
            x: cell.x + indent, y: cell.y, width: cell.width - indent, height: cell.height
        });
    }

    onFieldsChanged: editor.source = ""
    onWidthsChanged: table.forceLayout()

    FontMetrics {
        id: metrics

        font.pixelSize: Theme.size
    }

    ItemSelectionModel {
        id: selection

        model: root.model
    }

    Connections {
        function onCountChanged() {
            if (root.follows && root.isAtEnd)
                settled.restart();
        }

        ignoreUnknownSignals: true
        target: root.model
    }

    // After the view has its new rows.
    Timer {
        id: settled

        interval: 0
        onTriggered: root.showEnd()
    }

    Item {
        id: header

        clip: true
        height: Theme.row
        width: parent.width

        Row {
            leftPadding: root.lead
            x: -table.contentX

            Repeater {
                model: root.fields.length

                Label {
                    required property int index
                    readonly property var field: root.fields[index]

                    color: Theme.faint
                    font.pixelSize: Theme.size - 1
                    height: header.height
                    horizontalAlignment: field?.isWord ? Text.AlignLeft : Text.AlignRight
                    leftPadding: Theme.space
                    rightPadding: Theme.space
                    text: field ? root.titleOf(field) : ""
                    width: root.widths[index] ?? 0
                }
            }
        }
    }

    Rectangle {
        anchors.top: header.bottom
        color: table.activeFocus ? Theme.accent : Theme.line
        height: 1
        width: parent.width
    }

    TableView {
        id: table

        Accessible.name: root.follows ? qsTr("Log") : qsTr("Elements")
        Accessible.role: Accessible.Table
        activeFocusOnTab: true
        anchors.bottom: note.top
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: header.bottom
        anchors.topMargin: 1
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        columnWidthProvider: column => (root.widths[column] ?? 0) + (column === 0 ? root.lead : 0)
        focus: true
        model: root.model
        objectName: "elements"
        rowHeightProvider: () => Theme.row - 4
        selectionModel: selection
        Keys.onEnterPressed: root.edit(selection.currentIndex.row, selection.currentIndex.column)
        Keys.onPressed: event => {
            if (event.matches(StandardKey.Copy))
                root.copyRow();
            else if (event.key === Qt.Key_F2)
                root.edit(selection.currentIndex.row, selection.currentIndex.column);
            else
                return;
            event.accepted = true;
        }
        Keys.onReturnPressed: root.edit(selection.currentIndex.row, selection.currentIndex.column)
        // The view would go on from cell to cell.
        Keys.onBacktabPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)
        Keys.onTabPressed: nextItemInFocusChain().forceActiveFocus(Qt.TabFocusReason)
        onMovementEnded: root.isAtEnd = atYEnd

        delegate: Rectangle {
            id: cell

            required property int column
            required property bool current
            required property var model
            required property int row
            readonly property var field: root.fields[column]

            border.color: current && table.activeFocus ? Theme.accent : "transparent"
            color: row === selection.currentIndex.row ? Theme.chosen : "transparent"
            implicitHeight: Theme.row - 4
            implicitWidth: 40

            Label {
                color: Theme.faint
                font.pixelSize: Theme.small
                height: parent.height
                horizontalAlignment: root.follows ? Text.AlignLeft : Text.AlignRight
                leftPadding: Theme.space
                rightPadding: Theme.space
                text: !root.follows ? cell.row : cell.model.time instanceof Date && !isNaN(cell.model.time)
                    ? Qt.formatTime(cell.model.time, "hh:mm:ss.zzz") : ""
                visible: cell.column === 0
                width: root.lead
            }

            Label {
                color: root.gone ? Theme.gone : Theme.text
                height: parent.height
                horizontalAlignment: cell.field?.isWord ? Text.AlignLeft : Text.AlignRight
                leftPadding: Theme.space
                objectName: `cell ${cell.row} ${cell.column}`
                rightPadding: Theme.space
                text: cell.field ? Fields.textOf(cell.field, cell.model.display, cell.model.valueText ?? "", Qt.locale()) : ""
                width: parent.width - x
                x: cell.column === 0 ? root.lead : 0
            }

            Rectangle {
                color: Theme.line
                height: 1
                width: parent.width
                y: parent.height - 1
            }

            TapHandler {
                onDoubleTapped: root.edit(cell.row, cell.column)
                onTapped: {
                    table.forceActiveFocus();
                    root.notice = "";
                    selection.setCurrentIndex(root.model.index(cell.row, cell.column), ItemSelectionModel.NoUpdate);
                }
            }
        }

        Loader {
            id: editor

            z: 10

            Connections {
                function onFinished() {
                    editor.source = "";
                    table.forceActiveFocus();
                }

                ignoreUnknownSignals: true
                target: editor.item
            }
        }
    }

    Label {
        anchors.centerIn: table
        color: Theme.faint
        text: root.emptyText
        visible: table.rows === 0
    }

    Item {
        id: note

        anchors.bottom: parent.bottom
        height: why.text === "" ? 0 : why.implicitHeight
        width: parent.width

        Label {
            id: why

            color: Theme.alarm
            objectName: "notice"
            padding: Theme.space / 2
            text: editor.item?.problem || root.notice
            width: parent.width
            wrapMode: Text.WordWrap
        }
    }
}
