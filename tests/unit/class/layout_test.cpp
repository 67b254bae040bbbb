// SPDX-License-Identifier: MIT
// Layout: how large objects are, and where their value stands.
#include "adder/class/detail/layout.hpp"

#include "adder/adder.hpp"
#include "support/classes.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <vector>

using namespace adder;

namespace {

using test::Polygon;
using test::Shape;
using test::Square;

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

TEST(Layout, over_aligned_values_are_aligned_wherever_the_object_is) {
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

TEST(Layout, objects_are_as_large_as_their_parts) {
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

}  // namespace
