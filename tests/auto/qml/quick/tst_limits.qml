// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
pragma ComponentBehavior: Bound

import QtQuick
import QtTest
import SharedSegment

TestCase {
    id: root

    name: "Limits"

    Component {
        id: pageComponent

        Item {
            id: page

            readonly property alias owner: owner
            readonly property alias limits: limits
            readonly property alias alarms: alarms
            readonly property alias list: list
            property var own

            SharedSegment {
                id: owner

                name: "limits-" + Math.random()
                layout: "Tank{fill:f64;flow:i32}"
                capacity: 2
                owner: true
                active: true
                metadata: ({
                        fields: {
                            fill: { label: "Fill", unit: "%", high: 80, highHigh: 90 },
                            flow: { high: 100 }
                        }
                    })
            }
            // Properties in any order.
            SharedLimits {
                id: limits

                high: page.own
                index: 1
                field: "fill"
                segment: owner
            }
            SharedAlarmModel {
                id: alarms

                sources: [owner, limits]
            }
            Repeater {
                id: list

                model: alarms
                delegate: Text {
                    required property string label
                    required property int level
                    required property int element
                    required property bool acknowledged
                    required property date since
                    required text

                    color: level === SharedLimits.HighHigh ? "red" : "black"
                }
            }
        }
    }

    Component {
        id: keyedComponent

        Item {
            readonly property alias owner: owner
            readonly property alias list: list

            SharedSegment {
                id: owner

                name: "keyed-" + Math.random()
                layout: "Sensor{id:i32;temperature:f64}"
                capacity: 4
                kind: SharedSegment.VariableArray
                owner: true
                active: true
                metadata: ({ fields: { temperature: { high: 80 } } })
            }
            SharedLimits {
                id: limits

                key: "id"
                segment: owner
            }
            SharedAlarmModel {
                id: alarms

                sources: [limits]
            }
            Repeater {
                id: list

                model: alarms
                delegate: Item {
                    required property int element
                    required property var key
                    required property int level
                }
            }
        }
    }

    /// A row stays with its element, wherever that is.
    function test_keys() {
        const page = createTemporaryObject(keyedComponent, root);
        const segment = page.owner;
        const list = page.list;
        tryCompare(segment, "state", SharedSegment.Open);
        compare(list.itemAt(0).key, undefined); // Nothing is known.
        verify(segment.write([{ id: 11, temperature: 90 }, { id: 12, temperature: 50 }, { id: 13, temperature: 91 }]));
        tryCompare(list, "count", 2);
        const last = list.itemAt(1);
        compare(last.key, 13);
        compare(last.element, 2);
        verify(segment.write([{ id: 12, temperature: 50 }, { id: 13, temperature: 92 }]));
        tryCompare(last, "element", 1);
        compare(last.level, SharedLimits.High);
        compare(list.itemAt(1).key, 11);
        compare(list.itemAt(1).element, -1);
        compare(list.itemAt(1).level, SharedLimits.Normal);
        compare(list.itemAt(0), last);
    }

    function test_limits() {
        const page = createTemporaryObject(pageComponent, root);
        const segment = page.owner;
        tryCompare(segment, "state", SharedSegment.Open);
        compare(page.limits.level, SharedLimits.Unknown);
        compare(page.alarms.count, 2);
        verify(segment.write([{ fill: 50, flow: 5 }, { fill: 85, flow: 5 }]));
        tryCompare(page.limits, "level", SharedLimits.High);
        tryCompare(page.alarms, "count", 2); // A row of each source.
        compare(page.list.itemAt(0).label, "Fill");
        compare(page.list.itemAt(0).element, 1);
        compare(page.list.itemAt(0).level, SharedLimits.High);
        compare(page.list.itemAt(0).text, Number(85).toLocaleString(Qt.locale(), "f", 0) + "\u00a0%");
        verify(!page.list.itemAt(0).acknowledged);
        verify(page.alarms.acknowledge(0) && page.alarms.acknowledge(1));
        verify(page.limits.acknowledged);
        verify(page.list.itemAt(0).acknowledged);
        // Own limits, and none again.
        page.own = 88;
        compare(page.limits.level, SharedLimits.Normal);
        page.own = undefined;
        compare(page.limits.level, SharedLimits.High);
        verify(segment.write([{ fill: 50, flow: 5 }, { fill: 95, flow: 5 }]));
        tryCompare(page.alarms, "level", SharedLimits.HighHigh);
        compare(String(page.list.itemAt(0).color), "#ff0000");
        page.alarms.sources = [];
        compare(page.alarms.count, 0);
        page.alarms.sources = [page.limits];
        compare(page.alarms.count, 1);
    }
}
