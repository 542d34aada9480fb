// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
pragma Singleton
import QtQuick

/// Colours, sizes and font.
QtObject {
    readonly property color background: "#0b0e13"
    readonly property color card: "#131820"
    readonly property color raised: "#212935"
    readonly property color line: "#2a3340"

    readonly property color text: "#eef2f7"
    readonly property color quietText: "#98a4b5"
    readonly property color blue: "#58b4ff"
    readonly property color good: "#4fd1a1"
    readonly property color warning: "#ffb84d"
    readonly property color error: "#ff6b6b"

    readonly property int margin: 24
    readonly property int padding: 14
    readonly property int radius: 8
    readonly property int small: 13
    readonly property int normal: 15
    readonly property int rowHeight: 24

    readonly property string family: {
        const installed = Qt.fontFamilies();
        return ["Roboto", "Noto Sans", "DejaVu Sans"].find(name => installed.includes(name)) ?? "sans-serif";
    }
    readonly property string fixedFamily: {
        const installed = Qt.fontFamilies();
        return ["Roboto Mono", "Noto Sans Mono", "DejaVu Sans Mono"].find(name => installed.includes(name)) ?? family;
    }
    readonly property var levels: ["emergency", "alert", "critical", "error", "warning", "notice", "info", "debug"]

    function colorOf(level: int): color {
        if (level <= 3)
            return error;
        if (level === 4)
            return warning;
        if (level === 5)
            return blue;
        return level === 6 ? text : quietText;
    }
}
