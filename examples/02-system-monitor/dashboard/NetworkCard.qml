// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Layouts
import SharedSegment

/// What comes in and goes out.
Card {
    id: card

    required property SharedSegment segment

    title: "Network"

    Repeater {
        model: SharedArrayModel {
            maximumRate: Theme.figureRate
            segment: card.segment
        }

        ColumnLayout {
            id: network

            required property real received
            required property real sent

            spacing: 0

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
}
