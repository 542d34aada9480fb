#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
#
# Whether words.py finds what it is to find, and nothing else.
#
#     words_selftest.sh PYTHON
set -euo pipefail

python=${1:?the Python to run it with}
script=$(dirname "$(realpath "$0")")/words.py
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
failures=0

# expect good|bad FILE LINE
expect()
{
    local found=good
    mkdir -p "$(dirname "$root/$2")"
    printf '%s\n' "$3" > "$root/$2"
    "$python" "$script" "$root" > /dev/null || found=bad
    rm "$root/$2"
    [ "$found" = "$1" ] || { echo "FAIL: taken for $found: $2: $3"; failures=$((failures + 1)); }
}

# The same for a source.
source_is()
{
    expect "$1" src/core/sample.cpp "$2"
}

source_is good '// Publishes an update; the owner polls with back-off and looks up the name.'
source_is good 'QString text = u"errorString"_s; const bool timestamp = recommends(lookup, doorbells);'
source_is good 'constexpr std::string_view Suffix = ".bell"; // a broadcast ring buffer'
source_is good 'QML_FOREIGN(SharedSegment)'
source_is good 'std::numeric_limits<double>::quiet_NaN();'
source_is good '// It has not changed, has not been read, and there is no room for the rest.'
source_is good 'return Error{ErrorCode::NotFound, "nobody owns it, or it was asked for as often; try again"};'
source_is good '// A user who owns the folder.'
source_is bad '// Publishes the news.'
source_is bad 'void hearNews();'
source_is bad 'm_hasNews = true;'
source_is bad 'int frame_count = 2;'
source_is bad 'const int LOOK_AGAIN = 50;'
source_is bad '// It looks again in a moment.'
source_is bad '// It is looked at.'
source_is bad '// The next publication rings the bell.'
source_is bad 'lookInVain();'
source_is bad 'return Error{ErrorCode::NotFound, "this memory has no frames; give another"};'
source_is bad '// Nobody waits for it.'
source_is bad '// The process who waits for it.'
source_is bad '// A memory that this system has not.'
source_is bad '// What was asked for.'
source_is bad '/* Whoever holds the lock. */'
expect bad src/core/sample.py '"""Whether somebody holds it."""'
expect bad src/core/look_again.cpp '// a'
expect good src/core/pollbackoff.cpp '// a'
expect bad src/core/segmentNews.cpp '// a'
expect good qml/sample.h '// Once a frame.'
expect bad src/doc/sample.md 'The memory has two frames.'
expect good src/doc/sample.md 'For people who know Qt; nobody else needs it.'
expect bad src/doc/sample.md 'Whoever opens it.'
expect good examples/05-widgets/rooms.h 'struct Room'
expect good CHANGELOG.md 'The news.'
# A run that finds no file has checked nothing.
if "$python" "$script" "$root" > /dev/null; then
    echo "FAIL: a tree without files was accepted"
    failures=$((failures + 1))
fi
exit $((failures > 0))
