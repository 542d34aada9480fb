#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
#
# Shows with small artificial trees that structure.py finds each violation, and none in a tree that keeps the rules.
#
#     structure_selftest.sh PYTHON
set -euo pipefail

python=${1:?the Python to run it with}
script=$(dirname "$(realpath "$0")")/structure.py
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
root=$top/tree
long=$top/long
failures=0

lines()
{
    seq -f '// %.0f' "$1"
}

# A tree that keeps every rule.
make_tree()
{
    rm -rf "$root"
    mkdir -p "$root"/{src/{os,engine,core},qml,examples,tests}
    cd "$root"
    echo '#include "backend.h"' >src/os/memory.cpp
    echo '#include "memory.h"' >>src/os/memory.cpp
    echo '#include "location.h"' | tee src/os/memory.h >src/os/backend.h
    : >src/os/location.h
    echo '#include "../os/memory.h"' >src/engine/segment.h
    # A class and its private header are one.
    echo '#include "segment_p.h"' >src/core/segment.cpp
    echo '#include "segment.h"' >src/core/segment_p.h
    : >src/core/segment.h
    lines 400 >qml/model.cpp
    lines 600 >tests/tst_model.cpp
    lines 5000 >src/guide.md
    echo '# path: comment' >"$long"
}

# expect WHAT REGULAR_EXPRESSION: the tree has this one violation.
expect()
{
    local output
    if output=$("$python" "$script" "$root" "$long" 2>&1); then
        echo "FAIL: passes although $1"
        failures=$((failures + 1))
    elif ! grep -qE "$2" <<<"$output" || ! grep -q ', 1 violations$' <<<"$output"; then
        echo "FAIL: $1: expected \"$2\" alone, got:"
        echo "$output"
        failures=$((failures + 1))
    fi
    make_tree
}

expect_clean()
{
    local output
    if ! output=$("$python" "$script" "$root" "$long" 2>&1); then
        echo "FAIL: $1: reports without a reason:"
        echo "$output"
        failures=$((failures + 1))
    fi
    make_tree
}

make_tree
expect_clean 'the tree keeps the rules'
mkdir build && lines 5000 >src/core/lines && mkdir -p src/core/build && lines 5000 >src/core/build/moc.cpp
expect_clean 'what a build made is long'

echo '#include "memory.h"' >>src/os/location.h
expect 'headers include each other' '^src/os/backend.h: include cycle: backend -> location -> memory -> backend$'
echo '#include "memory.h"' >>src/os/backend.h
expect 'a class includes a header that needs the class' '^src/os/backend.h: include cycle: backend -> memory -> backend$'
echo '#include "b.h"' >qml/a_p.h
echo '  #  include "c.h"' >qml/b.cpp
: >qml/b.h
echo '#include "../qml/a.h"' >qml/c.h
: >qml/a.h
expect 'three classes need each other' '^qml/a_p.h: include cycle: a -> b -> c -> a$'
echo '#include "../engine/segment.h"' >src/engine/other.h
expect_clean 'a path leads through the folder above'

printf '#include <memory>\n#include <vector>\n#include <memory>\n' >src/os/twice.cpp
expect 'a header is included twice' '^src/os/twice.cpp: includes memory twice$'
printf '#ifdef X\n#include <memory>\n#else\n#include <memory>\n#endif\n' >src/os/twice.cpp
expect_clean 'a header is included in each branch'

lines 401 >qml/model.cpp
expect 'a source has a line too much' '^qml/model.cpp: 401 lines, at most 400'
lines 401 >examples/main.qml
expect 'an example is long' '^examples/main.qml: 401 lines, at most 400'
lines 601 >tests/tst_model.cpp
expect 'a test is long' '^tests/tst_model.cpp: 601 lines, at most 600'
lines 1000 >src/core/binding.py
echo 'src/core/binding.py: one file: to be copied' >>"$long"
expect_clean 'there is a reason for a long file'
lines 1000 >src/core/binding.py
echo 'src/core/binding.py' >>"$long"
expect 'a long file is named without a reason' '^src/core/binding.py: 1000 lines'
echo 'src/core/binding.py: to be copied' >>"$long"
lines 10 >src/core/binding.py
expect 'a reason is not needed any more' '^src/core/binding.py: is not so long any more'
echo 'src/core/gone.py: to be copied' >>"$long"
expect 'a reason is for a file that does not exist' '^src/core/gone.py: is not so long any more'

# A run that finds no file has checked nothing.
cd "$top"
rm -rf "$root" && mkdir "$root"
if "$python" "$script" "$root" "$long" >/dev/null; then
    echo 'FAIL: a tree without files was accepted'
    failures=$((failures + 1))
fi

[ "$failures" -eq 0 ] || { echo "$failures failures"; exit 1; }
echo 'All rules hold.'
