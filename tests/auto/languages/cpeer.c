/* SPDX-FileCopyrightText: 2026 The SharedSegment authors */
/* SPDX-License-Identifier: MIT */

/*
 * Does what tests/peer does, in C, through the header of src/bindings/c:
 *
 *   cpeer own NAME LAYOUT CAPACITY BACKEND BUFFERS [KIND [METADATA]]     (KIND: fixed, variable, stream)
 *   cpeer attach NAME
 *   cpeer await NAME MS      (waits for it)
 *
 * Then, a line each: `publish KEY [COUNT]` (of a variable count: that many words), `read` (of a variable count: with the count), `check MS`
 * (reads for that time and counts), `wait SEEN MS`, `layout`, `metadata`, `spin` (of a variable count: as count_of() says), `begin` (opens the
 * next buffer, and no more), `why` (the last error), `owned`, `limit` (no descriptor is left from here on), `exec` (becomes
 * a program that says "other" and sleeps), `close`. `fork DO` and
 * `clone DO`: a child, made with or without fork handlers, does this and answers, then the parent answers "child" and its exit code. DO is
 * `publish`, `append`, `read`, `wait`, `owned`, `exit` (as a program that cleans up), `crash`, or `stay`, where the child lives on and the
 * answer is its process id.
 *
 * With a stream: `append COUNT`, `take MOST` (reads on), `check MS` (the same for that time), `seek WHERE` (oldest, newest or a number),
 * `spin` (appends for ever), `reserve COUNT` (begins to append that many, and no more), `time` (of the newest).
 *
 *   cpeer deny ERROR CALL... -- COMMAND...
 *
 * Runs a command for which these system calls fail, as in a sandbox or on an old kernel.
 */

#define SS_IMPLEMENTATION
#include "../../../src/bindings/c/sharedsegment.h"

#include "cpattern.h"
#include "cstreamside.h"

#include <sys/resource.h>
#include <sys/wait.h>
#ifdef __linux__
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#endif

/* The words of a revision of variable count that `spin` publishes. */
static size_t count_of(uint64_t key, size_t capacity)
{
    return (size_t)(key % (capacity + 1));
}

static int is_variable(const ss_segment *segment)
{
    return ss_kind(segment) == SS_VARIABLE_ARRAY;
}

/* Opens the segment, whatever its kind is. */
static ss_segment *open_any(const char *name)
{
    ss_segment *const segment = ss_open(name);
    return segment || ss_error_code() != SS_LAYOUT_MISMATCH ? segment : ss_open_stream(name);
}

static void say_read(const ss_segment *segment, uint64_t *words)
{
    ss_revision_info revision;
    const int64_t count = ss_read(segment, words, ss_size(segment), &revision);
    if (count == SS_BUSY) {
        printf("busy\n");
    } else if (count < 0) {
        printf("error %s\n", ss_error());
    } else {
        printf("%s %llu", is_whole(words, words_in(segment, count)) ? "whole" : "torn",
               (unsigned long long)revision.number);
        if (is_variable(segment))
            printf(" %lld", (long long)count);
        printf("\n");
    }
}

/* Opens the segment again and again. */
static void reopen(const ss_segment *segment, int milliseconds)
{
    const int64_t end = ss_now() + (int64_t)milliseconds * 1000000;
    long missing = 0;
    while (ss_now() < end) {
        ss_segment *const other = open_any(segment->record.name);
        missing += !other && ss_error_code() == SS_NOT_FOUND;
        ss_close(other);
    }
    printf("missing %ld\n", missing);
}

static void check(const ss_segment *segment, uint64_t *words, int milliseconds)
{
    const int64_t end = ss_now() + (int64_t)milliseconds * 1000000;
    long reads = 0, torn = 0, busy = 0;
    for (uint64_t last = 0; ss_now() < end;) {
        ss_revision_info revision;
        const int64_t count = ss_read(segment, words, ss_size(segment), &revision);
        if (count < 0) {
            ++busy;
            continue;
        }
        ++reads;
        torn += !is_whole(words, words_in(segment, count)) || revision.number < last;
        /* A count belongs to its revision, too. */
        torn += is_variable(segment) && count > 0 && (size_t)count != count_of(words[0], (size_t)ss_capacity(segment));
        last = revision.number;
    }
    printf("reads %ld torn %ld busy %ld\n", reads, torn, busy);
}

