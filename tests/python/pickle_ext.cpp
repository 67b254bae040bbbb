// SPDX-License-Identifier: MIT
#include "adder/adder.hpp"
#include "adder/class/pickle.hpp"     // IWYU pragma: keep (def_pickle)
#include "adder/class/protocols.hpp"  // IWYU pragma: keep (the dunders)
#include "adder/stl/pair.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/vector.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

class Counter {
 public:
  explicit Counter(std::int64_t start) : total_(start) {}
  std::int64_t add(std::int64_t by) { return total_ += by; }
  std::int64_t total() const { return total_; }

 private:
  std::int64_t total_;
};
Counter counter_of(std::int64_t total) {
  if (total == 666) throw std::runtime_error("no such counter");
  return Counter(total);
}

/// What its state holds is copied by a deep copy.
struct Box {
  adder::Py<adder::PyAny> content;
};
adder::Py<adder::PyAny> content_of(adder::Python py, const Box& box) { return box.content.clone_ref(py); }
Box box_of(adder::Py<adder::PyAny> content) { return Box{std::move(content)}; }

struct Words {
  std::vector<std::string> words;
};
struct Frozen {
  const std::int64_t a, b;
};
struct Local {
  std::int64_t n;
};
struct Child : Counter {
  using Counter::Counter;
  std::int64_t more = 5;
};
struct GoodChild : Counter {
  using Counter::Counter;
  std::int64_t more = 5;
};
struct Refuses {
  std::int64_t n;
};

// Those without any of it.
struct Plain {
  std::int64_t n;
};
struct Open : Plain {};
struct WithDict : Plain {};
struct WithWeakref : Plain {};
struct FrozenPlain {
  const std::int64_t n;
};
struct NoNew : Plain {};
struct Changeable : Plain {};

/// By the methods that Python has for it.
class ByHand {
 public:
  explicit ByHand(std::int64_t n) : n_(n) {}
  std::int64_t n() const { return n_; }
  std::pair<std::int64_t, std::string> get_state() const { return {n_, "state"}; }
  void set_state(std::pair<std::int64_t, std::string> state) { n_ = state.first; }
  adder::Bound<adder::PyAny> new_args(adder::Python py) const { return adder::PyTuple::new_(py, 0).into_any(); }

 private:
  std::int64_t n_;
};
class Reduces {
 public:
  explicit Reduces(std::int64_t n) : n_(n) {}
  std::int64_t n() const { return n_; }

