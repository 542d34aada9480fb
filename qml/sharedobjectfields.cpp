// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedobjectfields.h"

#include <QtQml/QJSEngine>

#include <utility>

using namespace Qt::StringLiterals;

namespace {

/// What scripts read of each object is no field unless the segment has one of that name. Keys are properties of the target,
/// since Qt 6.4 fails with a trap for the descriptors of others.
constexpr auto Script = R"((function(fields) {
    const isOfAll = name => typeof name !== "string"
        || ((name in Object.prototype || name === "toJSON" || name === "then") && !fields.names.includes(name))
    return new Proxy({}, {
        get: (all, name) => isOfAll(name) ? all[name] : fields.field(name),
        set: (all, name) => { fields.refuse(String(name)); return true },
        has: (all, name) => fields.names.includes(name),
        ownKeys: all => {
            const names = Array.from(fields.names)
            Object.keys(all).forEach(name => delete all[name])
            names.forEach(name => all[name] = undefined)
            return names
        }
    })
}))";

} // namespace

SharedObjectFields::SharedObjectFields(Find find, Refuse refuse, QObject *parent)
    : QObject(parent)
    , m_find(std::move(find))
    , m_refuse(std::move(refuse))
{
}

void SharedObjectFields::setNames(const QStringList &names)
{
    if (std::exchange(m_names, names) != names)
        Q_EMIT namesChanged();
}

QJSValue SharedObjectFields::script()
{
    QJSEngine *const engine = qjsEngine(parent());
    if (!engine)
        return QJSValue();
    if (m_script.isUndefined()) {
        QJSEngine::setObjectOwnership(this, QJSEngine::CppOwnership);
        m_script = engine->evaluate(QLatin1String(Script)).call({engine->newQObject(this)});
    }
    return m_script;
}
