// SPDX-License-Identifier: MIT
#include "adder/sync/gil_once_cell.hpp"

#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "support/refcount.hpp"
#include "support/threads.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <cstddef>
#include <cstring>
#include <expected>
#include <new>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

using namespace adder;

namespace {

using test::count;
using test::fresh;

/// Compiles its pattern when it is first asked, and keeps it.
struct Matcher {
  explicit Matcher(std::string text) : pattern(std::move(text)) {}
  const Bound<PyAny>& compiled(Python py) {
    return cell.get_or_init(py, [&] { return py.import("re").call_method("compile"_s, pattern).unbind(); }).bind(py);
  }
  std::string pattern;
  GILOnceCell<Py<PyAny>> cell;
};

}  // namespace

template <>
struct adder::PyClass<Matcher> {
  static constexpr auto name = "Matcher";
  static constexpr bool weakref = true;
  using fields = FieldList<&Matcher::pattern, &Matcher::cell>;
  static void define(ClassBuilder<Matcher>& cls) {
    cls.def_new<std::string>();
    cls.def<[](Matcher& self, const Bound<PyAny>& text) {
      return self.compiled(text.py()).call_method("fullmatch"_s, text).is_truthy();
    }>("matches");
    cls.def<[](Matcher& self, const Bound<PyAny>& value) { return self.cell.set(value.py(), Py<PyAny>(value)); }>(
        "keep");
  }
};
namespace {

using Cell = GILOnceCell<Py<PyAny>>;
static_assert(!std::is_copy_constructible_v<Cell> && !std::is_move_constructible_v<Cell>);
static_assert(std::is_nothrow_default_constructible_v<Cell>);

constinit GILOnceCell<Py<PyList>> shared_list;

const Bound<PyList>& get_shared_list(Python py) {
  return shared_list.get_or_init(py, [&] { return PyList::empty(py).unbind(); }).bind(py);
}

TEST(GilOnceCell, shares_one_list_between_threads) {
  Python::with_gil([](Python py) {
    const std::size_t before = get_shared_list(py).len();
    ::PyObject* seen[2] = {};
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i) {
      threads.emplace_back([&seen, i] {
        Python::with_gil([&](Python inner) {
          get_shared_list(inner).append(i);
          seen[i] = get_shared_list(inner).as_ptr();
        });
      });
    }
    test::join(py, threads);
    EXPECT_EQ(get_shared_list(py).len(), before + 2);
    EXPECT_EQ(seen[0], seen[1]);
    get_shared_list(py).call_method("clear");
  });
}

TEST(GilOnceCell, runs_the_initialiser_once) {
  Python::with_gil([](Python py) {
    Cell cell;
    int runs = 0;
    EXPECT_EQ(cell.get(py), nullptr);
    const auto make = [&] {
      ++runs;
      return fresh(py).unbind();
    };
    const Py<PyAny>& first = cell.get_or_init(py, make);
    EXPECT_EQ(&first, &cell.get_or_init(py, make));
    EXPECT_EQ(cell.get(py), &first);
    EXPECT_EQ(runs, 1);
    EXPECT_EQ(count(first), 1);
  });
}

TEST(GilOnceCell, set_writes_once_and_leaves_a_refused_value_alone) {
  Python::with_gil([](Python py) {
    Cell cell;
    Py<PyAny> first = fresh(py).unbind(), second = fresh(py).unbind();
    ::PyObject *one = first.as_ptr(), *two = second.as_ptr();
    EXPECT_TRUE(cell.set(py, std::move(first)));
    EXPECT_FALSE(cell.set(py, std::move(second)));
    EXPECT_EQ(cell.get(py)->as_ptr(), one);
    EXPECT_EQ(second.as_ptr(), two);  // NOLINT(bugprone-use-after-move): it was not taken
  });
}

