// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

import QtQuick
import SharedSegment

// Ends well once the four numbers of the segment have come through the model.
Item {
    id: root

    property real sum: 0
    property int seen: 0

    function add(value: real) {
        sum += value;
        seen += 1;
    }

    Timer {
        interval: 0
        running: root.seen > 0 && root.seen === telemetry.capacity
        onTriggered: Qt.exit(telemetry.layout === "f64" && root.sum === 4.5 ? 0 : 4)
    }

    SharedSegment {
        id: telemetry

        name: "consumer/qml"
        active: true
    }

    Repeater {
        model: SharedArrayModel {
            segment: telemetry
        }

        delegate: Item {
            required property double value

            Component.onCompleted: root.add(value)
        }
    }
}
