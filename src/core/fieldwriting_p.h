// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "elementkey_p.h"
#include "fielddecoder.h"
#include "sharedsegment.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>

/// Maximum wait of a user interface's thread for other writers, short enough to go unnoticed.
constexpr std::chrono::milliseconds ShortWait{50};

/// An element that is recognized by its key, wherever it is in the newest revision.
struct KeyedElement
{
    ElementKey key;
    ElementKey::Occurrence occurrence;
    QString text; ///< name and value of the key, for errors
};

/// Another value of one field of one element.
struct FieldEdit
{
    qint64 index = 0; ///< of the element, if it has no key
    FieldDecoder field;
    const std::byte *element = nullptr; ///< an element that has the new value in this field
    std::optional<KeyedElement> keyed = std::nullopt;
};

/// Publishes one revision in which the fields of `edits` have other values. Waits at most ShortWait for other writers.
/// `layout` is the one by which the values were made.
/// @returns whether it succeeded. After a failure nothing is published, and the segment's error gives the reason.
///
/// Errors: those of SharedSegment::beginWrite() and SharedWriter::publish(); LayoutMismatch when the segment has another
/// layout meanwhile; InvalidSize when the newest revision does not have an element, or none with its key.
SHAREDSEGMENT_EXPORT bool writeFields(SharedSegment *segment, const SharedLayout &layout,
                                      std::span<const FieldEdit> edits);
