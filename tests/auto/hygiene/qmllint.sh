#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
#
# qmllint has nothing to say about any QML file below ROOT. Modules are taken from the build tree.
#
#     qmllint.sh ROOT BUILD QMLLINT
set -euo pipefail
cd "${1:?the root of the source tree}"
build=${2:?the build tree}
qmllint=${3:?the program qmllint}

mapfile -d '' files < <(find . -name build -prune -o -type f -name '*.qml' -print0)
if [ ${#files[@]} -eq 0 ]; then
    echo "No QML files found below $PWD." >&2
    exit 1
fi

imports=()
while IFS= read -r folder; do
    imports+=(-I "$folder")
done < <(find "$build" \( -name .qt -o -path '*/tests/auto/package' \) -prune -o -type f -name qmldir -printf '%h\n' | xargs -rd '\n' dirname | sort -u)

# Some warnings leave the exit code alone, so what is printed counts too.
status=0
output=$("$qmllint" "${imports[@]}" "${files[@]}" 2>&1) || status=$?
[ -z "$output" ] || { printf '%s\n' "$output"; exit 1; }
[ $status -eq 0 ] || { echo "qmllint ended with status $status."; exit 1; }
echo "${#files[@]} files looked at"
