// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "jsonelements.h"

#include "wording.h"

#include <algorithm>

using namespace Qt::StringLiterals;
using Token = JsonTokens::Token;
using TokenType = JsonTokens::Type;

namespace {

/// The last three are not in RFC 8259, but Python writes them.
bool isJson(QByteArrayView word)
{
    static constexpr QByteArrayView words[] = {"true", "false", "null", "NaN", "Infinity", "-Infinity"};
    const auto isDigit = [word](qsizetype i) { return i < word.size() && word[i] >= '0' && word[i] <= '9'; };
    const qsizetype first = word.startsWith('-') ? 1 : 0;
    const qsizetype point = word.indexOf('.');
    const bool isNumber = isDigit(first) && !(word[first] == '0' && isDigit(first + 1))
                       && (point == -1 || (isDigit(point - 1) && isDigit(point + 1)));
    return isNumber
        || std::any_of(std::begin(words), std::end(words), [word](QByteArrayView one) { return one == word; });
}

} // namespace

JsonElements::Outcome JsonElements::next(QByteArray &elements)
{
    if (!m_error.isEmpty())
        return Outcome::Failed;
    for (;;) {
        const Token token = m_tokens.next();
        const bool isInside = m_place != Place::Value;
        if (token.type == TokenType::Failed)
            return failed(m_tokens.errorString(), token.line);
        if (isInside && m_lines == Lines::OneEach && token.line != m_firstLine)
            return failed(
                u"no JSON value: it does not end in its line; use --format json for values of several lines"_s,
                m_firstLine);
        if (token.type == TokenType::NeedsMore)
            return Outcome::NeedsMore;
        if (token.type == TokenType::AtEnd)
            return isInside ? failed(u"no JSON value: what begins here has no end; close its brackets"_s, m_firstLine)
                            : Outcome::NeedsMore;
        if (!isInside) {
            if (m_lines == Lines::OneEach && token.line == m_lastLine)
                return failed(u"no JSON value: there is more after it in its line; put several values in an array"_s,
                              token.line);
            m_firstLine = token.line;
        }
        const Outcome outcome = take(token, elements);
        if (outcome == Outcome::Value)
            m_lastLine = token.line;
        if (outcome != Outcome::NeedsMore)
            return outcome;
    }
}

/// Takes one token. NeedsMore: another token is needed.
JsonElements::Outcome JsonElements::take(const Token &token, QByteArray &elements)
{
    const bool isComma = token.type == TokenType::Comma;
    const bool isArrayEnd = token.type == TokenType::End && token.character == ']';
    const bool isObjectEnd = token.type == TokenType::End && token.character == '}';
    switch (m_place) {
    case Place::Value:
        m_isMany = false;
        if (token.type != TokenType::Begin || token.character != '[')
            return beginElement(token, elements);
        m_isMany = true;
        m_place = Place::First;
        return Outcome::NeedsMore;
    case Place::First:
        if (isArrayEnd) {
            m_place = Place::Value;
            return Outcome::Value;
        }
        if (!m_text.isStruct() && m_text.fields().first().field.isArray && token.type != TokenType::Begin) {
            // The array is itself one element.
            m_isMany = false;
            m_element.fill('\0', m_text.elementSize());
            m_field = m_item = 0;
            return takeItem(token, elements);
        }
        return beginElement(token, elements);
    case Place::Element:
        return beginElement(token, elements);
    case Place::AfterElement:
        if (isComma)
            m_place = Place::Element;
        else if (isArrayEnd)
            m_place = Place::Value;
        else
            return failed(unexpected(token), token.line);
        return isComma ? Outcome::NeedsMore : Outcome::Value;
    case Place::Member:
    case Place::NextMember:
        if (token.type == TokenType::String)
            return takeMember(token);
        if (m_place == Place::Member && isObjectEnd)
            return endElement(elements);
        break;
    case Place::Colon:
        if (token.type != TokenType::Colon)
            break;
        m_place = m_field < 0 ? Place::Other : Place::Field;
        return Outcome::NeedsMore;
    case Place::Field:
        m_item = 0;
        if (!field().field.isArray)
            return takeItem(token, elements);
        if (token.type != TokenType::Begin || token.character != '[')
            return failed(named(u"an array is needed, %1; put the values in brackets"_s.arg(field().field.typeText)),
                          token.line);
        m_place = Place::FirstItem;
        return Outcome::NeedsMore;
    case Place::AfterField:
        if (isObjectEnd)
            return endElement(elements);
        if (!isComma)
            break;
        m_place = Place::NextMember;
        return Outcome::NeedsMore;
    case Place::FirstItem:
    case Place::AfterItem:
        if (isArrayEnd) {
            if (m_item != field().items) {
                return failed(named(u"%1 takes %2, not %3; give exactly that number"_s
                                        .arg(field().field.typeText, Wording::counted(field().items, u"value"_s))
                                        .arg(m_item)),
                              token.line);
            }
            if (!m_text.isStruct())
                return endElement(elements);
            m_place = Place::AfterField;
            return Outcome::NeedsMore;
        }
        if (m_place == Place::FirstItem)
            return takeItem(token, elements);
        if (!isComma)
            break;
        m_place = Place::Item;
        return Outcome::NeedsMore;
    case Place::Item:
        return takeItem(token, elements);
    case Place::Other:
        return skip(token);
    }
    return failed(unexpected(token), token.line);
}

