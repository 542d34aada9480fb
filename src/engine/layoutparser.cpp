// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "format.h"
#include "layout.h"
#include "layout_p.h"
#include "name.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sharedsegment::engine {

namespace {

constexpr std::uint64_t roundedUp(std::uint64_t value, std::uint64_t alignment)
{
    return (value + alignment - 1) / alignment * alignment;
}

class Parser
{
public:
    explicit Parser(std::string_view text)
        : m_text(text)
    {
    }

    Result<Layout> parse()
    {
        if (m_text.size() > MaximumLayoutBytes)
            return invalidLayout("the text is longer than " + std::to_string(MaximumLayoutBytes) + " bytes");
        if (!isUtf8(m_text))
            return invalidLayout("the text is not well-formed UTF-8");
        const std::size_t start = skipSpace();
        const std::string_view word = takeWord();
        if (word.empty())
            return failure("expected a type, such as f64 or Point{x:f64;y:f64}");
        if (peek() == '{')
            return structure(start, word);

        Field field;
        if (!type(start, word, field))
            return failure();
        if (!atEnd())
            return failure("expected the end of the text");
        const std::uint32_t size = field.size();
        return Layout::make(std::string(), {std::move(field)}, size);
    }

private:
    Result<Layout> structure(std::size_t nameStart, std::string_view name)
    {
        if (!detail::isName(name, false)) {
            m_position = nameStart;
            return failure("the struct's name " + inQuotes(name) + " is not one of letters, digits and _");
        }
        take('{');
        std::vector<Field> fields;
        std::uint64_t end = 0;
        std::uint64_t extent = 0;
        while (peek() != '}') {
            if (fields.size() == MaximumFields)
                return failure("a struct has at most " + std::to_string(MaximumFields) + " fields");
            Field field;
            if (!this->field(end, field))
                return failure();
            end = std::uint64_t(field.offset) + field.size();
            extent = std::max(extent, end);
            fields.push_back(std::move(field));
            if (!take(';') && peek() != '}')
                return failure("expected \";\" or \"}\"");
        }
        if (fields.empty())
            return failure("a struct has at least one field");
        take('}');

        std::uint64_t size = 0;
        if (take('/')) {
            if (!number(size, "the size in bytes"))
                return failure();
        } else {
            std::uint32_t alignment = 1;
            for (const Field &field : fields)
                alignment = std::max(alignment, field.alignment());
            // With a misaligned field, rounding up has no purpose.
            size = roundedUp(extent, alignment);
            if (commonAlignment(fields, size) == 1)
                size = extent;
        }
        if (!atEnd())
            return failure("expected the end of the text");
        if (size > MaximumElementBytes)
            return failure("the struct is larger than " + std::to_string(MaximumElementBytes) + " bytes");
        return Layout::make(std::string(name), std::move(fields), static_cast<std::uint32_t>(size));
    }

    /// @param end the end of the previous field
    bool field(std::uint64_t end, Field &field)
    {
        const std::size_t start = skipSpace();
        const std::string_view name = takeWord();
        if (!detail::isName(name, true)) {
            m_position = start;
            m_reason = "expected the name of a field";
            if (!name.empty())
                m_reason = "the field's name " + inQuotes(name) + " is not one of letters, digits, _ and single dots";
            return false;
        }
        field.name = name;
        if (!take(':')) {
            m_reason = "expected : after the name of a field";
            return false;
        }
        const std::size_t typeStart = skipSpace();
        if (!type(typeStart, takeWord(), field))
            return false;
        std::uint64_t offset = roundedUp(end, field.alignment());
        if (take('@') && !number(offset, "the offset in bytes"))
            return false;
        if (offset + field.size() > MaximumElementBytes) {
            m_reason = "the field " + inQuotes(name) + " ends after " + std::to_string(MaximumElementBytes) + " bytes";
            return false;
        }
        field.offset = static_cast<std::uint32_t>(offset);
        return true;
    }

    bool type(std::size_t start, std::string_view word, Field &field)
    {
        const auto *const found = std::find_if(std::begin(ScalarTypes), std::end(ScalarTypes),
                                               [word](const ScalarType &scalar) { return scalar.name == word; });
        if (found == std::end(ScalarTypes)) {
            m_position = start;
            m_reason = (word.empty() ? "expected a type" : "unknown type " + inQuotes(word))
                     + "; there are i8 u8 i16 u16 i32 u32 i64 u64 f32 f64 bool, char[20] for text, f32[3] for arrays";
            return false;
        }
        field.scalar = static_cast<Scalar>(found - std::begin(ScalarTypes));
        std::uint64_t count = 1;
        if (take('[')) {
            if (!number(count, "the length of the array"))
                return false;
            if (count == 0 || count * found->size > MaximumElementBytes) {
                m_reason = "an array takes 1 to " + std::to_string(MaximumElementBytes) + " bytes";
                return false;
            }
            if (!take(']')) {
                m_reason = "expected ]";
                return false;
            }
            field.isArray = field.scalar != Scalar::Char;
        }
        field.count = static_cast<std::uint32_t>(count);
        return true;
    }

    bool number(std::uint64_t &value, std::string_view what)
    {
        skipSpace();
        const std::size_t start = m_position;
        value = 0;
        while (m_position < m_text.size() && m_text[m_position] >= '0' && m_text[m_position] <= '9') {
            value = value * 10 + static_cast<std::uint64_t>(m_text[m_position] - '0');
            if (value > MaximumElementBytes) {
                m_position = start;
                m_reason = std::string(what) + " is more than " + std::to_string(MaximumElementBytes);
                return false;
            }
            ++m_position;
        }
        if (m_position == start) {
            m_reason = "expected " + std::string(what) + ", a number";
            return false;
        }
        return true;
    }

    std::size_t skipSpace()
    {
        while (m_position < m_text.size()
               && std::string_view(" \t\r\n").find(m_text[m_position]) != std::string_view::npos)
            ++m_position;
        return m_position;
    }

    std::string_view takeWord()
    {
        const std::size_t start = skipSpace();
        while (m_position < m_text.size()) {
            const char c = m_text[m_position];
            if (!detail::isName({&c, 1}, false) && !(c >= '0' && c <= '9') && c != '.')
                break;
            ++m_position;
        }
        return m_text.substr(start, m_position - start);
    }

    char peek()
    {
        skipSpace();
        return m_position < m_text.size() ? m_text[m_position] : '\0';
    }

    bool take(char c)
    {
        if (atEnd() || m_text[m_position] != c)
            return false;
        ++m_position;
        return true;
    }

    bool atEnd() { return skipSpace() == m_text.size(); }

    Error failure(std::string reason)
    {
        m_reason = std::move(reason);
        return failure();
    }

    Error failure() const
    {
        const auto before = m_text.substr(0, m_position);
        const auto characters = std::count_if(before.begin(), before.end(),
                                              [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
        std::string text = "the layout is not valid at character " + std::to_string(characters + 1) + ": " + m_reason;
        if (m_reason.find("; ") == std::string::npos)
            text += LayoutRemedy;
        return Error{ErrorCode::InvalidLayout, std::move(text)};
    }

    std::string_view m_text;
    std::size_t m_position = 0;
    std::string m_reason;
};

} // namespace

Result<Layout> Layout::parse(std::string_view text)
{
    return Parser(text).parse();
}

} // namespace sharedsegment::engine
