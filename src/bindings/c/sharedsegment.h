/* SPDX-FileCopyrightText: 2026 The SharedSegment authors */
/* SPDX-License-Identifier: MIT */

/*
 * Reads, watches, owns and publishes segments of SharedSegment from C11 on Linux, macOS and FreeBSD, without a library. Written from
 * src/doc/format.md alone, version 2: arrays of fixed and of variable count, and streams. It was compiled, but not run, on macOS and FreeBSD.
 *
 * Define SS_IMPLEMENTATION in one C file of the program, before it includes this header and before any system header. All other files, in
 * C and in C++, include the header as it is. Link with -pthread. For tests of the library alone: with SS_FLOCK=1 on Linux, the header works
 * with a library that was built with SHAREDSEGMENT_PORTABLE.
 *
 * While the program owns a segment or waits for one, the header installs a handler for SIGBUS: another process can cut a record short,
 * and without a handler an access to the missing part ends the process. The handler handles faults in records alone and forwards all others
 * to the previous handler. Define SS_SIGBUS_HANDLER as 0 beside SS_IMPLEMENTATION to omit the handler: then each access first checks the
 * file's size, and a cut between check and access ends the process.
 *
 * One thread at a time uses a segment. On failure, functions return NULL or a negative code, and ss_error() has the reason; functions with
 * an unsigned result and ss_is_owned() return 0 for a segment that is NULL. The owner is the single writer: segments with multiple
 * writers can be read, but not written. Segments with a group of readers or with memory in a file are refused, as is another version of the
 * format: SS_UNSUPPORTED_VERSION.
 *
 * A forked child owns nothing. It may continue to read inherited segments and releases them with ss_close(), which does not affect the
 * parent's segment; ss_publish(), ss_append() and ss_wait() fail with SS_PERMISSION_DENIED. So call daemon() before ss_create(). A fork handler closes
 * the child's copies of the descriptors that keep a name. A child of _Fork() or clone(), which run no fork handlers, closes them at its
 * first failing call or in ss_close(). A child of vfork() is not a child in this sense.
 */
#ifndef SHAREDSEGMENT_H
#define SHAREDSEGMENT_H

#ifdef SS_IMPLEMENTATION
#ifdef __cplusplus
#error "define SS_IMPLEMENTATION in a file that is compiled as C, and include this header from C++ without it"
#endif
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#endif

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    SS_NOT_FOUND = -1,           /* the name has no owner, or its owner is gone */
    SS_TAKEN = -2,               /* a living owner has the name */
    SS_BUSY = -3,                /* the writer interfered with each attempt: try again at the next update */
    SS_CORRUPT = -4,             /* damaged */
    SS_INVALID = -5,             /* an argument is invalid */
    SS_SYSTEM = -6,              /* a system call failed */
    SS_PERMISSION_DENIED = -7,   /* not the owner; a forked child is not the owner */
    SS_OUT_OF_MEMORY = -8,       /* too little memory, address space or file size */
    SS_UNSUPPORTED_VERSION = -9, /* another version of the format, or a kind, backend or feature that this file lacks */
    SS_LAYOUT_MISMATCH = -10     /* an array was opened as a stream, or a stream as an array */
};

enum { SS_AUTOMATIC = 0, SS_MEMFD = 1, SS_POSIX = 2 };             /* automatic: memfd if available, that is on Linux */
enum { SS_FIXED_ARRAY = 0, SS_VARIABLE_ARRAY = 1, SS_STREAM = 2 }; /* kinds of content */
enum { SS_HERE = 0, SS_REACHABLE = 1, SS_NOT_REACHABLE = 2 };      /* sources */
enum { SS_UPDATED = 1, SS_TIMEOUT = 0, SS_ORPHANED = 2, SS_REPLACED = 3 };

typedef struct ss_segment ss_segment;

/* The reason and the code of this thread's last failure. Valid until the next failure. */
const char *ss_error(void);
int ss_error_code(void);

/* Opens a living owner's array for reading. */
ss_segment *ss_open(const char *name);

/* Opens a living owner's stream. Reading begins at the newest: the first element is the next one that is appended. */
ss_segment *ss_open_stream(const char *name);

/* The same, and wait until there is a living owner, at most `milliseconds` (negative: without limit). While they wait for a name that
 * begins with "@", and as long as such a segment is open, the process wishes the mirror: see section 19 of the format. */
ss_segment *ss_open_wait(const char *name, int milliseconds);
ss_segment *ss_open_stream_wait(const char *name, int milliseconds);

/* What a new segment contains. Zero means the default; the capacity has none. Each revision of SS_FIXED_ARRAY, the default kind, has `capacity`
 * elements, and of SS_VARIABLE_ARRAY as many as are published. SS_STREAM keeps the newest `capacity` elements, in one buffer. With one buffer, a reader may find it busy; with two or more, the last
 * revision outlives a killed writer. The default is 4, and 2 if four would take more than 64 MiB. The metadata is the text of a JSON object
 * of at most 1 MiB, by default none; what it says is not checked. */
typedef struct
{
    uint64_t capacity;
    int kind;
    unsigned buffer_count; /* 1 to 16 */
    int backend;           /* SS_AUTOMATIC, SS_MEMFD or SS_POSIX */
    const char *metadata;
} ss_options;

/* Takes the name, which does not begin with "@", and creates a segment: zero-filled, of variable count without elements. `layout` is
 * canonical: "f64", "Point{x:f64@0;y:f64@8}/16". */
ss_segment *ss_create(const char *name, const char *layout, const ss_options *options);

/* Closes the segment. An owner's name is free at once. NULL is allowed. In a forked child, the parent keeps the segment. */
void ss_close(ss_segment *segment);

const char *ss_layout(const ss_segment *segment);
const char *ss_metadata(const ss_segment *segment); /* empty: none. Text that is not a JSON object counts as none. */
int ss_kind(const ss_segment *segment);             /* SS_FIXED_ARRAY, SS_VARIABLE_ARRAY or SS_STREAM */
uint64_t ss_capacity(const ss_segment *segment);    /* the most elements of a revision, or those that a stream keeps */
size_t ss_element_size(const ss_segment *segment);  /* in bytes */
size_t ss_size(const ss_segment *segment);          /* size of `capacity` elements, in bytes */
uint64_t ss_revision(
    const ss_segment *segment); /* number of the newest revision, or of elements appended; 0 is the start */

typedef struct
{
    uint64_t number;
    int64_t timestamp;        /* time of publication in ns since 1970; 0 for the start */
    int64_t source_timestamp; /* time of publication on the host that a mirror mirrors; else 0 */
    uint64_t count;           /* elements */
} ss_revision_info;

/* Copies the newest revision, whole. `size` is at least ss_size(). Returns the number of elements, and if `info` is not NULL, more about the
 * revision. Bytes behind these elements stay as they are. Makes three attempts, or up to 64 as long as they copy less than 1 MiB in total.
 * After SS_BUSY or SS_CORRUPT (one buffer, and its writer is gone) the destination holds no value. */
int64_t ss_read(const ss_segment *segment, void *to, size_t size, ss_revision_info *info);

/* Publishes the next revision: `size` is ss_size(), or for SS_VARIABLE_ARRAY the size of any number of elements up to the capacity. Returns its
 * number. For the owner only, not for its forked children. Never waits. */
int64_t ss_publish(ss_segment *segment, const void *bytes, size_t size);

/* Appends the elements in `bytes` to a stream, with one timestamp and one notification. `size` has the bytes of any number of
 * whole elements; more than the capacity go in pieces of at most a quarter of it, each with its own. Returns the new position, the number of elements appended
 * so far. For the owner only, not for its forked children. Never waits, however slow the readers are. */
int64_t ss_append(ss_segment *segment, const void *bytes, size_t size);

/* Copies the next elements of a stream from the own position on: as many as there are and fit. They follow each other without a gap; what
 * was overwritten before it was read lies before the first. Returns their number, which may be 0, and if `info` is not NULL, the position
 * after the last one, and the time of the append that ended there: 0 unless it is one of the newest two. Never waits. Without space for
 * an element, counts what is lost so far. */
int64_t ss_read_new(ss_segment *segment, void *to, size_t size, ss_revision_info *info);

uint64_t ss_position(const ss_segment *segment); /* number of a stream's next element, unless it is overwritten first */
uint64_t ss_available(const ss_segment *segment); /* number of elements that can be read now */
uint64_t ss_lost(
    const ss_segment *segment); /* elements since the opening that were overwritten before they were read */

/* Goes on reading at this number, at most the newest position. Elements from there on that are no longer there are lost, and those before
 * are not. With SS_NEWEST, at the next element that is appended; with SS_OLDEST, at the oldest one that is there at the next ss_read_new().
 * Returns 0 or a negative code. */
#define SS_NEWEST UINT64_MAX
#define SS_OLDEST (UINT64_MAX - 1)
int ss_seek(ss_segment *segment, uint64_t position);

/* Where the values come from: SS_HERE or, of a mirror of another host's segment, whose name begins with "@", whether that host is
 * reachable. It changes without an update. */
int ss_source(const ss_segment *segment);

/* Whether the owner lives and has not closed the segment. */
int ss_is_owned(const ss_segment *segment);

/* Waits for a revision other than `seen`, at most `milliseconds` (negative: without limit). Returns SS_UPDATED, SS_TIMEOUT, SS_ORPHANED,
 * SS_REPLACED (its owner has made it anew, with another capacity: open the name again; the numbers of revisions go on) or a negative code.
 * Of a stream, `seen` is ss_position(). Sleeps without wake-ups until a publication. */
int ss_wait(ss_segment *segment, uint64_t seen, int milliseconds);

#ifdef __cplusplus
}
#endif

#endif /* SHAREDSEGMENT_H */

#ifdef SS_IMPLEMENTATION

/* Whether a SIGBUS handler guards the mapped records. */
#ifndef SS_SIGBUS_HANDLER
#define SS_SIGBUS_HANDLER 1
#endif

/* The lock that shows that an owner lives: 1 a lock of the whole file (flock), 0 an open-file-description lock of a byte. */
#ifndef SS_FLOCK
#ifdef __linux__
#define SS_FLOCK 0
#else
#define SS_FLOCK 1
#endif
#endif

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/magic.h>
#include <sys/inotify.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#ifndef __USE_GNU
#ifdef __GLIBC__
#error "include this header before any system header, or define _GNU_SOURCE for the whole file"
#endif
#endif
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif
#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif
#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK 18
#endif
#else
#include <sys/event.h>
#include <sys/types.h>
#endif

/* Numbers of the format. */
#define SS_FORMAT_VERSION 2u
#define SS_RECORD_MAGIC "SSRECORD"
#define SS_MEMORY_MAGIC "SSEGMENT"
#define SS_RECORD_BYTES 8192
#define SS_HEADER_BYTES 1024 /* of the memory; the layout text follows */
#define SS_MOST_NAME_BYTES 255u
#define SS_MOST_LAYOUT_BYTES (1u << 20)
#define SS_MOST_METADATA_BYTES (1u << 20)
#define SS_METADATA_ALIGNMENT 8u
#define SS_PAYLOAD_ALIGNMENT 4096u
#define SS_MOST_BUFFERS 16u
#define SS_STRIDE_ALIGNMENT 64u
#define SS_MULTIPLE_WRITERS 1u /* the required feature that this file knows */
#define SS_LISTENERS 112
#define SS_SLOTS 1024 /* offsets in the record */
#define SS_SLOT_BYTES 64
#define SS_SLOT_GENERATION 8 /* offsets in a slot */
#define SS_SLOT_PID 16
#define SS_STATE 512
#define SS_ARMED_COUNT 516
#define SS_SOURCE 524
#define SS_MARK 8188 /* lost when the record is cut short */

#define SS_PATH_BYTES 4096
#define SS_OPEN_TRIES 5
#define SS_CREATE_TRIES 16
#define SS_READ_TRIES 3
#define SS_SHORT_READ_TRIES 64 /* while all attempts copy less than SS_TRIED_BYTES in total */
#define SS_TRIED_BYTES ((size_t)1 << 20)
#define SS_OVERWRITTEN_TRIES 64           /* while the writer overwrites each time all that was copied */
#define SS_STREAM_BYTES ((size_t)1 << 17) /* copied before it is checked whether they were overwritten meanwhile */
#define SS_WISH_TRIES 4
#define SS_LOCK_TRIES 2000 /* ms */
#define SS_POLLING 50      /* ms, polling interval of a listener without a doorbell */
#define SS_FAULT_TRIES 100
#define SS_CHECKING 1000 /* ms, polling interval of a listener without a watch on its doorbell file */
#define SS_FOUR_BUFFERS (UINT64_C(64) << 20) /* bytes of four buffers, for the default number */
#define SS_LARGEST_PAGE 65536u
#define SS_MOST 0x7fffffffu

enum { SS_FREE, SS_LISTENING, SS_ARMED, SS_CLAIMING }; /* states of a slot */
enum { SS_STATE_LIVE, SS_STATE_CLOSED, SS_STATE_REPLACED };
enum { SS_LOOK_UP_AGAIN = -100 }; /* internal: the record was just replaced */

/* The first 512 bytes of a record and the first 1024 of a memory, as in the format. */
typedef struct
{
    char magic[8];
    uint32_t version, backend;
    uint8_t instance[16];
    uint64_t pid;
    int64_t descriptor;
    uint64_t size;
    uint32_t required_features, name_bytes;
    char name[256], object[64];
    uint32_t optional_features, kind;
    char unused[120];
} ss_record;

typedef struct
{
    uint64_t sequence;
    int64_t timestamp;
    uint64_t count;
    int64_t source_timestamp;
} ss_entry;

typedef struct
{
    char magic[8];
    uint32_t version, payload_offset;
    uint64_t size, capacity;
    uint32_t element_size, element_alignment, layout_offset, layout_bytes;
    uint64_t fingerprint;
    uint32_t buffer_count, required_features;
    uint64_t stride, pid;
    uint8_t instance[16];
    int64_t created;
    uint32_t kind, metadata_offset, metadata_bytes, optional_features;
    char unused1[8];
    uint64_t revision, reserved;
    char unused2[112];
    ss_entry table[SS_MOST_BUFFERS];
    char unused3[256];
} ss_header;

_Static_assert(sizeof(ss_record) == 512 && sizeof(ss_header) == SS_HEADER_BYTES, "the format's sizes");

typedef struct ss_guard ss_guard;

struct ss_segment
{
    ss_segment *next; /* list of this process */
    uint64_t token;   /* of the process that opened it */
    ss_record record; /* record and header: private, checked copies */
    ss_header header;
    char *layout, *metadata;
    char folder[SS_PATH_BYTES / 2], path[SS_PATH_BYTES], hex[33];
    uint8_t *memory, *shared_record; /* mapped */
    ss_guard *guard;                 /* guard of the mapped record */
    int file;                        /* the record; the owner's descriptor holds the lock */
    int memory_file;                 /* owner only */
    int reserve;                     /* owner only: a spare descriptor, closed to notify when no other is left */
    int mark;                        /* owner only: the owner's mark, closed at exit and exec */
    int is_owner, is_owner_gone;
    int slot, doorbell, doorbell_watch, owner_watch; /* listener only; -1 for none */
    uint32_t ticket, generation;
    uint64_t position, lost; /* reading a stream */
    int is_at_oldest;        /* nothing has been read since ss_seek(SS_OLDEST) */
    int wish;                /* of a mirror: the locked file that says that it is in use; -1 for none */
    char wish_hex[33];
};

static _Thread_local char ss_message[512];
static _Thread_local int ss_code;

const char *ss_error(void)
{
    return ss_message;
}

int ss_error_code(void)
{
    return ss_code;
}

__attribute__((format(printf, 2, 3))) static int ss_fail(int code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(ss_message, sizeof ss_message, format, arguments);
    va_end(arguments);
    ss_code = code;
    return code;
}

