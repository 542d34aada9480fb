// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "fieldlimits_p.h"

#include "reduction_p.h"

#include <algorithm>
#include <iterator>
#include <limits>

using namespace Qt::StringLiterals;

namespace {

/// Elements whose numbers are compared as a block, and into how many parts a block is divided that is not normal.
constexpr qint64 LimitBlock = 4096;
constexpr qint64 LimitBlockParts = 16;

const std::byte *elementAt(const FieldLimits::Elements &elements, qint64 at)
{
    return elements.bytes + static_cast<qsizetype>(at - elements.range.first) * elements.size;
}

/// Returns the time of an element of a series that `followers` others follow.
qint64 timeInSeries(const FieldLimits::Elements &elements, const std::byte *element, qint64 followers)
{
    // Another process chose all of them: sums with delays must not overflow.
    constexpr qint64 Latest = std::numeric_limits<qint64>::max() / 2;
    const double before = elements.series->interval() * static_cast<double>(followers);
    const qint64 reckoned = elements.time - static_cast<qint64>(std::min(before, static_cast<double>(Latest)));
    return std::clamp<qint64>(elements.series->time(element).value_or(reckoned), 0, Latest);
}

LimitState::Reading readingOf(const SharedLayout::Field &field, const std::byte *element)
{
    const Reduction numbers = reduce(field, element, 0, 1);
    return {numbers.minimum, numbers.maximum, numbers.count == field.count};
}

} // namespace

ValueLimits FieldLimits::limitsOf(const FieldMetadata &metadata)
{
    ValueLimits limits;
    limits.lowLow = metadata.lowLow.value_or(ValueLimits::None);
    limits.low = metadata.low.value_or(ValueLimits::None);
    limits.high = metadata.high.value_or(ValueLimits::None);
    limits.highHigh = metadata.highHigh.value_or(ValueLimits::None);
    limits.hysteresis = metadata.hysteresis.value_or(0);
    limits.delay = ValueLimits::delayOf(metadata.delay.value_or(0));
    return limits;
}

QString FieldLimits::normalise(ValueLimits *limits, const QString &segmentName, const SharedLayout::Field &field)
{
    const QStringList removed = limits->normalise();
    if (removed.isEmpty())
        return QString();
    return u"of \"%1\", field \"%2\", this makes no sense together and is ignored: %3; the order is lowLow, low, high, highHigh"_s
        .arg(segmentName, FieldMetadata::keyOf(field), removed.join(u", "));
}

std::optional<FieldLimits> FieldLimits::of(qsizetype field, const FieldDecoder &decoder, const FieldMetadata &metadata,
                                           const QString &segmentName, QString *warning)
{
    warning->clear();
    if (!hasNumbers(decoder))
        return std::nullopt;
    ValueLimits limits = limitsOf(metadata);
    *warning = normalise(&limits, segmentName, decoder.field());
    return limits.isEmpty() ? std::nullopt : std::optional(FieldLimits(field, decoder, metadata, limits));
}

FieldLimits::FieldLimits(qsizetype field, const FieldDecoder &decoder, const FieldMetadata &metadata,
                         const ValueLimits &limits)
    : m_field(field)
    , m_decoder(decoder)
    , m_metadata(metadata)
    , m_limits(limits)
{
}

FieldLimits::Level FieldLimits::level() const
{
    Level level = m_surplus;
    for (const Entry &entry : m_entries)
        level = LimitState::worse(level, entry.state.level());
    return level;
}

std::vector<FieldLimits::Entry>::iterator FieldLimits::lowerBound(qint64 index)
{
    return std::lower_bound(m_entries.begin(), m_entries.end(), index,
                            [](const Entry &entry, qint64 wanted) { return entry.index < wanted; });
}

std::vector<FieldLimits::Entry>::iterator FieldLimits::find(qint64 index)
{
    const auto at = lowerBound(index);
    return at != m_entries.end() && at->index == index ? at : m_entries.end();
}

FieldLimits::Level FieldLimits::levelOf(qint64 index) const
{
    const auto at = const_cast<FieldLimits *>(this)->find(index);
    return at == m_entries.end() ? Level::Normal : at->state.level();
}

