// SPDX-License-Identifier: MIT
// What several threads may do at once, for tsan_stress.py to do at once. Whatever happens "at the first use" is a
// template over numbers: a process has many first uses, then.
#include <adder/adder.hpp>
#include <adder/class/holder.hpp>
#include <adder/class/part.hpp>
#include <adder/exception/exception_types.hpp>
#include <adder/function/closure.hpp>
#include <adder/function/overload.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/vector.hpp>
#include <adder/sync/critical_section.hpp>
#include <adder/sync/once_lock.hpp>
#include <adder/sync/py_mutex.hpp>
#include <adder/types/datetime.hpp>
#include <adder/types/typed.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace adder;

namespace {

/// Calls `f<index>`. Hands out what Python counts.
constexpr int first_uses = 32;
template <class F, int... Index>
auto nth(F f, int index, std::integer_sequence<int, Index...>) {
  using R = decltype(f.template operator()<0>());
  std::optional<R> result;
  ((Index == index ? (void)result.emplace(f.template operator()<Index>()) : (void)0), ...);
  if (!result) throw PyIndexError::new_err("there are no more first uses");
  return *std::move(result);
}
template <class F>
auto nth(F f, int index) {
  return nth(f, index, std::make_integer_sequence<int, first_uses>());
}

// --- Cells -----------------------------------------------------------------------------------------------------------

template <int>
constinit GILOnceCell<Py<PyAny>> static_cell;
template <int>
constinit PyOnceLock<Py<PyAny>> static_lock;

Bound<PyAny> once_cell(Python py, int index) {
  return nth(
      [&]<int N> {
        return static_cell<N>.get_or_init(py, [&] { return py.eval("object()").unbind(); }).clone_ref(py).into_bound(py);
      },
      index);
}
std::atomic<int> lock_fillings = 0;
Bound<PyAny> once_lock(Python py, int index) {
  const auto make = [&] {
    ++lock_fillings;
    return py.eval("object()").unbind();
  };
  return nth([&]<int N> { return static_lock<N>.get_or_init(py, make).clone_ref(py).into_bound(py); }, index);
}
/// Reads that many times.
void read_cells(Python py, int rounds) {
  for (int i = 0; i < rounds; ++i) {
    if (static_cell<0>.get(py) == nullptr || static_lock<0>.get(py) == nullptr) {
      throw PyRuntimeError::new_err("a cell was emptied");
    }
  }
}

/// Cells as members.
struct Cells {
  GILOnceCell<Py<PyAny>> cell;
  PyOnceLock<Py<PyAny>> lock;
  using State = Cells;
};

// --- Classes ---------------------------------------------------------------------------------------------------------

struct Counter {
  std::int64_t value = 0;
  std::int64_t get() const { return value; }
  void add() { ++value; }
  void set(std::int64_t to) { value = to; }
};
struct Hits {
  mutable std::atomic<std::int64_t> count{0};
  void add() const { count.fetch_add(1, std::memory_order_relaxed); }
  void add_detached() const { count.fetch_add(1, std::memory_order_relaxed); }
  std::int64_t total() const { return count.load(std::memory_order_relaxed); }
};
struct Canvas {
  int strokes = 0;
  void draw() { ++strokes; }
};
/// In cycles that the garbage collector finds.
struct Node {
  Py<PyAny> next;
  std::vector<Py<PyAny>> more;
};
struct Fussy {
  explicit Fussy(int given) : value(given) {
    if (given < 0) throw PyValueError::new_err("less than nothing");
  }
  std::string text = "long enough to be on the heap, wherever that is";
  int value;
  ~Fussy() { value = 0; }
  Fussy(const Fussy&) = default;
  Fussy& operator=(const Fussy&) = default;
};
struct Ghost {
  int age = 7;
};
struct House {
  Ghost ghost;
};
struct Shared {
  int value = 7;
};
/// Python has an object for one only while somebody there wants it.
std::shared_ptr<Shared> shared_by_cpp(std::size_t index) {
  static const std::vector<std::shared_ptr<Shared>> all = [] {
    std::vector<std::shared_ptr<Shared>> made(4);
    for (auto& one : made) one = std::make_shared<Shared>();
    return made;
  }();
  return all.at(index);
}
template <int>
struct Lazy {
  int value = 0;
  int get() const { return value; }
  int plus(int other, int scale) const { return value + other * scale; }
  static int twice(int number) { return 2 * number; }
};
template <int N>
struct LazyChild : Lazy<N> {};
template <int>
struct LazyDict {
  int value = 0;
};

}  // namespace

