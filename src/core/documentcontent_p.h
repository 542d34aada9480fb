// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegment_export.h"

#include <QtCore/QByteArray>
#include <QtCore/QCborValue>
#include <QtCore/QString>
#include <QtCore/QVariantMap>

#include <optional>

/// The bytes of a document, by the media type in the metadata of its segment.
class SHAREDSEGMENT_EXPORT DocumentContent
{
public:
    /// The most bytes of a document.
    static constexpr qint64 MostBytes = 64 * 1024 * 1024;
    /// The most values in a document: numbers, texts, arrays, objects, keys and so on.
    static constexpr qint64 MostItems = 1'000'000;
    /// The most levels of arrays, objects and tags.
    static constexpr int MostLevels = 256;

    /// The key in the metadata.
    static QString key();
    /// The media type of documents that a SharedDocument creates: CBOR, RFC 8949.
    static QString cbor();

    /// Returns the content that the metadata name. @returns nothing if it is none that this class knows; then `why` says so.
    static std::optional<DocumentContent> of(const QVariantMap &metadata, QString *why);

    /// Returns the value in `bytes`. @returns nothing if they are not exactly one value within the limits above; then `why`
    /// says what is wrong. Whatever the bytes are, the time is in proportion to their number.
    std::optional<QCborValue> decode(const QByteArray &bytes, QString *why) const;

    /// Returns the bytes of a value. @returns nothing if the content cannot hold it, or a limit is exceeded; then `why` says so.
    std::optional<QByteArray> encode(const QCborValue &value, QString *why) const;

    /// Returns a value as text of JSON (RFC 8259): numbers that are not finite as null, bytes as a text in base64url.
    static QByteArray toJson(const QCborValue &value);

    bool operator==(const DocumentContent &other) const = default;

private:
    enum class Type { Cbor, Json, Text };
    explicit DocumentContent(Type type)
        : m_type(type)
    {
    }

    Type m_type;
};