FieldLimits::Level FieldLimits::momentaryLevel(const std::byte *element, qint64 time) const
{
    ValueLimits limits = m_limits;
    limits.delay = 0;
    LimitState state;
    state.evaluate(limits, readingOf(m_decoder.field(), element), time);
    return state.level();
}

std::optional<qint64> FieldLimits::due() const
{
    std::optional<qint64> due;
    for (const Entry &entry : m_entries) {
        if (const std::optional<qint64> end = entry.state.due(m_limits))
            due = due ? std::min(*due, *end) : *end;
    }
    return due;
}

void FieldLimits::begin(ElementRange range, qint64 time)
{
    m_surplus = Level::Normal;
    if (m_entries.empty() || (range.contains(m_entries.front().index) && range.contains(m_entries.back().index)))
        return;
    for (Entry &entry : m_entries) {
        if (!range.contains(entry.index))
            entry.state.end(time);
    }
    removeIdle();
}

bool FieldLimits::isNormal(const Elements &elements, qint64 first, qint64 end) const
{
    const SharedLayout::Field &field = m_decoder.field();
    const qint64 count = end - first;
    const Reduction numbers = reduce(field, elementAt(elements, first), elements.size, static_cast<qsizetype>(count));
    return numbers.count == count * field.count && numbers.minimum >= m_limits.leastNormal()
        && numbers.maximum <= m_limits.greatestNormal();
}

void FieldLimits::judge(const Elements &elements)
{
    const ElementRange range = elements.range;
    if (elements.series) {
        judge(elements, range.first, range.end);
        return;
    }
    // What has an entry is judged by itself, what lies between is judged in blocks.
    bool hasIdle = false;
    qint64 at = range.first;
    for (auto entry = lowerBound(range.first); entry != m_entries.end() && entry->index < range.end; ++entry) {
        judge(elements, at, entry->index);
        update(*entry, elementAt(elements, entry->index), elements.time);
        hasIdle |= entry->state.isIdle();
        at = entry->index + 1;
    }
    judge(elements, at, range.end);
    if (hasIdle)
        removeIdle();
    takeNew();
}

void FieldLimits::judge(const Elements &elements, qint64 first, qint64 end)
{
    for (qint64 at = first; at < end; at += LimitBlock)
        judgeBlock(elements, at, std::min(at + LimitBlock, end));
}

void FieldLimits::judgeBlock(const Elements &elements, qint64 first, qint64 end)
{
    const bool hasEntry = elements.series && !m_entries.empty();
    if (!hasEntry && isNormal(elements, first, end))
        return;
    if (end - first == 1) {
        if (elements.series)
            judgeNext(elements, first);
        else
            judgeNew(elements, first);
        return;
    }
    const qint64 part = std::max<qint64>((end - first) / LimitBlockParts, 1);
    for (qint64 at = first; at < end; at += part)
        judgeBlock(elements, at, std::min(at + part, end));
}

void FieldLimits::judgeNew(const Elements &elements, qint64 at)
{
    const std::byte *const element = elementAt(elements, at);
    if (m_entries.size() + m_new.size() >= MostEntries) {
        m_surplus = LimitState::worse(m_surplus, momentaryLevel(element, elements.time));
        return;
    }
    Entry entry;
    entry.index = at;
    entry.identity.key = static_cast<quint64>(at);
    update(entry, element, elements.time);
    if (!entry.state.isIdle())
        m_new.push_back(std::move(entry));
}

void FieldLimits::judgeNext(const Elements &elements, qint64 at)
{
    auto current = find(0);
    if (current == m_entries.end())
        current = m_entries.emplace(lowerBound(0));
    Entry &entry = *current;
    const std::byte *const element = elementAt(elements, at);
    update(entry, element, timeInSeries(elements, element, elements.range.end - 1 - at));
    if (entry.state.isIdle())
        m_entries.erase(current);
}

void FieldLimits::takeNew()
{
    if (m_new.empty())
        return;
    if (m_entries.empty()) {
        m_entries.swap(m_new);
        return;
    }
    m_merged.clear();
    m_merged.reserve(m_entries.size() + m_new.size());
    std::merge(std::make_move_iterator(m_entries.begin()), std::make_move_iterator(m_entries.end()),
               std::make_move_iterator(m_new.begin()), std::make_move_iterator(m_new.end()),
               std::back_inserter(m_merged), [](const Entry &a, const Entry &b) { return a.index < b.index; });
    m_entries.swap(m_merged);
    m_new.clear();
}

