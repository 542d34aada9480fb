#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""The code in src/bindings/python/README.md: readers, and the owners in a process of its own, which reads what the readers print."""

import array
import contextlib
import os
import signal
import struct
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../src/bindings/python"))
import sharedsegment


def own(ready, printed):
    """Closes each segment when the reader has printed all of it."""
    with os.fdopen(printed) as lines:
        return 0 if own_array(ready, lines) and own_stream(ready, lines) else 1


def own_array(ready, lines):
    with sharedsegment.create("readings", "f64", 1000, variable=True, metadata={"fields": {"value": {"unit": "V"}}}) as readings:
        readings.publish(struct.pack("<2d", 1.5, 2.5))
        os.write(ready, b"y")
        return [lines.readline(), lines.readline()] == ["1.5\n", "2.5\n"]


def own_stream(ready, lines):
    with sharedsegment.create("samples", "f64", 100000, stream=True) as samples:
        samples.append(struct.pack("<2d", 4.5, 5.5))
        os.write(ready, b"y")
        printed = [lines.readline(), lines.readline()]
    return printed + [lines.readline()] == ["4.5\n", "5.5\n", "0 lost\n"]


def show():
    with sharedsegment.open("readings") as readings:
        seen = 0
        while readings.wait(seen) == "updated":
            seen, timestamp, data = readings.read()
            for value in array.array("d", data):
                print(value)
        return timestamp, readings.metadata


def show_stream():
    with sharedsegment.open_stream("samples") as samples:
        samples.seek(sharedsegment.OLDEST)
        while samples.wait() == "updated":
            position, timestamp, data = samples.read()
            for value in array.array("d", data):
                print(value)
        print(samples.lost, "lost")
        return position, timestamp


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SHAREDSEGMENT_DIR"] = folder
        from_owner, ready = os.pipe()
        from_reader, printed = os.pipe()
        signal.alarm(60)
        owner = os.fork()
        if owner == 0:
            signal.alarm(60)
            os.close(printed)
            os._exit(own(ready, from_reader))
        os.close(ready)
        assert os.read(from_owner, 1) == b"y"
        with os.fdopen(printed, "w", buffering=1) as lines, contextlib.redirect_stdout(lines):
            timestamp, metadata = show()
            assert os.read(from_owner, 1) == b"y"
            position, appended = show_stream()
        os.close(from_owner)
        assert position == 2 and appended > 0
        assert timestamp > 0 and metadata == {"fields": {"value": {"unit": "V"}}}
        assert os.waitpid(owner, 0)[1] == 0


if __name__ == "__main__":
    main()
