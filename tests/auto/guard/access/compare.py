#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""Compiles loops.cpp and compares, in each pair of functions, the instructions of the loops.

    compare.py SOURCE OBJECT COMPILER [OPTION...]

The code before and after a loop may differ: the place and the number of the elements are read once there. Within the loop the
instructions have to be the same, in the same order; only the compiler decides which registers they use.
"""

import re
import subprocess
import sys

# The names of a register's parts, by their width in bits.
PARTS = {}
for number, letter in enumerate("abcd"):
    PARTS |= {f"r{letter}x": (number, 64), f"e{letter}x": (number, 32), f"{letter}x": (number, 16), f"{letter}l": (number, 8)}
for number, name in enumerate(("si", "di", "bp", "sp"), 4):
    PARTS |= {f"r{name}": (number, 64), f"e{name}": (number, 32), name: (number, 16), f"{name}l": (number, 8)}
for number in range(8, 16):
    PARTS |= {f"r{number}": (number, 64), f"r{number}d": (number, 32), f"r{number}w": (number, 16), f"r{number}b": (number, 8)}
for number in range(16):
    PARTS |= {f"xmm{number}": (100 + number, 128)}
REGISTER = re.compile(r"\b(" + "|".join(sorted(PARTS, key=len, reverse=True)) + r")\b")


def functions_of(path):
    """Names of functions, each with the list of its (address, instruction)."""
    text = subprocess.run(["objdump", "--disassemble", "--no-show-raw-insn", "-M", "intel", path], capture_output=True,
                          text=True, check=True).stdout
    functions = {}
    for line in text.splitlines():
        if match := re.match(r"[0-9a-f]+ <(\w+)>:", line):
            functions[match[1]] = current = []
        elif match := re.match(r"\s*([0-9a-f]+):\s+(.+)", line):
            instruction = re.sub(r"\s+", " ", match[2].split("#")[0]).strip()
            if not re.match(r"(data16 |cs )*nop|xchg ax,ax", instruction):
                current.append((int(match[1], 16), instruction))
    return functions


def loops_of(instructions):
    """The code between a jump back and its target. Code that ends or jumps elsewhere in between is not a loop: compilers put such code
    behind a loop, from where it jumps back to the loop's own beginnings."""
    loops = []
    for end, instruction in instructions:
        match = re.match(r"j\w+ ([0-9a-f]+)\b", instruction)
        if match and int(match[1], 16) <= end:
            body = [(at, text) for at, text in instructions if int(match[1], 16) <= at <= end]
            if not any(text.startswith(("ret", "jmp")) for _, text in body):
                loops.append(normalised(body))
    return loops


def normalised(body):
    """The instructions with registers named in the order of their appearance."""
    names = {}
    places = {address: number for number, (address, _) in enumerate(body)}

    def rename(match):
        register, bits = PARTS[match[1]]
        return f"r{names.setdefault(register, len(names))}:{bits}"

    def age(operand):
        return names.get(PARTS[operand][0], len(names))

    lines = []
    for number, (_, instruction) in enumerate(body):
        if match := re.match(r"(j\w+) ([0-9a-f]+)", instruction):
            lines.append(f"{match[1]} {places.get(int(match[2], 16), 'out')}")
            continue
        # A distance of zero is written or left out.
        instruction = instruction.replace("+0x0]", "]")
        # It makes no difference whether a count to zero comes from above or from below.
        if re.match(r"(inc|dec) \w+$", instruction) and body[number + 1][1].startswith("jne "):
            instruction = "count" + instruction[3:]
        # It makes no difference which of two operands is compared with the other.
        match = re.fullmatch(r"cmp (\w+),(\w+)", instruction)
        if match and match[1] in PARTS and match[2] in PARTS and re.match("jn?e ", body[number + 1][1]):
            instruction = "cmp " + ",".join(sorted(match.groups(), key=age))
        lines.append(REGISTER.sub(rename, instruction))
    return lines


def main():
    source, path, *command = sys.argv[1:]
    subprocess.run(command + ["-O2", "-c", source, "-o", path], check=True)
    functions = functions_of(path)
    pairs = [name.removesuffix("_ours") for name in functions if name.endswith("_ours")]
    different = 0
    for name in pairs:
        ours = loops_of(functions[name + "_ours"])
        bare = loops_of(functions[name + "_bare"])
        if not bare:
            print(f"{name}: no loop in what it is compared with")
            different += 1
        elif ours == bare:
            print(f"{name}: the same, " + " and ".join(f"{len(loop)} instructions" for loop in bare))
        else:
            print(f"{name}: DIFFERENT", "  through SharedArray:", *(f"    {line}" for loop in ours for line in loop),
                  "  over a bare pointer:", *(f"    {line}" for loop in bare for line in loop), sep="\n")
            different += 1
    if different:
        print(f"{different} of {len(pairs)} differ. The whole: objdump --disassemble -M intel {path}")
    return 1 if different or not pairs else 0


if __name__ == "__main__":
    sys.exit(main())
