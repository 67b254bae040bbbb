# SPDX-License-Identifier: MIT
"""Classes that one module makes and another one uses."""
import gc
import importlib
import os
import subprocess
import sys
import threading
import weakref

import pytest
import shapes_in_python
import shared_user_ext as user


@pytest.fixture
def home():
    return importlib.import_module("shared_home_ext")


def test_an_operand_is_known_before_anything_else_was():
    code = """
import shared_home_ext as home, shared_user_ext as user
assert (user.Shift(2) + home.Point(1, 5)).x == 3 and (home.Point(1, 5) + user.Shift(2)).y == 7
for wrong in (1, "x", None):
    try:
        user.Shift(2) + wrong
    except TypeError as error:
        assert "unsupported operand" in str(error)
    else:
        raise AssertionError
"""
    subprocess.run([sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"], check=True)


def test_the_home_module_is_imported_by_who_needs_a_class_of_it():
    code = """
assert "shared_home_ext" not in sys.modules
import shared_stranger_ext
assert "shared_home_ext" not in sys.modules
import shared_user_ext as user
point = user.make_point(1)
assert type(point) is sys.modules["shared_home_ext"].Point
"""
    subprocess.run([sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"], check=True)


def test_arguments_and_results(home):
    point = home.Point(1, 2)
    assert user.sum(point) == 3
    user.step(point)
    assert point.x == 2
    made = user.make_point(3)
    assert type(made) is home.Point and made == home.Point(3, -3) or made.x == 3
    first, last = user.swapped([home.Point(1), user.make_point(2), home.Point(3)])[::2]
    assert (type(first), first.x, last.x) == (home.Point, 3, 1)
    assert user.again.Point is home.Point
    with pytest.raises(TypeError, match="argument 'point' must be Point, not str"):
        user.sum("text")


def test_one_borrow_flag(home):
    point = home.Point(1, 2)
    with pytest.raises(RuntimeError, match="[Aa]lready"):
        point.change_during(lambda: user.step(point))
    with pytest.raises(RuntimeError, match="[Aa]lready"):
        point.change_during(lambda: user.sum(point))
    user.step(point)
    assert point.x == 2


def test_subclasses_in_python_and_in_cpp(home):
    class Sub(home.Point):
        pass

    assert user.sum(Sub(1, 1)) == 2
    Pixel = user.pixel()
    pixel = Pixel()
    assert isinstance(pixel, home.Point) and pixel.colour == 7
    pixel.x = 4
    user.step(pixel)
    assert user.sum(pixel) == 5
    with pytest.raises(RuntimeError, match="[Aa]lready"):
        pixel.change_during(lambda: user.step(pixel))
    assert type("More", (Pixel,), {})().colour == 7


def test_constructors_that_throw_leave_nothing(home):
    kept = weakref.ref(user.make_fragile("whole"))
    assert kept() is None
    assert user.content_of(home.Fragile("there")) == "there" and type(user.make_fragile("here")) is home.Fragile
    before, destroyed = sys.getrefcount(home.Fragile), home.destroyed()
    for _ in range(50):
        with pytest.raises(ValueError, match="broken"):
            user.make_fragile("broken")
        with pytest.raises(ValueError, match="broken"):
            home.Fragile("broken")
    gc.collect()
    assert sys.getrefcount(home.Fragile) < before + 10
    assert home.destroyed() == destroyed  # There was no value.


def test_a_class_in_a_class(home):
    assert type(user.next_tag(home.Outer.Tag(1))) is home.Outer.Tag and user.next_tag(home.Outer.Tag(1)).number == 2


def test_a_built_in_base(home):
    register = home.Register()
    register["a"] = 1
    assert user.ask(register) == 1 and user.ask(register) == 2 and register.asked == 2
    made = user.make_register()
    made["b"] = 2
    assert type(made) is home.Register and made == {"b": 2} and made.asked == 0


def test_a_base_written_in_python(home):
    made = user.make_rectangle(3)
    assert type(made) is home.Rectangle and isinstance(made, shapes_in_python.Shape)
    assert made.describe() == "Rectangle of 6.0" and user.area_of(home.Rectangle(2, 2)) == 4


def test_the_same_pointer_is_the_same_object_in_both(home):
    node = home.Node("a")
    assert user.same_node(node) is node and home.same_node(node) is node
    child = user.make_node("b")
    user.adopt(node, child)
    assert node.children[0] is child and home.same_node(child) is child
    for make in (user.make_node, user.make_leaf, user.make_twig):
        made = make("x")
        node.children = [made]
        assert node.children[0] is made is home.same_node(made) is user.same_node(made)
        del made
        gc.collect()
        assert user.same_node(node.children[0]) is home.same_node(node.children[0])


def test_both_modules_know_the_most_derived_class(home):
    assert type(user.make_leaf("l")) is home.Leaf and user.same_leaf(user.make_leaf("l")).name == "l"
    Twig = user.twig()
    twig = user.make_twig("t")
    node = home.Node("n")
    node.children = [twig]
    del twig
    gc.collect()
    assert type(node.children[0]) is Twig and node.children[0].kind() == "twig"
    assert home.kind_of(Twig("t")) == user.kind_of(Twig("t")) == "twig"
    with pytest.raises(TypeError, match="must be Leaf, not .*Twig"):
        user.same_leaf(Twig("t"))


def test_overrides_are_asked_from_both(home):
    class Mine(home.Node):
        def kind(self):
            return "mine"

    mine = Mine("m")
    node = home.Node("n")
    assert user.kind_of(mine) == home.kind_of(mine) == "mine"
    user.adopt(node, mine)
    mine = None
    gc.collect()
    assert type(node.children[0]) is Mine and user.kind_of(node.children[0]) == "mine"


def test_what_one_module_has_is_lent_to_methods_of_the_other(home):
    class Mine(home.Node):
        def kind(self):
            return "mine: " + self.name

    mine = Mine("m")
    for module in (home, user):
        assert module.kind_of(mine) == module.kind_of_held(mine) == "mine: m"
    for node in (mine, home.Node("n"), user.bush()("b")):
        for outer in (home, user):
            for inner in (home, user):
                assert outer.name_after(node, lambda: setattr(node, "name", "new")) == "new"
                assert outer.name_after(node, lambda: inner.name_after(node, lambda: setattr(node, "name", "in"))) == "in"
                with pytest.raises(ZeroDivisionError):
                    outer.name_after(node, lambda: inner.name_after(node, lambda: 1 / 0))
                node.name = "free"


def test_super_means_the_function_in_cpp_where_the_method_is_of_another_module(home):
    class Mine(user.bush()):
        def kind(self):
            return super().kind() + " and mine"

    assert user.kind_of(Mine("m")) == home.kind_of(Mine("m")) == Mine("m").kind() == "bush and mine"


def test_no_part_remembers_where_something_is_that_the_other_module_may_move(home):
    wheel = home.Wheel()
    spoke = wheel.first()
    assert spoke.length == 1
    wheel.empty()
    with pytest.raises(RuntimeError, match="has been changed since"):
        spoke.length
    bike = home.Bike()
    wheel = bike.wheel
    for _ in range(2):
        with pytest.raises(TypeError, match="cannot refer to what is in a 'Bike' object: modules share the class"):
            wheel.first()
        user.repair(bike)
        assert len(wheel) == 1000
    wheel.empty()
    assert len(bike.wheel) == 0


@pytest.mark.skipif(not user.checked, reason="only checked builds know which objects are alive")
def test_the_leak_report_knows_which_objects_have_ended():
    code = """
import sys, shared_home_ext as home, shared_user_ext as user
for _ in range(3):
    made = [user.make_fragile("x"), user.make_point(1), user.make_node("n"), user.make_twig("t"), user.make_register()]
    made += [user.make_rectangle(2), user.next_tag(home.Outer.Tag(1)), user.bush()("b"), user.pixel()()]
    user.take_owned(home.make_owned()), home.take_owned(user.make_owned()), user.make_owned()
del made
if len(sys.argv) > 1:
    import ctypes
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(user.make_fragile("stays")))
"""
    args = [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"]
    environment = {**os.environ, "ADDER_LEAKS": "1"}
    done = subprocess.run(args, env=environment, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    done = subprocess.run([*args, "more"], env=environment, capture_output=True, text=True, check=True)
    assert "1 object outlived the interpreter" in done.stderr and "1 of shared_home_ext.Fragile" in done.stderr


def test_a_finalizer_that_both_know_is_called_once(home):
    before = user.finalized() + home.finalized()
    user.ended_too()()
    assert user.finalized() + home.finalized() == before + 1
    home.Ended()
    assert user.finalized() + home.finalized() == before + 2


def test_a_taken_value_is_taken_for_both(home):
    for take in (home.take_owned, user.take_owned):
        for make in (home.make_owned, user.make_owned):
            owned = make()
            assert type(owned) is home.Owned and take(owned) in ("home", "user")
            for again in (home.take_owned, user.take_owned):
                with pytest.raises(RuntimeError, match="Owned"):
                    again(owned)


def test_threads_use_both(home):
    node = home.Node("root")
    node.children = [home.Node(str(n)) for n in range(20)]
    failures = []

    def work(module):
        try:
            for _ in range(200):
                for child in list(node.children):
                    assert module.same_node(child) is child
        except RuntimeError as error:
            failures.extend([] if "borrowed" in str(error) else [error])
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(module,)) for module in (home, user, home, user)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_class_that_took_the_place_is_refused(home):
    code = """
import shared_home_ext as home
class Point(home.Point): pass
home.Point = Point
try:
    import shared_user_ext
except TypeError as error:
    assert "'shared_home_ext.Point' is not a class that modules share" in str(error), error
else:
    raise AssertionError
"""
    subprocess.run([sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"], check=True)
