// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Where Python was not found.

void addPythonBenchmarks();

void addPythonBenchmarks() { }
