// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The piece of QML in src/doc/changing-length.md, word for word.
import QtQuick
import SharedSegment

ListView {
    property alias segment: peaks

    SharedSegment {
        id: peaks

        name: "peaks"
        layout: "f64"
        kind: SharedSegment.VariableArray
        capacity: 256
        owner: true
        active: true
    }

    TapHandler {
        onTapped: peaks.write([0.5, 0.25, 1.5])
    }

    model: SharedArrayModel { segment: peaks }
    delegate: Text {
        required property double value

        text: value
    }
}
