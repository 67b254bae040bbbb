# SPDX-License-Identifier: MIT
"""Free functions bound from C++ behave as functions written in Python do, down to the texts of their errors."""
import functools
import inspect
import itertools
import math
import operator
import os
import pickle
import sys
import threading

import functions_ext as ext
import pytest

pytest.importorskip("hypothesis", reason="needs hypothesis (Debian: python3-hypothesis)")
from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

DEFAULTS = {  # Of f<parameters>_<defaults>, from the last parameter backwards.
    4: ["'it\\'s'", "2.5", "True", "None"],
    3: ["2.5", "True", "None"],
    2: ["True", "None"],
    1: ["None"],
    0: [],
}
SHAPES = [(count, defaults) for count in range(5) for defaults in range(count + 1)]


def outcome(call, *args, **kwargs):
    """What a call gives, in a form that can be compared."""
    try:
        return call(*args, **kwargs)
    except Exception as error:
        return type(error), str(error)


def python_twin(count, defaults):
    """The same function, written in Python."""
    names = "abcd"[:count]
    shown = [
        name if index < count - defaults else f"{name}={DEFAULTS[count][index]}" for index, name in enumerate(names)
    ]
    name = f"f{count}_{defaults}"
    namespace = {}
    exec(f"def {name}({', '.join(shown)}): return [{', '.join(names)}]", namespace)
    return namespace[name]


# --- Binding of arguments ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count, defaults", SHAPES)
def test_every_call_gives_the_result_or_the_error_text_of_the_python_twin(count, defaults):
    bound = getattr(ext, f"f{count}_{defaults}")
    twin = python_twin(count, defaults)
    names = [*"abcd"[:count], "zz"]
    for positional in range(count + 3):
        for size in range(len(names) + 1):
            for keywords in itertools.permutations(names, min(size, 3)):
                args = [f"p{index}" for index in range(positional)]
                kwargs = {name: f"k_{name}" for name in keywords}
                if count == 0 and kwargs:
                    continue  # No parameter has a name: a builtin says so, see below.
                assert outcome(bound, *args, **kwargs) == outcome(twin, *args, **kwargs), (args, kwargs)


@pytest.mark.parametrize("count, defaults", SHAPES)
def test_the_signature_is_that_of_the_python_twin(count, defaults):
    assert inspect.signature(getattr(ext, f"f{count}_{defaults}")) == inspect.signature(python_twin(count, defaults))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_unnamed_parameters_are_positional_only_and_counted_as_in_python(count):
    bound = getattr(ext, f"p{count}")
    names = [f"arg{index}" for index in range(count)]
    namespace = {}
    exec(f"def p{count}({', '.join(names)}, /): return [{', '.join(names)}]", namespace)
    twin = namespace[f"p{count}"]
    assert inspect.signature(bound) == inspect.signature(twin)
    for given_count in range(count + 3):
        args = list(range(given_count))
        assert outcome(bound, *args) == outcome(twin, *args)


def test_an_error_names_the_argument_that_it_is_about():
    for call, name in [(lambda: ext.subtract("x", 1), "left"), (lambda: ext.subtract(1, "x"), "right"),
                       (lambda: ext.subtract(1, right="x"), "right"), (lambda: ext.subtract(right=1, left="x"), "left")]:
        assert outcome(call) == (TypeError, f"subtract() argument '{name}' must be int, not str")
    with pytest.raises(OverflowError) as caught:
        ext.subtract(1, 10**12)
    assert "'right'" in "\n".join(getattr(caught.value, "__notes__", []))


def test_unnamed_parameters_refuse_keywords_as_builtins_do():
    with pytest.raises(TypeError, match=r"^functions_ext\.p1\(\) takes no keyword arguments$"):
        ext.p1(arg0=1)


def calls_in_a_loop(call):
    for _ in range(50):  # By then the interpreter has a short way for it.
        result = call()
    return result


