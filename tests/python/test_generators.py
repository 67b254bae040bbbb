# SPDX-License-Identifier: MIT
"""C++ coroutines as generators: each does what a generator written in Python does that says the same."""
import collections.abc
import contextlib
import copy
import gc
import itertools
import pickle
import sys
import threading
import time
import weakref

import pytest

import generators_ext as ext

try:
    from hypothesis import given, strategies
except ImportError:
    given = None


# --- The twins -------------------------------------------------------------------------------------------------------


def count(n):
    for i in range(n):
        yield i


def averager():
    total = n = 0.0
    while (sent := (yield total / n if n else 0.0)) is not None:
        total += sent
        n += 1
    return "done"


def echo(first, last):
    while (sent := (yield first)) is not None:
        first = sent
    return last


def catcher():
    text = "begun"
    while True:
        try:
            yield text
            text = "went on"
        except GeneratorExit:
            raise
        except BaseException as error:
            text = "caught " + type(error).__name__


def stubborn():
    i = 0
    while i < 3:
        try:
            yield i
        except BaseException:
            i += 10
        if i >= 10:
            yield i
            i -= 10
        i += 1


def obedient():
    try:
        yield 1
        yield 2
    except BaseException:
        return "early"
    return "late"


def converter():
    try:
        yield 1
    except BaseException as error:
        raise KeyError(type(error).__name__)


def raiser(what):
    yield 1
    if what == "KeyError":
        raise KeyError("py")
    if what == "IndexError":
        raise IndexError("cpp")
    if what == "RuntimeError":
        raise RuntimeError("cpp")
    if what == "StopIteration":
        raise StopIteration("py")
    if what == "StopAsyncIteration":
        raise StopAsyncIteration("py")
    if what == "GeneratorExit":
        raise GeneratorExit("py")


TWINS = {
    "count 0": ("count", 0),
    "count 2": ("count", 2),
    "averager": ("averager",),
    "echo": ("echo", "first", "last"),
    "echo, returns a tuple": ("echo", 0, (1, 2)),
    "echo, returns an exception": ("echo", 0, ValueError("a value")),
    "catcher": ("catcher",),
    "stubborn": ("stubborn",),
    "obedient": ("obedient",),
    "converter": ("converter",),
    **{
        f"raiser {what}": ("raiser", what)
        for what in "- KeyError IndexError RuntimeError StopIteration StopAsyncIteration GeneratorExit".split()
    },
}
OPERATIONS = {
    "next": next,
    "send None": lambda g: g.send(None),
    "send 2.5": lambda g: g.send(2.5),
    "throw a class": lambda g: g.throw(ValueError),
    "throw an instance": lambda g: g.throw(LookupError(1, 2)),
    "throw StopIteration": lambda g: g.throw(StopIteration(7)),
    "throw GeneratorExit": lambda g: g.throw(GeneratorExit),
    "throw nonsense": lambda g: g.throw(3),
    "throw a class of no exceptions": lambda g: g.throw(int),
    "close": lambda g: g.close(),
}


def described(value):
    if isinstance(value, BaseException):
        return [type(value), described(value.args), described(value.__cause__)]
    return [type(value), list(map(described, value)) if isinstance(value, tuple) else value]


def outcome(generator, operation):
    try:
        return ["gave", described(OPERATIONS[operation](generator))]
    except BaseException as error:
        return ["raised", described(error)]


def takes(name, operation):
    """What is sent where C++ has said that it takes nothing, or something else, a generator in Python would take."""
    return operation != "send 2.5" or name in ("averager", "echo")


def assert_like_twin(case, operations):
    name, *arguments = TWINS[case]
    ours, twin = getattr(ext, name)(*arguments), globals()[name](*arguments)
    for i, operation in enumerate(operations):
        if takes(name, operation):
            assert outcome(ours, operation) == outcome(twin, operation), (case, operations[: i + 1])
    for _ in range(3):  # Python does it where a generator dies, and would say that it was ignored.
        with contextlib.suppress(BaseException):
            twin.close()
    del ours
    assert ext.probes() == 0


@pytest.mark.parametrize("case", TWINS)
def test_a_generator_answers_as_one_written_in_python_does(case):
    for first, second, third in itertools.product(OPERATIONS, repeat=3):
        assert_like_twin(case, [first, second, third, "next"])
    for first, second in itertools.product(OPERATIONS, repeat=2):
        assert_like_twin(case, ["next", "next", first, second, "next", "close", "next"])


