// SPDX-License-Identifier: MIT
// What test_fuzz.py feeds with hostile objects: a function for every kind of parameter, functions that do things to
// what they get, and classes of every shape. Prefixes say how the fuzzer uses a function:
//
// | prefix | called with                          | what it does                                           |
// |--------|--------------------------------------|--------------------------------------------------------|
// | c_     | one value                            | converts there and back                                |
// | f_     | any arguments and keywords           | reports how they were bound                            |
// | u_     | an operation's number, three objects | that operation; OPERATIONS says how many there are     |
// | i_     | an object and a callback             | calls back while it iterates, borrows or builds        |
#include <adder/adder.hpp>
#include <adder/function/closure.hpp>
#include <adder/function/overload.hpp>
#include <adder/stl/array.hpp>
#include <adder/stl/chrono.hpp>
#include <adder/stl/complex.hpp>
#include <adder/stl/deque.hpp>
#include <adder/stl/filesystem.hpp>
#include <adder/stl/list.hpp>
#include <adder/stl/map.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/pair.hpp>
#include <adder/stl/set.hpp>
#include <adder/stl/span.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/string_view.hpp>
#include <adder/stl/tuple.hpp>
#include <adder/stl/unordered_map.hpp>
#include <adder/stl/unordered_set.hpp>
#include <adder/stl/variant.hpp>
#include <adder/stl/vector.hpp>
#include <adder/types/backed.hpp>
#include <adder/types/fields.hpp>
#include <adder/types/typed.hpp>
#include <adder/types/weakref.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <list>
#include <map>
#include <optional>
#include <ranges>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

using namespace adder;
using Any = Bound<PyAny>;
using Handle = Py<PyAny>;

namespace {

std::atomic<int> live_values{0};
struct Counted {
  Counted() { ++live_values; }
  Counted(const Counted&) { ++live_values; }
  Counted(Counted&&) noexcept { ++live_values; }
  Counted& operator=(const Counted&) = default;
  ~Counted() { --live_values; }
};

Any none(Python py) { return py.None(); }
Handle no_handle() { return detail::token().None().into_any().unbind(); }

// --- Structs and enums -----------------------------------------------------------------------------------------------

struct ByAttributes {
  std::int32_t x = 1;
  std::string text = "unset";
  std::vector<double> numbers{};
  Counted counted{};
};
struct ByItems {
  std::int64_t number = 0;
  std::optional<std::string> text{};
  ByAttributes inner{};
};
enum class Color : std::uint8_t { red = 1, green = 2, blue = 200 };

// --- Classes ---------------------------------------------------------------------------------------------------------

/// Not frozen, copyable, with attributes of all kinds.
class Plain {
 public:
  explicit Plain(std::int32_t number = 0, std::string text = "") : number_(number), text_(std::move(text)) {}
  std::int32_t number() const { return number_; }
  void set_number(std::int32_t number) { number_ = number; }
  void forget_number() { number_ = -1; }
  const std::string& text() const { return text_; }
  // Not assigned: g++ 12 at -O3 takes the two texts for overlapping ones.
  void set_text(std::string_view text) { text_ = std::string(text); }
  Any share(const Any& callback) const { return callback(text_); }
  Any exclude(const Any& callback) {
    ++number_;
    Any result = callback(number_);
    text_ += "x";
    return result;
  }
  void absorb(const Plain& other, Plain& third) {
    number_ = other.number_;
    third.text_ = text_;
  }
  Plain twin() const { return *this; }
  std::int64_t length() const { return number_; }
  bool truth() const { return number_ % 2 == 0; }
  std::string repr() const { return "Plain(" + std::to_string(number_) + ")"; }
  void fail() const { throw std::runtime_error(text_); }
  std::vector<int> numbers{1, 2, 3};
  std::string label = "label";

 private:
  std::int32_t number_;
  std::string text_;
  Counted counted_;
};

struct Frozen {
  double x;
  std::string text;
  Counted counted{};
  Any call(const Any& callback) const { return callback(x); }
};

/// Holds Python objects in the kinds of fields that the garbage collector looks into.
class Node {
 public:
  explicit Node(Handle value) : value_(std::move(value)) {}
  Handle value(Python py) const { return value_.clone_ref(py); }
  void set_value(Handle value) { value_ = std::move(value); }
  void delete_value(Python py) { value_ = none(py).unbind(); }
  void add(Handle child) { children_.push_back(std::move(child)); }
  void put(const std::string& key, Handle value) { named_.insert_or_assign(key, std::move(value)); }
  void drop(Python py) {
    children_.clear();
    named_.clear();
    parent_.reset();
    value_ = none(py).unbind();
  }
  std::vector<Handle> children(Python py) const {
    std::vector<Handle> copies;
    for (const Handle& child : children_) copies.push_back(child.clone_ref(py));
    return copies;
  }
  void set_children(std::vector<Handle> children) { children_ = std::move(children); }
  Handle child(std::int64_t index, Python py) const {
    return children_.at(static_cast<std::size_t>(index)).clone_ref(py);
  }
  std::size_t size() const { return children_.size(); }
  Any each(const Any& callback) const {
    for (const Handle& child : children_) (void)callback(child);
    return callback(value_);
  }
  Any each_exclusive(const Any& callback) {
    Any last = none(callback.py());
    for (Handle& child : children_) {
      last = callback(child);
      child = Handle(last);
    }
    return last;
  }
  void set_parent(std::optional<Py<Node>> parent) { parent_ = std::move(parent); }
  std::optional<Py<Node>> parent(Python py) const {
    if (!parent_) return std::nullopt;
    return parent_->clone_ref(py);
  }