def test_one_unnamed_parameter_is_counted_alike_however_the_function_is_called():
    namespace = {}
    exec("def p1(arg0, /): return [arg0]", namespace)
    twin = namespace["p1"]

    class Holder:
        function = ext.p1

    ways = [
        lambda f, *args: f(*args),
        lambda f, *args: f.__call__(*args),
        lambda f, *args: functools.partial(f)(*args),
        lambda f, *args: next(map(f, *([arg] for arg in args))) if args else f(),
        lambda f, *args: f(args[0], args[1]) if len(args) > 1 else f(*args),
        lambda f, *args: calls_in_a_loop(lambda: f(args[0])) if len(args) == 1 else f(*args),
    ]
    for way in ways:
        for args in [(), (1,), (1, 2), (None,) * 3]:
            assert outcome(way, ext.p1, *args) == outcome(way, twin, *args)
    assert Holder().function(7) == Holder.function(7) == [7]
    with pytest.raises(TypeError, match=r"^functions_ext\.p1\(\) takes no keyword arguments$"):
        ext.p1(1, 2, x=3)
    with pytest.raises(TypeError, match=r"^functions_ext\.f0_0\(\) takes no keyword arguments$"):
        ext.f0_0(a=1)


def test_keyword_names_that_are_not_interned_are_found():
    name = "".join(["", "a"])
    class Text(str):
        pass

    assert ext.f2_1(**{"".join(["a", ""])[:1]: 1, Text("b"): 2}) == [1, 2]
    assert ext.f1_0(**{name: 3}) == [3]


@pytest.mark.parametrize("keyword", ["\udc80", "a\0", "", "ä", "A"])
def test_odd_keyword_names_are_unexpected_as_in_python(keyword):
    assert outcome(ext.f1_0, **{keyword: 1}) == outcome(python_twin(1, 0), **{keyword: 1})


def test_keywords_that_are_no_text_are_refused():
    with pytest.raises(TypeError, match="keywords must be strings"):
        ext.f1_0(**{1: 2})


def test_the_token_takes_no_place_among_the_arguments():
    assert ext.only_token() is True
    assert ext.f4_0(1, d=4, c=3, b=2) == [1, 2, 3, 4]
    assert ext.list_of("x") == ["x", "x"]
    assert inspect.signature(ext.only_token) == inspect.signature(lambda: None)


# --- What a function says of itself --------------------------------------------------------------------------------------


def test_names_docs_and_modules_are_those_given():
    assert ext.twice.__name__ == "twice"
    assert ext.twice.__qualname__ == "twice"
    assert ext.twice.__module__ == "functions_ext"
    assert ext.twice.__doc__ == "Twice the value."
    assert ext.subtract.__doc__ == "Left without right.\n\nTwo paragraphs."
    assert ext.quiet.__doc__ is None
    assert ext.only_token.__doc__ == "Takes nothing that Python sees."
    assert repr(ext.quiet) == "<built-in function quiet>"


def test_a_bound_function_can_be_pickled_by_name():
    assert pickle.loads(pickle.dumps(ext.quiet)) is ext.quiet


def test_functions_lambdas_and_functors_can_be_bound():
    assert ext.quiet(1) == 2
    assert ext.twice(4) == 8
    assert ext.subtract(10) == 9
    assert ext.subtract(right=1, left=3) == 2
    assert ext.overloaded("text") == "text"
    assert ext.overloaded_int(5) == 5


@pytest.mark.parametrize(
    "name, default",
    [
        ("default_list", [1, 2]),
        ("default_negative", -1),
        ("default_text", "tab\t quote' \"\"\" back\\slash )\n--\n\n"),
        ("default_accent", "caf\xe9"),
    ],
)
def test_a_literal_default_is_shown_in_the_signature(name, default):
    assert inspect.signature(getattr(ext, name)).parameters["value"].default == default


def test_a_default_without_a_literal_is_shown_as_dots():
    assert inspect.signature(ext.default_object).parameters["value"].default is ...
    assert type(ext.default_object()) is object


def test_a_text_default_with_an_angle_bracket_is_shown_in_the_signature():
    assert ext.default_with_angle() == "<b>"
    assert inspect.signature(ext.default_with_angle).parameters["value"].default == "<b>"


@pytest.mark.parametrize("name", ["default_infinity", "default_fraction"])
def test_a_default_whose_repr_is_no_literal_leaves_the_signature_readable(name):
    assert list(inspect.signature(getattr(ext, name)).parameters) == ["value"]


def test_a_default_object_is_made_once_and_a_value_for_each_call():
    assert ext.default_object() is ext.default_object()
    assert ext.default_list() == [1, 2] and ext.default_list() is not ext.default_list()


# --- Integers ------------------------------------------------------------------------------------------------------------

