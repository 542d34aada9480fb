// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The bytes of a document. The first byte chooses the content.

#include "expect.h"

#include "core/documentcontent_p.h"

#include <QtCore/QVariantMap>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const char *const contents[] = {"application/cbor", "application/json", "text/plain"};
    if (size == 0)
        return 0;
    QString why;
    const QString type = QString::fromLatin1(contents[data[0] % 3]);
    const std::optional<DocumentContent> content = DocumentContent::of({{DocumentContent::key(), type}}, &why);
    EXPECT(content);
    const QByteArray bytes(reinterpret_cast<const char *>(data) + 1, static_cast<qsizetype>(size) - 1);
    const std::optional<QCborValue> value = content->decode(bytes, &why);
    if (!value) {
        EXPECT(!why.isEmpty());
        return 0;
    }
    // What was read can be written, and is read again as the same.
    const std::optional<QByteArray> written = content->encode(*value, &why);
    EXPECT(written);
    const std::optional<QCborValue> again = content->decode(*written, &why);
    EXPECT(again);
    EXPECT(content->encode(*again, &why) == written);
    return 0;
}
