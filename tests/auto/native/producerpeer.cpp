// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// A producer that does not know Qt:
//
//     producerpeer NAME LENGTH BACKEND BUFFERS WRITERS [stream]    BACKEND: memfd, posix, win32; WRITERS: one, many
//
// prints "ready" or the error, and then for each line what it did: `publish N` fills all readings with N, `set I N` one of them,
// `get I` prints one, `listeners` prints their number, `spin` publishes until it is killed. Of a stream, `append COUNT` appends readings of
// their own numbers, and `spin` does so until it is killed. The end of the input ends it.

#include "reading.h"

#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
#include <vector>

namespace {

sharedsegment::ProducerBackend backendOf(const std::string &name)
{
    if (name == "win32")
        return sharedsegment::ProducerBackend::Win32;
    return name == "posix" ? sharedsegment::ProducerBackend::Posix : sharedsegment::ProducerBackend::Memfd;
}

Reading reading(int number)
{
    Reading reading{number, number + 0.5, {}};
    std::strncpy(reading.station, std::to_string(number).c_str(), sizeof reading.station - 1);
    return reading;
}

std::string append(sharedsegment::Producer<Reading> &stream, std::size_t count)
{
    std::vector<Reading> readings(count);
    auto number = static_cast<int>(stream.raw().revision());
    for (Reading &next : readings)
        next = reading(number++);
    return stream.append(readings) ? "ok" : stream.errorString();
}

} // namespace

int main(int argc, char *argv[])
{
    const bool isStream = argc == 7 && std::string(argv[6]) == "stream";
    if (argc != 6 && !isStream)
        return 2;
    sharedsegment::ProducerOptions options;
    options.backend = backendOf(argv[3]);
    options.bufferCount = static_cast<std::uint32_t>(std::atoi(argv[4]));
    options.multipleWriters = std::string(argv[5]) == "many";
    sharedsegment::Producer<Reading> producer(argv[1]);
    const auto capacity = static_cast<std::uint64_t>(std::atoll(argv[2]));
    if (!(isStream ? producer.createStream(capacity, options) : producer.create(capacity, options))) {
        std::cout << producer.errorString() << std::endl;
        return 1;
    }
    std::cout << "ready" << std::endl;

    std::vector<Reading> readings(producer.capacity());
    std::string command;
    while (std::cin >> command) {
        if (command == "publish") {
            int number = 0;
            std::cin >> number;
            readings.assign(readings.size(), reading(number));
            std::cout << (producer.publish(readings) ? "ok" : producer.errorString()) << std::endl;
        } else if (command == "set") {
            std::size_t index = 0;
            int number = 0;
            std::cin >> index >> number;
            auto writer = producer.beginWrite();
            if (writer)
                writer[index] = reading(number);
            const bool isPublished = writer.publish().has_value();
            std::cout << (isPublished ? "ok" : "not published") << std::endl;
        } else if (command == "get") {
            std::size_t index = 0;
            std::cin >> index;
            producer.raw().read(std::as_writable_bytes(std::span(readings)));
            std::cout << readings[index].id << std::endl;
        } else if (command == "append") {
            std::size_t count = 0;
            std::cin >> count;
            std::cout << append(producer, count) << std::endl;
        } else if (command == "listeners") {
            std::cout << producer.raw().listenerCount() << std::endl;
        } else if (command == "spin") {
            std::cout << "spinning" << std::endl;
            if (isStream) {
                for (std::size_t count = 1;; count = count % ((readings.size() + 1) / 2) + 1)
                    append(producer, count);
            }
            for (int number = 0;; ++number) {
                readings.assign(readings.size(), reading(number));
                producer.publish(readings);
            }
        }
    }
}
