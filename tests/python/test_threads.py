# SPDX-License-Identifier: MIT
"""Threads, the GIL and the end of the process. Needs nothing but the standard library: not every CPython has pytest."""
import contextlib
import functools
import gc
import importlib
import os
import re
import signal
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
import unittest
import weakref
from concurrent.futures import ThreadPoolExecutor

import threads_ext as ext

FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
FOLDER = os.path.dirname(os.path.abspath(__file__))


def python_environment():
    paths = [FOLDER, os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def run_python(source, *options, code=0, env=None):
    """What an interpreter of its own prints that runs the source text; ends with `code` and writes no error, or fails."""
    process = subprocess.run(
        [sys.executable, *options, "-c", source],
        env=env or python_environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    if process.returncode != code or (code == 0 and process.stderr):
        raise AssertionError(f"exit code {process.returncode}\n{process.stdout}\n{process.stderr}")
    return process.stdout if code == 0 else process.stderr


#: Ends a process that hangs, and says where. Not a thread of faulthandler's: the child of a fork would wait for it.
WATCHDOG = """
import faulthandler, signal
faulthandler.register(signal.SIGALRM, chain=True)
signal.alarm(50)
"""


def not_under_tsan(reason):
    return unittest.skipIf(ext.THREAD_SANITIZER, "under ThreadSanitizer: " + reason)



def in_a_process(body):
    """Runs a test in an interpreter of its own, as it may hang or end the process."""

    @functools.wraps(body)
    def test(self):
        own = f"test_threads.{type(self).__name__}({body.__name__!r})"
        run_python(f"{WATCHDOG}import test_threads\ncase = {own}\ncase.{body.__name__}.__wrapped__(case)")

    return test


def together(*operations):
    """What the operations return, each run in a thread of its own from a common start."""
    start = threading.Barrier(len(operations))

    def run(operation):
        start.wait()
        return operation()

    with ThreadPoolExecutor(len(operations)) as pool:
        futures = [pool.submit(run, operation) for operation in operations]
    return [future.result() for future in futures]


def error_of(operation):
    """Type and text of what is raised."""
    try:
        operation()
    except BaseException as error:
        return type(error), str(error)
    return None


class Thing:
    """Counts how often each one dies."""

    deaths = []

    def __init__(self, name=None):
        self.name = name

    def __del__(self):
        Thing.deaths.append(self.name)


# --- Cells ---------------------------------------------------------------------------------------------------------------

RACING = [ext.StaticCell, ext.MemberCell]
WAITING = [ext.StaticOnceLock, ext.MemberOnceLock]


@contextlib.contextmanager
def slow_module():
    """The name of a module that takes its time to import."""
    with tempfile.TemporaryDirectory() as folder:
        name = "slow_" + os.path.basename(folder).replace("-", "_")
        with open(os.path.join(folder, name + ".py"), "w") as file:
            file.write("import time\ntime.sleep(0.05)\n")
        sys.path.insert(0, folder)
        importlib.invalidate_caches()
        try:
            yield name
        finally:
            sys.path.remove(folder)
            sys.modules.pop(name, None)


class Cells(unittest.TestCase):
    def setUp(self):
        Thing.deaths.clear()

    def race(self, cls, pause):
        cell, overlap, made = cls(), threading.Barrier(2), []

        def make():
            turn = overlap.wait()  # Both threads are in their initialiser now.
            pause()
            thing = Thing(turn)
            made.append(weakref.ref(thing))
            return thing

        first, second = together(lambda: cell.get_or_init(make), lambda: cell.get_or_init(make))
        self.assertIs(first, second)
        self.assertIs(first, cell.get())
        self.assertIs(first, cell.get_or_init(lambda: self.fail("the cell is full")))
        self.assertEqual(len(made), 2)
        self.assertEqual(Thing.deaths, [1 - first.name])
        self.assertEqual([reference() for reference in made if reference() is not None], [first])
        del second
        name, winner = first.name, weakref.ref(first)
        del first
        self.assertIsNotNone(winner())
        self.assertIs(cell.take(), winner())
        self.assertEqual(Thing.deaths, [1 - name, name])

    @in_a_process
    def test_of_two_initialisers_that_sleep_one_wins_and_the_others_object_is_freed(self):
        for cls in RACING:
            Thing.deaths.clear()
            self.race(cls, lambda: time.sleep(0.01))

    @in_a_process
    def test_of_two_initialisers_that_import_one_wins_and_the_others_object_is_freed(self):
        for cls in RACING:
            Thing.deaths.clear()
            with slow_module() as name:
                self.race(cls, lambda: importlib.import_module(name))

    @in_a_process
    def test_eight_initialisers_at_once(self):
        for cls in RACING:
            Thing.deaths.clear()
            cell, made = cls(), []

            def make():
                time.sleep(0.01)
                made.append(threading.get_ident())
                return Thing(threading.get_ident())

            values = together(*[lambda: cell.get_or_init(make)] * 8)
            self.assertEqual(len({id(value) for value in values}), 1)
            self.assertGreaterEqual(len(made), 2)  # They let go of the GIL.
            self.assertEqual(len(Thing.deaths), len(made) - 1)
            self.assertEqual(len(set(Thing.deaths)), len(made) - 1)

    def test_a_member_cell_frees_its_object_with_its_owner(self):
        for cls in (ext.MemberCell, ext.MemberOnceLock):
            Thing.deaths.clear()
            cell = cls()
            cell.get_or_init(lambda: Thing("member"))
            self.assertEqual(Thing.deaths, [])
            del cell
            self.assertEqual(Thing.deaths, ["member"])
            cell = cls()
            owner = weakref.ref(cell)
            cell.get_or_init(lambda: [cell, Thing("cycle")])
            del cell
            gc.collect()
            self.assertIsNone(owner())
            self.assertEqual(Thing.deaths, ["member", "cycle"])

    def test_an_initialiser_that_throws_leaves_the_cell_empty(self):
        for cls in RACING + WAITING:
            for method in (cls.get_or_init, cls.get_or_try_init):
                cell = cls()
                for _ in range(3):
                    self.assertEqual(error_of(lambda: method(cell, lambda: 1 // 0))[0], ZeroDivisionError)
                    self.assertIsNone(cell.get())
                value = object()
                self.assertIs(method(cell, lambda: value), value)
                self.assertIs(method(cell, lambda: 1 // 0), value)
                self.assertIs(cell.take(), value)

    @in_a_process
    def test_an_initialiser_that_throws_does_not_disturb_the_one_beside_it(self):
        for cls in RACING:
            cell, overlap = cls(), threading.Barrier(2)

            def succeed():
                overlap.wait()
                time.sleep(0.01)
                return "value"

            def fail():
                overlap.wait()
                raise LookupError("one of the two")

            value, error = together(lambda: cell.get_or_init(succeed), lambda: error_of(lambda: cell.get_or_init(fail)))
            self.assertEqual(value, "value")
            self.assertEqual(error, (LookupError, "one of the two"))
            self.assertEqual(cell.get(), "value")

    @in_a_process
    def test_the_initialiser_of_a_once_lock_runs_once(self):
        for cls in WAITING:
            Thing.deaths.clear()
            cell, made = cls(), []

            def make():
                made.append(1)
                time.sleep(0.02)
                return Thing()

            values = together(*[lambda: cell.get_or_init(make)] * 8)
            self.assertEqual(len(made), 1)
            self.assertEqual(len({id(value) for value in values}), 1)
            self.assertEqual(Thing.deaths, [])

    @in_a_process
    def test_after_an_initialiser_of_a_once_lock_that_throws_the_next_one_runs(self):
        for cls in WAITING:
            for method in (cls.get_or_init, cls.get_or_try_init):
                cell, runs = cls(), []

                def make():
                    runs.append(1)
                    time.sleep(0.01)
                    if len(runs) <= 3:
                        raise LookupError(len(runs))
                    return Thing()

                def call():
                    try:
                        return method(cell, make)
                    except LookupError as error:
                        return error.args[0]

                values = together(*[call] * 8)
                self.assertEqual(len(runs), 4)
                self.assertEqual(sorted(value for value in values if isinstance(value, int)), [1, 2, 3])
                things = [value for value in values if isinstance(value, Thing)]
                self.assertEqual(len(things), 5)
                self.assertEqual(len(set(map(id, things))), 1)

    @in_a_process
    def test_a_once_lock_refuses_its_own_initialiser(self):
        for cls in WAITING:
            cell = cls()
            error = error_of(lambda: cell.get_or_init(lambda: cell.get_or_init(object)))
            self.assertEqual(error, (RuntimeError, "the initialiser of a PyOnceLock has asked the same lock for its value"))
            self.assertIsNone(cell.get())

    def test_set_hands_back_what_it_did_not_write(self):
        for cls in RACING + WAITING:
            Thing.deaths.clear()
            cell, first, second = cls(), Thing("first"), Thing("second")
            self.assertEqual(cell.set(first), (True, None))
            written, left = cell.set(second)
            self.assertFalse(written)
            self.assertIs(left, second)
            self.assertIs(cell.get(), first)
            del first, second, left
            self.assertEqual(Thing.deaths, ["second"])
            self.assertEqual(cell.take().name, "first")
            self.assertEqual(Thing.deaths, ["second", "first"])
            self.assertIsNone(cell.get())
            self.assertIsNone(cell.take())
            self.assertEqual(cell.set(3), (True, None))
            self.assertEqual(cell.take(), 3)

    @in_a_process
    def test_of_eight_threads_that_set_one_is_told_so(self):
        for cls in RACING + WAITING:
            cell, values = cls(), [object() for _ in range(8)]
            results = together(*[functools.partial(cell.set, value) for value in values])
            winner = [value for value, (written, _) in zip(values, results) if written]
            self.assertEqual(winner, [cell.get()])
            self.assertEqual([left for _, left in results], [None if value is winner[0] else value for value in values])

    def test_a_clone_refers_to_the_same_object(self):
        for cls in RACING + WAITING:
            Thing.deaths.clear()
            cell, thing = cls(), Thing("shared")
            self.assertIsNone(cell.take_from_clone())
            cell.set(thing)
            references = sys.getrefcount(thing)
            self.assertIs(cell.take_from_clone(), thing)
            self.assertIs(cell.get(), thing)
            self.assertEqual(sys.getrefcount(thing), references)
            del thing
            cell.take()
            self.assertEqual(Thing.deaths, ["shared"])

    @in_a_process
    def test_two_threads_append_to_a_shared_list(self):
        def append(number):
            shared = ext.get_shared_list()
            shared.append(number)
            return shared

        first, second = together(lambda: append(1), lambda: append(2))
        self.assertEqual(id(first), id(second))
        self.assertEqual(sorted(first), [1, 2])
        self.assertIs(ext.get_shared_list(), first)


class Matchers(unittest.TestCase):
    """A class that compiles a pattern on first use."""

    def test_a_pattern_is_compiled_once_per_instance(self):
        before = ext.patterns_compiled()
        letters, digits = ext.Matcher("[a-z]+"), ext.Matcher("[0-9]+")
        self.assertEqual(ext.patterns_compiled(), before)
        for _ in range(100):
            self.assertEqual([letters.matches("abc"), letters.matches("12"), digits.matches("12")], [True, False, True])
        self.assertEqual(ext.patterns_compiled(), before + 2)
        self.assertIs(type(letters.pattern()), re.Pattern)
        self.assertIs(letters.pattern(), letters.pattern())
        self.assertIsNot(letters.pattern(), digits.pattern())

    def test_a_pattern_that_cannot_be_compiled_is_tried_again(self):
        before = ext.patterns_compiled()
        matcher = ext.Matcher("(")
        for attempt in (1, 2):
            self.assertEqual(error_of(lambda: matcher.matches("x"))[0], re.error)
            self.assertEqual(ext.patterns_compiled(), before + attempt)

    def test_an_imported_class_is_kept(self):
        matcher = ext.Matcher("x")
        self.assertTrue(matcher.is_pattern(re.compile("y")))
        self.assertFalse(matcher.is_pattern("y"))

    def test_a_pattern_is_freed_with_its_instance(self):
        matcher = ext.Matcher("freed with its instance")
        pattern = weakref.ref(matcher.pattern())
        re.purge()
        gc.collect()
        self.assertIsNotNone(pattern())
        del matcher
        self.assertIsNone(pattern())

    def test_a_cycle_through_a_cell_is_collected(self):
        for inside in (lambda matcher: [matcher], lambda matcher: matcher):
            matcher = ext.Matcher("in a cycle")
            pattern, reference = weakref.ref(matcher.pattern()), weakref.ref(matcher)
            re.purge()
            matcher.replace(lambda: inside(matcher))
            del matcher
            self.assertIsNotNone(reference())
            gc.collect()
            self.assertIsNone(reference())
            self.assertIsNone(pattern())

    @in_a_process
    def test_eight_threads_match_with_one_instance(self):
        matcher = ext.Matcher("[a-z]+")
        patterns = together(*[lambda: (matcher.matches("abc"), matcher.is_pattern(3), matcher.pattern())] * 8)
        self.assertEqual({pattern[:2] for pattern in patterns}, {(True, False)})
        self.assertEqual(len({id(pattern[2]) for pattern in patterns}), 1)


# --- Locks ---------------------------------------------------------------------------------------------------------------


class LocksAndTheGil(unittest.TestCase):
    """One thread has the lock and lets go of the GIL, the other wants the lock."""

    def invert(self, hold, want):
        order, held, wanted = [], threading.Event(), threading.Event()

        def inside():
            held.set()
            wanted.wait()
            time.sleep(0.05)
            order.append("first")

        def second():
            held.wait()
            wanted.set()
            want(lambda: order.append("second"))
            order.append("done")

        together(lambda: hold(inside), second)
        return order

    @in_a_process
    def test_a_mutex(self):
        locks = ext.Locks()
        self.assertEqual(self.invert(locks.with_mutex, locks.with_mutex), ["first", "second", "done"])

    @in_a_process
    def test_a_shared_mutex(self):
        locks = ext.Locks()
        for hold, want in [
            (locks.with_writer, locks.with_writer),
            (locks.with_writer, locks.with_reader),
            (locks.with_reader, locks.with_writer),
        ]:
            self.assertEqual(self.invert(hold, want), ["first", "second", "done"])

    @in_a_process
    def test_readers_share(self):
        locks, both_inside = ext.Locks(), threading.Barrier(2)
        together(*[lambda: locks.with_reader(both_inside.wait)] * 2)

    @in_a_process
    def test_a_py_mutex(self):
        locks = ext.Locks()
        self.assertEqual(self.invert(locks.with_py_mutex, locks.with_py_mutex), ["first", "second", "done"])
        self.assertEqual(locks.calls(), 2)

    @in_a_process
    def test_a_once_flag(self):
        locks = ext.Locks()
        self.assertEqual(self.invert(locks.once, locks.once), ["first", "done"])
        locks.once(lambda: self.fail("it has been called"))

    @not_under_tsan("its pthread_once never hears of an exception")
    @in_a_process
    def test_a_once_flag_after_an_exception(self):
        locks, calls = ext.Locks(), []
        with self.assertRaises(ZeroDivisionError):
            locks.once(lambda: 1 // 0)
        locks.once(lambda: calls.append(1))
        locks.once(lambda: calls.append(2))
        self.assertEqual(calls, [1])

    @in_a_process
    def test_many_threads(self):
        locks, inside = ext.Locks(), []

        def alone():
            inside.append(1)
            time.sleep(0)
            self.assertEqual(len(inside), 1)
            inside.pop()

        def work():
            for _ in range(50):
                locks.with_py_mutex(alone)

        together(*[work] * 8)
        self.assertEqual(locks.calls(), 400)


# --- References dropped without the GIL ----------------------------------------------------------------------------------


class Doomed:
    threads = []

    def __del__(self):
        ext.count_deleted()
        Doomed.threads.append(threading.get_ident())


class DoomedToo(Doomed):
    """Its finalizer attaches, detaches and lets others run, in the middle of the release of many."""

    def __del__(self):
        super().__del__()
        ext.attach()
        ext.detach()
        time.sleep(0)


class Drops(unittest.TestCase):
    @in_a_process
    def test_what_is_dropped_on_a_thread_without_the_gil_is_released_at_the_next_attach(self):
        for count in (1, 1000):
            for cls in (Doomed, DoomedToo):
                for drop in (ext.drop_on_new_thread, ext.drop_in_allow_threads):
                    before = ext.deleted()
                    self.assertEqual(drop([cls() for _ in range(count)]), (before, before + count))
                    ext.attach()
                    ext.detach()
                    self.assertEqual(ext.deleted(), before + count)
        self.assertEqual(set(Doomed.threads), {threading.get_ident()})

    @in_a_process
    def test_the_thread_that_attaches_runs_the_finalizers(self):
        for attach in (ext.attach, ext.detach, lambda: ext.call_in_with_gil(lambda: None)):
            before = ext.deleted()
            Doomed.threads.clear()
            ext.leave_dropped([Doomed() for _ in range(100)])
            self.assertEqual(ext.deleted(), before)
            idents = together(lambda: (attach(), threading.get_ident()))
            self.assertEqual(ext.deleted(), before + 100)
            if not FREE_THREADED:  # There an object goes to the thread that made it.
                self.assertEqual(set(Doomed.threads), {ident for _, ident in idents})

    @in_a_process
    def test_many_threads_release_each_object_once(self):
        before = ext.deleted()

        def work():
            for _ in range(20):
                ext.leave_dropped([Doomed() for _ in range(25)])
                ext.detach()

        together(*[work] * 8)
        ext.attach()
        self.assertEqual(ext.deleted(), before + 4000)

    def test_what_waits_at_the_end_of_the_process_is_released(self):
        output = run_python(
            WATCHDOG
            + """
import threads_ext as ext

class Thing:
    def __del__(self):
        print("deleted")

ext.leave_dropped([Thing() for _ in range(20)])
print("end")
"""
        )
        self.assertEqual(output.split(), ["end"] + ["deleted"] * 20)


# --- The end of the process ----------------------------------------------------------------------------------------------


class EndOfTheProcess(unittest.TestCase):
    """Threads that come and go while the interpreter shuts down: no crash, no hang, no word."""

    DAEMONS = """
go = threading.Event()
for _ in range(16):
    threading.Thread(target=lambda: (go.wait(), ext.{function}()), daemon=True).start()
go.set()
"""
    THREADS_OF_CPP = """
for _ in range(8):
    ext.start_detached_thread()
    ext.start_dropping_thread([])
"""

    def end_often(self, start):
        def run(number):
            wait = number % 5 * 0.004
            run_python(f"import threading, time\nimport threads_ext as ext\n{start}\ntime.sleep({wait})")

        with ThreadPoolExecutor(2) as pool:
            for _ in pool.map(run, range(50)):
                pass

    @not_under_tsan("it sees CPython 3.13 free what its daemon threads still use")
    def test_daemon_threads_in_with_gil(self):
        self.end_often(self.DAEMONS.format(function="loop_with_gil"))

    @not_under_tsan("it sees CPython 3.13 free what its daemon threads still use")
    def test_daemon_threads_in_try_with_gil(self):
        self.end_often(self.DAEMONS.format(function="loop_try_with_gil"))

    def test_threads_of_cpp(self):
        self.end_often(self.THREADS_OF_CPP)

    def test_a_thread_of_cpp_that_is_waited_for(self):
        self.end_often("ext.start_joined_thread()")

    def test_a_destructor_that_waits_for_a_thread(self):
        output = run_python(f"{WATCHDOG}import threads_ext as ext\nworker = ext.Worker(print)\nprint(ext.workers())")
        self.assertEqual(output, "1\n")

    def test_a_destructor_that_would_wait_for_a_thread_that_does_not_come_back(self):
        # The function keeps no module alive.
        source = "import functools, time\nimport threads_ext as ext\n"
        source += "last = ext.Repeater(functools.partial(time.sleep, 20))\ntime.sleep(0.1)"
        process = subprocess.run(
            [sys.executable, "-c", WATCHDOG + source], env=python_environment(), capture_output=True, text=True, timeout=60
        )
        message = (
            "adder: the interpreter is shutting down while another thread is still inside with_gil: an object of "
            "'threads_ext.Repeater' is leaked, as its destructor might wait for that thread\n"
        )
        self.assertEqual((process.returncode, process.stdout, process.stderr), (0, "", message))

    # A daemon thread makes the garbage collector run, and that a finalizer which lets go of the GIL until Python ends.
    FINALIZER = """
import gc, sys, threading, time
import threads_ext as ext

entered = threading.Event()

class Slow:
    def __del__(self):
        entered.set()
        time.sleep(0.3)

class End:
    def __del__(self, sleep=time.sleep):
        sleep(1)

def work():
    slow = Slow()
    {work}

threading.Thread(target=work, daemon=True).start()
assert entered.wait(20)
sys.modules["the last module"] = End()
"""

    @not_under_tsan("it sees CPython 3.13 free what its daemon threads still use")
    def test_a_collection_in_another_thread(self):
        for work in (
            "slow.me = slow; del slow; ext.make_lists(20000); gc.collect()",
            "slow.me = slow; del slow; ext.make_sacks(20000); gc.collect()",
            # The collector does not look at what is frozen, so its __del__ runs when the dict of the sack is emptied.
            "gc.disable(); gc.freeze(); sack = ext.Sack(); sack.me = sack; sack.slow = slow; del sack, slow; gc.collect()",
        ):
            with self.subTest(work):
                run_python(WATCHDOG + self.FINALIZER.format(work=work))

    def test_a_once_flag_in_an_exit_callback(self):
        output = run_python(
            f"{WATCHDOG}import atexit\nlocks = []\natexit.register(lambda: locks[0].once(lambda: print('called')))\n"
            "import threads_ext as ext\nlocks.append(ext.Locks())"
        )
        self.assertEqual(output, "called\n")


# --- Handles taken where there is no GIL ---------------------------------------------------------------------------------


class Smuggling(unittest.TestCase):
    """What the compiler cannot see ends the process in checked builds."""

    EXPECTED = {
        "thread_local": "Bound<PyAny>: repr: this thread is not attached to Python",
        "global": "Bound<PyList>: append: this thread is not attached to Python",
        "this": "Bound<PyAny>: getattr: this thread is not attached to Python",
        "function": "Bound<PyAny>: call: this thread is not attached to Python",
        "reference": "Bound<PyList>: copied: this thread is not attached to Python",
        "drop": "Bound<PyList>: dropped: this thread is not attached to Python",
        "other_thread": "Bound<PyList>: len: this thread is not attached to Python",
        "token": "allow_threads needs the GIL, and this thread does not hold it",
    }

    @unittest.skipUnless(ext.CHECKED, "an unchecked build does not look")
    def test_a_checked_build_ends_the_process_and_names_the_operation(self):
        for how, text in self.EXPECTED.items():
            with self.subTest(how=how):
                error = run_python(
                    f"import resource, threads_ext\nresource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n"
                    f"threads_ext.smuggle({how!r})",
                    code=-signal.SIGABRT,
                )
                self.assertEqual(error.count("\n"), 1, error)
                self.assertTrue(error.startswith("adder: " + text), error)
                if how not in ("function", "drop", "token"):
                    self.assertRegex(error, r"\(at .*threads_ext\.cpp:[0-9]+\)\n$")


# --- Iterators -----------------------------------------------------------------------------------------------------------


class SharedIterators(unittest.TestCase):
    CALLS = 500_000
    REFUSALS = ("Already mutably borrowed: 'FlagIterator' object: ", "Already borrowed: 'FlagIterator' object: ")

    def drain(self, iterator):
        """All values that eight threads get out of one iterator, and how often they were refused."""

        def take():
            values, refused = [], 0
            while True:
                try:
                    values.append(next(iterator))
                except StopIteration:
                    return values, refused
                except RuntimeError as error:
                    if not str(error).startswith(self.REFUSALS):
                        raise
                    refused += 1
                    time.sleep(0.0001)  # Who has it waits for the GIL.

        sys.setswitchinterval(1e-4)
        parts = together(*[take] * 8)
        self.assertEqual(sorted(value for part, _ in parts for value in part), list(range(self.CALLS)))
        for part, _ in parts:
            self.assertEqual(part, sorted(part))
        self.assertEqual(list(iterator), [])
        return sum(refused for _, refused in parts)

    @in_a_process
    def test_with_a_borrow_flag(self):
        self.assertGreater(self.drain(ext.FlagIterator(self.CALLS)), 0)

    @in_a_process
    def test_frozen_with_an_atomic(self):
        self.assertEqual(self.drain(ext.AtomicIterator(self.CALLS)), 0)

    @in_a_process
    def test_frozen_with_a_mutex(self):
        self.assertEqual(self.drain(ext.MutexIterator(self.CALLS)), 0)

    def test_in_a_for_loop(self):
        for cls in (ext.FlagIterator, ext.AtomicIterator, ext.MutexIterator):
            iterator = cls(end=100)
            self.assertIs(iter(iterator), iterator)
            self.assertEqual(list(iterator), list(range(100)))


# --- Signals -------------------------------------------------------------------------------------------------------------


class Interrupts(unittest.TestCase):
    """SIGINT while C++ code computes."""

    @in_a_process
    def test_the_next_poll_raises(self):
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for detach in (False, True):
            for poll in (1, 2, 1000):
                with self.assertRaises(KeyboardInterrupt):
                    ext.poll_for_signals(detach, poll)
                self.assertEqual(ext.polls(), poll)

    @in_a_process
    def test_a_signal_that_another_thread_sends(self):
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for detach in (False, True):
            ext.interrupt_after(500)
            with self.assertRaises(KeyboardInterrupt):
                ext.poll_for_signals(detach, 0)
            self.assertGreaterEqual(ext.polls(), 500)

    @in_a_process
    def test_a_signal_of_a_timer(self):
        signal.signal(signal.SIGINT, signal.default_int_handler)
        threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
        with self.assertRaises(KeyboardInterrupt):
            ext.poll_for_signals(True, 0)

    @in_a_process
    def test_what_the_handler_raises_comes_out(self):
        def handle(*_):
            raise LookupError("from the handler")

        signal.signal(signal.SIGINT, handle)
        for detach in (False, True):
            self.assertEqual(error_of(lambda: ext.poll_for_signals(detach, 3)), (LookupError, "from the handler"))

    def test_a_signal_of_another_process(self):
        for detach in (False, True):
            child = subprocess.Popen(
                [
                    sys.executable,
                    "-c",
                    f"{WATCHDOG}import threads_ext\n"
                    "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
                    "try:\n"
                    "    print('ready', flush=True)\n"
                    f"    threads_ext.poll_for_signals({detach}, 0)\n"
                    "except KeyboardInterrupt:\n"
                    "    print('interrupted')\n",
                ],
                env=python_environment(),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            self.assertEqual(child.stdout.readline(), "ready\n")
            time.sleep(0.1)
            child.send_signal(signal.SIGINT)
            self.assertEqual(child.communicate(timeout=60), ("interrupted\n", ""))
            self.assertEqual(child.returncode, 0)


# --- Fork ----------------------------------------------------------------------------------------------------------------


@not_under_tsan("it ends a child that starts threads")
class Fork(unittest.TestCase):
    """A process that forks while other threads are somewhere in C++ code."""

    SCRIPT = """
import atexit, gc, os, sys, threading, time, warnings
warnings.simplefilter("ignore", DeprecationWarning)  # From 3.12 on: fork with threads.
end = None

def judge():
    # The hook of the extension waits for threads that are about to attach, for a second or longer. Here are none.
    if end is not None and time.monotonic() - end > 0.9:
        os._exit(3)

atexit.register(judge)  # Before the extension's hook is, so called after it.
import threads_ext as ext

# A free-threaded CPython 3.13 leaves a lock to the child that forks while another thread stops the world, as it does for
# a collection and before its first thread.
gc.disable()
thread = threading.Thread(target=ext.attach)
thread.start()
thread.join()

finish = threading.Event()

def loop():
    while not finish.is_set():
        ext.attach()
        ext.detach()
        ext.leave_dropped([object()])

def start():
    {start}

start()
while not ({started}):
    time.sleep(0.001)

def in_child():
    signal.alarm(30)
    ext.attach()
    ext.detach()
    assert ext.call_in_with_gil(lambda: 5) == 5
    before = ext.deleted()

    class Thing:
        def __del__(self):
            ext.count_deleted()

    assert ext.drop_on_new_thread([Thing()]) == (before, before + 1)
    assert ext.drop_in_allow_threads([Thing()]) == (before + 1, before + 2)
    shared = ext.get_shared_list()
    thread = threading.Thread(target=lambda: (ext.attach(), ext.detach(), shared.append(1)))
    thread.start()
    thread.join()
    assert shared == [1] and ext.Locks().with_mutex(lambda: 3) == 3

for _ in range({times}):
    child = {fork}
    if child == 0:
        in_child()
        end = time.monotonic()
        sys.exit()
    deadline = time.monotonic() + 40
    ended, status = 0, 0
    while ended == 0 and time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        time.sleep(0.001)
    if (ended, status) != (child, 0):
        print("child:", ended, status)
        os._exit(1)

ext.attach()
ext.stop()
finish.set()
print("done")
"""
    STATES = {
        "attached": ("threading.Thread(target=loop).start()", "True"),
        "allow_threads": ("threading.Thread(target=ext.wait_in_allow_threads).start()", "ext.is_waiting()"),
        "with_gil": ("ext.start_calling(finish.wait)", "ext.is_waiting()"),
        "coming and going": ("ext.start_looping(False)", "ext.is_waiting()"),
    }
    # Earlier ones hang in fork while another thread is making its thread state. In the child of 3.15.2, Py_RunMain then
    # waits for a lock of the interpreter's own that nobody is left to give back: a third of the children.
    if (3, 12) <= sys.version_info < (3, 15):
        STATES["attaching for the first time"] = ("ext.start_looping(True)", "ext.is_waiting()")

    def check(self, fork):
        for state, (start, started) in self.STATES.items():
            with self.subTest(state=state):
                script = self.SCRIPT.format(start=start, started=started, times=5, fork=fork)
                self.assertEqual(run_python(WATCHDOG + script), "done\n")

    def test_the_child_goes_on(self):
        self.check("os.fork()")

    def test_the_child_goes_on_from_within_with_gil(self):
        self.check("ext.call_in_with_gil(os.fork)")


# --- In parallel ---------------------------------------------------------------------------------------------------------


class InParallel(unittest.TestCase):
    @in_a_process
    def test_two_functions_that_release_the_gil_run_at_once(self):
        self.assertEqual(together(ext.meet, ext.meet), [True, True])

    @in_a_process
    def test_two_methods_that_release_the_gil_run_at_once(self):
        meeting = ext.Meeting()
        self.assertEqual(together(meeting.meet, meeting.meet), [True, True])


class ClassesThatNeedEachOther(unittest.TestCase):
    """Each has an instance of the other one as an attribute, and two threads use them for the first time at once."""

    @in_a_process
    def test_made_by_two_threads(self):
        left, right = together(ext.new_left, ext.new_right)
        self.assertIsInstance(left.OTHER, type(right))
        self.assertIsInstance(right.OTHER, type(left))
        self.assertIs(type(ext.new_left()), type(left))


class Destructors(unittest.TestCase):
    """Of a class whose destructor waits for a thread that needs the GIL."""

    def setUp(self):
        self.assertEqual(ext.workers(), 0)

    @in_a_process
    def test_the_last_reference(self):
        calls = []
        worker = ext.Worker(lambda: calls.append(threading.get_ident()))
        self.assertEqual((ext.workers(), calls), (1, []))
        del worker
        self.assertEqual((ext.workers(), len(calls)), (0, 1))
        self.assertNotEqual(calls[0], threading.get_ident())

    @in_a_process
    def test_what_its_thread_keeps_in_python(self):
        class Value:
            def __del__(self):
                ext.detach_and_attach()
                died.append(threading.get_ident())

        def keep():
            local.value = Value()
            threads.append(threading.get_ident())

        local, died, threads = threading.local(), [], []
        for _ in range(20):
            worker = ext.Worker(keep)
            del worker
        self.assertEqual(len(threads), 20)
        if not FREE_THREADED:  # There an object that dies with a thread is left to the garbage collector.
            self.assertEqual(died, threads)

    @in_a_process
    def test_garbage(self):
        calls = []
        worker = ext.Worker(lambda: calls.append(1))
        worker.itself, reference = worker, weakref.ref(worker)
        del worker
        gc.collect()
        self.assertIsNone(reference())
        self.assertEqual((ext.workers(), calls), (0, [1]))

    @in_a_process
    def test_many_threads(self):
        calls = []

        def work():
            for _ in range(5):
                ext.Worker(lambda: calls.append(1))

        together(*[work] * 8)
        self.assertEqual((ext.workers(), len(calls)), (0, 40))

    @in_a_process
    def test_the_last_reference_dropped_without_the_gil(self):
        calls = []
        ext.drop_on_new_thread([ext.Worker(lambda: calls.append(1))])
        self.assertEqual((ext.workers(), calls), (0, [1]))
        ext.drop_in_allow_threads([ext.Worker(lambda: calls.append(2))])
        self.assertEqual((ext.workers(), calls), (0, [1, 2]))


# --- Import --------------------------------------------------------------------------------------------------------------


class Import(unittest.TestCase):
    SUBINTERPRETER = """
try:
    import _interpreters as interpreters
    kinds, run = [("isolated",), ("legacy",)], interpreters.exec
except ImportError:
    import _xxsubinterpreters as interpreters
    run = interpreters.run_string
    kinds = [(), (False,)]

TRY = '''
try:
    import threads_ext
except ImportError as error:
    print(type(error).__name__, error, flush=True)
else:
    print("imported", flush=True)
'''
{before}
for kind in kinds:
    try:
        interpreter = interpreters.create(*kind)
    except TypeError:
        interpreter = interpreters.create(isolated=False)
    failure = run(interpreter, TRY)
    assert failure is None, failure
    interpreters.destroy(interpreter)
import threads_ext
threads_ext.attach()
assert threads_ext.call_in_with_gil(lambda: 5) == 5
"""

    def test_a_sub_interpreter_is_refused(self):
        text = "ImportError module threads_ext does not support loading in subinterpreters\n"
        for before in ("", "import threads_ext"):
            with self.subTest(before=before):
                self.assertEqual(run_python(WATCHDOG + self.SUBINTERPRETER.format(before=before)), text * 2)

    def test_a_free_threaded_python_stays_free_threaded(self):
        if not FREE_THREADED:
            self.skipTest("this Python has a GIL")
        env = python_environment()
        env.pop("PYTHON_GIL", None)  # It decides, and there is no warning.
        output = run_python("import sys, threads_ext\nprint(sys._is_gil_enabled())", "-W", "error", env=env)
        self.assertEqual(output, "False\n")

    def test_importing_warns_of_nothing(self):
        run_python("import threads_ext", "-W", "error")


if __name__ == "__main__":
    unittest.main()
