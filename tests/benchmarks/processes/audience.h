// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "station.h"

/// What a station does as one of many that listen.
Station::Commands audienceCommands();

/// What the listeners and the one who rings tell each other, in shared words.
enum AudienceWord : std::size_t {
    HeardWord, ///< how often news was heard, by all together
    BusyWord,  ///< 1: who hears news is busy with it until this is 0 again
    AudienceWordCount
};
