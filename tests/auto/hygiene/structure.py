#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""No files of a layer include each other in a cycle, none includes a header twice, and no source is longer than it can be with one idea.

    structure.py ROOT LONG

- Cycles: the files of a class (x.h, x.cpp, x_p.h, x_p.cpp) count as one. Includes within a folder of LAYERS lead in one direction.
- Repetitions: a file of LAYERS includes a header once, unless a condition of the preprocessor is between.
- Lengths: a source has at most as many lines as LIMITS says for its folder, unless the file LONG gives a reason: lines of `path: reason`. A
  reason that is no longer needed is a violation, too.

Prints each violation as `file: what is wrong` and then returns 1.
"""

import os.path
import pathlib
import re
import sys

LAYERS = ("src/os", "src/engine", "src/native", "src/core", "src/tool", "qml")
SOURCES = {".cpp", ".h", ".in", ".c", ".py", ".qml", ".sh", ".cmake", ".txt"}
LIMITS = {"src": 400, "qml": 400, "examples": 400, "tests": 600}

INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def files_below(root, folder):
    for path in sorted((root / folder).rglob("*")):
        parts = path.relative_to(root).parts
        if path.is_file() and path.suffix in SOURCES and not {"build", "__pycache__"} & set(parts):
            yield path.relative_to(root).as_posix()


def unit(path):
    """The class that a file belongs to: its path without the ending, and without `_p`."""
    return re.sub(r"(_p)?\.\w+$", "", path)


def includes(root, layer):
    """For each class of a layer those whose headers it includes, and through which file."""
    files = {path for path in files_below(root, layer) if path.endswith((".h", ".cpp"))}
    graph = {unit(path): {} for path in files}
    for path in sorted(files):
        for header in INCLUDE.findall((root / path).read_text(encoding="utf-8")):
            target = os.path.normpath(os.path.join(os.path.dirname(path), header))
            if target in files and unit(target) != unit(path):
                graph[unit(path)].setdefault(unit(target), path)
    return graph


def cycle_through(graph, start):
    """The shortest way along includes from a class back to itself, as classes; empty if there is none."""
    ways = [[start]]
    seen = set()
    while ways:
        way = ways.pop(0)
        for target in sorted(graph[way[-1]]):
            if target == start:
                return way
            if target not in seen:
                seen.add(target)
                ways.append([*way, target])
    return []


def cycles(root, layer):
    graph = includes(root, layer)
    reported = set()
    for start in sorted(graph):
        way = cycle_through(graph, start)
        if way and not reported & set(way):
            reported |= set(way)
            names = [os.path.basename(name) for name in [*way, start]]
            yield f"{graph[start][way[1] if len(way) > 1 else start]}: include cycle: {' -> '.join(names)}"


def repetitions(root, layer):
    for path in files_below(root, layer):
        if not path.endswith((".h", ".cpp")):
            continue
        seen = set()
        for header in re.findall(r"^\s*#\s*(?:include\s*([<\"][^>\"]+)|(?:if|el|end))", (root / path).read_text(encoding="utf-8"), re.MULTILINE):
            if not header:
                seen.clear()
            elif header in seen:
                yield f"{path}: includes {header[1:]} twice"
            else:
                seen.add(header)


def reasons(file):
    """The paths for which a file gives a reason."""
    for line in file.read_text(encoding="utf-8").splitlines():
        path, _, reason = line.partition(": ")
        if reason and not line.startswith("#"):
            yield path


def lengths(root, allowed):
    unused = set(allowed)
    for folder, limit in LIMITS.items():
        for path in files_below(root, folder):
            with (root / path).open(encoding="utf-8") as lines:
                count = sum(1 for _ in lines)
            if count <= limit:
                continue
            if path not in allowed:
                yield f"{path}: {count} lines, at most {limit}: part it by its ideas, or give a reason"
            unused.discard(path)
    for path in sorted(unused):
        yield f"{path}: is not so long any more: remove its reason"


def main(root, long):
    root = pathlib.Path(root)
    found = [violation for layer in LAYERS for violation in cycles(root, layer)]
    found += [violation for layer in LAYERS for violation in repetitions(root, layer)]
    found += lengths(root, set(reasons(pathlib.Path(long))))
    for violation in found:
        print(violation)
    count = sum(1 for folder in LIMITS for _ in files_below(root, folder))
    print(f"{count} files checked, {len(found)} violations")
    return 1 if found or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