/* Rejects NULL pointers, such as the result of a failed call. */
static int ss_is_given(const void *pointer, const char *what)
{
    return pointer || ss_fail(SS_INVALID, "%s", what) == 0;
}

static int ss_is_segment(const ss_segment *segment)
{
    return ss_is_given(segment, "the segment is NULL; give one that ss_open() or ss_create() returned");
}

static int ss_system(const char *what, const char *which)
{
    const int number = errno;
    const int code = number == ENOENT                                                            ? SS_NOT_FOUND
                   : number == ENOMEM || number == ENOSPC || number == EFBIG || number == EDQUOT ? SS_OUT_OF_MEMORY
                                                                                                 : SS_SYSTEM;
    return ss_fail(code, "%s %s: %s", what, which, strerror(number));
}

/* Like snprintf(). Returns 0 if the text does not fit. */
__attribute__((format(printf, 3, 4))) static int ss_print(char *to, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(to, size, format, arguments);
    va_end(arguments);
    return length >= 0 && (size_t)length < size;
}

/* --- Processes --- */

/* State that a fork does not pass on. A child sees zeros, whichever call made it; if the system does not support such pages, a fork
 * handler clears them. A vfork child shares the page of its parent. */
typedef struct
{
    /* Held as long as a lock of ss_hold(): a child would keep the lock if its parent died before it unlocks. */
    pthread_mutex_t locking;
    pthread_mutex_t mutex; /* Held from opening a descriptor that keeps a name until a segment owns it. */
    ss_segment *first;
    _Atomic uint64_t token; /* 0: not requested yet in this process */
} ss_process;

static const ss_process ss_new_process = {.locking = PTHREAD_MUTEX_INITIALIZER, .mutex = PTHREAD_MUTEX_INITIALIZER};
static ss_process ss_unwiped_process = {.locking = PTHREAD_MUTEX_INITIALIZER, .mutex = PTHREAD_MUTEX_INITIALIZER};
static ss_process *ss_self = &ss_unwiped_process;
static uint64_t ss_last_token; /* Only grows: a child's token differs from those of its ancestors. */
static ss_segment *ss_inherited;

static void ss_shut(int *file)
{
    if (*file >= 0)
        close(*file);
    *file = -1;
}

/* In a child: closes the copies of descriptors that only the parent may keep open. */
static void ss_drop(ss_segment *segment)
{
    if (segment->is_owner) /* A child never accesses the record, so its guard needs no file. */
        ss_shut(&segment->file);
    ss_shut(&segment->memory_file);
    ss_shut(&segment->reserve);
    ss_shut(&segment->mark);
    ss_shut(&segment->doorbell);
    ss_shut(&segment->doorbell_watch);
    ss_shut(&segment->owner_watch);
    ss_shut(&segment->wish);
    segment->slot = -1;
}

static void ss_before_fork(void)
{
    pthread_mutex_lock(&ss_self->locking);
    pthread_mutex_lock(&ss_self->mutex);
    ss_inherited = ss_self->first;
}

static void ss_in_parent(void)
{
    pthread_mutex_unlock(&ss_self->mutex);
    pthread_mutex_unlock(&ss_self->locking);
}

static void ss_in_child(void)
{
    if (ss_self == &ss_unwiped_process)
        memcpy(ss_self, &ss_new_process, sizeof ss_new_process);
    for (ss_segment *segment = ss_inherited; segment; segment = segment->next)
        ss_drop(segment);
    ss_inherited = NULL;
}

static void ss_begin_process(void)
{
    void *const page = mmap(NULL, sizeof(ss_process), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int is_wiped = 0;
#if defined(__linux__)
    is_wiped = page != MAP_FAILED && madvise(page, sizeof(ss_process), MADV_WIPEONFORK) == 0;
#elif defined(INHERIT_ZERO)
    is_wiped = page != MAP_FAILED && minherit(page, sizeof(ss_process), INHERIT_ZERO) == 0;
#endif
    if (is_wiped) {
        memcpy(page, &ss_new_process, sizeof ss_new_process);
        ss_self = page;
    } else if (page != MAP_FAILED) {
        munmap(page, sizeof(ss_process));
    }
    pthread_atfork(ss_before_fork, ss_in_parent, ss_in_child);
}

static pthread_once_t ss_once = PTHREAD_ONCE_INIT;

static void ss_lock_process(void)
{
    pthread_once(&ss_once, ss_begin_process);
    pthread_mutex_lock(&ss_self->mutex);
}

static void ss_unlock_process(void)
{
    pthread_mutex_unlock(&ss_self->mutex);
}

/* Under the lock, so that no fork happens in between and no child closes a reused descriptor number. */
static void ss_forget(int *file)
{
    ss_lock_process();
    ss_shut(file);
    ss_unlock_process();
}

static int ss_is_mine(const ss_segment *segment)
{
    return segment->token == atomic_load_explicit(&ss_self->token, memory_order_relaxed);
}

static int ss_refuse(ss_segment *segment)
{
    ss_drop(segment);
    return segment->is_owner
             ? ss_fail(
                 SS_PERMISSION_DENIED,
                 "this process was forked from the owner of \"%.255s\" and cannot write to it; create it after the "
                 "fork, or open it again to read it",
                 segment->record.name)
             : ss_fail(SS_PERMISSION_DENIED,
                       "this process was forked from the one that opened \"%.255s\" and can only read through that "
                       "opening; open it again",
                       segment->record.name);
}

/* --- Signals --- */

/* SIGPIPE suppression: between block and unblock the program receives neither SIGPIPE nor SIGXFSZ. */
typedef struct
{
    sigset_t kept, before;
} ss_blocked_signals;

static const int ss_signals_to_block[] = {SIGPIPE, SIGXFSZ};

static void ss_block_signals(ss_blocked_signals *blocked)
{
    sigset_t pending;
    sigemptyset(&blocked->kept);
    sigpending(&pending);
    for (int i = 0; i < 2; ++i) {
        if (sigismember(&pending, ss_signals_to_block[i]) != 1)
            sigaddset(&blocked->kept, ss_signals_to_block[i]);
    }
    pthread_sigmask(SIG_BLOCK, &blocked->kept, &blocked->before);
}

/* Preserves errno. */
static void ss_unblock_signals(ss_blocked_signals *blocked)
{
    const int number = errno;
    sigset_t pending;
    sigpending(&pending);
    for (int i = 0; i < 2; ++i) {
        if (sigismember(&blocked->kept, ss_signals_to_block[i]) != 1
            || sigismember(&pending, ss_signals_to_block[i]) != 1)
            continue;
        sigset_t one;
        sigemptyset(&one);
        sigaddset(&one, ss_signals_to_block[i]);
#ifdef __APPLE__
        int taken;
        sigwait(&one, &taken);
#else
        const struct timespec none = {0, 0};
        sigtimedwait(&one, NULL, &none);
#endif
    }
    pthread_sigmask(SIG_SETMASK, &blocked->before, NULL);
    errno = number;
}

/* --- Truncated records --- */

/* Keeps a mapped record usable when another process truncates its file. Guards are reused and never freed, so that the handler
 * can walk the list at any time. */
struct ss_guard
{
    _Atomic uintptr_t begin;  /* start of the mapping; 0: free */
    _Atomic int file;         /* -1 in a child of the owner */
    _Atomic int failed_tries; /* consecutive faults although the file had its full size */
    _Atomic int is_lost;      /* The mapping has private zeros in place of a page of the file. */
    ss_guard *next;
};

#if SS_SIGBUS_HANDLER

static ss_guard *_Atomic ss_first_guard;
static struct sigaction ss_previous_handler;
static int ss_guard_count, ss_has_handler; /* guarded by the lock of the process */

/* From here to ss_on_fault(): async-signal-safe code only. */

static int ss_regrow(ss_guard *guard)
{
    struct rlimit limit;
    struct stat info;
    const int file = atomic_load(&guard->file);
    if (fstat(file, &info) == -1)
        return 0;
    /* Another process has extended the file meanwhile, or the file system is full: then the access faults again. */
    if (info.st_size >= SS_RECORD_BYTES)
        return atomic_fetch_add(&guard->failed_tries, 1) < SS_FAULT_TRIES;
    atomic_store(&guard->failed_tries, 0);
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < SS_RECORD_BYTES)
        return 0; /* growing the file would raise SIGXFSZ */
    return ftruncate(file, SS_RECORD_BYTES) == 0;
}

static int ss_replace(ss_guard *guard, uintptr_t address)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    atomic_store(&guard->is_lost, 1);
    return mmap((void *)(address / page * page), page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
                -1, 0)
        != MAP_FAILED;
}

static void ss_forward(int number, siginfo_t *info, void *context)
{
    const struct sigaction next = ss_previous_handler;
    struct sigaction standard;
    if (!(next.sa_flags & SA_SIGINFO) && next.sa_handler == SIG_IGN && info->si_code <= 0)
        return;
    if ((unsigned)next.sa_flags & (unsigned)SA_RESETHAND) {
        ss_previous_handler.sa_flags = 0;
        ss_previous_handler.sa_handler = SIG_DFL;
    }
    if (next.sa_flags & SA_SIGINFO) {
        next.sa_sigaction(number, info, context);
        return;
    }
    if (next.sa_handler != SIG_DFL && next.sa_handler != SIG_IGN) {
        next.sa_handler(number);
        return;
    }
    /* Default action: the access faults again, or the sent signal is raised again, and ends the process as without this header. */
    memset(&standard, 0, sizeof standard);
    standard.sa_handler = SIG_DFL;
    sigaction(number, &standard, NULL);
    if (info->si_code <= 0)
        raise(number);
}

static void ss_on_fault(int number, siginfo_t *info, void *context)
{
    const int error = errno;
    const uintptr_t address = (uintptr_t)info->si_addr;
    ss_guard *guard = info->si_code > 0 ? atomic_load(&ss_first_guard) : NULL;
    for (; guard; guard = guard->next) {
        const uintptr_t begin = atomic_load(&guard->begin);
        if (begin != 0 && address >= begin && address - begin < SS_RECORD_BYTES)
            break;
    }
    if (!guard || (!ss_regrow(guard) && !ss_replace(guard, address)))
        ss_forward(number, info, context);
    errno = error;
}

/* Returns 0 if memory ran out. */
static int ss_guard_record(ss_segment *segment)
{
    ss_lock_process();
    ss_guard *guard = atomic_load(&ss_first_guard);
    while (guard && atomic_load(&guard->begin) != 0)
        guard = guard->next;
    if (!guard) {
        guard = calloc(1, sizeof *guard);
        if (guard) {
            guard->next = atomic_load(&ss_first_guard);
            atomic_store(&ss_first_guard, guard);
        }
    }
    if (guard) {
        atomic_store(&guard->file, segment->file);
        atomic_store(&guard->failed_tries, 0);
        atomic_store(&guard->is_lost, 0);
        atomic_store(&guard->begin, (uintptr_t)segment->shared_record);
        segment->guard = guard;
        ++ss_guard_count;
        if (!ss_has_handler) {
            struct sigaction own;
            memset(&own, 0, sizeof own);
            sigaction(SIGBUS, NULL, &ss_previous_handler);
            own.sa_sigaction = ss_on_fault;
            /* On the program's alternate signal stack, if any. The previous handler runs with the signal mask that it requested. */
            own.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART | (ss_previous_handler.sa_flags & SA_NODEFER);
            own.sa_mask = ss_previous_handler.sa_mask;
            ss_has_handler = sigaction(SIGBUS, &own, NULL) == 0;
        }
    }
    ss_unlock_process();
    return guard != NULL;
}

/* Removes the handler with the last record, unless the program has replaced the handler. */
static void ss_unguard_record(ss_segment *segment)
{
    struct sigaction now;
    if (!segment->guard)
        return;
    ss_lock_process();
    atomic_store(&segment->guard->begin, 0);
    segment->guard = NULL;
    if (--ss_guard_count == 0 && ss_has_handler && sigaction(SIGBUS, NULL, &now) == 0 && (now.sa_flags & SA_SIGINFO)
        && now.sa_sigaction == ss_on_fault)
        ss_has_handler = sigaction(SIGBUS, &ss_previous_handler, NULL) != 0;
    ss_unlock_process();
}

#else

static int ss_guard_record(ss_segment *segment)
{
    (void)segment;
    return 1;
}

static void ss_unguard_record(ss_segment *segment)
{
    (void)segment;
}

#endif

/* Whether writes to the mapped record no longer reach the file. */
static int ss_is_lost(const ss_segment *segment)
{
    return segment->guard && atomic_load(&segment->guard->is_lost);
}

/* Whether the record's file has at least this many bytes. */
static int ss_reaches(const ss_segment *segment, size_t size)
{
    struct stat info;
    return fstat(segment->file, &info) == 0 && info.st_size >= (off_t)size && !ss_is_lost(segment);
}

/* Whether the record's file has its full size. */
static int ss_is_long(const ss_segment *segment)
{
    return ss_reaches(segment, SS_RECORD_BYTES);
}

/* Whether an access to this word of the mapped record is safe: a handler catches faults, or the file has the word. */
static int ss_may_touch(const ss_segment *segment, size_t offset)
{
    return SS_SIGBUS_HANDLER || ss_reaches(segment, offset + 8);
}

/* --- Shared words --- */

static _Atomic uint64_t *ss_word(const uint8_t *base, size_t offset)
{
    return (_Atomic uint64_t *)(uintptr_t)(base + offset);
}

static _Atomic uint32_t *ss_half(const uint8_t *base, size_t offset)
{
    return (_Atomic uint32_t *)(uintptr_t)(base + offset);
}

static size_t ss_slot_offset(int slot)
{
    return SS_SLOTS + (size_t)slot * SS_SLOT_BYTES;
}

/* Loads from the record; 0 beyond the end of a truncated record. */
static uint64_t ss_load(const ss_segment *segment, size_t offset)
{
    uint64_t word = 0;
    if (SS_SIGBUS_HANDLER)
        return atomic_load(ss_word(segment->shared_record, offset));
    return pread(segment->file, &word, sizeof word, (off_t)offset) == (ssize_t)sizeof word ? word : 0;
}

static uint32_t ss_load_half(const ss_segment *segment, size_t offset)
{
    return (uint32_t)(ss_load(segment, offset / 8 * 8) >> (offset % 8 * 8));
}

static void ss_store_half(const ss_segment *segment, size_t offset, uint32_t value)
{
    if (ss_may_touch(segment, offset))
        atomic_store(ss_half(segment->shared_record, offset), value);
}

/* Like atomic_compare_exchange_strong(). Returns 0 also for a record that was truncated before this word. */
static int ss_swap(const ss_segment *segment, size_t offset, uint64_t *seen, uint64_t word)
{
    return ss_may_touch(segment, offset)
        && atomic_compare_exchange_strong(ss_word(segment->shared_record, offset), seen, word);
}

static void ss_raise_armed(const ss_segment *segment)
{
    if (ss_may_touch(segment, SS_ARMED_COUNT))
        atomic_fetch_add(ss_half(segment->shared_record, SS_ARMED_COUNT), 1);
}

static void ss_lower_armed(const ss_segment *segment)
{
    if (!ss_may_touch(segment, SS_ARMED_COUNT))
        return;
    _Atomic uint32_t *armed = ss_half(segment->shared_record, SS_ARMED_COUNT);
    uint32_t count = atomic_load(armed);
    while (count > 0 && !atomic_compare_exchange_weak(armed, &count, count - 1)) { }
}

/* --- Names and the registry folder --- */

