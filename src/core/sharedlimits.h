// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegment.h"
#include "sharedsegment_export.h"

#include <QtCore/QObject>
#include <QtCore/QString>

#include <memory>

class SharedLimitsPrivate;

/// Watches whether the values of a segment are within their limits, as alarms of ISA-18.2 (IEC 62682).
///
/// The limits are those of the metadata: for each field `low`, `high`, `lowLow`, `highHigh`, `hysteresis` and `delay`. It
/// watches each field that has one, or `field` alone, whose limits its own properties replace. It needs Qt Core alone and
/// belongs to its thread; no function is thread-safe.
///
/// A value above `high` has the level High, and above `highHigh` the level HighHigh; the lower limits are the same. A value
/// that is equal to a limit is normal. It leaves a level when it comes back to the limit, and `hysteresis` further.
/// A value has to be outside a limit for `delay` before that counts, by the timestamps of the revisions; where no revision
/// comes, a timer ends the delay. Of an array field, the item that is furthest outside counts. Limits that contradict each
/// other, such as a `low` above the `high`, are ignored with a warning.
///
/// A value is Unknown, never Normal, while it is NaN, while nothing was published yet, and while the segment is not Open
/// or is stale. An alarm stays what it was until a value tells otherwise. Where the segment is open and nothing has
/// limits, the level is Normal, and updates cause no work.
///
/// A new alarm is unacknowledged until acknowledge(). An alarm that ends before that waits for it. Unknown is no alarm,
/// and needs no acknowledgement.
///
/// An alarm belongs to the index of its element, or with a `key` to the element itself.
///
/// Of an array, it takes the newest revision at most once per frame of the screen; see `maximumRate`. Of a stream, it
/// judges each element that it does not miss.
class SHAREDSEGMENT_EXPORT SharedLimits : public QObject
{
    Q_OBJECT

    /// The segment to watch. The object does not own it. Default: null. Notifies when another segment is set and when the
    /// segment is destroyed.
    Q_PROPERTY(SharedSegment *segment READ segment WRITE setSegment NOTIFY segmentChanged FINAL)
    /// Name of the field to watch; empty: all fields that have limits. Default: empty. Notifies when another name is set.
    Q_PROPERTY(QString field READ field WRITE setField NOTIFY fieldChanged FINAL)
    /// Index of the element to watch; a negative number means all, and reads back as -1. Default: -1. A stream ignores it.
    /// Notifies when another value is set.
    Q_PROPERTY(double index READ indexReal WRITE setIndexReal NOTIFY indexChanged FINAL)
    /// Name of the field by whose value elements are recognized, as SharedArrayModel::key has it: an integer, a `bool` or a
    /// text, not an array. An alarm then belongs to its element, wherever the element is in later revisions, and of equal keys
    /// to the n-th one. The alarm of an element that vanishes ends; if the element comes back, it is that one again. If the
    /// layout has no such field, it warns and works as without a key. Each revision is judged at once, and needs memory for all
    /// its elements. Default: empty, which means that an alarm belongs to an index. A stream ignores it, and so it is while
    /// `index` is not negative. Notifies when another name is set.
    Q_PROPERTY(QString key READ key WRITE setKey NOTIFY keyChanged FINAL)
    /// Limit below which a value is Low. NaN: the limit of the metadata, which `-Infinity` removes. Default: NaN. Like each of the
    /// following five properties, it counts for `field`, or for the only field. Notifies when one of the six changes.
    Q_PROPERTY(double low READ low WRITE setLow RESET resetLow NOTIFY limitsChanged FINAL)
    /// Limit above which a value is High. NaN: the limit of the metadata, which `Infinity` removes. Default: NaN.
    Q_PROPERTY(double high READ high WRITE setHigh RESET resetHigh NOTIFY limitsChanged FINAL)
    /// Limit below which a value is LowLow. Otherwise like `low`.
    Q_PROPERTY(double lowLow READ lowLow WRITE setLowLow RESET resetLowLow NOTIFY limitsChanged FINAL)
    /// Limit above which a value is HighHigh. Otherwise like `high`.
    Q_PROPERTY(double highHigh READ highHigh WRITE setHighHigh RESET resetHighHigh NOTIFY limitsChanged FINAL)
    /// How far within a limit a value leaves the level, in the unit of the field. NaN: as the metadata say, or 0.
    /// Default: NaN.
    Q_PROPERTY(double hysteresis READ hysteresis WRITE setHysteresis RESET resetHysteresis NOTIFY limitsChanged FINAL)
    /// How long a value has to be outside a limit, in ms. NaN: as the metadata say, or 0. Default: NaN.
    Q_PROPERTY(double delay READ delay WRITE setDelay RESET resetDelay NOTIFY limitsChanged FINAL)
    /// Maximum rate at which revisions are judged, in Hz. 0 means the refresh rate of the screen, or one in 16 ms in a
    /// program that does not use the QML module. A negative or infinite number counts as 0. Default: 0. Notifies when
    /// another value is set.
    Q_PROPERTY(double maximumRate READ maximumRate WRITE setMaximumRate NOTIFY maximumRateChanged FINAL)
    /// The worst level of all values that are watched: LowLow and HighHigh, then Low and High, then Unknown. Default:
    /// Unknown. Notifies when it changes.
    Q_PROPERTY(Level level READ level NOTIFY levelChanged FINAL)
    /// Whether no alarm waits for acknowledge(). Default: true. Notifies when it changes.
    Q_PROPERTY(bool acknowledged READ isAcknowledged NOTIFY acknowledgedChanged FINAL)
    /// The number of values that are not Normal, or wait for acknowledge(). At most 65536 of each field count. Default: 0.
    /// Notifies when it changes.
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)

