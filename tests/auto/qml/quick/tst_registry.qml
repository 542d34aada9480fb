// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import QtTest
import SharedSegment

Item {
    id: root

    readonly property var helper: peers // qmllint disable unqualified

    width: 600
    height: 400

    Component {
        id: ownerComponent

        SharedSegment {
            active: true
            capacity: 4
            layout: "f64"
            owner: true
        }
    }

    TreeView {
        id: tree

        anchors.fill: parent
        columnWidthProvider: column => 50
        model: SharedRegistryModel {
            id: model

            filter: "tree/"
            keepClosed: true
            tree: true
        }
        delegate: Text {
            id: cell

            required property bool closed
            required property int column
            required property int depth
            required property bool expanded
            required property bool isTreeNode
            required property bool hasChildren
            required property TreeView treeView
            required property string name
            required property var rate

            color: closed ? "gray" : "black"
            objectName: column === 0 ? name : ""
            text: column === 0 ? name : rate === undefined ? "" : `${rate}`
        }
    }

    TestCase {
        name: "Registry"
        when: windowShown

        function test_tree() {
            compare(tree.rows, 0);
            const first = ownerComponent.createObject(root, { name: "tree/a" });
            const second = ownerComponent.createObject(root, { name: "tree/folder/b" });
            tryCompare(tree, "rows", 1);
            tree.expand(0);
            tryCompare(tree, "rows", 3);
            compare(model.count, 2);
            tree.expand(2);
            tryCompare(tree, "rows", 4);
            tryVerify(() => findChild(tree, "b") !== null);
            verify(!findChild(tree, "b").closed);
            // Its row stays.
            second.destroy();
            tryVerify(() => findChild(tree, "b").closed);
            first.destroy();
            tryVerify(() => findChild(tree, "a").closed);
            model.removeClosed();
            tryCompare(tree, "rows", 0);
        }

        function test_killed() {
            root.helper.start("tree/killed", 8);
            tryVerify(() => model.indexOf("tree/killed").valid);
            tree.expand(0);
            tryVerify(() => findChild(tree, "killed") !== null);
            // The delegate's binding asks for it.
            tryVerify(() => findChild(tree, "killed").rate === 0);
            root.helper.kill();
            tryVerify(() => findChild(tree, "killed").closed);
            model.keepClosed = false;
            tryCompare(tree, "rows", 0);
            model.keepClosed = true;
        }
    }
}
