// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "csvelements.h"
#include "elementtext.h"
#include "jsonelements.h"

#include <QtCore/QByteArray>

#include <memory>
#include <optional>

/// Takes bytes as they come and makes revisions of them, each of `length` elements.
///
/// In CSV each line is an element, in JSON each value or each item of an array; where the layout is no struct, a line of CSV may
/// hold several elements. Raw bytes are taken as they are. Each byte is looked at once, and what is kept is at most one line or
/// value and one revision.
class RevisionParser
{
public:
    enum class Format { Csv, Json, JsonLines, Raw };
    static std::optional<Format> formatOf(const QString &name);

    RevisionParser(const SharedLayout &layout, Format format, const CsvStyle &style = {});

    /// See CsvElements.
    void setComment(const QByteArray &comment);
    /// The elements of a revision; 0, the default, until it is known: then it is the number in the first line or value.
    void setLength(qint64 length) { m_length = length; }
    qint64 length() const { return m_length; }

    void feed(QByteArrayView bytes);
    /// No more will come: what is left is the last line.
    void finish();

    /// The next revision, if there is a whole one. Nothing also on failure: see errorString().
    std::optional<QByteArray> next();
    /// Elements that are left over once all has come.
    qint64 leftover() const { return m_elements.size() / m_text.elementSize(); }
    /// Bytes that are left over then and make no whole element; only raw ones can.
    qsizetype leftoverBytes() const { return m_elements.size() % m_text.elementSize(); }
    qsizetype elementSize() const { return m_text.elementSize(); }
    /// Empty while all is well. Names the line.
    const QString &errorString() const { return m_error; }
    /// What is to be said of the input once it has begun, if anything.
    QString notice() const;

private:
    void passOn(QByteArrayView bytes);
    void passBeginning();
    bool takeText(bool *isWhole);
    void takeRaw();
    bool isRevision() const { return m_length > 0 && m_elements.size() / m_text.elementSize() >= m_length; }
    bool failed(qint64 line, const QString &why);

    ElementText m_text;
    Format m_format;
    std::unique_ptr<CsvElements> m_csv;
    std::unique_ptr<JsonElements> m_json;
    QByteArray m_beginning; ///< until it is known whether it is a byte order mark
    bool m_hasBegun = false;
    bool m_isFinished = false;
    QByteArray m_raw;
    qsizetype m_position = 0;
    QByteArray m_elements;
    qint64 m_length = 0;
    QString m_error;
};
