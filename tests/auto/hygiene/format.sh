#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
#
# Each C++ file under version control is as clang-format leaves it.
#
#     format.sh ROOT CLANG_FORMAT
set -euo pipefail
cd "${1:?the root of the source tree}"
clang_format=${2:?the program clang-format}

mapfile -d '' files < <(
    if git rev-parse --git-dir >/dev/null 2>&1; then
        git ls-files -z -- '*.h' '*.cpp'
    else
        find . -path ./build -prune -o -type f \( -name '*.h' -o -name '*.cpp' \) -print0
    fi
)
if [ ${#files[@]} -eq 0 ]; then
    echo "No C++ files found below $PWD." >&2
    exit 1
fi
existing=()
for file in "${files[@]}"; do
    [ ! -e "$file" ] || existing+=("$file")
done
"$clang_format" --style=file --dry-run -Werror "${existing[@]}"
echo "${#existing[@]} files checked"
