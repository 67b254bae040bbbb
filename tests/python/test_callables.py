# SPDX-License-Identifier: MIT
"""*args, **kwargs, marks between parameters, modules as arguments, calls without the GIL, converted arguments, closures."""
import copy
import gc
import inspect
import itertools
import pickle
import sys
import sysconfig
import threading
import weakref

import callables_ext as ext
import pytest

FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
PATIENCE = 20.0  # Seconds that a thread waits for another one before the test fails.


class Boom(Exception):
    pass


class Thing:
    """Something to refer to."""


def outcome(call, *args, **kwargs):
    """What a call gives, in a form that can be compared."""
    try:
        return call(*args, **kwargs)
    except Exception as error:
        return type(error), str(error)


class Started(threading.Thread):
    """A thread whose result or exception join() hands over."""

    def __init__(self, call, *args, **kwargs):
        super().__init__(daemon=True)
        self.call, self.outcome = lambda: call(*args, **kwargs), None
        self.start()

    def run(self):
        try:
            self.outcome = (self.call(), None)
        except BaseException as error:
            self.outcome = (None, error)

    def result(self):
        self.join(2 * PATIENCE)
        assert not self.is_alive()
        value, error = self.outcome
        if error is not None:
            raise error
        return value


# --- *args, **kwargs, / and * ----------------------------------------------------------------------------------------


class Twins:
    """The functions of the extension, written in Python."""

    def all_args(*args):
        return args

    def all_kwargs(**kwargs):
        return kwargs

    def both(*args, **kwargs):
        return [args, kwargs]

    def then_rest(a, b=None, *args):
        return [a, b, args]

    def rest_then(*args, a, b=None):
        return [args, a, b]

    def mixed(a, /, b=None, *args, c, d=None, **kwargs):
        return [a, b, args, c, d, kwargs]

    def slash_kwargs(a, b=None, /, **kwargs):
        return [a, b, kwargs]

    def star_kwargs(a, *, b=None, **kwargs):
        return [a, b, kwargs]

    def star(a, *, b, c=None):
        return [a, b, c]

    def slash(a, /, b, *, c=None):
        return [a, b, c]

    def all_slash(a, b=None, /):
        return [a, b]

    def only_star(*, a=None, b):
        return [a, b]


class Taker:
    """The class of the extension, written in Python."""

    def mixed(self, a, /, b=None, *args, c, d=None, **kwargs):
        return [a, b, args, c, d, kwargs]

    def both(self, /, *args, **kwargs):
        return [args, kwargs]

    def star(self, a, *, b, c=None):
        return [a, b, c]

    def slash(self, a, /, b, *, c=None):
        return [a, b, c]

    def all_slash(self, a, b=None, /):
        return [a, b]


def made_taker(self, a, *args, c=None, **kwargs):
    return [a, args, c, kwargs]


made_taker.__qualname__ = "Taker"  # As the texts of errors have it.


def calls():
    """Positional arguments and keywords of many a call."""
    names = ["a", "b", "c", "d", "self", "args", "zz"]
    for count in range(5):
        for size in range(5):
            for keywords in itertools.combinations(names, size):
                yield tuple(f"p{i}" for i in range(count)), {name: f"k_{name}" for name in keywords}
                if size > 1:
                    yield tuple(range(count)), {name: f"k_{name}" for name in reversed(keywords)}


FUNCTIONS = sorted(name for name in vars(Twins) if not name.startswith("_"))
METHODS = sorted(name for name in vars(Taker) if not name.startswith("_"))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_call_gives_the_result_or_the_error_text_of_the_python_twin(name):
    bound, twin = getattr(ext, name), getattr(Twins, name)
    twin.__qualname__ = name
    for args, kwargs in calls():
        assert outcome(bound, *args, **kwargs) == outcome(twin, *args, **kwargs), (args, kwargs)


@pytest.mark.parametrize("name", METHODS)
def test_every_call_of_a_method_gives_the_outcome_of_the_python_twin(name):
    bound, twin = getattr(ext.Taker(0), name), getattr(Taker(), name)
    for args, kwargs in calls():
        if "self" in kwargs and name != "both":
            continue  # The receiver of the extension's method has no name, see below.
        assert outcome(bound, *args, **kwargs) == outcome(twin, *args, **kwargs), (args, kwargs)


def test_a_keyword_called_self_is_one_of_the_kwargs_of_a_method():
    assert ext.Taker(0).mixed(1, c=2, self=3) == [1, None, (), 2, None, {"self": 3}]


@pytest.mark.parametrize("make", [ext.Taker, lambda *args, **kwargs: ext.Taker.__new__(ext.Taker, *args, **kwargs)])
def test_every_call_of_a_constructor_gives_the_outcome_of_the_python_twin(make):
    for args, kwargs in calls():
        if "self" in kwargs:
            continue
        made = outcome(make, *args, **kwargs)
        assert (made.made if isinstance(made, ext.Taker) else made) == outcome(made_taker, None, *args, **kwargs)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_signature_is_that_of_the_python_twin(name):
    assert inspect.signature(getattr(ext, name)) == inspect.signature(getattr(Twins, name))


