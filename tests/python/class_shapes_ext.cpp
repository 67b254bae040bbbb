// SPDX-License-Identifier: MIT
// Classes as test_class_shapes.py needs them. `live()` counts the C++ values.
#include <adder/adder.hpp>
#include <adder/stl/array.hpp>
#include <adder/stl/map.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/pair.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/tuple.hpp>
#include <adder/stl/variant.hpp>
#include <adder/stl/vector.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
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

/// All code here runs with the GIL.
Python python() { return detail::token(); }
std::vector<std::string> log_lines;
/// What C++ code calls that has no object to ask; null for nothing.
Handle* hook = nullptr;

// --- Construction ----------------------------------------------------------------------------------------------------

enum class How { value, result, py, bound, result_py, result_bound };
/// A class whose factory returns it in one of the allowed ways. -1 is refused, -2 makes the factory throw.
template <How>
struct Made {
  explicit Made(int number) : value(number) {}
  Counted counted;
  int value;
};
template <How H>
Made<H> make_value(int value) {
  if (value == -2) throw std::invalid_argument("thrown by the factory");
  return Made<H>(value);
}
template <How H>
PyResult<Made<H>> make_result(int value) {
  if (value == -1) return PyKeyError::new_err("refused");
  return make_value<H>(value);
}
template <How H>
Bound<Made<H>> make_bound(Python py, int value) {
  return Bound<Made<H>>::new_(py, make_value<H>(value));
}
template <How H>
Py<Made<H>> make_py(Python py, int value) {
  return make_bound<H>(py, value).unbind();
}
template <How H>
PyResult<Bound<Made<H>>> make_result_bound(Python py, int value) {
  if (value == -1) return PyKeyError::new_err("refused");
  return make_bound<H>(py, value);
}
template <How H>
PyResult<Py<Made<H>>> make_result_py(Python py, int value) {
  if (value == -1) return PyKeyError::new_err("refused");
  return make_py<H>(py, value);
}

/// Objects that exist already.
struct Cached {
  int key;
  Counted counted{};
};
std::map<int, Py<Cached>>* cache = nullptr;
Py<Cached> find_cached(Python py, int key) {
  if (cache == nullptr) cache = new std::map<int, Py<Cached>>();
  auto found = cache->find(key);
  if (found == cache->end()) found = cache->emplace(key, Bound<Cached>::new_(py, key).unbind()).first;
  return found->second.clone_ref(py);
}

struct FromClass {
  std::string made_by;
  Counted counted{};
};
struct Fields {
  std::int8_t x = 1;
  std::string y = "unset";
  int z = 7;
  Counted counted{};
};
template <class T>
Handle keep(Bound<T> object) {
  return std::move(object).into_any().unbind();
}
struct Variadic {
  Handle args, kwargs, type;
  Counted counted{};
};

/// Runs a callback in its constructor, between the construction of two members.
class CallsBack {
 public:
  explicit CallsBack(const Any& callback) : got_(callback().unbind()) {}
  Handle got(Python py) const { return got_.clone_ref(py); }

 private:
  friend struct adder::PyClass<CallsBack>;
  Counted before_;
  Handle got_;
  Counted after_;
};
struct Uncallable {
  int value = 3;
  Counted counted{};
};
struct UncallableChild : Uncallable {
  int more = 4;
};

// --- Inheritance -----------------------------------------------------------------------------------------------------

class Base {
 public:
  explicit Base(std::string name) : name_(std::move(name)) {}
  Base(const Base&) = delete;
  Base& operator=(const Base&) = delete;
  virtual ~Base() = default;
  virtual std::string who() const { return "Base " + name_; }
  const std::string& name() const { return name_; }
  void rename(std::string name) { name_ = std::move(name); }
  Any base_share(const Any& callback) const { return callback(); }
  Any base_exclude(const Any& callback) { return callback(); }

 private:
  std::string name_;
  Counted counted_;
};
class Mid : public Base {
 public:
  Mid(std::string name, int level) : Base(std::move(name)), level_(level) {}
  std::string who() const override { return "Mid " + name(); }
  int level() const { return level_; }
  Any mid_share(const Any& callback) const { return callback(); }
  Any mid_exclude(const Any& callback) { return callback(); }

 private:
  int level_;
};
class Leaf : public Mid {
 public:
  explicit Leaf(const std::string& name) : Mid(name, 2) {
    if (name == "bad") throw std::invalid_argument("bad leaf");
  }
  std::string who() const override { return "Leaf " + name(); }
  Any leaf_share(const Any& callback) const { return callback(); }
  Any leaf_exclude(const Any& callback) { return callback(); }
};
/// Adds nothing to its base.
class Other : public Base {
 public:
  using Base::Base;
};

/// Classes of one size that can be changed: candidates for an assignment to __class__.
struct PlainBase {
  std::int64_t value = 1;
  Counted counted{};
};
template <int Which>
struct PlainChild : PlainBase {
  explicit PlainChild(int number) { value = number; }
};
template <int Which>
struct Stranger {
  std::int64_t value = Which;
  Counted counted{};
};

// --- Built-in bases --------------------------------------------------------------------------------------------------

