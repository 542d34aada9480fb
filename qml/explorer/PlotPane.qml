// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import SharedSegment

/// One plot, with the fields that were put into it, and its legend.
Item {
    id: root

    property string registry
    /// How many seconds elements of streams stay in view.
    property real timeSpan: 10
    readonly property alias count: entries.count
    property var segments: ({})

    function indexOf(name: string, field: string): int {
        for (let i = 0; i < entries.count; ++i) {
            const entry = entries.get(i);
            if (entry.name === name && entry.field === field)
                return i;
        }
        return -1;
    }

    /// A temporary one leaves with removeTemporary().
    function add(name: string, field: string, temporary: bool) {
        const index = indexOf(name, field);
        if (index >= 0) {
            entries.setProperty(index, "temporary", temporary);
            return;
        }
        if (!segments[name])
            segments[name] = source.createObject(root, { name: name, registry: registry });
        const used = [];
        for (let i = 0; i < entries.count; ++i)
            used.push(entries.get(i).ink);
        let ink = 0;
        while (used.includes(ink) && ink < Theme.series.length - 1)
            ++ink;
        entries.append({ name: name, field: field, temporary: temporary, ink: ink });
    }

    function remove(name: string, field: string) {
        const index = indexOf(name, field);
        if (index < 0)
            return;
        entries.remove(index);
        if (!has(name)) {
            segments[name].destroy();
            delete segments[name];
        }
    }

    function has(name: string): bool {
        for (let i = 0; i < entries.count; ++i) {
            if (entries.get(i).name === name)
                return true;
        }
        return false;
    }

    function removeTemporary(except: string) {
        for (let i = entries.count - 1; i >= 0; --i) {
            const entry = entries.get(i);
            if (entry.temporary && entry.name !== except)
                remove(entry.name, entry.field);
        }
    }

    ListModel {
        id: entries
    }

    Component {
        id: source

        SharedSegment {
            active: true
            onErrorOccurred: {} // its row in the tree and its grey line say so
        }
    }

    Flow {
        id: legend

        anchors.left: parent.left
        anchors.right: live.left
        anchors.rightMargin: Theme.space
        spacing: Theme.space / 2

        Repeater {
            model: plot.legend

            LegendEntry {
                severalSegments: Object.keys(root.segments).length > 1
                onRemoved: root.remove(segmentName, series.field)
            }
        }
    }

    Button {
        id: live

        anchors.right: parent.right
        enabled: visible
        height: Theme.row - 4
        text: qsTr("Follow")
        visible: !plot.following
        onClicked: plot.following = true
    }

    SharedPlot {
        id: plot

        Accessible.name: qsTr("Plot")
        Accessible.role: Accessible.Chart
        activeFocusOnTab: true
        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: legend.bottom
        anchors.topMargin: Theme.space
        font.pixelSize: Theme.small
        gridColor: Theme.line
        objectName: "plot"
        textColor: Theme.faint

        Repeater {
            model: entries

            SharedSeries {
                required field
                required property int ink
                required property string name
                readonly property bool isStream: segment?.kind === SharedSegment.Stream

                color: Theme.series[ink]
                lineWidth: 1.5
                segment: root.segments[name] ?? null
                timeSpan: isStream ? root.timeSpan : 0
                Accessible.ignored: true
            }
        }
    }
}
