// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

import QtQuick
import SharedSegment

Window {
    width: 320
    height: 120
    visible: true
    title: "Weather"

    SharedSegment {
        id: segment

        name: "weather"
        active: true
    }

    SharedObject {
        id: weather

        property real temperature
        property real humidity
        property string station

        segment: segment
    }

    Text {
        anchors.centerIn: parent
        font.pixelSize: 20
        text: segment.state === SharedSegment.Open
            ? `${weather.station}: ${weather.temperature.toFixed(1)} °C, ${weather.humidity.toFixed(0)} %`
            : "no station"
    }
}
