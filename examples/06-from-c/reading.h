/* SPDX-FileCopyrightText: 2026 The SharedSegment authors */
/* SPDX-License-Identifier: MIT */
#ifndef READING_H
#define READING_H

#include <stddef.h>

struct reading
{
    double temperature;
    double humidity;
    char station[16];
};

/* The same as a layout text. Readers compare it, field by field. */
#define READING_LAYOUT "Reading{temperature:f64@0;humidity:f64@8;station:char[16]@16}/32"

_Static_assert(sizeof(struct reading) == 32 && offsetof(struct reading, humidity) == 8
                   && offsetof(struct reading, station) == 16,
               "READING_LAYOUT differs from struct reading");

#endif
