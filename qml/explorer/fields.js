// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
.pragma library

/// The fields of a layout, in the order of the columns, each with what the metadata say about it.
function of(layout, metadata) {
    const braces = layout.indexOf("{");
    const described = metadata?.fields ?? {};
    const texts = braces < 0 ? (layout === "" ? [] : ["value:" + layout])
        : layout.slice(braces + 1, layout.lastIndexOf("}")).split(";");
    return texts.map(text => {
        const colon = text.indexOf(":");
        const name = text.slice(0, colon);
        const type = text.slice(colon + 1).split("@")[0];
        const isText = type.startsWith("char");
        const own = described[name] ?? {};
        return {
            name: name,
            label: own.label || name,
            unit: own.unit ?? "",
            isArray: !isText && type.endsWith("]"),
            isText: isText,
            isNumber: !isText && !type.startsWith("bool"),
            isWide: type.startsWith("i64") || type.startsWith("u64"),
            isWord: isText || own.values !== undefined || type === "bool",
            hasDecimals: own.decimals !== undefined,
        };
    });
}

/// A value as text without its unit, which stands in the header. `text` is the model's, with the unit.
function textOf(field, value, text, locale) {
    if (typeof value === "number" && !field.hasDecimals && !Number.isInteger(value) && isFinite(value))
        return value.toLocaleString(locale, "g", 7);
    for (const end of ["\u00a0" + field.unit, field.unit]) {
        if (field.unit !== "" && text.endsWith(end))
            return text.slice(0, -end.length);
    }
    return text;
}

/// What the user typed, as a value for the model.
function parse(field, text, locale) {
    const typed = text.trim();
    if (field.isText)
        return text;
    if (field.isArray) {
        try {
            return JSON.parse(typed);
        } catch (error) {
            return typed;
        }
    }
    if (typed === "true" || typed === "false")
        return typed === "true";
    return locale.decimalPoint === "," ? typed.replace(",", ".") : typed;
}

/// What x is in a plot: elements of one meaning share a plot.
function groupOf(isStream, metadata) {
    if (isStream || metadata?.timeField)
        return "time";
    return metadata?.sampleRate > 0 ? "seconds" : "index";
}
