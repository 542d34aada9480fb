/* SPDX-FileCopyrightText: 2026 The SharedSegment authors */
/* SPDX-License-Identifier: MIT */

/* Prints the structures and constants of the C file as JSON, with the names that src/doc/format.md gives them. tables.py compares. */

#define SS_IMPLEMENTATION
#include "../../../src/bindings/c/sharedsegment.h"

static const char *separator = "";

static void print_field(const char *table, const char *name, size_t offset, size_t size, const char *type)
{
    printf(
        "%s{\"table\": \"%s\", \"kind\": \"field\", \"name\": \"%s\", \"offset\": %zu, \"size\": %zu, \"type\": \"%s\"}",
        separator, table, name, offset, size, type);
    separator = ",\n";
}

static void print_bytes(const char *table, const char *name, size_t offset, size_t size)
{
    char type[32];
    snprintf(type, sizeof type, "u8[%zu]", size);
    print_field(table, name, offset, size, type);
}

/* `count` parts of `size` bytes. */
static void print_parts(const char *table, const char *name, size_t offset, size_t count, const char *parts,
                        size_t size)
{
    char type[64];
    snprintf(type, sizeof type, "%zu %s of %zu bytes", count, parts, size);
    print_field(table, name, offset, count * size, type);
}

static void print_value(const char *field, const char *name, unsigned long long value)
{
    printf("%s{\"field\": \"%s\", \"name\": \"%s\", \"value\": %llu}", separator, field, name, value);
    separator = ",\n";
}

static void begin(const char *list)
{
    printf("%s\"%s\": [\n", separator, list);
    separator = "";
}

static void end(void)
{
    printf("\n]");
    separator = ",\n";
}

#define TYPE_OF(type, member) \
    _Generic(((type *)0)->member, uint32_t : "u32", int32_t : "i32", uint64_t : "u64", int64_t : "i64")
#define FIELD(table, type, member, name) \
    print_field(table, name, offsetof(type, member), sizeof(((type *)0)->member), TYPE_OF(type, member))
#define BYTES(table, type, member, name) print_bytes(table, name, offsetof(type, member), sizeof(((type *)0)->member))

static void print_record(void)
{
    BYTES("record", ss_record, magic, "magic");
    FIELD("record", ss_record, version, "format version");
    FIELD("record", ss_record, backend, "backend");
    BYTES("record", ss_record, instance, "instance id");
    FIELD("record", ss_record, pid, "process id of the owner");
    FIELD("record", ss_record, descriptor, "descriptor");
    FIELD("record", ss_record, size, "segment size");
    FIELD("record", ss_record, required_features, "required features");
    FIELD("record", ss_record, name_bytes, "bytes of the name");
    BYTES("record", ss_record, name, "name");
    BYTES("record", ss_record, object, "object");
    FIELD("record", ss_record, optional_features, "optional features");
    FIELD("record", ss_record, kind, "kind");
    print_field("record", "state", SS_STATE, 4, "u32");
    print_field("record", "armed", SS_ARMED_COUNT, 4, "u32");
    print_field("record", "source", SS_SOURCE, 4, "u32");
    print_parts("record", "listeners", SS_SLOTS, SS_LISTENERS, "slots", SS_SLOT_BYTES);
    print_bytes("record", "mark", SS_MARK, 4);
    /* State and ticket are the halves of one word. */
    print_field("slot", "slot state", 0, 4, "u32");
    print_field("slot", "ticket", 4, 4, "u32");
    print_field("slot", "generation", SS_SLOT_GENERATION, 4, "u32");
    print_field("slot", "process id of the listener", SS_SLOT_PID, 8, "u64");
}

