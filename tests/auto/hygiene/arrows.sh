#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
#
# The rooms of the source tree may only know what stands below them: qml, tool -> core -> segment -> os, and beside the core
# producer -> segment. Prints each line that breaks a rule as `file:line: rule: text` and then returns 1.
#
#     arrows.sh ROOT
set -euo pipefail

cd "${1:?the root of the source tree}"

rooms=(src/os src/segment src/producer src/core src/tool qml)
platforms='_WIN32|_WIN64|WIN32|__MINGW(32|64)__|__CYGWIN__|__linux__|__linux|linux|__gnu_linux__|__unix__|__unix|__ANDROID__|__APPLE__|__MACH__|TARGET_OS_[A-Z]+|__(Free|Net|Open)BSD__|__DragonFly__|Q_OS_[A-Z0-9_]+'
broken=0
looked_at=0

complain()
{
    echo "$1: $2: $3"
    broken=1
}

rank()
{
    case "$1" in
        src/os) echo 0 ;;
        src/segment) echo 1 ;;
        src/producer | src/core) echo 2 ;;
        src/tool | qml) echo 3 ;;
    esac
}

has_qt()
{
    [ "$(rank "$1")" -ge 2 ] && [ "$1" != src/producer ]
}

room_of()
{
    local room
    for room in "${rooms[@]}"; do
        [[ "$1" != "$room"/* ]] || { echo "$room"; return; }
    done
}

# The rooms that an include leads to: by its path, else by the name of the file wherever such a file stands.
targets_of()
{
    local file=$1 header=$2 path
    if [[ "$header" == SharedSegment/Producer ]]; then
        echo src/producer
        return
    fi
    if [[ "$header" == SharedSegment/* ]]; then
        echo src/core
        return
    fi
    path=$(realpath -m --relative-to=. "$(dirname "$file")/$header")
    if [ -e "$path" ]; then
        room_of "$path"
        return
    fi
    while IFS= read -r path; do
        room_of "$path"
    done < <(grep -E "(^|/)${header//./\\.}$" <<<"$all_files" || true)
}

check_include()
{
    local place=$1 file=$2 room=$3 header=$4 line=$5 target
    local is_qt=false
    [[ ! "$header" =~ ^(Q[A-Za-z0-9]*(/[A-Za-z0-9_./]+)?|q[a-z0-9]+\.h)$ ]] || is_qt=true

    if [[ "$header" =~ (^|/)private/ ]]; then
        complain "$place" "private header of Qt" "$line"
        return
    fi
    if $is_qt; then
        has_qt "$room" || complain "$place" "Qt in a room without Qt" "$line"
        return
    fi
    local seen=false
    while IFS= read -r target; do
        [ -n "$target" ] || continue
        seen=true
        if [ "$target" != "$room" ] && [ "$(rank "$target")" -ge "$(rank "$room")" ]; then
            complain "$place" "$room must not know $target" "$line"
        fi
    done < <(targets_of "$file" "$header")
    # What is neither ours nor Qt's is the system's, unless it is named like a header of the C++ standard library.
    if ! $seen && [ "$room" != src/os ] && [[ "$line" == *"<"* ]] && [[ ! "$header" =~ ^[a-z][a-z0-9_]*$ ]]; then
        complain "$place" "system header outside src/os" "$line"
    fi
}

all_files=$(for room in "${rooms[@]}"; do
    [ ! -d "$room" ] || find "$room" -type f ! -name '*.md' ! -name '*.qml' ! -name '*.json' ! -name '*.png'
done | sort)

while IFS= read -r file; do
    [ -n "$file" ] || continue
    room=$(room_of "$file")
    looked_at=$((looked_at + 1))

    if [[ "$file" == *.txt || "$file" == *.cmake ]]; then
        if ! has_qt "$room"; then
            while IFS=: read -r number line; do
                complain "$file:$number" "Qt in a room without Qt" "$line"
            done < <(grep -nE 'Qt[0-9]*::|find_package\(Qt' "$file" || true)
        fi
        continue
    fi

    while IFS=: read -r number line; do
        if [[ "$line" =~ ^[[:space:]]*#[[:space:]]*(include|include_next|import)[[:space:]]*[\"\<]([^\"\>]+)[\"\>] ]]; then
            check_include "$file:$number" "$file" "$room" "${BASH_REMATCH[2]}" "$line"
        elif [ "$room" != src/os ]; then
            if grep -qE "(^|[^A-Za-z0-9_])($platforms)([^A-Za-z0-9_]|$)" <<<"$line"; then
                complain "$file:$number" "platform condition outside src/os" "$line"
            elif [[ "$line" == *__has_include* ]]; then
                complain "$file:$number" "__has_include outside src/os" "$line"
            fi
        fi
    done < <(grep -nE '^[[:space:]]*#[[:space:]]*(include|include_next|import|if|ifdef|ifndef|elif|elifdef|elifndef)\b' "$file" || true)
done <<<"$all_files"

for room in src/os src/segment src/producer src/core; do
    [ -d "$room" ] || complain "$room" "room is missing" "nothing was looked at there"
done
echo "$looked_at files looked at"
exit $broken
