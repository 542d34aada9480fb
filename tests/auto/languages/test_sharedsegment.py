#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""What only Python has in the module of src/bindings/python: processes of multiprocessing, exceptions, and types of arguments."""

import copy
import errno
import gc
import multiprocessing
import os
import pathlib
import pickle
import re
import resource
import signal
import stat
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import unittest.mock
import warnings

sys.dont_write_bytecode = True
MODULE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../src/bindings/python")
sys.path.insert(0, MODULE)
import sharedsegment

DEADLINE = 60


def one(key):
    return struct.pack("<Q", key)


def read_in_worker(segment, queue):
    """What a worker does with a reader that it gets as an argument."""
    queue.put(struct.unpack("<Q", segment.read()[2])[0])
    try:
        queue.put(segment.wait(segment.revision, 0))
    except sharedsegment.PermissionDenied as denied:
        queue.put(type(denied).__name__)
    segment.close()


def work_with_inherited(queue):
    """What a forked worker does with what it inherits."""
    try:
        queue.put(INHERITED.publish(one(99)))
    except PermissionError as denied:
        queue.put(str(denied))
    with INHERITED:
        pass
    with sharedsegment.create("worker", "u64") as own:
        queue.put(own.publish(one(5)))


INHERITED = None


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.before = os.environ.get("SHAREDSEGMENT_DIR")
        os.environ["SHAREDSEGMENT_DIR"] = self.folder.name

    def tearDown(self):
        gc.collect()
        left = [name for name in os.listdir(self.folder.name) if name != ".lock"]
        if self.before is None:
            del os.environ["SHAREDSEGMENT_DIR"]
        else:
            os.environ["SHAREDSEGMENT_DIR"] = self.before
        self.folder.cleanup()
        self.assertEqual(left, [])

    def run_python(self, text, **options):
        environment = dict(os.environ, PYTHONPATH=MODULE, PYTHONDONTWRITEBYTECODE="1")
        return subprocess.run([sys.executable, "-W", "error", "-c", text], env=environment, capture_output=True, text=True,
                              timeout=DEADLINE, **options)


