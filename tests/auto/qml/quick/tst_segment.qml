// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import QtTest
import SharedSegment

TestCase {
    id: root

    readonly property var helper: peers // qmllint disable unqualified

    name: "Segment"

    function number(value: string): real {
        return Number(value);
    }

    Component {
        id: ownerComponent

        SharedSegment {
            active: true
            capacity: 4
            layout: "f64"
            owner: true
        }
    }

    Component {
        id: structComponent

        SharedSegment {
            active: true
            owner: true
            capacity: 2
            layout: "S{id:i32;pos.x:f64;pos.y:f64;label:char[4];on:bool;v:f32[2]}"
        }
    }

    Component {
        id: readerComponent

        SharedSegment {
            // First, although it needs what follows.
            active: true
            access: SharedSegment.ReadOnly
        }
    }

    Component {
        id: modelComponent

        SharedArrayModel {
        }
    }

    Component {
        id: plainComponent

        SharedSegment {
        }
    }

    function make(component: Component, properties): QtObject {
        return createTemporaryObject(component, root, properties);
    }

    function contents(segment: SharedSegment): var {
        const model = make(modelComponent, {
                "segment": segment
            });
        return Array.from(new Float64Array(model.slice()));
    }

    function test_defaults() {
        const segment = make(plainComponent, {}) as SharedSegment;
        compare(segment.name, "");
        compare(segment.layout, "");
        compare(segment.capacity, 0);
        compare(segment.active, false);
        compare(segment.owner, false);
        compare(segment.state, SharedSegment.Closed);
        compare(segment.error, SharedSegment.NoError);
    }

    function test_propertiesInAnyOrder() {
        const name = helper.uniqueName();
        const owner = make(ownerComponent, {
                "name": name
            }) as SharedSegment;
        compare(owner.state, SharedSegment.Open, owner.errorString);
        verify(owner.isOwner);
        compare(owner.size, 32);
        const reader = make(readerComponent, {
                "name": name
            }) as SharedSegment;
        compare(reader.state, SharedSegment.Open);
        compare(reader.layout, "f64");
        compare(reader.capacity, 4);
    }

    function test_renamedWhileOpen() {
        const owner = make(ownerComponent, {
                "name": helper.uniqueName()
            }) as SharedSegment;
        const first = owner.instance;
        owner.name = helper.uniqueName();
        compare(owner.state, SharedSegment.Open);
        verify(owner.instance !== first);
        owner.layout = "i32";
        compare(owner.size, 16);
        owner.active = false;
        compare(owner.state, SharedSegment.Closed);
    }

    function test_writeWhole_data(): var {
        return [{
                "tag": "array",
                "value": [1, 2, 3, 4]
            }, {
                "tag": "Float64Array",
                "value": new Float64Array([1, 2, 3, 4])
            }, {
                "tag": "part of a buffer",
                "value": new Float64Array(new Float64Array([9, 1, 2, 3, 4, 9]).buffer, 8, 4)
            }, {
                "tag": "Int16Array",
                "value": new Int16Array([1, 2, 3, 4])
            }, {
                "tag": "Float32Array",
                "value": new Float32Array([1, 2, 3, 4])
            }, {
                "tag": "ArrayBuffer",
                "value": new Float64Array([1, 2, 3, 4]).buffer
            },];
    }

    function test_writeWhole(data) {
        const owner = make(ownerComponent, {
                "name": helper.uniqueName()
            }) as SharedSegment;
        verify(owner.write(data.value), owner.errorString);
        compare(owner.revision, 1);
        compare(contents(owner), [1, 2, 3, 4]);
    }

    function test_writeWholeRefused_data(): var {
        return [{
                "tag": "too short",
                "value": [1, 2, 3],
                "error": SharedSegment.InvalidSize
            }, {
                "tag": "too long",
                "value": [1, 2, 3, 4, 5],
                "error": SharedSegment.InvalidSize
            }, {
                "tag": "a text within",
                "value": [1, 2, "3", 4],
                "error": SharedSegment.InvalidValue
            }, {
                "tag": "a hole",
                "value": [1, , 3, 4],
                "error": SharedSegment.InvalidValue
            }, {
                "tag": "objects",
                "value": [{}, {}, {}, {}],
                "error": SharedSegment.InvalidValue
            }, {
                "tag": "typed, too short",
                "value": new Float64Array(3),
                "error": SharedSegment.InvalidSize
            }, {
                "tag": "buffer, too short",
                "value": new ArrayBuffer(31),
                "error": SharedSegment.InvalidSize
            }, {
                "tag": "number",
                "value": 5,
                "error": SharedSegment.InvalidValue
            }, {
                "tag": "text",
                "value": "1234",
                "error": SharedSegment.InvalidValue
            }, {
                "tag": "null",
                "value": null,
                "error": SharedSegment.InvalidValue
            }, {
                "tag": "undefined",
                "value": undefined,
                "error": SharedSegment.InvalidValue
            }, {
                "tag": "function",
                "value": () => 1,
                "error": SharedSegment.InvalidValue
            }, {
                "tag": "an impostor",
                "value": {
                    "constructor": {
                        "name": "Float64Array"
                    },
                    "buffer": new ArrayBuffer(8),
                    "byteOffset": 4,
                    "byteLength": 32,
                    "BYTES_PER_ELEMENT": 8
                },
                "error": SharedSegment.InvalidValue
            },];
    }

    function test_writeWholeRefused(data) {
        const owner = make(ownerComponent, {
                "name": helper.uniqueName()
            }) as SharedSegment;
        verify(!owner.write(data.value));
        compare(owner.error, data.error);
        verify(owner.errorString.length > 0);
        compare(owner.revision, 0);
        verify(owner.write([1, 2, 3, 4]));
        compare(owner.error, SharedSegment.NoError);
        compare(owner.errorString, "");
    }

    function test_writeOne() {
        const owner = make(ownerComponent, {
                "name": helper.uniqueName()
            }) as SharedSegment;
        verify(owner.write(2, 7.5));
        compare(contents(owner), [0, 0, 7.5, 0]);
        for (const index of [-1, 4, 0.5, NaN, Infinity, "1", null, undefined, {}]) {
            verify(!owner.write(index, 1), String(index));
            compare(owner.error, SharedSegment.InvalidSize);
        }
        for (const value of ["1", true, null, undefined, {}, [1]]) {
            verify(!owner.write(0, value), String(value));
            compare(owner.error, SharedSegment.InvalidValue);
        }
        compare(owner.revision, 1);
        owner.close();
        verify(!owner.write(0, 1));
        compare(owner.error, SharedSegment.NotFound);
        verify(!owner.write([1, 2, 3, 4]));
    }

    function test_writeStruct() {
        const owner = make(structComponent, {
                "name": helper.uniqueName()
            }) as SharedSegment;
        compare(owner.state, SharedSegment.Open, owner.errorString);
        const object = make(objectComponent, {
                "segment": owner,
                "index": 1
            }) as SharedObject;
        verify(owner.write(1, {
                    "id": -3,
                    "pos": {
                        "x": 1.5
                    },
                    "pos.y": 2.5,
                    "label": "abcd",
                    "on": true,
                    "v": new Float32Array([1, 2])
                }), owner.errorString);
        tryVerify(() => object.id_ === -3);
        compare(object.pos_x, 1.5);
        compare(object.pos_y, 2.5);
        compare(object.label, "abcd");
        compare(object.on, true);
        compare(object.v, [1, 2]);
        // What is not named stays.
        verify(owner.write(1, {
                    "pos_x": 9
                }));
        tryVerify(() => object.pos_x === 9);
        compare(object.label, "abcd");
        compare(owner.revision, 2);
        const refused = [{
                "id": 0.5
            }, {
                "id": 3000000000
            }, {
                "label": "abcde"
            }, {
                "on": 1
            }, {
                "v": [1]
            }, {
                "none": 1
            }, {
                "pos": 1
            }, 5, [1], "x", null,];
        for (const value of refused) {
            verify(!owner.write(1, value), JSON.stringify(value));
            compare(owner.error, SharedSegment.InvalidValue);
        }
        const circle = {};
        circle.pos = circle;
        verify(!owner.write(0, circle));
        compare(owner.revision, 2);
        const whole = {
            "id": 1,
            "pos": {
                "x": 1,
                "y": 2
            },
            "label": "",
            "on": false,
            "v": [0, 0]
        };
        verify(owner.write([whole, whole]), owner.errorString);
        verify(!owner.write([whole, {
                        "id": 1
                    }]));
        compare(owner.revision, 3);
    }

    Component {
        id: objectComponent

        SharedObject {
            property int id_
            property real pos_x
            property real pos_y
            property string label
            property bool on
            property var v
        }
    }

    function test_getterThatCloses() {
        const owner = make(structComponent, {
                "name": helper.uniqueName()
            }) as SharedSegment;
        const value = {};
        Object.defineProperty(value, "id", {
                "enumerable": true,
                "get": () => {
                    owner.close();
                    return 5;
                }
            });
        verify(!owner.write(0, value));
        verify(!owner.write([value, value]));
        compare(owner.state, SharedSegment.Closed);
    }

    function test_readerMayNotWrite() {
        const name = helper.uniqueName();
        helper.start(name, 8);
        const reader = make(readerComponent, {
                "name": name
            }) as SharedSegment;
        compare(reader.state, SharedSegment.Open);
        verify(!reader.write(0, 1));
        compare(reader.error, SharedSegment.PermissionDenied);
    }

    function test_createdAndDestroyedInALoop() {
        const name = helper.uniqueName();
        for (let i = 0; i < 50; ++i) {
            const owner = ownerComponent.createObject(root, {
                    "name": name
                }) as SharedSegment;
            compare(owner.state, SharedSegment.Open, owner.errorString);
            const model = modelComponent.createObject(root, {
                    "segment": owner
                }) as SharedArrayModel;
            compare(model.count, 4);
            verify(owner.write(3, i));
            if (i % 2 === 0) {
                owner.destroy();
                wait(0);
                compare(model.segment, null);
                model.destroy();
            } else {
                model.destroy();
                owner.destroy();
            }
            wait(0);
        }
    }
}
