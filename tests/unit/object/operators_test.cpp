// SPDX-License-Identifier: MIT
// Every named operator against Python's `operator` module.
#include "adder/object/operators.hpp"

#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "support/objects.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <compare>
#include <string>
#include <string_view>

namespace {

using namespace adder;
using test::count;
using test::outcome_of;
using test::shown;

using Any = Bound<PyAny>;

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

// REFERENCE_ROUNDS: 100. Thousands of cases.
TEST(Operators, every_operator_does_what_the_operator_module_does) {
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

TEST(Operators, cpp_values_are_operands_like_others) {
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

}  // namespace
