// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "secondprocess.h"

#include <QtCore/QString>

#include <array>
#include <cstddef>

/// The sizes in bytes that the owner holds of every peer.
inline constexpr std::array<std::size_t, 4> OwnedSizes{8, 4096, std::size_t(1) << 20, std::size_t(64) << 20};

/// A second process of this program, which owns what the benchmarks open: an opening within one process would be a short cut.
class Owner
{
public:
    /// @returns false, after a message, when it does not start in time.
    bool start();

    /// The name of what it holds of `peer`.
    static QString nameOf(const char *peer, std::size_t size);

    /// In the second process: holds all until standard input ends.
    static int run(const QString &prefix);

private:
    SecondProcess m_process;
};
