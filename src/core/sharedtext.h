// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

/// @file
/// Text in a field `char[N]`, read and written as QString.

#pragma once

#include "../engine/text.h"

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>
#include <QtCore/QString>
#include <QtCore/QStringDecoder>
#include <QtCore/QStringView>

namespace sharedsegment {

/// Returns the text in `field`, a `char[N]` or std::array of `char`, decoded from UTF-8. Thread-safe if no thread
/// writes the field.
template<typename Field>
QString toQString(const Field &field)
{
    const std::string_view utf8 = text(field);
    // QString::fromUtf8() would drop a leading U+FEFF.
    QStringDecoder decoder(QStringDecoder::Utf8,
                           QStringConverter::Flag::Stateless | QStringConverter::Flag::ConvertInitialBom);
    return decoder(QByteArrayView(utf8.data(), static_cast<qsizetype>(utf8.size())));
}

/// Writes `text` as UTF-8 into `field`, a `char[N]` or std::array of `char`, and fills the rest with NUL.
///
/// A longer text is cut at the end of a character, and any text at a NUL. Not thread-safe for one field.
/// @returns whether the whole text is in the field.
template<typename Field>
bool setText(Field &field, QStringView text)
{
    const QByteArray utf8 = text.toUtf8();
    return setText(field, std::string_view(utf8.constData(), static_cast<std::size_t>(utf8.size())));
}

} // namespace sharedsegment
