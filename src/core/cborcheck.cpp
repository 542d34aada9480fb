// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "cborcheck_p.h"

#include <QtCore/QVarLengthArray>

#include <optional>

using namespace Qt::StringLiterals;

namespace {

// The first byte of an item: three bits of type and five of information.
enum MajorType : quint8 { Unsigned, Negative, Bytes, Text, Array, Map, Tag, Simple };
constexpr quint8 OneByteFollows = 24;
constexpr quint8 EightBytesFollow = 27;
constexpr quint8 Indefinite = 31;
constexpr quint8 Break = 0xff;
constexpr quint64 FirstSimpleOfTwoBytes = 32;

struct CborLevel
{
    MajorType type;
    bool isIndefinite; ///< ends at a break
    quint64 items;     ///< definite: those to come; indefinite: those seen
};

QString tooManyItems(qint64 most)
{
    return u"has more than %1 values; share large arrays as segments of their own"_s.arg(most);
}

QString tooManyLevels(int most)
{
    return u"is nested deeper than %1 levels; flatten it"_s.arg(most);
}

class CborScanner
{
public:
    CborScanner(QByteArrayView bytes, CborCheck::Limits limits)
        : m_bytes(bytes)
        , m_limits(limits)
    {
    }

    QString scan()
    {
        do {
            if (QString why = next(); !why.isEmpty())
                return why;
            while (!m_levels.isEmpty() && !m_levels.last().isIndefinite && m_levels.last().items == 0)
                m_levels.removeLast();
        } while (!m_levels.isEmpty());
        if (m_at < m_bytes.size())
            return u"goes on after its end, for %1 bytes; publish one value alone"_s.arg(m_bytes.size() - m_at);
        return QString();
    }

private:
    QString next()
    {
        if (m_at == m_bytes.size())
            return endsEarly();
        const quint8 first = byte();
        if (first == Break)
            return endLevel();
        const auto type = static_cast<MajorType>(first >> 5);
        const quint8 information = first & 0x1f;
        if (!count(type, information))
            return malformed();
        if (++m_items > m_limits.items)
            return tooManyItems(m_limits.items);
        if (information == Indefinite)
            return type == Bytes || type == Text || type == Array || type == Map ? enter({type, true, 0}) : malformed();
        if (information > EightBytesFollow)
            return malformed();
        const std::optional<quint64> argument = this->argument(information);
        return argument ? item(type, information, *argument) : endsEarly();
    }

    QString item(MajorType type, quint8 information, quint64 argument)
    {
        const auto left = static_cast<quint64>(m_bytes.size() - m_at);
        switch (type) {
        case Unsigned:
        case Negative:
            return QString();
        case Bytes:
        case Text:
            if (argument > left)
                return endsEarly();
            m_at += static_cast<qsizetype>(argument);
            return QString();
        case Array:
            return argument > left ? endsEarly() : enter({type, false, argument});
        case Map:
            return argument > left / 2 ? endsEarly() : enter({type, false, 2 * argument});
        case Tag:
            return enter({type, false, 1});
        case Simple:
            return information == OneByteFollows && argument < FirstSimpleOfTwoBytes ? malformed() : QString();
        }
        return malformed();
    }

    /// Counts an item in its level. @returns whether it may be there: texts in pieces consist of texts.
    bool count(MajorType type, quint8 information)
    {
        if (m_levels.isEmpty())
            return true;
        CborLevel &level = m_levels.last();
        level.isIndefinite ? ++level.items : --level.items;
        const bool isInPieces = level.type == Bytes || level.type == Text;
        return !isInPieces || (type == level.type && information != Indefinite);
    }

    QString enter(CborLevel level)
    {
        if (m_levels.size() >= m_limits.levels)
            return tooManyLevels(m_limits.levels);
        m_levels.append(level);
        return QString();
    }

    QString endLevel()
    {
        if (m_levels.isEmpty() || !m_levels.last().isIndefinite
            || (m_levels.last().type == Map && m_levels.last().items % 2 != 0))
            return malformed();
        m_levels.removeLast();
        return QString();
    }

    /// Reads the number in the information or in the bytes after it; nothing if they are missing.
    std::optional<quint64> argument(quint8 information)
    {
        if (information < OneByteFollows)
            return information;
        const qsizetype size = qsizetype(1) << (information - OneByteFollows);
        if (m_bytes.size() - m_at < size)
            return std::nullopt;
        quint64 value = 0;
        for (qsizetype i = 0; i < size; ++i)
            value = value << 8 | byte();
        return value;
    }

    quint8 byte() { return static_cast<quint8>(m_bytes[m_at++]); }

    QString malformed() const { return u"is not well-formed CBOR before byte %1; publish one whole value"_s.arg(m_at); }
    static QString endsEarly() { return u"ends before its CBOR is complete; publish one whole value"_s; }

    const QByteArrayView m_bytes;
    const CborCheck::Limits m_limits;
    qsizetype m_at = 0;
    qint64 m_items = 0;
    QVarLengthArray<CborLevel, 16> m_levels;
};

} // namespace

QString CborCheck::whyNotCbor(QByteArrayView bytes, Limits limits)
{
    return CborScanner(bytes, limits).scan();
}

QString CborCheck::whyNotJson(QByteArrayView bytes, Limits limits)
{
    bool isInText = false;
    int levels = 0;
    qint64 items = 1;
    for (qsizetype at = 0; at < bytes.size(); ++at) {
        const char c = bytes[at];
        if (isInText) {
            if (c == '\\')
                ++at;
            else if (c == '"')
                isInText = false;
        } else if (c == '"') {
            isInText = true;
        } else if (c == '[' || c == '{') {
            ++items;
            if (++levels > limits.levels)
                return tooManyLevels(limits.levels);
        } else if (c == ']' || c == '}') {
            --levels;
        } else if (c == ',' || c == ':') {
            ++items;
        }
        if (items > limits.items)
            return tooManyItems(limits.items);
    }
    return QString();
}
