# SPDX-License-Identifier: MIT
"""Classes of C++ whose bases are written in Python."""
import abc
import gc
import inspect
import os
import pickle
import subprocess
import sys
import textwrap
import weakref

import python_bases_ext as ext
import pytest
import shapes_in_python as shapes


def test_the_class_is_one_of_the_base():
    assert issubclass(ext.Square, shapes.Shape) and isinstance(ext.Square(2), shapes.Shape)
    assert type(ext.Square) is abc.ABCMeta and ext.Square in shapes.registered
    assert ext.Square.__name__ == ext.Square.__qualname__ == "Square" and ext.Square.__module__ == "python_bases_ext"
    assert ext.Square.__doc__.endswith("A square.") and str(inspect.signature(ext.Square)) == "(side=1.0)"


def test_methods_of_both_work_and_those_of_cpp_come_first():
    square = ext.Square(side=3)
    assert type(square) is ext.Square
    assert square.area() == 9 and square.describe() == "Square of 9.0" and square.sides == 4
    square.note = "the base has a dict"
    assert vars(square) == {"note": "the base has a dict"} and weakref.ref(square)() is square


def test_objects_that_cpp_makes_are_of_the_class_that_users_see():
    square = ext.make_square(4.0)
    assert type(square) is ext.Square and isinstance(square, shapes.Shape) and ext.side_of(square) == 4
    square.note = [square]
    assert gc.is_tracked(square)
    gone = weakref.ref(square)
    del square
    gc.collect()
    assert gone() is None


def test_python_subclasses():
    class Half(ext.Square):
        def __init__(self, side, name):
            self.name = name

        def __new__(cls, side, name):
            return super().__new__(cls, side / 2)

        def describe(self):
            return self.name + super().describe()

    assert Half in shapes.registered
    half = Half(4, "a ")
    assert half.side == 2 and half.describe() == "a Half of 4.0" and ext.side_of(half) == 2


def test_a_pyclass_derives_from_such_a_class():
    cube = ext.Cube()
    cube.side = 3
    assert [cls for cls in type(cube).__mro__ if cls in (ext.Cube, ext.Square, shapes.Shape)] == [ext.Cube, ext.Square, shapes.Shape]
    assert cube.volume() == 27 and cube.area() == 9 and ext.side_of(cube) == 3 and cube.describe() == "Cube of 9.0"
    assert type(ext.make_cube(2)) is ext.Cube and ext.Cube in shapes.registered
    assert not isinstance(ext.Square(), ext.Cube)


def test_several_bases_that_have_no_room_of_their_own():
    tile = ext.Tile("data")
    assert tile.doubled() == 2 and tile.label == "tile" and isinstance(tile, shapes.Named)
    ring = ext.make_tile(None)
    ring.data = [ring]
    assert gc.is_tracked(ring) and type(ring) is ext.Tile
    before = sum(type(each) is ext.Tile for each in gc.get_objects())
    del ring
    gc.collect()
    assert sum(type(each) is ext.Tile for each in gc.get_objects()) == before - 1


def test_abstract_methods_that_nobody_wrote():
    for make in (ext.Unfinished, type("Still", (ext.Unfinished,), {})):
        with pytest.raises(TypeError, match="Can't instantiate abstract class .* with abstract method area"):
            make()
    finished = type("Finished", (ext.Unfinished,), {"area": lambda self: self.number})
    assert finished().describe() == "Finished of 1"


def test_abstract_methods_of_a_python_subclass():
    class More(ext.Square):
        @abc.abstractmethod
        def first(self): ...

        @abc.abstractmethod
        def second(self): ...

    with pytest.raises(TypeError, match="abstract methods first, second"):
        More(1)


def test_the_initialiser_of_cpp_comes_before_that_of_the_base():
    assert ext.Initialised().number == 7 and ext.Initialised(9).number == 9
    assert not hasattr(ext.Initialised(9), "given")


def test_metaclasses_see_the_class():
    assert type(ext.Guarded) is shapes.Strict and ext.Guarded.seen_by_metaclass == "Guarded"
    assert ext.Guarded().number == ext.make_guarded().number == 3


def test_a_generic_base():
    assert ext.Crate.__orig_bases__[-1] == shapes.Box[int]
    assert ext.Crate("apples").content == "apples" and isinstance(ext.Crate(""), shapes.Box)


def test_overrides_and_holders():
    class Dog(ext.Animal):
        def noise(self):
            return "woof"

    assert ext.noise_of(Dog()) == "woof" and ext.noise_of(ext.Animal()) == "?" and ext.noise_of(ext.make_animal()) == "?"
    for animal in (Dog(), ext.Animal(), ext.make_animal()):
        assert ext.same_animal(animal) is animal and isinstance(animal, shapes.Shape)
    animal = ext.make_animal()
    animal.note = animal
    assert ext.same_animal(animal).note is animal


@pytest.mark.parametrize(
    "refuse, kind, words",
    [
        (ext.refuse_initialised, TypeError, "Refused: its python_base 'Initialised' has an __init__ of its own, which is not called"),
        (ext.refuse_made, TypeError, "Refused: its python_base 'Made' has a __new__ of its own, which is not called"),
        (ext.refuse_sized, TypeError, "lay-?out conflict"),
        (ext.refuse_none, TypeError, "must be types|metaclass conflict|type() doesn|bases|mro"),
        (ext.refuse_missing, AttributeError, "missing"),
    ],
)
def test_bases_that_cannot_be(refuse, kind, words):
    for _ in range(2):
        with pytest.raises(kind, match=words):
            refuse()


def test_a_pyclass_is_no_base_written_in_python():
    with pytest.raises(TypeError, match="lay-?out conflict|consistent method resolution"):
        ext.refuse_pyclass()


def test_two_pyclasses_are_no_bases_of_one_class():
    for bases in ((ext.Square, ext.Crate), (ext.Guarded, ext.Tile)):
        with pytest.raises(TypeError, match="lay-?out conflict|metaclass conflict"):
            type("Both", bases, {})


def test_nothing_of_python_makes_an_object_without_a_value():
    for cls in (ext.Square, ext.Animal, ext.Crate):
        with pytest.raises(TypeError, match="not safe"):
            object.__new__(cls)
    with pytest.raises(TypeError):
        ext.Square().__class__ = ext.Crate
    with pytest.raises(TypeError):
        object().__class__ = ext.Square


def test_pickling_refuses_or_restores_never_half():
    with pytest.raises(TypeError, match="cannot pickle"):
        pickle.dumps(ext.Square(3))


def test_the_class_that_cpp_made_is_harmless():
    inner = ext.Square.__mro__[1]
    plain = inner(5)
    assert ext.side_of(plain) == 5 and plain.area() == 25


def test_references_are_counted():
    counted = [sys.getrefcount(ext.Square)]
    for _ in range(3):
        for _ in range(20):
            ext.make_square(1)
            ext.Square(1)
        gc.collect()
        counted.append(sys.getrefcount(ext.Square))
    assert counted[1] == counted[-1]


def test_a_base_that_is_gone_stops_the_import():
    code = """
        import sys, types
        sys.modules["shapes_in_python"] = types.ModuleType("shapes_in_python")
        import python_bases_ext
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    assert done.returncode == 1 and "AttributeError: module 'shapes_in_python' has no attribute 'Shape'" in done.stderr