if given is not None:

    @given(
        strategies.sampled_from(sorted(TWINS)),
        strategies.lists(strategies.sampled_from(sorted(OPERATIONS)), max_size=12),
    )
    def test_any_sequence_of_operations_is_answered_as_in_python(case, operations):
        assert_like_twin(case, operations)


def test_the_names_and_the_class():
    generator = ext.count(3)
    assert isinstance(generator, collections.abc.Generator)
    assert iter(generator) is generator
    assert type(generator).__name__ == "generator"
    assert type(generator) is type(ext.averager())
    with pytest.raises(TypeError):
        type(generator)()
    for refused in (copy.copy, pickle.dumps):
        with pytest.raises(TypeError):
            refused(generator)


def test_arguments_are_those_of_the_function():
    assert list(ext.count(n=2)) == [0, 1]
    with pytest.raises(TypeError, match="count"):
        ext.count("3")
    assert list(ext.countdown(3)) == [2, 1, 0]


# --- What is yielded, sent, returned ---------------------------------------------------------------------------------


def test_what_is_yielded_is_converted():
    assert [point.x for point in ext.points(2)] == [0, 1, 2]
    assert list(ext.texts()) == ["first", "second", "xxx", "fourth"]
    assert list(ext.views()) == ["one", "two"]
    assert list(ext.lists()) == [None, [1, 2]]
    none, first, second = ext.handles()
    assert none is None and first is second and first == [1, 2]


def test_what_does_not_convert_is_raised_where_it_is_yielded():
    generator = ext.unconvertible(False)
    assert next(generator) == 1
    with pytest.raises(ValueError, match="this one"):
        next(generator)
    assert list(generator) == [] and ext.probes() == 0


def test_what_does_not_convert_is_raised_where_it_is_returned():
    generator = ext.unconvertible(True)
    assert next(generator) == 1
    with pytest.raises(ValueError, match="this one"):  # Of the co_return: the coroutine has caught the other.
        next(generator)
    assert list(generator) == [] and ext.probes() == 0


def test_what_is_sent_is_converted():
    generator = ext.sums()
    assert [next(generator), generator.send([1, 2]), generator.send((3,)), generator.send([])] == [0, 3, 6, 6]
    with pytest.raises(StopIteration) as stop:
        next(generator)
    assert stop.value.value == 6


def test_what_cannot_be_sent_is_a_type_error_and_the_generator_waits_on():
    generator = ext.sums()
    next(generator)
    with pytest.raises(TypeError, match=r"send\(\) argument"):
        generator.send(3)
    with pytest.raises(TypeError, match=r"send\(\) argument.*\[1\]"):
        generator.send([1, "x"])
    with pytest.raises(OverflowError):
        generator.send([1, 2**40])
    assert generator.send([4]) == 4

    generator = ext.averager()
    next(generator)
    with pytest.raises(TypeError, match=r"send\(\) argument must be float, not str"):
        generator.send("x")
    assert generator.send(2) == 2.0

    generator = ext.count(3)
    next(generator)
    with pytest.raises(TypeError, match=r"send\(\) argument must be None, not int"):
        generator.send(1)
    assert list(generator) == [1, 2]


def test_an_exception_in_the_conversion_of_what_is_sent_is_raised():
    class Hostile:
        def __float__(self):
            raise KeyError("hostile")

    generator = ext.averager()
    next(generator)
    with pytest.raises(KeyError, match="hostile"):
        generator.send(Hostile())
    assert generator.send(1) == 1.0


def test_yield_from_takes_and_gives_all():
    def outer(inner):
        return (yield from inner)

    generator = outer(ext.averager())
    assert [next(generator), generator.send(1), generator.send(3)] == [0.0, 1.0, 2.0]
    with pytest.raises(StopIteration) as stop:
        next(generator)
    assert stop.value.value == "done"

    generator = outer(ext.catcher())
    assert [next(generator), generator.throw(KeyError), next(generator)] == ["begun", "caught KeyError", "went on"]
    assert ext.probes() == 1
    generator.close()
    assert ext.probes() == 0


@pytest.mark.parametrize("value", [(1, 2), ValueError("a value"), ValueError, [], StopIteration(3)], ids=repr)
def test_any_object_is_the_value_of_the_end(value):
    generator = ext.returning(value)
    next(generator)
    with pytest.raises(StopIteration) as stop:
        next(generator)
    assert stop.value.value is value
    with pytest.raises(StopIteration) as stop:
        next(generator)
    assert stop.value.value is None


