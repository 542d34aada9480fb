#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""Streams in the module of src/bindings/python: what its functions return and refuse. tst_languagestreams.cpp has the other languages."""

import importlib.util
import os
import pickle
import struct
import sys
import tempfile
import threading
import unittest
import unittest.mock

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../src/bindings/python"))
import sharedsegment


def odd(first, count):
    """Elements of three bytes, each with a number of its own."""
    return b"".join(bytes((number % 256, number * 7 % 256, number * 31 % 256)) for number in range(first, first + count))


def numbers(first, count):
    return struct.pack("<%dQ" % count, *range(first, first + count))


class Streams(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        environment = unittest.mock.patch.dict(os.environ, SHAREDSEGMENT_DIR=self.folder.name)
        environment.start()
        self.addCleanup(self.folder.cleanup)
        self.addCleanup(environment.stop)

    def test_elements_that_lie_anywhere(self):
        with sharedsegment.create("odd", "u8[3]", 11, stream=True) as owner, sharedsegment.open_stream("odd") as reader:
            number = 0
            for count in (1, 11, 7, 0, 10, 5):
                self.assertEqual(owner.append(odd(number, count)), number + count)
                self.assertEqual(reader.available, count)
                position, timestamp, data = reader.read()
                number += count
                self.assertEqual((position, data), (number, odd(number - count, count)))
                self.assertGreater(timestamp, 0)
            self.assertEqual((reader.lost, reader.revision, owner.revision), (0, number, number))
            self.assertEqual(owner.append(odd(number, 40)), number + 40)  # in pieces
            self.assertEqual(reader.read(2)[2], odd(number + 29, 2))
            self.assertEqual((reader.lost, reader.position, reader.available), (29, number + 31, 9))

    def test_timestamps(self):
        with sharedsegment.create("times", "u64", 8, stream=True) as owner, sharedsegment.open_stream("times") as reader:
            self.assertEqual(reader.read(), (0, 0, b""))
            for number in range(3):
                owner.append(numbers(number, 1))
            times = [reader.read(1)[1] for _ in range(3)]
            # The newest two are known.
            self.assertEqual(times[0], 0)
            self.assertTrue(0 < times[1] <= times[2])

    def test_many_elements(self):
        """More than is copied at once."""
        count = 100000
        with sharedsegment.create("many", "u64", count, stream=True) as owner, sharedsegment.open_stream("many") as reader:
            owner.append(numbers(0, count))
            self.assertEqual(reader.read(), (count, unittest.mock.ANY, numbers(0, count)))
            owner.append(numbers(count, 7))
            reader.seek(0)
            self.assertEqual(reader.read()[2], numbers(7, count))
            self.assertEqual(reader.lost, 7)

    def test_overwritten_during_a_copy(self):
        """The writer appends between the copy and its check."""
        with sharedsegment.create("copies", "u64", 8, stream=True) as owner, sharedsegment.open_stream("copies") as reader:
            owner.append(numbers(0, 8))
            places, more = sharedsegment.RingBuffer.places, [3]

            def interfere(elements, first, count):
                if elements is reader.elements and more:
                    # What is copied after this is the new content at the old place.
                    owner.append(numbers(owner.revision, more.pop()))
                return places(elements, first, count)
            with unittest.mock.patch.object(sharedsegment.RingBuffer, "places", interfere):
                self.assertEqual(reader.read()[2], numbers(3, 8))
                self.assertEqual(reader.lost, 3)
                owner.append(numbers(11, 1))
                more.append(100)  # all of it, once
                self.assertEqual(reader.read()[2], numbers(104, 8))
                self.assertEqual(reader.lost, 3 + 93)

    def test_seek(self):
        with sharedsegment.create("seek", "u64", 8, stream=True) as owner:
            owner.append(numbers(0, 20))
            with sharedsegment.open_stream("seek") as reader:
                self.assertEqual(reader.position, 20)
                reader.seek(sharedsegment.OLDEST)
                self.assertEqual(reader.position, 12)
                owner.append(numbers(20, 2))
                self.assertEqual((reader.values(3), reader.lost), ([14, 15, 16], 0))
                reader.seek(10)
                self.assertEqual((reader.values(), reader.lost), (list(range(14, 22)), 4))
                reader.seek(1 << 80)
                self.assertEqual(reader.position, 22)
                reader.seek(15)
                reader.seek(sharedsegment.NEWEST)
                self.assertEqual((reader.values(), reader.lost), ([], 4))
                for bad in ("first", -1):
                    with self.assertRaisesRegex(ValueError, "position"):
                        reader.seek(bad)
                with self.assertRaisesRegex(TypeError, "position is None"):
                    reader.seek(None)
                with self.assertRaisesRegex(ValueError, "-1 elements"):
                    reader.read(-1)
                self.assertEqual(reader.read(0), (22, unittest.mock.ANY, b""))

    def test_oldest_that_is_overtaken(self):
        """Nothing that a reader misses before its first element is lost, also in a read of several copies."""
        with sharedsegment.create("oldest", "u64", 8, stream=True) as owner, sharedsegment.open_stream("oldest") as reader:
            owner.append(numbers(0, 8))
            reader.seek(sharedsegment.OLDEST)
            places, more = sharedsegment.RingBuffer.places, [5, 3, 0]

            def interfere(elements, first, count):
                if elements is reader.elements and more:
                    owner.append(numbers(owner.revision, more.pop()))
                return places(elements, first, count)
            with unittest.mock.patch.object(sharedsegment, "STREAM_BYTES", 16), \
                    unittest.mock.patch.object(sharedsegment.RingBuffer, "places", interfere):
                # Two elements at once: the third copy finds that the elements behind the second are gone.
                position, _, data = reader.read()
            first = struct.unpack_from("<Q", data)[0]
            self.assertGreater(first, 3)
            self.assertEqual((data, position, reader.lost), (numbers(first, 16 - first), 16, 0))

    def test_damaged_positions(self):
        """Any position and any reservation end in few elements, and in no exception."""
        values = (0, 1, 7, 8, 9, 1 << 32, 1 << 63, (1 << 64) - 9, (1 << 64) - 2, (1 << 64) - 1)
        with sharedsegment.create("damaged", "u64", 8, stream=True) as owner, sharedsegment.open_stream("damaged") as reader:
            for position in values:
                for reserved in values:
                    owner.words[sharedsegment.REVISION], owner.words[sharedsegment.RESERVED] = position, reserved
                    for place in (sharedsegment.OLDEST, sharedsegment.NEWEST, position // 2):
                        reader.seek(place)
                        self.assertLessEqual(reader.available, 8)
                        self.assertLessEqual(len(reader.read()[2]), 64)
                        reader.wait(timeout=0)
                    owner.append(bytes(16))
                    self.assertLessEqual(len(reader.read()[2]), 64)

    def test_lost_without_space(self):
        """A reader whose elements are all being overwritten can wait."""
        with sharedsegment.create("space", "u64", 8, stream=True) as owner, sharedsegment.open_stream("space") as reader:
            owner.append(numbers(0, 3))
            owner.words[sharedsegment.RESERVED] = 11  # an append of 8 has begun
            self.assertEqual((reader.available, reader.position, reader.wait(timeout=0)), (0, 0, "updated"))
            self.assertEqual(reader.read(0)[0], 3)
            self.assertEqual((reader.lost, reader.wait(timeout=0)), (3, "timeout"))

    def test_an_exception_skips_nothing(self):
        with sharedsegment.create("whole", "u64", 8, stream=True) as owner, sharedsegment.open_stream("whole") as reader:
            owner.append(numbers(0, 11))
            with unittest.mock.patch.object(reader, "values_of", side_effect=MemoryError), self.assertRaises(MemoryError):
                reader.values()
            self.assertEqual((reader.position, reader.lost), (0, 0))
            self.assertEqual((reader.values(), reader.lost), (list(range(3, 11)), 3))

    def test_waits(self):
        with sharedsegment.create("waits", "u64", 8, stream=True) as owner, sharedsegment.open_stream("waits") as reader:
            self.assertEqual(reader.wait(timeout=0), "timeout")
            appending = threading.Timer(0.05, lambda: owner.append(numbers(0, 3)))
            appending.start()
            self.assertEqual(reader.wait(), "updated")
            appending.join()
            self.assertEqual(reader.values(2), [0, 1])
            self.assertEqual(reader.wait(timeout=0), "updated")
            self.assertEqual(reader.wait(3, 0), "timeout")
            owner.close()
            self.assertEqual(reader.wait(), "updated")
            self.assertEqual(reader.values(), [2])
            self.assertEqual(reader.wait(), "orphaned")

    def test_appending_threads(self):
        def append(owner, key):
            for _ in range(200):
                owner.append(struct.pack("<2Q", key, key))
        with sharedsegment.create("threads", "u64", 2000, stream=True) as owner, sharedsegment.open_stream("threads") as reader:
            threads = [threading.Thread(target=append, args=(owner, key)) for key in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            values = reader.values()
            self.assertEqual(sorted(values[::2]), sorted(values[1::2]))
            self.assertEqual(values[::2], values[1::2])  # each append whole
            self.assertEqual(len(values), 1600)

    def test_another_kind(self):
        with sharedsegment.create("stream", "u64", 8, stream=True) as stream, sharedsegment.create("array", "u64", 8) as array:
            for call, name, text in ((sharedsegment.open, "stream", r"\"stream\" .* is a stream, expected is an array; open it with open_stream\(\)"),
                                     (sharedsegment.open_stream, "array", r"\"array\" .* is an array, expected is a stream; open it with open\(\)")):
                with self.assertRaisesRegex(sharedsegment.LayoutMismatch, text) as caught:
                    call(name)
                self.assertEqual(caught.exception.code, sharedsegment.LAYOUT_MISMATCH)
            with self.assertRaisesRegex(ValueError, r"is a stream, .*; use append\(\)"):
                stream.publish(numbers(0, 8))
            with self.assertRaisesRegex(ValueError, r"is an array, .*; use publish\(\)"):
                array.append(numbers(0, 1))
            with self.assertRaisesRegex(ValueError, "whole number of them"):
                stream.append(b"1234567")
            self.assertEqual((stream.revision, array.revision), (0, 0))
            for options in ({"variable": True}, {"buffers": 2}):
                with self.assertRaises(ValueError):
                    sharedsegment.create("bad", "u64", 8, stream=True, **options)

    def test_two_buffers(self):
        """Of 8 elements each, in the place of one of 16."""
        alter = [("memory", 24, struct.pack("<Q", 8)), ("memory", 56, struct.pack("<I", 2)), ("memory", 64, struct.pack("<Q", 64))]
        for stream, call in ((False, sharedsegment.open), (True, sharedsegment.open_stream)):
            with sharedsegment.create("two", "u64", 16, 1, stream=stream, alter=alter):
                if not stream:
                    call("two").close()
                    continue
                with self.assertRaisesRegex(sharedsegment.Failure, "buffer count") as raised:
                    call("two")
                self.assertEqual(raised.exception.code, sharedsegment.CORRUPT)

    def test_pickling_and_closing(self):
        with sharedsegment.create("pickled", "u64", 8, stream=True) as owner:
            owner.append(numbers(0, 3))
            reader = sharedsegment.open_stream("pickled")
            with pickle.loads(pickle.dumps(reader)) as other:
                self.assertIsInstance(other, sharedsegment.Stream)
                self.assertEqual(other.position, 3)
            reader.close()
            for use in (reader.read, reader.values, reader.wait, lambda: reader.position, lambda: reader.available, lambda: reader.seek(0)):
                with self.assertRaisesRegex(ValueError, "the segment is closed"):
                    use()

    def test_structs(self):
        layout = "Sample{id:i32@0;value:f64@8;label:char[4]@16}/24"
        with sharedsegment.create("structs", layout, 4, stream=True, metadata={"sampleRate": 10}) as owner:
            with sharedsegment.open_stream("structs") as reader:
                owner.append(struct.pack("<i4xd4s4x", 7, 1.5, b"ab"))
                self.assertEqual(reader.metadata, {"sampleRate": 10})
                self.assertEqual(reader.values(), [{"id": 7, "value": 1.5, "label": "ab"}])

    @unittest.skipUnless(importlib.util.find_spec("numpy"), "NumPy is not there")
    def test_numpy(self):
        with sharedsegment.create("numpy", "P{x:f64@0;n:i32@8}/16", 4, stream=True) as owner:
            with sharedsegment.open_stream("numpy") as reader:
                owner.append(struct.pack("<di4xdi4x", 1.5, 1, 2.5, 2))
                self.assertEqual(reader.array(1)["x"].tolist(), [1.5])
                array = reader.array()
                self.assertEqual((array["x"].tolist(), array["n"].tolist(), reader.array().size), ([2.5], [2], 0))
                self.assertFalse(array.flags.owndata)  # a view of what was read


if __name__ == "__main__":
    unittest.main()
