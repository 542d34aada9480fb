// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../secondprocess.h"

#include <QtCore/QString>

#include <optional>

/// A second process of this program, which owns names and publishes in all of them.
class Publisher
{
public:
    static constexpr int NameCount = 50;
    static constexpr int ElementCount = 50; ///< of each
    static constexpr int Rate = 1000;       ///< of each name, in Hz

    /// @returns false, after a message, when it does not start in time.
    bool start();
    /// What all names begin with.
    QString prefix() const { return m_prefix; }
    /// @returns what a publication took of the processor since the last call, in ns; nothing if there was none.
    std::optional<double> meanTime();

    /// In the second process: until standard input ends.
    static int run(const QString &prefix);

private:
    QString m_prefix;
    SecondProcess m_process;
};
