// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedobject.h"

#include "../src/core/fielddecoder.h"
#include "../src/core/memorycheck_p.h"
#include "propertyvalues.h"
#include "qmlnames.h"
#include "rowcache.h"
#include "segmentfollower.h"

#include <QtCore/QMetaMethod>
#include <QtCore/QMetaProperty>
#include <QtCore/QSet>
#include <QtQml/QQmlInfo>
#include <QtQml/QQmlProperty>
#include <QtQml/QQmlPropertyMap>

#include <new>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;

namespace {

QStringList takenNames()
{
    // Members of the type, and names that QML and QQmlPropertyMap reserve.
    QStringList names = namesTakenInDelegates();
    names << u"id"_s << u"destroy"_s << u"toString"_s << u"keys"_s << u"valueChanged"_s << u"QObject"_s;
    const QMetaObject &meta = SharedObject::staticMetaObject;
    for (int i = 0; i < meta.propertyCount(); ++i)
        names.append(QString::fromLatin1(meta.property(i).name()));
    for (int i = 0; i < meta.methodCount(); ++i)
        names.append(QString::fromLatin1(meta.method(i).name()));
    return names;
}

/// Whether the property may follow a field: it holds no objects, and its name does not begin with an underscore.
bool mayFollowField(const QMetaProperty &property)
{
    return !PropertyValues::isOfObjects(property.metaType()) && property.name()[0] != '_';
}

} // namespace

/// Map of all fields by name.
class SharedObjectFields : public QQmlPropertyMap
{
    Q_OBJECT

public:
    explicit SharedObjectFields(SharedObjectPrivate *owner, QObject *parent)
        : QQmlPropertyMap(this, parent)
        , m_owner(owner)
    {
    }

protected:
    QVariant updateValue(const QString &key, const QVariant &input) override;

private:
    SharedObjectPrivate *const m_owner;
};

class SharedObjectPrivate
{
public:
    explicit SharedObjectPrivate(SharedObject *object);

    void sync();
    void refresh();
    /// Stops showing an element.
    void clear();
    /// Resets the declared properties to the values of their declarations.
    void restore();
    void show(qsizetype field);
    /// Returns the shown value of a field; invalid for lack of memory.
    QVariant value(qsizetype field);
    void showInMap(qsizetype field, const QVariant &value);
    qsizetype fieldOfKey(const QString &key) const;
    /// Finds the declared properties.
    void findProperties();
    /// Finds the properties that have a Behavior.
    void findBehaviors();
    void warnOnce(const QString &property, const QString &text);
    /// Sets the error for an assignment to an unknown field.
    void failUnknownField(const QString &key);
    /// Sets the error for an assignment to `what` while the object has no element. Returns false.
    bool failUnwritten(const QString &what);
    /// Returns the reason and the remedy, as part of a sentence.
    QString whyNotValid() const;
    /// Returns the property with that notify signal that follows a field, or would follow one; -1 if none does.
    int propertyOfSignal(int signal) const;
    void warnOfType(const QMetaProperty &property, qsizetype field);
    void warnOfRounding(const QMetaProperty &property, qsizetype field);
    void failForMemory();
    bool fail(SharedSegment::Error error, const QString &text);
    bool assign(qsizetype field, const QVariant &value, FieldDecoder::Strings strings = FieldDecoder::Strings::Refuse);

    SharedObject *const q;
    SegmentFollower m_follower;
    SharedLayout m_layout;
    QList<FieldDecoder> m_fields;
    QStringList m_names;
    QStringList m_plainNames;        ///< names without regard to reserved names
    QHash<int, QVariant> m_declared; ///< values of the properties before they followed a field
    QSet<QString> m_warnedProperties;
    QSet<int> m_animated;    ///< properties with a Behavior, whose intermediate values are not published
    QList<int> m_properties; ///< index of the property per field, or -1
    SharedObjectFields *m_map = nullptr;
    qint64 m_index = 0;
    std::vector<std::byte> m_shown;
    std::vector<std::byte> m_next;
    SharedRevision m_revisionInfo;
    bool m_isComplete = false;
    bool m_hasValues = false;
    bool m_isRefreshing = false;
    bool m_isRefreshPending = false;
    bool m_isMemoryErrorReported = false;
};

