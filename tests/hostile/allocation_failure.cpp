// SPDX-License-Identifier: MIT
// Memory runs out, at every place in turn. Each operation below is run with its first allocation failing, then with its
// second, and so on until it needs no further one: those of Python (the domains MEM and OBJ) and those of C++ (operator
// new) apart. Whatever fails, the operation either succeeds all the same or reports an exception, nothing stays
// pending, and nothing is left behind: the whole series is repeated until blocks and reference counts no longer grow,
// which they have to do soon.
//
// Not looked at: malloc() itself, as libstdc++ uses it for exceptions in flight and CPython for its domain RAW.
#include "adder/array/array.hpp"
#include "adder/array/class_buffer.hpp"
#include "adder/array/owned_array.hpp"
#include "adder/embed/embed.hpp"
#include "adder/function/closure.hpp"
#include "adder/function/overload.hpp"
#include "adder/stl/chrono.hpp"
#include "adder/stl/complex.hpp"
#include "adder/stl/map.hpp"
#include "adder/stl/optional.hpp"
#include "adder/stl/pair.hpp"
#include "adder/stl/set.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/tuple.hpp"
#include "adder/stl/variant.hpp"
#include "adder/stl/vector.hpp"
#include "adder/types/fields.hpp"

#include "adder/object/pooled.hpp"
#include "threads/check.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <map>
#include <new>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

using namespace adder;
using Any = Bound<PyAny>;

// --- Allocators that fail on request ---------------------------------------------------------------------------------

namespace {

/// Counts the allocations of one side while it is armed, and has the one fail whose turn it is.
struct Fuse {
  long left = 0;       ///< Until the allocation that fails; 0 when not armed.
  bool blown = false;  ///< Whether it has failed.
  long blocks = 0;     ///< How many there are, armed or not.

  void arm(long at) noexcept {
    left = at;
    blown = false;
  }
  void disarm() noexcept { left = 0; }
  bool burns() noexcept {
    if (left == 0 || --left != 0) return false;
    blown = true;
    return true;
  }
};
constinit Fuse python_fuse, cpp_fuse;

void* allocate(std::size_t size, std::size_t alignment) noexcept {
  if (cpp_fuse.burns()) return nullptr;
  void* block = alignment <= alignof(std::max_align_t)
                    ? std::malloc(size == 0 ? 1 : size)
                    : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (block != nullptr) ++cpp_fuse.blocks;
  return block;
}
void* allocate_or_throw(std::size_t size, std::size_t alignment) {
  void* block = allocate(size, alignment);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}
void deallocate(void* block) noexcept {
  if (block != nullptr) --cpp_fuse.blocks;
  std::free(block);
}
constexpr std::size_t usual = alignof(std::max_align_t);

}  // namespace