class Processes(Case):
    def in_child(self, work):
        """The answer of a child made by os.fork()."""
        source, sink = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.write(sink, work().encode())
            except BaseException as error:
                os.write(sink, repr(error).encode())
            finally:
                os._exit(0)
        os.close(sink)
        os.waitpid(child, 0)
        with os.fdopen(source) as answers:
            return answers.read()

    def test_exit_in_a_child_leaves_the_parents_segment(self):
        answer = self.run_python("""if True:
            import os, struct, sys, sharedsegment
            with sharedsegment.create("forked", "u64") as s:
                s.publish(struct.pack("<Q", 7))
                child = os.fork()
                if child == 0:
                    sys.exit(0)  # Leaves the with block, and runs the registered exit functions.
                assert os.waitpid(child, 0)[1] == 0
                with sharedsegment.open("forked") as reader:
                    assert reader.is_owned() and reader.values() == [7]
                    assert s.publish(struct.pack("<Q", 8)) == 2 and reader.values() == [8]
                try:
                    sharedsegment.create("forked", "u64")
                except sharedsegment.Failure as failure:
                    assert failure.code == sharedsegment.TAKEN
                else:
                    assert False
            """)
        self.assertEqual((answer.returncode, answer.stderr), (0, ""))

    def test_multiprocessing(self):
        with sharedsegment.create("pool", "u64") as owner:
            owner.publish(one(7))
            for method in ("fork", "forkserver", "spawn"):
                context = multiprocessing.get_context(method)
                queue = context.Queue()
                with self.subTest(method), sharedsegment.open("pool") as reader:
                    worker = context.Process(target=read_in_worker, args=(reader, queue))
                    worker.start()
                    self.assertEqual(queue.get(timeout=DEADLINE), 7)
                    # A spawned worker opened it itself, by its name.
                    self.assertEqual(queue.get(timeout=DEADLINE), "PermissionDenied" if method == "fork" else "timeout")
                    worker.join(DEADLINE)
                    self.assertEqual(worker.exitcode, 0)
                    self.assertEqual(reader.values(), [7])
                    self.assertTrue(reader.is_owned())
                queue.close()
                queue.join_thread()
            self.assertEqual(owner.publish(one(8)), 2)

    def test_forked_worker_with_what_it_inherits(self):
        global INHERITED
        context = multiprocessing.get_context("fork")
        queue = context.Queue()
        with sharedsegment.create("inherited", "u64") as INHERITED:
            worker = context.Process(target=work_with_inherited, args=(queue,))
            worker.start()
            self.assertIn("create it after the fork", queue.get(timeout=DEADLINE))
            self.assertEqual(queue.get(timeout=DEADLINE), 1)
            worker.join(DEADLINE)
            self.assertEqual(worker.exitcode, 0)
            with sharedsegment.open("inherited") as reader:
                self.assertEqual(INHERITED.publish(one(1)), 1)
                self.assertEqual(reader.values(), [1])
        queue.close()
        queue.join_thread()

    def test_fork_while_a_thread_makes_segments(self):
        """A child has no descriptor that keeps the name of a segment that another thread was just making."""
        ended = threading.Event()

        def what_keeps_a_name():
            # The other thread may have removed the file meanwhile: then its link says so after the path.
            found = []
            for number in os.listdir("/proc/self/fd"):
                try:
                    link = os.readlink("/proc/self/fd/" + number)
                    with open("/proc/self/fdinfo/" + number) as info:
                        is_locked = "lock:" in info.read()
                except FileNotFoundError:
                    continue  # the descriptor of the listing itself
                if link.startswith(self.folder.name) and (is_locked or ".owner" in link):
                    found.append(link)
            return " ".join(found)

        def make():
            while not ended.is_set():
                with sharedsegment.create("made", "u64"):
                    pass

        thread = threading.Thread(target=make)
        thread.start()
        try:
            for _ in range(50):
                self.assertEqual(self.in_child(what_keeps_a_name), "")
        finally:
            ended.set()
            thread.join()

    def test_daemon(self):
        """Its writes fail: the owner is the process that the daemon left."""
        with sharedsegment.create("daemon", "u64") as owner:
            def twice():
                return self.in_child(lambda: str(owner.publish(one(1))))
            self.assertIn("PermissionDenied", self.in_child(twice))

    def test_pickling(self):
        with sharedsegment.create("pickled", "u64") as owner:
            owner.publish(one(7))
            with sharedsegment.open("pickled") as reader:
                for other in (pickle.loads(pickle.dumps(reader)), copy.copy(reader)):
                    with other:
                        self.assertEqual(other.values(), [7])
            with self.assertRaisesRegex(TypeError, "open the segment there by its name"):
                pickle.dumps(owner)


