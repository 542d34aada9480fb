// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Layouts

/// A part of the dashboard with a title; its children form a column below the title.
Rectangle {
    id: card

    required property string title
    default property alias content: column.data
    property alias corner: cornerRow.data

    color: Theme.card
    radius: Theme.radius

    ColumnLayout {
        id: column

        anchors.fill: parent
        anchors.margins: Theme.padding
        spacing: 0

        RowLayout {
            Layout.alignment: Qt.AlignTop
            Layout.fillHeight: false
            spacing: Theme.gutter

            Label {
                Layout.fillWidth: true
                color: Theme.text
                font.weight: Font.Medium
                text: card.title
            }

            Row {
                id: cornerRow

                spacing: Theme.gutter
            }
        }
    }
}
