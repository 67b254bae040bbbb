# SPDX-License-Identifier: MIT
"""Compares what signatures_ext binds with functions written in Python, which the same interpreter runs.

test_signatures.py makes a test of each function. An interpreter without pytest runs this file, with the folder of the
module in PYTHONPATH.
"""
import ast
import gc
import inspect
import itertools
import math
import sys
import traceback

import generate_signatures as generated
import signatures_ext as ext

# Keywords that name no parameter: one like none of them, and one so alike that CPython 3.13 asks whether it was meant.
UNKNOWN = ["zz", "secnd"]


# --- The twins --------------------------------------------------------------------------------------------------------


def is_shown(signature, parameter):
    """Whether the default is a constant of Python's grammar that `inspect` reads back; else it is shown as `...`.

    Up to 3.11, inspect drops the comma of `(1,)`, and takes commas for ends of parameters when it looks for the `/`.
    """
    if parameter.default[1] == "...":
        return False
    if sys.version_info >= (3, 12):
        return True
    node = ast.parse(parameter.default[1], mode="eval").body
    containers = [child for child in ast.walk(node) if isinstance(child, (ast.Tuple, ast.List))]
    if any(isinstance(child, ast.Tuple) and len(child.elts) == 1 for child in containers):
        return False
    before_slash = parameter.kind == generated.POSITIONAL_ONLY and signature.of(generated.POSITIONAL)
    return not (before_slash and any(len(child.elts) > 1 for child in containers))


def shown_doc(signature):
    """The documentation: what `inspect` cannot read of the defaults, and a person can, stands at its end."""
    hidden = [parameter for parameter in signature.plain if parameter.default is not None
              and parameter.default[1] != "..." and not is_shown(signature, parameter)]
    if not hidden:
        return signature.doc
    texts = [f"{parameter.name}={ast.literal_eval(parameter.default[1])!r}" for parameter in hidden]
    return ("" if signature.doc is None else signature.doc + "\n\n") + "Defaults: " + ", ".join(texts)


def function_twin(signature):
    namespace = {"__name__": generated.MODULE}
    exec(signature.python_source(), namespace)
    twin = namespace[signature.name]
    twin.__doc__ = shown_doc(signature)
    return twin


def class_twin(owner, signatures):
    namespace = {"__name__": generated.MODULE}
    body = "".join(signature.python_source("self") for signature in signatures)
    exec(f"class {owner}:\n" + "".join(f"    {line}\n" for line in body.splitlines()), namespace)
    twin = namespace[owner]
    for signature in signatures:
        getattr(twin, signature.name).__doc__ = shown_doc(signature)
    return twin


METHODS_TWIN = class_twin("Methods", generated.METHODS)


# --- Calls and what comes of them -------------------------------------------------------------------------------------


def outcome(call, args, keywords):
    """What a call gives, in a form that shows the types of containers and the order of a dict."""
    try:
        return repr(call(*args, **keywords))
    except Exception as error:
        return type(error), str(error), error.__cause__, error.__context__


def calls(signature):
    """No positional arguments up to two too many, each with all sets of keywords in two or three orders."""
    plain = [parameter.name for parameter in signature.plain]
    names = [*plain, *UNKNOWN]
    if len(names) <= 8:
        subsets = itertools.chain.from_iterable(itertools.combinations(names, size) for size in range(len(names) + 1))
    else:  # All sets would be too many: runs of neighbours, with and without the first name.
        runs = {tuple(names[first:last]) for first in range(len(names)) for last in range(first, len(names) + 1)}
        subsets = sorted(runs | {(names[0], *run) for run in runs if names[0] not in run})
    keyword_sets = []
    for subset in subsets:
        half = len(subset) // 2
        for order in sorted({subset, subset[::-1], subset[half:] + subset[:half]}):
            keyword_sets.append({name: f"k_{name}" for name in order})
    for given in range(len(plain) + 3):
        args = tuple(f"p{index}" for index in range(given))
        for keywords in keyword_sets:
            yield args, keywords


def same(what, bound, python):
    assert bound == python, f"{what}\n    Python: {python!r}\n    bound:  {bound!r}"


