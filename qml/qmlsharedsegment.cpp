// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "qmlsharedsegment.h"

#include "../src/core/fielddecoder.h"
#include "jsvalues.h"

#include <chrono>
#include <cmath>

using namespace Qt::StringLiterals;

// The GUI thread waits for other writers no longer than people notice.
static constexpr std::chrono::milliseconds WriteWait{50};

QmlSharedSegment::QmlSharedSegment(QObject *parent)
    : SharedSegment(parent)
{
    setResting(true);
}

void QmlSharedSegment::classBegin()
{
    beginInitialization();
}

void QmlSharedSegment::componentComplete()
{
    endInitialization();
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
                    u"%1 is not the index of one of the %2 elements"_s.arg(index.toString()).arg(length()));

    const SharedLayout elementLayout = layout();
    QByteArray trial(elementLayout.elementSize(), '\0');
    auto *element = reinterpret_cast<std::byte *>(trial.data());
    QString why;
    // Before the revision starts: getters are called, and with one frame a started revision cannot be taken back.
    const std::optional<QList<FieldDecoder>> written = JsValues::writeElement(elementLayout, element, value, &why);
    if (!written)
        return fail(Error::LayoutMismatch, why);

    SharedWriter writer = SharedSegment::write(WriteWait);
    if (!writer)
        return false;
    const auto offset = static_cast<std::size_t>(at) * static_cast<std::size_t>(elementLayout.elementSize());
    if (!(layout() == elementLayout) || offset >= writer.bytes().size()) {
        writer.discard();
        return fail(Error::LayoutMismatch, u"the segment was opened anew meanwhile"_s);
    }
    for (const FieldDecoder &field : *written)
        field.copy(element, writer.bytes().data() + offset);
    if (!writer.publish())
        return fail(Error::SystemError, u"the revision could not be published"_s);
    setError(Error::NoError, QString());
    return true;
}

bool QmlSharedSegment::write(const QJSValue &values)
{
    if (!isOpen())
        return fail(Error::NotFound, u"no segment is open; create or open it first"_s);
    JsValues::Failure failure;
    const std::optional<QByteArray> bytes = JsValues::toRevision(layout(), length(), values, &failure);
    if (!bytes)
        return fail(failure.error, failure.text);
    if (!publish(*bytes, WriteWait))
        return false;
    setError(Error::NoError, QString());
    return true;
}
