// SPDX-License-Identifier: MIT
// Classes with virtual functions, seen through handles to their base.
#include "adder/adder.hpp"
#include "adder/stl/optional.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/tuple.hpp"
#include "adder/stl/vector.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <typeinfo>
#include <utility>
#include <vector>

using namespace adder;

namespace {

class Animal {
 public:
  explicit Animal(std::string name) : name_(std::move(name)) {}
  Animal(const Animal&) = default;
  Animal(Animal&&) = default;
  Animal& operator=(const Animal&) = default;
  Animal& operator=(Animal&&) = default;
  virtual ~Animal() = default;
  const std::string& name() const { return name_; }
  virtual std::string sound() const { return "..."; }

 private:
  std::string name_;
};
/// Of which Python knows nothing.
class Tagged {
 public:
  Tagged() = default;
  Tagged(const Tagged&) = default;
  Tagged(Tagged&&) = default;
  Tagged& operator=(const Tagged&) = default;
  Tagged& operator=(Tagged&&) = default;
  virtual ~Tagged() = default;
  virtual std::string tag() const { return "none"; }
  std::int64_t number = 7;
};
class Dog : public Animal, public Tagged {
 public:
  using Animal::Animal;
  std::string sound() const override { return "woof"; }
  std::string tag() const override { return name() + "'s tag"; }
  std::int64_t tricks = 0;
};
class Puppy : public Dog {
 public:
  using Dog::Dog;
  std::string sound() const override { return "yip"; }
};
class Cat : public Animal {
 public:
  using Animal::Animal;
  std::string sound() const override { return "meow"; }
};

}  // namespace

template <>
struct adder::PyClass<Animal> {
  static constexpr auto name = "Animal";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Animal>& cls) {
    cls.def_new<std::string>(arg("name"));
    cls.getter<&Animal::name>("name");
    cls.def<&Animal::sound>("sound");
  }
};
template <>
struct adder::PyClass<Dog> {
  static constexpr auto name = "Dog";
  using base = Animal;
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Dog>& cls) {
    cls.def_new<std::string>(arg("name"));
    cls.field<&Dog::tricks>("tricks");
    // Of the second base, which is not where the value begins.
    cls.def<&Tagged::tag>("tag");
    cls.field<&Tagged::number>("number");
  }
};
template <>
struct adder::PyClass<Puppy> {
  static constexpr auto name = "Puppy";
  using base = Dog;
  static void define(ClassBuilder<Puppy>& cls) { cls.def_new<std::string>(arg("name")); }
};
template <>
struct adder::PyClass<Cat> {
  static constexpr auto name = "Cat";
  using base = Animal;
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Cat>& cls) { cls.def_new<std::string>(arg("name")); }
};

namespace {

/// A base by handle, whatever it is.
Bound<Animal> adopt(Python py, const std::string& kind) {
  if (kind == "Dog") return Bound<Dog>::new_(py, "Rex");
  if (kind == "Puppy") return Bound<Puppy>::new_(py, "Bo");
  if (kind == "Cat") return Bound<Cat>::new_(py, "Tom");
  return Bound<Animal>::new_(py, "Nemo");
}
Py<Animal> adopt_unbound(Python py, const std::string& kind) { return adopt(py, kind).unbind(); }
std::vector<Py<Animal>> adopt_all(Python py, const std::vector<std::string>& kinds) {
  std::vector<Py<Animal>> all;
  for (const std::string& kind : kinds) all.push_back(adopt_unbound(py, kind));
  return all;
}
std::optional<Bound<Animal>> maybe(const std::optional<Bound<Animal>>& animal) { return animal; }
Bound<Animal> same(const Bound<Animal>& animal) { return animal; }
/// By value it is an Animal: the rest is cut off, as in C++.
Animal copied(const Animal& animal) { return animal; }

/// What the Python type says, what the C++ type says, and whether the value that both find is the same.
std::tuple<bool, bool, bool, bool> is_dog(const Bound<Animal>& animal) {
  const auto by_type = animal.try_downcast<Dog>();
  const PyRef<Animal> value = animal.borrow();
  const Animal& seen = *value;
  const auto* by_value = dynamic_cast<const Dog*>(&seen);
  const bool exact = typeid(seen) == typeid(Dog);
  if (!by_type) return {false, by_value != nullptr, exact, by_value == nullptr};
  const PyRef<Dog> dog = by_type->borrow();
  return {true, by_value != nullptr, exact, &*dog == by_value};
}
std::int64_t teach(const Bound<Animal>& animal) {
  const PyRefMut<Animal> writer = animal.borrow_mut();
  auto& dog = dynamic_cast<Dog&>(*writer);  // std::bad_cast where it is none.
  return ++dog.tricks;
}
std::int64_t teach_by_type(const Bound<Animal>& animal) { return ++animal.downcast<Dog>().borrow_mut()->tricks; }
std::string tag_of(const Animal& animal) {
  const auto* tagged = dynamic_cast<const Tagged*>(&animal);  // Across, to the second base.
  return tagged == nullptr ? "no tag" : tagged->tag();
}
std::string hear(const Animal& animal) { return animal.name() + " says " + animal.sound(); }
/// A value of the base goes into the base's part of an object, which stays what it is.
void call_it(const Bound<Animal>& animal, const std::string& name) { (void)animal.replace(Animal(name)); }

}  // namespace

ADDER_MODULE(polymorphic_ext, m) {
  m.add_class<Animal>();
  m.add_class<Dog>();
  m.add_class<Puppy>();
  m.add_class<Cat>();
  m.def<&adopt>("adopt");
  m.def<&adopt_unbound>("adopt_unbound");
  m.def<&adopt_all>("adopt_all");
  m.def<&maybe>("maybe");
  m.def<&same>("same");
  m.def<&copied>("copied");
  m.def<&is_dog>("is_dog");
  m.def<&teach>("teach");
  m.def<&teach_by_type>("teach_by_type");
  m.def<&tag_of>("tag_of");
  m.def<&hear>("hear");
  m.def<&call_it>("call_it");
}