static uint64_t ss_fnv64(const char *bytes, size_t count)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < count; ++i)
        hash = (hash ^ (uint8_t)bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* FNV-1a of 128 bits: the prime is 2^88 + 0x13b. */
static void ss_fnv128(const char *bytes, size_t count, char *hex)
{
    uint64_t high = UINT64_C(0x6c62272e07bb0142), low = UINT64_C(0x62b821756295c58d);
    for (size_t i = 0; i < count; ++i) {
        low ^= (uint8_t)bytes[i];
        const uint64_t middle = (low >> 32) * 0x13b, small = (low & 0xffffffffu) * 0x13b;
        const uint64_t carry = (middle + (small >> 32)) >> 32;
        high = high * 0x13b + carry + (low << 24);
        low *= 0x13b;
    }
    snprintf(hex, 33, "%016llX%016llX", (unsigned long long)high, (unsigned long long)low);
}

static void ss_to_hex(const uint8_t *bytes, char *hex)
{
    for (int i = 0; i < 16; ++i)
        snprintf(hex + 2 * i, 3, "%02X", bytes[i]);
}

static int ss_is_utf8(const char *text, size_t length)
{
    const uint8_t *c = (const uint8_t *)text, *const end = c + length;
    while (c < end) {
        const size_t more = *c < 0x80 ? 0 : *c < 0xe0 ? 1 : *c < 0xf0 ? 2 : 3;
        if ((*c >= 0x80 && *c < 0xc2) || *c > 0xf4 || more >= (size_t)(end - c))
            return 0;
        for (size_t i = 1; i <= more; ++i) {
            if ((c[i] & 0xc0) != 0x80)
                return 0;
        }
        /* Overlong, a surrogate, or beyond U+10FFFF. */
        if ((*c == 0xe0 && c[1] < 0xa0) || (*c == 0xed && c[1] > 0x9f) || (*c == 0xf0 && c[1] < 0x90)
            || (*c == 0xf4 && c[1] > 0x8f))
            return 0;
        c += more + 1;
    }
    return 1;
}

static int ss_file_name(const char *name, char *file, size_t size)
{
    if (!ss_is_given(name, "the name of the segment is NULL; give it one of 1 to 255 bytes"))
        return SS_INVALID;
    const size_t length = strlen(name);
    if (length < 1)
        return ss_fail(SS_INVALID, "the name of the segment is empty; give it one of 1 to 255 bytes");
    if (length > 255)
        return ss_fail(SS_INVALID, "the name of the segment has %zu bytes of UTF-8; give it one of at most 255",
                       length);
    if (!ss_is_utf8(name, length))
        return ss_fail(SS_INVALID, "the name of the segment is not well-formed UTF-8; encode it as such");
    char encoded[3 * 255 + 1], hash[33];
    size_t at = 0;
    for (const char *c = name; *c; ++c) {
        if ((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || strchr("._-", *c))
            encoded[at++] = *c;
        else
            at += (size_t)snprintf(encoded + at, sizeof encoded - at, "%%%02X", (unsigned)(uint8_t)*c);
    }
    encoded[at] = '\0';
    ss_fnv128(name, length, hash);
    if (at > 200)
        ss_print(file, size, "s.%.150s~%s.segment", encoded, hash);
    else
        ss_print(file, size, "s.%s.segment", encoded);
    return 0;
}

static int ss_is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static int ss_check_folder(const char *path, int is_named)
{
    struct stat info;
    if (lstat(path, &info) == -1) {
        if (errno == ENOENT)
            return ss_fail(SS_NOT_FOUND,
                           "there is no registry folder \"%s\"; start the program that creates the segment", path);
        const int number = errno;
        const int code = ss_system("examining", path);
        return ss_fail(code, "the registry folder \"%s\" cannot be examined: %s; set SHAREDSEGMENT_DIR to another one",
                       path, strerror(number));
    }
    const char *const elsewhere = "set SHAREDSEGMENT_DIR to a folder of its own";
    const char *problem = NULL, *remedy = NULL;
    if (S_ISLNK(info.st_mode)) {
        problem = "is a symbolic link";
        remedy = "replace it by a folder";
    } else if (!S_ISDIR(info.st_mode)) {
        problem = "is not a folder";
        remedy = "remove it, or set SHAREDSEGMENT_DIR";
    } else if (info.st_uid != geteuid()) {
        problem = "belongs to another user";
        remedy = "remove it, or set SHAREDSEGMENT_DIR";
    } else if ((info.st_mode & 0777) != 0700) {
        problem = "does not have the mode 0700";
        remedy = "run chmod 700 on it";
    }
    /* A folder from the environment may be any folder, such as "/": never suggest to change it. */
    return problem
             ? ss_fail(SS_INVALID, "the registry folder \"%s\" %s; %s", path, problem, is_named ? elsewhere : remedy)
             : 0;
}

static int ss_folder(char *path, size_t size, int make)
{
    const char *given = getenv("SHAREDSEGMENT_DIR"), *runtime = getenv("XDG_RUNTIME_DIR"),
               *temporary = getenv("TMPDIR");
    const unsigned uid = (unsigned)geteuid();
    char user[64];
    int fits;
    ss_print(user, sizeof user, "/run/user/%u", uid);
    if (given && *given)
        fits = ss_print(path, size, "%s", given);
    else if (runtime && *runtime == '/')
        fits = ss_print(path, size, "%s/sharedsegment", runtime);
    else if (ss_is_folder(user))
        fits = ss_print(path, size, "%s/sharedsegment", user);
    else if (uid == 0 && ss_is_folder("/run"))
        fits = ss_print(path, size, "/run/sharedsegment");
    else if (ss_is_folder("/dev/shm"))
        fits = ss_print(path, size, "/dev/shm/sharedsegment-%u", uid);
    else
        fits = ss_print(path, size, "%s/sharedsegment-%u", temporary && *temporary == '/' ? temporary : "/tmp", uid);
    if (!fits)
        return ss_fail(SS_INVALID,
                       "the registry folder's path is longer than %zu bytes; set SHAREDSEGMENT_DIR to a shorter one",
                       size - 1);
    for (size_t end = strlen(path); end > 1 && path[end - 1] == '/'; --end)
        path[end - 1] = '\0';

    const int is_made = make && mkdir(path, 0700) == 0;
    if (make && !is_made && errno != EEXIST && errno != EISDIR) {
        const int number = errno;
        const int code = ss_system("making", path);
        return ss_fail(code, "the registry folder \"%s\" cannot be made: %s; %s", path, strerror(number),
                       number == ENOENT ? "make the folder above it, or set SHAREDSEGMENT_DIR"
                                        : "set SHAREDSEGMENT_DIR to another one");
    }
    if (is_made && chmod(path, 0700) == -1) /* despite the umask */
        return ss_system("chmod", path);
    return ss_check_folder(path, given && *given);
}

/* --- Layout text --- */

static int ss_number(const char **text, uint64_t *number)
{
    const char *c = *text;
    if (*c < '0' || *c > '9' || (c[0] == '0' && c[1] >= '0' && c[1] <= '9'))
        return 0;
    for (*number = 0; *c >= '0' && *c <= '9'; ++c) {
        *number = *number * 10 + (uint64_t)(*c - '0');
        if (*number > SS_MOST)
            return 0;
    }
    *text = c;
    return 1;
}

static int ss_type(const char **text, uint64_t *size, uint64_t *alignment)
{
    static const struct
    {
        const char *name;
        unsigned bytes;
    } scalars[] = {{"i8", 1},  {"u8", 1},  {"i16", 2}, {"u16", 2}, {"i32", 4},  {"u32", 4},
                   {"i64", 8}, {"u64", 8}, {"f32", 4}, {"f64", 8}, {"bool", 1}, {"char", 1}};
    for (size_t i = 0; i < sizeof scalars / sizeof *scalars; ++i) {
        const size_t length = strlen(scalars[i].name);
        if (strncmp(*text, scalars[i].name, length) != 0)
            continue;
        const char *c = *text + length;
        uint64_t count = 1;
        const int is_array = *c == '[';
        if (is_array) {
            ++c;
            if (!ss_number(&c, &count) || count == 0 || *c++ != ']')
                return 0;
        }
        if (*scalars[i].name == 'c' && !is_array)
            return 0;
        *alignment = scalars[i].bytes;
        *size = count * scalars[i].bytes;
        *text = c;
        return *size <= SS_MOST;
    }
    return 0;
}

static int ss_identifier(const char **text)
{
    const char *c = *text;
    while ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || *c == '_' || (uint8_t)*c >= 0x80
           || (c != *text && *c >= '0' && *c <= '9'))
        ++c;
    const int found = c != *text;
    *text = c;
    return found;
}

/* Whether the text is canonical; gets size and alignment of an element. Does not detect two fields of the same name. */
static int ss_parse_layout(const char *text, uint64_t *size, uint64_t *alignment)
{
    const char *c = text;
    if (!ss_is_utf8(text, strlen(text)))
        return 0;
    if (!strchr(text, '{'))
        return ss_type(&c, size, alignment) && *c == '\0';
    uint64_t end = 0;
    int is_packed = 0, fields = 0;
    *alignment = 1;
    if (!ss_identifier(&c))
        return 0;
    do {
        uint64_t field_size, field_alignment, offset;
        ++c; /* { or ; */
        do {
            c += *c == '.';
            if (!ss_identifier(&c))
                return 0;
        } while (*c == '.');
        if (*c++ != ':' || !ss_type(&c, &field_size, &field_alignment) || *c++ != '@' || !ss_number(&c, &offset))
            return 0;
        if (offset < end || ++fields > 65536)
            return 0;
        end = offset + field_size;
        is_packed |= offset % field_alignment != 0;
        if (field_alignment > *alignment)
            *alignment = field_alignment;
    } while (*c == ';');
    if (c[0] != '}' || c[1] != '/')
        return 0;
    c += 2;
    if (!ss_number(&c, size) || *c != '\0' || end > *size)
        return 0;
    if (is_packed || *size % *alignment != 0)
        *alignment = 1;
    return 1;
}

/* --- Locks and records --- */

/* Take and release a lock of ss_try_lock(); no fork happens in between. ss_hold() returns the argument of ss_release(), or -1 with errno. */
static int ss_hold(const char *folder, int file, off_t byte);
static void ss_release(int held, off_t byte);

#if SS_FLOCK

static int ss_flock(int file)
{
    const struct timespec pause = {0, 1000000};
    for (int tries = 0; flock(file, LOCK_EX | LOCK_NB) == -1; ++tries) {
        if ((errno != EWOULDBLOCK && errno != EINTR) || tries == SS_LOCK_TRIES)
            return 0;
        nanosleep(&pause, NULL);
    }
    return 1;
}

/* Locks `.lock`, one per folder: for sweeping or creating a record and for claiming a slot. Returns the argument of ss_unlock(), or -1. */
static int ss_try_lock(const char *folder, int file, off_t byte)
{
    (void)file, (void)byte;
    char path[SS_PATH_BYTES];
    struct stat info;
    ss_print(path, sizeof path, "%s/.lock", folder);
    const int held = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (held != -1 && fstat(held, &info) == 0 && (info.st_mode & 0777) != 0600)
        fchmod(held, 0600); /* despite the umask */
    if (held == -1 || ss_flock(held))
        return held;
    close(held);
    return -1;
}

static void ss_unlock(int held, off_t byte)
{
    (void)byte;
    flock(held, LOCK_UN);
    close(held);
}

static int ss_lock_owner(const char *folder, int file)
{
    /* Without the folder's lock, a sweeper may take the unlocked record for a dead owner's and remove it. */
    const int held = ss_hold(folder, file, 0);
    const int is_locked = held != -1 && ss_flock(file);
    if (held != -1)
        ss_release(held, 0);
    return is_locked;
}

static void ss_unlock_owner(int file)
{
    flock(file, LOCK_UN);
}

/* Not for the owner itself. flock() cannot query a lock: take a shared lock for a moment, which does not conflict with other queries. */
static int ss_has_owner(int file)
{
    if (flock(file, LOCK_SH | LOCK_NB) == -1)
        return 1;
    flock(file, LOCK_UN);
    return 0;
}

#else

static int ss_lock(int file, int command, short type, off_t offset, struct flock *lock)
{
    memset(lock, 0, sizeof *lock);
    lock->l_type = type;
    lock->l_whence = SEEK_SET;
    lock->l_start = offset;
    lock->l_len = 1;
    return fcntl(file, command, lock) == 0;
}

/* Locks a byte of the record: for sweeping the record and for claiming a slot. Returns the argument of ss_unlock(), or -1. */
static int ss_try_lock(const char *folder, int file, off_t byte)
{
    (void)folder;
    struct flock lock;
    return ss_lock(file, F_OFD_SETLK, F_WRLCK, byte, &lock) ? file : -1;
}

static void ss_unlock(int held, off_t byte)
{
    struct flock lock;
    ss_lock(held, F_OFD_SETLK, F_UNLCK, byte, &lock);
}

static int ss_lock_owner(const char *folder, int file)
{
    return ss_try_lock(folder, file, 0) != -1;
}

static void ss_unlock_owner(int file)
{
    ss_unlock(file, 0);
}

static int ss_has_owner(int file)
{
    struct flock lock;
    return !ss_lock(file, F_OFD_GETLK, F_WRLCK, 0, &lock) || lock.l_type != F_UNLCK; /* unknown counts as alive */
}

#endif

static int ss_hold(const char *folder, int file, off_t byte)
{
    pthread_once(&ss_once, ss_begin_process);
    pthread_mutex_lock(&ss_self->locking);
    const int held = ss_try_lock(folder, file, byte);
    if (held == -1) {
        const int error = errno;
        pthread_mutex_unlock(&ss_self->locking);
        errno = error;
    }
    return held;
}

static void ss_release(int held, off_t byte)
{
    ss_unlock(held, byte);
    pthread_mutex_unlock(&ss_self->locking);
}

static int ss_other_version(const char *part, uint32_t version)
{
    return ss_fail(
        SS_UNSUPPORTED_VERSION,
        "the segment's %s has format version %u, this program reads version %u; use the same version on both sides",
        part, version, SS_FORMAT_VERSION);
}

static int ss_unsupported(const char *what, uint32_t number)
{
    return ss_fail(SS_UNSUPPORTED_VERSION,
                   "the segment has %s %u, which this program does not know; use a newer version of it", what, number);
}

static int ss_check_record(const ss_record *record)
{
    if (memcmp(record->magic, SS_RECORD_MAGIC, 8) != 0)
        return ss_fail(SS_CORRUPT, "the segment's record is damaged: magic; have its owner create it again");
    if (record->version != SS_FORMAT_VERSION)
        return ss_other_version("record", record->version);
    const int is_memfd = record->backend == SS_MEMFD;
    if (!is_memfd && record->backend != SS_POSIX)
        return ss_unsupported("the backend", record->backend);
    if (record->required_features & ~SS_MULTIPLE_WRITERS)
        return ss_unsupported("the required features", record->required_features);
    if (record->pid < 1 || record->pid > SS_MOST || record->size < 4096 || record->size > INT64_MAX
        || record->name_bytes < 1 || record->name_bytes > SS_MOST_NAME_BYTES
        || (is_memfd ? record->descriptor < 0 || record->descriptor > (int64_t)SS_MOST : record->descriptor != -1)
        || record->object[63] != '\0' || (record->object[0] == '\0') != is_memfd)
        return ss_fail(SS_CORRUPT, "the segment's record is damaged; have its owner create it again");
    return 0;
}

/* Whether the path still leads to this file. */
static int ss_is_linked(int file, const char *path)
{
    struct stat own, named;
    return fstat(file, &own) == 0 && lstat(path, &named) == 0 && own.st_ino == named.st_ino
        && own.st_dev == named.st_dev;
}

/* Whether the path belongs to the record's name. A copy or a link of the record has another path. */
static int ss_is_at_own_path(const ss_record *record, const char *path)
{
    char name[256] = {0}, file[512];
    memcpy(name, record->name, record->name_bytes);
    return ss_file_name(name, file, sizeof file) == 0 && strcmp(strrchr(path, '/') + 1, file) == 0;
}

static void ss_mark_path(const char *folder, const char *hex, char *path, size_t size)
{
    ss_print(path, size, "%s/.%s.owner", folder, hex);
}

/* Whether a process has this FIFO open for reading. -1: unknown. */
static int ss_has_reader(const char *path)
{
    const int file = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
    const int number = errno;
    struct stat info;
    const int is_fifo = file != -1 && fstat(file, &info) == 0 && S_ISFIFO(info.st_mode);
    if (file != -1)
        close(file);
    if (file != -1)
        return is_fifo;
    return number == ENXIO || number == ENOENT || number == EISDIR || number == ELOOP ? 0 : -1;
}

/* Removes the files of a dead owner, unless another process was faster. Returns 0 if another sweeper keeps the lock. */
static int ss_sweep(const char *folder, int file, const char *path, const ss_record *record, int is_valid,
                    int milliseconds)
{
    const struct timespec pause = {0, 1000000};
    int held = ss_hold(folder, file, 1);
    for (int tries = 0; held == -1 && !SS_FLOCK && tries < milliseconds && (errno == EAGAIN || errno == EACCES);
         ++tries) {
        nanosleep(&pause, NULL);
        held = ss_hold(folder, file, 1);
    }
    if (held == -1)
        return 0;
    if (!ss_has_owner(file) && ss_is_linked(file, path)) {
        /* Sweeping a copy of a record must not remove the original's memory and mark. */
        const int has_parts = is_valid && ss_is_at_own_path(record, path);
        if (has_parts && record->backend == SS_POSIX && strncmp(record->object, "/ss-", 4) == 0
            && !strchr(record->object + 1, '/'))
            shm_unlink(record->object);
        unlink(path);
        if (has_parts) {
            char hex[33], mark[SS_PATH_BYTES];
            ss_to_hex(record->instance, hex);
            ss_mark_path(folder, hex, mark, sizeof mark);
            unlink(mark);
        }
    }
    ss_release(held, 1);
    return 1;
}

/* Removes a second link to the record of a living owner, if the record also has its own path. */
static int ss_remove_link(const char *folder, int file, const char *path, const ss_record *record)
{
    char name[256] = {0}, own[512], place[SS_PATH_BYTES];
    memcpy(name, record->name, record->name_bytes);
    if (ss_file_name(name, own, sizeof own) != 0)
        return 0;
    ss_print(place, sizeof place, "%s/%s", folder, own);
    const int held = strcmp(place, path) != 0 ? ss_hold(folder, file, 1) : -1;
    if (held == -1)
        return 0;
    const int is_removed = ss_is_linked(file, place) && ss_is_linked(file, path) && unlink(path) == 0;
    ss_release(held, 1);
    return is_removed;
}

static int ss_random(uint8_t *bytes, size_t count);
static int ss_rename(const char *temporary, const char *path);

/* Removes anything but a file at the path of a record: a link, a socket, an empty folder. Returns whether the path is free. */
static int ss_remove_other(const char *folder, const char *path)
{
    char hex[33], aside[SS_PATH_BYTES];
    uint8_t id[16];
    struct stat info;
    if (lstat(path, &info) == -1)
        return errno == ENOENT;
    if (S_ISDIR(info.st_mode))
        return rmdir(path) == 0;
    if (S_ISREG(info.st_mode) || !ss_random(id, sizeof id))
        return 0;
    ss_to_hex(id, hex);
    ss_print(aside, sizeof aside, "%s/.%s.new", folder, hex);
    if (rename(path, aside) == -1)
        return 0;
    /* A faster process may have put a record there. */
    if (lstat(aside, &info) == 0 && S_ISREG(info.st_mode) && ss_rename(aside, path) == 0)
        return 0;
    return unlink(aside) == 0;
}

/* The error for a record that cannot be opened. Removes anything but a file. */
static int ss_not_opened(const char *folder, const char *path, const char *name)
{
    const int number = errno;
    if (number == ENOENT || (number != EMFILE && number != ENFILE && ss_remove_other(folder, path)))
        return ss_fail(SS_NOT_FOUND, "there is no segment \"%s\"; start the program that creates it", name);
    if (number == EISDIR)
        return ss_fail(SS_CORRUPT, "\"%s\" is a folder in the place of a record; remove it", path);
    errno = number;
    return ss_system("opening", path);
}

/* Opens the record of a living owner. Returns its file or a negative code. Sweeps a dead owner's record, and waits up to `milliseconds` for
 * other sweepers. */
static int ss_find(const char *folder, const char *path, const char *name, ss_record *record, int milliseconds)
{
    const int file = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file == -1)
        return ss_not_opened(folder, path, name);
    struct stat info;
    uint32_t state = 0;
    memset(record, 0, sizeof *record);
    /* Read the content first, then query the lock: an owner locks before it writes. */
    const int is_read = pread(file, record, sizeof *record, 0) == (ssize_t)sizeof *record
                     && pread(file, &state, sizeof state, SS_STATE) == (ssize_t)sizeof state && fstat(file, &info) == 0
                     && S_ISREG(info.st_mode) && info.st_size == SS_RECORD_BYTES;
    int code = is_read ? ss_check_record(record)
                       : ss_fail(SS_CORRUPT,
                                 "the record \"%s\" is cut short; have its owner publish, which restores it", path);
    const int has_owner = ss_has_owner(file);
    if (!has_owner && !ss_is_linked(file, path)) {
        code = ss_fail(SS_LOOK_UP_AGAIN, "\"%s\" was just replaced; try again", name);
    } else if (!has_owner) {
        code =
            ss_sweep(folder, file, path, record, code == 0, milliseconds) || milliseconds == 0
                ? ss_fail(SS_NOT_FOUND, "there is no segment \"%s\"; start the program that creates it", name)
                : ss_fail(
                    SS_BUSY,
                    "another process holds the sweepers' lock of \"%s\" and may be stopped; try again, or continue or end that process, which \"fuser\" of the file names",
                    path);
    } else if (code == 0
               && (record->name_bytes != strlen(name) || memcmp(record->name, name, record->name_bytes) != 0)) {
        const int is_free = milliseconds == 0 || ss_remove_link(folder, file, path, record);
        code = ss_fail(
            is_free ? SS_NOT_FOUND : SS_TAKEN,
            "the record of \"%.*s\" lies in the place of \"%s\", and its owner, process %llu, lives; choose another name, end that process, or remove %s",
            (int)record->name_bytes, record->name, name, (unsigned long long)record->pid, path);
    } else if (code == 0 && state == SS_STATE_REPLACED) {
        code = ss_fail(SS_LOOK_UP_AGAIN, "\"%s\" was just replaced; try again", name);
    } else if (code == 0 && state != SS_STATE_LIVE) {
        code = ss_fail(SS_NOT_FOUND, "the owner of \"%s\" is just closing it; try again", name);
    }
    if (code != 0) {
        close(file);
        return code;
    }
    return file;
}

