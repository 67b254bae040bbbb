// SPDX-License-Identifier: MIT
// The object of a derived class has the pointer of the root of its chain. pybind11 asks for it in each class.
// EXPECT: adder: a class has the holder of the pyclass that it derives from
#include "adder/adder.hpp"
#include "adder/class/holder.hpp"

#include <memory>

using namespace adder;

struct Animal {
  virtual ~Animal() = default;
};
struct Dog : Animal {};

template <>
struct adder::PyClass<Animal> {
  static constexpr auto name = "Animal";
  static constexpr bool subclass = true;
  using holder = std::shared_ptr<Animal>;
  static void define(ClassBuilder<Animal>&) {}
};
template <>
struct adder::PyClass<Dog> {
  static constexpr auto name = "Dog";
  using base = Animal;
#if ADDER_MUST_NOT_COMPILE
  using holder = std::unique_ptr<Dog>;
#else
  using holder = std::shared_ptr<Dog>;  // of the same kind: it may be repeated
#endif
  static void define(ClassBuilder<Dog>& cls) { cls.def_new<>(); }
};

void probe(ModuleBuilder& m) {
  m.add_class<Animal>();
  m.add_class<Dog>();
}