# --- throw, close ----------------------------------------------------------------------------------------------------


def test_throw_raises_the_very_exception():
    generator, error = ext.count(3), ValueError("mine")
    next(generator)
    with pytest.raises(ValueError) as raised:
        generator.throw(error)
    assert raised.value is error and error.__context__ is None and error.__cause__ is None
    assert list(generator) == []


def test_throw_keeps_the_traceback():
    def fail():
        raise ValueError("mine")

    generator = ext.count(3)
    next(generator)
    try:
        fail()
    except ValueError as error:
        mine = error
    with pytest.raises(ValueError) as raised:
        generator.throw(mine)
    assert "fail" in [entry.name for entry in raised.traceback]


@pytest.mark.filterwarnings("ignore:the .type, exc, tb. signature:DeprecationWarning")
@pytest.mark.parametrize(
    "arguments",
    [
        (),
        (ValueError, "text"),
        (ValueError, (1, 2)),
        (ValueError, None),
        (ValueError, ValueError("made")),
        (Exception, ValueError("made")),
        (ValueError, KeyError("made")),
        (ValueError, None, None),
        (ValueError, "text", 3),
        (ValueError("made"), "text"),
        (ValueError("made"), None),
        (ValueError("made"), None, None),
        (UnicodeDecodeError,),
        ("ValueError",),
        (1, 2, 3, 4),
    ],
    ids=repr,
)
def test_throw_takes_a_type_and_a_value_as_well(arguments):
    answers = []
    for generator in (ext.catcher(), catcher(), ext.count(3), count(3)):
        next(generator)
        try:
            answers.append(generator.throw(*arguments))
        except Exception as error:
            # What CPython says of calls with the wrong number of arguments differs from one version to the next.
            answers.append(type(error) if len(arguments) in (0, 4) else [type(error), error.args])
    assert answers[0] == answers[1] and answers[2] == answers[3]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="not deprecated yet")
def test_throw_of_a_type_and_a_value_is_deprecated():
    generator = ext.count(3)
    next(generator)
    with pytest.warns(DeprecationWarning, match="signature of throw"), pytest.raises(ValueError):
        generator.throw(ValueError, "text")
    generator = ext.count(3)
    next(generator)
    with pytest.raises(DeprecationWarning):  # As an error. It is not the generator's.
        generator.throw(ValueError, "text")
    assert next(generator) == 1


@pytest.mark.filterwarnings("ignore:the .type, exc, tb. signature:DeprecationWarning")
def test_throw_takes_a_traceback():
    try:
        raise KeyError
    except KeyError as error:
        traceback = error.__traceback__
    generator = ext.count(3)
    next(generator)
    with pytest.raises(ValueError) as raised:
        generator.throw(ValueError, None, traceback)
    entries = []
    entry = raised.value.__traceback__
    while entry is not None:
        entries.append(entry)
        entry = entry.tb_next
    assert entries[-1].tb_frame is traceback.tb_frame


def test_stop_iteration_does_not_end_the_callers_loop():
    generator = ext.raiser("StopIteration")
    next(generator)
    with pytest.raises(RuntimeError, match="generator raised StopIteration") as raised:
        next(generator)
    error = raised.value
    assert isinstance(error.__cause__, StopIteration) and error.__context__ is error.__cause__
    assert error.__suppress_context__


def test_close_ends_the_coroutine():
    generator = ext.count(3)
    next(generator)
    assert ext.probes() == 1
    assert generator.close() is None
    assert ext.probes() == 0
    assert generator.close() is None and list(generator) == []
    with contextlib.closing(ext.count(3)) as generator:
        next(generator)
    assert ext.probes() == 0


def test_a_generator_can_be_a_context_manager():
    manager, log = contextlib.contextmanager(ext.block), []
    with manager(log) as value:
        assert value == "value"
    with manager(log):
        raise KeyError("swallowed")
    error = ValueError("kept")
    with pytest.raises(ValueError) as raised, manager(log):
        raise error
    assert raised.value is error and log == ["end", "KeyError", "ValueError"]


# --- Its life --------------------------------------------------------------------------------------------------------


def test_nothing_runs_before_the_first_next():
    generator = ext.count(3)
    assert ext.probes() == 0
    next(generator)
    assert ext.probes() == 1


