// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "qmluserinterface.h"

#include "../src/core/userinterface_p.h"

#include <QtGui/QGuiApplication>
#include <QtGui/QScreen>
#include <QtQml/QQmlContext>
#include <QtQml/QQmlEngine>
#include <QtQml/QQmlInfo>

namespace {

double screenRate()
{
    const auto *application = qobject_cast<QGuiApplication *>(QCoreApplication::instance());
    const QScreen *screen = application ? QGuiApplication::primaryScreen() : nullptr;
    return screen ? screen->refreshRate() : 0;
}

void warn(const QObject *object, const QString &text)
{
    qmlWarning(object).noquote() << text;
}

bool isDeclared(const QObject *object)
{
    return qmlContext(object);
}

constexpr UserInterface::Functions Functions{screenRate, warn, isDeclared};

} // namespace

QmlUserInterface::QmlUserInterface()
{
    UserInterface::install(&Functions);
}

QmlUserInterface::~QmlUserInterface()
{
    UserInterface::install(nullptr);
}
