# SPDX-License-Identifier: MIT
"""Variants of pyclasses: they go both ways by class, have a base class in common, and `match` takes them apart."""
import copy
import pickle

import pytest
import variants_ext as x
from variants_ext import Shape

Circle, Rect, Point, Box = Shape.Circle, Shape.Rect, Shape.Point, Shape.Box


class Disc(Circle):
    """Of Python, with an attribute more."""

    def __init__(self, radius):
        self.colour = "red"


class Coloured(Rect):
    __match_args__ = ("colour", "w")
    colour = "blue"


def described(shape):
    match shape:
        case Box(depth, w, area):
            return f"box {depth} {w} {area}"
        case Circle(radius=0.0):
            return "dot"
        case Circle(r):
            return f"circle {r}"
        case Rect(w, h) if w == h:
            return f"square {w}"
        case Rect(w, h=height):
            return f"rect {w} {height}"
        case Shape():
            return "shape"
        case _:
            return "nothing"


def test_match_takes_the_classes_apart():
    assert described(Circle(0)) == "dot" and described(Circle(2)) == "circle 2.0"
    assert described(Rect(3, 3)) == "square 3.0" and described(Rect(3, 4)) == "rect 3.0 4.0"
    assert described(Point()) == "shape" and described(3) == "nothing"
    assert described(Box(2, 3, 4)) == "box 4.0 2.0 6.0"
    assert described(Disc(5)) == "circle 5.0"
    assert (Circle.__match_args__, Rect.__match_args__, Point.__match_args__) == (("radius",), ("w", "h"), ())
    assert Box.__match_args__ == ("depth", "w", "area") and Disc.__match_args__ == ("radius",)
    assert not hasattr(Shape, "__match_args__")


def test_a_python_subclass_may_say_otherwise():
    match Coloured(1, 2):
        case Coloured(colour, w):
            assert (colour, w) == ("blue", 1.0)


def test_more_patterns_than_names_are_refused_by_python():
    with pytest.raises(TypeError, match="Circle"):
        match Circle(1):
            case Circle(_, _):
                pass
    with pytest.raises(TypeError, match="Point"):
        match Point():
            case Point(_):
                pass


def test_names_of_a_built_in_base_match_too():
    match x.Failure(7):
        case x.Failure(code, args, filename):
            assert (code, args, filename) == (7, (7,), None)


def test_what_cannot_be_matched_is_refused_when_the_class_is_made():
    def said(number):
        # Twice: what was refused stays refused.
        first, second = (getattr(x, f"refusal_{number}")() for _ in range(2))
        assert first == second
        return first

    assert said(0) == "SystemError: Refused.__match_args__: 'y' is no getter or field of the class"
    assert said(1) == "SystemError: Refused.__match_args__: 'method' is something else than a getter or field of the class"
    assert said(2) == "SystemError: Refused.__match_args__: 'write_only' has a setter, but no getter"
    assert said(3).endswith("'constant' is something else than a getter or field of the class")
    assert said(4) == "SystemError: Refused.__match_args__: 'x' is there twice"
    assert said(5).endswith("'__class__' is something else than a getter or field of the class")
    assert said(6).endswith("'' is no getter or field of the class")
    assert said(7) == "SystemError: Refused.__match_args__: there is something of that name already"
    assert said(8) == "('x',)"


def test_the_classes_have_a_base_in_common_that_has_no_objects():
    assert all(issubclass(cls, Shape) for cls in (Circle, Rect, Point, Box))
    assert isinstance(x.shape_of([]), Shape) and isinstance(Disc(1), Shape) and not isinstance(3, Shape)
    assert Box.__mro__ == (Box, Rect, Shape, object)
    assert [cls.__qualname__ for cls in (Circle, Rect, Point, Box)] == [
        "Shape.Circle", "Shape.Rect", "Shape.Point", "Shape.Box"]
    assert not hasattr(x, "Circle")
    for abstract in (Shape, type("Mine", (Shape,), {})):
        with pytest.raises(TypeError):
            abstract()


def test_a_variant_goes_to_python_by_class():
    assert [type(x.shape_of(sizes)) for sizes in ([], [1.0], [1.0, 2.0])] == [Point, Circle, Rect]
    assert described(x.shape_of([1.0, 2.0])) == "rect 1.0 2.0"


def test_a_variant_comes_from_python_by_class():
    assert described(x.turned(Rect(1, 2))) == "rect 2.0 1.0"
    assert described(x.turned(Circle(1))) == "circle 1.0" and type(x.turned(Point())) is Point
    # A Python subclass is its base in C++, and comes back as that; the object itself is not changed.
    disc = Disc(4)
    assert type(x.turned(disc)) is Circle and x.turned(disc).radius == 4.0 and disc.colour == "red"
    assert type(x.turned(Coloured(1, 2))) is Rect
    # One whose pyclass is no alternative goes as the base that is one.
    assert type(x.turned(Box(1, 2, 3))) is Rect
    shapes = [Circle(1), Point(), Rect(1, 2)]
    assert [type(shape) for shape in x.reversed(shapes)] == [Rect, Point, Circle]


@pytest.mark.parametrize("wrong", [1.0, "circle", None, (1.0,), Circle, object(), x.Failure(1)])
def test_what_is_none_of_the_classes_is_a_type_error(wrong):
    with pytest.raises(TypeError, match="shape") as caught:
        x.turned(wrong)
    assert all(name in str(caught.value) for name in ("Circle", "Rect", "Point"))


def test_the_nearest_class_wins_in_any_order():
    assert [x.nearest(shape) for shape in (7, Rect(1, 2), Circle(1), Box(1, 2, 3))] == [0, 1, 2, 3]
    assert [x.nearest(shape) for shape in (Disc(1), Coloured(1, 2))] == [2, 1]
    again = x.same(Box(1, 2, 3))
    assert type(again) is Box and (again.w, again.h, again.depth) == (1.0, 2.0, 3.0)
    # Handles lose nothing: the first that fits.
    assert [x.handle(shape) for shape in (Circle(1), Disc(1), Rect(1, 2), Point())] == [0, 0, 1, 1]


def test_an_alternative_that_is_in_use_is_no_reason_to_try_another():
    circle = Circle(1)
    assert described(x.grown(circle, circle)) == "circle 1.0" and circle.radius == 2.0
    with pytest.raises(RuntimeError, match="Already mutably borrowed.*Circle"):
        x.while_changed(circle)


def test_the_union_of_python_does_for_classes_without_a_base():
    assert isinstance(Circle(1), x.Either) and not isinstance(Point(), x.Either)


WAYS = [copy.copy, copy.deepcopy] + [
    lambda made, protocol=protocol: pickle.loads(pickle.dumps(made, protocol)) for protocol in range(2, 6)]


@pytest.mark.parametrize("again", WAYS)
def test_each_is_pickled_and_copied_as_its_class(again):
    for made in (Circle(1), Rect(1, 2), Point()):
        assert type(again(made)) is type(made) and described(again(made)) == described(made)
    disc = Disc(3)
    disc.colour = "green"
    assert type(again(disc)) is Disc and again(disc).radius == 3.0 and again(disc).colour == "green"
    with pytest.raises(TypeError, match="Box"):
        again(Box(1, 2, 3))


def test_nothing_is_lost_or_kept(assert_no_growth):
    circle, box = Circle(1), Box(1, 2, 3)

    def run():
        described(x.turned(circle))
        x.same(box)
        with pytest.raises(TypeError):
            x.turned(3)

    assert_no_growth(run)
