# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""Reads, watches, owns and publishes segments of SharedSegment, with nothing but Python's standard library, for Linux, macOS and FreeBSD.

    with sharedsegment.open("weather") as weather:
        print(weather.values())
        weather.wait(weather.revision)

    with sharedsegment.create("counts", "u64", 4) as counts:
        counts.publish(struct.pack("<4Q", 1, 2, 3, 4))

Written from src/doc/format.md alone. What fails raises Failure, whose `code` is NOT_FOUND, CORRUPT (damaged, unsupported or not
reachable), BUSY or TAKEN. A segment is used by one thread at a time. Segments with many writers can be read, but not written.

Python has no memory fences and no compare-and-swap. Fences are made of locks (see fence()); they, and the order in which a processor
makes loads and stores visible, hold on x86-64, where this was run, and nothing is promised on others. Compare-and-swap comes from
libatomic where that is installed; without it wait() looks at the revision every 50 ms, as a listener does who finds no place.

It was run on Linux alone. For tests of the library: with SHAREDSEGMENT_FLOCK=1 in the environment it talks, on Linux, to one that was built
with SHAREDSEGMENT_PORTABLE.
"""

import _posixshmem  # what multiprocessing.shared_memory is made of
import contextlib
import ctypes
import fcntl
import io
import math
import mmap
import os
import re
import secrets
import select
import stat
import struct
import sys
import threading
import time

NOT_FOUND, CORRUPT, BUSY, TAKEN = 2, 3, 4, 5
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

IS_LINUX = sys.platform == "linux"
# Which kind of lock says that an owner lives: that of a file as a whole, or that of its bytes.
FLOCK = not IS_LINUX or os.environ.get("SHAREDSEGMENT_FLOCK") == "1"
BACKENDS = ("posix",) if FLOCK else ("memfd", "posix")
LOCK_TRIES = 2000  # ms

F_OFD_GETLK = getattr(fcntl, "F_OFD_GETLK", 36)
F_OFD_SETLK = getattr(fcntl, "F_OFD_SETLK", 37)
F_ADD_SEALS = getattr(fcntl, "F_ADD_SEALS", 1033)
F_GET_SEALS = getattr(fcntl, "F_GET_SEALS", 1034)
SEAL_SEAL, SEAL_SHRINK, SEAL_GROW, SEAL_FUTURE_WRITE = 1, 2, 4, 16

LISTENERS, SLOTS, SLOT_BYTES = 112, 1024, 64
FREE, LISTENING, ARMED, CLAIMING = 0, 1, 2, 3
STATE, ARMED_COUNT = 512, 516
WITHOUT_BELL = 0.05  # seconds

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


# --- Locks ---

def byte_lock(descriptor, command, offset, kind):
    # struct flock: type, whence, start, length, pid (0: required)
    return struct.unpack("hhqqi4x", fcntl.fcntl(descriptor, command, struct.pack("hhqqi4x", kind, os.SEEK_SET, offset, 1, 0)))[0]


def try_lock(descriptor, offset):
    try:
        byte_lock(descriptor, F_OFD_SETLK, offset, fcntl.F_WRLCK)
        return True
    except (BlockingIOError, PermissionError):
        return False


def try_flock(descriptor):
    for _ in range(LOCK_TRIES):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            time.sleep(0.001)
    return False


@contextlib.contextmanager
def holding(folder, descriptor, offset):
    """Gives whether this process now is the only one that sweeps a record, or claims the place in it at this offset."""
    if not FLOCK:
        held = try_lock(descriptor, offset)
        try:
            yield held
        finally:
            if held:
                byte_lock(descriptor, F_OFD_SETLK, offset, fcntl.F_UNLCK)
        return
    # Of one file in the folder, for all of this, and for making a record.
    lock = os.open(os.path.join(folder, ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        yield try_flock(lock)
    finally:
        fcntl.flock(lock, fcntl.LOCK_UN)
        os.close(lock)


def lock_owner(folder, descriptor):
    if not FLOCK:
        return try_lock(descriptor, 0)
    # Until it is locked, a sweeper may have taken it for a dead one's and be about to remove it.
    with holding(folder, descriptor, 0) as held:
        return held and try_flock(descriptor)


def unlock_owner(descriptor):
    if FLOCK:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
    else:
        byte_lock(descriptor, F_OFD_SETLK, 0, fcntl.F_UNLCK)


def has_owner(descriptor):
    """Not for the owner itself."""
    if not FLOCK:
        return byte_lock(descriptor, F_OFD_GETLK, 0, fcntl.F_WRLCK) != fcntl.F_UNLCK
    # There is no looking without taking: for a moment, and beside others who look.
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    return False


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


def read_record(descriptor, name):
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise Failure(CORRUPT, "the record is not a file")
    # The content first: an owner locks before it writes.
    data = os.pread(descriptor, RECORD_SIZE, 0)
    if not has_owner(descriptor):
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
    if record.backend == MEMFD and IS_LINUX:
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


def open_object(name, flags):
    # exec closes it, as it is. A file of that name may be anything where objects are files.
    return _posixshmem.shm_open(name, flags | (os.O_NONBLOCK if IS_LINUX else 0), mode=0o600)


def open_posix(record):
    name = record.object_name.decode("ascii", "replace")
    if name != "/ss-" + record.instance.hex().upper()[:22]:
        raise Failure(CORRUPT, "the record names the object %r" % name)
    try:
        descriptor = open_object(name, os.O_RDONLY)
    except FileNotFoundError:
        raise Moved("%s is not there" % name)
    info = os.fstat(descriptor)
    # What kind of file an object is, is a matter of the system.
    is_strange = IS_LINUX and not stat.S_ISREG(info.st_mode)
    if is_strange or info.st_uid != os.geteuid() or not 0 <= info.st_size - record.size < LARGEST_PAGE:
        os.close(descriptor)
        raise Failure(CORRUPT, "%s is not the memory that the record describes" % name)
    return descriptor


class Memory:
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


# --- Bell ---

def atomics():
    try:
        library = ctypes.CDLL("libatomic.so.1")
        swap, add = library.__getattr__("__atomic_compare_exchange_8"), library.__getattr__("__atomic_fetch_add_4")
    except (OSError, AttributeError):
        return None
    swap.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_uint64), ctypes.c_uint64, ctypes.c_int, ctypes.c_int]
    swap.restype = ctypes.c_bool
    add.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int]
    add.restype = ctypes.c_uint32
    return swap, add


ATOMICS = atomics()
SEQUENTIAL = 5  # __ATOMIC_SEQ_CST


class SharedRecord:
    """A record mapped for reading and writing, by an opening of its own: a mapping would keep the owner's lock."""

    def __init__(self, path, folder, instance):
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            self.map = mmap.mmap(descriptor, RECORD_SIZE, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE)
        finally:
            os.close(descriptor)
        self.anchor = ctypes.c_char.from_buffer(self.map)
        self.address = ctypes.addressof(self.anchor)
        self.folder, self.hex = folder, instance.hex().upper()

    def close(self):
        del self.anchor
        self.map.close()

    def word(self, offset):
        return ctypes.c_uint64.from_address(self.address + offset).value

    def half(self, offset):
        return ctypes.c_uint32.from_address(self.address + offset)

    def swap(self, offset, expected, desired):
        return ATOMICS[0](self.address + offset, ctypes.byref(ctypes.c_uint64(expected)), desired, SEQUENTIAL, SEQUENTIAL)

    def change_armed(self, by):
        ATOMICS[1](self.address + ARMED_COUNT, by % (1 << 32), SEQUENTIAL)

    def bell(self, slot, generation):
        return os.path.join(self.folder, ".%s.%d.%d.bell" % (self.hex, slot, generation))

    def ring(self, states):
        fence()
        if states == (ARMED,) and self.half(ARMED_COUNT).value == 0:
            return
        for slot in range(LISTENERS):
            offset = SLOTS + SLOT_BYTES * slot
            word = self.word(offset)
            if word & 0xFFFFFFFF not in states:
                continue
            bell = self.bell(slot, self.half(offset + 8).value)
            # Python has SIGPIPE ignored: writing to a dead doorbell is an error.
            try:
                descriptor = os.open(bell, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW)
                try:
                    if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
                        os.write(descriptor, b"\1")
                finally:
                    os.close(descriptor)
                after = LISTENING
            except BlockingIOError:
                after = LISTENING
            except (FileNotFoundError, BrokenPipeError):
                after = FREE
            except OSError as error:
                if error.errno != 6:  # ENXIO: nobody has it open
                    continue
                after = FREE
            # A program without compare-and-swap rings and leaves out the swaps.
            if ATOMICS and self.swap(offset, word, word >> 32 << 32 | after):
                if word & 0xFFFFFFFF == ARMED:
                    self.change_armed(-1)
                if after == FREE:
                    try:
                        os.unlink(bell)
                    except FileNotFoundError:
                        pass


