// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sensors.h"

#include "../secondprocess.h"

#include <QtCore/QString>

/// A second process of this program, which publishes sensors as an array of variable count.
class SensorOwner
{
public:
    static constexpr int Rate = 60; ///< revisions in a second, between start and stop

    /// @returns false, after a message, when it does not start in time.
    bool start();
    QString name() const { return m_name; }

    /// @{
    /// @returns whether it is done.
    bool startPublishing(SensorChange change);
    bool stopPublishing();
    /// @}

    /// In the second process: until standard input ends.
    static int run(const QString &name);

private:
    bool ask(const QByteArray &command);

    QString m_name;
    SecondProcess m_process;
};
