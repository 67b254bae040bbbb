// SPDX-License-Identifier: MIT
// Virtual functions that Python classes override, called from C++.
#include "adder/adder.hpp"
#include "adder/class/overridable.hpp"
#include "adder/stl/optional.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/vector.hpp"

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace adder;

namespace {

struct Animal {
  Animal() = default;
  explicit Animal(std::string given) : name(std::move(given)) {}
  Animal(const Animal&) = delete;
  Animal& operator=(const Animal&) = delete;
  virtual ~Animal() = default;
  virtual std::string sound() const = 0;
  virtual int legs() const { return 4; }
  virtual std::string describe(int times, const std::string& mark) const {
    std::string text = name + ": " + sound();
    for (int i = 0; i < times; ++i) text += mark;
    return text;
  }
  virtual void rename(const std::string& to) { name = to; }
  virtual std::shared_ptr<Animal> child() const { return nullptr; }
  /// Calls itself, by the virtual function.
  virtual int countdown(int n) const { return n == 0 ? 0 : 1 + countdown(n - 1); }
  virtual std::optional<double> weight() const { return std::nullopt; }
  virtual void meet(const std::shared_ptr<Animal>& other, std::vector<int> numbers) {
    name += other->name + std::to_string(numbers.size());
  }
  std::string name = "animal";
};
struct PyAnimal : Overridable<Animal> {
  using Overridable::Overridable;
  std::string sound() const override { return pure<"sound", std::string>(); }
  int legs() const override {
    return overridden<"legs">([&] { return Animal::legs(); });
  }
  std::string describe(int times, const std::string& mark) const override {
    return overridden<"describe">([&] { return Animal::describe(times, mark); }, times, mark);
  }
  void rename(const std::string& to) override {
    overridden<"rename">([&] { Animal::rename(to); }, to);
  }
  std::shared_ptr<Animal> child() const override {
    return overridden<"child">([&] { return Animal::child(); });
  }
  int countdown(int n) const override {
    return overridden<"countdown">([&] { return Animal::countdown(n); }, n);
  }
  std::optional<double> weight() const override {
    return overridden<"weight">([&] { return Animal::weight(); });
  }
  void meet(const std::shared_ptr<Animal>& other, std::vector<int> numbers) override {
    overridden<"meet">([&] { Animal::meet(other, numbers); }, other, numbers);
  }
};
/// Which C++ derives, and Python too.
struct Dog : Animal {
  explicit Dog(std::string given) : Animal(std::move(given)) {}
  std::string sound() const override { return "woof"; }
};
struct PyDog : Overridable<Dog> {
  using Overridable::Overridable;
  std::string sound() const override {
    return overridden<"sound">([&] { return Dog::sound(); });
  }
  int legs() const override {
    return overridden<"legs">([&] { return Dog::legs(); });
  }
};
/// Asks in its constructor and its destructor.
struct Eager : Animal {
  Eager() : Animal("eager") {}
  std::string sound() const override { return "eager"; }
  static inline int legs_at_end = 0;
};
struct PyEager : Overridable<Eager> {
  PyEager() { name += std::to_string(legs()); }
  PyEager(const PyEager&) = delete;
  PyEager& operator=(const PyEager&) = delete;
  ~PyEager() override { legs_at_end = legs(); }
  int legs() const override {
    return overridden<"legs">([&] { return Eager::legs(); });
  }
};
int legs_at_end() { return Eager::legs_at_end; }

std::string hear(const Animal& animal) { return animal.sound(); }
int count_legs(const std::vector<std::shared_ptr<Animal>>& animals) {
  int sum = 0;
  for (const auto& animal : animals) sum += animal->legs();
  return sum;
}
std::string tell(const std::shared_ptr<Animal>& animal, int times, const std::string& mark) {
  return animal->describe(times, mark);
}
void give_name(Animal& animal, const std::string& name) { animal.rename(name); }
std::shared_ptr<Animal> child_of(const Animal& animal) { return animal.child(); }
int count_down(const Animal& animal, int n) { return animal.countdown(n); }
std::optional<double> weigh(const Animal& animal) { return animal.weight(); }
void introduce(const std::shared_ptr<Animal>& one, const std::shared_ptr<Animal>& other) {
  one->meet(other, {1, 2, 3});
}

std::vector<std::shared_ptr<Animal>> zoo;
void adopt(std::shared_ptr<Animal> animal) { zoo.push_back(std::move(animal)); }
std::vector<std::string> hear_all(Python py) {
  std::vector<std::string> sounds;
  std::exception_ptr thrown;
  py.allow_threads_unchecked([&] {
    std::thread([&] {
      try {
        for (const auto& animal : zoo) sounds.push_back(animal->sound());
      } catch (...) {
        thrown = std::current_exception();
      }
    }).join();
  });
  if (thrown) std::rethrow_exception(thrown);
  return sounds;
}
void close_zoo() { const auto old = std::exchange(zoo, {}); }
long repeat(const Animal& animal, long times) {
  long sum = 0;
  for (long i = 0; i < times; ++i) sum += animal.legs();
  return sum;
}

}  // namespace

template <>
struct adder::PyClass<Animal> {
  static constexpr auto name = "Animal";
  static constexpr bool subclass = true;
  using holder = std::shared_ptr<Animal>;
  using overridable = PyAnimal;
  static void define(ClassBuilder<Animal>& cls) {
    cls.def_new<std::string>(arg("name") = "animal");
    cls.field<&Animal::name>("name");
    cls.def<&Animal::sound>("sound");
    cls.def<&Animal::legs>("legs");
    cls.def<&Animal::describe>("describe");
    cls.def<&Animal::rename>("rename");
    cls.def<&Animal::child>("child");
    cls.def<&Animal::countdown>("countdown");
    cls.def<&Animal::weight>("weight");
    cls.def<&Animal::meet>("meet");
  }
};
template <>
struct adder::PyClass<Dog> {
  static constexpr auto name = "Dog";
  static constexpr bool subclass = true;
  using base = Animal;
  using overridable = PyDog;
  static void define(ClassBuilder<Dog>& cls) { cls.def_new<std::string>(arg("name")); }
};
template <>
struct adder::PyClass<Eager> {
  static constexpr auto name = "Eager";
  static constexpr bool subclass = true;
  using base = Animal;
  using overridable = PyEager;
  static void define(ClassBuilder<Eager>& cls) { cls.def_new<>(); }
};

ADDER_MODULE(overrides_ext, m) {
  m.add_class<Animal>();
  m.add_class<Dog>();
  m.add_class<Eager>();
  m.def<&hear>("hear");
  m.def<&count_legs>("count_legs");
  m.def<&tell>("tell");
  m.def<&give_name>("give_name");
  m.def<&child_of>("child_of");
  m.def<&count_down>("count_down");
  m.def<&weigh>("weigh");
  m.def<&introduce>("introduce");
  m.def<&adopt>("adopt");
  m.def<&hear_all>("hear_all");
  m.def<&close_zoo>("close_zoo");
  m.def<&repeat>("repeat");
  m.def<&legs_at_end>("legs_at_end");
}
