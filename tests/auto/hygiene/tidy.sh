#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
#
# clang-tidy reports nothing about the sources of the library, the command and the QML module.
#
#     tidy.sh ROOT BUILD CLANG_TIDY
set -euo pipefail
root=$(realpath "${1:?the root of the source tree}")
build=${2:?the build tree, with its compile_commands.json}
clang_tidy=${3:?the program clang-tidy}

mapfile -t files < <(
    grep -oE '"file": "[^"]+"' "$build/compile_commands.json" | cut -d '"' -f 4 \
        | grep -E "^$root/(src|qml)/" | sort -u
)
if [ ${#files[@]} -eq 0 ]; then
    echo "No sources found in $build/compile_commands.json." >&2
    exit 1
fi
# Options that only GCC knows do not matter to this check.
printf '%s\0' "${files[@]}" \
    | xargs -0 -n 1 -P "$(nproc)" "$clang_tidy" --quiet -p "$build" --extra-arg=-Wno-unknown-warning-option
echo "${#files[@]} files checked"
