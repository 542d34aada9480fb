// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "scriptvalue_p.h"

#include "fielddecoder.h"

#include <atomic>
#include <utility>

namespace {

constinit std::atomic<ScriptValues::Unwrap> installed = nullptr;
constinit std::atomic<ScriptValues::Wrap> installedWrap = nullptr;

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

void ScriptValues::install(Unwrap unwrap, Wrap wrap)
{
    installed.store(unwrap);
    installedWrap.store(wrap);
}

ScriptValue ScriptValues::unwrapped(const QVariant &value, qint64 most)
{
    if (const Unwrap unwrap = installed.load()) {
        if (std::optional<ScriptValue> script = unwrap(value, most))
            return *std::move(script);
    }
    return {value, {}, {}};
}

QVariant ScriptValues::wrapped(const QCborValue &value, const QObject *object)
{
    const Wrap wrap = installedWrap.load();
    return wrap ? wrap(value, object) : QVariant();
}
