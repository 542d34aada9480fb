// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedlayout.h"

#include "../engine/layout.h"
#include "../os/lasting.h"
#include "utf8_p.h"

#include <utility>

using sharedsegment::Scalar;
using sharedsegment::engine::Layout;

namespace {

SharedLayout::Type typeOf(Scalar scalar)
{
    switch (scalar) {
    case Scalar::I8:
        return SharedLayout::Type::Int8;
    case Scalar::U8:
        return SharedLayout::Type::UInt8;
    case Scalar::I16:
        return SharedLayout::Type::Int16;
    case Scalar::U16:
        return SharedLayout::Type::UInt16;
    case Scalar::I32:
        return SharedLayout::Type::Int32;
    case Scalar::U32:
        return SharedLayout::Type::UInt32;
    case Scalar::I64:
        return SharedLayout::Type::Int64;
    case Scalar::U64:
        return SharedLayout::Type::UInt64;
    case Scalar::F32:
        return SharedLayout::Type::Float32;
    case Scalar::F64:
        return SharedLayout::Type::Float64;
    case Scalar::Bool:
        return SharedLayout::Type::Bool;
    case Scalar::Char:
        break;
    }
    return SharedLayout::Type::Text;
}

} // namespace

SharedLayout::SharedLayout() = default;

SharedLayout::SharedLayout(std::shared_ptr<const Layout> layout)
    : d(std::move(layout))
{
}

SharedLayout SharedLayout::parse(QStringView text, QString *errorString)
{
    const QByteArray utf8 = text.toUtf8();
    auto layout = Layout::parse({utf8.constData(), static_cast<std::size_t>(utf8.size())});
    if (errorString)
        *errorString = layout ? QString() : QString::fromStdString(layout.error().text);
    if (!layout)
        return {};
    return SharedLayout(std::make_shared<const Layout>(*std::move(layout)));
}

const SharedLayout &SharedLayout::keep(std::atomic<const SharedLayout *> &place, SharedLayout layout)
{
    auto fresh = std::make_unique<const SharedLayout>(std::move(layout));
    const SharedLayout *known = nullptr;
    return place.compare_exchange_strong(known, fresh.get()) ? *fresh.release() : *known;
}

SharedLayout SharedLayout::fromDescription(const sharedsegment::TypeDescription &description)
{
    auto layout = Layout::make(description);
    if (!layout)
        return {};
    return SharedLayout(std::make_shared<const Layout>(*std::move(layout)));
}

const Layout &SharedLayout::native() const
{
    static constinit sharedsegment::os::Lasting<Layout> none;
    return d ? *d : none.get([] { return Layout(); });
}

bool SharedLayout::isValid() const
{
    return native().isValid();
}

bool SharedLayout::isStruct() const
{
    return native().isStruct();
}

QString SharedLayout::text() const
{
    return textOf(native().text());
}

QString SharedLayout::structName() const
{
    return textOf(native().structName());
}

QList<SharedLayout::Field> SharedLayout::fields() const
{
    QList<Field> result;
    result.reserve(static_cast<qsizetype>(native().fields().size()));
    for (const sharedsegment::engine::Field &field : native().fields()) {
        result.append({textOf(field.name), typeOf(field.scalar), static_cast<qsizetype>(field.count), field.isArray,
                       static_cast<qsizetype>(field.offset), static_cast<qsizetype>(field.size()),
                       QString::fromStdString(field.typeText())});
    }
    return result;
}

qsizetype SharedLayout::elementSize() const
{
    return native().elementSize();
}

qsizetype SharedLayout::elementAlignment() const
{
    return native().elementAlignment();
}

quint64 SharedLayout::fingerprint() const
{
    return native().fingerprint();
}

bool operator==(const SharedLayout &a, const SharedLayout &b)
{
    return a.d == b.d || a.native() == b.native();
}
