// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../../support/testsupport.h"
#include "reading.h"

#include <SharedSegment/Consumer>
#include <SharedSegment/Producer>
#include <SharedSegment/StreamConsumer>

#include <numeric>
#include <string>
#include <vector>

/// What the tests of streams without Qt have in common.
namespace streamtest {

using namespace testsupport;

using sharedsegment::Producer;
using sharedsegment::RawStreamConsumer;

using Numbers = std::vector<std::uint64_t>;

constexpr std::chrono::milliseconds Long{Deadline};

inline RawStreamConsumer::Deadline in(std::chrono::milliseconds time)
{
    return std::chrono::steady_clock::now() + time;
}

inline Numbers ramp(std::uint64_t first, std::size_t count)
{
    Numbers numbers(count);
    std::iota(numbers.begin(), numbers.end(), first);
    return numbers;
}

/// Appends elements with their own numbers.
inline bool appendNumbers(Producer<std::uint64_t> &stream, std::size_t count)
{
    const std::uint64_t first = stream.raw().revision();
    return stream.append(ramp(first, count)) == first + count;
}

inline sharedsegment::ProducerOptions options(bool multipleWriters = false)
{
    sharedsegment::ProducerOptions options;
    options.backend = static_cast<sharedsegment::ProducerBackend>(backend());
    options.multipleWriters = multipleWriters;
    return options;
}

inline std::string uniqueUtf8()
{
    return uniqueName().toStdString();
}

/// Once for each backend, in a registry folder of its own.
class StreamTest : public QObject
{
protected:
    void checkNothingIsLeft() const
    {
        QCOMPARE(SharedSegment::names(), QStringList());
        QCOMPARE(m_folder.files(), QStringList());
    }

private:
    RegistryFolder m_folder;
};

} // namespace streamtest
