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

/// Converts the bytes of one field of an element into a QVariant and back: for higher layers that show fields known
/// only at run time. Not installed.
///
/// Integers, `bool` and floating-point numbers become their Qt types, a text becomes a QString up to its first NUL, and
/// an array a QVariantList.
class SHAREDSEGMENT_EXPORT FieldDecoder
{
public:
    enum class Strings {
        Refuse, ///< a string is not a number, except for 64-bit integers, whose digits JavaScript's numbers do not all hold
        Convert, ///< text typed into an editor is converted to a number
    };

    /// The maximum number of items in a list: a longer one would take seconds and gigabytes.
    static constexpr qsizetype MostListItems = qsizetype(1) << 24;

    /// The items of an array that a text shows: enough for one cell of a view.
    static constexpr qsizetype MostTextItems = 1000;

    FieldDecoder() = default;
    explicit FieldDecoder(const SharedLayout::Field &field);

    static QList<FieldDecoder> of(const SharedLayout &layout);
    /// Whether a value is a number of any type; no bool and no text is one.
    static bool isNumber(const QVariant &value);

    const QString &name() const { return m_field.name; }
    SharedLayout::Type type() const { return m_field.type; }
    const SharedLayout::Field &field() const { return m_field; }

    /// Reads the field. `element` points to the element, not to the field. Throws std::bad_alloc when the list or text
    /// does not fit into memory.
    QVariant read(const std::byte *element) const
    {
        // Inline, since views read very many values, most of them doubles.
        if (m_field.type == SharedLayout::Type::Float64 && !m_field.isArray) [[likely]] {
            double value;
            std::memcpy(&value, element + m_field.offset, sizeof value);
            return value;
        }
        return m_field.isArray ? QVariant(readList(element, m_field.count)) : readItem(element + m_field.offset);
    }

    /// Reads at most the first `most` items of an array. Throws as read() does.
    QVariantList readList(const std::byte *element, qsizetype most) const;

    /// Reads the field for a view: like read(), but an array becomes one text of its first MostTextItems, separated by commas.
    QVariant readForDisplay(const std::byte *element) const
    {
        return m_field.isArray ? readListText(element) : read(element);
    }

    /// Writes the field. Fails, and writes nothing, if the value has another type, another length or is out of range;
    /// `why`, if given, then gives the cause.
    bool write(std::byte *element, const QVariant &value, Strings strings, QString *why = nullptr) const;

    /// Returns whether both elements have the same value in this field. Numbers are compared by their bytes.
    bool isSame(const std::byte *element, const std::byte *other) const;

    /// Copies this field's bytes from one element into another.
    void copy(const std::byte *from, std::byte *to) const;

private:
    QVariant readListText(const std::byte *element) const;
    QVariant readItem(const std::byte *item) const;
    QVariant readText(const std::byte *item) const; ///< not part of readItem(), where it would slow down numbers
    qsizetype textSize(const std::byte *item) const;
    bool writeField(std::byte *element, const QVariant &value, Strings strings, QString *why) const;
    bool writeItem(std::byte *item, const QVariant &value, Strings strings, QString *why) const;
    bool writeTyped(std::byte *item, const QString &typed, QString *why) const;
    bool writeText(std::byte *item, const QVariant &value, QString *why) const;
    bool refuse(NumberText::Outcome outcome, const QVariant &value, QString *why) const;

    SharedLayout::Field m_field{};
    qsizetype m_itemSize = 0;
};