// clang-format off
void* operator new(std::size_t size) { return allocate_or_throw(size, usual); }
void* operator new[](std::size_t size) { return allocate_or_throw(size, usual); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size, usual); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return allocate(size, usual); }
void* operator new(std::size_t size, std::align_val_t alignment) { return allocate_or_throw(size, std::size_t(alignment)); }
void* operator new[](std::size_t size, std::align_val_t alignment) { return allocate_or_throw(size, std::size_t(alignment)); }
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept { return allocate(size, std::size_t(alignment)); }
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept { return allocate(size, std::size_t(alignment)); }
void operator delete(void* block) noexcept { deallocate(block); }
void operator delete[](void* block) noexcept { deallocate(block); }
void operator delete(void* block, std::size_t) noexcept { deallocate(block); }
void operator delete[](void* block, std::size_t) noexcept { deallocate(block); }
void operator delete(void* block, const std::nothrow_t&) noexcept { deallocate(block); }
void operator delete[](void* block, const std::nothrow_t&) noexcept { deallocate(block); }
void operator delete(void* block, std::align_val_t) noexcept { deallocate(block); }
void operator delete[](void* block, std::align_val_t) noexcept { deallocate(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { deallocate(block); }
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept { deallocate(block); }
// clang-format on

namespace {

// Objects of a free-threaded Python live in mimalloc's heaps, which its collector walks: there is no way in between.
constexpr bool python_can_fail = !test::free_threaded;

/// What CPython's own allocator of a domain does, unless it is to fail.
struct FailingAllocator {
  PyMemAllocatorEx own{};

  static PyMemAllocatorEx& of(void* context) { return static_cast<FailingAllocator*>(context)->own; }
  static void* malloc(void* context, std::size_t size) {
    if (python_fuse.burns()) return nullptr;
    return counted(of(context).malloc(of(context).ctx, size));
  }
  static void* calloc(void* context, std::size_t count, std::size_t size) {
    if (python_fuse.burns()) return nullptr;
    return counted(of(context).calloc(of(context).ctx, count, size));
  }
  static void* realloc(void* context, void* block, std::size_t size) {
    if (python_fuse.burns()) return nullptr;
    void* moved = of(context).realloc(of(context).ctx, block, size);
    return block == nullptr ? counted(moved) : moved;
  }
  static void free(void* context, void* block) {
    if (block != nullptr) --python_fuse.blocks;
    of(context).free(of(context).ctx, block);
  }
  static void* counted(void* block) {
    if (block != nullptr) ++python_fuse.blocks;
    return block;
  }
  void install(PyMemAllocatorDomain domain) {
    PyMem_GetAllocator(domain, &own);
    PyMemAllocatorEx failing{this, &malloc, &calloc, &realloc, &free};
    PyMem_SetAllocator(domain, &failing);
  }
};
FailingAllocator of_memory, of_objects;

// --- What the operations work with -----------------------------------------------------------------------------------

/// Counts the C++ values that live.
struct Tracked {
  Tracked() { ++live; }
  Tracked(const Tracked&) { ++live; }
  Tracked(Tracked&&) noexcept { ++live; }
  Tracked& operator=(const Tracked&) = default;
  Tracked& operator=(Tracked&&) noexcept = default;
  ~Tracked() { --live; }
  static inline long live = 0;
};

/// Long enough to be on the heap.
const char* const long_text = "a text that is too long for the inside of a std::string";

// Of each kind of class there are several, as a class has but one first use.
template <int N>
struct Plain {
  explicit Plain(std::int64_t start, std::string label = long_text) : total(start), text(std::move(label)) {
    if (total < 0) throw std::invalid_argument(std::string("negative: ") + long_text);
  }
  std::int64_t add(std::int64_t by, const std::string& reason) {
    text = reason;
    return total += by;
  }
  std::vector<std::string> words() const { return {text, text}; }
  std::string show() const { return "<" + text + ">"; }
  std::size_t size() const { return 3; }
  std::string label() const { return text; }
  void set_label(std::string label) { text = std::move(label); }
  void forget() { text.clear(); }
  Any during(const Any& f) { return f(); }
  std::int64_t total;
  std::string text;
  Tracked tracked{};
};
template <int N>
struct Frozen {
  explicit Frozen(std::string label) : text(std::move(label)) {}
  std::string label() const { return text; }
  const std::string text;
  const Tracked tracked{};
};
template <int N>
struct Collected {
  Py<PyAny> held;
  std::vector<Py<PyAny>> more{};
  std::string text = long_text;
  Tracked tracked{};
  Py<PyAny> get(Python py) const { return held.clone_ref(py); }
  void push(const Any& value) { more.emplace_back(value); }
};
template <int N>
struct Shaped {
  explicit Shaped(std::string label) : text(std::move(label)) {
    if (text == "refuse") throw std::runtime_error(long_text);
  }
  virtual ~Shaped() = default;
  Shaped(const Shaped&) = delete;
  Shaped& operator=(const Shaped&) = delete;
  virtual std::string label() const { return text; }
  std::string text;
  Tracked tracked{};
};
template <int N>
struct Derived : Shaped<N> {
  Derived(std::string label, int level) : Shaped<N>(std::move(label)), level_(level) {}
  std::string label() const override { return std::string(long_text) + std::to_string(level_); }
  int level() const { return level_; }
  int level_;
};
template <int N>
struct DictBased {
  explicit DictBased(std::string label) : text(std::move(label)) {
    if (text == "refuse") throw std::runtime_error(long_text);
  }
  std::string label() const { return text; }
  std::string text;
  Tracked tracked{};
};
template <int N>
struct ErrorBased {
  explicit ErrorBased(std::string label, int number = 3) : text(std::move(label)), code(number) {}
  std::string label() const { return text; }
  std::string text;
  int code;
  Tracked tracked{};
};
template <int N>
struct Pooled {
  explicit Pooled(int number) : value(number) {}
  int value;
  Tracked tracked{};
};
template <int N>
struct Finalized {
  std::string text = long_text;
  Tracked tracked{};
};
template <int N>
struct Tiny {
  int value = 0;
};

struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct NoException {
  std::string text = long_text;
};
template <int N>
struct Own : NewException<"probe.Own", PyValueError> {};
struct FirstA : NewException<"probe.FirstA", PyValueError> {};
struct FirstB : NewException<"probe.FirstB", PyValueError> {};
struct JSONDecodeError : ImportedException<"json", "JSONDecodeError", PyValueError> {};

struct Point {
  double x = 0;
  std::string label = "none";
  std::vector<long> path{};
};
struct Total {
  std::string text;
  std::vector<long> all{};
  Tracked tracked{};
};

}  // namespace

template <>
struct adder::FromPyObject<Point>
    : adder::FromAttributes<Point, Field<"x", &Point::x>, OptionalField<"label", &Point::label>,
                            Field<"path", &Point::path>> {};
template <>
struct adder::IntoPyObject<Point>
    : adder::IntoItems<Point, Field<"x", &Point::x>, Field<"label", &Point::label>, Field<"path", &Point::path>> {};

namespace {
/// The same, but read from a mapping.
struct Record {
  double x = 0;
  std::string label = "none";
};
}  // namespace
template <>
struct adder::FromPyObject<Record>
    : adder::FromItems<Record, Field<"x", &Record::x>, OptionalField<"label", &Record::label>> {};

namespace {
/// Exports its memory.
struct Shown {
  explicit Shown(std::int64_t count) : values(static_cast<std::size_t>(count)), claimed(count) {}
  void grow() { values.resize(static_cast<std::size_t>(++claimed)); }
  std::vector<double> values;
  std::int64_t claimed;
};
}  // namespace
template <>
struct adder::PyClass<Shown> {
  static constexpr auto name = "Shown";
  static void define(ClassBuilder<Shown>& cls) {
    cls.def_new<std::int64_t>(arg("count"));
    cls.def<&Shown::grow>("grow");
    cls.field<&Shown::claimed>("claimed");
    cls.buffer<&Shown::values, &Shown::claimed>();
    cls.array<&Shown::values, &Shown::claimed>("values", "The memory.");
  }
};

template <int N>
struct adder::PyClass<Plain<N>> {
  static constexpr auto name = "Plain";
  static constexpr auto doc = "A class without anything special.";
  static void define(ClassBuilder<Plain<N>>& cls) {
    cls.template def_new<std::int64_t, std::string>(arg("start"), arg("label") = std::string(long_text));
    cls.template def<&Plain<N>::add>("add", arg("by"), arg("reason") = std::string("none given"), "Adds.");
    cls.template def<&Plain<N>::words>("words");
    cls.template def<&Plain<N>::during>("during", arg("f"));
    cls.template def<"__repr__", &Plain<N>::show>();
    cls.template def<"__len__", &Plain<N>::size>();
    cls.template getter<&Plain<N>::label>("label", "What it is called.");
    cls.template setter<&Plain<N>::set_label>("label");
    cls.template deleter<&Plain<N>::forget>("label");
    cls.template field<&Plain<N>::total>("total");
    cls.template def_staticmethod<[](int a, int b) { return a + b; }>("sum", arg("a"), arg("b") = 70'000);
    cls.template def_classmethod<[](ThisClass type, std::int64_t start) { return type->call(start); }>("make");
    cls.attr("limits", std::vector<long>{70'000, 80'000});
    cls.template attr<[](Python py) { return Bound<Plain<N>>::new_(py, 1); }>("first");
  }
};
template <int N>
struct adder::PyClass<Frozen<N>> {
  static constexpr auto name = "Frozen";
  static constexpr bool frozen = true, sync = true;
  static void define(ClassBuilder<Frozen<N>>& cls) {
    cls.template def_new<std::string>(arg("label"));
    cls.template getter<&Frozen<N>::label>("label");
  }
};
template <int N>
struct adder::PyClass<Collected<N>> {
  static constexpr auto name = "Collected";
  static void define(ClassBuilder<Collected<N>>& cls) {
    cls.template def_new<Py<PyAny>>(arg("held"));
    cls.template def<&Collected<N>::push>("push");
    cls.template getter<&Collected<N>::get>("held");
  }
};
template <int N>
struct adder::PyClass<Shaped<N>> {
  static constexpr auto name = "Shaped";
  static constexpr bool dict = true, weakref = true, subclass = true;
  static void define(ClassBuilder<Shaped<N>>& cls) {
    cls.template def_new<std::string>(arg("label"));
    cls.template def<&Shaped<N>::label>("label");
  }
};
template <int N>
struct adder::PyClass<Derived<N>> {
  static constexpr auto name = "Derived";
  using base = Shaped<N>;
  static void define(ClassBuilder<Derived<N>>& cls) {
    cls.template def_new<std::string, int>(arg("label"), arg("level") = 2);
    cls.template getter<&Derived<N>::level>("level");
  }
};
template <int N>
struct adder::PyClass<DictBased<N>> {
  static constexpr auto name = "DictBased";
  using base = PyDict;
  static constexpr bool subclass = true;
  static void define(ClassBuilder<DictBased<N>>& cls) {
    cls.template def_new<std::string>(arg("label"));
    cls.template getter<&DictBased<N>::label>("label");
  }
};
template <int N>
struct adder::PyClass<ErrorBased<N>> {
  static constexpr auto name = "ErrorBased";
  using base = PyValueError;
  static void define(ClassBuilder<ErrorBased<N>>& cls) {
    cls.template def_new<std::string, int>(arg("label"), arg("number") = 3);
    cls.template getter<&ErrorBased<N>::label>("label");
    cls.template getter<&ErrorBased<N>::code>("code");
  }
};
template <int N>
struct adder::PyClass<Pooled<N>> {
  static constexpr auto name = "Pooled";
  static constexpr int freelist = 2;
  static void define(ClassBuilder<Pooled<N>>& cls) {
    cls.template def_new<int>(arg("value"));
    cls.template getter<&Pooled<N>::value>("value");
  }
};
template <int N>
struct adder::PyClass<Finalized<N>> {
  static constexpr auto name = "Finalized";
  static void define(ClassBuilder<Finalized<N>>& cls) { cls.template def_new<>(); }
  static void finalize(const Bound<Finalized<N>>& self) { (void)self.repr().to_string(); }
};
template <int N>
struct adder::PyClass<Tiny<N>> {
  static constexpr auto name = "Tiny";
  static constexpr auto module = "probe";
  static void define(ClassBuilder<Tiny<N>>& cls) {
    cls.template def_new<int>(arg("value") = 70'000);
    cls.template field<&Tiny<N>::value>("value");
  }
};

namespace {

std::int64_t sum(std::int64_t a, std::int64_t b, std::int64_t c) { return a + b + c; }
std::string joined(const std::string& a, std::string_view b) { return a + std::string(b); }
PyResult<std::string> by_value(const std::string& text) { return PyValueError::new_err(text + long_text); }
std::string by_throw(const std::string& text) { throw PyValueError::new_err(text + long_text); }
void nested(int depth) {
  try {
    if (depth == 0) throw PyKeyError::new_err(long_text);
    nested(depth - 1);
  } catch (...) {
    std::throw_with_nested(Failure(long_text));
  }
}
void nested_python() {
  try {
    throw Failure(long_text);
  } catch (...) {
    std::throw_with_nested(PyValueError::new_err(long_text));
  }
}

/// What arms itself no earlier than in the body of a module: the allocations of Python's import machinery do not count.
Fuse* armed_in_body = nullptr;
long armed_in_body_at = 0;

template <int N>
void fill_small(ModuleBuilder& m) {
  if (Fuse* fuse = std::exchange(armed_in_body, nullptr)) fuse->arm(armed_in_body_at);
  m.doc("A module with a bit of everything.");
  m.add("size", 70'000 + N);
  m.add("words", std::vector<std::string>{long_text});
  m.def<[](std::int64_t a, std::int64_t b) { return a + b + N; }>("add", arg("a"), arg("b") = 70'000, "Adds.");
  m.def<[](const std::string& text) { return text; }>("echo");
  m.def<overload<[](std::int64_t) { return N; }, [](const std::string&) { return "text"; }>>("pick");
  m.add_class<Plain<N>>();
  m.add_class<Collected<N>>();
  m.add_submodule("inner", [](ModuleBuilder& inner) {
    inner.def<[](int x) { return x + N; }>("shift", arg("x"));
    inner.add_class<Pooled<N>>();
  });
}

}  // namespace

ADDER_MODULE(first_a, m, gil_not_used) { fill_small<10>(m); }
ADDER_MODULE(first_b, m, gil_not_used) { fill_small<11>(m); }

ADDER_MODULE(probe, m, gil_not_used) {
  const Python py = m.py();
  m.def<[] { return 70'000; }>("f0");
  m.def<[](std::int64_t a) { return a; }>("f1");
  m.def<[](std::int64_t a, std::int64_t b) { return a + b; }>("f2");
  m.def<[](std::int64_t a, std::int64_t b, std::int64_t c) { return a + b + c; }>("f3");
  m.def<[](std::int64_t a, double b, std::int64_t c, double d) { return static_cast<double>(a + c) + b + d; }>("f4");
  m.def<[](const std::string& a, const std::string& b, const std::string& c, const std::string& d,
           const std::string& e) { return a + b + c + d + e; }>("f5");
  m.def<[](std::int64_t a, const std::string& b, std::vector<long> c, const Any& d, std::string_view e, double f) {
    return std::tuple(a, b, std::move(c), d, std::string(e), f);
  }>("f6");
  m.def<&sum>("named", arg("a"), arg("b") = 70'000, kw_only, arg("c") = 80'000);
  m.def<&sum>("by_place", arg("a"), arg("b"), pos_only, arg("c") = 1);
  m.def<&joined>("joined", arg("a"), arg("b") = std::string(long_text));
  m.def<[](Python token, const Any& first, const Args& rest, const Kwargs& named) {
    return PyList::new_(token, first, *rest, *named);
  }>("variadic", arg("first"));
  m.def<[](const Any& f, const Args& rest, const Kwargs& named) { return f(args_of(*rest), kwargs_of(*named)); }>(
      "forward", arg("f"), pos_only);
  m.def<overload<[](std::int64_t) { return "int"; }, [](double) { return "float"; },
                 [](const std::string&) { return "str"; }, [](const std::vector<std::string>&) { return "list"; }>>(
      "pick");

  m.def<[](std::uint64_t x) { return x; }>("unsigned");
  m.def<[](std::int8_t x) { return x; }>("byte");
  m.def<[](detail::Int128 x) { return x; }>("wide");
  m.def<[](double x) { return x * 2; }>("real");
  m.def<[](bool x) { return !x; }>("truth");
  m.def<[](char32_t c) { return c; }>("character");
  m.def<[](std::complex<double> z) { return z * 2.0; }>("complex");
  m.def<[](std::string_view text) { return std::string(text); }>("view");
  m.def<[](const Bound<PyBytes>& data) { return PyBytes::new_(data.py(), data.as_bytes()); }>("data");
  m.def<[](std::vector<long> values) { return values; }>("longs");
  m.def<[](std::vector<std::string> values) { return values; }>("strings");
  m.def<[](std::map<std::string, std::vector<long>> values) { return values; }>("dicts");
  m.def<[](std::set<std::string> values) { return values; }>("sets");
  m.def<[](std::tuple<int, std::string, double> values) { return values; }>("tuples");
  m.def<[](std::pair<std::string, long> values) { return values; }>("pairs");
  m.def<[](std::optional<std::string> value) { return value; }>("maybe");
  m.def<[](std::variant<std::int64_t, std::string, std::vector<long>> value) { return value; }>("variants");
  m.def<[](Point point) { return point; }>("point", arg("point"));
  m.def<[](const std::vector<Record>& records) { return records.size(); }>("records", arg("records"));
  m.def<[](std::chrono::microseconds span) { return span * 2; }>("span");
  m.def<[](std::chrono::system_clock::time_point time) { return time; }>("time");

  m.def<&by_value>("by_value", arg("text"));
  m.def<&by_throw>("by_throw", arg("text"));
  m.def<&nested>("nested", arg("depth"));
  m.def<&nested_python>("nested_python");
  m.def<[](int kind) {
    switch (kind) {
      case 0:
        throw std::out_of_range(long_text);
      case 1:
        throw std::system_error(std::make_error_code(std::errc::no_such_file_or_directory), long_text);
      case 2:
        throw Failure(long_text);
      case 3:
        throw NoException();
      case 4:
        throw 42;
      case 5:
        throw std::bad_alloc();
      default:
        throw Own<0>::new_err(long_text);
    }
  }>("throws", arg("kind"));
  m.def<[](Python token) { return PyErr::warn<PyUserWarning>(token, long_text); }>("warns");
  m.def<[](const Any& error) { throw PyErr::from_value(error); }>("throw_object");
  register_exception_translator<Failure>(py,
                                         [](const Failure& failure) { return PyLookupError::new_err(failure.what()); });
  m.add("Own", py.get_type<Own<0>>());

  m.add_class<Plain<0>>();
  m.add_class<Frozen<0>>();
  m.add_class<Collected<0>>();
  m.add_class<Shaped<0>>();
  m.add_class<Derived<0>>();
  m.add_class<DictBased<0>>();
  m.add_class<ErrorBased<0>>();
  m.add_class<Pooled<0>>();
  m.add_class<Finalized<0>>();
  m.add_class<Tiny<0>>();
  m.add_class<Shown>();
  m.def<[] { return OwnedArray<BFloat16>({BFloat16(1.0F), BFloat16(2.0F)}); }>("brain_floats");
  m.def<[](const Array<const BFloat16>& a) { return a.size(); }>("count_brain_floats");
  m.def<[](const Plain<0>& plain, Plain<0>& other) { return plain.total + other.total; }>("both");
  m.def<[](Python token) { return Bound<Plain<0>>::new_(token, 70'000); }>("make_plain");
  m.def<[] { return Plain<0>(70'000); }>("plain_value");
}

namespace {

// --- Operations ------------------------------------------------------------------------------------------------------

/// What an operation is excused from, because it is not adder that is at fault, or because adder says so.
enum class Excuse : unsigned char {
  none,
  /// No allocation of Python's fails. What CPython's compiler, its import machinery and its traceback module do then,
  /// also when nothing but the C API calls them, is to crash or to fail without an exception (3.10 to 3.13).
  python_breaks,
  /// Failing allocations of C++ may leave something behind: what is dropped while detached is leaked, says
  /// reference_pool.hpp, where it cannot be queued.
  cpp_leaks,
};
struct Operation {
  const char* name;
  void (*run)(Python py);  ///< Throws where it finds something wrong; see right().
  const char* body;        ///< Python code instead of a function. What it may use is in `setup`.
  const char* also = "";   ///< Exceptions that may take the place of MemoryError.
  Excuse excuse = Excuse::none;
};

struct Wrong {
  const char* what;
};
/// A result has to be right where an operation says that it has succeeded.
void right(bool is_right, const char* what) {
  if (!is_right) throw Wrong{what};
}
/// Passes on what is not the error that the operation is about: where memory is out there may be another one.
template <class E, class F>
void raises(Python py, F&& f) {
  try {
    std::forward<F>(f)();
  } catch (const PyErr& error) {
    if (!error.is_instance_of<E>(py)) throw;
    return;
  }
  throw Wrong{"no exception"};
}

std::optional<Py<PyDict>> names;  ///< The namespace of the Python code below.
Any name(Python py, const char* text) { return *names->bind(py).get_item(text); }

const char* const setup = R"(
import collections, copy, datetime, functools, gc, sys, types, warnings, weakref
import probe as m
import json, decimal, traceback, linecache
big = 10 ** 15
class Sub(m.Shaped):
    def __init__(self, label):
        self.own = [label]
class SubDel(m.Shaped):
    def __del__(self):
        self.gone = True
class Lender:
    def __dlpack_device__(self):
        return (1, 0)
    def __dlpack__(self, **how):
        return m.brain_floats().__dlpack__(**how)
class SubDict(m.DictBased):
    pass
missing = {}.__getitem__
fails = functools.partial({}.__getitem__, big)
class BadIndex:
    __index__ = staticmethod(fails)
class Thing:
    pass
point = types.SimpleNamespace(x=1.5, label='here', path=[70000, 80000])
half_point = types.SimpleNamespace(x=1.5, path=[70000, 'x'])
class Manager:
    def __enter__(self):
        return [big]
    def __exit__(self, kind, value, traceback):
        return kind is not None and issubclass(kind, ValueError)
manager = Manager()
def keywords(a, *rest, b=1, **named):
    return [a, rest, b, named]
def nothing():
    return None
def refused(kind, f, *args, **named):
    try:
        f(*args, **named)
    except kind as error:
        return error
    assert False, 'nothing was raised'
def panics(number):
    try:
        m.throws(number)
    except MemoryError:
        raise
    except BaseException as error:
        assert type(error).__name__ == 'PanicException', error
    else:
        assert False, 'nothing was raised'
def first_cause(error):
    while error.__cause__ is not None:
        error = error.__cause__
    return type(error)  # MemoryError where there was no memory for the right one.
thing = Thing()
plain, shaped, sub, collected = m.Plain(3), m.Shaped('x'), Sub('y'), m.Collected([1])
)";

// clang-format off
const Operation operations[] = {
  // Calls from Python.
  {"call, no argument", nullptr, "assert m.f0() == 70000"},
  {"call, one argument", nullptr, "assert m.f1(big) == big"},
  {"call, two arguments", nullptr, "assert m.f2(big, big) == 2 * big"},
  {"call, three arguments", nullptr, "assert m.f3(big, 1, big) == 2 * big + 1"},
  {"call, four arguments", nullptr, "assert m.f4(big, 0.5, 1, 2) == big + 3.5"},
  {"call, five arguments", nullptr, "assert m.f5('a' * 40, 'b', 'c', 'd', '\\xe9' * 40) == 'a' * 40 + 'bcd' + '\\xe9' * 40"},
  {"call, six arguments", nullptr, "assert m.f6(big, 'b' * 99, [big, 2], thing, 'e', 1.5) == (big, 'b' * 99, [big, 2], thing, 'e', 1.5)"},
  {"call with keywords", nullptr, "assert m.named(b=big, a=1, c=2) == big + 3"},
  {"call with a keyword that is not interned", nullptr, "assert m.named(1, **{''.join(['c']): big}) == big + 70001"},
  {"call with defaults", nullptr, "assert m.named(1) == 150001 and m.joined('x').startswith('xa text')"},
  {"*args and **kwargs", nullptr, "assert m.variadic(big, 1, 2, x=3) == [big, (1, 2), {'x': 3}]"},
  {"*args and **kwargs handed on", nullptr, "assert m.forward(keywords, big, 2, b=3, z=4) == [big, (2,), 3, {'z': 4}]"},
  {"overload, exact", nullptr, "assert m.pick(big) == 'int' and m.pick(1.5) == 'float' and m.pick('x' * 99) == 'str'"},
  {"overload, converted", nullptr, "assert m.pick(['x' * 99, 'y']) == 'list'"},
  {"overload, refused", nullptr, "refused(TypeError, m.pick, {})"},

  // Conversions.
  {"int", nullptr, "assert m.f1(-big) == -big and m.unsigned(2 ** 64 - 1) == 2 ** 64 - 1"},
  {"int, out of range", nullptr, "refused(OverflowError, m.f1, 2 ** 70); refused(OverflowError, m.byte, 300); refused(OverflowError, m.unsigned, -1)"},
  {"int of 128 bits", nullptr, "assert m.wide(-2 ** 100) == -2 ** 100"},
  {"int of 128 bits, out of range", nullptr, "refused(OverflowError, m.wide, 2 ** 130)"},
  {"float, bool, character, complex", nullptr, "assert m.real(1.25) == 2.5 and m.truth(False) and m.character('\\u20ac') == '\\u20ac' and m.complex(1j) == 2j"},
  {"float from an int", nullptr, "assert m.real(big) == 2.0 * big; refused(OverflowError, m.real, 10 ** 400)"},
  {"str", nullptr, "assert m.view('x' * 99) == 'x' * 99 and m.view('\\u20ac' * 99) == '\\u20ac' * 99"},
  {"str that is no text", nullptr, "refused(UnicodeEncodeError, m.view, '\\ud800')"},
  {"bytes", nullptr, "assert m.data(b'x' * 99) == b'x' * 99"},
  {"vector of int", nullptr, "assert m.longs([big, -big] * 20) == [big, -big] * 20 and m.longs((big, 2)) == [big, 2]"},
  {"vector of int, of another sequence", nullptr, "assert m.longs(range(big, big + 2)) == [big, big + 1]"},
  {"vector of int, refused", nullptr, "refused(TypeError, m.longs, [big, 'x']); refused(TypeError, m.longs, 5)"},
  {"vector of str", nullptr, "assert m.strings(['x' * 99, '\\xe9' * 50]) == ['x' * 99, '\\xe9' * 50]"},
  {"map", nullptr, "assert m.dicts({'x' * 99: [big], 'y': []}) == {'x' * 99: [big], 'y': []}"},
  {"map, refused", nullptr, "refused(TypeError, m.dicts, {'x' * 99: [big, None]}); refused(TypeError, m.dicts, {5: []})"},
  {"set", nullptr, "assert m.sets({'x' * 99, 'y'}) == {'x' * 99, 'y'}"},
  {"tuple and pair", nullptr, "assert m.tuples((70000, 'x' * 99, 1.5)) == (70000, 'x' * 99, 1.5) and m.pairs(('x' * 99, big)) == ('x' * 99, big)"},
  {"tuple, refused", nullptr, "refused(TypeError, m.tuples, (1, 2, 3)); refused(ValueError, m.tuples, (1, 2))"},
  {"optional", nullptr, "assert m.maybe(None) is None and m.maybe('x' * 99) == 'x' * 99; refused(TypeError, m.maybe, 5)"},
  {"variant", nullptr, "assert m.variants(big) == big and m.variants('x' * 99) == 'x' * 99 and m.variants([big]) == [big]"},
  {"variant, refused", nullptr, "refused(TypeError, m.variants, {})"},
  {"struct, by attributes and into items", nullptr, "assert m.point(point) == {'x': 1.5, 'label': 'here', 'path': [70000, 80000]}"},
  {"struct, refused", nullptr, "refused(TypeError, m.point, half_point); refused(AttributeError, m.point, thing)"},
  {"struct, by items", nullptr, "assert m.records([{'x': 1, 'label': 'y' * 99}, types.MappingProxyType({'x': 2.5})]) == 2"},
  {"struct, by items, refused", nullptr, "refused(KeyError, m.records, [{'label': 'y'}]); refused(TypeError, m.records, [{'x': 'y'}])"},
  {"chrono", nullptr, "assert m.span(datetime.timedelta(days=3, microseconds=5)) == datetime.timedelta(days=6, microseconds=10)"},
  {"chrono, time", nullptr, "t = datetime.datetime(2020, 3, 4, 5, 6, 7, tzinfo=datetime.timezone.utc); assert m.time(t) == t"},

  // Errors.
  {"error returned", nullptr, "assert str(refused(ValueError, m.by_value, 'x')).startswith('xa text')"},
  {"error thrown", nullptr, "assert str(refused(ValueError, m.by_throw, 'x')).startswith('xa text')"},
  {"C++ exceptions", nullptr, "refused(IndexError, m.throws, 0); refused(FileNotFoundError, m.throws, 1)"},
  {"C++ exception, translated by the user", nullptr, "refused(LookupError, m.throws, 2)"},
  {"C++ exceptions of unknown types", nullptr, "panics(3); panics(4)"},
  {"std::bad_alloc and an own exception class", nullptr, "refused(MemoryError, m.throws, 5); refused(m.Own, m.throws, 6)"},
  {"nested exceptions", nullptr, "assert first_cause(refused(LookupError, m.nested, 2)) in (KeyError, MemoryError)"},
  {"nested exception under a PyErr", nullptr, "assert first_cause(refused(ValueError, m.nested_python)) in (LookupError, MemoryError)"},
  {"argument error: type", nullptr, "refused(TypeError, m.named, 'x'); refused(TypeError, m.joined, 5)"},
  {"argument error: missing", nullptr, "refused(TypeError, m.named); refused(TypeError, m.f2, 1)"},
  {"argument error: too many", nullptr, "refused(TypeError, m.named, 1, 2, 3, c=4); refused(TypeError, m.f0, 1)"},
  {"argument error: keywords", nullptr, "refused(TypeError, m.named, 1, d=2); refused(TypeError, m.named, 1, a=2); refused(TypeError, m.by_place, a=1, b=2)"},
  {"argument error: raised by Python code", nullptr, "refused(KeyError, m.named, BadIndex()); refused(KeyError, m.longs, [BadIndex()])"},

  // Classes.
  {"construct", nullptr, "assert m.Plain(big).total == big"},
  {"construct with keywords", nullptr, "assert m.Plain(label='x' * 99, start=1).label == 'x' * 99"},
  {"constructor throws", nullptr, "refused(ValueError, m.Plain, -1)"},
  {"constructor gets no arguments", nullptr, "refused(TypeError, m.Plain); refused(TypeError, m.Plain, 'x')"},
  {"construct: frozen", nullptr, "assert m.Frozen('x' * 99).label == 'x' * 99"},
  {"construct: collected", nullptr, "c = m.Collected([big]); c.push(c.held); assert c.held == [big]"},
  {"a cycle through C++", nullptr, "c = m.Collected([]); c.held.append(c); c.push(c)"},
  {"construct: dict and weakref", nullptr, "s = m.Shaped('x' * 99); s.more = big; r = weakref.ref(s); assert r() is s and s.more == big"},
  {"construct: dict and weakref, constructor throws", nullptr, "refused(RuntimeError, m.Shaped, 'refuse')"},
  {"construct: derived", nullptr, "d = m.Derived('x' * 99); d.more = 1; assert d.level == 2 and d.label().endswith('2')"},
  {"construct: derived from dict", nullptr, "d = m.DictBased('x' * 99); d['k' * 50] = big; assert d.label == 'x' * 99 and len(d) == 1"},
  {"construct: derived from dict, constructor throws", nullptr, "refused(RuntimeError, m.DictBased, 'refuse')"},
  {"export", nullptr, "s = m.Shown(4); v = memoryview(s); assert v.nbytes == 32; v.release(); s.grow()"},
  {"export, twice", nullptr, "s = m.Shown(4); v = memoryview(s); w = memoryview(s); del v; refused(RuntimeError, s.grow); del w; s.grow()"},
  {"export, refused", nullptr, "s = m.Shown(4); s.claimed = 5; refused(BufferError, memoryview, s); s.claimed = 4; s.grow()"},
  {"array of an object", nullptr, "s = m.Shown(4); a = s.values; v = memoryview(a); del a; assert v.nbytes == 32; refused(RuntimeError, s.grow); del v; s.grow()"},
  {"array of an object, by DLPack", nullptr, "s = m.Shown(4); c = s.values.__dlpack__(); refused(RuntimeError, s.grow); del c; s.grow()"},
  {"array by DLPack", nullptr, "assert m.count_brain_floats(Lender()) == 2"},  // A lambda here would crash CPython 3.13.5.
  {"array by DLPack's C exchange", nullptr, "assert m.count_brain_floats(m.brain_floats()) == 2"},
  {"array of an object, refused", nullptr, "s = m.Shown(4); s.claimed = 5; refused(BufferError, getattr, s, 'values'); s.claimed = 4; s.grow()"},
  {"construct: derived from an exception", nullptr, "e = refused(ValueError, m.throw_object, m.ErrorBased('x' * 99, 5)); assert e.code == 5"},
  {"construct: freelist", nullptr, "a = m.Pooled(70000); b = m.Pooled(70001); c = m.Pooled(70002); del a, b, c; assert m.Pooled(70003).value == 70003"},
  {"construct: finalized", nullptr, "m.Finalized()"},
  {"construct: Python subclass", nullptr, "s = Sub('x' * 99); s.more = 1; assert s.own == ['x' * 99] and s.label() == 'x' * 99"},
  {"construct: Python subclass, constructor throws", nullptr, "refused(RuntimeError, Sub, 'refuse')"},
  {"construct: Python subclass with __del__, constructor throws", nullptr, "refused(RuntimeError, SubDel, 'refuse')"},
  {"construct: Python subclass of a derived dict", nullptr, "s = SubDict('x' * 99); s.more = 1; s['a'] = 2; assert s.label == 'x' * 99"},
  {"method", nullptr, "assert plain.add(0) == plain.total and plain.add(by=0, reason='x' * 99) == plain.total"},
  {"method that returns a container", nullptr, "assert len(plain.words()) == 2"},
  {"method, wrong argument", nullptr, "refused(TypeError, plain.add, 'x'); refused(TypeError, plain.add)"},
  {"dunders", nullptr, "assert repr(plain)[0] == '<' and len(plain) == 3"},
  {"getter, setter, deleter", nullptr, "p = m.Plain(1); p.label = 'x' * 99; assert p.label == 'x' * 99; del p.label; assert p.label == ''"},
  {"setter, wrong type", nullptr, "refused(TypeError, setattr, plain, 'label', 5); refused(AttributeError, setattr, plain, 'no', 5)"},
  {"field", nullptr, "p = m.Plain(1); p.total = big; assert p.total == big; refused(TypeError, setattr, p, 'total', 'x')"},
  {"static and class methods, attributes", nullptr, "assert m.Plain.sum(70000) == 140000 and m.Plain.make(big).total == big and m.Plain.limits == [70000, 80000]"},
  {"borrowed values as arguments", nullptr, "assert m.both(m.Plain(big), m.Plain(1)) == big + 1; refused(TypeError, m.both, plain, 5)"},
  {"borrow errors", nullptr, "refused(RuntimeError, m.both, plain, plain); refused(RuntimeError, plain.during, functools.partial(plain.add, 1))"},
  {"objects that functions return", nullptr, "assert m.make_plain().total == m.plain_value().total == 70000"},
  {"copies and pickles are refused", nullptr, "refused(TypeError, m.DictBased('x').__reduce_ex__, 4)"},

  // From C++.
  {"attributes", [](Python py) {
    const Any object = name(py, "Thing").call();
    object.setattr("some_name"_s, 70'000);
    object.setattr("another name", long_text);
    right(object.getattr("some_name"_s).extract<long>() == 70'000, "getattr");
    right(object.getattr("another name").extract<std::string>() == long_text, "getattr");
    right(object.getattr_opt("missing"_s) == std::nullopt, "getattr_opt");
    right(!object.hasattr("missing too"), "hasattr");
  }, nullptr},
  {"calls with keywords", [](Python py) {
    const Any result = name(py, "keywords").call(70'000, long_text, kw("b"_s) = 1.5, kw("z"_s) = std::vector<long>{80'000});
    right(result.len() == 4, "len");
    const std::string key = "made at run time";
    right(name(py, "keywords").call(1, kw("b") = long_text, kw(key.c_str()) = 70'000).len() == 4, "len");
  }, nullptr},
  {"calls with unpacking", [](Python py) {
    const auto rest = PyList::new_(py, 70'000, long_text);
    const auto named = PyDict::new_(py, kw("z"_s) = 70'000);
    right(name(py, "keywords").call(1, args_of(rest), args_of(PyTuple::new_(py, 1, 2, 3, 4, 5, 6, 7, 8, 9)), kw("b"_s) = 2, kwargs_of(named)).len() == 4, "len");
  }, nullptr},
  {"methods called", [](Python py) {
    const auto list = PyList::new_(py, 70'000);
    (void)list.call_method("append"_s, 80'000);
    (void)list.call_method("append", long_text);
    (void)list.call_method("extend"_s, std::vector<std::string>{long_text});
    right(list.len() == 4, "len");
    raises<PyAttributeError>(py, [&] { (void)list.call_method("missing"_s); });
  }, nullptr},
  {"new_ and methods of a class", [](Python py) {
    const auto plain = Bound<Plain<0>>::new_(py, 70'000, std::string(long_text));
    right(plain.call_method("add"_s, 5).extract<std::int64_t>() == 70'005, "add");
    right(plain.borrow()->label() == "none given", "borrow");
    const auto locked = plain.borrow_mut();
    raises<PyRuntimeError>(py, [&] { (void)plain.borrow(); });
    right(plain.try_borrow().is_err(), "try_borrow");
  }, nullptr},
  {"collections of C++ values", [](Python py) {
    const std::vector<Collected<0>> none;
    const auto held = name(py, "thing").unbind();
    auto made = Bound<Collected<0>>::new_(py, Collected<0>{held.clone_ref(py)});
    right(made.getattr("held"_s).is(held.bind(py)), "held");
  }, nullptr},
  {"eval", [](Python py) { right(py.eval("[n * 70000 for n in (1, 2)]", names->bind(py)).extract<std::vector<long>>() == std::vector<long>{70'000, 140'000}, "eval"); }, nullptr, "", Excuse::python_breaks},
  {"run", [](Python py) {
    const auto locals = PyDict::new_(py);
    py.run("  def f(x):\n    return [x, 70000]\n  y = f(big)\n", names->bind(py), locals);
    right(locals.get_item("y")->len() == 2, "y");
  }, nullptr, "", Excuse::python_breaks},
  {"run, an error", [](Python py) {
    raises<PyKeyError>(py, [&] { py.run("fails()", names->bind(py)); });
    raises<PySyntaxError>(py, [&] { py.run("no no", names->bind(py)); });
  }, nullptr, "", Excuse::python_breaks},
  {"import", [](Python py) { right(py.import("json").getattr("loads"_s).is_callable(), "loads"); }, nullptr},
  {"import that fails", [](Python py) { raises<PyModuleNotFoundError>(py, [&] { (void)py.import("no_such_module"); }); }, nullptr, "", Excuse::python_breaks},
  {"lists", [](Python py) {
    const auto list = PyList::new_(py, 70'000, 1.5, long_text, std::vector<std::string>{long_text});
    list.append(80'000);
    list.insert(0, long_text);
    list.set_item(1, 1.25);
    list.extend(PyTuple::new_(py, 1, 2));
    right(list.get_slice(0, 3).len() == 3 && list.to_tuple().len() == 8 && list.contains(80'000), "list");
    raises<PyIndexError>(py, [&] { (void)list.get_item(99); });
    raises<PyTypeError>(py, [&] { list.sort(); });
  }, nullptr},
  {"dicts", [](Python py) {
    const auto dict = PyDict::new_(py, kw("a"_s) = 70'000, kw("b") = long_text);
    dict.set_item(std::string(long_text), std::vector<long>{70'000});
    dict.set_item(70'000, 1.5);
    right(dict.get_item(70'000).has_value() && !dict.get_item("missing").has_value() && dict.contains("a"), "get_item");
    dict.del_item("a");
    raises<PyKeyError>(py, [&] { dict.del_item("a"); });
    raises<PyTypeError>(py, [&] { dict.set_item(PyList::empty(py), 1); });
    std::size_t count = 0;
    for (const auto& [key, value] : dict) count += key.str().len() + value.repr().len();
    right(count != 0 && dict.keys().len() == 3 && dict.items().len() == 3 && dict.copy().len() == 3, "dict");
  }, nullptr},
  {"PyDict::from_range", [](Python py) {
    const std::map<std::string, std::vector<long>> map{{long_text, {70'000}}, {"x", {}}};
    right(PyDict::from_range(py, map).len() == 2, "len");
  }, nullptr},
  {"sequences from ranges", [](Python py) {
    const std::vector<std::string> words{long_text, "x"};
    right(PyList::from_range(py, words).len() == 2 && PyTuple::from_range(py, words).len() == 2, "len");
    right(PySet::from_range(py, words).len() == 2 && PyFrozenSet::new_(py, 70'000, long_text).len() == 2, "len");
  }, nullptr},
  {"iteration", [](Python py) {
    long total = 0;
    for (const Any& item : name(py, "range").call(70'000, 70'010)) total += item.extract<long>();
    right(total == 700'045, "total");
    raises<PyKeyError>(py, [&] { for (const Any& item : name(py, "map").call(name(py, "missing"), PyList::new_(py, 1))) (void)item; });
    raises<PyTypeError>(py, [&] { for (const Any& item : name(py, "big")) (void)item; });
  }, nullptr},
  {"strings", [](Python py) {
    const auto text = PyString::from_fmt(py, "{} {x!r}", 70'000, kw("x"_s) = long_text);
    right(text.to_string().substr(0, 5) == "70000" && PyString::new_(py, "\xE2\x82\xAC uro").to_string().size() == 7, "text");
    right(PyString::intern(py, long_text).to_string() == long_text, "intern");
    right(name(py, "thing").repr().len() > 5 && name(py, "thing").str().len() > 5, "repr");
  }, nullptr},
  {"bytes", [](Python py) {
    const auto bytes = PyBytes::new_with(py, 99, [](std::span<std::byte> all) { all[0] = std::byte{1}; });
    right(bytes.len() == 99 && PyByteArray::from_object(bytes).len() == 99 && PyMemoryView::from(bytes).len() == 99, "bytes");
  }, nullptr},
  {"numbers", [](Python py) {
    right(PyInt::from_str(py, "12345678901234567890123").str().to_string().size() == 23, "int");
    right(name(py, "big").add(1).gt(name(py, "big")) && PyFloat::new_(py, 1.5).repr().len() == 3, "numbers");
    raises<PyOverflowError>(py, [&] { (void)PyInt::from_str(py, "12345678901234567890123").extract<int>(); });
  }, nullptr},
  {"weak references", [](Python py) {
    const Any object = name(py, "Thing").call();
    right(PyWeakrefReference::new_(object).call().is(object), "weakref");
  }, nullptr},
  {"try_extract, downcast", [](Python py) {
    const Any text = name(py, "setup");
    right(text.try_extract<int>().is_err() && text.try_extract<std::string>().is_ok(), "try_extract");
    right(!text.try_downcast<PyList>().has_value() && text.downcast<PyString>().len() > 5, "downcast");
    raises<PyTypeError>(py, [&] { (void)text.downcast<PyDict>(); });
  }, nullptr},
  {"capsules", [](Python py) {
    const auto capsule = PyCapsule::new_(py, Total{long_text}, "probe.total");
    right(capsule.reference<Total>("probe.total").text == long_text, "reference");
    raises<PyValueError>(py, [&] { (void)capsule.reference<Total>("another"); });
    (void)PyCapsule::new_with_destructor(py, Total{long_text}, "", [](Total& total, void*) { total.all.push_back(1); });
  }, nullptr},
  {"closures", [](Python py) {
    const auto closure = new_closure<[](Total& total, std::int64_t by, const std::string& text) {
      total.all.push_back(by);
      total.text = text;
      return total.all;
    }>(py, "collect", Total{long_text}, arg("by"), arg("text") = std::string(long_text), "Collects.");
    right(closure.call(70'000).extract<std::vector<long>>().size() == 1, "first call");
    right(closure.call(kw("by"_s) = 70'000).len() == 2, "second call");
    raises<PyTypeError>(py, [&] { (void)closure.call(long_text); });
  }, nullptr},
  {"closures without names", [](Python py) {
    const auto closure = new_closure<[](const Total& total, int a, int b) { return total.text + std::to_string(a + b); }>(py, "show", Total{long_text});
    right(closure.call(70'000, 1).extract<std::string>().size() > 20, "call");
  }, nullptr},
  {"GILOnceCell", [](Python py) {
    GILOnceCell<Py<PyAny>> cell, other;
    right(cell.get_or_init(py, [&] { return py.eval("[big]", names->bind(py)).unbind(); }).bind(py).len() == 1, "get_or_init");
    right(other.get_or_try_init(py, [&]() -> PyResult<Py<PyAny>> { return PyValueError::new_err(long_text); }).is_err(), "get_or_try_init");
    GILOnceCell<Py<PyType>> type;
    right(type.import(py, "decimal", "Decimal").call(long_text[0] == 'a' ? "1.5" : "2").is_truthy(), "import");
  }, nullptr, "", Excuse::python_breaks},
  {"with", [](Python py) {
    const auto length = with(name(py, "manager"), [](const Any& value) { return value.len(); });
    right(length.has_value() && *length == 1, "with");
    right(!with(name(py, "manager"), [](const Any&) { throw PyValueError::new_err(long_text); }), "swallowed");
    raises<PyKeyError>(py, [&] { with(name(py, "manager"), [](const Any&) { throw PyKeyError::new_err(long_text); }); });
    raises<PyTypeError>(py, [&] { with(name(py, "thing"), [](const Any&) {}); });
  }, nullptr, "ValueError KeyError"},
  {"PyErr: value", [](Python py) {
    const PyErr error = PyValueError::new_err(long_text);
    const auto value = error.value(py);
    // Where the instance cannot be made, the reason takes its place.
    if (error.is_instance_of<PyMemoryError>(py)) throw error;
    right(value.str().to_string() == long_text, "str");
    const PyErr bare = PyKeyError::new_err();
    right(bare.value(py).is_instance_of<PyKeyError>() || bare.is_instance_of<PyMemoryError>(py), "bare");
  }, nullptr},
  {"PyErr: what", [](Python py) {
    const PyErr lazy = PyValueError::new_err(long_text);
    const std::string_view text = lazy.what();
    right(text.starts_with("ValueError: a text") || text.find("out of memory") != text.npos, "what");
    try {
      (void)name(py, "fails").call();
    } catch (const PyErr& error) {
      if (!error.is_instance_of<PyKeyError>(py)) throw;
      const std::string_view raised = error.what();
      right(raised.starts_with("KeyError") || raised.find("out of memory") != raised.npos, "what");
    }
  }, nullptr},
  {"PyErr: format", [](Python py) {
    try {
      (void)name(py, "fails").call();
    } catch (const PyErr& error) {
      if (!error.is_instance_of<PyKeyError>(py)) throw;
      right(error.format(py).find("KeyError") != std::string::npos, "format");
    }
  }, nullptr, "", Excuse::python_breaks},
  {"PyErr: notes and causes", [](Python py) {
    const PyErr error = PyValueError::new_err(long_text), cause = PyErr::from_value(name(py, "KeyError").call(long_text));
    error.add_note(py, long_text);
    error.set_cause(py, cause);
    right(error.cause(py).has_value() && !error.context(py).has_value() && !error.traceback(py).has_value(), "cause");
    right(error.matches(name(py, "ValueError")) || error.is_instance_of<PyMemoryError>(py), "matches");
  }, nullptr},
  {"PyErr: other kinds", [](Python py) {
    right(PyUnicodeDecodeError::new_err_with(py, "utf-8", PyBytes::new_(py, "x"), 0, 1, "reason").is_instance_of<PyUnicodeDecodeError>(py), "new_err_with");
    right(PyErr::from_type(name(py, "KeyError"), long_text).matches(name(py, "LookupError")), "from_type");
    right(PyErr::mismatch("Decimal", name(py, "big")).is_instance_of<PyTypeError>(py), "mismatch");
    right(JSONDecodeError::new_err_with(py, "msg", "doc", 0).is_instance_of<JSONDecodeError>(py), "imported");
    const auto object = into_py(py, PyValueError::new_err(long_text));
    right(object.is_ok(), "into_py");
  }, nullptr},
  {"PyErr: fetched and restored", [](Python py) {
    PyErr::from_value(name(py, "KeyError")).restore(py);
    const PyErr fetched = PyErr::fetch(py);
    if (!fetched.is_instance_of<PyKeyError>(py)) throw fetched;
    fetched.write_unraisable(py);
    right(!PyErr::occurred(py), "nothing pending");
  }, nullptr},
  {"warnings", nullptr, "m.warns()"},
  {"a pool", [](Python py) {
    const GILPool pool = py.new_pool();
    for (int i = 0; i < 20; ++i) (void)py.from_owned_ptr(PyList::new_(py, 70'000 + i).into_ptr());
    right(pool.size() == 20, "size");
  }, nullptr},
  {"detaching and attaching", [](Python py) {
    const auto text = py.allow_threads([] { return std::string(long_text) + Python::with_gil([](Python inner) { return inner.eval("'x' * 99").extract<std::string>(); }); });
    right(text.size() > 100, "text");
    raises<PyValueError>(py, [&] { py.allow_threads([] { throw PyValueError::new_err(long_text); }); });
  }, nullptr, "", Excuse::python_breaks},
  {"handles dropped while detached", [](Python py) {
    Py<PyList> list = PyList::new_(py, 70'000, long_text).unbind();
    py.allow_threads([](Py<PyList> mine) { (void)mine; }, std::move(list));
  }, nullptr, "", Excuse::cpp_leaks},
  {"modules made from text", [](Python py) {
    right(PyModule::from_code(py, "x = 70000\ndef f(): return x", "made.py", "made_here").getattr("f"_s).call().extract<long>() == 70'000, "f");
    (void)py.import("sys").getattr("modules"_s).call_method("pop"_s, "made_here", py.None());
  }, nullptr, "", Excuse::python_breaks},
  {"code objects", [](Python py) { right(PyCode::compile(py, "big + 1", "here", PyCodeInput::eval).run(names->bind(py)).is_truthy(), "run"); }, nullptr, "", Excuse::python_breaks},
};
// clang-format on

// --- First uses: what they make is kept for good
// -----------------------------------------------------------------------

struct FirstUse {
  const char* name;
  void (*run[2])(Python py);  ///< One for each side, since it can be had but once.
  bool makes_types = true;
};
// CPython 3.13 leaves a broken dict behind where PyType_FromModuleAndSpec() cannot have the memory for it to grow, also
// when nothing but the C API calls it: the next collection crashes.
constexpr bool types_can_fail = PY_VERSION_HEX < 0x030D0000;
// Nor does 3.13.5 survive PyDict_SetDefaultRef() in that case, as a module is filled.
constexpr bool is_python_3_13 = PY_VERSION_HEX >= 0x030D0000 && PY_VERSION_HEX < 0x030E0000;

template <class T, auto... Arguments>
void construct(Python py) {
  if constexpr (std::is_constructible_v<T, std::string, decltype(Arguments)...>) {
    right(Bound<T>::new_(py, std::string(long_text), Arguments...).get_type().is_callable(), "an object");
  } else {
    right(Bound<T>::new_(py, Arguments...).get_type().is_callable(), "an object");
  }
}
template <int N>
void construct_collected(Python py) {
  right(Bound<Collected<N>>::new_(py, Collected<N>{py.None().into_any().unbind()}).hasattr("held"_s), "held");
}
template <class E>
void make_exception(Python py) {
  const PyErr error = E::new_err(long_text);
  if (error.is_instance_of<PyMemoryError>(py)) throw error;
  right(error.is_instance_of<E>(py) && error.is_instance_of<PyValueError>(py), "an error");
}
/// Imports a module as if for the first time.
void import_module(Python py, const char* module) {
  Fuse& fuse = python_fuse.left != 0 ? python_fuse : cpp_fuse;
  armed_in_body_at = fuse.left;
  fuse.disarm();
  (void)py.import("sys").getattr("modules"_s).call_method("pop"_s, module, py.None());
  armed_in_body = &fuse;
  const auto made = py.import(module);
  right(made.getattr("add"_s).call(1).extract<int>() > 70'000, "add");
  right(made.getattr("echo"_s).call(long_text).extract<std::string>() == long_text, "echo");
  right(made.getattr("inner"_s).getattr("shift"_s).call(1).extract<int>() > 10, "shift");
  right(made.getattr("Plain"_s).getattr("first"_s).getattr("total"_s).extract<int>() == 1, "first");
  right(made.getattr("pick"_s).call("x").extract<std::string>() == "text", "pick");
}

const FirstUse first_uses[] = {
    {"first use: plain class", {&construct<Plain<1>, 1>, &construct<Plain<2>, 1>}},
    {"first use: frozen class", {&construct<Frozen<1>>, &construct<Frozen<2>>}},
    {"first use: collected class", {&construct_collected<1>, &construct_collected<2>}},
    {"first use: derived class and its base", {&construct<Derived<1>, 1>, &construct<Derived<2>, 1>}},
    {"first use: class derived from dict", {&construct<DictBased<1>>, &construct<DictBased<2>>}},
    {"first use: class derived from an exception", {&construct<ErrorBased<1>, 1>, &construct<ErrorBased<2>, 1>}},
    {"first use: class with a freelist", {&construct<Pooled<1>, 1>, &construct<Pooled<2>, 1>}},
    {"first use: class with a finalizer", {&construct<Finalized<1>>, &construct<Finalized<2>>}},
    {"first use: exception class", {&make_exception<FirstA>, &make_exception<FirstB>}},
    {"first use: import",
     {[](Python py) { import_module(py, "first_a"); }, [](Python py) { import_module(py, "first_b"); }}},
    {"second use: import again",
     {[](Python py) { import_module(py, "first_a"); }, [](Python py) { import_module(py, "first_b"); }},
     is_python_3_13},
    {"first use: name",
     {[](Python py) { right(!py.None().hasattr("never_used_before"_s), "hasattr"); },
      [](Python py) { right(!py.None().hasattr("never_used_before_either"_s), "hasattr"); }},
     false},
    {"first use: keyword names",
     {[](Python py) { (void)name(py, "keywords").call(1, kw("first_one"_s) = 1, kw("second_one"_s) = 2); },
      [](Python py) { (void)name(py, "keywords").call(1, kw("third_one"_s) = 1, kw("fourth_one"_s) = 2); }},
     false},
};

// --- The test --------------------------------------------------------------------------------------------------------

int faults = 0;
long injected_in_all = 0;
char now_at[256] = "the beginning";
/// The type of what went to sys.unraisablehook last.
char unraisable[64] = "";

extern "C" ::PyObject* note_unraisable(::PyObject*, ::PyObject* arguments) {
  ::PyObject* type = PyObject_GetAttrString(arguments, "exc_type");
  if (type == nullptr) return nullptr;
  std::snprintf(unraisable, sizeof unraisable, "%s", reinterpret_cast<::PyTypeObject*>(type)->tp_name);
  Py_DECREF(type);
  Py_RETURN_NONE;
}
PyMethodDef note_unraisable_def{"note_unraisable", &note_unraisable, METH_O, nullptr};

/// Reports each fault once.
void fault(const char* operation, const char* side, long at, const std::string& what) {
  static std::set<std::string> reported;
  const long blocks = cpp_fuse.blocks;
  const std::string text = std::string(operation) + ", " + side + " allocation " + std::to_string(at) + ": " + what;
  if (reported.insert(text).second) {
    ++faults;
    std::fprintf(stderr, "fault: %s\n", text.c_str());
  }
  cpp_fuse.blocks = blocks;
}

/// Whether the type's name is among the words of @p list.
bool is_among(std::string_view list, std::string_view type) {
  const auto at = list.find(type);
  return at != list.npos && (at == 0 || list[at - 1] == ' ') &&
         (at + type.size() == list.size() || list[at + type.size()] == ' ');
}
/// What is wrong with @p error, which came where memory had run out; empty for nothing.
std::string complaint(::PyObject* error, const char* also, int depth = 0) {
  if (error == nullptr) return "an exception without a value";
  const std::string type = Py_TYPE(error)->tp_name;
  if (depth == 0 && PyErr_GivenExceptionMatches(error, PyExc_MemoryError) == 0 && !is_among(also, type)) {
    ::PyObject* text = PyObject_Str(error);
    const char* shown = text == nullptr ? nullptr : PyUnicode_AsUTF8(text);
    const std::string result = type + ": " + (shown == nullptr ? "?" : shown);
    PyErr_Clear();
    Py_XDECREF(text);
    return result;
  }
  if (type == "SystemError" && !is_among(also, type)) return "a SystemError among the causes";
  std::string result;
  for (::PyObject* next : {PyException_GetCause(error), PyException_GetContext(error)}) {
    if (next != nullptr && depth < 6 && result.empty()) result = complaint(next, also, depth + 1);
    Py_XDECREF(next);
  }
  return result;
}

/// What an operation is run as.
struct Task {
  const char* name;
  const char* also;
  void (*run)(Python py);  ///< Or, where it is null:
  ::PyObject* function;    ///< Python code.
  Excuse excuse = Excuse::none;
};
enum class Side : unsigned char { python, cpp };
Fuse& fuse_of(Side side) { return side == Side::python ? python_fuse : cpp_fuse; }
const char* name_of(Side side) { return side == Side::python ? "Python" : "C++"; }

enum class Outcome : unsigned char { nothing_failed, survived, reported };

/// Runs a task with one allocation failing: the number @p at of one side, 0 for none.
Outcome run_once(Python py, const Task& task, Side side, long at) {
  std::snprintf(now_at, sizeof now_at, "at: %s, %s allocation %ld\n", task.name, name_of(side), at);
  PyGC_Collect();  // Which empties CPython's freelists: what is there need not be allocated.
  Fuse& fuse = fuse_of(side);
  std::optional<PyErr> raised;
  std::string wrong;
  bool out_of_memory = false;
  fuse.arm(at);
  try {
    if (task.run != nullptr) {
      task.run(py);
    } else {
      ::PyObject* result = PyObject_CallNoArgs(task.function);
      fuse.disarm();
      if (result == nullptr) detail::throw_fetched();
      Py_DECREF(result);
    }
    fuse.disarm();
  } catch (const PyErr& error) {
    fuse.disarm();
    raised = error;
  } catch (const std::bad_alloc&) {
    fuse.disarm();
    out_of_memory = true;
  } catch (const Wrong& what) {
    fuse.disarm();
    wrong = std::string("a wrong result: ") + what.what;
  } catch (const std::exception& error) {
    fuse.disarm();
    wrong = std::string("a C++ exception: ") + error.what();
  }
  if (PyErr_Occurred() != nullptr) {
    const PyErr pending = PyErr::fetch(py);
    fault(task.name, name_of(side), at, std::string("an exception is pending: ") + pending.what());
  }
  if (raised && wrong.empty()) {
    wrong =
        fuse.blown ? complaint(raised->value(py).as_ptr(), task.also) : "raised for no reason: " + raised->format(py);
  }
  if (out_of_memory && !fuse.blown) wrong = "std::bad_alloc for no reason";
  if (std::strcmp(unraisable, "SystemError") == 0) wrong += " a SystemError went to sys.unraisablehook";
  unraisable[0] = '\0';
  if (!wrong.empty()) fault(task.name, name_of(side), at, wrong);
  if (!fuse.blown) return Outcome::nothing_failed;
  return raised || out_of_memory ? Outcome::reported : Outcome::survived;
}

struct Series {
  long injected = 0, survived = 0;
};
/// Has each allocation fail, one at a time.
Series run_series(Python py, const Task& task, Side side) {
  Series result;
  for (long at = 1; at < 20'000; ++at) {
    const Outcome outcome = run_once(py, task, side, at);
    if (outcome == Outcome::nothing_failed) return result;
    ++result.injected;
    if (outcome == Outcome::survived) ++result.survived;
  }
  fault(task.name, name_of(side), 0, "there is no end to it");
  return result;
}

// --- Nothing may be left behind --------------------------------------------------------------------------------------

/// Objects that outlive all operations, whose reference counts have to stay as they are.
::PyObject* watched[256];
std::size_t watched_count = 0;

void watch_objects(Python py) {
  const auto add = [](::PyObject* object) {
    for (std::size_t i = 0; i < watched_count; ++i) {
      if (watched[i] == object) return;
    }
    if (watched_count < std::size(watched)) watched[watched_count++] = object;
  };
  for (::PyObject* object : {Py_None, Py_True, Py_False}) add(object);
  for (const char* builtin : {"int", "str", "list", "dict", "tuple", "bytes", "float", "type", "object", "TypeError",
                              "ValueError", "KeyError", "LookupError", "MemoryError", "RuntimeError"}) {
    add(py.import("builtins").getattr(builtin).as_ptr());
  }
  for (long number = -1; number < 10; ++number) add(PyInt::new_(py, number).as_ptr());
  add(PyTuple::empty(py).as_ptr());
  add(PyString::new_(py, "").as_ptr());
  for (const auto& [key, value] : name(py, "m").getattr("__dict__"_s).downcast<PyDict>()) add(value.as_ptr());
  for (const auto& [key, value] : names->bind(py)) add(value.as_ptr());
}

/// What must not grow from one repetition to the next.
struct Levels {
  long python_blocks, cpp_blocks, values, total_references;
  Py_ssize_t references[std::size(watched)];

  static Levels now(Python) {
    PyType_ClearCache();  // It keeps names of attributes that have been looked up, also such as nobody else has.
    PyGC_Collect();
    Levels levels{python_fuse.blocks, cpp_fuse.blocks, Tracked::live, 0, {}};
    if constexpr (python_can_fail) {
      if (::PyObject* get = PySys_GetObject("gettotalrefcount")) {  // Of debug builds of Python.
        ::PyObject* total = PyObject_CallNoArgs(get);
        levels.total_references = PyLong_AsLong(total);
        Py_DECREF(total);
      }
      for (std::size_t i = 0; i < watched_count; ++i) levels.references[i] = Py_REFCNT(watched[i]);
    }
    return levels;
  }
  /// How they differ from earlier ones; empty where they do not.
  std::string since(const Levels& before) const {
    std::string text;
    const auto add = [&text](const std::string& what, long long change) {
      if (change != 0) text += (text.empty() ? "" : ", ") + std::to_string(change) + " " + what;
    };
    add("Python blocks", python_blocks - before.python_blocks);
    add("C++ blocks", cpp_blocks - before.cpp_blocks);
    add("C++ values", values - before.values);
    add("references in all", total_references - before.total_references);
    for (std::size_t i = 0; i < watched_count; ++i) {
      if (references[i] == before.references[i]) continue;
      ::PyObject* shown = PyObject_Repr(watched[i]);
      const char* repr = shown == nullptr ? nullptr : PyUnicode_AsUTF8(shown);
      add(std::string("references to ") + (repr == nullptr ? "?" : repr), references[i] - before.references[i]);
      PyErr_Clear();
      Py_XDECREF(shown);
    }
    return text;
  }
};

/// Says which failures leave something behind.
void blame(Python py, const Task& task, Side side) {
  for (long at = 1; at < 20'000; ++at) {
    std::string grown;
    for (int repetition = 0; repetition < 4 && (repetition < 2 || !grown.empty()); ++repetition) {
      const Levels before = Levels::now(py);
      if (run_once(py, task, side, at) == Outcome::nothing_failed) return;
      grown = Levels::now(py).since(before);
    }
    if (!grown.empty()) fault(task.name, name_of(side), at, "leaves behind: " + grown);
  }
}

/// The whole series of a side, repeated until nothing is left behind any more: caches fill up at first.
Series test_side(Python py, const Task& task, Side side) {
  Series series;
  std::string grown;
  const int faults_before = faults;
  for (int repetition = 0; repetition < 8 && (repetition < 2 || !grown.empty()); ++repetition) {
    const Levels before = Levels::now(py);
    series = run_series(py, task, side);
    injected_in_all += series.injected;
    grown = Levels::now(py).since(before);
    if (faults != faults_before) return series;  // Reports take memory, too.
  }
  if (!grown.empty() && (side == Side::python || task.excuse != Excuse::cpp_leaks)) {
    blame(py, task, side);
    fault(task.name, name_of(side), 0, "each series leaves behind: " + grown);
  }
  return series;
}
void report(const char* name, const Series& of_python, const Series& of_cpp) {
  std::printf("%-60s %4ld of Python's (%ld survived), %3ld of C++ (%ld survived)\n", name, of_python.injected,
              of_python.survived, of_cpp.injected, of_cpp.survived);
}
void test_operation(Python py, const Task& task) {
  for (int i = 0; i < 3; ++i) (void)run_once(py, task, Side::cpp, 0);
  Series of_python;
  if (python_can_fail && task.excuse != Excuse::python_breaks) of_python = test_side(py, task, Side::python);
  report(task.name, of_python, test_side(py, task, Side::cpp));
}

void test_first_use(Python py, const FirstUse& use) {
  const Task tasks[2] = {{use.name, "", use.run[0], nullptr}, {use.name, "", use.run[1], nullptr}};
  Series of_python;
  if (python_can_fail && (types_can_fail || !use.makes_types)) of_python = run_series(py, tasks[0], Side::python);
  const Series of_cpp = run_series(py, tasks[1], Side::cpp);
  injected_in_all += of_python.injected + of_cpp.injected;
  for (const Task& task : tasks) (void)run_once(py, task, Side::cpp, 0);
  report(use.name, of_python, of_cpp);
}

/// The first uses of a class for which nothing has been prepared by uses that failed: a class for each failure.
template <int... N>
void test_fresh_classes(Python py, std::integer_sequence<int, N...>) {
  constexpr int all = sizeof...(N);
  long total = 0;
  const auto test = [&](int number, void (*run)(Python py)) {
    const Task task{"first use: a fresh class for each failure", "", run, nullptr};
    const Side side = number % 2 == 0 && python_can_fail && types_can_fail ? Side::python : Side::cpp;
    if (number < 2) {
      Fuse& fuse = fuse_of(side);
      fuse.arm(1'000'000);
      run(py);
      total = std::max(total, 1'000'000 - fuse.left);
      fuse.disarm();
      return;
    }
    // Spread evenly.
    injected_in_all += run_once(py, task, side, 1 + number * total / all) == Outcome::nothing_failed ? 0 : 1;
    (void)run_once(py, task, side, 0);
  };
  (test(N,
        [](Python token) {
          right(Bound<Tiny<N + 1>>::new_(token, 1).getattr("value"_s).template extract<int>() == 1, "value");
        }),
   ...);
}

/// Says where it was.
extern "C" void crashed(int signal_number) {
  const bool written = write(STDERR_FILENO, now_at, std::strlen(now_at)) > 0;
  (void)written;
  signal(signal_number, SIG_DFL);
  raise(signal_number);
}

/// A Python function without parameters from the lines of its body.
Any function_of(Python py, const char* body) {
  const auto locals = PyDict::new_(py);
  py.run(std::string("def operation():\n    ") + body + "\n", names->bind(py), locals);
  return *locals.get_item("operation");
}

void test_everything(Python py, std::string_view only) {
  const auto is_wanted = [only](std::string_view text) { return text.find(only) != text.npos; };
  names = PyDict::new_(py, kw("__name__"_s) = "operations", kw("setup"_s) = setup).unbind();
  py.run(setup, names->bind(py));
  PySys_SetObject("unraisablehook", detail::steal(PyCFunction_New(&note_unraisable_def, nullptr)).as_ptr());
  // What goes to the hook while memory is out CPython would print.
  py.run("warnings.simplefilter('ignore'); gc.set_threshold(0); sys.stderr = None", names->bind(py));
  for (const char* builtin : {"range", "map", "KeyError", "ValueError", "LookupError"}) {
    names->bind(py).set_item(builtin, py.import("builtins").getattr(builtin));
  }
  std::vector<Task> tasks;
  std::vector<Any> functions;
  for (const Operation& operation : operations) {
    if (!is_wanted(operation.name)) continue;
    if (operation.body != nullptr) functions.push_back(function_of(py, operation.body));
    tasks.push_back({operation.name, operation.also, operation.run,
                     operation.body == nullptr ? nullptr : functions.back().as_ptr(), operation.excuse});
  }
  if constexpr (python_can_fail) {
    of_memory.install(PYMEM_DOMAIN_MEM);
    of_objects.install(PYMEM_DOMAIN_OBJ);
    watch_objects(py);
  } else {
    std::puts("Without a GIL the allocators of Python's objects cannot be replaced: only those of C++ fail.");
  }
  py.run("gc.collect(); gc.freeze()", names->bind(py));
  for (const Task& task : tasks) test_operation(py, task);
  long count = static_cast<long>(tasks.size());
  for (const FirstUse& use : first_uses) {
    if (!is_wanted(use.name)) continue;
    test_first_use(py, use);
    ++count;
  }
  if (is_wanted("fresh")) {
    test_fresh_classes(py, std::make_integer_sequence<int, 40>());
    ++count;
  }
  std::printf("%ld operations, %ld failures injected, %d faults\n", count, injected_in_all, faults);
}

}  // namespace

/// With an argument, only the operations whose names contain it.
int main(int count, char** arguments) {
  test::watch(580);
#if !defined(__SANITIZE_ADDRESS__)
  for (const int number : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE}) signal(number, &crashed);
#endif
  append_to_inittab("probe", PyInit_probe);
  append_to_inittab("first_a", PyInit_first_a);
  append_to_inittab("first_b", PyInit_first_b);
  InterpreterConfig().start();
  Python::with_gil([&](Python py) { test_everything(py, count > 1 ? arguments[1] : ""); });
  std::fflush(nullptr);
  std::_Exit(faults == 0 ? 0 : 1);
}
