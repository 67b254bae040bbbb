// SPDX-License-Identifier: MIT
// Classes whose objects are parts of others, for test_parts.py. `live()` counts the engines there are.
#include <adder/adder.hpp>
#include <adder/class/containers.hpp>
#include <adder/class/iterate.hpp>
#include <adder/class/part.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/vector.hpp>

#include <atomic>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using namespace adder;
using Any = Bound<PyAny>;

namespace {

std::atomic<int> live_values{0};
struct Counted {
  Counted() { ++live_values; }
  Counted(const Counted&) { ++live_values; }
  Counted(Counted&&) noexcept { ++live_values; }
  Counted& operator=(const Counted&) = default;
  Counted& operator=(Counted&&) = default;
  ~Counted() { --live_values; }
};

/// Two levels further in. Its class is a part and nothing else.
struct Bolt {
  std::int64_t size = 1;
  void grow() { ++size; }
  std::int64_t doubled() const { return 2 * size; }
};
struct Block {
  Bolt bolt;
  std::string name = "block";
  const Bolt& fixed() const { return bolt; }
  Bolt& loose() const { return const_cast<Bolt&>(bolt); }
};

/// A class with all options that parts may have.
class Engine {
 public:
  Engine() = default;
  explicit Engine(std::int64_t start) : power(start) {
    if (start == -1) throw std::invalid_argument("power may not be -1");
  }
  std::int64_t power = 100;
  Block block;

  void start() { ++power; }
  std::int64_t add(std::int64_t by) { return power += by; }
  std::int64_t plus(std::int64_t by) const { return power + by; }
  std::int64_t length() const { return power; }
  std::string repr() const { return "Engine(" + std::to_string(power) + ")"; }
  Engine& tuned() {
    power *= 2;
    return *this;
  }
  Engine twin() const { return *this; }
  Any call_shared(const Any& callback) const { return callback(); }
  Any call_exclusive(const Any& callback) {
    ++power;
    return callback();
  }
  void copy_from(const Engine& other) { power = other.power; }
  bool same(const Engine& other) const { return &other == this; }
  void fail() { throw std::runtime_error("no fuel"); }
  void fail_read() const { throw std::runtime_error("no gauge"); }
  std::int64_t call(std::int64_t a, std::int64_t b) const { return power + a * b; }
  bool operator==(const Engine& other) const { return power == other.power; }
  std::strong_ordering operator<=>(const Engine& other) const { return power <=> other.power; }
  Engine sum(const Engine& other) const { return Engine(power + other.power); }
  void add_in_place(const Engine& other) { power += other.power; }
  std::int64_t item(std::int64_t at) const { return power + at; }
  void set_item(std::int64_t at, std::int64_t value) { power = at + value; }
  bool contains(std::int64_t value) const { return value == power; }

