// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
import QtQuick

/// Input field for a number; shows `value` while the user does not type.
TextInput {
    id: field

    required property real value
    property int decimals: 1

    signal entered(real value)

    function show() {
        text = value.toFixed(decimals);
    }

    color: Theme.figure
    font.family: Theme.family
    selectByMouse: true
    selectedTextColor: Theme.background
    selectionColor: Theme.blue

    Component.onCompleted: show()
    Keys.onEscapePressed: {
        show();
        focus = false;
    }
    onAccepted: {
        const number = text.trim() === "" ? NaN : Number(text.replace(",", ".").replace("−", "-"));
        if (!isNaN(number))
            entered(number);
        focus = false;
    }
    onActiveFocusChanged: {
        if (activeFocus)
            selectAll();
        else
            show();
    }
    onValueChanged: {
        if (!activeFocus)
            show();
    }
}