#ifdef __linux__

static int deny(char **argv)
{
    static const struct
    {
        const char *name;
        unsigned number;
    } calls[] = {
        {"memfd_create", SYS_memfd_create}, {"pidfd_open", SYS_pidfd_open}, {"renameat2", SYS_renameat2},
        {"fallocate", SYS_fallocate},       {"link", SYS_linkat},           {"inotify_init1", SYS_inotify_init1}};
    const unsigned error = strcmp(argv[0], "EPERM") == 0 ? EPERM : ENOSYS;
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    for (++argv; *argv && strcmp(*argv, "--") != 0; ++argv) {
        for (size_t i = 0; i < sizeof calls / sizeof *calls; ++i) {
            const unsigned others[] = {calls[i].number,
#ifdef SYS_link
                                       strcmp(*argv, "link") == 0 ? SYS_link : calls[i].number
#endif
            };
            for (size_t j = 0; strcmp(*argv, calls[i].name) == 0 && j < sizeof others / sizeof *others; ++j) {
                struct sock_filter filter[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
                                               BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, others[j], 0, 1),
                                               BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
                                               BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
                struct sock_fprog program = {4, filter};
                if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == -1)
                    return 77;
            }
        }
    }
    if (*argv)
        execvp(argv[1], argv + 1);
    return 2;
}

#else

static int deny(char **argv)
{
    (void)argv;
    return 77;
}

#endif