@pytest.mark.parametrize("name", METHODS)
def test_the_signature_of_a_method_is_that_of_the_python_twin(name):
    bound, twin = inspect.signature(getattr(ext.Taker(0), name)), inspect.signature(getattr(Taker(), name))
    assert bound == twin
    parameters = list(inspect.signature(getattr(ext.Taker, name)).parameters)
    assert parameters == ["self", *twin.parameters]


def test_the_signature_of_a_constructor_has_the_marks():
    assert str(inspect.signature(ext.Taker)) == "(a, *args, c=None, **kwargs)"
    assert str(inspect.signature(ext.KeywordOnlyMade)) == "(x, *, y='ab')"


def test_a_constructor_with_keyword_only_parameters_and_no_others_takes_them():
    for _ in range(100):
        assert ext.KeywordOnlyMade(1).sum == 3.0
        assert ext.KeywordOnlyMade(1, y=[1]).sum == 2.0
        assert ext.KeywordOnlyMade(y="abc", x=4).sum == 7.0
        assert ext.KeywordOnlyMade.__new__(ext.KeywordOnlyMade, 1, y="").sum == 1.0
    assert outcome(ext.KeywordOnlyMade, 1, "ab") == (
        TypeError,
        "KeywordOnlyMade() takes 2 positional arguments but 3 were given",
    )
    assert outcome(ext.KeywordOnlyMade, True) == (TypeError, "KeywordOnlyMade() argument 'x' must be int, not bool")
    with pytest.raises(TypeError, match="has no len"):
        ext.KeywordOnlyMade(1, y=5)


def test_unnamed_parameters_may_come_before_args_and_kwargs():
    assert ext.unnamed_rest(1) == [1, ()]
    assert ext.unnamed_rest(1, 2, 3) == [1, (2, 3)]
    assert str(inspect.signature(ext.unnamed_rest)) == "(arg0, /, *args)"
    assert ext.unnamed_named(1, arg0=2, x=3) == [1, {"arg0": 2, "x": 3}]
    assert str(inspect.signature(ext.unnamed_named)) == "(arg0, /, **kwargs)"
    for call, text in [
        (ext.unnamed_rest, "unnamed_rest() missing 1 required positional argument: 'arg0'"),
        (lambda: ext.unnamed_named(arg0=1), "unnamed_named() missing 1 required positional argument: 'arg0'"),
        (lambda: ext.unnamed_named(1, 2), "unnamed_named() takes 1 positional argument but 2 were given"),
    ]:
        assert outcome(call) == (TypeError, text)


@pytest.mark.parametrize("all_args", [ext.all_args, ext.all_args_by_reference])
@pytest.mark.parametrize("count", [0, 1, 255, 256, 257, 5000])
def test_args_are_a_tuple_of_any_length_in_order(all_args, count):
    given = tuple(object() for _ in range(count))
    result = all_args(*given)
    assert type(result) is tuple and result == given


@pytest.mark.parametrize("all_kwargs", [ext.all_kwargs, ext.all_kwargs_by_reference])
@pytest.mark.parametrize("count", [0, 1, 255, 256, 5000])
def test_kwargs_are_a_dict_of_any_size_in_order(all_kwargs, count):
    given = {f"name{(i * 7919) % 10007}": object() for i in range(count)}
    result = all_kwargs(**given)
    assert type(result) is dict and list(result.items()) == list(given.items()) and result is not given


def test_kwargs_are_a_copy():
    given = {"a": 1}
    ext.add_to_kwargs(**given)
    assert given == {"a": 1}
    assert ext.all_kwargs() is not ext.all_kwargs()
    kept = ext.all_kwargs(**given)
    given["b"] = 2
    kept["c"] = 3
    assert kept == {"a": 1, "c": 3} and given == {"a": 1, "b": 2}


def test_keyword_names_may_be_odd():
    class Text(str):
        pass

    odd = {"": 1, "a b": 2, "\udc80": 3, "nul\0": 4, Text("sub"): 5, "ä": 6}
    assert ext.all_kwargs(**odd) == odd
    with pytest.raises(TypeError, match="keywords must be strings"):
        ext.all_kwargs(**{1: 2})
    with pytest.raises(TypeError):
        ext.Taker.__new__(ext.Taker, **{1: 2})


def test_a_keyword_whose_hash_fails_is_an_error_and_no_more():
    class Evil(str):
        broken = False

        def __hash__(self):
            if Evil.broken:
                raise Boom("no hash")
            return str.__hash__(self)

        __eq__ = str.__eq__

    given = {Evil("a"): 1}
    Evil.broken = True
    with pytest.raises(Boom):
        ext.all_kwargs(**given)
    Evil.broken = False


def test_forwarded_arguments_arrive_as_given():
    assert ext.forward(Twins.both) == [(), {}]
    assert ext.forward(Twins.both, 1, 2, f=3, named=4) == [(1, 2), {"f": 3, "named": 4}]
    assert ext.forward(ext.forward, ext.forward, Twins.both, 1, x=2) == [(1,), {"x": 2}]


