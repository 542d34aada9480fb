// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QString>
#include <QtCore/QStringConverter>

#include <string_view>

/// Decodes UTF-8, including a leading U+FEFF: QString::fromUtf8() drops that as a byte order mark, and a name or layout
/// without it is another one. Invalid UTF-8 becomes U+FFFD, as there.
inline QString textOf(std::string_view utf8)
{
    const auto size = static_cast<qsizetype>(utf8.size());
    if (utf8.empty() || utf8.front() != '\xef') // the first byte of U+FEFF
        return QString::fromUtf8(utf8.data(), size);
    QStringDecoder decoder(QStringDecoder::Utf8,
                           QStringDecoder::Flag::ConvertInitialBom | QStringDecoder::Flag::Stateless);
    return decoder(QByteArrayView(utf8.data(), size));
}
