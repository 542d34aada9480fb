// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "fieldwriting_p.h"

using namespace Qt::StringLiterals;

namespace {

bool fail(SharedSegment *segment, SharedSegment::Error error, const QString &text)
{
    segment->setError(error, text);
    return false;
}

} // namespace

bool writeFields(SharedSegment *segment, const SharedLayout &layout, std::span<const FieldEdit> edits)
{
    using Error = SharedSegment::Error;
    SharedWriter writer = segment->beginWrite(ShortWait);
    if (!writer)
        return false;
    if (!(segment->layout() == layout)) {
        writer.discard();
        return fail(segment, Error::LayoutMismatch,
                    u"\"%1\" was opened anew meanwhile, with another layout; write again"_s.arg(segment->name()));
    }
    const std::span<std::byte> bytes = writer.bytes();
    const qint64 count = static_cast<qint64>(bytes.size()) / layout.elementSize();
    for (const FieldEdit &edit : edits) {
        if (edit.index < 0 || edit.index >= count) {
            writer.discard();
            return fail(segment, Error::InvalidSize,
                        u"\"%1\" has no element %2; write to one of the %3 that its newest revision has"_s
                            .arg(segment->name())
                            .arg(edit.index)
                            .arg(count));
        }
        edit.field.copy(edit.element, bytes.data() + edit.index * layout.elementSize());
    }
    return writer.publish().has_value();
}
