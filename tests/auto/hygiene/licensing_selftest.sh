#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
#
# Shows with small artificial trees that licensing.py finds each violation, and none in a tree that keeps the rules.
#
#     licensing_selftest.sh PYTHON
set -euo pipefail

python=${1:?the Python to run it with}
script=$(dirname "$(realpath "$0")")/licensing.py
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
root=$top/tree
failures=0

# The two lines of a header, which are not those of this file.
copyright='SPDX-FileCopyright'Text
licence='SPDX-License-'Identifier

# header PREFIX [LICENCE [SUFFIX]]
header()
{
    printf '%s\n' "$1 $copyright: 2026 Authors${3:-}" "$1 $licence: ${2:-MIT}${3:-}"
}

# A tree that keeps every rule.
make_tree()
{
    cd "$top"
    rm -rf "$root"
    mkdir -p "$root"/{LICENSES,src/doc,qml,examples/one,tests}
    echo 'Permission is granted.' >"$root/LICENSES/MIT.txt"
    header '#' >"$root/CMakeLists.txt"
    { header '<!--' MIT ' -->'; echo '# Title'; } >"$root/README.md"
    { echo '#!/bin/sh'; header '#'; } >"$root/tests/run"
    header '//' >"$root/src/code.cpp"
    echo '{}' >"$root/CMakePresets.json"
    echo 'PNG' >"$root/examples/one/picture.png"
    {
        echo 'version = 1'
        echo '[[annotations]]'
        echo 'path = ["CMakePresets.json", "examples/**/*.png"]'
        echo "$copyright = \"2026 Authors\""
        echo "$licence = \"MIT\""
    } >"$root/REUSE.toml"
    cd "$root"
}

# expect WHAT REGULAR_EXPRESSION: the tree has this one violation.
expect()
{
    local output
    if output=$("$python" "$script" "$root" 2>&1); then
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
    if ! output=$("$python" "$script" "$root" 2>&1); then
        echo "FAIL: $1: reports without a reason:"
        echo "$output"
        failures=$((failures + 1))
    fi
    make_tree
}

make_tree
expect_clean 'the tree keeps the rules'
: >src/empty.h
expect_clean 'a file is empty'
{ header '/*' MIT ' */'; } >src/code.c
expect_clean 'a header is a comment of C'
git -C "$root" init -q && git -C "$root" add . && echo 'junk' >src/code.o && { header '#'; echo '*.o'; } >.gitignore
expect_clean 'git ignores a file'

echo "// $copyright: 2026 Authors" >src/code.cpp
expect 'a file has no licence' '^src/code.cpp: no licence'
echo "// $licence: MIT" >src/code.cpp
expect 'a file has no copyright' '^src/code.cpp: no copyright'
{ printf '\n%.0s' {1..20}; header '//'; } >src/code.cpp
sed -i "/$licence/d" src/code.cpp
echo "// $licence: MIT" | cat - src/code.cpp >code && mv code src/code.cpp
expect 'the copyright is far below' '^src/code.cpp: no copyright'
{ header '//'; printf '\n%.0s' {1..20}; echo "write(\"$licence: MIT\");"; } >src/code.cpp
expect 'a line has the tag of a licence' '^src/code.cpp: has the tag of a licence below its header'
header '//' GPL-3.0-only >src/code.cpp
expect 'a licence has no text' '^LICENSES/GPL-3.0-only.txt: is missing'
echo 'Text' >LICENSES/GPL-3.0-only.txt
expect 'a text belongs to no licence in use' '^LICENSES/GPL-3.0-only.txt: no file uses it'
rm examples/one/picture.png
expect 'a path leads to nothing' '^REUSE.toml: examples/\*\*/\*.png leads to no file'
{ header '#'; } >examples/one/picture.png
expect 'a file says it twice' '^examples/one/picture.png: has a header and stands in REUSE.toml'
mkdir -p examples/one/CMakePresets.json.d && cp src/code.cpp examples/one/CMakePresets.json.d/code.cpp
expect_clean 'a path continues after what REUSE.toml names'
header '#' >stray.txt
expect 'a file lies at the top' '^stray.txt: does not belong to the top level'
mkdir tools && header '#' >tools/run
expect 'a folder lies at the top' '^tools: does not belong to the top level'

# A run that finds no file has checked nothing.
cd "$top"
rm -rf "$root" && mkdir "$root"
if "$python" "$script" "$root" >/dev/null; then
    echo 'FAIL: a tree without files was accepted'
    failures=$((failures + 1))
fi

[ "$failures" -eq 0 ] || { echo "$failures failures"; exit 1; }
echo 'All rules hold.'
