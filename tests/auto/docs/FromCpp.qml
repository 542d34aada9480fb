// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The piece of src/doc/qml-reference.md that shows a segment created in C++.
import QtQuick
import SharedSegment

ListView {
    id: root

    required property SharedSegment segment

    model: SharedArrayModel { segment: root.segment }
    delegate: Text {
        required property double value

        text: value
    }
}
