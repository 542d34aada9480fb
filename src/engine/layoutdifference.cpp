// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "layout.h"
#include "layout_p.h"

#include <algorithm>

namespace sharedsegment::engine {

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