INTEGERS = [
    *[(f"int{bits}", -(2 ** (bits - 1)), 2 ** (bits - 1) - 1, f"a signed {bits}-bit integer") for bits in (8, 16, 32, 64)],
    *[(f"uint{bits}", 0, 2**bits - 1, f"an unsigned {bits}-bit integer") for bits in (8, 16, 32, 64)],
    ("longlong", -(2**63), 2**63 - 1, "a signed 64-bit integer"),
    ("ulonglong", 0, 2**64 - 1, "an unsigned 64-bit integer"),
]


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value

    def __repr__(self):
        return f"Index({self.value})"


class IntSubclass(int):
    pass


@pytest.mark.parametrize("name, low, high, width", INTEGERS)
def test_integers_pass_up_to_their_bounds_and_overflow_beyond(name, low, high, width):
    function = getattr(ext, name)
    around = {bound + step for bound in (low, high, 0, 2**15, 2**30, 2**31, 2**60, 2**62) for step in (-2, -1, 0, 1, 2)}
    for value in sorted(around | {-value for value in around} | {2**100, -(2**100)}):
        for given_value in (value, IntSubclass(value), Index(value)):
            if low <= value <= high:
                result = function(given_value)
                assert result == value and type(result) is int
            else:
                with pytest.raises(OverflowError) as caught:
                    function(given_value)
                # The repr of another type is somebody's code: it is not run for a message.
                shown = "the value" if isinstance(given_value, Index) else repr(int(given_value))
                assert str(caught.value) == f"{shown} does not fit into {width}"
                assert caught.value.__notes__ == [f"{name}() argument 'value'"]


@pytest.mark.parametrize("name", [row[0] for row in INTEGERS])
def test_an_int_too_long_to_be_shown_still_overflows(name):
    with pytest.raises(OverflowError, match="^.* does not fit into "):
        getattr(ext, name)(10**5000)


@pytest.mark.parametrize("name", [row[0] for row in INTEGERS])
@pytest.mark.parametrize("wrong, type_name", [(1.0, "float"), ("1", "str"), (None, "None"), (b"1", "bytes"), ([], "list")])
def test_what_is_no_integer_is_refused_by_name(name, wrong, type_name):
    with pytest.raises(TypeError) as caught:
        getattr(ext, name)(wrong)
    assert str(caught.value) == f"{name}() argument 'value' must be int, not {type_name}"


@pytest.mark.parametrize("name", [row[0] for row in INTEGERS])
def test_a_bool_is_an_int_as_in_python(name):
    result = getattr(ext, name)(True)
    assert result == 1 and type(result) is int


class Raises:
    def __init__(self, error):
        self.error = error

    def __index__(self):
        raise self.error

    __float__ = __index__
    __len__ = __index__

    def __getitem__(self, index):
        raise self.error


class Mine(Exception):
    pass


@pytest.mark.parametrize("error", [Mine("mine"), KeyboardInterrupt(), OverflowError("mine"), TypeError("mine"), SystemExit(3)])
@pytest.mark.parametrize("function", [ext.int8, ext.uint8, ext.int64, ext.uint64, ext.real, ext.ints, ext.mean, ext.rows])
def test_an_exception_raised_by_a_conversion_arrives_unchanged(function, error):
    error.__traceback__ = None
    with pytest.raises(type(error)) as caught:
        function(Raises(error))
    assert caught.value is error
    assert error.__cause__ is None and error.__context__ is None


@pytest.mark.parametrize("function", [ext.int8, ext.uint8, ext.int64, ext.uint64])
def test_an_index_method_that_returns_no_int_is_a_type_error(function):
    with pytest.raises(TypeError, match=r"__index__\b.* str\b"):
        function(Index("text"))


@given(st.integers())
def test_integers_make_the_round_trip_or_overflow(value):
    for name, low, high, _ in INTEGERS:
        if low <= value <= high:
            assert getattr(ext, name)(value) == value
        else:
            with pytest.raises(OverflowError):
                getattr(ext, name)(value)


# --- Bool and float ------------------------------------------------------------------------------------------------------


def test_a_bool_parameter_takes_true_and_false_only():
    assert ext.boolean(True) is True
    assert ext.boolean(False) is False
    for wrong, type_name in [(1, "int"), (0, "int"), (None, "None"), ("", "str"), (1.0, "float"), (Index(1), "Index")]:
        with pytest.raises(TypeError) as caught:
            ext.boolean(wrong)
        assert str(caught.value) == f"boolean() argument 'value' must be bool, not {type_name}"


