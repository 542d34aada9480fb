// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "error.h"

namespace sharedsegment {

Error systemError(std::string_view operation, std::string_view object, int number, std::string_view remedy)
{
    std::string text(operation);
    if (!object.empty())
        text.append(" \"").append(object).append("\"");
    text.append(" failed: ").append(messageOfSystem(number));
    text.append("; ").append(remedy.empty() ? remedyOfSystem(number) : remedy);
    return {codeOfSystem(number), std::move(text), number};
}

} // namespace sharedsegment
