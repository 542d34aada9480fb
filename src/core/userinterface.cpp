// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "userinterface_p.h"

#include <QtCore/QDebug>
#include <QtCore/QObject>

#include <atomic>

namespace {

constexpr UserInterface::Functions NoFunctions{};
constinit std::atomic<const UserInterface::Functions *> installedFunctions = &NoFunctions;

} // namespace

namespace UserInterface {

void install(const Functions *functions)
{
    installedFunctions.store(functions ? functions : &NoFunctions, std::memory_order_release);
}

double screenRate()
{
    const Functions &functions = *installedFunctions.load(std::memory_order_acquire);
    const double rate = functions.screenRate ? functions.screenRate() : 0;
    return rate >= 1 ? rate : 60;
}

bool isDeclared(const QObject *object)
{
    const Functions &functions = *installedFunctions.load(std::memory_order_acquire);
    return functions.isDeclared && functions.isDeclared(object);
}

void warn(const QObject *object, const QString &text)
{
    const Functions &functions = *installedFunctions.load(std::memory_order_acquire);
    if (functions.warn)
        functions.warn(object, text);
    else
        qWarning().noquote().nospace() << object->metaObject()->className() << ": " << text;
}

} // namespace UserInterface
