// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "format.h"

#include <memory>

/// What this process knows of instances, for the whole of it and once: the segments that it owns, and the instances
/// whose owner it has seen end. All functions are thread-safe.
namespace sharedsegment::engine {

class Segment;

/// Remembers an owned segment until forgetOwned().
void rememberOwned(const InstanceId &instance, std::weak_ptr<Segment> segment);
void forgetOwned(const InstanceId &instance);
/// The segment of an instance that this process owns; null in a forked child of the owner.
SHAREDSEGMENTENGINE_EXPORT std::shared_ptr<Segment> findOwned(const InstanceId &instance);

/// Remembers that the owner of an instance has ended. A system may report the end before it releases the owner's lock,
/// so that the record still seems to have an owner.
void rememberEnded(const InstanceId &instance);
SHAREDSEGMENTENGINE_EXPORT bool isKnownToHaveEnded(const InstanceId &instance);

} // namespace sharedsegment::engine
