// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "testsupport.h"

#include <SharedSegment/SharedSegment>

#include <QtCore/QObject>
#include <QtCore/QString>
#include <QtTest/QTest>

namespace testsupport {

/// Base of tests that run once for each backend, in a registry folder of their own.
class BackendTest : public QObject
{
protected:
    /// For cleanup(): each test leaves no segment, and no file in the folder.
    void checkNothingIsLeft() const
    {
        QCOMPARE(SharedSegment::names(), QStringList());
        QCOMPARE(m_folder.files(), QStringList());
    }

    QString recordOf(const QString &name) const
    {
        return m_folder.path() + QStringLiteral("/s.") + name + QStringLiteral(".segment");
    }

    /// Creates a segment of u64 with the backend that the test runs with.
    static bool create(SharedSegment &segment, int length = 8)
    {
        segment.setBackend(backend());
        return segment.create(SharedLayout::of<quint64>(), length);
    }

    RegistryFolder m_folder;
};

} // namespace testsupport
