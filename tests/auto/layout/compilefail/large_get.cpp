// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// EXPECT: SharedSegment: the value is too large to be returned by get(); use read(T &)

#include "core/sharedvalue.h"

struct Frame
{
    int width;
    unsigned char pixels[1024 * 1024];
};
SHARED_STRUCT(Frame, width, pixels)

int use(const SharedValue<Frame> &camera)
{
    return camera.get().width;
}