 private:
  friend struct adder::PyClass<Node>;
  Handle value_;
  std::vector<Handle> children_;
  std::map<std::string, Handle> named_;
  std::optional<Py<Node>> parent_;
  Counted counted_;
};

/// A field of each kind that is set from Python.
struct Slots {
  Handle object = no_handle();
  std::optional<Handle> maybe{};
  std::int8_t small = 0;
  std::string text{};
  std::vector<std::int64_t> numbers{};
  Counted counted{};
};
struct FrozenHolder {
  Handle object;
  Counted counted{};
};

class Base {
 public:
  explicit Base(const Any& callback) : got_(callback.is_callable() ? callback().unbind() : Handle(callback)) {}
  Base(const Base&) = delete;
  Base& operator=(const Base&) = delete;
  virtual ~Base() = default;
  virtual std::string who() const { return "Base"; }
  Handle got(Python py) const { return got_.clone_ref(py); }
  Any base_exclude(const Any& callback) { return callback(); }

 private:
  friend struct adder::PyClass<Base>;
  Handle got_;
  Counted counted_;
};
class Derived : public Base {
 public:
  Derived(const Any& callback, Handle more) : Base(callback), more_(std::move(more)) {}
  std::string who() const override { return "Derived"; }
  Any derived_share(const Any& callback) const { return callback(more_); }

 private:
  friend struct adder::PyClass<Derived>;
  Handle more_;
};

template <class Tag>
struct Native {
  int hits = 0;
  std::optional<Handle> extra{};
  Counted counted{};
  int hit() { return ++hits; }
  Any exclude(const Any& callback) {
    ++hits;
    return callback(hits);
  }
};

struct Init {
  int value = 0;
  Handle object = no_handle();
  Counted counted{};
  PyResult<void> init(int number, Handle thing) {
    if (number < 0) return PyValueError::new_err("negative");
    value = number;
    object = std::move(thing);
    return {};
  }
};
struct Variadic {
  Handle args, kwargs;
  Counted counted{};
};
template <class T>
Handle keep(const Bound<T>& object) {
  return Bound<T>(object).into_any().unbind();
}

struct Pooled {
  std::optional<Handle> object{};
  Counted counted{};
};
/// Looks at what it refers to when it dies, and may raise then.
class Mourner {
 public:
  explicit Mourner(Handle callback) : callback_(std::move(callback)) {}
  Mourner(const Mourner&) = delete;
  Mourner& operator=(const Mourner&) = delete;
  ~Mourner() {
    if (!callback_) return;
    Python::with_gil([this](Python py) {
      try {
        (void)callback_->bind(py)();
      } catch (const PyErr& error) {
        error.write_unraisable(py, nullptr);
      }
    });
  }

 private:
  friend struct adder::PyClass<Mourner>;
  std::optional<Handle> callback_;
  Counted counted_;
};

}  // namespace

template <>
struct adder::FromPyObject<ByAttributes>
    : adder::FromAttributes<ByAttributes, Field<"x", &ByAttributes::x>, OptionalField<"text", &ByAttributes::text>,
                            OptionalField<"numbers", &ByAttributes::numbers>> {};
template <>
struct adder::IntoPyObject<ByAttributes>
    : adder::IntoItems<ByAttributes, Field<"x", &ByAttributes::x>, Field<"text", &ByAttributes::text>,
                       Field<"numbers", &ByAttributes::numbers>> {};
template <>
struct adder::FromPyObject<ByItems>
    : adder::FromItems<ByItems, Field<"number", &ByItems::number>, OptionalField<"text", &ByItems::text>,
                       OptionalField<"inner", &ByItems::inner>> {};
template <>
struct adder::IntoPyObject<ByItems> : adder::IntoItems<ByItems, Field<"number", &ByItems::number>,
                                                       Field<"text", &ByItems::text>, Field<"inner", &ByItems::inner>> {
};
template <>
struct adder::FromPyObject<Color> : adder::EnumAsInt<Color, Color::red, Color::green, Color::blue> {};
template <>
struct adder::IntoPyObject<Color> : adder::EnumAsInt<Color, Color::red, Color::green, Color::blue> {};

