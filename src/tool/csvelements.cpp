// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "csvelements.h"

#include "wording.h"

#include "../core/numbertext.h"

#include <QtCore/QBitArray>
#include <QtCore/QRegularExpression>

#include <algorithm>
#include <optional>
#include <utility>

using namespace Qt::StringLiterals;
using Outcome = CsvRecords::Outcome;
using Type = SharedLayout::Type;

CsvElements::CsvElements(const ElementText &text, const CsvStyle &style)
    : m_text(text)
    , m_style(style)
    , m_records(style.delimiter)
    , m_hasOnlyTexts(std::all_of(text.fields().begin(), text.fields().end(),
                                 [](const ElementText::Field &field) { return field.field.type == Type::Text; }))
{
    const bool isMissing = std::any_of(style.missing.begin(), style.missing.end(),
                                       [](const QByteArray &one) { return one.startsWith('#'); });
    if (m_text.fieldOf(0).field.type != Type::Text && !isMissing)
        m_records.setComment("#");
    m_records.setLongest([this](qint64 cell) { return longestQuoted(cell); });
}

void CsvElements::setComment(const QByteArray &comment)
{
    m_hasComment = true;
    m_records.setComment(comment);
}

qint64 CsvElements::longestQuoted(qint64 cell) const
{
    // The name of a row or a column. Spreadsheets break column names into lines.
    constexpr qint64 Name = 256;
    // The text of a skipped column.
    constexpr qint64 Other = 1 << 16;
    if (m_isFirst)
        return std::max(Name, m_text.longestText());
    const qint64 width = cellsOfElement();
    if (m_text.isStruct() && cell >= width)
        return Name;
    const qint64 column = columnOfCell(cell % width);
    if (column < 0)
        return Other;
    const SharedLayout::Field &field = m_text.fieldOf(column).field;
    return field.type == Type::Text ? field.size : m_headerCells > 0 && cell == 0 ? Name : 0;
}

bool CsvElements::isBlank(QByteArrayView record) const
{
    return std::all_of(record.begin(), record.end(),
                       [this](char c) { return c == ' ' || (c == '\t' && m_style.delimiter != '\t'); });
}

bool CsvElements::isComment(const CsvRecords::Record &record) const
{
    // A text may begin with #.
    return record.isComment
        || (!m_hasComment && record.text.startsWith('#') && m_text.isStruct() && record.cells != cellsOfElement());
}

QByteArrayView CsvElements::errorValue(const CsvRecords::Record &record) const
{
    static constexpr QByteArrayView Values[] = {"#N/A", "#NUM!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NULL!"};
    for (const QByteArrayView value : Values) {
        if (!m_hasComment && record.text.startsWith(value)
            && (record.text.size() == value.size() || record.text[value.size()] == m_style.delimiter))
            return value;
    }
    return {};
}

Outcome CsvElements::next(QByteArray &elements)
{
    CsvRecords::Record record;
    for (;;) {
        const Outcome outcome = m_records.next(&record);
        if (outcome == Outcome::Failed) {
            m_error = m_records.errorString();
            m_errorLine = m_records.errorLine();
        }
        if (outcome != Outcome::Record)
            return outcome;
        if (isBlank(record.text))
            continue;
        if (isComment(record)) {
            const QByteArrayView value = errorValue(record);
            if (value.isEmpty())
                continue;
            m_error = u"\"%1\" is no number; if it stands for none, use --missing '%1'"_s.arg(QString::fromUtf8(value));
            m_errorLine = record.line;
            return Outcome::Failed;
        }
        QString missing;
        Header header = m_isFirst ? takeHeader(record, &missing) : Header::None;
        if (header == Header::Whole) {
            settleHeader();
            continue;
        }
        const qsizetype before = elements.size();
        QString why;
        // If all columns are texts, a record that names some columns is a header that lacks one.
        if ((header != Header::Part || !m_hasOnlyTexts) && take(record, elements, &why)) {
            settleHeader();
            return Outcome::Record;
        }
        elements.resize(before);
        const QString delimiter = hint(record.text);
        m_error = header == Header::Part ? missing : why + delimiter;
        if (header == Header::None && delimiter.isEmpty() && !missing.isEmpty())
            m_error += u"; as a header: "_s + missing;
        if (!m_error.contains(u"; "_s))
            m_error += u"; correct the line, or the layout"_s;
        m_errorLine = record.line;
        return Outcome::Failed;
    }
}

void CsvElements::settleHeader()
{
    if (!std::exchange(m_isFirst, false))
        return;
    // One more cell for a row name or a trailing delimiter.
    if (m_text.isStruct())
        m_records.setMostCells(cellsOfElement() + 1);
}

