// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QString>

#include <functional>

/// A sound of one channel.
struct Sound
{
    QString title;
    int rate = 0;                        ///< samples per second
    std::function<float(qint64)> sample; ///< sample by number, from 0 on, endless; full scale is -1 to 1
};