template <class Tag>
struct Native {
  int hits = 0;
  std::optional<Handle> extra{};
  Counted counted{};
  int hit() { return ++hits; }
};
/// An exception whose constructor says what it takes.
struct CodeError {
  int code;
  explicit CodeError(int number) : code(number) {
    if (number < 0) throw std::invalid_argument("code may not be negative");
  }
  Counted counted{};
};
template <class Tag>
struct Impossible {
  int value = 0;
};

// --- Garbage ---------------------------------------------------------------------------------------------------------

struct Pocket {
  Handle item;
  std::vector<std::optional<Handle>> items{};
};
/// A handle in every kind of field.
class Holder {
 public:
  void put(const std::string& where, const Handle& thing) {
    const auto item = [&] { return thing.clone_ref(python()); };
    if (where == "py") {
      py_ = item();
    } else if (where == "optional") {
      optional_ = item();
    } else if (where == "vector") {
      vector_.push_back(item());
    } else if (where == "map") {
      map_.emplace("key", item());
    } else if (where == "unique_ptr") {
      pointer_ = std::make_unique<Handle>(item());
    } else if (where == "variant") {
      variant_ = item();
    } else if (where == "tuple") {
      std::get<1>(tuple_) = item();
    } else if (where == "pair") {
      pair_.second = item();
    } else if (where == "array") {
      array_[2] = item();
    } else if (where == "aggregate") {
      pocket_.item = item();
    } else if (where == "deep") {
      pocket_.items.emplace_back();
      pocket_.items.emplace_back(item());
    } else if (where == "pointer to aggregate") {
      pockets_ = std::make_unique<Pocket>(Pocket{item()});
    } else if (where == "vector of pairs") {
      pairs_.emplace_back(1, item());
    } else if (where == "typed") {
      typed_ = thing.bind(python()).extract<Py<Holder>>();
    } else {
      throw std::invalid_argument(where);
    }
  }
  Any exclude(const Any& callback) { return callback(); }
  Any share(const Any& callback) const { return callback(); }
  int touch() const { return 1; }

 private:
  friend struct adder::PyClass<Holder>;
  Handle py_ = none();
  std::optional<Handle> optional_;
  std::vector<Handle> vector_;
  std::map<std::string, Handle> map_;
  std::unique_ptr<Handle> pointer_;
  std::variant<int, Handle> variant_{1};
  std::tuple<int, Handle> tuple_{1, none()};
  std::pair<int, Handle> pair_{1, none()};
  std::array<std::optional<Handle>, 3> array_{};
  Pocket pocket_{none()};
  std::unique_ptr<Pocket> pockets_;
  std::vector<std::pair<int, Handle>> pairs_;
  std::optional<Py<Holder>> typed_;
  Counted counted_;
  static Handle none() { return PyNone::get(python()).into_any().unbind(); }
};

struct Automatic {
  Handle first;
  std::optional<Handle> second{};
  Pocket pocket{first.clone_ref(python()), {}};
  Counted counted{};
};
class ByHand {
 public:
  explicit ByHand(Handle thing) : thing_(std::make_shared<Handle>(std::move(thing))) {}
  void put(Handle thing) { *thing_ = std::move(thing); }
  bool empty() const { return thing_ == nullptr; }

 private:
  friend struct adder::PyClass<ByHand>;
  std::shared_ptr<Handle> thing_;
  Counted counted_;
};
class CellHolder {
 public:
  void fill(Handle thing) const { (void)cell_.set(python(), std::move(thing)); }

 private:
  friend struct adder::PyClass<CellHolder>;
  mutable GILOnceCell<Handle> cell_;
  const Counted counted_{};
};
struct FrozenHolder {
  Handle thing;
  Counted counted{};
};
struct Link {
  Handle next;
  Counted counted{};
};
/// Calls `poke` of what it refers to when it dies, and logs what becomes of it.
class Mourner {
 public:
  void mourn(Handle other) { other_ = std::move(other); }
  int poke() const { return 5; }
  Mourner() = default;
  Mourner(const Mourner&) = delete;
  Mourner& operator=(const Mourner&) = delete;
  ~Mourner() {
    if (!other_.has_value()) return;
    Python::with_gil([this](Python py) {
      try {
        log_lines.push_back(std::to_string(other_->bind(py).call_method("poke").template extract<int>()));
      } catch (const PyErr& error) {
        log_lines.emplace_back(error.what());
      }
    });
  }

 private:
  friend struct adder::PyClass<Mourner>;
  std::optional<Handle> other_;
  Counted counted_;
};

/// Its finalizer calls the hook.
struct Final {
  int value = 0;
  std::optional<Handle> thing{};
  Counted counted{};
};
struct FinalChild : Final {
  FinalChild() {}  // No aggregate.
  int more = 1;
};

// --- Options ---------------------------------------------------------------------------------------------------------

template <bool Collected>
struct Pooled {
  int value = 0;
  Counted counted{};
};
struct Changeable {
  int value = 0;
  Counted counted{};
};
struct Generic {
  int value = 0;
};
struct Elsewhere {
  int value = 0;
};
struct Never {
  int value = 0;
};

