// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QList>
#include <QtCore/QStringList>

/// Standard output, whose reader may go at any time: `| head -1` is no failure. A full disk is.
class Output
{
public:
    /// @returns false once nobody reads any more; there is no point in going on then.
    bool write(const QByteArray &bytes);
    bool line(const QByteArray &bytes) { return write(bytes + '\n'); }
    bool isGone() const { return m_isGone; }
    /// Whether anything could not be written, and not for want of a reader. It was complained about.
    static bool hasFailed();

private:
    bool m_isGone = false;
};

/// Rows in columns that are as wide as they have to be. Columns of numbers are set to the right.
QByteArray table(const QList<QStringList> &rows, const QList<qsizetype> &rightAligned = {});

/// 1536 -> "1.5 KiB".
QString inBytes(double bytes);