def compare_calls(signature, bound, twin, python=outcome):
    """Makes all calls of both.

    @param python  What the twin's outcome is, where that is more than calling it.
    @return How many calls failed, as they should.
    """
    different, failed = [], 0
    for args, keywords in calls(signature):
        wanted, got = python(twin, args, keywords), outcome(bound, args, keywords)
        failed += isinstance(wanted, tuple)
        if got != wanted:
            different.append(f"{signature} with {args} and {keywords}\n    Python: {wanted}\n    bound:  {got}")
    assert not different, f"{len(different)} calls differ:\n" + "\n".join(different[:5])
    return failed


# Without names and stars in its signature, a function is bound as one that has no keywords at all, and a method without
# parameters as one that has no arguments at all. CPython refuses them before adder sees them, in the words that it has
# for its own functions of that kind.


def takes_no_keywords(signature):
    named = signature.named and signature.plain
    return not (named or signature.of(generated.VAR_ARGS) or signature.of(generated.VAR_KEYWORDS))


def refused_as_by(builtin, name, args, keywords, own_name):
    kind, text, *rest = outcome(builtin, args, keywords)
    assert name in text
    return (kind, text.replace(name, own_name), *rest)


def function_without_keywords(twin, args, keywords):
    if keywords:
        return refused_as_by(math.sqrt, "math.sqrt", args, keywords, f"{twin.__module__}.{twin.__qualname__}")
    return outcome(twin, args, keywords)


def method_without_keywords(twin, args, keywords):
    if keywords:
        return refused_as_by([].clear, "list.clear", args, keywords, twin.__qualname__)
    return outcome(twin, args, keywords)


def method_without_arguments(twin, args, keywords):
    if args or keywords:
        return refused_as_by([].clear, "list.clear", args, keywords, twin.__qualname__)
    return outcome(twin, args, keywords)


def without_prefix(call, args, keywords):
    """Of a constructor: Python says "Class.__init__() missing", a class written in C++ says "Class() missing"."""
    result = outcome(call, args, keywords)
    if isinstance(result, str):
        return result
    kind, text, *rest = result
    return (kind, text[text.index("() ") :], *rest)


# --- Descriptions -----------------------------------------------------------------------------------------------------


def text_signature(signature, receiver):
    """`__text_signature__`: the receiver cannot be passed by keyword, and defaults are in ASCII."""

    def default(parameter):
        return ascii(ast.literal_eval(parameter.default[1])) if is_shown(signature, parameter) else "..."

    return f"({signature.text(receiver, default)})"


def shown_parameters(signature, twin):
    """The parameters of the twin, with the defaults that are shown."""
    parameters = inspect.signature(twin).parameters
    for parameter in signature.parameters:
        if parameter.default is not None and not is_shown(signature, parameter):
            yield parameters[parameter.name].replace(default=...)
        else:
            yield parameters[parameter.name]


def check_signature(signature, bound, twin, receiver=()):
    wanted = inspect.Signature([*receiver, *shown_parameters(signature, twin)])
    if not str(signature).isascii():
        # Up to 3.13, no version of inspect can read such names: it says that there is no signature.
        try:
            inspect.signature(bound)
        except ValueError:
            return
    same(f"{signature}: its signature", inspect.signature(bound), wanted)
    same(f"{signature}: its signature as text", str(inspect.signature(bound)), str(wanted))


def check_names(signature, bound, twin, *attributes):
    for attribute in attributes:
        same(f"{signature}: {attribute}", getattr(bound, attribute), getattr(twin, attribute))


# --- Everything about one of them -------------------------------------------------------------------------------------


def check_function(signature):
    bound, twin = getattr(ext, signature.name), function_twin(signature)
    check_names(signature, bound, twin, "__name__", "__module__", "__doc__")
    same(f"{signature}: its text signature", bound.__text_signature__, text_signature(signature, "$module"))
    check_signature(signature, bound, twin)
    if not signature.shared:
        check_qualified_name(signature)
    return compare_calls(signature, bound, twin, function_without_keywords if takes_no_keywords(signature) else outcome)


