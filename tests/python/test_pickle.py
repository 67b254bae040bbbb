# SPDX-License-Identifier: MIT
"""Pickling and copying of pyclasses."""
import copy
import gc
import multiprocessing
import pickle
import sys
import threading

import pytest

import pickle_ext as x

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


class Sub(x.Counter):
    """Has another constructor than its base."""

    def __new__(cls, *, name):
        self = super().__new__(cls, 7)
        self.name = name
        return self

    def __init__(self, *, name):
        pass


class Slotted(x.Counter):
    __slots__ = ("left", "right")


class WithState(x.Counter):
    def __getstate__(self):
        return "mine"

    def __setstate__(self, state):
        self.restored = state


class Outer:
    class Inner(x.Counter):
        pass


def ways():
    for protocol in PROTOCOLS:
        yield pytest.param(lambda o, p=protocol: pickle.loads(pickle.dumps(o, p)), id=f"pickle{protocol}")
        yield pytest.param(lambda o, p=protocol: pickle._loads(pickle._dumps(o, p)), id=f"python_pickle{protocol}")
    yield pytest.param(copy.copy, id="copy")
    yield pytest.param(copy.deepcopy, id="deepcopy")


@pytest.mark.parametrize("again", list(ways()))
def test_every_way_of_copying_keeps_the_value(again):
    made = again(x.Counter(5))
    assert type(made) is x.Counter and made.total == 5 and made.add(1) == 6
    assert again(x.Words(["a", "b"])).words == ["a", "b"]
    made = again(x.Frozen(1, 2))
    assert (made.a, made.b) == (1, 2)
    assert again(x.Local(3)).n == 3
    made = again(x.GoodChild(4))
    assert type(made) is x.GoodChild and made.total == 4 and made.more == 5


@pytest.mark.parametrize("again", list(ways()))
def test_python_subclasses_keep_class_dict_and_slots(again):
    made = again(Sub(name="n"))
    assert type(made) is Sub and made.total == 7 and made.name == "n"
    slotted = Slotted(8)
    slotted.left = "left"
    made = again(slotted)
    assert type(made) is Slotted and made.total == 8 and made.left == "left" and not hasattr(made, "right")
    made = again(WithState(9))
    assert made.total == 9 and made.restored == "mine"
    assert type(again(Outer.Inner(1))) is Outer.Inner
    assert gc.is_tracked(made)


@pytest.mark.parametrize("again", list(ways()))
def test_a_derived_pyclass_says_itself_how(again):
    with pytest.raises(TypeError, match="cannot pickle.*Child.*def_pickle"):
        again(x.Child(1))

    class Further(x.Child):
        pass

    with pytest.raises(TypeError, match="cannot pickle"):
        again(Further(1))


@pytest.mark.parametrize("again", list(ways()))
@pytest.mark.parametrize("kind", ["Plain", "Open", "WithDict", "WithWeakref", "FrozenPlain", "Changeable", "NoNew"])
def test_a_class_without_any_of_it_refuses(again, kind):
    made = x.make_no_new() if kind == "NoNew" else getattr(x, kind)(1)
    with pytest.raises(TypeError, match=kind):
        again(made)


@pytest.mark.parametrize("again", list(ways()))
@pytest.mark.parametrize("kind", ["Open", "WithDict", "Changeable"])
def test_nor_do_python_subclasses_of_it_lose_the_value(again, kind):
    made = type("Derived", (getattr(x, kind),), {"__module__": __name__})
    globals()["Derived"] = made
    with pytest.raises(TypeError):
        again(made(1))


def test_deepcopy_copies_what_the_state_holds_and_keeps_identity():
    inner = [1]
    box = x.Box(inner)
    box.note = inner
    one, two = copy.deepcopy([box, box])
    assert one is two and one.content == [1] and one.content is not inner
    assert one.note is one.content
    shared = copy.copy(box)
    assert shared.content is inner and shared.note is inner
    box.content = box  # A cycle through the state.
    with pytest.raises(RecursionError):
        pickle.dumps(box)
    box.content = None


def test_a_state_of_another_shape_names_the_class():
    for state in ("text", None, (1, 2), 2**70):
        with pytest.raises((TypeError, OverflowError)) as caught:
            x.Counter._reconstruct(x.Counter, state)
        assert "Counter" in said(caught.value)
    for state in ((1,), (1, 2, 3), ("a", "b"), 5):
        with pytest.raises((TypeError, ValueError)) as caught:
            x.Frozen._reconstruct(x.Frozen, state)
        assert "Frozen" in said(caught.value)
    for wrong in (int, 5, None, x.Child, x.GoodChild, x.Words, type):
        with pytest.raises(TypeError, match="Counter"):
            x.Counter._reconstruct(wrong, 1)
    for arguments in ((), (x.Counter,), (x.Counter, 1, 2)):
        with pytest.raises(TypeError):
            x.Counter._reconstruct(*arguments)
    with pytest.raises(RuntimeError, match="no such counter"):
        x.Counter._reconstruct(x.Counter, 666)
    with pytest.raises(RuntimeError, match="no such counter"):
        x.Counter._reconstruct(Slotted, 666)
    with pytest.raises(ValueError, match="not this one"):
        pickle.dumps(x.Refuses(1))


def test_a_value_of_another_thread_is_not_pickled():
    local, errors = x.Local(1), []

    def run():
        try:
            pickle.dumps(local)
        except RuntimeError as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert len(errors) == 1


def test_no_reference_is_lost_or_kept():
    content = object()
    box = x.Box(content)
    before = sys.getrefcount(content), sys.getrefcount(x.Box), sys.getrefcount(Sub)
    for _ in range(50):
        copy.copy(box)
        copy.copy(Sub(name="n"))
        box.__reduce__()
        with pytest.raises(TypeError):
            x.Counter._reconstruct(Sub, "text")
    gc.collect()
    assert (sys.getrefcount(content), sys.getrefcount(x.Box), sys.getrefcount(Sub)) == before


class ByHandSub(x.ByHand):
    pass


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_the_methods_that_python_has_for_it(protocol):
    for cls in (x.ByHand, ByHandSub):
        made = pickle.loads(pickle.dumps(cls(3), protocol))
        assert type(made) is cls and made.n == 3
    made = pickle.loads(pickle.dumps(x.Reduces(4), protocol))
    assert made.n == 4
    for wrong in (1, (1,), ("a", "b"), None):
        with pytest.raises((TypeError, ValueError)) as caught:
            x.ByHand(1).__setstate__(wrong)
        assert "ByHand" in said(caught.value)


def said(error):
    """The text of an error and its notes, of which one names the function where the text does not."""
    return "\n".join([str(error), *getattr(error, "__notes__", [])])


def add_one(counter):
    counter.add(1)
    return counter


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_objects_go_to_other_processes_and_back(method):
    with multiprocessing.get_context(method).Pool(1) as pool:
        made = pool.apply(add_one, (x.Counter(1),))
        assert type(made) is x.Counter and made.total == 2
