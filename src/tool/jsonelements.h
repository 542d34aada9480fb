// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "elementtext.h"
#include "jsontokens.h"

#include <QtCore/QBitArray>
#include <QtCore/QByteArray>

/// Converts a sequence of JSON values to elements: each value is an element or an array of elements. A struct is an object with
/// its fields' flattened names; other members are skipped. Memory use does not depend on the depth of the values.
class JsonElements
{
public:
    enum class Lines {
        Free,   ///< a value may span several lines
        OneEach ///< each line holds exactly one value
    };
    enum class Outcome {
        Element, ///< one more element
        Value,   ///< the end of a whole value
        NeedsMore,
        Failed,
    };

    JsonElements(const ElementText &text, Lines lines)
        : m_text(text)
        , m_lines(lines)
        , m_hasMember(text.fields().size())
    {
    }

    void feed(QByteArrayView bytes) { m_tokens.feed(bytes); }
    void finish() { m_tokens.finish(); }
    Outcome next(QByteArray &elements);
    const QString &errorString() const { return m_error; }
    qint64 errorLine() const { return m_errorLine; }
    const QString &notice() const { return m_notice; }

private:
    /// The position within a value; it determines which tokens may follow.
    enum class Place {
        Value,   ///< before a value
        First,   ///< in an array of elements, before the first
        Element, ///< in an array of elements, after a comma
        AfterElement,
        Member, ///< in an object, before the first member
        NextMember,
        Colon,
        Field,
        AfterField,
        Item, ///< in an array that is a field
        FirstItem,
        AfterItem,
        Other, ///< in a skipped member, at the depth of m_open
    };

    Outcome failed(const QString &why, qint64 line);
    Outcome take(const JsonTokens::Token &token, QByteArray &elements);
    Outcome beginElement(const JsonTokens::Token &token, QByteArray &elements);
    Outcome endElement(QByteArray &elements);
    Outcome takeItem(const JsonTokens::Token &token, QByteArray &elements);
    Outcome takeMember(const JsonTokens::Token &token);
    Outcome skip(const JsonTokens::Token &token);
    QString named(const QString &why) const;
    const ElementText::Field &field() const { return m_text.fields().at(m_field); }
    QString unexpected(const JsonTokens::Token &token) const;

    const ElementText &m_text;
    Lines m_lines;
    JsonTokens m_tokens;
    Place m_place = Place::Value;
    bool m_isMany = false; ///< in an array of elements
    QByteArray m_element;  ///< the incomplete element
    qsizetype m_field = 0;
    qint64 m_item = 0;
    QBitArray m_hasMember;
    qsizetype m_members = 0;
    QByteArray m_open; ///< open brackets within a skipped member
    qint64 m_firstLine = 0;
    qint64 m_lastLine = 0; ///< last line of the previous value
    QString m_error;
    qint64 m_errorLine = 0;
    QString m_notice;
};
