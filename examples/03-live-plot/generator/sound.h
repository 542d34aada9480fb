// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QString>

#include <functional>

/// Something to be heard, one channel.
struct Sound
{
    QString title;
    int rate = 0;                        ///< samples a second
    std::function<float(qint64)> sample; ///< by number, from 0 on, without an end; full scale is -1 to 1
};