// --- Attributes and receivers ----------------------------------------------------------------------------------------

struct Inner {
  int number = 0;
  Counted counted{};
};
class Props {
 public:
  std::int8_t small = 3;
  std::string text = "text";
  std::vector<int> numbers{1, 2};
  Inner inner{};
  Counted counted{};
  int secret = 0;
  int hidden() const { return secret; }
  void hide(int value) {
    if (value == 13) throw std::out_of_range("thirteen");
    secret = value;
  }
  PyResult<void> try_hide(int value) {
    if (value == 13) return PyLookupError::new_err("no thirteen");
    secret = value;
    return {};
  }
  void forget() { secret = -1; }
  PyResult<void> refuse_to_forget() { return PyPermissionError::new_err("never"); }
  Any shout() const { throw PyAttributeError::new_err("no shouting"); }

  Any lvalue_const(const Any& callback) const& { return callback(); }
  Any lvalue(const Any& callback) & { return callback(); }
  Any rvalue(const Any& callback) && { return callback(); }
  Any quiet(const Any& callback) const noexcept { return callback(); }
  Any quiet_mutable(const Any& callback) noexcept { return callback(); }
};

}  // namespace

// Above the functions that use what handles offer.
template <>
struct adder::PyClass<Props> {
  static constexpr auto name = "Props";
  static constexpr auto doc = "Attributes of all kinds.";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Props>& cls);
};

namespace {

Any receive_const(const Props&, const Any& callback) { return callback(); }
Any receive_mutable(Props&, const Any& callback) { return callback(); }
Any receive_rvalue(Props&&, const Any& callback) { return callback(); }
Any receive_ref(const PyRef<Props>& self, const Any& callback) {
  (void)self;
  return callback();
}
Any receive_ref_value(PyRef<Props> self, const Any& callback) {
  (void)self;
  return callback();
}
Any receive_ref_mut(PyRefMut<Props> self, const Any& callback) {
  (void)self;
  return callback();
}
Any receive_bound(const Bound<Props>& self, const Any& callback) {
  (void)self;
  return callback();
}
Any receive_bound_value(Bound<Props> self, const Any& callback) {
  (void)self;
  return callback();
}
Any receive_py(Py<Props> self, const Any& callback) {
  (void)self;
  return callback();
}
Any receive_borrowed(Borrowed<Props> self, const Any& callback) {
  (void)self;
  return callback();
}
/// Lets go of the borrow before it calls.
Any let_go(PyRefMut<Props> self, const Any& callback) {
  { const PyRefMut<Props> ends_here = std::move(self); }
  return callback();
}
Any take_const(const Props&, const Any& callback) { return callback(); }
Any take_mutable(Props&, const Any& callback) { return callback(); }
int take_two(Props& a, Props& b) { return a.secret + b.secret; }
int take_two_const(const Props& a, const Props& b) { return a.secret + b.secret; }
int take_mixed(const Props& a, Props& b) { return a.secret + b.secret; }
PyResult<void> check_signals_shared(const Props&, Python py) { return py.check_signals(); }
PyResult<void> check_signals_exclusive(Props&, Python py) { return py.check_signals(); }
/// Whether somebody borrows the object.
template <class T>
std::string state_of(const Bound<T>& object) {
  if (object.try_borrow().is_err()) return "exclusive";
  return object.try_borrow_mut().is_err() ? "shared" : "free";
}
std::string share_too_often(const Bound<Props>& object) {
  std::vector<PyRef<Props>> held;
  held.reserve(0x7FF0);
  for (int i = 0; i < 0x7FF0; ++i) held.push_back(object.borrow());
  return object.try_borrow().error().what();
}

// --- Threads ---------------------------------------------------------------------------------------------------------

template <bool Frozen>
class ForOneThread {
 public:
  explicit ForOneThread(Handle thing) : thing_(std::move(thing)) {}
  int get() const { return value; }
  int value = 4;

 private:
  friend struct adder::PyClass<ForOneThread>;
  std::conditional_t<Frozen, const Handle, Handle> thing_;
  Counted counted_;
};

// --- __init__ and slots ----------------------------------------------------------------------------------------------

struct Init {
  int value = 0;
  int times = 0;
  Counted counted{};
  PyResult<void> init(int number, const std::string& text) {
    if (number < 0) return PyValueError::new_err(text);
    value = number;
    ++times;
    return {};
  }
};
struct InitChild : Init {
  InitChild() {}  // No aggregate.
  int more = 0;
};
/// What define() does wrong is chosen by the number.
template <int Which>
struct Wrong {
  int value = 0;
  int init() { return 0; }
  void no_init() {}
  bool truth() const { return true; }
};
struct WithSlot {
  int value = 0;
};

}  // namespace

// --- Descriptions ----------------------------------------------------------------------------------------------------

