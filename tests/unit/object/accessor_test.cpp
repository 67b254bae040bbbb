// SPDX-License-Identifier: MIT
// The sugar for attributes and items against the Python statements that it stands for.
#include "adder/object/accessor.hpp"

#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "support/objects.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <type_traits>

namespace {

using namespace adder;
using test::count;
using test::outcome_of;
using test::shown;

using Any = Bound<PyAny>;

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

TEST(Accessor, what_an_arrow_of_an_accessor_gives_owns_itself) {
  Python::with_gil([](Python py) {
    py.run("class Fresh:\n    @property\n    def items(self): return [1, 2, 3]");
    const auto object = py.eval("Fresh()");
    int sum = 0;
    for (const auto& item : object.attr("items"_s)->downcast<PyList>()) sum += item.extract<int>();
    EXPECT_EQ(sum, 6);
    const auto list = object.attr("items"_s)->try_downcast<PyList>();
    static_assert(std::is_same_v<decltype(list), const std::optional<Bound<PyList>>>);
    EXPECT_EQ(count(*list), 1);
    py.run("del Fresh");
  });
}

TEST(Accessor, an_accessor_assigned_to_an_accessor_assigns_the_value) {
  Python::with_gil([](Python py) {
    const auto names = PyDict::new_(py);
    py.run("class A: pass\na, b = A(), A()\nb.x = 5", names);
    const auto a = names["a"_s].get(), b = names["b"_s].get();
    a.attr("x"_s) = b.attr("x"_s);
    EXPECT_EQ(a.attr("x"_s).extract<int>(), 5);
    a.attr("x"_s) = a.attr("x"_s);
    EXPECT_EQ(a.attr("x"_s).extract<int>(), 5);
  });
}

// REFERENCE_ROUNDS: 100
TEST(Accessor, each_line_of_sugar_does_what_its_statement_does) {
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

}  // namespace
