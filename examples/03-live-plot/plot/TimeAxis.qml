// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick

/// Lines at round times, labelled with the time before the newest sample.
Item {
    id: axis

    /// Limits of the axis, in seconds before the newest sample.
    required property real from
    required property real to

    readonly property real span: from - to
    readonly property real step: stepFor(span)
    readonly property int newestMark: Math.ceil(to / step - 1e-9)
    // Computes its own step, since the binding of the shared step may not be updated yet and its old value may be very
    // small.
    readonly property int count: {
        const ownStep = stepFor(from - to);
        const number = Math.floor(from / ownStep + 1e-9) - Math.ceil(to / ownStep - 1e-9) + 1;
        return Math.max(0, Math.min(number, 12)) || 0;
    }

    /// Returns the round step that divides `seconds` into about eight.
    function stepFor(seconds: real): real {
        if (!(seconds > 0 && seconds < Infinity))
            return 1;
        const rough = seconds / 8;
        const power = Math.pow(10, Math.floor(Math.log10(rough)));
        return ([1, 2, 5].find(factor => factor * power >= rough) ?? 10) * power;
    }

    function label(seconds: real): string {
        if (seconds < step / 2)
            return Theme.live ? "now" : "last";
        if (step >= 0.1)
            return `−${seconds.toFixed(step < 1 ? 1 : 0)} s`;
        return `−${(seconds * 1000).toFixed(Math.max(0, -Math.floor(Math.log10(step * 1000) + 1e-9)))} ms`;
    }

    Repeater {
        model: axis.count

        Rectangle {
            id: mark

            required property int index
            readonly property real seconds: (axis.newestMark + index) * axis.step

            color: Theme.line
            height: axis.height
            width: 1
            x: Math.round((axis.from - seconds) / axis.span * axis.width)

            Label {
                anchors.top: parent.bottom
                anchors.topMargin: 8
                font.pixelSize: Theme.small
                text: axis.label(mark.seconds)
                // The outer labels stay within the width of the plot.
                x: Math.max(-mark.x, Math.min(axis.width - mark.x - width, -width / 2))
            }
        }
    }
}
