// SPDX-License-Identifier: MIT
// Classes that several tests use, and what they ask of types and of the garbage collector.
#pragma once
#include "adder/adder.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>

namespace test {

/// Counts its kind.
struct Counted {
  static inline int alive = 0, copied = 0, moved = 0;
  static void reset() { copied = moved = 0; }

  explicit Counted(int given) : value(given) { ++alive; }
  Counted(const Counted& other) : value(other.value) {
    ++alive;
    ++copied;
  }
  Counted(Counted&& other) noexcept : value(other.value) {
    ++alive;
    ++moved;
  }
  Counted& operator=(const Counted&) = default;
  Counted& operator=(Counted&&) = default;
  ~Counted() { --alive; }
  int value;
};

/// An abstract class and what is derived from it.
class Shape {
 public:
  virtual ~Shape() = default;
  virtual int corners() const = 0;
  int rename(int given) { return std::exchange(label_, given); }
  int label() const { return label_; }

 protected:
  explicit Shape(int label) : label_(label) {}

 private:
  int label_;
};
class Polygon : public Shape {
 public:
  Polygon(int label, int corners) : Shape(label), corners_(corners) {}
  int corners() const override { return corners_; }

 protected:
  int corners_;
};
class Square : public Polygon {
 public:
  explicit Square(int label) : Polygon(label, 4) {}
};

}  // namespace test

template <>
struct adder::PyClass<test::Counted> {
  static constexpr auto name = "Counted";
  static void define(ClassBuilder<test::Counted>& cls) {
    cls.def_new<int>();
    cls.field<&test::Counted::value>("value");
    cls.def<[](const Bound<test::Counted>& self) { return self; }>("itself");
    cls.def<[](const Bound<test::Counted>& self) {
      return Bound<test::Counted>::new_(self.py(), self.borrow()->value + 1);
    }>("next");
  }
};
template <>
struct adder::PyClass<test::Shape> {
  static constexpr auto name = "Shape";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<test::Shape>& cls) {
    cls.def<&test::Shape::corners>("corners");
    cls.def<&test::Shape::rename>("rename");
    cls.getter<&test::Shape::label>("label");
  }
};
template <>
struct adder::PyClass<test::Polygon> {
  static constexpr auto name = "Polygon";
  static constexpr bool subclass = true;
  using base = test::Shape;
  static void define(ClassBuilder<test::Polygon>& cls) { cls.def_new<int, int>(); }
};
template <>
struct adder::PyClass<test::Square> {
  static constexpr auto name = "Square";
  using base = test::Polygon;
  static void define(ClassBuilder<test::Square>& cls) { cls.def_new<int>(); }
};

namespace test {

/// What an object adds to the reference count of its type, which is immortal where threads would contend for the count.
#if defined(Py_GIL_DISABLED)
inline constexpr Py_ssize_t per_object = 0;
#else
inline constexpr Py_ssize_t per_object = 1;
#endif
template <class T>
Py_ssize_t type_count(adder::Python py) {
  return Py_REFCNT(py.get_type<T>().as_ptr());
}
inline std::int64_t collect(adder::Python py) { return py.import("gc").call_method("collect").extract<std::int64_t>(); }
inline bool is_tracked(const adder::Bound<adder::PyAny>& object) {
  return object.py().import("gc").call_method("is_tracked", object).extract<bool>();
}

/// Whether a cycle goes away that `put(value, handle to the object)` makes. Weak references would not tell: the
/// collector clears them first.
template <class T, class Put>
bool is_collected(adder::Python py, Put put) {
  collect(py);
  const Py_ssize_t before = type_count<T>(py);
  {
    const auto object = adder::Bound<T>::new_(py);
    EXPECT_TRUE(is_tracked(object));
    put(*object.borrow_mut().operator->(), adder::Bound<adder::PyAny>(object));
    EXPECT_EQ(count(object), 2);
  }
  EXPECT_EQ(type_count<T>(py), before + per_object);
  (void)collect(py);
  return type_count<T>(py) == before;
}

}  // namespace test
