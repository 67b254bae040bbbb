// SPDX-License-Identifier: MIT
// Calls against the Python expressions that they stand for.
#include "adder/call/call.hpp"

#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "support/errors.hpp"
#include "support/objects.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace adder;
using test::count;
using test::error_of;
using test::fresh;
using test::outcome_of;
using test::shown;

using Any = Bound<PyAny>;

constexpr const char* call_source = R"(
  def f(*args, **kwargs): return args, list(kwargs.items())
  def g(a, b=2, *, x=3): return a, b, x
  def order(log, *values):
      for value in values:
          log.append(value)
          yield value
  def broken():
      yield 1
      raise LookupError('in the middle')
  class Mapping:
      def keys(self): return ['x', 'y']
      def __getitem__(self, key): return key * 2
  class Liar(Mapping):
      def keys(self): return [1]
  class Broken(Mapping):
      def __getitem__(self, key): raise LookupError(key)
  class Twice(str):
      def __hash__(self): return hash('x')
      def __eq__(self, other): return other == 'x'
  class Called:
      def __call__(self, *args, **kwargs): return args, list(kwargs.items())
      def method(self, *args, **kwargs): return args, list(kwargs.items())
  def expected(call):
      try: return repr(eval(call, globals()))
      except Exception as error: return f'{type(error).__name__}: {error}'
)";

struct Call {
  const char* expression;
  Any (*run)(Python py, const Any& scope);
};

// clang-format off
const Call calls[] = {
    {"f()", [](Python, const Any& s) { return s["f"](); }},
    {"f(1, 'a', None)", [](Python py, const Any& s) { return s["f"](1, "a", py.None()); }},
    {"f(1, b=2, a=1)", [](Python, const Any& s) { return s["f"](1, kw("b"_s) = 2, kw("a"_s) = 1); }},
    {"f(1, b=2, a=1)", [](Python, const Any& s) { return s["f"](1, kw("b") = 2, kw("a"_s) = 1); }},
    {"f(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)", [](Python, const Any& s) { return s["f"](1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12); }},
    {"f(1, 2, 3, 4, 5, 6, 7, 8, *[9], 10, 11, k=12)", [](Python py, const Any& s) { return s["f"](1, 2, 3, 4, 5, 6, 7, 8, args_of(PyList::new_(py, 9)), 10, 11, kw("k"_s) = 12); }},
    {"f(*range(100))", [](Python py, const Any& s) { return s["f"](args_of(PyRange::new_(py, 0, 100))); }},
    {"f(*range(7))", [](Python py, const Any& s) { return s["f"](args_of(PyRange::new_(py, 0, 7))); }},
    {"f(*range(8))", [](Python py, const Any& s) { return s["f"](args_of(PyRange::new_(py, 0, 8))); }},
    {"f(*range(9))", [](Python py, const Any& s) { return s["f"](args_of(PyRange::new_(py, 0, 9))); }},
    {"f(*())", [](Python py, const Any& s) { return s["f"](args_of(PyTuple::empty(py))); }},
    {"f(**{})", [](Python py, const Any& s) { return s["f"](kwargs_of(PyDict::new_(py))); }},
    {"f(0, *(1, 2), 3, *'ab', 4)", [](Python py, const Any& s) { return s["f"](0, args_of(PyTuple::new_(py, 1, 2)), 3, args_of(PyString::new_(py, "ab")), 4); }},
    {"f(*(x * x for x in range(3)))", [](Python py, const Any& s) { return s["f"](args_of(py.eval("(x * x for x in range(3))"))); }},
    {"f(*broken())", [](Python, const Any& s) { return s["f"](args_of(s["broken"]())); }},
    {"f(z=0, **{'b': 1, 'a': 2}, y=3)", [](Python py, const Any& s) { return s["f"](kw("z"_s) = 0, kwargs_of(PyDict::new_(py, kw("b") = 1, kw("a") = 2)), kw("y") = 3); }},
    {"f(1, *[2], k=3, **{'l': 4})", [](Python py, const Any& s) { return s["f"](1, args_of(PyList::new_(py, 2)), kw("k"_s) = 3, kwargs_of(PyDict::new_(py, kw("l") = 4))); }},
    {"f(**Mapping())", [](Python, const Any& s) { return s["f"](kwargs_of(s["Mapping"]())); }},
    {"f(**Broken())", [](Python, const Any& s) { return s["f"](kwargs_of(s["Broken"]())); }},
    {"f(**Liar())", [](Python, const Any& s) { return s["f"](kwargs_of(s["Liar"]())); }},
    {"f(**{1: 2})", [](Python py, const Any& s) { return s["f"](kwargs_of(py.eval("{1: 2}"))); }},
    {"f(x=1, **{'x': 2})", [](Python py, const Any& s) { return s["f"](kw("x"_s) = 1, kwargs_of(PyDict::new_(py, kw("x") = 2))); }},
    {"f(**{'x': 2}, **{'x': 1})", [](Python py, const Any& s) { return s["f"](kwargs_of(PyDict::new_(py, kw("x") = 2)), kwargs_of(PyDict::new_(py, kw("x") = 1))); }},
    {"f(x=1, **{Twice('z'): 2})", [](Python py, const Any& s) { const auto d = PyDict::new_(py); d.set_item(s["Twice"]("z"), 2); return s["f"](kw("x"_s) = 1, kwargs_of(d)); }},
    {"f(**{'\\ud800': 1, 'a\\0b': 2, 'not a name': 3})", [](Python py, const Any& s) { return s["f"](kwargs_of(py.eval("{'\\ud800': 1, 'a\\0b': 2, 'not a name': 3}"))); }},
    {"g()", [](Python, const Any& s) { return s["g"](); }},
    {"g(1, 2, 3)", [](Python, const Any& s) { return s["g"](1, 2, 3); }},
    {"g(1, a=1)", [](Python, const Any& s) { return s["g"](1, kw("a"_s) = 1); }},
    {"g(1, *[], **{'a': 1})", [](Python py, const Any& s) { return s["g"](1, args_of(PyList::empty(py)), kwargs_of(PyDict::new_(py, kw("a") = 1))); }},
    {"g(1, y=1)", [](Python, const Any& s) { return s["g"](1, kw("y"_s) = 1); }},
    {"g(1, x=5)", [](Python, const Any& s) { return s["g"](1, kw("x"_s) = 5); }},
    {"Called()(1, x=5)", [](Python, const Any& s) { return s["Called"]()(1, kw("x"_s) = 5); }},
    {"Called().method(1, x=5)", [](Python, const Any& s) { return s["Called"]().call_method("method"_s, 1, kw("x"_s) = 5); }},
    {"Called().method(*[1], **{'x': 5})", [](Python py, const Any& s) { return s["Called"]().call_method("method"_s, args_of(PyList::new_(py, 1)), kwargs_of(PyDict::new_(py, kw("x") = 5))); }},
    {"Called().missing(1)", [](Python, const Any& s) { return s["Called"]().call_method("missing"_s, 1); }},
    {"dict(a=1, **{'b': 2})", [](Python py, const Any&) { return py.get_type<PyDict>()(kw("a"_s) = 1, kwargs_of(PyDict::new_(py, kw("b") = 2))); }},
    {"int(5)(1)", [](Python py, const Any&) { return PyInt::new_(py, 5).call(1); }},
    {"[f(*order(log, 1, 2), *order(log, 3, 4)), log] if (log := []) == [] else 0", [](Python py, const Any& s) {
      const auto log = PyList::empty(py);
      const auto called = s["f"](args_of(s["order"](log, 1, 2)), args_of(s["order"](log, 3, 4)));
      return PyList::new_(py, called, log).into_any();
    }},
};
// clang-format on

