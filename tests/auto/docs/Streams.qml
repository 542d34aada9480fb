// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The piece of QML in src/doc/streams.md, word for word.
import QtQuick
import SharedSegment

Item {
    id: root

    // The page omits the size.
    Component.onCompleted: children[0].anchors.fill = root

    SharedSegment { id: samples; name: "samples"; active: true }
    ListView {
        model: SharedStreamModel { segment: samples; limit: 1000 }
        delegate: Text {
            required property real position
            required property real value
            text: position + ": " + value
        }
    }
}
