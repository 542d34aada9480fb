// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import SharedSegment

/// An entry of a plot's legend. A click or Space hides or shows its series, Delete removes it.
Item {
    id: root

    required property color color
    required property string label
    required property var model
    required property SharedSeries series
    required property bool shown
    required property bool stale
    required property string text
    /// Whether the plot shows more than one segment, so that a field's name does not say enough.
    property bool severalSegments: false
    readonly property string segmentName: series?.segment?.name ?? ""

    signal removed

    function toggle() {
        model.shown = !shown;
    }

    Accessible.name: `${segmentName} ${label} ${text}`
    Accessible.role: Accessible.CheckBox
    Accessible.checked: shown
    Accessible.onPressAction: toggle()
    activeFocusOnTab: true
    implicitHeight: Theme.row - 4
    implicitWidth: content.width + 2 * Theme.space
    objectName: `entry ${label}`
    Keys.onDeletePressed: removed()
    Keys.onSpacePressed: toggle()

    Rectangle {
        anchors.fill: parent
        border.color: root.activeFocus ? Theme.accent : "transparent"
        border.width: 2
        color: hover.hovered ? Theme.field : Theme.side
        radius: Theme.space / 2
    }

    Row {
        id: content

        height: parent.height
        spacing: Theme.space
        x: Theme.space

        Rectangle {
            anchors.verticalCenter: parent.verticalCenter
            color: root.shown && !root.stale ? root.color : Theme.gone
            height: 3
            radius: 1.5
            width: 14
        }

        Label {
            color: root.shown && !root.stale ? Theme.text : Theme.gone
            font.strikeout: !root.shown
            height: parent.height
            text: root.severalSegments ? `${root.segmentName.split("/").pop()} · ${root.label}` : root.label
        }

        Label {
            color: root.stale ? Theme.gone : Theme.faint
            height: parent.height
            horizontalAlignment: Text.AlignRight
            objectName: `legend ${root.label}`
            text: root.text
            // It only grows, so that the entries do not move with each number.
            width: widest
            property real widest: 0
            onImplicitWidthChanged: widest = Math.max(widest, Math.ceil(implicitWidth))
        }

        Label {
            Accessible.name: qsTr("Remove %1 from the plot").arg(root.label)
            Accessible.role: Accessible.Button
            Accessible.onPressAction: root.removed()
            color: over.hovered ? Theme.alarm : Theme.faint
            height: parent.height
            objectName: `remove ${root.label}`
            text: "✕"

            HoverHandler {
                id: over
            }

            TapHandler {
                gesturePolicy: TapHandler.ReleaseWithinBounds
                onTapped: root.removed()
            }
        }
    }

    HoverHandler {
        id: hover
    }

    TapHandler {
        onTapped: root.toggle()
    }
}
