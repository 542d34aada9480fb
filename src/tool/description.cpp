// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "description.h"

#include "../core/readabletext.h"
#include "../core/sharedstreamreader.h"
#include "../core/utf8_p.h"
#include "../engine/name.h"

#include <QtCore/QMetaEnum>
#include <QtCore/QVariant>

#include <algorithm>
#include <string>

using namespace Qt::StringLiterals;

namespace Description {

QString nameOf(SharedSegment::Backend backend)
{
    return QVariant::fromValue(backend).toString().toLower();
}

std::optional<SharedSegment::Backend> backendOf(const QString &name)
{
    const QMetaEnum backends = QMetaEnum::fromType<SharedSegment::Backend>();
    for (int i = 0; i < backends.keyCount(); ++i) {
        if (name == QString::fromLatin1(backends.key(i)).toLower())
            return SharedSegment::Backend(backends.value(i));
    }
    return std::nullopt;
}

QString nameOf(SharedSegment::State state)
{
    return QVariant::fromValue(state).toString().toLower();
}

QString nameOf(SharedSegment::Source source)
{
    switch (source) {
    case SharedSegment::Source::Here:
        return u"here"_s;
    case SharedSegment::Source::Reachable:
        return u"reachable"_s;
    case SharedSegment::Source::NotReachable:
        return u"not reachable"_s;
    }
    return QString();
}

QString nameOf(SharedSegment::Kind kind)
{
    const QString name = QVariant::fromValue(kind).toString();
    return name.left(1).toLower() + name.mid(1);
}

std::optional<SharedSegment::Kind> kindOf(const QString &name)
{
    const QMetaEnum kinds = QMetaEnum::fromType<SharedSegment::Kind>();
    for (int i = 0; i < kinds.keyCount(); ++i) {
        const auto kind = SharedSegment::Kind(kinds.value(i));
        if (name == nameOf(kind))
            return kind;
    }
    return std::nullopt;
}

QString age(const QDateTime &since)
{
    if (!since.isValid())
        return u"-"_s;
    return ReadableText::duration(double(std::max<qint64>(since.msecsTo(QDateTime::currentDateTime()), 0)));
}

QJsonObject json(SharedSegment &segment)
{
    const auto time = [](const QDateTime &when) {
        return when.isValid() ? QJsonValue(when.toUTC().toString(Qt::ISODateWithMs)) : QJsonValue();
    };
    SharedRevision newest;
    bool isRead = false;
    if (segment.kind() == SharedSegment::Kind::Stream) {
        SharedStreamReader reader(&segment);
        reader.seek(SharedStreamReader::Oldest);
        newest.count = qint64(reader.available());
        isRead = true;
    } else {
        isRead = segment.tryRead({}, 0, &newest).has_value();
    }
    return {
        {u"name"_s, segment.name()},
        {u"layout"_s, segment.layoutText()},
        {u"kind"_s, nameOf(segment.kind())},
        {u"capacity"_s, segment.capacity()},
        {u"size"_s, segment.size()},
        {u"bufferCount"_s, segment.bufferCount()},
        {u"backend"_s, nameOf(segment.backend())},
        {u"multipleWriters"_s, segment.multipleWriters()},
        {u"state"_s, nameOf(segment.state())},
        {u"ownerPid"_s, segment.ownerPid()},
        {u"ownerProgram"_s, segment.ownerProgram()},
        {u"listeners"_s, segment.listenerCount()},
        {u"revision"_s, qint64(segment.revision())},
        {u"count"_s, isRead ? QJsonValue(newest.count) : QJsonValue()},
        {u"updatedAt"_s, time(segment.updatedAt())},
        {u"source"_s, nameOf(segment.source())},
        {u"sourceUpdatedAt"_s, time(segment.sourceUpdatedAt())},
        {u"createdAt"_s, time(segment.createdAt())},
        {u"instance"_s, segment.instance()},
        {u"metadata"_s, QJsonObject::fromVariantMap(segment.metadata())},
    };
}

QString hostText(const SharedSegment &mirror)
{
    const std::string name = mirror.name().toStdString();
    return u"host %1 is %2"_s.arg(textOf(sharedsegment::engine::hostOf(name)), nameOf(mirror.source()));
}

} // namespace Description