template <How H>
struct adder::PyClass<Made<H>> {
  static constexpr const char* names[6] = {"MadeByValue", "MadeByResult",   "MadeByPy",
                                           "MadeByBound", "MadeByResultPy", "MadeByResultBound"};
  static constexpr const char* name = names[static_cast<int>(H)];
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Made<H>>& cls) {
    if constexpr (H == How::value) cls.template def_new<&make_value<H>>(arg("value") = 1);
    if constexpr (H == How::result) cls.template def_new<&make_result<H>>(arg("value") = 1);
    if constexpr (H == How::py) cls.template def_new<&make_py<H>>(arg("value") = 1);
    if constexpr (H == How::bound) cls.template def_new<&make_bound<H>>(arg("value") = 1);
    if constexpr (H == How::result_py) cls.template def_new<&make_result_py<H>>(arg("value") = 1);
    if constexpr (H == How::result_bound) cls.template def_new<&make_result_bound<H>>(arg("value") = 1);
    cls.template getter<&Made<H>::value>("value");
  }
};
template <>
struct adder::PyClass<Cached> {
  static constexpr auto name = "Cached";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Cached>& cls) {
    cls.def_new<&find_cached>(arg("key"));
    cls.getter<&Cached::key>("key");
  }
};
template <>
struct adder::PyClass<FromClass> {
  static constexpr auto name = "FromClass";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<FromClass>& cls) {
    cls.def_new<[](std::string text, ThisClass type) { return FromClass{type->name() + ":" + text}; }>(arg("text"));
    cls.getter<&FromClass::made_by>("made_by");
  }
};
template <>
struct adder::PyClass<Fields> {
  static constexpr auto name = "Fields";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Fields>& cls) {
    cls.def_new<&Fields::x, &Fields::y>(arg("x"), arg("y") = "default");
    cls.getter<&Fields::x>("x");
    cls.getter<&Fields::y>("y");
    cls.getter<&Fields::z>("z");
  }
};
template <>
struct adder::PyClass<Variadic> {
  static constexpr auto name = "Variadic";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Variadic>& cls) {
    cls.def_new<[](const Args& args, const Kwargs& kwargs, ThisClass type) {
      return Variadic{keep(*args), keep(*kwargs), keep(*type)};
    }>();
    cls.getter<&Variadic::args>("args");
    cls.getter<&Variadic::kwargs>("kwargs");
    cls.getter<&Variadic::type>("type");
  }
};
template <>
struct adder::PyClass<CallsBack> {
  static constexpr auto name = "CallsBack";
  static constexpr bool subclass = true, dict = true, weakref = true;
  using fields = FieldList<&CallsBack::before_, &CallsBack::got_, &CallsBack::after_>;
  static void define(ClassBuilder<CallsBack>& cls) {
    cls.def_new<const Any&>(arg("callback"));
    cls.getter<&CallsBack::got>("got");
  }
};
template <>
struct adder::PyClass<Uncallable> {
  static constexpr auto name = "Uncallable";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Uncallable>& cls) { cls.field<&Uncallable::value>("value"); }
};
template <>
struct adder::PyClass<UncallableChild> {
  static constexpr auto name = "UncallableChild";
  using base = Uncallable;
  using fields = FieldList<&UncallableChild::more>;
  static void define(ClassBuilder<UncallableChild>& cls) {
    cls.def_new<>();
    cls.field<&UncallableChild::more>("more");
  }
};

template <>
struct adder::PyClass<Base> {
  static constexpr auto name = "Base";
  static constexpr bool subclass = true, weakref = true;
  static void define(ClassBuilder<Base>& cls) {
    cls.def_new<std::string>(arg("name"));
    cls.def<&Base::who>("who");
    cls.getter<&Base::name>("name");
    cls.setter<&Base::rename>("name");
    cls.def<&Base::base_share>("base_share");
    cls.def<&Base::base_exclude>("base_exclude");
    cls.def<"__repr__", &Base::who>();
  }
};
template <>
struct adder::PyClass<Mid> {
  static constexpr auto name = "Mid";
  static constexpr bool subclass = true;
  using base = Base;
  static void define(ClassBuilder<Mid>& cls) {
    cls.def_new<std::string, int>(arg("name"), arg("level") = 1);
    cls.getter<&Mid::level>("level");
    cls.def<&Mid::mid_share>("mid_share");
    cls.def<&Mid::mid_exclude>("mid_exclude");
  }
};
template <>
struct adder::PyClass<Leaf> {
  static constexpr auto name = "Leaf";
  static constexpr bool subclass = true;
  using base = Mid;
  static void define(ClassBuilder<Leaf>& cls) {
    cls.def_new<std::string>(arg("name"));
    cls.def<&Leaf::leaf_share>("leaf_share");
    cls.def<&Leaf::leaf_exclude>("leaf_exclude");
  }
};
template <>
struct adder::PyClass<Other> {
  static constexpr auto name = "Other";
  static constexpr bool subclass = true;
  using base = Base;
  static void define(ClassBuilder<Other>& cls) { cls.def_new<std::string>(arg("name")); }
};
template <>
struct adder::PyClass<PlainBase> {
  static constexpr auto name = "PlainBase";
  static constexpr bool subclass = true, immutable = false;
  static void define(ClassBuilder<PlainBase>& cls) { cls.field<&PlainBase::value>("value"); }
};
template <int Which>
struct adder::PyClass<PlainChild<Which>> {
  static constexpr auto name = Which == 1 ? "PlainChild1" : "PlainChild2";
  static constexpr bool subclass = true, immutable = false;
  using base = PlainBase;
  static void define(ClassBuilder<PlainChild<Which>>& cls) { cls.template def_new<int>(arg("value")); }
};
template <int Which>
struct adder::PyClass<Stranger<Which>> {
  static constexpr auto name = Which == 1 ? "Stranger1" : "Stranger2";
  static constexpr bool subclass = true, immutable = false, weakref = true, dict = true;
  static void define(ClassBuilder<Stranger<Which>>& cls) {
    cls.template def_new<>();
    cls.template field<&Stranger<Which>::value>("value");
  }
};

