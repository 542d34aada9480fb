// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "reader.h"

#include <SharedSegment/SharedSegment>

#include <QtCore/QFile>

#include <array>
#include <memory>

using namespace Qt::StringLiterals;

namespace {

std::unique_ptr<SharedSegment> segment;

/// NAME: opens it, and reads all of it by pieces. A reader's own copies do not count.
QByteArray read(const QList<QByteArray> &arguments)
{
    segment = std::make_unique<SharedSegment>(QString::fromLatin1(arguments.at(0)));
    if (!segment->open())
        return "failed";
    static std::array<std::byte, 1 << 16> piece;
    for (qint64 offset = 0; offset < segment->size(); offset += qint64(piece.size())) {
        if (!segment->read(piece, offset))
            return "failed";
    }
    return "done";
}

QByteArray memory(const QList<QByteArray> & /*arguments*/)
{
    return QByteArray::number(proportionalSetSize());
}

} // namespace

qint64 proportionalSetSize()
{
    QFile file(u"/proc/self/smaps_rollup"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QList<QByteArray> lines = file.readAll().split('\n');
    for (const QByteArray &line : lines) {
        if (line.startsWith("Pss:"))
            return line.mid(4).trimmed().split(' ').constFirst().toLongLong() * 1024;
    }
    return 0;
}

Station::Commands readerCommands()
{
    return {{"reader-read", read}, {"reader-memory", memory}};
}
