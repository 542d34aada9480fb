# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""Every block of code in the README, the guide and the READMEs of src/bindings must also be in a file that a test builds or runs.

    snippets.py PROJECT    checks; ends with 1 and prints the blocks that are in no file

A block matches where its lines follow each other in a source, with any indentation; empty lines separate parts, which may be in
different places. A command that is a script of the project has to exist; tests of their own run the scripts. Blocks of other
languages, or without one, are not code.
"""

import os
import pathlib
import re
import sys

# The files that hold the blocks of each language; tests build or run all of them.
SOURCES = {
    "cpp": ["tests/auto/docs", "tests/consumer", "examples"],
    "qml": ["tests/auto/docs", "tests/consumer", "examples"],
    "cmake": ["tests/auto/docs", "tests/consumer"],
    "sh": ["tests/auto/docs"],
    "c": ["tests/auto/docs", "examples"],
    "python": ["tests/auto/docs", "examples"],
}
ENDINGS = {
    "cpp": ["*.cpp", "*.h"],
    "qml": ["*.qml"],
    "cmake": ["CMakeLists.txt"],
    "sh": ["*.sh"],
    "c": ["*.c", "*.h"],
    "python": ["*.py"],
}


def lines(text):
    return [line.strip() for line in text.splitlines()]


def stands_in(part, source):
    return any(source[i:i + len(part)] == part for i in range(len(source) - len(part) + 1))


def blocks(page):
    for match in re.finditer(r"^```(\w*)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        if match[1]:
            yield match[1], match[2]


def is_own_script(project, line):
    command = line.split()[0]
    return command.startswith("./") and os.access(project / command, os.X_OK)


def parts(block):
    part = []
    for line in lines(block) + [""]:
        if line:
            part.append(line)
        elif part:
            yield part
            part = []


def main():
    project = pathlib.Path(sys.argv[1])
    sources = {
        language: [
            [line for line in lines(file.read_text(encoding="utf-8")) if line]
            for folder in folders
            for ending in ENDINGS[language]
            for file in sorted((project / folder).rglob(ending))
            if "build" not in file.relative_to(project).parts
        ]
        for language, folders in SOURCES.items()
    }
    pages = [project / "README.md", *sorted((project / "src/doc").glob("*.md")), *sorted((project / "src/bindings").glob("*/README.md"))]
    count = 0
    missing = 0
    for page in pages:
        for language, block in blocks(page):
            if language not in SOURCES:
                continue
            count += 1
            for part in parts(block):
                if language == "sh":
                    part = [line for line in part if not is_own_script(project, line)]
                if part and not any(stands_in(part, source) for source in sources.get(language, [])):
                    missing += 1
                    print(f"{page.relative_to(project)}: no test has this {language}:")
                    print("".join(f"    {line}\n" for line in part))
    print(f"{count} blocks, {missing} parts without a test")
    return 1 if missing or not count else 0


if __name__ == "__main__":
    sys.exit(main())
