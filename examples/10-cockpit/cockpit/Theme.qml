// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
pragma Singleton
import QtQuick
import SharedSegment

/// Colours, sizes and font. All sizes are multiples of `unit`, which grows with the window.
QtObject {
    property SystemPalette palette: SystemPalette {}
    property bool dark: palette.window.hslLightness < 0.5
    property real unit: 4

    readonly property color background: dark ? "#0b0e13" : "#eef1f5"
    readonly property color card: dark ? "#131820" : "#ffffff"
    readonly property color raised: dark ? "#212935" : "#e6eaf0"
    readonly property color text: dark ? "#eef2f7" : "#17202b"
    readonly property color faint: dark ? "#98a4b5" : "#5c6878"
    readonly property color stale: dark ? "#667180" : "#9aa4b1"
    readonly property color good: dark ? "#4fd1a1" : "#149a6a"
    readonly property color warning: dark ? "#ffb84d" : "#b86e00"
    readonly property color warningText: dark ? "#1c1300" : "#ffffff"
    readonly property color danger: dark ? "#ff6b6b" : "#d3303a"
    readonly property var curves: dark ? ["#ff8f6b", "#58b4ff", "#98a4b5"] : ["#d9572b", "#1f77d0", "#7c8796"]

    readonly property int small: 3.25 * unit
    readonly property int normal: 3.75 * unit
    readonly property int title: 6 * unit
    readonly property int large: 8 * unit
    readonly property string family: {
        const installed = Qt.fontFamilies();
        return ["Roboto", "Noto Sans", "DejaVu Sans"].find(name => installed.includes(name)) ?? "sans-serif";
    }

    /// The colour of a value with that level; an old one is grey, whatever its level.
    function colorOf(level: int, isStale: bool): color {
        if (isStale || level === SharedLimits.Unknown)
            return stale;
        if (level === SharedLimits.Normal)
            return text;
        return level === SharedLimits.Low || level === SharedLimits.High ? warning : danger;
    }

    function curve(number: int, isStale: bool): color {
        return isStale ? stale : curves[number];
    }
}
