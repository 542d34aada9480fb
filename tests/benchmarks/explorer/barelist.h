// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

/// In a process of its own: a window with as many texts as the explorer shows of a Publisher, of which as many change at the
/// same rate, and nothing else. `argv[2]` may be `values`, to show those of one segment, too. @returns the exit code.
int runBareList(int argc, char **argv);
