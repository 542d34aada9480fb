// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
pragma Singleton
import QtQuick

/// Colours by the system's palette, light or dark, with one accent.
QtObject {
    id: root

    /// `light` or `dark`; empty: as the system.
    property string wanted
    readonly property bool dark: wanted === "" ? palette.window.hslLightness < 0.5 : wanted === "dark"
    readonly property color window: dark ? "#16181c" : "#ffffff"
    readonly property color side: dark ? "#1d2025" : "#f4f5f7"
    readonly property color field: dark ? "#2a2e35" : "#e7e9ed"
    readonly property color line: dark ? "#262a30" : "#eceef1"
    readonly property color text: dark ? "#e8eaed" : "#1b1e23"
    readonly property color faint: dark ? "#9aa1ab" : "#5f6672"
    readonly property color gone: dark ? "#868e99" : "#858c96"
    readonly property color accent: dark ? "#5aa2ff" : "#1f6fd6"
    readonly property color overAccent: dark ? "#0d1420" : "#ffffff"
    readonly property color alarm: dark ? "#ff8a80" : "#c62828"
    readonly property color chosen: Qt.rgba(accent.r, accent.g, accent.b, dark ? 0.24 : 0.14)
    readonly property list<color> series: dark ? ["#5aa2ff", "#ffa94d", "#51cf66", "#da77f2", "#ff8787", "#3bc9db", "#ffd43b", "#9775fa"]
        : ["#1f6fd6", "#d9480f", "#2b8a3e", "#9c36b5", "#c92a2a", "#0c8599", "#b87503", "#5f3dc4"]
    readonly property string fixed: "monospace"
    readonly property int space: 8
    readonly property int row: 28
    readonly property int size: 13
    readonly property int small: 11
    property SystemPalette palette: SystemPalette { }
}