QVariant SharedObjectFields::updateValue(const QString &key, const QVariant &input)
{
    const qsizetype field = m_owner->fieldOfKey(key);
    if (field < 0)
        m_owner->failUnknownField(key);
    if (field < 0 || !m_owner->assign(field, input))
        return value(key);
    return m_owner->value(field);
}

SharedObjectPrivate::SharedObjectPrivate(SharedObject *object)
    : q(object)
{
    QObject::connect(&m_follower, &SegmentFollower::changed, q, [this] { sync(); });
    QObject::connect(&m_follower, &SegmentFollower::updated, q, [this] { refresh(); });
    QObject::connect(&m_follower, &SegmentFollower::segmentDestroyed, q, &SharedObject::segmentChanged);
}

void SharedObjectPrivate::sync()
{
    const SharedLayout layout = m_follower.isOpen() ? m_follower.segment()->layout() : SharedLayout();
    if (!(layout == m_layout)) {
        clear();
        static const QStringList taken = takenNames();
        m_layout = layout;
        m_fields = FieldDecoder::of(layout);
        m_names = qmlNames(m_fields, taken);
        m_plainNames = qmlNames(m_fields, {});
        if (m_follower.isOpen())
            restore();
        m_isMemoryErrorReported = false;
        m_shown = {};
        m_next = {};
        // Another process chose the size.
        if (layout.elementSize() <= RowCache::MostBytes && hasMemoryFor(layout.elementSize(), 2)) {
            m_shown.assign(static_cast<std::size_t>(layout.elementSize()), std::byte());
            m_next = m_shown;
        } else {
            m_fields.clear();
            m_names.clear();
            m_plainNames.clear();
            failForMemory();
        }
        findProperties();
    }
    if (!m_follower.isPaused() || !m_hasValues)
        refresh();
}

void SharedObjectPrivate::failForMemory()
{
    if (!m_follower.segment() || std::exchange(m_isMemoryErrorReported, true))
        return;
    fail(SharedSegment::Error::OutOfMemory,
         u"there is no memory to show an element of \"%1\", of %2 bytes; end programs that take much memory"_s
             .arg(m_follower.segment()->name())
             .arg(m_layout.elementSize()));
}

bool SharedObjectPrivate::fail(SharedSegment::Error error, const QString &text)
{
    m_follower.segment()->setError(error, text);
    return false;
}

void SharedObjectPrivate::warnOnce(const QString &property, const QString &text)
{
    if (m_warnedProperties.contains(property))
        return;
    m_warnedProperties.insert(property);
    qmlWarning(q).noquote().nospace() << text;
}

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

