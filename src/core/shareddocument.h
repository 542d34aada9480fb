// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegment.h"

#include <QtCore/QCborArray>
#include <QtCore/QCborMap>
#include <QtCore/QCborValue>
#include <QtCore/QDateTime>
#include <QtCore/QJsonValue>
#include <QtCore/QObject>
#include <QtCore/QVariant>

#include <memory>
#include <type_traits>

class SharedDocumentPrivate;

/// A value of changing size and shape: any value of JSON, read and written whole.
///
/// The segment is an array of `u8` of variable count, whose metadata say in `content` what the bytes of a revision are:
/// `application/cbor` (RFC 8949), `application/json` (RFC 8259) or `text/plain` (UTF-8). A segment that this program is to
/// own, and that is not open, gets from the document what it lacks: the layout `u8`, the kind VariableArray, a capacity of
/// 4096, and the content `application/cbor`.
///
/// Besides the values of JSON, a document in CBOR holds dates (QDateTime; in JavaScript, Date), bytes (QByteArray,
/// ArrayBuffer), and numbers that are not finite. Whole numbers up to 2^53 are stored as integers; larger ones of JavaScript
/// as doubles. C++ writes and reads integers of 64 bits exactly. An undefined member of an object is left out, and an
/// undefined item of an array becomes null. Of bytes that another program publishes, tags of no date are dropped, and a key
/// that is no text becomes one. A document has at most 64 MiB, a million values, and 256 levels of arrays and objects.
///
/// A failure sets `errorString`, and the segment's `error`. The object belongs to its thread, as its segment does; no
/// function is thread-safe. It needs Qt Core alone.
class SHAREDSEGMENT_EXPORT SharedDocument : public QObject
{
    Q_OBJECT

    /// The segment to show. The document does not own it. Default: null. Notifies when another segment is set and when the
    /// segment is destroyed.
    Q_PROPERTY(SharedSegment *segment READ segment WRITE setSegment NOTIFY segmentChanged FINAL)
    /// The value of the newest revision; in QML a value of JavaScript, of which each reading makes a copy. Default: undefined.
    ///
    /// It is undefined before a first value is published, and when the newest revision is no value; it stays while the
    /// segment is closed. An assignment publishes the value, unless the newest revision is equal, byte for byte; see
    /// setValue(). Notifies when a revision of other bytes is shown.
    Q_PROPERTY(QVariant value READ valueForScripts WRITE setValue NOTIFY valueChanged FINAL)
    /// Whether `value` belongs to a revision of the open segment. Default: false. Notifies when it changes.
    Q_PROPERTY(bool valid READ isValid NOTIFY validChanged FINAL)
    /// Why the newest revision is not shown, or why the last write failed; empty without a failure. Default: empty. Notifies
    /// when it changes.
    Q_PROPERTY(QString errorString READ errorString NOTIFY errorStringChanged FINAL)
    /// Maximum rate of refreshes, in Hz. 0 means the refresh rate of the screen, or one refresh per 16 ms in a program that
    /// does not use the QML module. A negative or infinite number counts as 0. Default: 0. Notifies when another value is set.
    Q_PROPERTY(double maximumRate READ maximumRate WRITE setMaximumRate NOTIFY maximumRateChanged FINAL)
    /// Whether the document keeps the revision that it shows. Default: false. Notifies when another value is set.
    Q_PROPERTY(bool paused READ isPaused WRITE setPaused NOTIFY pausedChanged FINAL)
    /// Number of the revision shown; 0 without one. Default: 0. Notifies when the document shows another revision.
    Q_PROPERTY(quint64 revision READ revision NOTIFY revisionChanged FINAL)
    /// Time when the shown revision was published; invalid without one. Default: invalid. Notifies together with `revision`.
    Q_PROPERTY(QDateTime updatedAt READ updatedAt NOTIFY revisionChanged FINAL)

public:
    /// Makes a document without a segment.
    explicit SharedDocument(QObject *parent = nullptr);
    ~SharedDocument() override;