class Listener:
    """A place among the listeners of a record."""

    def __init__(self, record, path):
        self.record, self.descriptor = record, -1
        if not ATOMICS:
            return
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            for slot in range(LISTENERS):
                offset = SLOTS + SLOT_BYTES * slot
                with holding(record.folder, descriptor, offset) as held:
                    if held:
                        self.claim(slot, offset)
                # There is one lock for all: who does not get it here would not for the next place.
                if self.descriptor != -1 or FLOCK and not held:
                    break
        finally:
            os.close(descriptor)

    def claim(self, slot, offset):
        record, word = self.record, self.record.word(offset)
        if word & 0xFFFFFFFF not in (FREE, CLAIMING):
            return
        ticket = ((word >> 32) + 1) % (1 << 32)
        if not record.swap(offset, word, ticket << 32 | CLAIMING):
            return
        struct.pack_into("<Q", record.map, offset + 16, os.getpid())
        for _ in range(4):
            generation = (record.half(offset + 8).value + 1) % (1 << 32)
            record.half(offset + 8).value = generation
            bell = record.bell(slot, generation)
            try:
                os.mkfifo(bell, 0o600)
                self.descriptor = os.open(bell, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW)
                break
            except OSError:
                continue
        has_bell = self.descriptor != -1
        record.swap(offset, ticket << 32 | CLAIMING, ticket << 32 | (LISTENING if has_bell else FREE))
        if has_bell:
            self.offset, self.ticket, self.generation, self.bell = offset, ticket, generation, bell

    def arm(self):
        """@returns whether the next publication will ring."""
        while self.descriptor != -1:
            word = self.record.word(self.offset)
            if word >> 32 != self.ticket or word & 0xFFFFFFFF not in (LISTENING, ARMED):
                return False
            is_new = word & 0xFFFFFFFF == LISTENING
            if is_new:
                self.record.change_armed(1)
            ticket = (self.ticket + 1) % (1 << 32)
            if self.record.swap(self.offset, word, ticket << 32 | ARMED):
                self.ticket = ticket
                return True
            if is_new:
                self.record.change_armed(-1)
        return False

    def drain(self):
        try:
            while os.read(self.descriptor, 64):
                pass
        except BlockingIOError:
            pass

    def leave(self):
        if self.descriptor == -1:
            return
        word = self.record.word(self.offset)
        while word >> 32 == self.ticket and word & 0xFFFFFFFF in (LISTENING, ARMED):
            if self.record.swap(self.offset, word, word >> 32 << 32 | FREE):
                if word & 0xFFFFFFFF == ARMED:
                    self.record.change_armed(-1)
                break
            word = self.record.word(self.offset)
        os.close(self.descriptor)
        self.descriptor = -1
        try:
            os.unlink(self.bell)
        except FileNotFoundError:
            pass


