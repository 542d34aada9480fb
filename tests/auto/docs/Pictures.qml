// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The piece of QML in src/doc/text-and-pictures.md, word for word.
import QtQuick
import SharedSegment

Item {
    SharedSegment {
        id: camera

        name: "camera"
        active: true
    }

    SharedImage {
        segment: camera
        fillMode: SharedImage.PreserveAspectFit
        opacity: stale ? 0.4 : 1
    }
}
