// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegment_export.h"

#include <QtCore/QtGlobal>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

class SharedSegmentPrivate;

/// A write transaction: the next revision while it is being written. It starts as a copy of the newest revision.
///
/// The destructor publishes it, unless it is discarded or an exception unwinds the stack. Move-only. It stays in the
/// thread that began it, and has to end before its segment is closed. Not thread-safe.
class SHAREDSEGMENT_EXPORT SharedWriter
{
public:
    /// Makes an empty writer, which tests as false.
    SharedWriter();
    /// Takes over the transaction of `other`, which becomes empty.
    SharedWriter(SharedWriter &&other) noexcept;
    /// Publishes the own transaction and takes over the transaction of `other`, which becomes empty.
    SharedWriter &operator=(SharedWriter &&other) noexcept;
    /// Publishes the transaction, unless an exception unwinds the stack.
    ~SharedWriter();

    /// Returns whether there is a transaction.
    explicit operator bool() const { return d != nullptr; }

    /// Returns the bytes of the whole revision; empty without a transaction, and for a revision of no elements.
    std::span<std::byte> bytes() const
    {
        // Not m_bytes itself: for the whole span Clang loses the type information, and a loop would reload both members
        // after each element written.
        return {m_bytes.data(), m_bytes.size()};
    }

    /// Gives the revision another number of elements, for arrays of variable count: new elements are zero, and those behind
    /// the last one are left out. Spans that bytes() returned before are no longer valid.
    /// @returns whether it succeeded. After a failure the transaction is as before.
    ///
    /// Errors, which the segment gets: InvalidSize when `count` is below 0, above the capacity, or another one than the
    /// capacity of an array of fixed count; PermissionDenied in a forked child. Without a transaction it fails with none.
    bool resize(qint64 count);

    /// Publishes the transaction now and becomes empty.
    /// @returns the revision's number, or nothing if nothing was published.
    ///
    /// Errors, which the segment gets: NotFound when the segment was closed or its owner is gone; PermissionDenied in a
    /// forked child. Without a transaction it fails with none.
    std::optional<quint64> publish();

    /// Discards the transaction and becomes empty; the newest revision is as before.
    void discard();

private:
    friend class SharedSegmentPrivate;
    struct Data;
    std::unique_ptr<Data> d;
    std::span<std::byte> m_bytes;
};
