// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedobject.h"

#include "../src/core/fielddecoder.h"
#include "qmlnames.h"
#include "segmentfollower.h"

#include <QtCore/QMetaMethod>
#include <QtCore/QMetaProperty>
#include <QtQml/QJSValue>
#include <QtQml/QQmlPropertyMap>

#include <utility>
#include <vector>

using namespace Qt::StringLiterals;

namespace {

QStringList takenNames()
{
    // What the type has already, and what QML keeps for itself.
    QStringList names{u"id"_s, u"destroy"_s, u"toString"_s};
    const QMetaObject &meta = SharedObject::staticMetaObject;
    for (int i = 0; i < meta.propertyCount(); ++i)
        names.append(QString::fromLatin1(meta.property(i).name()));
    for (int i = 0; i < meta.methodCount(); ++i)
        names.append(QString::fromLatin1(meta.method(i).name()));
    return names;
}

} // namespace

/// The fields by name.
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
    void clear();
    void show(qsizetype field);
    /// Finds the declared properties, and hears of assignments to them.
    void findProperties();
    bool assign(qsizetype field, const QVariant &value);

    SharedObject *const q;
    SegmentFollower m_follower;
    SharedLayout m_layout;
    QList<FieldDecoder> m_fields;
    QStringList m_names;
    QList<int> m_properties; ///< for each field the index of the property, or -1
    SharedObjectFields *m_map = nullptr;
    qint64 m_index = 0;
    std::vector<std::byte> m_shown;
    std::vector<std::byte> m_next;
    SharedStamp m_stamp;
    bool m_isComplete = false;
    bool m_hasValues = false;
    bool m_isRefreshing = false;
    bool m_isAnotherDue = false;
};

QVariant SharedObjectFields::updateValue(const QString &key, const QVariant &input)
{
    const qsizetype field = m_owner->m_names.indexOf(key);
    if (field < 0 || !m_owner->assign(field, input))
        return value(key);
    return m_owner->m_fields.at(field).read(m_owner->m_shown.data());
}

SharedObjectPrivate::SharedObjectPrivate(SharedObject *object)
    : q(object)
{
    QObject::connect(&m_follower, &SegmentFollower::changed, q, [this] { sync(); });
    QObject::connect(&m_follower, &SegmentFollower::news, q, [this] { refresh(); });
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
        m_shown.assign(static_cast<std::size_t>(layout.elementSize()), std::byte());
        m_next = m_shown;
        findProperties();
    }
    if (!m_follower.isPaused() || !m_hasValues)
        refresh();
}

void SharedObjectPrivate::findProperties()
{
    m_properties.fill(-1, m_fields.size());
    const QMetaObject *meta = q->metaObject();
    for (qsizetype i = 0; i < m_names.size(); ++i) {
        const int index = meta->indexOfProperty(m_names.at(i).toUtf8().constData());
        if (index >= SharedObject::staticMetaObject.propertyCount() && meta->property(index).isWritable())
            m_properties[i] = index;
    }
}

void SharedObjectPrivate::clear()
{
    m_hasValues = false;
    if (m_map) {
        for (const QString &name : std::as_const(m_names))
            m_map->insert(name, QVariant());
    }
    if (std::exchange(m_stamp, SharedStamp()).revision != 0)
        Q_EMIT q->revisionChanged();
}

void SharedObjectPrivate::show(qsizetype field)
{
    const QVariant value = m_fields.at(field).read(m_shown.data());
    if (const int property = m_properties.at(field); property >= 0)
        q->metaObject()->property(property).write(q, value);
    // The handlers of that may have opened something else.
    if (m_map && m_hasValues && field < m_names.size())
        m_map->insert(m_names.at(field), value);
}

void SharedObjectPrivate::refresh()
{
    if (!m_isComplete || !m_follower.isOpen() || m_fields.isEmpty())
        return;
    if (m_isRefreshing) {
        // A handler asks for it, in the middle of telling what has changed.
        m_isAnotherDue = true;
        return;
    }
    if (m_index < 0 || m_index >= m_follower.segment()->length()) {
        clear();
        return;
    }
    SharedStamp stamp;
    if (!m_follower.segment()->tryRead(m_next, m_index * m_layout.elementSize(), &stamp))
        return;
    std::swap(m_shown, m_next);
    const bool isFirst = !std::exchange(m_hasValues, true);
    const bool isNewer = std::exchange(m_stamp, stamp).revision != stamp.revision;
    m_isRefreshing = true;
    // Handlers may open something else, which changes all that is iterated here.
    const QList<FieldDecoder> fields = m_fields;
    for (qsizetype i = 0; i < fields.size() && m_hasValues && m_fields.isSharedWith(fields); ++i) {
        if (isFirst || !fields.at(i).isSame(m_shown.data(), m_next.data()))
            show(i);
    }
    if (isNewer)
        Q_EMIT q->revisionChanged();
    m_isRefreshing = false;
    if (std::exchange(m_isAnotherDue, false))
        refresh();
}

bool SharedObjectPrivate::assign(qsizetype at, const QVariant &value)
{
    SharedSegment *segment = m_follower.segment();
    if (!m_hasValues || !segment)
        return false;
    const FieldDecoder field = m_fields.at(at);
    const QVariant plain = value.metaType() == QMetaType::fromType<QJSValue>() ? value.value<QJSValue>().toVariant()
                                                                               : value;
    std::vector<std::byte> element(m_shown.size());
    if (!field.write(element.data(), plain, FieldDecoder::Strings::Refuse))
        return false;
    SharedWriter writer = segment->write(EditWait);
    if (!writer)
        return false;
    const auto offset = static_cast<std::size_t>(m_index) * element.size();
    if (offset + element.size() > writer.bytes().size()) {
        writer.discard();
        return false;
    }
    field.copy(element.data(), writer.bytes().data() + offset);
    if (!writer.publish())
        return false;
    // The news of it finds this field as it is shown already.
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
    const int slot = staticMetaObject.indexOfSlot("hearAssignment()");
    for (int i = staticMetaObject.propertyCount(); i < meta->propertyCount(); ++i) {
        const QMetaProperty property = meta->property(i);
        if (property.isWritable() && property.hasNotifySignal())
            connect(this, property.notifySignal(), this, staticMetaObject.method(slot));
    }
    d->m_isComplete = true;
    d->findProperties();
    d->refresh();
}

void SharedObject::hearAssignment()
{
    if (d->m_isRefreshing || !d->m_hasValues)
        return;
    const int signal = senderSignalIndex();
    for (qsizetype i = 0; i < d->m_properties.size(); ++i) {
        const int index = d->m_properties.at(i);
        if (index < 0 || metaObject()->property(index).notifySignalIndex() != signal)
            continue;
        const QVariant assigned = metaObject()->property(index).read(this);
        if (assigned == d->m_fields.at(i).read(d->m_shown.data()))
            return;
        d->assign(i, assigned);
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
            d->m_map->insert(d->m_names.at(i), d->m_fields.at(i).read(d->m_shown.data()));
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

quint64 SharedObject::revision() const
{
    return d->m_stamp.revision;
}

QDateTime SharedObject::updatedAt() const
{
    const qint64 nanoseconds = d->m_stamp.nanoseconds;
    return nanoseconds == 0 ? QDateTime() : QDateTime::fromMSecsSinceEpoch(nanoseconds / 1'000'000);
}

#include "sharedobject.moc"
