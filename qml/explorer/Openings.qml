// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import SharedSegment

/// The segments that are open for reading: each name once, since each opening takes a listener's slot of its owner.
QtObject {
    id: root

    property string registry
    /// By name: the segment, and how many show it.
    readonly property var entries: new Map()
    property Component opening: Component {
        SharedSegment {
            active: true
            registry: root.registry
            onErrorOccurred: {} // its row in the tree and its grey lines say so
        }
    }

    /// Returns the segment of this name, which stays open until each take() has its release().
    function take(name: string): SharedSegment {
        if (!entries.has(name))
            entries.set(name, { segment: opening.createObject(root, { name: name }), uses: 0 });
        const entry = entries.get(name);
        ++entry.uses;
        return entry.segment;
    }

    function release(name: string) {
        const entry = entries.get(name);
        if (--entry.uses > 0)
            return;
        entries.delete(name);
        entry.segment.destroy();
    }
}
