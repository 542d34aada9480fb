// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "reading.h"

#include <SharedSegment/SharedValue>

#include <QtCore/QCoreApplication>
#include <QtCore/QTimer>

#include <cmath>

using namespace Qt::StringLiterals;

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);

    SharedValue<Reading> weather(u"weather"_s);
    if (!weather.create()) {
        qCritical("%s", qPrintable(weather.errorString()));
        return 1;
    }

    double hours = 0;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &app, [&] {
        hours += 0.1;
        auto reading = weather.beginWrite(); // published when it goes out of scope
        reading->temperature = 15 + 5 * std::sin(hours);
        reading->humidity = 60 - 10 * std::sin(hours);
        sharedsegment::setText(reading->station, u"roof");
    });
    timer.start(100);
    return app.exec();
}