@given(st.floats())
def test_floats_make_the_round_trip(value):
    result = ext.real(value)
    assert type(result) is float
    assert math.copysign(1, result) == math.copysign(1, value)
    assert result == value or (math.isnan(result) and math.isnan(value))


def test_a_float_parameter_takes_ints_and_whatever_converts():
    class Convertible:
        def __float__(self):
            return 1.5

    assert ext.real(3) == 3.0 and type(ext.real(3)) is float
    assert ext.real(True) == 1.0
    assert ext.real(Convertible()) == 1.5
    assert ext.real(Index(7)) == 7.0
    assert ext.real(-1) == -1.0


def test_a_float_parameter_refuses_text_and_overflows():
    for wrong, type_name in [("1.5", "str"), (None, "None"), (1j, "complex"), ([1.0], "list")]:
        with pytest.raises(TypeError) as caught:
            ext.real(wrong)
        assert str(caught.value) == f"real() argument 'value' must be float, not {type_name}"
    with pytest.raises(OverflowError, match="does not fit into a float"):
        ext.real(10**400)


# --- Text ----------------------------------------------------------------------------------------------------------------

TEXT_FUNCTIONS = [ext.text, ext.text_by_reference, ext.copy_of_view, ext.overloaded]


@given(st.text(st.characters(blacklist_categories=["Cs"])))
def test_text_makes_the_round_trip(text):
    for function in TEXT_FUNCTIONS:
        assert function(text) == text
    assert ext.length_of_view(text) == len(text.encode())


@pytest.mark.parametrize("function", TEXT_FUNCTIONS)
def test_text_keeps_embedded_nul_and_size(function):
    assert function("a\0b\0") == "a\0b\0"
    assert function("") == ""
    assert function("\U0001f600" * 1000) == "\U0001f600" * 1000


@pytest.mark.parametrize("function", TEXT_FUNCTIONS)
def test_lone_surrogates_are_a_unicode_encode_error(function):
    with pytest.raises(UnicodeEncodeError, match="surrogates not allowed"):
        function("a\udc80")


@pytest.mark.parametrize("wrong, type_name", [(b"x", "bytes"), (1, "int"), (None, "None"), (["x"], "list")])
def test_what_is_no_text_is_refused_by_name(wrong, type_name):
    for function in TEXT_FUNCTIONS:
        with pytest.raises(TypeError) as caught:
            function(wrong)
        parameter = next(iter(inspect.signature(function).parameters))
        assert str(caught.value) == f"{function.__name__}() argument '{parameter}' must be str, not {type_name}"


def test_a_result_that_is_no_utf8_is_a_unicode_decode_error():
    with pytest.raises(UnicodeDecodeError):
        ext.not_utf8()
    with pytest.raises(UnicodeDecodeError):
        ext.list_with_not_utf8()


def test_a_null_text_does_not_end_the_process(run_python):
    assert ext.text_or_null(False) == "text"
    done = run_python("import functions_ext\ntry: functions_ext.text_or_null(True)\nexcept Exception: pass\n")
    assert done.returncode == 0, done.stderr


# --- Sequences -----------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_lists_of_ints_make_the_round_trip(values):
    assert ext.ints(values) == values
    assert ext.ints(tuple(values)) == values


@given(st.lists(st.lists(st.text(st.characters(blacklist_categories=["Cs"])))))
def test_nested_lists_of_text_make_the_round_trip(rows):
    assert ext.rows(rows) == rows


@given(st.lists(st.booleans()))
def test_lists_of_bools_make_the_round_trip(values):
    assert ext.booleans(values) == values


def test_any_sequence_but_text_and_bytes_is_a_vector():
    assert ext.ints(range(5)) == [0, 1, 2, 3, 4]
    assert ext.ints(memoryview(b"ab")) == [97, 98]
    assert ext.objects([None, "x"]) == [None, "x"]
    assert ext.mean((1, 2.0, Index(3))) == 2.0
    for wrong, type_name in [("12", "str"), (b"12", "bytes"), (bytearray(b"12"), "bytearray"), ({1}, "set"), ({1: 2}, "dict"), (iter([1]), "list_iterator"), (1, "int"), (None, "None")]:
        with pytest.raises(TypeError) as caught:
            ext.ints(wrong)
        assert str(caught.value) == f"ints() argument 'value' must be sequence, not {type_name}"
    with pytest.raises(TypeError) as caught:
        ext.rows(["ab"])  # Else a str would be a sequence of strings.
    assert str(caught.value) == "rows() argument 'value': [0]: expected sequence, got str"


