#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
#
# Run by tests/distributions/run --short within the other system: an optimised build of everything, warnings being errors, and its
# tests. Left out is what takes minutes and depends little on the system: stress, fuzzing, Wine, counted instructions, checks of
# sources, and the packages whose test builds the libraries once more. examples/run has compiled each source by itself before.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

source tests/packages.sh
install_packages "${build[@]}" "${quick[@]}" "${tests[@]}"
export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
cmake --preset release-tests
cmake --build --preset release-tests --parallel "$(nproc)"
ctest --preset release-tests --parallel $(($(nproc) + 1)) --label-exclude '^(stress|fuzz|windows|guard|source|hygiene)$' \
    --exclude-regex '^package_(subdirectory|fetched|debs|static.*)$'
