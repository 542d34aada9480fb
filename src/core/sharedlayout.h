// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegment_export.h"
#include "sharedtext.h"

#include "../engine/typelayout.h"

#include <QtCore/QList>
#include <QtCore/QMetaType>
#include <QtCore/QSharedDataPointer>
#include <QtCore/QString>
#include <QtCore/QStringView>

#include <atomic>
#include <memory>
#include <span>

namespace sharedsegment::engine {
class Layout;
}

/// The layout of one element of a segment: its fields, their types and offsets.
///
/// A value type, cheap to copy. of() makes it from a C++ type and parse() from text. All functions are reentrant, and
/// the const ones thread-safe.
class SHAREDSEGMENT_EXPORT SharedLayout
{
public:
    /// The types of fields.
    enum class Type {
        Int8,    ///< `i8`
        UInt8,   ///< `u8`
        Int16,   ///< `i16`
        UInt16,  ///< `u16`
        Int32,   ///< `i32`
        UInt32,  ///< `u32`
        Int64,   ///< `i64`
        UInt64,  ///< `u64`
        Float32, ///< `f32`
        Float64, ///< `f64`
        Bool,    ///< `bool`, a byte of 0 or 1
        Text,    ///< `char[N]`, UTF-8, NUL-padded
    };

    /// One field. An element that is not a struct has one field, with an empty name.
    struct Field
    {
        QString name;     ///< the name, flattened: `pos.x`
        Type type;        ///< the type of each item
        qsizetype count;  ///< the number of items of an array, of bytes of a text, else 1
        bool isArray;     ///< whether it is an array, such as `f32[3]`
        qsizetype offset; ///< the offset from the start of the element, in bytes
        qsizetype size;   ///< the size of the whole field, in bytes
        QString typeText; ///< the type as text: `f64`, `f32[3]`, `char[20]`
    };

    /// Makes an invalid layout.
    SharedLayout();

    /// Returns the layout of T. Thread-safe.
    ///
    /// T is a scalar, `bool`, an enum, `char[N]`, an array of scalars, or a struct that SHARED_STRUCT names. Any other
    /// type does not compile.
    template<typename T>
    static SharedLayout of()
    {
        // Not a static object: the program's static objects may use it after its destruction.
        static constinit std::atomic<const SharedLayout *> known = nullptr;
        const SharedLayout *const layout = known.load(std::memory_order_acquire);
        return layout ? *layout : keep(known, fromDescription(sharedsegment::describe<T>()));
    }

    /// Returns the layout that `text` describes. Thread-safe.
    ///
    /// `text` is in canonical form, or without offsets and size, which then follow from natural alignment.
    /// @returns an invalid layout if the text is not a layout; `errorString`, if given, then gives the place and the cause.
    static SharedLayout parse(QStringView text, QString *errorString = nullptr);

    /// Returns whether the layout is valid.
    bool isValid() const;
    /// Returns whether the element is a struct, with named fields.
    bool isStruct() const;

    /// Returns the canonical text, which is equal for equal layouts; empty if invalid.
    QString text() const;
    QString structName() const;         ///< Returns the name of the struct; empty if the element is not a struct.
    QList<Field> fields() const;        ///< Returns the fields, sorted by offset.
    qsizetype elementSize() const;      ///< Returns the size of an element in bytes.
    qsizetype elementAlignment() const; ///< Returns the alignment of an element in bytes.
    quint64 fingerprint() const;        ///< Returns the FNV-1a 64 hash of the text.

    /// Returns whether both layouts have the same text.
    friend SHAREDSEGMENT_EXPORT bool operator==(const SharedLayout &a, const SharedLayout &b);

    /// Wraps a layout of the lower layer. For the library's own use.
    explicit SharedLayout(std::shared_ptr<const sharedsegment::engine::Layout> d);
    /// Returns the layout of the lower layer. For the library's own use.
    const sharedsegment::engine::Layout &native() const;

private:
    /// Stores `layout` in `place` for the lifetime of the process, unless another thread was faster. @returns the
    /// stored layout.
    static const SharedLayout &keep(std::atomic<const SharedLayout *> &place, SharedLayout layout);
    static SharedLayout fromDescription(const sharedsegment::TypeDescription &description);

    std::shared_ptr<const sharedsegment::engine::Layout> d;
};

Q_DECLARE_METATYPE(SharedLayout)
