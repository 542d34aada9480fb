// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import QtTest
import SharedSegment

Item {
    id: root

    readonly property var helper: peers // qmllint disable unqualified

    width: 200
    height: 200

    SharedSegment {
        id: telemetry

        active: true
        name: root.helper.uniqueName()
    }

    ListView {
        id: list

        width: 100
        height: 100
        model: SharedArrayModel {
            id: listModel

            segment: telemetry
        }
        delegate: Text {
            required property double value
            required property int index

            text: index + ":" + value
            height: 20
        }
    }

    TableView {
        id: table

        y: 100
        width: 100
        height: 100
        model: SharedArrayModel {
            id: tableModel

            segment: telemetry
            firstRow: 100
            rowLimit: 50
        }
        delegate: Text {
            required property var display

            text: display
        }
    }

    SharedPlot {
        x: 100
        width: 100
        height: 100

        SharedSeries {
            id: plot

            segment: telemetry
        }
    }

    TestCase {
        name: "Views"
        when: windowShown

        function shown(row: int): string {
            const item = list.itemAtIndex(row) as Text;
            return item ? item.text : "";
        }

        /// A publisher that comes back with more or fewer elements leaves a list at the place to which the user has scrolled.
        function test_staysWhenTheLengthChanges_data() {
            return [
                {
                    tag: "one more",
                    length: 101
                },
                {
                    tag: "many more",
                    length: 5000
                },
                {
                    tag: "one fewer",
                    length: 99
                },
                {
                    tag: "just those seen",
                    length: 45
                }
            ];
        }

        function test_staysWhenTheLengthChanges(data: var) {
            root.helper.start(telemetry.name, 100);
            tryCompare(list, "count", 100);
            compare(root.helper.ask("publish 7"), "published 1");
            tryCompare(listModel, "revision", 1);
            list.positionViewAtIndex(40, ListView.Beginning);
            list.currentIndex = 42;
            const y = list.contentY;
            verify(y > 0);
            const item = list.itemAtIndex(42);
            let resets = 0;
            const count = () => ++resets;
            listModel.modelReset.connect(count);
            // Each position that the list passes through, not only the last one.
            let moved = 0;
            const note = () => moved += list.contentY !== y ? 1 : 0;
            list.contentYChanged.connect(note);
            root.helper.kill();
            tryCompare(telemetry, "state", SharedSegment.Orphaned);
            root.helper.start(telemetry.name, data.length);
            tryCompare(list, "count", data.length);
            compare(root.helper.ask("publish 5"), "published 1");
            tryVerify(() => shown(40) === "40:" + root.helper.word(5, 40));
            list.contentYChanged.disconnect(note);
            listModel.modelReset.disconnect(count);
            compare(list.contentY, y);
            compare(moved, 0);
            compare(list.currentIndex, 42);
            compare(list.itemAtIndex(42), item);
            compare(resets, 0);
        }

        function test_ownerIsKilledAndReturns() {
            compare(list.count, 0);
            root.helper.start(telemetry.name, 1000);
            tryCompare(list, "count", 1000);
            tryVerify(() => shown(2) === "2:0");
            tryCompare(table, "rows", 50);
            compare(root.helper.ask("publish 77"), "published 1");
            tryVerify(() => shown(0) === "0:77");
            tryCompare(plot, "revision", 1);
            compare(listModel.sum(0, 1), 77);
            compare(new Uint8Array(listModel.slice(0, 1)).length, 8);
            list.positionViewAtIndex(500, ListView.Beginning);
            const y = list.contentY;
            root.helper.kill();
            tryCompare(telemetry, "state", SharedSegment.Orphaned);
            compare(list.count, 1000);
            root.helper.start(telemetry.name, 1000);
            tryCompare(telemetry, "state", SharedSegment.Open);
            compare(root.helper.ask("publish 5"), "published 1");
            tryCompare(listModel, "revision", 1);
            compare(list.contentY, y);
            root.helper.start(telemetry.name, 20);
            tryCompare(list, "count", 20);
            tryCompare(table, "rows", 0);
            compare(root.helper.ask("publish 6"), "published 1");
            list.positionViewAtBeginning();
            tryVerify(() => shown(0) === "0:6");
        }
    }
}