/* --- Memory --- */

#ifdef __linux__

static int ss_open_memfd(const ss_record *record)
{
    char path[64], again[64];
    struct stat info;
    struct statfs system;
    ss_print(path, sizeof path, "/proc/%llu/fd/%lld", (unsigned long long)record->pid, (long long)record->descriptor);
    /* The number may lead to anything by now. O_PATH has no effect on the file behind it. */
    const int place = open(path, O_PATH | O_CLOEXEC);
    if (place == -1 && (errno == EACCES || errno == EPERM))
        return ss_fail(SS_SYSTEM,
                       "the memory %s cannot be reached; have its owner create it with the backend \"posix\"", path);
    if (place == -1 && errno != ENOENT)
        return ss_system("opening", path);
    if (place == -1)
        return ss_fail(SS_NOT_FOUND, "the memory %s does not exist; try again", path);
    ss_print(again, sizeof again, "/proc/self/fd/%d", place);
    const int is_it = fstat(place, &info) == 0 && S_ISREG(info.st_mode) && (uint64_t)info.st_size == record->size
                   && fstatfs(place, &system) == 0 && system.f_type == TMPFS_MAGIC;
    const int file = is_it ? open(again, O_RDONLY | O_CLOEXEC) : -1;
    if (is_it && file == -1)
        ss_system("opening", path);
    close(place);
    if (is_it && file == -1)
        return ss_code;
    const int wanted = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW
                     | (record->required_features & SS_MULTIPLE_WRITERS ? 0 : F_SEAL_FUTURE_WRITE);
    if (file != -1 && (fcntl(file, F_GET_SEALS) & wanted) == wanted)
        return file;
    if (file != -1)
        close(file);
    return ss_fail(SS_NOT_FOUND, "the memory %s is another one by now; try again", path);
}

/* -1 and errno */
static int ss_make_memfd(off_t size)
{
    int file = memfd_create("sharedsegment", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);
    if (file == -1 && errno == EINVAL) /* before Linux 6.3 */
        file = memfd_create("sharedsegment", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (file == -1 || (fchmod(file, 0600) == 0 && ftruncate(file, size) == 0))
        return file;
    const int number = errno;
    close(file);
    errno = number;
    return -1;
}

/* A number in a file, after `word` if given; UINT64_MAX if missing. */
static uint64_t ss_number_in(const char *folder, const char *name, const char *word)
{
    char path[SS_PATH_BYTES], line[256];
    unsigned long long number = 0;
    int is_found = 0;
    FILE *const file = ss_print(path, sizeof path, "%s/%s", folder, name) ? fopen(path, "re") : NULL;
    while (file && !is_found && fgets(line, sizeof line, file))
        is_found = strncmp(line, word, strlen(word)) == 0 && sscanf(line + strlen(word), "%llu", &number) == 1;
    if (file)
        fclose(file);
    return is_found ? number : UINT64_MAX;
}

static uint64_t ss_least(uint64_t one, uint64_t limit, uint64_t used)
{
    const uint64_t left = limit == UINT64_MAX ? limit : used < limit ? limit - used : 0;
    return one < left ? one : left;
}

/* Whether `size` exceeds the memory that the machine and the control groups (v1, v2) have left. Writing more would end in SIGBUS or worse. */
static int ss_is_beyond_machine(uint64_t size)
{
    if (size <= 1u << 20)
        return 0;
    const uint64_t available = ss_number_in("/proc", "meminfo", "MemAvailable:");
    const uint64_t swap = ss_number_in("/proc", "meminfo", "SwapFree:");
    uint64_t left = available == UINT64_MAX ? available : (available + (swap == UINT64_MAX ? 0 : swap)) * 1024;
    const char *const root = "/sys/fs/cgroup";
    left = ss_least(left, ss_number_in("/sys/fs/cgroup/memory", "memory.limit_in_bytes", ""),
                    ss_number_in("/sys/fs/cgroup/memory", "memory.usage_in_bytes", ""));
    char line[SS_PATH_BYTES / 2], folder[SS_PATH_BYTES];
    FILE *const file = fopen("/proc/self/cgroup", "re");
    while (file && fgets(line, sizeof line, file)) {
        if (strncmp(line, "0::/", 4) != 0)
            continue;
        line[strcspn(line, "\n")] = '\0';
        ss_print(folder, sizeof folder, "%s%s", root, line + 3);
        /* Limits of parent groups count, too. */
        for (char *end = folder + strlen(folder); end && strlen(folder) >= strlen(root); end = strrchr(folder, '/')) {
            *end = '\0';
            left = ss_least(left, ss_number_in(folder, "memory.max", ""), ss_number_in(folder, "memory.current", ""));
        }
    }
    if (file)
        fclose(file);
    return size > left;
}

static int ss_seal_memfd(int file)
{
    return fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL) == 0;
}

static int ss_open_object(const char *name, int flags)
{
    return shm_open(name, flags | O_CLOEXEC | O_NONBLOCK, 0600); /* Nonblocking: a file of that name may be anything. */
}

static int ss_size_object(int file, off_t size)
{
    /* Reserve the memory, so that a full /dev/shm is an error now and not SIGBUS later. */
    do
        errno = posix_fallocate(file, 0, size);
    while (errno == EINTR);
    if (errno != ENOSYS && errno != EPERM && errno != EOPNOTSUPP)
        return errno == 0;
    static const char zeros[65536]; /* where a sandbox forbids the call */
    for (off_t at = 0; at < size;) {
        const off_t left = size - at;
        const ssize_t written = pwrite(file, zeros, left < (off_t)sizeof zeros ? (size_t)left : sizeof zeros, at);
        if (written == -1 && errno != EINTR)
            return 0;
        at += written == -1 ? 0 : written;
    }
    return 1;
}

/* Renames without replacing. Returns -1 and sets errno if the name is taken. */
static int ss_rename(const char *temporary, const char *path)
{
    if (link(temporary, path) == 0)
        return unlink(temporary);
#ifdef SYS_renameat2
    if (errno == EPERM || errno == ENOSYS || errno == EOPNOTSUPP) { /* a file system without links, or a sandbox */
        const unsigned without_replacing = 1;
        return (int)syscall(SYS_renameat2, AT_FDCWD, temporary, AT_FDCWD, path, without_replacing);
    }
#endif
    return -1;
}

#else

static int ss_open_memfd(const ss_record *record)
{
    (void)record;
    return ss_fail(
        SS_UNSUPPORTED_VERSION,
        "the record names a memfd, which this system lacks; have its owner create it with the backend \"posix\"");
}

static int ss_make_memfd(off_t size)
{
    (void)size;
    errno = ENOSYS;
    return -1;
}

static int ss_is_beyond_machine(uint64_t size)
{
    (void)size;
    return 0;
}

static int ss_seal_memfd(int file)
{
    (void)file;
    return 0;
}

static int ss_open_object(const char *name, int flags)
{
    return shm_open(name, flags, 0600); /* close-on-exec is the default; macOS rejects O_CLOEXEC */
}

static int ss_size_object(int file, off_t size)
{
    return ftruncate(file, size) == 0; /* macOS accepts one size per object and rounds it up */
}

static int ss_rename(const char *temporary, const char *path)
{
    return link(temporary, path) == 0 ? unlink(temporary) : -1;
}

#endif

static int ss_open_posix(const ss_record *record)
{
    struct stat info;
    const int file = ss_open_object(record->object, O_RDONLY);
    if (file == -1)
        return ss_system("shm_open", record->object);
    if (fstat(file, &info) == 0 && info.st_uid == geteuid() && info.st_size >= (off_t)record->size
        && (uint64_t)info.st_size - record->size < SS_LARGEST_PAGE)
        return file;
    close(file);
    return ss_fail(SS_CORRUPT, "the size of the memory \"%s\" differs from its record; have its owner create it again",
                   record->object);
}

static uint64_t ss_round_up(uint64_t value, uint64_t to)
{
    return (value + to - 1) / to * to;
}

/* Copies text from the memory, with a NUL at its end. */
static char *ss_text(const ss_segment *segment, uint64_t offset, uint32_t bytes)
{
    char *const text = malloc((size_t)bytes + 1);
    if (!text) {
        ss_fail(SS_OUT_OF_MEMORY, "there is no memory for the text of a segment; free some");
        return NULL;
    }
    memcpy(text, segment->memory + offset, bytes);
    text[bytes] = '\0';
    return text;
}

static uint64_t ss_metadata_offset(uint64_t layout_bytes, uint64_t metadata_bytes)
{
    return metadata_bytes != 0 ? ss_round_up(SS_HEADER_BYTES + layout_bytes, SS_METADATA_ALIGNMENT) : 0;
}

static uint64_t ss_least_payload_offset(uint64_t layout_bytes, uint64_t metadata_bytes)
{
    const uint64_t end = metadata_bytes != 0 ? ss_metadata_offset(layout_bytes, metadata_bytes) + metadata_bytes
                                             : SS_HEADER_BYTES + layout_bytes;
    return ss_round_up(end, SS_PAYLOAD_ALIGNMENT);
}