template <>
struct adder::PyClass<Ghost> {
  static constexpr auto name = "Ghost";
  static constexpr bool part = true, dict = true;
  static void define(ClassBuilder<Ghost>& cls) {
    cls.def_new<>();
    cls.field<&Ghost::age>("age");
  }
};
template <>
struct adder::PyClass<House> {
  static constexpr auto name = "House";
  static void define(ClassBuilder<House>& cls) {
    cls.def_new<>();
    cls.part<&House::ghost>("ghost");
  }
};
template <>
struct adder::PyClass<Shared> {
  static constexpr auto name = "Shared";
  using holder = std::shared_ptr<Shared>;
  static constexpr bool dict = true;
  static void define(ClassBuilder<Shared>& cls) { cls.field<&Shared::value>("value"); }
};
template <>
struct adder::PyClass<Cells> {
  static constexpr auto name = "Cells";
  static constexpr bool frozen = true;
  using fields = FieldList<&Cells::cell, &Cells::lock>;
  static void define(ClassBuilder<Cells>& cls) {
    cls.def_new<&make>();
    cls.def<&cell>("cell");
    cls.def<&lock>("lock");
  }
  static Bound<Cells> make(Python py) { return Bound<Cells>::new_(py); }
  static Bound<PyAny> cell(const Bound<Cells>& self) {
    const Python py = self.py();
    auto& mine = const_cast<Cells&>(self.get()).cell;
    return mine.get_or_init(py, [&] { return py.eval("object()").unbind(); }).clone_ref(py).into_bound(py);
  }
  static Bound<PyAny> lock(const Bound<Cells>& self) {
    const Python py = self.py();
    auto& mine = const_cast<Cells&>(self.get()).lock;
    return mine.get_or_init(py, [&] { return py.eval("object()").unbind(); }).clone_ref(py).into_bound(py);
  }
};
template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static constexpr bool dict = true;
  static constexpr bool weakref = true;
  static void define(ClassBuilder<Counter>& cls) {
    cls.def_new<>();
    cls.def<&Counter::add>("add");
    cls.def<&Counter::get>("get");
    cls.getter<&Counter::get>("value");
    cls.setter<&Counter::set>("value");
    cls.def<&add_if_free>("add_if_free", arg("rounds"));
    cls.def<&read_if_free>("read_if_free", arg("rounds"));
    cls.def<&same>("same", arg("other"));
  }
  /// How often it could.
  static int add_if_free(const Bound<Counter>& self, int rounds) {
    int done = 0;
    for (int i = 0; i < rounds; ++i) {
      const auto borrow = self.try_borrow_mut();
      if (borrow.is_err()) continue;
      ++borrow.value()->value;
      ++done;
    }
    return done;
  }
  static int read_if_free(const Bound<Counter>& self, int rounds) {
    int done = 0;
    std::int64_t last = -1;
    for (int i = 0; i < rounds; ++i) {
      const auto borrow = self.try_borrow();
      if (borrow.is_err()) continue;
      if (borrow.value()->value < last) throw PyRuntimeError::new_err("the counter went back");
      last = borrow.value()->value;
      ++done;
    }
    return done;
  }
  static bool same(const Counter& self, const Counter& other) { return self.value == other.value; }
};
template <>
struct adder::PyClass<Hits> {
  static constexpr auto name = "Hits";
  static constexpr bool frozen = true;
  static void define(ClassBuilder<Hits>& cls) {
    cls.def_new<>();
    cls.def<&Hits::add>("add");
    cls.def<&Hits::add_detached>("add_detached", release_gil);
    cls.getter<&Hits::total>("total");
  }
};
template <>
struct adder::PyClass<Canvas> {
  static constexpr auto name = "Canvas";
  static constexpr bool unsendable = true;
  static void define(ClassBuilder<Canvas>& cls) {
    cls.def_new<>();
    cls.def<&Canvas::draw>("draw");
  }
};
template <>
struct adder::PyClass<Node> {
  static constexpr auto name = "Node";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Node>& cls) {
    cls.def_new<&make>(arg("next"));
    cls.field<&Node::next>("next");
    cls.def<&append>("append", arg("other"));
    cls.def<&size>("size");
  }
  static Node make(const Bound<PyAny>& next) { return {Py<PyAny>(next), {}}; }
  static void append(Node& self, const Bound<PyAny>& other) { self.more.emplace_back(other); }
  static std::size_t size(const Node& self) { return self.more.size(); }
};
template <>
struct adder::PyClass<Fussy> {
  static constexpr auto name = "Fussy";
  static constexpr bool subclass = true;
  static constexpr bool weakref = true;
  static void define(ClassBuilder<Fussy>& cls) {
    cls.def_new<int>(arg("value"));
    cls.field<&Fussy::value>("value");
  }
  static void finalize(const Bound<Fussy>& self) {
    if (self.borrow()->value < 0) throw PyRuntimeError::new_err("an object without a value was finalized");
    finalized.fetch_add(1, std::memory_order_relaxed);
  }
  inline static std::atomic<std::int64_t> finalized = 0;
};
template <int N>
struct adder::PyClass<Lazy<N>> {
  static constexpr auto name = "Lazy";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Lazy<N>>& cls) {
    cls.template def_new<>();
    cls.template def<&Lazy<N>::get>("get");
    cls.template def<&Lazy<N>::plus>("plus", arg("other"), arg("scale") = 3, "With a default.");
    cls.template def_staticmethod<&Lazy<N>::twice>("twice", arg("number"));
    cls.template field<&Lazy<N>::value>("value");
    cls.attr("NUMBER", N);
    cls.template attr<[](Python py) { return Bound<Lazy<N>>::new_(py); }>("FIRST");
  }
};
template <int N>
struct adder::PyClass<LazyChild<N>> {
  static constexpr auto name = "LazyChild";
  using base = Lazy<N>;
  static void define(ClassBuilder<LazyChild<N>>& cls) { cls.template def_new<>(); }
};
template <int N>
struct adder::PyClass<LazyDict<N>> {
  static constexpr auto name = "LazyDict";
  using base = PyDict;
  static void define(ClassBuilder<LazyDict<N>>& cls) {
    cls.template def_new<>();
    cls.template field<&LazyDict<N>::value>("value");
  }
};

