/* SPDX-FileCopyrightText: 2026 The SharedSegment authors */
/* SPDX-License-Identifier: MIT */

/* By the rules of macOS: a child that another thread forks meanwhile inherits no descriptor of the folder's lock. It would keep the lock
 * if its parent died before it unlocks, and no process could create, sweep or listen as long as the child lives. */

#define SS_IMPLEMENTATION
#define SS_FLOCK 1
#include "../../../src/bindings/c/sharedsegment.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { Forks = 300, Descriptors = 64 };

static atomic_int is_ended;
static atomic_int creations;

static void *create_all_the_time(void *unused)
{
    (void)unused;
    const ss_options options = {.capacity = 1, .backend = SS_POSIX};
    while (!atomic_load(&is_ended)) {
        ss_segment *segment = ss_create("locked", "u64", &options);
        if (!segment) {
            fprintf(stderr, "%s\n", ss_error());
            abort();
        }
        ss_close(segment);
        atomic_fetch_add(&creations, 1);
    }
    return NULL;
}

/* Another process, which has the lock most of the time: a process that waits for it has its file open for long. */
static pid_t contend(const char *path)
{
    const pid_t child = fork();
    if (child != 0)
        return child;
    const struct timespec held = {0, 3000000}, left = {0, 500000};
    const int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    alarm(60);
    while (file != -1) {
        flock(file, LOCK_EX);
        nanosleep(&held, NULL);
        flock(file, LOCK_UN);
        nanosleep(&left, NULL);
    }
    _exit(1);
}

/* Whether this process has the file of the folder's lock open. Calls only what a child of a program with threads may call. */
static int has_lock(void)
{
    static const char name[] = "/.lock";
    for (int i = 0; i < Descriptors; ++i) {
        char link[32], path[4096];
        snprintf(link, sizeof link, "/proc/self/fd/%d", i);
        const ssize_t length = readlink(link, path, sizeof path);
        if (length >= (ssize_t)sizeof name - 1 && memcmp(path + length - (sizeof name - 1), name, sizeof name - 1) == 0)
            return 1;
    }
    return 0;
}

int main(void)
{
    char folder[] = "/tmp/lockinchildren-XXXXXX";
    pthread_t thread;
    if (!mkdtemp(folder) || setenv("SHAREDSEGMENT_DIR", folder, 1) != 0)
        return 1;
    char lock[sizeof folder + sizeof "/.lock"];
    snprintf(lock, sizeof lock, "%s/.lock", folder);
    const pid_t contender = contend(lock);
    if (contender == -1 || pthread_create(&thread, NULL, create_all_the_time, NULL) != 0)
        return 1;
    int inherited = 0;
    for (int i = 0; i < Forks; ++i) {
        const pid_t child = fork();
        if (child == 0)
            _exit(has_lock());
        int status = -1;
        if (child == -1 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
            return 1;
        inherited += WEXITSTATUS(status);
    }
    atomic_store(&is_ended, 1);
    pthread_join(thread, NULL);
    kill(contender, SIGKILL);
    waitpid(contender, NULL, 0);
    unlink(lock);
    rmdir(folder);
    printf("%d of %d children had the lock, %d creations\n", inherited, Forks, atomic_load(&creations));
    return inherited == 0 && atomic_load(&creations) > 0 ? 0 : 1;
}
