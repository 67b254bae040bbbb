// SPDX-License-Identifier: MIT
// Where temporaries, evaluation order and algorithms of the standard library meet handles.
#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/vector.hpp"
#include "adder/types/typed.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <random>

namespace {

using namespace adder;
using test::count;
using test::error_of;

/// clang 14 does not get along with what the version of libstdc++ 12 in std::ranges returns.
template <class Range>
void rotate(Range& range, std::ptrdiff_t by) {
#if defined(__clang__) && __clang_major__ < 16
  (void)std::rotate(range.begin(), range.begin() + by, range.end());
#else
  (void)std::ranges::rotate(range, range.begin() + by);
#endif
}

TEST(Edge, algorithms_on_a_typed_list_do_what_they_do_on_a_vector) {
  Python::with_gil([](Python py) {
    std::mt19937 random(7);
    for (int round = 0; round < 50; ++round) {
      std::vector<long> numbers(static_cast<std::size_t>(random() % 9 + 1));
      for (long& number : numbers) number = static_cast<long>(random() % 5);
      const auto list = PyList::from_range(py, numbers);
      auto view = list.as<long>();
      const auto middle = static_cast<std::ptrdiff_t>(random() % numbers.size());
      const auto same = [&](const char* what) { EXPECT_EQ(list.extract<std::vector<long>>(), numbers) << what; };
      rotate(view, middle);
      rotate(numbers, middle);
      same("rotate");
      std::ranges::stable_sort(view, std::ranges::greater());
      std::ranges::stable_sort(numbers, std::ranges::greater());
      same("stable_sort");
      std::ranges::reverse(view);
      std::ranges::reverse(numbers);
      same("reverse");
      (void)std::partition(view.begin(), view.end(), [](long n) { return n % 2 == 0; });
      (void)std::partition(numbers.begin(), numbers.end(), [](long n) { return n % 2 == 0; });
      same("partition");
      std::ranges::nth_element(view, view.begin() + middle);
      EXPECT_EQ(view[middle], *std::ranges::next(view.begin(), middle));
    }
  });
}

TEST(Edge, items_of_a_temporary_view_are_values) {
  Python::with_gil([](Python py) {
    const auto first = py.eval("[1, 2, 3]").downcast<PyList>().as<long>().front();
    const auto second = py.eval("[1, 2, 3]").downcast<PyList>().as<long>()[1];
    static_assert(std::is_same_v<decltype(first), const long>);
    EXPECT_EQ(first + second, 3);
  });
}

TEST(Edge, what_an_arrow_of_an_accessor_gives_owns_itself) {
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

TEST(Edge, arguments_are_converted_from_left_to_right) {
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

TEST(Edge, repeated_keywords_are_refused) {
  Python::with_gil([](Python py) {
    const auto function = py.eval("lambda **kw: kw");
    const std::string error = "TypeError: <lambda>() got multiple values for keyword argument 'a'";
    EXPECT_EQ(error_of([&] { function(kw("a") = 1, kw("a") = 2); }), error);
    EXPECT_EQ(error_of([&] { function(kw("a"_s) = 1, kw("b") = 2, kw("a") = 3); }), error);
    EXPECT_EQ(error_of([&] { function(kw("a"_s) = 1, kwargs_of(PyDict::new_(py, kw("a") = 2))); }), error);
  });
}

TEST(Edge, an_accessor_assigned_to_an_accessor_assigns_the_value) {
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

TEST(Edge, what_cannot_be_unpacked_is_a_type_error) {
  Python::with_gil([](Python py) {
    const auto function = py.eval("lambda *a, **kw: (a, kw)");
    const auto number = py.eval("5");
    EXPECT_EQ(error_of([&] { function(args_of(number)); }), "TypeError: argument after * must be an iterable, not int");
    EXPECT_EQ(error_of([&] { function(kwargs_of(number)); }),
              "TypeError: argument after ** must be a mapping, not int");
  });
}

TEST(Edge, text_is_utf8_whatever_a_coding_line_says) {
  Python::with_gil([](Python py) {
    const auto names = PyDict::new_(py);
    py.run("# coding: latin-1\ntext = '\xc3\xa9'", names);
    EXPECT_EQ(names["text"_s]->len(), 1u);
  });
}

TEST(Edge, a_finished_writer_is_empty) {
  Python::with_gil([](Python py) {
    PyBytesWriter writer(py);
    writer.write("abc");
    EXPECT_EQ(std::move(writer).finish().len(), 3u);
    EXPECT_TRUE(std::move(writer).finish().is_empty());  // NOLINT(bugprone-use-after-move): that is the question
    writer.write("d");
    EXPECT_EQ(std::move(writer).finish().len(), 1u);
  });
}

TEST(Edge, iterators_can_be_copied_at_their_end) {
  Python::with_gil([](Python py) {
    const auto list = PyList::empty(py);
    const auto dict = PyDict::new_(py);
    const auto any = py.eval("iter([])");
    auto at_list = list.begin();
    auto at_dict = dict.begin();
    auto at_any = any.begin();
    const auto list_copy = at_list;
    const auto dict_copy = at_dict;
    const auto any_copy = at_any;
    EXPECT_TRUE(list_copy == list.end() && dict_copy == dict.end() && any_copy == any.end());
  });
}

TEST(Edge, a_set_that_is_being_made_is_found_by_nobody) {
  Python::with_gil([](Python py) {
    const auto names = PyDict::new_(py);
    py.run(R"(
      import gc
      class Curious:
          found = []
          def __hash__(self):
              self.found += [o for o in gc.get_objects() if type(o) is frozenset and 'adder edge' in o]
              return 1
    )",
           names);
    const auto curious = names.as_any().get_item("Curious");
    EXPECT_EQ(PyFrozenSet::new_(py, "adder edge", curious.call()).len(), 2u);
    EXPECT_EQ(curious.getattr("found"_s).len(), 0u);
  });
}

TEST(Edge, a_kept_namespace_keeps_its_dict) {
  Python::with_gil([](Python py) {
    const Namespace names(PyDict::new_(py, kw("a") = 42));
    EXPECT_EQ(py.eval("a", names).extract<int>(), 42);
  });
}

}  // namespace
