// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick

/// Names and values, side by side.
Flow {
    id: root

    /// Pairs of a name and a value.
    required property var facts
    /// Whether the values are no longer live.
    property bool gone: false

    spacing: 2.5 * Theme.space

    Repeater {
        model: root.facts.length

        Column {
            id: fact

            required property int index
            readonly property var pair: root.facts[index] ?? ["", ""]

            Accessible.name: `${pair[0]}: ${pair[1]}`
            Accessible.role: Accessible.StaticText

            Label {
                color: Theme.faint
                font.pixelSize: Theme.small
                text: fact.pair[0]
            }

            Label {
                color: root.gone ? Theme.gone : Theme.text
                objectName: `fact ${fact.pair[0]}`
                text: fact.pair[1]
            }
        }
    }
}
