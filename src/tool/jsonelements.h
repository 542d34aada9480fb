// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "elementtext.h"
#include "jsontokens.h"

#include <QtCore/QBitArray>
#include <QtCore/QByteArray>

/// Makes elements of JSON values, one behind another: each is an element, or an array of some. A struct is an object with its
/// fields' flattened names; other members are left out. The memory it takes does not depend on how deep the values are.
class JsonElements
{
public:
    enum class Lines {
        Free,   ///< a value may take several
        OneEach ///< each value has one line, and the line nothing else
    };
    enum class Outcome {
        Element, ///< one more
        Value,   ///< a whole value has ended, with what it held
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
    /// Where in a value it is, which says what can come next.
    enum class Place {
        Value,   ///< before one
        First,   ///< within an array of elements, before the first
        Element, ///< behind a comma there
        AfterElement,
        Member, ///< within an object, before the first
        NextMember,
        Colon,
        Field,
        AfterField,
        Item, ///< within an array that is a field
        FirstItem,
        AfterItem,
        Other, ///< within a member that is left out, as far as m_open says
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
    bool m_isMany = false; ///< within an array of elements
    QByteArray m_element;  ///< that is not whole yet
    qsizetype m_field = 0;
    qint64 m_item = 0;
    QBitArray m_hasMember;
    qsizetype m_members = 0;
    QByteArray m_open; ///< brackets that are open in what is left out
    qint64 m_firstLine = 0;
    qint64 m_lastLine = 0; ///< of the value before
    QString m_error;
    qint64 m_errorLine = 0;
    QString m_notice;
};