namespace {

Bound<PyAny> lazy_class(Python py, int index) {
  return nth([&]<int N> { return Bound<Lazy<N>>::new_(py).into_any(); }, index);
}
Bound<PyAny> lazy_child(Python py, int index) {
  return nth([&]<int N> { return Bound<LazyChild<N>>::new_(py).into_any(); }, index);
}
Bound<PyAny> lazy_dict(Python py, int index) {
  return nth([&]<int N> { return Bound<LazyDict<N>>::new_(py).into_any(); }, index);
}
/// Asks for the class of an argument at the first use.
bool is_lazy(const Bound<PyAny>& object, int index) {
  return nth([&]<int N> { return object.is_instance_of<LazyChild<N>>(); }, index);
}

// --- Names and types at their first use
// -------------------------------------------------------------------------------

/// @p text with the digits of N in the place of "##".
template <int N, std::size_t Size>
constexpr detail::FixedString<Size> numbered(detail::FixedString<Size> text) {
  for (std::size_t i = 0; i + 1 < Size; ++i) {
    if (text.text[i] != '#') continue;
    text.text[i++] = static_cast<char>('0' + N / 10);
    text.text[i] = static_cast<char>('0' + N % 10);
  }
  return text;
}
template <int N>
using NumberedName = Interned<numbered<N>(detail::FixedString("name_##_of_tsan_stress"))>;
Bound<PyAny> interned_name(Python py, int index) {
  return nth(
      [&]<int N> {
        const Name name{NumberedName<N>()};
        return py.from_borrowed_ptr(name.as_ptr());
      },
      index);
}
/// Calls f(name=index), a keyword made at its first use.
Bound<PyAny> call_by_keyword(const Bound<PyAny>& f, int index) {
  return nth([&]<int N> { return f(kw(NumberedName<N>()) = index); }, index);
}

template <detail::FixedString Module, detail::FixedString Type>
Bound<PyAny> type_of(Python py) {
  return py.get_type<ImportedType<Module, Type>>().into_any();
}
Bound<PyAny> imported_type(Python py, int index) {
  using Get = Bound<PyAny> (*)(Python);
  static constexpr Get all[] = {
      type_of<"decimal", "Decimal">,
      type_of<"fractions", "Fraction">,
      type_of<"collections", "Counter">,
      type_of<"collections", "ChainMap">,
      type_of<"queue", "Queue">,
      type_of<"pathlib", "PurePosixPath">,
      type_of<"string", "Template">,
      type_of<"uuid", "UUID">,
      type_of<"random", "Random">,
      type_of<"ipaddress", "IPv4Address">,
      type_of<"textwrap", "TextWrapper">,
      type_of<"json", "JSONEncoder">,
      type_of<"configparser", "ConfigParser">,
      type_of<"statistics", "NormalDist">,
  };
  if (index < 0 || static_cast<std::size_t>(index) >= std::size(all)) throw PyIndexError::new_err("no more types");
  return all[index](py);
}
template <int N>
struct NumberedError : NewException<numbered<N>(detail::FixedString("tsan_stress_ext.NumberedError##")), PyValueError> {
};
void raise_new(int index) {
  nth([&]<int N>() -> int { throw NumberedError<N>::new_err("new"); }, index);
}
Bound<PyAny> a_date(Python py, int day) { return PyDate::new_(py, 2024, 2, day).into_any(); }

// --- Functions
// ---------------------------------------------------------------------------------------------------------

std::int64_t weigh(std::int64_t a, std::int64_t b, const std::string& c) {
  return a + b + static_cast<std::int64_t>(c.size());
}
std::int64_t gather(const Args& args, const Kwargs& kwargs) {
  return static_cast<std::int64_t>(args->len() + kwargs->len());
}
int of_int(int value) { return value; }
std::string of_text(const std::string& value) { return value; }
/// A C++ exception becomes a Python exception.
void fail(int kind) {
  if (kind == 0) throw std::runtime_error("from C++");
  if (kind == 1) throw PyKeyError::new_err("from C++, too");
  throw std::out_of_range("from the standard library");
}
/// An error that all threads share and look at, without having been looked at before.
std::optional<PyErr> shared_error;
std::mutex shared_error_mutex;
void share_error(Python py, const std::string& text) {
  const auto lock = lock_attached(py, shared_error_mutex);
  shared_error = PyValueError::new_err(text);
}
Bound<PyAny> look_at_error(Python py) {
  const PyErr mine = [py] {
    const auto lock = lock_attached(py, shared_error_mutex);
    return *shared_error;
  }();
  if (std::string_view(mine.what()).empty()) throw PyRuntimeError::new_err("no text");
  return mine.value(py).into_any();
}

// --- Closures
// ----------------------------------------------------------------------------------------------------------

struct Sum {
  std::int64_t total = 0;
};
struct AtomicSum {
  explicit AtomicSum(std::int64_t start) : total(start) {}
  AtomicSum(AtomicSum&& other) noexcept : total(other.total.load()) {}
  mutable std::atomic<std::int64_t> total;
};
std::int64_t add_to(Sum& sum, std::int64_t by) { return sum.total += by; }
std::int64_t add_shared(const AtomicSum& sum, std::int64_t by) { return sum.total += by; }
Bound<PyAny> new_sum(Python py) { return new_closure<&add_to>(py, "add", Sum(), arg("by")).into_any(); }
Bound<PyAny> new_shared_sum(Python py) {
  return new_closure<&add_shared>(py, "add", AtomicSum(0), arg("by") = 1).into_any();
}

// --- Locks
// -------------------------------------------------------------------------------------------------------------

adder::PyMutex<std::int64_t> guarded_count(0);
std::int64_t add_guarded(Python py) {
  const auto guard = guarded_count.lock(py);
  return ++*guard;
}
std::mutex plain_mutex;
std::int64_t plain_count = 0;
std::int64_t add_locked(Python py) {
  const auto lock = lock_attached(py, plain_mutex);
  return ++plain_count;
}
std::int64_t critical_count = 0;
std::int64_t add_critical(const Bound<PyAny>& object) {
  return with_critical_section(object, [] { return ++critical_count; });
}

// --- References dropped while detached
// ---------------------------------------------------------------------------------

void drop_detached(Python py, std::vector<Py<PyAny>> objects) {
  py.allow_threads([](std::vector<Py<PyAny>>& mine) { mine.clear(); }, objects);
}
void detach_and_attach(Python py, int rounds) {
  for (int i = 0; i < rounds; ++i) py.allow_threads([] {});
}
std::size_t text_size_detached(Python py, const Bound<PyString>& text) {
  PyBackedStr kept(text);
  return py.allow_threads(
      [](PyBackedStr& view) {
        const PyBackedStr dropped_here = std::move(view);
        return dropped_here.view().size();
      },
      kept);
}

// --- Containers that others change meanwhile
// -----------------------------------------------------------------------------

std::int64_t sum_list(const Bound<PyList>& list) {
  std::int64_t sum = 0;
  for (const auto& item : list) sum += item.extract<std::int64_t>();
  return sum;
}
std::int64_t sum_view(const Bound<PyList>& list) {
  std::int64_t sum = 0;
  for (const std::int64_t item : list.as<std::int64_t>()) sum += item;
  return sum;
}
std::int64_t sum_vector(const std::vector<std::int64_t>& items) {
  std::int64_t sum = 0;
  for (const std::int64_t item : items) sum += item;
  return sum;
}
void bump_list(const Bound<PyList>& list) {
  const std::size_t size = list.len();
  for (std::size_t i = 0; i < size; ++i) list.set_item(i, list.get_item(i).extract<std::int64_t>() + 1);
}
std::int64_t sum_dict(const Bound<PyDict>& dict) {
  std::int64_t sum = 0;
  for (const auto& [key, value] : dict) sum += value.extract<std::int64_t>();
  return sum;
}
std::int64_t sum_dict_view(const Bound<PyDict>& dict) {
  std::int64_t sum = 0;
  for (const auto& [key, value] : dict.as<std::string, std::int64_t>()) sum += value;
  return sum;
}
std::size_t use_dict(const Bound<PyDict>& dict, const Bound<PyAny>& key) {
  dict.set_item(key, 1);
  (void)dict.set_default(key, 2);
  (void)dict.get_item(key);
  (void)dict.contains(key);
  (void)dict.pop(key);
  return dict.len();
}

}  // namespace

