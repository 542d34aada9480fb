// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../engine/registry.h"

#include <QtCore/QString>

/// Returns the registry in a folder, where a relative path counts from the current one; for an empty text, the registry
/// that the environment names.
sharedsegment::engine::Registry registryOf(const QString &folder);