 private:
  Counted counted_;
};

/// Others derive from it: Python classes, and Sofa and Throne.
struct Seat {
  Seat() = default;
  explicit Seat(std::int64_t count) : legs(count) {
    if (count < 0) throw std::invalid_argument("legs may not be negative");
  }
  std::int64_t legs = 4;
  std::int64_t stand() const { return legs; }
  void saw() { --legs; }
};
struct Sofa : Seat {
  using Seat::Seat;
  std::int64_t cushions = 3;
  void fluff() { ++cushions; }
};
struct Throne : Seat {
  Throne() : Seat(5) {}
  std::optional<Py<PyAny>> king;
  Any get_king(Python py) const { return king ? king->bind(py) : Any(borrow_none(py)); }
  void set_king(const Any& value) { king.emplace(value); }
  static Any borrow_none(Python py) { return py.None(); }
  Throne(const Throne& other) : Seat(other) {}
  Throne& operator=(const Throne& other) {
    Seat::operator=(other);
    return *this;
  }
};

/// Its objects are collected.
struct Trunk {
  Trunk() = default;
  Trunk(const Trunk&) = delete;
  Trunk& operator=(const Trunk&) = delete;
  std::vector<Py<PyAny>> things;
  std::int64_t size() const { return static_cast<std::int64_t>(things.size()); }
  void put(const Any& thing) { things.emplace_back(thing); }
  Any get(Python py, std::size_t at) const { return things.at(at).bind(py); }
  void empty() { things.clear(); }
};
/// Belongs to its thread.
struct Meter {
  std::int64_t count = 0;
  void tick() { ++count; }
};
/// Dead ones are kept for the next.
struct Pearl {
  std::int64_t weight = 1;
};
/// Has a finalizer.
std::atomic<int> finalized{0};
struct Ghost {
  std::int64_t age = 0;
};
/// With an iterator that borrows for as long as it goes on.
struct Bag {
  std::set<std::int64_t> items{1, 2, 3};
  std::vector<std::int64_t> order{1, 2, 3};
  void add(std::int64_t item) {
    items.insert(item);
    order.push_back(item);
  }
};

struct Car {
  Engine engine;
  const Engine plate{7};
  Seat seat;
  Sofa sofa;
  Throne throne;
  Trunk trunk;
  Pearl pearl;
  Ghost ghost;
  Bag bag;
  Bolt bolt;
  std::vector<Engine> spares;
  std::unique_ptr<Engine> tow;
  std::int64_t asked = 0;

  Engine& motor() {
    ++asked;
    return engine;
  }
  const Engine& label() const { return engine; }
  const Engine& towed() const {
    if (!tow) throw PyLookupError::new_err("nothing is towed");
    return *tow;
  }
  void attach(std::int64_t power) { tow = std::make_unique<Engine>(power); }
  void release() { tow.reset(); }
  Any call_shared(const Any& callback) const { return callback(); }
  Any call_exclusive(const Any& callback) { return callback(); }
  std::int64_t use(const Engine& part) const { return part.power; }
  std::int64_t drive(const Engine& part) { return ++engine.power + part.power; }
  void stock(std::int64_t count) { spares.resize(static_cast<std::size_t>(count)); }
  void empty() {
    spares.clear();
    spares.shrink_to_fit();
  }
  const Engine* spare(std::int64_t at) const {
    return at < static_cast<std::int64_t>(spares.size()) ? &spares[static_cast<std::size_t>(at)] : nullptr;
  }
};

struct MeterBox {
  Meter meter;
};
struct FrozenCar {
  explicit FrozenCar(std::int64_t power) : engine(power) {}
  const Engine engine;
  const Block block{};
};
struct FrozenPlain {
  Engine engine;
  std::vector<std::int64_t> numbers{1, 2};
  Bolt& loose() const { return const_cast<Bolt&>(engine.block.bolt); }
};

/// Finds what is inside.
class Garage {
 public:
  std::vector<Engine> engines;
  void add(std::int64_t power) { engines.emplace_back(power); }
  void clear() {
    engines.clear();
    engines.shrink_to_fit();
  }
  std::int64_t size() const { return static_cast<std::int64_t>(engines.size()); }
  const Engine& strongest() const {
    if (engines.empty()) throw PyLookupError::new_err("the garage is empty");
    const Engine* best = &engines[0];
    for (const Engine& engine : engines) {
      if (*best < engine) best = &engine;
    }
    return *best;
  }
  Engine* find(std::int64_t power) {
    for (Engine& engine : engines) {
      if (engine.power == power) return &engine;
    }
    return nullptr;
  }
  Engine* look(std::int64_t power) const { return const_cast<Garage*>(this)->find(power); }
  Engine& at(std::int64_t index) { return engines.at(static_cast<std::size_t>(index)); }
  Garage& self() { return *this; }
  const std::vector<Engine>& all() const { return engines; }
};
Engine& pick(std::int64_t index, Garage& garage) { return garage.at(index); }
const Engine& pick_by(const std::string& how, Python, const Garage& garage, const Engine& at_least) {
  for (const Engine& engine : garage.engines) {
    if (!(engine < at_least)) return engine;
  }
  throw PyKeyError::new_err(how);
}
const Bolt& bolt_of(const Engine& engine) { return engine.block.bolt; }
Bolt* loose_bolt_of(Engine& engine) { return engine.power < 0 ? nullptr : &engine.block.bolt; }

/// A garage behind a function that is not const.
struct Lot {
  Garage garage;
  std::int64_t asked = 0;
  bool moves = false;
  bool refuses = false;
  Garage& get() {
    ++asked;
    if (moves) {
      std::vector<Engine> other(garage.engines);
      other.reserve(garage.engines.capacity() + 64);
      garage.engines.swap(other);
    }
    if (refuses) {
      garage.clear();
      throw PyLookupError::new_err("closed");
    }
    return garage;
  }
  void move(bool on) { moves = on; }
  void refuse(bool on) { refuses = on; }
  void clear() { garage.clear(); }
  const Engine& first() const { return garage.engines.at(0); }
};

}  // namespace