template <class Tag>
struct NativeName;
#define NATIVE(Tag)                                \
  template <>                                      \
  struct NativeName<Tag> {                         \
    static constexpr auto text = "Native" #Tag;    \
    static constexpr auto impossible = "Bad" #Tag; \
  };
NATIVE(PyDict)
NATIVE(PyList)
NATIVE(PySet)
NATIVE(PyException)
NATIVE(PyValueError)
NATIVE(PyOSError)
NATIVE(PyKeyError)
NATIVE(PyStopIteration)
NATIVE(PyImportError)
NATIVE(PyInt)
NATIVE(PyTuple)
NATIVE(PyBool)
NATIVE(PyFunction)

template <class Tag>
struct adder::PyClass<Native<Tag>> {
  static constexpr auto name = NativeName<Tag>::text;
  static constexpr bool subclass = true, weakref = true, dict = true;
  using base = Tag;
  using T = Native<Tag>;
  static void define(ClassBuilder<T>& cls) {
    cls.template def_new<[](const Args& args, const Kwargs&) {
      if (args->len() == 3) throw std::invalid_argument("three are too many");
      return T{};
    }>();
    cls.template def<&T::hit>("hit");
    cls.template def<[](T& self, Handle thing) { self.extra = std::move(thing); }>("put");
  }
};
template <>
struct adder::PyClass<CodeError> {
  static constexpr auto name = "CodeError";
  static constexpr bool subclass = true;
  using base = PyValueError;
  static void define(ClassBuilder<CodeError>& cls) {
    cls.def_new<int>(arg("code"));
    cls.getter<&CodeError::code>("code");
  }
};
template <class Tag>
struct adder::PyClass<Impossible<Tag>> {
  static constexpr auto name = NativeName<Tag>::impossible;
  using base = Tag;
  static void define(ClassBuilder<Impossible<Tag>>& cls) { cls.template def_new<>(); }
};

template <>
struct adder::PyClass<Holder> {
  static constexpr auto name = "Holder";
  static constexpr bool subclass = true, weakref = true;
  using fields = FieldList<&Holder::py_, &Holder::optional_, &Holder::vector_, &Holder::map_, &Holder::pointer_,
                           &Holder::variant_, &Holder::tuple_, &Holder::pair_, &Holder::array_, &Holder::pocket_,
                           &Holder::pockets_, &Holder::pairs_, &Holder::typed_, &Holder::counted_>;
  static void define(ClassBuilder<Holder>& cls) {
    cls.def_new<>();
    cls.def<&Holder::put>("put");
    cls.def<&Holder::exclude>("exclude");
    cls.def<&Holder::share>("share");
    cls.def<&Holder::touch>("touch");
  }
};
template <>
struct adder::PyClass<Automatic> {
  static constexpr auto name = "Automatic";
  static constexpr bool weakref = true;
  static void define(ClassBuilder<Automatic>& cls) {
    cls.def_new<Handle>(arg("first"));
    cls.def<[](Automatic& self, Handle thing) { self.second = std::move(thing); }>("put");
    cls.def<[](Automatic& self, Handle thing) { self.pocket.items.emplace_back(std::move(thing)); }>("put_deep");
  }
};
template <>
struct adder::PyClass<ByHand> {
  static constexpr auto name = "ByHand";
  static constexpr bool weakref = true, subclass = true;
  static void traverse(const ByHand& value, PyVisit& visit) {
    if (value.thing_) visit(*value.thing_);
  }
  static void clear(ByHand& value) { value.thing_.reset(); }
  static void define(ClassBuilder<ByHand>& cls) {
    cls.def_new<Handle>(arg("thing"));
    cls.def<&ByHand::put>("put");
    cls.def<&ByHand::empty>("empty");
  }
};
template <>
struct adder::PyClass<CellHolder> {
  static constexpr auto name = "CellHolder";
  static constexpr bool weakref = true, frozen = true;
  using fields = FieldList<&CellHolder::cell_, &CellHolder::counted_>;
  static void define(ClassBuilder<CellHolder>& cls) {
    cls.def_new<>();
    cls.def<&CellHolder::fill>("fill");
  }
};
template <>
struct adder::PyClass<FrozenHolder> {
  static constexpr auto name = "FrozenHolder";
  static constexpr bool weakref = true, frozen = true, subclass = true;
  static void define(ClassBuilder<FrozenHolder>& cls) {
    cls.def_new<Handle>(arg("thing"));
    cls.getter<&FrozenHolder::thing>("thing");
    cls.def<[](const FrozenHolder&) { return 6; }>("poke");
  }
};
template <>
struct adder::PyClass<Link> {
  static constexpr auto name = "Link";
  static constexpr bool weakref = true, subclass = true;
  static void define(ClassBuilder<Link>& cls) {
    cls.def_new<Handle>(arg("next"));
    cls.field<&Link::next>("next");
  }
};
template <>
struct adder::PyClass<Mourner> {
  static constexpr auto name = "Mourner";
  using fields = FieldList<&Mourner::other_, &Mourner::counted_>;
  static void define(ClassBuilder<Mourner>& cls) {
    cls.def_new<>();
    cls.def<&Mourner::mourn>("mourn");
    cls.def<&Mourner::poke>("poke");
  }
};
template <>
struct adder::PyClass<Final> {
  static constexpr auto name = "Final";
  static constexpr bool subclass = true, weakref = true, dict = true;
  static void finalize(const Bound<Final>& self) {
    if (hook != nullptr) (void)hook->bind(self.py())(self);
  }
  static void define(ClassBuilder<Final>& cls) {
    cls.def_new<>();
    cls.field<&Final::value>("value");
    cls.def<[](Final& final, Handle thing) { final.thing = std::move(thing); }>("put");
  }
};
template <>
struct adder::PyClass<FinalChild> {
  static constexpr auto name = "FinalChild";
  static constexpr bool subclass = true;
  using base = Final;
  static void define(ClassBuilder<FinalChild>& cls) { cls.def_new<>(); }
};

