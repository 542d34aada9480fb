// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick

Text {
    color: Theme.faint
    elide: Text.ElideRight
    font.family: Theme.family
    font.pixelSize: Theme.normal
    textFormat: Text.PlainText
    verticalAlignment: Text.AlignVCenter
}
