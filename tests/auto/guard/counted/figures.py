#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""Reads what Callgrind wrote, prints what each operation takes, and compares it with what is recorded, or records it.

    figures.py compare|record FOLDER FIGURES COMMAND

COMMAND is the command that the output recommends for recording.
"""

import os
import re
import subprocess
import sys

ROUNDS = 200  # as in counting.h
TOLERANCE = 0.05
ALLOCATING = {"malloc", "calloc", "realloc", "memalign", "aligned_alloc", "posix_memalign"}


class Count:
    """One of Callgrind's files: instructions, system calls and allocations of ROUNDS operations."""

    def __init__(self, path):
        self.path = path
        self.name = None
        self.instructions = self.calls = self.allocations = 0
        functions = {}
        called = None
        events = []
        with open(path, encoding="utf-8") as file:
            for line in file:
                if match := re.match(r"desc: Trigger: Client Request: (.*)", line):
                    self.name = match[1]
                elif line.startswith("events:"):
                    events = line.split()[1:]
                elif line.startswith("totals:"):
                    totals = dict(zip(events, map(int, line.split()[1:])))
                    self.instructions = totals.get("Ir", 0)
                    self.calls = totals.get("sysCount", 0)
                elif match := re.match(r"(c?fn)=\((\d+)\)(?: (.*))?", line):
                    # A name is written out once, and has a number from then on.
                    if match[3]:
                        functions[match[2]] = match[3].split("'")[0]
                    if match[1] == "cfn":
                        called = functions[match[2]]
                elif line.startswith("calls=") and called in ALLOCATING:
                    self.allocations += int(line[6:].split()[0])

        # Kernels before 6.3 do not know one of the flags that a memfd is made with; the library then tries again without it.
        kernel = tuple(int(part) for part in re.findall(r"\d+", os.uname().release)[:2])
        if kernel < (6, 3) and self.name and self.name.startswith("create"):
            self.calls -= ROUNDS

    def figures(self):
        return [round(value / ROUNDS) for value in (self.instructions, self.calls, self.allocations)]

    def rename(self):
        """Gives a file a name that says what it counts."""
        path = os.path.join(os.path.dirname(self.path), re.sub(r"\W+", "-", self.name).strip("-") + ".callgrind")
        os.rename(self.path, path)
        self.path = path


def counts_in(folder):
    paths = [os.path.join(folder, name) for name in os.listdir(folder) if name.startswith("out.")]
    # Callgrind numbers them as they are written.
    counts = [Count(path) for path in sorted(paths, key=lambda path: int(path.rsplit(".", 1)[1]))]
    counts = [count for count in counts if count.name]
    for count in counts:
        count.rename()
    return counts


def read(path):
    recorded = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#"):
                *figures, name = line.strip().split(None, 3)
                recorded[name] = [int(figure) for figure in figures]
    return recorded


def write(path, counts):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        # In parts: programs that collect licences take each line with the whole tag for one of this file.
        for tag in ("FileCopyrightText: 2026 The SharedSegment authors", "License-Identifier: MIT"):
            file.write(f"# SPDX-{tag}\n")
        file.write("#\n")
        file.write("# instructions, system calls and allocations of one operation\n")
        for count in counts:
            file.write("{:>8} {:>4} {:>4}  {}\n".format(*count.figures(), count.name))


def change(now, before):
    if before == now:
        return "0 %"
    return "{:+.1f} %".format((now / before - 1) * 100) if before else "new"


def differs(now, before):
    """Calls and allocations are few: one more or less is a real difference."""
    return abs(now[0] - before[0]) > TOLERANCE * before[0] or now[1:] != before[1:]


def print_table(counts, recorded):
    line = "{:<32} {:>12} {:>8} {:>12} {:>11}   {}"
    print(line.format("one operation", "instructions", "recorded", "system calls", "allocations", "change of instructions"))
    for count in counts:
        now = count.figures()
        before = recorded.get(count.name)
        print(line.format(count.name, now[0], before[0] if before else "-", now[1], now[2], change(now[0], before[0]) if before else ""))


def explain(count, before):
    now = count.figures()
    what = ("instructions", "system calls", "allocations")
    print(f"\n{count.name}: " + ", ".join(f"{b} -> {n} {w}" for b, n, w in zip(before, now, what) if b != n))
    # Lists what there is more or less of; an allocation shows among the instructions, as malloc and its expensive
    # neighbours.
    event = "sysCount" if now[1] != before[1] else "Ir"
    command = ["callgrind_annotate", f"--show={event}", f"--sort={event}"]
    print("why:", " ".join(command), "--tree=caller", count.path)
    print(f"     of {ROUNDS} of them:")
    annotated = subprocess.run(command + ["--threshold=100", "--auto=no", count.path], capture_output=True, text=True, check=False).stdout
    dearest = [line.strip() for line in annotated.splitlines() if re.match(r"\s*[\d,]+ \(.*:", line)]
    for line in dearest[:12 if event == "Ir" else 40]:
        print("    ", line[:160])


def compare(counts, recorded, command):
    names = {count.name for count in counts}
    missing = [name for name in recorded if name not in names]
    new = [count.name for count in counts if count.name not in recorded]
    different = [count for count in counts if count.name in recorded and differs(count.figures(), recorded[count.name])]
    for count in different:
        explain(count, recorded[count.name])
    for name in missing:
        print(f"\n{name}: recorded, but not counted any more")
    for name in new:
        print(f"\n{name}: counted, but not recorded")
    if different or missing or new:
        print(f"\nInstructions may differ by {TOLERANCE:.0%}; system calls and allocations are to stay as they are."
              "\nTo count what an older revision takes, for comparison: git worktree add FOLDER REVISION, then run the same there."
              f"\nIf it is meant, for better or worse, record it, so that the next change is compared with it: {command}")
        return 1
    return 0


def main():
    mode, folder, path, command = sys.argv[1:]
    counts = counts_in(folder)
    if not counts:
        print("Callgrind counted nothing")
        return 1
    recorded = read(path) if os.path.exists(path) else {}
    print_table(counts, recorded)
    if mode == "record":
        write(path, counts)
        print("recorded in", path)
        return 0
    return compare(counts, recorded, command)


if __name__ == "__main__":
    sys.exit(main())
