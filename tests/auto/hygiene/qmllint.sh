#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
#
# qmllint reports nothing about any QML file below ROOT. Modules are taken from the build tree. Quick tests are left out:
# they use helpers in C++ that only the running test knows.
#
#     qmllint.sh ROOT BUILD QMLLINT
set -euo pipefail
cd "${1:?the root of the source tree}"
build=${2:?the build tree}
qmllint=${3:?the program qmllint}

mapfile -d '' files < <(find "$PWD" \( -name build -o -path "$PWD/tests/auto/*" ! -path "$PWD/tests/auto/hygiene*" \) -prune -o -type f -name '*.qml' -print0)
if [ ${#files[@]} -eq 0 ]; then
    echo "No QML files found below $PWD." >&2
    exit 1
fi

# The build tree knows which files make a module: their folders are the import paths, the resources name their sources.
built=(find "$build" -path '*/tests/auto/package/*' -prune -o -type f)
options=(-I "$build/qml")
while IFS= read -r folder; do
    options+=(-I "$folder")
done < <("${built[@]}" ! -path '*/.qt/*' -name qmldir -printf '%h\n' | xargs -rd '\n' dirname | sort -u)

# Some warnings do not change the exit code, so printed text counts too.
lint()
{
    local output status=0
    output=$("$qmllint" "${options[@]}" "$@" 2>&1) || status=$?
    [ -z "$output" ] || { printf '%s\n' "$output"; exit 1; }
    [ $status -eq 0 ] || { echo "qmllint ended with status $status."; exit 1; }
}

# Each module with its own resources alone: with the resources of two modules, qmllint takes one's types for the other's
# of the same name. The resources lie in .rcc, from Qt 6.5 on in .qt/rcc.
declare -A checked=()
while IFS= read -r rcc; do
    resources=()
    own=()
    for resource in "$rcc"/*.qrc; do
        resources+=(--resource "$resource")
        for file in "${files[@]}"; do
            if [ -z "${checked[$file]-}" ] && grep -qF ">$file<" "$resource"; then
                own+=("$file")
                checked[$file]=1
            fi
        done
    done
    [ ${#own[@]} -eq 0 ] || lint "${resources[@]}" "${own[@]}"
done < <("${built[@]}" \( -path '*/.rcc/*.qrc' -o -path '*/.qt/rcc/*.qrc' \) -printf '%h\n' | sort -u)

rest=()
for file in "${files[@]}"; do
    [ -n "${checked[$file]-}" ] || rest+=("$file")
done
[ ${#rest[@]} -eq 0 ] || lint "${rest[@]}"
echo "${#files[@]} files checked"
