// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import SharedSegment
import "fields.js" as Fields

/// The editor of one cell. It alone opens the segment for writing, for as long as it is there.
Rectangle {
    id: root

    required property string name
    required property string registry
    required property int row
    required property int column
    /// The field of the column; see fields.js.
    required property var field
    required property string before
    /// Why nothing was written.
    property string problem

    /// Emitted once, when the value is written or the user has cancelled.
    signal finished

    function commit() {
        // A second Enter, or the loss of the focus that follows.
        if (!input.enabled)
            return;
        if (input.text === before)
            return cancel();
        if (segment.state !== SharedSegment.Open)
            return refuse(segment.errorString || qsTr("\"%1\" has no owner any more").arg(name));
        if (!elements.setData(elements.index(row, column), Fields.parse(field, input.text, Qt.locale()), Qt.EditRole))
            return refuse(segment.errorString);
        cancel();
    }

    function refuse(problem: string) {
        root.problem = problem;
        input.selectAll();
    }

    function cancel() {
        input.enabled = false;
        finished();
    }

    border.color: problem === "" ? Theme.accent : Theme.alarm
    border.width: 2
    color: Theme.window
    radius: 2
    z: 1
    Component.onCompleted: {
        input.text = before;
        input.forceActiveFocus();
        input.selectAll();
    }

    SharedSegment {
        id: segment

        access: SharedSegment.ReadWrite
        active: true
        name: root.name
        registry: root.registry
        onErrorOccurred: {} // the text is shown
    }

    SharedArrayModel {
        id: elements

        segment: segment
    }

    TextInput {
        id: input

        Accessible.name: qsTr("Value of %1").arg(root.field.label)
        anchors.fill: parent
        anchors.leftMargin: Theme.space
        anchors.rightMargin: Theme.space
        clip: true
        color: Theme.text
        font.pixelSize: Theme.size
        horizontalAlignment: root.field.isWord ? TextInput.AlignLeft : TextInput.AlignRight
        objectName: "editor"
        selectByMouse: true
        selectionColor: Theme.accent
        verticalAlignment: TextInput.AlignVCenter
        // Not onAccepted: after that, the key would go on to the table.
        Keys.onEnterPressed: root.commit()
        Keys.onEscapePressed: root.cancel()
        Keys.onReturnPressed: root.commit()
        onActiveFocusChanged: {
            if (!activeFocus && enabled)
                root.cancel();
        }
    }
}
