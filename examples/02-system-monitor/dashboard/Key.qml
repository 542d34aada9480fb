// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick

/// Legend entry: a colour and its meaning.
Row {
    id: key

    required property string text
    required property color color

    spacing: 7

    Rectangle {
        anchors.verticalCenter: parent.verticalCenter
        color: key.color
        height: 10
        radius: 2
        width: 10
    }

    Label {
        font.pixelSize: Theme.small
        text: key.text
    }
}