TEST(Call, arguments_are_converted_from_left_to_right) {
  Python::with_gil([](Python py) {
    const auto names = PyDict::new_(py);
    py.run(R"(
      import itertools
      class Counting:
          def __init__(self): self.numbers = itertools.count(1)
          @property
          def next(self): return next(self.numbers)
      def show(*args): return str(args)
    )",
           names);
    const auto counting = names.as_any().get_item("Counting").call();
    const auto show = names.as_any().get_item("show");
    EXPECT_EQ(show(counting.attr("next"_s), counting.attr("next"_s)).extract<std::string>(), "(1, 2)");
    const auto generator = py.eval("iter([0, 1, 2])");
    EXPECT_EQ(show(args_of(generator), 9, args_of(generator)).extract<std::string>(), "(0, 1, 2, 9)");
  });
}

TEST(Call, repeated_keywords_are_refused) {
  Python::with_gil([](Python py) {
    const auto function = py.eval("lambda **kw: kw");
    const std::string error = "TypeError: <lambda>() got multiple values for keyword argument 'a'";
    EXPECT_EQ(error_of([&] { function(kw("a") = 1, kw("a") = 2); }), error);
    EXPECT_EQ(error_of([&] { function(kw("a"_s) = 1, kw("b") = 2, kw("a") = 3); }), error);
    EXPECT_EQ(error_of([&] { function(kw("a"_s) = 1, kwargs_of(PyDict::new_(py, kw("a") = 2))); }), error);
  });
}

