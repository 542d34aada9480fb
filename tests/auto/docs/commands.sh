#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
#
# The commands of the README and the page on streams, word for word, with the segments that they name.
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
        watch | record) timeout --preserve-status --signal INT 1 "$tool" "$@" ;;
        replay)
            # The names must be free.
            kill $owners
            while "$tool" list | grep -q samples; do
                sleep 0.05
            done
            "$tool" "$@" ;;
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

cd "$SHAREDSEGMENT_DIR"
"$tool" create machine/state --layout f64 >"$SHAREDSEGMENT_DIR/.third" &
owners=$!
for ((i = 0; i < 100; ++i)); do
    echo "$i,0.5"
    sleep 0.05
done | "$tool" publish samples --layout 'Sample{time:i64;value:f64}' --stream --hold >"$SHAREDSEGMENT_DIR/.fourth" &
owners+=" $!"
output=$(
    exec 2>&1
    sharedsegment record samples machine/state --to trial.mcap
    sharedsegment replay trial.mcap --speed 10
)
[[ $output == *" elements and revisions published"* && $output != *" 0 elements and"* ]] \
    || { echo "nothing was replayed: $output" >&2; exit 1; }
