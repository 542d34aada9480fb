// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "fieldwriting_p.h"

#include <vector>

using namespace Qt::StringLiterals;

namespace {

bool fail(SharedSegment *segment, SharedSegment::Error error, const QString &text)
{
    segment->setError(error, text);
    return false;
}

QString noElement(const SharedSegment &segment, qint64 index, qint64 count)
{
    return u"\"%1\" has no element %2; write to one of the %3 that its newest revision has"_s.arg(segment.name())
        .arg(index)
        .arg(count);
}

QString noElement(const SharedSegment &segment, const KeyedElement &keyed)
{
    return u"\"%1\" no longer has an element with the key %2; nothing was written"_s.arg(segment.name(), keyed.text);
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
    // An edit may write a key, by which the following ones are still found.
    std::vector<quint64> keys;
    for (const FieldEdit &edit : edits) {
        if (edit.keyed && keys.empty())
            edit.keyed->key.assign(bytes.data(), count, layout.elementSize(), &keys);
        const qint64 index = edit.keyed ? edit.keyed->occurrence.indexIn(keys) : edit.index;
        if (index < 0 || index >= count) {
            writer.discard();
            return fail(segment, Error::InvalidSize,
                        edit.keyed ? noElement(*segment, *edit.keyed) : noElement(*segment, index, count));
        }
        edit.field.copy(edit.element, bytes.data() + index * layout.elementSize());
    }
    return writer.publish().has_value();
}
