// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Warnings of failures that nothing handles, for objects that QML has made.

#include "failurescope_p.h"

#include "sharedsegment_p.h"
#include "userinterface_p.h"

#include <utility>

using namespace Qt::StringLiterals;

FailureScope::FailureScope(SharedSegment *segment, const QObject *user, QSet<QString> *warned, const QString &cause)
    : m_segment(user ? segment : nullptr)
    , m_user(user)
    , m_warned(warned)
    , m_cause(cause)
{
    if (m_segment)
        m_outer = std::exchange(SharedSegmentPrivate::of(m_segment)->m_failureScope, this);
}

FailureScope::~FailureScope()
{
    if (m_segment)
        SharedSegmentPrivate::of(m_segment)->m_failureScope = m_outer;
}

void FailureScope::warn(SharedSegment::Error error, const QString &text) const
{
    if (!m_user || !UserInterface::isDeclared(m_user))
        return;
    const QString cause = m_cause + u' ' + QString::number(static_cast<int>(error));
    if (m_warned->contains(cause))
        return;
    m_warned->insert(cause);
    UserInterface::warn(m_user, text);
}

void SharedSegmentPrivate::warnIfUnhandled()
{
    Q_Q(SharedSegment);
    // While the QML engine makes the object, properties may not be set yet.
    if (m_error == SharedSegment::Error::NoError || (m_initializing > 0 && !m_failureScope)
        || q->receivers(SIGNAL(errorOccurred(SharedSegment::Error))) > 0)
        return;
    const bool isNew = std::exchange(m_warned, m_errorString) != m_errorString;
    if (m_failureScope)
        m_failureScope->warn(m_error, m_errorString);
    else if (isNew && UserInterface::isDeclared(q))
        UserInterface::warn(q, m_errorString);
}
