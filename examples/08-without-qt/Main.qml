// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

import QtQuick
import SharedSegment

Window {
    id: root

    readonly property bool isLive: !history.stale
    readonly property color ink: "#e8eaed"
    readonly property color faint: "#8a9099"

    color: "#14171c"
    height: 420
    title: "Lateness"
    visible: true
    width: 760

    SharedSegment {
        id: history

        active: true
        name: "lateness/history"
    }

    SharedObject {
        id: summary

        property real median
        property real wakeUps
        property real worst

        segment: SharedSegment {
            active: true
            name: "lateness/summary"
        }
    }

    component Figure: Column {
        id: figure

        property string caption
        property string text

        spacing: 2

        Text {
            color: root.faint
            font.pixelSize: 13
            text: figure.caption
        }

        Text {
            color: root.isLive ? root.ink : root.faint
            font.pixelSize: 26
            text: figure.text
        }
    }

    Text {
        id: heading

        anchors.left: parent.left
        anchors.margins: 24
        anchors.top: parent.top
        color: root.ink
        font.pixelSize: 18
        text: "How late a sleeper is woken"
    }

    Row {
        id: status

        anchors.right: parent.right
        anchors.rightMargin: 24
        anchors.verticalCenter: heading.verticalCenter
        spacing: 8

        Rectangle {
            anchors.verticalCenter: parent.verticalCenter
            color: root.isLive ? "#4cc38a" : "#e5a13a"
            height: 10
            radius: 5
            width: 10
        }

        Text {
            color: root.faint
            font.pixelSize: 13
            text: {
                if (history.state === SharedSegment.Orphaned)
                    return "the daemon has ended; this was its last";
                if (history.state !== SharedSegment.Open || history.age < 0) // qmllint disable
                    return "waiting for the daemon";
                return root.isLive ? "live" : `the daemon is silent; this is ${Math.floor(history.age / 1000)} s old`; // qmllint disable
            }
        }
    }

    Row {
        id: figures

        anchors.left: heading.left
        anchors.top: heading.bottom
        anchors.topMargin: 18
        spacing: 48

        Figure {
            caption: "median of the last 25"
            text: `${summary.median.toFixed(0)} µs`
        }

        Figure {
            caption: "worst since its start"
            text: `${summary.worst.toFixed(0)} µs`
        }

        Figure {
            caption: "wake-ups"
            text: summary.wakeUps.toLocaleString(Qt.locale("en"), "f", 0)
        }
    }

    Rectangle {
        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.margins: 24
        anchors.right: parent.right
        anchors.top: figures.bottom
        color: "#1b1f26"
        radius: 6

        SharedPlot {
            id: plot

            anchors.fill: parent
            anchors.margins: 12
            anchors.rightMargin: 64
            autoScale: true
            axesVisible: false
            cursorEnabled: false
            gridVisible: false
            opacity: root.isLive ? 1 : 0.7
            panEnabled: false
            zoomEnabled: false

            SharedSeries {
                color: root.isLive ? "#6aa9ff" : "#5a6470"
                lineWidth: 1.2
                segment: history
            }
        }

        Text {
            anchors.right: parent.right
            anchors.rightMargin: 12
            anchors.top: plot.top
            color: root.faint
            font.pixelSize: 12
            text: `${plot.maximum.toFixed(0)} µs`
        }

        Text {
            anchors.bottom: plot.bottom
            anchors.right: parent.right
            anchors.rightMargin: 12
            color: root.faint
            font.pixelSize: 12
            text: `${plot.minimum.toFixed(0)} µs`
        }
    }
}
