/* SPDX-FileCopyrightText: 2026 The SharedSegment authors */
/* SPDX-License-Identifier: MIT */

/* The functions of the C header, for a program in C++. */

#define SS_IMPLEMENTATION
#include "../../../src/bindings/c/sharedsegment.h"
