// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Writes the records, headers and layout texts of real segments as first inputs: `seeds FOLDER`, with folders record, header
// and layout in it.

#include "engine/createsegment.h"
#include "engine/registry.h"
#include "engine/registryfolder.h"
#include "engine/segment.h"

#include <cstdio>
#include <fstream>
#include <iostream>
#include <utility>

using namespace sharedsegment;
using engine::Segment;

namespace {

void write(const std::string &path, const char *bytes, std::size_t size)
{
    std::ofstream(path, std::ios::binary).write(bytes, static_cast<std::streamsize>(size));
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    const std::string folder = argv[1];
    const char *const texts[] = {"f64",
                                 "u8",
                                 "char[20]",
                                 "f32[3]",
                                 "Point{x:f64;y:f64}",
                                 "Sample{id:i32@0;value:f64@8;label:char[20]@16}/40",
                                 "Nested{pos.x:f32;pos.y:f32;on:bool}"};
    const std::pair<engine::Kind, std::uint32_t> kinds[] = {{engine::Kind::FixedArray, 1},
                                                            {engine::Kind::VariableArray, 2},
                                                            {engine::Kind::FixedArray, 4},
                                                            {engine::Kind::Stream, 1}};
    int count = 0;
    for (const char *const text : texts) {
        const Result<engine::Layout> layout = engine::Layout::parse(text);
        if (!layout)
            return 1;
        for (const os::Backend backend : os::Memory::backends()) {
            for (const auto &[kind, buffers] : kinds) {
                const std::string name = "seed \xc3\xbc " + std::to_string(count);
                const Result<engine::CreatedSegment> created =
                    engine::createSegment(engine::Registry::ofEnvironment(), name, *layout,
                                          {.backend = backend,
                                           .kind = kind,
                                           .capacity = 3 * buffers,
                                           .bufferCount = buffers,
                                           .multipleWriters = buffers == 4,
                                           .metadata = buffers == 4 ? "{\"unit\":\"K\"}" : ""});
                if (!created) {
                    std::cerr << created.error().text << '\n';
                    return 1;
                }
                const std::string number = std::to_string(count++);
                const Segment &segment = *created->segment;
                const Result<engine::FoundRecord> found = engine::Registry::ofEnvironment().open()->find(name);
                if (!found)
                    return 1;
                write(folder + "/record/" + number, reinterpret_cast<const char *>(&found->header),
                      sizeof found->header);
                write(folder + "/layout/" + number, text, std::string_view(text).size());
                write(folder + "/layout/" + number + ".canonical", layout->text().data(), layout->text().size());
                // As create() fills it in.
                std::vector<char> bytes(segment.geometry().segmentSize);
                engine::writeHeader(std::as_writable_bytes(std::span(bytes)), segment.geometry(), *layout,
                                    segment.view().metadata);
                write(folder + "/header/" + number, bytes.data(), bytes.size());
            }
        }
    }
    std::cout << count << " segments\n";
    return 0;
}