def check_qualified_name(signature):
    bound, twin = getattr(ext, signature.name), function_twin(signature)
    check_names(signature, bound, twin, "__qualname__")
    # The interpreter says this by itself, with the names that the function gives for itself.
    twice = {"first": 1}
    same(
        f"{signature} with a keyword twice",
        outcome(lambda: bound(**twice, **twice), (), {}),
        outcome(lambda: twin(**twice, **twice), (), {}),
    )


def check_method(signature):
    name = signature.name
    bound, twin = getattr(ext.Methods(), name), getattr(METHODS_TWIN(), name)
    in_class, twin_in_class = getattr(ext.Methods, name), getattr(METHODS_TWIN, name)
    check_names(signature, bound, twin, "__name__", "__qualname__", "__doc__")
    check_names(signature, in_class, twin_in_class, "__name__", "__qualname__", "__doc__")
    same(f"{signature}: its text signature", in_class.__text_signature__, text_signature(signature, "$self"))
    check_signature(signature, bound, twin)
    check_signature(signature, in_class, twin, [inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)])
    python = outcome
    if takes_no_keywords(signature):
        python = method_without_keywords if signature.plain else method_without_arguments
    receiver = ext.Methods()
    return compare_calls(signature, bound, twin, python) + compare_calls(
        signature, lambda *args, **keywords: in_class(receiver, *args, **keywords), twin, python
    )


def check_constructor(signature):
    bound, twin = getattr(ext, signature.owner), class_twin(signature.owner, [signature])
    check_names(signature, bound, twin, "__name__", "__qualname__", "__module__")
    same(f"{signature}: its text signature", bound.__text_signature__, text_signature(signature, None))
    check_signature(signature, bound, twin)
    different, failed = [], 0
    for args, keywords in calls(signature):
        wanted = without_prefix(lambda *a, **k: twin(*a, **k).got, args, keywords)
        failed += isinstance(wanted, tuple)
        for call in (lambda *a, **k: bound(*a, **k).got, lambda *a, **k: bound.__new__(bound, *a, **k).got):
            got = without_prefix(call, args, keywords)
            if got != wanted:
                different.append(f"{signature} with {args} and {keywords}\n    Python: {wanted}\n    bound:  {got}")
    assert not different, f"{len(different)} calls differ:\n" + "\n".join(different[:5])
    return failed


# --- Everything about all of them -------------------------------------------------------------------------------------

CHECKS = [
    *[(check_function, signature) for signature in generated.FUNCTIONS + generated.UNNAMED],
    *[(check_method, signature) for signature in generated.METHODS],
    *[(check_constructor, signature) for signature in generated.CONSTRUCTORS],
]


class Text(str):
    pass


ODD_KEYWORDS = [
    {1: 2},
    {None: 1, "first": 2},
    {"first": 1, 1: 2},
    {"": 1},
    {"a\0": 1},
    {"\udc80": 1},
    {"args": 1},
    {"kwargs": 1},
    {Text("first"): 1},
    {Text("secnd"): 1},
    {"".join(["sec", "ond"]): 1},
]


def check_odd_keywords():
    """Keywords that only `**` can pass, and names that are not interned."""
    failed = 0
    for signature in generated.FUNCTIONS + generated.UNNAMED:
        if takes_no_keywords(signature):
            continue
        bound, twin = getattr(ext, signature.name), function_twin(signature)
        for keywords in ODD_KEYWORDS:
            for args in ((), ("p0",), ("p0", "p1", "p2", "p3", "p4")):
                wanted = outcome(twin, args, keywords)
                same(f"{signature} with {args} and {keywords}", outcome(bound, args, keywords), wanted)
                failed += isinstance(wanted, tuple)
    return failed


def callables():
    """All that is bound, with the signatures; methods with their receiver."""
    receiver = ext.Methods()
    for check, signature in CHECKS:
        if check is check_function:
            yield signature, getattr(ext, signature.name)
        elif check is check_method:
            yield signature, getattr(receiver, signature.name)
        else:
            yield signature, getattr(ext, signature.owner)