/* Checks the private copies in the segment and copies the texts. */
static int ss_check_memory(ss_segment *segment)
{
    const ss_header *header = &segment->header;
    const ss_record *record = &segment->record;
    if (memcmp(header->magic, SS_MEMORY_MAGIC, 8) != 0)
        return ss_fail(SS_NOT_FOUND, "the memory is not the one that the record names; try again");
    if (header->version != SS_FORMAT_VERSION)
        return ss_other_version("memory", header->version);
    if (memcmp(header->instance, record->instance, 16) != 0)
        return ss_fail(SS_NOT_FOUND, "the memory is not the one that the record names; try again");
    if (header->required_features & ~SS_MULTIPLE_WRITERS)
        return ss_unsupported("the required features", header->required_features);
    if (header->kind > SS_STREAM)
        return ss_unsupported("content of the kind", header->kind);
    if (header->size != record->size || header->required_features != record->required_features
        || header->kind != record->kind || header->layout_offset != SS_HEADER_BYTES || header->layout_bytes < 1
        || header->layout_bytes > SS_MOST_LAYOUT_BYTES || header->layout_bytes > header->size - SS_HEADER_BYTES
        || header->metadata_bytes > SS_MOST_METADATA_BYTES
        || header->metadata_offset != ss_metadata_offset(header->layout_bytes, header->metadata_bytes))
        return ss_fail(SS_CORRUPT, "the segment's header is damaged; have its owner create it again");
    segment->layout = ss_text(segment, SS_HEADER_BYTES, header->layout_bytes);
    if (!segment->layout)
        return SS_OUT_OF_MEMORY;
    uint64_t size, alignment;
    if (strlen(segment->layout) != header->layout_bytes
        || ss_fnv64(segment->layout, header->layout_bytes) != header->fingerprint
        || !ss_parse_layout(segment->layout, &size, &alignment) || size != header->element_size
        || alignment != header->element_alignment || size < 1)
        return ss_fail(SS_CORRUPT, "the segment's header is damaged: layout text; have its owner create it again");
    if (header->capacity < 1 || header->capacity > INT64_MAX / size || header->buffer_count < 1
        || header->buffer_count > (header->kind == SS_STREAM ? 1 : SS_MOST_BUFFERS)
        || header->stride % SS_STRIDE_ALIGNMENT != 0 || header->stride < header->capacity * size
        || header->payload_offset % SS_PAYLOAD_ALIGNMENT != 0
        || header->payload_offset < ss_least_payload_offset(header->layout_bytes, header->metadata_bytes)
        || header->payload_offset > header->size
        || header->stride > (header->size - header->payload_offset) / header->buffer_count)
        return ss_fail(SS_CORRUPT, "the segment's header is damaged: sizes; have its owner create it again");
    segment->metadata = ss_text(segment, header->metadata_offset, header->metadata_bytes);
    return segment->metadata ? 0 : SS_OUT_OF_MEMORY;
}

static ss_segment *ss_new(void)
{
    ss_segment *segment = calloc(1, sizeof *segment);
    if (!segment) {
        ss_fail(SS_OUT_OF_MEMORY, "there is no memory for a segment; free some");
        return NULL;
    }
    segment->file = segment->memory_file = segment->reserve = segment->slot = segment->doorbell = -1;
    segment->doorbell_watch = segment->owner_watch = segment->mark = segment->wish = -1;
    ss_lock_process();
    if (atomic_load_explicit(&ss_self->token, memory_order_relaxed) == 0)
        atomic_store_explicit(&ss_self->token, ++ss_last_token, memory_order_relaxed);
    segment->token = atomic_load_explicit(&ss_self->token, memory_order_relaxed);
    segment->next = ss_self->first;
    ss_self->first = segment;
    ss_unlock_process();
    return segment;
}

static void ss_delete(ss_segment *segment)
{
    ss_lock_process();
    if (ss_is_mine(segment)) {
        ss_segment **place = &ss_self->first;
        while (*place != segment)
            place = &(*place)->next;
        *place = segment->next;
    }
    ss_shut(&segment->file);
    ss_drop(segment);
    ss_unlock_process();
    free(segment->layout);
    free(segment->metadata);
    free(segment);
}

static int ss_map_record(ss_segment *segment, int file)
{
    void *const map = mmap(NULL, SS_RECORD_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (map == MAP_FAILED)
        return ss_system("mapping", segment->path);
    segment->shared_record = map;
    if (ss_guard_record(segment))
        return 0;
    munmap(map, SS_RECORD_BYTES);
    segment->shared_record = NULL;
    return ss_fail(SS_OUT_OF_MEMORY, "there is no memory for a segment; free some");
}

static int ss_try_open(ss_segment *segment, const char *name)
{
    const int file = ss_find(segment->folder, segment->path, name, &segment->record, 0);
    if (file < 0)
        return file;
    segment->file = file;
    ss_to_hex(segment->record.instance, segment->hex);
    const int memory = segment->record.backend == SS_MEMFD ? ss_open_memfd(&segment->record)
                                                           : ss_open_posix(&segment->record);
    if (memory < 0)
        return memory;
    void *const map = segment->record.size > PTRDIFF_MAX
                        ? (errno = ENOMEM, MAP_FAILED)
                        : mmap(NULL, (size_t)segment->record.size, PROT_READ, MAP_SHARED, memory, 0);
    const int number = errno;
    close(memory);
    errno = number;
    if (map == MAP_FAILED)
        return ss_system("mapping the memory of", name);
    segment->memory = map;
    memcpy(&segment->header, segment->memory, sizeof segment->header);
    return ss_check_memory(segment);
}

static int ss_check_kind(const ss_segment *segment, int is_stream)
{
    if ((segment->header.kind == SS_STREAM) == is_stream)
        return 0;
    return ss_fail(SS_LAYOUT_MISMATCH, "\"%.255s\" is %s, expected is %s; open it with %s()", segment->record.name,
                   is_stream ? "an array" : "a stream", is_stream ? "a stream" : "an array",
                   is_stream ? "ss_open" : "ss_open_stream");
}

/* --- Wishes --- */

static void ss_wish_path(const ss_segment *segment, const char *ending, char *path, size_t size)
{
    ss_print(path, size, "%s/.%s.%s", segment->folder, segment->wish_hex, ending);
}

/* Returns 0 if a sweeper has removed the new file, so that another try may succeed. */
static int ss_try_wish(ss_segment *segment, const char *name)
{
    char temporary[SS_PATH_BYTES], path[SS_PATH_BYTES];
    uint8_t id[16];
    if (!ss_random(id, sizeof id))
        return 1;
    ss_to_hex(id, segment->wish_hex);
    ss_wish_path(segment, "new", temporary, sizeof temporary);
    ss_wish_path(segment, "wish", path, sizeof path);
    ss_lock_process();
    segment->wish = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    ss_unlock_process();
    if (segment->wish == -1)
        return 1;
    if (fchmod(segment->wish, 0600) == 0 /* despite the umask */
        && ss_lock_owner(segment->folder, segment->wish)
        && pwrite(segment->wish, name, strlen(name), 0) == (ssize_t)strlen(name) && ss_rename(temporary, path) == 0)
        return 1;
    const int is_swept = errno == ENOENT;
    unlink(temporary);
    unlink(path);
    ss_forget(&segment->wish);
    return !is_swept;
}

/* Of a mirror: says that this process waits for it, or has it open. No failure: what cannot be said stays unsaid. */
static void ss_wish(ss_segment *segment, const char *name)
{
    char path[SS_PATH_BYTES];
    ss_wish_path(segment, "wish", path, sizeof path);
    if (name[0] != '@' || (segment->wish != -1 && ss_is_linked(segment->wish, path)))
        return;
    ss_forget(&segment->wish); /* another program has removed it */
    ss_blocked_signals blocked;
    ss_block_signals(&blocked);
    for (int tries = 0; tries < SS_WISH_TRIES && !ss_try_wish(segment, name); ++tries) { }
    ss_unblock_signals(&blocked);
}

static void ss_end_wish(ss_segment *segment)
{
    char path[SS_PATH_BYTES];
    if (segment->wish == -1)
        return;
    ss_wish_path(segment, "wish", path, sizeof path);
    unlink(path);
    ss_unlock_owner(segment->wish);
    ss_forget(&segment->wish);
}

/* --- Opening --- */

static ss_segment *ss_open_kind(const char *name, int is_stream)
{
    for (int tries = 0; tries < SS_OPEN_TRIES; ++tries) {
        char file[512];
        ss_segment *segment = ss_new();
        if (!segment)
            return NULL;
        int code = ss_file_name(name, file, sizeof file);
        if (code == 0)
            code = ss_folder(segment->folder, sizeof segment->folder, 0);
        if (code == 0) {
            ss_print(segment->path, sizeof segment->path, "%s/%s", segment->folder, file);
            code = ss_try_open(segment, name);
        }
        if (code == 0)
            code = ss_check_kind(segment, is_stream);
        if (code == 0 && is_stream)
            ss_seek(segment, SS_NEWEST);
        if (code == 0) {
            ss_wish(segment, name);
            return segment;
        }
        const int is_there = segment->file != -1;
        ss_close(segment);
        /* The record may have been replaced meanwhile: then its memory is missing, or another's. Try again. */
        const int is_moved = is_there && (code == SS_NOT_FOUND || code == SS_UNSUPPORTED_VERSION);
        if (code != SS_LOOK_UP_AGAIN && !is_moved)
            return NULL;
    }
    if (ss_code == SS_LOOK_UP_AGAIN)
        ss_code = SS_BUSY;
    return NULL;
}

ss_segment *ss_open(const char *name)
{
    return ss_open_kind(name, 0);
}

ss_segment *ss_open_stream(const char *name)
{
    return ss_open_kind(name, 1);
}

/* --- Owning --- */

static int64_t ss_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int ss_random(uint8_t *bytes, size_t count)
{
#ifdef __linux__
    return getrandom(bytes, count, 0) == (ssize_t)count;
#else
    arc4random_buf(bytes, count);
    return 1;
#endif
}

/* Creates the memory object and keeps its descriptor. Returns 0 and sets errno on failure. */
static int ss_make_object(ss_segment *segment)
{
    const off_t size = (off_t)segment->record.size;
    ss_lock_process();
    segment->memory_file = segment->record.backend == SS_POSIX
                             ? ss_open_object(segment->record.object, O_RDWR | O_CREAT | O_EXCL)
                             : ss_make_memfd(size);
    ss_unlock_process();
    return segment->memory_file != -1;
}

static int ss_fill_memory(ss_segment *segment)
{
    const size_t size = (size_t)segment->record.size;
    const int is_posix = segment->record.backend == SS_POSIX;
    if (is_posix && fchmod(segment->memory_file, 0600) == -1) /* despite the umask */
        return ss_system("fchmod", segment->record.object);
    if (is_posix && !ss_size_object(segment->memory_file, (off_t)size))
        return ss_system("reserving", segment->record.object);
    void *const map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, segment->memory_file, 0);
    if (map == MAP_FAILED)
        return ss_system("mapping", "the memory");
    segment->memory = map;
    memcpy(segment->memory, &segment->header, sizeof segment->header);
    memcpy(segment->memory + SS_HEADER_BYTES, segment->layout, segment->header.layout_bytes);
    memcpy(segment->memory + segment->header.metadata_offset, segment->metadata, segment->header.metadata_bytes);
    if (!is_posix && !ss_seal_memfd(segment->memory_file))
        return ss_system("sealing", "a memfd");
    return 0;
}

static uint32_t ss_mark_value(void)
{
    uint32_t mark;
    memcpy(&mark, "MARK", sizeof mark);
    return mark;
}

/* Write all bytes: on a full file system, a page without memory behind it would end in SIGBUS. */
static int ss_write_record(const ss_segment *segment, const char *path)
{
    uint8_t content[SS_RECORD_BYTES] = {0};
    memcpy(content, &segment->record, sizeof segment->record);
    memcpy(content + SS_MARK, "MARK", 4);
    const ssize_t written = pwrite(segment->file, content, sizeof content, 0);
    if (written == (ssize_t)sizeof content)
        return 0;
    if (written != -1)
        errno = ENOSPC;
    return ss_system("writing", path);
}

