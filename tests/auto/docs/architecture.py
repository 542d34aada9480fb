# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""The page on the architecture names files, classes and functions; do the sources have them, in the files that the page says?

    architecture.py PROJECT    checks; ends with 1 and prints what is wrong

In a table, the functions of the cell that follows the files of a row are in these files.
"""

import pathlib
import re
import sys

PAGE = "src/doc/architecture.md"
SUFFIXES = {".cpp", ".h", ".sh", ".txt"}
OF_QT = {"ListView"}
NAME = re.compile(r"`([^`\n]+)`")


def is_file(name):
    return pathlib.PurePath(name).suffix in SUFFIXES


def defines(text, function):
    """Whether a source defines or declares `Class::name()` or `name()`."""
    *classes, name = function.removesuffix("()").split("::")
    plain = re.search(rf"(?<![\w:.>]){re.escape(name)}\(", text)
    if not classes:
        return plain or re.search(rf"::{re.escape(name)}\(", text)
    owner = re.escape(classes[-1])
    return re.search(rf"\b{owner}::{re.escape(name)}\(", text) or (re.search(rf"\b(class|struct) [\w ]*\b{owner}\b", text) and plain)


def main():
    project = pathlib.Path(sys.argv[1])
    sources = {
        path.relative_to(project).as_posix(): path.read_text(encoding="utf-8")
        for folder in ("src", "qml", "tests/auto/hygiene")
        for path in sorted((project / folder).rglob("*"))
        if path.suffix in SUFFIXES
    }
    everything = "\n".join(sources.values())
    problems = []
    for number, line in enumerate((project / PAGE).read_text(encoding="utf-8").splitlines(), 1):
        names = NAME.findall(line)
        functions = [name for name in names if name.endswith("()") and re.fullmatch(r"[\w:~]+\(\)", name)]
        files = {name: [text for path, text in sources.items() if ("/" + path).endswith("/" + name)] for name in names if is_file(name)}
        problems += [f"line {number}: there is no file {name}" for name, found in files.items() if not found]
        problems += [f"line {number}: no source has {name}" for name in functions if not defines(everything, name)]
        cells = line.split("|") if line.startswith("|") else []
        for cell, following in zip(cells, cells[1:]):
            if any(is_file(name) for name in NAME.findall(cell)):
                here = "\n".join(text for found in files.values() for text in found)
                problems += [
                    f"line {number}: {function} is not in {', '.join(files)}"
                    for function in functions
                    if f"`{function}`" in following and not defines(here, function)
                ]
        for name in names:
            if name not in OF_QT and re.fullmatch(r"[A-Z]\w*[a-z]\w*", name) and not re.search(rf"\b{name}\b", everything):
                problems.append(f"line {number}: there is no {name} in the sources")
    for problem in problems:
        print(f"{PAGE}: {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
