#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
#
# Shows that qmllint.sh passes a good file and fails one that names a property or a module that does not exist.
#
#     qmllint_selftest.sh BUILD QMLLINT
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT

lint()
{
    bash "$here/qmllint.sh" "$top" "$build" "$qmllint" 2>&1
}
build=$1
qmllint=$2

! lint >/dev/null || { echo "FAIL: passes where there is no file"; exit 1; }
printf 'import SharedSegment\n\nSharedSegment {\n    name: "a"\n    active: true\n}\n' >"$top/Good.qml"
lint || { echo "FAIL: a good file fails"; exit 1; }
printf 'import SharedSegment\n\nSharedSegment {\n    nam: "a"\n}\n' >"$top/Bad.qml"
! lint >/dev/null || { echo "FAIL: a property that does not exist passes"; exit 1; }
printf 'import NoSuchModule\n\nThing {\n}\n' >"$top/Bad.qml"
! lint >/dev/null || { echo "FAIL: a module that does not exist passes"; exit 1; }
echo "It can fail."
