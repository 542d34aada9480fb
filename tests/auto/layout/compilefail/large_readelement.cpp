// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: the element is too large to be returned by readElement(); use snapshot() or read()

#include "core/sharedarray.h"

struct Frame
{
    int width;
    unsigned char pixels[1024 * 1024];
};
SHARED_STRUCT(Frame, width, pixels)

int use(const SharedArray<Frame> &film)
{
    return film.readElement(3).width;
}
