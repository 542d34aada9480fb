# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""The kinds of charts: lines over a growing size, bars, and ranges of percentiles."""

import svg
from svg import MARGIN, TITLE_HEIGHT, WIDTH


def lines(path, title, subtitle, series, x_label, x_text=svg.count, y_text=svg.duration, y_floor=None):
    """`series`: (name, number of the colour, whether dashed, [(x, y)]), on logarithmic axes; named at their ends."""
    height, left, right, bottom = 440, MARGIN + 62, WIDTH - 198, 440 - 62
    xs = [x for _, _, _, points in series for x, _ in points]
    ys = [y for _, _, _, points in series for _, y in points]
    drawing = svg.Drawing(title, subtitle, height, "; ".join(
        f"{name}: {y_text(points[0][1])} to {y_text(points[-1][1])}" for name, _, _, points in series))
    x_axis = svg.Log(min(xs), max(xs), left, right)
    y_axis = svg.Log((y_floor or min(ys)) * 0.8, max(ys) * 1.25, bottom, TITLE_HEIGHT + 8)
    for tick in y_axis.ticks():
        drawing.line(left, y_axis(tick), right, y_axis(tick), "grid")
        drawing.text(left - 10, y_axis(tick) + 4, y_text(tick), "axis", "end")
    marks = sorted(set(xs)) if len(set(xs)) <= 7 else x_axis.ticks()[::2]
    for tick in marks:
        drawing.line(x_axis(tick), bottom, x_axis(tick), bottom + 5, "grid")
        drawing.text(x_axis(tick), bottom + 22, x_text(tick), "axis", "middle")
    drawing.text((left + right) / 2, bottom + 44, x_label, "axis", "middle")
    labels = svg.spread([y_axis(points[-1][1]) for _, _, _, points in series], 19)
    for (name, colour, is_dashed, points), label in zip(series, labels):
        places = [(x_axis(x), y_axis(y)) for x, y in points]
        drawing.path(places, f"line c{colour}" + (" dashed" if is_dashed else ""))
        for x, y in places:
            drawing.dot(x, y, f"fill c{colour}", 2.8)
        drawing.text(right + 14, label + 4, name, f"fill c{colour}" + ("" if is_dashed else " strong"))
    drawing.save(path)


def bars(path, title, subtitle, groups):
    """`groups`: (heading, [(name, nanoseconds, whether ours)]); each with an axis of its own from zero."""
    row, gap = 25, 44
    height = TITLE_HEIGHT + sum(len(entries) * row + gap for _, entries in groups) + 8
    drawing = svg.Drawing(title, subtitle, height, "; ".join(
        f"{heading}, {name}: {svg.duration(value)}" for heading, entries in groups for name, value, _ in entries))
    left, right = MARGIN + 190, WIDTH - 110
    top = TITLE_HEIGHT
    for heading, entries in groups:
        drawing.text(MARGIN, top + 20, heading, "strong")
        axis = svg.Linear(0, max(value for _, value, _ in entries), left, right)
        for i, (name, value, is_ours) in enumerate(sorted(entries, key=lambda entry: entry[1])):
            y = top + 32 + i * row
            drawing.text(left - 12, y + 13, name, "strong" if is_ours else "", "end")
            drawing.bar(left, y + 1, axis(value) - left, 16, "fill c0" if is_ours else "fill c5")
            drawing.text(axis(value) + 8, y + 13, svg.duration(value), "strong" if is_ours else "sub")
        top += len(entries) * row + gap
    drawing.save(path)


def ranges(path, title, subtitle, groups):
    """`groups`: (heading, [(name, number of the colour, whether hollow, (p50, p99, p99.9))]), on one logarithmic axis."""
    row, gap = 23, 42
    entries = [entry for _, entries in groups for entry in entries]
    height = TITLE_HEIGHT + len(entries) * row + len(groups) * gap + 48
    drawing = svg.Drawing(title, subtitle, height, "; ".join(
        f"{heading}, {name}: {svg.duration(values[0])}" for heading, some in groups for name, _, _, values in some))
    left, right = MARGIN + 262, WIDTH - MARGIN - 12
    bottom = height - 44
    axis = svg.Log(min(values[0] for *_, values in entries) * 0.8, max(values[2] for *_, values in entries) * 1.2, left, right)
    for tick in axis.ticks():
        drawing.line(axis(tick), TITLE_HEIGHT + 8, axis(tick), bottom, "grid")
        drawing.text(axis(tick), bottom + 20, svg.duration(tick), "axis", "middle")
    top = TITLE_HEIGHT
    for heading, some in groups:
        drawing.text(MARGIN, top + 20, heading, "strong")
        for i, (name, colour, is_hollow, (middle, late, latest)) in enumerate(sorted(some, key=lambda entry: entry[3][0])):
            y = top + 44 + i * row
            drawing.text(left - 76, y + 4, name, "strong" if colour == 0 else "", "end")
            drawing.text(left - 12, y + 4, svg.duration(middle), "strong" if colour == 0 else "sub", "end")
            drawing.line(axis(middle), y, axis(latest), y, f"range c{colour}")
            drawing.line(axis(late), y - 4, axis(late), y + 4, f"range c{colour}")
            drawing.line(axis(latest), y - 4, axis(latest), y + 4, f"range c{colour}")
            drawing.dot(axis(middle), y, ("hollow" if is_hollow else "fill") + f" c{colour}")
        top += len(some) * row + gap
    drawing.save(path)
