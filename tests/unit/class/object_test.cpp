// SPDX-License-Identifier: MIT
// Objects: how large they are, where their value stands, and how they come and go.
#include "adder/adder.hpp"
#include "support/classes.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

using namespace adder;

namespace {

using test::count;
using test::Counted;
using test::per_object;
using test::Polygon;
using test::Shape;
using test::Square;
using test::type_count;

struct alignas(64) Wide {
  double values[8] = {1, 2, 3, 4, 5, 6, 7, 8};
};
struct alignas(16) Vec4 {
  float values[4] = {};
};
struct alignas(64) FrozenWide {
  char text[3] = "ab";
};

struct Small {
  char byte = 0;
};
struct FrozenSmall {
  char byte = 0;
};
struct FrozenNumber {
  std::int64_t number = 0;
};
struct UnsendableNumber {
  std::int64_t number = 0;
};
struct Empty {};

struct FrozenAtomic {
  mutable std::atomic<std::int64_t> number{0};
};
struct UnsendableInt {
  int value = 0;
};

struct Finalized {
  explicit Finalized(bool keep_it) : keep(keep_it) {}
  static inline int calls = 0;
  static inline std::optional<Py<Finalized>> kept;
  bool keep;
  Counted part{1};
};

}  // namespace

template <>
struct adder::PyClass<Wide> {
  static constexpr auto name = "Wide";
  static constexpr bool weakref = true, dict = true;
  static void define(ClassBuilder<Wide>& cls) { cls.def_new<>(); }
};
template <>
struct adder::PyClass<Vec4> {
  static constexpr auto name = "Vec4";
  static void define(ClassBuilder<Vec4>& cls) { cls.def_new<>(); }
};
template <>
struct adder::PyClass<FrozenWide> {
  static constexpr auto name = "FrozenWide";
  static constexpr bool frozen = true, sync = true, subclass = true;
  static constexpr int freelist = 4;
  static void define(ClassBuilder<FrozenWide>& cls) { cls.def_new<>(); }
};
template <>
struct adder::PyClass<Small> {
  static constexpr auto name = "Small";
  static void define(ClassBuilder<Small>&) {}
};
template <>
struct adder::PyClass<FrozenSmall> {
  static constexpr auto name = "FrozenSmall";
  static constexpr bool frozen = true;
  static void define(ClassBuilder<FrozenSmall>&) {}
};
template <>
struct adder::PyClass<FrozenNumber> {
  static constexpr auto name = "FrozenNumber";
  static constexpr bool frozen = true;
  static void define(ClassBuilder<FrozenNumber>&) {}
};
template <>
struct adder::PyClass<UnsendableNumber> {
  static constexpr auto name = "UnsendableNumber";
  static constexpr bool unsendable = true, frozen = true;
  static void define(ClassBuilder<UnsendableNumber>&) {}
};
template <>
struct adder::PyClass<Empty> {
  static constexpr auto name = "Empty";
  static constexpr bool frozen = true;
  static void define(ClassBuilder<Empty>&) {}
};
template <>
struct adder::PyClass<FrozenAtomic> {
  static constexpr auto name = "FrozenAtomic";
  static constexpr bool frozen = true;
  static void define(ClassBuilder<FrozenAtomic>&) {}
};
template <>
struct adder::PyClass<UnsendableInt> {
  static constexpr auto name = "UnsendableInt";
  static constexpr bool unsendable = true;
  static void define(ClassBuilder<UnsendableInt>&) {}
};
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

template <class T>
std::int64_t basicsize(Python py) {
  return py.get_type<T>().getattr("__basicsize__"_s).template extract<std::int64_t>();
}
template <class T>
bool stands_aligned(const T& value) {
  return reinterpret_cast<std::uintptr_t>(&value) % alignof(T) == 0;
}

// REFERENCE_ROUNDS: 60

TEST(Object, new_builds_the_value_in_place_under_each_of_its_names) {
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

TEST(Object, a_value_is_moved_in_once_and_a_lvalue_copied_once) {
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

TEST(Object, over_aligned_values_are_aligned_wherever_the_object_is) {
  Python::with_gil([](Python py) {
    std::vector<Bound<Wide>> wide;
    std::vector<Bound<Vec4>> vectors;
    std::vector<Bound<FrozenWide>> frozen;
    for (int i = 0; i < 50; ++i) {
      wide.push_back(Bound<Wide>::new_(py));
      vectors.push_back(Bound<Vec4>::new_(py));
      frozen.push_back(Bound<FrozenWide>::new_(py));
      wide.back().setattr("i", i);
    }
    for (const auto& one : wide) {
      const auto value = one.borrow();
      EXPECT_TRUE(stands_aligned(*value));
      EXPECT_EQ(value->values[7], 8);
    }
    for (const auto& one : vectors) {
      const auto value = one.borrow();
      EXPECT_TRUE(stands_aligned(*value));
    }
    for (const auto& one : frozen) {
      EXPECT_TRUE(stands_aligned(one.get()));
      EXPECT_STREQ(one.get().text, "ab");
    }
    EXPECT_EQ(wide[49].getattr("i").extract<int>(), 49);
    // Also in an object of a Python subclass, and one that is used again.
    frozen.clear();
    const auto subclass =
        py.get_type<PyType>().call("Sub", PyTuple::new_(py, py.get_type<FrozenWide>()), PyDict::new_(py));
    for (int i = 0; i < 20; ++i) {
      const auto object = subclass.call();
      EXPECT_TRUE(stands_aligned(object.downcast<FrozenWide>().get()));
      const auto again = Bound<FrozenWide>::new_(py);
      EXPECT_TRUE(stands_aligned(again.get()));
    }
  });
}

TEST(Object, objects_are_as_large_as_their_parts) {
  Python::with_gil([](Python py) {
    constexpr auto header = static_cast<std::int64_t>(sizeof(PyObject));
    EXPECT_EQ(basicsize<FrozenNumber>(py), header + 8);       // No flag.
    EXPECT_EQ(basicsize<UnsendableNumber>(py), header + 16);  // The thread's number, padded.
    EXPECT_EQ(basicsize<FrozenSmall>(py), header + 8);        // Rounded up to a pointer.
    EXPECT_EQ(basicsize<Small>(py), header + 8);              // Flag and byte share eight.
    EXPECT_EQ(basicsize<UnsendableInt>(py), header + 16);     // Flag, number, int.
    EXPECT_EQ(basicsize<Vec4>(py), header + 16 + 16);
    EXPECT_EQ(basicsize<FrozenAtomic>(py), header + 8);
    EXPECT_LE(basicsize<Empty>(py), header + 8);
    EXPECT_GE(basicsize<Wide>(py), header + 64 + 64 + 16);  // Room to align; dict and weak references.
    EXPECT_LT(basicsize<Shape>(py), basicsize<Polygon>(py));
    EXPECT_LT(basicsize<Polygon>(py), basicsize<Square>(py));
  });
}

TEST(Object, a_type_keeps_as_many_references_as_there_are_objects) {
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

TEST(Object, a_finalizer_runs_once_and_may_keep_its_object) {
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