 private:
  std::int64_t n_;
};
adder::Bound<adder::PyAny> reduce(const adder::Bound<Reduces>& self) {
  return adder::PyTuple::new_(self.py(), self.get_type(), adder::PyTuple::new_(self.py(), self.borrow()->n()))
      .into_any();
}

}  // namespace

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Counter>& cls) {
    cls.def_new<std::int64_t>(arg("start"));
    cls.def<&Counter::add>("add");
    cls.getter<&Counter::total>("total");
    cls.def_pickle<&Counter::total, &counter_of>();
  }
};
template <>
struct adder::PyClass<Box> {
  static constexpr auto name = "Box";
  static constexpr bool subclass = true, dict = true, weakref = true;
  static void define(ClassBuilder<Box>& cls) {
    cls.def_new<Py<PyAny>>(arg("content"));
    cls.field<&Box::content>("content");
    cls.def_pickle<[](const Box& box) { return content_of(Python::assume_gil_acquired(), box); }, &box_of>();
  }
};
template <>
struct adder::PyClass<Words> {
  static constexpr auto name = "Words";
  static void define(ClassBuilder<Words>& cls) {
    cls.def_new<&Words::words>(arg("words"));
    cls.field<&Words::words>("words");
    cls.def_pickle<&Words::words, [](std::vector<std::string> words) { return Words{std::move(words)}; }>();
  }
};
template <>
struct adder::PyClass<Frozen> {
  static constexpr auto name = "Frozen";
  static constexpr bool frozen = true;
  static void define(ClassBuilder<Frozen>& cls) {
    cls.def_new<std::int64_t, std::int64_t>(arg("a"), arg("b"));
    cls.getter<&Frozen::a>("a");
    cls.getter<&Frozen::b>("b");
    cls.def_pickle<[](const Frozen& value) { return std::pair(value.a, value.b); },
                   [](std::pair<std::int64_t, std::int64_t> state) {
                     return Frozen{state.first, state.second};
                   }>();
  }
};
template <>
struct adder::PyClass<Local> {
  static constexpr auto name = "Local";
  static constexpr bool unsendable = true;
  static void define(ClassBuilder<Local>& cls) {
    cls.def_new<std::int64_t>(arg("n"));
    cls.getter<&Local::n>("n");
    cls.def_pickle<&Local::n, [](std::int64_t n) { return Local{n}; }>();
  }
};
template <>
struct adder::PyClass<Child> {
  static constexpr auto name = "Child";
  static constexpr bool subclass = true;
  using base = Counter;
  static void define(ClassBuilder<Child>& cls) { cls.def_new<std::int64_t>(arg("start")); }
};
template <>
struct adder::PyClass<GoodChild> {
  static constexpr auto name = "GoodChild";
  static constexpr bool subclass = true;
  using base = Counter;
  static void define(ClassBuilder<GoodChild>& cls) {
    cls.def_new<std::int64_t>(arg("start"));
    cls.field<&GoodChild::more>("more");
    cls.def_pickle<[](const GoodChild& value) { return std::pair(value.total(), value.more); },
                   [](std::pair<std::int64_t, std::int64_t> state) {
                     GoodChild made(state.first);
                     made.more = state.second;
                     return made;
                   }>();
  }
};
template <>
struct adder::PyClass<Refuses> {
  static constexpr auto name = "Refuses";
  static void define(ClassBuilder<Refuses>& cls) {
    cls.def_new<std::int64_t>(arg("n"));
    cls.def_pickle<[](const Refuses&) -> std::int64_t { throw std::invalid_argument("not this one"); },
                   [](std::int64_t n) { return Refuses{n}; }>();
  }
};
template <>
struct adder::PyClass<Plain> {
  static constexpr auto name = "Plain";
  static void define(ClassBuilder<Plain>& cls) { cls.def_new<&Plain::n>(arg("n")); }
};
template <>
struct adder::PyClass<Open> {
  static constexpr auto name = "Open";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Open>& cls) { cls.def_new<&Open::n>(arg("n")); }
};
template <>
struct adder::PyClass<WithDict> {
  static constexpr auto name = "WithDict";
  static constexpr bool dict = true, subclass = true;
  static void define(ClassBuilder<WithDict>& cls) { cls.def_new<&WithDict::n>(arg("n")); }
};
template <>
struct adder::PyClass<WithWeakref> {
  static constexpr auto name = "WithWeakref";
  static constexpr bool weakref = true;
  static void define(ClassBuilder<WithWeakref>& cls) { cls.def_new<&WithWeakref::n>(arg("n")); }
};
template <>
struct adder::PyClass<FrozenPlain> {
  static constexpr auto name = "FrozenPlain";
  static constexpr bool frozen = true;
  static void define(ClassBuilder<FrozenPlain>& cls) { cls.def_new<std::int64_t>(arg("n")); }
};
template <>
struct adder::PyClass<NoNew> {
  static constexpr auto name = "NoNew";
  static void define(ClassBuilder<NoNew>&) {}
};
template <>
struct adder::PyClass<Changeable> {
  static constexpr auto name = "Changeable";
  static constexpr bool immutable = false, subclass = true;
  static void define(ClassBuilder<Changeable>& cls) { cls.def_new<&Changeable::n>(arg("n")); }
};
template <>
struct adder::PyClass<ByHand> {
  static constexpr auto name = "ByHand";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<ByHand>& cls) {
    cls.def_new<std::int64_t>(arg("n"));
    cls.getter<&ByHand::n>("n");
    cls.def<"__getstate__", &ByHand::get_state>();
    cls.def<"__setstate__", &ByHand::set_state>();
    cls.def<"__getnewargs__", &ByHand::new_args>();
  }
};
template <>
struct adder::PyClass<Reduces> {
  static constexpr auto name = "Reduces";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Reduces>& cls) {
    cls.def_new<std::int64_t>(arg("n"));
    cls.getter<&Reduces::n>("n");
    cls.def<"__reduce__", &reduce>();
  }
};

ADDER_MODULE(pickle_ext, m) {
  m.add_class<Counter>();
  m.add_class<Box>();
  m.add_class<Words>();
  m.add_class<Frozen>();
  m.add_class<Local>();
  m.add_class<Child>();
  m.add_class<GoodChild>();
  m.add_class<Refuses>();
  m.add_class<Plain>();
  m.add_class<Open>();
  m.add_class<WithDict>();
  m.add_class<WithWeakref>();
  m.add_class<FrozenPlain>();
  m.add_class<NoNew>();
  m.add_class<Changeable>();
  m.add_class<ByHand>();
  m.add_class<Reduces>();
  m.def<[](adder::Python py) { return adder::Bound<NoNew>::new_(py); }>("make_no_new");
}