# --- Segments ---

def watch_process(pid):
    """What is readable once the process is gone."""
    if IS_LINUX:
        return io.FileIO(os.pidfd_open(pid))
    queue = select.kqueue()
    queue.control([select.kevent(pid, select.KQ_FILTER_PROC, select.KQ_EV_ADD | select.KQ_EV_ONESHOT, select.KQ_NOTE_EXIT)], 0)
    return queue


class Segment:
    """A segment that is open for reading. Made by open(); closes at the end of a with block."""

    def __init__(self, name, folder):
        self.name = name
        self.path = os.path.join(folder, file_name(name))
        self.shared = self.listener = self.watch = None
        try:
            self.file = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        except FileNotFoundError:
            raise Failure(NOT_FOUND, "there is no segment of that name")
        except OSError as error:
            raise Failure(CORRUPT, "the record cannot be opened: %s" % error.strerror)
        try:
            self.record = read_record(self.file, name)
            descriptor = open_memory(self.record)
            try:
                self.map = mmap.mmap(descriptor, self.record.size, mmap.MAP_SHARED, mmap.PROT_READ)
            finally:
                os.close(descriptor)
            self.view = memoryview(self.map)
            self.memory = Memory(self.record, self.view)
        except BaseException:
            self.close()
            raise
        self.folder = folder
        self.layout, self.layout_text, self.length = self.memory.layout, self.memory.layout_text, self.memory.length

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.listener:
            self.listener.leave()
        if self.shared:
            self.shared.close()
        if self.watch is not None:
            self.watch.close()
        memory, view, mapping = (self.__dict__.pop(part, None) for part in ("memory", "view", "map"))
        if memory:
            memory.words.release()
        if view:
            view.release()
        if mapping:
            mapping.close()
        if self.file != -1:
            os.close(self.file)
        self.file, self.listener, self.shared, self.watch = -1, None, None, None

    @property
    def revision(self):
        return self.memory.words[128 // 8]

    def is_owned(self):
        return os.pread(self.file, 4, STATE) == b"\0\0\0\0" and has_owner(self.file)

    def read(self):
        """(revision, stamp in ns since 1970, bytes) of the newest revision, whole."""
        newest = self.memory.newest()
        if newest is None:
            if self.is_owned():
                raise Failure(BUSY, "the writer was in the way %d times" % READ_TRIES)
            raise Failure(CORRUPT, "its owner was killed while it published")
        return newest

    def values(self):
        """The elements of the newest revision: numbers, strings, lists, and dictionaries for structs."""
        data = self.read()[2]
        return [self.layout.element(data, index * self.layout.size) for index in range(self.length)]

    def array(self):
        """The same as a NumPy array, of a structured type for structs."""
        import numpy
        return numpy.frombuffer(self.read()[2], self.dtype())

    def dtype(self):
        import numpy
        def of(field):
            kind = "S%d" % field.size if field.scalar == "char" else "?" if field.scalar == "bool" else "<%s%d" % (
                field.scalar[0], field.alignment)
            return numpy.dtype((kind, (field.count,))) if field.is_array else numpy.dtype(kind)
        if not self.layout.is_struct:
            return of(self.layout.fields[0])
        fields = self.layout.fields
        return numpy.dtype({"names": [field.name for field in fields], "formats": [of(field) for field in fields],
                            "offsets": [field.offset for field in fields], "itemsize": self.layout.size})

    def wait(self, seen, timeout=None):
        """Sleeps until there is a revision other than `seen`: "news", "orphaned" or, after so many seconds, "timeout"."""
        deadline = None if timeout is None else time.monotonic() + timeout
        if not self.shared:
            self.shared = SharedRecord(self.path, self.folder, self.record.instance)
            self.listener = Listener(self.shared, self.path)
        if self.watch is None:
            try:
                self.watch = watch_process(self.record.pid)
            except OSError:
                pass
        while True:
            has_bell = self.listener.arm()
            fence()
            if self.revision != seen:
                return "news"
            # After the watch is set up: the pid may have been another's.
            if not self.is_owned():
                return "orphaned"
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                return "timeout"
            if not has_bell or self.watch is None:
                left = WITHOUT_BELL if left is None else min(left, WITHOUT_BELL)
            events = select.poll()
            for source in (self.listener.descriptor if has_bell else None, self.watch):
                if source is not None:
                    events.register(source, select.POLLIN)
            events.poll(None if left is None else math.ceil(left * 1000))
            if has_bell:
                self.listener.drain()


def open(name, folder=None):
    """Opens a living owner's segment."""
    name = os.fsencode(name)
    if not 1 <= len(name) <= 255:
        raise Failure(NOT_FOUND, "a name has 1 to 255 bytes")
    folder = folder or registry_folder()
    check_folder(folder)
    for _ in range(LOOKUP_TRIES):
        try:
            return Segment(name, folder)
        except Moved as moved:
            reason = moved
    raise Failure(CORRUPT, str(reason))


# --- Owning ---

def round_up(value, alignment):
    return -(-value // alignment) * alignment


def sweep(folder, path):
    """Takes away what a dead owner left under a name, unless somebody was faster."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return
    try:
        data = os.pread(descriptor, MEMORY_HEADER, 0)
        if has_owner(descriptor):
            return
        with holding(folder, descriptor, 1) as held:
            own, named = os.fstat(descriptor), os.lstat(path)
            if not held or has_owner(descriptor) or (own.st_dev, own.st_ino) != (named.st_dev, named.st_ino):
                return
            try:
                record = Record(data + bytes(RECORD_SIZE - len(data)))
                if record.backend == POSIX and re.fullmatch(rb"/ss-[^/]*", record.object_name):
                    _posixshmem.shm_unlink(record.object_name.decode())
            except (Failure, FileNotFoundError, struct.error):
                pass
            os.unlink(path)
    except FileNotFoundError:
        pass
    finally:
        os.close(descriptor)


class Owner:
    """A segment that this process owns, with one writer. Made by create(); its name is free at the end of a with block."""

    def __init__(self, name, layout, length, frames, backend, folder, alter):
        text = layout.encode()
        element = Layout(layout)
        self.folder = folder
        self.bytes = length * element.size
        self.frames = frames
        self.stride = round_up(self.bytes, 64)
        self.payload = round_up(MEMORY_HEADER + len(text), 4096)
        self.size = self.payload + self.frames * self.stride
        if self.size >= 1 << 63:
            raise ValueError("%d elements of %d bytes are more than there can be" % (length, element.size))
        instance = secrets.token_bytes(16)
        digits = instance.hex().upper()
        self.object = b"/ss-" + digits[:22].encode() if backend == "posix" else b""
        self.path = os.path.join(folder, file_name(name))
        self.revision = 0
        sweep(folder, self.path)

        temporary = os.path.join(folder, ".%s.new" % digits)
        self.record = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            if not lock_owner(folder, self.record):
                raise Failure(BUSY, "another process does not end sweeping %s" % folder)
            kind, descriptor = POSIX, -1
            if not self.object:
                kind, descriptor = MEMFD, os.memfd_create("sharedsegment", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
            # It names the object before there is one: a kill from here on leaves nothing that nobody finds.
            # Written in full: a page without memory behind it would be a SIGBUS where the folder's file system is full.
            os.pwrite(self.record, struct.pack("<8sII16sQqQII256s64s", b"SSRECORD", 1, kind, instance, os.getpid(), descriptor,
                                               self.size, 0, len(name), name, self.object).ljust(RECORD_SIZE, b"\0"), 0)
            if self.object:
                self.memory = open_object(self.object.decode(), os.O_RDWR | os.O_CREAT | os.O_EXCL)
                if IS_LINUX:
                    os.posix_fallocate(self.memory, 0, self.size)
                else:
                    os.ftruncate(self.memory, self.size)  # macOS takes one size for an object
            else:
                self.memory = descriptor
                os.fchmod(self.memory, 0o600)
                os.ftruncate(self.memory, self.size)
            self.map = mmap.mmap(self.memory, self.size, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE)
            header = struct.pack("<8sIIQQIIIIQIIQQ16sq", b"SSEGMENT", 1, self.payload, self.size, length, element.size,
                                 element.alignment, MEMORY_HEADER, len(text), fnv1a(text, 64), frames, 0, self.stride, os.getpid(),
                                 instance, time.time_ns())
            self.map[:len(header)] = header
            self.map[MEMORY_HEADER:MEMORY_HEADER + len(text)] = text
            self.words = memoryview(self.map)[:MEMORY_HEADER].cast("Q")
            for part, offset, data in alter:
                if part == "record":
                    os.pwrite(self.record, data, offset)
                else:
                    self.map[offset:offset + len(data)] = data
            if not self.object:
                fcntl.fcntl(self.memory, F_ADD_SEALS, SEAL_SEAL | SEAL_SHRINK | SEAL_GROW | SEAL_FUTURE_WRITE)
            self.shared = SharedRecord(temporary, folder, instance)
            # A second link fails where the name is taken, as a plain rename would not.
            os.link(temporary, self.path)
        except FileExistsError:
            self.unlink_object()
            raise Failure(TAKEN, "a living owner has the name %r" % name.decode("utf-8", "replace"))
        except FileNotFoundError:
            self.unlink_object()
            raise Moved("whoever sweeps saw the new record before it was locked")
        except BaseException:
            self.unlink_object()
            raise
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def unlink_object(self):
        if self.object and hasattr(self, "memory"):
            _posixshmem.shm_unlink(self.object.decode())

    def publish(self, data):
        """Publishes the next revision: all its bytes. @returns its number."""
        if len(data) != self.bytes:
            raise ValueError("a revision has %d bytes, not %d" % (self.bytes, len(data)))
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
        self.shared.ring((ARMED,))
        return new

    def close(self):
        os.pwrite(self.record, struct.pack("<I", 1), STATE)
        self.unlink_object()
        os.unlink(self.path)
        unlock_owner(self.record)
        self.shared.ring((LISTENING, ARMED))
        self.shared.close()
        os.close(self.record)


def create(name, layout, length=1, frames=4, backend=None, folder=None, alter=()):
    """Takes the name and makes a zero-filled segment. `layout` is canonical: "f64", "Point{x:f64@0;y:f64@8}/16". `backend` is one of
    BACKENDS, by default the first of them.

    `alter` is for tests: (part, offset, bytes) to be written over before anybody can see them.
    """
    name = os.fsencode(name)
    backend = backend or BACKENDS[0]
    if not 1 <= len(name) <= 255 or length < 1 or not 1 <= frames <= 16 or backend not in BACKENDS:
        raise ValueError("a name of 1 to 255 bytes, a length of at least 1, 1 to 16 frames, and a backend of %s are needed" % (BACKENDS,))
    folder = folder or registry_folder()
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:
        pass
    check_folder(folder)
    for _ in range(LOOKUP_TRIES):
        try:
            return Owner(name, layout, length, frames, backend, folder, alter)
        except Moved as moved:
            reason = moved
    raise Failure(CORRUPT, str(reason))
