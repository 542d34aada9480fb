// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick

/// A text in the colours of the theme.
Text {
    color: Theme.text
    elide: Text.ElideRight
    font.pixelSize: Theme.size
    textFormat: Text.PlainText
    verticalAlignment: Text.AlignVCenter
}
