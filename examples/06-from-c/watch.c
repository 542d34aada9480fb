/* SPDX-FileCopyrightText: 2026 The SharedSegment authors */
/* SPDX-License-Identifier: MIT */

/* Prints the readings of the segment "weather", whichever program publishes them, until the owner is gone. */

#define SS_IMPLEMENTATION
#include "sharedsegment.h"

#include "reading.h"

int main(void)
{
    ss_segment *weather = ss_open("weather");
    if (!weather) {
        fprintf(stderr, "%s\n", ss_error());
        return 1;
    }
    if (strcmp(ss_layout(weather), READING_LAYOUT) != 0) {
        fprintf(stderr, "\"weather\" holds %s, not %s\n", ss_layout(weather), READING_LAYOUT);
        return 1;
    }
    int64_t seen = 0, revision = 0;
    int event;
    while ((event = ss_wait(weather, (uint64_t)seen, -1)) == SS_UPDATED) {
        struct reading reading;
        const int64_t newest = (int64_t)ss_revision(weather);
        revision = ss_read(weather, &reading, sizeof reading, NULL);
        if (revision < 0 && revision != SS_BUSY)
            break;
        seen = revision < 0 ? newest : revision; /* busy: the writer interfered, and notifies again when it is done */
        if (revision < 0)
            continue;
        printf("%lld: %.1f degrees, %.0f %%, %.16s\n", (long long)revision, reading.temperature, reading.humidity,
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
