// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The list of names in src/doc/dashboards.md, word for word.
import QtQuick
import SharedSegment

Item {
    id: root

    // The page omits the size.
    Component.onCompleted: children[0].anchors.fill = root

    ListView {
        model: SharedRegistryModel {
            filter: "plant"
            keepClosed: true
        }
        delegate: Text {
            required property bool closed
            required property string fullName
            required property string owner
            required property var rate

            color: closed ? "gray" : "black"
            text: `${fullName} of ${owner}` + (rate === undefined ? "" : `, ${Math.round(rate)} per second`)
        }
    }
}