template <>
struct adder::PyClass<Plain> {
  static constexpr auto name = "Plain";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Plain>& cls) {
    cls.def_new<std::int32_t, std::string>(arg("number") = 0, arg("text") = "");
    cls.getter<&Plain::number>("number");
    cls.setter<&Plain::set_number>("number");
    cls.deleter<&Plain::forget_number>("number");
    cls.getter<&Plain::text>("text");
    cls.setter<&Plain::set_text>("text");
    cls.field<&Plain::numbers>("numbers");
    cls.field<&Plain::label>("label");
    cls.def<&Plain::share>("share", arg("callback"));
    cls.def<&Plain::exclude>("exclude", arg("callback"));
    cls.def<&Plain::absorb>("absorb");
    cls.def<&Plain::twin>("twin");
    cls.def<&Plain::fail>("fail");
    cls.def<[](const Plain&, const Args& args, const Kwargs& kwargs) { return std::pair(args->len(), kwargs->len()); }>(
        "gather");
    cls.def<[](PyRef<Plain> self, const Any& callback) { return callback(self.as_bound()); }>("by_ref");
    cls.def<[](PyRefMut<Plain> self, const Any& callback) { return callback(self.as_bound()); }>("by_ref_mut");
    cls.def<[](const Bound<Plain>& self, const Any& callback) {
      { const auto alone = self.try_borrow_mut(); }
      return callback(self);
    }>("by_bound");
    cls.def_staticmethod<[](const Plain& plain, int factor) { return plain.number() * factor; }>(
        "multiply", arg("plain"), arg("factor") = 2);
    cls.def_classmethod<[](ThisClass type, const Any& value) { return type->call(value); }>("make");
    cls.def<"__len__", &Plain::length>();
    cls.def<"__bool__", &Plain::truth>();
    cls.def<"__repr__", &Plain::repr>();
  }
};
template <>
struct adder::PyClass<Frozen> {
  static constexpr auto name = "Frozen";
  static constexpr bool frozen = true, subclass = true, weakref = true;
  static void define(ClassBuilder<Frozen>& cls) {
    cls.def_new<&Frozen::x, &Frozen::text>(arg("x"), arg("text") = "t");
    cls.getter<&Frozen::x>("x");
    cls.getter<&Frozen::text>("text");
    cls.def<&Frozen::call>("call");
  }
};
template <>
struct adder::PyClass<Node> {
  static constexpr auto name = "Node";
  static constexpr bool subclass = true, weakref = true, dict = true;
  using fields = FieldList<&Node::value_, &Node::children_, &Node::named_, &Node::parent_, &Node::counted_>;
  static void define(ClassBuilder<Node>& cls) {
    cls.def_new<Handle>(arg("value") = cls_none());
    cls.getter<&Node::value>("value");
    cls.setter<&Node::set_value>("value");
    cls.deleter<&Node::delete_value>("value");
    cls.getter<&Node::children>("children");
    cls.setter<&Node::set_children>("children");
    cls.getter<&Node::parent>("parent");
    cls.setter<&Node::set_parent>("parent");
    cls.def<&Node::add>("add", arg("child"));
    cls.def<&Node::put>("put", arg("key"), arg("value"));
    cls.def<&Node::drop>("drop");
    cls.def<&Node::child>("child", arg("index") = 0);
    cls.def<&Node::each>("each", arg("callback"));
    cls.def<&Node::each_exclusive>("each_exclusive", arg("callback"));
    cls.def<"__len__", &Node::size>();
  }
  static Any cls_none() { return none(detail::token()); }
};
template <>
struct adder::PyClass<Slots> {
  static constexpr auto name = "Slots";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Slots>& cls) {
    cls.def_new<>();
    cls.field<&Slots::object>("object");
    cls.field<&Slots::maybe>("maybe");
    cls.field<&Slots::small>("small");
    cls.field<&Slots::text>("text");
    cls.field<&Slots::numbers>("numbers");
  }
};
template <>
struct adder::PyClass<FrozenHolder> {
  static constexpr auto name = "FrozenHolder";
  static constexpr bool frozen = true, subclass = true, weakref = true, dict = true;
  static void define(ClassBuilder<FrozenHolder>& cls) {
    cls.def_new<Handle>(arg("object"));
    cls.getter<&FrozenHolder::object>("object");
    cls.def<[](const FrozenHolder& self, const Any& callback) { return callback(self.object); }>("call");
  }
};
template <>
struct adder::PyClass<Base> {
  static constexpr auto name = "Base";
  static constexpr bool subclass = true, weakref = true;
  using fields = FieldList<&Base::got_, &Base::counted_>;
  static void define(ClassBuilder<Base>& cls) {
    cls.def_new<const Any&>(arg("callback"));
    cls.getter<&Base::got>("got");
    cls.def<&Base::who>("who");
    cls.def<&Base::base_exclude>("base_exclude");
  }
};
template <>
struct adder::PyClass<Derived> {
  static constexpr auto name = "Derived";
  static constexpr bool subclass = true;
  using base = Base;
  using fields = FieldList<&Derived::more_>;
  static void define(ClassBuilder<Derived>& cls) {
    cls.def_new<const Any&, Handle>(arg("callback"), arg("more") = 1);
    cls.def<&Derived::derived_share>("derived_share");
  }
};

template <class Tag>
inline constexpr const char* native_name = nullptr;
template <>
inline constexpr const char* native_name<PyDict> = "NativeDict";
template <>
inline constexpr const char* native_name<PyList> = "NativeList";
template <>
inline constexpr const char* native_name<PySet> = "NativeSet";
template <>
inline constexpr const char* native_name<PyException> = "NativeException";

template <class Tag>
struct adder::PyClass<Native<Tag>> {
  static constexpr auto name = native_name<Tag>;
  static constexpr bool subclass = true, weakref = true, dict = true;
  using base = Tag;
  using T = Native<Tag>;
  static void define(ClassBuilder<T>& cls) {
    cls.template def_new<[](const Args&, const Kwargs&) { return T{}; }>();
    cls.template def<&T::hit>("hit");
    cls.template def<&T::exclude>("exclude");
    cls.template def<[](T& self, Handle thing) { self.extra = std::move(thing); }>("keep");
    cls.template getter<&T::extra>("extra");
  }
};
template <>
struct adder::PyClass<Init> {
  static constexpr auto name = "Init";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Init>& cls) {
    cls.def_new<[](const Args&, const Kwargs&) { return Init{}; }>();
    cls.def_init<&Init::init>(arg("number") = 0, arg("thing") = 1);
    cls.getter<&Init::value>("value");
    cls.getter<&Init::object>("object");
  }
};
template <>
struct adder::PyClass<Variadic> {
  static constexpr auto name = "Variadic";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Variadic>& cls) {
    cls.def_new<[](const Args& args, const Kwargs& kwargs) { return Variadic{keep(*args), keep(*kwargs)}; }>();
    cls.getter<&Variadic::args>("args");
    cls.getter<&Variadic::kwargs>("kwargs");
  }
};
template <>
struct adder::PyClass<Pooled> {
  static constexpr auto name = "Pooled";
  static constexpr int freelist = 4;
  static constexpr bool subclass = true, weakref = true;
  static void define(ClassBuilder<Pooled>& cls) {
    cls.def_new<[](std::optional<Handle> object) { return Pooled{std::move(object)}; }>(arg("object") = std::nullopt);
    cls.field<&Pooled::object>("object");
  }
};
template <>
struct adder::PyClass<Mourner> {
  static constexpr auto name = "Mourner";
  static constexpr bool subclass = true;
  using fields = FieldList<&Mourner::callback_, &Mourner::counted_>;
  static void define(ClassBuilder<Mourner>& cls) { cls.def_new<Handle>(arg("callback")); }
};