static pid_t make_child(const char *how)
{
#ifdef __linux__
    if (strcmp(how, "clone") == 0)
        return (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
#endif
    (void)how;
    return fork();
}

static void publish(ss_segment *segment, uint64_t *words, size_t count, uint64_t key)
{
    if (words_in(segment, (int64_t)ss_capacity(segment)) >= count)
        fill(words, count, key);
    const int64_t revision = ss_publish(segment, words, is_variable(segment) ? count * 8 : ss_size(segment));
    if (revision < 0)
        printf("error %d %s\n", (int)revision, ss_error());
    else
        printf("published %lld\n", (long long)revision);
}

static void be_child(ss_segment *segment, uint64_t *words, size_t count, const char *what)
{
    if (strcmp(what, "publish") == 0) {
        publish(segment, words, count, 99);
    } else if (strcmp(what, "append") == 0) {
        say_appended(segment, 1);
    } else if (strcmp(what, "read") == 0) {
        say_read(segment, words);
    } else if (strcmp(what, "owned") == 0) {
        printf("%d\n", ss_is_owned(segment));
    } else if (strcmp(what, "wait") == 0) {
        const int answer = ss_wait(segment, ss_revision(segment), 0);
        printf("error %d %s\n", answer, answer < 0 ? ss_error() : "");
    } else if (strcmp(what, "exit") == 0) {
        ss_close(segment);
        exit(0);
    } else if (strcmp(what, "stay") == 0) {
        printf("%d\n", (int)getpid());
        fflush(stdout);
        for (;;)
            pause();
    }
    fflush(stdout);
    _exit(strcmp(what, "crash") == 0);
}

static void have_child(ss_segment *segment, uint64_t *words, size_t count, const char *how, const char *what)
{
    fflush(stdout);
    const pid_t child = make_child(how);
    if (child == 0)
        be_child(segment, words, count, what);
    int status = 0;
    if (strcmp(what, "stay") != 0 && waitpid(child, &status, 0) == child)
        printf("child %d\n", status);
}

/* No descriptor is left from here on. */
static void limit_descriptors(void)
{
    const int next = dup(0);
    const struct rlimit limit = {(rlim_t)next, (rlim_t)next};
    close(next);
    printf("%s\n", next != -1 && setrlimit(RLIMIT_NOFILE, &limit) == 0 ? "limited" : "error");
}

int main(int argc, char **argv)
{
    if (argc > 3 && strcmp(argv[1], "deny") == 0)
        return deny(argv + 2);
    alarm(300); /* A test that fails must not leave its peers behind. */
    ss_segment *segment = NULL;
    if (argc >= 7 && strcmp(argv[1], "own") == 0) {
        const ss_options options = {
            .capacity = strtoull(argv[4], NULL, 10),
            .kind = argc > 7 && strcmp(argv[7], "variable") == 0 ? SS_VARIABLE_ARRAY
                  : argc > 7 && strcmp(argv[7], "stream") == 0   ? SS_STREAM
                                                                 : SS_FIXED_ARRAY,
            .buffer_count = (unsigned)strtoul(argv[6], NULL, 10),
            .backend = strcmp(argv[5], "posix") == 0 ? SS_POSIX
                     : strcmp(argv[5], "memfd") == 0 ? SS_MEMFD
                                                     : SS_AUTOMATIC,
            .metadata = argc > 8 ? argv[8] : NULL,
        };
        segment = ss_create(argv[2], argv[3], &options);
    } else if (argc == 3 && strcmp(argv[1], "attach") == 0) {
        segment = open_any(argv[2]);
    } else if (argc == 4 && strcmp(argv[1], "await") == 0) {
        segment = ss_open_wait(argv[2], atoi(argv[3]));
        if (!segment && ss_error_code() == SS_LAYOUT_MISMATCH)
            segment = ss_open_stream_wait(argv[2], atoi(argv[3]));
    } else {
        return 2;
    }
    if (!segment) {
        printf("error %d %s\n", ss_error_code(), ss_error());
        return 1;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("ready\n");
    const size_t count = ss_size(segment) / 8;
    uint64_t *words = malloc(ss_size(segment));
    char line[256], how[16], what[16];
    while (words && fgets(line, sizeof line, stdin)) {
        unsigned long long number = 0, size = count;
        int milliseconds = 0;
        if (is_stream(segment) && serve_stream(segment, words, line))
            continue;
        if (sscanf(line, "publish %llu %llu", &number, &size) >= 1) {
            publish(segment, words, (size_t)size, number);
        } else if (sscanf(line, "%15s %15s", how, what) == 2
                   && (strcmp(how, "fork") == 0 || strcmp(how, "clone") == 0)) {
            have_child(segment, words, count, how, what);
        } else if (strcmp(line, "why\n") == 0) {
            printf("%s\n", ss_error());
        } else if (strcmp(line, "owned\n") == 0) {
            printf("%d\n", ss_is_owned(segment));
        } else if (strcmp(line, "exec\n") == 0) {
            execl("/bin/sh", "sh", "-c", "echo other; exec sleep 300", (char *)NULL);
        } else if (strcmp(line, "limit\n") == 0) {
            limit_descriptors();
        } else if (strcmp(line, "read\n") == 0) {
            say_read(segment, words);
        } else if (sscanf(line, "reopen %d", &milliseconds) == 1) {
            reopen(segment, milliseconds);
        } else if (sscanf(line, "check %d", &milliseconds) == 1) {
            check(segment, words, milliseconds);
        } else if (sscanf(line, "wait %llu %d", &number, &milliseconds) == 2) {
            static const char *const answers[] = {"timeout", "updated", "orphaned", "replaced"};
            const int answer = ss_wait(segment, number, milliseconds);
            printf("%s %llu\n", answer < 0 ? ss_error() : answers[answer], (unsigned long long)ss_revision(segment));
        } else if (strcmp(line, "layout\n") == 0) {
            printf("%s %llu\n", ss_layout(segment), (unsigned long long)ss_capacity(segment));
        } else if (strcmp(line, "metadata\n") == 0) {
            printf("%s\n", ss_metadata(segment));
        } else if (strcmp(line, "begin\n") == 0) {
            const uint64_t next = ss_revision(segment) + 1;
            atomic_store(ss_word(ss_entry_of(segment, next), 0), 2 * next - 1);
            printf("begun\n");
        } else if (strcmp(line, "spin\n") == 0) {
            for (uint64_t key = 1;; ++key) {
                const size_t words_published = is_variable(segment) ? count_of(key, count) : count;
                fill(words, words_published, key);
                if (ss_publish(segment, words, is_variable(segment) ? words_published * 8 : ss_size(segment)) < 0) {
                    fprintf(stderr, "%s\n", ss_error());
                    return 1;
                }
            }
        } else if (strcmp(line, "close\n") == 0) {
            ss_close(segment);
            free(words);
            printf("closed\n");
            return 0;
        }
    }
    ss_close(segment);
    free(words);
    return 0;
}
