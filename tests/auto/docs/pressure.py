# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""The Python of src/doc/external-memory.md, word for word; holds the memory until its standard input ends."""

import sys
from multiprocessing import shared_memory

memory = shared_memory.SharedMemory(name="pressure", create=True, size=4096 * 8)
values = memory.buf.cast("d")  # or numpy.ndarray(4096, buffer=memory.buf)

values[4095] = 1013.25
print("ready", flush=True)
sys.stdin.read()
values.release()
memory.close()
memory.unlink()
