// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "elementfinder_p.h"
#include "elementrange_p.h"
#include "fielddecoder.h"
#include "fieldmetadata.h"
#include "limitstate_p.h"
#include "timemetadata.h"

#include <QtCore/QVariant>

#include <optional>
#include <span>
#include <utility>
#include <vector>

/// Judges one field of many elements. A block of normal values costs a pass over their numbers; it keeps a state of the
/// other values only.
class SHAREDSEGMENT_EXPORT FieldLimits
{
public:
    using Level = LimitLevel;

    /// The most values that it keeps a state of. Of others, only the level counts, without hysteresis and delay.
    static constexpr std::size_t MostEntries = 65536;

    /// A value that is not normal, waits to be acknowledged, or whose delay runs.
    struct Entry
    {
        qint64 index = 0; ///< in the revision that is judged; less than 0: the revision does not have the element
        ElementIdentity identity;
        LimitState state;
        QVariant value; ///< of an array field, the item that decides
        QVariant key;   ///< the value of the field of the key
    };

    /// The elements of one read, or new elements of a stream.
    struct Elements
    {
        const std::byte *bytes = nullptr; ///< of the first element of `range`
        qsizetype size = 0;               ///< of an element, in bytes
        ElementRange range;
        qint64 time = 0; ///< ns since 1970; of a series, the time of its last element
        /// Of elements that are values of one thing, one after the other, and count as the index 0: their times. Else null.
        const TimeMetadata *series = nullptr;
    };

    /// Returns the limits of the metadata.
    static ValueLimits limitsOf(const FieldMetadata &metadata);
    /// Whether a field has numbers, which can have limits.
    static bool hasNumbers(const FieldDecoder &field) { return field.type() != SharedLayout::Type::Text; }

    /// Removes limits that contradict each other. @returns what to warn of, or an empty text.
    static QString normalise(ValueLimits *limits, const QString &segmentName, const SharedLayout::Field &field);
    /// Returns the limits that the metadata have for a field, or nothing if they have none that makes sense.
    /// @param warning what to warn of, or an empty text
    static std::optional<FieldLimits> of(qsizetype field, const FieldDecoder &decoder, const FieldMetadata &metadata,
                                         const QString &segmentName, QString *warning);

    /// @param field its index in the layout
    FieldLimits(qsizetype field, const FieldDecoder &decoder, const FieldMetadata &metadata, const ValueLimits &limits);

    /// Returns the same without any state.
    FieldLimits withoutStates() const { return {m_field, m_decoder, m_metadata, m_limits}; }

    qsizetype field() const { return m_field; }
    const QString &name() const { return m_decoder.name(); }
    const FieldMetadata &metadata() const { return m_metadata; }
    /// Sorted by index.
    const std::vector<Entry> &entries() const { return m_entries; }
    Level level() const;
    /// Returns the level of a value with a state; Normal of another one.
    Level levelOf(qint64 index) const;
    /// Whether values may lack a state that they should have.
    bool isFull() const { return m_entries.size() >= MostEntries; }
    /// Returns the level of an element as if it had no state: without hysteresis and delay.
    Level momentaryLevel(const std::byte *element, qint64 time) const;
    std::optional<qint64> due() const;

    /// Begins to judge a revision: elements outside of `range` do not exist, or are not watched any more.
    void begin(ElementRange range, qint64 time);
    void judge(const Elements &elements);
    /// Lets excursions count whose delay has passed at `time`.
    void advance(qint64 time);
    /// Nothing is known of the values any more: keeps the alarms.
    void suspend(qint64 time);
    bool acknowledge(ElementIdentity identity);
    bool acknowledgeAll();
    /// Appends the place of each entry.
    void appendPlaces(std::vector<ElementFinder::Place> *places) const;
    /// Entries have other indexes, those of `places`. Others are for elements that do not exist.
    void setPlaces(std::span<const ElementFinder::Place> places);
    /// Appends the place of each entry that came in a revision of elements with keys.
    void appendNewPlaces(std::vector<ElementFinder::Place> *places) const;
    /// Gives these their identities, in the same order, and the values of the field of the key. @returns the places behind.
    const ElementFinder::Place *identifyNew(const ElementFinder::Place *places, const FieldDecoder &keyField,
                                            const Elements &elements);
    /// Elements have other indexes: for each one the index that it had, or less than 0. States of others are dropped.
    void reindex(const std::vector<int> &before);
    /// Takes over the states of the same field under other limits.
    void adopt(FieldLimits &&before) { m_entries = std::move(before.m_entries); }

private:
    bool isNormal(const Elements &elements, qint64 first, qint64 end) const;
    /// Judges the elements `first` to `end` (excluded) that have no entry, of which most blocks are normal as a whole.
    void judge(const Elements &elements, qint64 first, qint64 end);
    void judgeBlock(const Elements &elements, qint64 first, qint64 end);
    void judgeNew(const Elements &elements, qint64 at);
    /// Judges one element of a series.
    void judgeNext(const Elements &elements, qint64 at);
    void update(Entry &entry, const std::byte *element, qint64 time) const;
    /// Returns the item of an element that decides about a level.
    QVariant decisive(const std::byte *element, const LimitState::Reading &reading, Level level) const;
    static bool isNew(const Entry &entry) { return !entry.identity.hasKey() && entry.index >= 0; }
    void removeIdle();
    /// Adds m_new to the entries.
    void takeNew();
    /// Returns the first entry with that index or a greater one.
    std::vector<Entry>::iterator lowerBound(qint64 index);
    std::vector<Entry>::iterator find(qint64 index);

    qsizetype m_field = 0;
    FieldDecoder m_decoder;
    FieldMetadata m_metadata;
    ValueLimits m_limits;
    std::vector<Entry> m_entries;
    std::vector<Entry> m_new;        ///< by judge(), sorted; else empty
    std::vector<Entry> m_merged;     ///< kept, so that a steady state allocates nothing
    Level m_surplus = Level::Normal; ///< the worst of values without an entry
};
