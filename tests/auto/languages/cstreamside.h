/* SPDX-FileCopyrightText: 2026 The SharedSegment authors */
/* SPDX-License-Identifier: MIT */

#pragma once

/* What cpeer does with a stream. The including file has included sharedsegment.h. */

#include "cpattern.h"

static int is_stream(const ss_segment *segment)
{
    return ss_kind(segment) == SS_STREAM;
}

/* Appends elements that each prove to be the one of their number: their key is the number + 1. */
static int64_t append(ss_segment *segment, size_t count)
{
    const size_t words = words_in(segment, 1);
    uint64_t *const elements = malloc(count * words * 8 + 1);
    uint64_t number = ss_revision(segment);
    for (size_t i = 0; elements && i < count; ++i)
        fill(elements + i * words, words, ++number);
    const int64_t position = elements ? ss_append(segment, elements, count * words * 8) : SS_OUT_OF_MEMORY;
    free(elements);
    return position;
}

static void say_appended(ss_segment *segment, size_t count)
{
    const int64_t position = append(segment, count);
    if (position < 0)
        printf("error %d %s\n", (int)position, ss_error());
    else
        printf("appended %lld\n", (long long)position);
}

static void take(ss_segment *segment, uint64_t *elements, size_t most, uint64_t *count, uint64_t *wrong)
{
    const size_t words = words_in(segment, 1);
    ss_revision_info info = {0};
    const int64_t read = ss_read_new(segment, elements, most * words * 8, &info);
    for (int64_t i = 0; i < read; ++i) {
        const uint64_t key = info.number - (uint64_t)(read - i) + 1;
        const uint64_t *const element = elements + (size_t)i * words;
        *wrong += element[0] != key || !is_whole(element, words);
    }
    *wrong += read < 0;
    *count += read < 0 ? 0 : (uint64_t)read;
}

/* Reads elements of a stream for that time, few and many; or once. */
static void say_taken(ss_segment *segment, uint64_t *elements, size_t most, int milliseconds)
{
    const int64_t end = ss_now() + (int64_t)milliseconds * 1000000;
    uint64_t count = 0, wrong = 0;
    do {
        take(segment, elements, most, &count, &wrong);
        most = most % (size_t)ss_capacity(segment) + 1;
    } while (milliseconds > 0 && ss_now() < end);
    printf("took %llu wrong %llu lost %llu at %llu\n", (unsigned long long)count, (unsigned long long)wrong,
           (unsigned long long)ss_lost(segment), (unsigned long long)ss_position(segment));
}

/* Returns whether the line was a command for streams. */
static int serve_stream(ss_segment *segment, uint64_t *elements, const char *line)
{
    unsigned long long number = 0;
    int milliseconds = 0;
    if (sscanf(line, "append %llu", &number) == 1) {
        say_appended(segment, (size_t)number);
    } else if (sscanf(line, "take %llu", &number) == 1) {
        say_taken(segment, elements, (size_t)number, 0);
    } else if (sscanf(line, "check %d", &milliseconds) == 1) {
        say_taken(segment, elements, 1, milliseconds);
    } else if (strncmp(line, "seek ", 5) == 0) {
        const int is_done = ss_seek(segment, strcmp(line, "seek oldest\n") == 0   ? SS_OLDEST
                                             : strcmp(line, "seek newest\n") == 0 ? SS_NEWEST
                                                                                  : strtoull(line + 5, NULL, 10));
        printf("%s\n", is_done == 0 ? "done" : ss_error());
    } else if (sscanf(line, "reserve %llu", &number) == 1) {
        atomic_store(ss_word(segment->memory, offsetof(ss_header, reserved)), ss_revision(segment) + number);
        printf("reserved\n");
    } else if (strcmp(line, "time\n") == 0) {
        ss_revision_info info = {0};
        ss_time_at(segment, ss_revision(segment), &info);
        printf("%lld\n", (long long)info.timestamp);
    } else if (strcmp(line, "spin\n") == 0) {
        for (size_t count = 1; append(segment, count) >= 0;
             count = count % (size_t)((ss_capacity(segment) + 1) / 2) + 1) { }
        printf("%s\n", ss_error());
    } else {
        return 0;
    }
    return 1;
}