static void ss_take_reserve(ss_segment *segment)
{
    if (segment->reserve == -1)
        segment->reserve = open(segment->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* If the folder does not support FIFOs, readers watch the process instead. */
static void ss_make_mark(ss_segment *segment)
{
#if defined(__linux__) && !SS_FLOCK
    char path[SS_PATH_BYTES];
    ss_mark_path(segment->folder, segment->hex, path, sizeof path);
    for (int tries = 0; tries < 4 && segment->mark == -1; ++tries) { /* It may be swept before it is open. */
        if (mkfifo(path, 0600) == -1)
            return;
        chmod(path, 0600); /* despite the umask */
        ss_lock_process();
        segment->mark = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
        ss_unlock_process();
    }
#else
    (void)segment;
#endif
}

static void ss_remove_mark(ss_segment *segment)
{
    char path[SS_PATH_BYTES];
    if (segment->mark == -1)
        return;
    ss_mark_path(segment->folder, segment->hex, path, sizeof path);
    if (ss_is_linked(segment->mark, path))
        unlink(path);
    ss_forget(&segment->mark);
}

/* Creates the record under its temporary name with its memory; then gives it its name in one step. */
static int ss_try_create(ss_segment *segment, const char *temporary)
{
    /* Before the record: an exiting process closes its lower descriptors last, so the name is free when the mark reports the end. */
    ss_make_mark(segment);
    ss_lock_process();
    segment->file = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    segment->is_owner = segment->file != -1;
    ss_unlock_process();
    if (segment->file == -1) {
        const int code = ss_system("making", temporary);
        ss_remove_mark(segment);
        return code;
    }
    if (fchmod(segment->file, 0600) == -1) /* despite the umask */
        return ss_system("fchmod", temporary);
    if (!ss_lock_owner(segment->folder, segment->file))
        return ss_system("locking", temporary);
    /* Before the object exists: if the process is killed in between, a sweep finds everything. */
    int code = segment->record.backend == SS_POSIX ? ss_write_record(segment, temporary) : 0;
    if (code != 0)
        return code;
    if (!ss_make_object(segment))
        return ss_system("making the memory of",
                         segment->record.backend == SS_POSIX ? segment->record.object : "a memfd");
    if (segment->record.backend == SS_MEMFD)
        segment->record.descriptor = segment->memory_file;
    code = ss_fill_memory(segment);
    if (code == 0 && segment->record.backend == SS_MEMFD)
        code = ss_write_record(segment, temporary);
    if (code != 0)
        return code;
    /* Map through a second descriptor: a mapping of the locked one would keep the lock beyond the owner's life. */
    const int again = open(temporary, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    code = again == -1 ? ss_system("opening", temporary) : ss_map_record(segment, again);
    if (again != -1)
        close(again);
    if (code != 0)
        return code;
    ss_take_reserve(segment);
    if (segment->reserve == -1)
        return ss_system("opening", segment->folder);
    if (ss_rename(temporary, segment->path) == -1)
        return errno == EEXIST ? ss_fail(SS_TAKEN, "the name is taken; open it, or choose another name")
                               : ss_system("publishing", segment->path);
    return 0;
}

/* Whether the kernel or a sandbox lacks memfd. Too little memory does not count. */
static int ss_lacks_memfd(void)
{
    const int file = ss_make_memfd(4096);
    int number = errno;
    if (file != -1) {
        number = ss_seal_memfd(file) ? 0 : errno;
        close(file);
    }
    return number == ENOSYS || number == EPERM || number == EACCES || number == EINVAL || number == EOPNOTSUPP;
}

/* Fills in the sizes of the header from the options. */
static int ss_plan(ss_header *header, const char *layout, const ss_options *options)
{
    uint64_t size, alignment;
    const char *const metadata = options->metadata ? options->metadata : "";
    const size_t layout_bytes = strlen(layout), metadata_bytes = strlen(metadata);
    if (layout_bytes > SS_MOST_LAYOUT_BYTES || !ss_parse_layout(layout, &size, &alignment) || size < 1)
        return ss_fail(SS_INVALID,
                       "\"%.200s\" is not a canonical layout; write it as \"f64\" or \"Point{x:f64@0;y:f64@8}/16\"",
                       layout);
    if (metadata_bytes > SS_MOST_METADATA_BYTES)
        return ss_fail(SS_INVALID, "metadata of %zu bytes is not possible; give at most 1 MiB", metadata_bytes);
    if (!ss_is_utf8(metadata, metadata_bytes))
        return ss_fail(SS_INVALID, "the metadata is not well-formed UTF-8; encode it as such");
    if (options->kind < SS_FIXED_ARRAY || options->kind > SS_STREAM)
        return ss_fail(SS_INVALID, "there is no kind %d; use SS_FIXED_ARRAY, SS_VARIABLE_ARRAY or SS_STREAM",
                       options->kind);
    if (options->capacity < 1)
        return ss_fail(SS_INVALID, "a segment of 0 elements is not possible; give a capacity of at least 1");
    const int is_stream = options->kind == SS_STREAM;
    if (options->buffer_count > SS_MOST_BUFFERS)
        return ss_fail(SS_INVALID, "%u buffers are not possible; give 1 to 16", options->buffer_count);
    if (is_stream && options->buffer_count > 1)
        return ss_fail(SS_INVALID, "a stream of %u buffers is not possible; give 1", options->buffer_count);
    const uint64_t payload = ss_least_payload_offset(layout_bytes, metadata_bytes);
    const uint64_t most = ((uint64_t)PTRDIFF_MAX / 2 - payload) / SS_MOST_BUFFERS / size;
    if (options->capacity > most)
        return ss_fail(SS_INVALID,
                       "%llu elements of %llu bytes are more than a machine can address; give a smaller capacity",
                       (unsigned long long)options->capacity, (unsigned long long)size);
    memcpy(header->magic, SS_MEMORY_MAGIC, 8);
    header->version = SS_FORMAT_VERSION;
    header->payload_offset = (uint32_t)payload;
    header->capacity = options->capacity;
    header->element_size = (uint32_t)size;
    header->element_alignment = (uint32_t)alignment;
    header->layout_offset = SS_HEADER_BYTES;
    header->layout_bytes = (uint32_t)layout_bytes;
    header->fingerprint = ss_fnv64(layout, layout_bytes);
    header->stride = ss_round_up(options->capacity * size, SS_STRIDE_ALIGNMENT);
    header->buffer_count = options->buffer_count != 0                      ? options->buffer_count
                         : is_stream                                       ? 1
                         : options->capacity * size <= SS_FOUR_BUFFERS / 4 ? 4
                                                                           : 2;
    header->size = payload + header->buffer_count * header->stride;
    header->kind = (uint32_t)options->kind;
    header->metadata_offset = (uint32_t)ss_metadata_offset(layout_bytes, metadata_bytes);
    header->metadata_bytes = (uint32_t)metadata_bytes;
    header->table[0].count = options->kind == SS_FIXED_ARRAY ? options->capacity : 0;
    return 0;
}

ss_segment *ss_create(const char *name, const char *layout, const ss_options *options)
{
    char file[512], temporary[SS_PATH_BYTES];
    ss_header planned = {.magic = ""};
    if (ss_file_name(name, file, sizeof file) != 0)
        return NULL;
    if (name[0] == '@') {
        ss_fail(SS_INVALID, "\"%s\" begins with \"@\", as only names of mirrors of other hosts do; choose another name",
                name);
        return NULL;
    }
    if (!ss_is_given(layout, "the layout is NULL; write it as \"f64\" or \"Point{x:f64@0;y:f64@8}/16\"")
        || !ss_is_given(options, "the options are NULL; give an ss_options with a capacity")
        || ss_plan(&planned, layout, options) != 0)
        return NULL;
    const int has_memfd = !SS_FLOCK;
    int backend = options->backend;
    if (backend != SS_AUTOMATIC && backend != SS_POSIX && !(has_memfd && backend == SS_MEMFD)) {
        ss_fail(SS_INVALID, "this system lacks the backend %d; use SS_AUTOMATIC, which selects an available one",
                backend);
        return NULL;
    }
    if (ss_is_beyond_machine(planned.size)) {
        ss_fail(SS_OUT_OF_MEMORY, "the machine does not have %llu bytes left; ask for a smaller size",
                (unsigned long long)planned.size);
        return NULL;
    }
    if (backend == SS_AUTOMATIC)
        backend = has_memfd && !ss_lacks_memfd() ? SS_MEMFD : SS_POSIX;
    for (int tries = 0; tries < SS_CREATE_TRIES; ++tries) {
        ss_segment *segment = ss_new();
        ss_record found;
        if (!segment)
            return NULL;
        int code = ss_folder(segment->folder, sizeof segment->folder, 1);
        if (code != 0) {
            ss_close(segment);
            return NULL;
        }
        ss_print(segment->path, sizeof segment->path, "%s/%s", segment->folder, file);
        const int other =
            ss_find(segment->folder, segment->path, name, &found, SS_LOCK_TRIES); /* sweeps a dead owner's */
        if (other == SS_LOOK_UP_AGAIN) {
            ss_close(segment);
            continue;
        }
        if (other != SS_NOT_FOUND) {
            if (other >= 0) {
                close(other);
                ss_fail(SS_TAKEN, "a living owner has the name \"%s\": process %llu; open it, or choose another name",
                        name, (unsigned long long)found.pid);
            }
            ss_close(segment);
            return NULL;
        }

        ss_record *record = &segment->record;
        ss_header *header = &segment->header;
        *header = planned;
        memcpy(record->magic, SS_RECORD_MAGIC, 8);
        record->version = SS_FORMAT_VERSION;
        record->backend = (uint32_t)backend;
        record->kind = header->kind;
        record->size = header->size;
        if (!ss_random(record->instance, 16)) {
            ss_system("making", "an instance id");
            ss_close(segment);
            return NULL;
        }
        memcpy(header->instance, record->instance, 16);
        record->pid = header->pid = (uint64_t)getpid();
        record->descriptor = -1;
        record->name_bytes = (uint32_t)strlen(name);
        memcpy(record->name, name, record->name_bytes);
        ss_to_hex(record->instance, segment->hex);
        if (backend == SS_POSIX)
            ss_print(record->object, sizeof record->object, "/ss-%.22s", segment->hex);
        header->created = ss_now();
        segment->layout = strdup(layout);
        segment->metadata = strdup(options->metadata ? options->metadata : "");
        ss_print(temporary, sizeof temporary, "%s/.%s.new", segment->folder, segment->hex);
        ss_blocked_signals blocked;
        ss_block_signals(&blocked);
        code = segment->layout && segment->metadata
                 ? ss_try_create(segment, temporary)
                 : ss_fail(SS_OUT_OF_MEMORY, "there is no memory for the text of a segment; free some");
        ss_unblock_signals(&blocked);
        if (code == 0)
            return segment;
        unlink(temporary);
        segment->path[0] = '\0'; /* another owner's record */
        ss_close(segment);
        /* SS_NOT_FOUND: a sweeper removed the new record before it was locked. */
        if (code != SS_TAKEN && code != SS_NOT_FOUND)
            return NULL;
    }
    ss_fail(SS_TAKEN, "other processes keep taking and leaving the name \"%s\"; try again", name);
    return NULL;
}

/* --- Notification --- */

static void ss_doorbell_path(const ss_segment *segment, int slot, uint32_t generation, char *path, size_t size)
{
    ss_print(path, size, "%s/.%s.%d.%u.bell", segment->folder, segment->hex, slot, generation);
}

/* Opens a doorbell; if no descriptor is left, uses the reserve. */
static int ss_open_doorbell(ss_segment *segment, const char *path)
{
    const int flags = O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW;
    int doorbell = open(path, flags);
    if (doorbell == -1 && (errno == EMFILE || errno == ENFILE) && segment->reserve != -1) {
        ss_forget(&segment->reserve);
        doorbell = open(path, flags);
    }
#ifdef __APPLE__
    if (doorbell != -1)
        fcntl(doorbell, F_SETNOSIGPIPE, 1);
#endif
    return doorbell;
}

/* Notifies a doorbell. Returns 1 if notified, 0 if unknown, -1 if its listener is dead or has to claim another slot. */
static int ss_notify_doorbell(ss_segment *segment, const char *path)
{
    ss_take_reserve(segment);
    int doorbell = ss_open_doorbell(segment, path);
    const int number = errno;
    struct stat info;
    const int is_fifo = doorbell != -1 && fstat(doorbell, &info) == 0 && S_ISFIFO(info.st_mode);
    const int is_notified = is_fifo && (write(doorbell, "\1", 1) == 1 || errno == EAGAIN);
    const int is_dead = !is_notified
                     && (doorbell != -1 ? !is_fifo || errno == EPIPE
                                        : number == ENXIO || number == ENOENT || number == EISDIR || number == ELOOP);
    ss_shut(&doorbell);
    ss_take_reserve(segment);
    return is_notified ? 1 : is_dead ? -1 : 0;
}

/* Notifies all doorbells of the segment in the folder, whatever the record contains. */
static void ss_notify_folder(ss_segment *segment)
{
    struct
    {
        unsigned slot, generation;
    } doorbells[4 * SS_LISTENERS];
    size_t count = 0;
    DIR *folder = opendir(segment->folder);
    if (!folder && (errno == EMFILE || errno == ENFILE)) {
        ss_forget(&segment->reserve);
        folder = opendir(segment->folder);
    }
    /* Collect first and close the folder: notifying may need its descriptor. */
    for (struct dirent *entry;
         folder && count < sizeof doorbells / sizeof *doorbells && (entry = readdir(folder)) != NULL;) {
        int end = 0;
        if (entry->d_name[0] == '.' && strncmp(entry->d_name + 1, segment->hex, 32) == 0
            && sscanf(entry->d_name + 33, ".%u.%u.bell%n", &doorbells[count].slot, &doorbells[count].generation, &end)
                   == 2
            && end > 0 && doorbells[count].slot < SS_LISTENERS)
            ++count;
    }
    if (folder)
        closedir(folder);
    for (size_t i = 0; i < count; ++i) {
        char path[SS_PATH_BYTES];
        ss_doorbell_path(segment, (int)doorbells[i].slot, doorbells[i].generation, path, sizeof path);
        ss_notify_doorbell(segment, path);
    }
}

/* Owner only: restores the lost parts of the record and wakes all listeners, so that they claim a slot again. */
static int ss_restore(ss_segment *segment)
{
    struct stat info;
    const uint32_t mark = ss_mark_value();
    const size_t header = sizeof segment->record;
    const int is_restored = fstat(segment->file, &info) == 0
                         && (info.st_size >= SS_RECORD_BYTES || ftruncate(segment->file, SS_RECORD_BYTES) == 0)
                         && pwrite(segment->file, &segment->record, header, 0) == (ssize_t)header
                         && pwrite(segment->file, &mark, sizeof mark, SS_MARK) == (ssize_t)sizeof mark
                         && !ss_is_lost(segment);
    ss_notify_folder(segment);
    return is_restored
             ? 0
             : ss_fail(SS_CORRUPT, "the record \"%s\" was damaged and cannot be restored; create the segment again",
                       segment->path);
}

static void ss_notify_slot(ss_segment *segment, int slot, int all)
{
    const size_t offset = ss_slot_offset(slot);
    uint64_t seen = ss_load(segment, offset);
    const uint32_t state = (uint32_t)seen;
    if (state != SS_ARMED && !(all && state == SS_LISTENING))
        return;
    char path[SS_PATH_BYTES];
    ss_doorbell_path(segment, slot, ss_load_half(segment, offset + SS_SLOT_GENERATION), path, sizeof path);
    const int answer = ss_notify_doorbell(segment, path);
    if (answer == 0)
        return; /* the next publication tries again */
    if (ss_swap(segment, offset, &seen, (seen & ~UINT64_C(0xffffffff)) | (answer > 0 ? SS_LISTENING : SS_FREE))) {
        if (state == SS_ARMED)
            ss_lower_armed(segment);
        if (answer < 0)
            unlink(path);
    }
}

/* Notifies the armed listeners, or all. Never blocks. */
static int ss_notify(ss_segment *segment, int all)
{
    int code = 0;
    atomic_thread_fence(memory_order_seq_cst);
    const int has_armed = ss_load_half(segment, SS_ARMED_COUNT) != 0;
    const int is_whole = ss_load_half(segment, SS_MARK) == ss_mark_value();
    if (is_whole && !all && !has_armed)
        return 0;
    ss_blocked_signals blocked;
    ss_block_signals(&blocked);
    for (int slot = 0; slot < SS_LISTENERS && (all || has_armed); ++slot)
        ss_notify_slot(segment, slot, all);
    /* Check last: listeners whose slots were lost until now were not notified. */
    if (ss_load_half(segment, SS_MARK) != ss_mark_value())
        code = ss_restore(segment);
    ss_unblock_signals(&blocked);
    return code;
}

/* Whether the slot can be claimed; frees a dead listener's slot. The caller holds the slot's lock. */
static int ss_is_claimable(ss_segment *segment, int slot, uint64_t *seen)
{
    const size_t offset = ss_slot_offset(slot);
    *seen = ss_load(segment, offset);
    const uint32_t state = (uint32_t)*seen;
    if (state == SS_FREE || state == SS_CLAIMING) /* claiming without a lock: left by a dead process */
        return 1;
    if (state != SS_LISTENING && state != SS_ARMED)
        return 0;
    char path[SS_PATH_BYTES];
    ss_doorbell_path(segment, slot, ss_load_half(segment, offset + SS_SLOT_GENERATION), path, sizeof path);
    if (ss_has_reader(path) != 0)
        return 0;
    const uint64_t freed = (*seen & ~UINT64_C(0xffffffff)) | SS_FREE;
    if (!ss_swap(segment, offset, seen, freed))
        return 0;
    if (state == SS_ARMED)
        ss_lower_armed(segment);
    unlink(path);
    *seen = freed;
    return 1;
}

static int ss_make_doorbell(ss_segment *segment, int slot)
{
    const size_t generation = ss_slot_offset(slot) + SS_SLOT_GENERATION;
    char path[SS_PATH_BYTES];
    for (int tries = 0; tries < 4; ++tries) {
        segment->generation = ss_load_half(segment, generation) + 1;
        ss_store_half(segment, generation, segment->generation);
        ss_doorbell_path(segment, slot, segment->generation, path, sizeof path);
        if (mkfifo(path, 0600) == -1)
            continue;
        chmod(path, 0600); /* despite the umask */
        ss_lock_process();
        segment->doorbell = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
        ss_unlock_process();
        if (segment->doorbell != -1)
            return 1;
    }
    return 0;
}

/* Whether the doorbell is still at the path that publishers open. */
static int ss_is_doorbell_linked(const ss_segment *segment)
{
    char path[SS_PATH_BYTES];
    ss_doorbell_path(segment, segment->slot, segment->generation, path, sizeof path);
    return ss_is_linked(segment->doorbell, path);
}

/* Watches for other programs that remove the doorbell or change the record's file. */
static void ss_watch_files(ss_segment *segment)
{
#ifdef __linux__
    char path[SS_PATH_BYTES];
    const uint32_t gone = IN_MOVE_SELF | IN_DELETE_SELF | IN_ATTRIB;
    ss_doorbell_path(segment, segment->slot, segment->generation, path, sizeof path);
    segment->doorbell_watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (segment->doorbell_watch == -1)
        return;
    if (inotify_add_watch(segment->doorbell_watch, path, gone | IN_DONT_FOLLOW) == -1
        || inotify_add_watch(segment->doorbell_watch, segment->path, gone | IN_MODIFY | IN_DONT_FOLLOW) == -1
        || inotify_add_watch(segment->doorbell_watch, segment->folder, gone | IN_ONLYDIR) == -1)
        ss_forget(&segment->doorbell_watch);
#else
    (void)segment;
#endif
}

/* Claims a listener's slot. Returns 0 if no slot is available. */
static int ss_claim(ss_segment *segment)
{
    /* A descriptor for the lock alone: the mapping would keep a lock of the mapped descriptor. */
    const int file = open(segment->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat own, named;
    if (file == -1)
        return 0;
    if (fstat(file, &named) == -1 || fstat(segment->file, &own) == -1 || own.st_ino != named.st_ino
        || !ss_is_long(segment)) {
        close(file); /* another instance's record by now, or truncated */
        return 0;
    }
    for (int slot = 0; slot < SS_LISTENERS && segment->slot == -1; ++slot) {
        const off_t byte = (off_t)ss_slot_offset(slot);
        uint64_t seen;
        const int held = ss_hold(segment->folder, file, byte);
        if (held == -1 && SS_FLOCK)
            break; /* one lock for all slots */
        if (held == -1)
            continue;
        if (ss_is_claimable(segment, slot, &seen)) {
            segment->ticket = (uint32_t)(seen >> 32) + 1;
            const uint64_t ticket = (uint64_t)segment->ticket << 32;
            if (ss_swap(segment, ss_slot_offset(slot), &seen, ticket | SS_CLAIMING)) {
                ss_store_half(segment, ss_slot_offset(slot) + SS_SLOT_PID, (uint32_t)getpid());
                ss_store_half(segment, ss_slot_offset(slot) + SS_SLOT_PID + 4, 0);
                const int has_doorbell = ss_make_doorbell(segment, slot);
                uint64_t claiming = ticket | SS_CLAIMING;
                ss_swap(segment, ss_slot_offset(slot), &claiming, ticket | (has_doorbell ? SS_LISTENING : SS_FREE));
                if (has_doorbell)
                    segment->slot = slot;
            }
        }
        ss_release(held, byte);
    }
    close(file);
    if (segment->slot != -1)
        ss_watch_files(segment);
    return segment->slot != -1;
}

/* Arms the slot, so that the next publication notifies. Returns 0 if the slot is lost. */
static int ss_arm(ss_segment *segment)
{
    const size_t offset = ss_slot_offset(segment->slot);
    for (int tries = 0; tries < 1000; ++tries) {
        uint64_t seen = ss_load(segment, offset);
        const uint32_t state = (uint32_t)seen;
        if ((uint32_t)(seen >> 32) != segment->ticket || (state != SS_LISTENING && state != SS_ARMED)
            || ss_load_half(segment, offset + SS_SLOT_GENERATION) != segment->generation)
            return 0;
        if (state == SS_LISTENING)
            ss_raise_armed(segment);
        const uint64_t armed = (uint64_t)(segment->ticket + 1) << 32 | SS_ARMED;
        if (ss_swap(segment, offset, &seen, armed)) {
            ++segment->ticket;
            atomic_thread_fence(memory_order_seq_cst);
            return 1;
        }
        if (state == SS_LISTENING)
            ss_lower_armed(segment);
    }
    return 0;
}

static void ss_leave(ss_segment *segment)
{
    if (segment->slot == -1)
        return;
    const size_t offset = ss_slot_offset(segment->slot);
    uint64_t seen = ss_load(segment, offset);
    /* Also in what is left of a truncated record: its publisher restores the rest. */
    while (ss_reaches(segment, offset + SS_SLOT_BYTES) && (uint32_t)(seen >> 32) == segment->ticket
           && ((uint32_t)seen == SS_LISTENING || (uint32_t)seen == SS_ARMED)) {
        const int was_armed = (uint32_t)seen == SS_ARMED;
        if (ss_swap(segment, offset, &seen, (uint64_t)segment->ticket << 32 | SS_FREE)) {
            if (was_armed)
                ss_lower_armed(segment);
            break;
        }
    }
    char path[SS_PATH_BYTES];
    ss_doorbell_path(segment, segment->slot, segment->generation, path, sizeof path);
    if (ss_is_linked(segment->doorbell, path))
        unlink(path);
    ss_forget(&segment->doorbell);
    ss_forget(&segment->doorbell_watch);
    segment->slot = -1;
}

/* A truncated record has no state; then only the lock counts. */
static uint32_t ss_state(int file)
{
    uint32_t state;
    return pread(file, &state, sizeof state, SS_STATE) == (ssize_t)sizeof state ? state : SS_STATE_LIVE;
}

static int ss_is_live(int file)
{
    return ss_state(file) == SS_STATE_LIVE && ss_has_owner(file);
}

int ss_source(const ss_segment *segment)
{
    if (!ss_is_segment(segment))
        return SS_INVALID;
    if (segment->record.name[0] != '@')
        return SS_HERE;
    uint32_t source = SS_NOT_REACHABLE;
    const ssize_t size = pread(segment->file, &source, sizeof source, SS_SOURCE);
    return size == (ssize_t)sizeof source && source == SS_REACHABLE ? SS_REACHABLE : SS_NOT_REACHABLE;
}

int ss_is_owned(const ss_segment *segment)
{
    if (!ss_is_segment(segment))
        return 0;
    if (!segment->is_owner)
        return ss_is_live(segment->file);
    if (ss_is_mine(segment))
        return 1;
    /* A child of the owner: through the inherited descriptor it would not see the owner's lock. */
    uint8_t instance[16];
    const int file = open(segment->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    const int is_owned = file != -1 && pread(file, instance, 16, 16) == 16
                      && memcmp(instance, segment->record.instance, 16) == 0 && ss_is_live(file);
    if (file != -1)
        close(file);
    return is_owned;
}

/* A descriptor with an event once the owner is gone or has become another program; or -1. */
static int ss_watch(const ss_segment *segment)
{
    const pid_t pid = (pid_t)segment->record.pid;
#ifdef __linux__
    char path[SS_PATH_BYTES], byte;
    struct stat info;
    ss_mark_path(segment->folder, segment->hex, path, sizeof path);
    int mark = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
    if (mark != -1 && fstat(mark, &info) == 0 && S_ISFIFO(info.st_mode) && read(mark, &byte, 1) != 0)
        return mark;
    ss_shut(&mark);
    return (int)syscall(SYS_pidfd_open, pid, 0);
#else
    const int queue = kqueue();
    struct kevent change;
    EV_SET(&change, (uintptr_t)pid, EVFILT_PROC, EV_ADD | EV_ONESHOT, NOTE_EXIT | NOTE_EXEC, 0, NULL);
    if (queue == -1 || kevent(queue, &change, 1, NULL, 0, NULL) == 0)
        return queue;
    close(queue);
    return -1;
#endif
}

/* Monotonic time in ns; fits an int64_t. */
static int64_t ss_monotonic(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Whether the next publication notifies. Makes a new doorbell if another program has removed it. */
static int ss_listen(ss_segment *segment)
{
    if (!segment->shared_record && (!ss_is_long(segment) || ss_map_record(segment, segment->file) != 0))
        return 0;
    if (segment->slot != -1 && ss_is_long(segment) && ss_is_doorbell_linked(segment) && ss_arm(segment)
        && ss_is_long(segment) && ss_is_doorbell_linked(segment))
        return 1;
    ss_leave(segment);
    return ss_claim(segment) && ss_arm(segment) && ss_is_doorbell_linked(segment);
}

int ss_wait(ss_segment *segment, uint64_t seen, int milliseconds)
{
    if (!ss_is_segment(segment))
        return SS_INVALID;
    if (!ss_is_mine(segment))
        return ss_refuse(segment);
    const int64_t begin = ss_monotonic(), longest = (int64_t)milliseconds * 1000000;
    if (segment->owner_watch == -1 && !segment->is_owner && !segment->is_owner_gone)
        segment->owner_watch = ss_watch(segment);
    for (;;) {
        /* Without a slot, poll: listener 113 has none. */
        const int has_doorbell = ss_listen(segment);
        if (ss_revision(segment) != seen)
            return SS_UPDATED;
        /* Check after setting up the watch: another process may have the pid. */
        if (!ss_is_owned(segment))
            return ss_state(segment->file) == SS_STATE_REPLACED ? SS_REPLACED : SS_ORPHANED;
        const int64_t left = longest - (ss_monotonic() - begin);
        if (milliseconds >= 0 && left <= 0)
            return SS_TIMEOUT;
        struct pollfd events[3] = {{has_doorbell ? segment->doorbell : -1, POLLIN, 0},
                                   {segment->owner_watch, POLLIN, 0},
                                   {has_doorbell ? segment->doorbell_watch : -1, POLLIN, 0}};
        int most = milliseconds < 0 ? -1 : (int)((left + 999999) / 1000000);
        const int polling = !has_doorbell || (segment->owner_watch == -1 && !segment->is_owner) ? SS_POLLING
                          : segment->doorbell_watch == -1                                       ? SS_CHECKING
                                                                                                : most;
        if (polling >= 0 && (most < 0 || most > polling))
            most = polling;
        if (poll(events, 3, most) == -1 && errno != EINTR)
            return ss_system("poll", "");
        char bytes[4096];
        if (events[0].revents) {
            while (read(segment->doorbell, bytes, sizeof bytes) > 0) { }
        }
        if (events[2].revents) {
            while (read(segment->doorbell_watch, bytes, sizeof bytes) > 0) { }
        }
        /* Bytes in the mark have no meaning. If the owner is gone but the lock is still held, for a moment or by a child that was made
         * without fork handlers, stop watching: the watch reports nothing more. */
        const int is_reported = events[1].revents && read(segment->owner_watch, bytes, sizeof bytes) <= 0;
        if (is_reported && ss_is_owned(segment)) {
            ss_forget(&segment->owner_watch);
            segment->is_owner_gone = 1;
        }
    }
}

/* --- Waiting for a name --- */

/* Whether an attempt to open that failed like this can succeed later. */
static int ss_can_pass(int code)
{
    return code == SS_NOT_FOUND || code == SS_BUSY || code == SS_SYSTEM || code == SS_OUT_OF_MEMORY;
}

/* Watches the folder for new names. Returns -1 if the system does not support that. */
static int ss_watch_folder(const char *folder)
{
#ifdef __linux__
    const int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (watch == -1
        || inotify_add_watch(watch, folder,
                             IN_CREATE | IN_MOVED_TO | IN_MOVE_SELF | IN_DELETE_SELF | IN_ATTRIB | IN_ONLYDIR)
               != -1)
        return watch;
    close(watch);
#else
    (void)folder;
#endif
    return -1;
}

static ss_segment *ss_await(const char *name, int is_stream, int milliseconds)
{
    const int64_t begin = ss_monotonic(), longest = (int64_t)milliseconds * 1000000;
    /* Holds the wish and the watch, so that a forked child closes its copies. */
    ss_segment *const waiting = ss_new();
    if (!waiting)
        return NULL;
    for (;;) {
        ss_segment *const segment = ss_open_kind(name, is_stream);
        const int64_t left = longest - (ss_monotonic() - begin);
        if (segment || !ss_can_pass(ss_code) || (milliseconds >= 0 && left <= 0)) {
            ss_close(waiting);
            return segment;
        }
        const int has_folder = ss_folder(waiting->folder, sizeof waiting->folder, 0) == 0;
        if (has_folder)
            ss_wish(waiting, name);
        if (has_folder && waiting->doorbell_watch == -1) {
            waiting->doorbell_watch = ss_watch_folder(waiting->folder);
            if (waiting->doorbell_watch != -1)
                continue; /* It may have appeared before there was a watch. */
        }
        struct pollfd event = {waiting->doorbell_watch, POLLIN, 0};
        int most = waiting->doorbell_watch == -1 ? SS_POLLING : SS_CHECKING;
        if (milliseconds >= 0 && left / 1000000 < most)
            most = (int)((left + 999999) / 1000000);
        if (poll(&event, 1, most) > 0)
            ss_forget(&waiting->doorbell_watch); /* The path may lead to another folder by now. */
    }
}

ss_segment *ss_open_wait(const char *name, int milliseconds)
{
    return ss_await(name, 0, milliseconds);
}

ss_segment *ss_open_stream_wait(const char *name, int milliseconds)
{
    return ss_await(name, 1, milliseconds);
}

/* --- Buffers --- */

uint64_t ss_revision(const ss_segment *segment)
{
    if (!ss_is_segment(segment))
        return 0;
    return atomic_load_explicit(ss_word(segment->memory, offsetof(ss_header, revision)), memory_order_acquire);
}

/* Copies whole words and loads each once: the writer may be writing them. */
static void ss_copy(void *to, const uint8_t *from, size_t size)
{
    uint8_t *bytes = to;
    size_t at = 0;
    for (; at + 8 <= size; at += 8) {
        const uint64_t word = atomic_load_explicit(ss_word(from, at), memory_order_relaxed);
        memcpy(bytes + at, &word, 8);
    }
    if (at < size) { /* Buffers are padded to 64 bytes. */
        const uint64_t word = atomic_load_explicit(ss_word(from, at), memory_order_relaxed);
        memcpy(bytes + at, &word, size - at);
    }
}

/* Where the entry of a revision lies in the memory. */
static const uint8_t *ss_entry_of(const ss_segment *segment, uint64_t revision)
{
    return segment->memory + offsetof(ss_header, table)
         + (size_t)(revision % segment->header.buffer_count) * sizeof(ss_entry);
}

static uint8_t *ss_buffer_of(const ss_segment *segment, uint64_t revision)
{
    const ss_header *header = &segment->header;
    return segment->memory + header->payload_offset + revision % header->buffer_count * header->stride;
}

static uint64_t ss_load_relaxed(const uint8_t *base, size_t offset)
{
    return atomic_load_explicit(ss_word(base, offset), memory_order_relaxed);
}

static void ss_store_relaxed(const uint8_t *base, size_t offset, uint64_t value)
{
    atomic_store_explicit(ss_word(base, offset), value, memory_order_relaxed);
}

int64_t ss_read(const ss_segment *segment, void *to, size_t size, ss_revision_info *info)
{
    if (!ss_is_segment(segment) || !ss_is_given(to, "the destination is NULL; give it ss_size() bytes"))
        return SS_INVALID;
    const ss_header *header = &segment->header;
    if (header->kind == SS_STREAM)
        return ss_fail(SS_INVALID,
                       "\"%.255s\" is a stream, and its elements are read one after the other; use ss_read_new()",
                       segment->record.name);
    if (size < ss_size(segment))
        return ss_fail(SS_INVALID, "a revision has up to %zu bytes, and the destination %zu; give it ss_size() bytes",
                       ss_size(segment), size);
    int tries = 0;
    for (size_t copied = 0; tries < SS_READ_TRIES || (tries < SS_SHORT_READ_TRIES && copied < SS_TRIED_BYTES);
         ++tries) {
        const uint64_t revision = ss_revision(segment);
        const uint8_t *const entry = ss_entry_of(segment, revision);
        if (atomic_load_explicit(ss_word(entry, 0), memory_order_acquire) != 2 * revision)
            continue;
        /* A writer may be changing the count: it bounds the copy only if it is possible, and is a count only once it is accepted. */
        const uint64_t count = header->kind == SS_VARIABLE_ARRAY ? ss_load_relaxed(entry, offsetof(ss_entry, count))
                                                                 : header->capacity;
        if (count > header->capacity)
            continue;
        const size_t bytes = (size_t)(count * header->element_size);
        ss_copy(to, ss_buffer_of(segment, revision), bytes);
        copied += bytes;
        const ss_revision_info found = {revision, (int64_t)ss_load_relaxed(entry, offsetof(ss_entry, timestamp)),
                                        (int64_t)ss_load_relaxed(entry, offsetof(ss_entry, source_timestamp)), count};
        atomic_thread_fence(memory_order_acquire);
        if (ss_load_relaxed(entry, 0) != 2 * revision)
            continue;
        if (info)
            *info = found;
        return (int64_t)count;
    }
    if (header->buffer_count == 1 && !ss_is_owned(segment))
        return ss_fail(
            SS_CORRUPT,
            "the only buffer of \"%.255s\" was interrupted while being written, and its owner is gone; have it created with two buffers or more",
            segment->record.name);
    return ss_fail(SS_BUSY,
                   "\"%.255s\" was being written to each of %d times; try again, or have it created with more buffers",
                   segment->record.name, tries);
}

/* Whether this process may write to the segment. Returns 0 or a negative code. */
static int ss_check_writer(ss_segment *segment)
{
    if (!segment->is_owner)
        return ss_fail(SS_INVALID, "\"%.255s\" has a single writer, its owner; write in the process that created it",
                       segment->record.name);
    return ss_is_mine(segment) ? 0 : ss_refuse(segment);
}

static int ss_check_whole(const ss_segment *segment, size_t size)
{
    if (size % segment->header.element_size == 0)
        return 0;
    return ss_fail(
        SS_INVALID,
        "elements have %u bytes each, and %zu are not a whole number of them; give the bytes of whole elements",
        segment->header.element_size, size);
}

int64_t ss_publish(ss_segment *segment, const void *bytes, size_t size)
{
    if (!ss_is_segment(segment))
        return SS_INVALID;
    const ss_header *header = &segment->header;
    if (header->kind == SS_STREAM)
        return ss_fail(SS_INVALID, "\"%.255s\" is a stream, which has no revision to replace; use ss_append()",
                       segment->record.name);
    const int is_variable = header->kind == SS_VARIABLE_ARRAY;
    if (!(is_variable && size == 0) && !ss_is_given(bytes, "the bytes to publish are NULL; give ss_size() bytes"))
        return SS_INVALID;
    const int refused = ss_check_writer(segment);
    if (refused != 0)
        return refused;
    if (is_variable ? size > ss_size(segment) : size != ss_size(segment))
        return ss_fail(SS_INVALID, "a revision has %s%zu bytes, not %zu; publish ss_size() bytes%s",
                       is_variable ? "at most " : "", ss_size(segment), size, is_variable ? " or fewer" : "");
    if (ss_check_whole(segment, size) != 0)
        return SS_INVALID;
    const uint64_t revision = ss_revision(segment) + 1;
    const uint8_t *const entry = ss_entry_of(segment, revision);
    uint8_t *const to = ss_buffer_of(segment, revision);
    ss_store_relaxed(entry, 0, 2 * revision - 1);
    atomic_thread_fence(memory_order_release);
    const uint8_t *from = bytes;
    size_t at = 0;
    for (; at + 8 <= size; at += 8) {
        uint64_t word;
        memcpy(&word, from + at, 8);
        ss_store_relaxed(to, at, word);
    }
    if (at < size) {
        uint64_t word = 0;
        memcpy(&word, from + at, size - at);
        ss_store_relaxed(to, at, word);
    }
    ss_store_relaxed(entry, offsetof(ss_entry, timestamp), (uint64_t)ss_now());
    ss_store_relaxed(entry, offsetof(ss_entry, count), size / header->element_size);
    ss_store_relaxed(entry, offsetof(ss_entry, source_timestamp), 0);
    atomic_store_explicit(ss_word(entry, 0), 2 * revision, memory_order_release);
    atomic_store_explicit(ss_word(segment->memory, offsetof(ss_header, revision)), revision, memory_order_release);
    const int code = ss_notify(segment, 0);
    return code < 0 ? code : (int64_t)revision;
}

/* --- Streams --- */

/* In the position of an entry of the table while it changes. */
#define SS_CHANGING UINT64_MAX

static uint64_t ss_smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t ss_larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* An element before the result may have been overwritten, or is being overwritten. */
static uint64_t ss_oldest_before(const ss_segment *segment, uint64_t end)
{
    const uint64_t reserved = ss_load_relaxed(segment->memory, offsetof(ss_header, reserved));
    const uint64_t last = ss_larger(end, reserved), capacity = segment->header.capacity;
    return last > capacity ? ss_smaller(last - capacity, end) : 0;
}

/* Copy bytes that the writer may be writing, or readers reading: each once, and no other byte. Elements need no alignment. */
static void ss_load_bytes(uint8_t *to, const uint8_t *shared, size_t size)
{
    size_t at = 0;
    for (; at < size && (uintptr_t)(shared + at) % 8 != 0; ++at)
        to[at] = atomic_load_explicit((_Atomic uint8_t *)(uintptr_t)(shared + at), memory_order_relaxed);
    for (; size - at >= 8; at += 8) {
        const uint64_t word = ss_load_relaxed(shared, at);
        memcpy(to + at, &word, 8);
    }
    for (; at < size; ++at)
        to[at] = atomic_load_explicit((_Atomic uint8_t *)(uintptr_t)(shared + at), memory_order_relaxed);
}

static void ss_store_bytes(uint8_t *shared, const uint8_t *from, size_t size)
{
    size_t at = 0;
    for (; at < size && (uintptr_t)(shared + at) % 8 != 0; ++at)
        atomic_store_explicit((_Atomic uint8_t *)(shared + at), from[at], memory_order_relaxed);
    for (; size - at >= 8; at += 8) {
        uint64_t word;
        memcpy(&word, from + at, 8);
        ss_store_relaxed(shared, at, word);
    }
    for (; at < size; ++at)
        atomic_store_explicit((_Atomic uint8_t *)(shared + at), from[at], memory_order_relaxed);
}

/* Where elements from number `first` on lie: `before` of these bytes there, and the others at the start of the ring buffer. */
static uint8_t *ss_place_of(const ss_segment *segment, uint64_t first, size_t size, size_t *before)
{
    const ss_header *const header = &segment->header;
    const size_t at = (size_t)(first % header->capacity * header->element_size);
    const size_t until_end = (size_t)(header->capacity * header->element_size) - at;
    *before = size < until_end ? size : until_end;
    return segment->memory + header->payload_offset + at;
}

/* The time of the append that ended at this position; zeros unless it is one of the newest two. */
static void ss_time_at(const ss_segment *segment, uint64_t position, ss_revision_info *info)
{
    for (uint64_t i = 0; i < 2; ++i) {
        const uint8_t *const entry = segment->memory + offsetof(ss_header, table) + (size_t)i * sizeof(ss_entry);
        if (atomic_load_explicit(ss_word(entry, 0), memory_order_acquire) != position)
            continue;
        const uint64_t timestamp = ss_load_relaxed(entry, offsetof(ss_entry, timestamp));
        const uint64_t source = ss_load_relaxed(entry, offsetof(ss_entry, source_timestamp));
        atomic_thread_fence(memory_order_acquire);
        if (ss_load_relaxed(entry, 0) != position)
            continue;
        info->timestamp = (int64_t)timestamp;
        info->source_timestamp = (int64_t)source;
        return;
    }
}

static int ss_is_stream(const ss_segment *segment)
{
    if (!ss_is_segment(segment))
        return 0;
    return segment->header.kind == SS_STREAM
        || ss_fail(SS_INVALID, "\"%.255s\" is an array, which has no positions; use ss_read() and ss_publish()",
                   segment->record.name)
               == 0;
}

/* Copies at most `most` elements from number `*first` on, at most the capacity. Returns their number. What was overwritten is skipped:
 * `*first` becomes the number of the first one, and `*lost` the number of those skipped. */
static uint64_t ss_read_elements(const ss_segment *segment, uint64_t *first, uint64_t *lost, uint8_t *to, uint64_t most)
{
    const size_t element = segment->header.element_size;
    uint64_t newest = ss_revision(segment), count = 0;
    const uint64_t begin = ss_smaller(*first, newest); /* A damaged position may be anywhere. */
    uint64_t at = begin;
    for (int tries = 0; tries < SS_OVERWRITTEN_TRIES; ++tries) {
        at = ss_larger(at, ss_oldest_before(segment, newest));
        const uint64_t end = at + ss_smaller(newest - at, most);
        if (at == end)
            break;
        const size_t size = (size_t)(end - at) * element;
        size_t before;
        const uint8_t *const place = ss_place_of(segment, at, size, &before);
        ss_load_bytes(to, place, before);
        ss_load_bytes(to + before, segment->memory + segment->header.payload_offset, size - before);
        atomic_thread_fence(memory_order_acquire);
        const uint64_t kept = ss_larger(at, ss_oldest_before(segment, end));
        count = end - kept;
        if (count > 0)
            memmove(to, to + (size_t)(kept - at) * element, (size_t)count * element);
        at = kept;
        if (count > 0)
            break;
        newest = ss_larger(ss_revision(segment), at); /* The writer has overwritten all of them. */
    }
    *first = at;
    *lost = at - begin;
    return count;
}

int64_t ss_read_new(ss_segment *segment, void *to, size_t size, ss_revision_info *info)
{
    if (!ss_is_stream(segment)
        || (size != 0 && !ss_is_given(to, "the destination is NULL; give it the bytes of whole elements"))
        || ss_check_whole(segment, size) != 0)
        return SS_INVALID;
    const size_t element = segment->header.element_size;
    const uint64_t most = size / element, capacity = segment->header.capacity;
    const uint64_t at_once = ss_smaller(ss_larger(SS_STREAM_BYTES / element, 1), capacity);
    const int begins_at_oldest = segment->is_at_oldest;
    /* As often as a writer that is slower than the copy can overtake one of all elements. */
    uint64_t restarts = begins_at_oldest ? capacity / at_once + 1 : 0, count = 0;
    do { /* Without space, too: it counts what is lost so far. */
        uint64_t first = segment->position, lost = 0;
        uint8_t *const target = (uint8_t *)to + (size_t)count * element;
        const uint64_t piece = ss_read_elements(segment, &first, &lost, target, ss_smaller(most - count, at_once));
        if (count > 0 && (lost > 0 || piece == 0)) {
            /* What was lost lies before the elements of one call: the next call counts it. But as long as the caller has nothing,
             * these elements are the oldest. */
            if (piece == 0 || restarts == 0)
                break;
            --restarts;
            memmove(to, target, (size_t)piece * element);
            count = 0;
        }
        segment->position = first + piece;
        if (!begins_at_oldest)
            segment->lost += lost;
        if (piece == 0)
            break;
        segment->is_at_oldest = 0;
        count += piece;
    } while (count < most);
    if (info) {
        const ss_revision_info found = {segment->position, 0, 0, count};
        *info = found;
        ss_time_at(segment, segment->position, info);
    }
    return (int64_t)count;
}

uint64_t ss_position(const ss_segment *segment)
{
    if (!ss_is_stream(segment))
        return 0;
    return segment->is_at_oldest ? ss_oldest_before(segment, ss_revision(segment)) : segment->position;
}

uint64_t ss_available(const ss_segment *segment)
{
    if (!ss_is_stream(segment))
        return 0;
    const uint64_t newest = ss_revision(segment);
    const uint64_t first = ss_larger(segment->position, ss_oldest_before(segment, newest));
    return newest > first ? newest - first : 0;
}

uint64_t ss_lost(const ss_segment *segment)
{
    return ss_is_stream(segment) ? segment->lost : 0;
}

int ss_seek(ss_segment *segment, uint64_t position)
{
    if (!ss_is_stream(segment))
        return SS_INVALID;
    const uint64_t newest = ss_revision(segment);
    segment->is_at_oldest = position == SS_OLDEST;
    segment->position = segment->is_at_oldest ? ss_oldest_before(segment, newest) : ss_smaller(position, newest);
    return 0;
}

/* Appends at most `capacity` elements. Returns the new position. */
static uint64_t ss_append_piece(ss_segment *segment, const uint8_t *bytes, size_t size)
{
    const uint64_t before = ss_revision(segment), after = before + size / segment->header.element_size;
    uint8_t *const memory = segment->memory;
    const uint64_t reserved = ss_load_relaxed(memory, offsetof(ss_header, reserved));
    ss_store_relaxed(memory, offsetof(ss_header, reserved), ss_larger(reserved, after));
    atomic_thread_fence(memory_order_release);
    size_t until_end;
    uint8_t *const place = ss_place_of(segment, before, size, &until_end);
    ss_store_bytes(place, bytes, until_end);
    ss_store_bytes(memory + segment->header.payload_offset, bytes + until_end, size - until_end);
    /* The other entry keeps the time of the newest append until this one is complete. */
    uint8_t *const table = memory + offsetof(ss_header, table);
    uint8_t *const entry = ss_load_relaxed(table, 0) != before ? table : table + sizeof(ss_entry);
    ss_store_relaxed(entry, 0, SS_CHANGING);
    atomic_thread_fence(memory_order_release);
    ss_store_relaxed(entry, offsetof(ss_entry, timestamp), (uint64_t)ss_now());
    ss_store_relaxed(entry, offsetof(ss_entry, source_timestamp), 0);
    atomic_store_explicit(ss_word(entry, 0), after, memory_order_release);
    atomic_store_explicit(ss_word(memory, offsetof(ss_header, revision)), after, memory_order_release);
    return after;
}

int64_t ss_append(ss_segment *segment, const void *bytes, size_t size)
{
    if (!ss_is_segment(segment))
        return SS_INVALID;
    const ss_header *const header = &segment->header;
    if (header->kind != SS_STREAM)
        return ss_fail(SS_INVALID, "\"%.255s\" is an array, to which nothing can be appended; use ss_publish()",
                       segment->record.name);
    if (size != 0 && !ss_is_given(bytes, "the bytes to append are NULL; give those of whole elements"))
        return SS_INVALID;
    const int refused = ss_check_writer(segment);
    if (refused != 0)
        return refused;
    if (ss_check_whole(segment, size) != 0)
        return SS_INVALID;
    const size_t quarter = (size_t)(ss_larger(header->capacity / 4, 1) * header->element_size);
    const size_t most = size <= ss_size(segment) ? size : quarter;
    uint64_t position = ss_revision(segment);
    for (size_t at = 0; at < size;) {
        const size_t piece = size - at < most ? size - at : most;
        position = ss_append_piece(segment, (const uint8_t *)bytes + at, piece);
        const int code = ss_notify(segment, 0);
        if (code < 0)
            return code;
        at += piece;
    }
    return (int64_t)position;
}

/* --- Closing and properties --- */

void ss_close(ss_segment *segment)
{
    if (!segment)
        return;
    const int is_mine = ss_is_mine(segment);
    if (!is_mine)
        ss_drop(segment);
    if (segment->shared_record && is_mine)
        ss_leave(segment);
    if (is_mine)
        ss_end_wish(segment);
    if (segment->is_owner && is_mine) {
        const int is_published = segment->path[0] != '\0' && segment->shared_record;
        if (is_published)
            ss_store_half(segment, SS_STATE, SS_STATE_CLOSED);
        /* Unlink the memory first: if the process is killed in between, a sweep finds the record. */
        if (segment->record.object[0] != '\0')
            shm_unlink(segment->record.object);
        if (is_published) {
            if (ss_is_linked(segment->file, segment->path))
                unlink(segment->path);
            ss_unlock_owner(segment->file);
        }
        ss_remove_mark(segment);
        if (is_published)
            ss_notify(segment, 1);
    }
    if (segment->memory)
        munmap(segment->memory, (size_t)segment->record.size);
    ss_unguard_record(segment);
    if (segment->shared_record)
        munmap(segment->shared_record, SS_RECORD_BYTES);
    ss_delete(segment);
}

const char *ss_layout(const ss_segment *segment)
{
    return ss_is_segment(segment) ? segment->layout : NULL;
}

const char *ss_metadata(const ss_segment *segment)
{
    return ss_is_segment(segment) ? segment->metadata : NULL;
}

int ss_kind(const ss_segment *segment)
{
    return ss_is_segment(segment) ? (int)segment->header.kind : SS_INVALID;
}

uint64_t ss_capacity(const ss_segment *segment)
{
    return ss_is_segment(segment) ? segment->header.capacity : 0;
}

size_t ss_element_size(const ss_segment *segment)
{
    return ss_is_segment(segment) ? segment->header.element_size : 0;
}

size_t ss_size(const ss_segment *segment)
{
    return ss_is_segment(segment) ? (size_t)(segment->header.capacity * segment->header.element_size) : 0;
}

#endif /* SS_IMPLEMENTATION */
