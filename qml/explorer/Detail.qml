// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import SharedSegment
import "fields.js" as Fields

/// The chosen segment: what it is, its values by its kind, the plots, and the lines that open it.
FocusScope {
    id: root

    property string name
    property alias registry: opened.registry
    /// The one of the name; not open without a name.
    property SharedSegment shared: none
    /// What the tree knows of it: pairs of a name and a value.
    property var facts: []
    readonly property bool isOpen: shared.state === SharedSegment.Open
    readonly property bool isStream: shared.kind === SharedSegment.Stream
    readonly property bool hasValues: isOpen || shared.state === SharedSegment.Orphaned
    readonly property string mediaType: shared.kind === SharedSegment.VariableArray && shared.layout === "u8"
        ? `${metadata.content ?? ""}` : ""
    readonly property bool isDocument: /^(application\/cbor|application\/json|text\/plain)\b/.test(mediaType)
    readonly property bool isPicture: /^image\/x-raw\b/.test(mediaType)
    readonly property var metadata: shared.metadata
    readonly property var fields: hasValues ? Fields.of(shared.layout, shared.metadata) : []
    readonly property var numbers: isDocument || isPicture ? []
        : fields.filter(field => field.isNumber && field.name !== shared.metadata.timeField)
    /// The views that fit, as pairs of a name and a title.
    readonly property var views: !hasValues ? [] : [
        isDocument ? ["document", qsTr("Document")] : isPicture ? ["picture", qsTr("Picture")]
            : isStream ? ["log", qsTr("Log")] : ["table", qsTr("Table")],
        numbers.length > 0 ? ["plot", qsTr("Plot")] : isDocument || isPicture ? ["table", qsTr("Bytes")] : null
    ].filter(view => view !== null)
    readonly property string view: views.some(view => view[0] === wanted) ? wanted : fitting()
    /// How often a table changes in a second: what is quicker cannot be read.
    readonly property int readableRate: 10
    /// The view that the user has chosen for this segment.
    property string wanted

    /// The view that says most about a segment of this kind.
    function fitting(): string {
        if (views.length === 0)
            return "";
        const isTimed = isStream && (shared.metadata.sampleRate > 0 || shared.metadata.timeField);
        const isCurve = !isStream && fields.length === 1 && shared.capacity >= 16;
        return numbers.length > 0 && (isTimed || isCurve) ? "plot" : views[0][0];
    }

    function toggle(field: var) {
        if (plots.isPlotted(name, field.name))
            plots.remove(name, field.name);
        else
            plot(field, false);
    }

    function plot(field: var, temporary: bool) {
        plots.add(Fields.groupOf(isStream, shared.metadata), name, field.name, temporary);
    }

    /// A plot that was chosen as a view is not empty.
    function fill() {
        plots.removeTemporary(name);
        if (view === "plot" && !plots.has(name))
            plot(numbers[0], true);
    }

    onNameChanged: {
        const before = shared;
        shared = name === "" ? none : opened.take(name);
        if (before !== none)
            opened.release(before.name);
        wanted = "";
        filling.restart();
    }
    onViewChanged: filling.restart()

    // After all that depends on the name has changed.
    Timer {
        id: filling

        interval: 0
        onTriggered: root.fill()
    }

    SharedSegment {
        id: none
    }

    Openings {
        id: opened
    }

    Column {
        id: head

        spacing: Theme.space / 2
        width: parent.width

        Label {
            color: root.isOpen ? Theme.text : Theme.gone
            elide: Text.ElideMiddle
            font.pixelSize: 20
            font.weight: Font.DemiBold
            objectName: "heading"
            text: root.shared.name
            width: parent.width
        }

        Label {
            color: root.isOpen ? Theme.faint : Theme.alarm
            objectName: "state"
            text: !root.hasValues ? root.shared.errorString || qsTr("no owner")
                : !root.isOpen ? qsTr("Its owner is gone; these are the last values.")
                : root.metadata.description || root.shared.layout
            width: parent.width
        }

        Item {
            height: Theme.space / 2
            width: 1
        }

        Facts {
            facts: root.facts
            gone: !root.isOpen
            width: parent.width
        }
    }

    Row {
        id: bar

        anchors.left: parent.left
        anchors.top: head.bottom
        anchors.topMargin: 2 * Theme.space
        height: Theme.row
        spacing: Theme.space / 2

        Repeater {
            model: root.views.length

            Button {
                required property int index
                readonly property string named: root.views[index]?.[0] ?? ""

                isOn: root.view === named
                objectName: `view ${named}`
                text: root.views[index]?.[1] ?? ""
                onClicked: root.wanted = named
            }
        }
    }

    Row {
        anchors.right: parent.right
        anchors.top: bar.top
        height: Theme.row
        spacing: Theme.space
        visible: root.view === "log" && values.item

        Label {
            color: Theme.faint
            height: parent.height
            objectName: "skipped"
            text: qsTr("%L1 skipped").arg(values.item?.model?.skipped ?? 0)
            visible: (values.item?.model?.skipped ?? 0) > 0
        }

        Button {
            isOn: values.isPaused
            objectName: "pause"
            text: values.isPaused ? qsTr("Go on") : qsTr("Pause")
            onClicked: values.isPaused = !values.isPaused
        }
    }

    FieldChips {
        id: chips

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: bar.bottom
        anchors.topMargin: Theme.space
        fields: root.numbers
        height: root.numbers.length > 0 ? implicitHeight : 0
        isPlotted: field => plots.isPlotted(root.name, field)
        onToggled: field => root.toggle(field)
    }

    Item {
        id: content

        anchors.bottom: lines.top
        anchors.bottomMargin: 2 * Theme.space
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: chips.bottom
        anchors.topMargin: Theme.space

        Loader {
            id: values

            property bool isPaused: false

            anchors.bottom: plots.top
            anchors.bottomMargin: plots.height > 0 ? Theme.space : 0
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: parent.top
            focus: true
            sourceComponent: root.view === "table" ? table : root.view === "log" ? log : root.view === "document" ? document
                : root.view === "picture" ? picture : null
            onSourceComponentChanged: isPaused = false
        }

        Plots {
            id: plots

            anchors.bottom: parent.bottom
            anchors.left: parent.left
            anchors.right: parent.right
            height: root.view === "plot" ? content.height : count > 0 || isTarget ? content.height * 0.5 : 0
            isTarget: chips.isDragging
            openings: opened
            visible: height > 0
            onDropped: field => root.plot(field, false)
        }
    }

    Component {
        id: table

        ElementTable {
            editable: root.isOpen && root.shared.multipleWriters
            emptyText: qsTr("The newest revision has no elements")
            fields: root.fields
            focus: true
            gone: root.shared.stale
            model: SharedArrayModel {
                maximumRate: root.readableRate
                segment: root.shared
            }
            name: root.name
            readOnlyReason: root.isOpen ? qsTr("Only its owner can write: it was created without multipleWriters.")
                : qsTr("Its owner is gone: nothing can be written.")
            registry: root.registry
        }
    }

    Component {
        id: log

        ElementTable {
            emptyText: qsTr("Nothing was appended yet")
            fields: root.fields
            focus: true
            follows: true
            gone: !root.isOpen
            model: SharedStreamModel {
                maximumRate: root.readableRate
                paused: values.isPaused
                segment: root.shared
            }
        }
    }

    Component {
        id: document

        DocumentView {
            gone: root.shared.stale
            segment: root.shared
        }
    }

    Component {
        id: picture

        PictureView {
            gone: root.shared.stale
            segment: root.shared
        }
    }

    OpenLines {
        id: lines

        anchors.bottom: parent.bottom
        name: root.shared.name
        width: parent.width
    }
}
