// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: Bad::label is not trivially copyable: its bytes alone are not its value

#include "core/sharedlayout.h"

#include <QtCore/QString>

namespace ns {
struct Bad
{
    int id;
    QString label;
};
SHARED_STRUCT(Bad, id, label)
} // namespace ns

SharedLayout result = SharedLayout::of<ns::Bad>();
