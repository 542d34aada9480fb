// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import SharedSegment

/// Name and state of a segment, and the age of its data.
Row {
    id: view

    required property SharedSegment segment

    readonly property bool open: segment.state === SharedSegment.Open
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
        const age = (Clock.now.getTime() - segment.updatedAt.getTime()) / 1000;
        if (isNaN(age))
            return "no data";
        return age < 1 ? "less than 1 s old" : `${Math.floor(age)} s old`;
    }

    leftPadding: Theme.padding
    spacing: 12

    Rectangle {
        color: view.open ? Theme.good : Theme.warning
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
            color: view.open ? Theme.quietText : Theme.warning
            font.pixelSize: Theme.small
            text: `${view.stateText}, ${view.ageText}`
        }
    }
}
