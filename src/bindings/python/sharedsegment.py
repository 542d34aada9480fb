# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""Reads, watches, owns and publishes segments of SharedSegment with Python's standard library alone, for Linux, macOS and FreeBSD.

    with sharedsegment.open("weather") as weather:
        print(weather.values())
        weather.wait(weather.revision)

    with sharedsegment.create("counts", "u64", 4) as counts:
        counts.publish(struct.pack("<4Q", 1, 2, 3, 4))

    with sharedsegment.create("readings", "f64", 1000, variable=True, metadata={"fields": {"value": {"unit": "V"}}}) as readings:
        readings.publish(struct.pack("<2d", 1.5, 2.5))  # any number of elements up to the capacity

    with sharedsegment.create("samples", "f64", 100000, stream=True) as samples:
        samples.append(struct.pack("<2d", 1.5, 2.5))  # each reader gets each element, or knows how many it missed

    with sharedsegment.open_stream("samples") as samples:
        while samples.wait() == "updated":
            print(samples.values(), samples.lost)

Written from src/doc/format.md alone, version 2: arrays of fixed and of variable count, and streams. Failures raise Failure, whose `code` is
NOT_FOUND, CORRUPT (damaged or not reachable), BUSY or TAKEN; UnsupportedVersion for another version of the format, and for a kind, a
backend or a required feature that this file lacks; LayoutMismatch for an array that is opened as a stream and the reverse; PermissionDenied
and OutOfMemory, which are also a PermissionError and a MemoryError; ValueError for an invalid argument; and OSError if the system refuses a
call. One thread at a time uses a segment; several threads may call publish() and append(). Segments with multiple writers can be read, but
not written. Python 3.9 and later.

A forked child owns nothing. It may continue to read inherited segments and releases them by close() or at the end of a with block, which
does not affect the parent's segment; publish(), append() and wait() raise PermissionDenied. So create after the fork, also in a
multiprocessing worker. A reader can be pickled: unpickling opens the segment by its name again. An owner cannot be pickled.

Python has no memory fences and no compare-and-swap. Fences are made of locks (see fence()). They, and the order in which a processor
makes loads and stores visible, hold on x86-64, where this module was run; other processors are not guaranteed. Compare-and-swap comes from
libatomic if it is installed; without it wait() polls the revision every 50 ms, like a listener without a slot.

The module was run on Linux only. For tests of the library: with SHAREDSEGMENT_FLOCK=1 in the environment, on Linux, it works with a library
that was built with SHAREDSEGMENT_PORTABLE.
"""

import atexit
import contextlib
import ctypes
import errno
import fcntl
import io
import json
import math
import mmap
import operator
import os
import re
import secrets
import select
import signal
import stat
import struct
import sys
import threading
import time
import weakref

try:
    import _posixshmem  # the base of multiprocessing.shared_memory
except ImportError:
    _posixshmem = None

NOT_FOUND, CORRUPT, BUSY, TAKEN, PERMISSION_DENIED, OUT_OF_MEMORY, UNSUPPORTED_VERSION, LAYOUT_MISMATCH = 2, 3, 4, 5, 6, 7, 8, 9
OLDEST, NEWEST = "oldest", "newest"  # where a stream's reader can go, besides to a number
LOOKUP_TRIES = 5
CREATE_TRIES = 16
READ_TRIES = 3
SHORT_READ_TRIES, TRIED_BYTES = 64, 1 << 20  # attempts, as long as they copy less than these bytes in total
OVERWRITTEN_TRIES = 64  # while the writer overwrites each time all that was copied
STREAM_BYTES = 1 << 17  # copied before it is checked whether they were overwritten meanwhile

# The tables of src/doc/format.md, with its names: the offset of each field, and its letter in the struct module.
FORMAT = {
    "record": {
        "magic": (0, "8s"), "format version": (8, "I"), "backend": (12, "I"), "instance id": (16, "16s"), "process id of the owner": (32, "Q"),
        "descriptor": (40, "q"), "segment size": (48, "Q"), "required features": (56, "I"), "bytes of the name": (60, "I"),
        "name": (64, "256s"), "object": (320, "64s"), "optional features": (384, "I"), "kind": (388, "I"), "state": (512, "I"),
        "armed": (516, "I"), "source": (524, "I"), "listeners": (1024, "112 slots of 64 bytes"), "mark": (8188, "4s"),
    },
    "slot": {"slot state": (0, "I"), "ticket": (4, "I"), "generation": (8, "I"), "process id of the listener": (16, "Q")},
    "memory": {
        "magic": (0, "8s"), "format version": (8, "I"), "payload offset": (12, "I"), "segment size in bytes": (16, "Q"), "capacity": (24, "Q"),
        "element size in bytes": (32, "I"), "element alignment": (36, "I"), "layout text offset": (40, "I"), "layout text bytes": (44, "I"),
        "fingerprint": (48, "Q"), "buffer count": (56, "I"), "required features": (60, "I"), "buffer stride in bytes": (64, "Q"),
        "process id of the owner": (72, "Q"), "instance id": (80, "16s"), "created": (96, "q"), "kind": (104, "I"),
        "metadata offset": (108, "I"), "metadata bytes": (112, "I"), "optional features": (116, "I"), "revision": (128, "Q"),
        "reserved": (136, "Q"), "buffer table": (256, "16 entries of 32 bytes"), "layout text": (1024, "UTF-8"),
    },
    "entry": {"sequence": (0, "Q"), "timestamp": (8, "q"), "count": (16, "Q"), "source timestamp": (24, "q")},
}
FORMAT_TEXTS = {("record", "magic"): b"SSRECORD", ("memory", "magic"): b"SSEGMENT", ("record", "mark"): b"MARK"}
FORMAT_VALUES = {  # constants, and the values of fields; of features, the numbers of the bits
    "": {"format version": 2, "bytes of a record": 8192, "listeners of a record": 112, "most bytes of a name": 255, "layout text offset": 1024,
         "most bytes of a layout text": 1 << 20, "alignment of the metadata": 8, "most bytes of the metadata": 1 << 20,
         "alignment of the payload": 4096, "most buffers": 16, "alignment of a buffer stride": 64},
    "backend": {"memfd": 1, "posix": 2},
    "kind": {"array of fixed count": 0, "array of variable count": 1, "stream": 2},
    "required features": {"multiple writers": 0},
    "state": {"live": 0, "closed": 1, "replaced": 2},
    "source": {"here": 0, "reachable": 1, "not reachable": 2},
    "slot state": {"free": 0, "listening": 1, "armed": 2, "claiming": 3},
}
VERSION, RECORD_SIZE, LISTENERS, MAXIMUM_NAME, MEMORY_HEADER, MAXIMUM_LAYOUT, METADATA_ALIGNMENT, MAXIMUM_METADATA, PAYLOAD_ALIGNMENT, \
    MAXIMUM_BUFFERS, STRIDE_ALIGNMENT = FORMAT_VALUES[""].values()
MEMFD, POSIX = FORMAT_VALUES["backend"].values()
FIXED, VARIABLE, STREAM = FORMAT_VALUES["kind"].values()
MULTIPLE_WRITERS = 1 << FORMAT_VALUES["required features"]["multiple writers"]
LIVE, CLOSED, REPLACED = FORMAT_VALUES["state"].values()
FREE, LISTENING, ARMED, CLAIMING = FORMAT_VALUES["slot state"].values()
RECORD_HEADER = 512  # the bytes that are constant after the publication
STATE, ARMED_COUNT, SOURCE, MARK_OFFSET, SLOTS = (
    FORMAT["record"][name][0] for name in ("state", "armed", "source", "mark", "listeners"))
HERE, REACHABLE, NOT_REACHABLE = FORMAT_VALUES["source"]  # what Segment.source is
MARK = FORMAT_TEXTS["record", "mark"]  # lost when the record is cut short
SLOT_BYTES, GENERATION, LISTENER_PID = 64, FORMAT["slot"]["generation"][0], FORMAT["slot"]["process id of the listener"][0]
BUFFER_TABLE, ENTRY_BYTES = FORMAT["memory"]["buffer table"][0], 32
REVISION = FORMAT["memory"]["revision"][0] // 8  # this and the next are in words
RESERVED = FORMAT["memory"]["reserved"][0] // 8
TIMESTAMP, COUNT, SOURCE_TIMESTAMP = (FORMAT["entry"][name][0] // 8 for name in ("timestamp", "count", "source timestamp"))
CHANGING = (1 << 64) - 1  # in the position of a stream's entry
MAXIMUM_ELEMENT = 0x7FFFFFFF
MAXIMUM_FIELDS = 65536
LARGEST_PAGE = 65536

IS_LINUX = sys.platform == "linux"
# The lock that shows that an owner lives: flock() of the whole file, or an open-file-description lock of a byte.
FLOCK = not IS_LINUX or os.environ.get("SHAREDSEGMENT_FLOCK") == "1"
BACKENDS = ("posix",) if FLOCK else ("memfd", "posix")
LOCK_TRIES = 2000  # ms

F_OFD_GETLK = getattr(fcntl, "F_OFD_GETLK", 36)
F_OFD_SETLK = getattr(fcntl, "F_OFD_SETLK", 37)
F_ADD_SEALS = getattr(fcntl, "F_ADD_SEALS", 1033)
F_GET_SEALS = getattr(fcntl, "F_GET_SEALS", 1034)
SEAL_SEAL, SEAL_SHRINK, SEAL_GROW, SEAL_FUTURE_WRITE = 1, 2, 4, 16
MFD_CLOEXEC, MFD_ALLOW_SEALING, MFD_NOEXEC_SEAL = 1, 2, 8
MADV_WIPEONFORK = 18

WITHOUT_DOORBELL = 0.05  # seconds, polling interval of a listener without a doorbell
CHECKING = 1.0  # seconds, polling interval of a listener without a watch on its doorbell file
LONGEST_POLL = 3600.0  # seconds
NO_MEMORY = (errno.ENOMEM, errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
NO_SUCH_CALL = (errno.ENOSYS, errno.EPERM, errno.EACCES, errno.EINVAL, errno.EOPNOTSUPP)  # or forbidden by a sandbox
NO_DESCRIPTOR = (errno.EMFILE, errno.ENFILE)
NO_DOORBELL = (errno.ENXIO, errno.ENOENT, errno.EPIPE, errno.EISDIR, errno.ELOOP)

SCALARS = {  # letter of the struct module, bytes
    "i8": ("b", 1), "u8": ("B", 1), "i16": ("h", 2), "u16": ("H", 2), "i32": ("i", 4), "u32": ("I", 4),
    "i64": ("q", 8), "u64": ("Q", 8), "f32": ("f", 4), "f64": ("d", 8), "bool": ("B", 1), "char": ("s", 1),
}


def layout_fault(what):
    return Failure(CORRUPT, "%s; write a canonical layout such as \"f64\" or \"Point{x:f64@0;y:f64@8}/16\"" % what)


def damaged(part, what):
    return Failure(CORRUPT, "the segment's %s is damaged: %s; have its owner create it again" % (part, what))


class Failure(Exception):
    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


class UnsupportedVersion(Failure):
    """Another version of the format, or a kind, a backend or a required feature that this file lacks."""

    def __init__(self, text):
        super().__init__(UNSUPPORTED_VERSION, text)


class LayoutMismatch(Failure):
    """An array was opened as a stream, or a stream as an array."""

    def __init__(self, text):
        super().__init__(LAYOUT_MISMATCH, text)


def other_version(part, version):
    return UnsupportedVersion("the segment's %s has format version %d, this program reads version %d; use the same version on both sides" % (
        part, version, VERSION))


def unsupported(what, number):
    return UnsupportedVersion("the segment has %s %d, which this program does not know; use a newer version of it" % (what, number))


class PermissionDenied(Failure, PermissionError):
    """A forked child used its parent's segment, or the system denies access to the registry folder."""

    def __init__(self, text):
        super().__init__(PERMISSION_DENIED, text)