CsvElements::Header CsvElements::takeHeader(const CsvRecords::Record &record, QString *missing)
{
    QBitArray isThere(m_text.columnCount());
    QList<qint64> columns;
    QStringList others;
    QString twice;
    qint64 known = 0;
    qint64 cells = 0;
    bool isInOrder = true;
    bool hasNumber = false;
    forEachCell(record.text, m_style.delimiter, [&](QByteArrayView cell, bool) {
        const QByteArray name = cell.toByteArray().trimmed();
        const std::optional<qint64> column = m_text.columnOf(name);
        if (isInOrder && column != cells) {
            isInOrder = false;
            for (qint64 i = 0; i < cells; ++i)
                columns.append(i);
        }
        if (!isInOrder)
            columns.append(column.value_or(-1));
        ++cells;
        if (column) {
            if (isThere.testBit(*column))
                twice = Wording::shortened(name);
            isThere.setBit(*column);
            ++known;
        } else if (!name.isEmpty()) {
            constexpr qsizetype Most = 20;
            if (others.size() < Most)
                others.append(Wording::shortened(name));
            double number = 0;
            hasNumber = hasNumber
                     || NumberText::parse(name, Type::Float64, reinterpret_cast<std::byte *>(&number))
                            != NumberText::Outcome::NotANumber;
        }
        return true;
    });
    if (!twice.isEmpty()) {
        *missing = u"there are two columns \"%1\"; name each once"_s.arg(twice);
        return Header::Part;
    }
    if (known == m_text.columnCount()) {
        m_headerCells = cells;
        if (!isInOrder)
            m_columns = columns;
        if (!others.isEmpty())
            m_notice = u"left out, since the layout has no such field: "_s + others.join(u", ");
        return Header::Whole;
    }
    if (hasNumber && known == 0)
        return Header::None;
    qint64 first = 0;
    while (isThere.testBit(first))
        ++first;
    const QString name = QString::fromUtf8(m_text.columnName(first));
    const qsizetype other =
        others.indexOf(QRegularExpression(QRegularExpression::anchoredPattern(QRegularExpression::escape(name)),
                                          QRegularExpression::CaseInsensitiveOption));
    *missing = u"there is no column \"%1\""_s.arg(name)
             + (other == -1 ? u"; the layout has %1"_s.arg(m_text.columnNames())
                            : u", but \"%1\"; write it so in the layout"_s.arg(others.at(other)));
    return known > 0 ? Header::Part : Header::None;
}

bool CsvElements::take(const CsvRecords::Record &record, QByteArray &elements, QString *why)
{
    const qint64 width = cellsOfElement();
    qint64 skipped = 0;
    qint64 cells = record.cells;
    if (m_text.isStruct() && cells == width + 1) {
        if (record.text.endsWith(m_style.delimiter))
            --cells;
        else if (m_headerCells > 0 && record.text.startsWith('"'))
            skipped = 1;
    }
    if (m_text.isStruct() ? cells - skipped != width : cells % width != 0) {
        *why = u"%1 where %2 needed: %3"_s.arg(Wording::counted(cells, u"value"_s),
                                               QString::number(width) + (width == 1 ? u" is"_s : u" are"_s),
                                               namesOfCells());
        return false;
    }
    qint64 cell = -skipped;
    std::byte *element = nullptr;
    return forEachCell(record.text, m_style.delimiter, [&](QByteArrayView text, bool) {
        const qint64 place = cell++;
        if (place < 0 || place >= cells)
            return true;
        if (place % width == 0) {
            elements.append(m_text.elementSize(), '\0');
            element = reinterpret_cast<std::byte *>(elements.data()) + elements.size() - m_text.elementSize();
        }
        const qint64 column = columnOfCell(place % width);
        return column < 0 || m_text.readCell(text, column, m_style, element, why);
    });
}

QString CsvElements::namesOfCells() const
{
    return m_headerCells > m_text.columnCount() ? u"as many as the first line has"_s : m_text.columnNames();
}

QString CsvElements::hint(QByteArrayView record) const
{
    if (record.contains(m_style.delimiter))
        return {};
    for (const char other : {';', '\t', ',', '|'}) {
        if (other != m_style.delimiter && record.contains(other) && (m_text.columnCount() > 1 || other != ',')) {
            return u"; if %1 separates the values, use --delimiter %2"_s.arg(
                other == '\t' ? u"a tab"_s : QString(QLatin1Char(other)),
                other == '\t' ? u"tab"_s : u"'%1'"_s.arg(QLatin1Char(other)));
        }
    }
    return {};
}
