// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Layouts
import QtQuick.Window
import SharedSegment

Window {
    id: window

    /// "light", "dark", or empty: as the system has it.
    property string theme

    color: Theme.background
    height: 800
    minimumHeight: 640
    minimumWidth: 1000
    title: station.metadata.description ?? "Cockpit" // qmllint disable
    visible: true
    width: 1280

    // `active` opens a segment when the plant starts, and again after a restart.
    SharedSegment { id: station; active: true; name: "plant/station" }
    SharedSegment { id: history; active: true; name: "plant/history" }
    SharedSegment { id: sensors; active: true; name: "plant/sensors" }
    SharedSegment { id: vibration; active: true; name: "plant/vibration" }
    SharedSegment { id: log; active: true; name: "plant/log" }

    SharedObject { id: figures; maximumRate: 4; segment: station } // faster figures are not readable
    SharedLimits { id: sensorLimits; key: "place"; segment: sensors } // an alarm stays with its sensor, whichever comes or goes
    SharedAlarmModel { id: alarms; sources: [station, sensorLimits] }

    Binding { target: Theme; property: "unit"; value: 4 * Math.min(window.width / 1280, window.height / 800) }
    Binding { target: Theme; property: "dark"; value: window.theme === "dark"; when: window.theme !== "" }

    GridLayout {
        anchors.fill: parent
        anchors.margins: 6 * Theme.unit
        columnSpacing: 4 * Theme.unit
        columns: 3
        rowSpacing: columnSpacing

        RowLayout {
            Layout.columnSpan: 3
            Layout.fillHeight: false
            spacing: 6 * Theme.unit

            Label {
                Layout.fillWidth: true
                color: Theme.text
                font.pixelSize: Theme.title
                text: window.title
            }

            Repeater {
                model: ["outside", "target", "pump"]

                Label {
                    required property string modelData
                    readonly property SharedField field: figures.fields[modelData]

                    color: Theme.colorOf(SharedLimits.Normal, station.stale)
                    text: `${field.label} ${field.text}`
                }
            }

            Status {
                segment: station
            }
        }

        RowLayout {
            Layout.columnSpan: 3
            Layout.fillHeight: false
            Layout.preferredHeight: 29 * Theme.unit
            spacing: 4 * Theme.unit

            Repeater {
                model: ["supply", "returned", "flow", "pressure", "output", "valve", "vibration"]

                Figure {
                    required property string modelData

                    field: figures.fields[modelData]
                    objectName: modelData
                    segment: station
                }
            }
        }

        Curves {
            Layout.columnSpan: 2
            segment: history

            SharedSeries { segment: history; field: "supply"; color: Theme.curve(0, history.stale); lineWidth: 2 }
            SharedSeries { segment: history; field: "returned"; color: Theme.curve(1, history.stale); lineWidth: 2 }
            SharedSeries { segment: history; field: "target"; color: Theme.curve(2, history.stale) }
        }

        Alarms {
            alarms: alarms
            segment: station
        }

        Curves {
            segment: vibration

            SharedSeries { segment: vibration; color: Theme.curve(1, vibration.stale); timeSpan: 2 }
        }

        Sensors {
            segment: sensors
        }

        Lines {
            segment: log
            stale: station.stale // a log itself may be silent for good reasons
        }
    }
}
