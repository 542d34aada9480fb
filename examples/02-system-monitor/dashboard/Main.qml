// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Layouts
import QtQuick.Window
import SharedSegment

Window {
    id: window

    property string heading
    readonly property int preferredWidth: 1280
    readonly property alias headline: status.headline

    color: Theme.background
    height: 800
    minimumHeight: 640
    minimumWidth: 1024
    title: heading
    visible: true
    width: preferredWidth

    // `active` opens the segments when the sampler starts, and again after a restart.
    SharedSegment {
        id: cpu

        active: true
        name: "monitor/cpu"
    }

    SharedSegment {
        id: memory

        active: true
        name: "monitor/memory"
    }

    SharedSegment {
        id: network

        active: true
        name: "monitor/network"
    }

    SharedSegment {
        id: load

        active: true
        name: "monitor/load"
    }

    Binding {
        property: "live"
        target: Theme
        value: status.live
    }

    ColumnLayout {
        id: wall

        /// Width of one of four columns at the preferred window width; the layouts keep the proportions.
        readonly property int columnWidth: (window.preferredWidth - 2 * Theme.margin - 3 * Theme.gutter) / 4

        anchors.fill: parent
        anchors.margins: Theme.margin
        spacing: Theme.gutter

        Status {
            id: status

            Layout.fillWidth: true
            Layout.preferredHeight: 48
            heading: window.heading
            segments: [cpu, memory, network, load]
        }

        LoadCard {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.preferredHeight: 340
            segment: load
        }

        RowLayout {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.preferredHeight: 220
            spacing: Theme.gutter

            Card {
                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.preferredWidth: 2 * wall.columnWidth + Theme.gutter
                title: "Processors"

                corner: [
                    Key {
                        color: Theme.blue
                        text: "programs"
                    },
                    Key {
                        color: Theme.violet
                        text: "kernel"
                    },
                    Key {
                        color: Theme.rose
                        text: "stolen"
                    }
                ]

                ProcessorBars {
                    Layout.fillHeight: true
                    Layout.fillWidth: true
                    Layout.topMargin: 12
                    segment: cpu
                }
            }

            MemoryCard {
                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.preferredWidth: wall.columnWidth
                segment: memory
            }

            NetworkCard {
                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.preferredWidth: wall.columnWidth
                segment: network
            }
        }

        RowLayout {
            Layout.fillHeight: false
            spacing: Theme.gutter

            Repeater {
                model: [cpu, memory, network, load]

                SegmentState {
                    required property SharedSegment modelData

                    Layout.fillWidth: true
                    Layout.preferredWidth: wall.columnWidth
                    segment: modelData
                }
            }
        }
    }
}