def test_an_error_inside_a_sequence_says_where():
    with pytest.raises(TypeError) as caught:
        ext.rows([["a"], ["b", 3]])
    assert str(caught.value) == "rows() argument 'value': [1][1]: expected str, got int"
    with pytest.raises(OverflowError) as caught:
        ext.bytes_as_ints([1, 2, 256])
    assert str(caught.value) == "256 does not fit into an unsigned 8-bit integer"
    assert caught.value.__notes__ == ["bytes_as_ints() argument 'value': [2]"]


class Sequence:
    """As long as `length` says, with the items that `items` has."""

    def __init__(self, length, items):
        self.length, self.items = length, items

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        return self.items[index]


@pytest.mark.parametrize("length", [0, 1, 3, 10**6, 2**40, sys.maxsize])
def test_a_length_that_lies_does_no_harm(length):
    if length > 3:
        with pytest.raises(IndexError):  # It might be an error in the middle of a longer sequence.
            ext.ints(Sequence(length, [1, 2, 3]))
    else:
        assert ext.ints(Sequence(length, [1, 2, 3])) == [1, 2, 3][:length]


@pytest.mark.parametrize("base", [list, tuple])
@pytest.mark.parametrize("length", [0, 1, 10**6, 2**61, sys.maxsize])
def test_a_length_that_lies_does_no_harm_in_a_subclass_of_a_builtin_sequence(base, length):
    class Liar(base):
        def __len__(self):
            return length

    assert ext.ints(Liar([1, 2, 3])) == [1, 2, 3]


def test_a_negative_length_is_a_value_error():
    with pytest.raises(ValueError, match=r"__len__\(\) should return >= 0"):
        ext.ints(Sequence(-1, [1, 2, 3]))


def test_a_sequence_may_change_while_it_is_read():
    class Clears:
        def __init__(self, target):
            self.target = target

        def __index__(self):
            self.target.clear()
            return 7

    values = [1, 2]
    values += [Clears(values), *range(1000)]
    assert ext.ints(values) == [1, 2, 7]
    assert values == []

    class Grows:
        def __index__(self):
            if len(grown) < 5000:
                grown.append(Grows())
            return 1

    grown = [Grows()]
    assert ext.ints(grown) == [1] * 5000

    class Shrinks(list):
        def __iter__(self):
            for item in super().__iter__():
                self.pop()
                yield item

    assert ext.ints(Shrinks(range(10))) == [0, 1, 2, 3, 4]


def test_an_item_is_kept_alive_while_it_is_converted():
    class Suicidal:
        def __init__(self, target):
            self.target = target
            self.payload = bytes(range(256))

        def __index__(self):
            self.target[:] = []
            return sum(self.payload) % 100

    values = []
    values.append(Suicidal(values))
    assert ext.ints(values) == [sum(range(256)) % 100]


def test_other_errors_of_getitem_arrive_unchanged():
    class Broken:
        def __len__(self):
            return 3

        def __getitem__(self, index):
            raise Mine("no item")

    with pytest.raises(Mine, match="no item"):
        ext.ints(Broken())


# --- Handles -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", [ext.to_py, ext.py_by_value, ext.same_reference, ext.lend])
def test_a_handle_returned_is_the_object_passed(function):
    thing = object()
    before = sys.getrefcount(thing)
    for _ in range(100):
        assert function(thing) is thing
        assert function(value=thing) is thing
    assert sys.getrefcount(thing) == before


def test_borrowing_parameters_do_not_touch_the_reference_count():
    thing = object()
    base = ext.count_as_borrowed(thing)
    assert ext.count_as_reference(thing) == base
    assert ext.count_as_bound(thing) == base + 1


@pytest.mark.parametrize("function", [ext.list_length, ext.borrowed_list_length, ext.list_by_value])
def test_a_typed_handle_takes_the_type_and_its_subtypes(function):
    class Sub(list):
        pass

    function([1])
    function(list=Sub()) if function is not ext.list_by_value else function(Sub())
    name = "value" if function is ext.list_by_value else "list"
    with pytest.raises(TypeError) as caught:
        function((1, 2))
    assert str(caught.value) == f"{function.__name__}() argument '{name}' must be list, not tuple"


