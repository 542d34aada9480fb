// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegment_export.h"
#include "sharedtext.h"

#include "../segment/typelayout.h"

#include <QtCore/QList>
#include <QtCore/QMetaType>
#include <QtCore/QSharedDataPointer>
#include <QtCore/QString>
#include <QtCore/QStringView>

#include <atomic>
#include <memory>
#include <span>

namespace sharedsegment::segment {
class Layout;
}

/// What one element of a segment is made of.
///
/// A value, cheap to copy, safe from any thread. Made from a C++ type by of() or from text by parse().
class SHAREDSEGMENT_EXPORT SharedLayout
{
public:
    /// What fields are made of.
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

    /// One field: for an element that is not a struct there is one with an empty name.
    struct Field
    {
        QString name;     ///< flattened: `pos.x`
        Type type;        ///< of each element
        qsizetype count;  ///< elements of an array, bytes of a text, else 1
        bool isArray;     ///< `f32[3]`
        qsizetype offset; ///< in bytes, from the start of the element
        qsizetype size;   ///< in bytes, the whole field
        QString typeText; ///< `f64`, `f32[3]`, `char[20]`
    };

    /// Not valid.
    SharedLayout();

    /// The layout of T: a scalar, `bool`, an enum, `char[N]`, an array of scalars, or a struct named with SHARED_STRUCT.
    /// Any other type does not compile.
    template<typename T>
    static SharedLayout of()
    {
        // Not a static object of its own: a program's static objects may need it when it would be gone.
        static constinit std::atomic<const SharedLayout *> known = nullptr;
        const SharedLayout *const layout = known.load(std::memory_order_acquire);
        return layout ? *layout : keep(known, fromDescription(sharedsegment::describe<T>()));
    }

    /// The layout that `text` says, in canonical form or without offsets and size, which natural alignment then fills in.
    /// @returns a layout that is not valid if the text is not one; `errorString`, if given, then says where and why.
    static SharedLayout parse(QStringView text, QString *errorString = nullptr);

    /// Whether it is a layout at all.
    bool isValid() const;
    /// Whether the element is a struct, with named fields.
    bool isStruct() const;

    /// Canonical: equal layouts have equal texts. Empty if not valid.
    QString text() const;
    QString structName() const;         ///< empty for an element that is not a struct
    QList<Field> fields() const;        ///< sorted by offset
    qsizetype elementSize() const;      ///< in bytes
    qsizetype elementAlignment() const; ///< in bytes
    quint64 fingerprint() const;        ///< FNV-1a 64 of the text

    /// Whether both have the same text.
    friend SHAREDSEGMENT_EXPORT bool operator==(const SharedLayout &a, const SharedLayout &b);

    /// @{
    /// For the library's own use.
    explicit SharedLayout(std::shared_ptr<const sharedsegment::segment::Layout> d);
    const sharedsegment::segment::Layout &native() const;
    /// @}

private:
    /// Puts `layout` there for good, unless another thread was faster. @returns what is there.
    static const SharedLayout &keep(std::atomic<const SharedLayout *> &place, SharedLayout layout);
    static SharedLayout fromDescription(const sharedsegment::TypeDescription &description);

    std::shared_ptr<const sharedsegment::segment::Layout> d;
};

Q_DECLARE_METATYPE(SharedLayout)
