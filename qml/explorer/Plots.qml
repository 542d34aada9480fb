// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick

/// The plots: one for fields over time, one for those over seconds, one for those over the index. A field can be dropped here.
Item {
    id: root

    required property Openings openings
    readonly property int count: time.count + seconds.count + index.count
    /// Whether a field is being dragged, and can be dropped.
    property bool isTarget: false
    /// Changes with what is plotted, for bindings that call isPlotted().
    property int changes: 0
    readonly property var panes: ({ time: time, seconds: seconds, index: index })

    signal dropped(field: var)

    function isPlotted(name: string, field: string): bool {
        return changes >= 0 && Object.values(panes).some(pane => pane.indexOf(name, field) >= 0);
    }

    function has(name: string): bool {
        return Object.values(panes).some(pane => pane.has(name));
    }

    function add(group: string, name: string, field: string, temporary: bool) {
        panes[group].add(name, field, temporary);
        ++changes;
    }

    function remove(name: string, field: string) {
        Object.values(panes).forEach(pane => pane.remove(name, field));
        ++changes;
    }

    function removeTemporary(except: string) {
        Object.values(panes).forEach(pane => pane.removeTemporary(except));
        ++changes;
    }

    // One above the other, or side by side if they would be low.
    Grid {
        id: grid

        readonly property int shown: Math.max(1, (time.count > 0) + (seconds.count > 0) + (index.count > 0))

        anchors.fill: parent
        columns: height / shown < 180 ? shown : 1
        spacing: 2 * Theme.space

        component Pane: PlotPane {
            height: grid.columns > 1 ? grid.height : Math.floor((grid.height - (grid.shown - 1) * grid.spacing) / grid.shown)
            openings: root.openings
            visible: count > 0
            width: grid.columns > 1 ? Math.floor((grid.width - (grid.shown - 1) * grid.spacing) / grid.shown) : grid.width
            onCountChanged: ++root.changes
        }

        Pane {
            id: time
        }

        Pane {
            id: seconds
        }

        Pane {
            id: index
        }
    }

    Rectangle {
        anchors.fill: parent
        border.color: Theme.accent
        border.width: area.containsDrag ? 2 : 1
        color: area.containsDrag ? Theme.chosen : "transparent"
        radius: Theme.space
        visible: root.isTarget

        Label {
            anchors.centerIn: parent
            color: Theme.accent
            text: qsTr("Drop here to plot")
        }
    }

    DropArea {
        id: area

        anchors.fill: parent
        keys: ["field"]
        objectName: "plots"
        onDropped: drop => root.dropped(drop.source.field)
    }
}