TEST(GilOnceCell, stays_empty_when_the_initialiser_fails) {
  Python::with_gil([](Python py) {
    Cell cell;
    EXPECT_THROW(cell.get_or_init(py, [&]() -> Py<PyAny> { return py.eval("1 / 0").unbind(); }), PyErr);
    EXPECT_EQ(cell.get(py), nullptr);
    const auto failed = cell.get_or_try_init(py, []() -> PyResult<Py<PyAny>> { return PyValueError::new_err("no"); });
    ASSERT_TRUE(failed.is_err());
    EXPECT_EQ(cell.get(py), nullptr);
    const auto made = cell.get_or_try_init(py, [&]() -> PyResult<Py<PyAny>> { return fresh(py).unbind(); });
    EXPECT_EQ(*made, cell.get(py));
  });
}

TEST(GilOnceCell, take_empties_it_and_it_can_be_filled_again) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> object = fresh(py);
    Cell cell;
    EXPECT_FALSE(cell.take());
    EXPECT_EQ(cell.get_mut(), nullptr);
    (void)cell.set(py, Py<PyAny>(object));
    EXPECT_TRUE(cell.get_mut()->bind(py).is(object));
    EXPECT_TRUE(cell.take()->bind(py).is(object));
    EXPECT_EQ(count(object), 1);
    EXPECT_TRUE(cell.set(py, Py<PyAny>(object)));
    EXPECT_TRUE(std::move(cell).into_inner()->bind(py).is(object));
    EXPECT_EQ(count(object), 1);
  });
}

TEST(GilOnceCell, a_clone_shares_the_object_and_a_clone_of_nothing_is_independent) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> object = fresh(py);
    Cell full;
    (void)full.set(py, Py<PyAny>(object));
    {
      const Cell clone = full.clone_ref(py);
      EXPECT_EQ(count(object), 3);
      EXPECT_TRUE(clone.get(py)->is(*full.get(py)));
    }
    EXPECT_EQ(count(object), 2);
    const Cell none;
    Cell other = none.clone_ref(py);
    EXPECT_TRUE(other.set(py, Py<PyAny>(object)));
    EXPECT_EQ(none.get(py), nullptr);
  });
}

TEST(GilOnceCell, imports_once) {
  Python::with_gil([](Python py) {
    static constinit GILOnceCell<Py<PyType>> decimal;
    const Bound<PyType>& type = decimal.import(py, "decimal", "Decimal");
    EXPECT_EQ(type.name(), "Decimal");
    EXPECT_EQ(&type, &decimal.import(py, "no_such_module", "nothing"));
    GILOnceCell<Py<PyType>> wrong;
    EXPECT_THROW(wrong.import(py, "math", "pi"), PyErr);
    EXPECT_EQ(wrong.get(py), nullptr);
  });
}

int destroyed = 0;
struct Noted {
  Noted() = default;
  Noted(Noted&&) noexcept {}
  ~Noted() { ++destroyed; }
};
TEST(GilOnceCell, a_static_cell_keeps_its_value_for_good_and_another_one_destroys_it) {
  Python::with_gil([](Python py) {
    destroyed = 0;
    alignas(GILOnceCell<Noted>) static unsigned char storage[sizeof(GILOnceCell<Noted>)];
    static constinit GILOnceCell<Noted> in_a_static;
    (void)in_a_static.take();
    (void)in_a_static.set(py, Noted());
    destroyed = 0;
    // What the end of the process does to a static.
    std::memcpy(storage, static_cast<const void*>(&in_a_static), sizeof storage);
    std::launder(reinterpret_cast<GILOnceCell<Noted>*>(storage))->~GILOnceCell();
    EXPECT_EQ(destroyed, 0);
    {
      GILOnceCell<Noted> local;
      (void)local.set(py, Noted());
      destroyed = 0;
    }
    EXPECT_EQ(destroyed, 1);
  });
}

TEST(GilOnceCell, holds_other_values_too) {
  Python::with_gil([](Python py) {
    GILOnceCell<std::string> cell;
    EXPECT_EQ(cell.get_or_init(py, [] { return std::string(100, 'x'); }).size(), 100U);
  });
}

