#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""Owns a segment, through the module of src/bindings/python: owner.py NAME --dir DIR --layout TEXT ...

Prints "ready" once the segment is published. Each line of hexadecimal digits on standard input is the payload of the next
revision, or the elements to append to a stream, answered by the new number; the end of the input closes the segment. --alter PART OFFSET HEX writes other bytes into the
record or the memory before any process can see them, for readers to refuse.
"""

import argparse
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../../src/bindings/python"))
import sharedsegment


def main():
    parser = argparse.ArgumentParser(description="Owns a segment.")
    parser.add_argument("name")
    parser.add_argument("--dir", required=True)
    parser.add_argument("--layout", required=True)
    parser.add_argument("--capacity", type=int, default=1)
    parser.add_argument("--variable", action="store_true", help="each revision has a count of its own")
    parser.add_argument("--stream", action="store_true", help="elements are appended")
    parser.add_argument("--metadata", type=json.loads, help="a JSON object")
    parser.add_argument("--buffers", type=int)
    parser.add_argument("--backend", choices=sharedsegment.BACKENDS)
    parser.add_argument("--alter", nargs=3, action="append", default=[], metavar=("PART", "OFFSET", "HEX"))
    arguments = parser.parse_args()
    alter = [(part, int(offset), bytes.fromhex(digits)) for part, offset, digits in arguments.alter]
    with sharedsegment.create(arguments.name, arguments.layout, arguments.capacity, arguments.buffers, arguments.backend, arguments.dir,
                              arguments.variable, arguments.metadata, alter, arguments.stream) as owner:
        print("ready", flush=True)
        for line in sys.stdin:
            data = bytes.fromhex(line)
            print(owner.append(data) if arguments.stream else owner.publish(data), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
