// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>
#include <QtCore/QJsonDocument>
#include <QtCore/QList>
#include <QtCore/QStringList>

/// Standard output, whose reader may go at any time: `| head -1` is no failure. A full disk is.
class Output
{
public:
    /// @returns false once nobody reads any more; there is no point in going on then.
    bool write(QByteArrayView bytes);
    bool line(const QByteArray &bytes) { return write(bytes + '\n'); }
    /// What a terminal must not get is in escapes of JSON.
    bool write(const QJsonDocument &json);
    static bool isTerminal();
    /// Text of others: into a terminal without what controls it, into a pipe as it is, but without line ends.
    static QString shown(const QString &text);
    bool isGone() const { return m_isGone; }
    /// Whether anything could not be written, and not for want of a reader. It was complained about.
    static bool hasFailed();

private:
    bool m_isGone = false;
};

/// Collects what is written in small pieces, and passes it on in large ones.
class OutputBlock
{
public:
    explicit OutputBlock(Output &output)
        : m_output(output)
    {
    }

    QByteArray &bytes() { return m_bytes; }
    /// After each piece: passes on what there is, if it is worth it. @returns false once nobody reads any more.
    bool settle() { return m_bytes.size() < Size || flush(); }
    bool flush()
    {
        m_output.write(QByteArrayView(m_bytes));
        m_bytes.resize(0);
        return !m_output.isGone();
    }

private:
    static constexpr qsizetype Size = 1 << 16;

    Output &m_output;
    QByteArray m_bytes;
};

/// Rows in columns that are as wide as they have to be, shown() each. Columns of numbers are set to the right.
QByteArray table(QList<QStringList> rows, const QList<qsizetype> &rightAligned = {});

/// 1536 -> "1.5 KiB".
QString inBytes(double bytes);
