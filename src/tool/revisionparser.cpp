// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "revisionparser.h"

#include "wording.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace {

/// The most bytes of a first revision without a given count.
constexpr qsizetype MostWithoutCount = qsizetype(1) << 30;

} // namespace

std::optional<RevisionParser::Format> RevisionParser::formatOf(const QString &name)
{
    if (name == u"csv"_s)
        return Format::Csv;
    if (name == u"json"_s)
        return Format::Json;
    if (name == u"jsonl"_s)
        return Format::JsonLines;
    if (name == u"raw"_s)
        return Format::Raw;
    return std::nullopt;
}

RevisionParser::RevisionParser(const SharedLayout &layout, Format format, const CsvStyle &style)
    : m_text(layout)
    , m_format(format)
{
    if (format == Format::Csv)
        m_csv = std::make_unique<CsvElements>(m_text, style);
    else if (format != Format::Raw)
        m_json = std::make_unique<JsonElements>(m_text, format == Format::Json ? JsonElements::Lines::Free
                                                                               : JsonElements::Lines::OneEach);
}

void RevisionParser::setComment(const QByteArray &comment)
{
    if (m_csv)
        m_csv->setComment(comment);
}

void RevisionParser::feed(QByteArrayView bytes)
{
    if (m_format == Format::Raw) {
        m_raw.remove(0, m_position);
        m_position = 0;
        m_raw += bytes;
    } else if (m_hasBegun) {
        passOn(bytes);
    } else {
        m_beginning += bytes;
        passBeginning();
    }
}

void RevisionParser::finish()
{
    m_isFinished = true;
    if (m_format != Format::Raw && !m_hasBegun)
        passBeginning();
    if (m_csv)
        m_csv->finish();
    else if (m_json)
        m_json->finish();
}

void RevisionParser::passBeginning()
{
    static constexpr QByteArrayView Mark = "\xef\xbb\xbf";
    static constexpr QByteArrayView Utf16[] = {"\xff\xfe", "\xfe\xff"};
    const auto isMark = [this](QByteArrayView mark) { return m_beginning.startsWith(mark); };
    if (std::any_of(std::begin(Utf16), std::end(Utf16), isMark)) {
        failed(1, u"this is UTF-16; convert it, for example with iconv -f UTF-16 -t UTF-8"_s);
        return;
    }
    const bool mayBecomeOne = m_beginning.size() < Mark.size()
                           && (Mark.startsWith(m_beginning) || m_beginning == "\xff" || m_beginning == "\xfe");
    if (mayBecomeOne && !m_isFinished)
        return;
    m_hasBegun = true;
    passOn(isMark(Mark) ? QByteArrayView(m_beginning).sliced(Mark.size()) : QByteArrayView(m_beginning));
    m_beginning.clear();
}

void RevisionParser::passOn(QByteArrayView bytes)
{
    if (m_csv)
        m_csv->feed(bytes);
    else
        m_json->feed(bytes);
}

std::optional<QByteArray> RevisionParser::next()
{
    if (m_format == Format::Raw && m_count == 0)
        m_count = 1;
    if (m_format == Format::Raw)
        takeRaw();
    while (m_error.isEmpty()) {
        if (isRevision()) {
            const qsizetype size = m_count * m_text.elementSize();
            if (m_elements.size() == size)
                return std::exchange(m_elements, {});
            const QByteArray revision = m_elements.first(size);
            m_elements.remove(0, size);
            return revision;
        }
        bool isWhole = false;
        if (m_format == Format::Raw || !takeText(&isWhole))
            break;
        if (m_isVariable && m_elements.size() / m_text.elementSize() > m_count) {
            m_error =
                u"a revision has more than %1; give a larger --capacity"_s.arg(Wording::counted(m_count, u"element"_s));
            break;
        }
        if (m_isVariable && isWhole)
            return std::exchange(m_elements, {});
        if (isWhole && m_count == 0)
            m_count = m_elements.size() / m_text.elementSize();
        if (m_count == 0 && m_elements.size() > MostWithoutCount)
            failed(1, u"the first revision has more than %1 MiB; set its number of elements with --capacity"_s.arg(
                          MostWithoutCount >> 20));
    }
    return std::nullopt;
}

void RevisionParser::takeRaw()
{
    const qint64 there = m_elements.size() / m_text.elementSize();
    if (there >= m_count)
        return;
    // The missing elements, limited to the available input: the product could overflow.
    const qint64 missing = std::min<qint64>(m_count - there, m_raw.size() / m_text.elementSize() + 1);
    const qsizetype wanted = missing * m_text.elementSize() - m_elements.size() % m_text.elementSize();
    const QByteArrayView taken = QByteArrayView(m_raw).sliced(m_position, std::min(wanted, m_raw.size() - m_position));
    m_elements += taken;
    m_position += taken.size();
}

/// @param isWhole whether a whole line or value was taken
bool RevisionParser::takeText(bool *isWhole)
{
    if (m_csv) {
        const CsvRecords::Outcome outcome = m_csv->next(m_elements);
        *isWhole = true;
        if (outcome == CsvRecords::Outcome::Failed)
            return failed(m_csv->errorLine(), m_csv->errorString());
        return outcome == CsvRecords::Outcome::Record;
    }
    const JsonElements::Outcome outcome = m_json->next(m_elements);
    *isWhole = outcome == JsonElements::Outcome::Value;
    if (outcome == JsonElements::Outcome::Failed)
        return failed(m_json->errorLine(), m_json->errorString());
    return outcome != JsonElements::Outcome::NeedsMore;
}

QString RevisionParser::notice() const
{
    return m_csv ? m_csv->notice() : m_json ? m_json->notice() : QString();
}

bool RevisionParser::failed(qint64 line, const QString &why)
{
    m_error = u"line %1: %2"_s.arg(line).arg(why);
    return false;
}
