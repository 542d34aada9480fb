// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Templates as T

/// One setpoint with a field and a slider.
Rectangle {
    id: control

    required property int index
    required property string name
    required property string unit
    required property real value
    required property real minimum
    required property real maximum

    signal changed(real value)

    function change(wanted: real) {
        changed(Math.max(minimum, Math.min(wanted, maximum)));
    }

    color: Theme.card
    radius: Theme.radius

    Label {
        id: title

        color: Theme.text
        elide: Text.ElideRight
        font.weight: Font.Medium
        text: control.name
        width: parent.width - 2 * Theme.padding
        x: Theme.padding
        y: Theme.padding
    }

    NumberField {
        id: field

        anchors.bottom: slider.top
        anchors.bottomMargin: 14
        font.pixelSize: Theme.large
        font.weight: Font.Light
        objectName: `field ${control.index}`
        value: control.value
        x: Theme.padding - 2 // the left bearing of a digit
        onEntered: number => control.change(number)
    }

    Label {
        anchors.baseline: field.baseline
        anchors.left: field.right
        anchors.leftMargin: 6
        text: control.unit
    }

    Rectangle {
        anchors.left: field.left
        anchors.leftMargin: 2
        anchors.right: slider.right
        anchors.top: field.bottom
        color: Theme.blue
        height: 1
        visible: field.activeFocus
    }

    T.Slider {
        id: slider

        anchors.bottom: least.top
        anchors.bottomMargin: 6
        from: control.minimum
        height: 26
        objectName: `slider ${control.index}`
        stepSize: 0.1
        to: control.maximum
        width: parent.width - 2 * Theme.padding
        x: Theme.padding

        background: Rectangle {
            color: Theme.raised
            height: 6
            radius: 3
            width: slider.width
            y: (slider.height - height) / 2

            Rectangle {
                color: Theme.blue
                height: parent.height
                radius: 3
                width: slider.handle.x + slider.handle.width / 2
            }
        }
        handle: Rectangle {
            border.color: Theme.card
            border.width: 3
            color: slider.pressed || slider.visualFocus ? Theme.blue : Theme.figure
            height: 26
            radius: 13
            width: 26
            x: slider.visualPosition * (slider.width - width)
        }

        onMoved: control.change(Math.round(value * 10) / 10)
    }

    // A change by another process does not move the handle while the user drags it.
    Binding {
        property: "value"
        restoreMode: Binding.RestoreNone
        target: slider
        value: control.value
        when: !slider.pressed
    }

    Label {
        id: least

        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.padding - 6
        anchors.left: slider.left
        font.pixelSize: Theme.small
        text: control.minimum.toString().replace("-", "−")
    }

    Label {
        anchors.bottom: least.bottom
        anchors.right: slider.right
        font.pixelSize: Theme.small
        text: control.maximum.toString().replace("-", "−")
    }
}
