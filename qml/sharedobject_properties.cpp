// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The properties that a SharedObject declares in QML: which field each follows, and what it shows.

#include "sharedobject_p.h"

#include "../src/core/fieldnames_p.h"
#include "propertyvalues.h"

#include <QtCore/QMetaProperty>
#include <QtQml/QQmlInfo>
#include <QtQml/QQmlProperty>

#include <utility>

using namespace Qt::StringLiterals;

namespace {

/// Whether the property may follow a field: it holds no objects, and its name does not begin with an underscore.
bool mayFollowField(const QMetaProperty &property)
{
    return !PropertyValues::isOfObjects(property.metaType()) && property.name()[0] != '_';
}

} // namespace

void SharedObjectPrivate::findProperties()
{
    m_properties.fill(-1, m_fields.size());
    if (!m_isComplete || m_fields.isEmpty())
        return;
    const QMetaObject *meta = q->metaObject();
    for (int at = SharedObject::staticMetaObject.propertyCount(); at < meta->propertyCount(); ++at) {
        const QMetaProperty property = meta->property(at);
        const QString name = QString::fromUtf8(property.name());
        qsizetype field = m_names.indexOf(name);
        // Accept also a reserved name that can be declared, and a name as of a delegate's role.
        if (field < 0)
            field = fieldOfName(m_fields, name);
        if (!property.isWritable()) {
            if (field >= 0 && PropertyValues::isOfObjects(property.metaType()))
                warnOfType(property, field);
            else if (field >= 0)
                warnOnce(
                    name,
                    u"the property \"%1\" is readonly and does not follow the field of \"%2\"; remove readonly, or "
                    "give it another name if it is the object's own"_s.arg(name, m_follower.segment()->name()));
            continue;
        }
        if (field >= 0 && m_properties.at(field) < 0) {
            m_properties[field] = at;
            if (m_animated.contains(at) && m_follower.segment()->access() == SharedSegment::Access::ReadWrite)
                warnOnce(
                    name,
                    u"the property \"%1\" has a Behavior, and so nothing that is assigned to it is published; give "
                    "the Behavior to another property that is bound to this one"_s.arg(name));
            continue;
        }
        if (field >= 0 || !mayFollowField(property))
            continue;
        warnOnce(name,
                 u"the property \"%1\" is no field of \"%2\", which has: %3; correct the name, or make it "
                 "readonly if it is the object's own"_s.arg(name, m_follower.segment()->name(), m_names.join(u", ")));
    }
}

void SharedObjectPrivate::restore()
{
    const bool wasRefreshing = std::exchange(m_isRefreshing, true);
    const QHash<int, QVariant> declared = m_declared;
    for (auto it = declared.cbegin(); it != declared.cend(); ++it) {
        const QMetaProperty property = q->metaObject()->property(it.key());
        if (!mayFollowField(property))
            continue;
        if (property.read(q) != it.value())
            property.write(q, it.value());
    }
    m_isRefreshing = wasRefreshing;
}

void SharedObjectPrivate::findBehaviors()
{
    // The class QQuickBehavior is private in Qt.
    const QObjectList children = q->children();
    for (const QObject *child : children) {
        if (child->inherits("QQuickBehavior"))
            m_animated.insert(child->property("targetProperty").value<QQmlProperty>().index());
    }
}

int SharedObjectPrivate::propertyOfSignal(int signal) const
{
    const QMetaObject *meta = q->metaObject();
    for (int at = SharedObject::staticMetaObject.propertyCount(); at < meta->propertyCount(); ++at) {
        const QMetaProperty property = meta->property(at);
        if (property.notifySignalIndex() != signal || !property.isWritable())
            continue;
        // Only an open segment tells which properties are fields.
        if (!m_fields.isEmpty() ? m_properties.contains(at) : mayFollowField(property))
            return at;
    }
    return -1;
}

void SharedObjectPrivate::warnOnce(const QString &property, const QString &text)
{
    if (m_warnedProperties.contains(property))
        return;
    m_warnedProperties.insert(property);
    qmlWarning(q).noquote().nospace() << text;
}

void SharedObjectPrivate::warnOfType(const QMetaProperty &property, qsizetype field)
{
    const QString name = QString::fromUtf8(property.name());
    warnOnce(name, u"the property \"%1\" of type %2 cannot take a value of its field, which is of type %3; give it "
                   "another type, var for one that takes all"_s.arg(name, QString::fromLatin1(property.typeName()),
                                                                    m_fields.at(field).field().typeText));
}

void SharedObjectPrivate::warnOfRounding(const QMetaProperty &property, qsizetype field)
{
    const QString name = QString::fromUtf8(property.name());
    warnOnce(
        name + u" rounded"_s,
        u"the property \"%1\" of type %2 shows a value of its field rounded, which is not whole and of type %3; give it "
        "another type, such as %4"_s.arg(name, QString::fromLatin1(property.typeName()),
                                         m_fields.at(field).field().typeText,
                                         m_fields.at(field).field().isArray ? u"list<real>"_s : u"real"_s));
}

void SharedObjectPrivate::show(qsizetype field)
{
    const QVariant value = this->value(field);
    if (const int at = m_properties.at(field); at >= 0) {
        const QMetaProperty property = q->metaObject()->property(at);
        const QVariant converted = PropertyValues::toProperty(value, property.metaType());
        if (!m_declared.contains(at))
            m_declared.insert(at, property.read(q));
        if (converted.isValid()) {
            if (PropertyValues::isRounded(value, converted))
                warnOfRounding(property, field);
            property.write(q, converted);
        } else {
            warnOfType(property, field);
            if (!PropertyValues::isOfObjects(property.metaType()) && property.read(q) != m_declared.value(at))
                property.write(q, m_declared.value(at));
        }
    }
    // A handler may have opened another segment.
    if (m_hasValues && field < m_names.size())
        announceField(field);
}
