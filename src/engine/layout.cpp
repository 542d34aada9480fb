// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "layout.h"

#include "fnv.h"
#include "format.h"
#include "layout_p.h"
#include "name.h"

#include <algorithm>
#include <iterator>
#include <limits>

namespace sharedsegment::engine {

namespace {

constexpr ScalarType scalarType(Scalar scalar)
{
    const auto index = static_cast<std::size_t>(scalar);
    return index < std::size(ScalarTypes) ? ScalarTypes[index] : ScalarType{"", 0};
}

/// The reason why `field` does not fit into an element of `size` bytes; empty if it fits.
std::string problemOf(const Field &field, std::uint32_t size)
{
    const ScalarType type = scalarType(field.scalar);
    if (type.size == 0)
        return "has an unknown type";
    if (field.count == 0 || field.count > MaximumElementBytes)
        return "has no possible length";
    if (field.count != 1 && !field.isArray && field.scalar != Scalar::Char)
        return "has a length but is no array";
    if (field.offset + std::uint64_t(field.count) * type.size > size)
        return "ends after the " + std::to_string(size) + " bytes of the element";
    return {};
}

} // namespace

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

Error invalidLayout(const std::string &reason)
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

Result<Layout> Layout::make(std::string structName, std::vector<Field> fields, std::uint32_t size)
{
    if (size == 0 || size > MaximumElementBytes)
        return invalidLayout("an element takes 1 to " + std::to_string(MaximumElementBytes) + " bytes, not "
                             + std::to_string(size));
    if (fields.empty() || fields.size() > MaximumFields) {
        return invalidLayout("an element has 1 to " + std::to_string(MaximumFields) + " fields, not "
                             + std::to_string(fields.size()));
    }
    for (Field &field : fields) {
        if (const std::string problem = problemOf(field, size); !problem.empty())
            return invalidLayout((field.name.empty() ? "the element" : "the field " + inQuotes(field.name)) + ' '
                                 + problem);
        if (field.scalar == Scalar::Char)
            field.isArray = false;
    }

    Layout layout;
    layout.m_isStruct = !structName.empty();
    if (layout.m_isStruct) {
        if (!detail::isName(structName, false) || !isUtf8(structName))
            return invalidLayout("the struct's name is not one of letters, digits and _");
        for (const Field &field : fields) {
            if (!detail::isName(field.name, true) || !isUtf8(field.name))
                return invalidLayout("the name of a field is not one of letters, digits, _ and single dots");
        }
        std::stable_sort(fields.begin(), fields.end(),
                         [](const Field &a, const Field &b) { return a.offset < b.offset; });
        std::vector<std::string_view> names;
        names.reserve(fields.size());
        for (const Field &field : fields)
            names.push_back(field.name);
        std::sort(names.begin(), names.end());
        if (const auto twice = std::adjacent_find(names.begin(), names.end()); twice != names.end())
            return invalidLayout("two fields have the name " + inQuotes(*twice));
        for (std::size_t i = 1; i < fields.size(); ++i) {
            const Field &before = fields[i - 1];
            if (std::uint64_t(before.offset) + before.size() > fields[i].offset) {
                return invalidLayout("the fields " + inQuotes(fieldText(before)) + " and "
                                     + inQuotes(fieldText(fields[i])) + " overlap");
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
            return invalidLayout("its text is longer than " + std::to_string(MaximumLayoutBytes) + " bytes");
    } else {
        const Field &field = fields.front();
        if (fields.size() != 1 || !field.name.empty())
            return invalidLayout("an element with named fields is a struct and has a name itself");
        if (field.offset != 0 || field.size() != size)
            return invalidLayout("the element is " + std::to_string(size) + " bytes, but " + field.typeText()
                                 + " takes " + std::to_string(field.size()));
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

} // namespace sharedsegment::engine
