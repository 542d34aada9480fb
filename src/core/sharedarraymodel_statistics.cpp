// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Copies and statistics of the newest revision, whatever the model shows.

#include "sharedarraymodel_p.h"

#include "fieldnames_p.h"
#include "memorycheck_p.h"
#include "userinterface_p.h"

#include <algorithm>
#include <limits>
#include <span>

using namespace Qt::StringLiterals;

std::optional<ElementRange> SharedArrayModelPrivate::elements(qint64 first, qint64 count, qint64 there) const
{
    const qint64 rows = rowsOf(there);
    if (!m_follower.isOpen() || first < 0 || first >= rows)
        return std::nullopt;
    const qint64 remaining = rows - first;
    if (count > remaining)
        return std::nullopt;
    const qint64 begin = m_firstRow + first;
    return ElementRange{begin, begin + (count < 0 ? remaining : count)};
}

template<typename Space>
std::optional<ElementRange> SharedArrayModelPrivate::readNewest(qint64 first, qint64 count, Space space,
                                                                SharedRevision *revision) const
{
    // Each revision of a variable array may have another count, and a newer one may come before the read.
    constexpr int MostTries = 8;
    for (int i = 1;; ++i) {
        const qint64 there = newestCount();
        std::optional<ElementRange> range = elements(first, count, there);
        if (!range)
            return std::nullopt;
        const std::optional<std::span<std::byte>> to = space(*range);
        if (!to || !segment()->read(*to, range->first * m_elementSize, revision))
            return std::nullopt;
        if (revision->count != there && i < MostTries)
            continue;
        range->end = std::clamp(revision->count, range->first, range->end);
        return range;
    }
}

Reduction SharedArrayModelPrivate::statistics(qint64 first, qint64 count, const QString &fieldName)
{
    std::optional<ElementRange> range = elements(first, count, newestCount());
    const qsizetype at = fieldName.isEmpty() ? 0 : fieldOfName(m_fields, fieldName);
    if (!range)
        return {};
    if (at < 0 || at >= m_fields.size() || m_fields.at(at).type() == SharedLayout::Type::Text) {
        warnOfField(fieldName.isEmpty() && !m_fields.isEmpty() ? columnName(0) : fieldName);
        return {};
    }
    if (m_statistics.isOf({segment()->revision(), *range, at}))
        return m_statistics.result();
    const auto space = [this](ElementRange wanted) -> std::optional<std::span<std::byte>> {
        const qsizetype size = static_cast<qsizetype>(wanted.count()) * m_elementSize;
        std::byte *const bytes = m_statistics.space(size);
        if (!bytes && size > 0) {
            failForMemory(wanted.count());
            return std::nullopt;
        }
        return std::span(bytes, static_cast<std::size_t>(size));
    };
    SharedRevision revision;
    range = readNewest(first, count, space, &revision);
    if (!range)
        return {};
    m_statistics.compute({revision.number, *range, at}, m_fields.at(at).field(), m_elementSize);
    return m_statistics.result();
}

void SharedArrayModelPrivate::warnOfField(const QString &name)
{
    // Bindings repeat the call with each revision.
    if (m_warnedFields.contains(name))
        return;
    m_warnedFields.append(name);
    QStringList names;
    for (qsizetype i = 0; i < m_fields.size(); ++i) {
        if (m_fields.at(i).type() != SharedLayout::Type::Text)
            names.append(columnName(i));
    }
    UserInterface::warn(q, names.isEmpty() ? u"\"%1\" has no numbers"_s.arg(segment()->name())
                                           : u"\"%1\" has no numbers in a field \"%2\"; there are: %3"_s.arg(
                                               segment()->name(), name, names.join(u", ")));
}

QByteArray SharedArrayModel::slice(qint64 first, qint64 count) const
{
    QByteArray bytes;
    const auto space = [&](ElementRange wanted) -> std::optional<std::span<std::byte>> {
        // Another process chose the size. Reading allocates pages of the segment, too, so that the need is twice the
        // size.
        if (!hasMemoryFor(wanted.count(), 2 * d->m_elementSize)) {
            d->failForMemory(wanted.count());
            return std::nullopt;
        }
        bytes.resize(static_cast<qsizetype>(wanted.count()) * d->m_elementSize);
        return std::as_writable_bytes(std::span(bytes.data(), static_cast<std::size_t>(bytes.size())));
    };
    SharedRevision revision;
    const std::optional<ElementRange> range = d->readNewest(first, count, space, &revision);
    if (!range)
        return QByteArray();
    bytes.truncate(static_cast<qsizetype>(range->count()) * d->m_elementSize);
    return bytes;
}

double SharedArrayModel::minimum(qint64 first, qint64 count, const QString &field) const
{
    return d->statistics(first, count, field).minimum;
}

double SharedArrayModel::maximum(qint64 first, qint64 count, const QString &field) const
{
    return d->statistics(first, count, field).maximum;
}

double SharedArrayModel::mean(qint64 first, qint64 count, const QString &field) const
{
    const Reduction reduction = d->statistics(first, count, field);
    return reduction.count == 0 ? std::numeric_limits<double>::quiet_NaN()
                                : reduction.sum / static_cast<double>(reduction.count);
}

double SharedArrayModel::sum(qint64 first, qint64 count, const QString &field) const
{
    return d->statistics(first, count, field).sum;
}
