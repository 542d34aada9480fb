// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import SharedSegment

/// Processor load: a figure for the present, a line for the past.
Rectangle {
    id: card

    required property SharedSegment segment

    readonly property real revision: segment.revision // qmllint disable
    readonly property int samplesPerSecond: 20
    /// Number of samples since the sampler started, at most the capacity of the segment.
    readonly property int sampleCount: Math.max(2, Math.min(revision, samples.count))
    readonly property int firstSample: Math.max(0, samples.count - sampleCount)
    readonly property bool hasData: revision > 0

    color: Theme.card
    radius: Theme.radius

    SharedArrayModel {
        id: samples

        /// Highest load in percent. The argument `updatedAt` makes bindings evaluate this again with each revision.
        function highest(first: int, count: int, updatedAt: date): int {
            const share = maximum(first, count);
            return isNaN(share) ? 0 : Math.round(share * 100);
        }

        maximumRate: Theme.figureRate
        segment: card.segment
    }

    Label {
        id: title

        anchors.left: parent.left
        anchors.leftMargin: Theme.padding
        anchors.top: parent.top
        anchors.topMargin: Theme.padding
        color: Theme.text
        font.weight: Font.Medium
        text: "Processor load"
    }

    Figure {
        anchors.left: title.left
        anchors.leftMargin: -6 // the left bearing of a digit
        anchors.verticalCenter: chart.verticalCenter
        pixelSize: Theme.huge
        text: samples.highest(samples.count - 1, 1, samples.updatedAt).toString()
        unit: "%"
        unitPixelSize: Theme.large
        visible: card.hasData
    }

    Label {
        anchors.left: title.left
        anchors.verticalCenter: chart.bottom
        text: `highest ${samples.highest(card.firstSample, card.sampleCount, samples.updatedAt)} %`
        visible: card.hasData
    }

    Item {
        id: chart

        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.padding + 24
        anchors.left: parent.left
        anchors.leftMargin: 381
        anchors.right: parent.right
        anchors.rightMargin: Theme.padding
        anchors.top: parent.top
        anchors.topMargin: Theme.padding + 8

        Repeater {
            model: [100, 50, 0]

            Item {
                id: mark

                required property int modelData

                width: parent.width
                y: Math.round(parent.height * (1 - modelData / 100))

                Rectangle {
                    color: Theme.line
                    height: 1
                    width: parent.width
                }

                Label {
                    anchors.right: parent.left
                    anchors.rightMargin: 12
                    anchors.verticalCenter: parent.verticalCenter
                    font.pixelSize: Theme.small
                    text: mark.modelData + " %"
                }
            }
        }

        SharedPlot {
            anchors.fill: parent
            autoScale: false
            axesVisible: false
            cursorEnabled: false
            gridVisible: false
            maximum: 1
            minimum: 0
            panEnabled: false
            visible: card.hasData
            zoomEnabled: false

            SharedSeries {
                color: Theme.blue
                count: card.sampleCount
                fill: Qt.alpha(Theme.blue, 0.16)
                first: card.firstSample
                lineWidth: 2
                segment: card.segment
            }
        }

        Label {
            anchors.left: parent.left
            anchors.top: parent.bottom
            anchors.topMargin: 8
            font.pixelSize: Theme.small
            text: `${Math.round(card.sampleCount / card.samplesPerSecond)} s ago`
            visible: card.hasData
        }

        Label {
            anchors.right: parent.right
            anchors.top: parent.bottom
            anchors.topMargin: 8
            font.pixelSize: Theme.small
            text: Theme.live ? "now" : "last data"
            visible: card.hasData
        }
    }
}
