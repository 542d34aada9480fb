// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import SharedSegment

/// One plot, with the fields that were put into it, and its legend.
Item {
    id: root

    required property Openings openings
    /// How many seconds elements of streams stay in view.
    readonly property real timeSpan: [10, 60, 600][spans.current]
    readonly property alias count: entries.count
    /// By name, those of the entries.
    readonly property var segments: new Map()
    /// Why a plot of a segment shows less than all, by its name.
    property var problems: new Map()
    /// The same, each once, for bindings.
    readonly property var shown: {
        const all = new Set();
        for (let i = 0; i < plot.series.length; ++i)
            all.add(plot.series[i].segment);
        return [...all].filter(segment => segment);
    }

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
        if (!segments.has(name))
            segments.set(name, openings.take(name));
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
            segments.delete(name);
            openings.release(name);
            setProblem(name, "");
        }
    }

    function setProblem(name: string, text: string) {
        const all = new Map(problems);
        if (text === "")
            all.delete(name);
        else
            all.set(name, text);
        problems = all;
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

    Flow {
        id: legend

        anchors.left: parent.left
        anchors.right: controls.left
        anchors.rightMargin: Theme.space
        spacing: Theme.space / 2

        Repeater {
            model: plot.legend

            LegendEntry {
                severalSegments: root.shown.length > 1
                onRemoved: root.remove(segmentName, series.field)
            }
        }
    }

    Row {
        id: controls

        anchors.right: parent.right
        spacing: Theme.space / 2

        Button {
            Accessible.ignored: plot.following
            enabled: !plot.following
            height: Theme.row - 4
            opacity: enabled ? 1 : 0 // it keeps its place, so that the legend does not move
            text: qsTr("Follow")
            onClicked: plot.following = true
        }

        Choice {
            id: spans

            enabled: visible
            name: qsTr("Time shown")
            objectName: "span"
            texts: [qsTr("10 s"), qsTr("1 min"), qsTr("10 min")]
            visible: root.shown.some(segment => segment.kind === SharedSegment.Stream)
            onChosen: index => {
                spans.current = index;
                root.problems = new Map();
                plot.following = true; // or else nothing would change
            }
        }
    }

    Item {
        id: note

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: legend.bottom
        height: why.text === "" ? 0 : why.implicitHeight

        Label {
            id: why

            color: Theme.alarm
            objectName: "plot problem"
            text: [...root.problems.values()].join("\n")
            topPadding: Theme.space
            width: parent.width
            wrapMode: Text.WordWrap
        }
    }

    SharedPlot {
        id: plot

        Accessible.name: qsTr("Plot")
        Accessible.role: Accessible.Chart
        activeFocusOnTab: true
        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: note.bottom
        anchors.topMargin: Theme.space
        font.pixelSize: Theme.small
        gridColor: Theme.line
        objectName: "plot"
        textColor: Theme.faint

        Repeater {
            model: entries

            SharedSeries {
                id: series

                required field
                required property int ink
                required property string name
                readonly property bool isStream: segment?.kind === SharedSegment.Stream

                color: Theme.series[ink]
                lineWidth: 1.5
                segment: root.segments.get(name) ?? null
                timeSpan: isStream ? root.timeSpan : 0
                Accessible.ignored: true

                Connections {
                    function onErrorOccurred(error) {
                        if (error === SharedSegment.OutOfMemory)
                            root.setProblem(series.name, series.isStream
                                ? qsTr("%1 of %2 take more memory than a plot may have. It shows the newest part; choose a shorter time.")
                                    .arg(spans.texts[spans.current]).arg(series.name)
                                : series.segment.errorString);
                    }

                    target: series.segment
                }
            }
        }
    }
}