template <>
struct adder::UngilTraits<Engine> : std::true_type {};
template <>
struct adder::PyClass<Bolt> {
  static constexpr auto name = "Bolt";
  static constexpr bool part = true;
  static void define(ClassBuilder<Bolt>& cls) {
    cls.def_new<>();
    cls.field<&Bolt::size>("size");
    cls.def<&Bolt::grow>("grow");
    cls.def<&Bolt::doubled>("doubled");
  }
};
template <>
struct adder::PyClass<Block> {
  static constexpr auto name = "Block";
  static constexpr bool part = true;
  static constexpr bool weakref = true;
  static void define(ClassBuilder<Block>& cls) {
    cls.def_new<>();
    cls.part<&Block::bolt>("bolt");
    cls.part<&Block::fixed>("fixed");
    cls.part<&Block::loose>("loose");
    cls.field<&Block::name>("name");
  }
};
template <>
struct adder::PyClass<Engine> {
  static constexpr auto name = "Engine";
  static constexpr bool part = true, dict = true, weakref = true, eq = true, order = true;
  static void define(ClassBuilder<Engine>& cls) {
    cls.def_new<std::int64_t>(arg("power") = 100);
    cls.field<&Engine::power>("power");
    cls.part<&Engine::block>("block");
    cls.def<&Engine::start>("start");
    cls.def<&Engine::add>("add");
    cls.def<&Engine::plus>("plus");
    cls.def<&Engine::tuned>("tuned");
    cls.def<&Engine::twin>("twin");
    cls.def<&Engine::call_shared>("call_shared");
    cls.def<&Engine::call_exclusive>("call_exclusive");
    cls.def<&Engine::copy_from>("copy_from");
    cls.def<&Engine::same>("same");
    cls.def<&Engine::fail>("fail");
    cls.def<&Engine::fail_read>("fail_read");
    cls.def<&Engine::call>("detached", release_gil);
    cls.def<"__call__", &Engine::call>();
    cls.def<"__len__", &Engine::length>();
    cls.def<"__hash__", &Engine::length>();
    cls.def<"__repr__", &Engine::repr>();
    cls.def<"__add__", &Engine::sum>();
    cls.def<"__iadd__", &Engine::add_in_place>();
    cls.def<"__getitem__", &Engine::item>();
    cls.def<"__setitem__", &Engine::set_item>();
    cls.def<"__contains__", &Engine::contains>();
    cls.def<part_of<&bolt_of>>("seen_bolt");
    cls.def<part_of<&loose_bolt_of>>("found_bolt");
    cls.def_pickle<&Engine::length, [](std::int64_t power) { return Engine(power); }>();
  }
};
template <>
struct adder::PyClass<Seat> {
  static constexpr auto name = "Seat";
  static constexpr bool part = true, subclass = true;
  static void define(ClassBuilder<Seat>& cls) {
    cls.def_new<std::int64_t>(arg("legs") = 4);
    cls.field<&Seat::legs>("legs");
    cls.def<&Seat::stand>("stand");
    cls.def<&Seat::saw>("saw");
    cls.def_pickle<&Seat::stand, [](std::int64_t legs) { return Seat(legs); }>();
  }
};
template <>
struct adder::PyClass<Sofa> {
  static constexpr auto name = "Sofa";
  static constexpr bool subclass = true;
  using base = Seat;
  static void define(ClassBuilder<Sofa>& cls) {
    cls.def_new<std::int64_t>(arg("legs") = 4);
    cls.field<&Sofa::cushions>("cushions");
    cls.def<&Sofa::fluff>("fluff");
  }
};
template <>
struct adder::PyClass<Throne> {
  static constexpr auto name = "Throne";
  using base = Seat;
  using fields = FieldList<&Throne::king>;
  static void define(ClassBuilder<Throne>& cls) {
    cls.def_new<>();
    cls.getter<&Throne::get_king>("king");
    cls.setter<&Throne::set_king>("king");
  }
};
template <>
struct adder::PyClass<Trunk> {
  static constexpr auto name = "Trunk";
  static constexpr bool part = true, weakref = true;
  using fields = FieldList<&Trunk::things>;
  static void define(ClassBuilder<Trunk>& cls) {
    cls.def<"__len__", &Trunk::size>();
    cls.def<&Trunk::put>("put");
    cls.def<&Trunk::get>("get");
    cls.def<&Trunk::empty>("empty");
  }
};
template <>
struct adder::PyClass<Meter> {
  static constexpr auto name = "Meter";
  static constexpr bool part = true, unsendable = true;
  static void define(ClassBuilder<Meter>& cls) {
    cls.def_new<>();
    cls.field<&Meter::count>("count");
    cls.def<&Meter::tick>("tick");
  }
};
template <>
struct adder::PyClass<Pearl> {
  static constexpr auto name = "Pearl";
  static constexpr bool part = true;
  static constexpr int freelist = 4;
  static void define(ClassBuilder<Pearl>& cls) {
    cls.def_new<>();
    cls.field<&Pearl::weight>("weight");
  }
};
template <>
struct adder::PyClass<Ghost> {
  static constexpr auto name = "Ghost";
  static constexpr bool part = true, dict = true;
  static void finalize(const Bound<Ghost>&) { ++finalized; }
  static void define(ClassBuilder<Ghost>& cls) {
    cls.def_new<>();
    cls.field<&Ghost::age>("age");
  }
};
template <>
struct adder::PyClass<Bag> {
  static constexpr auto name = "Bag";
  static constexpr bool part = true;
  static void define(ClassBuilder<Bag>& cls) {
    cls.def_new<>();
    cls.def<&Bag::add>("add");
    cls.def<"__iter__", each<&Bag::items>>();
    cls.def<each<&Bag::order>>("in_order");
    cls.def<"__reversed__", each_reversed<&Bag::order>>();
  }
};
template <>
struct adder::PyClass<Car> {
  static constexpr auto name = "Car";
  static constexpr bool dict = true, weakref = true, subclass = true;
  using fields = PartialFieldList<&Car::trunk, &Car::throne>;
  static void define(ClassBuilder<Car>& cls) {
    cls.def_new<>();
    cls.part<&Car::engine>("engine", "What drives it.");
    cls.part<&Car::plate>("plate");
    cls.part<&Car::seat>("seat");
    cls.part<&Car::sofa>("sofa");
    cls.part<&Car::throne>("throne");
    cls.part<&Car::trunk>("trunk");
    cls.part<&Car::pearl>("pearl");
    cls.part<&Car::ghost>("ghost");
    cls.part<&Car::bag>("bag");
    cls.part<&Car::bolt>("bolt");
    cls.part<&Car::spares>("spares");
    cls.part<&Car::motor>("motor");
    cls.part<&Car::label>("label");
    cls.part<&Car::towed>("towed");
    cls.field<&Car::asked>("asked");
    cls.def<&Car::attach>("attach");
    cls.def<&Car::release>("release");
    cls.def<&Car::call_shared>("call_shared");
    cls.def<&Car::call_exclusive>("call_exclusive");
    cls.def<&Car::use>("use");
    cls.def<&Car::drive>("drive");
    cls.def<&Car::stock>("stock");
    cls.def<&Car::empty>("empty");
    cls.def<part_of<&Car::spare>>("spare");
  }
};
template <>
struct adder::PyClass<MeterBox> {
  static constexpr auto name = "MeterBox";
  static constexpr bool unsendable = true;
  static void define(ClassBuilder<MeterBox>& cls) {
    cls.def_new<>();
    cls.part<&MeterBox::meter>("meter");
  }
};
template <>
struct adder::PyClass<FrozenCar> {
  static constexpr auto name = "FrozenCar";
  static constexpr bool frozen = true, sync = true;
  static void define(ClassBuilder<FrozenCar>& cls) {
    cls.def_new<std::int64_t>();
    cls.part<&FrozenCar::engine>("engine");
    cls.part<&FrozenCar::block>("block");
  }
};
template <>
struct adder::PyClass<FrozenPlain> {
  static constexpr auto name = "FrozenPlain";
  static constexpr bool frozen = true, sync = true;
  static void define(ClassBuilder<FrozenPlain>& cls) {
    cls.def_new<>();
    cls.part<&FrozenPlain::engine>("engine");
    cls.part<&FrozenPlain::numbers>("numbers");
    cls.part<&FrozenPlain::loose>("loose");
  }
};
template <>
struct adder::PyClass<Garage> {
  static constexpr auto name = "Garage";
  static constexpr bool part = true;
  static void define(ClassBuilder<Garage>& cls) {
    cls.def_new<>();
    cls.part<&Garage::engines>("engines");
    cls.def<&Garage::add>("add");
    cls.def<&Garage::clear>("clear");
    cls.def<"__len__", &Garage::size>();
    cls.def<part_of<&Garage::strongest>>("strongest");
    cls.def<part_of<&Garage::find>>("find");
    cls.def<part_of<&Garage::look>>("look");
    cls.def<part_of<&Garage::self>>("itself");
    cls.def<part_of<&Garage::all>>("all");
    cls.def<"__getitem__", part_of<&Garage::at>>();
  }
};
template <>
struct adder::PyClass<Lot> {
  static constexpr auto name = "Lot";
  static void define(ClassBuilder<Lot>& cls) {
    cls.def_new<>();
    cls.part<&Lot::get>("garage");
    cls.part<&Lot::garage>("field");
    cls.field<&Lot::asked>("asked");
    cls.def<&Lot::move>("move");
    cls.def<&Lot::refuse>("refuse");
    cls.def<&Lot::clear>("clear");
    cls.def<part_of<&Lot::first>>("first");
  }
};

