// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Edits in views: one revision for each, or for all between beginEdit() and endEdit().

#include "sharedarraymodel_p.h"

#include "memorycheck_p.h"
#include "valuewriting_p.h"

#include <new>
#include <vector>

using namespace Qt::StringLiterals;

bool SharedArrayModelPrivate::isWritable() const
{
    return segment() && segment()->state() == SharedSegment::State::Open
        && (segment()->isOwner() || segment()->access() == SharedSegment::Access::ReadWrite);
}

bool SharedArrayModelPrivate::commit(const QList<Edit> &edits)
{
    if (edits.isEmpty())
        return true;
    if (!segment())
        return false;
    std::vector<FieldEdit> fields;
    fields.reserve(static_cast<std::size_t>(edits.size()));
    for (const Edit &edit : edits)
        fields.push_back(
            {edit.index, edit.field, reinterpret_cast<const std::byte *>(edit.element.constData()), edit.keyed});
    const FailureScope scope = m_follower.failuresOf(u"write"_s);
    if (!writeFields(segment(), m_layout, fields))
        return false;
    refresh(edits);
    return true;
}

bool SharedArrayModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (!index.isValid() || index.row() >= d->m_rows)
        return d->fail(SharedSegment::Error::InvalidSize,
                       u"there is no such row or column; there are %1 rows and %2 columns"_s.arg(d->m_rows).arg(
                           columnCount()));
    const FieldRoles::Role wanted = d->role(role, index.column());
    if (wanted.field < 0 || wanted.sort != FieldRoles::Sort::Value || role == Qt::DisplayRole)
        return d->fail(SharedSegment::Error::InvalidValue,
                       u"the role %1 cannot be written; use \"edit\" or a field's role"_s.arg(role));
    const FieldDecoder field = d->m_fields.at(wanted.field);
    QByteArray bytes;
    ValueWriting::Failure failure;
    try {
        if (!hasMemoryFor(d->m_elementSize))
            throw std::bad_alloc();
        bytes.fill('\0', d->m_elementSize);
        auto *const element = reinterpret_cast<std::byte *>(bytes.data());
        if (!ValueWriting::writeField(field, element, value, FieldDecoder::Strings::Convert, &failure))
            return d->fail(failure.error, u"row %1: %2"_s.arg(index.row()).arg(failure.text));
    } catch (const std::bad_alloc &) {
        d->failForMemory(1);
        return false;
    }
    SharedArrayModelPrivate::Edit edit{d->m_firstRow + index.row(), static_cast<int>(wanted.field), field, bytes};
    if (d->isKeyed())
        edit.keyed = d->keyedElement(index.row());
    if (d->m_editDepth == 0)
        return d->commit({edit});
    if (!d->isWritable())
        return d->fail(SharedSegment::Error::PermissionDenied,
                       u"\"%1\" cannot be edited; open it ReadWrite while its owner lives"_s.arg(segment()->name()));
    d->m_edits.append(edit);
    return true;
}

void SharedArrayModel::beginEdit()
{
    ++d->m_editDepth;
}

bool SharedArrayModel::endEdit()
{
    if (d->m_editDepth == 0)
        return d->fail(SharedSegment::Error::InvalidState, u"no edits are being collected; call beginEdit() first"_s);
    if (--d->m_editDepth > 0)
        return true;
    return d->commit(std::exchange(d->m_edits, {}));
}

void SharedArrayModel::cancelEdit()
{
    d->m_editDepth = 0;
    d->m_edits.clear();
}
