#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""Draws the charts of the benchmarks' results, says how many goals are met, and puts the table into a page.

    report.py [--page PAGE.md] MEASURED CHARTS

MEASURED is the folder with the files *table.json. A chart whose figures were filtered out is left as it is.
"""

import argparse
import json
import pathlib
import sys

import charts
import svg

PARTS = {"": "One process", "process-": "Between processes", "stream-": "Streams", "quick-": "QML", "explorer-": "Explorer",
         "plot-": "Plots", "geometry-": "Plots, by geometry"}
BEGIN, END = "<!-- measured: written by tests/benchmarks/run --doc -->", "<!-- end of measured -->"
MACHINE = "2 cores, x86_64, Debian 12"


def load(folder):
    parts = {}
    for prefix in PARTS:
        file = folder / f"{prefix}table.json"
        if file.exists():
            parts[prefix] = json.loads(file.read_text(encoding="utf-8"))
    return parts


def grown(medians, benchmark, counter=""):
    """The points of a benchmark over its argument."""
    points = []
    for name, value in medians.items():
        head, _, behind = name.rpartition("/")
        argument, _, its_counter = behind.partition(":")
        if head == benchmark and its_counter == counter and argument.isdigit():
            points.append((int(argument), value))
    return sorted(points)


def lifetime(medians, operation):
    entries = []
    for name, value in medians.items():
        first, _, rest = name.partition("/")
        if first == operation and rest.endswith("/4096") and "tmpfs" not in rest and "posix" not in rest:
            peer = rest[: -len("/4096")]
            entries.append((peer, value, peer == "SharedSegment"))
    return entries


def notifications(medians, group):
    entries = []
    for name, value in medians.items():
        first, _, peer = name.partition("/")
        if first != group or ":" in name:
            continue
        peer = peer.rstrip("/")
        blocks = peer in ("futex", "QSystemSemaphore") or peer.endswith("blocking")
        label = {"FIFO, QSocketNotifier": "FIFO + QSocketNotifier", "FIFO, blocking": "FIFO",
                 "Unix datagram, QSocketNotifier": "datagram + QSocketNotifier",
                 "Unix datagram, blocking": "Unix datagram"}.get(peer, peer)
        entries.append((label, 0 if peer == "SharedSegment" else 5, blocks,
                        (value, medians[name + ":p99"], medians[name + ":p99.9"])))
    return entries


def messages(medians, elements):
    """What a message of this many elements takes its sender, by peer."""
    entries = []
    for name, value in medians.items():
        first, _, rest = name.partition("/")
        if first == "message" and rest.endswith(f"/{elements}"):
            peer = rest.rpartition("/")[0]
            entries.append((peer, value, peer == "SharedSegment"))
    return entries


def draw(medians, folder):
    folder.mkdir(parents=True, exist_ok=True)
    create, open_ = lifetime(medians, "create"), lifetime(medians, "open")
    if create and open_:
        charts.bars(folder / "lifetime.svg", "Creating and opening a segment of 4 KiB",
                    f"time of the processor, median · {MACHINE}", [("create", create), ("open", open_)])

    one, two = notifications(medians, "notification, one processor"), notifications(medians, "notification, two processors")
    if one and two:
        charts.ranges(folder / "notifications.svg", "How long a notification takes to a process that sleeps",
                      f"● waits in its event loop · ○ blocks a thread · p50, marks at p99 and p99.9 · {MACHINE}",
                      [("both on one processor", one), ("on two processors", two)])

    one, batch = messages(medians, 1), messages(medians, 64)
    if one and batch:
        charts.bars(folder / "messages.svg", "What a message to another process takes its sender",
                    f"time on the wall, median; the receiver is on the other processor · {MACHINE}",
                    [("64 bytes", one), ("64 × 64 bytes", batch)])

    sleeping = "publisher with sleeping listeners/"
    if grown(medians, sleeping + "SharedSegment"):
        charts.lines(folder / "listeners.svg", "What it costs the publisher to wake its listeners",
                     f"each a sleeping process on the other processor, median · {MACHINE}",
                     [("SharedSegment", 0, False, grown(medians, sleeping + "SharedSegment")),
                      ("one eventfd each", 1, True, grown(medians, sleeping + "eventfd"))], "listeners")

    if grown(medians, "length", "read"):
        series = [("read", 0, False, "read"), ("publish", 2, False, "publish"), ("memcpy", 5, True, "memcpy"),
                  ("create", 3, False, "create"), ("open", 4, False, "open"),
                  ("QSharedMemory, create", 1, True, "QSharedMemory create"),
                  ("QSharedMemory, open", 6, True, "QSharedMemory open")]
        charts.lines(folder / "length.svg", "Only copying grows with the length",
                     f"time of the processor, median · {MACHINE}",
                     [(name, colour, dashed, grown(medians, "length", counter)) for name, colour, dashed, counter in series],
                     "length in bytes")

    if grown(medians, "segments", "names"):
        series = [("names()", 1, False, "names"), ("create", 3, False, "create"), ("open", 4, False, "open"),
                  ("exists()", 2, False, "exists")]
        charts.lines(folder / "segments.svg", "How many segments there are makes no difference, but to listing them",
                     f"time of the processor, median · {MACHINE}",
                     [(name, colour, dashed, grown(medians, "segments", counter)) for name, colour, dashed, counter in series],
                     "segments of other processes", y_floor=1000)

    memory = grown(medians, "memory", "sum")
    if memory:
        of_all = [(readers, bytes_ / 2**20) for readers, bytes_ in memory]
        copies = [(readers, (readers + 1) * 64) for readers, _ in memory]
        charts.lines(folder / "memory.svg", "Memory of all readers of a segment of 64 MiB together",
                     f"sum of PSS with the owner's, above what they had before · two buffers · {MACHINE}",
                     [("SharedSegment", 0, False, of_all), ("a copy each (computed)", 5, True, copies)],
                     "readers", y_text=svg.mebibytes, y_floor=50)


def figure(value, unit):
    if unit == "ratio":
        return f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"
    if unit == "bytes":
        return f"{value / 1024:.0f} KiB"
    return svg.duration(value) if unit == "ns" and value != 0 else f"{value:.0f}"


def with_spread(row, unit):
    """Where a repetition of the whole would be likely to end up, behind the figure itself."""
    text, low, high = (figure(row[which], unit) for which in ("measured", "low", "high"))
    return text if low == high else f"{text} ({low} to {high})"


def peer_of(row):
    if "peer" not in row:
        return "–"
    first, *middle, last = row["peer"].split("/")
    # A benchmark without peers in its name has them among its counters.
    return "/".join(middle) or last.partition(":")[2]


def table(parts):
    text = [f"Measured on a machine with {MACHINE}.", ""]
    for prefix, part in parts.items():
        text += [f"### {PARTS[prefix]}", "", "| what | beside | ours | theirs | measured | goal | |", "|---|---|--:|--:|--:|--:|---|"]
        for row in part["rows"]:
            unit = "ratio" if row.get("isRatio") else row["unit"]
            goal = "≤ " + figure(row["goal"], unit) if "goal" in row else ""
            verdict = ("met" if row["met"] else "**not met**") if "goal" in row else ""
            text.append(f"| {row['what'].strip()} | {peer_of(row)} | {figure(row['ours'], row['unit'])} | "
                        f"{figure(row['peers'], row['unit']) if 'peers' in row else '–'} | {with_spread(row, unit)} | "
                        f"{goal} | {verdict} |")
        text.append("")
    return "\n".join(text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--page", type=pathlib.Path)
    parser.add_argument("measured", type=pathlib.Path)
    parser.add_argument("charts", type=pathlib.Path)
    options = parser.parse_args()

    parts = load(options.measured)
    medians = {name: value for part in parts.values() for name, value in part["medians"].items()}
    draw(medians, options.charts)
    goals = [row["met"] for part in parts.values() for row in part["rows"] if "goal" in row]
    print(f"\n{sum(goals)} of {len(goals)} goals are met. Charts: {options.charts}")
    if options.page:
        before, _, rest = options.page.read_text(encoding="utf-8").partition(BEGIN)
        _, end, after = rest.partition(END)
        if not end:
            sys.exit(f"{options.page} has no place for the table")
        options.page.write_text(f"{before}{BEGIN}\n\n{table(parts)}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
