/* SPDX-FileCopyrightText: 2026 The SharedSegment authors */
/* SPDX-License-Identifier: MIT */

/* Prints the readings of the segment "weather", whichever program publishes them, until the owner is gone. */

#define SS_IMPLEMENTATION
#include "sharedsegment.h"

#include "reading.h"

/* Milliseconds. The station publishes ten readings a second. */
#define LATE 1000

int main(void)
{
    ss_segment *weather = ss_open("weather");
    if (!weather) {
        fprintf(stderr, "%s\n", ss_error());
        return 1;
    }
    if (strcmp(ss_layout(weather), READING_LAYOUT) != 0 || ss_capacity(weather) != 1) {
        fprintf(stderr, "\"weather\" holds %s, not one %s\n", ss_layout(weather), READING_LAYOUT);
        return 1;
    }
    uint64_t seen = 0;
    int event;
    while ((event = ss_wait(weather, seen, LATE)) == SS_UPDATED || event == SS_TIMEOUT) {
        if (event == SS_TIMEOUT) { /* the station lives, but may be stopped */
            printf("no new reading for %d s\n", LATE / 1000);
            fflush(stdout);
            continue;
        }
        struct reading reading;
        ss_revision_info revision = {.number = ss_revision(weather)};
        const int64_t count = ss_read(weather, &reading, sizeof reading, &revision);
        if (count < 0 && count != SS_BUSY)
            break;
        seen = revision.number; /* busy: the writer interfered, and notifies again when it is done */
        if (count < 1)
            continue;
        printf("%llu: %.1f degrees, %.0f %%, %.16s\n", (unsigned long long)seen, reading.temperature, reading.humidity,
               reading.station);
        fflush(stdout);
    }
    if (event != SS_ORPHANED)
        fprintf(stderr, "%s\n", ss_error());
    else
        printf("the station is gone\n");
    ss_close(weather);
    return event == SS_ORPHANED ? 0 : 1;
}
