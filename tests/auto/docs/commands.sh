#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
#
# The commands of the README, word for word, with the segments that they name.
#
#     commands.sh TOOL
set -euo pipefail
tool=${1:?the program sharedsegment}
SHAREDSEGMENT_DIR=$(mktemp -d)
export SHAREDSEGMENT_DIR
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$SHAREDSEGMENT_DIR"' EXIT

# Interrupts soon what would run until it is interrupted.
sharedsegment()
{
    case $1 in
        watch) timeout --preserve-status --signal INT 1 "$tool" "$@" ;;
        *) "$tool" "$@" ;;
    esac
}

"$tool" create monitor/load --layout f32 --capacity 600 >"$SHAREDSEGMENT_DIR/.first" &
"$tool" create monitor/cpu --layout 'Cpu{user:f32;system:f32}' --capacity 2 >"$SHAREDSEGMENT_DIR/.second" &
deadline=$((SECONDS + 20))
while [ ! -s "$SHAREDSEGMENT_DIR/.first" ] || [ ! -s "$SHAREDSEGMENT_DIR/.second" ]; do
    [ $SECONDS -lt $deadline ] || { echo "the segments do not come" >&2; exit 1; }
    sleep 0.05
done

output=$(
    sharedsegment list
    sharedsegment watch monitor/load
    sharedsegment dump monitor/cpu --format json
    printf '1,2\n3,4\n' | sharedsegment publish points --layout 'Point{x:f64;y:f64}'
    sharedsegment doctor
)
for expected in 'monitor/load  f32' '{"user":0,"system":0}' 'backend posix'; do
    [[ $output == *"$expected"* ]] || { echo "\"$expected\" is missing in: $output" >&2; exit 1; }
done
