// SPDX-License-Identifier: MIT
// Objects come and go: with their value built in place, counted, finalized once.
#include "adder/class/detail/lifetime.hpp"

#include "adder/adder.hpp"
#include "support/classes.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <utility>
#include <vector>

using namespace adder;

namespace {

using test::count;
using test::Counted;
using test::per_object;
using test::type_count;

struct Finalized {
  explicit Finalized(bool keep_it) : keep(keep_it) {}
  static inline int calls = 0;
  static inline std::optional<Py<Finalized>> kept;
  bool keep;
  Counted part{1};
};

}  // namespace

template <>
struct adder::PyClass<Finalized> {
  static constexpr auto name = "Finalized";
  static void finalize(const Bound<Finalized>& self) {
    ++Finalized::calls;
    if (self.borrow()->keep) Finalized::kept = self;
  }
  static void define(ClassBuilder<Finalized>&) {}
};

namespace {

// REFERENCE_ROUNDS: 60

TEST(Lifetime, new_builds_the_value_in_place_under_each_of_its_names) {
  Python::with_gil([](Python py) {
    Counted::reset();
    {
      const Bound<Counted> bound = Bound<Counted>::new_(py, 1);
      const Py<Counted> unbound = Py<Counted>::new_(py, 2);
      const Bound<Counted> cell = PyCell<Counted>::new_(py, 3);
      EXPECT_EQ(bound.borrow()->value, 1);
      EXPECT_EQ(unbound.bind(py).borrow()->value, 2);
      EXPECT_EQ(cell.borrow()->value, 3);
      EXPECT_EQ(count(bound), 1);
      EXPECT_EQ(count(unbound), 1);
      EXPECT_EQ(count(cell), 1);
      EXPECT_EQ(Counted::alive, 3);
    }
    EXPECT_EQ(Counted::alive, 0);
    EXPECT_EQ(Counted::copied + Counted::moved, 0);
  });
}

TEST(Lifetime, a_value_is_moved_in_once_and_a_lvalue_copied_once) {
  Python::with_gil([](Python py) {
    Counted value(7);
    Counted::reset();
    const auto moved = Bound<Counted>::new_(py, std::move(value));
    EXPECT_EQ(Counted::moved, 1);
    const auto copied = Bound<Counted>::new_(py, value);
    EXPECT_EQ(Counted::copied, 1);
    EXPECT_EQ(Counted::moved, 1);
    EXPECT_EQ(moved.borrow()->value, copied.borrow()->value);
    // Converting an argument is the same.
    Counted::reset();
    const auto list = PyList::new_(py, Counted(8));
    EXPECT_EQ(Counted::moved, 1);
    EXPECT_EQ(Counted::copied, 0);
    EXPECT_EQ(list.get_item(0).downcast<Counted>().borrow()->value, 8);
  });
  EXPECT_EQ(Counted::alive, 0);
}

TEST(Lifetime, a_type_keeps_as_many_references_as_there_are_objects) {
  Python::with_gil([](Python py) {
    const Py_ssize_t before = type_count<Counted>(py);
    {
      std::vector<Bound<Counted>> objects;
      for (int i = 0; i < 10; ++i) objects.push_back(Bound<Counted>::new_(py, i));
      EXPECT_EQ(type_count<Counted>(py), before + 10 * per_object);
    }
    EXPECT_EQ(type_count<Counted>(py), before);
  });
}

TEST(Lifetime, a_finalizer_runs_once_and_may_keep_its_object) {
  Python::with_gil([](Python py) {
    Finalized::calls = 0;
    { (void)Bound<Finalized>::new_(py, false); }
    EXPECT_EQ(Finalized::calls, 1);
    { (void)Bound<Finalized>::new_(py, true); }
    EXPECT_EQ(Finalized::calls, 2);
    ASSERT_TRUE(Finalized::kept.has_value());
    {
      const auto kept = std::move(*Finalized::kept).into_bound(py);
      Finalized::kept.reset();
      EXPECT_EQ(count(kept), 1);
      EXPECT_TRUE(kept.borrow()->keep);
      EXPECT_EQ(Counted::alive, 1);
    }
    EXPECT_EQ(Finalized::calls, 2);
    EXPECT_EQ(Counted::alive, 0);
  });
}

}  // namespace