def test_functions_with_variadics_may_recurse():
    def down(*args, **kwargs):
        return ext.forward(down, *args[1:], **kwargs) if args else kwargs

    assert down(*range(100), key=1) == {"key": 1}

    def forever(*args, **kwargs):
        return ext.forward(forever, *args, 1, **kwargs)

    with pytest.raises(RecursionError):
        forever()


class Index:
    def __init__(self, act):
        self.act = act

    def __index__(self):
        return self.act()


def test_an_exception_half_way_drops_what_was_made():
    thing = Thing()
    rest, named = (thing,) * 5, {f"k{i}": thing for i in range(5)}

    def fail():
        raise Boom("half way")

    before = sys.getrefcount(thing)
    for _ in range(10):
        for call in [
            lambda: ext.counted(Index(fail), 1, *rest, **named),
            lambda: ext.counted(1, *rest, b=Index(fail), **named),
            lambda: ext.counted(1, *rest, b="x", **named),
            lambda: ext.counted(thing, *rest, **named),
            lambda: ext.counted(*rest, a=1, **named),
            lambda: ext.mixed(*rest, **named),
            lambda: ext.Taker(**named, b=1),
            lambda: ext.Taker.__new__(ext.Taker, *rest, a=1, **named),
            lambda: ext.slash(*rest, **named),
        ]:
            assert isinstance(outcome(call), tuple)
    assert sys.getrefcount(thing) == before


def test_the_collector_may_run_while_arguments_are_converted():
    thing = Thing()

    def look_around():
        gc.collect()
        for referrer in gc.get_referrers(thing):
            repr(referrer)
        return 1

    assert ext.counted(Index(look_around), thing, thing, b=Index(look_around), key=thing) == 5


@pytest.mark.parametrize(
    "call",
    [
        lambda thing: ext.all_args(thing, thing),
        lambda thing: ext.all_kwargs(a=thing, b=thing),
        lambda thing: ext.both(thing, a=thing),
        lambda thing: ext.mixed(thing, thing, thing, c=thing, d=thing, e=thing),
        lambda thing: ext.mixed(thing, c=thing),
        lambda thing: ext.Taker(thing, thing, c=thing, x=thing).both(thing, y=thing),
        lambda thing: ext.Taker.__new__(ext.Taker, thing, thing, c=thing, x=thing),
        lambda thing: ext.forward(lambda *args, **kwargs: None, thing, a=thing),
        lambda thing: ext.add_to_kwargs(a=thing),
        lambda thing: outcome(ext.mixed, thing, zz=thing),
        lambda thing: outcome(ext.Taker, b=thing),
        lambda thing: outcome(ext.star, thing, thing, b=thing),
        lambda thing: outcome(ext.slash, a=thing, b=thing),
    ],
)
def test_calls_with_variadics_keep_nothing(call, assert_no_growth):
    thing = Thing()
    before = sys.getrefcount(thing)
    assert_no_growth(lambda: call(thing))
    assert sys.getrefcount(thing) == before


# --- The module as an argument ---------------------------------------------------------------------------------------


def test_this_module_is_the_module_that_the_function_was_defined_in():
    inner = ext.inner
    assert ext.module_name() == "callables_ext"
    assert ext.module_name_again() == "callables_ext"
    assert inner.module_name() == inner.module_name_inside() == "callables_ext.inner"
    assert inner.deep.module_name() == "callables_ext.inner.deep"
    assert ext.the_module() is ext and ext.the_module(1, a=2) is ext
    assert inner.the_module() is inner
    assert ext.module_between(1) == "1callables_ext2" and ext.module_between(b=4, a=3) == "3callables_ext4"
    assert inner.module_between(5) == "5callables_ext.inner2"


def test_this_module_is_no_parameter_that_python_sees():
    assert str(inspect.signature(ext.module_name)) == "()"
    assert str(inspect.signature(ext.module_name_again)) == "()"
    assert str(inspect.signature(ext.module_between)) == "(a, b=2)"
    assert outcome(ext.module_name, 1) == (TypeError, "module_name() takes 0 positional arguments but 1 was given")
    assert outcome(ext.module_between) == (TypeError, "module_between() missing 1 required positional argument: 'a'")
    assert outcome(ext.module_between, "x") == (
        TypeError,
        "module_between() argument 'a' must be int, not str",
    )


def test_this_module_keeps_its_reference_count():
    before = sys.getrefcount(ext), sys.getrefcount(ext.inner)
    for _ in range(100):
        ext.module_name(), ext.module_name_again(), ext.the_module(), ext.inner.the_module()
        ext.inner.module_name_inside()
        outcome(ext.module_between, "x")
    assert (sys.getrefcount(ext), sys.getrefcount(ext.inner)) == before


# --- Without the GIL -------------------------------------------------------------------------------------------------


def test_two_threads_run_at_the_same_time():
    other = Started(ext.meet, 2, PATIENCE)
    assert ext.meet(2, seconds=PATIENCE) is True
    assert other.result() is True