void FieldLimits::update(Entry &entry, const std::byte *element, qint64 time) const
{
    const LimitState::Reading reading = readingOf(m_decoder.field(), element);
    entry.state.evaluate(m_limits, reading, time);
    entry.value = decisive(element, reading, entry.state.level());
}

QVariant FieldLimits::decisive(const std::byte *element, const LimitState::Reading &reading, Level level) const
{
    SharedLayout::Field item = m_decoder.field();
    if (!item.isArray)
        return m_decoder.read(element);
    const bool isLow = level == Level::Low || level == Level::LowLow;
    const qsizetype count = item.count;
    item.size /= count;
    item.count = 1;
    item.isArray = false;
    item.offset = m_decoder.field().offset;
    for (qsizetype i = 0; i < count; ++i, item.offset += item.size) {
        const Reduction number = reduce(item, element, 0, 1);
        const bool isDecisive = level == Level::Unknown ? number.count == 0
                                                        : number.maximum == (isLow ? reading.least : reading.greatest);
        if (isDecisive)
            break;
    }
    return item.offset < m_decoder.field().offset + m_decoder.field().size ? FieldDecoder(item).read(element)
                                                                           : QVariant();
}

void FieldLimits::removeIdle()
{
    std::erase_if(m_entries, [](const Entry &entry) { return entry.state.isIdle(); });
}

void FieldLimits::advance(qint64 time)
{
    for (Entry &entry : m_entries)
        entry.state.advance(m_limits, time);
}

void FieldLimits::suspend(qint64 time)
{
    // Of these, there is nothing to keep.
    std::erase_if(m_entries, [](const Entry &entry) {
        return entry.state.isAcknowledged()
            && (entry.state.level() == Level::Normal || entry.state.level() == Level::Unknown);
    });
    m_surplus = Level::Normal;
    for (Entry &entry : m_entries)
        entry.state.suspend(m_limits, time);
}

void FieldLimits::reindex(const std::vector<int> &before)
{
    if (m_entries.empty())
        return;
    m_merged.clear();
    for (std::size_t index = 0; index < before.size(); ++index) {
        const auto at = find(before[index]);
        if (at == m_entries.end())
            continue;
        m_merged.push_back(*at);
        m_merged.back().index = static_cast<qint64>(index);
    }
    m_entries.swap(m_merged);
}

void FieldLimits::appendPlaces(std::vector<ElementFinder::Place> *places) const
{
    for (const Entry &entry : m_entries)
        places->push_back({entry.identity, entry.index});
}

void FieldLimits::setPlaces(std::span<const ElementFinder::Place> places)
{
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const qint64 index = places[i].index;
        m_entries[i].index = index != ElementFinder::NotThere ? index : -1 - static_cast<qint64>(i);
    }
    const auto isBefore = [](const Entry &a, const Entry &b) { return a.index < b.index; };
    if (!std::is_sorted(m_entries.begin(), m_entries.end(), isBefore))
        std::sort(m_entries.begin(), m_entries.end(), isBefore);
}

void FieldLimits::appendNewPlaces(std::vector<ElementFinder::Place> *places) const
{
    for (const Entry &entry : m_entries) {
        if (isNew(entry))
            places->push_back({entry.identity, entry.index});
    }
}

const ElementFinder::Place *FieldLimits::identifyNew(const ElementFinder::Place *places, const FieldDecoder &keyField,
                                                     const Elements &elements)
{
    for (Entry &entry : m_entries) {
        if (!isNew(entry))
            continue;
        entry.identity = places++->identity;
        entry.key = keyField.read(elementAt(elements, entry.index));
    }
    return places;
}

bool FieldLimits::acknowledge(ElementIdentity identity)
{
    const auto at = std::find_if(m_entries.begin(), m_entries.end(),
                                 [&](const Entry &entry) { return entry.identity == identity; });
    if (at == m_entries.end() || !at->state.acknowledge())
        return false;
    if (at->state.isIdle())
        m_entries.erase(at);
    return true;
}

bool FieldLimits::acknowledgeAll()
{
    bool isChanged = false;
    for (Entry &entry : m_entries)
        isChanged |= entry.state.acknowledge();
    removeIdle();
    return isChanged;
}
