// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../../support/testsupport.h"

#include <sys/mman.h>

/// Python with memory of its own; pythonpeer.py lists the commands.
class PythonPeer : public testsupport::Peer
{
public:
    PythonPeer()
        : Peer({QStringLiteral(PYTHON_PEER)}, QStringLiteral(PYTHON))
    {
        m_isReady = line() == QStringLiteral("ready");
    }

    /// Lets it remove its memory's name by itself.
    ~PythonPeer() { finish(); }

    bool isReady() const { return m_isReady; }

    QString ask(const QString &command) { return Peer::ask(qPrintable(command)); }

private:
    bool m_isReady = false;
};

/// A name for external memory. The destructor removes it, whichever process was killed.
class ExternalName
{
public:
    ~ExternalName() { ::shm_unlink(qPrintable(QLatin1Char('/') + m_name)); }
    operator QString() const { return m_name; }

private:
    QString m_name = testsupport::uniqueName("external");
};

/// Python with shared memory of that name.
class PythonMemory : public PythonPeer
{
public:
    PythonMemory(const QString &name, int bytes)
        : m_name(ask(QStringLiteral("create %1 %2").arg(name).arg(bytes)))
    {
    }

    /// The name as the system has it.
    QString name() const { return m_name; }

private:
    QString m_name;
};
