// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Layouts
import PlantCockpit
import SharedSegment

/// The sensors, sorted by a click on a heading. A row stays with its sensor, whichever comes or goes.
Card {
    id: card

    readonly property var fields: ["place", "temperature", "battery"]

    component Cell: Label {
        required property int index
        required property string modelData

        Layout.fillWidth: index === 0
        Layout.preferredWidth: 20 * Theme.unit
        horizontalAlignment: index === 0 ? Text.AlignLeft : Text.AlignRight
    }

    SortedModel {
        id: sorted

        column: 1 // the first one is the id

        sourceModel: SharedArrayModel {
            key: "id"
            maximumRate: 4
            segment: card.segment
        }
    }

    RowLayout {
        Layout.fillHeight: false

        Repeater {
            model: card.fields

            Cell {
                id: heading

                readonly property bool isSorted: sorted.column === index + 1

                color: isSorted ? Theme.text : Theme.faint
                font.pixelSize: Theme.small
                objectName: "sortBy" + index
                text: (card.segment.metadata["fields"]?.[modelData].label ?? "") + (isSorted ? sorted.descending ? " ↓" : " ↑" : "")

                TapHandler {
                    onTapped: {
                        sorted.descending = heading.isSorted && !sorted.descending;
                        sorted.column = heading.index + 1;
                    }
                }
            }
        }
    }

    ListView {
        id: list

        Layout.fillHeight: true
        Layout.fillWidth: true
        activeFocusOnTab: true
        clip: true
        model: sorted
        objectName: "sensors"

        delegate: RowLayout {
            id: row

            required property var model

            height: 6.5 * Theme.unit
            width: ListView.view.width

            Repeater {
                model: card.fields

                Cell {
                    color: Theme.colorOf(row.model[modelData + "Level"], card.segment.stale)
                    text: row.model[modelData + "Text"]
                }
            }
        }
    }
}
