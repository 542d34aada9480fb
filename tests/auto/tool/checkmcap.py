#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""Checks an MCAP file against https://mcap.dev/spec, with nothing but Python's own modules, and prints its messages.

    checkmcap.py FILE     a line for each message: topic, sequence, log time, publish time, data in hexadecimal

Fails unless each offset, length, count, time and checksum in the file is what the specification says.
"""

import struct
import sys
import zlib

MAGIC = b"\x89MCAP0\r\n"
HEADER, FOOTER, SCHEMA, CHANNEL, MESSAGE, CHUNK, MESSAGE_INDEX, CHUNK_INDEX = 1, 2, 3, 4, 5, 6, 7, 8
STATISTICS, SUMMARY_OFFSET, DATA_END = 0x0B, 0x0E, 0x0F


class Fields:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        assert self.at + count <= len(self.data), "a field reaches beyond its record"
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, code):
        return struct.unpack("<" + code, self.take(struct.calcsize("<" + code)))[0]

    def numbers(self, codes):
        return tuple(self.number(code) for code in codes)

    def block(self):
        return self.take(self.number("I"))

    def text(self):
        return self.block().decode("utf-8")

    def pairs(self, first, second):
        inner, result = Fields(self.block()), []
        while inner.at < len(inner.data):
            result.append((first(inner), second(inner)))
        return result

    def end(self):
        assert self.at == len(self.data), "a record has more bytes than its fields"


def u16(fields):
    return fields.number("H")


def u64(fields):
    return fields.number("Q")


def records(data, begin, end):
    """Yields (offset, opcode, content, length) of the records that fill data[begin:end]."""
    while begin < end:
        assert begin + 9 <= end, "the last record has no length"
        opcode, size = struct.unpack_from("<BQ", data, begin)
        assert begin + 9 + size <= end, "the last record has no end"
        yield begin, opcode, data[begin + 9 : begin + 9 + size], 9 + size
        begin += 9 + size


def schema_of(content):
    fields = Fields(content)
    result = fields.number("H"), fields.text(), fields.text(), fields.block()
    fields.end()
    assert result[0] > 0
    return result


def channel_of(content):
    fields = Fields(content)
    number, schema, topic, encoding = fields.number("H"), fields.number("H"), fields.text(), fields.text()
    metadata = fields.pairs(Fields.text, Fields.text)
    fields.end()
    assert len(dict(metadata)) == len(metadata), "a key occurs twice"
    return number, schema, topic, encoding, tuple(metadata)


class Data:
    """What the data section has, and the chunks with their indexes."""

    def __init__(self):
        self.schemas, self.channels, self.messages, self.chunks = {}, {}, [], []

    def take_chunk(self, offset, content, length):
        fields = Fields(content)
        begin, end, size, crc = fields.numbers("QQQI")
        compression, stored = fields.text(), fields.take(fields.number("Q"))
        fields.end()
        assert compression == "" and size == len(stored) and crc == zlib.crc32(stored) != 0
        index = {}
        for at, opcode, record, _ in records(stored, 0, len(stored)):
            if opcode == SCHEMA:
                schema = schema_of(record)
                assert self.schemas.setdefault(schema[0], schema) == schema
            elif opcode == CHANNEL:
                channel = channel_of(record)
                assert self.channels.setdefault(channel[0], channel) == channel
                assert channel[1] == 0 or channel[1] in self.schemas, "a channel before its schema"
            else:
                assert opcode == MESSAGE
                channel, sequence, log, publish = struct.unpack_from("<HIQQ", record)
                assert channel in self.channels, "a message before its channel"
                index.setdefault(channel, []).append((log, at))
                self.messages.append((channel, sequence, log, publish, record[22:]))
        times = [log for entries in index.values() for log, _ in entries]
        assert (begin, end) == ((min(times), max(times)) if times else (0, 0))
        self.chunks.append([(begin, end, offset, length), index, {}, 0, len(stored)])

    def take_index(self, offset, content, length):
        fields = Fields(content)
        channel = fields.number("H")
        entries = fields.pairs(u64, u64)
        fields.end()
        chunk = self.chunks[-1]
        assert channel not in chunk[2] and sorted(chunk[1][channel]) == sorted(entries)
        chunk[2][channel] = offset
        chunk[3] += length


def check_summary(data, summary, groups, found):
    assert {number: schema_of(content)[0] for number, content in enumerate(groups.get(SCHEMA, []), 1)} == {
        number: number for number in range(1, len(found.schemas) + 1)
    }
    assert [schema_of(content) for content in groups.get(SCHEMA, [])] == list(found.schemas.values())
    assert [channel_of(content) for content in groups.get(CHANNEL, [])] == list(found.channels.values())

    fields = Fields(groups[STATISTICS][0])
    counts = fields.numbers("QHIIII")
    times = fields.numbers("QQ")
    by_channel = fields.pairs(u16, u64)
    fields.end()
    assert counts == (len(found.messages), len(found.schemas), len(found.channels), 0, 0, len(found.chunks))
    logs = [message[2] for message in found.messages]
    assert times == ((min(logs), max(logs)) if logs else (0, 0))
    channels = [message[0] for message in found.messages]
    assert by_channel == [(channel, channels.count(channel)) for channel in sorted(set(channels))]

    indexes = groups.get(CHUNK_INDEX, [])
    assert len(indexes) == len(found.chunks)
    for content, (place, index, offsets, index_length, size) in zip(indexes, found.chunks):
        assert set(index) == set(offsets), "a message index is missing"
        fields = Fields(content)
        assert fields.numbers("QQQQ") == place
        assert dict(fields.pairs(u16, u64)) == offsets
        assert fields.number("Q") == index_length and fields.text() == "" and fields.numbers("QQ") == (size, size)
        fields.end()


def check(data):
    assert data.startswith(MAGIC) and data.endswith(MAGIC), "no magic bytes"
    footer = len(data) - len(MAGIC) - 29
    assert struct.unpack_from("<BQ", data, footer) == (FOOTER, 20)
    summary, summary_offset, crc = struct.unpack_from("<QQI", data, footer + 9)
    assert crc == zlib.crc32(data[summary : footer + 25]) != 0

    found, opcodes = Data(), []
    for offset, opcode, content, length in records(data, len(MAGIC), summary):
        opcodes.append(opcode)
        if opcode == HEADER:
            fields = Fields(content)
            assert fields.text() == "" and fields.text() != ""
            fields.end()
        elif opcode == CHUNK:
            found.take_chunk(offset, content, length)
        elif opcode == MESSAGE_INDEX:
            found.take_index(offset, content, length)
        else:
            assert opcode == DATA_END and content == struct.pack("<I", zlib.crc32(data[:offset]))
            assert offset + length == summary
    assert opcodes[0] == HEADER and opcodes[-1] == DATA_END
    assert opcodes.count(HEADER) == opcodes.count(DATA_END) == 1

    groups, places = {}, []
    for offset, opcode, content, length in records(data, summary, summary_offset):
        if not places or places[-1][0] != opcode:
            assert opcode not in groups, "the records of the summary are not grouped"
            places.append([opcode, offset, 0])
        places[-1][2] += length
        groups.setdefault(opcode, []).append(content)
    assert set(groups) <= {SCHEMA, CHANNEL, STATISTICS, CHUNK_INDEX}
    check_summary(data, summary, groups, found)
    offsets = []
    for _, opcode, content, _ in records(data, summary_offset, footer):
        assert opcode == SUMMARY_OFFSET
        offsets.append(list(struct.unpack("<BQQ", content)))
    assert offsets == places
    return found


def main():
    with open(sys.argv[1], "rb") as file:
        found = check(file.read())
    for channel, sequence, log, publish, data in found.messages:
        print(found.channels[channel][2], sequence, log, publish, data.hex())


main()
