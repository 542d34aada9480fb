// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import QtTest
import SharedSegment

Item {
    id: root

    readonly property var helper: peers // qmllint disable unqualified

    width: 100
    height: 100

    // All that an owner sets; the rest is the document's.
    SharedSegment {
        id: owned

        active: true
        multipleWriters: true
        name: root.helper.uniqueName()
        owner: true
    }

    SharedDocument {
        id: document

        segment: owned
        value: ({
                "name": "first",
                "sizes": [1, 2]
            })
    }

    SharedSegment {
        id: opened

        access: SharedSegment.ReadWrite
        active: true
        name: owned.name
        onErrorOccurred: {} // prints no warning
    }

    SharedDocument {
        id: reader

        readonly property var itsName: value?.name ?? ""

        segment: opened
    }

    SharedSegment {
        id: described

        active: true
        metadata: ({
                "description": "settings"
            })
        name: root.helper.uniqueName()
        owner: true
    }

    SharedDocument {
        id: bound

        property int step: 1

        segment: described
        value: ({
                "step": step
            })
    }

    Repeater {
        id: repeater

        model: reader.value?.items ?? []

        Text {
            required property string modelData

            text: modelData
        }
    }

    SignalSpy {
        id: changes

        signalName: "valueChanged"
        target: reader
    }

    SignalSpy {
        id: failures

        signalName: "errorOccurred"
        target: opened
    }

    TestCase {
        name: "Document"
        when: windowShown

        function init() {
            tryCompare(opened, "state", SharedSegment.Open);
            changes.clear();
            failures.clear();
        }

        function test_1_initialValue() {
            compare(owned.layout, "u8");
            compare(owned.kind, SharedSegment.VariableArray);
            compare(owned.metadata.content, "application/cbor");
            compare(Number(owned.revision), 1);
            verify(document.valid);
            tryCompare(reader, "valid", true);
            compare(reader.value, {
                    "name": "first",
                    "sizes": [1, 2]
                });
            compare(reader.itsName, "first");
        }

        function test_2_binding() {
            compare(described.metadata.description, "settings");
            compare(described.metadata.content, "application/cbor");
            compare(bound.value.step, 1);
            bound.step = 2;
            compare(Number(described.revision), 2);
            compare(bound.value.step, 2);
        }

        function test_values_data(): var {
            const map = {
                "a": [null, true, -1, 0.5, "text", {}, []],
                "": 1,
                "length": 5,
                "0": "zero",
                "constructor": 1
            };
            return [[null], [true], [0], [-0.5], [9007199254740991], [3000000000], [""], ["Grün"], [[]], [[1, [2, [3]]]], [{}], [map]].map((row, index) => ({
                        "tag": `${index}`,
                        "value": row[0]
                    }));
        }

        function test_values(data: var) {
            const value = data.value;
            verify(document.write(value), document.errorString);
            tryVerify(() => reader.revision === document.revision);
            compare(reader.value, value);
            compare(JSON.stringify(document.value), JSON.stringify(reader.value));
            compare(Array.isArray(reader.value), Array.isArray(value));
            compare(typeof reader.value, typeof value);
        }

        function test_valuesBesidesJson() {
            const date = new Date(1700000000123);
            verify(document.write({
                        "date": date,
                        "nan": NaN,
                        "infinity": -Infinity,
                        "bytes": new Uint8Array([1, 255]).buffer,
                        "typed": new Float32Array([0.5, 2]),
                        "large": Number.MAX_SAFE_INTEGER + 1,
                        "none": undefined,
                        "holes": [undefined, , 3]
                    }), document.errorString);
            const value = document.value;
            verify(value.date instanceof Date);
            compare(value.date.getTime(), date.getTime());
            verify(isNaN(value.nan));
            compare(value.infinity, -Infinity);
            compare(Array.from(new Uint8Array(value.bytes)), [1, 255]);
            compare(value.typed, [0.5, 2]);
            compare(value.large, 9007199254740992);
            verify(!("none" in value));
            compare(value.holes, [null, null, 3]);
        }

        function test_refused_data(): var {
            const cycle = {};
            cycle.a = [cycle];
            return [undefined, () => 1, {
                    "a": () => 1
                }, cycle, document, {
                    "a": [root]
                }, new Date(NaN), "\ud800"].map((value, index) => ({
                        "tag": `${index}`,
                        "value": value
                    }));
        }

        function test_refused(data: var) {
            const before = owned.revision;
            verify(!reader.write(data.value));
            compare(opened.error, SharedSegment.InvalidValue);
            verify(reader.errorString.includes("; "), reader.errorString);
            // The QML engine itself refuses to assign a function.
            if (typeof data.value !== "function")
                reader.value = data.value;
            compare(failures.count, typeof data.value === "function" ? 1 : 2);
            compare(owned.revision, before);
        }

        function test_copies() {
            verify(document.write({
                        "a": {
                            "b": [1]
                        }
                    }));
            const before = owned.revision;
            document.value.a.b[0] = 2;
            document.value.c = 1;
            compare(JSON.stringify(document.value), '{"a":{"b":[1]}}');
            compare(owned.revision, before);
            const copy = document.value;
            copy.a.b.push(2);
            document.value = copy;
            compare(document.value.a.b, [1, 2]);
        }

        function test_prototype() {
            verify(document.write(JSON.parse('{"__proto__": {"polluted": 1}, "a": 2}')));
            verify(document.value.polluted === undefined);
            compare(document.value.a, 2);
            compare(Object.getPrototypeOf(document.value), Object.prototype);
        }

        function test_equalValueIsNotPublished() {
            document.value = [1, 2];
            const before = owned.revision;
            document.value = [1, 2];
            compare(owned.revision, before);
            verify(document.write([1, 2]));
            verify(owned.revision > before);
        }

        function test_otherWriter() {
            verify(reader.write("from the reader"), reader.errorString);
            tryCompare(document, "value", "from the reader");
        }

        function test_grows() {
            const text = "x".repeat(5000);
            verify(!reader.write(text));
            compare(opened.error, SharedSegment.InvalidSize);
            verify(document.write(text), document.errorString);
            tryVerify(() => reader.value === text);
            verify(reader.write(text + "y"), reader.errorString);
        }

        function test_modelOfRepeater() {
            verify(document.write({
                        "items": ["a", "b", "c"]
                    }));
            tryCompare(repeater, "count", 3);
            compare(repeater.itemAt(2).text, "c");
        }
    }
}
