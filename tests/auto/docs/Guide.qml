// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The pieces of QML in src/doc/dashboards.md, word for word.
import QtQuick
import SharedSegment

Column {
    id: root

    width: 400
    height: 400

    // The page omits sizes.
    Component.onCompleted: {
        for (let i = 0; i < children.length; ++i) {
            children[i].width = width;
            children[i].height = height / 9;
        }
    }

    SharedSegment {
        id: memorySegment

        name: "guide/memory"
        active: true
    }

    SharedSegment {
        id: processors

        name: "guide/processors"
        active: true
    }

    SharedSegment {
        id: samples

        name: "guide/samples"
        active: true
        staleAfter: 2000 // ms
    }

    SharedSegment {
        id: acceleration

        name: "guide/acceleration"
        active: true
    }

    SharedSegment {
        id: pressure

        externalName: "pressure"
        layout: "f64"
        capacity: 4096
        pollingInterval: 33
        active: true
    }

    SharedSegment {
        id: segment

        name: "guide/nobody"
        active: true
    }

    SharedArrayModel {
        id: model

        segment: samples
    }

    SharedObject {
        id: memory

        property real used
        property real total

        segment: memorySegment
    }

    Text {
        text: `${Math.round(100 * memory.used / memory.total)} %`
    }

    Text {
        text: `${memory.fields.used.label}: ${memory.fields.used.text} of ${memory.fields.used.maximum}`
    }

    ListView {
        model: SharedArrayModel {
            segment: processors
        }
        delegate: Text {
            required property string loadText

            text: loadText
        }
    }

    ListView {
        model: SharedArrayModel {
            segment: processors
        }
        delegate: Text {
            required property double load
            required property int index

            text: `CPU ${index}: ${Math.round(load)} %`
        }
    }

    SharedPlot {
        SharedSeries {
            segment: samples
            color: "steelblue"
            lineWidth: 2
        }
    }

    SharedPlot {
        SharedSeries {
            segment: acceleration
            field: "x"
            timeSpan: 10
        }
        SharedSeries {
            segment: acceleration
            field: "y"
            color: "orange"
            timeSpan: 10
        }
    }

    Text {
        text: `mean ${model.revision, model.mean().toFixed(1)}` // naming the revision makes the binding follow it
    }

    Text {
        text: samples.age < 0 ? "no value" : `${(samples.age / 1000).toFixed(1)} s ago`
        color: samples.stale ? "gray" : "black"
    }

    Rectangle {
        visible: segment.state !== SharedSegment.Open
        color: "darkred"
    }
}
