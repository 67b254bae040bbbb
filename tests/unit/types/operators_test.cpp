// SPDX-License-Identifier: MIT
// Every named operator against Python's `operator` module, and the sugar for attributes, items and calls against the
// Python statements that it stands for.
#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>
#include <algorithm>

namespace {

using namespace adder;
using test::count;
using test::fresh;
using Any = Bound<PyAny>;

std::string shown(const Any& object) { return object.repr().to_string(); }

/// The `repr` of what it returns, or the exception.
template <class F>
std::string outcome_of(F&& f) {
  try {
    if constexpr (std::is_void_v<decltype(f())>) {
      f();
      return "nothing";
    } else {
      return shown(f());
    }
  } catch (const PyErr& error) {
    return error.what();
  }
}

constexpr const char* source = R"(
  import operator

  class Raising:
      def __repr__(self): return 'Raising()'
      def answer(*args): raise LookupError('from an operator', len(args))
      for name in ('add', 'sub', 'mul', 'matmul', 'truediv', 'floordiv', 'mod', 'divmod', 'pow', 'lshift', 'rshift',
                   'and', 'or', 'xor'):
          for kind in ('', 'r', 'i'): locals()[f'__{kind}{name}__'] = answer
      __neg__ = __pos__ = __abs__ = __invert__ = answer
      __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = answer

  class Matrix:
      def __init__(self, name): self.name = name
      def __repr__(self): return self.name
      def __matmul__(self, other): return Matrix(f'({self} @ {other})')
      def __imatmul__(self, other): self.name += f' @= {other}'; return self
      def __lt__(self, other): return []  # A comparison may answer anything.
      def __gt__(self, other): return [self]

  class Unsure:
      def __repr__(self): return 'Unsure()'
      def __eq__(self, other): return self
      def __bool__(self): raise ValueError('who knows')

  def compare(a, b):
      if a == b: return 0
      if a < b: return -1
      if a > b: return 1
      raise TypeError(f"'{type(a).__name__}' and '{type(b).__name__}' objects have no order")

  OTHERS = {
      'divmod': divmod, 'compare': compare, 'rich_compare lt': operator.lt, 'rich_compare eq': operator.eq,
      'pow with modulus': lambda a, b: pow(a, b, 7), 'pow with operand': lambda a, b: pow(7, a, b),
  }
  def expected(name, a, b):
      f = OTHERS.get(name) or getattr(operator, name)
      try:
          if name in ('neg', 'pos', 'abs', 'invert'): result = f(a)
          elif name in ('eq', 'ne', 'lt', 'le', 'gt', 'ge'): result = bool(f(a, b))
          else: result = f(a, b)
          return f'{result!r} {result is a} {a!r}'
      except Exception as error: return f'{type(error).__name__}: {error}'
)";

struct Operator {
  const char* name;
  Any (*run)(const Any& a, const Any& b);
};

Any truth(const Any& operand, bool value) { return PyBool::new_(operand.py(), value).into_any(); }

