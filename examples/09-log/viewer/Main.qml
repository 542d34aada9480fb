// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Layouts
import QtQuick.Window
import LogViewer
import SharedSegment

/// Window that shows the log, with a search.
Window {
    id: window

    property alias search: searchField.text
    readonly property alias found: list.count
    readonly property bool isLive: log.state === SharedSegment.Open
    readonly property string headline: {
        if (log.state === SharedSegment.Orphaned)
            return "The collector has ended";
        if (!isLive)
            return "Waiting for the collector";
        return lines.paused ? "Paused" : "Live";
    }

    function numberOf(count: real): string {
        return count.toLocaleString(Qt.locale("en"), "f", 0);
    }

    color: Theme.background
    height: 640
    minimumHeight: 320
    minimumWidth: 760
    title: "Log"
    visible: true
    width: 1120

    SharedSegment {
        id: log

        active: true
        name: "log/lines"
    }

    SharedStreamModel {
        id: lines

        limit: 5000
        segment: log
    }

    LogFilter {
        id: filter

        search: searchField.text
        sourceModel: lines
    }

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.margin
        spacing: Theme.padding

        RowLayout {
            Layout.fillHeight: false
            spacing: 10

            Search {
                id: searchField

                Layout.fillWidth: true
            }

            Button {
                isOn: filter.most === 7
                text: "All"
                onClicked: filter.most = 7
            }

            Button {
                isOn: filter.most === 4
                text: "Warnings"
                onClicked: filter.most = 4
            }

            Button {
                isOn: filter.most === 3
                text: "Errors"
                onClicked: filter.most = 3
            }

            Item {
                Layout.preferredWidth: Theme.padding
            }

            Button {
                isOn: list.follows
                text: "Follow"
                onClicked: list.follows = !list.follows
            }

            Button {
                isOn: lines.paused
                text: "Pause"
                onClicked: lines.paused = !lines.paused
            }
        }

        Rectangle {
            Layout.fillHeight: true
            Layout.fillWidth: true
            color: Theme.card
            radius: Theme.radius

            Lines {
                id: list

                anchors.fill: parent
                anchors.margins: 6
                model: filter
            }

            Label {
                anchors.centerIn: parent
                text: lines.count > 0 ? "No line contains that" : window.headline
                visible: list.count === 0
            }
        }

        RowLayout {
            Layout.fillHeight: false
            spacing: 10

            Rectangle {
                color: window.isLive && !lines.paused ? Theme.good : Theme.warning
                height: 10
                radius: 5
                width: 10
            }

            Label {
                Layout.fillWidth: true
                color: Theme.text
                text: window.headline
            }

            Label {
                // A log may be silent for good reasons, and each line has its time: no line is too old.
                text: `last line ${Math.floor(log.age / 1000)} s ago` // qmllint disable
                visible: log.age >= 0 // qmllint disable
            }

            Label {
                color: lines.skipped > 0 ? Theme.warning : Theme.quietText // qmllint disable
                text: `${window.numberOf(lines.skipped)} skipped` // qmllint disable
            }

            Label {
                text: `${window.numberOf(list.count)} of ${window.numberOf(lines.count)} lines`
            }
        }
    }
}
