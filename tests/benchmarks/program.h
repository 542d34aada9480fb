// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "table.h"

/// Common to every program of benchmarks, once its benchmarks are registered: runs them with the options of the command line and prints
/// the table. @returns the exit code.
///
///   [--table=FILE.json] [options of Google Benchmark]
int runBenchmarks(int argc, char **argv, std::vector<TableRow> rows, const QString &note);
