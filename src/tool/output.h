// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>
#include <QtCore/QJsonDocument>
#include <QtCore/QList>
#include <QtCore/QStringList>

/// Prints an error message to standard error.
void printError(const QString &text);

/// Standard output. Its reader may exit at any time: `| head -1` is not a failure, a full disk is.
class Output
{
public:
    /// @returns false once the reader is gone: the caller can stop.
    bool write(QByteArrayView bytes);
    bool line(const QByteArray &bytes) { return write(bytes + '\n'); }
    /// Writes hidden characters as JSON escapes.
    bool write(const QJsonDocument &json);
    static bool isTerminal();
    /// External text: for a terminal with control characters escaped, for a pipe with line ends escaped.
    static QString shown(const QString &text);
    bool isGone() const { return m_isGone; }
    /// Whether a write failed for another reason than a missing reader. The error was printed.
    static bool hasFailed();

private:
    bool m_isGone = false;
};

/// Buffers small pieces and writes large ones. Without an output it only collects: the caller takes bytes().
class OutputBlock
{
public:
    OutputBlock() = default;
    explicit OutputBlock(Output &output)
        : m_output(&output)
    {
    }

    QByteArray &bytes() { return m_bytes; }
    /// Call after each piece: writes once enough is buffered. @returns false once the reader is gone.
    bool settle() { return !m_output || m_bytes.size() < Size || flush(); }
    bool flush()
    {
        m_output->write(QByteArrayView(m_bytes));
        m_bytes.resize(0);
        return !m_output->isGone();
    }

private:
    static constexpr qsizetype Size = 1 << 16;

    Output *m_output = nullptr;
    QByteArray m_bytes;
};

/// Rows in columns of the least width, each cell as shown(). Columns in `rightAligned` are right-aligned.
QByteArray table(QList<QStringList> rows, const QList<qsizetype> &rightAligned = {});
