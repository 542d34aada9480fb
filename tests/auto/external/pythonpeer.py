# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""Owns memory that Python made. Executes commands, a line each on standard input; answers each with a line.

    create NAME BYTES       multiprocessing.shared_memory; answers with the name that the system has for it
    memfd BYTES             answers with the descriptor's number
    set FORMAT OFFSET VALUE ...
    get FORMAT OFFSET       formats are those of struct
    truncate BYTES
    seal                    against writing
    unlink
"""

import fcntl
import mmap
import os
import struct
import sys
from multiprocessing import shared_memory

F_SEAL_WRITE = 8  # linux/fcntl.h

memory = None
buffer = None
descriptor = -1


def create(name, size):
    global memory, buffer, descriptor
    memory = shared_memory.SharedMemory(name=name, create=True, size=int(size))
    buffer = memory.buf
    descriptor = memory._fd
    return memory._name


def memfd(size):
    global buffer, descriptor
    descriptor = os.memfd_create("python", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(descriptor, int(size))
    buffer = mmap.mmap(descriptor, int(size))
    return descriptor


def write(code, offset, *values):
    numbers = [float(value) if code[-1] in "df" else int(value) for value in values]
    struct.pack_into(f"={len(numbers)}{code}", buffer, int(offset), *numbers)
    return "ok"


def read(code, offset):
    return struct.unpack_from("=" + code, buffer, int(offset))[0]


def truncate(size):
    os.ftruncate(descriptor, int(size))
    return "ok"


def seal():
    buffer.close()  # a writable mapping keeps the seal off
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, F_SEAL_WRITE)
    return "ok"


def unlink():
    global memory
    memory.unlink()
    memory = None
    return "ok"


COMMANDS = {"create": create, "memfd": memfd, "set": write, "get": read, "truncate": truncate, "seal": seal, "unlink": unlink}

print("ready", flush=True)
for line in sys.stdin:
    command, *arguments = line.split()
    print(COMMANDS[command](*arguments), flush=True)
if memory:
    memory.unlink()
