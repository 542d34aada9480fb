// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: the type of the element is not trivially copyable: its bytes alone are not its value

#include "core/sharedarray.h"

void use()
{
    SharedArray<QString> array(QStringLiteral("bad"));
    array.create(3);
}
