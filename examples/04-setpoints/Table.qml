// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Layouts
import QtQuick.Window
import SharedSegment

/// Window that shows and edits the setpoints of the panel.
Window {
    id: window

    readonly property bool open: setpoints.state === SharedSegment.Open
    readonly property string headline: {
        if (setpoints.state === SharedSegment.Orphaned)
            return "The panel is gone";
        return open ? "Shared" : "Waiting for the panel";
    }
    // Setpoints hold until they are changed: while the panel lives, they are never too old.
    readonly property string detail: {
        if (!setpoints.stale || setpoints.age < 0) // qmllint disable
            return "";
        return `, last change ${Math.floor(setpoints.age / 1000)} s ago`; // qmllint disable
    }
    /// Reason why the last input was rejected.
    property string refusal

    function enter(row: int, column: int, text: string) {
        const index = model.index(row, column);
        const number = Number(text.replace(",", ".").replace("−", "-"));
        if (column > 1 && (text.trim() === "" || isNaN(number))) {
            refusal = `“${text}” is not a number.`;
            return;
        }
        if (column === 2) {
            const least = model.data(model.index(row, 3));
            const most = model.data(model.index(row, 4));
            if (number < least || number > most) {
                refusal = `${model.data(model.index(row, 0))} takes ${least} to ${most}.`;
                return;
            }
        }
        if (model.setData(index, column > 1 ? number : text))
            refusal = "";
        else
            refusal = setpoints.errorString || `“${text}” does not fit there.`;
    }

    color: Theme.background
    height: 560
    minimumHeight: 400
    minimumWidth: 720
    title: "Setpoints: table"
    visible: true
    width: 960

    SharedSegment {
        id: setpoints

        access: SharedSegment.ReadWrite
        active: true
        name: "setpoints"
    }

    Binding {
        property: "live"
        target: Theme
        value: !setpoints.stale
    }

    SharedArrayModel {
        id: model

        segment: setpoints
    }

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.margin
        spacing: Theme.gutter

        RowLayout {
            Layout.fillHeight: false
            spacing: Theme.gutter

            Label {
                Layout.fillWidth: true
                color: Theme.text
                font.pixelSize: Theme.title
                text: "Setpoints"
            }

            Status {
                good: window.open
                headline: window.headline + window.detail
            }
        }

        Rectangle {
            Layout.fillHeight: true
            Layout.fillWidth: true
            color: Theme.card
            radius: Theme.radius

            Row {
                id: header

                height: 44
                visible: table.rows > 0

                Repeater {
                    model: ["Name", "Unit", "Value", "Minimum", "Maximum"]

                    Label {
                        required property int index
                        required property string modelData

                        font.pixelSize: Theme.small
                        height: header.height
                        horizontalAlignment: index > 1 ? Text.AlignRight : Text.AlignLeft
                        leftPadding: Theme.padding
                        rightPadding: Theme.padding
                        text: modelData
                        verticalAlignment: Text.AlignVCenter
                        width: table.widthOf(index)
                    }
                }
            }

            TableView {
                id: table

                function widthOf(column: int): real {
                    return width * [0.28, 0.15, 0.19, 0.19, 0.19][column];
                }

                anchors.bottom: parent.bottom
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.top: header.bottom
                boundsBehavior: Flickable.StopAtBounds
                clip: true
                columnWidthProvider: column => widthOf(column)
                model: model

                delegate: Cell {
                    editable: window.open
                    onEntered: text => window.enter(row, column, text)
                }

                onWidthChanged: forceLayout()
            }
        }

        Label {
            Layout.leftMargin: Theme.padding
            color: window.refusal ? Theme.warning : Theme.quietText
            font.pixelSize: Theme.small
            text: window.refusal || "Click a cell and type. Enter takes it, Escape does not."
        }
    }
}
