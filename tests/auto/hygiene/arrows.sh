#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
#
# Each layer of the source tree may only use the layers below it: qml, tool -> core -> engine -> os, and beside the core
# native -> engine. Prints each line that breaks a rule as `file:line: rule: text` and then returns 1.
#
#     arrows.sh ROOT
set -euo pipefail

cd "${1:?the root of the source tree}"

layers=(src/os src/engine src/native src/core src/tool qml)
platforms='_WIN32|_WIN64|WIN32|__MINGW(32|64)__|__CYGWIN__|__linux__|__linux|linux|__gnu_linux__|__unix__|__unix|__ANDROID__|__APPLE__|__MACH__|TARGET_OS_[A-Z]+|__(Free|Net|Open)BSD__|__DragonFly__|Q_OS_[A-Z0-9_]+'
broken=0
checked=0

printError()
{
    echo "$1: $2: $3"
    broken=1
}

rank()
{
    case "$1" in
        src/os) echo 0 ;;
        src/engine) echo 1 ;;
        src/native | src/core) echo 2 ;;
        src/tool | qml) echo 3 ;;
    esac
}

has_qt()
{
    [ "$(rank "$1")" -ge 2 ] && [ "$1" != src/native ]
}

layer_of()
{
    local layer
    for layer in "${layers[@]}"; do
        [[ "$1" != "$layer"/* ]] || { echo "$layer"; return; }
    done
}

# The layers that an include leads to: by its path, else by the name of the file wherever such a file stands.
targets_of()
{
    local file=$1 header=$2 path
    if [[ "$header" =~ ^SharedSegment/(Producer|Consumer|StreamConsumer)$ ]]; then
        echo src/native
        return
    fi
    if [[ "$header" == SharedSegment/SharedSegmentVersion ]]; then
        echo src/engine
        return
    fi
    if [[ "$header" == SharedSegment/* ]]; then
        echo src/core
        return
    fi
    path=$(realpath -m --relative-to=. "$(dirname "$file")/$header")
    if [ -e "$path" ]; then
        layer_of "$path"
        return
    fi
    while IFS= read -r path; do
        layer_of "$path"
    done < <(grep -E "(^|/)${header//./\\.}$" <<<"$all_files" || true)
}

check_include()
{
    local place=$1 file=$2 layer=$3 header=$4 line=$5 target
    local is_qt=false
    [[ ! "$header" =~ ^(Q[A-Za-z0-9]*(/[A-Za-z0-9_./]+)?|q[a-z0-9]+\.h)$ ]] || is_qt=true

    if [[ "$header" =~ (^|/)private/ ]]; then
        printError "$place" "private header of Qt" "$line"
        return
    fi
    if $is_qt; then
        has_qt "$layer" || printError "$place" "Qt in a layer without Qt" "$line"
        return
    fi
    local seen=false
    while IFS= read -r target; do
        [ -n "$target" ] || continue
        seen=true
        if [ "$target" != "$layer" ] && [ "$(rank "$target")" -ge "$(rank "$layer")" ]; then
            printError "$place" "$layer must not know $target" "$line"
        fi
    done < <(targets_of "$file" "$header")
    # What is neither ours nor Qt's is the system's, unless it is named like a header of the C++ standard library.
    if ! $seen && [ "$layer" != src/os ] && [[ "$line" == *"<"* ]] && [[ ! "$header" =~ ^[a-z][a-z0-9_]*$ ]]; then
        printError "$place" "system header outside src/os" "$line"
    fi
}

all_files=$(for layer in "${layers[@]}"; do
    [ ! -d "$layer" ] || find "$layer" -type f ! -name '*.md' ! -name '*.qml' ! -name '*.json' ! -name '*.png'
done | sort)

while IFS= read -r file; do
    [ -n "$file" ] || continue
    layer=$(layer_of "$file")
    checked=$((checked + 1))

    if [[ "$file" == *.txt || "$file" == *.cmake ]]; then
        if ! has_qt "$layer"; then
            while IFS=: read -r number line; do
                printError "$file:$number" "Qt in a layer without Qt" "$line"
            done < <(grep -nE 'Qt[0-9]*::|find_package\(Qt' "$file" || true)
        fi
        continue
    fi

    while IFS=: read -r number line; do
        if [[ "$line" =~ ^[[:space:]]*#[[:space:]]*(include|include_next|import)[[:space:]]*[\"\<]([^\"\>]+)[\"\>] ]]; then
            check_include "$file:$number" "$file" "$layer" "${BASH_REMATCH[2]}" "$line"
        elif [ "$layer" != src/os ]; then
            if grep -qE "(^|[^A-Za-z0-9_])($platforms)([^A-Za-z0-9_]|$)" <<<"$line"; then
                printError "$file:$number" "platform condition outside src/os" "$line"
            elif [[ "$line" == *__has_include* ]]; then
                printError "$file:$number" "__has_include outside src/os" "$line"
            fi
        fi
    done < <(grep -nE '^[[:space:]]*#[[:space:]]*(include|include_next|import|if|ifdef|ifndef|elif|elifdef|elifndef)\b' "$file" || true)
done <<<"$all_files"

for layer in src/os src/engine src/native src/core; do
    [ -d "$layer" ] || printError "$layer" "layer is missing" "nothing was checked there"
done
echo "$checked files checked"
exit $broken
