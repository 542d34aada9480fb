// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "elementtext.h"

#include <QtCore/QByteArray>

#include <optional>

/// Takes bytes as they come and makes revisions of them, each of `length` elements.
///
/// In CSV and JSON each line is an element; in CSV a first line with the fields' names says their order. Where the layout is no
/// struct, a line may hold several elements: values with commas between, or a JSON array. Raw bytes are taken as they are.
class RevisionParser
{
public:
    enum class Format { Csv, Json, Raw };

    RevisionParser(const SharedLayout &layout, Format format);

    /// The elements of a revision; 0, the default, until it is known: then it is the number in the first line.
    void setLength(qint64 length) { m_length = length; }
    qint64 length() const { return m_length; }

    void feed(const QByteArray &bytes) { m_buffer += bytes; }
    /// No more will come: what is left is the last line.
    void finish() { m_isFinished = true; }

    /// The next revision, if there is a whole one. Nothing also on failure: see errorString().
    std::optional<QByteArray> next();
    /// Elements that are left over once all has come.
    qint64 leftover() const { return m_elements.size() / m_elementSize; }
    /// Empty while all is well. Names the line.
    const QString &errorString() const { return m_error; }

private:
    void takeLine(const QString &line);
    void takeCsv(const QString &line);
    void takeJson(const QString &line);
    bool append(const QStringList &values);
    bool failed(const QString &why);
    /// What one line held is a revision where nobody said how long that is.
    void settleLength();

    ElementText m_text;
    Format m_format;
    bool m_isStruct;
    qsizetype m_elementSize;
    qint64 m_length = 0;
    QByteArray m_buffer;
    qsizetype m_position = 0;
    QByteArray m_elements;
    QString m_pending; ///< a quoted value goes on in the next line
    qint64 m_line = 0;
    bool m_mayBeHeader = true; ///< nothing but the first line is
    bool m_isFinished = false;
    QString m_error;
};
