#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""Each file says under which licence it may be used, in the form of the REUSE specification 3.3, and the top level holds nothing else.

    licensing.py ROOT

- Every file has a header of two lines, its copyright and its licence. A file that cannot carry one is named in REUSE.toml, where each
  path leads to a file without a header. No other line of a file has the tag of a licence: it would count as one more.
- LICENSES has the text of each licence that is used, and no other.
- The top level has the folders and files of TOP_LEVEL alone.

Prints each violation as `file: what is wrong` and then returns 1.
"""

import pathlib
import re
import subprocess
import sys
import tomllib

# The project's own entries, then those that a tool looks for there and nowhere else.
TOP_LEVEL = {
    "CMakeLists.txt": "", "README.md": "", "examples": "", "qml": "", "src": "", "tests": "",
    ".ci": "continuous integration",
    ".clang-format": "clang-format",
    ".clang-tidy": "clang-tidy",
    ".gitignore": "git",
    ".qmllint.ini": "qmllint",
    "CHANGELOG.md": "Keep a Changelog, and packagers",
    "CMakePresets.json": "cmake --preset",
    "LICENSES": "the REUSE specification",
    "REUSE.toml": "the REUSE specification",
}
HEADER_LINES = 10
COPYRIGHT = re.compile(r"SPDX-FileCopyrightText" r": (\S.*)")
TAG = b"SPDX-License-Identifier" b":"
LICENCE = re.compile(r"SPDX-License-Identifier" r": ([A-Za-z0-9.+-]+)(?:\s+(?:-->|\*/))?\s*$", re.MULTILINE)


def files_of(root):
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    if listed.returncode == 0 and listed.stdout:
        return sorted(path for path in listed.stdout.decode().rstrip("\0").split("\0") if (root / path).is_file())
    return sorted(str(path.relative_to(root)) for path in root.rglob("*")
                  if path.is_file() and not {"build", ".git", "__pycache__"} & set(path.relative_to(root).parts))


def pattern(glob):
    """The expression of a path in REUSE.toml: `*` stays within a folder, `**` does not."""
    parts = {"**/": ".*", "**": ".*", "*": "[^/]*"}
    return re.compile("".join(parts.get(part, re.escape(part)) for part in re.split(r"(\*\*/|\*\*|\*)", glob)) + r"\Z")


def annotations(root):
    """What REUSE.toml says: for each path its expression and the licence."""
    file = root / "REUSE.toml"
    if not file.is_file():
        return
    for annotation in tomllib.loads(file.read_text(encoding="utf-8"))["annotations"]:
        paths = annotation["path"]
        for path in [paths] if isinstance(paths, str) else paths:
            yield path, pattern(path), annotation.get("SPDX-License-Identifier"), annotation.get("SPDX-FileCopyrightText")


def header(file):
    """The copyright and the licence that the first lines of a file name; empty where they name none."""
    with file.open("rb") as opened:
        text = b"".join(opened.readline(4096) for _ in range(HEADER_LINES)).decode("utf-8", "replace")
    return COPYRIGHT.findall(text), LICENCE.findall(text)


def violations(root, paths):
    used = set()
    rows = list(annotations(root))
    needed = set()
    for path in paths:
        if path.startswith("LICENSES/") or path == "REUSE.toml" or (root / path).stat().st_size == 0:
            continue
        matching = [row for row in rows if row[1].match(path)]
        copyright_lines, licences = header(root / path)
        if (root / path).read_bytes().count(TAG) > len(licences):
            yield f"{path}: has the tag of a licence below its header; write it in parts"
        if matching and (copyright_lines or licences):
            yield f"{path}: has a header and stands in REUSE.toml; remove it there"
        needed |= {row[0] for row in matching}
        if matching:
            licences = [row[2] for row in matching if row[2]]
            copyright_lines = [row[3] for row in matching if row[3]]
        if not copyright_lines:
            yield f"{path}: no copyright; add a header as its neighbours have it, or a path to REUSE.toml"
        if not licences:
            yield f"{path}: no licence; add a header as its neighbours have it, or a path to REUSE.toml"
        used |= set(licences)
    for row in rows:
        if row[0] not in needed:
            yield f"REUSE.toml: {row[0]} leads to no file; remove it"
    texts = {pathlib.PurePath(path).stem for path in paths if path.startswith("LICENSES/")}
    for licence in sorted(used - texts):
        yield f"LICENSES/{licence}.txt: is missing; add the licence's text"
    for licence in sorted(texts - used):
        yield f"LICENSES/{licence}.txt: no file uses it; remove it"
    for entry in sorted({path.split("/")[0] for path in paths} - set(TOP_LEVEL)):
        yield f"{entry}: does not belong to the top level; move it to the folder that uses it"


def main(root):
    root = pathlib.Path(root)
    paths = files_of(root)
    found = list(violations(root, paths))
    for violation in found:
        print(violation)
    print(f"{len(paths)} files checked, {len(found)} violations")
    return 1 if found or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
