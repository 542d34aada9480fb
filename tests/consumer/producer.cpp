// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "version.h"

#include <SharedSegment/Consumer>
#include <SharedSegment/Producer>
#include <SharedSegment/StreamConsumer>

#include <cstdint>
#include <iostream>
#include <span>

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
    if (auto writer = samples.beginWrite())
        writer[3] = {3, 0.5};
    sharedsegment::Consumer<Sample> reader("consumer/samples");
    Sample read{};
    if (!reader.open(8) || !reader.read(std::span(&read, 1), 3) || read.id != 3) {
        std::cerr << "read " << read.id << ": " << reader.errorString() << '\n';
        return 1;
    }
    sharedsegment::Producer<Sample> stream("consumer/stream");
    sharedsegment::StreamConsumer<Sample> follower("consumer/stream");
    if (!stream.createStream(8) || !follower.open() || !stream.append({5, 0.5}) || follower.readNew().at(0).id != 5) {
        std::cerr << stream.errorString() << follower.errorString() << '\n';
        return 1;
    }
    std::cout << samples.raw().layout() << " x " << samples.capacity() << ", revision " << samples.raw().revision()
              << '\n';
    return samples.raw().revision() == 1 ? 0 : 1;
}