def test_many_threads_run_at_the_same_time():
    others = [Started(ext.meet, 8, PATIENCE) for _ in range(7)]
    assert ext.meet(8, PATIENCE)
    assert all(other.result() for other in others)


def test_the_same_function_bound_without_the_mark_keeps_the_gil():
    ready = threading.Event()

    def meet_later():
        ready.set()
        return ext.meet(2, 0.5)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(100)  # The other thread gets the GIL when this one waits, and only then.
    try:
        other = Started(meet_later)
        ready.wait(PATIENCE)
        other.result()
        assert ext.meet_with_gil(2, 0.05) is False
    finally:
        sys.setswitchinterval(interval)
    assert ext.has_gil() is True and ext.has_gil_detached() is False


def test_views_of_arguments_stay_valid_without_the_gil():
    def meet(number):
        # Nobody else refers to the arguments.
        return ext.meet_with_views("text %d " % number + "é" * 50, b"bytes %d" % number + b"x" * 100, PATIENCE)

    for number in range(5):
        other = Started(meet, number)
        for _ in range(100):
            [("text %d " % i) + "z" * 50 for i in range(50)]  # Would lie where they lay.
            gc.collect(0)
        assert ext.meet_with_views("", b"", PATIENCE) == "met "
        assert other.result() == f"met text {number} {'é' * 50}bytes {number}{'x' * 100}"


@pytest.mark.parametrize(
    "kind, error, text",
    [(0, IndexError, "outside"), (1, KeyError, "'lazy'"), (2, BaseException, "int")],
)
def test_what_is_thrown_without_the_gil_arrives(kind, error, text):
    for _ in range(5):
        with pytest.raises(error) as caught:
            ext.throw_without_gil(kind)
        assert type(caught.value) is error or type(caught.value).__name__ == "PanicException"
        assert text in str(caught.value)
        assert ext.has_gil() is True
    assert ext.throw_without_gil(kind=3) is False


def test_results_are_converted_with_the_gil():
    assert ext.result_without_gil() == [1, 2, 3]
    with pytest.raises(ValueError, match="^no list$"):
        ext.result_without_gil(fails=True)
    assert ext.nothing_without_gil("x") is None and ext.nothing_without_gil("x", number=3) is None
    assert outcome(ext.nothing_without_gil, "x", number="y") == (
        TypeError,
        "nothing_without_gil() argument 'number' must be int, not str",
    )


def test_a_function_without_the_gil_may_take_it_again():
    seen = []
    assert ext.attach_again(lambda: seen.append(ext.has_gil())) is False
    assert seen == [True]

    def fail():
        raise Boom("inside")

    with pytest.raises(Boom, match="inside"):
        ext.attach_again(fail)
    assert ext.has_gil()


@pytest.mark.parametrize("call", [
    lambda: ext.result_without_gil(),
    lambda: ext.attach_again(Thing),
    lambda: outcome(ext.throw_without_gil, 0),
    lambda: outcome(ext.throw_without_gil, 1),
    lambda: outcome(ext.result_without_gil, True),
    lambda: ext.nothing_without_gil("x" * 100, number=5),
])
def test_calls_without_the_gil_keep_nothing(call, assert_no_growth):
    assert_no_growth(call)


@pytest.mark.parametrize("hold", [ext.Box.hold, ext.hold_box_alone])
def test_a_box_that_another_thread_changes_is_borrowed(hold):
    box = ext.Box(5)
    other = Started(hold, box, PATIENCE)
    not_shared = "Already mutably borrowed: 'Box' object: cannot share what another thread holds exclusively"
    not_alone = "Already borrowed: 'Box' object: cannot hold exclusively what another thread holds exclusively"
    assert ext.wait_inside(PATIENCE)
    try:
        assert outcome(box.set, 6) == (RuntimeError, not_alone)
        assert outcome(box.get) == (RuntimeError, not_shared)
        assert outcome(ext.hold_box, box, 0.01) == (RuntimeError, not_shared)
        assert outcome(ext.hold_box_alone, box, 0.01) == (RuntimeError, not_alone)
    finally:
        assert ext.let_go(PATIENCE)
    assert other.result() is True
    box.set(7)
    assert box.get() == 7


@pytest.mark.parametrize("hold, result", [(ext.Box.hold_shared, 5), (ext.hold_box, True)])
def test_a_box_that_another_thread_reads_can_be_read_and_not_changed(hold, result):
    box = ext.Box(5)
    other = Started(hold, box, PATIENCE)
    text = "Already borrowed: 'Box' object: cannot hold exclusively what "
    assert ext.wait_inside(PATIENCE)
    try:
        assert outcome(box.set, 6) == (RuntimeError, text + "another thread shares")
        assert outcome(box.hold, 0.01) == (RuntimeError, text + "another thread shares")
        assert box.get() == 5  # Readers on two threads: which of them is left afterwards is not known.
        assert outcome(box.set, 6) == (RuntimeError, text + "several threads share")
        assert outcome(box.hold, 0.01) == (RuntimeError, text + "several threads share")
    finally:
        assert ext.let_go(PATIENCE)
    assert other.result() == result
    box.set(7)