// Both threads are inside the initialiser at once, which lets go of the GIL as an import does.
TEST(GilOnceCell, racing_initialisers_write_once_and_the_loser_drops_its_value) {
  Python::with_gil([](Python py) {
    static Cell* cell;
    static std::barrier<>* inside;
    static Py<PyAny>* made[2];
    static ::PyObject* seen[2];
    Cell raced;
    std::barrier<> both(2);
    cell = &raced;
    inside = &both;
    const Bound<PyAny> objects[2] = {fresh(py), fresh(py)};
    Py<PyAny> handles[2] = {objects[0], objects[1]};
    made[0] = &handles[0];
    made[1] = &handles[1];
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i) {
      threads.emplace_back([i] {
        Python::with_gil([i](Python inner) {
          seen[i] = cell->get_or_init(inner,
                                      [&] {
                                        inner.allow_threads([] { inside->arrive_and_wait(); });
                                        return std::move(*made[i]);
                                      })
                        .as_ptr();
        });
      });
    }
    test::join(py, threads);
    EXPECT_EQ(seen[0], seen[1]);
    const int winner = seen[0] == objects[0].as_ptr() ? 0 : 1;
    test::settle(py);
    EXPECT_EQ(count(objects[winner]), 2);
    EXPECT_EQ(count(objects[1 - winner]), 1);
  });
}

TEST(GilOnceCell, many_threads_see_one_value_and_do_not_deadlock) {
  Python::with_gil([](Python py) {
    static Cell* cell;
    static std::atomic<::PyObject*> first;
    static std::atomic<int> different;
    Cell raced;
    cell = &raced;
    first = nullptr;
    different = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([] {
        Python::with_gil([](Python inner) {
          ::PyObject* mine = cell->get_or_init(inner,
                                               [&] {
                                                 inner.run("import time\ntime.sleep(0.01)");
                                                 return fresh(inner).unbind();
                                               })
                                 .as_ptr();
          ::PyObject* expected = nullptr;
          if (!first.compare_exchange_strong(expected, mine) && expected != mine) ++different;
        });
      });
    }
    test::join(py, threads);
    EXPECT_EQ(different, 0);
    EXPECT_EQ(count(*raced.get(py)), 1);
  });
}

#if ADDER_CHECKED
TEST(GilOnceCell, re_entrant_initialisation_raises_in_checked_builds) {
  Python::with_gil([](Python py) {
    Cell cell;
    const auto ask_again = [&]() -> Py<PyAny> {
      return cell.get_or_init(py, [&] { return fresh(py).unbind(); }).clone_ref(py);
    };
    EXPECT_THROW(cell.get_or_init(py, ask_again), PyErr);
    EXPECT_EQ(cell.get(py), nullptr);
    // Another cell meanwhile is fine.
    Cell other;
    cell.get_or_init(py, [&] { return other.get_or_init(py, [&] { return fresh(py).unbind(); }).clone_ref(py); });
    EXPECT_TRUE(cell.get(py)->is(*other.get(py)));
  });
}
#endif

TEST(GilOnceCell, a_list_in_a_shared_cell_is_one_list) {
  // Not static: the memory check would count what it keeps.
  GILOnceCell<Py<PyList>> cell;
  const auto shared = [&cell](Python py) {
    return cell.get_or_init(py, [py] { return PyList::empty(py).unbind(); }).bind(py);
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] { Python::with_gil([&](Python py) { shared(py).append("x"); }); });
  }
  for (std::thread& thread : threads) thread.join();
  Python::with_gil([&](Python py) {
    EXPECT_EQ(shared(py).len(), 4u);
    EXPECT_TRUE(shared(py).is(shared(py)));
    const auto clone = cell.clone_ref(py);
    EXPECT_TRUE(clone.get(py)->bind(py).is(shared(py)));
    EXPECT_EQ(count(shared(py)), 3);  // Two cells and the temporary.
  });
}

// REFERENCE_ROUNDS: 60

