// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import SharedSegment

/// Binds the properties whose types QML does not have.
Item {
    id: root

    readonly property real length: segment.length
    readonly property date at: segment.updatedAt
    readonly property int segmentState: segment.state
    readonly property bool valid: object.valid
    readonly property real revision: segment.revision
    readonly property real pid: segment.ownerPid
    readonly property real bytes: segment.size
    readonly property real r2: model.revision
    readonly property real r3: object.revision
    readonly property real r4: plot.revision
    Text { text: segment.revision }
    Text { text: `${segment.ownerPid}` }
    Text { text: segment.ownerPid; visible: segment.revision > 0 }

    SharedSegment { id: segment; name: "x" }
    SharedArrayModel { id: model; segment: segment }
    SharedObject { id: object; segment: segment }
    SharedArrayPlot { id: plot; segment: segment }
}