def test_the_borrow_ends_with_an_exception_thrown_without_the_gil():
    box = ext.Box(1)
    for _ in range(3):
        with pytest.raises(RuntimeError, match="while it was borrowed"):
            box.fail()
    box.set(2)
    assert box.get() == 2


def test_a_getter_without_the_gil():
    box = ext.Box(1)
    assert (box.looked_at_with_gil, box.looked_at_as_usual) == (False, True)
    assert ext.Box.looked_at_with_gil.__doc__ == "Whether."
    other = Started(box.hold, PATIENCE)
    assert ext.wait_inside(PATIENCE)
    try:
        with pytest.raises(RuntimeError, match="^Already mutably borrowed: 'Box' object"):
            box.looked_at_with_gil
    finally:
        assert ext.let_go(PATIENCE)
    assert other.result() is True


def test_an_object_whose_method_runs_elsewhere_stays_alive():
    other = Started(lambda: ext.Box(9).hold_shared(PATIENCE))
    assert ext.wait_inside(PATIENCE)
    gc.collect()
    [ext.Box(1) for _ in range(100)]
    assert ext.let_go(PATIENCE)
    assert other.result() == 9


# --- strict ----------------------------------------------------------------------------------------------------------


class IntSubclass(int):
    pass


class FloatSubclass(float):
    pass


class AsIndex:
    def __index__(self):
        return 5


class AsFloat:
    def __float__(self):
        return 5.0


STRICT = {
    "strict_int": ("int", [0, -(2**31), 2**31 - 1, IntSubclass(4)], [True, 1.0, AsIndex(), None, "1"]),
    "strict_byte": ("int", [0, 255, IntSubclass(4)], [False, 1.0, AsIndex(), FloatSubclass(1)]),
    "strict_float": ("float", [0.0, -1e300, float("inf"), FloatSubclass(4)], [1, True, AsFloat(), AsIndex(), "1", None]),
    "strict_float32": ("float", [0.5, float("-inf"), FloatSubclass(4)], [1, True, AsFloat()]),
    "strict_bool": ("bool", [True, False], [1, 0, None, 1.0, "", AsIndex()]),
    "strict_default": ("float", [2.5], [1, True, None]),
}


@pytest.mark.parametrize("name", STRICT)
def test_a_strict_parameter_takes_its_own_type_and_no_other(name):
    function, (expected, right, wrong) = getattr(ext, name), STRICT[name]
    for value in right:
        assert function(value) == value and function(x=value) == value
    for value in wrong:
        type_name = "None" if value is None else type(value).__name__
        text = f"{name}() argument 'x' must be {expected}, not {type_name}"
        assert outcome(function, value) == outcome(lambda: function(x=value)) == (TypeError, text)


def test_a_strict_number_out_of_range_is_an_overflow_error():
    assert outcome(ext.strict_byte, 256) == (
        OverflowError,
        "256 does not fit into an unsigned 8-bit integer",
    )
    assert outcome(ext.strict_int, IntSubclass(2**40))[0] is OverflowError
    assert outcome(ext.strict_float32, 1e300)[0] is OverflowError


def test_a_strict_parameter_may_have_a_default():
    assert ext.strict_default() == 1.5


def test_a_strict_parameter_does_not_make_its_neighbours_strict():
    assert ext.half_strict(True, 2) == 4.0 and ext.half_strict(AsIndex(), 2, AsFloat()) == 12.0
    assert outcome(ext.half_strict, 1, True) == (TypeError, "half_strict() argument 'b' must be int, not bool")
    assert outcome(ext.half_strict, 1, b=AsIndex())[0] is TypeError


def test_numpys_numbers_are_of_their_own_types():
    numpy = pytest.importorskip("numpy")
    assert ext.strict_float(numpy.float64(1.5)) == 1.5  # A subclass of float.
    for function, value in [
        (ext.strict_float, numpy.float32(1.5)),
        (ext.strict_int, numpy.int64(1)),
        (ext.strict_bool, numpy.bool_(True)),
    ]:
        assert outcome(function, value)[0] is TypeError


def test_methods_can_be_strict():
    taker = ext.Taker(0)
    assert taker.strictly() == 3 and taker.strictly(a=4) == 4
    assert outcome(taker.strictly, True) == (TypeError, "Taker.strictly() argument 'a' must be int, not bool")


# --- from_py_with ----------------------------------------------------------------------------------------------------


def test_a_converter_makes_the_argument():
    assert ext.digits("042") == 42 and ext.digits(n="7") == 7
    assert ext.digits_or_12() == 12 and ext.digits_or_12("3") == 3
    assert ext.shout([1]) == "[1]!" and ext.throwing(0) == 5
    assert str(inspect.signature(ext.digits_or_12)) == "(n='12')"


def test_the_error_that_a_converter_returns_names_the_argument():
    for function in (ext.digits, ext.digits_or_12):
        name = function.__name__
        with pytest.raises(ValueError) as caught:
            function("1x")
        assert caught.value.args == ("'1x' has more than digits",)
        assert caught.value.__notes__ == [f"{name}() argument 'n'"]
        assert outcome(function, 5) == (TypeError, f"{name}() argument 'n': digits are text")


