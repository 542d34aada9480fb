#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""Finds error texts in the sources that are not in the style that src/os/error.h describes.

    errortexts.py ROOT

A text is an expression behind an error's code (`ErrorCode::Busy, "..."`, `Error::InvalidSize, u"..."_s`), an argument of one of the
functions that make an error, or a text of the doctor command or of a warning. It is one clause that begins in lower case, then "; " and
what to do; it has no full stop and no type of C++. Prints each that breaks a rule as `file:line: rule: text` and then returns 1.
"""

import pathlib
import re
import sys

TOKEN = re.compile(
    r'''(?P<comment>//[^\n]*|/\*.*?\*/)
      | (?P<raw>(?:u8|u|U|L)?R"(?P<delimiter>[^()\s\\]*)\(.*?\)(?P=delimiter)"(?:_\w+)?)
      | (?P<text>(?:u8|u|U|L)?"(?:[^"\\\n]|\\.)*"(?:_\w+)?)
      | (?P<character>(?:u8|u|U|L)?'(?:[^'\\\n]|\\.)+')
      | (?P<word>[A-Za-z_]\w*|\d[\w'.]*)
      | (?P<sign>::|->|<<|&&|\|\||[^\s\w])''',
    re.S | re.X)

# Functions that take texts. A text behind an error's code is found anywhere.
CALLS = {"printError", "fail", "failed", "failElement", "reportIfChanged", "failure", "invalid", "usageError"}
# Of these, functions that say by themselves what to do, or that pass on something else than an error.
COMPLETING = {"printError", "failure", "invalid", "usageError"}
# What completes an expression: an error's own text, or a function that finds the remedy.
COMPLETED = {"why", "text", "errorString", "remedyFor", "remedy", "error", "unexpected", "named", "consequence", "problem"}
TYPES = re.compile(r"\bQ(?!Thread\b|t\b)[A-Z]\w+|\bqu?(?:int\d+|longlong|size)\b|\bu?int\d+_t\b|\bsize_t\b|std::|\bnullptr\b")
FOLDERS = ("src/os", "src/engine", "src/native", "src/core", "src/tool", "qml", "examples/05-widgets")
# Neither errors nor warnings: what a command says of its options, and what the parsers' classes pass on.
NOTICES = re.compile(r"^(measured|left out)|published$|waiting for it|its owner is gone")


def tokens_of(source):
    line = 1
    end = 0
    for match in TOKEN.finditer(source):
        line += source.count("\n", end, match.start())
        end = match.start()
        kind = match.lastgroup if match.lastgroup != "delimiter" else "raw"
        if kind != "comment":
            yield kind, match.group(), line


def content(kind, token):
    if kind == "raw":
        return token[token.index("(") + 1:token.rindex(")")]
    inner = token[token.index('"') + 1:token.rindex('"')]
    return re.sub(r"\\(.)", lambda escape: "\n" if escape[1] == "n" else escape[1], inner)


def arguments(tokens, at):
    """The arguments from `at` on, up to the bracket that ends them, as lists of tokens."""
    depth = 0
    found = [[]]
    for kind, token, line in tokens[at:]:
        if kind == "sign" and token in "([{":
            depth += 1
        elif kind == "sign" and token in ")]}":
            depth -= 1
            if depth < 0:
                return found
        elif kind == "sign" and token == ";" and depth == 0:
            return found
        if kind == "sign" and token == "," and depth == 0:
            found.append([])
        else:
            found[-1].append((kind, token, line))
    return found


def problem_of(expression, needs_remedy):
    """The fault of the text that the expression makes; and the text."""
    literals = [content(kind, token) for kind, token, _ in expression if kind in ("text", "raw")]
    words = {token for kind, token, _ in expression if kind == "word"}
    text = "".join(literals)
    if not literals or NOTICES.search(text):
        return None, text
    begins = expression[0][0] in ("text", "raw")
    if begins and not re.match(r'[a-z0-9"%-]', literals[0]):
        return "it does not begin in lower case", text
    if expression[-1][0] in ("text", "raw") and re.search(r"\.$", literals[-1]):
        return "it ends with a full stop", text
    if re.search(r"[a-z)\"]\. [A-Z]", text):
        return "it has more than one sentence", text
    if TYPES.search(text):
        return "it names a type of C++", text
    if "\n" in text:
        return "it has more than one line", text
    if needs_remedy and not re.search(r"; \S|; $", text) and not words & COMPLETED:
        return "it does not say what to do", text
    return None, text


def texts_of(tokens):
    """The expressions that make error texts, and whether each has to say what to do."""
    for at, (kind, token, line) in enumerate(tokens):
        following = tokens[at + 1][1] if at + 1 < len(tokens) else ""
        if kind != "word":
            continue
        before = tokens[at - 1][1] if at else ""
        if before == "::" and tokens[at - 2][1] in ("ErrorCode", "Error", "ProducerError") and following == ",":
            yield arguments(tokens, at + 2)[0], True, line
        elif token in CALLS and following == "(":
            # Declarations have no literals, so they are skipped.
            for argument in arguments(tokens, at + 2):
                if argument and argument[0][0] in ("text", "raw"):
                    yield argument, token not in COMPLETING, line
        elif token in ("systemError", "lastError") and following == "(":
            yield arguments(tokens, at + 2)[0], False, line
        elif token == "qmlWarning" or (token == "warn" and before == "::" and following == "("):
            expression = arguments(tokens, at)[0]
            literal = next((i for i, part in enumerate(expression) if part[0] in ("text", "raw")), None)
            if literal is not None:
                yield expression[literal:], True, line


def main(root):
    root = pathlib.Path(root)
    broken = 0
    seen = 0
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            # The compiler's messages of typemessage.h are sentences.
            if path.suffix not in (".cpp", ".h") or path.name == "typemessage.h":
                continue
            tokens = list(tokens_of(path.read_text(encoding="utf-8")))
            for expression, needs_remedy, line in texts_of(tokens):
                if not expression:
                    continue
                problem, text = problem_of(expression, needs_remedy)
                seen += bool(text)
                if problem:
                    broken += 1
                    print(f"{path.relative_to(root)}:{line}: {problem}: {text}")
    print(f"{seen} error texts checked")
    return 1 if broken or seen == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
