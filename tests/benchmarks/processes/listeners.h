// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "station.h"

/// A station that is one of many listeners.
Station::Commands listenersCommands();

/// What the listeners and the notifying process tell each other, in shared words.
enum ListenersWord : std::size_t {
    ReceivedWord, ///< the number of handled updates, of all listeners together
    BusyWord,     ///< 1: a listener that handles an update is busy with it until this is 0 again
    ListenersWordCount
};