class Lifetime(Case):
    def test_closed(self):
        owner = sharedsegment.create("closed", "u64")
        reader = sharedsegment.open("closed")
        owner.publish(one(1))
        for _ in range(2):
            owner.close()
            reader.close()
        self.assertEqual(owner.revision, 1)
        for use in (lambda: owner.publish(one(2)), reader.read, reader.is_owned, lambda: reader.wait(0), lambda: reader.revision, reader.values,
                    reader.array):
            with self.assertRaisesRegex(ValueError, "closed"):
                use()

    def test_dropped(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            owner = sharedsegment.create("dropped", "u64")
            reader = sharedsegment.open("dropped")
            reader.wait(0, 0)
            del owner, reader
            gc.collect()
        with self.assertRaises(sharedsegment.Failure):
            sharedsegment.open("dropped")

    def test_end_of_the_program(self):
        answer = self.run_python("import sharedsegment\nkept = sharedsegment.create('kept', 'u64', backend='posix')\nprint(kept.object.decode())")
        self.assertEqual((answer.returncode, answer.stderr), (0, ""))
        self.assertFalse(os.path.exists("/dev/shm" + answer.stdout.strip()))

    def test_nothing_is_left_open(self):
        def opened():
            return len(os.listdir("/proc/self/fd"))
        before = opened()
        with sharedsegment.create("counted", "u64"):
            with self.assertRaises(sharedsegment.Failure):
                sharedsegment.create("counted", "u64")
            with sharedsegment.open("counted") as reader:
                reader.wait(0, 0)
        with self.assertRaises(sharedsegment.Failure):
            sharedsegment.open("counted")
        gc.collect()
        self.assertEqual(opened(), before)

    def test_publishing_threads(self):
        with sharedsegment.create("threads", "u64", 1000) as owner, sharedsegment.open("threads") as reader:
            def publish(key):
                for _ in range(200):
                    owner.publish(struct.pack("<1000Q", *[key] * 1000))
            threads = [threading.Thread(target=publish, args=(key,)) for key in (1, 2, 3, 4)]
            for thread in threads:
                thread.start()
            while any(thread.is_alive() for thread in threads):
                self.assertEqual(len(set(reader.read()[2][::8])), 1)
            for thread in threads:
                thread.join()
            self.assertEqual(owner.revision, 800)


class Contents(Case):
    def test_variable_count(self):
        with sharedsegment.create("variable", "u16", 5, variable=True) as owner, sharedsegment.open("variable") as reader:
            self.assertEqual((owner.is_variable, reader.is_variable, reader.capacity), (True, True, 5))
            self.assertEqual((reader.values(), reader.read()), ([], (0, 0, b"")))
            for number, count in enumerate((5, 2, 0, 3, 5), 1):
                values = [100 * number + index for index in range(count)]
                self.assertEqual(owner.publish(struct.pack("<%dH" % count, *values)), number)
                self.assertEqual(reader.values(), values)
                self.assertEqual(reader.read()[0], number)
            for wrong in (bytes(12), bytes(3)):
                with self.assertRaisesRegex(ValueError, "publish"):
                    owner.publish(wrong)
            self.assertEqual(reader.revision, 5)

    def test_fixed_count(self):
        with sharedsegment.create("fixed", "u16", 5) as owner, sharedsegment.open("fixed") as reader:
            self.assertEqual((owner.is_variable, reader.is_variable), (False, False))
            self.assertEqual(reader.values(), [0] * 5)
            for wrong in (bytes(12), bytes(8), b""):
                with self.assertRaisesRegex(ValueError, "publish"):
                    owner.publish(wrong)

    def test_metadata(self):
        metadata = {"description": "gr\u00fcn \U0001f321", "staleAfter": 500, "fields": {"value": {"unit": "V", "minimum": -1.5}}, "own": [None, True]}
        with sharedsegment.create("described", "f64", metadata=metadata) as owner, sharedsegment.open("described") as reader:
            self.assertEqual((owner.metadata, reader.metadata), (metadata, metadata))
        with sharedsegment.create("plain", "f64"), sharedsegment.open("plain") as reader:
            self.assertEqual(reader.metadata, {})
        # An object without a key is metadata, too.
        with sharedsegment.create("empty", "f64", metadata={}), sharedsegment.open("empty") as reader:
            self.assertEqual((reader.metadata, reader.values()), ({}, [0]))
        # Up to the limit, with quotation marks and braces.
        largest = {"a": "x" * ((1 << 20) - 8)}
        with sharedsegment.create("largest", "f64", metadata=largest), sharedsegment.open("largest") as reader:
            self.assertEqual((reader.metadata, reader.values()), (largest, [0]))
        for wrong in ({"a": float("nan")}, {"a": object()}, {"a": "x" * ((1 << 20) - 7)}, {"a": "\ud800"}):
            with self.assertRaisesRegex(ValueError, "metadata"):
                sharedsegment.create("wrong", "f64", metadata=wrong)
        with self.assertRaisesRegex(TypeError, "the metadata is .*; give it as"):
            sharedsegment.create("wrong", "f64", metadata="{}")

    def test_metadata_that_do_not_fit(self):
        layout = "Tank{level:f64@0;time:u64@8;pair:i64[2]@16}/32"
        good = {"timeField": "time", "sampleRate": 0.5, "fields": {"level": {"low": 1, "decimals": 2, "values": {"-1": "Off"}}, "pair": {}}}
        sharedsegment.create("good", layout, metadata=good).close()
        sharedsegment.create("scalar", "i64", metadata={"timeField": "value", "fields": {"value": {"unit": "s"}}}).close()
        for wrong, text in (
                ({"fields": {"levle": {}}}, "fields.levle is no field of the layout; use one of: level, pair, time"),
                ({"fields": []}, "fields is .*; give a dictionary"), ({"fields": {"level": "m"}}, "fields.level is 'm'; give a dictionary"),
                ({"fields": {"level": {"unit": 7}}}, "fields.level.unit is 7; give a text"),
                ({"fields": {"level": {"low": "1"}}}, "fields.level.low is '1'; give a number"),
                ({"fields": {"level": {"low": True}}}, "fields.level.low is True"), ({"fields": {"level": {"low": None}}}, "fields.level.low is None"),
                ({"fields": {"level": {"delay": -1}}}, "fields.level.delay is -1; give a number of at least 0"),
                ({"fields": {"level": {"decimals": 1.5}}}, "fields.level.decimals is 1.5; give a whole number from 0 to 20"),
                ({"fields": {"level": {"values": {"off": "Off"}}}}, "fields.level.values is .*; give names"),
                ({"fields": {"level": {"values": ["Off"]}}}, "fields.level.values is .*; give names"),
                ({"timeField": "level"}, "timeField 'level' is no field of type i64 or u64; use one of: time"), ({"timeField": []}, r"timeField \[\] is no field"),
                ({"sampleRate": 0}, "sampleRate is 0; give a positive number"), ({"description": 7}, "description is 7; give a text")):
            with self.subTest(wrong), self.assertRaisesRegex(ValueError, "the metadata's " + text):
                sharedsegment.create("wrong", layout, metadata=wrong)

    def test_text_that_is_no_metadata(self):
        """No error: the values are read as always."""
        for text in (b"{} {}  ", b"[1,2,3]", b"\xff\xff\xff\xff", b"\0\0\0\0\0\0", b"{\"a\":NaN}", b"[" * 2000, b"\xef\xbb\xbf{}", b"9" * 5000):
            size = len(text)
            with sharedsegment.create("other", "f64", metadata={"a": "x" * (size - 8 if size > 8 else 0)},
                                      alter=[("memory", 1032, text), ("memory", 112, struct.pack("<I", size))]):
                with sharedsegment.open("other") as reader:
                    self.assertEqual((reader.metadata, reader.values()), ({}, [0]))

    def test_refused(self):
        """What the module lacks is an error of its own, and what it may ignore is none."""
        for part, offset, value, error in (
                ("record", 8, 1, sharedsegment.UnsupportedVersion), ("record", 8, 3, sharedsegment.UnsupportedVersion),
                ("record", 12, 3, sharedsegment.UnsupportedVersion), ("record", 12, 4, sharedsegment.UnsupportedVersion),
                ("record", 56, 2, sharedsegment.UnsupportedVersion), ("record", 388, 1, sharedsegment.Failure), ("record", 384, 1, None),
                ("record", 524, 2, None), ("record", 380, 1 << 24, sharedsegment.Failure), ("memory", 8, 3, sharedsegment.UnsupportedVersion),
                ("memory", 104, 3, sharedsegment.UnsupportedVersion), ("memory", 104, 2, sharedsegment.Failure),
                ("memory", 60, 4, sharedsegment.UnsupportedVersion), ("memory", 60, 1, sharedsegment.Failure), ("memory", 116, 1, None),
                ("memory", 108, 1032, sharedsegment.Failure), ("memory", 112, 1, sharedsegment.Failure)):
            with self.subTest(part=part, offset=offset, value=value):
                with sharedsegment.create("altered", "u64", alter=[(part, offset, struct.pack("<I", value))]):
                    if error is None:
                        sharedsegment.open("altered").close()
                        continue
                    with self.assertRaises(sharedsegment.Failure) as raised:
                        sharedsegment.open("altered")
                    self.assertIs(type(raised.exception), error)

    def test_count_above_the_capacity(self):
        with sharedsegment.create("count", "u64", 4, variable=True, alter=[("memory", 272, struct.pack("<Q", 5))]) as owner:
            with sharedsegment.open("count") as reader:
                with self.assertRaises(sharedsegment.Failure) as raised:
                    reader.read()
                self.assertEqual(raised.exception.code, sharedsegment.BUSY)
                owner.publish(one(1))
                self.assertEqual(reader.values(), [1])

    def test_name_taken_just_after_the_lookup(self):
        missing = FileNotFoundError(errno.ENOENT, "none")
        with sharedsegment.create("taken", "u64"), unittest.mock.patch.object(os, "open", side_effect=missing):
            with self.assertRaises(sharedsegment.Failure) as raised:
                sharedsegment.open("taken")
            self.assertEqual(raised.exception.code, sharedsegment.NOT_FOUND)

    def test_replaced(self):
        """State 2 means: look up the name again."""
        with sharedsegment.create("replaced", "u64") as owner, sharedsegment.open("replaced") as reader:
            os.pwrite(owner.record, struct.pack("<I", 2), 512)
            self.assertEqual(reader.wait(0, DEADLINE), "replaced")
            self.assertFalse(reader.is_owned())
            with self.assertRaises(sharedsegment.Failure) as raised:
                sharedsegment.open("replaced")
            self.assertEqual(raised.exception.code, sharedsegment.BUSY)
            # By another record under the same name.
            os.rename(owner.path, owner.path + ".old")
            with sharedsegment.create("replaced", "u64", 2) as other, sharedsegment.open("replaced") as again:
                self.assertEqual((again.capacity, again.record.instance != reader.record.instance), (2, True))
                other.publish(bytes(16))
                self.assertEqual(again.revision, 1)
            os.unlink(owner.path + ".old")


class Page(Case):
    """The format's page itself."""

    def test_example(self):
        """Its bytes are what the module writes, but for what differs each time: instance, process and times."""
        if "memfd" not in sharedsegment.BACKENDS:
            self.skipTest("the example has the backend memfd")
        page = pathlib.Path(MODULE, "../../doc/format.md").read_text(encoding="utf-8")
        example = page[page.index("An example\n"):]
        with sharedsegment.create("Boiler/1", "Sample{id:i32@0;value:f64@8;label:char[20]@16}/40", buffers=2,
                                  metadata={"description": "bar"}) as owner:
            for value in (81.5, 82.25, 82.0):
                owner.publish(struct.pack("<i4xd20s4x", 7, value, b"supply"))
            parts = os.pread(owner.record, 8192, 0), bytes(owner.map)
        differing = {*range(16, 48)}, {*range(72, 104), *range(264, 272), *range(296, 304)}
        for data, dump, without in zip(parts, re.findall(r"```\n(.*?)```", example, re.DOTALL), differing):
            shown = set()
            for line in dump.splitlines():
                start, digits = int(line[:4], 16), bytes.fromhex(line[6:54])
                shown.update(range(start, start + 16))
                for place in {*range(start, start + 16)} - without:
                    self.assertEqual(digits[place - start], data[place], line)
            self.assertEqual([place for place, byte in enumerate(data) if byte and place not in shown], [])


class Arguments(Case):
    def test_timeouts(self):
        with sharedsegment.create("waits", "u64") as owner, sharedsegment.open("waits") as reader:
            for timeout in (0, -1, -1e300, float("-inf"), -10**400):
                self.assertEqual(reader.wait(0, timeout), "timeout")
            with self.assertRaisesRegex(ValueError, "NaN"):
                reader.wait(0, float("nan"))
            for timeout in (None, 1e9, 1e300, float("inf"), 10**400, 2**31, 2**63):
                begun = threading.Thread(target=lambda: (time.sleep(0.05), owner.publish(one(1))))
                begun.start()
                self.assertEqual(reader.wait(owner.revision, timeout), "updated")
                begun.join()

    def test_names(self):
        for name in ("", "x" * 256, "a\0b", b"\xff", "\ud800", b"\xed\xa0\x80", "@host/of a mirror"):
            for call in (lambda bad: sharedsegment.create(bad, "u64"), sharedsegment.open)[:1 if "@" in str(name) else 2]:
                with self.assertRaisesRegex(ValueError, "name"):
                    call(name)
        for name in ("\ufeffmarked", "\U0001f321", "\u00fc" * 127):
            with sharedsegment.create(name, "u64"), sharedsegment.open(name) as reader:
                self.assertEqual((reader.name, reader.source), (name.encode(), sharedsegment.HERE))

    def test_kinds(self):
        """The text names the argument."""
        for name in (None, 5, ["x"]):
            for call in (sharedsegment.open, lambda bad: sharedsegment.create(bad, "u64")):
                with self.assertRaisesRegex(TypeError, "the name of the segment is .*; give it as"):
                    call(name)
        for layout in (None, 5, b"u64", int):
            with self.assertRaisesRegex(TypeError, "the layout is .*; give it as"):
                sharedsegment.create("kinds", layout)
        with self.assertRaisesRegex(sharedsegment.Failure, "the layout text .*; write"):
            sharedsegment.create("kinds", "P{\ud800:u64@0}/8")
        for argument, bad in (("capacity", None), ("capacity", "4"), ("capacity", 1.5), ("buffers", "2"), ("buffers", 2.0)):
            with self.assertRaisesRegex(TypeError, "%s is .*; give it as a whole number" % argument):
                sharedsegment.create("kinds", "u64", **{argument: bad})
        for call in (sharedsegment.open, lambda name, folder: sharedsegment.create(name, "u64", folder=folder)):
            with self.assertRaisesRegex(TypeError, "the folder is .*; give it as a path"):
                call("kinds", folder=5)
        for folder in (self.folder.name.encode(), pathlib.Path(self.folder.name), self.folder.name + "/"):
            with sharedsegment.create("kinds", "u64", folder=folder), sharedsegment.open("kinds", folder) as reader:
                self.assertEqual(reader.values(), [0])

    def test_sizes(self):
        for length in (1 << 44, 1 << 56):
            for kind in (MemoryError, sharedsegment.Failure):
                with self.assertRaises(kind):
                    sharedsegment.create("large", "u64", length)
        with self.assertRaises(ValueError):
            sharedsegment.create("large", "u64", 1 << 61)

    def test_a_copy_that_does_not_fit(self):
        """The segment of another process is larger than what this process may have."""
        with sharedsegment.create("sparse", "u64", 1 << 22, 1):
            answer = self.run_python("""if True:
                import resource, sharedsegment
                with sharedsegment.open("sparse") as reader:
                    with open("/proc/self/statm") as figures:
                        limit = int(figures.read().split()[0]) * resource.getpagesize() + (48 << 20)
                    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
                    for use in (reader.read, reader.values):
                        try:
                            use()
                        except sharedsegment.OutOfMemory as error:
                            print(isinstance(error, MemoryError))
                """)
        self.assertEqual((answer.returncode, answer.stderr), (0, ""))
        self.assertEqual(answer.stdout.split()[-1:], ["True"])

    def test_a_sparse_segment_beyond_the_machine(self):
        """It costs its owner nothing."""
        before = sharedsegment.check_memory
        sharedsegment.check_memory = lambda *_: None
        try:
            owner = sharedsegment.create("sparse", "u8", 1 << 42, 1, "memfd") if not sharedsegment.FLOCK else None
        finally:
            sharedsegment.check_memory = before
        if owner is None:
            self.skipTest("memfd alone can be larger than what there is")
        with owner, sharedsegment.open("sparse") as reader:
            for use in (reader.read, reader.values):
                with self.assertRaises(sharedsegment.OutOfMemory):
                    use()

    def test_values_that_are_no_numbers(self):
        with sharedsegment.create("nan", "f32[3]") as owner, sharedsegment.open("nan") as reader:
            owner.publish(struct.pack("<3f", float("nan"), float("inf"), float("-inf")))
            first, *others = reader.values()[0]
            self.assertTrue(first != first)
            self.assertEqual(others, [float("inf"), float("-inf")])

    def test_memory_that_can_be_published(self):
        import array
        with sharedsegment.create("buffers", "f64", 4) as owner, sharedsegment.open("buffers") as reader:
            for data in (bytes(32), bytearray(32), memoryview(bytes(32)), array.array("d", [1, 2, 3, 4])):
                owner.publish(data)
            self.assertEqual(reader.values(), [1, 2, 3, 4])
            with self.assertRaises(ValueError):
                owner.publish(bytes(31))


class Limits(Case):
    def test_dead_doorbell_with_sigpipe_as_c_has_it(self):
        """As many tools for pipes set SIGPIPE."""
        with sharedsegment.create("pipe", "u64") as owner:
            listener = subprocess.Popen([sys.executable, "-c", "import sharedsegment\ns = sharedsegment.open('pipe')\n"
                                         "while True: s.wait(s.revision)"],
                                        env=dict(os.environ, PYTHONPATH=MODULE, PYTHONDONTWRITEBYTECODE="1"))
            killed = []

            def kill_before_the_notification(buffer, event, called):
                """Kills between the opening of the doorbell and the write to it, which then raises SIGPIPE."""
                if event == "c_call" and called is os.write and not killed:
                    killed.append(True)
                    listener.kill()
                    listener.wait()

            before = [signal.signal(number, signal.SIG_DFL) for number in (signal.SIGPIPE, signal.SIGXFSZ)]
            end = time.monotonic() + DEADLINE
            sys.setprofile(kill_before_the_notification)
            try:
                # Until it has armed its doorbell, no process notifies it.
                while not killed and time.monotonic() < end:
                    owner.publish(one(owner.revision))
                    time.sleep(0.001)
                owner.publish(one(9))
            finally:
                sys.setprofile(None)
                for number, handler in zip((signal.SIGPIPE, signal.SIGXFSZ), before):
                    signal.signal(number, handler)
                listener.kill()
                listener.wait()
            self.assertEqual(killed, [True])
            for name in os.listdir(self.folder.name):
                if name.endswith(".bell"):
                    os.unlink(os.path.join(self.folder.name, name))

    def test_file_size_with_sigxfsz_as_c_has_it(self):
        answer = self.run_python("""if True:
            import resource, signal, sharedsegment
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
            try:
                sharedsegment.create("small", "u64")
            except sharedsegment.OutOfMemory as error:
                print(error)
            """)
        self.assertEqual((answer.returncode, answer.stderr), (0, ""))
        self.assertIn("ask for a smaller size", answer.stdout)

    def test_no_descriptor_left(self):
        """The error names what the system refuses, and not a missing segment."""
        with sharedsegment.create("full", "u64"):
            limits = resource.getrlimit(resource.RLIMIT_NOFILE)
            following = os.dup(0)
            os.close(following)
            resource.setrlimit(resource.RLIMIT_NOFILE, (following + 1, limits[1]))
            try:
                for call in (lambda: sharedsegment.open("full"), lambda: sharedsegment.create("more", "u64")):
                    with self.assertRaisesRegex(OSError, "Too many open files"):
                        call()
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, limits)

    def test_umask(self):
        before = os.umask(0o777)
        try:
            os.environ["SHAREDSEGMENT_DIR"] = made = os.path.join(self.folder.name, "made")
            with sharedsegment.create("strange", "u64"), sharedsegment.open("strange") as reader:
                reader.wait(0, 0)
                self.assertEqual(stat.S_IMODE(os.stat(made).st_mode), 0o700)
                self.assertEqual({stat.S_IMODE(os.stat(os.path.join(made, name)).st_mode) for name in os.listdir(made)}, {0o600})
            with os.scandir(made) as entries:
                for entry in entries:
                    os.unlink(entry.path)
            os.rmdir(made)
        finally:
            os.umask(before)


if __name__ == "__main__":
    unittest.main()