def test_what_a_converter_throws_is_what_the_call_raises():
    with pytest.raises(ValueError, match="None of that"):
        ext.throwing(None)
    with pytest.raises(LookupError, match="thrown"):
        ext.throwing(1)

    class Undecided:
        def __bool__(self):
            raise error

    error = Boom("neither")
    with pytest.raises(Boom) as caught:
        ext.throwing(Undecided())
    assert caught.value is error

    class Unshown:
        def __str__(self):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ext.shout(Unshown())


def test_arguments_are_converted_from_left_to_right_up_to_the_first_failure():
    seen = []

    def says(number):
        def call():
            seen.append(number)
            return number

        return call

    def fails():
        seen.append("fails")
        raise Boom

    assert ext.in_order(says(1), 10, 11, b=says(2), c="x", d=5) == [1, (10, 11), 2, "x!", {"d": 5}]
    assert ext.in_order(b=says(2), a=says(1)) == [1, (), 2, "7!", {}]
    assert seen == [1, 2, 1, 2]
    seen.clear()
    with pytest.raises(Boom):
        ext.in_order(fails, b=says(2))
    with pytest.raises(TypeError):
        ext.in_order(lambda: "text", b=says(2))
    assert seen == ["fails"]


def test_kinds_of_conversion_can_be_mixed():
    assert ext.every_kind(1, "ab") == 123 and ext.every_kind(1, [], c=AsIndex()) == 105
    assert ext.every_kind(b="a", c=True, a=2) == 211
    assert outcome(ext.every_kind, True, "ab") == (TypeError, "every_kind() argument 'a' must be int, not bool")
    with pytest.raises(TypeError, match="has no len"):
        ext.every_kind(1, 2)
    taker = ext.Taker(0)
    assert taker.converted() == 4 and taker.converted("ab", 1, 2) == 4
    assert str(inspect.signature(taker.converted)) == "(a='abcd', *args)"


@pytest.mark.parametrize("call", [
    lambda: ext.digits("1" * 5),
    lambda: outcome(ext.digits, "1x"),
    lambda: outcome(ext.throwing, None),
    lambda: ext.shout(object()),
    lambda: outcome(ext.in_order, Thing, 1, 2, b=Thing, e=Thing()),
    lambda: ext.every_kind(1, "ab", c=3),
])
def test_converted_arguments_keep_nothing(call, assert_no_growth):
    assert_no_growth(call)


# --- std::optional ---------------------------------------------------------------------------------------------------


def test_an_optional_parameter_is_none_or_a_value():
    assert ext.maybe() is None and ext.maybe(None) is None and ext.maybe(x=None) is None and ext.maybe(0) == 0
    assert ext.maybe_text() is None and ext.maybe_text("") == "" and ext.maybe_text(None) is None
    assert ext.maybe_ints() == [1] and ext.maybe_ints(None) is None and ext.maybe_ints((1, 2)) == [1, 2]
    assert str(inspect.signature(ext.maybe)) == "(x=None)"
    assert str(inspect.signature(ext.maybe_ints)) == "(x=[1])"
    assert outcome(ext.maybe, "x")[0] is TypeError and "argument 'x'" in outcome(ext.maybe, "x")[1]
    assert outcome(ext.maybe, 2**40)[0] is OverflowError


# --- Closures --------------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def no_state_is_left():
    gc.collect()
    before = ext.live_states()
    yield
    gc.collect()
    assert ext.live_states() == before


def test_a_closure_keeps_its_state_between_calls():
    add, other = ext.new_adder(10), ext.new_adder()
    assert [add(), add(5), add(by=-1)] == [11, 16, 15]
    assert other() == 1 and add(0) == 15
    assert ext.new_unique()() == 7


def test_the_state_dies_with_the_function():
    before = ext.live_states()
    never_called = ext.new_adder()
    called = ext.new_adder()
    called()
    assert ext.live_states() == before + 2
    del never_called
    assert ext.live_states() == before + 1
    copies = [called, copy.copy(called), copy.deepcopy(called)]
    del called, copies[1:]
    assert ext.live_states() == before + 1
    copies.clear()
    assert ext.live_states() == before


def test_what_the_state_owns_dies_with_the_function():
    thing = Thing()
    watch, before = weakref.ref(thing), sys.getrefcount(thing)
    closure = ext.new_owner(thing)
    assert sys.getrefcount(thing) == before + 1
    assert closure() is thing
    assert sys.getrefcount(thing) == before + 1
    del thing
    assert watch() is not None
    del closure
    assert watch() is None


@pytest.mark.parametrize("kind, error", [(0, SystemError), (1, UnicodeDecodeError), (2, UnicodeDecodeError)])
def test_a_closure_that_cannot_be_made_frees_its_state(kind, error):
    before = ext.live_states()
    for _ in range(10):
        with pytest.raises(error):
            ext.new_closure_or_failure(object(), kind)
        assert ext.live_states() == before
    closure = ext.new_closure_or_failure(object(), 3)
    assert closure() == 1


