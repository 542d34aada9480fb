// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <SharedSegment/SharedSegmentVersion>

#include <string_view>

#if SHAREDSEGMENT_VERSION < SHAREDSEGMENT_VERSION_CHECK(0, 2, 0)
#error "the preprocessor cannot compare versions"
#endif
static_assert(SHAREDSEGMENT_VERSION_CHECK(0, 2, 0) < SHAREDSEGMENT_VERSION_CHECK(0, 10, 0));
static_assert(SHAREDSEGMENT_VERSION_CHECK(0, 255, 255) < SHAREDSEGMENT_VERSION_CHECK(1, 0, 0));
#ifdef CONSUMER_VERSION
static_assert(std::string_view(SHAREDSEGMENT_VERSION_STR) == CONSUMER_VERSION);
#endif