namespace {

// Parameters of all kinds.
std::int64_t read_it(const Engine& engine) { return engine.power; }
void write_it(Engine& engine, std::int64_t power) { engine.power = power; }
std::int64_t by_value(Engine engine) { return ++engine.power; }
std::int64_t by_guard(const PyRef<Engine>& engine) { return engine->power; }
void by_guard_mut(const PyRefMut<Engine>& engine, std::int64_t power) { engine->power = power; }
Any by_handle(const Bound<Engine>& engine) { return Any(engine); }
std::int64_t read_two(const Engine& a, const Engine& b) { return a.power + b.power; }
std::int64_t write_one(Engine& a, const Engine& b) { return a.power += b.power; }
std::int64_t read_many(const std::vector<Engine>& engines) {
  std::int64_t sum = 0;
  for (const Engine& engine : engines) sum += engine.power;
  return sum;
}
std::int64_t read_seat(const Seat& seat) { return seat.legs; }
void saw_seat(Seat& seat) { seat.saw(); }
std::int64_t read_base(const PyRef<Sofa>& sofa) { return sofa.as_super().legs; }
void into_base(PyRefMut<Sofa> sofa) {
  const auto seat = std::move(sofa).into_super();
  seat->saw();
}
Any hold(const PyRef<Engine>& engine, const Any& callback) {
  (void)engine;
  return callback();
}
Any hold_mut(const PyRefMut<Engine>& engine, const Any& callback) {
  (void)engine;
  return callback();
}
std::string try_both(const Bound<Engine>& engine) {
  std::string text;
  text += engine.try_borrow().is_ok() ? "shared " : "";
  text += engine.try_borrow_mut().is_ok() ? "exclusive" : "";
  return text;
}
void swap_engines(const Bound<Engine>& engine, Engine other) { (void)engine.replace(std::move(other)); }
Any hold_python(const Engine& engine, const Any& callback) {
  (void)engine;
  return callback();
}

// Guards that are mapped to a part.
std::int64_t map_read(PyRef<Engine> engine) {
  const auto bolt = std::move(engine).map(&Engine::block).map(&Block::bolt);
  return bolt->size;
}
void map_write(PyRefMut<Engine> engine, std::int64_t size) {
  const auto bolt = std::move(engine).map(&Engine::block).map([](Block& block) -> Bolt& { return block.bolt; });
  bolt->size = size;
}
Any map_hold(PyRef<Engine> engine, const Any& callback) {
  const auto block = std::move(engine).map(&Engine::block);
  return callback();
}
Any map_hold_mut(PyRefMut<Car> car, const Any& callback) {
  const auto engine = std::move(car).map(&Car::engine);
  const Any result = callback();
  ++engine->power;
  return result;
}
Any map_owner(PyRef<Engine> engine) {
  const auto block = std::move(engine).map(&Engine::block);
  return block.owner();
}
std::int64_t map_frozen(PyRef<FrozenCar> car) {
  const auto power = std::move(car).map(&FrozenCar::engine).map(&Engine::power);
  return *power;
}
std::string map_throws(PyRefMut<Engine> engine) {
  try {
    const auto none = std::move(engine).map([](Engine&) -> Block& { throw std::runtime_error("no block"); });
  } catch (const std::runtime_error& error) {
    engine->power = 3;  // It still has its borrow.
    return error.what();
  }
  return "";
}

}  // namespace

