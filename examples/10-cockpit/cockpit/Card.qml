// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Layouts
import SharedSegment

/// A part of the page. Its title is the description of its segment; its children form a column below.
Rectangle {
    id: card

    property SharedSegment segment
    property string title: segment?.metadata.description ?? "" // qmllint disable
    property alias heading: heading
    property alias corner: corner.data
    default property alias content: column.data

    Layout.fillHeight: true
    Layout.fillWidth: true
    Layout.preferredHeight: 1
    Layout.preferredWidth: 1
    color: Theme.card
    radius: 2 * Theme.unit

    ColumnLayout {
        id: column

        anchors.fill: parent
        anchors.margins: 4 * Theme.unit
        spacing: 3 * Theme.unit

        RowLayout {
            id: corner

            Layout.fillHeight: false
            spacing: 4 * Theme.unit

            Label {
                id: heading

                Layout.fillWidth: true
                color: Theme.text
                font.weight: Font.Medium
                text: card.title
            }
        }
    }
}
