#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""Prints the newest revision of a live segment as JSON: reader.py NAME [--dir DIR]

Written from src/doc/format.md alone, with nothing but Python's standard library, for Linux. Exit codes: 0 printed, 2 no such
segment (or only what a dead owner left), 3 corrupt, unsupported or not reachable, 4 the writer was in the way each time.

Integers, floats and bools become numbers, true and false; text a string up to its first NUL; arrays lists; structs objects
with the flattened field names as keys. JSON has no NaN and no infinities: they become "NaN", "Infinity" and "-Infinity".
"""

import argparse
import fcntl
import json
import math
import mmap
import os
import re
import stat
import struct
import sys
import threading

NOT_FOUND, CORRUPT, BUSY = 2, 3, 4
LOOKUP_TRIES = 5
READ_TRIES = 3

RECORD_SIZE = 8192
MEMORY_HEADER = 512
MEMFD, POSIX = 1, 2
MANY_WRITERS = 1
MAXIMUM_LAYOUT = 1 << 20
MAXIMUM_ELEMENT = 0x7FFFFFFF
MAXIMUM_FIELDS = 65536
LARGEST_PAGE = 65536

F_OFD_GETLK = getattr(fcntl, "F_OFD_GETLK", 36)
F_GET_SEALS = getattr(fcntl, "F_GET_SEALS", 1034)
SEAL_SEAL, SEAL_SHRINK, SEAL_GROW, SEAL_FUTURE_WRITE = 1, 2, 4, 16

SCALARS = {  # letter of the struct module, bytes
    "i8": ("b", 1), "u8": ("B", 1), "i16": ("h", 2), "u16": ("H", 2), "i32": ("i", 4), "u32": ("I", 4),
    "i64": ("q", 8), "u64": ("Q", 8), "f32": ("f", 4), "f64": ("d", 8), "bool": ("B", 1), "char": ("s", 1),
}


class Failure(Exception):
    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


class Moved(Exception):
    """What the record says and what is there do not belong together: the record may have been replaced meanwhile."""


# --- Names ---

def fnv1a(data, bits):
    prime, value = {
        64: (0x100000001B3, 0xCBF29CE484222325),
        128: (0x1000000000000000000013B, 0x6C62272E07BB014262B821756295C58D),
    }[bits]
    for byte in data:
        value = (value ^ byte) * prime % (1 << bits)
    return value


def file_name(name):
    plain = b"abcdefghijklmnopqrstuvwxyz0123456789._-"
    encoded = "".join(chr(byte) if byte in plain else "%%%02X" % byte for byte in name)
    if len(encoded) > 200:
        encoded = "%s~%032X" % (encoded[:150], fnv1a(name, 128))
    return "s.%s.segment" % encoded


def registry_folder():
    path = os.environ.get("SHAREDSEGMENT_DIR", "")
    if path:
        return path.rstrip("/") or "/"
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime.startswith("/"):
        return runtime + "/sharedsegment"
    uid = os.geteuid()
    user = "/run/user/%d" % uid
    if os.path.isdir(user):
        return user + "/sharedsegment"
    if uid == 0 and os.path.isdir("/run"):
        return "/run/sharedsegment"
    if os.path.isdir("/dev/shm"):
        return "/dev/shm/sharedsegment-%d" % uid
    temporary = os.environ.get("TMPDIR", "")
    return "%s/sharedsegment-%d" % (temporary if temporary.startswith("/") else "/tmp", uid)


def check_folder(path):
    try:
        info = os.lstat(path)
    except FileNotFoundError:
        raise Failure(NOT_FOUND, "there is no registry folder %s" % path)
    if not stat.S_ISDIR(info.st_mode) or info.st_uid != os.geteuid() or info.st_mode & 0o777 != 0o700:
        raise Failure(CORRUPT, "%s is not a private folder of this user" % path)


# --- Layout text ---

class Field:
    def __init__(self, name, scalar, count, is_array, offset):
        self.name, self.scalar, self.count, self.is_array, self.offset = name, scalar, count, is_array, offset
        self.letter, self.alignment = SCALARS[scalar]
        self.size = self.alignment * count

    def value(self, data, start):
        if self.scalar == "char":
            text = data[start + self.offset:start + self.offset + self.size]
            return text.split(b"\0", 1)[0].decode("utf-8", "replace")
        values = struct.unpack_from("<%d%s" % (self.count, self.letter), data, start + self.offset)
        if self.scalar == "bool":
            values = [value != 0 for value in values]
        elif self.scalar in ("f32", "f64"):
            values = [finite(value) for value in values]
        return list(values) if self.is_array else values[0]


def finite(value):
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


NUMBER = r"(?:0|[1-9][0-9]{0,9})"
IDENTIFIER = r"[A-Za-z_\u0080-\U0010FFFF][A-Za-z0-9_\u0080-\U0010FFFF]*"
TYPE = re.compile(r"([a-z]+[0-9]*)(?:\[(%s)\])?" % NUMBER)
FIELD = re.compile(r"(%s(?:\.%s)*):([a-z0-9\[\]]+)@(%s)" % (IDENTIFIER, IDENTIFIER, NUMBER))
STRUCT = re.compile(r"(%s)\{(.*)\}/(%s)" % (IDENTIFIER, NUMBER), re.DOTALL)


def parse_type(name, text, offset):
    match = TYPE.fullmatch(text)
    if not match or match[1] not in SCALARS:
        raise Failure(CORRUPT, "the layout text has no such type: %r" % text)
    count = int(match[2]) if match[2] else 1
    is_text = match[1] == "char"
    if count < 1 or (is_text and not match[2]):
        raise Failure(CORRUPT, "the layout text has a bad length: %r" % text)
    return Field(name, match[1], count, bool(match[2]) and not is_text, offset)


class Layout:
    """Fields in the order of their offsets, the size and the alignment of one element."""

    def __init__(self, text):
        match = STRUCT.fullmatch(text)
        self.is_struct = bool(match)
        if match:
            self.fields = []
            for part in match[2].split(";", MAXIMUM_FIELDS):
                found = FIELD.fullmatch(part)
                if not found:
                    raise Failure(CORRUPT, "the layout text has a bad field: %r" % part)
                self.fields.append(parse_type(found[1], found[2], int(found[3])))
            self.size = int(match[3])
        else:
            self.fields = [parse_type("", text, 0)]
            self.size = self.fields[0].size
        end = 0
        for field in self.fields:
            if field.offset < end:
                raise Failure(CORRUPT, "the layout text has a field out of place: %r" % field.name)
            end = field.offset + field.size
        if not end <= self.size <= MAXIMUM_ELEMENT:
            raise Failure(CORRUPT, "the layout text has a bad size: %d" % self.size)
        self.alignment = max(field.alignment for field in self.fields)
        if self.size % self.alignment or any(field.offset % field.alignment for field in self.fields):
            self.alignment = 1  # packed
        if len({field.name for field in self.fields}) != len(self.fields):
            raise Failure(CORRUPT, "the layout text has a field twice")

    def element(self, data, start):
        if not self.is_struct:
            return self.fields[0].value(data, start)
        return {field.name: field.value(data, start) for field in self.fields}


# --- Records ---

class Record:
    def __init__(self, data):
        (magic, version, self.backend, self.instance, self.pid, self.descriptor, self.size, self.flags, name_bytes, name,
         object_name) = struct.unpack_from("<8sII16sQqQII256s64s", data)
        if magic != b"SSRECORD":
            raise Failure(CORRUPT, "the record does not begin as one")
        if version != 1:
            raise Failure(CORRUPT, "the record has format version %d, this program reads 1" % version)
        if not 1 <= name_bytes <= 255 or any(name[name_bytes:]):
            raise Failure(CORRUPT, "the record's name has a bad length")
        if self.flags & ~MANY_WRITERS:
            raise Failure(CORRUPT, "the record has flags that version 1 does not know")
        if not 4096 <= self.size < 1 << 63:
            raise Failure(CORRUPT, "the record has a bad segment size")
        if not 1 <= self.pid <= 0x7FFFFFFF:
            raise Failure(CORRUPT, "the record has a bad process id")
        if self.backend == MEMFD and not 0 <= self.descriptor <= 0x7FFFFFFF or self.backend != MEMFD and self.descriptor != -1:
            raise Failure(CORRUPT, "the record has a bad descriptor")
        self.name = name[:name_bytes]
        self.object_name = object_name.rstrip(b"\0")
        self.state = struct.unpack_from("<I", data, 512)[0]


def is_locked(descriptor, offset):
    # struct flock: type, whence, start, length, pid (0: required)
    query = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, offset, 1, 0)
    return struct.unpack("hhqqi4x", fcntl.fcntl(descriptor, F_OFD_GETLK, query))[0] != fcntl.F_UNLCK


def read_record(descriptor, name):
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise Failure(CORRUPT, "the record is not a file")
    # The content first: an owner locks before it writes.
    data = os.pread(descriptor, RECORD_SIZE, 0)
    if not is_locked(descriptor, 0):
        raise Failure(NOT_FOUND, "its owner is gone")
    if len(data) != RECORD_SIZE or os.fstat(descriptor).st_size != RECORD_SIZE:
        raise Failure(CORRUPT, "the record has %d bytes" % os.fstat(descriptor).st_size)
    record = Record(data)
    if record.state != 0:
        raise Failure(NOT_FOUND, "its owner is closing it")
    if record.name != name:
        raise Failure(NOT_FOUND, "the record belongs to another name")
    return record


# --- Memory ---

def open_memory(record):
    """A read-only descriptor of the memory that the record names."""
    if record.backend == MEMFD:
        return open_memfd(record)
    if record.backend == POSIX:
        return open_posix(record)
    raise Failure(CORRUPT, "backend %d is not one of this system" % record.backend)


def open_memfd(record):
    path = "/proc/%d/fd/%d" % (record.pid, record.descriptor)
    try:
        # O_PATH has no effect on what the number may mean by now.
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except PermissionError:
        raise Failure(CORRUPT, "%s may not be opened; the owner should use the backend posix" % path)
    except OSError:
        raise Moved("%s is not there" % path)
    try:
        info = os.fstat(place)
        again = "/proc/self/fd/%d" % place
        if not stat.S_ISREG(info.st_mode) or info.st_size != record.size or not os.readlink(again).startswith("/memfd:"):
            raise Moved("%s is something else" % path)
        descriptor = os.open(again, os.O_RDONLY | os.O_CLOEXEC)
    finally:
        os.close(place)
    wanted = SEAL_SEAL | SEAL_SHRINK | SEAL_GROW | (0 if record.flags & MANY_WRITERS else SEAL_FUTURE_WRITE)
    if fcntl.fcntl(descriptor, F_GET_SEALS) & wanted != wanted:
        os.close(descriptor)
        raise Moved("%s is not sealed as a segment is" % path)
    return descriptor


def open_posix(record):
    name = record.object_name.decode("ascii", "replace")
    if name != "/ss-" + record.instance.hex().upper()[:22]:
        raise Failure(CORRUPT, "the record names the object %r" % name)
    try:
        descriptor = os.open("/dev/shm" + name, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise Moved("%s is not there" % name)
    info = os.fstat(descriptor)
    if not stat.S_ISREG(info.st_mode) or info.st_uid != os.geteuid() or not 0 <= info.st_size - record.size < LARGEST_PAGE:
        os.close(descriptor)
        raise Failure(CORRUPT, "%s is not the memory that the record describes" % name)
    return descriptor


class Segment:
    """A checked memory. Everything that the checks were made on is a private copy."""

    def __init__(self, record, memory):
        self.memory = memory
        header = bytes(memory[:MEMORY_HEADER])
        (magic, version, self.payload, size, self.length, element_size, element_alignment, layout_offset, layout_bytes,
         fingerprint, self.frames, flags, self.stride, _, instance, _) = struct.unpack_from("<8sIIQQIIIIQIIQQ16sq", header)
        if magic != b"SSEGMENT" or instance != record.instance:
            raise Moved("the memory is not the one that the record describes")
        if version != 1:
            raise Failure(CORRUPT, "the memory has format version %d, this program reads 1" % version)
        if size != record.size or flags != record.flags:
            raise Failure(CORRUPT, "record and memory differ")
        if layout_offset != MEMORY_HEADER or not 1 <= layout_bytes <= MAXIMUM_LAYOUT:
            raise Failure(CORRUPT, "the layout text is out of place")
        if self.payload % 4096 or not layout_offset + layout_bytes <= self.payload < size:
            raise Failure(CORRUPT, "the payload is out of place")
        if not 1 <= self.frames <= 16 or not self.length:
            raise Failure(CORRUPT, "the memory has a bad frame or element count")
        text = bytes(memory[layout_offset:layout_offset + layout_bytes])
        if fnv1a(text, 64) != fingerprint:
            raise Failure(CORRUPT, "layout text and fingerprint differ")
        try:
            self.layout_text = text.decode("utf-8")
        except UnicodeDecodeError:
            raise Failure(CORRUPT, "the layout text is not UTF-8")
        self.layout = Layout(self.layout_text)
        if (element_size, element_alignment) != (self.layout.size, self.layout.alignment):
            raise Failure(CORRUPT, "layout text and element size or alignment differ")
        # Python's integers do not overflow; elsewhere each product and sum needs a check.
        self.bytes = self.length * element_size
        if self.stride % 64 or self.stride < self.bytes or self.payload + self.frames * self.stride > size:
            raise Failure(CORRUPT, "the frames do not fit")
        # Items of 8 bytes: each is read by one load, which a slice of bytes would not promise.
        self.words = memory[:MEMORY_HEADER].cast("Q")

    def newest(self):
        """(revision, stamp, bytes), or None when the writer was in the way."""
        for _ in range(READ_TRIES):
            revision = self.words[128 // 8]
            fence()
            frame = revision % self.frames
            entry = (256 + 16 * frame) // 8
            sequence = self.words[entry]
            fence()
            if sequence != 2 * revision % (1 << 64):
                continue
            stamp = self.words[entry + 1]
            start = self.payload + frame * self.stride
            data = bytes(self.memory[start:start + self.bytes])
            fence()
            if self.words[entry] == sequence:
                return revision, stamp - (stamp >> 63 << 64), data
        return None


FENCE = threading.Lock()


def fence():
    # Python has none. What comes before leaves the first pair at its release at the latest, what comes after enters the second
    # at its acquire at the earliest, and the two are in order.
    with FENCE:
        pass
    with FENCE:
        pass


# --- All together ---

def read_segment(folder, name):
    path = os.path.join(folder, file_name(name))
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise Failure(NOT_FOUND, "there is no segment of that name")
    except OSError as error:
        raise Failure(CORRUPT, "the record cannot be opened: %s" % error.strerror)
    try:
        record = read_record(descriptor, name)
        memory_descriptor = open_memory(record)
        try:
            with mmap.mmap(memory_descriptor, record.size, mmap.MAP_SHARED, mmap.PROT_READ) as mapping:
                with memoryview(mapping) as memory:
                    segment = Segment(record, memory)
                    try:
                        result = segment.newest()
                    finally:
                        segment.words.release()
        finally:
            os.close(memory_descriptor)
        if result is None:
            if is_locked(descriptor, 0):
                raise Failure(BUSY, "the writer was in the way %d times" % READ_TRIES)
            raise Failure(CORRUPT, "its owner was killed while it published")
    finally:
        os.close(descriptor)
    revision, stamp, data = result
    layout = segment.layout
    return {
        "name": record.name.decode("utf-8", "replace"),
        "backend": {MEMFD: "memfd", POSIX: "posix"}[record.backend],
        "layout": segment.layout_text,
        "length": segment.length,
        "revision": revision,
        "stamp": stamp,
        "values": [layout.element(data, index * layout.size) for index in range(segment.length)],
    }


def main():
    parser = argparse.ArgumentParser(description="Prints the newest revision of a live segment as JSON.")
    parser.add_argument("name")
    parser.add_argument("--dir", help="the registry folder; default: as the library finds it")
    arguments = parser.parse_args()
    name = os.fsencode(arguments.name)
    try:
        if not 1 <= len(name) <= 255:
            raise Failure(NOT_FOUND, "a name has 1 to 255 bytes")
        folder = arguments.dir or registry_folder()
        check_folder(folder)
        for attempt in range(LOOKUP_TRIES):
            try:
                content = read_segment(folder, name)
                break
            except Moved as moved:
                reason = moved
        else:
            raise Failure(CORRUPT, str(reason))
    except OSError as error:
        print("%s: %s" % (arguments.name, error), file=sys.stderr)
        return CORRUPT
    except Failure as failure:
        print("%s: %s" % (arguments.name, failure), file=sys.stderr)
        return failure.code
    print(json.dumps(content, separators=(",", ":"), allow_nan=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
