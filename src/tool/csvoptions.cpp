// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "csvoptions.h"

using namespace Qt::StringLiterals;

namespace CsvOptions {

void add(Arguments &asked)
{
    asked.addOption(u"delimiter"_s,
                    u"In csv, what is between values: a character or tab; a comma unless given, with --decimal , a "
                    "semicolon."_s,
                    u"CHARACTER"_s);
    asked.addOption(u"decimal"_s, u"In csv, the decimal sign: . (default) or a comma."_s, u"SIGN"_s, u"."_s);
}

void addForReading(Arguments &asked)
{
    add(asked);
    asked.addOption(
        u"missing"_s,
        u"In csv, what stands for no number, which is NaN in f32 and f64; nothing and NA unless given; may be "
        "given more than once."_s,
        u"TEXT"_s);
    asked.addOption(u"comment"_s,
                    u"In csv, lines that begin so are comments; unless given, lines with # that cannot be values."_s,
                    u"TEXT"_s);
}

std::optional<CsvStyle> style(const Arguments &asked, bool isReading)
{
    CsvStyle style;
    const QString decimal = asked.value(u"decimal"_s);
    if (decimal != u"."_s && decimal != u","_s) {
        asked.misuse(u"--decimal is . or a comma, not \"%1\""_s.arg(decimal));
        return std::nullopt;
    }
    style.decimal = decimal.front().toLatin1();
    style.delimiter = style.decimal == ',' ? ';' : ',';
    if (asked.has(u"delimiter"_s)) {
        const QString given = asked.value(u"delimiter"_s);
        const QByteArray delimiter = given == u"tab"_s || given == u"\\t"_s ? "\t" : given.toUtf8();
        const bool isOne = delimiter.size() == 1 && (delimiter.front() == '\t' || delimiter.front() >= ' ');
        // What is part of a number, nan(0x1) and true included, of a column's name or a comment.
        if (!isOne || QByteArrayView("\"\x7f.-+()[]_#").contains(delimiter.front())
            || QChar(QLatin1Char(delimiter.front())).isLetterOrNumber()) {
            asked.misuse(
                u"--delimiter is tab or one character of ASCII that is part of no number, name, quote or comment, not "
                "\"%1\""_s.arg(given));
            return std::nullopt;
        }
        style.delimiter = delimiter.front();
    }
    if (style.delimiter == style.decimal) {
        asked.misuse(u"--delimiter and --decimal cannot be the same"_s);
        return std::nullopt;
    }
    if (isReading && asked.has(u"missing"_s)) {
        for (const QString &text : asked.values(u"missing"_s))
            style.missing.append(text.toUtf8());
    } else if (isReading) {
        style.missing = {"", "NA"};
    }
    return style;
}

} // namespace CsvOptions
