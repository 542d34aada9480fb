// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QList>

namespace sharedsegment {

/// Makes a list of `size` elements with undefined content, which the caller overwrites; empty when there is no memory.
template<typename T>
QList<T> listForOverwriting(qsizetype size)
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 8, 0)
    QList<T> values;
    values.resizeForOverwrite(size);
    return values;
#else
    // resize() would clear the elements, which takes half as long as reading them.
    auto data = QTypedArrayData<T>::allocate(size);
    return data.second ? QList<T>(QArrayDataPointer<T>(data, size)) : QList<T>();
#endif
}

} // namespace sharedsegment