class OutOfMemory(Failure, MemoryError):
    def __init__(self, text):
        super().__init__(OUT_OF_MEMORY, text)


class Moved(Exception):
    """The record does not match its memory: it may have been replaced meanwhile."""


class Replaced(Moved):
    """The owner has just replaced the record by another one."""


# --- The format's tables ---

def number_of_bytes(letter):
    return struct.calcsize("<" + letter)


def unpack_fields(table, data):
    """The fields of a table that lie within `data`, by their names."""
    return {name: struct.unpack_from("<" + letter, data, offset)[0] for name, (offset, letter) in FORMAT[table].items()
            if " " not in letter and letter != "UTF-8" and offset + number_of_bytes(letter) <= len(data)}


def pack_fields(table, size, values):
    """`size` bytes with these fields; zero elsewhere."""
    data = bytearray(size)
    for name, value in values.items():
        offset, letter = FORMAT[table][name]
        struct.pack_into("<" + letter, data, offset, value)
    return bytes(data)


def round_up(value, alignment):
    return -(-value // alignment) * alignment


def places_of(layout_bytes, metadata_bytes):
    """The offset of the metadata (0: none) and the least one of the payload."""
    end = MEMORY_HEADER + layout_bytes
    metadata = round_up(end, METADATA_ALIGNMENT) if metadata_bytes else 0
    return metadata, round_up(metadata + metadata_bytes if metadata_bytes else end, PAYLOAD_ALIGNMENT)


def object_of(text):
    """The object that a text of JSON describes. Empty for any other text, which is no error."""
    def refuse(constant):
        raise ValueError(constant)
    try:
        value = json.loads(text.decode("utf-8"), parse_constant=refuse)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def text_of(metadata):
    if metadata is None:
        return b""
    if not isinstance(metadata, dict):
        raise wrong_type("the metadata", metadata, "a dictionary")
    try:
        text = json.dumps(metadata, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError("the metadata is not possible in JSON (%s); use text, finite numbers, lists and dictionaries" % error) from None
    if len(text) > MAXIMUM_METADATA:
        raise ValueError("metadata of %d bytes is not possible; give at most 1 MiB" % len(text))
    return text


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_number_from_0(value):
    return is_number(value) and value >= 0


# What the metadata's known keys take: a check, and its name in an error text.
TEXT = (lambda value: isinstance(value, str), "a text")
NUMBER_FROM_0 = (is_number_from_0, "a number of at least 0")
DECIMALS = (lambda value: is_number_from_0(value) and value <= 20 and value == int(value), "a whole number from 0 to 20")
VALUE_NAMES = (lambda value: isinstance(value, dict) and all(
    re.fullmatch("0|-?[1-9][0-9]*", number) and isinstance(name, str) for number, name in value.items()),
    "names by their numbers, as {\"0\": \"Off\"}")
SEGMENT_KEYS = {"description": TEXT, "content": TEXT, "staleAfter": NUMBER_FROM_0,
                "sampleRate": (lambda value: is_number(value) and value > 0, "a positive number of elements in a second")}
FIELD_KEYS = {**dict.fromkeys(("label", "unit", "description"), TEXT),
              **dict.fromkeys(("minimum", "maximum", "low", "high", "lowLow", "highHigh"), (is_number, "a number")),
              **dict.fromkeys(("hysteresis", "delay"), NUMBER_FROM_0), "decimals": DECIMALS, "values": VALUE_NAMES}


def check_metadata(metadata, layout):
    """Readers take a wrong key for absent, so that a mistake would only be seen in what is missing on a screen."""
    def check_keys(values, known, path):
        for key, (is_good, wanted) in known.items():
            if key in values and not is_good(values[key]):
                raise ValueError("the metadata's %s is %r; give %s" % (path + key, values[key], wanted))

    def names(fields):
        return ", ".join(sorted(fields))

    check_keys(metadata, SEGMENT_KEYS, "")
    fields = {field.name or "value": field for field in layout.fields}
    times = [name for name, field in fields.items() if field.scalar in ("i64", "u64") and not field.is_array]
    if "timeField" in metadata and metadata["timeField"] not in times:
        raise ValueError("the metadata's timeField %r is no field of type i64 or u64; %s" % (
            metadata["timeField"], "use one of: " + names(times) if times else "leave the key out, since there is none"))
    described = metadata.get("fields", {})
    if not isinstance(described, dict):
        raise ValueError("the metadata's fields is %r; give a dictionary with one for each field" % (described,))
    for name, values in described.items():
        if name not in fields:
            raise ValueError("the metadata's fields.%s is no field of the layout; use one of: %s" % (name, names(fields)))
        if not isinstance(values, dict):
            raise ValueError("the metadata's fields.%s is %r; give a dictionary, such as {\"unit\": \"bar\"}" % (name, values))
        check_keys(values, FIELD_KEYS, "fields.%s." % name)


# --- Processes ---

class Process:
    """State that a fork does not pass on. A child sees a zero page, whichever call made it; if the system does not support that, a fork
    handler clears the page. A vfork child shares the page of its parent."""

    def __init__(self):
        # Held from opening a descriptor that keeps a name until a segment owns it.
        self.lock = threading.RLock()
        self.segments = weakref.WeakSet()
        self.last = 0  # Only grows: a child's token differs from those of its ancestors.
        self.page = mmap.mmap(-1, mmap.PAGESIZE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        if IS_LINUX:
            with contextlib.suppress(OSError):
                self.page.madvise(MADV_WIPEONFORK)
        self.words = memoryview(self.page).cast("Q")
        os.register_at_fork(before=self.lock.acquire, after_in_parent=self.lock.release, after_in_child=self.begin_child)
        atexit.register(self.close_all)

    def add(self, segment):
        with self.lock:
            if self.words[0] == 0:
                self.last += 1
                self.words[0] = self.last
            segment.token = self.words[0]
            self.segments.add(segment)

    def has(self, segment):
        return segment.token == self.words[0]

    def begin_child(self):
        self.words[0] = 0
        for segment in list(self.segments):
            segment.drop()
        self.segments.clear()
        self.lock.release()

    def close_all(self):
        for segment in list(self.segments):
            if self.has(segment):
                with contextlib.suppress(Exception):
                    segment.close()


PROCESS = Process()


def shut(descriptor):
    """Closes the descriptor. @returns -1."""
    if descriptor != -1:
        os.close(descriptor)
    return -1


def forget(holder, *parts):
    """Closes these descriptors of `holder`. Under the lock, so that no fork happens in between and no child closes a reused number."""
    with PROCESS.lock:
        for part in parts:
            setattr(holder, part, shut(getattr(holder, part)))


@contextlib.contextmanager
def blocked_signals():
    """SIGPIPE suppression: no SIGPIPE and no SIGXFSZ within the block. Python ignores both unless the program changes that."""
    kept = {signal.SIGPIPE, signal.SIGXFSZ} - signal.sigpending()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, kept)
        yield
    finally:
        for number in kept & signal.sigpending():
            if hasattr(signal, "sigtimedwait"):
                signal.sigtimedwait({number}, 0)
            else:
                signal.sigwait({number})
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def memory_errors(what):
    """Converts each error of the system about too little memory or space to OutOfMemory."""
    try:
        yield
    except MemoryError:
        raise OutOfMemory("there is no memory for %s; ask for a smaller size" % what)
    except OSError as error:
        if error.errno not in NO_MEMORY:
            raise
        raise OutOfMemory("there is no space for %s (%s); ask for a smaller size, or raise the limit" % (what, error.strerror))


def numbers_in(path):
    """The numbers in a file, keyed by the word before each."""
    try:
        with io.open(path) as file:
            return {word: int(number) for word, number in re.findall(r"^(?:(\w+): +)?(\d+)(?: kB)?$", file.read(), re.MULTILINE)}
    except OSError:
        return {}


def available_memory():
    """The bytes that the machine and the control groups (v1, v2) have left."""
    machine = numbers_in("/proc/meminfo")
    left = [1024 * (machine["MemAvailable"] + machine.get("SwapFree", 0))] if "MemAvailable" in machine else []
    groups = [("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes")]
    with contextlib.suppress(OSError):
        with io.open("/proc/self/cgroup") as file:
            own = [line[4:].strip("/\n") for line in file if line.startswith("0::/")]
        for parts in (path.split("/") for path in own):
            # Limits of parent groups count, too.
            groups += [("/".join(["/sys/fs/cgroup", *parts[:depth]]), "memory.max", "memory.current") for depth in range(len(parts) + 1)]
    for folder, limit, used in groups:
        most = numbers_in(os.path.join(folder, limit)).get("")
        if most is not None:
            left.append(max(0, most - numbers_in(os.path.join(folder, used)).get("", 0)))
    return min(left, default=math.inf)


def check_memory(size, always_there):
    """Raises OutOfMemory. Without it, using more memory would end this process or another without an error."""
    if size > always_there and size > available_memory():
        raise OutOfMemory("the machine does not have %d bytes left; ask for a smaller size" % size)


# --- Names ---

def fnv1a(data, bits):
    prime, value = {
        64: (0x100000001B3, 0xCBF29CE484222325),
        128: (0x1000000000000000000013B, 0x6C62272E07BB014262B821756295C58D),
    }[bits]
    for byte in data:
        value = (value ^ byte) * prime % (1 << bits)
    return value


def wrong_type(what, given, remedy):
    return TypeError("%s is %s; give it as %s" % (what, "None" if given is None else "of type %s" % type(given).__name__, remedy))


def encode_name(name):
    """The name as bytes. Restores command-line arguments in another encoding (surrogateescape)."""
    if not isinstance(name, (str, bytes, bytearray)):
        raise wrong_type("the name of the segment", name, "str or as bytes of UTF-8")
    try:
        data = bytes(name) if isinstance(name, (bytes, bytearray)) else name.encode("utf-8", "surrogateescape")
        data.decode("utf-8")
    except UnicodeError:
        raise ValueError("the name of the segment is not well-formed UTF-8; encode it as such") from None
    if not data:
        raise ValueError("the name of the segment is empty; give it one of 1 to 255 bytes")
    if len(data) > MAXIMUM_NAME:
        raise ValueError("the name of the segment has %d bytes of UTF-8; give it one of at most 255" % len(data))
    if 0 in data:
        raise ValueError("the name of the segment contains a NUL character; leave that out")
    return data


def file_name(name):
    plain = b"abcdefghijklmnopqrstuvwxyz0123456789._-"
    encoded = "".join(chr(byte) if byte in plain else "%%%02X" % byte for byte in name)
    if len(encoded) > 200:
        encoded = "%s~%032X" % (encoded[:150], fnv1a(name, 128))
    return "s.%s.segment" % encoded


def registry_folder():
    path = os.environ.get("SHAREDSEGMENT_DIR", "")
    if path:
        return path.rstrip("/") or "/"  # a trailing slash would follow a link
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


def folder_failure(path, problem, error):
    text = "the registry folder \"%s\" %s (%s); %s" % (
        path, problem, error.strerror, "make the folder above it, or set SHAREDSEGMENT_DIR" if error.errno == errno.ENOENT
        else "set SHAREDSEGMENT_DIR to another one")
    if isinstance(error, PermissionError):
        return PermissionDenied(text)
    if error.errno in NO_MEMORY:
        return OutOfMemory(text)
    return Failure(NOT_FOUND if error.errno == errno.ENOENT else CORRUPT, text)


def check_folder(path):
    try:
        info = os.lstat(path)
    except FileNotFoundError:
        raise Failure(NOT_FOUND, "there is no registry folder \"%s\"; start the program that creates the segment" % path) from None
    except OSError as error:
        raise folder_failure(path, "cannot be examined", error) from None
    problem, remedy = (("is a symbolic link", "replace it by a folder") if stat.S_ISLNK(info.st_mode)
                       else ("is not a folder", "remove it, or set SHAREDSEGMENT_DIR") if not stat.S_ISDIR(info.st_mode)
                       else ("belongs to another user", "remove it, or set SHAREDSEGMENT_DIR") if info.st_uid != os.geteuid()
                       else ("does not have the mode 0700", "run chmod 700 on it") if info.st_mode & 0o777 != 0o700 else (None, None))
    if problem:
        # A folder from the caller may be any folder, such as "/": never suggest to change it.
        is_named = os.environ.get("SHAREDSEGMENT_DIR", "") or path != registry_folder()
        raise Failure(CORRUPT, "the registry folder \"%s\" %s; %s" % (
            path, problem, "set SHAREDSEGMENT_DIR to a folder of its own" if is_named else remedy))


def make_folder(path):
    try:
        os.mkdir(path, 0o700)
        os.chmod(path, 0o700)  # despite the umask
    except (FileExistsError, IsADirectoryError):
        pass
    except OSError as error:
        raise folder_failure(path, "cannot be made", error) from None
    check_folder(path)


def folder_of(folder):
    """The given folder as text, or the default registry folder."""
    try:
        given = os.fsdecode(folder) if folder is not None else ""
    except TypeError:
        raise wrong_type("the folder", folder, "a path") from None
    return (given.rstrip("/") or "/") if given else registry_folder()


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
        return list(values) if self.is_array else values[0]


NUMBER = r"(?:0|[1-9][0-9]{0,9})"
IDENTIFIER = r"[A-Za-z_\u0080-\U0010FFFF][A-Za-z0-9_\u0080-\U0010FFFF]*"
TYPE = re.compile(r"([a-z]+[0-9]*)(?:\[(%s)\])?" % NUMBER)
FIELD = re.compile(r"(%s(?:\.%s)*):([a-z0-9\[\]]+)@(%s)" % (IDENTIFIER, IDENTIFIER, NUMBER))
STRUCT = re.compile(r"(%s)\{(.*)\}/(%s)" % (IDENTIFIER, NUMBER), re.DOTALL)


def parse_type(name, text, offset):
    match = TYPE.fullmatch(text)
    if not match or match[1] not in SCALARS:
        raise layout_fault("the layout text has no such type: %r" % text)
    count = int(match[2]) if match[2] else 1
    is_text = match[1] == "char"
    if count < 1 or (is_text and not match[2]):
        raise layout_fault("the layout text has a bad length: %r" % text)
    return Field(name, match[1], count, bool(match[2]) and not is_text, offset)


class Layout:
    """The layout of one element: fields in the order of their offsets, size and alignment."""

    def __init__(self, text):
        if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
            raise layout_fault("the layout text has half a surrogate pair")
        match = STRUCT.fullmatch(text)
        self.is_struct = bool(match)
        if match:
            self.fields = []
            for part in match[2].split(";", MAXIMUM_FIELDS):
                found = FIELD.fullmatch(part)
                if not found:
                    raise layout_fault("the layout text has a bad field: %r" % part)
                self.fields.append(parse_type(found[1], found[2], int(found[3])))
            self.size = int(match[3])
        else:
            self.fields = [parse_type("", text, 0)]
            self.size = self.fields[0].size
        end = 0
        for field in self.fields:
            if field.offset < end:
                raise layout_fault("the layout text has a field out of place: %r" % field.name)
            end = field.offset + field.size
        if not end <= self.size <= MAXIMUM_ELEMENT:
            raise layout_fault("the layout text has a bad size: %d" % self.size)
        self.alignment = max(field.alignment for field in self.fields)
        if self.size % self.alignment or any(field.offset % field.alignment for field in self.fields):
            self.alignment = 1  # packed
        if len({field.name for field in self.fields}) != len(self.fields):
            raise layout_fault("the layout text has a field twice")

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
    """Locks a byte of the record: for sweeping the record or claiming the slot at this offset. Yields whether the lock was taken.

    No fork happens meanwhile: a child would keep the lock if its parent died before it unlocks.
    """
    if not FLOCK:
        with PROCESS.lock:
            held = try_lock(descriptor, offset)
            try:
                yield held
            finally:
                if held:
                    byte_lock(descriptor, F_OFD_SETLK, offset, fcntl.F_UNLCK)
        return
    # `.lock`, one per folder: for sweeping, claiming and creating.
    with PROCESS.lock:
        lock = os.open(os.path.join(folder, ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            if os.fstat(lock).st_mode & 0o777 != 0o600:
                os.fchmod(lock, 0o600)  # despite the umask
            yield try_flock(lock)
        finally:
            fcntl.flock(lock, fcntl.LOCK_UN)
            os.close(lock)


def lock_owner(folder, descriptor):
    if not FLOCK:
        return try_lock(descriptor, 0)
    # Without the folder's lock, a sweeper may take the unlocked record for a dead owner's and remove it.
    with holding(folder, descriptor, 0) as held:
        return held and try_flock(descriptor)


def unlock_owner(descriptor):
    if FLOCK:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
    else:
        byte_lock(descriptor, F_OFD_SETLK, 0, fcntl.F_UNLCK)


def has_owner(descriptor):
    """Whether a living owner holds the record. Not for the owner itself."""
    if not FLOCK:
        return byte_lock(descriptor, F_OFD_GETLK, 0, fcntl.F_WRLCK) != fcntl.F_UNLCK
    # flock() cannot query a lock: take a shared lock for a moment, which does not conflict with other queries.
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    return False


# --- Records ---

class Record:
    def __init__(self, data):
        fields = unpack_fields("record", data[:STATE + 4])
        if fields["magic"] != FORMAT_TEXTS["record", "magic"]:
            raise damaged("record", "magic")
        if fields["format version"] != VERSION:
            raise other_version("record", fields["format version"])
        self.backend, self.required, self.kind, self.state = (fields[name] for name in ("backend", "required features", "kind", "state"))
        self.instance, self.pid, self.descriptor, self.size = (
            fields[name] for name in ("instance id", "process id of the owner", "descriptor", "segment size"))
        if self.backend not in (MEMFD, POSIX):
            raise unsupported("the backend", self.backend)
        if self.required & ~MULTIPLE_WRITERS:
            raise unsupported("the required features", self.required)
        name_bytes, name = fields["bytes of the name"], fields["name"]
        if not 1 <= name_bytes <= MAXIMUM_NAME or any(name[name_bytes:]):
            raise damaged("record", "name")
        if not 4096 <= self.size < 1 << 63:
            raise damaged("record", "segment size")
        if not 1 <= self.pid <= 0x7FFFFFFF:
            raise damaged("record", "process id")
        if self.backend == MEMFD and not 0 <= self.descriptor <= 0x7FFFFFFF or self.backend != MEMFD and self.descriptor != -1:
            raise damaged("record", "descriptor")
        if fields["object"][-1] or (fields["object"][0] == 0) != (self.backend == MEMFD):
            raise damaged("record", "object")
        self.name = name[:name_bytes]
        self.object_name = fields["object"].rstrip(b"\0")


def read_record(descriptor, name, path):
    # Read the content before the lock: an owner locks before it writes.
    data = os.pread(descriptor, RECORD_SIZE, 0)
    if not has_owner(descriptor):
        if not is_linked(descriptor, path):
            raise Replaced("\"%s\" was just replaced" % name.decode())
        raise Failure(NOT_FOUND, "there is no segment \"%s\"; start the program that creates it" % name.decode())
    if len(data) != RECORD_SIZE or os.fstat(descriptor).st_size != RECORD_SIZE:
        raise Failure(CORRUPT, "the record of \"%s\" has %d bytes instead of %d; have its owner publish, which restores it" % (
            name.decode(), os.fstat(descriptor).st_size, RECORD_SIZE))
    record = Record(data)
    if record.state == REPLACED:
        raise Replaced("\"%s\" was just replaced" % name.decode())
    if record.state != LIVE:
        raise Failure(NOT_FOUND, "the owner of \"%s\" is just closing it; try again" % name.decode())
    if record.name != name:
        raise Failure(NOT_FOUND, "the record of \"%s\" lies in the place of \"%s\"; open that, or start the program that creates this one" % (
            record.name.decode("utf-8", "replace"), name.decode()))
    return record


# --- Memory ---

def open_memory(record):
    """Opens the memory of the record. @returns a read-only descriptor."""
    if record.backend == MEMFD and IS_LINUX:
        return open_memfd(record)
    if record.backend == POSIX:
        return open_posix(record)
    raise UnsupportedVersion("this system lacks the backend %d; have its owner create it with the backend \"posix\"" % record.backend)


def open_memfd(record):
    path = "/proc/%d/fd/%d" % (record.pid, record.descriptor)
    try:
        # The number may lead to anything by now. O_PATH has no effect on the file behind it.
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except PermissionError:
        raise Failure(CORRUPT, "the memory %s cannot be reached; have its owner create it with the backend \"posix\"" % path)
    except (FileNotFoundError, ProcessLookupError):
        raise Moved("%s does not exist" % path)
    try:
        info = os.fstat(place)
        again = "/proc/self/fd/%d" % place
        if not stat.S_ISREG(info.st_mode) or info.st_size != record.size or not os.readlink(again).startswith("/memfd:"):
            raise Moved("%s is something else" % path)
        descriptor = os.open(again, os.O_RDONLY | os.O_CLOEXEC)
    finally:
        os.close(place)
    wanted = SEAL_SEAL | SEAL_SHRINK | SEAL_GROW | (0 if record.required & MULTIPLE_WRITERS else SEAL_FUTURE_WRITE)
    if fcntl.fcntl(descriptor, F_GET_SEALS) & wanted != wanted:
        os.close(descriptor)
        raise Moved("%s is not sealed as a segment is" % path)
    return descriptor


def open_object(name, flags):
    # shm_open() sets close-on-exec itself. If objects are files, a file of that name may be anything: open it nonblocking.
    if _posixshmem is None:
        return os.open("/dev/shm" + name, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    return _posixshmem.shm_open(name, flags | (os.O_NONBLOCK if IS_LINUX else 0), mode=0o600)


def unlink_object(name):
    with contextlib.suppress(FileNotFoundError):
        if _posixshmem is None:
            os.unlink("/dev/shm" + name)
        else:
            _posixshmem.shm_unlink(name)


def open_posix(record):
    name = record.object_name.decode("ascii", "replace")
    if name != "/ss-" + record.instance.hex().upper()[:22]:
        raise Failure(CORRUPT, "the segment's record is damaged: object %r; have its owner create it again" % name)
    try:
        descriptor = open_object(name, os.O_RDONLY)
    except FileNotFoundError:
        raise Moved("%s does not exist" % name)
    info = os.fstat(descriptor)
    # The file type of an object depends on the system.
    is_strange = IS_LINUX and not stat.S_ISREG(info.st_mode)
    if is_strange or info.st_uid != os.geteuid() or not 0 <= info.st_size - record.size < LARGEST_PAGE:
        os.close(descriptor)
        raise Failure(CORRUPT, "the size or owner of the memory \"%s\" differs from its record; have its owner create it again" % name)
    return descriptor


class Memory:
    """A checked memory. The checks work on private copies."""

    def __init__(self, record, memory):
        self.memory = memory
        fields = unpack_fields("memory", bytes(memory[:MEMORY_HEADER]))
        if fields["magic"] != FORMAT_TEXTS["memory", "magic"]:
            raise Moved("the memory is not the one that the record describes")
        if fields["format version"] != VERSION:
            raise other_version("memory", fields["format version"])
        if fields["instance id"] != record.instance:
            raise Moved("the memory is not the one that the record describes")
        if fields["required features"] & ~MULTIPLE_WRITERS:
            raise unsupported("the required features", fields["required features"])
        self.kind, size = fields["kind"], fields["segment size in bytes"]
        if self.kind not in (FIXED, VARIABLE, STREAM):
            raise unsupported("content of the kind", self.kind)
        if (size, fields["required features"], self.kind) != (record.size, record.required, record.kind):
            raise damaged("header", "size, features or kind")
        self.payload, self.buffers, self.stride, self.capacity = (
            fields[name] for name in ("payload offset", "buffer count", "buffer stride in bytes", "capacity"))
        layout_offset, layout_bytes, metadata_offset, metadata_bytes = (
            fields[name] for name in ("layout text offset", "layout text bytes", "metadata offset", "metadata bytes"))
        if layout_offset != MEMORY_HEADER or not 1 <= layout_bytes <= MAXIMUM_LAYOUT:
            raise damaged("header", "layout text")
        place, least_payload = places_of(layout_bytes, metadata_bytes)
        if metadata_offset != place or metadata_bytes > MAXIMUM_METADATA:
            raise damaged("header", "metadata")
        if self.payload % PAYLOAD_ALIGNMENT or not least_payload <= self.payload < size:
            raise damaged("header", "payload offset")
        if not 1 <= self.buffers <= (1 if self.kind == STREAM else MAXIMUM_BUFFERS) or not self.capacity:
            raise damaged("header", "buffer count or capacity")
        text = bytes(memory[layout_offset:layout_offset + layout_bytes])
        if fnv1a(text, 64) != fields["fingerprint"]:
            raise damaged("header", "fingerprint")
        try:
            self.layout_text = text.decode("utf-8")
        except UnicodeDecodeError:
            raise damaged("header", "layout text")
        self.layout = Layout(self.layout_text)
        if (fields["element size in bytes"], fields["element alignment"]) != (self.layout.size, self.layout.alignment):
            raise damaged("header", "element size or alignment")
        # Python's integers do not overflow; elsewhere each product and sum needs a check.
        self.bytes = self.capacity * self.layout.size
        if self.stride % STRIDE_ALIGNMENT or self.stride < self.bytes or self.payload + self.buffers * self.stride > size:
            raise damaged("header", "buffers")
        self.metadata = object_of(bytes(memory[metadata_offset:metadata_offset + metadata_bytes]))
        # Items of 8 bytes: each is read by one load, which a slice of bytes does not guarantee.
        self.words = memory[:MEMORY_HEADER].cast("Q")

    def newest(self):
        """@returns (revision, timestamp, bytes, source timestamp), or the number of attempts if the writer interfered with each."""
        tries = copied = 0
        while tries < READ_TRIES or tries < SHORT_READ_TRIES and copied < TRIED_BYTES:
            tries += 1
            revision = self.words[REVISION]
            fence()
            buffer = revision % self.buffers
            entry = entry_of(buffer)
            sequence = self.words[entry]
            fence()
            if sequence != 2 * revision % (1 << 64):
                continue
            times = [signed(self.words[entry + word]) for word in (TIMESTAMP, SOURCE_TIMESTAMP)]
            # A writer may be changing the count: it bounds the copy only if it is possible, and is a count only once it is accepted.
            count = self.words[entry + COUNT] if self.kind == VARIABLE else self.capacity
            if count > self.capacity:
                continue
            start, size = self.payload + buffer * self.stride, count * self.layout.size
            check_memory(size, 1 << 26)
            with memory_errors("a copy of %d bytes" % size):
                data = bytes(self.memory[start:start + size])
            copied += size
            fence()
            if self.words[entry] == sequence:
                return revision, times[0], data, times[1]
        return tries


class RingBuffer:
    """The elements of a stream. Element number x lies at x % capacity, and can be read as long as x >= reserved - capacity."""

    def __init__(self, memory, words, payload, capacity, element):
        self.memory, self.words, self.payload, self.capacity, self.element = memory, words, payload, capacity, element

    def position(self):
        position = self.words[REVISION]
        fence()
        return position

    def oldest_before(self, end):
        """An element before the result may have been overwritten, or is being overwritten."""
        reserved = max(end, self.words[RESERVED])
        return min(reserved - self.capacity, end) if reserved > self.capacity else 0

    def places(self, first, count):
        """The slices of the memory with these elements: up to its end, and from its start."""
        index = first % self.capacity
        before = min(count, self.capacity - index)
        return [slice(self.payload + start * self.element, self.payload + (start + part) * self.element)
                for start, part in ((index, before), (0, count - before))]

    def times_at(self, position):
        """(timestamp, source timestamp) of the append that ended there, in ns since 1970; zeros unless it is one of the newest two."""
        for entry in (entry_of(0), entry_of(1)):
            if self.words[entry] == position:
                fence()
                times = tuple(signed(self.words[entry + word]) for word in (TIMESTAMP, SOURCE_TIMESTAMP))
                fence()
                if self.words[entry] == position:
                    return times
        return 0, 0

    def read(self, position, most):
        """@returns (number of the first element, how many before it are lost, bytes): at most `most` elements, and at most the capacity."""
        newest = self.position()
        first = start = min(position, newest)  # A damaged position may be anywhere.
        for _ in range(OVERWRITTEN_TRIES):
            first = max(first, self.oldest_before(newest))
            end = first + min(newest - first, most)
            if first == end:
                break
            data = b"".join(bytes(self.memory[place]) for place in self.places(first, end - first))
            fence()
            oldest = self.oldest_before(end)
            if oldest < end:
                kept = max(first, oldest)
                return kept, kept - start, data[(kept - first) * self.element:]
            first = end  # The writer has overwritten all of them.
            newest = max(self.position(), first)
        return first, first - start, b""

    def append(self, data):
        """For the only writer, at most the capacity. @returns the new position."""
        before = self.words[REVISION]
        after = (before + len(data) // self.element) % (1 << 64)  # A damaged position may be anywhere.
        self.words[RESERVED] = max(self.words[RESERVED], after)
        fence()
        at = 0
        for place in self.places(before, after - before):
            size = place.stop - place.start
            self.memory[place] = data[at:at + size]
            at += size
        # The other entry keeps the time of the newest append until this one is complete.
        entry = entry_of(0 if self.words[entry_of(0)] != before else 1)
        self.words[entry] = CHANGING
        fence()
        self.words[entry + TIMESTAMP] = time.time_ns()
        self.words[entry + SOURCE_TIMESTAMP] = 0
        fence()
        self.words[entry] = after
        fence()
        self.words[REVISION] = after
        return after


def signed(word):
    """The i64 in a word."""
    return word - (word >> 63 << 64)


def entry_of(buffer):
    """Where the entry of a buffer begins, in words."""
    return (BUFFER_TABLE + ENTRY_BYTES * buffer) // 8


FENCE = threading.Lock()


def fence():
    # Full fence from two lock pairs. Accesses before it complete at the latest at the first release, accesses after it begin at the
    # earliest at the second acquire, and these two are ordered.
    with FENCE:
        pass
    with FENCE:
        pass


# --- Notification ---

def atomics():
    """Compare-and-swap of 8 and of 4 bytes, and lseek() for a file's size. PyDLL keeps the GIL, so no other thread runs in between."""
    try:
        library = ctypes.PyDLL("libatomic.so.1")
        swaps = [library.__getattr__("__atomic_compare_exchange_%d" % size) for size in (8, 4)]
        seek = ctypes.PyDLL(None).lseek
    except (OSError, AttributeError):
        return None
    for swap, word in zip(swaps, (ctypes.c_uint64, ctypes.c_uint32)):
        swap.argtypes = [ctypes.c_void_p, ctypes.POINTER(word), word, ctypes.c_int, ctypes.c_int]
        swap.restype = ctypes.c_bool
    seek.argtypes, seek.restype = [ctypes.c_int, ctypes.c_longlong, ctypes.c_int], ctypes.c_longlong
    return (*swaps, seek)


ATOMICS = atomics()
SEQUENTIAL = 5  # __ATOMIC_SEQ_CST


class SharedRecord:
    """A record mapped for compare-and-swap, through a second descriptor: a mapping of the locked one would keep the owner's lock.

    An access beyond the end of a truncated record ends the process. So all other accesses use the file, and each swap first checks the
    file's size. A cut between check and swap still ends the process.
    """

    def __init__(self, path, folder, instance, file):
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            self.map = mmap.mmap(descriptor, RECORD_SIZE, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE)
        finally:
            os.close(descriptor)
        self.anchor = ctypes.c_char.from_buffer(self.map)
        self.address = ctypes.addressof(self.anchor)
        self.path, self.folder, self.hex, self.file = path, folder, instance.hex().upper(), file
        self.header = None  # owner only: to restore a damaged record
        self.reserve = -1  # owner only: a spare descriptor, closed to notify when no other is left

    def close(self):
        forget(self, "reserve")
        del self.anchor
        self.map.close()

    def reaches(self, size):
        """Whether the file has at least this many bytes."""
        return ATOMICS[2](self.file, 0, os.SEEK_END) >= size

    def is_long(self):
        """Whether the file has its full size."""
        return self.reaches(RECORD_SIZE)

    def word(self, offset):
        return int.from_bytes(os.pread(self.file, 8, offset), "little")

    def half(self, offset):
        return int.from_bytes(os.pread(self.file, 4, offset), "little")

    def swap(self, offset, expected, desired):
        seen = ctypes.byref(ctypes.c_uint64(expected))
        return self.reaches(offset + 8) and ATOMICS[0](self.address + offset, seen, desired, SEQUENTIAL, SEQUENTIAL)

    def change_armed(self, by):
        """Changes the count of armed listeners; never below 0, should the count be lost."""
        count = self.half(ARMED_COUNT)
        while count + by >= 0:
            seen = ctypes.c_uint32(count)
            place = ctypes.byref(seen)
            if not self.reaches(ARMED_COUNT + 4) or ATOMICS[1](self.address + ARMED_COUNT, place, count + by, SEQUENTIAL, SEQUENTIAL):
                return
            count = seen.value

    def restore(self):
        """Owner only: restores the lost parts of the record and wakes all listeners, so that they claim a slot again. @returns success."""
        is_restored = False
        with contextlib.suppress(OSError):
            if os.fstat(self.file).st_size < RECORD_SIZE:
                os.ftruncate(self.file, RECORD_SIZE)
            is_restored = os.pwrite(self.file, self.header, 0) == len(self.header) and os.pwrite(self.file, MARK, MARK_OFFSET) == len(MARK)
        with contextlib.suppress(OSError):
            for name in self.list_folder():
                if name.startswith(".%s." % self.hex) and name.endswith(".bell"):
                    self.has_listener(os.path.join(self.folder, name), b"\1")
        return is_restored

    def list_folder(self):
        try:
            return os.listdir(self.folder)
        except OSError as error:
            if error.errno not in NO_DESCRIPTOR or self.reserve == -1:
                raise
        forget(self, "reserve")
        return os.listdir(self.folder)

    def doorbell(self, slot, generation):
        return os.path.join(self.folder, ".%s.%d.%d.bell" % (self.hex, slot, generation))

    def take_reserve(self):
        if self.reserve == -1:
            self.reserve = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def open_doorbell(self, doorbell):
        flags = os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            return os.open(doorbell, flags)
        except OSError as error:
            if error.errno not in NO_DESCRIPTOR or self.reserve == -1:
                raise
        forget(self, "reserve")
        return os.open(doorbell, flags)

    def has_listener(self, doorbell, byte=b""):
        """Whether a listener has the doorbell open; notifies it with `byte`, if given. None: unknown."""
        try:
            descriptor = self.open_doorbell(doorbell)
            try:
                if not stat.S_ISFIFO(os.fstat(descriptor).st_mode):
                    return False
                if byte:
                    os.write(descriptor, byte)
            finally:
                os.close(descriptor)
        except BlockingIOError:
            pass
        except OSError as error:
            return False if error.errno in NO_DOORBELL else None
        return True

    def free(self, offset, word, doorbell):
        if self.swap(offset, word, word >> 32 << 32 | FREE):
            if word & 0xFFFFFFFF == ARMED:
                self.change_armed(-1)
            with contextlib.suppress(OSError):
                os.unlink(doorbell)

    def notify(self, states):
        """Notifies the listeners in these states. @returns whether the record is whole and no notification was lost."""
        fence()
        data = os.pread(self.file, RECORD_SIZE, 0)
        if states == (ARMED,) and data[ARMED_COUNT:ARMED_COUNT + 4] == b"\0\0\0\0" and data[MARK_OFFSET:] == MARK:
            return True
        with blocked_signals():
            for slot in range((len(data) - SLOTS) // SLOT_BYTES):
                self.notify_slot(data, SLOTS + SLOT_BYTES * slot, slot, states)
            # Check last: listeners whose slots were lost until now were not notified.
            return os.pread(self.file, 4, MARK_OFFSET) == MARK or self.restore()

    def notify_slot(self, data, offset, slot, states):
        word, = struct.unpack_from("<Q", data, offset)
        if word & 0xFFFFFFFF not in states:
            return
        doorbell = self.doorbell(slot, self.half(offset + GENERATION))
        is_notified = self.has_listener(doorbell, b"\1")
        with contextlib.suppress(OSError):
            self.take_reserve()
        # A program without compare-and-swap notifies and omits the swaps.
        if is_notified is None or not ATOMICS:
            return
        if not is_notified:
            self.free(offset, word, doorbell)
        elif self.swap(offset, word, word >> 32 << 32 | LISTENING) and word & 0xFFFFFFFF == ARMED:
            self.change_armed(-1)


def is_linked(descriptor, path):
    """Whether the path still leads to this file."""
    try:
        own, named = os.fstat(descriptor), os.lstat(path)
    except FileNotFoundError:
        return False
    return (own.st_dev, own.st_ino) == (named.st_dev, named.st_ino)


IN_MODIFY, IN_ATTRIB, IN_MOVED_TO, IN_CREATE, IN_DELETE_SELF, IN_MOVE_SELF = 0x2, 0x4, 0x80, 0x100, 0x400, 0x800
IN_ONLYDIR, IN_DONT_FOLLOW = 0x01000000, 0x02000000
GONE = IN_MOVE_SELF | IN_DELETE_SELF | IN_ATTRIB


def watch_paths(*watches):
    """A descriptor that is readable once one of these events of a path came; -1 if unsupported."""
    try:
        library = ctypes.CDLL(None)
        descriptor = library.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        add = library.inotify_add_watch
    except (OSError, AttributeError):
        return -1
    if descriptor != -1 and any(add(descriptor, os.fsencode(path), events) == -1 for path, events in watches):
        return shut(descriptor)
    return descriptor


def watch_files(doorbell, record, folder):
    """A descriptor that is readable once another program removes the doorbell or changes the record's file; -1 if unsupported."""
    return watch_paths((doorbell, GONE | IN_DONT_FOLLOW), (record, GONE | IN_MODIFY | IN_DONT_FOLLOW), (folder, GONE | IN_ONLYDIR))


def mark_path(folder, instance):
    return os.path.join(folder, ".%s.owner" % instance.hex().upper())


class Listener:
    """A listener's slot in a record."""

    def __init__(self, record):
        self.record, self.descriptor, self.files = record, -1, -1

    def drop(self):
        """In a child: closes the copies of the parent's descriptors."""
        forget(self, "descriptor", "files")

    def find_slot(self):
        """Claims a slot. @returns whether one was available."""
        record = self.record
        if not ATOMICS:
            return False
        try:
            descriptor = os.open(record.path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return False
        try:
            # The path may lead to another instance by now.
            if not os.path.sameopenfile(descriptor, record.file) or not record.is_long():
                return False
            for slot in range(LISTENERS):
                offset = SLOTS + SLOT_BYTES * slot
                with holding(record.folder, descriptor, offset) as held:
                    if held:
                        self.claim(slot, offset, descriptor)
                # With flock() one lock serves all slots: if it was not taken here, it is not available for the next slot either.
                if self.descriptor != -1 or FLOCK and not held:
                    break
        except OSError:
            pass  # no descriptor left: poll
        finally:
            os.close(descriptor)
        if self.descriptor != -1:
            self.files = watch_files(self.doorbell, record.path, record.folder)
        return self.descriptor != -1

    def claim(self, slot, offset, descriptor):
        record, word = self.record, self.record.word(offset)
        if word & 0xFFFFFFFF in (LISTENING, ARMED):
            doorbell = record.doorbell(slot, record.half(offset + GENERATION))
            if record.has_listener(doorbell) is not False:
                return
            record.free(offset, word, doorbell)
            word = record.word(offset)
        if word & 0xFFFFFFFF not in (FREE, CLAIMING):
            return
        ticket = ((word >> 32) + 1) % (1 << 32)
        if not record.swap(offset, word, ticket << 32 | CLAIMING):
            return
        os.pwrite(descriptor, struct.pack("<Q", os.getpid()), offset + LISTENER_PID)
        for _ in range(4):
            generation = (record.half(offset + GENERATION) + 1) % (1 << 32)
            os.pwrite(descriptor, struct.pack("<I", generation), offset + GENERATION)
            doorbell = record.doorbell(slot, generation)
            try:
                os.mkfifo(doorbell, 0o600)
                os.chmod(doorbell, 0o600)  # despite the umask
                with PROCESS.lock:
                    self.descriptor = os.open(doorbell, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW)
                break
            except OSError:
                continue
        has_doorbell = self.descriptor != -1
        record.swap(offset, ticket << 32 | CLAIMING, ticket << 32 | (LISTENING if has_doorbell else FREE))
        if has_doorbell:
            self.offset, self.ticket, self.generation, self.doorbell = offset, ticket, generation, doorbell

    def arm(self):
        """@returns whether the next publication notifies. Makes a new doorbell if another program has removed it."""
        if self.descriptor != -1 and self.try_arm():
            return True
        self.leave()
        return self.find_slot() and self.try_arm()

    def try_arm(self):
        record = self.record
        while record.is_long() and is_linked(self.descriptor, self.doorbell):
            word = record.word(self.offset)
            if word >> 32 != self.ticket or word & 0xFFFFFFFF not in (LISTENING, ARMED) or record.half(self.offset + GENERATION) != self.generation:
                return False
            is_new = word & 0xFFFFFFFF == LISTENING
            if is_new:
                record.change_armed(1)
            ticket = (self.ticket + 1) % (1 << 32)
            if record.swap(self.offset, word, ticket << 32 | ARMED):
                self.ticket = ticket
                return is_linked(self.descriptor, self.doorbell)
            if is_new:
                record.change_armed(-1)
        return False

    def drain(self):
        for descriptor in (self.descriptor, self.files):
            with contextlib.suppress(BlockingIOError):
                while descriptor != -1 and os.read(descriptor, 4096):
                    pass

    def leave(self):
        if self.descriptor == -1:
            return
        record, word = self.record, self.record.word(self.offset)
        # Also in what is left of a truncated record: its publisher restores the rest.
        while record.reaches(self.offset + SLOT_BYTES) and word >> 32 == self.ticket and word & 0xFFFFFFFF in (LISTENING, ARMED):
            if record.swap(self.offset, word, word >> 32 << 32 | FREE):
                if word & 0xFFFFFFFF == ARMED:
                    record.change_armed(-1)
                break
            word = record.word(self.offset)
        if is_linked(self.descriptor, self.doorbell):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.doorbell)
        self.drop()


# --- Segments ---

class Watch:
    """A descriptor with an event once the owner is gone or has become another program; -1 if unavailable."""

    def __init__(self, folder, record):
        self.descriptor, self.queue = -1, None
        if not IS_LINUX:
            events = select.KQ_NOTE_EXIT | select.KQ_NOTE_EXEC
            self.queue = select.kqueue()
            self.queue.control([select.kevent(record.pid, select.KQ_FILTER_PROC, select.KQ_EV_ADD | select.KQ_EV_ONESHOT, events)], 0)
            self.descriptor = self.queue.fileno()
            return
        with contextlib.suppress(OSError):
            self.descriptor = os.open(mark_path(folder, record.instance), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW)
        if self.descriptor != -1 and (not stat.S_ISFIFO(os.fstat(self.descriptor).st_mode) or self.has_reported()):
            self.close()
        if self.descriptor == -1 and hasattr(os, "pidfd_open"):
            self.descriptor = os.pidfd_open(record.pid)

    def has_reported(self):
        """Whether the owner is gone. Bytes in the mark have no meaning."""
        try:
            return os.read(self.descriptor, 4096) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True  # a pidfd, which cannot be read

    def close(self):
        if self.queue is not None:
            self.queue.close()
            self.queue, self.descriptor = None, -1
        forget(self, "descriptor")


class Base:
    """A resource of one process; closes at the end of a with block."""

    token = 0
    is_open = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __del__(self):
        with contextlib.suppress(Exception):
            self.close()

    def check(self, whose=None, remedy=None):
        if not self.is_open:
            raise ValueError("the segment is closed; open it again")
        if whose and not PROCESS.has(self):
            self.drop()
            raise PermissionDenied("this process was forked from the %s \"%s\" and %s" % (whose, self.name.decode(), remedy))


class Wish(Base):
    """Says in the registry folder that this process waits for a mirror of another host's segment, or has it open: a file that it keeps
    locked. If the file cannot be made, `is_open` is false."""

    descriptor = -1
    path = None

    def __init__(self, name, folder):
        PROCESS.add(self)
        self.is_open = True
        for _ in range(4):
            try:
                self.make(name, os.path.join(folder, ".%s" % secrets.token_hex(16).upper()), folder)
                return
            except FileNotFoundError:
                forget(self, "descriptor")  # swept before it was locked
            except OSError:
                break
        self.close()

    def make(self, name, path, folder):
        temporary = path + ".new"
        with PROCESS.lock:
            self.descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            os.fchmod(self.descriptor, 0o600)  # despite the umask
            with blocked_signals():
                if not lock_owner(folder, self.descriptor) or os.pwrite(self.descriptor, name, 0) != len(name):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), temporary)
            give_name(temporary, path + ".wish")
            self.path = path + ".wish"
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)

    def is_linked(self):
        """Whether no other program has removed it."""
        return self.is_open and is_linked(self.descriptor, self.path)

    def drop(self):
        """In a child: closes the copy of the descriptor that keeps the wish."""
        forget(self, "descriptor")

    def close(self):
        if not self.is_open:
            return
        self.is_open = False
        if self.descriptor != -1 and PROCESS.has(self):
            with contextlib.suppress(OSError):
                if self.path:
                    os.unlink(self.path)
            with contextlib.suppress(OSError):
                unlock_owner(self.descriptor)
        self.drop()


def is_mirror(name):
    """Whether this is the name of a mirror of another host's segment."""
    return name.startswith(b"@")


class Segment(Base):
    """An array that is open for reading. Returned by open(). `capacity` is the most elements of a revision; if `is_variable`, each revision
    has a count of its own, otherwise the capacity. `metadata` is a dictionary: what the owner says about the values.
    `source_timestamp` belongs to what was read last: in a mirror of another host's segment, the time of publication by the clock of that
    host, in ns since 1970; else 0."""

    source_timestamp = 0
    is_stream = False
    file = -1
    shared = listener = watch = wish = None
    is_owner_gone = False

    def __init__(self, name, folder):
        self.name = name
        self.folder = folder
        self.path = os.path.join(folder, file_name(name))
        PROCESS.add(self)
        try:
            self.file = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            if error.errno in NO_DESCRIPTOR:
                raise
            # A new owner may have taken the name since.
            if error.errno != errno.ENOENT and not remove_other(self.folder, self.path):
                raise not_opened(self.path, error.strerror, "have its owner create it again") from None
            raise Failure(NOT_FOUND, "there is no segment \"%s\"; start the program that creates it" % name.decode()) from None
        self.is_open = True
        try:
            if not stat.S_ISREG(os.fstat(self.file).st_mode):
                raise (Failure(NOT_FOUND, "there is no segment \"%s\"; start the program that creates it" % name.decode())
                       if remove_other(self.folder, self.path) else not_opened(self.path, "no file", "remove it"))
            self.record = read_record(self.file, name, self.path)
            descriptor = open_memory(self.record)
            try:
                with memory_errors("mapping %d bytes" % self.record.size):
                    self.map = mmap.mmap(descriptor, self.record.size, mmap.MAP_SHARED, mmap.PROT_READ)
            finally:
                os.close(descriptor)
            self.view = memoryview(self.map)
            self.memory = Memory(self.record, self.view)
            if (self.memory.kind == STREAM) != self.is_stream:
                raise LayoutMismatch("\"%s\" (\"%s\") is %s" % (name.decode(), self.memory.layout_text, (
                    "an array, expected is a stream; open it with open()" if self.is_stream
                    else "a stream, expected is an array; open it with open_stream()")))
        except BaseException:
            self.close()
            raise
        self.layout, self.layout_text, self.capacity = self.memory.layout, self.memory.layout_text, self.memory.capacity
        self.is_variable, self.metadata = self.memory.kind == VARIABLE, self.memory.metadata
        if is_mirror(name):
            self.wish = Wish(name, folder)

    def __reduce__(self):
        return open, (self.name, self.folder)

    def drop(self):
        """In a child: closes the copies of the descriptors that its parent waits with."""
        if self.listener:
            self.listener.drop()
        if self.watch is not None:
            self.watch.close()

    def close(self):
        if not self.is_open:
            return
        self.is_open = False
        if not PROCESS.has(self):
            self.drop()
        elif self.listener:
            self.listener.leave()
        if self.shared:
            self.shared.close()
        if self.watch is not None:
            self.watch.close()
        if self.wish is not None:
            self.wish.close()
        memory, view, mapping = (self.__dict__.pop(part, None) for part in ("memory", "view", "map"))
        if memory and hasattr(memory, "words"):
            memory.words.release()
        if view is not None:
            view.release()
        if mapping is not None:
            mapping.close()
        self.file, self.listener, self.shared, self.watch = shut(self.file), None, None, None

    @property
    def revision(self):
        self.check()
        return self.memory.words[REVISION]

    def is_owned(self):
        """Whether the owner lives and has not closed the segment. A truncated record has no state; then only the lock counts."""
        self.check()
        return self.state() == LIVE and has_owner(self.file)

    def state(self):
        return int.from_bytes(os.pread(self.file, 4, STATE), "little")

    @property
    def source(self):
        """Where the values come from: HERE or, of a mirror of another host's segment, whose name begins with "@", REACHABLE or
        NOT_REACHABLE: whether that host can be reached. It changes without an update."""
        self.check()
        if not is_mirror(self.name):
            return HERE
        stated = int.from_bytes(os.pread(self.file, 4, SOURCE), "little")
        return REACHABLE if stated == FORMAT_VALUES["source"][REACHABLE] else NOT_REACHABLE

    def read(self):
        """(revision, timestamp in ns since 1970, bytes of all elements) of the newest revision, whole."""
        self.check()
        newest = self.memory.newest()
        if isinstance(newest, int):
            if self.is_owned():
                raise Failure(BUSY, "\"%s\" was being written to each of %d times; try again, or have it created with more buffers" % (
                    self.name.decode(), newest))
            raise Failure(CORRUPT, "the only buffer of \"%s\" was interrupted while being written, and its owner is gone; have it created with "
                                   "two buffers or more" % self.name.decode())
        self.source_timestamp = newest[3]
        return newest[:3]

    def values(self):
        """The elements of the newest revision: numbers, strings, lists, and dictionaries for structs."""
        return self.values_of(self.read()[2])

    def array(self):
        """The elements of the newest revision as a NumPy array, with a structured type for structs."""
        self.check()
        import numpy
        return numpy.frombuffer(self.read()[2], self.dtype())

    def values_of(self, data):
        elements = len(data) // self.layout.size
        count = elements * sum(1 if field.scalar == "char" else field.count for field in self.layout.fields)
        check_memory(32 * count, 1 << 26)
        with memory_errors("%d values" % count):
            return [self.layout.element(data, index * self.layout.size) for index in range(elements)]

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
        """Sleeps until the revision differs from `seen`. @returns "updated", "orphaned", "replaced" (its owner has made it anew, with another
        capacity: open the name again; the numbers of revisions go on) or, after `timeout` seconds, "timeout". None and infinity mean no
        limit; a negative timeout means at once."""
        self.check("one that opened", "can only read through that opening; open it again")
        deadline = deadline_of(timeout)
        if not self.shared:
            try:
                self.shared = SharedRecord(self.path, self.folder, self.record.instance, self.file)
                self.listener = Listener(self.shared)
            except (OSError, ValueError):
                self.shared = None  # record removed or truncated, or no descriptor left: poll
        if self.watch is None and not self.is_owner_gone:
            try:
                self.watch = Watch(self.folder, self.record)
            except OSError:
                pass
        while True:
            has_doorbell = self.listener is not None and self.listener.arm()
            fence()
            if self.revision != seen:
                return "updated"
            # Check after setting up the watch: another process may have the pid.
            if not self.is_owned():
                return "replaced" if self.state() == REPLACED else "orphaned"
            left = deadline - time.monotonic()
            if left <= 0:
                return "timeout"
            watched = -1 if self.watch is None else self.watch.descriptor
            if not has_doorbell or watched == -1:
                left = min(left, WITHOUT_DOORBELL)
            elif self.listener.files == -1:
                left = min(left, CHECKING)
            events = select.poll()
            for source in (self.listener.descriptor, self.listener.files, watched) if has_doorbell else (watched,):
                if source != -1:
                    events.register(source, select.POLLIN)
            forever = deadline == math.inf and left == math.inf
            ready = events.poll(None if forever else math.ceil(min(left, LONGEST_POLL) * 1000))
            if has_doorbell:
                self.listener.drain()
            # If the owner is gone but the lock is still held, for a moment or by a child that was made without fork handlers, stop
            # watching: the watch reports nothing more.
            if any(found == watched for found, _ in ready) and self.watch.has_reported() and self.is_owned():
                self.watch.close()
                self.watch, self.is_owner_gone = None, True


class Stream(Segment):
    """A stream that is open for reading. Returned by open_stream(). Reading begins at the newest: the first element is the next one that is
    appended. `capacity` is the number of elements that the stream keeps, `revision` the number of elements appended so far, and `lost` the
    number of elements since the opening that were overwritten before they were read."""

    is_stream = True
    lost = 0

    def __init__(self, name, folder):
        super().__init__(name, folder)
        self.elements = RingBuffer(self.view, self.memory.words, self.memory.payload, self.capacity, self.layout.size)
        self.seek(NEWEST)

    def __reduce__(self):
        return open_stream, (self.name, self.folder)

    @property
    def position(self):
        """The number of the next element, unless it is overwritten first."""
        self.check()
        return self.elements.oldest_before(self.elements.position()) if self.is_at_oldest else self.next

    @property
    def available(self):
        """The number of elements that can be read now."""
        self.check()
        newest = self.elements.position()
        return max(0, newest - max(self.next, self.elements.oldest_before(newest)))

    def seek(self, position):
        """Goes on reading at this number, at most the newest position. Elements from there on that are no longer there are lost, and those
        before are not. With NEWEST, at the next element that is appended; with OLDEST, at the oldest one that is there at the next read()."""
        self.check()
        newest = self.elements.position()
        if isinstance(position, str) and position not in (OLDEST, NEWEST):
            raise ValueError("there is no position %r; give OLDEST, NEWEST or the number of an element" % position)
        if not isinstance(position, str) and whole_number("position", position) < 0:
            raise ValueError("a position of %d is not possible; give OLDEST, NEWEST or the number of an element" % position)
        self.is_at_oldest = position == OLDEST
        self.next = (self.elements.oldest_before(newest) if self.is_at_oldest else newest if position == NEWEST
                     else min(operator.index(position), newest))

    def read(self, most=None):
        """(position after the last element, time of the append that ended there, bytes) of the next elements: all that there are, or at most
        `most`. They follow each other without a gap; what was overwritten before it was read lies before the first. The time is in ns since
        1970, and 0 unless the append is one of the newest two. Never waits. With 0 for `most`, counts what is lost so far."""
        self.check()
        most = self.capacity if most is None else whole_number("most", most)
        if most < 0:
            raise ValueError("%d elements are not possible; give 0 or more" % most)
        most = min(most, self.capacity)
        check_memory(2 * min(most, self.available) * self.layout.size, 1 << 26)
        parts, count, at_once, begins_at_oldest = [], 0, max(STREAM_BYTES // self.layout.size, 1), self.is_at_oldest
        # As often as a writer that is slower than the copy can overtake one of all elements.
        restarts = self.capacity // at_once + 1 if begins_at_oldest else 0
        with self.whole_read(), memory_errors("a copy of %d elements" % most):
            while not parts or count < most:  # Without space, too: it counts what is lost so far.
                first, lost, data = self.elements.read(self.next, min(most - count, at_once))
                # What was lost lies before the elements of one call: the next call counts it. But as long as the caller has nothing, these
                # elements are the oldest.
                if parts and (lost or not data):
                    if not data or restarts == 0:
                        break
                    restarts -= 1
                    parts, count = [], 0
                self.lost += 0 if begins_at_oldest else lost
                self.next = first + len(data) // self.layout.size
                if not data:
                    break
                self.is_at_oldest = False
                count += len(data) // self.layout.size
                parts.append(data)
            timestamp, self.source_timestamp = self.elements.times_at(self.next)
            return self.next, timestamp, parts[0] if len(parts) == 1 else b"".join(parts)

    def values(self, most=None):
        """The next elements: numbers, strings, lists, and dictionaries for structs."""
        self.check()
        with self.whole_read():
            return self.values_of(self.read(most)[2])

    def array(self, most=None):
        """The next elements as a NumPy array, with a structured type for structs."""
        self.check()
        import numpy
        kind = self.dtype()
        with self.whole_read():
            return numpy.frombuffer(self.read(most)[2], kind)

    @contextlib.contextmanager
    def whole_read(self):
        """After an exception the position is as before, so that no element is skipped."""
        before = self.next, self.lost, self.is_at_oldest
        try:
            yield
        except BaseException:
            self.next, self.lost, self.is_at_oldest = before
            raise

    def wait(self, seen=None, timeout=None):
        """Sleeps until an element can be read, or until the newest position differs from `seen`. @returns as Segment.wait(). After "replaced",
        read what is left, keep the position, open the name again, and seek there."""
        return super().wait(self.position if seen is None else seen, timeout)


def deadline_of(timeout):
    """The deadline by the monotonic clock."""
    if timeout is None:
        return math.inf
    try:
        seconds = float(timeout)
    except OverflowError:
        seconds = math.inf if timeout > 0 else 0.0
    if math.isnan(seconds):
        raise ValueError("a timeout of NaN is not possible; give a number of seconds, or None to wait without limit")
    return time.monotonic() + seconds


def open(name, folder=None, wait=0):
    """Opens a living owner's array. Waits for it, at most `wait` seconds; None and infinity mean no limit. While it waits for a name that
    begins with "@", and while it has it open, it wishes the mirror: see src/doc/format.md, section 19."""
    return open_as(Segment, name, folder, wait)


def open_stream(name, folder=None, wait=0):
    """Opens a living owner's stream. Waits for it as open() does."""
    return open_as(Stream, name, folder, wait)


def can_pass(failure):
    """Whether an attempt to open that failed like this can succeed later."""
    if isinstance(failure, Failure):
        return failure.code in (NOT_FOUND, BUSY, OUT_OF_MEMORY)
    return failure.errno in NO_DESCRIPTOR


def open_as(kind, name, folder, wait):
    name = encode_name(name)
    folder = folder_of(folder)
    deadline = deadline_of(wait)
    wish, watch = None, -1
    try:
        while True:
            try:
                return open_now(kind, name, folder)
            except (Failure, OSError) as failure:
                left = deadline - time.monotonic()
                if left <= 0 or not can_pass(failure):
                    raise
            if is_mirror(name) and not (wish and wish.is_linked()):
                wish = Wish(name, folder)
            if watch == -1:
                # Then try again: the segment may have appeared before there was a watch.
                watch = watch_paths((folder, GONE | IN_CREATE | IN_MOVED_TO | IN_ONLYDIR))
                left = min(left, 0.0 if watch != -1 else WITHOUT_DOORBELL)
            events = select.poll()
            if watch != -1:
                events.register(watch, select.POLLIN)
            if events.poll(math.ceil(min(left, CHECKING) * 1000)):
                watch = shut(watch)  # The path may lead to another folder by now.
    finally:
        if wish:
            wish.close()
        shut(watch)


def open_now(kind, name, folder):
    check_folder(folder)
    for _ in range(LOOKUP_TRIES):
        try:
            return kind(name, folder)
        except Moved as moved:
            reason = moved
    raise Failure(BUSY if isinstance(reason, Replaced) else CORRUPT, "%s; try again" % reason)


# --- Owning ---

def remove_other(folder, path):
    """Removes anything but a file at the path of a record: a link, a socket, an empty folder. @returns whether the path is free."""
    aside = os.path.join(folder, ".%s.new" % secrets.token_hex(16).upper())
    try:
        mode = os.lstat(path).st_mode
        if stat.S_ISREG(mode):
            return False
        if stat.S_ISDIR(mode):
            os.rmdir(path)
            return True
        os.rename(path, aside)
    except OSError as error:
        return error.errno == errno.ENOENT
    # A faster process may have put a record there.
    is_record = stat.S_ISREG(os.lstat(aside).st_mode)
    with contextlib.suppress(OSError):
        if is_record:
            give_name(aside, path)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(aside)
    return not is_record


def not_opened(path, why, remedy):
    """The exception for a path whose record cannot be opened."""
    if os.path.isdir(path) and not os.path.islink(path):
        return Failure(CORRUPT, "\"%s\" is a folder in the place of a record; remove it" % path)
    return Failure(CORRUPT, "the record \"%s\" cannot be opened (%s); %s" % (path, why, remedy))


def sweep(folder, path):
    """Removes the files of a dead owner, and anything but a file at the path, unless another process was faster."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno in NO_DESCRIPTOR:
            raise
        if not remove_other(folder, path):
            raise not_opened(path, error.strerror, "remove it") from None
        return
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            if not remove_other(folder, path):
                raise not_opened(path, "no file", "remove it")
            return
        data = os.pread(descriptor, RECORD_HEADER, 0)
        for _ in range(LOCK_TRIES):
            if has_owner(descriptor):
                return
            with holding(folder, descriptor, 1) as held:
                if held:
                    if has_owner(descriptor) or not is_linked(descriptor, path):
                        return
                    with contextlib.suppress(Failure):
                        record = Record(data + bytes(RECORD_SIZE - len(data)))
                        # Sweeping a copy of a record must not remove the original's memory and mark.
                        if file_name(record.name) == os.path.basename(path):
                            if record.backend == POSIX and re.fullmatch(rb"/ss-[^/]*", record.object_name):
                                unlink_object(record.object_name.decode("ascii", "replace"))
                            with contextlib.suppress(OSError):
                                os.unlink(mark_path(folder, record.instance))
                    os.unlink(path)
                    return
            if FLOCK:
                break
            time.sleep(0.001)
        raise Failure(BUSY, "another process holds the sweepers' lock of \"%s\" and may be stopped; try again, or continue or end that process, "
                      "which \"fuser\" of the file names" % path)
    except FileNotFoundError:
        pass
    finally:
        os.close(descriptor)


def describe_taken(path, name):
    """The exception for a taken name."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return Moved("the name was free for a moment")
    except OSError as error:
        return not_opened(path, error.strerror, "remove it")
    try:
        data = os.pread(descriptor, RECORD_SIZE, 0)
        if not has_owner(descriptor):
            os.close(descriptor)
            return Moved("its owner has just gone")
        record = Record(data)
    except UnsupportedVersion as failure:
        os.close(descriptor)
        return failure
    except (Failure, KeyError):
        os.close(descriptor)
        return Failure(CORRUPT, "the record \"%s\" of a living process is damaged; have it publish, which restores the record, or end it" % path)
    try:
        # Remove a second link to a record that also has its own path.
        place = os.path.join(os.path.dirname(path), file_name(record.name))
        if place != path and is_linked(descriptor, place) and is_linked(descriptor, path):
            os.unlink(path)
            return Moved("another link to %s was in the way" % place)
    finally:
        os.close(descriptor)
    if record.state == REPLACED:
        return Replaced("it was just replaced")
    if record.name != name:
        return Failure(TAKEN, "the record of \"%s\" lies in the place of \"%s\", and its owner, process %d, lives; choose another name, end "
                       "that process, or remove %s" % (record.name.decode("utf-8", "replace"), name.decode(), record.pid, path))
    return Failure(TAKEN, "a living owner has the name \"%s\": process %d; open it, or choose another name" % (name.decode(), record.pid))


def make_memfd(size):
    try:
        descriptor = os.memfd_create("sharedsegment", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL)
    except OSError as error:
        if error.errno != errno.EINVAL:  # before Linux 6.3
            raise
        descriptor = os.memfd_create("sharedsegment", MFD_CLOEXEC | MFD_ALLOW_SEALING)
    try:
        os.fchmod(descriptor, 0o600)
        os.ftruncate(descriptor, size)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def seal_memfd(descriptor):
    fcntl.fcntl(descriptor, F_ADD_SEALS, SEAL_SEAL | SEAL_SHRINK | SEAL_GROW | SEAL_FUTURE_WRITE)


def lacks_memfd():
    """Whether the kernel or a sandbox lacks memfd. Too little memory does not count."""
    if not hasattr(os, "memfd_create"):
        return True
    try:
        descriptor = make_memfd(4096)
        try:
            seal_memfd(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        return error.errno in NO_SUCH_CALL
    return False


def reserve_memory(descriptor, size):
    """Reserves memory, so that a full /dev/shm is an error now and not SIGBUS later."""
    if not IS_LINUX:
        os.ftruncate(descriptor, size)  # macOS accepts one size per object
        return
    try:
        os.posix_fallocate(descriptor, 0, size)
    except OSError as error:
        if error.errno not in (errno.ENOSYS, errno.EPERM, errno.EOPNOTSUPP):
            raise
        zeros = bytes(65536)  # where a sandbox forbids the call
        for start in range(0, size, len(zeros)):
            os.pwrite(descriptor, zeros[:size - start], start)


def give_name(temporary, path):
    """Renames without replacing: fails if the name is taken, unlike a plain rename."""
    try:
        os.link(temporary, path)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP):
            raise
        # A file system without links, or a sandbox.
        library = ctypes.CDLL(None, use_errno=True)
        if not hasattr(library, "renameat2"):
            raise
        at_working_folder, without_replacing = -100, 1
        if library.renameat2(at_working_folder, os.fsencode(temporary), at_working_folder, os.fsencode(path), without_replacing) == -1:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), path)


class Owner(Base):
    """A segment that this process owns, with one writer. Returned by create(); close() frees the name."""

    record = memory = mark = -1
    shared = map = words = None
    object = b""
    is_published = False

    def __init__(self, name, layout, capacity, buffers, backend, folder, kind, metadata, alter):
        element = Layout(layout)
        text = layout.encode()
        if len(text) > MAXIMUM_LAYOUT:
            raise ValueError("a layout of %d bytes is not possible; give at most 1 MiB" % len(text))
        self.name = name
        self.folder = folder
        self.capacity, self.element, self.kind = capacity, element.size, kind
        self.is_variable, self.metadata = kind == VARIABLE, object_of(metadata)
        check_metadata(self.metadata, element)
        self.bytes = capacity * element.size
        self.buffers = buffers
        self.stride = round_up(self.bytes, STRIDE_ALIGNMENT)
        self.metadata_offset, self.payload = places_of(len(text), len(metadata))
        self.size = self.payload + self.buffers * self.stride
        if self.size >= 1 << 63:
            raise ValueError("%d elements of %d bytes are more than a machine can address; give a smaller capacity" % (capacity, element.size))
        check_memory(self.size, 1 << 20)
        instance = secrets.token_bytes(16)
        digits = instance.hex().upper()
        self.object = b"/ss-" + digits[:22].encode() if backend == "posix" else b""
        self.path = os.path.join(folder, file_name(name))
        self.last = 0
        self.lock = threading.RLock()
        sweep(folder, self.path)

        temporary = os.path.join(folder, ".%s.new" % digits)
        PROCESS.add(self)
        self.is_open = True
        try:
            with blocked_signals(), memory_errors("a segment of %d bytes" % self.size):
                self.make(temporary, text, element, metadata, instance, alter)
        except FileExistsError:
            self.close()
            raise describe_taken(self.path, name) from None
        except FileNotFoundError:
            self.close()
            raise Moved("a sweeper removed the new record before it was locked") from None
        except BaseException:
            self.close()
            raise
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)

    def make(self, temporary, text, element, metadata, instance, alter):
        # Before the record: an exiting process closes its lower descriptors last, so the name is free when the mark reports the end.
        if not FLOCK:
            self.make_mark(mark_path(self.folder, instance))
        with PROCESS.lock:
            self.record = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        os.fchmod(self.record, 0o600)  # despite the umask
        if not lock_owner(self.folder, self.record):
            raise Failure(BUSY, "another process holds the sweepers' lock in \"%s\" and may be stopped; try again, or continue or end that process" % self.folder)
        backend, descriptor = POSIX, -1
        if not self.object:
            with PROCESS.lock:
                self.memory = make_memfd(self.size)
            backend, descriptor = MEMFD, self.memory
        # The record names the object before it exists: if the process is killed from here on, a sweep finds everything.
        # Write all bytes: on a full file system, a page without memory behind it would end in SIGBUS.
        content = pack_fields("record", RECORD_SIZE, {
            "magic": FORMAT_TEXTS["record", "magic"], "format version": VERSION, "backend": backend, "instance id": instance,
            "process id of the owner": os.getpid(), "descriptor": descriptor, "segment size": self.size, "bytes of the name": len(self.name),
            "name": self.name, "object": self.object, "kind": self.kind, "mark": MARK})
        if os.pwrite(self.record, content, 0) != RECORD_SIZE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), temporary)
        if self.object:
            with PROCESS.lock:
                self.memory = open_object(self.object.decode(), os.O_RDWR | os.O_CREAT | os.O_EXCL)
            os.fchmod(self.memory, 0o600)
            reserve_memory(self.memory, self.size)
        self.map = mmap.mmap(self.memory, self.size, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE)
        self.map[:MEMORY_HEADER] = pack_fields("memory", MEMORY_HEADER, {
            "magic": FORMAT_TEXTS["memory", "magic"], "format version": VERSION, "payload offset": self.payload,
            "segment size in bytes": self.size, "capacity": self.capacity, "element size in bytes": element.size,
            "element alignment": element.alignment, "layout text offset": MEMORY_HEADER, "layout text bytes": len(text),
            "fingerprint": fnv1a(text, 64), "buffer count": self.buffers, "buffer stride in bytes": self.stride,
            "process id of the owner": os.getpid(), "instance id": instance, "created": time.time_ns(), "kind": self.kind,
            "metadata offset": self.metadata_offset, "metadata bytes": len(metadata)})
        self.map[MEMORY_HEADER:MEMORY_HEADER + len(text)] = text
        self.map[self.metadata_offset:self.metadata_offset + len(metadata)] = metadata
        self.words = memoryview(self.map)[:MEMORY_HEADER].cast("Q")
        self.words[entry_of(0) + COUNT] = self.capacity if self.kind == FIXED else 0
        for part, offset, data in alter:
            if part == "record":
                os.pwrite(self.record, data, offset)
            else:
                self.map[offset:offset + len(data)] = data
        if not self.object:
            seal_memfd(self.memory)
        self.shared = SharedRecord(temporary, self.folder, instance, self.record)
        self.shared.header = content[:RECORD_HEADER]
        self.shared.take_reserve()
        give_name(temporary, self.path)
        self.is_published = True

    def make_mark(self, path):
        """Makes the owner's mark. If the folder does not support FIFOs, readers watch the process instead."""
        self.mark_path = path
        for _ in range(4):
            try:
                os.mkfifo(path, 0o600)
                os.chmod(path, 0o600)  # despite the umask
                with PROCESS.lock:
                    self.mark = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW)
                return
            except FileNotFoundError:
                continue  # swept before it was open
            except OSError:
                return

    def __reduce__(self):
        raise TypeError("an owner cannot be handed to another process; open the segment there by its name")

    def drop(self):
        """In a child: closes the copies of the descriptors that keep the name."""
        forget(self, "record", "memory", "mark")
        if self.shared:
            forget(self.shared, "reserve")

    @property
    def revision(self):
        return self.words[REVISION] if self.is_open else self.last

    def publish(self, data):
        """Publishes the next revision: all its bytes, of a variable count those of any number of elements up to the capacity. @returns its
        number."""
        self.check_writer()
        if self.kind == STREAM:
            raise ValueError("\"%s\" is a stream, which has no revision to replace; use append()" % self.name.decode())
        with memoryview(data).cast("B") as given, self.lock:
            size = len(given)
            if self.is_variable and size > self.bytes:
                raise ValueError("a revision has at most %d bytes, not %d; publish fewer elements" % (self.bytes, size))
            if not self.is_variable and size != self.bytes:
                raise ValueError("a revision has %d bytes, not %d; publish all of it" % (self.bytes, size))
            self.check_whole(size, "publish")
            self.check_writer()
            new = self.words[REVISION] + 1
            buffer = new % self.buffers
            entry = entry_of(buffer)
            start = self.payload + buffer * self.stride
            self.words[entry] = 2 * new - 1
            fence()
            self.map[start:start + size] = given
            self.words[entry + TIMESTAMP] = time.time_ns()
            self.words[entry + COUNT] = size // self.element
            self.words[entry + SOURCE_TIMESTAMP] = 0
            fence()
            self.words[entry] = 2 * new
            fence()
            self.words[REVISION] = new
            self.notify()
            return new

    def append(self, data):
        """Appends elements to a stream: all in `data`, with one timestamp and one notification. More than the capacity go in pieces of at most
        a quarter of it, each with its own. Never waits for readers. @returns the new position: the number of elements appended so far."""
        self.check_writer()
        if self.kind != STREAM:
            raise ValueError("\"%s\" is an array, to which nothing can be appended; use publish()" % self.name.decode())
        with memoryview(data).cast("B") as given, self.lock:
            self.check_whole(len(given), "append")
            self.check_writer()
            elements = RingBuffer(self.map, self.words, self.payload, self.capacity, self.element)
            most = len(given) if len(given) <= self.bytes else max(self.capacity // 4, 1) * self.element
            for at in range(0, len(given), most or 1):
                elements.append(given[at:at + most])
                self.notify()
            return self.words[REVISION]

    def check_writer(self):
        self.check("owner of", "cannot write to it; create it after the fork, or open it again to read it")

    def check_whole(self, size, verb):
        if size % self.element:
            raise ValueError("elements have %d bytes each, and %d are not a whole number of them; %s the last one whole" % (
                self.element, size, verb))

    def notify(self):
        if not self.shared.notify((ARMED,)):
            raise Failure(CORRUPT, "the record \"%s\" was damaged and cannot be restored; create the segment again" % self.path)

    def close(self):
        if not self.is_open:
            return
        if not PROCESS.has(self):
            self.is_open = False
            self.drop()
            self.release()
            return
        with self.lock:
            self.is_open = False
            self.last = self.words[REVISION] if self.words else 0
            with contextlib.suppress(OSError), blocked_signals():
                if self.is_published:
                    os.pwrite(self.record, struct.pack("<I", CLOSED), STATE)
            # Unlink the memory first: if the process is killed in between, a sweep finds the record.
            if self.object and self.memory != -1:
                unlink_object(self.object.decode())
            if self.is_published:
                if is_linked(self.record, self.path):
                    with contextlib.suppress(FileNotFoundError):
                        os.unlink(self.path)
                unlock_owner(self.record)
            if self.mark != -1:
                if is_linked(self.mark, self.mark_path):
                    os.unlink(self.mark_path)
                forget(self, "mark")
            if self.is_published:
                self.shared.notify((LISTENING, ARMED))
            self.drop()
            self.release()

    def release(self):
        if self.shared:
            self.shared.close()
        if self.words is not None:
            self.words.release()
        if self.map is not None:
            self.map.close()
        self.shared = self.words = self.map = None


def whole_number(what, given):
    try:
        return operator.index(given)
    except TypeError:
        raise wrong_type(what, given, "a whole number") from None


def create(name, layout, capacity=1, buffers=None, backend=None, folder=None, variable=False, metadata=None, alter=(), stream=False):
    """Takes the name and creates a segment. `layout` is canonical: "f64", "Point{x:f64@0;y:f64@8}/16". Each revision has `capacity` elements,
    the first one zeros; if `variable`, each revision has any number of elements up to the capacity, the first one none. If `stream`, it keeps
    the newest `capacity` elements that were appended. `buffers` is 1 to 16, by default 4, and 1 for a stream. `backend` is one of BACKENDS, by
    default the first available one. `metadata` is a dictionary that says what the values mean; src/doc/format.md lists the keys that the
    library knows. A field that the layout does not have, and a value of another type for one of these keys, is a ValueError.

    `alter` is for tests: (part, offset, bytes) to overwrite before publication.
    """
    name = encode_name(name)
    if is_mirror(name):
        raise ValueError("\"%s\" begins with \"@\", as only names of mirrors of other hosts do; choose another name" % name.decode())
    if not isinstance(layout, str):
        raise wrong_type("the layout", layout, "str, such as \"f64\" or \"Point{x:f64@0;y:f64@8}/16\"")
    if variable and stream:
        raise ValueError("a segment is an array of variable count or a stream; give one of the two")
    kind = STREAM if stream else VARIABLE if variable else FIXED
    capacity = whole_number("capacity", capacity)
    buffers = (1 if stream else 4) if buffers is None else whole_number("buffers", buffers)
    if capacity < 1:
        raise ValueError("a segment of %d elements is not possible; give a capacity of at least 1" % capacity)
    if not 1 <= buffers <= MAXIMUM_BUFFERS:
        raise ValueError("%d buffers are not possible; give 1 to %d" % (buffers, MAXIMUM_BUFFERS))
    if stream and buffers != 1:
        raise ValueError("a stream of %d buffers is not possible; give 1" % buffers)
    if backend not in (None, *BACKENDS):
        raise ValueError("this system lacks the backend %r; use None, which selects an available one" % (backend,))
    text = text_of(metadata)
    backend = backend or ("posix" if FLOCK or lacks_memfd() else "memfd")
    folder = folder_of(folder)
    make_folder(folder)
    for _ in range(CREATE_TRIES):
        try:
            return Owner(name, layout, capacity, buffers, backend, folder, kind, text, alter)
        except Moved as moved:
            reason = moved
    raise Failure(BUSY, "%s; try again" % reason)
