// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import SharedSegment

/// The heading, and a sentence about whether the figures are current.
Item {
    id: status

    required property string heading
    required property list<SharedSegment> segments

    /// Age of the newest data in seconds; -1 without data.
    readonly property int age: {
        let newest = -1;
        for (let i = 0; i < segments.length; ++i)
            newest = Math.max(newest, segments[i].updatedAt.getTime() || -1);
        return newest < 0 ? -1 : Math.max(0, Math.floor((Clock.now.getTime() - newest) / 1000));
    }
    readonly property bool orphaned: has(SharedSegment.Orphaned)
    readonly property bool missing: has(SharedSegment.Waiting) || has(SharedSegment.Closed)
    readonly property bool silent: age >= 2
    readonly property bool live: !orphaned && !missing && !silent && age >= 0

    readonly property string headline: {
        if (orphaned)
            return "No longer updated";
        if (missing)
            return "Waiting for the sampler";
        if (age < 0)
            return "Waiting for the first data";
        return silent ? "The sampler is silent" : "Live";
    }
    readonly property string detail: age < 0 || live ? "" : `last data ${age} s old`

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