def check_nothing_is_kept():
    """Whatever comes of a call, it keeps no memory, and no reference to an argument."""
    thing = object()

    def call_all():
        failed = 0
        for signature, bound in callables():
            for args, keywords in calls(signature):
                try:
                    bound(*[thing] * len(args), **dict.fromkeys(keywords, thing))
                except TypeError:
                    failed += 1
        gc.collect()
        return failed

    call_all()
    blocks, references = sys.getallocatedblocks(), sys.getrefcount(thing)
    failed = call_all()
    same("references to an argument", sys.getrefcount(thing), references)
    grown = sys.getallocatedblocks() - blocks
    assert grown < 100, f"{grown} more blocks of memory after {failed} calls that failed"
    return failed


# One of each kind: what is compared above has to contain them all, or it would show little.
TEXTS = [
    "() missing 1 required positional argument: 'first'",
    "() missing 2 required positional arguments: 'first' and 'second'",
    "() missing 3 required positional arguments: 'first', 'second', and 'third'",
    "() missing 4 required positional arguments: 'first', 'second', 'third', and 'fourth'",
    "() missing 1 required keyword-only argument: 'first'",
    "() missing 2 required keyword-only arguments: 'first' and 'second'",
    "() missing 3 required keyword-only arguments: 'first', 'second', and 'third'",
    "() takes 0 positional arguments but 1 was given",
    "() takes 1 positional argument but 2 were given",
    "() takes 2 positional arguments but 3 were given",
    "() takes from 0 to 1 positional arguments but 2 were given",
    "() takes from 1 to 3 positional arguments but 4 were given",
    "() takes 0 positional arguments but 1 positional argument (and 1 keyword-only argument) were given",
    "() takes 0 positional arguments but 1 positional argument (and 2 keyword-only arguments) were given",
    "() takes 1 positional argument but 2 positional arguments (and 1 keyword-only argument) were given",
    "() takes from 1 to 2 positional arguments but 3 positional arguments (and 1 keyword-only argument) were given",
    "() got an unexpected keyword argument 'zz'",
    "() got multiple values for argument 'first'",
    "() got some positional-only arguments passed as keyword arguments: 'first'",
    "() got some positional-only arguments passed as keyword arguments: 'first, second'",
]


def texts():
    """What the twins of the functions say, without the function's name, each with one call of the bound function."""
    found = {}
    for signature in generated.FUNCTIONS:
        if takes_no_keywords(signature):
            continue
        bound, twin = getattr(ext, signature.name), function_twin(signature)
        for args, keywords in calls(signature):
            said = outcome(twin, args, keywords)
            if isinstance(said, tuple):
                found.setdefault(said[1][len(signature.name) :], (bound, args, keywords))
    return found


def check_all_kinds_of_texts_occur():
    suggestions = ["() got an unexpected keyword argument 'secnd'"]
    if sys.version_info >= (3, 13):
        suggestions.append(suggestions[0] + ". Did you mean 'second'?")
    found = texts()
    assert not (absent := [text for text in TEXTS + suggestions if text not in found]), absent
    return len(found)


def check_all_signatures_occur():
    """The numbers follow from the grammar: of n named parameters, each can be of three kinds in order."""

    def count(named):
        # q positional ones: q + 1 places for the slash, q + 1 for the first default; the others have one or have not.
        return sum((q + 1) ** 2 * 2 ** (named - q) for q in range(named + 1))

    expected = sum(count(n) for n in range(5)) + 2 * sum(count(n) for n in range(4)) + sum(count(n) for n in range(3))
    texts_of_all = {signature.text() for signature in generated.EVERY}
    same("number of signatures", len(texts_of_all), expected)
    same("number of functions", len(generated.EVERY), expected)
    return 0


TOGETHER = [check_all_signatures_occur, check_all_kinds_of_texts_occur, check_odd_keywords, check_nothing_is_kept]


def main():
    wrong, failed = 0, 0
    for check, *signature in CHECKS + [(check,) for check in TOGETHER]:
        try:
            failed += check(*signature)
        except AssertionError as error:
            wrong += 1
            print(error)
        except Exception:
            wrong += 1
            print(check.__name__, *signature)
            traceback.print_exc(file=sys.stdout)
    print(f"Python {sys.version.split()[0]}: {len(CHECKS)} signatures, {failed} calls that failed as they should;")
    print(f"{wrong} checks found a difference" if wrong else "no difference")
    return wrong != 0


if __name__ == "__main__":
    sys.exit(main())
