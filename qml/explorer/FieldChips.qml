// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick

/// The fields that can be plotted. A click plots one or removes it, and one can be dragged onto the plots.
Flickable {
    id: root

    /// The fields; see fields.js.
    required property var fields
    /// Tells whether a field is plotted.
    required property var isPlotted
    /// Whether one is being dragged.
    property bool isDragging: false

    signal toggled(field: var)

    clip: true
    contentHeight: flow.height
    implicitHeight: Math.min(flow.height, 2 * Theme.row + Theme.space)
    interactive: false // a drag is a chip's

    WheelHandler {
        property: "contentY"
    }

    Flow {
        id: flow

        spacing: Theme.space / 2
        width: root.width

        Repeater {
            model: root.fields.length

            Button {
                id: chip

                required property int index
                readonly property var field: root.fields[index] ?? { name: "", label: "" }

                isOn: root.isPlotted(field.name)
                objectName: `field ${field.name}`
                text: (isOn ? "✓ " : "+ ") + field.label
                onClicked: root.toggled(field)

                DragHandler {
                    id: drag

                    target: null
                    onCentroidChanged: {
                        // The last one is where the button was released.
                        if (active) {
                            const at = chip.mapToItem(null, centroid.position);
                            ghost.x = at.x - ghost.width / 2;
                            ghost.y = at.y - ghost.height / 2;
                        }
                    }
                    onActiveChanged: {
                        if (!active)
                            ghost.Drag.drop();
                        ghost.Drag.active = active;
                        root.isDragging = active;
                    }
                }

                // What follows the pointer, above everything.
                Rectangle {
                    id: ghost

                    readonly property var field: chip.field

                    Drag.hotSpot: Qt.point(width / 2, height / 2)
                    Drag.keys: ["field"]
                    color: Theme.accent
                    height: Theme.row
                    parent: chip.Window.contentItem
                    radius: Theme.space / 2
                    visible: drag.active
                    width: name.implicitWidth + 3 * Theme.space
                    z: 100

                    Label {
                        id: name

                        anchors.centerIn: parent
                        color: Theme.overAccent
                        text: chip.field.label
                    }
                }
            }
        }
    }
}
