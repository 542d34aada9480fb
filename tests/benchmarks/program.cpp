// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "program.h"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstring>
#include <utility>

int runBenchmarks(int argc, char **argv, std::vector<TableRow> rows, const QString &note)
{
    constexpr const char *TableOption = "--table=";
    QString tableFile;
    // In random order, so that no peer has the idle moments for itself. Later options have the last word.
    char repetitions[] = "--benchmark_repetitions=15";
    char interleaving[] = "--benchmark_enable_random_interleaving=true";
    char minimum[] = "--benchmark_min_time=0.03";
    std::vector<char *> options{argv[0], repetitions, interleaving, minimum};
    for (int i = 1; i < argc; ++i) {
        if (std::strncmp(argv[i], TableOption, std::strlen(TableOption)) == 0)
            tableFile = QString::fromLocal8Bit(argv[i] + std::strlen(TableOption));
        else
            options.push_back(argv[i]);
    }
    int count = static_cast<int>(options.size());
    options.push_back(nullptr);
    benchmark::Initialize(&count, options.data());
    if (benchmark::ReportUnrecognizedArguments(count, options.data()))
        return 2;

    Table table(std::move(rows), note);
    benchmark::RunSpecifiedBenchmarks(&table);
    std::fputc('\n', stderr);
    table.print();
    if (!tableFile.isEmpty() && !table.save(tableFile)) {
        std::fprintf(stderr, "Cannot write %s\n", qPrintable(tableFile));
        return 1;
    }
    return table.hasFailures() ? 1 : 0;
}
