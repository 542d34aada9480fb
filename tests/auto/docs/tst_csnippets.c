/* SPDX-FileCopyrightText: 2026 The SharedSegment authors */
/* SPDX-License-Identifier: MIT */

/* The code in src/bindings/c/README.md: readers, and the owners in a process of its own, which reads what the readers print. */

#define SS_IMPLEMENTATION
#include "sharedsegment.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Tells the readers that the segment is there, and waits until they have printed this. */
static int is_printed(const char *expected, int ready, int printed)
{
    char text[64] = "";
    size_t length = 0;
    if (write(ready, "y", 1) == 1)
        while (length < strlen(expected) && read(printed, text + length, 1) == 1)
            ++length;
    return strcmp(text, expected) == 0;
}

static int own_stream(int ready, int printed)
{
    const double values[3] = {4.5, 5.5, 6.5};
    const ss_options options = {.capacity = 100000, .kind = SS_STREAM};
    ss_segment *samples = ss_create("samples", "f64", &options);
    if (!samples) {
        fprintf(stderr, "%s\n", ss_error());
        return 1;
    }
    ss_append(samples, values, 3 * sizeof *values);
    const int is_right = is_printed("4.5\n5.5\n6.5\n", ready, printed);
    ss_close(samples);
    return is_right && is_printed("0 lost\n", ready, printed) ? 0 : 1;
}

static int own(int ready, int printed)
{
    const double values[3] = {1.5, 2.5, 3.5};
    const ss_options options = {.capacity = 1000,
                                .kind = SS_VARIABLE_ARRAY,
                                .metadata = "{\"description\":\"readings\"}"};
    ss_segment *readings = ss_create("readings", "f64", &options);
    if (!readings) {
        fprintf(stderr, "%s\n", ss_error());
        return 1;
    }
    ss_publish(readings, values, 3 * sizeof *values);
    const int is_right = is_printed("1.5\n2.5\n3.5\n", ready, printed);
    ss_close(readings);
    return is_right ? 0 : 1;
}

static int show(void)
{
    double values[1000];
    ss_revision_info revision = {0};
    ss_segment *readings = ss_open("readings");
    if (!readings || strcmp(ss_layout(readings), "f64") != 0 || ss_size(readings) > sizeof values)
        return -1;
    while (ss_wait(readings, revision.number, -1) == SS_UPDATED) {
        const int64_t count = ss_read(readings, values, sizeof values, &revision);
        for (int64_t i = 0; i < count; ++i)
            printf("%g\n", values[i]);
    }
    ss_close(readings);
    return 0;
}

static int show_stream(void)
{
    double values[1000];
    ss_segment *samples = ss_open_stream("samples");
    if (!samples || strcmp(ss_layout(samples), "f64") != 0)
        return -1;
    ss_seek(samples, SS_OLDEST);
    while (ss_wait(samples, ss_position(samples), -1) == SS_UPDATED) {
        const int64_t count = ss_read_new(samples, values, sizeof values, NULL);
        for (int64_t i = 0; i < count; ++i)
            printf("%g\n", values[i]);
    }
    printf("%llu lost\n", (unsigned long long)ss_lost(samples));
    ss_close(samples);
    return 0;
}

int main(void)
{
    char folder[] = "/tmp/readings-XXXXXX";
    int ready[2];
    int printed[2];
    char byte = 0;
    alarm(60);
    if (!mkdtemp(folder) || setenv("SHAREDSEGMENT_DIR", folder, 1) != 0 || pipe(ready) != 0 || pipe(printed) != 0)
        return 1;
    const pid_t owner = fork();
    if (owner == 0) {
        alarm(60);
        close(printed[1]);
        _exit(own(ready[1], printed[0]) != 0 || own_stream(ready[1], printed[0]) != 0);
    }
    close(ready[1]);
    dup2(printed[1], STDOUT_FILENO);
    close(printed[1]);
    setvbuf(stdout, NULL, _IOLBF, 0);
    int shown = read(ready[0], &byte, 1) == 1 ? show() : -1;
    if (shown == 0)
        shown = read(ready[0], &byte, 1) == 1 ? show_stream() : -1;
    close(STDOUT_FILENO);
    int status = -1;
    waitpid(owner, &status, 0);
    char lock[sizeof folder + sizeof "/.lock"];
    snprintf(lock, sizeof lock, "%s/.lock", folder);
    unlink(lock);
    if (rmdir(folder) != 0)
        fprintf(stderr, "%s is not empty\n", folder);
    return shown == 0 && status == 0 ? 0 : 1;
}
