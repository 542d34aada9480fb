// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "metadataoptions.h"

#include "../core/metadatacheck.h"

#include <QtCore/QFile>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

using namespace Qt::StringLiterals;

namespace MetadataOptions {

namespace {

/// More than a segment can have.
constexpr qint64 MostBytes = 4 << 20;

std::optional<ExitCode> readObject(const Arguments &arguments, QVariantMap *metadata)
{
    const QString given = arguments.value(u"metadata"_s);
    QByteArray text = given.toUtf8();
    const bool isFile = !given.trimmed().startsWith(u'{');
    if (isFile) {
        QFile file(given);
        if (!file.open(QIODevice::ReadOnly))
            return arguments.usageError(
                u"--metadata takes a JSON object or a file that has one; reading \"%1\" failed: %2"_s.arg(
                    given, file.errorString()));
        text = file.read(MostBytes);
    }
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(text, &error);
    if (document.isObject()) {
        *metadata = document.object().toVariantMap();
        return std::nullopt;
    }
    const QString what = isFile ? u"the file \"%1\" has"_s.arg(given) : u"it has"_s;
    return arguments.usageError(
        error.error == QJsonParseError::NoError
            ? u"--metadata takes a JSON object, and %1 another value"_s.arg(what)
            : u"--metadata takes a JSON object, and %1 a mistake after %2 characters: %3"_s.arg(what)
                  .arg(error.offset)
                  .arg(error.errorString()));
}

} // namespace

void add(Arguments &arguments)
{
    arguments.addOption(
        u"metadata"_s,
        u"What the values mean: a JSON object, such as {\"sampleRate\":100}, or the name of a file that has one."_s,
        u"JSON"_s);
    arguments.addOption(
        u"unit"_s,
        u"The unit of a field, as speed=m/s; without a field if the layout is not a struct. For each field once."_s,
        u"UNIT"_s);
}

std::optional<ExitCode> read(const Arguments &arguments, const SharedLayout &layout, QVariantMap *metadata)
{
    if (arguments.has(u"metadata"_s)) {
        if (const auto code = readObject(arguments, metadata))
            return code;
    }
    for (const QString &given : arguments.values(u"unit"_s)) {
        const qsizetype end = given.indexOf(u'=');
        if (end < 0 && layout.isStruct())
            return arguments.usageError(u"--unit takes FIELD=UNIT, not \"%1\""_s.arg(given));
        const QString field = end < 0 ? u"value"_s : given.left(end);
        QVariant &fields = (*metadata)[u"fields"_s];
        if (fields.isValid() && fields.typeId() != QMetaType::QVariantMap)
            break;
        QVariantMap all = fields.toMap();
        QVariantMap one = all.value(field).toMap();
        one.insert(u"unit"_s, given.mid(end + 1));
        all.insert(field, one);
        fields = all;
    }
    if (const auto problem = MetadataCheck::find(layout, *metadata))
        return arguments.usageError(problem->text);
    return std::nullopt;
}

} // namespace MetadataOptions
