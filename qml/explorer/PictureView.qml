// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import SharedSegment

/// The newest picture, and its size and format.
Item {
    id: root

    property alias segment: picture.segment
    property bool gone: false

    Label {
        id: about

        color: picture.errorString !== "" ? Theme.alarm : root.gone ? Theme.gone : Theme.faint
        height: Theme.row
        objectName: "picture text"
        text: picture.errorString !== "" ? picture.errorString
            : picture.sourceSize.width > 0 ? `${picture.sourceSize.width} × ${picture.sourceSize.height}, ${picture.pixelFormat}`
            : qsTr("Nothing was published yet")
        width: parent.width
    }

    // The whole picture, as large as it is, or as the view is.
    SharedImage {
        id: picture

        readonly property real scaling: Math.min(1, parent.width / Math.max(1, sourceSize.width),
            (parent.height - about.height - Theme.space) / Math.max(1, sourceSize.height))

        Accessible.name: qsTr("Picture")
        Accessible.role: Accessible.Graphic
        anchors.top: about.bottom
        anchors.topMargin: Theme.space
        height: sourceSize.height * scaling
        objectName: "picture"
        opacity: root.gone ? 0.4 : 1
        width: sourceSize.width * scaling
    }

    // The edge of a picture in the colour of the window.
    Rectangle {
        anchors.fill: picture
        anchors.margins: -1
        border.color: Theme.line
        color: "transparent"
        visible: picture.sourceSize.width > 0
        z: -1
    }
}
