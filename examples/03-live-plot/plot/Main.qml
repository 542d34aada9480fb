// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Layouts
import QtQuick.Window
import SharedSegment

Window {
    id: window

    /// Name of the segment that holds the samples during a pause.
    required property string heldName

    /// Length of the newest part shown at the start, in seconds; 0 means all.
    property real shownSeconds: 0

    property bool paused: false
    readonly property bool open: signal.state === SharedSegment.Open
    readonly property bool hasSignal: open || signal.state === SharedSegment.Orphaned
    readonly property string headline: {
        if (paused)
            return "Paused";
        if (signal.state === SharedSegment.Orphaned)
            return "No longer updated";
        if (!open)
            return "Waiting for the generator";
        return signal.stale ? "The generator is silent" : "Live";
    }
    // The age is bound only while it is shown.
    readonly property string detail: {
        if (!signal.stale || signal.age < 0) // qmllint disable
            return "";
        return `, last samples ${Math.floor(signal.age / 1000)} s ago`; // qmllint disable
    }

    /// Copies the samples into a segment of its own, since the generator continues during a pause.
    function pause() {
        if (paused || !hasSignal)
            return;
        held.capacity = signal.capacity;
        held.active = true;
        if (held.write(samples.slice()))
            paused = true;
        else
            console.warn(held.errorString);
    }

    function proceed() {
        paused = false;
        held.active = false;
        held.close();
    }

    function togglePause() {
        if (paused)
            proceed();
        else
            pause();
    }

    color: Theme.background
    height: 800
    minimumHeight: 520
    minimumWidth: 860
    title: "Live plot"
    visible: true
    width: 1280

    // `active` opens the segments when the generator starts, and again after a restart.
    SharedSegment {
        id: signal

        objectName: "signal"

        active: true
        layout: "f32"
        name: "live-plot/signal"
    }

    SharedSegment {
        id: source

        active: true
        name: "live-plot/source"
    }

    SharedSegment {
        id: held

        bufferCount: 1
        layout: "f32"
        name: window.heldName
        owner: true
    }

    SharedObject {
        id: about

        property real rate: 44100
        property string title

        segment: source
    }

    SharedArrayModel {
        id: samples

        paused: true // only slice() is used
        segment: signal
    }

    Binding {
        property: "live"
        target: Theme
        value: !signal.stale
    }

    Shortcut {
        sequence: "Space"
        onActivated: window.togglePause()
    }

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.margin
        spacing: Theme.gutter

        RowLayout {
            Layout.fillHeight: false
            spacing: Theme.gutter

            Label {
                Layout.alignment: Qt.AlignBaseline
                color: Theme.text
                font.pixelSize: Theme.title
                text: about.title || "Live plot"
            }

            Label {
                Layout.alignment: Qt.AlignBaseline
                Layout.fillWidth: true
                text: `${about.rate.toLocaleString(Qt.locale("C"), "f", 0).replace(/,/g, " ")} samples a second`
                visible: window.hasSignal
            }

            Status {
                good: !signal.stale && !window.paused
                headline: window.headline + window.detail
            }

            Button {
                objectName: "pause"
                text: window.paused ? "Go on" : "Pause"
                onClicked: window.togglePause()
            }
        }

        Rectangle {
            Layout.fillHeight: true
            Layout.fillWidth: true
            color: Theme.card
            radius: Theme.radius

            Scope {
                id: scope

                anchors.fill: parent
                anchors.margins: Theme.padding
                anchors.bottomMargin: Theme.padding - 6
                objectName: "scope"
                rate: about.rate
                segment: window.paused ? held : signal
                shownSeconds: window.shownSeconds
            }
        }

        Rectangle {
            Layout.fillWidth: true
            Layout.preferredHeight: 120
            color: Theme.card
            radius: Theme.radius

            Overview {
                anchors.fill: parent
                anchors.bottomMargin: 14
                anchors.leftMargin: Theme.padding + 44
                anchors.rightMargin: Theme.padding
                anchors.topMargin: 14
                objectName: "overview"
                scope: scope
                segment: scope.segment
            }
        }

        Label {
            Layout.leftMargin: Theme.padding
            font.pixelSize: Theme.small
            text: "Wheel: zoom.  Drag: move.  Double click: all of it.  Space: pause."
        }
    }
}