ADDER_MODULE(tsan_stress_ext, m, gil_not_used) {
  m.add("FIRST_USES", first_uses);
  m.def<&once_cell>("once_cell");
  m.def<&once_lock>("once_lock");
  m.def<[] { return lock_fillings.load(); }>("lock_fillings");
  m.def<&read_cells>("read_cells");
  m.add_class<Cells>();
  m.add_class<Counter>();
  m.add_class<Hits>();
  m.add_class<Canvas>();
  m.add_class<Node>();
  m.add_class<Fussy>();
  m.add_class<Ghost>();
  m.add_class<House>();
  m.add_class<Shared>();
  m.def<&shared_by_cpp>("shared_by_cpp");
  m.def<[] { return PyClass<Fussy>::finalized.load(); }>("finalized");
  m.def<&lazy_class>("lazy_class");
  m.def<&lazy_child>("lazy_child");
  m.def<&lazy_dict>("lazy_dict");
  m.def<&is_lazy>("is_lazy");
  m.def<&interned_name>("interned_name");
  m.def<&call_by_keyword>("call_by_keyword");
  m.def<&imported_type>("imported_type");
  m.def<&raise_new>("raise_new");
  m.def<&a_date>("a_date");
  m.def<&weigh>("weigh", arg("a"), arg("b") = 2, kw_only, arg("c") = "three");
  m.def<&gather>("gather");
  m.def<overload<&of_int, &of_text>>("overloaded");
  m.def<&fail>("fail");
  m.def<&share_error>("share_error");
  m.def<&look_at_error>("look_at_error");
  m.def<&new_sum>("new_sum");
  m.def<&new_shared_sum>("new_shared_sum");
  m.def<&add_guarded>("add_guarded");
  m.def<&add_locked>("add_locked");
  m.def<&add_critical>("add_critical");
  m.def<&drop_detached>("drop_detached");
  m.def<&detach_and_attach>("detach_and_attach");
  m.def<&text_size_detached>("text_size_detached");
  m.def<&sum_list>("sum_list");
  m.def<&sum_view>("sum_view");
  m.def<&sum_vector>("sum_vector");
  m.def<&bump_list>("bump_list");
  m.def<&sum_dict>("sum_dict");
  m.def<&sum_dict_view>("sum_dict_view");
  m.def<&use_dict>("use_dict");
}
