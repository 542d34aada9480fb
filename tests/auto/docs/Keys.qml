// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The list with a key in src/doc/changing-length.md, word for word.
import QtQuick
import SharedSegment

ListView {
    SharedSegment {
        id: sensors

        name: "sensors"
        active: true
    }

    model: SharedArrayModel {
        key: "id"
        segment: sensors
    }
    delegate: Text {
        required property real value

        height: 20
        text: value
    }
}
