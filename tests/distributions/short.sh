#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
#
# Run by tests/distributions/run --short or --brief within the other system: an optimised build, warnings being errors, and its
# tests. Left out is what takes minutes and depends little on the system: stress, fuzzing, Wine, counted instructions, checks of
# sources, and the packages whose test builds the libraries once more. examples/run has compiled each source by itself before.
#
#     short.sh short|brief        brief: only the layers of tests that depend most on the compiler and on Qt
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

source tests/packages.sh
install_packages "${build[@]}" "${quick[@]}" "${tests[@]}"
export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
jobs=$(nproc)
cmake --preset release-tests
if [ "$1" = short ]; then
    cmake --build --preset release-tests --parallel "$jobs"
    ctest --preset release-tests --parallel $((jobs + 1)) --label-exclude '^(stress|fuzz|windows|guard|source|hygiene)$' \
        --exclude-regex '^package_(subdirectory|fetched|debs|static.*)$'
    exit
fi
layers=(tests/auto/{layout,native,models,qml,examples})
cmake --build --preset release-tests --parallel "$jobs" --target "${layers[@]/%//all}"
for layer in "${layers[@]/#/build/release-tests/}"; do
    ctest --test-dir "$layer" --parallel $((jobs + 1)) --timeout 120 --no-tests=error --output-on-failure
done
