// SPDX-License-Identifier: MIT
// Containers, iteration, calls, attributes, descriptors and context managers by dunders.
#include <adder/adder.hpp>
#include <adder/class/iterate.hpp>
#include <adder/class/protocols.hpp>
#include <adder/function/overload.hpp>
#include <adder/stl/map.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/pair.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/vector.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace adder;

namespace {

/// A list of integers.
struct Ints {
  std::vector<std::int64_t> items;

  std::size_t size() const { return items.size(); }
  std::int64_t at(Index i) const { return items[i.in(items.size())]; }
  Ints slice(const Bound<PySlice>& slice) const {
    const SliceIndices part = slice.indices(items.size());
    Ints result;
    for (std::size_t i = 0; i < part.length; ++i) {
      result.items.push_back(items[static_cast<std::size_t>(part.start + static_cast<Py_ssize_t>(i) * part.step)]);
    }
    return result;
  }
  void set(Index i, std::int64_t value) { items[i.in(items.size())] = value; }
  void del(Index i) { items.erase(items.begin() + static_cast<std::ptrdiff_t>(i.in(items.size()))); }
  bool contains(std::int64_t value) const { return std::find(items.begin(), items.end(), value) != items.end(); }
  Ints plus(const Ints& other) const {
    Ints result = *this;
    result += other;
    return result;
  }
  Ints& operator+=(const Ints& other) {
    items.insert(items.end(), other.items.begin(), other.items.end());
    return *this;
  }
  void append(std::int64_t value) { items.push_back(value); }
  void clear() { items.clear(); }
  bool operator==(const Ints&) const = default;
};

/// A dict from texts to integers.
struct Table {
  std::map<std::string, std::int64_t> items;
  std::set<std::int64_t> numbers{1, 2, 3};

  std::size_t size() const { return items.size(); }
  std::int64_t at(const std::string& key) const {
    const auto found = items.find(key);
    if (found == items.end()) throw PyKeyError::new_err(key);
    return found->second;
  }
  void set(const std::string& key, std::int64_t value) { items[key] = value; }
  void del(const std::string& key) {
    if (items.erase(key) == 0) throw PyKeyError::new_err(key);
  }
  bool contains(const std::string& key) const { return items.count(key) != 0; }
  void add_number(std::int64_t number) { numbers.insert(number); }
  std::optional<std::pair<std::string, std::int64_t>> first() const {
    if (items.empty()) return std::nullopt;
    return *items.begin();
  }
  std::vector<std::int64_t> doubled() const {
    std::vector<std::int64_t> result;
    for (const auto& item : items) result.push_back(2 * item.second);
    return result;
  }
};

struct Countdown {
  std::int64_t left = 0;
  std::optional<std::int64_t> next() {
    if (left == 0) return std::nullopt;
    return left--;
  }
};
struct Caller {
  std::int64_t call(std::int64_t a, std::int64_t b) const { return 10 * a + b; }
  static std::string text(const Caller&, const std::string& text) { return text; }
};
/// Attributes that are made up; the others are as usual.
struct Dynamic {
  std::map<std::string, std::int64_t> set_values;
  static std::string get(const Dynamic&, const std::string& name) {
    if (name.rfind("no_", 0) == 0) throw PyAttributeError::new_err(name);
    return "made " + name;
  }
  void set(const std::string& name, std::int64_t value) { set_values[name] = value; }
  void del(const std::string& name) { set_values.erase(name); }
  std::int64_t known() const { return 7; }
};
/// Whose attributes are its own; how often they are read is counted.
struct Counted {
  std::int64_t reads = 0;
};
/// Bound to its thread, with a range that is borrowed.
struct OfThread {
  std::set<std::int64_t> numbers{1, 2, 3};
};
/// A data descriptor.
struct Field {
  std::string name;
  std::int64_t value = 0;
};
struct Scope {
  bool open = false;
  std::optional<std::string> error;
};

}  // namespace

