// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "line.h"

#include <QtCore/QByteArrayView>

/// How a command writes the lines of a log.
enum class Format {
    Kernel,  ///< `dmesg --decode --time-format iso`
    Journal, ///< `journalctl --output json`
    Plain,   ///< any text; "<3>" at the start gives the level, as systemd reads it, else words such as "error" do
};

/// Returns the line for one line of output. What the format does not contain is guessed: the time is now, the level
/// information.
Line parse(Format format, QByteArrayView output);