def test_local_variables_are_destroyed_with_the_last_reference():
    generator = ext.count(3)
    next(generator)
    other = ext.count(1)
    assert list(other) == [0] and ext.probes() == 1  # At the end, although `other` is still there.
    del generator
    assert ext.probes() == 0
    for i in ext.count(10):
        if i == 3:
            assert ext.probes() == 1
            break
    assert ext.probes() == 0


def test_parameters_live_as_long_as_the_coroutine():
    class Target:
        pass

    first, last = Target(), Target()
    alive = [weakref.ref(first), weakref.ref(last)]
    generator = ext.echo(first, last)
    del first, last
    assert alive[0]() is not None and alive[1]() is not None
    assert next(generator) is alive[0]()
    generator.send(1)
    assert alive[0]() is None and alive[1]() is not None
    with pytest.raises(StopIteration) as stop:
        next(generator)
    assert stop.value.value is alive[1]()
    del stop
    assert alive[1]() is None


@pytest.mark.parametrize("how", ["never begun", "suspended", "ended", "closed", "failed"])
def test_references_are_given_back(how):
    target = object()
    before = sys.getrefcount(target)
    generator = ext.echo(target, target)
    if how != "never begun":
        next(generator)
        generator.send(target)
    if how == "ended":
        assert list(generator) == []
    if how == "closed":
        generator.close()
    if how == "failed":
        with pytest.raises(KeyError):
            generator.throw(KeyError)
    if how in ("ended", "closed", "failed"):
        assert sys.getrefcount(target) == before
    del generator
    assert sys.getrefcount(target) == before and ext.probes() == 0


def test_a_coroutine_that_python_never_sees_gives_all_back():
    target = object()
    before = sys.getrefcount(target)
    ext.drop_unused(target)
    ext.drop_unused_detached(target)
    ext.count(0)  # Releases what was dropped while detached.
    assert sys.getrefcount(target) == before and ext.probes() == 0


def test_a_coroutine_becomes_an_object_once():
    with pytest.raises(RuntimeError, match="moved from"):
        ext.convert_twice(3)


def test_weak_references():
    generator = ext.count(3)
    reference = weakref.ref(generator)
    assert reference() is generator
    next(generator)
    del generator
    assert reference() is None and ext.probes() == 0


def test_a_cycle_of_objects_that_python_sees_takes_the_generator_along():
    cycle = [ext.count(3)]
    next(cycle[0])
    cycle.append(cycle)
    assert ext.probes() == 1
    del cycle
    gc.collect()
    assert ext.probes() == 0


def test_a_cycle_through_the_coroutine_is_not_found_and_close_breaks_it():
    cycle = []
    generator = ext.echo(cycle, None)
    next(generator)
    cycle.append(generator)
    reference = weakref.ref(generator)
    del cycle, generator
    gc.collect()
    assert reference() is not None and ext.probes() == 1
    reference().close()
    assert reference() is None and ext.probes() == 0


def test_a_generator_that_dies_while_it_runs_dies_behind():
    holder = []

    def drop():
        holder.clear()
        return 1

    holder.append(ext.caller(drop))
    assert next(holder[0]) == 1  # The iteration keeps it.

    holder.append(ext.caller(lambda: holder.clear() or 1 / 0))
    with pytest.raises(ZeroDivisionError):
        list(itertools.islice(holder[0], 2))


def test_a_generator_whose_last_reference_goes_while_it_runs():
    def callback():
        with pytest.raises(ValueError, match="generator already executing"):
            next(sliced)  # Whereupon islice drops the generator.
        return alive() is not None

    generator = ext.caller(callback)
    alive = weakref.ref(generator)
    sliced = itertools.islice(generator, 3)
    del generator
    assert next(sliced) is True
    assert alive() is None and list(sliced) == []


def test_parameters_may_ask_for_the_generator_as_they_die():
    answers = []

    class Nosy:
        def __del__(self):
            answers.append(next(generator, "ended"))

    generator = ext.echo(0, Nosy())
    next(generator)
    with pytest.raises(KeyError):
        generator.throw(KeyError("kept"))
    assert answers == ["ended"]


def test_memory_does_not_grow(assert_no_growth):
    def use():
        generator = ext.echo([], {})
        next(generator)
        generator.send(())
        with contextlib.suppress(KeyError):
            generator.throw(KeyError)
        list(ext.count(5))
        next(ext.count(5))
        ext.catcher().close()
        with contextlib.suppress(RuntimeError):
            list(ext.raiser("StopIteration"))
        ext.count(5)

    assert_no_growth(use)


