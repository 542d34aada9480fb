// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The pieces of QML about limits in src/doc/dashboards.md, word for word.
import QtQuick
import SharedSegment

Column {
    id: root

    readonly property alias boiler: boiler

    // The page omits the sizes.
    Component.onCompleted: {
        children[0].width = 300;
        children[0].height = 30;
        children[1].width = 300;
        children[1].height = 300;
    }

    // The owner is another program on the page.
    SharedSegment {
        name: "boiler"
        layout: "Boiler{pressure:f64;temperature:f64}"
        capacity: 1
        owner: true
        active: true
        metadata: ({
                fields: {
                    pressure: { unit: "bar", low: 1, high: 8, highHigh: 10, hysteresis: 0.5, delay: 200 },
                    temperature: { unit: "\u00b0C", high: 90 }
                }
            })
    }
    SharedSegment {
        id: boiler

        name: "boiler"
        active: true
        access: SharedSegment.ReadWrite
    }
    SharedSegment {
        id: pump

        name: "pump"
        active: true
    }
    SharedLimits {
        id: pressureLimits

        segment: boiler
        field: "pressure"
        highHigh: 9.5
    }
    Text {
        text: pressureLimits.level === SharedLimits.Normal ? "pressure normal" : "check the pressure"
        color: pressureLimits.level === SharedLimits.HighHigh ? "red" : "gray"
    }
    SharedAlarmModel {
        id: alarms

        sources: [boiler, pump]
    }
    ListView {
        model: alarms
        delegate: Text {
            required property var model

            font.bold: !model.acknowledged
            text: `${model.segmentName} ${model.label}: ${model.text}`

            TapHandler {
                onTapped: alarms.acknowledge(parent.model.index)
            }
        }
    }
    SharedSegment {
        id: sensors

        name: "sensors"
        active: true
    }
    SharedLimits {
        id: sensorLimits

        segment: sensors
        key: "id"
    }
    SharedAlarmModel {
        id: sensorAlarms

        sources: [sensorLimits]
    }
    SharedObject {
        id: boilerValues

        segment: boiler
    }
    Text {
        text: boilerValues.fields.pressure.text
        color: boilerValues.fields.pressure.level === SharedLimits.Normal ? "black" : "red"
    }
    Repeater {
        model: SharedArrayModel {
            segment: boiler
        }
        delegate: Text {
            required property string temperatureText
            required property int temperatureLevel

            text: temperatureText
            color: temperatureLevel === SharedLimits.Normal ? "black" : "red"
        }
    }
}
