// SPDX-License-Identifier: MIT
// A pointer that counts in the value keeps that alone: the instance with the overrides would die.
// FIRST: adder: a class with `overridable` has a std::shared_ptr or std::unique_ptr as its holder
#include "adder/adder.hpp"
#include "adder/class/overridable.hpp"

#include <memory>

using namespace adder;

struct Shape {
  virtual ~Shape() = default;
  virtual double area() const = 0;
  int count = 0;
};
template <class T>
class Ref {
 public:
  Ref() = default;
  explicit Ref(T* value) : value_(value) {}
  T* get() const { return value_; }

 private:
  T* value_ = nullptr;
};
template <class T>
struct adder::HolderTraits<Ref<T>> : adder::IntrusiveHolder<Ref, T> {
  static bool is_sole_owner(const Ref<T>& held) { return held.get()->count == 1; }
};
struct PyShape : Overridable<Shape> {
  double area() const override { return pure<"area", double>(); }
};
template <>
struct adder::PyClass<Shape> {
  static constexpr auto name = "Shape";
  static constexpr bool subclass = true;
#if ADDER_MUST_NOT_COMPILE
  using holder = Ref<Shape>;
#else
  using holder = std::shared_ptr<Shape>;
#endif
  using overridable = PyShape;
  static void define(ClassBuilder<Shape>& cls) { cls.def_new<>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Shape>(); }