    /// Returns the segment shown, or null.
    SharedSegment *segment() const;
    /// Shows another segment, or none if `segment` is null. See the property `segment`.
    void setSegment(SharedSegment *segment);
    /// Returns the value of the newest revision: a std::nullptr_t for null, bool, qint64, double, QString, QByteArray,
    /// QDateTime, QVariantList or QVariantMap. Invalid where the property `value` is undefined.
    QVariant value() const;
    /// Returns the value as CBOR, with its tags and the order of its members; undefined where value() is invalid.
    QCborValue toCbor() const;
    /// Returns the value as JSON, as QCborValue::toJsonValue() makes it; undefined where value() is invalid.
    QJsonValue toJson() const;
    /// Publishes a value, as write() does, unless the newest revision is equal to it, byte for byte.
    ///
    /// While the segment is not open and this program is to own it (SharedSegment::owner()), the value is published as soon as
    /// the segment is created. When an owned segment is created again, the last value is published again.
    void setValue(const QVariant &value);
    /// Returns whether value() belongs to a revision of the open segment. See the property `valid`.
    bool isValid() const;
    /// Returns isValid().
    bool valid() const { return isValid(); }
    /// Returns why the newest revision is not shown, or why the last write failed. See the property `errorString`.
    QString errorString() const;
    /// Returns the maximum rate of refreshes in Hz. See the property `maximumRate`.
    double maximumRate() const;
    /// Sets the maximum rate of refreshes in Hz. See the property `maximumRate`.
    void setMaximumRate(double maximumRate);
    /// Returns whether the document keeps the revision that it shows. See the property `paused`.
    bool isPaused() const;
    /// Returns isPaused().
    bool paused() const { return isPaused(); }
    /// Sets whether the document keeps the revision that it shows. See the property `paused`.
    void setPaused(bool paused);
    /// Returns the number of the revision shown. See the property `revision`.
    quint64 revision() const;
    /// Returns when the shown revision was published. See the property `updatedAt`.
    QDateTime updatedAt() const;

    /// Creates the segment, and becomes the owner of its name. First gives the segment what it lacks; see above.
    /// @returns whether it succeeded. After a failure nothing is created; the reason is in `errorString`, and in the segment's
    /// `error`.
    ///
    /// Errors: as SharedSegment::create().
    Q_INVOKABLE bool create();
    /// Publishes a value as a revision, also an equal one. Waits for other writers at most 50 ms.
    ///
    /// Takes what value() returns, numbers of all types, enumerations, QStringList and other containers, QUrl, QUuid, QJsonValue,
    /// QJsonObject, QJsonArray and QJsonDocument; in QML, any value of JavaScript but undefined, functions and objects of C++.
    /// Where the segment's content is not CBOR, only what it can hold. If the bytes exceed the capacity, an owner replaces the
    /// segment by a larger one; see SharedSegment::recreate().
    /// @returns whether it succeeded. After a failure the newest revision is as before; the reason is in `errorString`, and in
    /// the segment's `error`.
    ///
    /// Errors: those of SharedSegment::publish(); NotFound without a segment that is open; InvalidValue when a document cannot hold
    /// the value; InvalidSize when the bytes exceed the capacity and another object owns the segment; LayoutMismatch when the
    /// segment is no document.
    Q_INVOKABLE bool write(const QVariant &value);
    /// Publishes a value as above, with its tags and the order of its members: a QCborValue, QCborMap or QCborArray.
    template<typename Cbor>
    requires std::is_same_v<Cbor, QCborValue> || std::is_same_v<Cbor, QCborMap> || std::is_same_v<Cbor, QCborArray>
    bool write(const Cbor &value) { return writeCbor(QCborValue(value)); }
    /// Takes the newest revision now: for programs without an event loop, which takes it by itself.
    /// @returns whether value() belongs to the newest revision.
    Q_INVOKABLE bool refresh();

Q_SIGNALS:
    /// Emitted when another segment is set, and when the segment is destroyed.
    void segmentChanged();
    /// Emitted when `value` changes.
    void valueChanged();
    /// Emitted when `valid` changes.
    void validChanged();
    /// Emitted when `errorString` changes.
    void errorStringChanged();
    /// Emitted when `maximumRate` changes.
    void maximumRateChanged();
    /// Emitted when `paused` changes.
    void pausedChanged();
    /// Emitted when the document shows another revision; `revision` and `updatedAt` change together.
    void revisionChanged();

protected:
    /// Delays assignments until endInitialization(): for builders that set properties in any order.
    void beginInitialization();
    /// Ends the delay that beginInitialization() began, and publishes the value that was assigned meanwhile, if any.
    void endInitialization();

private:
    QVariant valueForScripts() const;
    bool writeCbor(const QCborValue &value);

    friend class SharedDocumentPrivate;
    Q_DISABLE_COPY_MOVE(SharedDocument)
    std::unique_ptr<SharedDocumentPrivate> d;
};
