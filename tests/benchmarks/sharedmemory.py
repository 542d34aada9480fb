# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""multiprocessing.shared_memory as a peer, with commands as lines on standard input.

    create PREFIX SIZE COUNT    makes COUNT, one after the other
    open NAME COUNT             opens what another process holds

The answer to each is the processor time of one, in ns, or `failed`.
"""

import sys
import time
from multiprocessing import resource_tracker, shared_memory


def create(prefix, size, count):
    total = 0
    for i in range(int(count)):
        begin = time.thread_time_ns()
        memory = shared_memory.SharedMemory(f"{prefix}.{i}", create=True, size=int(size))
        total += time.thread_time_ns() - begin
        memory.close()
        memory.unlink()
    return total / int(count)


def attach(name, count):
    total = 0
    for _ in range(int(count)):
        begin = time.thread_time_ns()
        memory = shared_memory.SharedMemory(name)
        total += time.thread_time_ns() - begin
        memory.close()
        # Else it would be removed with this process, as if it were its own.
        resource_tracker.unregister(memory._name, "shared_memory")
    return total / int(count)


COMMANDS = {"create": create, "open": attach}

print("ready", flush=True)
for line in sys.stdin:
    command, *arguments = line.split()
    try:
        print(COMMANDS[command](*arguments), flush=True)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        print("failed", flush=True)