JsonElements::Outcome JsonElements::beginElement(const Token &token, QByteArray &elements)
{
    const bool isArray = !m_text.isStruct() && m_text.fields().first().field.isArray;
    m_field = m_item = 0;
    if (m_text.isStruct() || isArray) {
        if (token.type != TokenType::Begin && token.type != TokenType::String && token.type != TokenType::Word)
            return failed(unexpected(token), token.line);
        if (token.type != TokenType::Begin || token.character != (isArray ? '[' : '{')) {
            return failed(isArray ? u"an array is needed, %1; put the values in brackets"_s.arg(
                              m_text.fields().first().field.typeText)
                                  : u"an object with the fields %1 is needed; give one for each element"_s.arg(
                                      m_text.columnNames()),
                          token.line);
        }
    }
    m_element.fill('\0', m_text.elementSize());
    if (!m_text.isStruct() && !isArray)
        return takeItem(token, elements);
    m_hasMember.fill(false);
    m_members = 0;
    m_place = isArray ? Place::FirstItem : Place::Member;
    return Outcome::NeedsMore;
}

JsonElements::Outcome JsonElements::endElement(QByteArray &elements)
{
    if (m_text.isStruct() && m_members != m_text.fields().size()) {
        qsizetype missing = 0;
        while (m_hasMember.testBit(missing))
            ++missing;
        return failed(u"there is no \"%1\"; give all of the layout's fields"_s.arg(
                          QString::fromUtf8(m_text.fields().at(missing).name)),
                      m_tokens.line());
    }
    elements += m_element;
    m_place = m_isMany ? Place::AfterElement : Place::Value;
    return m_isMany ? Outcome::Element : Outcome::Value;
}

JsonElements::Outcome JsonElements::takeItem(const Token &token, QByteArray &elements)
{
    auto *const element = reinterpret_cast<std::byte *>(m_element.data());
    if (token.type != TokenType::String && token.type != TokenType::Word) {
        return failed(token.type == TokenType::Begin
                          ? named(u"a value is needed, not an %1; leave out the bracket"_s.arg(
                              token.character == '[' ? u"array"_s : u"object"_s))
                          : unexpected(token),
                      token.line);
    }
    if (token.type == TokenType::Word && !isJson(token.text))
        return failed(u"no JSON value: "_s + Wording::shortened(token.text) + u"; put text in quotes"_s, token.line);
    if (m_item >= field().items) {
        return failed(named(u"%1 takes %2, not more; remove the others"_s.arg(
                          field().field.typeText, Wording::counted(field().items, u"value"_s))),
                      token.line);
    }
    QString why;
    if (token.type == TokenType::String ? !m_text.readString(token.text, field(), m_item, element, &why)
                                        : !m_text.readWord(token.text, field(), m_item, element, &why))
        return failed(named(why), token.line);
    ++m_item;
    if (field().field.isArray)
        m_place = Place::AfterItem;
    else if (m_text.isStruct())
        m_place = Place::AfterField;
    else
        return endElement(elements);
    return Outcome::NeedsMore;
}

JsonElements::Outcome JsonElements::takeMember(const Token &token)
{
    const std::optional<qsizetype> found = m_text.fieldNamed(token.text);
    m_field = found.value_or(-1);
    m_open.clear();
    m_place = Place::Colon;
    if (!found) {
        if (m_notice.isEmpty())
            m_notice = u"left out, since the layout has no such field: "_s + Wording::shortened(token.text);
        return Outcome::NeedsMore;
    }
    if (m_hasMember.testBit(*found))
        return failed(u"\"%1\" occurs twice; remove one"_s.arg(Wording::shortened(token.text)), token.line);
    m_hasMember.setBit(*found);
    ++m_members;
    return Outcome::NeedsMore;
}

JsonElements::Outcome JsonElements::skip(const Token &token)
{
    const bool isValue = token.type == TokenType::String || token.type == TokenType::Word
                      || token.type == TokenType::Begin;
    const bool isEnd = token.type == TokenType::End;
    if ((m_open.isEmpty() && !isValue) || (isEnd && !m_open.endsWith(token.character == ']' ? '[' : '{'))
        || (token.type == TokenType::Word && !isJson(token.text)))
        return failed(unexpected(token), token.line);
    if (token.type == TokenType::Begin)
        m_open += token.character;
    else if (isEnd)
        m_open.chop(1);
    if (m_open.isEmpty())
        m_place = Place::AfterField;
    return Outcome::NeedsMore;
}

QString JsonElements::named(const QString &why) const
{
    if (!m_text.isStruct() && !field().field.isArray)
        return why;
    const bool isItem = field().field.isArray
                     && (m_place == Place::FirstItem || m_place == Place::Item || m_place == Place::First);
    return QString::fromUtf8(field().name) + (isItem ? u"[%1]"_s.arg(m_item) : QString()) + u": "_s + why;
}

QString JsonElements::unexpected(const Token &token) const
{
    const QString what = token.type == TokenType::Comma  ? u"a comma"_s
                       : token.type == TokenType::Colon  ? u"a colon"_s
                       : token.type == TokenType::String ? u"a string"_s
                       : token.type == TokenType::Word   ? Wording::shortened(token.text)
                                                         : u'"' + QString(QLatin1Char(token.character)) + u'"';
    return u"no JSON value: there is %1 where none can be; put several values in an array, or each in its line"_s.arg(
        what);
}

JsonElements::Outcome JsonElements::failed(const QString &why, qint64 line)
{
    m_error = why;
    m_errorLine = line;
    return Outcome::Failed;
}
