// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Publishing revisions: whole ones, and values whose types are known only at run time.

#include "sharedsegment_p.h"

#include "../engine/append.h"
#include "../engine/errors.h"
#include "../engine/writetransaction.h"
#include "fieldwriting_p.h"
#include "memorycheck_p.h"
#include "valuewriting_p.h"

#include <cmath>
#include <new>
#include <vector>

using namespace Qt::StringLiterals;
using sharedsegment::Result;
namespace engine = sharedsegment::engine;
namespace errors = sharedsegment::engine::errors;
namespace os = sharedsegment::os;

namespace {

/// The index that a value means; below 0 if it is not a number of an element.
double toIndex(const QVariant &value)
{
    switch (value.typeId()) {
    case QMetaType::Double:
    case QMetaType::Float:
    case QMetaType::Int:
    case QMetaType::UInt:
    case QMetaType::LongLong:
    case QMetaType::ULongLong:
    case QMetaType::Long:
    case QMetaType::ULong:
    case QMetaType::Short:
    case QMetaType::UShort:
        break;
    default:
        return -1;
    }
    const double index = value.toDouble();
    return index == std::floor(index) ? index : -1;
}

} // namespace

bool SharedSegment::publish(QByteArrayView bytes)
{
    return d_func()->publish(bytes, defaultWait());
}

bool SharedSegment::publish(QByteArrayView bytes, QDeadlineTimer deadline)
{
    return d_func()->publish(bytes, toWait(deadline));
}

bool SharedSegment::append(QByteArrayView bytes)
{
    return d_func()->append(bytes, defaultWait());
}

bool SharedSegment::append(const QVariant &values)
{
    return d_func()->append(values);
}

bool SharedSegment::append(QByteArrayView bytes, QDeadlineTimer deadline)
{
    return d_func()->append(bytes, toWait(deadline));
}

SharedWriter SharedSegment::beginWrite()
{
    return d_func()->beginWrite(defaultWait());
}

SharedWriter SharedSegment::beginWrite(QDeadlineTimer deadline)
{
    return d_func()->beginWrite(toWait(deadline));
}

bool SharedSegment::write(const QVariant &index, const QVariant &value)
{
    return d_func()->write(index, value);
}

bool SharedSegment::write(const QVariant &values)
{
    return d_func()->write(values);
}

template<auto Write>
bool SharedSegmentPrivate::writeWhole(QByteArrayView bytes, os::Wait wait)
{
    if (!isWritable())
        return fail(whyNotWritable());
    const std::span<const char> chars(bytes.data(), static_cast<std::size_t>(bytes.size()));
    for (;;) {
        const Result<std::uint64_t> revision = Write(*m_segment, std::as_bytes(chars), wait);
        if (revision)
            break;
        if (!mayWriteAgain(revision.error()))
            return false;
    }
    clearError();
    return true;
}

bool SharedSegmentPrivate::publish(QByteArrayView bytes, os::Wait wait)
{
    return writeWhole<&engine::publish>(bytes, wait);
}

bool SharedSegmentPrivate::append(QByteArrayView bytes, os::Wait wait)
{
    return writeWhole<&engine::append>(bytes, wait);
}

bool SharedSegmentPrivate::write(const QVariant &index, const QVariant &value)
{
    Q_Q(SharedSegment);
    if (!isOpen())
        return fail(errors::notOpen());
    const double at = toIndex(index);
    const auto capacity = static_cast<qint64>(m_segment->geometry().capacity);
    if (!(at >= 0 && at < static_cast<double>(capacity))) {
        fail(SharedSegment::Error::InvalidSize,
             u"there is no element %1 in \"%2\"; give an index from 0 to %3"_s.arg(ValueWriting::textOf(index), m_name)
                 .arg(capacity - 1));
        return false;
    }
    const SharedLayout elementLayout = m_openLayout;
    QByteArray trial;
    std::optional<QList<FieldDecoder>> written;
    ValueWriting::Failure failure;
    // Convert before the write transaction starts: a script's value may call functions, and with one buffer a started
    // transaction cannot be discarded.
    try {
        if (!hasMemoryFor(elementLayout.elementSize()))
            throw std::bad_alloc();
        trial.fill('\0', elementLayout.elementSize());
        written =
            ValueWriting::writeElement(elementLayout, reinterpret_cast<std::byte *>(trial.data()), value, &failure);
    } catch (const std::bad_alloc &) {
        failure = {SharedSegment::Error::OutOfMemory,
                   u"there is no memory for an element of %1 bytes; end programs that take much memory"_s.arg(
                       elementLayout.elementSize())};
    }
    if (!written) {
        fail(failure.error, failure.text);
        return false;
    }
    std::vector<FieldEdit> edits;
    for (const FieldDecoder &field : *written)
        edits.push_back({static_cast<qint64>(at), field, reinterpret_cast<const std::byte *>(trial.constData())});
    return writeFields(q, elementLayout, edits);
}

bool SharedSegmentPrivate::write(const QVariant &values)
{
    const std::optional<QByteArray> bytes = toBytes(values);
    return bytes && publish(*bytes, ShortWait);
}

bool SharedSegmentPrivate::append(const QVariant &values)
{
    if (isOpen() && !m_segment->content().ringBuffer())
        return append(QByteArrayView(), ShortWait); // which says why not
    const std::optional<QByteArray> bytes = toBytes(values);
    return bytes && append(*bytes, ShortWait);
}

std::optional<QByteArray> SharedSegmentPrivate::toBytes(const QVariant &values)
{
    if (!isOpen()) {
        fail(errors::notOpen());
        return std::nullopt;
    }
    const SharedLayout elementLayout = m_openLayout;
    const auto capacity = static_cast<qint64>(m_segment->geometry().capacity);
    const engine::Kind kind = m_segment->geometry().kind;
    ValueWriting::Failure failure;
    std::optional<QByteArray> bytes;
    // Another process chose the size.
    try {
        bytes = kind == engine::Kind::Stream
                  ? ValueWriting::toElements(elementLayout, capacity, values, &failure)
                  : ValueWriting::toRevision(elementLayout, capacity, kind == engine::Kind::VariableArray, values,
                                             &failure);
    } catch (const std::bad_alloc &) {
        failure = {SharedSegment::Error::OutOfMemory,
                   u"there is no memory for a revision of %1 elements; write single ones"_s.arg(capacity)};
    }
    if (!bytes) {
        fail(failure.error, failure.text);
    } else if (m_segment && !(m_openLayout == elementLayout)) {
        fail(SharedSegment::Error::LayoutMismatch, u"\"%1\" was opened anew meanwhile; write again"_s.arg(m_name));
        return std::nullopt;
    }
    return bytes;
}

sharedsegment::Error SharedSegmentPrivate::whyNotWritable() const
{
    if (!isOpen())
        return errors::notOpen();
    if (m_openAccess != SharedSegment::Access::ReadWrite)
        return errors::openForReadingOnly(m_segment->name());
    return errors::ownerGone(m_segment->name());
}
