# SPDX-License-Identifier: MIT
"""What the conversion of an argument raises reaches the caller: a TypeError names the argument in its text, anything
else is left as it is and names it in a note."""
import collections
import sys
import traceback
import types

import pytest

import argument_errors_ext as ext


def raiser(error):
    def act():
        raise error

    return act


def caught(function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


def place(x):
    return types.SimpleNamespace(x=[x])


# What holds the object, and where that is.
NESTED = [
    ("called", lambda x: x, ""),
    ("optional_called", lambda x: x, ""),
    ("vector_called", lambda x: [x], ": [0]"),
    ("vector_called", lambda x: collections.deque([x]), ": [0]"),
    ("array_called", lambda x: [x], ": [0]"),
    ("tuple_called", lambda x: (1, x), ": [1]"),
    ("map_called", lambda x: {"k": x}, ": ['k']"),
    ("variant_called", lambda x: x, ""),
]
NESTED_MADE = [(name.replace("called", "made"), wrap, where) for name, wrap, where in NESTED] + [
    ("key_made", lambda x: {x: 1}, ": [key '{}']"),
    ("set_made", lambda x: {x}, ": [item '{}']"),
    ("variant_made_first", lambda x: x, ""),
    ("place", place, ": .x[0]"),
    ("item", lambda x: {"key": x}, ": ['key']"),
    ("converted", lambda x: x, ""),
]


class Boom(Exception):
    pass


@pytest.mark.parametrize("error", [Boom, KeyboardInterrupt, TypeError, ValueError, OverflowError, KeyError, MemoryError,
                                   AttributeError, StopIteration, IndexError])
@pytest.mark.parametrize("name, wrap, where", NESTED)
def test_what_python_code_raised_is_the_exception_that_is_caught(name, wrap, where, error):
    raised = error("mine", 2)
    value = wrap(raiser(raised))
    before = sys.getrefcount(value)
    found = caught(getattr(ext, name), value)
    assert found is raised and type(found) is error and found.args == ("mine", 2)
    assert found.__cause__ is None and found.__context__ is None
    assert traceback.extract_tb(found.__traceback__)[-1].name == "act"
    assert found.__notes__ == [f"{name}() argument 'x'{where}"]
    found.__traceback__ = None
    assert sys.getrefcount(value) == before


@pytest.mark.parametrize("kind, error, args", [
    ("ValueError", ValueError, ("no such text",)),
    ("bare", ValueError, ()),
    ("two", ValueError, ("no such text", 2)),
    ("own", ext.OwnError, ("no such text",)),
    ("thrown", ValueError, ("no such text",)),
    ("caused", ValueError, ("no such text",)),
])
@pytest.mark.parametrize("name, wrap, where", NESTED_MADE)
def test_what_a_converter_made_keeps_type_and_arguments(name, wrap, where, kind, error, args):
    found = caught(getattr(ext, name), wrap(kind))
    assert type(found) is error and found.args == args
    own_notes = ["the converter's"] if kind == "caused" else []
    assert found.__notes__ == [*own_notes, f"{name}() argument 'x'{where.format(kind)}"]
    assert (type(found.__cause__) is KeyError) == (kind == "caused")


@pytest.mark.parametrize("kind, error", [("TypeError", TypeError), ("own type", ext.OwnTypeError), ("thrown type", TypeError)])
@pytest.mark.parametrize("name, wrap, where", [row for row in NESTED_MADE if "variant" not in row[0]])
def test_a_type_error_of_a_converter_names_the_argument_in_its_text(name, wrap, where, kind, error):
    found = caught(getattr(ext, name), wrap(kind))
    assert type(found) is error
    assert found.args == (f"{name}() argument 'x'{where.format(kind)}: no such text",)
    assert not hasattr(found, "__notes__")


def test_a_type_error_with_a_cause_keeps_it():
    found = caught(ext.vector_made, ["caused type"])
    assert type(found) is TypeError and found.args == ("no such text",) and type(found.__cause__) is KeyError
    assert found.__notes__ == ["vector_made() argument 'x': [0]"]


def test_a_cpp_exception_of_a_converter_names_the_argument():
    found = caught(ext.made, "cpp")
    assert type(found) is ValueError and found.args == ("no such text",)
    assert found.__notes__ == ["made() argument 'x'"]
    assert caught(ext.converted, "cpp").__notes__ == ["converted() argument 'x'"]


def test_an_int_out_of_range():
    found = caught(ext.shape, [1, 2**31])
    assert type(found) is OverflowError and found.args == (f"{2**31} does not fit into a signed 32-bit integer",)
    assert found.__notes__ == ["shape() argument 'x': [1]"]
    assert caught(ext.number, 2**31).__notes__ == ["number() argument 'x'"]
    assert caught(ext.numbers, [2**31]).__notes__ == ["numbers() argument 1: [0]"]


def test_methods_constructors_and_setters():
    assert caught(ext.Holder, "ValueError").__notes__ == ["Holder() argument 'value'"]
    assert caught(ext.Holder("fine").method, "ValueError").__notes__ == ["Holder.method() argument 'value'"]
    found = caught(setattr, ext.Holder("fine"), "made", "ValueError")
    assert found.args == ("no such text",) and found.__notes__ == ["attribute 'made' of 'Holder' objects"]
    found = caught(setattr, ext.Holder("fine"), "made", 1)
    assert type(found) is TypeError and "attribute 'made' of 'Holder' objects" in str(found)


def test_the_note_is_shown():
    shown = "".join(traceback.format_exception(caught(ext.number, 2**31)))
    assert shown.endswith("\nnumber() argument 'x'\n") or sys.version_info < (3, 11)


def test_an_exception_that_is_raised_twice_gets_two_notes():
    raised = Boom("mine")
    caught(ext.called, raiser(raised))
    caught(ext.optional_called, raiser(raised))
    assert raised.__notes__ == ["called() argument 'x'", "optional_called() argument 'x'"]


def test_an_alternative_that_refuses_lets_the_next_one_try():
    assert ext.byte_or_text("a") == 1 and ext.byte_or_int(256) == 1
    for error in [TypeError, ValueError, OverflowError, UnicodeError]:

        class Number:
            def __call__(self):
                raise error("mine")

            def __index__(self):
                return 5

        assert ext.called_or_int(Number()) == 1
    for kind in ["ValueError", "TypeError", "thrown", "cpp_is_text"]:
        assert ext.made_int_or_any(kind) == (0 if kind == "cpp_is_text" else 2)
    assert ext.named_or_item({"number": 1}) == 0 and ext.named_or_item({"key": "a"}) == 1


@pytest.mark.parametrize("error", [Boom, KeyboardInterrupt, RuntimeError, KeyError, AttributeError, MemoryError])
def test_any_other_exception_of_an_alternative_ends_the_search(error):
    class Number:
        def __call__(self):
            raise raised

        def __index__(self):
            raise AssertionError("is not asked")

    raised = error("mine")
    assert caught(ext.called_or_int, Number()) is raised
    assert type(caught(ext.made_int_or_any, "own")) is ext.OwnError


def test_a_value_that_no_alternative_takes():
    found = caught(ext.byte_or_text, 256)  # The type is that of the first one.
    assert type(found) is OverflowError and found.args == ("256 does not fit into an unsigned 8-bit integer",)
    assert found.__notes__ == ["byte_or_text() argument 1"]
    found = caught(ext.byte_or_int, 2**63)  # The last, as the narrow ones come first.
    assert type(found) is OverflowError and "signed 64-bit" in str(found)
    assert type(caught(ext.byte_or_text, None)) is TypeError
    found = caught(ext.named_or_item, {})
    assert type(found) is TypeError
    assert str(found) == ("named_or_item() argument 1: no alternative fits: the key 'number' is missing; the key 'key' is missing")
    found = caught(ext.named_or_item, {"number": 2**40})
    assert type(found) is OverflowError and found.__notes__ == ["named_or_item() argument 1: ['number']"]


def test_overloads_are_tried_after_a_refusal():
    assert ext.first_or_second({"number": 1}) == "number" and ext.first_or_second({"key": "a"}) == "key"
    for kind in ["ValueError", "TypeError", "thrown", "thrown type", "cpp"]:
        assert ext.made_or_any(kind) == "any"
    found = caught(ext.byte_or_text_set, 300)
    assert type(found) is TypeError
    assert "argument 'n': 300 does not fit into an unsigned 8-bit integer" in str(found)
    found = caught(ext.made_or_byte, "ValueError")
    assert type(found) is TypeError and "made_or_byte(arg0): argument 1: no such text" in str(found)
    found = caught(ext.first_or_second, {})
    assert type(found) is TypeError and "argument 1: \"the key 'number' is missing\"" in str(found)


@pytest.mark.parametrize("error", [Boom, KeyboardInterrupt, RuntimeError, KeyError])
def test_what_ends_the_choice_of_an_overload_names_the_argument(error):
    raised = error("mine")
    assert caught(ext.called_or_byte, raiser(raised)) is raised
    assert raised.__notes__ == ["called_or_byte() argument 'c'"]
    assert type(caught(ext.made_or_any, "own")) is ext.OwnError
