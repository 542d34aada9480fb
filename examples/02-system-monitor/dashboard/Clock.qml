// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
pragma Singleton
import QtQuick

/// The time, for what grows old by itself.
Timer {
    property date now: new Date()

    interval: 500
    repeat: true
    running: true
    onTriggered: now = new Date()
}
