// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../../../src/tool/revisionparser.h"

#include <QtCore/QByteArray>
#include <QtCore/QString>

#include <algorithm>

namespace testsupport {

/// What the command makes of its input.
struct Parsed
{
    QByteArray elements; ///< as lines of CSV, a blank line behind each revision
    QString error;
    QString notice;
};

/// In pieces of this many bytes, as a stream brings it; 0: all at once.
inline Parsed parsed(const QString &layoutText, RevisionParser::Format format, const QByteArray &input,
                     const CsvStyle &style = {',', '.', false, {"", "NA"}}, qint64 count = 0, qsizetype piece = 0,
                     const char *comment = nullptr)
{
    const SharedLayout layout = SharedLayout::parse(layoutText);
    RevisionParser parser(layout, format, style);
    parser.setCount(count);
    if (comment)
        parser.setComment(comment);
    const ElementText text(layout);
    Parsed result;
    const auto takeAll = [&] {
        while (const auto revision = parser.next()) {
            for (qsizetype i = 0; i < revision->size(); i += layout.elementSize()) {
                for (qint64 column = 0; column < text.columnCount(); ++column) {
                    if (column > 0)
                        result.elements += ',';
                    text.appendCell(result.elements, column,
                                    reinterpret_cast<const std::byte *>(revision->constData()) + i, CsvStyle());
                }
                result.elements += '\n';
            }
            result.elements += '\n';
        }
    };
    const qsizetype step = piece > 0 ? piece : std::max<qsizetype>(input.size(), 1);
    for (qsizetype i = 0; i < input.size(); i += step) {
        parser.feed(QByteArrayView(input).sliced(i, std::min(step, input.size() - i)));
        takeAll();
    }
    parser.finish();
    takeAll();
    result.error = parser.errorString();
    result.notice = parser.notice();
    return result;
}

} // namespace testsupport