@pytest.mark.parametrize("kind", range(4))
def test_a_closure_that_cannot_be_made_keeps_no_default(kind):
    thing = Thing()
    before = sys.getrefcount(thing)
    for _ in range(10):
        outcome(ext.new_closure_or_failure, thing, kind)
    assert sys.getrefcount(thing) == before


def test_a_call_that_changes_the_state_excludes_others():
    alone = ext.new_alone()
    text = "Already borrowed: the state of the closure 'alone'"
    assert alone(outcome, alone, len, ()) == (RuntimeError, text)
    assert alone(len, "abc") == 3
    with pytest.raises(RuntimeError, match="^" + text):
        alone(alone, alone, len, ())
    assert alone(dict, x=1) == {"x": 1}


def test_the_borrow_of_a_state_ends_with_an_exception():
    alone = ext.new_alone()

    def fail():
        raise Boom("from the callback")

    for _ in range(3):
        with pytest.raises(Boom):
            alone(fail)
    assert alone(len, ()) == 0
    failing = ext.new_failing(False)
    assert failing() == 1
    with pytest.raises(ValueError, match="^two$"):
        failing()
    with pytest.raises(IndexError, match="from a closure"):
        failing(throws=True)
    assert failing() == 4


def test_arguments_are_converted_before_the_state_is_borrowed():
    add = ext.new_adder()
    assert add(Index(lambda: add(10))) == 20


def test_calls_that_share_the_state_nest():
    together = ext.new_together()
    assert together(together, together, together, len, "abc") == 3

    def down(n):
        return together(down, n - 1) if n else "bottom"

    assert down(100) == "bottom"

    def forever():
        return together(forever)

    with pytest.raises(RecursionError):
        forever()
    assert together(len, "ab") == 2


@pytest.mark.parametrize("make", [ext.new_alone, ext.new_together])
def test_a_closure_may_lose_its_last_reference_in_its_own_call(make):
    before = ext.live_states()
    holder = [make()]

    def drop():
        holder.clear()
        gc.collect()
        [ext.new_adder(i) for i in range(50)]
        return ext.live_states() - before

    assert holder[0](drop) == 1
    assert ext.live_states() == before and holder == []

    # The same through the C API's own loops.
    holder.append(make())
    assert list(map(holder.pop(), [drop])) == [1]
    assert ext.live_states() == before


def test_thousands_of_closures_keep_nothing(assert_no_growth):
    assert_no_growth(lambda: ext.new_adder(5), runs=10000)
    assert_no_growth(lambda: ext.new_shaped()(1), runs=2000)
    assert_no_growth(lambda: ext.new_owner(Thing())(), runs=2000)
    assert_no_growth(lambda: outcome(ext.new_alone(), len), runs=2000)


def test_thousands_of_closures_live_at_once():
    before = ext.live_states()
    all_of_them = [ext.new_adder(i) for i in range(10000)]
    assert ext.live_states() == before + 10000
    assert [add() for add in all_of_them] == [i + 1 for i in range(10000)]
    del all_of_them[::2]
    assert ext.live_states() == before + 5000
    assert [add() for add in all_of_them] == [i + 2 for i in range(1, 10000, 2)]


def test_a_closure_says_what_a_function_says():
    add = ext.new_adder()
    assert add.__name__ == "add" and add.__doc__ == "Adds.\n\nSays the sum."
    assert str(inspect.signature(add)) == "(by=1)"
    assert callable(add) and inspect.isbuiltin(add) and repr(add).startswith("<built-in ")
    assert str(inspect.signature(ext.new_alone())) == "(f, /, *args, **kwargs)"
    assert str(inspect.signature(ext.new_together())) == "(arg0, /, *args)"
    assert str(inspect.signature(ext.new_shaped())) == "(a, /, b=2, *, c='xyz')"
    assert ext.new_unique().__doc__ is None
    assert outcome(add, 1, 2) == (TypeError, "add() takes from 0 to 1 positional arguments but 2 were given")
    assert outcome(add, "x") == (TypeError, "add() argument 'by' must be int, not str")
    assert outcome(lambda: add(to=1)) == (TypeError, "add() got an unexpected keyword argument 'to'")


def test_the_name_of_a_closure_is_copied():
    closures = [ext.new_named(f"näme {i}" * 20) for i in range(100)]
    assert [closure.__name__ for closure in closures] == [f"näme {i}" * 20 for i in range(100)]
    assert outcome(closures[3], 1) == (TypeError, "näme 3" * 20 + "() takes 0 positional arguments but 1 was given")


def test_parameters_of_closures_take_all_marks():
    shaped = ext.new_shaped()
    assert shaped(1) == 1123 and shaped(1, 5) == 1153 and shaped(1, c="", b=4) == 1140
    assert outcome(shaped, 1, True) == (TypeError, "shaped() argument 'b' must be int, not bool")
    assert outcome(shaped, 1, 2, 3) == (TypeError, "shaped() takes from 1 to 2 positional arguments but 3 were given")
    assert outcome(lambda: shaped(a=1)) == (
        TypeError,
        "shaped() got some positional-only arguments passed as keyword arguments: 'a'",
    )


