// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QObject>
#include <QtCore/QStringList>
#include <QtQml/QJSValue>

#include <functional>

/// What the script of SharedObject::fields has its fields from.
///
/// A QQmlPropertyMap does not serve: it has no object for a field before the segment is open, and bindings to
/// `fields.used.text` would fail until then.
class SharedObjectFields : public QObject
{
    Q_OBJECT
    /// The names of all fields, empty while nothing is open. Notifies with another layout.
    Q_PROPERTY(QStringList names READ names NOTIFY namesChanged FINAL)

public:
    /// Returns the field of a name, whether there is one now or not; the same object for the same name.
    using Find = std::function<QObject *(const QString &name)>;
    /// Sets the error for an assignment to the field itself.
    using Refuse = std::function<void(const QString &name)>;

    SharedObjectFields(Find find, Refuse refuse, QObject *parent);

    QStringList names() const { return m_names; }
    void setNames(const QStringList &names);
    Q_INVOKABLE QObject *field(const QString &name) { return m_find(name); }
    Q_INVOKABLE void refuse(const QString &name) { m_refuse(name); }
    /// Returns the object of the script whose properties are the fields; undefined without an engine.
    QJSValue script();

Q_SIGNALS:
    void namesChanged();

private:
    const Find m_find;
    const Refuse m_refuse;
    QStringList m_names;
    QJSValue m_script;
};
