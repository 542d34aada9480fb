// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../core/sharedsegment.h"

#include <QtCore/QJsonObject>
#include <QtCore/QString>

#include <optional>

/// An open segment described for the user.
namespace Description {

QString nameOf(SharedSegment::Backend backend);
/// The backend called `name`, or nothing.
std::optional<SharedSegment::Backend> backendOf(const QString &name);
QString nameOf(SharedSegment::State state);
/// "here", "reachable" or "not reachable".
QString nameOf(SharedSegment::Source source);
QString nameOf(SharedSegment::Kind kind);
/// The kind called `name`, or nothing.
std::optional<SharedSegment::Kind> kindOf(const QString &name);
/// The time since then: "0.2 s", "3 min". A dash for an invalid time.
QString age(const QDateTime &since);
QJsonObject json(SharedSegment &segment);
/// The host whose segment a mirror mirrors, and what is known of it: "host boiler is reachable".
QString hostText(const SharedSegment &mirror);

} // namespace Description