template <bool Collected>
struct adder::PyClass<Pooled<Collected>> {
  static constexpr auto name = Collected ? "PooledCollected" : "Pooled";
  static constexpr int freelist = 4;
  static constexpr bool subclass = true, weakref = true, dict = Collected;
  static void define(ClassBuilder<Pooled<Collected>>& cls) {
    cls.template def_new<[](int value) {
      if (value < 0) throw std::invalid_argument("negative");
      return Pooled<Collected>{value};
    }>(arg("value") = 0);
    cls.template field<&Pooled<Collected>::value>("value");
  }
};
template <>
struct adder::PyClass<Changeable> {
  static constexpr auto name = "Changeable";
  static constexpr bool subclass = true, immutable = false;
  static void define(ClassBuilder<Changeable>& cls) {
    cls.def_new<int>(arg("value") = 0);
    cls.field<&Changeable::value>("value");
  }
};
template <>
struct adder::PyClass<Generic> {
  static constexpr auto name = "Generic";
  static constexpr bool generic = true, subclass = true;
  static void define(ClassBuilder<Generic>& cls) { cls.def_new<int>(arg("value") = 2); }
};
template <>
struct adder::PyClass<Elsewhere> {
  static constexpr auto name = "Elsewhere";
  static constexpr auto module = "some.where";
  static constexpr auto doc = "Lives elsewhere: \xc3\xa4.";
  static void define(ClassBuilder<Elsewhere>& cls) { cls.def_new<int>(arg("value") = 2); }
};
template <>
struct adder::PyClass<Never> {
  static constexpr auto name = "Never";
  static constexpr auto doc = "Cannot be made.";
  static void define(ClassBuilder<Never>&) {}
};

template <>
struct adder::PyClass<Inner> {
  static constexpr auto name = "Inner";
  static void define(ClassBuilder<Inner>& cls) {
    cls.def_new<int>(arg("number"));
    cls.field<&Inner::number>("number");
  }
};
void adder::PyClass<Props>::define(ClassBuilder<Props>& cls) {
  cls.def_new<>();
  cls.field<&Props::small>("small", "A small number.");
  cls.field<&Props::text>("text");
  cls.field<&Props::numbers>("numbers");
  cls.field<&Props::inner>("inner");
  cls.getter<&Props::text>("readonly", "Cannot be set.");
  cls.setter<&Props::hide>("writeonly");
  cls.deleter<&Props::forget>("deleteonly");
  cls.getter<&Props::hidden>("getdel");
  cls.deleter<[](Props& self) { self.secret = -2; }>("getdel");
  cls.getter<[](const PyRef<Props>& self) { return self->secret; }>("all");
  cls.setter<&Props::try_hide>("all");
  cls.deleter<&Props::refuse_to_forget>("all");
  cls.setter<[](Props& self, int value) { self.secret = value; }>("setdel");
  cls.deleter<[](PyRefMut<Props> self) { self->secret = -3; }>("setdel");
  cls.getter<&Props::shout>("shout");
  cls.getter<[](const Bound<Props>& self) { return self.get_type().name(); }>("bound");
  cls.attr("ANSWER", 42);
  cls.attr<[](Python py) { return Bound<Props>::new_(py); }>("UNIT");
  cls.def_staticmethod<[](int a, int b) { return a * b; }>("multiply", arg("a"), arg("b") = 2, "Multiply.");
  cls.def_staticmethod<[](const Args& args) { return args->len(); }>("count");
  cls.def_staticmethod<[](const Props& props) { return props.secret; }>("secret_of", arg("props"));
  cls.def_classmethod<[](ThisClass type, int a) { return type->name() + std::to_string(a); }>("label", arg("a") = 1,
                                                                                              "Label it.");
  cls.def_classmethod<[](const Kwargs& kwargs, ThisClass type) { return type->name() + kwargs->repr().to_string(); }>(
      "named");
  cls.def_classmethod<[] { return 3; }>("classless");
  cls.def<&Props::lvalue_const>("lvalue_const");
  cls.def<&Props::lvalue>("lvalue");
  cls.def<&Props::rvalue>("rvalue");
  cls.def<&Props::quiet>("quiet");
  cls.def<&Props::quiet_mutable>("quiet_mutable");
  cls.def<&receive_const>("receive_const");
  cls.def<&receive_mutable>("receive_mutable");
  cls.def<&receive_rvalue>("receive_rvalue");
  cls.def<&receive_ref>("receive_ref");
  cls.def<&receive_ref_value>("receive_ref_value");
  cls.def<&receive_ref_mut>("receive_ref_mut");
  cls.def<&receive_bound>("receive_bound");
  cls.def<&receive_bound_value>("receive_bound_value");
  cls.def<&receive_py>("receive_py");
  cls.def<&receive_borrowed>("receive_borrowed");
  cls.def<&let_go>("let_go");
  cls.def<&check_signals_shared>("check_signals_shared");
  cls.def<&check_signals_exclusive>("check_signals_exclusive");
}

