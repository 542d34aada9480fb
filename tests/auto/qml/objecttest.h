// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../../support/testsupport.h"

#include <QtCore/QObject>
#include <QtQml/QQmlComponent>
#include <QtQml/QQmlEngine>

#include <memory>

/// Base of tests of SharedObject: an engine for each test, and the object that it makes.
class ObjectTest : public QObject
{
protected:
    void makeEngine()
    {
        m_engine = std::make_unique<QQmlEngine>();
        m_engine->addImportPath(testPath("IMPORT_PATH"));
    }

    void removeEngine()
    {
        m_object.reset();
        m_engine.reset();
    }

    QObject *create(const char *qml)
    {
        QQmlComponent component(m_engine.get());
        component.setData(qml, QUrl());
        m_object.reset(component.create());
        if (!m_object)
            qWarning("%s", qPrintable(component.errorString()));
        return m_object.get();
    }

    testsupport::RegistryFolder m_folder;
    std::unique_ptr<QQmlEngine> m_engine;
    std::unique_ptr<QObject> m_object;
};
