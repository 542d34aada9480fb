#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
#
# Shows with small artificial trees that arrows.sh finds each violation, and none in a tree that keeps the rules.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
failures=0

# A tree that keeps every rule.
make_tree()
{
    rm -rf "$top/tree"
    mkdir -p "$top"/tree/src/{os,engine,native,core,tool} "$top/tree/qml"
    cd "$top/tree"
    printf '%s\n' '#include "memory.h"' '#include <sys/mman.h>' '#ifdef __linux__' '#endif' >src/os/memory.cpp
    printf '%s\n' '#pragma once' '#include <cstdint>' >src/os/memory.h
    printf '%s\n' '#include "../os/memory.h"' '#include <string_view>' >src/engine/layout.h
    printf '%s\n' 'add_library(Os memory.cpp)' >src/os/CMakeLists.txt
    printf '%s\n' '#include "../engine/layout.h"' '#include <vector>' >src/native/producer.h
    printf '%s\n' '#include "../engine/layout.h"' '#include <QtCore/QString>' '#ifndef NDEBUG' '#endif' >src/core/sharedlayout.h
    printf '%s\n' '#include <SharedSegment/SharedLayout>' '#include <QCoreApplication>' >src/tool/main.cpp
    printf '%s\n' '#include "sharedlayout.h"' '#include <QtQml/qqmlregistration.h>' >qml/model.h
}

expect_clean()
{
    local output
    if ! output=$(bash "$here/arrows.sh" "$top/tree" 2>&1); then
        echo "FAIL: $1: reports without a reason:"
        echo "$output"
        failures=$((failures + 1))
    fi
}

# expect RULE FILE LINE...: with the lines added to the file, the check fails and names the file and the rule.
expect()
{
    local rule=$1 file=$2 output
    shift 2
    make_tree
    printf '%s\n' "$@" >>"$file"
    if output=$(bash "$here/arrows.sh" "$top/tree" 2>&1); then
        echo "FAIL: passes although $file holds: $*"
        failures=$((failures + 1))
    elif ! grep -qE "^$file:[0-9]+: $rule" <<<"$output"; then
        echo "FAIL: $file holds: $*; expected \"$rule\", got:"
        echo "$output"
        failures=$((failures + 1))
    elif [ "$(grep -cE ':[0-9]+: ' <<<"$output")" -ne 1 ]; then
        echo "FAIL: more than one report about $file: $*:"
        echo "$output"
        failures=$((failures + 1))
    fi
}

make_tree
expect_clean "a tree that keeps the rules"
printf '%s\n' '// #include <unistd.h> would be wrong' '#include <algorithm>' >>src/engine/layout.h
expect_clean "an include in a comment"

expect 'src/os must not know src/engine' src/os/memory.cpp '#include "../engine/layout.h"'
expect 'src/os must not know src/engine' src/os/memory.cpp '#include "layout.h"'
expect 'src/os must not know src/core' src/os/memory.h '#include <SharedSegment/SharedLayout>'
expect 'src/engine must not know src/core' src/engine/layout.h '#  include "../core/sharedlayout.h"'
expect 'src/engine must not know src/core' src/engine/layout.h '#include <sharedlayout.h>'
expect 'src/core must not know src/native' src/core/sharedlayout.h '#include <SharedSegment/Producer>'
expect 'src/native must not know src/core' src/native/producer.h '#include "../core/sharedlayout.h"'
expect 'Qt in a layer without Qt' src/native/producer.h '#include <QtCore/QString>'
expect 'src/core must not know qml' src/core/sharedlayout.h '#include "../../qml/model.h"'
expect 'src/core must not know qml' src/core/sharedlayout.h '#include "model.h"'
expect 'qml must not know src/tool' qml/model.h '#include "../src/tool/main.cpp"'
expect 'src/tool must not know qml' src/tool/main.cpp '#include "model.h"'

for header in sys/mman.h fcntl.h unistd.h pthread.h windows.h signal.h errno.h poll.h linux/memfd.h mach/mach.h immintrin.h; do
    expect 'system header outside src/os' src/engine/layout.h "#include <$header>"
done
expect 'system header outside src/os' src/core/sharedlayout.h '#include <unistd.h>'
expect 'system header outside src/os' qml/model.h '#include <time.h>'
expect 'system header outside src/os' src/tool/main.cpp '#include <sys/types.h>'

for condition in '#ifdef _WIN32' '#ifndef __APPLE__' '#if defined(Q_OS_LINUX) && 1' '#elif __FreeBSD__' '# if defined __linux__' '#ifdef __unix__'; do
    expect 'platform condition outside src/os' src/core/sharedlayout.h "$condition"
done
expect 'platform condition outside src/os' qml/model.h '#ifdef Q_OS_WIN'
expect '__has_include outside src/os' src/engine/layout.h '#if __has_include(<unistd.h>)'

expect 'Qt in a layer without Qt' src/os/memory.h '#include <QtCore/QString>'
expect 'Qt in a layer without Qt' src/engine/layout.h '#include <QString>'
expect 'Qt in a layer without Qt' src/engine/layout.h '#include <qglobal.h>'
expect 'Qt in a layer without Qt' src/os/CMakeLists.txt 'target_link_libraries(Os PRIVATE Qt6::Core)'
expect 'private header of Qt' src/core/sharedlayout.h '#include <QtCore/private/qobject_p.h>'
expect 'private header of Qt' src/core/sharedlayout.h '#include <private/qobject_p.h>'

make_tree
rm -rf src/engine
if bash "$here/arrows.sh" "$top/tree" >/dev/null 2>&1; then
    echo "FAIL: passes although a layer is missing"
    failures=$((failures + 1))
fi

[ "$failures" -eq 0 ] || { echo "$failures failures"; exit 1; }
echo "All rules hold."
