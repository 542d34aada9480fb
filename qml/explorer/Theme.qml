// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
pragma Singleton
import QtQuick

/// Colours by the system's palette, light or dark, with one accent.
QtObject {
    id: root

    readonly property bool dark: palette.window.hslLightness < 0.5
    readonly property color window: dark ? "#16181c" : "#ffffff"
    readonly property color side: dark ? "#1d2025" : "#f4f5f7"
    readonly property color field: dark ? "#2a2e35" : "#e7e9ed"
    readonly property color text: dark ? "#e8eaed" : "#1b1e23"
    readonly property color faint: dark ? "#8b929c" : "#6b7280"
    readonly property color gone: dark ? "#5c626b" : "#a9afb8"
    readonly property color accent: dark ? "#5aa2ff" : "#1f6fd6"
    readonly property color chosen: Qt.rgba(accent.r, accent.g, accent.b, dark ? 0.24 : 0.14)
    readonly property int space: 8
    readonly property int row: 28
    readonly property int size: 13
    property SystemPalette palette: SystemPalette { }
}
