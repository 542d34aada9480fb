// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "output.h"

#include "wording.h"

#include "../os/console.h"

#include <algorithm>
#include <cstdio>
#include <utility>

using namespace Qt::StringLiterals;

namespace {

bool hasAnyFailed = false;

} // namespace

void printError(const QString &text)
{
    // Escaped also without a terminal: logs are read in a terminal later, line by line.
    std::fprintf(stderr, "sharedsegment: %s\n", Wording::shown(text).toLocal8Bit().constData());
}

bool Output::write(QByteArrayView bytes)
{
    const std::span all(bytes.data(), static_cast<std::size_t>(bytes.size()));
    if (m_isGone)
        return false;
    const sharedsegment::Status written = sharedsegment::os::writeStandardOutput(std::as_bytes(all));
    m_isGone = !written;
    if (m_isGone && written.error().code != sharedsegment::ErrorCode::Busy) {
        hasAnyFailed = true;
        printError(QString::fromStdString(written.error().text));
    }
    return !m_isGone;
}

bool Output::write(const QJsonDocument &json)
{
    QByteArray text;
    const QByteArray all = json.toJson();
    for (QByteArrayView remaining = all; !remaining.isEmpty();) {
        const Wording::CodePoint point = Wording::codePoint(remaining);
        const qsizetype size = std::max<qsizetype>(point.size, 1);
        if (point.value != U'\n' && Wording::isHidden(point.value))
            Wording::appendJsonEscape(text, point.value);
        else
            text += remaining.first(size);
        remaining = remaining.sliced(size);
    }
    return write(QByteArrayView(text));
}

bool Output::isTerminal()
{
    static const bool isOne = sharedsegment::os::terminalSize().rows > 0;
    return isOne;
}

QString Output::shown(const QString &text)
{
    return Wording::shown(text, isTerminal() ? Wording::Where::Terminal : Wording::Where::Pipe);
}

bool Output::hasFailed()
{
    return hasAnyFailed;
}

QByteArray table(QList<QStringList> rows, const QList<qsizetype> &rightAligned)
{
    QList<qsizetype> widths;
    for (QStringList &row : rows) {
        for (QString &cell : row)
            cell = Output::shown(cell);
        widths.resize(std::max(widths.size(), row.size()));
        for (qsizetype i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths.at(i), row.at(i).size());
    }
    QString text;
    for (const QStringList &row : std::as_const(rows)) {
        QString line;
        for (qsizetype i = 0; i < row.size(); ++i) {
            line += rightAligned.contains(i) ? row.at(i).rightJustified(widths.at(i))
                                             : row.at(i).leftJustified(widths.at(i));
            line += u"  "_s;
        }
        while (line.endsWith(u' '))
            line.chop(1);
        text += line + u'\n';
    }
    return text.toUtf8();
}
