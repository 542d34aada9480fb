// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The pieces of QML in src/doc/documents.md, word for word.
import QtQuick
import SharedSegment

Column {
    function change() {
        const next = document.value;
        next.ovens.push(190);
        document.value = next;
    }

    SharedSegment {
        id: settings

        name: "line 2/settings"
        owner: true
        active: true
    }

    SharedDocument {
        id: document

        segment: settings
        value: ({ recipe: "stollen", ovens: [180, 185], limits: { low: 20 } })
    }

    SharedSegment {
        id: theirs

        name: "line 2/settings"
        active: true
    }

    SharedDocument {
        id: view

        readonly property var settings: value

        segment: theirs
    }

    Text { text: view.valid ? `${view.settings.recipe} at ${view.settings.ovens[0]} °C` : "no settings" }
    Text { text: view.valid ? view.settings.ovens.length : "" }
}
