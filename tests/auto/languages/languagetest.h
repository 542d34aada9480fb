// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../../support/backendtest.h"

#include <QtCore/QFile>
#include <QtCore/QtEndian>

#include <algorithm>
#include <memory>

using namespace Qt::StringLiterals;

/// Another language and C++ on the two sides of a segment, each as owner and as reader. Built once for each language: INDEPENDENT is the
/// program that is its peer, or that runs EXTERNAL_SCRIPT.
namespace testsupport {

/// Bytes of the format, which is little-endian.
template<typename T>
QByteArray le(T value)
{
    value = qToLittleEndian(value);
    return QByteArray(reinterpret_cast<const char *>(&value), sizeof value);
}

/// Peers in both languages, and what their records contain.
class LanguageTest : public BackendTest
{
protected:
    static void addBufferRows()
    {
        QTest::addColumn<int>("bufferCount");
        for (const int bufferCount : {1, 2, 4})
            QTest::addRow("%d buffers", bufferCount) << bufferCount;
    }
    /// From a test's environment, to run a part of the suite with another build of the program.
    static QString independentProgram() { return qEnvironmentVariable("INDEPENDENT", testPath("INDEPENDENT")); }
    static std::unique_ptr<Peer> independentPeer(const QStringList &arguments)
    {
        const QStringList script = QStringLiteral(EXTERNAL_SCRIPT).split(u';', Qt::SkipEmptyParts);
        return std::make_unique<Peer>(script + arguments, independentProgram());
    }
    static std::unique_ptr<Peer> ready(std::unique_ptr<Peer> peer)
    {
        const QString answer = peer->line();
        if (answer != u"ready"_s)
            qWarning("peer: %s", qPrintable(answer));
        return peer;
    }
    static std::unique_ptr<Peer> independentOwner(const QString &name, int length, int bufferCount = 4,
                                                  const QString &layout = u"u64"_s)
    {
        return ready(independentPeer(
            {u"own"_s, name, layout, QString::number(length), nameOf(backend()), QString::number(bufferCount)}));
    }
    /// The same, by another program that does something first.
    static std::unique_ptr<Peer> independentOwnerThrough(const QString &program, const QStringList &arguments,
                                                         const QString &name, const QString &backendName,
                                                         int length = 8)
    {
        const QStringList script = QStringLiteral(EXTERNAL_SCRIPT).split(u';', Qt::SkipEmptyParts);
        return std::make_unique<Peer>(arguments + QStringList{independentProgram()} + script
                                          + QStringList{u"own"_s, name, u"u64"_s, QString::number(length), backendName,
                                                        u"4"_s},
                                      program);
    }
    static std::unique_ptr<Peer> independentOwnerInShell(const QString &before, const QString &name, int length = 8)
    {
        return independentOwnerThrough(u"/bin/sh"_s, {u"-c"_s, before + u"; exec \"$@\""_s, u"sh"_s}, name,
                                       nameOf(backend()), length);
    }
    static constexpr int RecordSize = 8192;

    QByteArray record(const QString &name) const
    {
        QFile file(recordOf(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    /// Keeps the first bytes of a record; a whole one is overwritten with zeros, which no file watch reports.
    bool damage(const QString &name, int size, int after) const
    {
        QFile file(recordOf(name));
        if (size < RecordSize)
            return file.resize(size) && file.resize(after);
        if (!file.open(QIODevice::ReadWrite))
            return false;
        uchar *const bytes = file.map(0, RecordSize);
        if (bytes)
            std::fill_n(bytes, RecordSize, uchar(0));
        return bytes;
    }
    /// How many listeners of a segment sleep, or have nothing to do in the record before they sleep.
    int armed(const QString &name) const
    {
        const QByteArray bytes = record(name);
        int count = 0;
        for (qsizetype slot = 1024; slot + 64 <= bytes.size(); slot += 64)
            count += bytes[slot] == 2 ? 1 : 0;
        return count;
    }
    QString doorbell() const
    {
        const QStringList doorbells = m_folder.files().filter(u".bell"_s);
        return doorbells.size() == 1 ? m_folder.path() + u'/' + doorbells.first() : QString();
    }
    static std::unique_ptr<Peer> independentReader(const QString &name)
    {
        return ready(independentPeer({u"attach"_s, name}));
    }
    /// An owner of a segment of variable count, with metadata.
    static std::unique_ptr<Peer> variableOwner(bool isCpp, const QString &name, int capacity, int bufferCount = 4)
    {
        QStringList arguments{u"own"_s,          name,
                              u"u64"_s,          QString::number(capacity),
                              nameOf(backend()), QString::number(bufferCount)};
        if (isCpp)
            arguments << u"one"_s;
        arguments << u"variable"_s << metadata();
        return ready(isCpp ? std::make_unique<Peer>(arguments) : independentPeer(arguments));
    }
    static std::unique_ptr<Peer> cppReader(const QString &name)
    {
        return ready(std::make_unique<Peer>(QStringList{u"attach"_s, name, u"read"_s}));
    }
    static QString metadata() { return u"{\"description\":\"a\",\"own\":{\"value\":{\"unit\":\"V\"}}}"_s; }
    static void addLanguageRows()
    {
        QTest::addColumn<bool>("isOwnerInCpp");
        QTest::newRow("owner in C++") << true;
        QTest::newRow("independent owner") << false;
    }
    /// Overwrites bytes of a living record.
    bool alter(const QString &name, qint64 offset, const QByteArray &bytes) const
    {
        QFile file(recordOf(name));
        return file.open(QIODevice::ReadWrite) && file.seek(offset) && file.write(bytes) == bytes.size();
    }
};

} // namespace testsupport
