// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import SharedSegment

/// The whole signal with a mark of the part shown above; dragging moves the mark.
Item {
    id: overview

    required property SharedSegment segment
    required property Scope scope

    readonly property real perSample: width / Math.max(1, scope.total)

    SharedPlot {
        anchors.fill: parent
        autoScale: false
        axesVisible: false
        cursorEnabled: false
        gridVisible: false
        maximum: 1
        minimum: -1
        panEnabled: false
        zoomEnabled: false

        SharedSeries {
            color: Qt.alpha(Theme.signal, 0.75)
            segment: overview.segment
        }
    }

    // Dims the parts outside the mark.
    Rectangle {
        color: Qt.alpha(Theme.card, 0.72)
        height: parent.height
        width: part.x
    }

    Rectangle {
        anchors.left: part.right
        anchors.right: parent.right
        color: Qt.alpha(Theme.card, 0.72)
        height: parent.height
    }

    Rectangle {
        id: part

        border.color: Qt.alpha(Theme.text, 0.5)
        border.width: 1
        color: Qt.alpha(Theme.text, 0.04)
        height: parent.height
        radius: 3
        visible: overview.scope.count < overview.scope.total
        width: Math.max(4, overview.scope.count * overview.perSample)
        x: Math.min(overview.width - width, overview.scope.first * overview.perSample)
    }

    MouseArea {
        function moveTo(x: real) {
            overview.scope.show(x / overview.perSample - overview.scope.count / 2, overview.scope.count);
        }

        anchors.fill: parent
        onPositionChanged: mouse => moveTo(mouse.x)
        onPressed: mouse => moveTo(mouse.x)
        onWheel: wheel => overview.scope.zoom(overview.scope.width / 2, Math.pow(2, -wheel.angleDelta.y / 240))
    }
}
