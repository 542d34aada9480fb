#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""Prints the newest revision of a live segment, or all elements of a stream, as JSON, through the module of src/bindings/python: reader.py NAME [--dir DIR]

Exit codes: 0 printed, 2 no such segment (or only files of a dead owner), 3 corrupt or out of reach, 4 the writer blocked each
attempt, 8 another version, or a kind, a backend or a feature that the module lacks. JSON has no NaN and no infinities: they become "NaN", "Infinity" and "-Infinity".
"""

import argparse
import json
import math
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../../src/bindings/python"))
import sharedsegment


def finite(value):
    if isinstance(value, dict):
        return {name: finite(part) for name, part in value.items()}
    if isinstance(value, list):
        return [finite(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def open_any(name, folder):
    """An array, or a stream from its oldest element on."""
    try:
        return sharedsegment.open(name, folder)
    except sharedsegment.LayoutMismatch:
        stream = sharedsegment.open_stream(name, folder)
        stream.seek(sharedsegment.OLDEST)
        return stream


def main():
    parser = argparse.ArgumentParser(description="Prints the newest revision of a live segment, or all elements of a stream, as JSON.")
    parser.add_argument("name")
    parser.add_argument("--dir", help="the registry folder; default: as the library finds it")
    arguments = parser.parse_args()
    try:
        with open_any(arguments.name, arguments.dir) as segment:
            revision, timestamp, data = segment.read()
            layout = segment.layout
            content = {
                "name": segment.name.decode("utf-8", "replace"),
                "backend": {sharedsegment.MEMFD: "memfd", sharedsegment.POSIX: "posix"}[segment.record.backend],
                "layout": segment.layout_text,
                "capacity": segment.capacity,
                "kind": "stream" if segment.is_stream else "variable" if segment.is_variable else "fixed",
                "metadata": segment.metadata,
                "revision": revision,
                "timestamp": timestamp,
                "sourceTimestamp": segment.source_timestamp,
                "source": segment.source,
                "values": [finite(layout.element(data, index * layout.size)) for index in range(len(data) // layout.size)],
            }
    except OSError as error:
        print("%s: %s" % (arguments.name, error), file=sys.stderr)
        return sharedsegment.CORRUPT
    except sharedsegment.Failure as failure:
        print("%s: %s" % (arguments.name, failure), file=sys.stderr)
        return failure.code
    print(json.dumps(content, separators=(",", ":"), allow_nan=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
