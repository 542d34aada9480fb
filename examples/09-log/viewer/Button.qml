// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick

/// A button with a text, which is lit while it is on.
Rectangle {
    id: button

    required property string text
    property bool isOn: false

    signal clicked

    color: isOn ? Theme.blue : Theme.raised
    height: 34
    implicitHeight: 34
    implicitWidth: label.implicitWidth + 2 * Theme.padding
    radius: Theme.radius

    Label {
        id: label

        anchors.centerIn: parent
        color: button.isOn ? Theme.background : Theme.text
        text: button.text
    }

    TapHandler {
        onTapped: button.clicked()
    }
}
