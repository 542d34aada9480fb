// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtQml/QQmlPropertyMap>

#include <functional>
#include <utility>

/// The map SharedObject::fields: all fields by name. An assignment to a value publishes it.
class SharedObjectFields : public QQmlPropertyMap
{
    Q_OBJECT

public:
    /// Publishes the value of a field, and @returns the value that the field has then.
    using Assign = std::function<QVariant(const QString &name, const QVariant &value)>;

    SharedObjectFields(Assign assign, QObject *parent)
        : QQmlPropertyMap(this, parent)
        , m_assign(std::move(assign))
    {
    }

protected:
    QVariant updateValue(const QString &key, const QVariant &input) override { return m_assign(key, input); }

private:
    const Assign m_assign;
};
