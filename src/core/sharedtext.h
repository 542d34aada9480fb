// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

/// @file
/// The text in a field `char[N]`, as a QString.

#pragma once

#include "../segment/text.h"

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>
#include <QtCore/QString>
#include <QtCore/QStringDecoder>
#include <QtCore/QStringView>

namespace sharedsegment {

/// The text in a field, a `char[N]` or std::array of `char`, decoded from UTF-8.
template<typename Field>
QString toQString(const Field &field)
{
    const std::string_view utf8 = text(field);
    // QString::fromUtf8() would take U+FEFF from the front.
    QStringDecoder decoder(QStringDecoder::Utf8,
                           QStringConverter::Flag::Stateless | QStringConverter::Flag::ConvertInitialBom);
    return decoder(QByteArrayView(utf8.data(), static_cast<qsizetype>(utf8.size())));
}

/// Puts a text into a field, a `char[N]` or std::array of `char`, as UTF-8; see setText() of std::string_view.
template<typename Field>
bool setText(Field &field, QStringView text)
{
    const QByteArray utf8 = text.toUtf8();
    return setText(field, std::string_view(utf8.constData(), static_cast<std::size_t>(utf8.size())));
}

} // namespace sharedsegment
