# SPDX-License-Identifier: MIT
"""Every signature of up to four parameters, twice: bound from C++, and as the `def` that Python's grammar has for it.

`python generate_signatures.py FOLDER` writes the sources of the extension module signatures_ext, without FOLDER it
prints their names. check_signatures.py imports the lists below and compares the two.
"""
import itertools
import os
import sys

POSITIONAL_ONLY, POSITIONAL, VAR_ARGS, KEYWORD_ONLY, VAR_KEYWORDS = range(5)  # In the order of the grammar.
NAMES = ["first", "second", "third", "fourth"]
MODULE = "signatures_ext"
PARTS = 4  # Source files for the functions: compiled side by side, and with less memory.

DEFAULTS = [  # (C++, what inspect shows); given out in turn.
    ("none", "None"),
    ("1", "1"),
    ("true", "True"),
    ("2.5", "2.5"),
    (r'"it\'s"', '''"it's"'''),
    ("PyTuple::new_(py, 1, 2)", "(1, 2)"),
    ("-1", "-1"),
    ("false", "False"),
    (r'"say \"yes\""', """'say "yes"'"""),
    ("-0.0", "-0.0"),
    ("PyTuple::new_(py)", "()"),
    ('""', "''"),
    ("0", "0"),
    (r'"both \' and \" and \\"', r"""'both \' and " and \\'"""),
    ("1e100", "1e+100"),
    ("PyTuple::new_(py)", "()"),
    ("std::int64_t{-9223372036854775807 - 1}", "-9223372036854775808"),
    (r'"tab\t, newline\n, )\n--\n\n, <b>"', r"'tab\t, newline\n, )\n--\n\n, <b>'"),
    ('PyTuple::new_(py, "x", none, -2.5, true)', "('x', None, -2.5, True)"),
    ("0.1", "0.1"),
    (r'"caf\303\251 \342\202\254 \360\237\220\215"', r"'caf\xe9 \u20ac \U0001f40d'"),
    ('py.eval("2**100")', "1267650600228229401496703205376"),
    ('PyTuple::new_(py, "one")', "('one',)"),
    ('py.eval("b\'bytes\\\\0\\"\'")', r"""b'bytes\x00"'"""),
    ("-1e-7", "-1e-07"),
    ('PyTuple::new_(py, 1, "a, b", PyTuple::new_(py, -3))', "(1, 'a, b', (-3,))"),
    ('py.eval("...")', "..."),
]

DOCS = [  # (C++, Python); given out in turn.
    (None, None),
    ('"One line."', "One line."),
    ('"Two paragraphs.\\n\\nThe second one."', "Two paragraphs.\n\nThe second one."),
    (None, None),
    ('"f(x, /)\\n--\\n\\nLike a text signature."', "f(x, /)\n--\n\nLike a text signature."),
    ('"\\303\\234ml\\303\\244ut, \\"quotes\\" and \\\\."', '\xdcml\xe4ut, "quotes" and \\.'),
]


class Parameter:
    def __init__(self, kind, name, default=None):
        self.kind, self.name, self.default = kind, name, default

    def shown(self, default):
        """As it stands between the parentheses; `default` makes text of the parameter's default."""
        stars = {VAR_ARGS: "*", VAR_KEYWORDS: "**"}.get(self.kind, "")
        return stars + self.name + ("" if self.default is None else "=" + default(self))

    @property
    def is_named(self):
        return self.kind not in (VAR_ARGS, VAR_KEYWORDS)


