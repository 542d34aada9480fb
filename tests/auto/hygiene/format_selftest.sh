#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
#
# Shows that format.sh passes a formatted file and fails one that is not.
#
#     format_selftest.sh ROOT CLANG_FORMAT
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
cp "$1/.clang-format" "$top"

# The temporary folder may lie inside a user's repository.
export GIT_CEILING_DIRECTORIES=$top GIT_DIR=$top/none

! bash "$here/format.sh" "$top" "$2" >/dev/null 2>&1 || { echo "FAIL: passes where there is no file"; exit 1; }
printf 'int *twice(int *value)\n{\n    return value + *value;\n}\n' >"$top/good.cpp"
bash "$here/format.sh" "$top" "$2" || { echo "FAIL: a formatted file fails"; exit 1; }
printf 'int* twice(int* value) {\n  return value+*value; }\n' >"$top/bad.cpp"
! bash "$here/format.sh" "$top" "$2" >/dev/null 2>&1 || { echo "FAIL: a file that is not formatted passes"; exit 1; }
echo "It can fail."
