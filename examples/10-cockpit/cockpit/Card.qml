// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Layouts

/// A part of the page with a title; its children form a column below.
Rectangle {
    property alias title: heading.text
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
            }
        }
    }
}