TEST(GilOnceCell, a_cell_in_a_pyclass_is_filled_once_per_instance_and_dies_with_it) {
  Python::with_gil([](Python py) {
    const auto globals = PyDict::new_(py, kw("Matcher"_s) = py.get_type<Matcher>());
    py.run(R"(
      import gc, re, weakref
      compiled = []
      original = re.compile
      def counted(pattern, flags=0):
          compiled.append(pattern)
          re.purge()  # Each pattern is new, and is kept by nobody but the instance.
          result = original(pattern, flags)
          re.purge()
          patterns.append(weakref.ref(result))
          return result
      patterns = []
      re.compile = counted
      try:
          one, two = Matcher("a+"), Matcher("b+")
          assert compiled == []
          assert one.matches("aaa") and not one.matches("b") and one.matches("a")
          assert two.matches("b") and not two.matches("a")
          assert compiled == ["a+", "b+"], compiled
          assert patterns[0]().pattern == "a+" and patterns[1]().pattern == "b+"
          assert gc.is_tracked(one) and any(r is patterns[0]() for r in gc.get_referents(one))
          del one
          assert patterns[0]() is None and patterns[1]() is not None
          del two
          assert patterns[1]() is None
          # An initialiser that fails leaves the cell empty.
          bad = Matcher("(")
          for _ in range(2):
              try:
                  bad.matches("x")
              except re.error:
                  pass
              else:
                  raise AssertionError
          assert compiled == ["a+", "b+", "(", "("]
          # Nobody but the cell keeps the cycle alive.
          cyclic = Matcher("c")
          assert cyclic.keep([cyclic])
          gone = weakref.ref(cyclic)
          del cyclic
          gc.collect()
          assert gone() is None
      finally:
          re.compile = original
          re.purge()
    )",
           globals);
    globals.call_method("clear"_s);
  });
}

/// As std::expected.
template <class E>
struct Unexpected {
  E error;
};
template <class T, class E>
class Expected {
 public:
  using unexpected_type = Unexpected<E>;
  Expected(T value) : value_(std::move(value)) {}                        // NOLINT(google-explicit-constructor)
  Expected(Unexpected<E> failure) : error_(std::move(failure.error)) {}  // NOLINT(google-explicit-constructor)
  bool has_value() const { return value_.has_value(); }
  explicit operator bool() const { return has_value(); }
  T&& operator*() && { return *std::move(value_); }
  const T& operator*() const& { return *value_; }
  E&& error() && { return std::move(error_); }
  const E& error() const& { return error_; }

 private:
  std::optional<T> value_;
  E error_{};
};
enum class Failure { none, not_today };

TEST(GilOnceCell, an_initialiser_may_fail_with_an_error_of_its_own) {
  Python::with_gil([](Python py) {
    GILOnceCell<std::string> cell;
    const auto failed = cell.get_or_try_init(
        py, []() -> Expected<std::string, Failure> { return Unexpected<Failure>{Failure::not_today}; });
    static_assert(std::is_same_v<decltype(failed), const Expected<const std::string*, Failure>>);
    ASSERT_FALSE(failed.has_value());
    EXPECT_EQ(failed.error(), Failure::not_today);
    EXPECT_EQ(cell.get(py), nullptr);
    const auto made = cell.get_or_try_init(py, []() -> Expected<std::string, Failure> { return std::string("made"); });
    ASSERT_TRUE(made.has_value());
    EXPECT_EQ(**made, "made");
    EXPECT_EQ(*made, cell.get(py));
    const auto again =
        cell.get_or_try_init(py, []() -> Expected<std::string, Failure> { return std::string("other"); });
    EXPECT_EQ(*again, cell.get(py));
#if defined(__cpp_lib_expected)
    const std::expected<const std::string*, Failure> standard =
        cell.get_or_try_init(py, []() -> std::expected<std::string, Failure> { return std::string("other"); });
    EXPECT_EQ(*standard, cell.get(py));
#endif
  });
}

}  // namespace
