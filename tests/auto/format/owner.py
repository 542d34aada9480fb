#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""Owns a segment, by src/doc/format.md alone: owner.py NAME --dir DIR --layout TEXT --element-size N --alignment N ...

Prints "ready" once the segment is published. Each line of hexadecimal digits on standard input is the payload of the next
revision, answered by its number; the end of the input closes the segment. --alter PART OFFSET HEX writes other bytes into the
record or the memory before anybody can see them, for readers to refuse.

A single writer of Linux. Python has no compare-and-swap, so that rung slots stay armed, as if the publisher had been killed in
between: listeners are woken once more than they need to be, never once less.
"""

import argparse
import fcntl
import mmap
import os
import secrets
import struct
import sys
import time

sys.dont_write_bytecode = True
from reader import MEMFD, MEMORY_HEADER, POSIX, RECORD_SIZE, fence, file_name, fnv1a

F_OFD_SETLK = getattr(fcntl, "F_OFD_SETLK", 37)
F_ADD_SEALS = getattr(fcntl, "F_ADD_SEALS", 1033)
SEALS = 1 | 2 | 4 | 16
LISTENERS = 112
LISTENING, ARMED = 1, 2


def round_up(value, alignment):
    return -(-value // alignment) * alignment


def lock(descriptor, offset, kind):
    fcntl.fcntl(descriptor, F_OFD_SETLK, struct.pack("hhqqi4x", kind, os.SEEK_SET, offset, 1, 0))


class Owner:
    def __init__(self, arguments):
        self.folder = arguments.dir
        name = os.fsencode(arguments.name)
        text = arguments.layout.encode()
        self.bytes = arguments.length * arguments.element_size
        self.frames = arguments.frames
        self.stride = round_up(self.bytes, 64)
        self.payload = round_up(MEMORY_HEADER + len(text), 4096)
        self.size = self.payload + self.frames * self.stride
        self.instance = secrets.token_bytes(16)
        self.hex = self.instance.hex().upper()
        self.object = b"/ss-" + self.hex[:22].encode() if arguments.backend == "posix" else b""

        temporary = os.path.join(self.folder, ".%s.new" % self.hex)
        self.record = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        lock(self.record, 0, fcntl.F_WRLCK)
        os.posix_fallocate(self.record, 0, RECORD_SIZE)
        backend, descriptor = (POSIX, -1) if self.object else (MEMFD, os.memfd_create("segment", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING))
        record = struct.pack("<8sII16sQqQII256s64s", b"SSRECORD", 1, backend, self.instance, os.getpid(), descriptor, self.size, 0,
                             len(name), name, self.object)
        # It names the object before there is one: a kill from here on leaves nothing that nobody finds.
        os.pwrite(self.record, record, 0)

        if self.object:
            self.memory = os.open("/dev/shm" + self.object.decode(), os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            os.posix_fallocate(self.memory, 0, self.size)
        else:
            self.memory = descriptor
            os.fchmod(self.memory, 0o600)
            os.ftruncate(self.memory, self.size)
        self.map = mmap.mmap(self.memory, self.size, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE)
        header = struct.pack("<8sIIQQIIIIQIIQQ16sq", b"SSEGMENT", 1, self.payload, self.size, arguments.length,
                             arguments.element_size, arguments.alignment, MEMORY_HEADER, len(text), fnv1a(text, 64), self.frames, 0,
                             self.stride, os.getpid(), self.instance, time.time_ns())
        self.map[:len(header)] = header
        self.map[MEMORY_HEADER:MEMORY_HEADER + len(text)] = text
        self.words = memoryview(self.map)[:MEMORY_HEADER].cast("Q")
        for part, offset, digits in arguments.alter:
            data = bytes.fromhex(digits)
            if part == "record":
                os.pwrite(self.record, data, int(offset))
            else:
                self.map[int(offset):int(offset) + len(data)] = data
        if not self.object:
            fcntl.fcntl(self.memory, F_ADD_SEALS, SEALS)
        self.path = os.path.join(self.folder, file_name(name))
        # A second link fails where the name is taken, as a plain rename would not.
        os.link(temporary, self.path)
        os.unlink(temporary)
        self.revision = 0

    def publish(self, data):
        if len(data) != self.bytes:
            raise ValueError("a revision has %d bytes" % self.bytes)
        new = self.revision + 1
        frame = new % self.frames
        entry = (256 + 16 * frame) // 8
        start = self.payload + frame * self.stride
        self.words[entry] = 2 * new - 1
        fence()
        self.map[start:start + self.bytes] = data
        self.words[entry + 1] = time.time_ns()
        fence()
        self.words[entry] = 2 * new
        fence()
        self.words[128 // 8] = self.revision = new
        fence()
        self.ring((ARMED,))

    def ring(self, states):
        for slot in range(LISTENERS):
            state, _, generation = struct.unpack("<III", os.pread(self.record, 12, 1024 + 64 * slot))
            if state not in states:
                continue
            bell = os.path.join(self.folder, ".%s.%d.%d.bell" % (self.hex, slot, generation))
            try:
                descriptor = os.open(bell, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW)
            except OSError:
                continue
            try:
                os.write(descriptor, b"\1")
            except (BlockingIOError, BrokenPipeError):
                pass
            os.close(descriptor)

    def close(self):
        os.pwrite(self.record, struct.pack("<I", 1), 512)
        self.ring((LISTENING, ARMED))
        if self.object:
            os.unlink("/dev/shm" + self.object.decode())
        os.unlink(self.path)
        lock(self.record, 0, fcntl.F_UNLCK)
        os.close(self.record)


def main():
    parser = argparse.ArgumentParser(description="Owns a segment.")
    parser.add_argument("name")
    parser.add_argument("--dir", required=True)
    parser.add_argument("--layout", required=True)
    parser.add_argument("--element-size", type=int, required=True)
    parser.add_argument("--alignment", type=int, required=True)
    parser.add_argument("--length", type=int, default=1)
    parser.add_argument("--frames", type=int, default=4)
    parser.add_argument("--backend", choices=("memfd", "posix"), default="memfd")
    parser.add_argument("--alter", nargs=3, action="append", default=[], metavar=("PART", "OFFSET", "HEX"))
    owner = Owner(parser.parse_args())
    print("ready", flush=True)
    for line in sys.stdin:
        owner.publish(bytes.fromhex(line))
        print(owner.revision, flush=True)
    owner.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
