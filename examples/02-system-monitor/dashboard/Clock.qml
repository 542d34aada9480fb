// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
pragma Singleton
import QtQuick

/// The current time, twice a second, for showing the age of data.
Timer {
    property date now: new Date()

    interval: 500
    repeat: true
    running: true
    onTriggered: now = new Date()
}
