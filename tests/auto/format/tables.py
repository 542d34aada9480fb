#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""Compares the tables of the format's page with the constants of each implementation.

    tables.py PAGE ENGINE [--c PROGRAM] [--python MODULE] [--selftest]

ENGINE and the program of --c print their structures and constants as JSON, see tst_formattables.cpp. MODULE is the Python file. A row of a
table must have the offset, the type and the name that the engine's structure has, and the other way round: missing and extra rows fail.
The engine's structures must consist of the named fields and of reserved bytes alone. Prints each difference and then returns 1.
--selftest also changes the page in some places and fails if a change is not found.
"""

import argparse
import importlib.util
import json
import pathlib
import re
import subprocess
import sys

# The header of each table, and the name of the table.
TABLES = {
    ("offset", "type", "field"): None,  # two of them: first the record's, then the memory's
    ("offset in the slot", "type", "field"): "slot",
    ("offset in the entry", "type", "field"): "entry",
    ("offset in the entry", "type", "field of a stream"): "stream entry",
    ("offset in the revision", "type", "field of an image"): "image",
}
# What the page specifies and the engine does not implement: names of values, or the whole field.
BEYOND_ENGINE = {("backend", "file"), "colour matrix", "range", "transfer"}
# Rows that a binding does not use: it has no constant for them.
UNUSED_BY_BINDINGS = {("record", "update byte"), ("record", "writers' lock"), ("slot", "zero")}
SIZES = {"u8": 1, "u32": 4, "i32": 4, "u64": 8, "i64": 8, "UTF-8": 0}


class Page:
    """What the page says: fields {table: {name: (offset, type)}}, named values {(field, name): number}, the single number that a field has
    {(table, name): number}, texts {(table, name): text} and constants {name: number}."""

    def __init__(self, text):
        self.fields, self.values, self.numbers, self.texts, self.constants, self.faults = {}, {}, {}, {}, {}, []
        unnamed = iter(("record", "memory"))
        for header, rows in tables(text):
            if header == ("constant", "value"):
                self.constants.update((name, int(value)) for name, value in rows)
                continue
            if header not in TABLES:
                continue
            table = TABLES[header] or next(unnamed, None)
            if table is None or table in self.fields:
                self.faults.append("two tables %r" % (header,))
                continue
            self.fields[table] = {}
            for row in rows:
                self.add(table, row)
            self.check_order(table)

    def add(self, table, row):
        if len(row) != 3 or not row[0].isdigit():
            self.faults.append("%s: not a row: %r" % (table, row))
            return
        offset, kind, text = int(row[0]), row[1], row[2]
        name = re.split(r"[:,;(]", text)[0].strip()
        quoted = re.search(r"`(\w+)`", text)
        if name.startswith("`"):
            name = "magic"
        if quoted and kind.startswith("u8["):
            self.texts[table, name] = quoted[1]
        if name in self.fields[table]:
            name = "%s at %d" % (name, offset)
        self.fields[table][name] = (offset, kind)
        _, colon, rest = text.partition(":")
        if colon and re.fullmatch(r" \d+", rest):
            self.numbers[table, name] = int(rest)
        elif colon and re.match(r" (?:bit )?\d+ [A-Za-z]", rest):
            for number, what in re.findall(r"(?:^|, )(?:bit )?(\d+) ([^,;.]+(?:\.\d+)?)", rest.strip()):
                self.values[name, what.strip()] = int(number)

    def check_order(self, table):
        """Rows are in the order of their offsets, at their natural alignment, and do not overlap."""
        end = 0
        for name, (offset, kind) in self.fields[table].items():
            size = size_of(kind)
            if size is None:
                self.faults.append("%s: %s: no such type: %s" % (table, name, kind))
                continue
            if kind in SIZES and SIZES[kind] and offset % SIZES[kind]:
                self.faults.append("%s: %s: not aligned: %d" % (table, name, offset))
            if offset < end and (table, name) != ("record", "mark"):
                self.faults.append("%s: %s: overlaps the row before: %d" % (table, name, offset))
            end = max(end, offset + size)


def size_of(kind):
    match = re.fullmatch(r"(\w+|UTF-8)(?:\[(\d+)\])?", kind)
    if match and match[1] in SIZES:
        return SIZES[match[1]] * int(match[2] or 1)
    match = re.fullmatch(r"(\d+) \w+ of (\d+) bytes", kind)
    if match:
        return int(match[1]) * int(match[2])
    match = re.fullmatch(r"(\d+) \w+ of \{(.*)\}", kind)
    if match:
        return int(match[1]) * sum(SIZES[part.split()[0]] for part in match[2].split(", "))
    return None


def tables(text):
    """Each table as its header and its rows."""
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        if not lines[at].startswith("|"):
            at += 1
            continue
        rows = []
        while at < len(lines) and lines[at].startswith("|"):
            rows.append(tuple(cell.strip() for cell in lines[at].strip("|").split("|")))
            at += 1
        yield rows[0], rows[2:]


def compare(what, page, theirs):
    """@returns how `theirs` differs from the page: missing, extra and other."""
    found = ["%s: not on the page: %s = %s" % (what, key, value) for key, value in theirs.items() if key not in page]
    found += ["%s: only on the page: %s = %s" % (what, key, value) for key, value in page.items() if key not in theirs]
    found += ["%s: %s: %s, on the page %s" % (what, key, theirs[key], page[key]) for key in theirs if key in page and theirs[key] != page[key]]
    return found


def check_structure(what, fields):
    """Fields and reserved bytes fill each structure of an implementation without a gap."""
    ends = {}
    for field in fields:
        table = field["table"]
        if field["kind"] != "part" and field["offset"] != ends.get(table, 0):
            yield "%s: %s: bytes without a field before %d: %s" % (what, table, field["offset"], field["name"])
        if field["kind"] != "part":
            ends[table] = field["offset"] + field["size"]


def split(dump):
    """What an implementation printed, in the form of the page."""
    fields = {(field["table"], field["name"]): (field["offset"], field["type"]) for field in dump["fields"] if field["kind"] != "reserved"}
    constants = {value["name"]: value["value"] for value in dump["values"] if not value["field"]}
    values = {(value["field"], value["name"]): value["value"] for value in dump["values"] if value["field"]}
    texts = {(text["table"], text["name"]): text["text"] for text in dump["texts"]}
    return fields, constants, values, texts


def check_page(page, engine):
    fields, constants, values, texts = split(engine)
    own = {(table, name): row for table, rows in page.fields.items() for name, row in rows.items() if table in ("record", "slot", "memory", "entry")}
    named = {key: value for key, value in page.values.items() if key[0] not in BEYOND_ENGINE and key not in BEYOND_ENGINE}
    yield from page.faults
    yield from compare("engine", own, fields)
    yield from compare("engine", page.constants, constants)
    yield from compare("engine", named, values)
    yield from compare("engine", {key: text for key, text in page.texts.items() if key[0] in ("record", "memory")}, texts)
    yield from check_structure("engine", engine["fields"])
    for (table, name), value in page.numbers.items():
        if constants.get(name, value) != value:
            yield "page: %s: %s: %d in the row, and %d as a constant" % (table, name, value, constants[name])
    for table in ("record", "slot", "memory", "entry", "stream entry", "image"):
        if table not in page.fields:
            yield "page: no table of: %s" % table
    # An entry of a stream is one of the table; an image's header has the size that it states.
    if list(page.fields.get("stream entry", {}).values()) != list(page.fields.get("entry", {}).values()):
        yield "page: the entries of arrays and of streams have different offsets or types"
    image = page.fields.get("image", {})
    if image and sum(size_of(kind) or 0 for _, kind in image.values()) != page.numbers.get(("image", "header bytes")):
        yield "page: the rows of an image's header are not as long as the header"


def check_binding(what, page, dump):
    """A binding has a constant for each row that it uses. It may name fewer values, but no others."""
    fields, constants, values, texts = split(dump)
    own = {(table, name): row for table, rows in page.fields.items() for name, row in rows.items()
           if table in ("record", "slot", "memory", "entry") and ((table, name) not in UNUSED_BY_BINDINGS or (table, name) in fields)}
    yield from compare(what, own, fields)
    yield from compare(what, {name: value for name, value in page.constants.items() if name in constants}, constants)
    yield from compare(what, {key: value for key, value in page.values.items() if key in values}, values)
    yield from compare(what, {key: text for key, text in page.texts.items() if key[0] in ("record", "memory")}, texts)
    for name in ("format version", "bytes of a record", "layout text offset", "most bytes of the metadata", "most buffers"):
        if name not in constants:
            yield "%s: no constant: %s" % (what, name)


def output_of(program):
    return json.loads(subprocess.run([program], stdout=subprocess.PIPE, check=True).stdout)


def tables_of_module(path):
    sys.dont_write_bytecode = True
    specification = importlib.util.spec_from_file_location("sharedsegment", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module_dump(module)


def module_dump(module):
    letters = {"I": "u32", "Q": "u64", "q": "i64"}
    fields = [{"table": table, "kind": "field", "name": name, "offset": offset,
               "type": letters.get(letter) or (letter if " " in letter or letter == "UTF-8" else "u8[%s]" % letter.rstrip("s"))}
              for table, rows in module.FORMAT.items() for name, (offset, letter) in rows.items()]
    values = [{"field": field, "name": name, "value": value} for field, rows in module.FORMAT_VALUES.items() for name, value in rows.items()]
    texts = [{"table": table, "name": name, "text": text.decode()} for (table, name), text in module.FORMAT_TEXTS.items()]
    return {"fields": fields, "values": values, "texts": texts}


def self_test(text, engine):
    """@returns the changes of the page that check_page() does not find."""
    changes = (
        ("| 8 | u32 | format version: 2 |", "| 12 | u32 | format version: 2 |"),
        ("| 8 | u32 | format version: 2 |", "| 8 | u32 | format version: 3 |"),
        ("| 388 | u32 | kind:", "| 388 | u64 | kind:"),
        ("| 512 | u32 | state: 0 live, 1 closed,", "| 512 | u32 | state: 0 live, 3 closed,"),
        ("| 112 | u32 | metadata bytes", "| 112 | u32 | octets of the metadata"),
        ("| 524 | u32 | source:", "| 528 | u32 | source:"),
        ("| most buffers | 16 |\n", ""),
        ("| 516 | u32 | armed", "| 516 | u32 | armed |\n| 560 | u32 | other"),
        ("| 72 | u64 | process id of the owner, for people |\n", ""),
        ("bit 1 group of readers", "bit 2 group of readers"),
        ("112 slots of 64 bytes", "113 slots of 64 bytes"),
        ("| 24 | i64 | source timestamp: time", "| 24 | u64 | source timestamp: time"),
        ("| 16 | u64 | zero |", "| 16 | u32 | zero |"),
        ("| 88 | u8[40] | zero |", "| 88 | u8[44] | zero |"),
        ("`SSRECORD`", "`SSRECORE`"),
        ("mark: `MARK`", "mark: `MARL`"),
    )
    for old, new in changes:
        changed = text.replace(old, new, 1)
        if changed == text:
            yield "the self-test does not find this on the page: %s" % old
        elif not list(check_page(Page(changed), engine)):
            yield "not found: %r in the place of %r" % (new, old)


def main():
    parser = argparse.ArgumentParser(description="Compares the tables of the format's page with the implementations.")
    parser.add_argument("page", type=pathlib.Path)
    parser.add_argument("engine")
    parser.add_argument("--c")
    parser.add_argument("--python")
    parser.add_argument("--selftest", action="store_true")
    arguments = parser.parse_args()
    text = arguments.page.read_text(encoding="utf-8")
    page, engine = Page(text), output_of(arguments.engine)
    found = list(check_page(page, engine))
    if arguments.c:
        found += check_binding("C", page, output_of(arguments.c))
    if arguments.python:
        found += check_binding("Python", page, tables_of_module(arguments.python))
    if arguments.selftest:
        found += self_test(text, engine)
    print("\n".join(found + ["%d rows, %d constants, %d named values; %d differences" % (
        sum(len(rows) for rows in page.fields.values()), len(page.constants), len(page.values), len(found))]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