template <bool Frozen>
struct adder::PyClass<ForOneThread<Frozen>> {
  static constexpr auto name = Frozen ? "FrozenForOneThread" : "ForOneThread";
  static constexpr bool unsendable = true, frozen = Frozen, dict = true, weakref = true;
  using T = ForOneThread<Frozen>;
  using fields = FieldList<&T::value, &T::thing_, &T::counted_>;
  static void define(ClassBuilder<T>& cls) {
    cls.template def_new<Handle>(arg("thing"));
    cls.template def<&T::get>("get");
    cls.template getter<&T::value>("value");
    if constexpr (!Frozen) {
      cls.template setter<&T::value>("value");
      cls.template def<[](T& self, Handle thing) { self.thing_ = std::move(thing); }>("put");
    }
  }
};

template <>
struct adder::PyClass<Init> {
  static constexpr auto name = "Init";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Init>& cls) {
    cls.def_new<[](const Args&, const Kwargs&) { return Init{}; }>();
    cls.def_init<&Init::init>(arg("number"), arg("text") = "negative");
    cls.getter<&Init::value>("value");
    cls.getter<&Init::times>("times");
  }
};
template <>
struct adder::PyClass<InitChild> {
  static constexpr auto name = "InitChild";
  static constexpr bool subclass = true;
  using base = Init;
  static void define(ClassBuilder<InitChild>& cls) {
    cls.def_new<[](const Args&, const Kwargs&) { return InitChild(); }>();
  }
};
template <int Which>
struct adder::PyClass<Wrong<Which>> {
  static constexpr auto name = "Wrong";
  using T = Wrong<Which>;
  static int fill(::PyObject*) { return 0; }
  static void define(ClassBuilder<T>& cls) {
    const auto function = reinterpret_cast<void*>(&fill);
    if constexpr (Which == 0) {
      cls.template def_new<>();
      cls.template def_new<>();
    } else if constexpr (Which == 1) {
      cls.slot(Py_nb_bool, function);
      cls.slot(Py_nb_bool, function);
    } else if constexpr (Which == 2) {
      cls.template def<"__bool__", &T::truth>();
      cls.slot(Py_nb_bool, function);
    } else if constexpr (Which == 3) {
      cls.slot(Py_nb_bool, function);
      cls.template def<"__bool__", &T::truth>();
    } else if constexpr (Which == 4) {
      cls.slot(Py_tp_dealloc, function);
    } else if constexpr (Which == 5) {
      cls.template def_new<>();
      cls.template def_init<&T::no_init>();
      cls.slot(Py_tp_init, function);
    } else if constexpr (Which == 6) {
      cls.template def<&T::truth>("__bool__");
    } else if constexpr (Which == 7) {
      cls.template def<&T::init>("__init__");
    } else if constexpr (Which == 8) {
      cls.template attr<[](Python py) { return Bound<T>::new_(py); }>("fine");
      cls.template attr<[](Python) -> int { throw std::invalid_argument("the late attribute fails"); }>("late");
    } else if constexpr (Which == 9) {
      cls.attr("own", Bound<T>::new_(python()));
    } else if constexpr (Which == 10) {
      cls.template def<&T::init>("method");
      cls.template def<&T::truth>("method");
    } else if constexpr (Which == 11) {
      cls.template def<&T::init>("both");
      cls.template field<&T::value>("both");
    } else if constexpr (Which == 12) {
      cls.template field<&T::value>("one");
      cls.template field<&T::value>("two");
    } else if constexpr (Which == 13) {
      cls.template field<&T::value>("both");
      cls.template def<&T::init>("both");
    } else if constexpr (Which == 14) {
      cls.template def_staticmethod<[] { return 1; }>("method");
      cls.template def<&T::init>("method");
    } else if constexpr (Which == 15) {
      cls.attr("method", 1);
      cls.template def<&T::init>("method");
    } else if constexpr (Which == 16) {
      cls.template def_init<&T::no_init>();
      cls.template def_init<&T::no_init>();
    } else if constexpr (Which == 17) {
      cls.template def<&T::init>("__eq__");
    } else if constexpr (Which == 18) {
      cls.template def<&T::init>("__neg__");
    }
  }
};
template <>
struct adder::PyClass<WithSlot> {
  static constexpr auto name = "WithSlot";
  static int init(::PyObject* self, ::PyObject*, ::PyObject*) {
    const auto object = detail::peek<WithSlot>(self);
    object.as_bound().borrow_mut()->value += 10;
    return 0;
  }
  static ::PyObject* number(::PyObject*) { return PyLong_FromLong(11); }
  static void define(ClassBuilder<WithSlot>& cls) {
    cls.def_new<>();
    cls.slot(Py_nb_int, reinterpret_cast<void*>(&number));
    cls.slot(Py_tp_init, reinterpret_cast<void*>(&init));
    cls.getter<&WithSlot::value>("value");
  }
};

