// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

import QtQuick
import SharedSegment

Item {
    width: 200
    height: 200

    // The page omits sizes.
    Component.onCompleted: {
        children[0].width = width;
        children[0].height = height;
    }

    SharedSegment { id: pressure; name: "pressure"; active: true }   // opens now or when it appears, again after a restart
    ListView { model: SharedArrayModel { segment: pressure } delegate: Text { required property double value; text: value } }
}
