/* SPDX-FileCopyrightText: 2026 The SharedSegment authors */
/* SPDX-License-Identifier: MIT */

/*
 * Reads, watches, owns and publishes segments of SharedSegment from C11 on Linux, macOS and FreeBSD, without any library. Written from
 * src/doc/format.md alone. On the last two it was compiled, not run.
 *
 * Define SS_IMPLEMENTATION in one file of the program, before it includes this header and before any system header. For tests of the
 * library alone: SS_FLOCK=1 has it talk, on Linux, to one that was built with SHAREDSEGMENT_PORTABLE.
 *
 * A segment is used by one thread at a time. Functions that fail return NULL or a negative code, and ss_error() says why. A single
 * writer, the owner: segments of many writers can be read, but not written from here.
 */
#ifndef SHAREDSEGMENT_H
#define SHAREDSEGMENT_H

#ifdef SS_IMPLEMENTATION
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#endif

#include <stddef.h>
#include <stdint.h>

enum {
    SS_NOT_FOUND = -1, /* nobody owns the name, or its owner is gone */
    SS_TAKEN = -2,     /* a living owner has the name */
    SS_BUSY = -3,      /* the writer was in the way three times: try again at the next news */
    SS_CORRUPT = -4,   /* damaged, or of another version */
    SS_INVALID = -5,   /* an argument makes no sense */
    SS_SYSTEM = -6     /* a system call failed */
};

enum { SS_AUTOMATIC = 0, SS_MEMFD = 1, SS_POSIX = 2 }; /* memfd where there is one: on Linux */
enum { SS_NEWS = 1, SS_TIMEOUT = 0, SS_ORPHANED = 2 };

typedef struct ss_segment ss_segment;

/* Why the last call of this thread failed, with its code. Valid until the next failure. */
const char *ss_error(void);
int ss_error_code(void);

/* Opens a living owner's segment for reading. */
ss_segment *ss_open(const char *name);

/* Takes the name and makes a zero-filled segment. `layout` is canonical: "f64", "Point{x:f64@0;y:f64@8}/16". 1 to 16 frames; with one a
 * reader may find the writer in its way, with two or more the last revision outlives a killed writer. */
ss_segment *ss_create(const char *name, const char *layout, uint64_t length, unsigned frames, int backend);

/* Lets go. An owner's name is free at once. NULL is fine. */
void ss_close(ss_segment *segment);

const char *ss_layout(const ss_segment *segment);
uint64_t ss_length(const ss_segment *segment);     /* in elements */
size_t ss_element_size(const ss_segment *segment); /* in bytes */
size_t ss_size(const ss_segment *segment);         /* of a revision, in bytes */
uint64_t ss_revision(const ss_segment *segment);   /* the newest one; 0 is the zero-filled start */

/* Copies the newest revision, whole. `size` is at least ss_size(). Returns its number; `stamp`, if given, gets the time of its publication in
 * ns since 1970. SS_BUSY, SS_CORRUPT (one frame, and its writer is gone): the destination then holds no value. */
int64_t ss_read(const ss_segment *segment, void *to, size_t size, int64_t *stamp);

/* Publishes the next revision: ss_size() bytes. Returns its number. Only the owner may. Never waits. */
int64_t ss_publish(ss_segment *segment, const void *bytes, size_t size);

/* Whether its owner lives and has not closed it. */
int ss_is_owned(const ss_segment *segment);

/* Waits for a revision newer than `seen`, at most so many milliseconds (less than 0: for ever). SS_NEWS, SS_TIMEOUT, SS_ORPHANED, or a negative
 * code. Sleeps; costs nothing while nothing is published. */
int ss_wait(ss_segment *segment, uint64_t seen, int milliseconds);

#endif /* SHAREDSEGMENT_H */

#ifdef SS_IMPLEMENTATION

/* Which kind of lock says that an owner lives: that of a file as a whole, or that of its bytes. */
#ifndef SS_FLOCK
#ifdef __linux__
#define SS_FLOCK 0
#else
#define SS_FLOCK 1
#endif
#endif

#include <errno.h>
#include <fcntl.h>
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
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/magic.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#else
#include <sys/event.h>
#include <sys/types.h>
#endif

#define SS_RECORD_BYTES 8192
#define SS_HEADER_BYTES 512
#define SS_LISTENERS 112
#define SS_SLOTS 1024
#define SS_SLOT_BYTES 64
#define SS_PATH_BYTES 4096
#define SS_OPEN_TRIES 5
#define SS_CREATE_TRIES 16
#define SS_READ_TRIES 3
#define SS_LOCK_TRIES 2000 /* ms */
#define SS_MANY_WRITERS 1u
#define SS_LARGEST_PAGE 65536u
#define SS_MOST 0x7fffffffu

enum { SS_FREE, SS_LISTENING, SS_ARMED, SS_CLAIMING };

/* The first 512 bytes of a record, and of a memory, as the format has them. */
typedef struct
{
    char magic[8];
    uint32_t version, backend;
    uint8_t instance[16];
    uint64_t pid;
    int64_t descriptor;
    uint64_t size;
    uint32_t flags, name_bytes;
    char name[256], object[64], unused[128];
} ss_record;

typedef struct
{
    char magic[8];
    uint32_t version, payload_offset;
    uint64_t size, count;
    uint32_t element_size, element_alignment, layout_offset, layout_bytes;
    uint64_t fingerprint;
    uint32_t frames, flags;
    uint64_t stride, pid;
    uint8_t instance[16];
    int64_t created;
    char unused1[24];
    uint64_t revision;
    char unused2[120];
    struct
    {
        uint64_t sequence;
        int64_t stamp;
    } table[16];
} ss_header;