def test_a_class_attribute_does_not_make_a_list():
    class Pretender:
        __class__ = list

    assert isinstance(Pretender(), list)
    with pytest.raises(TypeError):
        ext.list_length(Pretender())


def test_none_can_be_a_default_and_an_argument():
    assert ext.is_none() is True
    assert ext.is_none(None) is True
    assert ext.is_none(0) is False


def test_the_type_of_an_argument_that_does_not_convert_is_its_class_name():
    class Örtlich:
        pass

    with pytest.raises(TypeError, match=r"^int8\(\) argument 'value' must be int, not Örtlich$"):
        ext.int8(Örtlich())


# --- Results -------------------------------------------------------------------------------------------------------------


def test_void_returns_none():
    assert ext.store_nothing(1) is None


def test_results_with_errors_return_or_raise():
    assert ext.square_root(4.0) == 2.0
    with pytest.raises(ValueError, match="^math domain error$"):
        ext.square_root(-1.0)
    assert ext.require(True) is None
    with pytest.raises(AssertionError, match="^not so$"):
        ext.require(False)
    assert ext.list_of("x", count=3) == ["x"] * 3


def test_a_call_from_cpp_passes_results_and_errors_on():
    assert ext.call_with(ext.twice, 4) == 8
    error = Mine("from the callback")

    def fail(argument):
        raise error

    with pytest.raises(Mine) as caught:
        ext.call_with(fail, 1)
    assert caught.value is error
    with pytest.raises(TypeError, match="'int' object is not callable"):
        ext.call_with(1, 1)


def test_endless_recursion_through_cpp_is_a_recursion_error():
    def recurse(argument):
        return ext.call_with(recurse, argument)

    with pytest.raises(RecursionError):
        recurse(1)
    assert ext.quiet(1) == 2


# --- Leaks ---------------------------------------------------------------------------------------------------------------


def calls_that_fail():
    return [
        lambda: ext.f4_1(1),
        lambda: ext.f4_1(1, 2, 3, 4, 5),
        lambda: ext.f4_1(1, 2, 3, zz=4),
        lambda: ext.f4_1(1, 2, 3, a=4),
        lambda: ext.p2(1),
        lambda: ext.int8(1000),
        lambda: ext.int8("x"),
        lambda: ext.uint64(Index(-(2**70))),
        lambda: ext.ints([1, 2, "x"]),
        lambda: ext.ints(Raises(Mine())),
        lambda: ext.rows([["a"], ["b", 3]]),
        lambda: ext.text("\udc80"),
        lambda: ext.list_with_not_utf8(),
        lambda: ext.list_length(()),
        lambda: ext.square_root(-1.0),
        lambda: ext.call_with(len, 3),
    ]


@pytest.mark.parametrize("index", range(len(calls_that_fail())))
def test_a_call_that_fails_keeps_nothing(index, assert_no_growth):
    call = calls_that_fail()[index]

    def fail():
        with pytest.raises((TypeError, OverflowError, ValueError, Mine)):
            call()

    assert_no_growth(fail)


@pytest.mark.parametrize(
    "call",
    [
        lambda: ext.f4_1(object(), b=object(), c=object()),
        lambda: ext.ints([10**10] * 10),
        lambda: ext.rows([["a" * 100]] * 10),
        lambda: ext.objects([object() for _ in range(10)]),
        lambda: ext.list_of(object(), 10),
        lambda: ext.text("x" * 1000),
        lambda: ext.list_by_value([object()]),
        lambda: ext.ints(Sequence(3, [1, 2, 3])),
    ],
)
def test_a_call_that_succeeds_keeps_nothing(call, assert_no_growth):
    assert_no_growth(call)


def test_arguments_keep_their_reference_counts_when_calls_fail():
    thing = object()
    items = [thing] * 5
    before = sys.getrefcount(thing)
    for _ in range(20):
        outcome(ext.f2_0, thing)
        outcome(ext.f2_0, thing, thing, thing)
        outcome(ext.f2_0, thing, a=thing)
        outcome(ext.f2_0, thing, zz=thing)
        outcome(ext.ints, items)
        outcome(ext.ints, thing)
        outcome(ext.int8, thing)
        outcome(ext.text, thing)
        outcome(ext.list_length, thing)
    assert sys.getrefcount(thing) == before


def test_none_keeps_its_count_as_a_default():
    before = sys.getrefcount(None)
    for _ in range(1000):
        ext.is_none()
        ext.f4_4()
        ext.store_nothing(1)
    assert abs(sys.getrefcount(None) - before) < 100


