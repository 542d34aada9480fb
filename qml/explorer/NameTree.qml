// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import QtQml.Models
import SharedSegment
import SharedSegmentExplorer

/// The tree of names with their owners, rates and ages.
FocusScope {
    id: root

    property alias filter: names.filter
    property alias registry: names.registry
    readonly property alias count: names.count
    readonly property string errorString: names.errorString
    /// The chosen name; empty for none, or a mere folder.
    property string chosen
    /// What is known about the chosen name.
    readonly property var facts: factsOf(chosen, readings)
    property int readings: 0
    /// Whether names have stayed without an owner.
    property bool hasEnded: false

    /// Emitted when the user wants to go on to the values of the chosen name.
    signal entered

    function choose(name: string) {
        const index = names.indexOf(name);
        if (!index.valid)
            return;
        // Outermost first: the rows of a folder exist once it is expanded.
        const above = [];
        for (let folder = index.parent; folder.valid; folder = folder.parent)
            above.unshift(folder);
        for (const folder of above)
            tree.expand(tree.rowAtIndex(folder));
        selection.setCurrentIndex(index, ItemSelectionModel.NoUpdate);
    }

    /// What the columns say about the chosen name, as pairs of a title and a text. `readings` changes with them.
    function factsOf(name: string, readings: int): var {
        const index = names.indexOf(name);
        if (!index.valid)
            return [];
        const columns = [SharedRegistryModel.KindColumn, SharedRegistryModel.CapacityColumn, SharedRegistryModel.BytesColumn,
            SharedRegistryModel.OwnerColumn, SharedRegistryModel.PidColumn, SharedRegistryModel.ListenersColumn,
            SharedRegistryModel.RateColumn, SharedRegistryModel.AgeColumn];
        return columns.map(column => {
            const value = names.data(names.index(index.row, column, index.parent));
            return [names.headerData(column, Qt.Horizontal), value === undefined || value === "" ? "–" : `${value}`];
        });
    }

    function removeEnded() {
        names.removeClosed();
        hasEnded = false;
    }

    /// The width of a column; 0 hides it.
    function widthOf(column: int): real {
        const free = Math.floor(width) - 376 - 2 * Theme.space;
        switch (column) {
        case SharedRegistryModel.BytesColumn:
            return 80;
        case SharedRegistryModel.OwnerColumn:
            return 96;
        case SharedRegistryModel.ListenersColumn:
            return 68;
        case SharedRegistryModel.RateColumn:
            return 68;
        case SharedRegistryModel.AgeColumn:
            return 64;
        case SharedRegistryModel.NameColumn:
            return Math.max(120, Math.floor(0.5 * free));
        case SharedRegistryModel.PreviewColumn:
            return Math.max(100, Math.ceil(0.5 * free));
        default:
            return 0;
        }
    }

    function isNumber(column: int): bool {
        return column > SharedRegistryModel.PreviewColumn && column !== SharedRegistryModel.OwnerColumn;
    }

    /// Opens the folders of the names that were searched for.
    function expandFound() {
        if (filter !== "" && count <= 500)
            tree.expandRecursively();
    }

    onCountChanged: expanding.restart()
    onFilterChanged: expanding.restart()
    onWidthChanged: tree.forceLayout()

    // After the view has the rows.
    Timer {
        id: expanding

        interval: 0
        onTriggered: root.expandFound()
    }

    SharedRegistryModel {
        id: names

        keepClosed: true
        tree: true
    }

    Connections {
        function onDataChanged(first, last) {
            const row = names.indexOf(root.chosen).row;
            if (first.row <= row && row <= last.row)
                ++root.readings;
            for (let i = first.row; i <= last.row && !root.hasEnded; ++i)
                root.hasEnded = names.data(names.index(i, 0, first.parent), SharedRegistryModel.ClosedRole);
        }
        function onRowsInserted() {
            ++root.readings;
        }
        function onRowsRemoved() {
            ++root.readings;
        }

        target: names
    }

    ItemSelectionModel {
        id: selection

        model: names
        onCurrentChanged: current => {
            const name = current.valid ? names.data(current, SharedRegistryModel.FullNameRole) : "";
            if (name !== "")
                root.chosen = name;
        }
    }

    Row {
        id: titles

        height: Theme.row
        x: Theme.space

        Repeater {
            model: names.columnCount()

            Label {
                required property int index

                color: Theme.faint
                font.pixelSize: Theme.size - 2
                height: titles.height
                horizontalAlignment: root.isNumber(index) ? Text.AlignRight : Text.AlignLeft
                leftPadding: Theme.space
                rightPadding: Theme.space
                text: names.headerData(index, Qt.Horizontal)
                visible: width > 0
                width: root.widthOf(index)
            }
        }
    }

    Label {
        anchors.centerIn: tree
        color: Theme.faint
        text: root.filter === "" ? qsTr("No program shares anything yet") : qsTr("No name has these words")
        visible: names.count === 0
    }

    TreeView {
        id: tree

        Accessible.name: qsTr("Names")
        Accessible.role: Accessible.Tree
        activeFocusOnTab: true
        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.leftMargin: Theme.space
        anchors.right: parent.right
        anchors.rightMargin: Theme.space
        anchors.top: titles.bottom
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        columnWidthProvider: column => root.widthOf(column)
        focus: true
        model: names
        objectName: "tree"
        rowHeightProvider: () => Theme.row
        selectionModel: selection

        Keys.onEnterPressed: root.entered()
        Keys.onPressed: event => {
            if (!event.matches(StandardKey.Copy))
                return;
            Clipboard.copy(root.chosen);
            event.accepted = true;
        }
        Keys.onReturnPressed: root.entered()
        // The view would go on from cell to cell.
        Keys.onBacktabPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)
        Keys.onTabPressed: nextItemInFocusChain().forceActiveFocus(Qt.TabFocusReason)

        delegate: Rectangle {
            id: cell

            required property bool closed
            required property int column
            required property int depth
            required property var display
            required property bool expanded
            required property bool hasChildren
            required property bool isTreeNode
            required property string problem
            required property int row
            required property TreeView treeView
            readonly property bool isName: column === SharedRegistryModel.NameColumn

            Accessible.name: `${display ?? ""}`
            Accessible.role: isName ? Accessible.TreeItem : Accessible.StaticText
            color: row === treeView.currentRow ? Theme.chosen : "transparent"
            implicitHeight: Theme.row
            implicitWidth: 40

            // The row that the keys move from.
            Rectangle {
                color: Theme.accent
                height: parent.height
                visible: cell.isName && cell.row === cell.treeView.currentRow && cell.treeView.activeFocus
                width: 3
            }

            Label {
                anchors.verticalCenter: parent.verticalCenter
                color: Theme.faint
                rotation: cell.expanded ? 90 : 0
                text: "›"
                visible: cell.isName && cell.hasChildren
                x: Theme.space + 2 * Theme.space * cell.depth
            }

            Label {
                anchors.fill: parent
                color: cell.closed ? Theme.gone : cell.isName ? Theme.text : Theme.faint
                elide: cell.isName ? Text.ElideMiddle : Text.ElideRight
                horizontalAlignment: root.isNumber(cell.column) ? Text.AlignRight : Text.AlignLeft
                leftPadding: cell.isName ? 3 * Theme.space + 2 * Theme.space * cell.depth : Theme.space
                objectName: cell.isName ? `name ${text}` : ""
                rightPadding: Theme.space
                text: cell.isName && cell.problem !== "" ? `${cell.display} ⚠` : cell.display === undefined ? "" : `${cell.display}`
            }

            TapHandler {
                onTapped: {
                    cell.treeView.forceActiveFocus();
                    selection.setCurrentIndex(cell.treeView.modelIndex(Qt.point(0, cell.row)), ItemSelectionModel.NoUpdate);
                    if (cell.hasChildren)
                        cell.treeView.toggleExpanded(cell.row);
                }
            }
        }
    }
}
