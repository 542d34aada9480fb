// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "scriptvalue_p.h"

#include "fielddecoder.h"

#include <atomic>
#include <utility>

namespace {

constinit std::atomic<ScriptValues::Unwrap> installed = nullptr;

} // namespace

QVariantList TypedArray::toList() const
{
    const FieldDecoder item({{}, type, 1, false, 0, itemSize, {}});
    QVariantList list;
    list.reserve(bytes.size() / itemSize);
    const auto *items = reinterpret_cast<const std::byte *>(bytes.constData());
    for (qsizetype at = 0; at < bytes.size(); at += itemSize)
        list.append(item.read(items + at));
    return list;
}

void ScriptValues::install(Unwrap unwrap)
{
    installed.store(unwrap);
}

ScriptValue ScriptValues::unwrapped(const QVariant &value, qint64 most)
{
    if (const Unwrap unwrap = installed.load()) {
        if (std::optional<ScriptValue> script = unwrap(value, most))
            return *std::move(script);
    }
    return {value, {}, {}};
}
