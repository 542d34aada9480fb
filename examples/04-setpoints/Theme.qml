// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
pragma Singleton
import QtQuick

/// Colours, sizes and font. While `live` is false, old data is grey.
QtObject {
    property bool live: true

    readonly property color background: "#0b0e13"
    readonly property color card: "#131820"
    readonly property color raised: "#212935"
    readonly property color line: "#2a3340"

    readonly property color text: "#eef2f7"
    readonly property color quietText: "#98a4b5"

    readonly property color blue: live ? "#58b4ff" : "#77828f"
    readonly property color figure: live ? text : "#a3adb9"
    readonly property color good: "#4fd1a1"
    readonly property color warning: "#ffb84d"
    readonly property color warningText: "#1c1300"

    readonly property int margin: 40
    readonly property int gutter: 20
    readonly property int padding: 24
    readonly property int radius: 10

    readonly property int small: 14
    readonly property int normal: 17
    readonly property int title: 24
    readonly property int large: 44

    /// Font families with digits of equal width, so that changing figures do not move.
    readonly property string family: {
        const installed = Qt.fontFamilies();
        return ["Roboto", "Noto Sans", "DejaVu Sans"].find(name => installed.includes(name)) ?? "sans-serif";
    }
}
