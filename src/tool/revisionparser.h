// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "csvelements.h"
#include "elementtext.h"
#include "jsonelements.h"

#include <QtCore/QByteArray>

#include <memory>
#include <optional>

/// Incremental parser that converts input to revisions of `count` elements each, or of a count of their own.
///
/// In CSV each line is an element, in JSON each value or each item of an array. If the layout is not a struct, a line of CSV may
/// hold several elements. Raw bytes are taken unchanged. The parser examines each byte once and keeps at most one line or value
/// and one revision.
class RevisionParser
{
public:
    enum class Format { Csv, Json, JsonLines, Raw };
    static std::optional<Format> formatOf(const QString &name);

    RevisionParser(const SharedLayout &layout, Format format, const CsvStyle &style = {});

    /// See CsvElements.
    void setComment(const QByteArray &comment);
    /// The elements of a revision. 0, the default: the number of elements in the first line or value.
    void setCount(qint64 count) { m_count = count; }
    qint64 count() const { return m_count; }
    /// Makes each line of CSV or each value of JSON a revision, of at most `count` elements.
    void setVariable() { m_isVariable = true; }

    void feed(QByteArrayView bytes);
    /// The end of the input: the remaining bytes are the last line.
    void finish();

    /// The next complete revision, if any. Nothing on failure either: see errorString().
    std::optional<QByteArray> next();
    /// Elements of an incomplete revision after the end of the input.
    qint64 leftover() const { return m_elements.size() / m_text.elementSize(); }
    /// Bytes of an incomplete element after the end of raw input.
    qsizetype leftoverBytes() const { return m_elements.size() % m_text.elementSize(); }
    qsizetype elementSize() const { return m_text.elementSize(); }
    /// The error with its line; empty without an error.
    const QString &errorString() const { return m_error; }
    /// A remark about the input once it has begun, or empty.
    QString notice() const;

private:
    void passOn(QByteArrayView bytes);
    void passBeginning();
    bool takeText(bool *isWhole);
    void takeRaw();
    bool isRevision() const
    {
        return !m_isVariable && m_count > 0 && m_elements.size() / m_text.elementSize() >= m_count;
    }
    bool failed(qint64 line, const QString &why);

    ElementText m_text;
    Format m_format;
    std::unique_ptr<CsvElements> m_csv;
    std::unique_ptr<JsonElements> m_json;
    QByteArray m_beginning; ///< the first bytes, until a byte order mark is recognised or excluded
    bool m_hasBegun = false;
    bool m_isFinished = false;
    QByteArray m_raw;
    qsizetype m_position = 0;
    QByteArray m_elements;
    qint64 m_count = 0;
    bool m_isVariable = false;
    QString m_error;
};
