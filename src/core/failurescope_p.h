// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegment.h"

#include <QtCore/QPointer>
#include <QtCore/QSet>
#include <QtCore/QString>

/// While it lives, failures of a segment are those of an object that uses it: a model, for example. If nothing handles them,
/// the warning names the place of that object, and is printed once for each cause.
class SHAREDSEGMENT_EXPORT FailureScope
{
public:
    /// @param segment may be null; then the scope has no effect
    /// @param user the object; may be null, with the same effect
    /// @param warned the causes of which `user` has warned; lives as long as `user`
    /// @param cause what failed, such as an assignment to one property. Failures with the same code have one cause.
    FailureScope(SharedSegment *segment, const QObject *user, QSet<QString> *warned, const QString &cause);
    ~FailureScope();

    /// Warns of a failure, unless it has warned of that cause.
    void warn(SharedSegment::Error error, const QString &text) const;

    Q_DISABLE_COPY_MOVE(FailureScope)

private:
    const QPointer<SharedSegment> m_segment;
    const QPointer<const QObject> m_user;
    QSet<QString> *const m_warned;
    const QString m_cause;
    const FailureScope *m_outer = nullptr;
};
