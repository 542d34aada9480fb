// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "jsdocument.h"

#include "../src/core/documentvalue_p.h"

#include <QtCore/QCborArray>
#include <QtCore/QCborMap>
#include <QtCore/QDateTime>
#include <QtQml/QJSEngine>
#include <QtQml/QJSValue>

#include <limits>

using namespace Qt::StringLiterals;

namespace {

/// Makes values of one engine.
class DocumentMaker
{
public:
    explicit DocumentMaker(QJSEngine &engine)
        : m_engine(engine)
    {
    }

    QJSValue make(const QCborValue &value)
    {
        const QCborValue plain = DocumentValue::untagged(value);
        switch (plain.type()) {
        case QCborValue::Array: {
            const QCborArray items = plain.toArray();
            QJSValue array = m_engine.newArray(static_cast<uint>(items.size()));
            for (qsizetype i = 0; i < items.size(); ++i)
                array.setProperty(static_cast<quint32>(i), make(items.at(i)));
            return array;
        }
        case QCborValue::Map: {
            const QCborMap members = plain.toMap();
            QJSValue object = m_engine.newObject();
            for (const auto &[key, member] : members)
                set(object, DocumentValue::memberName(key), make(member));
            return object;
        }
        case QCborValue::Integer:
            return number(plain.toInteger());
        case QCborValue::ByteArray:
        case QCborValue::DateTime:
            return m_engine.toScriptValue(DocumentValue::toVariant(plain));
        case QCborValue::Null:
            return QJSValue(QJSValue::NullValue);
        case QCborValue::True:
        case QCborValue::False:
            return plain.toBool();
        case QCborValue::Double:
            return plain.toDouble();
        case QCborValue::String:
            return plain.toString();
        default:
            return QJSValue(QJSValue::UndefinedValue);
        }
    }

private:
    static QJSValue number(qint64 value)
    {
        using Limits = std::numeric_limits<int>;
        if (value >= Limits::min() && value <= Limits::max())
            return static_cast<int>(value);
        return static_cast<double>(value);
    }

    void set(QJSValue &object, const QString &name, const QJSValue &value)
    {
        if (name != "__proto__"_L1) {
            object.setProperty(name, value);
            return;
        }
        // An assignment would set the prototype.
        QJSValue define = m_engine.globalObject().property(u"Object"_s).property(u"defineProperty"_s);
        QJSValue descriptor = m_engine.newObject();
        descriptor.setProperty(u"value"_s, value);
        descriptor.setProperty(u"enumerable"_s, true);
        define.call({object, name, descriptor});
    }

    QJSEngine &m_engine;
};

} // namespace

QVariant JsDocument::wrap(const QCborValue &value, const QObject *object)
{
    QJSEngine *engine = qjsEngine(object);
    return engine ? QVariant::fromValue(DocumentMaker(*engine).make(value)) : QVariant();
}
