// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../core/sharedsegment.h"

#include <QtCore/QJsonObject>
#include <QtCore/QString>

#include <optional>

/// What the commands say of a segment that is open.
namespace Description {

QString nameOf(SharedSegment::Backend backend);
/// The backend of that name, or nothing.
std::optional<SharedSegment::Backend> backendOf(const QString &name);
QString nameOf(SharedSegment::State state);
/// "0.2 s", "3 min": since then. A dash for never.
QString age(const QDateTime &since);
QJsonObject json(const SharedSegment &segment);

} // namespace Description
