#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""Refuses words that the project has replaced by the field's terms, and phrases that are not plain English.

    words.py ROOT

Searches all text files under version control, and their names. Identifiers are split into their words: `hasBell` contains "bell". TERMS are
refused everywhere, PHRASES only outside string literals, PERSONS only in sources outside string literals: documents are also about people.
Prints each finding as `file:line: "word": what to write instead` and then returns 1.
"""

import fnmatch
import pathlib
import re
import subprocess
import sys

# Old word (on lower-case text, between characters that are no letters), and what to write instead.
TERMS = (
    (r"news", "update, notification"),
    (r"hear(?:s|d|ing)?|deaf", "handle, receive; has receivers"),
    (r"resting|rests|(?:a|an|one|set|to) rest", "throttle, coalescing interval"),
    (r"look(?:s|ed|ing)?(?! (?:up|for|like|into|through)(?![a-z]))", "poll, check, read, back-off"),
    (r"rooms?(?! (?:for|to|between|that it|enough)(?![a-z]))(?<!no room)(?<!is room)", "layer"),
    (r"(?<!\.)bells?|ringers?|rings?(?! buffer)|ringing|rung|rang", "doorbell, notifier, notify"),
    (r"quiet(?:ly|er)?", "SIGPIPE suppression; idle, silent"),
    (r"frames?", "buffer (a frame is the screen's)"),
    (r"drafts?", "write transaction"),
    (r"start revision", "begin write, commit"),
    (r"(?:time )?stamp(?:s|ed|ing)?", "timestamp"),
    (r"many[ -]writers?|shared[ -]writing", "multiple writers"),
    (r"foreign", "external; of a peer in another language: independent"),
    (r"(?:in )?vain", "starved, without effect"),
    (r"audiences?", "listeners"),
    (r"mend(?:s|ed|ing)?", "repair"),
    (r"complain(?:s|ed|ing|ts?)?", "print an error"),
    (r"misuse[sd]?", "usage error"),
)
PERFECT = "been|come|gone|read|had|made|begun|got|set|kept|left|held|sent|found|put|met|cut|run|become|changed|yet"
PHRASES = (
    (r"asked", "requested; arguments"),
    (rf"(?:has|have) not(?! (?:{PERFECT}|[a-z]+ed|[a-z]+en|[a-z]+wn)(?![a-z]))", "lacks, has no"),
    (r"there (?:is|are|was|were) not", "there is no, or what does not exist"),
    (r"(?:can|cannot|could|to) be had", "is (not) available"),
    (r"whoever|whomever", "the process, the owner, the caller"),
    (r"as often(?! as)", "the number or the interval"),
    (r"that of", "the noun again"),
    (r"which none", "no ... of them"),
    (r"so many", "the number, \"this many\""),
)
PERSONS = (
    (r"(?<!user )(?<!users )(?<!person )(?<!people )whom?", "which process, object or caller"),
    (r"nobody|somebody", "no process, another process"),
)

# Where a word has another meaning: paths, the word, and what the line has to contain (all lines if empty).
ALLOWED = (
    ("CHANGELOG.md", r".*", ""),
    ("LICENSES/*", r".*", ""),
    ("tests/auto/hygiene/words*", r".*", ""),
    # A frame of the screen, of a sound, of a film, of the stack.
    ("qml/*", r"frames?", ""),
    ("examples/*", r"frames?", ""),
    ("src/doc/qml-reference.md", r"frames?", ""),
    ("src/doc/dashboards.md", r"frames?", ""),
    ("src/doc/benchmarks.md", r"frames?", "plot|GUI|refresh|screen"),
    ("src/doc/*.md", r"frames?", "screen|of a (?:film|video)"),
    ("tests/auto/qml/*", r"frames?", ""),
    ("tests/benchmarks/plots/*", r"frames?", ""),
    ("tests/auto/examples/*", r"frames?", ""),
    ("tests/auto/layout/compilefail/large_*", r"frames?", ""),
    ("tests/benchmarks/quick*", r"frames?", ""),
    ("*", r"frames?", r"frame-pointer|frame buffer|framebuffer|stack frame|frame of the screen|screen's frame"),
    # Rooms of a building.
    ("examples/*", r"rooms?", ""),
    ("tests/auto/examples/*", r"rooms?", ""),
    ("tests/auto/package/package.cmake", r"rooms?", "05-widgets"),
    ("tests/auto/docs/tst_guide.cpp", r"rooms?", ""),
    ("src/doc/widgets.md", r"rooms?", ""),
    ("src/doc/equal-peers.md", r"rooms?", ""),
    ("src/doc/multiple-writers.md", r"rooms?", ""),
    ("README.md", r"rooms?", r"widgets|rooms\.png"),
    # A sound.
    ("examples/03-live-plot/*", r"hear\w*", ""),
    ("tests/auto/examples/*", r"hear\w*", ""),
    # The readers that a segment is for.
    ("*", r"audiences?", r"GroupAudience"),
    # Names of others.
    ("*", r"foreign", r"QML_FOREIGN"),
    ("*", r"quiet", r"quiet_NaN|--quiet|QUIET|quietText"),
    ("src/core/numbertext.cpp", r"quiet", "Quiet"),
    ("*", r"look\w*", r"Where Qt Creator looks"),
    ("tests/*", r"nobody", r"becomeNobody|Nobody[,)]|Nobody ="),
)

SOURCES = {".cpp", ".h", ".c", ".in", ".py", ".qml", ".js", ".sh", ".cmake", ".txt", ""}
BINARY = {".png", ".wav", ".bin", ".gz", ".ico", ".qsb"}


def compiled(rules):
    """One expression for all rules; group n is rule n."""
    return re.compile("(?<![a-z])(?:" + "|".join(f"({pattern})" for pattern, _ in rules) + ")(?![a-z])")


EVERYWHERE = compiled(TERMS)
OUTSIDE_LITERALS = compiled(PHRASES)
IN_SOURCES = compiled(PHRASES + PERSONS)
PARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"')


def plain(text):
    """The text as words in lower case: identifiers are split where a capital or an underscore is."""
    return PARTS.sub(" ", text).replace("_", " ").lower()


def is_allowed(path, word, line):
    return any(fnmatch.fnmatchcase(path, where) and re.fullmatch(what, word) and re.search(context, line)
               for where, what, context in ALLOWED)


def findings(path, line, is_source):
    """The old words in a line, each with what to write instead."""
    rules = PHRASES + PERSONS if is_source else PHRASES
    for match in EVERYWHERE.finditer(plain(line)):
        yield match.group(), TERMS[match.lastindex - 1][1]
    prose = LITERAL.sub('""', line.replace('"""', " ").replace('\\"', " ")) if is_source else line
    for match in (IN_SOURCES if is_source else OUTSIDE_LITERALS).finditer(plain(prose)):
        yield match.group(), rules[match.lastindex - 1][1]


def files_of(root):
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    if listed.returncode == 0 and listed.stdout:
        return sorted(listed.stdout.decode().rstrip("\0").split("\0"))
    return sorted(str(path.relative_to(root)) for path in root.rglob("*")
                  if path.is_file() and not {"build", ".git", "__pycache__"} & set(path.relative_to(root).parts))


def main(root):
    root = pathlib.Path(root)
    found = 0
    checked = 0
    for path in files_of(root):
        file = root / path
        if file.suffix in BINARY or not file.is_file():
            continue
        content = file.read_bytes()
        if b"\0" in content[:1024]:
            continue
        checked += 1
        # The name counts as line 0.
        is_source = file.suffix in SOURCES and not path.startswith("LICENSES/")
        for number, line in enumerate([path] + content.decode("utf-8", "replace").split("\n")):
            for word, instead in findings(path, line, is_source):
                if not is_allowed(path, word, line):
                    found += 1
                    print(f"{path}:{number}: \"{word}\": {instead}")
    print(f"{checked} files checked, {found} old words")
    return 1 if found or checked == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
