# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""Charts as SVG: a card with its own colours, readable on a light page and on a dark one."""

import math
from html import escape

WIDTH = 760
MARGIN = 28
TITLE_HEIGHT = 74

# Each colour on a light card, and on a dark one.
COLOURS = (("#0969da", "#58a6ff"), ("#b35900", "#f0a55a"), ("#1a7f37", "#56d364"), ("#8250df", "#bc8cff"),
           ("#bf3989", "#f778ba"), ("#6e7781", "#9aa4af"), ("#9a6700", "#e3b341"))


def coloured(which):
    return "".join(f".line.c{i}, .range.c{i}, .hollow.c{i} {{ stroke: {both[which]}; }} .fill.c{i} {{ fill: {both[which]}; }}\n"
                   for i, both in enumerate(COLOURS))


STYLE = f"""
text {{ font: 13px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #24292f; }}
.title {{ font-size: 17px; font-weight: 600; }}
.sub, .axis {{ fill: #59636e; }}
.axis {{ font-size: 12px; }}
.strong {{ font-weight: 600; }}
.card {{ fill: #ffffff; stroke: #d1d9e0; }}
.grid {{ stroke: #e4e8ec; }}
.line {{ fill: none; stroke-width: 2; stroke-linejoin: round; }}
.dashed {{ stroke-dasharray: 5 4; }}
.hollow {{ fill: #ffffff; stroke-width: 2; }}
.range {{ stroke-width: 2; opacity: .45; }}
{coloured(0)}@media (prefers-color-scheme: dark) {{
text {{ fill: #e6edf3; }}
.sub, .axis {{ fill: #9aa4af; }}
.card, .hollow {{ fill: #12171e; }}
.card {{ stroke: #30363d; }}
.grid {{ stroke: #262d36; }}
{coloured(1)}}}
"""


def duration(nanoseconds):
    if nanoseconds < 0:
        return "−" + duration(-nanoseconds)
    for limit, unit in ((1e9, "s"), (1e6, "ms"), (1e3, "µs"), (0, "ns")):
        if nanoseconds >= limit:
            value = nanoseconds / (limit or 1)
            return f"{value:.3g} {unit}" if value < 1000 else f"{value:.0f} {unit}"
    raise ValueError(nanoseconds)


def count(number):
    if number >= 1e6:
        return f"{number / 1e6:g} million"
    return f"{number:,.0f}".replace(",", " ")


def mebibytes(number):
    return f"{number:,.0f} MiB".replace(",", " ")


class Log:
    """Places values on an axis of powers of ten."""

    def __init__(self, low, high, begin, end):
        self.low, self.high = math.log10(low), math.log10(high)
        self.begin, self.end = begin, end

    def __call__(self, value):
        return self.begin + (math.log10(value) - self.low) / (self.high - self.low) * (self.end - self.begin)

    def ticks(self):
        """Powers of ten, and steps between them where there are few."""
        steps = (1, 2, 5) if self.high - self.low < 2.2 else (1,)
        values = [step * 10.0**power for power in range(math.floor(self.low), math.ceil(self.high)) for step in steps]
        values.append(10.0 ** math.ceil(self.high))
        return [value for value in values if self.low - 1e-9 <= math.log10(value) <= self.high + 1e-9]


class Linear:
    def __init__(self, low, high, begin, end):
        self.low, self.high, self.begin, self.end = low, high, begin, end

    def __call__(self, value):
        return self.begin + (value - self.low) / (self.high - self.low) * (self.end - self.begin)


class Drawing:
    def __init__(self, title, subtitle, height, described):
        self.height = height
        self.parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
            'role="img">',
            f"<title>{escape(title)}</title>",
            f"<desc>{escape(described)}</desc>",
            f"<style>{STYLE}</style>",
            f'<rect class="card" x=".5" y=".5" width="{WIDTH - 1}" height="{height - 1}" rx="8"/>',
        ]
        self.text(MARGIN, 36, title, "title")
        self.text(MARGIN, 58, subtitle, "sub")

    def text(self, x, y, text, classes="", anchor="start"):
        self.parts.append(f'<text class="{classes}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>')

    def line(self, x1, y1, x2, y2, classes):
        self.parts.append(f'<line class="{classes}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>')

    def path(self, points, classes):
        steps = " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        self.parts.append(f'<path class="{classes}" d="M{steps}"/>')

    def dot(self, x, y, classes, radius=4.5):
        self.parts.append(f'<circle class="{classes}" cx="{x:.1f}" cy="{y:.1f}" r="{radius}"/>')

    def bar(self, x, y, width, height, classes):
        self.parts.append(
            f'<rect class="{classes}" x="{x:.1f}" y="{y:.1f}" width="{max(width, 1):.1f}" height="{height}" rx="2"/>')

    def save(self, path):
        path.write_text("\n".join(self.parts) + "\n</svg>\n", encoding="utf-8")


def spread(places, distance):
    """Moves labels apart, as little as possible."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = list(places)
    for _ in range(200):
        for below, above in zip(order, order[1:]):
            lack = distance - (moved[above] - moved[below])
            if lack > 0:
                moved[below] -= lack / 2
                moved[above] += lack / 2
    return moved