TEST(Call, what_cannot_be_unpacked_is_a_type_error) {
  Python::with_gil([](Python py) {
    const auto function = py.eval("lambda *a, **kw: (a, kw)");
    const auto number = py.eval("5");
    EXPECT_EQ(error_of([&] { function(args_of(number)); }), "TypeError: argument after * must be an iterable, not int");
    EXPECT_EQ(error_of([&] { function(kwargs_of(number)); }),
              "TypeError: argument after ** must be a mapping, not int");
  });
}

// REFERENCE_ROUNDS: 100
TEST(Call, each_call_does_what_its_python_expression_does) {
  Python::with_gil([](Python py) {
    const auto names = PyDict::new_(py, kw("__name__") = py.None());
    py.run(call_source, names);
    const Any scope = names;
    for (const Call& row : calls) {
      const std::string got = outcome_of([&] { return row.run(py, scope); });
      ASSERT_EQ(PyErr_Occurred(), nullptr);
      EXPECT_EQ(got, scope["expected"](row.expression).extract<std::string>()) << row.expression;
    }
  });
}

TEST(Call, a_call_keeps_no_reference_whether_it_fails_or_not) {
  Python::with_gil([](Python py) {
    const Any f = py.eval("lambda *args, **kwargs: None");
    const Any fails = py.eval("lambda *args, **kwargs: 1 / 0");
    const Any a = fresh(py);
    const auto tuple = PyTuple::new_(py, a, a);
    const auto dict = PyDict::new_(py, kw("x") = a);
    const Py_ssize_t of_a = count(a), of_tuple = count(tuple), of_dict = count(dict), of_f = count(f);
    for (int i = 0; i < 3; ++i) {
      f(a, a, kw("x"_s) = a, kw("y") = a);
      f(a, args_of(tuple), kw("y"_s) = a, kwargs_of(dict));
      EXPECT_THROW(fails(a, kw("x"_s) = a, kw("y") = a), PyErr);
      EXPECT_THROW(fails(a, args_of(tuple), kwargs_of(dict)), PyErr);
      EXPECT_THROW(f(a, args_of(tuple), kw("x"_s) = a, kwargs_of(dict)), PyErr);
      EXPECT_THROW(f(a, "\xff", kw("x"_s) = a), PyErr);
      EXPECT_THROW(f(a, kw("\xff") = a), PyErr);
      EXPECT_THROW(f(args_of(tuple), kw("x"_s) = "\xff"), PyErr);
      EXPECT_THROW(f(args_of(tuple), args_of(a)), PyErr);
      EXPECT_THROW(f(kwargs_of(dict), kwargs_of(a)), PyErr);
    }
    EXPECT_EQ(count(a), of_a);
    EXPECT_EQ(count(tuple), of_tuple);
    EXPECT_EQ(count(dict), of_dict);
    EXPECT_EQ(count(f), of_f);
  });
}

/// What a C function saw of its last call.
struct Seen {
  PyObject* first;
  PyObject* last;
  Py_ssize_t size;
  PyObject* names;
  Py_ssize_t blocks;
};
Seen seen;

PyObject* look(PyObject*, PyObject* const* arguments, Py_ssize_t size, PyObject* names) {
  Python::with_gil([&](Python py) {
    seen = {arguments[0], arguments[size - 1], size, names, test::allocated_blocks(py)};
  });
  return Py_NewRef(Py_None);
}
PyMethodDef look_definition = {"look", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(&look)),
                               METH_FASTCALL | METH_KEYWORDS, nullptr};

TEST(Call, a_call_makes_no_tuple_and_no_dict) {
  Python::with_gil([](Python py) {
    const Any f = Any::from_owned_ptr(py, PyCFunction_New(&look_definition, nullptr));
    const Any a = fresh(py), b = fresh(py);
    PyObject* names = nullptr;
    for (int i = 0; i < 3; ++i) {
      const Py_ssize_t before = test::allocated_blocks(py);
      f(a, b, kw("x"_s) = 1);  // The small int is there already.
      if (i == 0) names = seen.names;
      EXPECT_EQ(seen.names, names);
      EXPECT_EQ(seen.size, 2);
      EXPECT_EQ(seen.first, a.as_ptr());
      EXPECT_EQ(seen.last, b.as_ptr());
      if (i > 0) {
        EXPECT_EQ(seen.blocks, before);
      }
    }
    ASSERT_NE(names, nullptr);
    EXPECT_EQ(shown(Any::from_borrowed_ptr(py, names)), "('x',)");
    f(a, b);
    EXPECT_EQ(seen.names, nullptr);
    // Arguments of a tuple go without a copy, too, and none are lost with many.
    f(args_of(PyRange::new_(py, 0, 50)), a);
    EXPECT_EQ(seen.size, 51);
    EXPECT_EQ(seen.last, a.as_ptr());
  });
}

}  // namespace
