// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "variablearray.h"

namespace sharedsegment::engine {

Status VariableArray::checkSize(std::size_t bytes) const
{
    if (bytes > geometry().payloadSize)
        return Error{ErrorCode::InvalidSize,
                     "\"" + view().name + "\" takes at most " + view().amount(geometry().payloadSize) + ", not "
                         + view().amount(bytes) + "; publish fewer, or have it created with a larger capacity"};
    if (bytes % view().layout->elementSize() != 0)
        return Error{ErrorCode::InvalidSize, "\"" + view().name + "\" takes whole elements of "
                                                 + std::to_string(view().layout->elementSize()) + " bytes, not "
                                                 + std::to_string(bytes) + " bytes; publish the last one whole"};
    return {};
}

} // namespace sharedsegment::engine
