// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What the errors of large_get.cpp and large_readelement.cpp recommend, and values of just 1 MiB, compile.

#include "core/sharedvalue.h"

struct Frame
{
    int width;
    unsigned char pixels[1024 * 1024];
};
SHARED_STRUCT(Frame, width, pixels)

struct Tile
{
    unsigned char pixels[1024 * 1024];
};
SHARED_STRUCT(Tile, pixels)

bool use(SharedValue<Frame> *camera, SharedArray<Frame> *film, SharedValue<Tile> *tile, SharedArray<Tile> *tiles,
         Frame *frame)
{
    const bool isRead = camera->read(*frame).has_value() && film->read(std::span(frame, 1)).has_value();
    return isRead && camera->set(*frame) && film->snapshot().size() == 1
        && tile->get().pixels[0] == tiles->readElement(0).pixels[0];
}
