// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "holder.h"

#include "crowd.h"

#include "../peers.h"

#include <SharedSegment/SharedArray>

#include <QtCore/QCoreApplication>

#include <memory>
#include <sys/resource.h>
#include <vector>

using namespace Qt::StringLiterals;

namespace {

// Each segment takes its owner a few of the descriptors that a process may have.
constexpr int Holders = 4;

std::vector<std::unique_ptr<SharedArray<double>>> owned;
std::vector<std::unique_ptr<SharedSegment>> opened;
std::unique_ptr<SharedArray<quint8>> longOne;
std::unique_ptr<QSharedMemoryPeer> longPeer;

QString nameOf(const QByteArray &prefix, std::size_t number)
{
    return QString::fromLatin1(prefix) + QString::number(number);
}

/// A segment takes a few descriptors, and the usual limit is low.
void allowDescriptors()
{
    rlimit limit;
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/// PREFIX COUNT: owns this many, neither more nor less.
QByteArray own(const QList<QByteArray> &arguments)
{
    allowDescriptors();
    const auto count = static_cast<std::size_t>(arguments.at(1).toInt());
    if (owned.size() > count)
        owned.resize(count);
    while (owned.size() < count) {
        owned.push_back(std::make_unique<SharedArray<double>>(nameOf(arguments.at(0), owned.size())));
        if (!owned.back()->create(1))
            return "failed";
    }
    return "done";
}

/// PREFIX COUNT: opens this many, and goes on listening to them.
QByteArray open(const QList<QByteArray> &arguments)
{
    allowDescriptors();
    const auto count = static_cast<std::size_t>(arguments.at(1).toInt());
    for (opened.clear(); opened.size() < count;) {
        opened.push_back(std::make_unique<SharedSegment>(nameOf(arguments.at(0), opened.size())));
        if (!opened.back()->open())
            return "failed";
    }
    return "done";
}

QByteArray close(const QList<QByteArray> & /*arguments*/)
{
    opened.clear();
    return "done";
}

/// NAME LENGTH: owns one segment of this many bytes, and a QSharedMemory of the same size.
QByteArray ownLong(const QList<QByteArray> &arguments)
{
    const QString name = QString::fromLatin1(arguments.at(0));
    const auto length = arguments.at(1).toLongLong();
    longOne = std::make_unique<SharedArray<quint8>>(name);
    longPeer = std::make_unique<QSharedMemoryPeer>(name, static_cast<std::size_t>(length));
    const std::vector<quint8> values(static_cast<std::size_t>(length), 1);
    return longOne->create(length) && longOne->publish(values) && longPeer->create() ? "done" : "failed";
}

QByteArray closeLong(const QList<QByteArray> & /*arguments*/)
{
    longOne.reset();
    longPeer.reset();
    return "done";
}

QString heldPrefix()
{
    return u"benchmark.%1.held."_s.arg(QCoreApplication::applicationPid());
}

} // namespace

bool growHolders()
{
    return Crowd::instance().grow(Holders);
}

bool holdSegments(int count)
{
    for (int i = 0; i < Holders; ++i) {
        const int share = count / Holders + (i < count % Holders ? 1 : 0);
        Crowd::instance()[static_cast<std::size_t>(i)].tell(
            "holder-own " + heldPrefix().toLatin1() + QByteArray::number(i) + '.' + ' ' + QByteArray::number(share));
    }
    bool areHeld = true;
    for (int i = 0; i < Holders; ++i)
        areHeld = Crowd::instance()[static_cast<std::size_t>(i)].answer() == "done" && areHeld;
    return areHeld;
}

QString heldName()
{
    return heldPrefix() + u"0.0"_s;
}

Station::Commands holderCommands()
{
    return {{"holder-own", own},
            {"holder-open", open},
            {"holder-close", close},
            {"holder-own-long", ownLong},
            {"holder-close-long", closeLong}};
}