# --- Several at once -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "operation",
    [next, list, lambda g: g.send(1), lambda g: g.send(None), lambda g: g.throw(KeyError), lambda g: g.close()],
)
def test_a_generator_that_runs_cannot_be_used_from_inside(operation):
    answers = []

    def callback():
        with pytest.raises(ValueError, match="generator already executing"):
            operation(generator)
        answers.append(1)
        return len(answers)

    generator = ext.caller(callback)
    assert [next(generator), next(generator)] == [1, 2]


def test_a_generator_that_runs_cannot_be_used_by_what_converts():
    class Hostile:
        def __float__(self):
            with pytest.raises(ValueError, match="generator already executing"):
                generator.send(1.0)
            return 3.0

    generator = ext.averager()
    next(generator)
    assert generator.send(Hostile()) == 3.0


def test_a_generator_that_runs_cannot_be_used_by_another_thread():
    ext.go_on(False)
    generator = ext.waiting()
    results = []
    thread = threading.Thread(target=lambda: results.append(next(generator)))
    thread.start()
    while not ext.is_waiting():
        time.sleep(0.001)
    for operation in (next, lambda g: g.send(None), lambda g: g.throw(KeyError), lambda g: g.close()):
        with pytest.raises(ValueError, match="generator already executing"):
            operation(generator)
    gc.collect()
    ext.go_on(True)
    thread.join()
    assert results == [0] and next(generator) == 1


def test_each_step_may_be_on_another_thread():
    generator = ext.echo(0, None)
    next(generator)
    results = []
    for i in range(20):
        thread = threading.Thread(target=lambda: results.append(generator.send(i)))
        thread.start()
        thread.join()
    assert results == list(range(20))
    thread = threading.Thread(target=generator.close)
    thread.start()
    thread.join()
    assert ext.probes() == 0

    generator = ext.chain(range(3))  # Has a Bound for a local variable.
    results = [next(generator)]
    thread = threading.Thread(target=lambda: results.extend(generator))
    thread.start()
    thread.join()
    assert results == [0, 1, 2]


def test_several_threads_share_a_generator():
    items, refusals = [], []
    generator = ext.count(20000)
    start = threading.Barrier(4)

    def take():
        start.wait()
        while True:
            try:
                items.append(next(generator))
            except ValueError:
                refusals.append(1)
            except StopIteration:
                break

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(items) == list(range(20000)) and ext.probes() == 0


def test_a_generator_dies_on_any_thread():
    class Target:
        pass

    generator = ext.echo(Target(), None)
    alive = weakref.ref(next(generator))
    ext.drop_elsewhere(generator)
    thread = threading.Thread(target=lambda reference: None, args=(generator,))
    del generator
    thread.start()
    thread.join()
    del thread
    ext.count(0)
    assert alive() is None and ext.probes() == 0


# --- Generators of an object -----------------------------------------------------------------------------------------


def test_a_method_may_be_a_coroutine_that_takes_its_object():
    numbers = ext.Numbers([1, 2])
    generator = iter(numbers)
    assert next(generator) == 1
    numbers.append(3)  # Nothing is borrowed between two items.
    assert list(generator) == [2, 3]
    generator = numbers.copied()
    numbers.append(4)
    assert list(generator) == [1, 2, 3]
    generator = ext.Numbers([5]).live()
    assert list(generator) == [5]


def test_a_borrow_may_last_as_long_as_the_generator():
    numbers = ext.Numbers([1, 2])
    generator = numbers.locked()
    numbers.append(3)
    next(generator)
    with pytest.raises(RuntimeError, match="Already borrowed"):
        numbers.append(4)
    assert list(generator) == [2, 3]
    numbers.append(4)
    generator = numbers.locked()
    next(generator)
    del generator
    numbers.append(5)


# --- Depth -----------------------------------------------------------------------------------------------------------


def chained(depth):
    generator = ext.count(3)
    for _ in range(depth):
        generator = ext.chain(generator)
    return generator


def test_generators_over_generators():
    assert list(chained(10)) == [0, 1, 2]


def test_too_many_generators_over_generators_are_a_recursion_error():
    with pytest.raises(RecursionError):
        next(chained(100_000))
    assert ext.probes() == 0


def test_a_long_chain_of_generators_dies():
    generator = ext.echo(None, None)
    for _ in range(100_000):
        generator = ext.echo(generator, None)
    next(generator)
    del generator
    assert ext.probes() == 0
