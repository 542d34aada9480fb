// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "elementkey_p.h"

#include "fieldmetadata.h"
#include "fieldnames_p.h"

#include <algorithm>
#include <cstring>

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype WordSize = sizeof(quint64);

template<typename Number>
quint64 numberAt(const std::byte *at)
{
    Number number;
    std::memcpy(&number, at, sizeof number);
    return number;
}

} // namespace

ElementKey::ElementKey(const SharedLayout::Field &field)
    : m_offset(field.offset)
    , m_size(field.size)
    , m_isText(field.type == SharedLayout::Type::Text)
{
}

bool ElementKey::isPossible(const SharedLayout::Field &field)
{
    return !field.isArray && field.type != SharedLayout::Type::Float32 && field.type != SharedLayout::Type::Float64;
}

ElementKey ElementKey::find(const QList<FieldDecoder> &fields, const QString &name)
{
    const qsizetype at = name.isEmpty() ? -1 : fieldOfName(fields, name);
    return at >= 0 && isPossible(fields.at(at).field()) ? ElementKey(fields.at(at).field()) : ElementKey();
}

QString ElementKey::warning(const QList<FieldDecoder> &fields, const QString &name, const QString &segmentName)
{
    if (name.isEmpty() || fields.isEmpty() || find(fields, name).isValid())
        return QString();
    QStringList names;
    for (const FieldDecoder &field : fields) {
        if (isPossible(field.field()))
            names.append(FieldMetadata::keyOf(field.field()));
    }
    const qsizetype at = fieldOfName(fields, name);
    const QString why = at < 0 ? u"\"%1\" has no field \"%2\" for a key"_s.arg(segmentName, name)
                               : u"the field \"%1\" of \"%2\" is %3, and a key is an integer or a text"_s.arg(
                                   name, segmentName, fields.at(at).field().typeText);
    return names.isEmpty() ? why + u"; set no key"_s : u"%1; possible: %2"_s.arg(why, names.join(u", "));
}

quint64 ElementKey::of(const std::byte *element) const
{
    const std::byte *const at = element + m_offset;
    if (m_isText)
        return ofText(at);
    // Only equality counts, so signs do not.
    switch (m_size) {
    case 1:
        return numberAt<quint8>(at);
    case 2:
        return numberAt<quint16>(at);
    case 4:
        return numberAt<quint32>(at);
    default:
        return numberAt<quint64>(at);
    }
}

void ElementKey::assign(const std::byte *elements, qint64 count, qsizetype elementSize,
                        std::vector<quint64> *keys) const
{
    keys->resize(static_cast<std::size_t>(count));
    const auto read = [&](auto keyOf) {
        const std::byte *element = elements;
        for (quint64 &key : *keys) {
            key = keyOf(element);
            element += elementSize;
        }
    };
    // The usual key, without a decision for each element.
    if (!m_isText && m_size == sizeof(quint32))
        read([this](const std::byte *element) { return numberAt<quint32>(element + m_offset); });
    else
        read([this](const std::byte *element) { return of(element); });
}

quint64 ElementKey::ofText(const std::byte *text) const
{
    const qsizetype size = std::find(text, text + m_size, std::byte(0)) - text;
    // Bytes behind the end of a text do not count.
    quint64 hash = 0;
    for (qsizetype at = 0; at < size; at += WordSize) {
        quint64 word = 0;
        std::memcpy(&word, text + at, static_cast<std::size_t>(std::min(WordSize, size - at)));
        // The multipliers are MurmurHash3's. Both steps can be undone, so that texts of one word stay distinct.
        hash = (hash ^ word) * 0xff51afd7ed558ccdu;
        hash ^= hash >> 33;
        hash *= 0xc4ceb9fe1a85ec53u;
        hash ^= hash >> 29;
    }
    return hash;
}

qint64 ElementKey::Occurrence::indexIn(const std::vector<quint64> &keys) const
{
    qint64 left = number;
    const auto start = keys.cbegin() + std::clamp<qint64>(first, 0, static_cast<qint64>(keys.size()));
    const auto search = [&](auto from, auto end) -> qint64 {
        for (auto at = std::find(from, end, key); at != end; at = std::find(at + 1, end, key)) {
            if (left-- == 0)
                return at - keys.cbegin();
        }
        return -1;
    };
    const qint64 index = search(start, keys.cend());
    return index >= 0 ? index : search(keys.cbegin(), start);
}