// clang-format off
const Operator operators[] = {
    {"add", [](const Any& a, const Any& b) { return a.add(b); }},
    {"sub", [](const Any& a, const Any& b) { return a.sub(b); }},
    {"mul", [](const Any& a, const Any& b) { return a.mul(b); }},
    {"matmul", [](const Any& a, const Any& b) { return a.matmul(b); }},
    {"truediv", [](const Any& a, const Any& b) { return a.truediv(b); }},
    {"floordiv", [](const Any& a, const Any& b) { return a.floordiv(b); }},
    {"mod", [](const Any& a, const Any& b) { return a.mod(b); }},
    {"divmod", [](const Any& a, const Any& b) { return a.divmod(b); }},
    {"pow", [](const Any& a, const Any& b) { return a.pow(b); }},
    {"pow with modulus", [](const Any& a, const Any& b) { return a.pow(b, 7); }},
    {"pow with operand", [](const Any& a, const Any& b) { return PyInt::new_(a.py(), 7).pow(a, b); }},
    {"lshift", [](const Any& a, const Any& b) { return a.lshift(b); }},
    {"rshift", [](const Any& a, const Any& b) { return a.rshift(b); }},
    {"and_", [](const Any& a, const Any& b) { return a.and_(b); }},
    {"or_", [](const Any& a, const Any& b) { return a.or_(b); }},
    {"xor", [](const Any& a, const Any& b) { return a.xor_(b); }},
    {"neg", [](const Any& a, const Any&) { return a.neg(); }},
    {"pos", [](const Any& a, const Any&) { return a.pos(); }},
    {"abs", [](const Any& a, const Any&) { return a.abs(); }},
    {"invert", [](const Any& a, const Any&) { return a.invert(); }},
    {"iadd", [](const Any& a, const Any& b) { return a.iadd(b); }},
    {"isub", [](const Any& a, const Any& b) { return a.isub(b); }},
    {"imul", [](const Any& a, const Any& b) { return a.imul(b); }},
    {"imatmul", [](const Any& a, const Any& b) { return a.imatmul(b); }},
    {"itruediv", [](const Any& a, const Any& b) { return a.itruediv(b); }},
    {"ifloordiv", [](const Any& a, const Any& b) { return a.ifloordiv(b); }},
    {"imod", [](const Any& a, const Any& b) { return a.imod(b); }},
    {"ipow", [](const Any& a, const Any& b) { return a.ipow(b); }},
    {"ilshift", [](const Any& a, const Any& b) { return a.ilshift(b); }},
    {"irshift", [](const Any& a, const Any& b) { return a.irshift(b); }},
    {"iand", [](const Any& a, const Any& b) { return a.iand(b); }},
    {"ior", [](const Any& a, const Any& b) { return a.ior(b); }},
    {"ixor", [](const Any& a, const Any& b) { return a.ixor(b); }},
    {"eq", [](const Any& a, const Any& b) { return truth(a, a.eq(b)); }},
    {"ne", [](const Any& a, const Any& b) { return truth(a, a.ne(b)); }},
    {"lt", [](const Any& a, const Any& b) { return truth(a, a.lt(b)); }},
    {"le", [](const Any& a, const Any& b) { return truth(a, a.le(b)); }},
    {"gt", [](const Any& a, const Any& b) { return truth(a, a.gt(b)); }},
    {"ge", [](const Any& a, const Any& b) { return truth(a, a.ge(b)); }},
    {"rich_compare lt", [](const Any& a, const Any& b) { return a.rich_compare(b, CompareOp::lt); }},
    {"rich_compare eq", [](const Any& a, const Any& b) { return a.rich_compare(b, CompareOp::eq); }},
    {"compare", [](const Any& a, const Any& b) {
      const std::weak_ordering order = a.compare(b);
      return PyInt::new_(a.py(), order < 0 ? -1 : order > 0 ? 1 : 0).into_any();
    }},
};
// clang-format on

constexpr const char* operands[] = {"6",    "-4",     "0",          "2 ** 65",   "2.5",         "float('nan')", "'x%s'",
                                    "'ab'", "[1, 2]", "[1, 'two']", "{1, 2}",    "{2}",         "True",         "False",
                                    "None", "(1,)",   "{'a': 1}",   "Raising()", "Matrix('M')", "Unsure()",     "1j"};