class Signature:
    """A name and its parameters.

    @param named   Else nothing is said of the parameters in C++: they are arg0, arg1, and so on.
    @param shared  Whether another signature's C++ function is bound once more.
    """

    def __init__(self, name, parameters, number, *, named=True, shared=False, owner=None):
        self.name, self.parameters, self.number, self.owner = name, parameters, number, owner
        self.named, self.shared = named, shared
        self.doc_cpp, self.doc = DOCS[number % len(DOCS)]

    def of(self, kind):
        return [parameter for parameter in self.parameters if parameter.kind == kind]

    @property
    def plain(self):
        return [parameter for parameter in self.parameters if parameter.is_named]

    @property
    def qualname(self):
        return self.name if self.owner is None else f"{self.owner}.{self.name}"

    def text(self, receiver=None, default=lambda parameter: parameter.default[1]):
        """What stands between the parentheses, with the marks `/` and `*`."""
        shown = [] if receiver is None else [receiver]
        slash = len(shown) + len(self.of(POSITIONAL_ONLY))
        shown += [parameter.shown(default) for parameter in self.parameters]
        if self.of(KEYWORD_ONLY) and not self.of(VAR_ARGS):
            shown.insert(slash + len(self.of(POSITIONAL)), "*")
        if slash != 0:
            shown.insert(slash, "/")
        return ", ".join(shown)

    def python_source(self, receiver=None):
        """The equivalent `def`, which returns the list of what it was given."""
        given = ", ".join(parameter.name for parameter in self.parameters)
        body = f"return [{given}]" if self.name != "__init__" else f"self.got = [{given}]"
        return f"def {self.name}({self.text(receiver)}):\n    {body}\n"

    def __str__(self):
        return f"{self.qualname}({self.text()})"

    # --- The C++ side ---

    @property
    def pack(self):
        """What is to be known of a C++ function that takes the arguments: equal for many signatures."""
        positional = len(self.of(POSITIONAL_ONLY) + self.of(POSITIONAL))
        var_args, var_keywords = bool(self.of(VAR_ARGS)), bool(self.of(VAR_KEYWORDS))
        if not var_args:
            return (len(self.plain), 0, var_args, var_keywords, var_keywords and self.number % 2 == 1)
        return (positional, len(self.of(KEYWORD_ONLY)), var_args, var_keywords, self.number % 2 == 1)

    def cpp_extras(self):
        """What follows the name in `def`, each with a comma before it."""
        extras = []
        if self.named:
            slash, star = len(self.of(POSITIONAL_ONLY)), len(self.of(POSITIONAL_ONLY) + self.of(POSITIONAL))
            for index, parameter in enumerate(self.plain):
                if index == star and not self.of(VAR_ARGS):
                    extras.append("kw_only")
                default = "" if parameter.default is None else " = " + parameter.default[0]
                extras.append(f'arg("{parameter.name}"){default}')
                if index + 1 == slash:
                    extras.append("pos_only")
        if self.doc_cpp is not None and self.name != "__init__":
            extras.insert(0 if self.number % 3 == 0 else len(extras), self.doc_cpp)
        return "".join(", " + extra for extra in extras)


def with_defaults(signatures):
    """Gives the parameters that want defaults (True) theirs, from DEFAULTS in turn."""
    turn = itertools.cycle(DEFAULTS)
    for signature in signatures:
        for parameter in signature.parameters:
            parameter.default = next(turn) if parameter.default else None
    return signatures


def all_parameter_lists(most):
    """All that the grammar admits: after a positional parameter with a default, those without one are keyword-only."""
    for count in range(most + 1):
        for kinds in itertools.combinations_with_replacement(range(5), count):
            if kinds.count(VAR_ARGS) > 1 or kinds.count(VAR_KEYWORDS) > 1:
                continue
            choices = [[False] if kind in (VAR_ARGS, VAR_KEYWORDS) else [False, True] for kind in kinds]
            for defaults in itertools.product(*choices):
                positional = [default for kind, default in zip(kinds, defaults) if kind < VAR_ARGS]
                if positional != sorted(positional):
                    continue
                names = iter(NAMES)
                yield [
                    Parameter(kind, {VAR_ARGS: "args", VAR_KEYWORDS: "kwargs"}.get(kind) or next(names), default)
                    for kind, default in zip(kinds, defaults)
                ]


def unnamed_parameter_lists(most):
    for parameters in all_parameter_lists(most):
        plain = [parameter for parameter in parameters if parameter.is_named]
        if plain and all(parameter.kind == POSITIONAL_ONLY and not parameter.default for parameter in plain):
            for index, parameter in enumerate(plain):
                parameter.name = f"arg{index}"
            yield parameters