static void print_memory(void)
{
    BYTES("memory", ss_header, magic, "magic");
    FIELD("memory", ss_header, version, "format version");
    FIELD("memory", ss_header, payload_offset, "payload offset");
    FIELD("memory", ss_header, size, "segment size in bytes");
    FIELD("memory", ss_header, capacity, "capacity");
    FIELD("memory", ss_header, element_size, "element size in bytes");
    FIELD("memory", ss_header, element_alignment, "element alignment");
    FIELD("memory", ss_header, layout_offset, "layout text offset");
    FIELD("memory", ss_header, layout_bytes, "layout text bytes");
    FIELD("memory", ss_header, fingerprint, "fingerprint");
    FIELD("memory", ss_header, buffer_count, "buffer count");
    FIELD("memory", ss_header, required_features, "required features");
    FIELD("memory", ss_header, stride, "buffer stride in bytes");
    FIELD("memory", ss_header, pid, "process id of the owner");
    BYTES("memory", ss_header, instance, "instance id");
    FIELD("memory", ss_header, created, "created");
    FIELD("memory", ss_header, kind, "kind");
    FIELD("memory", ss_header, metadata_offset, "metadata offset");
    FIELD("memory", ss_header, metadata_bytes, "metadata bytes");
    FIELD("memory", ss_header, optional_features, "optional features");
    FIELD("memory", ss_header, revision, "revision");
    FIELD("memory", ss_header, reserved, "reserved");
    print_parts("memory", "buffer table", offsetof(ss_header, table), SS_MOST_BUFFERS, "entries", sizeof(ss_entry));
    print_field("memory", "layout text", SS_HEADER_BYTES, 0, "UTF-8");
    FIELD("entry", ss_entry, sequence, "sequence");
    FIELD("entry", ss_entry, timestamp, "timestamp");
    FIELD("entry", ss_entry, count, "count");
    FIELD("entry", ss_entry, source_timestamp, "source timestamp");
}

static void print_values(void)
{
    print_value("", "format version", SS_FORMAT_VERSION);
    print_value("", "bytes of a record", SS_RECORD_BYTES);
    print_value("", "listeners of a record", SS_LISTENERS);
    print_value("", "most bytes of a name", SS_MOST_NAME_BYTES);
    print_value("", "layout text offset", SS_HEADER_BYTES);
    print_value("", "most bytes of a layout text", SS_MOST_LAYOUT_BYTES);
    print_value("", "alignment of the metadata", SS_METADATA_ALIGNMENT);
    print_value("", "most bytes of the metadata", SS_MOST_METADATA_BYTES);
    print_value("", "alignment of the payload", SS_PAYLOAD_ALIGNMENT);
    print_value("", "most buffers", SS_MOST_BUFFERS);
    print_value("", "alignment of a buffer stride", SS_STRIDE_ALIGNMENT);
    print_value("backend", "memfd", SS_MEMFD);
    print_value("backend", "posix", SS_POSIX);
    for (unsigned bit = 0; bit < 32; ++bit) {
        if (SS_MULTIPLE_WRITERS == 1u << bit)
            print_value("required features", "multiple writers", bit);
    }
    print_value("state", "live", SS_STATE_LIVE);
    print_value("state", "closed", SS_STATE_CLOSED);
    print_value("state", "replaced", SS_STATE_REPLACED);
    print_value("source", "here", SS_HERE);
    print_value("source", "reachable", SS_REACHABLE);
    print_value("source", "not reachable", SS_NOT_REACHABLE);
    print_value("slot state", "free", SS_FREE);
    print_value("slot state", "listening", SS_LISTENING);
    print_value("slot state", "armed", SS_ARMED);
    print_value("slot state", "claiming", SS_CLAIMING);
    print_value("kind", "array of fixed count", SS_FIXED_ARRAY);
    print_value("kind", "array of variable count", SS_VARIABLE_ARRAY);
    print_value("kind", "stream", SS_STREAM);
}

static void print_text(const char *table, const char *name, const char *text, int length)
{
    printf("%s{\"table\": \"%s\", \"name\": \"%s\", \"text\": \"%.*s\"}", separator, table, name, length, text);
    separator = ",\n";
}

int main(void)
{
    const uint32_t mark = ss_mark_value();
    printf("{");
    begin("fields");
    print_record();
    print_memory();
    end();
    begin("values");
    print_values();
    end();
    begin("texts");
    print_text("record", "magic", SS_RECORD_MAGIC, 8);
    print_text("memory", "magic", SS_MEMORY_MAGIC, 8);
    print_text("record", "mark", (const char *)&mark, 4);
    end();
    printf("}\n");
    return 0;
}