void SharedObjectPrivate::clear()
{
    const bool hadValues = std::exchange(m_hasValues, false);
    if (m_map) {
        for (qsizetype i = 0; i < m_names.size(); ++i)
            showInMap(i, QVariant());
    }
    if (hadValues)
        Q_EMIT q->validChanged();
    if (std::exchange(m_revisionInfo, SharedRevision()).number != 0)
        Q_EMIT q->revisionChanged();
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

qsizetype SharedObjectPrivate::fieldOfKey(const QString &key) const
{
    const qsizetype field = m_names.indexOf(key);
    return field >= 0 ? field : m_plainNames.indexOf(key);
}

void SharedObjectPrivate::showInMap(qsizetype field, const QVariant &value)
{
    static const QSet<QString> ofMap{u"keys"_s, u"valueChanged"_s, u"QObject"_s, u"destroyed"_s, u"deleteLater"_s};
    m_map->insert(m_names.at(field), value);
    const QString &plain = m_plainNames.at(field);
    if (plain != m_names.at(field) && !ofMap.contains(plain) && !m_names.contains(plain))
        m_map->insert(plain, value);
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

void SharedObjectPrivate::failUnknownField(const QString &key)
{
    if (m_names.isEmpty())
        failUnwritten(u"field \"%1\""_s.arg(key));
    else
        fail(SharedSegment::Error::InvalidValue,
             u"there is no field \"%1\"; there are: %2"_s.arg(key, m_names.join(u", ")));
}

bool SharedObjectPrivate::failUnwritten(const QString &what)
{
    if (m_follower.isOpen() && m_fields.isEmpty()) {
        m_isMemoryErrorReported = false;
        failForMemory();
        return false;
    }
    const QString text = u"nothing was written to the %1, since %2"_s.arg(what, whyNotValid());
    if (m_follower.segment())
        return fail(SharedSegment::Error::NotFound, text);
    warnOnce(what, text);
    return false;
}

QString SharedObjectPrivate::whyNotValid() const
{
    const SharedSegment *segment = m_follower.segment();
    if (!segment)
        return u"the object has no segment; set one"_s;
    if (!segment->isOpen())
        return u"\"%1\" is not open; write when the object is valid"_s.arg(segment->name());
    if (m_index < 0 || m_index >= segment->length())
        return u"\"%1\" has no element %2; set an index from 0 to %3"_s.arg(segment->name())
            .arg(m_index)
            .arg(segment->length() - 1);
    return u"element %1 of \"%2\" has not been read yet; write when the object is valid"_s.arg(m_index).arg(
        segment->name());
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

QVariant SharedObjectPrivate::value(qsizetype field)
{
    try {
        return m_fields.at(field).read(m_shown.data());
    } catch (const std::bad_alloc &) {
        failForMemory();
        return QVariant();
    }
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
    if (m_map && m_hasValues && field < m_names.size())
        showInMap(field, value);
}

void SharedObjectPrivate::refresh()
{
    if (!m_isComplete || !m_follower.isOpen() || m_fields.isEmpty())
        return;
    if (m_isRefreshing) {
        // A handler called this during the notifications of an outer call.
        m_isRefreshPending = true;
        return;
    }
    if (m_index < 0 || m_index >= m_follower.segment()->length()) {
        clear();
        restore();
        return;
    }
    SharedRevision revision;
    if (!m_follower.segment()->tryRead(m_next, m_index * m_layout.elementSize(), &revision))
        return;
    std::swap(m_shown, m_next);
    const bool isFirst = !std::exchange(m_hasValues, true);
    const bool isNewer = std::exchange(m_revisionInfo, revision).number != revision.number;
    m_isRefreshing = true;
    // A handler may open another segment, which changes m_fields during this loop.
    const QList<FieldDecoder> fields = m_fields;
    try {
        for (qsizetype i = 0; i < fields.size() && m_hasValues && m_fields.isSharedWith(fields); ++i) {
            if (isFirst || !fields.at(i).isSame(m_shown.data(), m_next.data()))
                show(i);
        }
    } catch (const std::bad_alloc &) {
        failForMemory();
    }
    if (isFirst && m_hasValues)
        Q_EMIT q->validChanged();
    if (isNewer)
        Q_EMIT q->revisionChanged();
    m_isRefreshing = false;
    if (std::exchange(m_isRefreshPending, false))
        refresh();
}

bool SharedObjectPrivate::assign(qsizetype at, const QVariant &value, FieldDecoder::Strings strings)
{
    SharedSegment *segment = m_follower.segment();
    if (!segment)
        return false;
    if (!m_hasValues)
        return failUnwritten(u"field \"%1\""_s.arg(m_names.at(at)));
    const FieldDecoder field = m_fields.at(at);
    if (!hasMemoryFor(m_layout.elementSize())) {
        m_isMemoryErrorReported = false;
        failForMemory();
        return false;
    }
    std::vector<std::byte> element(m_shown.size());
    QString why;
    if (!field.write(element.data(), PropertyValues::fromProperty(value), strings, &why))
        return fail(SharedSegment::Error::InvalidValue, why);
    SharedWriter writer = segment->write(EditWait);
    if (!writer)
        return false;
    const auto offset = static_cast<std::size_t>(m_index) * element.size();
    if (offset + element.size() > writer.bytes().size()) {
        writer.discard();
        return fail(SharedSegment::Error::InvalidSize,
                    u"\"%1\" was opened anew meanwhile; assign again"_s.arg(segment->name()));
    }
    field.copy(element.data(), writer.bytes().data() + offset);
    if (!writer.publish())
        return fail(SharedSegment::Error::SystemError,
                    u"\"%1\" was closed meanwhile; open it and assign again"_s.arg(segment->name()));
    // The update of this revision then finds the field unchanged.
    field.copy(element.data(), m_shown.data());
    return true;
}

SharedObject::SharedObject(QObject *parent)
    : QObject(parent)
    , d(std::make_unique<SharedObjectPrivate>(this))
{
}

SharedObject::~SharedObject() = default;

void SharedObject::classBegin() { }

void SharedObject::componentComplete()
{
    const QMetaObject *meta = metaObject();
    const int slot = staticMetaObject.indexOfSlot("handleAssignment()");
    for (int i = staticMetaObject.propertyCount(); i < meta->propertyCount(); ++i) {
        const QMetaProperty property = meta->property(i);
        if (!property.isWritable())
            continue;
        d->m_declared.insert(i, property.read(this));
        if (property.hasNotifySignal())
            connect(this, property.notifySignal(), this, staticMetaObject.method(slot));
    }
    d->m_isComplete = true;
    d->findBehaviors();
    d->findProperties();
    d->refresh();
}

void SharedObject::handleAssignment()
{
    if (d->m_isRefreshing)
        return;
    const int signal = senderSignalIndex();
    if (!d->m_hasValues) {
        const int index = d->propertyOfSignal(signal);
        if (index < 0 || d->m_animated.contains(index))
            return;
        // While nothing is open, properties keep their values.
        if (d->m_follower.isOpen())
            d->restore();
        d->failUnwritten(u"property \"%1\""_s.arg(QString::fromUtf8(metaObject()->property(index).name())));
        return;
    }
    for (qsizetype i = 0; i < d->m_properties.size(); ++i) {
        const int index = d->m_properties.at(i);
        if (index < 0 || metaObject()->property(index).notifySignalIndex() != signal)
            continue;
        if (d->m_animated.contains(index))
            return;
        const QMetaProperty property = metaObject()->property(index);
        const QVariant assigned = property.read(this);
        const QVariant value = d->value(i);
        if (assigned == value || assigned == PropertyValues::toProperty(value, property.metaType()))
            return;
        // A property of type string may show a number, so that a string is converted to a number.
        const bool isString = property.metaType() == QMetaType::fromType<QString>();
        d->assign(i, assigned, isString ? FieldDecoder::Strings::Convert : FieldDecoder::Strings::Refuse);
        d->m_isRefreshing = true;
        d->show(i);
        d->m_isRefreshing = false;
        return;
    }
}

QVariant SharedObject::fields() const
{
    if (!d->m_map) {
        d->m_map = new SharedObjectFields(d.get(), const_cast<SharedObject *>(this));
        for (qsizetype i = 0; i < d->m_names.size() && d->m_hasValues; ++i)
            d->showInMap(i, d->value(i));
    }
    return QVariant::fromValue<QObject *>(d->m_map);
}

SharedSegment *SharedObject::segment() const
{
    return d->m_follower.segment();
}

void SharedObject::setSegment(SharedSegment *segment)
{
    if (d->m_follower.setSegment(segment))
        Q_EMIT segmentChanged();
}

qint64 SharedObject::index() const
{
    return d->m_index;
}

void SharedObject::setIndex(qint64 index)
{
    if (std::exchange(d->m_index, index) == index)
        return;
    if (!d->m_hasValues && d->m_isComplete)
        d->restore(); // Drop the values of the previous element.
    d->refresh();
    Q_EMIT indexChanged();
}

double SharedObject::maximumRate() const
{
    return d->m_follower.maximumRate();
}

void SharedObject::setMaximumRate(double maximumRate)
{
    if (d->m_follower.setMaximumRate(maximumRate))
        Q_EMIT maximumRateChanged();
}

bool SharedObject::isPaused() const
{
    return d->m_follower.isPaused();
}

void SharedObject::setPaused(bool paused)
{
    if (d->m_follower.setPaused(paused))
        Q_EMIT pausedChanged();
}

bool SharedObject::isValid() const
{
    return d->m_hasValues;
}

quint64 SharedObject::revision() const
{
    return d->m_revisionInfo.number;
}

QDateTime SharedObject::updatedAt() const
{
    const qint64 nanoseconds = d->m_revisionInfo.timestamp;
    return nanoseconds == 0 ? QDateTime() : QDateTime::fromMSecsSinceEpoch(nanoseconds / 1'000'000);
}

#include "sharedobject.moc"
