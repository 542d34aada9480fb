// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Layouts
import SharedSegment

/// Received and sent bytes per second.
Card {
    id: card

    required property SharedSegment segment

    title: "Network"

    SharedObject {
        id: network

        property real received
        property real sent

        maximumRate: Theme.figureRate
        segment: card.segment
    }

    ColumnLayout {
        spacing: 0
        visible: card.segment.capacity > 0

        Rate {
            Layout.fillHeight: true
            Layout.topMargin: 18
            text: "received"
            value: network.received
        }

        Rate {
            text: "sent"
            value: network.sent
        }
    }
}
