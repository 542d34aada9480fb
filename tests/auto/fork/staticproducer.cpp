// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Like staticowner.cpp, without Qt.

#include <SharedSegment/Producer>

#include <cstdio>

namespace {

sharedsegment::Producer<double> global("global");

struct Last
{
    ~Last()
    {
        std::puts(global.set(2) && late.create() && late.set(1) ? "last: good" : "last: bad");
        std::fflush(stdout);
    }
    sharedsegment::Producer<int> late{"late"};
} last;

sharedsegment::Producer<int> &local()
{
    static sharedsegment::Producer<int> value("local");
    return value;
}

} // namespace

int main()
{
    const sharedsegment::ProducerOptions shared{1, sharedsegment::ProducerBackend::Posix, true};
    std::puts(global.create(1, shared) && global.set(1) && local().create() && local().set(1) ? "main: good"
                                                                                              : "main: bad");
    return 0;
}