def test_handles_by_value_own_one_reference_and_drop_it():
    objects = object(), object(), []
    before = [sys.getrefcount(thing) for thing in objects]
    for _ in range(100):
        result = ext.owns(*objects, 1)
        assert all(map(operator.is_, result, objects)) and len(result) == 3
        assert ext.refers(*objects[:2], 1) == [*objects[:2]]
        with pytest.raises(TypeError, match=r"owns\(\) argument 4 must be int, not str"):
            ext.owns(*objects, "x")
        with pytest.raises(TypeError, match=r"owns\(\) argument 3 must be list, not tuple"):
            ext.owns(*objects[:2], (), 1)
        with pytest.raises(TypeError, match=r"refers\(\) argument 3 must be int, not str"):
            ext.refers(*objects[:2], "x")
        ext.drops_detached(objects[0])
        del result
    assert [sys.getrefcount(thing) for thing in objects] == before


def test_text_is_text_whatever_its_encoding():
    class Text(str):
        __slots__ = ()

    samples = ["", "a", "a" * 15, "b" * 16, "c" * 1000, "\0", "é", "€uro", "\U0001f600" * 9, Text("sub"), Text("süb")]
    for a, b, c in zip(samples, samples[1:] + samples, samples[2:] + samples):
        assert ext.texts(a, b, c, 1) == f"{a}|{b}|{c}"
    for place in range(3):
        with pytest.raises(TypeError, match=rf"texts\(\) argument {place + 1} must be str, not bytes"):
            ext.texts(*["x" * 99] * place, b"", *["x"] * (2 - place), 1)
        with pytest.raises(UnicodeEncodeError):
            ext.texts(*["x" * 99] * place, "\udc80", *["x"] * (2 - place), 1)
    with pytest.raises(TypeError):
        ext.texts("x" * 99, "y" * 99, "z", "no int")


def test_small_values_are_read_in_place_and_otherwise():
    class Index:
        def __index__(self):
            return 7

    class Liar(tuple):
        def __iter__(self):
            return iter((5, 6.5))

    class Bytes(bytes):
        pass

    assert ext.may_be_pair((1, 2.5), True) == (1, True) and ext.may_be_pair(None, None) == (-1, False)
    for value, first in [([3, 2.5], 3), ((True, 1), 1), ((Index(), Index()), 7), (Liar((1, 2.5)), 5), ((2**60, 0.5), 2**60)]:
        assert ext.may_be_pair(value, False) == (first, False)
    for wrong in [(1,), (1, 2, 3), (), (1, "x"), ("x", 1), (2**64, 1.0), 5, "ab"]:
        with pytest.raises((TypeError, ValueError, OverflowError)):
            ext.may_be_pair(wrong, None)
    with pytest.raises(TypeError, match=r"may_be_pair\(\) argument 2 must be bool, not int"):
        ext.may_be_pair(None, 1)
    assert ext.pair_and_bytes((1, None), b"abc") == (1.0, 3) and ext.pair_and_bytes((1, 2.5), Bytes(b"ab")) == (2.5, 2)
    assert ext.pair_and_bytes([1, None], b"") == (1.0, 0)
    with pytest.raises(TypeError, match=r"pair_and_bytes\(\) argument 1: \[1\]: expected float, got str"):
        ext.pair_and_bytes((1, "x"), b"")
    with pytest.raises(TypeError, match=r"pair_and_bytes\(\) argument 2 must be bytes, not bytearray"):
        ext.pair_and_bytes((1, None), bytearray(b""))


def test_conversions_of_ones_own_are_asked_about_all_that_comes():
    assert ext.own_conversions((1, 2), 3) == 84 and ext.own_conversions(None, None) == 84


def test_many_threads_may_call_the_same_function():
    wrong = []

    def work():
        for number in range(2000):
            if ext.f4_1(number, c=1, b=2) != [number, 2, 1, None] or ext.ints([number]) != [number]:
                wrong.append(number)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@settings(max_examples=50)
@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner), max_leaves=20))
def test_no_argument_whatever_does_more_than_raise_a_type_value_or_overflow_error(value):
    for function in [ext.int8, ext.real, ext.text, ext.ints, ext.rows, ext.booleans, ext.list_length, ext.mean]:
        try:
            function(value)
        except (TypeError, ValueError, OverflowError):
            pass