public:
    /// Where a value is among its limits.
    enum class Level {
        Normal,   ///< within its limits, or there are none
        Low,      ///< below `low`
        LowLow,   ///< below `lowLow`
        High,     ///< above `high`
        HighHigh, ///< above `highHigh`
        Unknown,  ///< NaN, stale or missing
    };
    Q_ENUM(Level)

    /// Makes an object that watches nothing.
    explicit SharedLimits(QObject *parent = nullptr);
    ~SharedLimits() override;

    /// Returns the segment that is watched, or null.
    SharedSegment *segment() const;
    /// Watches another segment, or none if `segment` is null. Forgets all alarms.
    void setSegment(SharedSegment *segment);
    /// Returns the name of the field that is watched; empty for all.
    QString field() const;
    /// Watches a field, or all that have limits if `field` is empty. Forgets all alarms. Prints a warning where the layout
    /// has no such field, or where it is a text.
    void setField(const QString &field);
    /// Returns the index of the element that is watched, or -1 for all.
    qint64 index() const;
    /// Watches an element; a negative number means all. Forgets all alarms.
    void setIndex(qint64 index);
    /// Returns the name of the field by whose value elements are recognized, or an empty text.
    QString key() const;
    /// Recognizes elements by the field of this name, or by their indexes if it is empty. Forgets all alarms.
    void setKey(const QString &key);
    /// Returns the own limit `low`; NaN if it has none.
    double low() const;
    /// Sets the own limit `low`, or with NaN none.
    void setLow(double low);
    /// Removes the own limit `low`.
    void resetLow();
    /// Returns the own limit `high`; NaN if it has none.
    double high() const;
    /// Sets the own limit `high`, or with NaN none.
    void setHigh(double high);
    /// Removes the own limit `high`.
    void resetHigh();
    /// Returns the own limit `lowLow`; NaN if it has none.
    double lowLow() const;
    /// Sets the own limit `lowLow`, or with NaN none.
    void setLowLow(double lowLow);
    /// Removes the own limit `lowLow`.
    void resetLowLow();
    /// Returns the own limit `highHigh`; NaN if it has none.
    double highHigh() const;
    /// Sets the own limit `highHigh`, or with NaN none.
    void setHighHigh(double highHigh);
    /// Removes the own limit `highHigh`.
    void resetHighHigh();
    /// Returns the own hysteresis; NaN if it has none.
    double hysteresis() const;
    /// Sets the own hysteresis in the unit of the field, or with NaN none. A negative one is ignored with a warning.
    void setHysteresis(double hysteresis);
    /// Removes the own hysteresis.
    void resetHysteresis();
    /// Returns the own delay in ms; NaN if it has none.
    double delay() const;
    /// Sets the own delay in ms, or with NaN none. A negative one is ignored with a warning.
    void setDelay(double delay);
    /// Removes the own delay.
    void resetDelay();
    /// Returns the maximum rate in Hz; 0 means the refresh rate of the screen.
    double maximumRate() const;
    /// Limits the rate at which revisions are judged, in Hz. A negative or infinite number counts as 0.
    void setMaximumRate(double maximumRate);
    /// Returns the worst level of all values that are watched.
    Level level() const;
    /// Returns whether no alarm waits for acknowledge().
    bool isAcknowledged() const;
    /// Returns isAcknowledged().
    bool acknowledged() const { return isAcknowledged(); }
    /// Returns the number of values that are not Normal or wait for acknowledge().
    int count() const;

    /// Acknowledges all alarms. Those that have ended are gone then.
    Q_INVOKABLE void acknowledge();

Q_SIGNALS:
    /// Emitted when another segment is set, and when the segment is destroyed.
    void segmentChanged();
    /// Emitted when `field` changes.
    void fieldChanged();
    /// Emitted when `index` changes.
    void indexChanged();
    /// Emitted when `key` changes.
    void keyChanged();
    /// Emitted when one of the own limits, `hysteresis` or `delay` changes.
    void limitsChanged();
    /// Emitted when `maximumRate` changes.
    void maximumRateChanged();
    /// Emitted when `level` changes.
    void levelChanged();
    /// Emitted when `acknowledged` changes.
    void acknowledgedChanged();
    /// Emitted when `count` changes.
    void countChanged();
    /// Emitted when the values that are not Normal, or wait for acknowledge(), have been judged anew.
    void judged();

protected:
    /// Delays watching until endInitialization(): for builders that set properties in any order.
    void beginInitialization();
    /// Ends the delay that beginInitialization() began.
    void endInitialization();

private:
    double indexReal() const { return static_cast<double>(index()); }
    void setIndexReal(double index);

    friend class SharedLimitsPrivate;
    Q_DISABLE_COPY_MOVE(SharedLimits)
    std::unique_ptr<SharedLimitsPrivate> d;
};
