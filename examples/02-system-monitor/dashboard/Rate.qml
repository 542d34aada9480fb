// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick

/// A rate in bytes per second, in a suitable unit.
Column {
    id: rate

    required property string text
    required property real value

    readonly property var units: ["B/s", "kB/s", "MB/s", "GB/s"]
    readonly property int power: Math.max(0, Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3)))
    readonly property real scaled: value / Math.pow(1000, power)

    Figure {
        text: rate.scaled.toFixed(rate.power > 0 && rate.scaled < 10 ? 1 : 0)
        unit: `${rate.units[rate.power]} ${rate.text}`
    }
}
