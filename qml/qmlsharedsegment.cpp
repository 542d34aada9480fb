// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "qmlsharedsegment.h"

#include "../src/core/fielddecoder.h"
#include "../src/core/memorycheck_p.h"
#include "jsvalues.h"

#include <QtQml/QQmlInfo>

#include <chrono>
#include <cmath>
#include <new>

using namespace Qt::StringLiterals;

// Maximum wait of the GUI thread for other writers, short enough to go unnoticed.
static constexpr std::chrono::milliseconds WriteWait{50};

QmlSharedSegment::QmlSharedSegment(QObject *parent)
    : SharedSegment(parent)
{
    setThrottled(true);
    connect(this, &SharedSegment::errorOccurred, this, &QmlSharedSegment::warn);
    connect(this, &SharedSegment::errorStringChanged, this, [this] {
        if (errorString().isEmpty())
            m_warned.clear();
    });
}

void QmlSharedSegment::warn()
{
    // One receiver is this slot itself.
    const bool isHandled = receivers(SIGNAL(errorOccurred(SharedSegment::Error))) > 1;
    // While the QML engine builds the object, handlers may not be connected and properties may not be set yet.
    if (!m_isComplete || isHandled || error() == Error::NoError || errorString() == m_warned)
        return;
    m_warned = errorString();
    qmlWarning(this).noquote() << errorString();
}

void QmlSharedSegment::classBegin()
{
    m_isComplete = false;
    beginInitialization();
}

void QmlSharedSegment::componentComplete()
{
    m_isComplete = true;
    endInitialization();
    warn();
}

bool QmlSharedSegment::fail(Error error, const QString &text)
{
    setError(error, text);
    return false;
}

bool QmlSharedSegment::write(const QJSValue &index, const QJSValue &value)
{
    if (!isOpen())
        return fail(Error::NotFound, u"no segment is open; create or open it first"_s);
    const double at = index.isNumber() ? index.toNumber() : -1;
    if (!(at >= 0 && at < static_cast<double>(length()) && at == std::floor(at)))
        return fail(Error::InvalidSize,
                    u"there is no element %1 in \"%2\"; give an index from 0 to %3"_s.arg(index.toString(), name())
                        .arg(length() - 1));

    const SharedLayout elementLayout = layout();
    QByteArray trial;
    std::optional<QList<FieldDecoder>> written;
    JsValues::Failure failure;
    // Convert before the write transaction starts: conversion calls JavaScript getters, and with one buffer a started
    // transaction cannot be discarded.
    try {
        if (!hasMemoryFor(elementLayout.elementSize()))
            throw std::bad_alloc();
        trial.fill('\0', elementLayout.elementSize());
        written = JsValues::writeElement(elementLayout, reinterpret_cast<std::byte *>(trial.data()), value, &failure);
    } catch (const std::bad_alloc &) {
        failure = {Error::OutOfMemory,
                   u"there is no memory for an element of %1 bytes; end programs that take much memory"_s.arg(
                       elementLayout.elementSize())};
    }
    if (!written)
        return fail(failure.error, failure.text);

    SharedWriter writer = SharedSegment::write(WriteWait);
    if (!writer)
        return false;
    const auto offset = static_cast<std::size_t>(at) * static_cast<std::size_t>(elementLayout.elementSize());
    if (!(layout() == elementLayout) || offset >= writer.bytes().size()) {
        writer.discard();
        return fail(Error::LayoutMismatch, u"\"%1\" was opened anew meanwhile; write again"_s.arg(name()));
    }
    for (const FieldDecoder &field : *written)
        field.copy(reinterpret_cast<const std::byte *>(trial.constData()), writer.bytes().data() + offset);
    if (!writer.publish())
        return fail(Error::SystemError, u"\"%1\" was closed meanwhile; open it and write again"_s.arg(name()));
    setError(Error::NoError, QString());
    return true;
}

bool QmlSharedSegment::write(const QJSValue &values)
{
    if (!isOpen())
        return fail(Error::NotFound, u"no segment is open; create or open it first"_s);
    JsValues::Failure failure;
    std::optional<QByteArray> bytes;
    // Another process chose the size.
    try {
        bytes = JsValues::toRevision(layout(), length(), values, &failure);
    } catch (const std::bad_alloc &) {
        failure = {Error::OutOfMemory,
                   u"there is no memory for a revision of %1 elements; write single ones"_s.arg(length())};
    }
    if (!bytes)
        return fail(failure.error, failure.text);
    if (!publish(*bytes, WriteWait))
        return false;
    setError(Error::NoError, QString());
    return true;
}