template <>
struct adder::PyClass<Ints> {
  static constexpr auto name = "Ints";
  static constexpr bool eq = true, subclass = true;
  static void define(ClassBuilder<Ints>& cls) {
    cls.def_new<&Ints::items>();
    cls.def<"__len__", &Ints::size>();
    cls.def<"__getitem__", overload<&Ints::at, &Ints::slice>>();
    cls.def<"__setitem__", &Ints::set>();
    cls.def<"__delitem__", &Ints::del>();
    cls.def<"__contains__", &Ints::contains>();
    cls.def<"__iter__", each<&Ints::items>>();
    cls.def<"__reversed__", each_reversed<&Ints::items>>();
    cls.def<"__add__", &Ints::plus>();
    cls.def < "__iadd__", &Ints::operator+=>();
    cls.def<&Ints::append>("append");
    cls.def<&Ints::clear>("clear");
  }
};
template <>
struct adder::PyClass<Table> {
  static constexpr auto name = "Table";
  static void define(ClassBuilder<Table>& cls) {
    cls.def_new<>();
    cls.def<"__len__", &Table::size>();
    cls.def<"__getitem__", &Table::at>();
    cls.def<"__setitem__", &Table::set>();
    cls.def<"__delitem__", &Table::del>();
    cls.def<"__contains__", &Table::contains>();
    cls.def<"__iter__", each_key<&Table::items>>();
    cls.def<each_value<&Table::items>>("values");
    cls.def<each<&Table::items>>("items");
    cls.def<each<&Table::numbers>>("numbers");
    cls.def<each<&Table::doubled>>("doubled");
    cls.def<&Table::add_number>("add_number");
    cls.def<&Table::first>("first");
  }
};
template <>
struct adder::PyClass<Countdown> {
  static constexpr auto name = "Countdown";
  static void define(ClassBuilder<Countdown>& cls) {
    cls.def_new<&Countdown::left>();
    cls.def<"__iter__", [](const Bound<Countdown>& self) { return self; }>();
    cls.def<"__next__", &Countdown::next>();
    cls.def<"__length_hint__", [](const Countdown& self) { return self.left; }>();
  }
};
template <>
struct adder::PyClass<Caller> {
  static constexpr auto name = "Caller";
  static void define(ClassBuilder<Caller>& cls) {
    cls.def_new<>();
    cls.def<"__call__", &Caller::call>(arg("a"), arg("b") = 1);
  }
};
template <>
struct adder::PyClass<Dynamic> {
  static constexpr auto name = "Dynamic";
  static void define(ClassBuilder<Dynamic>& cls) {
    cls.def_new<>();
    cls.def<"__getattr__", &Dynamic::get>();
    cls.def<"__setattr__", &Dynamic::set>();
    cls.def<"__delattr__", &Dynamic::del>();
    cls.getter<&Dynamic::known>("known");
    cls.getter<&Dynamic::set_values>("set_values");
  }
};
template <>
struct adder::PyClass<Counted> {
  static constexpr auto name = "Counted";
  static constexpr bool dict = true;
  static void define(ClassBuilder<Counted>& cls) {
    cls.def_new<>();
    cls.def<"__getattribute__", [](const Bound<Counted>& self, const Bound<PyString>& name) {
      self.borrow_mut()->reads += 1;
      return generic_getattr(self, name);
    }>();
    cls.def<"__setattr__", [](const Bound<Counted>& self, const Bound<PyString>& name, const Bound<PyAny>& value) {
      if (name.to_str() == "no") throw PyAttributeError::new_err("not no");
      generic_setattr(self, name, value);
    }>();
    cls.def<"__delattr__",
            [](const Bound<Counted>& self, const Bound<PyString>& name) { generic_delattr(self, name); }>();
    cls.getter<&Counted::reads>("reads");
  }
};
template <>
struct adder::PyClass<OfThread> {
  static constexpr auto name = "OfThread";
  static constexpr bool unsendable = true;
  static void define(ClassBuilder<OfThread>& cls) {
    cls.def_new<>();
    cls.def<"__iter__", each<&OfThread::numbers>>();
  }
};
template <>
struct adder::PyClass<Field> {
  static constexpr auto name = "Field";
  static void define(ClassBuilder<Field>& cls) {
    cls.def_new<>();
    cls.def<"__set_name__", [](Field& self, const Bound<PyAny>&, const std::string& name) { self.name = name; }>();
    cls.def<"__get__", [](const Bound<Field>& self, Python py, const Bound<PyAny>& instance, const Bound<PyAny>&) {
      if (instance.is_none()) return Bound<Field>(self).into_any();
      return into_py(py, self.borrow()->value).value();
    }>();
    cls.def<"__set__", [](Field& self, const Bound<PyAny>&, std::int64_t value) { self.value = value; }>();
    cls.getter<&Field::name>("name");
  }
};
template <>
struct adder::PyClass<Scope> {
  static constexpr auto name = "Scope";
  static void define(ClassBuilder<Scope>& cls) {
    cls.def_new<>();
    cls.def<"__enter__", [](const Bound<Scope>& self) {
      self.borrow_mut()->open = true;
      return self;
    }>();
    cls.def<"__exit__", [](Scope& self, const Bound<PyAny>&, const Bound<PyAny>& value, const Bound<PyAny>&) {
      self.open = false;
      if (!value.is_none()) self.error = value.str().to_string_lossy();
      return self.error.has_value() && *self.error == "swallow";
    }>();
    cls.getter<&Scope::open>("open");
  }
};

ADDER_MODULE(protocols_ext, m) {
  m.add_class<Ints>();
  m.add_class<Table>();
  m.add_class<Countdown>();
  m.add_class<Caller>();
  m.add_class<Dynamic>();
  m.add_class<Counted>();
  m.add_class<OfThread>();
  m.add_class<Field>();
  m.add_class<Scope>();
  m.def<[](Python py, std::int64_t count) {
    std::vector<std::string> texts;
    for (std::int64_t i = 0; i < count; ++i) texts.push_back(std::to_string(i));
    return make_iterator(py, std::move(texts));
  }>("texts");
}
