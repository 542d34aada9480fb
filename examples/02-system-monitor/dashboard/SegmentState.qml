// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import SharedSegment

/// Name and state of a segment, and the age of its data.
Row {
    id: view

    required property SharedSegment segment

    readonly property string stateText: {
        switch (segment.state) {
        case SharedSegment.Waiting:
            return "waiting";
        case SharedSegment.Open:
            return "open";
        case SharedSegment.Orphaned:
            return "orphaned";
        default:
            return "closed";
        }
    }
    readonly property string ageText: {
        const seconds = Math.floor(Number(segment.age) / 1000);
        if (seconds < 0)
            return "no data";
        return seconds < 1 ? "less than 1 s old" : `${seconds} s old`;
    }

    leftPadding: Theme.padding
    spacing: 12

    Rectangle {
        color: view.segment.stale ? Theme.warning : Theme.good
        height: 10
        radius: 5
        width: 10
        y: name.y + (name.height - height) / 2
    }

    Column {
        spacing: 2

        Label {
            id: name

            color: Theme.text
            font.pixelSize: Theme.small
            text: view.segment.name
        }

        Label {
            color: view.segment.stale ? Theme.warning : Theme.quietText
            font.pixelSize: Theme.small
            text: `${view.stateText}, ${view.ageText}`
        }
    }
}
