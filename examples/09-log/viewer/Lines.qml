// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick

/// The lines of the log. While `follows` is on, the newest one stays in view; scrolling up turns that off, and scrolling to
/// the end on again.
ListView {
    id: list

    property bool follows: true

    function showEnd() {
        if (follows)
            positionViewAtEnd();
    }

    boundsBehavior: Flickable.StopAtBounds
    clip: true
    pixelAligned: true

    delegate: Line {
        width: list.width
    }

    onFollowsChanged: showEnd()
    onHeightChanged: settled.restart()
    onMovementEnded: follows = atYEnd
    onMovementStarted: follows = false

    // The number of lines does not change when as many go as come.
    Connections {
        function onRowsInserted() {
            settled.restart();
        }

        target: list.model
    }

    // After the view has its new lines.
    Timer {
        id: settled

        interval: 0

        onTriggered: list.showEnd()
    }

    Rectangle {
        anchors.right: parent.right
        color: Theme.line
        height: Math.max(list.visibleArea.heightRatio * list.height, 24)
        radius: 3
        visible: list.visibleArea.heightRatio < 1
        width: 6
        y: list.visibleArea.yPosition * list.height
    }
}