def long_parameter_lists():
    """Some that have more than four parameters, or names of other letters."""
    yield [Parameter(POSITIONAL, f"p{index}") for index in range(12)]
    yield [Parameter(POSITIONAL_ONLY, f"p{index}") for index in range(12)]
    yield [Parameter(KEYWORD_ONLY, f"p{index}") for index in range(12)]
    kinds = [POSITIONAL_ONLY] * 3 + [POSITIONAL] * 3 + [KEYWORD_ONLY] * 3
    yield [Parameter(kind, f"p{index}", index in (4, 5, 7)) for index, kind in enumerate(kinds)]
    yield [
        Parameter(POSITIONAL_ONLY, "_"),
        Parameter(POSITIONAL_ONLY, "gr\xf6\xdfe"),
        Parameter(POSITIONAL, "\xe9t\xe9"),
        Parameter(POSITIONAL, "\u540d\u524d"),
        Parameter(KEYWORD_ONLY, "\xfcber"),
        Parameter(KEYWORD_ONLY, "self"),
    ]


EVERY = [Signature(f"f{number:03}", parameters, number) for number, parameters in enumerate(all_parameter_lists(4))]
FUNCTIONS = with_defaults(
    EVERY
    + [Signature(f"long{number}", parameters, number) for number, parameters in enumerate(long_parameter_lists())]
    + [
        Signature(f"shared{number}", parameters, number, shared=True)
        for number, parameters in enumerate(all_parameter_lists(4))
        if number % 17 == 1
    ]
)
UNNAMED = with_defaults(
    [
        Signature(f"unnamed{number}", parameters, number, named=False)
        for number, parameters in enumerate(unnamed_parameter_lists(4))
    ]
)
METHODS = with_defaults(
    [
        Signature(f"m{number:03}", parameters, number, owner="Methods")
        for number, parameters in enumerate(all_parameter_lists(4))
        if len(parameters) < 3 or number % 12 == 0
    ]
    + [
        Signature(f"unnamed{number}", parameters, number, named=False, owner="Methods")
        for number, parameters in enumerate(unnamed_parameter_lists(3))
    ]
)
CONSTRUCTORS = with_defaults(
    [
        Signature("__init__", parameters, number, owner=f"Class{number:03}")
        for number, parameters in enumerate(all_parameter_lists(4))
        if number % 23 == 0
    ]
)


# --- Writing C++ ------------------------------------------------------------------------------------------------------

HEAD = """// SPDX-License-Identifier: MIT
// Written by generate_signatures.py.
#include <adder/adder.hpp>

using namespace adder;
using Any = Bound<PyAny>;

"""


def pack_name(pack):
    positional, keyword_only, var_args, var_keywords, turned = pack
    return (
        f"pack_{positional}"
        + (f"_args_{keyword_only}" if var_args else "")
        + ("_kwargs" if var_keywords else "")
        + ("_turned" if turned else "")
    )


def pack_parameters(pack):
    """The C++ parameters; turned: *args by value, **kwargs first, and the token last."""
    positional, keyword_only, var_args, var_keywords, turned = pack
    parameters = [f"const Any& p{index}" for index in range(positional)]
    parameters += [("Args args" if turned else "const Args& args")] * var_args
    parameters += [f"const Any& p{index}" for index in range(positional, positional + keyword_only)]
    if not turned:
        return ", ".join(["Python py", *parameters, *["const Kwargs& kwargs"] * var_keywords])
    return ", ".join([*["Kwargs kwargs"] * var_keywords, *parameters, "Python py"])


def pack_result(pack):
    positional, keyword_only, var_args, var_keywords, _ = pack
    given = [f"p{index}" for index in range(positional)] + ["*args"] * var_args
    given += [f"p{index}" for index in range(positional, positional + keyword_only)] + ["*kwargs"] * var_keywords
    return f"PyList::new_({', '.join(['py', *given])})"


def pack_definition(pack, suffix=""):
    return (
        f"template <int>\nBound<PyList> {pack_name(pack)}({pack_parameters(pack)}){suffix} {{\n"
        f"  return {pack_result(pack)};\n}}\n"
    )


