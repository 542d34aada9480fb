// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include <SharedSegment/Producer>

#include <cstdint>
#include <iostream>

struct Sample
{
    std::int32_t id;
    double value;
};
SHARED_STRUCT(Sample, id, value)

int main()
{
    sharedsegment::Producer<Sample> samples("consumer/samples");
    if (!samples.create(8)) {
        std::cerr << samples.errorString() << '\n';
        return 1;
    }
    if (auto writer = samples.write())
        writer[3] = {3, 0.5};
    std::cout << samples.raw().layout() << " x " << samples.length() << ", revision " << samples.raw().revision()
              << '\n';
    return samples.raw().revision() == 1 ? 0 : 1;
}
