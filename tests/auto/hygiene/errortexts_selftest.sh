#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
#
# Whether errortexts.py finds what it is to find, and nothing else.
#
#     errortexts_selftest.sh PYTHON
set -euo pipefail

python=${1:?the Python to run it with}
script=$(dirname "$(realpath "$0")")/errortexts.py
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/src/os"
failures=0

# expect good|bad C++...
expect()
{
    local found=good
    printf '%s\n' "$2" > "$root/src/os/sample.cpp"
    "$python" "$script" "$root" > /dev/null || found=bad
    [ "$found" = "$1" ] || { echo "FAIL: taken for $found: $2"; failures=$((failures + 1)); }
}

expect good 'return Error{ErrorCode::Busy, "another writer holds \"" + m_name + "\"; try again"};'
expect good 'return {ErrorCode::InvalidSize, std::to_string(size) + " bytes are too many; give fewer"};'
expect good 'setError(SharedSegment::Error::InvalidValue, u"row %1: %2"_s.arg(row).arg(why));'
expect good 'return systemError("opening", path, errno);'
expect good 'printError(u"measured: "_s + what); fail(u"a; b"_s);'
expect good 'fail(Error::Busy, u"a comma, a ) and a \" are in here"_s u"; end \"it\""_s);'
expect bad 'return Error{ErrorCode::Busy, "Another writer holds it; try again"};'
expect bad 'return Error{ErrorCode::Busy, "another writer holds it; try again."};'
expect bad 'return Error{ErrorCode::Busy, "another writer holds it. Try again; later"};'
expect bad 'return Error{ErrorCode::Busy, "another writer holds it"};'
expect bad 'return {ErrorCode::Busy, "another writer" " holds it"};'
expect bad 'return d->fail(SharedSegment::Error::InvalidValue, u"a QString is no number; give one"_s);'
expect bad 'return fail(failure, Error::InvalidValue, u"%1 is no qint64; give a number"_s.arg(x));'
expect bad 'setError(SharedSegment::Error::InvalidSize, u"%1 is no index"_s.arg(index));'
expect bad 'return systemError("Opening", path, errno);'
expect bad 'return arguments.usageError(u"There is no such option"_s);'
expect bad 'return fail(u"there is no field \"%1\""_s.arg(name));'
expect bad 'qmlWarning(q).noquote() << u"\"%1\" has no numbers"_s.arg(name);'
expect bad 'UserInterface::warn(q, u"\"%1\" has no numbers"_s.arg(name));'
# A run that finds nothing has checked nothing.
expect bad '// Error{ErrorCode::Busy, "another writer holds it; try again"}'
exit $((failures > 0))
