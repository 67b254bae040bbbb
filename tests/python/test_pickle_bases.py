# SPDX-License-Identifier: MIT
"""Pickling and copying of pyclasses with a built-in base, by a `__reduce__` of their own."""
import copy
import gc
import multiprocessing
import pickle
import sys

import pytest

import pickle_bases_ext as x


class Named(x.Cache):
    """Has an attribute more, and another constructor."""

    def __new__(cls, name):
        return super().__new__(cls, 7)

    def __init__(self, name):
        self.name = name
        self["made by"] = "__init__"


class Slotted(x.Stack):
    __slots__ = ("left", "right", "__dict__")


class WorseCode(x.BadCode):
    pass


class Own(x.Silent):
    """Python says what C++ does not."""

    def __reduce__(self):
        return Own, (), {"kept": 1}


def ways():
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        yield pytest.param(lambda o, p=protocol: pickle.loads(pickle.dumps(o, p)), id=f"pickle{protocol}")
        yield pytest.param(lambda o, p=protocol: pickle._loads(pickle._dumps(o, p)), id=f"python_pickle{protocol}")
    yield pytest.param(copy.copy, id="copy")
    yield pytest.param(copy.deepcopy, id="deepcopy")


WAYS = pytest.mark.parametrize("again", list(ways()))


@WAYS
def test_a_dict_keeps_its_items_and_its_value(again):
    cache = x.Cache(3)
    cache["a"], cache[2] = [1], "b"
    made = again(cache)
    assert type(made) is x.Cache and made == {"a": [1], 2: "b"} and list(made) == ["a", 2] and made.hits == 3
    made.hits += 1
    made["c"] = 0
    assert cache.hits == 3 and "c" not in cache


@WAYS
def test_a_python_subclass_keeps_its_class_and_its_attributes(again):
    named = Named("n")
    del named["made by"]
    named["k"], named.hits = "v", 8
    made = again(named)  # Neither __new__ nor __init__ is called, which take other arguments.
    assert type(made) is Named and made == {"k": "v"} and made.hits == 8
    assert made.name == "n" and vars(made) == {"name": "n"}


@WAYS
def test_a_list_keeps_its_items_and_its_value(again):
    stack = x.Stack(9)
    stack.extend([1, "b", None])
    made = again(stack)
    assert type(made) is x.Stack and made == [1, "b", None] and made.limit == 9
    slotted = Slotted(4)
    slotted.append(1)
    slotted.other = "o"
    made = again(slotted)
    assert type(made) is Slotted and made == [1] and made.limit == 4 and made.other == "o"


@WAYS
@pytest.mark.skipif(sys.version_info < (3, 11), reason="CPython 3.10 has no object.__getstate__, which knows of slots")
def test_slots_of_a_python_subclass_are_kept(again):
    slotted = Slotted(4)
    slotted.left = "left"
    made = again(slotted)
    assert made.left == "left" and not hasattr(made, "right")


@WAYS
def test_an_exception_keeps_its_args_and_its_value(again):
    for cls in (x.BadCode, WorseCode):
        error = cls(5, "why")
        error.note = "more"
        made = again(error)
        assert type(made) is cls and (made.code, made.detail, made.args, made.note) == (5, "why", (5, "why"), "more")
        with pytest.raises(ValueError, match="why"):
            raise made


def test_deepcopy_copies_and_copy_shares():
    inner = [1]
    cache = x.Cache(1)
    cache["inner"] = inner
    named = Named("n")
    named.inner = inner
    assert copy.copy(cache)["inner"] is inner and copy.copy(named).inner is inner
    one, two, three = copy.deepcopy([cache, cache, named])
    assert one is two and one["inner"] is three.inner and one["inner"] is not inner
    error = copy.deepcopy(x.BadCode(1, inner))
    assert error.detail == [1] and error.detail is not inner and error.args[1] is error.detail


@pytest.mark.parametrize("again", [copy.deepcopy, *(
    lambda o, p=protocol: pickle.loads(pickle.dumps(o, p)) for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1))])
def test_an_object_in_itself_comes_back_as_one(again):
    """Items and attributes are entered once the object is there."""
    for cls in (x.Cache, Named):
        cache = cls("n") if cls is Named else cls(2)
        cache["self"] = cache
        if cls is Named:
            cache.me = cache
        made = again(cache)
        assert made is not cache and made["self"] is made and (cls is x.Cache or made.me is made)
    stack = x.Stack(1)
    stack.append(stack)
    made = again(stack)
    assert made[0] is made and made.limit == 1


@WAYS
def test_a_class_that_says_nothing_refuses(again):
    silent = x.Silent(1)
    with pytest.raises(TypeError, match="Silent"):
        again(silent)
    sub = type("Sub", (x.Silent,), {"__module__": __name__})
    globals()["Sub"] = sub
    with pytest.raises(TypeError, match="Sub"):
        again(sub(1))
    made = again(Own(1))
    assert type(made) is Own and made.kept == 1


def changed(cache, stack):
    cache.hits += 1
    cache["seen"] = len(stack)
    return cache, stack


def fail(code):
    x.fail(code, ["in", "another", "process"])


def exchange(pool):
    named, stack = Named("n"), x.Stack(2)
    stack.append("item")
    named, stack = pool.apply(changed, (named, stack))
    assert type(named) is Named and named == {"made by": "__init__", "seen": 1} and named.hits == 8
    assert named.name == "n" and type(stack) is x.Stack and stack == ["item"] and stack.limit == 2
    with pytest.raises(x.BadCode) as caught:
        pool.apply(fail, (404,))
    assert caught.value.code == 404 and caught.value.detail == ["in", "another", "process"]


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_objects_and_errors_come_from_other_processes(method):
    with multiprocessing.get_context(method).Pool(1) as pool:
        exchange(pool)


def test_nothing_is_lost_or_kept(assert_no_growth):
    inner = object()
    cache, stack = Named("n"), x.Stack(1)
    cache["inner"] = inner
    stack.append(inner)
    before = sys.getrefcount(inner)

    def run():
        copy.copy(cache)
        copy.copy(stack)
        copy.copy(x.BadCode(1, inner))
        cache.__reduce__()

    assert_no_growth(run)
    gc.collect()
    assert sys.getrefcount(inner) == before