def test_closures_are_equal_to_themselves_only():
    one, other = ext.new_adder(), ext.new_adder()
    assert one == one and one != other and len({one, other, one}) == 2


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_closure_cannot_be_pickled(protocol):
    with pytest.raises((TypeError, pickle.PicklingError)):
        pickle.dumps(ext.new_adder(), protocol)


def test_what_a_closure_refers_to_may_outlive_it():
    before = ext.live_states()
    add = ext.new_adder()
    kept = add.__self__
    method = add.__call__
    del add
    assert method(3) == 3
    del method
    gc.collect()
    del kept
    assert ext.live_states() == before


def test_threads_may_share_a_closure():
    add = ext.new_adder()

    def added():  # Without a GIL two calls may meet, and then one of them is refused.
        done = 0
        for _ in range(2000):
            try:
                add()
                done += 1
            except RuntimeError as error:
                assert FREE_THREADED and "the state of the closure 'add'" in str(error), error
        return done

    threads = [Started(added) for _ in range(4)]
    done = sum(thread.result() for thread in threads)
    assert add(0) == done and done >= (1 if FREE_THREADED else 8000)


def test_a_closure_without_the_gil_excludes_others_or_lets_them_in():
    hold = ext.new_holder()
    other = Started(hold, PATIENCE)
    assert ext.wait_inside(PATIENCE)
    try:
        assert outcome(hold, 0.01) == (RuntimeError, "Already borrowed: the state of the closure 'hold'")
    finally:
        assert ext.let_go(PATIENCE)
    assert other.result() == 1
    meet = ext.new_meeter()
    other = Started(meet, PATIENCE)
    assert meet(PATIENCE) == 3 and other.result() == 3


def test_a_closure_may_die_in_another_thread():
    before = ext.live_states()
    holder = [ext.new_adder()]
    Started(holder.clear).result()
    assert ext.live_states() == before
    hold = [ext.new_holder()]
    other = Started(lambda: hold.pop()(PATIENCE))
    assert ext.wait_inside(PATIENCE)
    assert hold == [] and ext.let_go(PATIENCE)
    assert other.result() == 1


def test_the_state_may_run_python_code_when_it_dies():
    seen = []
    closure = ext.new_last_words(seen.append)
    closure()
    del closure
    assert seen == [False]


def test_an_exception_that_is_under_way_survives_the_death_of_a_state():
    seen = []
    with pytest.raises(Boom, match="under way"):
        raise_in_the_middle(seen)
    assert seen == [False]


def raise_in_the_middle(seen):
    def fail():
        raise Boom("under way")

    [ext.new_last_words(seen.append), fail()]  # What was on the stack goes while the exception is pending.


def test_what_a_dying_state_raises_is_unraisable(monkeypatch):
    caught = []
    monkeypatch.setattr(sys, "unraisablehook", lambda info: caught.append(type(info.exc_value)))

    def fail(pending):
        raise Boom("last words")

    closure = ext.new_last_words(fail)
    del closure
    assert caught == [Boom]


def test_a_cycle_through_the_state_of_a_closure_is_collected():
    class Node:
        pass

    marker = object()
    before = sys.getrefcount(marker)
    for _ in range(5):
        node = Node()
        node.marker = marker
        node.closure = ext.new_owner(node)
        assert any(node is found for found in gc.get_referents(node.closure.__self__))
        del node
    gc.collect()
    assert sys.getrefcount(marker) == before


def test_a_long_chain_of_closures_dies_without_overflowing_the_stack():
    chain = None
    for _ in range(200_000):
        chain = ext.new_owner(chain)
    del chain


def test_closures_may_be_alive_when_python_ends(run_python):
    done = run_python(
        "import callables_ext as ext, sys, builtins\n"
        "sys.keep = [ext.new_adder(), ext.new_owner(ext.new_adder()), ext.new_last_words(print)]\n"
        "builtins.keep = ext.new_owner(sys.keep[0])\n"
        "class Late:\n"
        "    def __init__(self): self.add = ext.new_adder(5)\n"
        "    def __del__(self): assert self.add() == 6\n"
        "late = Late()\n"
        "def in_a_cycle(): return held()\n"
        "held = ext.new_owner(in_a_cycle)\n"
        "in_a_cycle.held = held\n"
        "ext.kept = ext.new_alone()\n"
    )
    assert done.returncode == 0 and done.stderr == "", (done.returncode, done.stderr[-1000:])
    assert done.stdout in ("", "False\n")


def test_a_daemon_thread_may_hold_a_state_when_python_ends(run_python):
    done = run_python(
        "import callables_ext as ext, threading\n"
        "hold = ext.new_holder()\n"
        "threading.Thread(target=hold, args=(1000,), daemon=True).start()\n"
        "assert ext.wait_inside(20)\n"
        "del hold\n"
    )
    assert done.returncode == 0 and done.stderr == "", (done.returncode, done.stderr[-1000:])
