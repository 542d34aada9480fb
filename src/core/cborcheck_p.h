// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QByteArrayView>
#include <QtCore/QString>

/// Checks bytes of another program before a parser makes values of them.
namespace CborCheck {

/// What a parser may be given.
struct Limits
{
    qint64 items = 0; ///< the most values and keys
    int levels = 0;   ///< the most levels of arrays, maps, tags and texts in pieces
};

/// Returns what is wrong with `bytes` as one well-formed value of CBOR (RFC 8949) within `limits`; empty if nothing is. Does not
/// look into texts. Needs memory for the levels alone.
QString whyNotCbor(QByteArrayView bytes, Limits limits);

/// Returns which of the limits the JSON text `bytes` exceeds; empty if none. Any other fault is the parser's to find.
QString whyNotJson(QByteArrayView bytes, Limits limits);

} // namespace CborCheck
