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
#include <deque>
#include <numbers>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr float Outside = 4;        // °C, average
constexpr float MostPower = 2000;   // W
constexpr float Loss = 62;          // W/K, through walls and windows of a room
constexpr float Capacity = 90'000;  // J/K, per room
constexpr float SecondsPerStep = 6; // in the building's time; one real second is one minute
constexpr float StepsPerDay = 600;  // short, so that changes are visible
constexpr std::chrono::milliseconds Step = 100ms;
constexpr int StepsPerRenovation = 20;

/// Heat loss of a room in W/K; rooms are insulated differently.
float lossOf(std::size_t room)
{
    return Loss * (0.7F + 0.6F * std::abs(std::sin(static_cast<float>(room) * 1.7F)));
}

void furnish(std::size_t number, Room *room)
{
    *room = {};
    const auto floor = static_cast<int>(number / RoomsPerFloor); // 0 is the ground floor
    const auto door = static_cast<int>(number % RoomsPerFloor) + 1;
    const QByteArray name = u"Room %1.%2"_s.arg(floor).arg(door, 2, 10, QChar(u'0')).toUtf8();
    std::strncpy(room->name, name.constData(), sizeof room->name - 1);
    constexpr std::array<float, 5> Targets{21, 19.5, 22, 17, 20.5};
    room->target = Targets[(number * 7) % Targets.size()];
    room->temperature = room->target - static_cast<float>((number * 13) % 11);
}

/// The number of a room that may have moved, since others come and go.
std::size_t numberOf(const Room &room)
{
    const QStringList parts = QString::fromUtf8(room.name, qstrnlen(room.name, sizeof room.name)).mid(5).split(u'.');
    const int floor = parts.value(0).toInt();
    const int door = parts.value(1).toInt();
    return static_cast<std::size_t>(std::clamp(floor * int(RoomsPerFloor) + door - 1, 0, int(RoomCount) - 1));
}

/// The top floor is being renovated: some of its rooms are closed, and every few seconds one is closed or opened.
class Renovation
{
public:
    void advance(SharedRooms::Writer *rooms)
    {
        const auto placeOf = [rooms](std::size_t number) {
            const auto isBehind = [number](const Room &room) { return numberOf(room) >= number; };
            return std::find_if(rooms->begin(), rooms->end(), isBehind) - rooms->begin();
        };
        if (m_closed.size() < MostClosedRooms) {
            m_closed.push_back(RoomCount - 1 - m_round++ * 7 % RoomsPerFloor);
            const auto place = placeOf(m_closed.back());
            std::move(rooms->begin() + place + 1, rooms->end(), rooms->begin() + place);
            rooms->resize(rooms->size() - 1);
        } else {
            const auto place = placeOf(m_closed.front());
            rooms->resize(rooms->size() + 1);
            std::move_backward(rooms->begin() + place, rooms->end() - 1, rooms->end());
            furnish(m_closed.front(), rooms->begin() + place);
            m_closed.pop_front();
        }
    }

private:
    std::deque<std::size_t> m_closed;
    std::size_t m_round = 0;
};

/// One step of a room: a proportional thermostat and Newton's law of cooling.
void live(float outside, Room *room)
{
    const std::size_t number = numberOf(*room);
    room->power = std::clamp((room->target - room->temperature) * 1200 + lossOf(number) * (room->target - Outside),
                             0.0F, MostPower);
    const float lost = lossOf(number) * (room->temperature - outside);
    room->temperature += (room->power - lost) * SecondsPerStep / Capacity;
    if (!std::isfinite(room->temperature)) // after another process wrote a target that is not finite
        furnish(number, room);
}

/// What the values mean, for all programs that show them.
QVariantMap metadata()
{
    const auto field = [](const QString &unit, int decimals) {
        return QVariantMap{{u"unit"_s, unit}, {u"decimals"_s, decimals}};
    };
    return {{u"description"_s, u"a heated building"_s},
            {u"fields"_s, QVariantMap{{u"temperature"_s, field(u"°C"_s, 1)},
                                      {u"target"_s, field(u"°C"_s, 1)},
                                      {u"power"_s, field(u"W"_s, 0)}}}};
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
    rooms.segment()->setMultipleWriters(true);
    rooms.segment()->setMetadata(metadata());
    const auto printError = [&rooms] { QTextStream(stderr) << "building: " << rooms.errorString() << '\n'; };
    // A write transaction begins with the newest revision, so that it keeps changes by other processes.
    const auto publish = [&rooms](auto change) {
        auto next = rooms.beginWrite();
        if (next)
            change(&next);
        return static_cast<bool>(next);
    };
    const auto furnishAll = [](SharedRooms::Writer *next) {
        next->resize(RoomCount);
        for (std::size_t number = 0; number < RoomCount; ++number)
            furnish(number, next->begin() + number);
    };
    if (!rooms.createWithCapacity(RoomCount) || !publish(furnishAll)) {
        printError();
        return 1;
    }
    int step = 0;
    Renovation renovation;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &timer, [&] {
        step = (step + 1) % int(StepsPerDay);
        const float outside = Outside
                            + 9 * std::sin(2 * std::numbers::pi_v<float> * static_cast<float>(step) / StepsPerDay);
        const bool isPublished = publish([&](SharedRooms::Writer *next) {
            if (step % StepsPerRenovation == 0)
                renovation.advance(next);
            for (Room &room : *next)
                live(outside, &room);
        });
        if (isPublished)
            return;
        printError();
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
