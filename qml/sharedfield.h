// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentqml_export.h"

#include <SharedSegment/SharedLimits>

#include <QtCore/QObject>
#include <QtCore/QString>
#include <QtCore/QVariant>
#include <QtQml/qqmlregistration.h>

#include <memory>

class SharedFieldPrivate;
class SharedFieldSource;

/// One field of a SharedObject: its value, the value as text for people, and what the segment's metadata say of it.
///
///     Text { text: memory.fields.used.text }          // "12.3 GiB"
///     Slider { to: memory.fields.used.maximum ?? 100 }
///     Rectangle { color: memory.fields.used.level === SharedLimits.High ? "red" : "gray" }
///
/// `SharedObject.fields` makes it, and owns it. The same name always gives the same object, also before the segment is open
/// and after another one is: it is the field of that name wherever there is one. A property that the metadata do not
/// give is undefined, or an empty text.
class SHAREDSEGMENTQML_EXPORT SharedField : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("SharedObject.fields makes fields")

    /// The name in `SharedObject.fields`.
    Q_PROPERTY(QString name READ name CONSTANT FINAL)
    /// The value of the field; undefined while the object is not `valid`. An assignment publishes it, as that to a declared
    /// property of the SharedObject does. Default: undefined. Notifies when the field has another value.
    Q_PROPERTY(QVariant value READ value WRITE setValue NOTIFY valueChanged FINAL)
    /// The value as text, in the default QLocale: with the metadata's `decimals` and `unit`, or the name of an enum's value. A
    /// dash for a number that is not finite, and while `value` is undefined. Default: a dash. Notifies when the field has
    /// another value, and with other metadata.
    Q_PROPERTY(QString text READ text NOTIFY textChanged FINAL)
    /// What people call the field; its name unless the metadata say. Default: the name. Notifies with other metadata.
    Q_PROPERTY(QString label READ label NOTIFY metadataChanged FINAL)
    /// The unit of the value. Default: empty. Notifies with other metadata.
    Q_PROPERTY(QString unit READ unit NOTIFY metadataChanged FINAL)
    /// What the value means. Default: empty. Notifies with other metadata.
    Q_PROPERTY(QString description READ description NOTIFY metadataChanged FINAL)
    /// The least value that is possible, for a scale. Default: undefined. Notifies with other metadata.
    Q_PROPERTY(QVariant minimum READ minimum NOTIFY metadataChanged FINAL)
    /// The greatest value that is possible, for a scale. Default: undefined. Notifies with other metadata.
    Q_PROPERTY(QVariant maximum READ maximum NOTIFY metadataChanged FINAL)
    /// The limit below which the value is low. Default: undefined. Notifies with other metadata.
    Q_PROPERTY(QVariant low READ low NOTIFY metadataChanged FINAL)
    /// The limit above which the value is high. Default: undefined. Notifies with other metadata.
    Q_PROPERTY(QVariant high READ high NOTIFY metadataChanged FINAL)
    /// The limit below which the value is much too low. Default: undefined. Notifies with other metadata.
    Q_PROPERTY(QVariant lowLow READ lowLow NOTIFY metadataChanged FINAL)
    /// The limit above which the value is much too high. Default: undefined. Notifies with other metadata.
    Q_PROPERTY(QVariant highHigh READ highHigh NOTIFY metadataChanged FINAL)
    /// Where the shown value is among the limits of the metadata, with their `hysteresis` and `delay`, as SharedLimits judges:
    /// at each revision that the object takes, and when a delay ends. Of an array, the item that is furthest outside counts.
    /// Unknown while `value` is undefined. Unknown in place of Normal while it is NaN, and while the segment is stale or not
    /// Open; an alarm stays until a value tells otherwise. A field without limits is Normal while the segment is Open. Costs
    /// nothing until it is read. Default: Unknown. Notifies when it changes.
    Q_PROPERTY(SharedLimits::Level level READ level NOTIFY levelChanged FINAL)

public:
    ~SharedField() override;

    /// Returns the name in `SharedObject.fields`.
    QString name() const;
    /// Returns the value of the field; invalid while there is none.
    QVariant value() const;
    /// Publishes another value. If that fails, the segment's error gives the reason, and the value stays.
    void setValue(const QVariant &value);
    /// Returns the value as text for people; a dash while there is none.
    QString text() const;
    /// Returns what people call the field.
    QString label() const;
    /// Returns the unit of the value, or an empty text.
    QString unit() const;
    /// Returns what the value means, or an empty text.
    QString description() const;
    /// Returns the least value that is possible, or an invalid one.
    QVariant minimum() const;
    /// Returns the greatest value that is possible, or an invalid one.
    QVariant maximum() const;
    /// Returns the limit below which the value is low, or an invalid one.
    QVariant low() const;
    /// Returns the limit above which the value is high, or an invalid one.
    QVariant high() const;
    /// Returns the limit below which the value is much too low, or an invalid one.
    QVariant lowLow() const;
    /// Returns the limit above which the value is much too high, or an invalid one.
    QVariant highHigh() const;
    /// Returns where the shown value is among its limits.
    SharedLimits::Level level() const;

Q_SIGNALS:
    /// Emitted when the field has another value.
    void valueChanged();
    /// Emitted when `text` may be another one.
    void textChanged();
    /// Emitted when the metadata say something else of the field.
    void metadataChanged();
    /// Emitted when `level` changes.
    void levelChanged();

private:
    SharedField(SharedFieldSource *source, const QString &name, QObject *parent);

    friend class SharedObjectPrivate;
    Q_DISABLE_COPY_MOVE(SharedField)
    std::unique_ptr<SharedFieldPrivate> d;
};
