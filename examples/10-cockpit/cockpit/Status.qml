// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import SharedSegment

/// Says whether the page is current, and if not, how old it is.
Rectangle {
    id: status

    required property SharedSegment segment

    readonly property bool isLive: !segment.stale
    readonly property string headline: {
        if (isLive)
            return "Live";
        if (segment.state === SharedSegment.Orphaned)
            return "The plant has ended";
        return segment.state === SharedSegment.Open ? "The plant is silent" : "Waiting for the plant";
    }
    // The age is bound only while it is shown.
    readonly property string detail: isLive || segment.age < 0 ? "" : `, ${Math.floor(segment.age / 1000)} s` // qmllint disable

    color: isLive ? Theme.card : Theme.warning
    implicitHeight: 9 * Theme.unit
    implicitWidth: row.width + 8 * Theme.unit
    radius: 2 * Theme.unit

    Row {
        id: row

        anchors.centerIn: parent
        spacing: 2 * Theme.unit

        Rectangle {
            anchors.verticalCenter: parent.verticalCenter
            color: status.isLive ? Theme.good : Theme.warningText
            height: width
            radius: width / 2
            width: Math.round(2.5 * Theme.unit)
        }

        Label {
            color: status.isLive ? Theme.text : Theme.warningText
            font.weight: status.isLive ? Font.Normal : Font.Bold
            text: status.headline + status.detail
        }
    }
}
