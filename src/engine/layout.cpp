// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "layout.h"

#include "fnv.h"
#include "format.h"
#include "name.h"

#include <algorithm>
#include <iterator>
#include <limits>

namespace sharedsegment::engine {

namespace {

constexpr std::uint64_t MaximumSize = detail::MaximumElementSize;
constexpr std::size_t MaximumFields = 65536;

struct ScalarType
{
    std::string_view name;
    std::uint32_t size;
};

/// In the order of Scalar.
constexpr ScalarType ScalarTypes[] = {
    {"i8", 1},  {"u8", 1},  {"i16", 2}, {"u16", 2}, {"i32", 4},  {"u32", 4},
    {"i64", 8}, {"u64", 8}, {"f32", 4}, {"f64", 8}, {"bool", 1}, {"char", 1},
};

constexpr ScalarType scalarType(Scalar scalar)
{
    const auto index = static_cast<std::size_t>(scalar);
    return index < std::size(ScalarTypes) ? ScalarTypes[index] : ScalarType{"", 0};
}

constexpr std::uint64_t roundedUp(std::uint64_t value, std::uint64_t alignment)
{
    return (value + alignment - 1) / alignment * alignment;
}

/// Quotes and shortens text for a message: untrusted text may have a mebibyte.
std::string inQuotes(std::string_view text)
{
    constexpr std::size_t Longest = 80;
    std::string result = "\"";
    if (text.size() <= Longest) {
        result += text;
    } else {
        std::size_t end = Longest;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
            --end;
        result += text.substr(0, end);
        result += "...";
    }
    return result + '"';
}

/// The remedy for errors whose reason does not contain one.
constexpr std::string_view LayoutRemedy = "; write it as f64, f32[3], char[20] or Point{x:f64;y:f64}";

Error invalid(const std::string &reason)
{
    std::string text = "the layout is not valid: " + reason;
    if (reason.find("; ") == std::string::npos)
        text += LayoutRemedy;
    return Error{ErrorCode::InvalidLayout, std::move(text)};
}

std::string fieldText(const Field &field)
{
    if (field.name.empty())
        return field.typeText();
    return field.name + ':' + field.typeText() + '@' + std::to_string(field.offset);
}

/// The alignment at which all fields are naturally aligned in an element of `size` bytes; 1 if none. The sizes must be
/// valid.
std::uint32_t commonAlignment(const std::vector<Field> &fields, std::uint64_t size)
{
    std::uint32_t largest = 1;
    for (const Field &field : fields) {
        const std::uint32_t alignment = field.alignment();
        if (field.offset % alignment != 0)
            return 1;
        largest = std::max(largest, alignment);
    }
    return size % largest == 0 ? largest : 1;
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
            return invalid("the text is longer than " + std::to_string(MaximumLayoutBytes) + " bytes");
        if (!isUtf8(m_text))
            return invalid("the text is not well-formed UTF-8");
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
        if (size > MaximumSize)
            return failure("the struct is larger than " + std::to_string(MaximumSize) + " bytes");
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
        if (offset + field.size() > MaximumSize) {
            m_reason = "the field " + inQuotes(name) + " ends after " + std::to_string(MaximumSize) + " bytes";
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
            if (count == 0 || count * found->size > MaximumSize) {
                m_reason = "an array takes 1 to " + std::to_string(MaximumSize) + " bytes";
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
            if (value > MaximumSize) {
                m_position = start;
                m_reason = std::string(what) + " is more than " + std::to_string(MaximumSize);
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

/// The reason why `field` does not fit into an element of `size` bytes; empty if it fits.
std::string problemOf(const Field &field, std::uint32_t size)
{
    const ScalarType type = scalarType(field.scalar);
    if (type.size == 0)
        return "has an unknown type";
    if (field.count == 0 || field.count > MaximumSize)
        return "has no possible length";
    if (field.count != 1 && !field.isArray && field.scalar != Scalar::Char)
        return "has a length but is no array";
    if (field.offset + std::uint64_t(field.count) * type.size > size)
        return "ends after the " + std::to_string(size) + " bytes of the element";
    return {};
}

} // namespace

std::uint32_t Field::size() const
{
    return count * scalarType(scalar).size;
}

std::uint32_t Field::alignment() const
{
    return std::max(scalarType(scalar).size, 1u);
}

std::string Field::typeText() const
{
    std::string text(scalarType(scalar).name);
    if (isArray || scalar == Scalar::Char)
        text += '[' + std::to_string(count) + ']';
    return text;
}

Result<Layout> Layout::parse(std::string_view text)
{
    return Parser(text).parse();
}

Result<Layout> Layout::make(std::string structName, std::vector<Field> fields, std::uint32_t size)
{
    if (size == 0 || size > MaximumSize)
        return invalid("an element takes 1 to " + std::to_string(MaximumSize) + " bytes, not " + std::to_string(size));
    if (fields.empty() || fields.size() > MaximumFields) {
        return invalid("an element has 1 to " + std::to_string(MaximumFields) + " fields, not "
                       + std::to_string(fields.size()));
    }
    for (Field &field : fields) {
        if (const std::string problem = problemOf(field, size); !problem.empty())
            return invalid((field.name.empty() ? "the element" : "the field " + inQuotes(field.name)) + ' ' + problem);
        if (field.scalar == Scalar::Char)
            field.isArray = false;
    }

    Layout layout;
    layout.m_isStruct = !structName.empty();
    if (layout.m_isStruct) {
        if (!detail::isName(structName, false) || !isUtf8(structName))
            return invalid("the struct's name is not one of letters, digits and _");
        for (const Field &field : fields) {
            if (!detail::isName(field.name, true) || !isUtf8(field.name))
                return invalid("the name of a field is not one of letters, digits, _ and single dots");
        }
        std::stable_sort(fields.begin(), fields.end(),
                         [](const Field &a, const Field &b) { return a.offset < b.offset; });
        std::vector<std::string_view> names;
        names.reserve(fields.size());
        for (const Field &field : fields)
            names.push_back(field.name);
        std::sort(names.begin(), names.end());
        if (const auto twice = std::adjacent_find(names.begin(), names.end()); twice != names.end())
            return invalid("two fields have the name " + inQuotes(*twice));
        for (std::size_t i = 1; i < fields.size(); ++i) {
            const Field &before = fields[i - 1];
            if (std::uint64_t(before.offset) + before.size() > fields[i].offset) {
                return invalid("the fields " + inQuotes(fieldText(before)) + " and " + inQuotes(fieldText(fields[i]))
                               + " overlap");
            }
        }
        layout.m_text = structName + '{';
        for (const Field &field : fields) {
            if (&field != &fields.front())
                layout.m_text += ';';
            layout.m_text += fieldText(field);
            if (layout.m_text.size() > MaximumLayoutBytes)
                break;
        }
        layout.m_text += "}/" + std::to_string(size);
        if (layout.m_text.size() > MaximumLayoutBytes)
            return invalid("its text is longer than " + std::to_string(MaximumLayoutBytes) + " bytes");
    } else {
        const Field &field = fields.front();
        if (fields.size() != 1 || !field.name.empty())
            return invalid("an element with named fields is a struct and has a name itself");
        if (field.offset != 0 || field.size() != size)
            return invalid("the element is " + std::to_string(size) + " bytes, but " + field.typeText() + " takes "
                           + std::to_string(field.size()));
        layout.m_text = field.typeText();
    }
    layout.m_size = size;
    layout.m_alignment = commonAlignment(fields, size);
    layout.m_fingerprint = fnv1a64(layout.m_text);
    layout.m_structName = std::move(structName);
    layout.m_fields = std::move(fields);
    return layout;
}

Result<Layout> Layout::make(const TypeDescription &type)
{
    if (type.size > std::numeric_limits<std::uint32_t>::max())
        return Error{ErrorCode::InvalidLayout, "an element of " + std::to_string(type.size)
                                                   + " bytes is too large; use a longer segment of smaller elements"};
    std::vector<Field> fields;
    fields.reserve(type.fields.size());
    for (const FieldDescription &field : type.fields)
        fields.push_back({field.name, field.scalar, field.count, field.isArray, field.offset});
    return make(type.name, std::move(fields), static_cast<std::uint32_t>(type.size));
}

std::string Layout::amount(std::uint64_t bytes) const
{
    std::string inBytes = std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
    if (m_size < 1 || bytes % m_size != 0)
        return inBytes;
    const std::uint64_t count = bytes / m_size;
    return std::to_string(count) + (count == 1 ? " element" : " elements") + (m_size > 1 ? " (" + inBytes + ")" : "");
}

std::string Layout::firstDifference(const Layout &found) const
{
    if (*this == found)
        return {};
    if (!isValid() || !found.isValid() || !m_isStruct || !found.m_isStruct) {
        const auto element = [](const Layout &layout) {
            if (!layout.isValid())
                return std::string("no layout");
            return layout.isStruct() ? "a struct " + inQuotes(layout.structName()) : inQuotes(layout.text());
        };
        return "the element is " + element(*this) + ", found " + element(found);
    }
    if (m_structName != found.m_structName)
        return "the struct is named " + inQuotes(m_structName) + ", found " + inQuotes(found.m_structName);
    const std::size_t common = std::min(m_fields.size(), found.m_fields.size());
    for (std::size_t i = 0; i < common; ++i) {
        if (m_fields[i] != found.m_fields[i]) {
            return "field " + std::to_string(i + 1) + " is " + inQuotes(fieldText(m_fields[i])) + ", found "
                 + inQuotes(fieldText(found.m_fields[i]));
        }
    }
    if (m_fields.size() > common) {
        return "field " + std::to_string(common + 1) + " is " + inQuotes(fieldText(m_fields[common])) + ", found none";
    }
    if (found.m_fields.size() > common) {
        return "there is no field " + std::to_string(common + 1) + ", found "
             + inQuotes(fieldText(found.m_fields[common]));
    }
    return "the struct takes " + std::to_string(m_size) + (m_size == 1 ? " byte" : " bytes") + ", found "
         + std::to_string(found.m_size);
}

std::string Layout::remedyFor(const Layout &found) const
{
    if (*this == found)
        return {};
    if (!m_isStruct || !found.m_isStruct)
        return found.isValid() ? "ask for " + inQuotes(found.text()) + ", or have its owner create " + inQuotes(m_text)
                               : "have its owner create " + inQuotes(m_text);
    if (m_structName != found.m_structName) {
        const bool isSame = m_fields == found.m_fields && m_size == found.m_size;
        return isSame ? "have both programs give the struct one name, by SHARED_STRUCT_AS(Type, "
                            + inQuotes(found.m_structName) + ", ...)"
                      : "open another segment, or declare the same struct in both programs";
    }
    for (std::size_t i = 0; i < std::min(m_fields.size(), found.m_fields.size()); ++i) {
        const Field &wanted = m_fields[i];
        const Field &other = found.m_fields[i];
        if (wanted == other)
            continue;
        if (wanted.name != other.name)
            break;
        if (wanted.typeText() == other.typeText())
            return "have both programs put the field " + inQuotes(wanted.name)
                 + " in one place, by the same fields before it";
        return "have both programs give the field " + inQuotes(wanted.name) + " one type, " + wanted.typeText() + " or "
             + other.typeText();
    }
    return m_fields == found.m_fields ? "have both programs end the struct with the same bytes"
                                      : "declare the same fields in both programs, in one order";
}

} // namespace sharedsegment::engine