namespace {

// --- c_: there and back ----------------------------------------------------------------------------------------------

template <class T>
T echo(T value) {
  return value;
}
std::size_t view_size(std::string_view text) {
  // Read all of it.
  return static_cast<std::size_t>(std::ranges::count(text, 'a')) + text.size();
}
Any bytes_of(Python py, std::span<const std::byte> bytes) { return PyBytes::new_(py, bytes); }
std::string backed_text(PyBackedStr text) { return std::string(text.view()); }
std::size_t backed_bytes(PyBackedBytes bytes) { return bytes.size(); }
template <class T>
Bound<T> lend(const Bound<T>& value) {
  return value;
}
template <class T>
Bound<T> borrowed(Borrowed<T> value) {
  return value.as_bound();
}

__extension__ using Wide = __int128;
using Nest = std::map<std::string, std::vector<std::tuple<std::int64_t, std::optional<std::string>, double>>>;
using Choice = std::variant<std::monostate, bool, std::int64_t, std::string, std::vector<std::int64_t>, Plain>;

void define_conversions(ModuleBuilder& m) {
  m.def<&echo<bool>>("c_bool");
  m.def<&echo<std::int8_t>>("c_int8");
  m.def<&echo<std::int16_t>>("c_int16");
  m.def<&echo<std::int32_t>>("c_int32", arg("value"));
  m.def<&echo<std::int64_t>>("c_int64", arg("value"));
  m.def<&echo<std::uint8_t>>("c_uint8");
  m.def<&echo<std::uint16_t>>("c_uint16");
  m.def<&echo<std::uint32_t>>("c_uint32");
  m.def<&echo<std::uint64_t>>("c_uint64");
  m.def<&echo<Wide>>("c_int128");
  m.def<&echo<float>>("c_float");
  m.def<&echo<double>>("c_double", arg("value"));
  m.def<&echo<double>>("c_strict_double", arg("value").strict());
  m.def<&echo<std::int64_t>>("c_strict_int", arg("value").strict());
  m.def<&echo<char>>("c_char");
  m.def<&echo<char32_t>>("c_char32");
  m.def<&echo<std::string>>("c_string");
  m.def<&echo<std::u16string>>("c_u16string");
  m.def<&echo<std::wstring>>("c_wstring");
  m.def<&view_size>("c_string_view");
  m.def<&bytes_of>("c_byte_span");
  m.def<&backed_text>("c_backed_str");
  m.def<&backed_bytes>("c_backed_bytes");
  m.def<&echo<std::complex<double>>>("c_complex");
  m.def<&echo<std::filesystem::path>>("c_path");
  m.def<&echo<std::chrono::milliseconds>>("c_duration");
  m.def<&echo<std::chrono::sys_time<std::chrono::microseconds>>>("c_sys_time");
  m.def<&echo<std::chrono::local_time<std::chrono::microseconds>>>("c_local_time");
  m.def<&echo<Color>>("c_enum");
  m.def<&echo<ByAttributes>>("c_attributes");
  m.def<&echo<ByItems>>("c_items");
  m.def<&echo<std::vector<ByAttributes>>>("c_vector_attributes");

  m.def<&echo<std::vector<std::uint8_t>>>("c_vector_byte");
  m.def<&echo<std::vector<bool>>>("c_vector_bool");
  m.def<&echo<std::vector<std::int64_t>>>("c_vector_int");
  m.def<&echo<std::vector<double>>>("c_vector_double");
  m.def<&echo<std::vector<std::string>>>("c_vector_string");
  m.def<&echo<std::vector<Handle>>>("c_vector_handle");
  m.def<&echo<std::vector<Any>>>("c_vector_bound");
  m.def<&echo<std::vector<std::vector<std::int64_t>>>>("c_vector_vector");
  m.def<&echo<std::vector<Plain>>>("c_vector_plain");
  m.def<&echo<std::vector<Bound<Node>>>>("c_vector_node");
  m.def<&echo<std::deque<std::int32_t>>>("c_deque");
  m.def<&echo<std::list<std::string>>>("c_list");
  m.def<&echo<std::array<std::int64_t, 3>>>("c_array");
  m.def<&echo<std::array<Any, 2>>>("c_array_bound");
  m.def<&echo<std::set<std::string>>>("c_set");
  m.def<&echo<std::unordered_set<std::int64_t>>>("c_unordered_set");
  m.def<&echo<std::map<std::string, std::int64_t>>>("c_map");
  m.def<&echo<std::map<std::int64_t, Any>>>("c_map_bound");
  m.def<&echo<std::unordered_map<std::int64_t, double>>>("c_unordered_map");
  m.def<&echo<std::map<std::string, std::map<std::string, std::string>>>>("c_map_map");
  m.def<&echo<std::optional<std::int64_t>>>("c_optional");
  m.def<&echo<std::optional<std::vector<std::string>>>>("c_optional_vector");
  m.def<&echo<Choice>>("c_variant");
  m.def<&echo<std::pair<std::int64_t, Any>>>("c_pair");
  m.def<&echo<std::tuple<std::int64_t, std::string, Handle>>>("c_tuple");
  m.def<&echo<Nest>>("c_nest");

  m.def<&lend<PyAny>>("c_any");
  m.def<&lend<PyList>>("c_pylist");
  m.def<&lend<PyTuple>>("c_pytuple");
  m.def<&lend<PyString>>("c_pystring");
  m.def<&lend<PySet>>("c_pyset");
  m.def<&lend<PySequence>>("c_pysequence");
  m.def<&lend<PyMapping>>("c_pymapping");
  m.def<&lend<PyIterator>>("c_pyiterator");
  m.def<&lend<PyInt>>("c_pyint");
  m.def<&lend<PyType>>("c_pytype");
  m.def<&echo<Bound<PyDict>>>("c_pydict");
  m.def<&echo<Handle>>("c_handle");
  m.def<&borrowed<PyAny>>("c_borrowed");
  m.def<&borrowed<PyBytes>>("c_borrowed_bytes");
  m.def<&echo<Plain>>("c_plain");
  m.def<&lend<Plain>>("c_bound_plain");
  m.def<&echo<Py<Node>>>("c_py_node");
  m.def<[](const Plain& plain) { return plain.number(); }>("c_plain_const");
  m.def<[](Plain& plain) { plain.set_number(3); }>("c_plain_mutable");
  m.def<[](PyRef<Plain> plain) { return plain->number(); }>("c_pyref");
  m.def<[](PyRefMut<Plain> plain) { plain->set_text("t"); }>("c_pyref_mut");
  m.def<[](const Frozen& frozen) { return frozen.x; }>("c_frozen");
  m.def<[](const Bound<Native<PyDict>>& dict) { return dict.as_super().len(); }>("c_native_dict");
  m.def<[](const Base& base) { return base.who(); }>("c_base");
}

// --- f_: binding -----------------------------------------------------------------------------------------------------

Any listed(Python py, const Any& a, const Any& b, const Any& c) { return PyList::new_(py, a, b, c); }

void define_functions(ModuleBuilder& m) {
  m.def<&listed>("f_three", arg("a"), arg("b"), arg("c"));
  m.def<&listed>("f_defaults", arg("a") = 1, arg("b") = "b", arg("c") = none(m.py()));
  m.def<&listed>("f_positional", arg("a"), pos_only, arg("b") = 2, arg("c") = 3);
  m.def<&listed>("f_keyword", kw_only, arg("a"), arg("b") = 2, arg("c"));
  m.def<&listed>("f_unnamed");
  m.def<[](Python py, const Any& a, const Args& args) { return PyList::new_(py, a, *args); }>("f_args", arg("a"));
  m.def<[](Python py, const Kwargs& kwargs) { return PyList::new_(py, *kwargs); }>("f_kwargs");
  m.def<[](Python py, const Any& a, const Args& args, const Any& b, const Kwargs& kwargs) {
    return PyList::new_(py, a, *args, b, *kwargs);
  }>("f_all", arg("a") = 1, arg("b") = 2);
  m.def<[](std::int64_t a, const std::vector<std::int64_t>& b, std::optional<std::string> c) {
    return std::tuple(a, b, std::move(c));
  }>("f_typed", arg("a") = 1, arg("b") = std::vector<int>{1}, arg("c") = std::nullopt);
  m.def<[](Plain& a, const Any& b, Plain& c) {
    a.set_text(b.str().to_string());
    c.set_number(1);
  }>("f_exclusive", arg("a"), arg("b"), arg("c"));
  m.def<[](const std::vector<std::int64_t>& a, PyRefMut<Plain> b, std::string_view c) {
    b->set_text(c);
    return a.size();
  }>("f_borrow_between", arg("a"), arg("b"), arg("c") = "c");
  m.def<[](std::string_view a, const std::vector<std::int64_t>& b, std::span<const std::byte> c) {
    return view_size(a) + b.size() + c.size();
  }>("f_views", arg("a"), arg("b"), arg("c"));
  m.def<[](const std::vector<double>& a, std::string b) {
    double sum = 0;
    for (const double x : a) sum += x;
    return sum + static_cast<double>(b.size());
  }>("f_detached", arg("a"), arg("b") = "b", release_gil);

  m.def<overload<[](std::int64_t) { return "int"; }, [](double) { return "float"; },
                 [](const std::string&) { return "str"; }>>("f_scalar_overloads");
  m.def<overload<[](const std::vector<std::int64_t>& a) { return a.size(); },
                 [](const std::map<std::string, std::int64_t>& a) { return a.size(); },
                 [](const Plain& a) { return static_cast<std::size_t>(a.text().size()); }>>("f_container_overloads");
  m.def<overload<[](Plain& a, const Any& b) { return b(a.number()); },
                 [](Node& a, const Any& b) {
                   a.drop(b.py());
                   return b();
                 }>>("f_class_overloads");
  m.def<overload<[](const Bound<PyList>& a, std::int64_t b) { return a.len() + static_cast<std::size_t>(b); },
                 [](const Bound<PyDict>& a, const Any& b) { return a.contains(b) ? std::size_t(1) : a.len(); },
                 [](const Args& args) { return args->len(); }>>("f_args_overloads", signature(arg("a"), arg("b") = 1),
                                                                signature(arg("a"), arg("b")), signature());
}

// --- u_: operations --------------------------------------------------------------------------------------------------

constexpr int any_operations = 76;
Any operate(int operation, const Any& a, const Any& b, const Any& c) {
  const Python py = a.py();
  const auto integer = [&](auto value) { return into_py(py, static_cast<std::int64_t>(value)).value(); };
  const auto maybe = [&](std::optional<Any> value) { return value ? *std::move(value) : none(py); };
  switch (operation) {
    case 0:
      return a.call();
    case 1:
      return a.call(b, c);
    case 2:
      return a.call(b, kw("x"_s) = c);
    case 3:
      return a.call(args_of(b), kwargs_of(c));
    case 4:
      return a.call(args_of(b), 1, kw("x"_s) = c);
    case 5:
      return a.call(kwargs_of(b), kwargs_of(c));
    case 6:
      return a.call_method("method"_s, b, c);
    case 7:
      return a.call_method("append"_s, b);
    case 8:
      return a.call_method("update"_s, kw("x"_s) = b);
    case 9:
      return a.call_method("get"_s, args_of(b));
    case 10:
      return a.getattr("x"_s);
    case 11:
      return maybe(a.getattr_opt("x"_s));
    case 12:
      return integer(a.hasattr("children"_s));
    case 13:
      a.setattr("x"_s, b);
      return a;
    case 14:
      a.delattr("x"_s);
      return a;
    case 15:
      return a.dir();
    case 16:
      return a.get_item(b);
    case 17:
      return a.get_item(0);
    case 18:
      a.set_item(b, c);
      return a;
    case 19:
      a.del_item(b);
      return a;
    case 20:
      return integer(a.contains(b));
    case 21:
      return a.repr();
    case 22:
      return a.str();
    case 23:
      return integer(a.is_truthy());
    case 24:
      return integer(a.len());
    case 25:
      return integer(a.hash());
    case 26:
      return integer(a.eq(b));
    case 27:
      return integer(a.lt(b));
    case 28:
      return a.rich_compare(b, CompareOp::ge);
    case 29:
      return a.add(b);
    case 30:
      return a.sub(b);
    case 31:
      return a.mul(b);
    case 32:
      return a.mod(b);
    case 33:
      return a.divmod(b);
    case 34:
      return a.and_(b);
    case 35:
      return a.or_(b);
    case 36:
      return a.xor_(b);
    case 37:
      return a.iadd(b);
    case 38:
      return a.ior(b);
    case 39:
      return a.neg();
    case 40:
      return a.abs();
    case 41:
      return integer(a.is_instance(b));
    case 42:
      return a.get_type().call(b);
    case 43: {
      std::int64_t count = 0;
      for (const Any& item : a) {
        (void)item.repr();
        if (++count == 50) break;
      }
      return integer(count);
    }
    case 44: {
      std::int64_t sum = 0;
      for (const std::int64_t x : a.as<std::int64_t>()) sum += x % 10;
      return integer(sum);
    }
    case 45:
      return integer(a.extract<std::vector<std::string>>().size());
    case 46:
      return integer(a.extract<std::map<std::string, std::int64_t>>().size());
    case 47:
      return integer(a.try_extract<std::vector<std::int64_t>>().is_ok());
    case 48: {
      const auto text = a.try_extract<std::string_view>();
      (void)b.call();
      return integer(text.is_ok() ? view_size(*text) : 0);
    }
    case 49:
      return into_py(py, a.extract<ByItems>()).value();
    case 50:
      a.attr("x"_s) = b;
      a.attr("x"_s) += c;
      return a.attr("x"_s);
    case 51:
      a[b] = c;
      return a[b];
    case 52:
      a[b] += c;
      return a;
    case 53:
      a[b].del();
      return a;
    case 54:
      return a.attr("x"_s)[b].attr("y"_s)(c);
    case 55: {
      const auto iterator = a.try_iter();
      auto first = iterator.next();
      auto second = iterator.next();
      return PyList::new_(py, iterator, maybe(std::move(first)), maybe(std::move(second)));
    }
    case 56: {
      const SendResult sent = a.try_iter().send(b);
      return sent.value;
    }
    case 57:
      return PyList::new_(py, a, b, c);
    case 58:
      return PyTuple::new_(py, a, b, c);
    case 59:
      return PySet::new_(py, a, b, c);
    case 60:
      return PyFrozenSet::from_iterable(a);
    case 61: {
      auto dict = PyDict::new_(py);
      dict.set_item(a, b);
      dict.set_item(b, c);
      return dict;
    }
    case 62:
      return PyDict::from_range(py, std::vector<std::pair<Any, Any>>{{a, b}, {b, c}, {c, a}});
    case 63: {
      PyListBuilder builder(py, 1);
      builder.push_back(a);
      for (const Any& item : b) {
        builder.push_back(item);
        if (builder.size() == 40) break;
      }
      return std::move(builder).finish();
    }
    case 64: {
      PyTupleBuilder builder(py, 7);
      for (const Any& item : a) {
        builder.push_back(item);
        if (builder.size() == 40) break;
      }
      return std::move(builder).finish();
    }
    case 65: {
      std::vector<Any> items;
      for (const Any& item : a.as<Any>()) {
        items.push_back(item);
        if (items.size() == 30) break;
      }
      return PyList::from_range(py, items);
    }
    case 66:
      return PyWeakrefReference::new_with(a, b);
    case 67:
      return a.pow(b, c);
    case 68:
      return a.downcast<PyMapping>().items();
    case 69:
      return a.downcast<PySequence>().to_list();
    case 70:
      return a.downcast<PySequence>().get_slice(0, 3);
    case 71:
      return a.downcast<PySequence>().concat(b);
    case 72:
      return integer(a.downcast<PySequence>().index(b));
    case 73:
      return into_py(py, a.extract<std::pair<Any, std::vector<Plain>>>()).value();
    case 74:
      return PyString::from_fmt(py, "{} {!r:>3}", a, b);
    default:
      throw PyErr::from_value(a);
  }
}

constexpr int list_operations = 25;
Any operate_list(int operation, const Bound<PyList>& list, const Any& a, const Any& b) {
  const Python py = list.py();
  const auto integer = [&](auto value) { return into_py(py, static_cast<std::int64_t>(value)).value(); };
  switch (operation) {
    case 0:
      list.append(a);
      return list;
    case 1:
      list.extend(a);
      return list;
    case 2:
      list.insert(1, a);
      return list;
    case 3:
      return list.pop();
    case 4:
      return list.pop(1);
    case 5:
      list.remove(a);
      return list;
    case 6:
      list.clear();
      return list;
    case 7:
      return integer(list.index(a));
    case 8:
      return integer(list.count(a));
    case 9:
      list.sort();
      return list;
    case 10:
      list.reverse();
      return list;
    case 11:
      return list.to_tuple();
    case 12:
      return list.copy();
    case 13:
      list.set_item(0, a);
      return list;
    case 14:
      list.set_slice(0, 2, a);
      return list;
    case 15:
      list.del_item(0);
      return list;
    case 16:
      list.del_slice(1, 3);
      return list;
    case 17:
      return list.get_item(2);
    case 18: {
      const auto numbers = list.as<std::int64_t>();
      std::ranges::sort(numbers);
      return integer(numbers.size());
    }
    case 19: {
      auto numbers = list.as<std::int64_t>();
      for (auto item : numbers) item = item.get() / 2 + 1;
      return list;
    }
    case 20: {
      const auto objects = list.as<Any>();
      std::ranges::reverse(objects);
      return list;
    }
    case 21: {
      const auto texts = list.as<std::string>();
      return integer(std::ranges::count(texts, std::string("a")));
    }
    case 22: {
      std::int64_t seen = 0;
      for (const Any& item : list) {
        if (item.eq(a)) list.append(b);
        if (++seen == 60) break;
      }
      return integer(seen);
    }
    case 23: {
      const auto numbers = list.as<std::int64_t>();
      const auto found = std::ranges::find_if(numbers, [](std::int64_t x) { return x > 1; });
      return integer(found - numbers.begin());
    }
    default:
      list.set_item(0, list);  // A list that holds itself.
      return list.repr();
  }
}

constexpr int dict_operations = 17;
Any operate_dict(int operation, const Bound<PyDict>& dict, const Any& a, const Any& b) {
  const Python py = dict.py();
  const auto integer = [&](auto value) { return into_py(py, static_cast<std::int64_t>(value)).value(); };
  const auto maybe = [&](std::optional<Any> value) { return value ? *std::move(value) : none(py); };
  switch (operation) {
    case 0:
      return maybe(dict.get_item(a));
    case 1:
      dict.set_item(a, b);
      return dict;
    case 2:
      dict.del_item(a);
      return dict;
    case 3:
      return integer(dict.contains(a));
    case 4:
      return dict.set_default(a, b);
    case 5:
      return maybe(dict.pop(a));
    case 6:
      dict.update(a);
      return dict;
    case 7:
      dict.update_if_missing(a);
      return dict;
    case 8:
      return PyTuple::new_(py, dict.keys(), dict.values(), dict.items());
    case 9:
      return dict.copy();
    case 10:
      dict.clear();
      return dict;
    case 11: {
      std::int64_t seen = 0;
      for (const auto& [key, value] : dict) {
        (void)key.eq(a);
        (void)value.repr();
        if (++seen == 60) break;
      }
      return integer(seen);
    }
    case 12: {
      std::int64_t sum = 0;
      for (const auto& [key, value] : dict.as<std::string, std::int64_t>()) sum += value % 7;
      return integer(sum);
    }
    case 13: {
      for (const auto& [key, value] : dict) {
        dict.set_item(key, a);
        dict.set_item(b, value);
      }
      return dict;
    }
    case 14: {
      std::map<std::int64_t, Any> all;
      for (const auto& [key, value] : dict.as<Any, Any>()) all.emplace(key.hash(), value);
      return into_py(py, all).value();
    }
    case 15:
      return dict.get_item(a) ? a.call(kwargs_of(dict)) : b.call(kwargs_of(dict));
    default:
      return into_py(py, dict.extract<std::map<std::int64_t, std::vector<std::string>>>()).value();
  }
}

constexpr int set_operations = 9;
Any operate_set(int operation, const Bound<PySet>& set, const Any& a, const Any& b) {
  const Python py = set.py();
  const auto integer = [&](auto value) { return into_py(py, static_cast<std::int64_t>(value)).value(); };
  switch (operation) {
    case 0:
      set.add(a);
      return set;
    case 1:
      return integer(set.discard(a));
    case 2:
      return set.pop().value_or(none(py));
    case 3:
      set.clear();
      return set;
    case 4:
      return integer(set.contains(a));
    case 5: {
      std::int64_t seen = 0;
      for (const Any& item : set) {
        if (item.eq(a)) set.add(b);
        ++seen;
      }
      return integer(seen);
    }
    case 6:
      return PySet::from_range(py, std::vector<Any>{a, b, a});
    case 7:
      return set.or_(a);
    default:
      return into_py(py, set.extract<std::set<std::string>>()).value();
  }
}

void define_operations(ModuleBuilder& m) {
  m.def<&operate>("u_any");
  m.def<&operate_list>("u_list");
  m.def<&operate_dict>("u_dict");
  m.def<&operate_set>("u_set");
  m.add("OPERATIONS", std::map<std::string, int>{{"u_any", any_operations},
                                                 {"u_list", list_operations},
                                                 {"u_dict", dict_operations},
                                                 {"u_set", set_operations}});
}

// --- i_: calls back in the middle ------------------------------------------------------------------------------------

struct Tally {
  Handle last = no_handle();
  std::vector<Handle> all{};
  Counted counted{};
};

Any tally_alone(Tally& tally, const Any& callback) {
  Any result = callback(tally.last);
  tally.last = Handle(result);
  tally.all.push_back(Handle(result));
  return result;
}
Any tally_together(const Tally& tally, const Any& callback, const Args& args) { return callback(tally.last, *args); }

void define_callbacks(ModuleBuilder& m) {
  m.def<[](Plain& plain, const Any& callback) {
    plain.set_number(1);
    Any result = callback();
    plain.set_text("after");
    return result;
  }>("i_mutable");
  m.def<[](const Plain& plain, const Any& callback) {
    Any result = callback();
    return PyTuple::new_(callback.py(), result, plain.text());
  }>("i_const");
  m.def<[](const Bound<Plain>& plain, const Any& callback) {
    const auto held = plain.borrow();
    return callback(plain);
  }>("i_borrow");
  m.def<[](const Bound<Node>& node, const Any& callback) {
    const auto held = node.borrow_mut();
    held->add(Handle(callback));
    return callback(node);
  }>("i_borrow_mut");
  m.def<[](const Bound<Node>& node, const Any& callback) {
    return node.replace(Node(Handle(callback))).value(callback.py());
  }>("i_replace");
  m.def<[](const Bound<Plain>& a, const Any& b) {
    a.swap(b.extract<Bound<Plain>>());
    return b;
  }>("i_swap");
  m.def<[](const Any& iterable, const Any& callback) {
    std::vector<Any> results;
    for (const Any& item : iterable) {
      results.push_back(callback(item));
      if (results.size() == 40) break;
    }
    return results;
  }>("i_iterate");
  m.def<[](const Bound<PyList>& list, const Any& callback) {
    std::vector<Any> results;
    for (const Any& item : list) {
      results.push_back(callback(item));
      if (results.size() == 40) break;
    }
    return results;
  }>("i_list");
  m.def<[](const Bound<PyTuple>& tuple, const Any& callback) {
    std::size_t calls = 0;
    for (const Any& item : tuple) {
      (void)callback(item);
      ++calls;
    }
    return calls;
  }>("i_tuple");
  m.def<[](const Bound<PyDict>& dict, const Any& callback) {
    std::size_t calls = 0;
    for (const auto& [key, value] : dict) {
      (void)callback(key, value);
      ++calls;
    }
    return calls;
  }>("i_dict");
  m.def<[](const Any& object, const Any& callback) {
    auto list = PyListBuilder(object.py(), 4);
    for (int i = 0; i < 6; ++i) list.push_back(callback(i, object));
    return std::move(list).finish();
  }>("i_build");
  m.def<[](std::string_view text, const Any& callback) {
    (void)callback();
    return view_size(text);
  }>("i_view");
  m.def<[](std::span<const std::byte> bytes, const Any& callback) {
    (void)callback();
    int sum = 0;
    for (const std::byte b : bytes) sum += std::to_integer<int>(b);
    return sum;
  }>("i_bytes");
  m.def<[](PyRef<Plain> plain, const Any& callback) {
    (void)callback();
    return plain->text();
  }>("i_pyref");
  m.def<[](PyRefMut<Plain> plain, const Any& callback) {
    (void)callback();
    plain->set_text("mut");
    return plain->number();
  }>("i_pyref_mut");
  m.def<[](const Frozen& frozen, const Any& callback) {
    (void)callback();
    return frozen.text;
  }>("i_frozen");
  m.def<[](Borrowed<PyList> list, const Any& callback) {
    (void)callback(list);
    return list.len();
  }>("i_borrowed");
  m.def<[](const Any& object, const Any& callback) {
    try {
      return callback(object);
    } catch (const PyErr& error) {
      return error.value(object.py()).into_any();
    }
  }>("i_catch");
  m.def<[](const Any& object, const Any& callback) -> PyResult<Any> {
    if (object.is_none()) return PyErr::from_value(callback);
    return callback(object);
  }>("i_result");

  m.def<[](Python py) { return new_closure<&tally_alone>(py, "alone", Tally{}, arg("callback")); }>("new_alone");
  m.def<[](Python py, Handle first) { return new_closure<&tally_together>(py, "together", Tally{std::move(first)}); }>(
      "new_together");

  m.def<[] { return live_values.load(); }>("live");
}

template <class T>
bool check_free(const Any& object, bool& free) {
  const auto cell = object.try_downcast<T>();
  if (!cell) return false;
  if constexpr (detail::is_frozen<T>()) {
    free = cell->try_borrow().is_ok();
  } else {
    const auto held = cell->try_borrow_mut();
    free = held.is_ok() || std::string(held.error().what()).find("taken apart") != std::string::npos;
  }
  return true;
}
/// Whether nobody borrows the object. One that the collector has taken apart is nobody's.
bool is_free(const Any& object) {
  bool free = true;
  (void)(check_free<Plain>(object, free) || check_free<Frozen>(object, free) || check_free<Node>(object, free) ||
         check_free<Slots>(object, free) || check_free<FrozenHolder>(object, free) ||
         check_free<Derived>(object, free) || check_free<Base>(object, free) ||
         check_free<Native<PyDict>>(object, free) || check_free<Native<PyList>>(object, free) ||
         check_free<Native<PySet>>(object, free) || check_free<Native<PyException>>(object, free) ||
         check_free<Init>(object, free) || check_free<Variadic>(object, free) || check_free<Pooled>(object, free) ||
         check_free<Mourner>(object, free));
  return free;
}

}  // namespace

ADDER_MODULE(fuzz_ext, m) {
  m.add_class<Plain>();
  m.add_class<Frozen>();
  m.add_class<Node>();
  m.add_class<Slots>();
  m.add_class<FrozenHolder>();
  m.add_class<Base>();
  m.add_class<Derived>();
  m.add_class<Native<PyDict>>();
  m.add_class<Native<PyList>>();
  m.add_class<Native<PySet>>();
  m.add_class<Native<PyException>>();
  m.add_class<Init>();
  m.add_class<Variadic>();
  m.add_class<Pooled>();
  m.add_class<Mourner>();
  define_conversions(m);
  define_functions(m);
  define_operations(m);
  define_callbacks(m);
  m.def<&is_free>("is_free");
}