namespace {

template <class... T>
void add_classes(ModuleBuilder& m) {
  (m.add_class<T>(), ...);
}
/// Makes a type that cannot be made.
template <int... Which>
void make_wrong(Python py, int which) {
  ((which == Which ? (void)py.get_type<Wrong<Which>>() : void()), ...);
}
template <class... Tag>
void make_impossible(Python py, const std::string& which) {
  ((which == NativeName<Tag>::text ? (void)py.get_type<Impossible<Tag>>() : void()), ...);
}

}  // namespace

ADDER_MODULE(class_shapes_ext, m) {
  add_classes<Made<How::value>, Made<How::result>, Made<How::py>, Made<How::bound>, Made<How::result_py>,
              Made<How::result_bound>, Cached, FromClass, Fields, Variadic, CallsBack, UncallableChild, Uncallable>(m);
  add_classes<Leaf, Base, Mid, Other, PlainBase, PlainChild<1>, PlainChild<2>, Stranger<1>, Stranger<2>>(m);
  add_classes<Native<PyDict>, Native<PyList>, Native<PySet>, Native<PyException>, Native<PyValueError>,
              Native<PyOSError>, Native<PyKeyError>, Native<PyStopIteration>, Native<PyImportError>, CodeError>(m);
  add_classes<Holder, Automatic, ByHand, CellHolder, FrozenHolder, Link, Mourner, Final, FinalChild>(m);
  add_classes<Pooled<false>, Pooled<true>, Changeable, Generic, Elsewhere, Never, Inner, Props>(m);
  add_classes<ForOneThread<false>, ForOneThread<true>, Init, InitChild, WithSlot>(m);
  m.def<[] { return live_values.load(); }>("live");
  m.def<[](int count) { live_values -= count; }>("forget_leaks");
  m.def<[] { return std::exchange(log_lines, {}); }>("take_log");
  m.def<[](std::optional<Handle> callback) {
    delete std::exchange(hook, callback.has_value() ? new Handle(std::move(*callback)) : nullptr);
  }>("set_hook");
  m.def<[] { delete std::exchange(cache, nullptr); }>("forget_cached");
  m.def<[](const Base& base) { return base.who(); }>("who");
  m.def<[](const Mid& mid) { return mid.who(); }>("mid_who");
  m.def<[](const Bound<Leaf>& leaf) {
    const PyRef<Mid> mid = leaf.borrow().into_super();
    return leaf.as_super().as_super().borrow()->name() + "/" + mid.as_bound().repr().to_string();
  }>("up");
  m.def<&state_of<Base>>("base_state");
  m.def<&state_of<Leaf>>("leaf_state");
  m.def<&state_of<Props>>("state");
  m.def<&state_of<Holder>>("holder_state");
  m.def<&take_const>("take_const", arg("props"), arg("callback"));
  m.def<&take_mutable>("take_mutable", arg("props"), arg("callback"));
  m.def<&take_two>("take_two", arg("a"), arg("b"));
  m.def<&take_two_const>("take_two_const", arg("a"), arg("b"));
  m.def<&take_mixed>("take_mixed", arg("a"), arg("b"));
  m.def<[](Props& props, int number) { return props.secret + number; }>("take_number", arg("props"), arg("number"));
  m.def<&share_too_often>("share_too_often");
  m.def<[](const ForOneThread<false>& one) { return one.get(); }>("take_for_one", arg("one"));
  m.def<[](const ForOneThread<true>& one) { return one.get(); }>("take_frozen_for_one", arg("one"));
  m.def<&make_wrong<0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18>>("make_wrong");
  m.def<&make_impossible<PyInt, PyTuple, PyBool, PyFunction>>("make_impossible");
  m.def<[](Python py) { return Bound<Native<PyDict>>::new_(py); }>("new_native_dict");
  m.def<[](Python py) { return Bound<Native<PyValueError>>::new_(py); }>("new_native_error");
  m.def<[](const Bound<Native<PyDict>>& dict) { return dict.as_super().len(); }>("native_dict_len");
}
