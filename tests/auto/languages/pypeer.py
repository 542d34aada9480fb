#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""Does what cpeer.c does, in Python, through the module of src/bindings/python."""

import ctypes
import json
import math
import os
import platform
import resource
import signal
import struct
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../../src/bindings/python"))
import sharedsegment
from sharedsegment import BUSY, CORRUPT, LAYOUT_MISMATCH, NOT_FOUND, OUT_OF_MEMORY, PERMISSION_DENIED, TAKEN, UNSUPPORTED_VERSION

CODES = {NOT_FOUND: -1, TAKEN: -2, BUSY: -3, CORRUPT: -4, PERMISSION_DENIED: -7, OUT_OF_MEMORY: -8, UNSUPPORTED_VERSION: -9,
         LAYOUT_MISMATCH: -10}
PREPARED = 4
SYS_CLONE = {"x86_64": 56, "aarch64": 220}
reason = ""


def words(key, count):
    return [key if index == 0 else (key + index) * 0x9E3779B97F4A7C15 % (1 << 64) for index in range(count)]


def pattern(key, size):
    return struct.pack("<%dQ" % (size // 8), *words(key, size // 8))


def is_whole(data):
    key = struct.unpack_from("<Q", data)[0] if data else 0
    return data == (pattern(key, len(data)) if key else bytes(len(data)))


def say(text):
    print(text, flush=True)


def describe(segment):
    global reason
    try:
        if isinstance(segment, sharedsegment.Owner):
            return "error an owner does not read"
        revision, _, data = segment.read()
        count = " %d" % (len(data) // segment.layout.size) if segment.is_variable else ""
        return "%s %d%s" % ("whole" if is_whole(data) else "torn", revision, count)
    except sharedsegment.Failure as failure:
        reason = str(failure)
        return "busy" if failure.code == BUSY else "error %s" % failure


def publish(segment, key, size):
    if not isinstance(segment, sharedsegment.Owner):
        return "error -5 only its owner can publish"
    try:
        return "published %d" % segment.publish(pattern(key, size))
    except sharedsegment.Failure as failure:
        return "error %d %s" % (CODES[failure.code], failure)
    except ValueError as error:
        return "error -5 %s" % error


def is_stream(segment):
    return segment.kind == sharedsegment.STREAM if isinstance(segment, sharedsegment.Owner) else segment.is_stream


def open_any(name, wait=0):
    """Opens the segment, whatever its kind is."""
    try:
        return sharedsegment.open(name, wait=wait)
    except sharedsegment.LayoutMismatch:
        return sharedsegment.open_stream(name, wait=wait)


def elements(first, count, size):
    """Elements that each prove to be the one of their number: their key is the number + 1."""
    return b"".join(pattern(first + index + 1, size) for index in range(count))


def element_size(segment):
    return segment.element if isinstance(segment, sharedsegment.Owner) else segment.layout.size


def append(segment, count):
    if not isinstance(segment, sharedsegment.Owner):
        return "error -5 only its owner can append"
    try:
        return "appended %d" % segment.append(elements(segment.revision, count, segment.element))
    except sharedsegment.Failure as failure:
        return "error %d %s" % (CODES[failure.code], failure)


def take(segment, most, milliseconds):
    """Reads elements of a stream for that time, few and many; or once."""
    end = time.monotonic() + milliseconds / 1000
    count = wrong = 0
    size = segment.layout.size
    while True:
        position, _, data = segment.read(most)
        read = len(data) // size
        count += read
        if data != elements(position - read, read, size):
            wrong += sum(data[size * index:size * (index + 1)] != elements(position - read + index, 1, size) for index in range(read))
        most = most % segment.capacity + 1
        if time.monotonic() >= end:
            return "took %d wrong %d lost %d at %d" % (count, wrong, segment.lost, segment.position)


def answer_for_stream(segment, command, numbers):
    """@returns whether the command was one for streams."""
    if command == "append":
        say(append(segment, int(numbers[0])))
    elif command == "take":
        say(take(segment, int(numbers[0]), 0))
    elif command == "check":
        say(take(segment, 1, int(numbers[0])))
    elif command == "seek":
        segment.seek(int(numbers[0]) if numbers[0].isdigit() else numbers[0])
        say("done")
    elif command == "reserve":
        segment.words[sharedsegment.RESERVED] = segment.revision + int(numbers[0])
        say("reserved")
    elif command == "time":
        reader = segment.elements if isinstance(segment, sharedsegment.Stream) else sharedsegment.RingBuffer(
            segment.map, segment.words, segment.payload, segment.capacity, segment.element)
        say("%d" % reader.times_at(segment.revision)[0])
    elif command == "read":
        say("error a stream has no revision to read")
    elif command == "spin":
        while True:
            for count in range(1, (segment.capacity + 1) // 2 + 1):
                append(segment, count)
    else:
        return False
    return True


def be_child(segment, size, what):
    if what == "publish":
        say(publish(segment, 99, size))
    elif what == "append":
        say(append(segment, 1))
    elif what == "read":
        say(describe(segment))
    elif what == "owned":
        say("%d" % segment.is_owned())
    elif what == "wait":
        try:
            say(segment.wait(segment.revision, 0))
        except sharedsegment.Failure as failure:
            say("error %d %s" % (CODES[failure.code], failure))
    elif what == "exit":
        sys.exit(0)  # leaves the with block
    elif what == "stay":
        say("%d" % os.getpid())
        while True:
            signal.pause()
    os._exit(what == "crash")


def have_child(segment, size, how, what):
    if how == "clone":
        child = ctypes.CDLL(None).syscall(SYS_CLONE[platform.machine()], signal.SIGCHLD, 0, 0, 0, 0)
    else:
        child = os.fork()
    if child == 0:
        be_child(segment, size, what)
    if what != "stay":
        say("child %d" % os.waitpid(child, 0)[1])


def limit_descriptors():
    """No descriptor is left from here on."""
    following = os.dup(0)
    os.close(following)
    resource.setrlimit(resource.RLIMIT_NOFILE, (following, following))
    return "limited"


def check(segment, milliseconds):
    end = time.monotonic() + milliseconds / 1000
    reads = torn = busy = last = 0
    while time.monotonic() < end:
        try:
            revision, _, data = segment.read()
        except sharedsegment.Failure:
            busy += 1
            continue
        reads += 1
        torn += not is_whole(data) or revision < last
        # A count belongs to its revision, too.
        torn += segment.is_variable and len(data) > 0 and len(data) // 8 != struct.unpack_from("<Q", data)[0] % (segment.capacity + 1)
        last = revision
    return "reads %d torn %d busy %d" % (reads, torn, busy)


def reopen(segment, milliseconds):
    """Opens the segment again and again."""
    end = time.monotonic() + milliseconds / 1000
    missing = 0
    while time.monotonic() < end:
        try:
            open_any(segment.name).close()
        except sharedsegment.Failure as failure:
            missing += failure.code == NOT_FOUND
    return "missing %d" % missing


def serve(segment, size):
    say("ready")
    with segment:
        answer(segment, size)


def answer(segment, size):
    for line in sys.stdin:
        command, *numbers = line.split()
        if is_stream(segment) and answer_for_stream(segment, command, numbers):
            continue
        if command == "publish":
            say(publish(segment, int(numbers[0]), 8 * int(numbers[1]) if len(numbers) > 1 else size))
        elif command in ("fork", "clone"):
            have_child(segment, size, command, numbers[0])
        elif command == "why":
            say(reason)
        elif command == "owned":
            say("%d" % segment.is_owned())
        elif command == "exec":
            os.execl("/bin/sh", "sh", "-c", "echo other; exec sleep 300")
        elif command == "limit":
            say(limit_descriptors())
        elif command == "read":
            say(describe(segment))
        elif command == "reopen":
            say(reopen(segment, int(numbers[0])))
        elif command == "check":
            say(check(segment, int(numbers[0])))
        elif command == "wait":
            timeout = None if int(numbers[1]) < 0 else int(numbers[1]) / 1000
            answer = segment.wait(int(numbers[0]), timeout)
            say("%s %d" % (answer, segment.revision))
        elif command == "layout":
            say("%s %d" % (segment.layout_text, segment.capacity))
        elif command == "metadata":
            say(json.dumps(segment.metadata, separators=(",", ":")) if segment.metadata else "")
        elif command == "begin":
            following = segment.revision + 1
            segment.words[sharedsegment.entry_of(following % segment.buffers)] = 2 * following - 1
            say("begun")
        elif command == "spin":
            step = segment.capacity // PREPARED if segment.is_variable else 1
            prepared = [pattern(key, 8 * key if segment.is_variable else size) for key in range(step, 1 + step * PREPARED, step)]
            while True:
                for data in prepared:
                    segment.publish(data)
        elif command == "close":
            segment.close()
            say("closed")
            return


def main():
    signal.alarm(300)  # A test that fails must not leave its peers behind.
    try:
        if sys.argv[1] == "own":
            name, layout, capacity, backend, buffers = sys.argv[2:7]
            kind, metadata = (sys.argv[7:] + ["fixed", "null"][len(sys.argv[7:]):])[:2]
            segment = sharedsegment.create(name, layout, int(capacity), int(buffers), None if backend == "automatic" else backend,
                                           variable=kind == "variable", stream=kind == "stream", metadata=json.loads(metadata))
            size = segment.bytes
        else:
            milliseconds = int((sys.argv[3:] or ["0"])[0])  # of `await`
            segment = open_any(sys.argv[2], math.inf if milliseconds < 0 else milliseconds / 1000)
            size = segment.memory.bytes
    except sharedsegment.Failure as failure:
        # A wrong layout in an argument is the caller's error, not damage of a segment.
        code = -5 if sys.argv[1] == "own" and failure.code == CORRUPT else CODES[failure.code]
        say("error %d %s" % (code, failure))
        return 1
    except (ValueError, OverflowError, OSError) as error:
        say("error -5 %s" % error)
        return 1
    serve(segment, size)
    return 0


if __name__ == "__main__":
    sys.exit(main())
