// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// A program whose segments are static objects of each kind. It uses nothing of the library before it makes them. So the
// library's internal objects are made later than they are, and in a program's usual order would be destroyed before
// them.

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedValue>

#include <QtCore/QCoreApplication>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace {

SharedValue<double> global(QStringLiteral("global"));
SharedSegment waiting(QStringLiteral("nobody"));
SharedSegment reader(QStringLiteral("global"));
SharedSegment standby(QStringLiteral("global"));

/// Publishes, creates and looks up layouts after everything else is destroyed.
struct Last
{
    ~Last()
    {
        const bool good = global.set(2) && SharedSegment::exists(u"global"_s) && late.create()
                       && late.publish(std::array<int, 3>{1, 2, 3});
        std::puts(good ? "last: good" : "last: bad");
        std::fflush(stdout);
    }
    SharedArray<int, 3> late{QStringLiteral("late")};
} last;

SharedValue<quint64> &local()
{
    static SharedValue<quint64> value(QStringLiteral("local"));
    return value;
}

} // namespace

int main(int argc, char **argv)
{
    const bool hasApplication = argc > 1 && QByteArray(argv[1]) == "application";
    const auto application = hasApplication ? std::make_unique<QCoreApplication>(argc, argv) : nullptr;
    bool good = global.create() && global.set(1) && local().create() && local().set(1);
    waiting.setActive(true);
    reader.setActive(true);
    standby.setLayout(SharedLayout::of<double>());
    standby.setCapacity(1);
    standby.setOwner(true);
    standby.setActive(true);
    good = good && reader.isOpen();
    if (application)
        QCoreApplication::processEvents();
    std::puts(good ? "main: good" : "main: bad");
    return 0;
}
