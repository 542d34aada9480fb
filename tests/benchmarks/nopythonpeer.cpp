// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Used if Python was not found.

void addPythonBenchmarks();

void addPythonBenchmarks() { }
