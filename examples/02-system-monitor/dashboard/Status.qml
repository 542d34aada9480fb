// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import SharedSegment

/// The heading, and a sentence about whether the figures are current.
Item {
    id: status

    required property string heading
    required property list<SharedSegment> segments

    readonly property bool orphaned: has(SharedSegment.Orphaned)
    readonly property bool missing: has(SharedSegment.Waiting) || has(SharedSegment.Closed)
    /// Whether none of the figures is old.
    readonly property bool live: Array.from(segments).every(segment => !segment.stale)

    readonly property string headline: {
        if (live)
            return "Live";
        if (orphaned)
            return "No longer updated";
        if (missing)
            return "Waiting for the sampler";
        return oldest() < 0 ? "Waiting for the first data" : "The sampler is silent";
    }
    // The age is bound only while it is shown.
    readonly property string detail: live || oldest() < 0 ? "" : `last data ${Math.floor(oldest() / 1000)} s old`

    /// Age of the oldest data in ms; -1 if some is missing.
    function oldest(): real {
        const ages = Array.from(segments).map(segment => Number(segment.age));
        return Math.min(...ages) < 0 ? -1 : Math.max(...ages);
    }

    function has(state: int): bool {
        for (let i = 0; i < segments.length; ++i) {
            if (segments[i].state === state)
                return true;
        }
        return false;
    }

    Label {
        anchors.verticalCenter: parent.verticalCenter
        color: Theme.text
        font.pixelSize: Theme.title
        text: status.heading
    }

    Rectangle {
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        color: status.live ? "transparent" : Theme.warning
        height: parent.height
        radius: Theme.radius
        width: sentence.width + (status.live ? 0 : 2 * Theme.padding)

        Row {
            id: sentence

            anchors.right: parent.right
            anchors.rightMargin: status.live ? 0 : Theme.padding
            anchors.verticalCenter: parent.verticalCenter
            spacing: 12

            Rectangle {
                anchors.verticalCenter: parent.verticalCenter
                color: status.live ? Theme.good : Theme.warningText
                height: 12
                radius: 6
                width: 12
            }

            Label {
                color: status.live ? Theme.text : Theme.warningText
                font.pixelSize: status.live ? Theme.normal : 21
                font.weight: status.live ? Font.Normal : Font.Bold
                text: status.headline + (status.detail && ",")
            }

            Label {
                color: Theme.warningText
                font.pixelSize: 21
                text: status.detail
                visible: status.detail !== ""
            }
        }
    }
}
