// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Layouts
import PlantCockpit
import SharedSegment

/// The log, the newest line at the top.
Card {
    id: card

    property bool stale: false

    ListView {
        Layout.fillHeight: true
        Layout.fillWidth: true
        activeFocusOnTab: true
        clip: true
        objectName: "log"

        model: SortedModel {
            descending: true

            sourceModel: SharedStreamModel {
                limit: 200
                segment: card.segment
            }
        }

        delegate: RowLayout {
            id: line

            required property var model

            height: 6.5 * Theme.unit
            width: ListView.view.width

            Label {
                Layout.preferredWidth: 18 * Theme.unit
                color: card.stale ? Theme.stale : Theme.faint
                text: Qt.formatTime(line.model.time, "hh:mm:ss")
            }

            Label {
                Layout.fillWidth: true
                color: card.stale ? Theme.stale : [Theme.danger, Theme.warning][line.model.level - 3] ?? Theme.text
                text: line.model.text
            }
        }
    }
}
