// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick
import SharedSegment

/// Binds the properties whose types QML does not have.
Item {
    id: root

    readonly property real capacity: segment.capacity
    readonly property date at: segment.updatedAt
    readonly property int segmentState: segment.state
    readonly property int segmentKind: segment.kind
    readonly property var metadata: segment.metadata
    readonly property string registry: segment.registry
    readonly property bool valid: object.valid
    readonly property SharedField field: object.fields.used
    readonly property bool isHigh: field.level === SharedLimits.High
    readonly property string fieldText: field.text
    readonly property var fieldLimit: field.high
    readonly property real revision: segment.revision
    readonly property real pid: segment.ownerPid
    readonly property real bytes: segment.size
    readonly property real age: segment.age
    readonly property bool stale: segment.stale
    readonly property int staleAfter: segment.staleAfter
    readonly property real r2: model.revision
    readonly property real r3: object.revision
    readonly property real r4: series.revision
    readonly property real r5: stream.revision
    readonly property real skipped: stream.skipped
    readonly property int rows: stream.count
    readonly property int nameCount: names.count
    readonly property real r6: document.revision
    readonly property date documentAt: document.updatedAt
    readonly property var documentValue: document.value
    readonly property real r7: image.revision
    readonly property size imageSize: image.sourceSize
    readonly property string imageTexts: image.pixelFormat + image.errorString
    readonly property bool imageStale: image.stale
    readonly property bool isHigh: limits.level === SharedLimits.High && !limits.acknowledged && limits.count > 0
    readonly property int alarmCount: alarms.count + alarms.omitted + alarms.unacknowledged
    readonly property bool isKnown: alarms.level !== SharedLimits.Unknown
    Text { text: segment.revision }
    Text { text: `${segment.ownerPid}` }
    Text { text: `${segment.sourceUpdatedAt}`; visible: segment.source === SharedSegment.NotReachable }
    Text { text: segment.ownerPid; visible: segment.revision > 0 }

    SharedSegment {
        id: segment

        property real count
        property date time

        name: "x"
        capacity: 4
        externalOffset: 8
        onUpdated: revision => {
            count = revision.number + revision.count + revision.timestamp;
            time = revision.toDateTime();
            time = revision.sourceTimestamp > 0 ? revision.toSourceDateTime() : time;
        }
    }
    SharedArrayModel { id: model; segment: segment }
    SharedRegistryModel { id: names; registry: "x"; tree: true; keepClosed: true; filter: "x" }
    SharedStreamModel { id: stream; segment: segment; limit: 5; paused: false; maximumRate: 10 }
    SharedObject { id: object; segment: segment }
    SharedPlot {
        id: plot

        autoScale: plot.series.length > 0
        minimum: 1
        maximum: 0
        axesVisible: gridVisible && panEnabled && zoomEnabled && cursorEnabled
        xLabel: yLabel
        textColor: "black"
        gridColor: textColor
        font.pixelSize: 12
        xMinimum: 0
        xMaximum: legend.rowCount()
        cursorX: 0
        cursorVisible: !following

        SharedSeries {
            id: series

            color: "red"
            count: 5
            field: "value"
            fill: "transparent"
            first: 1
            label: "Value"
            lineWidth: 2
            maximumRate: 10
            paused: false
            sampleRate: 100
            segment: segment
            style: SharedSeries.Bars
            timeField: ""
            timeSpan: 10
            unit: "V"
        }
    }
    SharedImage { id: image; segment: segment; fillMode: SharedImage.PreserveAspectFit; mirror: true; smooth: false }
    SharedDocument { id: document; segment: segment; value: ({ a: [1] }); paused: false }
    SharedLimits { id: limits; segment: segment; field: "x"; index: 1; key: "x"; high: 5; delay: 3; maximumRate: 10 }
    SharedAlarmModel { id: alarms; sources: [segment, limits]; limit: 10 }
}