def all_packs(signatures):
    return sorted({signature.pack for signature in signatures})


def written_definitions(name, definitions):
    """A function of the module's body that calls def for some signatures."""
    return (
        f"void {name}(ModuleBuilder& m);\nvoid {name}(ModuleBuilder& m) {{\n"
        "  [[maybe_unused]] const Python py = m.py();\n  [[maybe_unused]] const auto none = py.None();\n"
        + "".join(f"  m.{line}\n" for line in definitions)
        + "}\n"
    )


def function_part(signatures, name):
    first, lines = {}, []
    for index, signature in enumerate(signatures):
        number = first[signature.pack] if signature.shared else index
        first.setdefault(signature.pack, number)
        lines.append(f'def<&{pack_name(signature.pack)}<{number}>>("{signature.name}"{signature.cpp_extras()});')
    packs = "".join(pack_definition(pack) for pack in all_packs(signatures))
    return HEAD + f"namespace {{\n{packs}}}  // namespace\n\n" + written_definitions(name, lines)


def define_body(lines):
    return (
        "    [[maybe_unused]] const Python py = Python::assume_gil_acquired();\n"
        "    [[maybe_unused]] const auto none = py.None();\n" + "".join(f"    cls.{line}\n" for line in lines)
    )


def class_part():
    text = HEAD + "namespace {\nstruct Methods {\n"
    text += "".join(pack_definition(pack, " const") for pack in all_packs(METHODS)) + "};\n"
    for signature in CONSTRUCTORS:
        text += (
            f"struct {signature.owner} {{\n  explicit {signature.owner}({pack_parameters(signature.pack)})\n"
            f"      : got_({pack_result(signature.pack)}) {{}}\n"
            "  Py<PyList> got(Python py) const { return got_.clone_ref(py); }\n  Py<PyList> got_;\n};\n"
        )
    text += "}  // namespace\n\n"
    lines = ["def_new<>();"] + [
        f'def<&Methods::{pack_name(signature.pack)}<{index}>>("{signature.name}"{signature.cpp_extras()});'
        for index, signature in enumerate(METHODS)
    ]
    bodies = {"Methods": define_body(lines)}
    for signature in CONSTRUCTORS:
        types = ", ".join(parameter.rpartition(" ")[0] for parameter in pack_parameters(signature.pack).split(", "))
        extras = signature.cpp_extras()[2:]
        bodies[signature.owner] = define_body(
            [f"def_new<{types}>({extras});", f'getter<&{signature.owner}::got>("got");']
        )
    for owner, body in bodies.items():
        text += (
            f"template <>\nstruct adder::PyClass<{owner}> {{\n  static constexpr auto name = \"{owner}\";\n"
            f"  static void define(ClassBuilder<{owner}>& cls) {{\n{body}  }}\n}};\n"
        )
    return text + "\n" + written_definitions("define_classes", [f"add_class<{owner}>();" for owner in bodies])


def module_part():
    calls = [f"define_part_{part}" for part in range(PARTS)] + ["define_classes"]
    return (
        HEAD
        + "".join(f"void {call}(ModuleBuilder& m);\n" for call in calls)
        + f"\nADDER_MODULE({MODULE}, m) {{\n"
        + "".join(f"  {call}(m);\n" for call in calls)
        + "}\n"
    )


def sources():
    """File names and what is in them."""
    functions = [signature for signature in FUNCTIONS + UNNAMED if not signature.shared]
    parts = [functions[part::PARTS] for part in range(PARTS)]
    for signature in FUNCTIONS:
        if signature.shared:  # To the one of the same number, whose C++ function can be bound once more.
            parts[signature.number % PARTS].append(signature)
    yield f"{MODULE}.cpp", module_part()
    yield "signatures_classes.cpp", class_part()
    for number, part in enumerate(parts):
        yield f"signatures_part_{number}.cpp", function_part(part, f"define_part_{number}")


if __name__ == "__main__":
    for name, text in sources():
        if len(sys.argv) < 2:
            print(name)
            continue
        with open(os.path.join(sys.argv[1], name), "w", encoding="utf-8") as file:
            file.write(text)
