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
        id: lines

        active: true
        capacity: 20
        kind: SharedSegment.Stream
        layout: "Line{level:u8;text:char[15]}"
        name: root.helper.uniqueName()
        owner: true
    }

    SharedSegment {
        id: values

        active: true
        capacity: 8
        kind: SharedSegment.Stream
        layout: "f64"
        name: root.helper.uniqueName()
        owner: true
    }

    SharedSegment {
        id: array

        active: true
        capacity: 3
        layout: "f64"
        name: root.helper.uniqueName()
        owner: true
        onErrorOccurred: {} // prints no warning
    }

    ListView {
        id: list

        anchors.fill: parent
        model: SharedStreamModel {
            id: model

            limit: 10
            segment: lines
        }
        delegate: Text {
            required property int level
            required property real position
            required property date time
            required property var model

            readonly property string line: `${position} ${level} ${model.text}`

            text: line
        }
    }

    SharedObject {
        id: object

        property real value: -1
    }

    SharedStreamModel {
        id: other
    }

    SignalSpy {
        id: failures

        signalName: "errorOccurred"
        target: lines
    }

    function shown(): var {
        const texts = [];
        for (let row = 0; row < list.count; ++row) {
            const item = list.itemAtIndex(row);
            if (item)
                texts.push(item.text);
        }
        return texts;
    }

    TestCase {
        name: "Stream"
        when: windowShown

        function test_1_rows() {
            compare(list.count, 0);
            verify(lines.append({
                        "level": 3,
                        "text": "first"
                    }), lines.errorString);
            verify(lines.append([{
                            "level": 4,
                            "text": "second"
                        }, {
                            "text": "third",
                            "level": 5
                        }]), lines.errorString);
            tryCompare(list, "count", 3);
            list.forceLayout();
            compare(root.shown(), ["0 3 first", "1 4 second", "2 5 third"]);
            verify(Math.abs(list.itemAtIndex(2).time - Date.now()) < 10000);
            compare(Number(model.skipped), 0);
            const many = [];
            for (let i = 0; i < 15; ++i)
                many.push({
                        "level": i,
                        "text": "many"
                    });
            verify(lines.append(many), lines.errorString);
            tryCompare(list, "count", 10);
            compare(Number(model.revision), 18);
            compare(Number(model.skipped), 5);
            list.forceLayout();
            compare(root.shown()[0], "8 5 many");
        }

        function test_append_data(): var {
            return [{
                    "tag": "number",
                    "value": 0.5,
                    "expected": [0.5]
                }, {
                    "tag": "list",
                    "value": [1, 2.5],
                    "expected": [1, 2.5]
                }, {
                    "tag": "nothing",
                    "value": [],
                    "expected": []
                }, {
                    "tag": "typed array",
                    "value": new Float32Array([3, 4]),
                    "expected": [3, 4]
                }, {
                    "tag": "buffer",
                    "value": new Float64Array([5, 6, 7]).buffer,
                    "expected": [5, 6, 7]
                }];
        }

        function test_append(data: var) {
            const before = Number(values.revision);
            verify(values.append(data.value), values.errorString);
            other.segment = values;
            tryVerify(() => Number(other.revision) === before + data.expected.length);
            const first = other.count - data.expected.length;
            for (let i = 0; i < data.expected.length; ++i)
                compare(other.data(other.index(first + i, 0)), data.expected[i]);
        }

        function test_appendRefused() {
            const before = Number(lines.revision);
            failures.clear();
            const refused = [5, "text", null, undefined, {}, {
                    "level": 3
                }, {
                    "level": 300,
                    "text": ""
                }, [{
                        "level": 1,
                        "text": "x"
                    }, 7], new ArrayBuffer(5)];
            for (const value of refused)
                verify(!lines.append(value), JSON.stringify(value));
            compare(failures.count, refused.length);
            compare(Number(lines.revision), before);
            verify(!values.append([1, 2, 3, 4, 5, 6, 7, 8, 9]));
            compare(values.error, SharedSegment.InvalidSize);
            verify(!array.append([1, 2, 3]));
            compare(array.error, SharedSegment.InvalidState);
        }

        function test_otherKinds() {
            failures.clear();
            object.segment = lines;
            compare(lines.error, SharedSegment.LayoutMismatch);
            verify(lines.errorString.includes("SharedStreamModel"), lines.errorString);
            verify(lines.errorString.includes("SharedObject"), lines.errorString);
            verify(!object.valid);
            object.value = 5;
            verify(failures.count >= 2);
            other.segment = array;
            compare(array.error, SharedSegment.LayoutMismatch);
            verify(array.errorString.includes("SharedArrayModel"), array.errorString);
            compare(other.count, 0);
            object.segment = array;
            verify(object.valid);
            other.segment = null;
        }
    }
}
