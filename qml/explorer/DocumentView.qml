// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import SharedSegment

/// A document, as indented text.
Flickable {
    id: root

    property alias segment: document.segment
    property bool gone: false
    /// A longer text is cut, which keeps the window quick.
    readonly property int mostCharacters: 200000
    readonly property string whole: typeof document.value === "string" ? document.value
        : JSON.stringify(document.value, null, 2) ?? ""

    boundsBehavior: Flickable.StopAtBounds
    clip: true
    contentHeight: content.height
    contentWidth: Math.max(width, content.implicitWidth)

    SharedDocument {
        id: document

        maximumRate: 10
    }

    TextEdit {
        id: content

        Accessible.name: qsTr("Document")
        color: root.gone ? Theme.gone : Theme.text
        font.family: Theme.fixed
        font.pixelSize: Theme.size
        objectName: "document"
        padding: Theme.space
        readOnly: true
        selectByMouse: true
        selectionColor: Theme.accent
        text: document.errorString !== "" && root.whole === "" ? document.errorString
            : root.whole.length <= root.mostCharacters ? root.whole
            : root.whole.slice(0, root.mostCharacters) + qsTr("\n… cut here; \"sharedsegment dump\" prints all of it")
        textFormat: TextEdit.PlainText
    }
}
