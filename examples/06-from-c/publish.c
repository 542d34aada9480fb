/* SPDX-FileCopyrightText: 2026 The SharedSegment authors */
/* SPDX-License-Identifier: MIT */

/* A weather station: owns the segment "weather" and publishes ten readings a second until it is interrupted. */

#define SS_IMPLEMENTATION
#include "sharedsegment.h"

#include "reading.h"

#include <math.h>

static volatile sig_atomic_t is_interrupted;

static void interrupt(int number)
{
    (void)number;
    is_interrupted = 1;
}

int main(void)
{
    signal(SIGINT, interrupt);
    signal(SIGTERM, interrupt);

    const ss_options options = {
        .capacity = 1,
        .metadata = "{\"description\":\"weather on the roof\",\"staleAfter\":1000,"
                    "\"fields\":{\"temperature\":{\"unit\":\"\u00b0C\",\"decimals\":1},\"humidity\":{\"unit\":\"%\"}}}",
    };
    ss_segment *weather = ss_create("weather", READING_LAYOUT, &options);
    if (!weather) {
        fprintf(stderr, "%s\n", ss_error());
        return 1;
    }
    int64_t revision = 0;
    for (double hours = 0; !is_interrupted && revision >= 0; hours += 0.1) {
        struct reading reading = {15 + 5 * sin(hours), 60 - 10 * sin(hours), "roof"};
        revision = ss_publish(weather, &reading, sizeof reading);
        if (revision < 0)
            fprintf(stderr, "%s\n", ss_error());
        const struct timespec tenth = {0, 100000000};
        nanosleep(&tenth, NULL);
    }
    ss_close(weather);
    return revision < 0;
}
