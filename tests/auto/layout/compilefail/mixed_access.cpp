// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: Bad is not of standard layout, so the places of its fields are not certain.

#include "engine/typelayout.h"

struct Bad
{
    int id;
    int hidden() const { return m_hidden; }

private:
    int m_hidden;
};
SHARED_STRUCT(Bad, id)

sharedsegment::TypeDescription result = sharedsegment::describe<Bad>();
