// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Layouts
import QtQuick.Window
import SharedSegment

/// Window of the process that owns the setpoints, with sliders and fields.
Window {
    id: window

    readonly property string headline: setpoints.isOwner ? "Shared" : "Another panel has them"
    readonly property bool owns: setpoints.isOwner

    /// Publishes the initial setpoints of a new segment.
    function fill() {
        if (setpoints.isOwner && Number(setpoints.revision) === 0) // qmllint disable
            setpoints.write([{
                        "name": "Oven",
                        "unit": "°C",
                        "value": 180,
                        "minimum": 20,
                        "maximum": 250
                    }, {
                        "name": "Cold room",
                        "unit": "°C",
                        "value": 4.5,
                        "minimum": -20,
                        "maximum": 12
                    }, {
                        "name": "Humidity",
                        "unit": "%",
                        "value": 62,
                        "minimum": 0,
                        "maximum": 100
                    }, {
                        "name": "Mixer",
                        "unit": "rpm",
                        "value": 320,
                        "minimum": 0,
                        "maximum": 1200
                    }, {
                        "name": "Proofing time",
                        "unit": "min",
                        "value": 95,
                        "minimum": 0,
                        "maximum": 240
                    }, {
                        "name": "Conveyor",
                        "unit": "m/min",
                        "value": 3.2,
                        "minimum": 0,
                        "maximum": 8
                    }]);
    }

    color: Theme.background
    height: 640
    minimumHeight: 520
    minimumWidth: 800
    title: "Setpoints: panel"
    visible: true
    width: 1120

    SharedSegment {
        id: setpoints

        active: true
        layout: "Setpoint{name:char[24];unit:char[8];value:f64;minimum:f64;maximum:f64}"
        capacity: 6
        name: "setpoints"
        owner: true
        multipleWriters: true
        Component.onCompleted: window.fill()
        onOpened: window.fill()
    }

    Binding {
        property: "live"
        target: Theme
        value: window.owns
    }

    SharedArrayModel {
        id: model

        segment: setpoints
    }

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.margin
        spacing: Theme.gutter

        RowLayout {
            Layout.fillHeight: false
            spacing: Theme.gutter

            Label {
                Layout.fillWidth: true
                color: Theme.text
                font.pixelSize: Theme.title
                text: "Bakery"
            }

            Status {
                good: window.owns
                headline: window.headline
            }
        }

        Grid {
            id: grid

            Layout.fillHeight: true
            Layout.fillWidth: true
            columns: 3
            spacing: Theme.gutter

            Repeater {
                model: model

                Control {
                    height: (grid.height - grid.spacing) / 2
                    width: (grid.width - 2 * grid.spacing) / 3
                    onChanged: value => setpoints.write(index, {
                                "value": value
                            })
                }
            }
        }

        Label {
            Layout.fillWidth: true
            Layout.preferredHeight: implicitHeight
            color: Theme.warning
            font.pixelSize: Theme.small
            text: setpoints.errorString
            visible: text !== ""
        }
    }
}
