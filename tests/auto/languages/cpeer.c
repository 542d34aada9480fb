/* SPDX-FileCopyrightText: 2026 The SharedSegment authors */
/* SPDX-License-Identifier: MIT */

/*
 * What tests/peer is, in C, through the header of examples/06-from-c:
 *
 *   cpeer own NAME LAYOUT LENGTH BACKEND FRAMES
 *   cpeer attach NAME
 *
 * Then, a line each: `publish KEY`, `read`, `check MS` (reads for so long and counts), `wait SEEN MS`, `layout`, `spin`, `begin` (opens the
 * next frame, and no more), `close`.
 */

#define SS_IMPLEMENTATION
#include "../../../examples/06-from-c/sharedsegment.h"

static uint64_t word_of(uint64_t key, size_t index)
{
    return index == 0 ? key : (key + index) * UINT64_C(0x9e3779b97f4a7c15);
}

static void fill(uint64_t *words, size_t count, uint64_t key)
{
    for (size_t i = 0; i < count; ++i)
        words[i] = word_of(key, i);
}

static int is_whole(const uint64_t *words, size_t count)
{
    for (size_t i = 1; i < count; ++i) {
        if (words[i] != (words[0] == 0 ? 0 : word_of(words[0], i)))
            return 0;
    }
    return 1;
}

static void say_read(const ss_segment *segment, uint64_t *words, size_t count)
{
    int64_t stamp = 0;
    const int64_t revision = ss_read(segment, words, ss_size(segment), &stamp);
    if (revision == SS_BUSY)
        printf("busy\n");
    else if (revision < 0)
        printf("error %s\n", ss_error());
    else
        printf("%s %lld\n", is_whole(words, count) ? "whole" : "torn", (long long)revision);
}

static void check(const ss_segment *segment, uint64_t *words, size_t count, int milliseconds)
{
    const int64_t end = ss_now() + (int64_t)milliseconds * 1000000;
    long reads = 0, torn = 0, busy = 0;
    for (int64_t last = 0; ss_now() < end;) {
        const int64_t revision = ss_read(segment, words, ss_size(segment), NULL);
        if (revision < 0) {
            ++busy;
            continue;
        }
        ++reads;
        torn += !is_whole(words, count) || revision < last;
        last = revision;
    }
    printf("reads %ld torn %ld busy %ld\n", reads, torn, busy);
}

int main(int argc, char **argv)
{
    alarm(300); /* A test that fails must not leave its peers behind. */
    ss_segment *segment = NULL;
    if (argc == 7 && strcmp(argv[1], "own") == 0)
        segment = ss_create(argv[2], argv[3], strtoull(argv[4], NULL, 10), (unsigned)strtoul(argv[6], NULL, 10),
                            strcmp(argv[5], "posix") == 0 ? SS_POSIX : SS_MEMFD);
    else if (argc == 3 && strcmp(argv[1], "attach") == 0)
        segment = ss_open(argv[2]);
    else
        return 2;
    if (!segment) {
        printf("error %d %s\n", ss_error_code(), ss_error());
        return 1;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("ready\n");
    const size_t count = ss_size(segment) / 8;
    uint64_t *words = malloc(ss_size(segment));
    char line[256];
    while (words && fgets(line, sizeof line, stdin)) {
        unsigned long long number = 0;
        int milliseconds = 0;
        if (sscanf(line, "publish %llu", &number) == 1) {
            fill(words, count, number);
            const int64_t revision = ss_publish(segment, words, ss_size(segment));
            if (revision < 0)
                printf("error %s\n", ss_error());
            else
                printf("published %lld\n", (long long)revision);
        } else if (strcmp(line, "read\n") == 0) {
            say_read(segment, words, count);
        } else if (sscanf(line, "check %d", &milliseconds) == 1) {
            check(segment, words, count, milliseconds);
        } else if (sscanf(line, "wait %llu %d", &number, &milliseconds) == 2) {
            static const char *const answers[] = {"timeout", "news", "orphaned"};
            const int answer = ss_wait(segment, number, milliseconds);
            printf("%s %llu\n", answer < 0 ? ss_error() : answers[answer], (unsigned long long)ss_revision(segment));
        } else if (strcmp(line, "layout\n") == 0) {
            printf("%s %llu\n", ss_layout(segment), (unsigned long long)ss_length(segment));
        } else if (strcmp(line, "begin\n") == 0) {
            const uint64_t next = ss_revision(segment) + 1;
            atomic_store(ss_word(segment->memory, offsetof(ss_header, table) + (size_t)(next % segment->header.frames) * 16), 2 * next - 1);
            printf("begun\n");
        } else if (strcmp(line, "spin\n") == 0) {
            for (uint64_t key = 1;; ++key) {
                fill(words, count, key);
                ss_publish(segment, words, ss_size(segment));
            }
        } else if (strcmp(line, "close\n") == 0) {
            ss_close(segment);
            printf("closed\n");
            return 0;
        }
    }
    ss_close(segment);
    free(words);
    return 0;
}
