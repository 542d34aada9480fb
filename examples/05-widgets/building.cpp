// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "rooms.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QCoreApplication>
#include <QtCore/QTextStream>
#include <QtCore/QTimer>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstring>
#include <numbers>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr float Outside = 4;        // °C, on the average
constexpr float MostPower = 2000;   // W
constexpr float Loss = 62;          // W/K, through a room's walls and windows
constexpr float Capacity = 90'000;  // J/K, of a room
constexpr float SecondsPerStep = 6; // of the building's time: a minute in each of our seconds
constexpr float StepsPerDay = 600;  // a short one, so that there is something to be seen
constexpr std::chrono::milliseconds Step = 100ms;

/// Some rooms are better insulated than others.
float lossOf(std::size_t room)
{
    return Loss * (0.7F + 0.6F * std::abs(std::sin(static_cast<float>(room) * 1.7F)));
}

void furnish(std::size_t number, Room *room)
{
    const auto floor = static_cast<int>(number / 24); // 0 is the ground floor
    const auto door = static_cast<int>(number % 24) + 1;
    const QByteArray name = u"Room %1.%2"_s.arg(floor).arg(door, 2, 10, QChar(u'0')).toUtf8();
    std::strncpy(room->name, name.constData(), sizeof room->name - 1);
    constexpr std::array<float, 5> Targets{21, 19.5, 22, 17, 20.5};
    room->target = Targets[(number * 7) % Targets.size()];
    room->temperature = room->target - static_cast<float>((number * 13) % 11);
}

/// A thermostat that opens the more, the more is missing; a step of Newton's law of cooling.
void live(std::size_t number, float outside, Room *room)
{
    room->power = std::clamp((room->target - room->temperature) * 1200 + lossOf(number) * (room->target - Outside),
                             0.0F, MostPower);
    const float lost = lossOf(number) * (room->temperature - outside);
    room->temperature += (room->power - lost) * SecondsPerStep / Capacity;
    if (!std::isfinite(room->temperature)) // somebody has written such a target
        furnish(number, room);
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(u"A building with %1 heated rooms, until Ctrl+C."_s.arg(RoomCount));
    parser.addHelpOption();
    const QCommandLineOption secondsOption(u"seconds"_s, u"End after that time."_s, u"N"_s);
    parser.addOption(secondsOption);
    parser.process(application);

    SharedRooms rooms(u"building/rooms"_s);
    rooms.segment()->setSharedWriting(true);
    const auto complain = [&rooms] { QTextStream(stderr) << "building: " << rooms.errorString() << '\n'; };
    // A revision begins as the newest one: what others have written meanwhile is in it.
    const auto publish = [&rooms](auto change) {
        auto next = rooms.write();
        for (qsizetype i = 0; i < next.size(); ++i)
            change(static_cast<std::size_t>(i), &next[i]);
        return static_cast<bool>(next);
    };
    if (!rooms.create() || !publish(furnish)) {
        complain();
        return 1;
    }
    int step = 0;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &timer, [&] {
        step = (step + 1) % int(StepsPerDay);
        const float outside = Outside
                            + 9 * std::sin(2 * std::numbers::pi_v<float> * static_cast<float>(step) / StepsPerDay);
        if (publish([outside](std::size_t number, Room *room) { live(number, outside, room); }))
            return;
        complain();
        QCoreApplication::exit(1);
    });
    timer.start(Step);
    QTextStream(stdout) << "building: publishing " << RoomCount << " rooms" << Qt::endl;

    if (parser.isSet(secondsOption)) {
        QTimer::singleShot(std::chrono::milliseconds(qRound64(parser.value(secondsOption).toDouble() * 1000)),
                           &application, &QCoreApplication::quit);
    }
    return QCoreApplication::exec();
}
