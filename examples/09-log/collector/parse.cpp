// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "parse.h"

#include <SharedSegment/SharedText>

#include <QtCore/QDateTime>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QJsonValue>
#include <QtCore/QRegularExpression>
#include <QtCore/QString>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace {

constexpr quint8 Information = 6;

qint64 now()
{
    return QDateTime::currentMSecsSinceEpoch() * 1'000'000;
}

Line make(qint64 timestamp, int level, const QString &source, const QString &text)
{
    Line line{timestamp, static_cast<quint8>(std::clamp(level, 0, 7)), {}, {}};
    sharedsegment::setText(line.source, source);
    sharedsegment::setText(line.text, text);
    return line;
}

/// As dmesg --decode names them.
int levelOf(QStringView name)
{
    static constexpr std::array Names{"emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"};
    const auto at =
        std::find_if(Names.begin(), Names.end(), [name](const char *known) { return name == QLatin1String(known); });
    return at == Names.end() ? Information : static_cast<int>(at - Names.begin());
}

Line parsePlain(const QString &text)
{
    static const QRegularExpression prefix(u"^<([0-7])>\\s*"_s);
    // Not the name of a file, as in error.h.
    static const QRegularExpression error(u"\\b(error|failed|failure|fatal|panic)\\b(?!\\.\\w)"_s,
                                          QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression warning(u"\\bwarn(ing)?\\b"_s, QRegularExpression::CaseInsensitiveOption);
    if (const QRegularExpressionMatch match = prefix.match(text); match.hasMatch())
        return make(now(), match.capturedView(1).toInt(), QString(), text.mid(match.capturedLength()));
    int level = Information;
    if (error.match(text).hasMatch())
        level = 3;
    else if (warning.match(text).hasMatch())
        level = 4;
    return make(now(), level, QString(), text);
}

Line parseKernel(const QString &text)
{
    // kern  :err   : 2026-01-31T23:59:59,123456+01:00 usb 1-2: device not accepting address
    static const QRegularExpression form(u"^(\\w+)\\s*:(\\w+)\\s*: (\\S+) (.*)$"_s);
    const QRegularExpressionMatch match = form.match(text);
    if (!match.hasMatch())
        return parsePlain(text);
    const QDateTime time = QDateTime::fromString(match.captured(3).replace(u',', u'.'), Qt::ISODateWithMs);
    return make(time.isValid() ? time.toMSecsSinceEpoch() * 1'000'000 : now(), levelOf(match.capturedView(2)),
                match.captured(1), match.captured(4));
}

Line parseJournal(QByteArrayView output)
{
    const QJsonObject entry = QJsonDocument::fromJson(output.toByteArray()).object();
    if (entry.isEmpty())
        return parsePlain(QString::fromUtf8(output));
    const qint64 microseconds = entry.value(u"__REALTIME_TIMESTAMP"_s).toString().toLongLong();
    const QString level = entry.value(u"PRIORITY"_s).toString(QString::number(Information));
    return make(microseconds > 0 ? microseconds * 1000 : now(), level.toInt(),
                entry.value(u"SYSLOG_IDENTIFIER"_s).toString(), entry.value(u"MESSAGE"_s).toString());
}

} // namespace

Line parse(Format format, QByteArrayView output)
{
    if (format == Format::Journal)
        return parseJournal(output);
    const QString text = QString::fromUtf8(output);
    return format == Format::Kernel ? parseKernel(text) : parsePlain(text);
}
