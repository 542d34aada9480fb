#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""clang-tidy reports nothing about the sources of the library, the command and the QML module.

    tidy.py ROOT BUILD CLANG_TIDY [--analyzer]

Without --analyzer all checks run but those of the static analyzer, over all sources of a target that are compiled alike, joined to one:
most of the time of such a check goes into the headers of Qt. With --analyzer all checks run over each source, which takes ten times as
long.

Prints what clang-tidy says, with the name and the line of the source, and then returns 1.
"""

import bisect
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

FOLDERS = ("src", "qml")
# A header that two sources include is twice in what is joined.
LEFT_OUT_WHEN_JOINED = "-clang-analyzer-*,-readability-duplicate-include"
# Options that only GCC knows do not matter to this check.
EXTRA = "-Wno-unknown-warning-option"


def commands(root, build):
    """The sources of FOLDERS with their compiler's options, each as (path, options)."""
    entries = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    for entry in entries:
        path = pathlib.Path(entry["file"])
        if path.is_relative_to(root) and path.relative_to(root).parts[0] in FOLDERS:
            words = shlex.split(entry["command"])
            options = [word for word in words[words.index("-o") + 2:] if word not in ("-c", str(path))]
            first = next(number for number, word in enumerate(words) if word.startswith("-"))
            yield path, tuple(words[first:words.index("-o")] + options)


def groups(root, build):
    """The sources that are compiled alike: those of one target and one language."""
    alike = {}
    seen = set()
    for path, options in commands(root, build):
        if path not in seen:
            seen.add(path)
            alike.setdefault((path.suffix, options), []).append(path)
    return alike


class Joined:
    """Sources that are joined to one, and where each line of it comes from."""

    def __init__(self, path, sources):
        self.path = path
        self.sources = sorted(sources)
        self.starts = []
        lines = []
        for source in self.sources:
            self.starts.append(len(lines) + 1)
            lines += source.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def origins(self, text):
        """A text with the paths and lines of the sources in place of those of the joined one."""

        def origin(match):
            line = int(match[1])
            number = bisect.bisect(self.starts, line) - 1
            return f"{self.sources[number]}:{line - self.starts[number] + 1}:"

        return re.sub(rf"{re.escape(str(self.path))}:(\d+):", origin, text)


def run(command):
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return result.returncode, result.stdout + (result.stderr if result.returncode else "")


def check_joined(root, folder, clang_tidy, number, options, sources):
    joined = Joined(folder / f"joined{number}{sources[0].suffix}", sources)
    folders = sorted({str(source.parent) for source in sources})
    code, output = run([
        clang_tidy, "--quiet", f"--config-file={root / '.clang-tidy'}", f"--checks={LEFT_OUT_WHEN_JOINED}", str(joined.path), "--",
        *options, *(f"-I{name}" for name in folders), EXTRA
    ])
    return code, joined.origins(output)


def check_each(build, clang_tidy, source):
    return run([clang_tidy, "--quiet", "-p", str(build), f"--extra-arg={EXTRA}", str(source)])


def main(root, build, clang_tidy, analyzer):
    root, build = pathlib.Path(root).resolve(), pathlib.Path(build).resolve()
    alike = groups(root, build)
    count = sum(len(sources) for sources in alike.values())
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        if analyzer:
            runs = [pool.submit(check_each, build, clang_tidy, source) for sources in alike.values() for source in sources]
        else:
            folder = build / "tidy"
            folder.mkdir(exist_ok=True)
            runs = [
                pool.submit(check_joined, root, folder, clang_tidy, number, options, sources)
                for number, ((_, options), sources) in enumerate(sorted(alike.items(), key=lambda group: -len(group[1])))
            ]
        failed = False
        for finished in concurrent.futures.as_completed(runs):
            code, output = finished.result()
            if code:
                failed = True
                print(output)
    print(f"{count} files checked")
    return 1 if failed or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4], sys.argv[4:] == ["--analyzer"]))
