// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "csvoptions.h"

using namespace Qt::StringLiterals;

namespace CsvOptions {

void add(Arguments &arguments)
{
    arguments.addOption(u"delimiter"_s,
                        u"CSV: the delimiter between values, a character or tab; default a comma, or a semicolon with "
                        "--decimal ,."_s,
                        u"CHARACTER"_s);
    arguments.addOption(u"decimal"_s, u"CSV: the decimal sign, . (default) or a comma."_s, u"SIGN"_s, u"."_s);
}

void addForReading(Arguments &arguments)
{
    add(arguments);
    arguments.addOption(
        u"missing"_s,
        u"CSV: text that stands for a missing number, read as NaN in f32 and f64; default an empty cell and NA; "
        "repeatable."_s,
        u"TEXT"_s);
    arguments.addOption(u"comment"_s,
                        u"CSV: lines that begin with TEXT are comments; default #, in lines that cannot be values."_s,
                        u"TEXT"_s);
}

std::optional<CsvStyle> style(const Arguments &arguments, bool isReading)
{
    CsvStyle style;
    const QString decimal = arguments.value(u"decimal"_s);
    if (decimal != u"."_s && decimal != u","_s) {
        arguments.usageError(u"--decimal is . or a comma, not \"%1\""_s.arg(decimal));
        return std::nullopt;
    }
    style.decimal = decimal.front().toLatin1();
    style.delimiter = style.decimal == ',' ? ';' : ',';
    if (arguments.has(u"delimiter"_s)) {
        const QString given = arguments.value(u"delimiter"_s);
        const QByteArray delimiter = given == u"tab"_s || given == u"\\t"_s ? "\t" : given.toUtf8();
        const bool isOne = delimiter.size() == 1 && (delimiter.front() == '\t' || delimiter.front() >= ' ');
        // No character that belongs to a number (nan(0x1) and true included), a column's name or a comment.
        if (!isOne || QByteArrayView("\"\x7f.-+()[]_#").contains(delimiter.front())
            || QChar(QLatin1Char(delimiter.front())).isLetterOrNumber()) {
            arguments.usageError(
                u"--delimiter is tab or one ASCII character that is not part of a number, name, quote or comment, not "
                "\"%1\""_s.arg(given));
            return std::nullopt;
        }
        style.delimiter = delimiter.front();
    }
    if (style.delimiter == style.decimal) {
        arguments.usageError(u"--delimiter and --decimal cannot be the same"_s);
        return std::nullopt;
    }
    if (isReading && arguments.has(u"missing"_s)) {
        for (const QString &text : arguments.values(u"missing"_s))
            style.missing.append(text.toUtf8());
    } else if (isReading) {
        style.missing = {"", "NA"};
    }
    return style;
}

} // namespace CsvOptions