ADDER_MODULE(parts_ext, m, adder::gil_not_used) {
  m.add_class<Bolt>();
  m.add_class<Block>();
  m.add_class<Engine>();
  m.add_class<Seat>();
  m.add_class<Sofa>();
  m.add_class<Throne>();
  m.add_class<Trunk>();
  m.add_class<Meter>();
  m.add_class<Pearl>();
  m.add_class<Ghost>();
  m.add_class<Bag>();
  m.add_class<Car>();
  m.add_class<MeterBox>();
  m.add_class<FrozenCar>();
  m.add_class<FrozenPlain>();
  m.add_class<Garage>();
  m.add_class<Lot>();

  m.def<[] { return live_values.load(); }>("live");
  m.def<[] { return finalized.load(); }>("finalized");
  m.def<part_of<&pick, 1>>("pick");
  m.def<part_of<&pick_by, 1>>("pick_by");
  m.def<&read_it>("read");
  m.def<&write_it>("write");
  m.def<&by_value>("by_value");
  m.def<&by_guard>("by_guard");
  m.def<&by_guard_mut>("by_guard_mut");
  m.def<&by_handle>("by_handle");
  m.def<&read_two>("read_two");
  m.def<&write_one>("write_one");
  m.def<&read_many>("read_many");
  m.def<&read_seat>("read_seat");
  m.def<&saw_seat>("saw_seat");
  m.def<&read_base>("read_base");
  m.def<&into_base>("into_base");
  m.def<&hold>("hold");
  m.def<&hold_mut>("hold_mut");
  m.def<&hold_python>("hold_python");
  m.def<&try_both>("try_both");
  m.def<&swap_engines>("swap_engines");
  m.def<&map_read>("map_read");
  m.def<&map_write>("map_write");
  m.def<&map_hold>("map_hold");
  m.def<&map_hold_mut>("map_hold_mut");
  m.def<&map_owner>("map_owner");
  m.def<&map_frozen>("map_frozen");
  m.def<&map_throws>("map_throws");
}
