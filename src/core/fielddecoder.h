// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "numbertext.h"
#include "sharedlayout.h"
#include "sharedsegment_export.h"

#include <QtCore/QList>
#include <QtCore/QVariant>

#include <cstddef>
#include <cstring>

/// Turns the bytes of one field of an element into a QVariant and back: for layers above that show what they have never seen.
/// Not installed.
///
/// Integers, `bool` and floating-point numbers become their Qt types, text a QString up to its first NUL, arrays a
/// QVariantList.
class SHAREDSEGMENT_EXPORT FieldDecoder
{
public:
    enum class Strings {
        Refuse, ///< a string is no number, but for whole ones of 64 bits, of which JavaScript's numbers do not have all digits
        Convert, ///< what was typed into an editor becomes a number if it is one
    };

    /// An array of more items is not made a list, which would take seconds and gigabytes.
    static constexpr qsizetype MostListItems = qsizetype(1) << 24;

    FieldDecoder() = default;
    explicit FieldDecoder(const SharedLayout::Field &field);

    static QList<FieldDecoder> of(const SharedLayout &layout);

    const QString &name() const { return m_field.name; }
    SharedLayout::Type type() const { return m_field.type; }
    const SharedLayout::Field &field() const { return m_field; }

    /// `element` is where the element begins, not the field. Throws std::bad_alloc where no list or text can hold the value.
    QVariant read(const std::byte *element) const
    {
        // Inline, since views ask for very many values, and most of all for doubles.
        if (m_field.type == SharedLayout::Type::Float64 && !m_field.isArray) [[likely]] {
            double value;
            std::memcpy(&value, element + m_field.offset, sizeof value);
            return value;
        }
        return m_field.isArray ? QVariant(readList(element, m_field.count)) : readItem(element + m_field.offset);
    }

    /// What a view shows, which is text or becomes it: an array's items are one text, with commas between, of the first thousand.
    QVariant readForDisplay(const std::byte *element) const
    {
        return m_field.isArray ? readListText(element) : read(element);
    }

    /// Writes nothing on failure: the value has another type, lies outside the type's range or has another length.
    /// `why` then says so.
    bool write(std::byte *element, const QVariant &value, Strings strings, QString *why = nullptr) const;

    /// Whether the two elements have the same value in this field; of numbers, the same bytes.
    bool isSame(const std::byte *element, const std::byte *other) const;

    /// Copies this field's bytes from one element into another.
    void copy(const std::byte *from, std::byte *to) const;

private:
    QVariantList readList(const std::byte *element, qsizetype most) const;
    QVariant readListText(const std::byte *element) const;
    QVariant readItem(const std::byte *item) const;
    QVariant readText(const std::byte *item) const; ///< apart from readItem(), where it slows down the numbers
    qsizetype textSize(const std::byte *item) const;
    bool writeField(std::byte *element, const QVariant &value, Strings strings, QString *why) const;
    bool writeItem(std::byte *item, const QVariant &value, Strings strings, QString *why) const;
    bool writeTyped(std::byte *item, const QString &typed, QString *why) const;
    bool writeText(std::byte *item, const QVariant &value, QString *why) const;
    bool refuse(NumberText::Outcome outcome, const QVariant &value, QString *why) const;

    SharedLayout::Field m_field{};
    qsizetype m_itemSize = 0;
};
