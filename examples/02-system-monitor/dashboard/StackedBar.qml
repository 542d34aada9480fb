// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick

/// A bar of adjacent shares of a whole.
Rectangle {
    id: bar

    /// Each share is 0 to 1.
    required property list<real> shares
    required property list<color> colors

    function start(index: int): real {
        let sum = 0;
        for (let i = 0; i < index; ++i)
            sum += shares[i];
        return Math.min(sum, 1);
    }

    clip: true
    color: Theme.track
    radius: 3

    Repeater {
        model: bar.shares.length

        Rectangle {
            required property int index

            color: bar.colors[index]
            height: bar.height
            width: bar.width * Math.min(bar.shares[index], 1 - bar.start(index))
            x: bar.width * bar.start(index)
        }
    }
}