_Static_assert(sizeof(ss_record) == 512 && sizeof(ss_header) == SS_HEADER_BYTES, "the format's sizes");

struct ss_segment
{
    ss_record record; /* private copies, checked */
    ss_header header;
    char *layout;
    char folder[SS_PATH_BYTES / 2], path[SS_PATH_BYTES], hex[33];
    uint8_t *memory, *shared_record; /* mapped */
    int file;                        /* the record's; the owner's has the lock */
    int memory_file;                 /* the owner's */
    int is_owner;
    int slot, doorbell, owner_watch; /* of a listener; -1 for none */
    uint32_t ticket, generation;
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

static int ss_system(const char *what, const char *which)
{
    return ss_fail(errno == ENOENT ? SS_NOT_FOUND : SS_SYSTEM, "%s %s: %s", what, which, strerror(errno));
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

static int ss_file_name(const char *name, char *file, size_t size)
{
    const size_t length = strlen(name);
    if (length < 1 || length > 255)
        return ss_fail(SS_INVALID, "a name has 1 to 255 bytes, not %zu", length);
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
        snprintf(file, size, "s.%.150s~%s.segment", encoded, hash);
    else
        snprintf(file, size, "s.%.200s.segment", encoded);
    return 0;
}

static int ss_is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static int ss_folder(char *path, size_t size, int make)
{
    const char *given = getenv("SHAREDSEGMENT_DIR"), *runtime = getenv("XDG_RUNTIME_DIR"),
               *temporary = getenv("TMPDIR");
    const unsigned uid = (unsigned)geteuid();
    char user[64];
    snprintf(user, sizeof user, "/run/user/%u", uid);
    if (given && *given)
        snprintf(path, size, "%s", given);
    else if (runtime && *runtime == '/')
        snprintf(path, size, "%s/sharedsegment", runtime);
    else if (ss_is_folder(user))
        snprintf(path, size, "%s/sharedsegment", user);
    else if (uid == 0 && ss_is_folder("/run"))
        snprintf(path, size, "/run/sharedsegment");
    else if (ss_is_folder("/dev/shm"))
        snprintf(path, size, "/dev/shm/sharedsegment-%u", uid);
    else
        snprintf(path, size, "%s/sharedsegment-%u", temporary && *temporary == '/' ? temporary : "/tmp", uid);
    for (size_t end = strlen(path); end > 1 && path[end - 1] == '/'; --end)
        path[end - 1] = '\0';

    struct stat info;
    if (make && mkdir(path, 0700) == -1 && errno != EEXIST)
        return ss_system("making", path);
    if (lstat(path, &info) == -1)
        return ss_system("the registry folder", path);
    if (!S_ISDIR(info.st_mode) || info.st_uid != geteuid() || (info.st_mode & 0777) != 0700)
        return ss_fail(
            SS_INVALID,
            "the registry folder %s is not a private folder of yours; chmod 700 it, or set SHAREDSEGMENT_DIR", path);
    return 0;
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

/* Whether the text is canonical, and how large and how aligned an element is. Two fields of one name are not looked for. */
static int ss_parse_layout(const char *text, uint64_t *size, uint64_t *alignment)
{
    const char *c = text;
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

/* --- Locks, and what they say --- */

#if SS_FLOCK

static int ss_flock(int file)
{
    const struct timespec rest = {0, 1000000};
    for (int tries = 0; flock(file, LOCK_EX | LOCK_NB) == -1; ++tries) {
        if ((errno != EWOULDBLOCK && errno != EINTR) || tries == SS_LOCK_TRIES)
            return 0;
        nanosleep(&rest, NULL);
    }
    return 1;
}

/* Who sweeps a record, makes one or claims a place in it has the lock of one file in the folder. Returns what ss_release() takes, or -1. */
static int ss_hold(const char *folder, int file, off_t byte)
{
    (void)file, (void)byte;
    char path[SS_PATH_BYTES];
    snprintf(path, sizeof path, "%s/.lock", folder);
    const int held = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (held == -1 || ss_flock(held))
        return held;
    close(held);
    return -1;
}

static void ss_release(int held, off_t byte)
{
    (void)byte;
    flock(held, LOCK_UN);
    close(held);
}

static int ss_lock_owner(const char *folder, int file)
{
    /* Until it is locked, a sweeper may have taken it for a dead one's and be about to remove it. */
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

/* Not for the owner itself. There is no looking without taking: for a moment, and beside others who look. */
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

/* Who sweeps a record or claims a place in it has the lock of one of its bytes. Returns what ss_release() takes, or -1. */
static int ss_hold(const char *folder, int file, off_t byte)
{
    (void)folder;
    struct flock lock;
    return ss_lock(file, F_OFD_SETLK, F_WRLCK, byte, &lock) ? file : -1;
}

static void ss_release(int held, off_t byte)
{
    struct flock lock;
    ss_lock(held, F_OFD_SETLK, F_UNLCK, byte, &lock);
}

static int ss_lock_owner(const char *folder, int file)
{
    return ss_hold(folder, file, 0) != -1;
}

static void ss_unlock_owner(int file)
{
    ss_release(file, 0);
}

static int ss_has_owner(int file)
{
    struct flock lock;
    return !ss_lock(file, F_OFD_GETLK, F_WRLCK, 0, &lock) || lock.l_type != F_UNLCK; /* not known: not dead */
}

#endif

static int ss_check_record(const ss_record *record)
{
    if (memcmp(record->magic, "SSRECORD", 8) != 0)
        return ss_fail(SS_CORRUPT, "the record does not begin as one");
    if (record->version != 1)
        return ss_fail(SS_CORRUPT, "the record has format version %u; this program knows 1", record->version);
    const int is_memfd = record->backend == SS_MEMFD;
    if ((!is_memfd && record->backend != SS_POSIX) || (record->flags & ~SS_MANY_WRITERS) || record->pid < 1
        || record->pid > SS_MOST || record->size < 4096 || record->size > INT64_MAX || record->name_bytes < 1
        || record->name_bytes > 255
        || (is_memfd ? record->descriptor < 0 || record->descriptor > (int64_t)SS_MOST : record->descriptor != -1)
        || record->object[63] != '\0' || (record->object[0] == '\0') != is_memfd)
        return ss_fail(SS_CORRUPT, "the record is damaged; restart the owner");
    return 0;
}

/* Takes away what a dead owner left, unless somebody was faster. */
static void ss_sweep(const char *folder, int file, const char *path, const ss_record *record, int is_valid)
{
    struct stat own, named;
    const int held = ss_hold(folder, file, 1);
    if (held == -1)
        return;
    if (!ss_has_owner(file) && fstat(file, &own) == 0 && lstat(path, &named) == 0 && own.st_ino == named.st_ino
        && own.st_dev == named.st_dev) {
        if (is_valid && record->backend == SS_POSIX && strncmp(record->object, "/ss-", 4) == 0
            && !strchr(record->object + 1, '/'))
            shm_unlink(record->object);
        unlink(path);
    }
    ss_release(held, 1);
}

/* The record of a living owner: its file, or a negative code. Sweeps a dead one's. */
static int ss_find(const char *folder, const char *path, const char *name, ss_record *record)
{
    const int file = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file == -1)
        return errno == ENOENT ? ss_fail(SS_NOT_FOUND, "nobody owns \"%s\"", name) : ss_system("opening", path);
    struct stat info;
    uint32_t state = 0;
    memset(record, 0, sizeof *record);
    /* The content first, then the lock: it is there before the content is. */
    const int is_read = pread(file, record, sizeof *record, 0) == (ssize_t)sizeof *record
                     && pread(file, &state, sizeof state, 512) == (ssize_t)sizeof state && fstat(file, &info) == 0
                     && S_ISREG(info.st_mode) && info.st_size == SS_RECORD_BYTES;
    int code = is_read ? ss_check_record(record) : ss_fail(SS_CORRUPT, "the record %s is cut short", path);
    if (!ss_has_owner(file)) {
        ss_sweep(folder, file, path, record, code == 0);
        code = ss_fail(SS_NOT_FOUND, "nobody owns \"%s\" any more", name);
    } else if (code == 0
               && (record->name_bytes != strlen(name) || memcmp(record->name, name, record->name_bytes) != 0)) {
        code = ss_fail(SS_NOT_FOUND, "nobody owns \"%s\"", name);
    } else if (code == 0 && state != 0) {
        code = ss_fail(SS_NOT_FOUND, "the owner of \"%s\" is just closing it", name);
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
    snprintf(path, sizeof path, "/proc/%llu/fd/%lld", (unsigned long long)record->pid, (long long)record->descriptor);
    /* The number may lead to anything by now: a path has no effect on what it names. */
    const int place = open(path, O_PATH | O_CLOEXEC);
    if (place == -1 && (errno == EACCES || errno == EPERM))
        return ss_fail(SS_SYSTEM, "%s may not be opened; have its owner use the backend posix", path);
    if (place == -1)
        return ss_fail(SS_NOT_FOUND, "%s is not there", path);
    snprintf(again, sizeof again, "/proc/self/fd/%d", place);
    const int is_it = fstat(place, &info) == 0 && S_ISREG(info.st_mode) && (uint64_t)info.st_size == record->size
                   && fstatfs(place, &system) == 0 && system.f_type == TMPFS_MAGIC;
    const int file = is_it ? open(again, O_RDONLY | O_CLOEXEC) : -1;
    close(place);
    const int wanted = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW
                     | (record->flags & SS_MANY_WRITERS ? 0 : F_SEAL_FUTURE_WRITE);
    if (file != -1 && (fcntl(file, F_GET_SEALS) & wanted) == wanted)
        return file;
    if (file != -1)
        close(file);
    return ss_fail(SS_NOT_FOUND, "%s is something else by now", path);
}

static int ss_make_memfd(off_t size)
{
    const int file = memfd_create("sharedsegment", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (file != -1 && fchmod(file, 0600) == 0 && ftruncate(file, size) == 0)
        return file;
    ss_system("making", "a memfd");
    if (file != -1)
        close(file);
    return -1;
}

static int ss_seal_memfd(int file)
{
    return fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL) == 0;
}

static int ss_open_object(const char *name, int flags)
{
    return shm_open(name, flags | O_CLOEXEC, 0600);
}

static int ss_size_object(int file, off_t size)
{
    /* Reserved, so that a full /dev/shm is an error now and no SIGBUS later. */
    errno = posix_fallocate(file, 0, size);
    return errno == 0;
}

#else

static int ss_open_memfd(const ss_record *record)
{
    (void)record;
    return ss_fail(SS_CORRUPT, "the record names a memfd, which is not of this system");
}

static int ss_make_memfd(off_t size)
{
    (void)size;
    return ss_fail(SS_INVALID, "this system has no memfd");
}

static int ss_seal_memfd(int file)
{
    (void)file;
    return 0;
}

static int ss_open_object(const char *name, int flags)
{
    return shm_open(name, flags, 0600); /* exec closes it as it is; macOS refuses to be told */
}

static int ss_size_object(int file, off_t size)
{
    return ftruncate(file, size) == 0; /* macOS takes one size for an object, and rounds it up */
}

#endif

static int ss_open_posix(const ss_record *record)
{
    struct stat info;
    const int file = ss_open_object(record->object, O_RDONLY);
    if (file == -1)
        return ss_system("shm_open", record->object);
    if (fstat(file, &info) == 0 && info.st_size >= (off_t)record->size
        && (uint64_t)info.st_size - record->size < SS_LARGEST_PAGE)
        return file;
    close(file);
    return ss_fail(SS_CORRUPT, "the memory %s has another size than its record says", record->object);
}

static uint64_t ss_round_up(uint64_t value, uint64_t to)
{
    return (value + to - 1) / to * to;
}

/* Checks the private copies in the segment, and takes the layout's text. */
static int ss_check_memory(ss_segment *segment)
{
    const ss_header *header = &segment->header;
    if (memcmp(header->magic, "SSEGMENT", 8) != 0 || memcmp(header->instance, segment->record.instance, 16) != 0)
        return ss_fail(SS_NOT_FOUND, "the memory is not the one that the record means");
    if (header->version != 1)
        return ss_fail(SS_CORRUPT, "the memory has format version %u; this program knows 1", header->version);
    if (header->size != segment->record.size || header->flags != segment->record.flags
        || header->layout_offset != SS_HEADER_BYTES || header->layout_bytes < 1 || header->layout_bytes > 1u << 20
        || header->layout_bytes > header->size - SS_HEADER_BYTES)
        return ss_fail(SS_CORRUPT, "the memory's header is damaged; restart the owner");
    segment->layout = malloc((size_t)header->layout_bytes + 1);
    if (!segment->layout)
        return ss_fail(SS_SYSTEM, "no memory for the layout");
    memcpy(segment->layout, segment->memory + SS_HEADER_BYTES, header->layout_bytes);
    segment->layout[header->layout_bytes] = '\0';
    uint64_t size, alignment;
    if (strlen(segment->layout) != header->layout_bytes
        || ss_fnv64(segment->layout, header->layout_bytes) != header->fingerprint
        || !ss_parse_layout(segment->layout, &size, &alignment) || size != header->element_size
        || alignment != header->element_alignment || size < 1)
        return ss_fail(SS_CORRUPT, "the layout's text is damaged; restart the owner");
    if (header->count < 1 || header->count > INT64_MAX / size || header->frames < 1 || header->frames > 16
        || header->stride % 64 != 0 || header->stride < header->count * size || header->payload_offset % 4096 != 0
        || header->payload_offset < ss_round_up(SS_HEADER_BYTES + (uint64_t)header->layout_bytes, 4096)
        || header->payload_offset > header->size
        || header->stride > (header->size - header->payload_offset) / header->frames)
        return ss_fail(SS_CORRUPT, "the memory's measures contradict each other; restart the owner");
    return 0;
}

static ss_segment *ss_new(void)
{
    ss_segment *segment = calloc(1, sizeof *segment);
    if (!segment) {
        ss_fail(SS_SYSTEM, "no memory");
        return NULL;
    }
    segment->file = segment->memory_file = segment->slot = segment->doorbell = segment->owner_watch = -1;
    return segment;
}

static int ss_map_record(ss_segment *segment, int file)
{
    void *const map = mmap(NULL, SS_RECORD_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (map == MAP_FAILED)
        return ss_system("mapping", segment->path);
    segment->shared_record = map;
    return 0;
}

static int ss_try_open(ss_segment *segment, const char *name)
{
    segment->file = ss_find(segment->folder, segment->path, name, &segment->record);
    if (segment->file < 0)
        return segment->file;
    ss_to_hex(segment->record.instance, segment->hex);
    int code = ss_map_record(segment, segment->file);
    if (code != 0)
        return code;
    const int memory = segment->record.backend == SS_MEMFD ? ss_open_memfd(&segment->record)
                                                           : ss_open_posix(&segment->record);
    if (memory < 0)
        return memory;
    void *const map = mmap(NULL, segment->record.size, PROT_READ, MAP_SHARED, memory, 0);
    close(memory);
    if (map == MAP_FAILED)
        return ss_system("mapping the memory of", name);
    segment->memory = map;
    memcpy(&segment->header, segment->memory, sizeof segment->header);
    return ss_check_memory(segment);
}

ss_segment *ss_open(const char *name)
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
            snprintf(segment->path, sizeof segment->path, "%s/%s", segment->folder, file);
            code = ss_try_open(segment, name);
        }
        if (code == 0)
            return segment;
        const int is_there = segment->shared_record != NULL;
        ss_close(segment);
        /* The record may have been replaced meanwhile: then its memory is not to be found, or another's. */
        if (code != SS_NOT_FOUND || !is_there)
            return NULL;
    }
    return NULL;
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

static int ss_make_memory(ss_segment *segment)
{
    const off_t size = (off_t)segment->record.size;
    if (segment->record.backend == SS_POSIX) {
        segment->memory_file = ss_open_object(segment->record.object, O_RDWR | O_CREAT | O_EXCL);
        if (segment->memory_file == -1)
            return ss_system("shm_open", segment->record.object);
        if (!ss_size_object(segment->memory_file, size))
            return ss_system("reserving", segment->record.object);
    } else {
        segment->memory_file = ss_make_memfd(size);
        if (segment->memory_file < 0)
            return SS_SYSTEM;
    }
    void *const map = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, segment->memory_file, 0);
    if (map == MAP_FAILED)
        return ss_system("mapping", "the memory");
    segment->memory = map;
    memcpy(segment->memory, &segment->header, sizeof segment->header);
    memcpy(segment->memory + SS_HEADER_BYTES, segment->layout, segment->header.layout_bytes);
    if (segment->record.backend == SS_MEMFD && !ss_seal_memfd(segment->memory_file))
        return ss_system("sealing", "a memfd");
    return 0;
}

/* A record under its temporary name, with its memory; then the name in one step. */
static int ss_try_create(ss_segment *segment, const char *temporary, int has_object)
{
    segment->file = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (segment->file == -1)
        return ss_system("making", temporary);
    segment->is_owner = 1;
    if (!ss_lock_owner(segment->folder, segment->file))
        return ss_system("locking", temporary);
    /* Written in full: a page without memory behind it would be a SIGBUS where the folder's file system is full. */
    uint8_t content[SS_RECORD_BYTES] = {0};
    memcpy(content, &segment->record, sizeof segment->record);
    /* Before there is an object: a kill in between leaves nothing that no sweep would find. */
    if (has_object && pwrite(segment->file, content, sizeof content, 0) != (ssize_t)sizeof content)
        return ss_system("writing", temporary);
    int code = ss_make_memory(segment);
    if (code != 0)
        return code;
    if (!has_object) {
        segment->record.descriptor = segment->memory_file;
        memcpy(content, &segment->record, sizeof segment->record);
        if (pwrite(segment->file, content, sizeof content, 0) != (ssize_t)sizeof content)
            return ss_system("writing", temporary);
    }
    /* Through an opening of its own: a mapping would keep the lock beyond its owner. */
    const int again = open(temporary, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    code = again == -1 ? ss_system("opening", temporary) : ss_map_record(segment, again);
    if (again != -1)
        close(again);
    if (code != 0)
        return code;
    if (link(temporary, segment->path) == -1)
        return errno == EEXIST ? ss_fail(SS_TAKEN, "the name is taken") : ss_system("publishing", segment->path);
    unlink(temporary);
    return 0;
}

ss_segment *ss_create(const char *name, const char *layout, uint64_t length, unsigned frames, int backend)
{
    char file[512], temporary[SS_PATH_BYTES];
    uint64_t element_size, alignment;
    if (ss_file_name(name, file, sizeof file) != 0)
        return NULL;
    const size_t layout_bytes = strlen(layout);
    if (layout_bytes > 1u << 20 || !ss_parse_layout(layout, &element_size, &alignment) || element_size < 1) {
        ss_fail(SS_INVALID, "\"%.200s\" is no canonical layout", layout);
        return NULL;
    }
    const int has_memfd = !SS_FLOCK;
    if (backend == SS_AUTOMATIC)
        backend = has_memfd ? SS_MEMFD : SS_POSIX;
    const uint64_t payload = ss_round_up(SS_HEADER_BYTES + (uint64_t)layout_bytes, 4096);
    if (length < 1 || frames < 1 || frames > 16 || length > (INT64_MAX / 2 - payload) / frames / element_size
        || (backend != SS_POSIX && !(has_memfd && backend == SS_MEMFD))) {
        ss_fail(SS_INVALID,
                "a length of at least 1 that fits into the address space, 1 to 16 frames and a backend are needed");
        return NULL;
    }
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
        snprintf(segment->path, sizeof segment->path, "%s/%s", segment->folder, file);
        const int other = ss_find(segment->folder, segment->path, name, &found); /* sweeps a dead one */
        if (other >= 0 || other != SS_NOT_FOUND) {
            if (other >= 0) {
                close(other);
                ss_fail(SS_TAKEN, "a living owner has the name \"%s\"", name);
            }
            ss_close(segment);
            return NULL;
        }

        ss_record *record = &segment->record;
        ss_header *header = &segment->header;
        memcpy(record->magic, "SSRECORD", 8);
        memcpy(header->magic, "SSEGMENT", 8);
        record->version = header->version = 1;
        record->backend = (uint32_t)backend;
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
            snprintf(record->object, sizeof record->object, "/ss-%.22s", segment->hex);
        header->payload_offset = (uint32_t)payload;
        header->count = length;
        header->element_size = (uint32_t)element_size;
        header->element_alignment = (uint32_t)alignment;
        header->layout_offset = SS_HEADER_BYTES;
        header->layout_bytes = (uint32_t)layout_bytes;
        header->fingerprint = ss_fnv64(layout, layout_bytes);
        header->frames = frames;
        header->stride = ss_round_up(length * element_size, 64);
        record->size = header->size = payload + frames * header->stride;
        header->created = ss_now();
        segment->layout = strdup(layout);
        snprintf(temporary, sizeof temporary, "%s/.%s.new", segment->folder, segment->hex);
        code = segment->layout ? ss_try_create(segment, temporary, backend == SS_POSIX)
                               : ss_fail(SS_SYSTEM, "no memory");
        if (code == 0)
            return segment;
        unlink(temporary);
        segment->path[0] = '\0'; /* It is somebody else's. */
        ss_close(segment);
        /* Not found: whoever sweeps saw the new record before it was locked. */
        if (code != SS_TAKEN && code != SS_NOT_FOUND)
            return NULL;
    }
    ss_fail(SS_TAKEN, "others keep taking and leaving the name \"%s\"", name);
    return NULL;
}

/* --- Bell --- */

static void ss_bell_path(const ss_segment *segment, int slot, uint32_t generation, char *path, size_t size)
{
    snprintf(path, size, "%s/.%s.%d.%u.bell", segment->folder, segment->hex, slot, generation);
}

static void ss_lower_armed(uint8_t *record)
{
    _Atomic uint32_t *armed = ss_half(record, 516);
    uint32_t count = atomic_load(armed);
    while (count > 0 && !atomic_compare_exchange_weak(armed, &count, count - 1)) { }
}

/* Between these two no SIGPIPE reaches the program. */
typedef struct
{
    sigset_t pipe, before;
    int was_pending;
} ss_quiet;

#ifdef __APPLE__ /* cannot take a signal back, but has descriptors that send none */

static void ss_begin_quiet(ss_quiet *quiet)
{
    memset(quiet, 0, sizeof *quiet);
}

static void ss_quiet_bell(int bell)
{
    fcntl(bell, F_SETNOSIGPIPE, 1);
}

static void ss_end_quiet(ss_quiet *quiet)
{
    (void)quiet;
}

#else

static void ss_begin_quiet(ss_quiet *quiet)
{
    sigset_t pending;
    sigemptyset(&quiet->pipe);
    sigaddset(&quiet->pipe, SIGPIPE);
    sigpending(&pending);
    quiet->was_pending = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &quiet->pipe, &quiet->before);
}

static void ss_quiet_bell(int bell)
{
    (void)bell;
}

static void ss_end_quiet(ss_quiet *quiet)
{
    const struct timespec none = {0, 0};
    sigset_t pending;
    sigpending(&pending);
    if (!quiet->was_pending && sigismember(&pending, SIGPIPE) == 1)
        sigtimedwait(&quiet->pipe, NULL, &none);
    pthread_sigmask(SIG_SETMASK, &quiet->before, NULL);
}

#endif

/* Rings those who are armed, or all. Never blocks. */
static void ss_ring(ss_segment *segment, int all)
{
    uint8_t *record = segment->shared_record;
    atomic_thread_fence(memory_order_seq_cst);
    if (!all && atomic_load_explicit(ss_half(record, 516), memory_order_relaxed) == 0)
        return;
    ss_quiet quiet;
    ss_begin_quiet(&quiet);
    for (int slot = 0; slot < SS_LISTENERS; ++slot) {
        _Atomic uint64_t *word = ss_word(record, ss_slot_offset(slot));
        uint64_t seen = atomic_load(word);
        const uint32_t state = (uint32_t)seen;
        if (state != SS_ARMED && !(all && state == SS_LISTENING))
            continue;
        char path[SS_PATH_BYTES];
        ss_bell_path(segment, slot, atomic_load(ss_half(record, ss_slot_offset(slot) + 8)), path, sizeof path);
        const int bell = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
        if (bell != -1)
            ss_quiet_bell(bell);
        struct stat info;
        const int is_fifo = bell != -1 && fstat(bell, &info) == 0 && S_ISFIFO(info.st_mode);
        const int is_rung = is_fifo && (write(bell, "\1", 1) == 1 || errno == EAGAIN);
        const int is_dead = !is_rung && (bell != -1 ? !is_fifo || errno == EPIPE : errno == ENXIO || errno == ENOENT);
        if (bell != -1)
            close(bell);
        if (!is_rung && !is_dead)
            continue; /* the next publication tries again */
        const uint64_t next = (seen & ~UINT64_C(0xffffffff)) | (is_rung ? SS_LISTENING : SS_FREE);
        if (atomic_compare_exchange_strong(word, &seen, next)) {
            if (state == SS_ARMED)
                ss_lower_armed(record);
            if (is_dead)
                unlink(path);
        }
    }
    ss_end_quiet(&quiet);
}

/* Whether the slot can be claimed, after a dead listener's was freed. It is held. */
static int ss_is_claimable(ss_segment *segment, int slot, uint64_t *seen)
{
    _Atomic uint64_t *word = ss_word(segment->shared_record, ss_slot_offset(slot));
    *seen = atomic_load(word);
    const uint32_t state = (uint32_t)*seen;
    if (state == SS_FREE || state == SS_CLAIMING) /* claiming, and nobody held it: left by a dead process */
        return 1;
    if (state != SS_LISTENING && state != SS_ARMED)
        return 0;
    char path[SS_PATH_BYTES];
    ss_bell_path(segment, slot, atomic_load(ss_half(segment->shared_record, ss_slot_offset(slot) + 8)), path,
                 sizeof path);
    const int bell = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
    if (bell != -1) {
        close(bell);
        return 0;
    }
    const uint64_t freed = (*seen & ~UINT64_C(0xffffffff)) | SS_FREE;
    if (errno != ENXIO || !atomic_compare_exchange_strong(word, seen, freed))
        return 0;
    if (state == SS_ARMED)
        ss_lower_armed(segment->shared_record);
    unlink(path);
    *seen = freed;
    return 1;
}

static int ss_make_doorbell(ss_segment *segment, int slot)
{
    _Atomic uint32_t *generation = ss_half(segment->shared_record, ss_slot_offset(slot) + 8);
    char path[SS_PATH_BYTES];
    for (int tries = 0; tries < 4; ++tries) {
        segment->generation = atomic_load(generation) + 1;
        atomic_store(generation, segment->generation);
        ss_bell_path(segment, slot, segment->generation, path, sizeof path);
        if (mkfifo(path, 0600) == -1)
            continue;
        segment->doorbell = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
        if (segment->doorbell != -1)
            return 1;
    }
    return 0;
}

/* Takes a place among the listeners. 0 if there is none. */
static int ss_claim(ss_segment *segment)
{
    /* The lock's own opening: the one that is mapped would keep it. */
    const int file = open(segment->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat own, named;
    if (file == -1)
        return 0;
    if (fstat(file, &named) == -1 || fstat(segment->file, &own) == -1 || own.st_ino != named.st_ino) {
        close(file); /* another instance's by now */
        return 0;
    }
    for (int slot = 0; slot < SS_LISTENERS && segment->slot == -1; ++slot) {
        const off_t byte = (off_t)ss_slot_offset(slot);
        uint64_t seen;
        const int held = ss_hold(segment->folder, file, byte);
        if (held == -1 && SS_FLOCK)
            break; /* one lock for all */
        if (held == -1)
            continue;
        if (ss_is_claimable(segment, slot, &seen)) {
            _Atomic uint64_t *word = ss_word(segment->shared_record, ss_slot_offset(slot));
            segment->ticket = (uint32_t)(seen >> 32) + 1;
            const uint64_t ticket = (uint64_t)segment->ticket << 32;
            if (atomic_compare_exchange_strong(word, &seen, ticket | SS_CLAIMING)) {
                atomic_store(ss_word(segment->shared_record, ss_slot_offset(slot) + 16), (uint64_t)getpid());
                const int has_doorbell = ss_make_doorbell(segment, slot);
                uint64_t claiming = ticket | SS_CLAIMING;
                atomic_compare_exchange_strong(word, &claiming, ticket | (has_doorbell ? SS_LISTENING : SS_FREE));
                if (has_doorbell)
                    segment->slot = slot;
            }
        }
        ss_release(held, byte);
    }
    close(file);
    return segment->slot != -1;
}

/* So that the next publication rings. 0 if the place is lost. */
static int ss_arm(ss_segment *segment)
{
    _Atomic uint64_t *word = ss_word(segment->shared_record, ss_slot_offset(segment->slot));
    for (int tries = 0; tries < 1000; ++tries) {
        uint64_t seen = atomic_load(word);
        const uint32_t state = (uint32_t)seen;
        if ((uint32_t)(seen >> 32) != segment->ticket || (state != SS_LISTENING && state != SS_ARMED)
            || atomic_load(ss_half(segment->shared_record, ss_slot_offset(segment->slot) + 8)) != segment->generation)
            return 0;
        if (state == SS_LISTENING)
            atomic_fetch_add(ss_half(segment->shared_record, 516), 1);
        const uint64_t armed = (uint64_t)(segment->ticket + 1) << 32 | SS_ARMED;
        if (atomic_compare_exchange_strong(word, &seen, armed)) {
            ++segment->ticket;
            atomic_thread_fence(memory_order_seq_cst);
            return 1;
        }
        if (state == SS_LISTENING)
            ss_lower_armed(segment->shared_record);
    }
    return 0;
}

static void ss_leave(ss_segment *segment)
{
    if (segment->slot == -1)
        return;
    _Atomic uint64_t *word = ss_word(segment->shared_record, ss_slot_offset(segment->slot));
    uint64_t seen = atomic_load(word);
    while ((uint32_t)(seen >> 32) == segment->ticket
           && ((uint32_t)seen == SS_LISTENING || (uint32_t)seen == SS_ARMED)) {
        const int was_armed = (uint32_t)seen == SS_ARMED;
        if (atomic_compare_exchange_weak(word, &seen, (uint64_t)segment->ticket << 32 | SS_FREE)) {
            if (was_armed)
                ss_lower_armed(segment->shared_record);
            break;
        }
    }
    char path[SS_PATH_BYTES];
    ss_bell_path(segment, segment->slot, segment->generation, path, sizeof path);
    close(segment->doorbell);
    unlink(path);
    segment->slot = segment->doorbell = -1;
}

int ss_is_owned(const ss_segment *segment)
{
    return segment->is_owner || (atomic_load(ss_half(segment->shared_record, 512)) == 0 && ss_has_owner(segment->file));
}

/* A descriptor that is readable once the process is gone, or -1. */
static int ss_watch(pid_t pid)
{
#ifdef __linux__
    return (int)syscall(SYS_pidfd_open, pid, 0);
#else
    const int queue = kqueue();
    struct kevent change;
    EV_SET(&change, (uintptr_t)pid, EVFILT_PROC, EV_ADD | EV_ONESHOT, NOTE_EXIT, 0, NULL);
    if (queue == -1 || kevent(queue, &change, 1, NULL, 0, NULL) == 0)
        return queue;
    close(queue);
    return -1;
#endif
}

int ss_wait(ss_segment *segment, uint64_t seen, int milliseconds)
{
    const int64_t deadline = milliseconds < 0 ? INT64_MAX : ss_now() + (int64_t)milliseconds * 1000000;
    if (segment->owner_watch == -1 && !segment->is_owner)
        segment->owner_watch = ss_watch((pid_t)segment->record.pid);
    for (;;) {
        /* Without a place it looks now and then, as listener 113 does. */
        const int has_bell = (segment->slot != -1 || ss_claim(segment)) && ss_arm(segment);
        if (ss_revision(segment) != seen)
            return SS_NEWS;
        /* After the watch is set up: the pid may have been another's. */
        if (!ss_is_owned(segment))
            return SS_ORPHANED;
        const int64_t left = (deadline - ss_now()) / 1000000;
        if (deadline != INT64_MAX && left <= 0)
            return SS_TIMEOUT;
        struct pollfd events[2] = {{has_bell ? segment->doorbell : -1, POLLIN, 0}, {segment->owner_watch, POLLIN, 0}};
        int most = deadline == INT64_MAX ? -1 : left > INT32_MAX ? INT32_MAX : (int)left;
        if (!has_bell || segment->owner_watch == -1)
            most = most < 0 || most > 50 ? 50 : most;
        if (poll(events, 2, most) == -1 && errno != EINTR)
            return ss_system("poll", "");
        if (events[0].revents) {
            char rings[64];
            while (read(segment->doorbell, rings, sizeof rings) > 0) { }
        }
    }
}

/* --- Frames --- */

uint64_t ss_revision(const ss_segment *segment)
{
    return atomic_load_explicit(ss_word(segment->memory, offsetof(ss_header, revision)), memory_order_acquire);
}

/* Whole words, each loaded once: the writer may be at it. */
static void ss_copy(void *to, const uint8_t *from, size_t size)
{
    uint8_t *bytes = to;
    size_t at = 0;
    for (; at + 8 <= size; at += 8) {
        const uint64_t word = atomic_load_explicit(ss_word(from, at), memory_order_relaxed);
        memcpy(bytes + at, &word, 8);
    }
    if (at < size) { /* Frames are padded to 64 bytes. */
        const uint64_t word = atomic_load_explicit(ss_word(from, at), memory_order_relaxed);
        memcpy(bytes + at, &word, size - at);
    }
}

int64_t ss_read(const ss_segment *segment, void *to, size_t size, int64_t *stamp)
{
    const ss_header *header = &segment->header;
    if (size < ss_size(segment))
        return ss_fail(SS_INVALID, "a revision has %zu bytes, there is room for %zu", ss_size(segment), size);
    for (int tries = 0; tries < SS_READ_TRIES; ++tries) {
        const uint64_t revision = ss_revision(segment);
        const uint64_t frame = revision % header->frames;
        const size_t entry = offsetof(ss_header, table) + (size_t)frame * 16;
        _Atomic uint64_t *sequence = ss_word(segment->memory, entry);
        if (atomic_load_explicit(sequence, memory_order_acquire) != 2 * revision)
            continue;
        ss_copy(to, segment->memory + header->payload_offset + frame * header->stride, ss_size(segment));
        const uint64_t time = atomic_load_explicit(ss_word(segment->memory, entry + 8), memory_order_relaxed);
        atomic_thread_fence(memory_order_acquire);
        if (atomic_load_explicit(sequence, memory_order_relaxed) != 2 * revision)
            continue;
        if (stamp)
            *stamp = (int64_t)time;
        return (int64_t)revision;
    }
    if (header->frames == 1 && !ss_is_owned(segment))
        return ss_fail(SS_CORRUPT, "the writer was killed in the middle of the only frame");
    return ss_fail(SS_BUSY, "the writer was in the way %d times; try again", SS_READ_TRIES);
}

int64_t ss_publish(ss_segment *segment, const void *bytes, size_t size)
{
    if (!segment->is_owner)
        return ss_fail(SS_INVALID, "only its owner can publish");
    if (size != ss_size(segment))
        return ss_fail(SS_INVALID, "a revision has %zu bytes, not %zu", ss_size(segment), size);
    const ss_header *header = &segment->header;
    const uint64_t revision = ss_revision(segment) + 1;
    const uint64_t frame = revision % header->frames;
    const size_t entry = offsetof(ss_header, table) + (size_t)frame * 16;
    _Atomic uint64_t *sequence = ss_word(segment->memory, entry);
    uint8_t *to = segment->memory + header->payload_offset + frame * header->stride;
    atomic_store_explicit(sequence, 2 * revision - 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    const uint8_t *from = bytes;
    size_t at = 0;
    for (; at + 8 <= size; at += 8) {
        uint64_t word;
        memcpy(&word, from + at, 8);
        atomic_store_explicit(ss_word(to, at), word, memory_order_relaxed);
    }
    if (at < size) {
        uint64_t word = 0;
        memcpy(&word, from + at, size - at);
        atomic_store_explicit(ss_word(to, at), word, memory_order_relaxed);
    }
    atomic_store_explicit(ss_word(segment->memory, entry + 8), (uint64_t)ss_now(), memory_order_relaxed);
    atomic_store_explicit(sequence, 2 * revision, memory_order_release);
    atomic_store_explicit(ss_word(segment->memory, offsetof(ss_header, revision)), revision, memory_order_release);
    ss_ring(segment, 0);
    return (int64_t)revision;
}

/* --- The rest --- */

void ss_close(ss_segment *segment)
{
    if (!segment)
        return;
    if (segment->shared_record)
        ss_leave(segment);
    if (segment->is_owner) {
        const int is_published = segment->path[0] != '\0' && segment->shared_record;
        if (is_published)
            atomic_store(ss_half(segment->shared_record, 512), 1);
        /* The memory first: a kill in between leaves a record, which a sweep finds. */
        if (segment->record.object[0] != '\0')
            shm_unlink(segment->record.object);
        if (is_published) {
            unlink(segment->path);
            ss_unlock_owner(segment->file);
            ss_ring(segment, 1);
        }
    }
    if (segment->memory)
        munmap(segment->memory, segment->record.size);
    if (segment->shared_record)
        munmap(segment->shared_record, SS_RECORD_BYTES);
    for (int *file = (int[]){segment->file, segment->memory_file, segment->owner_watch, -2}; *file != -2; ++file) {
        if (*file >= 0)
            close(*file);
    }
    free(segment->layout);
    free(segment);
}

const char *ss_layout(const ss_segment *segment)
{
    return segment->layout;
}

uint64_t ss_length(const ss_segment *segment)
{
    return segment->header.count;
}

size_t ss_element_size(const ss_segment *segment)
{
    return segment->header.element_size;
}

size_t ss_size(const ss_segment *segment)
{
    return (size_t)(segment->header.count * segment->header.element_size);
}

#endif /* SS_IMPLEMENTATION */