TEST(Operators, as_the_operator_module) {
  Python::with_gil([](Python py) {
    const auto names = PyDict::new_(py);
    py.run(source, names);
    const Any expected = names.as_any().get_item("expected");
    int results = 0, errors = 0;
    for (const Operator& op : operators) {
      for (const char* left : operands) {
        for (const char* right : operands) {
          if (std::string_view(op.name).ends_with("shift") && std::string_view(right) == "2 ** 65") continue;
          if (std::string_view(op.name).ends_with("pow") && std::string_view(right) == "2 ** 65") continue;
          if (std::string_view(op.name) == "pow with operand" && std::string_view(left) == "2 ** 65") continue;
          if (std::string_view(op.name).ends_with("mul") && std::string_view(left).size() == 7) continue;
          SCOPED_TRACE(std::string(op.name) + " of " + left + " and " + right);
          const std::string wanted =
              expected(op.name, py.eval(left, names), py.eval(right, names)).extract<std::string>();
          const Any a = py.eval(left, names), b = py.eval(right, names);
          const Py_ssize_t count_a = count(a), count_b = count(b);
          std::string got;
          try {
            const Any result = op.run(a, b);
            got = shown(result) + (result.is(a) ? " True " : " False ") + shown(a);
            ++results;
          } catch (const PyErr& error) {
            got = error.what();
            ++errors;
          }
          ASSERT_EQ(PyErr_Occurred(), nullptr);
          EXPECT_EQ(got, wanted);
          const std::string_view type = Py_TYPE(a.as_ptr())->tp_name;
          if (type == "Raising" || type == "Matrix" || type == "Unsure" || type == "list" || type == "set") {
            EXPECT_EQ(count(a), count_a);
          }
          if (std::string_view(Py_TYPE(b.as_ptr())->tp_name) == "list" && std::string_view(op.name) != "iadd") {
            EXPECT_EQ(count(b), count_b);
          }
        }
      }
    }
    EXPECT_GT(results, 2'000);
    EXPECT_GT(errors, 2'000);
  });
}

TEST(Operators, operands_of_cpp) {
  Python::with_gil([](Python py) {
    const auto seven = PyInt::new_(py, 7);
    EXPECT_EQ(shown(seven.add(1)), "8");
    EXPECT_EQ(shown(seven.truediv(2.0)), "3.5");
    EXPECT_EQ(shown(PyString::new_(py, "a").add("b")), "'ab'");
    EXPECT_EQ(shown(PyString::new_(py, "%s!").mod("b")), "'b!'");
    EXPECT_EQ(shown(seven.pow(2, 5)), "4");
    EXPECT_EQ(shown(seven.pow(2, py.None())), "49");
    EXPECT_EQ(shown(seven.pow(-1, 5)), "3");
    EXPECT_EQ(outcome_of([&] { return seven.pow(2, 0); }), "ValueError: pow() 3rd argument cannot be 0");
    EXPECT_TRUE(seven.lt(7.5));
    EXPECT_TRUE(seven.compare(7) == 0);
    EXPECT_EQ(outcome_of([&] { return seven.add("\xff"); }).substr(0, 18), "UnicodeDecodeError");
    // Identical, and yet not equal.
    const Any nan = py.eval("float('nan')");
    EXPECT_FALSE(nan.eq(nan));
    EXPECT_EQ(outcome_of([&] { (void)nan.compare(nan); }), "TypeError: 'float' and 'float' objects have no order");
  });
}

/// Runs the statements on a fresh `o` and shows the object, or the exception.
struct Sugar {
  const char* statement;
  void (*run)(const Any& o);
};

// clang-format off
const Sugar sugar[] = {
    {"o.x", [](const Any& o) { (void)o.attr("x"_s).get(); }},
    {"o.missing", [](const Any& o) { (void)o.attr("missing"_s).get(); }},
    {"o.missing.x", [](const Any& o) { (void)o.attr("missing"_s).attr("x"_s); }},
    {"o.x = 5", [](const Any& o) { o.attr("x"_s) = 5; }},
    {"o.new = 'text'", [](const Any& o) { o.attr("new") = "text"; }},
    {"o.slot = 1", [](const Any& o) { o.attr(std::string("slot")) = 1; }},
    {"o.fixed = 1", [](const Any& o) { o.attr("fixed"_s) = 1; }},
    {"del o.x", [](const Any& o) { o.attr("x"_s).del(); }},
    {"del o.missing", [](const Any& o) { o.attr("missing"_s).del(); }},
    {"del o.fixed", [](const Any& o) { o.attr("fixed"_s).del(); }},
    {"o.x += 2", [](const Any& o) { o.attr("x"_s) += 2; }},
    {"o.x -= 2", [](const Any& o) { o.attr("x"_s) -= 2; }},
    {"o.x *= 2.5", [](const Any& o) { o.attr("x"_s) *= 2.5; }},
    {"o.x /= 4", [](const Any& o) { o.attr("x"_s) /= 4; }},
    {"o.x /= 0", [](const Any& o) { o.attr("x"_s) /= 0; }},
    {"o.x %= 4", [](const Any& o) { o.attr("x"_s) %= 4; }},
    {"o.x <<= 4", [](const Any& o) { o.attr("x"_s) <<= 4; }},
    {"o.x >>= 1", [](const Any& o) { o.attr("x"_s) >>= 1; }},
    {"o.x &= 6", [](const Any& o) { o.attr("x"_s) &= 6; }},
    {"o.x |= 16", [](const Any& o) { o.attr("x"_s) |= 16; }},
    {"o.x ^= 255", [](const Any& o) { o.attr("x"_s) ^= 255; }},
    {"o.x += 'a'", [](const Any& o) { o.attr("x"_s) += "a"; }},
    {"o.missing += 1", [](const Any& o) { o.attr("missing"_s) += 1; }},
    {"o.fixed += 1", [](const Any& o) { o.attr("fixed"_s) += 1; }},
    {"o.l += [3]", [](const Any& o) { o.attr("l"_s) += PyList::new_(o.py(), 3); }},
    {"o.l[0]", [](const Any& o) { (void)o.attr("l"_s)[0].get(); }},
    {"o.l[0] = 9", [](const Any& o) { o.attr("l"_s)[0] = 9; }},
    {"o.l[-1] = 9", [](const Any& o) { o.attr("l"_s)[-1] = 9; }},
    {"o.l[2] = 9", [](const Any& o) { o.attr("l"_s)[2] = 9; }},
    {"o.l['a'] = 9", [](const Any& o) { o.attr("l"_s)["a"_s] = 9; }},
    {"o.l[0] += 7; o.l[0] *= 2", [](const Any& o) { (o.attr("l"_s)[0] += 7) *= 2; }},
    {"del o.l[0]", [](const Any& o) { o.attr("l"_s)[0].del(); }},
    {"del o.l[7]", [](const Any& o) { o.attr("l"_s)[7].del(); }},
    {"o.d['k'].x", [](const Any& o) { (void)o.attr("d"_s)["k"_s].attr("x"_s).get(); }},
    {"o.d['k']['deep'] = None", [](const Any& o) { o.attr("d"_s)["k"]["deep"_s] = o.py().None(); }},
    {"o.d['missing']['deep'] = None", [](const Any& o) { o.attr("d"_s)["missing"]["deep"_s] = o.py().None(); }},
    {"o.d[()] = 1; o.d[1.5] = 2; o.d[b'x'.decode()] = 3", [](const Any& o) { o.attr("d"_s)[PyTuple::empty(o.py())] = 1; o.attr("d"_s)[1.5] = 2; o.attr("d"_s)["x"] = 3; }},
    {"o.d[[]] = 1", [](const Any& o) { o.attr("d"_s)[PyList::empty(o.py())] = 1; }},
    {"o.d['k'] = o.l", [](const Any& o) { o.attr("d"_s)["k"_s] = o.attr("l"_s); }},
    {"o.y = o.x", [](const Any& o) { o.attr("y"_s) = o.attr("x"_s); }},
    {"o.x = o.x", [](const Any& o) { auto x = o.attr("x"_s); const auto& same = x; x = same; }},
    {"o.l[0] = o.l[1]", [](const Any& o) { auto to = o.attr("l"_s)[0]; const auto from = o.attr("l"_s)[1]; to = from; }},
    {"o.l[0] = o.l[9]", [](const Any& o) { auto to = o.attr("l"_s)[0]; const auto from = o.attr("l"_s)[9]; to = from; }},
    {"o.x += o.l[1]", [](const Any& o) { o.attr("x"_s) += o.attr("l"_s)[1]; }},
    {"o.note(1, 2, k=3)", [](const Any& o) { o.attr("note"_s)(1, 2, kw("k"_s) = 3); }},
    {"o.note(*(1, 2), **{'k': 3})", [](const Any& o) { o.attr("note")(args_of(PyTuple::new_(o.py(), 1, 2)), kwargs_of(PyDict::new_(o.py(), kw("k") = 3))); }},
    {"o.x(1)", [](const Any& o) { o.attr("x"_s)(1); }},
    {"o.missing(1)", [](const Any& o) { o.attr("missing"_s)(1); }},
    {"o.d['f'](o.x)", [](const Any& o) { o.attr("d"_s)["f"_s](o.attr("x"_s)); }},
    {"o.boom", [](const Any& o) { (void)o.attr("boom"_s).get(); }},
    {"o.boom = 1", [](const Any& o) { o.attr("boom"_s) = 1; }},
    {"o.boom(o.missing)", [](const Any& o) { o.attr("boom"_s)(); }},
    {"o[1]", [](const Any& o) { (void)o[1].get(); }},
    {"o[1] = 2", [](const Any& o) { o[1] = 2; }},
    {"del o[1]", [](const Any& o) { o[1].del(); }},
};
// clang-format on

constexpr const char* sugar_source = R"(
  class O:
      def __init__(self):
          self.x, self.l = 7, [1, 2]
          self.d = {'k': {'deep': 1}, 'f': self.note}
          self.notes = []
      fixed = property(lambda self: 1)
      def note(self, *args, **kwargs): self.notes.append((args, kwargs))
      @property
      def boom(self): raise LookupError('boom')
      @boom.setter
      def boom(self, value): raise KeyError(value)
  def show(o):
      return repr({k: {i: v for i, v in v.items() if i != 'f'} if k == 'd' else v for k, v in vars(o).items()})
  def expected(statement):
      o = O()
      try: exec(statement, {'o': o})
      except Exception as error: return f'{type(error).__name__}: {error}; {show(o)}'
      return 'nothing; ' + show(o)
)";

TEST(Operators, attributes_and_items) {
  Python::with_gil([](Python py) {
    const auto names = PyDict::new_(py, kw("__name__") = "sugar");
    py.run(sugar_source, names);
    const Any scope = names;
    for (const Sugar& row : sugar) {
      const Any o = scope["O"]();
      const Py_ssize_t before = count(o);
      std::string got = outcome_of([&] { row.run(o); });
      ASSERT_EQ(PyErr_Occurred(), nullptr);
      EXPECT_EQ(count(o), before) << row.statement;
      got += "; " + scope["show"](o).extract<std::string>();
      EXPECT_EQ(got, scope["expected"](row.statement).extract<std::string>()) << row.statement;
    }
    const Any o = scope["O"]();
    EXPECT_EQ(o.attr("x"_s).extract<int>(), 7);
    EXPECT_EQ(o.attr("l"_s)->len(), 2u);
    const Any x = o.attr("x"_s);
    EXPECT_EQ(shown(x), "7");
    // Looked up afresh, and keeping what it looks into alive.
    const auto late = PyList::new_(py, 1).into_any()[0];
    EXPECT_EQ(late.extract<int>(), 1);
    late = 2;
    EXPECT_EQ(late.extract<int>(), 2);
    EXPECT_EQ(outcome_of([&] { o.attr("\xff") = 1; }).substr(0, 18), "UnicodeDecodeError");
  });
}

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

TEST(Operators, calls) {
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

TEST(Operators, reference_counts_of_calls) {
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

Py_ssize_t allocated_blocks(Python py) {
  return py.import("sys").call_method("getallocatedblocks"_s).extract<Py_ssize_t>();
}

PyObject* look(PyObject*, PyObject* const* arguments, Py_ssize_t size, PyObject* names) {
  Python::with_gil([&](Python py) { seen = {arguments[0], arguments[size - 1], size, names, allocated_blocks(py)}; });
  return Py_NewRef(Py_None);
}
PyMethodDef look_definition = {"look", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(&look)),
                               METH_FASTCALL | METH_KEYWORDS, nullptr};

TEST(Operators, a_call_makes_no_tuple_and_no_dict) {
  Python::with_gil([](Python py) {
    const Any f = Any::from_owned_ptr(py, PyCFunction_New(&look_definition, nullptr));
    const Any a = fresh(py), b = fresh(py);
    PyObject* names = nullptr;
    for (int i = 0; i < 3; ++i) {
      const Py_ssize_t before = allocated_blocks(py);
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
