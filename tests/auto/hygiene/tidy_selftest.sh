#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
#
# Shows with a small artificial tree that tidy.py finds what clang-tidy finds, and names its place.
#
#     tidy_selftest.sh PYTHON ROOT CLANG_TIDY
set -euo pipefail

python=${1:?the Python to run it with}
root=$(realpath "${2:?the root of the source tree}")
clang_tidy=${3:?the program clang-tidy}
script=$(dirname "$(realpath "$0")")/tidy.py
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failures=0

mkdir -p "$tree"/{src/core,build,tests}
cp "$root/.clang-tidy" "$tree"
cat >"$tree/build/compile_commands.json" <<END
[
{ "file": "$tree/src/core/first.cpp", "command": "c++ -std=c++20 -Wno-unknown-to-clang -o first.o -c $tree/src/core/first.cpp" },
{ "file": "$tree/src/core/second.cpp", "command": "c++ -std=c++20 -Wno-unknown-to-clang -o second.o -c $tree/src/core/second.cpp" },
{ "file": "$tree/tests/test.cpp", "command": "c++ -std=c++20 -o test.o -c $tree/tests/test.cpp" }
]
END
printf '#include <string>\nbool isFirst(const std::string &text) { return text.empty(); }\n' >"$tree/src/core/first.cpp"
printf '#include <string>\n\nint second(int number) { return number; }\n' >"$tree/src/core/second.cpp"
echo 'bool isEmpty(const char *text) { return text == 0; }' >"$tree/tests/test.cpp"

# expect CODE PATTERN OPTION...: the end of a run, and what it prints.
expect()
{
    local code=0 output
    output=$("$python" "$script" "$tree" "$tree/build" "$clang_tidy" "${@:3}" 2>&1) || code=$?
    if [ "$code" -ne "$1" ] || ! grep -qE "$2" <<<"$output"; then
        echo "FAIL: expected $1 and \"$2\", got $code and:"
        echo "$output"
        failures=$((failures + 1))
    fi
}

expect 0 '^2 files checked$'
expect 0 '^2 files checked$' --analyzer
echo 'bool isSecond(const std::string &text) { return text.size() == 0; }' >>"$tree/src/core/second.cpp"
expect 1 '/src/core/second.cpp:4:[0-9]+: error: .*\[readability-container-size-empty'
expect 1 '/src/core/second.cpp:4:[0-9]+: error: .*\[readability-container-size-empty' --analyzer
printf 'int second(int number)\n{\n    int *place = nullptr;\n    return number + *place;\n}\n' >"$tree/src/core/second.cpp"
expect 0 '^2 files checked$'
expect 1 '/src/core/second.cpp:4:[0-9]+: error: .*\[clang-analyzer-core' --analyzer
echo 'int second(' >"$tree/src/core/second.cpp"
expect 1 '/src/core/second.cpp:1:'

# A run that finds no file has checked nothing.
echo '[]' >"$tree/build/compile_commands.json"
expect 1 '^0 files checked$'

[ "$failures" -eq 0 ] || { echo "$failures failures"; exit 1; }
echo 'All rules hold.'
