// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import SharedSegment

/// A part of the signal. The wheel zooms around the pointer, dragging moves, a double click shows everything.
Item {
    id: scope

    required property SharedSegment segment
    /// Samples per second.
    required property real rate
    /// Length of the newest part shown at the start, in seconds; 0 means all.
    property real shownSeconds: 0

    /// The shown part, in samples; always inside the signal.
    property int first: 0
    property int count: 0
    readonly property int total: segment.capacity
    readonly property int fewest: Math.min(32, total)

    /// Whether the pointer is over samples: one, or all samples of one column of pixels.
    readonly property bool hasReadout: pointer.containsMouse && total > 1 && !isNaN(low)
    readonly property int pointed: sampleAt(pointer.mouseX)
    readonly property int pointedCount: Math.max(1, Math.round(count / Math.max(1, plot.width)))
    property real low: NaN
    property real high: NaN
    readonly property alias readoutText: readout.text

    function show(newFirst: real, newCount: real) {
        count = Math.round(Math.max(fewest, Math.min(newCount, total)));
        first = Math.round(Math.max(0, Math.min(newFirst, total - count)));
    }

    function showAll() {
        show(0, total);
    }

    function showNewest() {
        const wanted = shownSeconds > 0 ? shownSeconds * rate : total;
        show(total - wanted, wanted);
    }

    function sampleAt(x: real): int {
        return first + Math.round(Math.max(0, Math.min(1, x / Math.max(1, plot.width))) * (count - 1));
    }

    /// Zooms around `x`, whose sample keeps its place.
    function zoom(x: real, factor: real) {
        const share = x / Math.max(1, plot.width);
        const under = first + share * (count - 1);
        const newCount = Math.round(Math.max(fewest, Math.min(count * factor, total)));
        show(under - share * (newCount - 1), newCount);
    }

    function read() {
        low = total > 0 ? samples.minimum(pointed, pointedCount) : NaN;
        high = total > 0 ? samples.maximum(pointed, pointedCount) : NaN;
    }

    onPointedChanged: read()
    onPointedCountChanged: read()
    onSegmentChanged: read()
    Component.onCompleted: showNewest()
    // Another generator may use another capacity. A pause keeps the capacity.
    onTotalChanged: showNewest()

    SharedArrayModel {
        id: samples

        segment: scope.segment
    }

    TimeAxis {
        anchors.fill: plot
        from: (scope.total - scope.first) / scope.rate
        to: (scope.total - scope.first - scope.count) / scope.rate
        visible: scope.total > 1
    }

    Repeater {
        model: [1, 0.5, 0, -0.5, -1]

        Rectangle {
            id: mark

            required property real modelData

            color: Theme.line
            height: 1
            width: plot.width
            x: plot.x
            y: plot.y + Math.round((1 - modelData) / 2 * plot.height)

            Label {
                anchors.right: parent.left
                anchors.rightMargin: 12
                anchors.verticalCenter: parent.verticalCenter
                font.pixelSize: Theme.small
                text: mark.modelData.toString().replace("-", "−")
            }
        }
    }

    SharedPlot {
        id: plot

        objectName: "plot"

        anchors.bottomMargin: 28
        anchors.fill: parent
        anchors.leftMargin: 44
        autoScale: false
        axesVisible: false
        cursorEnabled: false
        gridVisible: false
        maximum: 1
        minimum: -1
        panEnabled: false
        zoomEnabled: false

        SharedSeries {
            color: Theme.signal
            count: scope.count
            fill: Qt.alpha(Theme.signal, 0.14)
            first: scope.first
            lineWidth: scope.count < 2 * plot.width ? 2 : 1
            segment: scope.segment
            onRevisionChanged: scope.read()
        }

        Readout {
            id: readout

            height: parent.height
            high: scope.high
            highY: (1 - Math.max(-1, Math.min(1, high))) / 2 * plot.height
            low: scope.low
            lowY: (1 - Math.max(-1, Math.min(1, low))) / 2 * plot.height
            seconds: (scope.total - 1 - scope.pointed) / scope.rate
            visible: scope.hasReadout
            x: scope.count > 1 ? Math.round((scope.pointed - scope.first) / (scope.count - 1) * plot.width) : 0
        }

        MouseArea {
            id: pointer

            property real grabbedAt: 0
            property int grabbedFirst: 0

            anchors.fill: parent
            cursorShape: pressed ? Qt.ClosedHandCursor : Qt.CrossCursor
            hoverEnabled: true
            onDoubleClicked: scope.showAll()
            onPositionChanged: mouse => {
                if (pressed)
                    scope.show(grabbedFirst + (grabbedAt - mouse.x) / width * scope.count, scope.count);
            }
            onPressed: mouse => {
                grabbedAt = mouse.x;
                grabbedFirst = scope.first;
            }
            // One notch of the wheel is 120 and zooms by a factor of about 1.4.
            onWheel: wheel => scope.zoom(wheel.x, Math.pow(2, -wheel.angleDelta.y / 240))
        }
    }
}
