// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: the type of the element is not trivially copyable: its bytes alone are not its value

#include "core/sharedlayout.h"

#include <QtCore/QString>

SharedLayout result = SharedLayout::of<QString>();
