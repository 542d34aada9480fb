// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The values of a row, as numbers and as texts.

#include "../os/system.h"
#include "readabletext.h"
#include "sharedregistrymodel_p.h"
#include "sharedsegment.h"
#include "utf8_p.h"

using namespace Qt::StringLiterals;

namespace {

QString textOfKind(SharedSegment::Kind kind)
{
    switch (kind) {
    case SharedSegment::Kind::FixedArray:
        return u"array"_s;
    case SharedSegment::Kind::VariableArray:
        return u"variable array"_s;
    case SharedSegment::Kind::Stream:
        return u"stream"_s;
    }
    return QString();
}

QString textOfRate(double rate)
{
    return QString::number(rate, 'f', rate < 10 && rate > 0 ? 1 : 0) + u" /s"_s;
}

} // namespace

QString SharedRegistryModelPrivate::programOf(RegistryEntry &entry)
{
    // It is known once the owner is gone only if it was requested before.
    if (entry.program.isEmpty() && entry.isOpen && entry.record.pid != 0) {
        QString &program = m_programs[entry.record.pid];
        if (program.isEmpty())
            program = textOf(sharedsegment::os::programName(entry.record.pid));
        entry.program = program;
    }
    return entry.program;
}

QVariant SharedRegistryModelPrivate::value(const RegistryRow &row, int role)
{
    using Model = SharedRegistryModel;
    if (role == Model::NameRole)
        return row.part;
    if (!row.entry) {
        if (role == Model::FullNameRole || role == Model::ProblemRole)
            return QString();
        return role == Model::OpenRole || role == Model::ClosedRole ? QVariant(false) : QVariant();
    }
    RegistryEntry &entry = *row.entry;
    const sharedsegment::engine::ListedRecord &record = entry.record;
    const bool isReadable = record.problem.code == sharedsegment::ErrorCode::NoError;
    switch (role) {
    case Model::FullNameRole:
        return entry.name;
    case Model::OpenRole:
        return entry.isOpen;
    case Model::ClosedRole:
        return !entry.isOpen;
    case Model::ProblemRole:
        return isReadable ? entry.reading.problem : textOf(record.problem.text);
    default:
        break;
    }
    if (!isReadable)
        return QVariant();
    switch (role) {
    case Model::KindRole:
        return static_cast<int>(record.kind);
    case Model::BytesRole:
        return static_cast<qint64>(record.segmentSize);
    case Model::OwnerRole:
        return programOf(entry);
    case Model::PidRole:
        return static_cast<qint64>(record.pid);
    case Model::BackendRole:
        return static_cast<int>(record.backend);
    case Model::SourceRole:
        if (record.source != sharedsegment::Source::Here)
            ask(&entry);
        return static_cast<int>(record.source);
    case Model::LayoutRole:
    case Model::CapacityRole:
    case Model::ElementSizeRole:
    case Model::ListenersRole:
    case Model::RevisionRole:
    case Model::RateRole:
    case Model::AgeRole:
        ask(&entry);
        break;
    case Model::PreviewRole:
        entry.isPreviewRequested = true;
        ask(&entry);
        break;
    default:
        return QVariant();
    }
    const RegistryEntry::Reading &reading = entry.reading;
    if (reading.capacity == 0)
        return QVariant();
    switch (role) {
    case Model::LayoutRole:
        return reading.layout;
    case Model::CapacityRole:
        return static_cast<qint64>(reading.capacity);
    case Model::ElementSizeRole:
        return static_cast<qint64>(reading.elementSize);
    case Model::ListenersRole:
        return reading.listeners;
    case Model::RevisionRole:
        return reading.revision;
    case Model::PreviewRole:
        return reading.previewText;
    case Model::RateRole:
        return reading.rate < 0 ? QVariant() : QVariant(reading.rate);
    default: // the age
        return reading.age < 0 ? QVariant() : QVariant(reading.age + reading.readAt - reading.agedAt);
    }
}

QVariant SharedRegistryModelPrivate::text(const RegistryRow &row, int column)
{
    using Model = SharedRegistryModel;
    const auto textOr = [&](int role, auto makeText) {
        const QVariant known = value(row, role);
        return known.isValid() ? QVariant(makeText(known)) : QVariant();
    };
    switch (column) {
    case Model::NameColumn:
        return row.part;
    case Model::PreviewColumn:
        return value(row, Model::PreviewRole);
    case Model::KindColumn:
        return textOr(Model::KindRole,
                      [](const QVariant &kind) { return textOfKind(SharedSegment::Kind(kind.toInt())); });
    case Model::LayoutColumn:
        return value(row, Model::LayoutRole);
    case Model::CapacityColumn:
        return value(row, Model::CapacityRole);
    case Model::BytesColumn:
        return textOr(Model::BytesRole, [](const QVariant &bytes) { return ReadableText::bytes(bytes.toDouble()); });
    case Model::OwnerColumn:
        return value(row, Model::OwnerRole);
    case Model::PidColumn:
        return value(row, Model::PidRole);
    case Model::BackendColumn:
        return textOr(Model::BackendRole, [](const QVariant &backend) {
            return QVariant::fromValue(SharedSegment::Backend(backend.toInt())).toString().toLower();
        });
    case Model::ListenersColumn:
        return value(row, Model::ListenersRole);
    case Model::RateColumn:
        return textOr(Model::RateRole, [](const QVariant &rate) { return textOfRate(rate.toDouble()); });
    default:
        return textOr(Model::AgeRole, [](const QVariant &age) { return ReadableText::duration(age.toDouble()); });
    }
}
