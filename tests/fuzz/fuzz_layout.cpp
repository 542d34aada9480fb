// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "expect.h"

#include "engine/fnv.h"
#include "engine/layout.h"

using namespace sharedsegment;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    const Result<engine::Layout> layout = engine::Layout::parse(text);
    if (!layout) {
        EXPECT(!layout.error().text.empty());
        return 0;
    }
    // What the layout says of itself is true, and its canonical text says the same.
    EXPECT(layout->isValid() && !layout->fields().empty());
    EXPECT(layout->fingerprint() == engine::fnv1a64(layout->text()));
    for (const engine::Field &field : layout->fields()) {
        EXPECT(field.size() != 0 && field.size() <= layout->elementSize());
        EXPECT(field.offset <= layout->elementSize() - field.size());
    }
    const Result<engine::Layout> again = engine::Layout::parse(layout->text());
    EXPECT(again && again->text() == layout->text() && *again == *layout);
    EXPECT(again->fields() == layout->fields() && again->elementSize() == layout->elementSize()
           && again->elementAlignment() == layout->elementAlignment());
    EXPECT(layout->firstDifference(*again).empty());
    return 0;
}
