// SPDX-License-Identifier: MIT
// What a stub build notes: compiled with ADDER_STUBS=1.
#include <adder/adder.hpp>
#include <adder/array/array.hpp>
#include <adder/array/buffer.hpp>
#include <adder/array/class_buffer.hpp>
#include <adder/array/owned_array.hpp>
#include <adder/array/vectorize.hpp>
#include <adder/class/containers.hpp>
#include <adder/class/data_class.hpp>
#include <adder/class/enum.hpp>
#include <adder/class/generator.hpp>
#include <adder/class/holder.hpp>
#include <adder/class/iterate.hpp>
#include <adder/class/named_tuple.hpp>
#include <adder/class/part.hpp>
#include <adder/class/static_property.hpp>
#include <adder/function/given.hpp>
#include <adder/function/overload.hpp>
#include <adder/stl/array.hpp>
#include <adder/stl/chrono.hpp>
#include <adder/stl/complex.hpp>
#include <adder/stl/deque.hpp>
#include <adder/stl/filesystem.hpp>
#include <adder/stl/functional.hpp>
#include <adder/stl/list.hpp>
#include <adder/stl/map.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/pair.hpp>
#include <adder/stl/set.hpp>
#include <adder/stl/span.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/tuple.hpp>
#include <adder/stl/unordered_map.hpp>
#include <adder/stl/unordered_set.hpp>
#include <adder/stl/variant.hpp>
#include <adder/stl/vector.hpp>
#include <adder/types/backed.hpp>
#include <adder/types/bytes_view.hpp>
#include <adder/types/datetime.hpp>
#include <adder/types/fields.hpp>

#include <array>
#include <chrono>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <optional>
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

namespace {

// --- Conversions -----------------------------------------------------------------------------------------------------

/// A parameter and a result of one type.
template <class T>
T same(T value) {
  return value;
}
template <class T>
void take(const T&) {}
template <class T>
T give() {
  throw std::runtime_error("only declared");
}

struct Celsius {
  double degrees;
};
template <class T>
struct Matrix {
  std::vector<std::vector<T>> rows;
};
struct Unsaid {};
struct Endless {};  // A hint that names itself.
struct Place {
  double x = 0;
  std::string label;
};
enum class Level { low, high };
enum class Color { red, green };
struct Row {
  double x = 0;
  std::string label;
};
struct PyDecimal : ImportedType<"decimal", "Decimal"> {};
struct PyNowhere : ImportedType<"no.such.module", "Thing"> {};

}  // namespace

template <>
struct adder::FromPyObject<Celsius> {
  static constexpr const char* input_type = "float | decimal.Decimal";
  static PyResult<Celsius> extract(const Bound<PyAny>& object) {
    return object.try_extract<double>().map([](double degrees) { return Celsius{degrees}; });
  }
};
template <>
struct adder::IntoPyObject<Celsius> {
  static constexpr const char* output_type = "float";
  static PyResult<Bound<PyAny>> into_py(Python py, const Celsius& value) { return adder::into_py(py, value.degrees); }
};
template <class T>
struct adder::FromPyObject<Matrix<T>> {
  static constexpr auto input_type = type_hint<"list[{}]", std::vector<T>>;
  static PyResult<Matrix<T>> extract(const Bound<PyAny>& object) {
    return object.try_extract<std::vector<std::vector<T>>>().map([](auto rows) { return Matrix<T>{std::move(rows)}; });
  }
};
template <class T>
struct adder::IntoPyObject<Matrix<T>> {
  static constexpr auto output_type = type_hint<"list[{}]", std::vector<T>>;
  static PyResult<Bound<PyAny>> into_py(Python py, const Matrix<T>& value) { return adder::into_py(py, value.rows); }
};
template <>
struct adder::FromPyObject<Unsaid> {
  static PyResult<Unsaid> extract(const Bound<PyAny>&) { return Unsaid(); }
};
template <>
struct adder::FromPyObject<Endless> {
  static constexpr auto input_type = type_hint<"list[{}]", Endless>;
  static PyResult<Endless> extract(const Bound<PyAny>&) { return Endless(); }
};
template <>
struct adder::FromPyObject<Place> : FromItems<Place, Field<"x", &Place::x>, OptionalField<"label", &Place::label>> {};
template <>
struct adder::IntoPyObject<Place> : IntoItems<Place, Field<"x", &Place::x>, Field<"label", &Place::label>> {};
template <>
struct adder::FromPyObject<Level> : EnumAsInt<Level, Level::low, Level::high> {};
template <>
struct adder::IntoPyObject<Level> : EnumAsInt<Level, Level::low, Level::high> {};
template <>
struct adder::PyEnum<Color> {
  static constexpr auto name = "Color";
  static constexpr EnumMember<Color> members[] = {{"RED", Color::red}, {"GREEN", Color::green}};
};
using RowTuple = NamedTuple<Row, "typing_ext", "Row", Field<"x", &Row::x>, Field<"label", &Row::label>>;
template <>
struct adder::FromPyObject<Row> : RowTuple {};
template <>
struct adder::IntoPyObject<Row> : RowTuple {};

// --- Classes ---------------------------------------------------------------------------------------------------------

namespace {

struct Counter {
  int count = 0;
  double rate = 1;
  std::vector<double> samples;
  explicit Counter(int start) : count(start) {}
  int add(int by) { return count += by; }
  Counter& same() { return *this; }
  int total() const { return count; }
  void set_total(int total) { count = total; }
  void reset() { count = 0; }
  Counter plus(const Counter& other) const { return Counter(count + other.count); }
  Counter scaled(double by) const { return Counter(static_cast<int>(by)); }
  void add_in_place(const Counter& other) { count += other.count; }
  bool operator==(const Counter&) const { return true; }
  bool contains(int number) const { return number == count; }
  int call(int a, int b) const { return a + b + count; }
  static Counter make(std::string_view) { return Counter(1); }
  static int limit() { return 3; }
  static void set_limit(int) {}
  std::optional<int> next() { return std::nullopt; }
};
struct Inner {
  int x = 0;
};
struct Point {
  double x = 0;
  std::optional<std::string> label;
};
struct Held {
  int x = 0;
};
struct Orphan {};  // Never added to a module.
struct Boxes {
  std::vector<double> numbers;
  std::map<std::string, Inner> inners;
  Inner* find(int) { return nullptr; }
};
using Doubles = std::vector<float>;

}  // namespace

template <>
struct adder::PyClass<Doubles> : adder::ListClass<Doubles> {
  static constexpr auto name = "Doubles";
};
template <>
struct adder::PyClass<Inner> {
  static constexpr auto name = "Counter.Inner";
  static constexpr bool part = true;
  static void define(ClassBuilder<Inner>& cls) {
    cls.def_new<>();
    cls.field<&Inner::x>("x");
  }
};
template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static constexpr bool subclass = true;
  static constexpr bool generic = true;
  static void define(ClassBuilder<Counter>& cls) {
    cls.def_new<overload<constructor<int>, &Counter::make>>(signature(arg("start") = 0), signature(arg("text")));
    cls.def<&Counter::add>("add", arg("by") = 1, "Adds.");
    cls.def<&Counter::same>("same");
    cls.def<overload<&Counter::add, &Counter::scaled>>("change", signature(arg("by")), signature(arg("factor")));
    cls.getter<&Counter::total>("total");
    cls.setter<&Counter::set_total>("total");
    cls.deleter<&Counter::reset>("total");
    cls.field<&Counter::rate>("rate");
    cls.def_staticmethod<&Counter::make>("make", arg("text"));
    cls.def_classmethod<[](const ThisClass&, int n) { return Counter(n); }>("of", arg("n"));
    cls.static_getter<&Counter::limit>("limit");
    cls.static_setter<&Counter::set_limit>("limit");
    cls.attr("MAX", 100);
    cls.add_class<Inner>();
    cls.array<&Counter::samples>("samples", as_numpy());
    cls.buffer<&Counter::samples>();
    cls.def<each<&Counter::samples>>("each_sample");
    cls.def<"__iter__", each<&Counter::samples>>();
    cls.def<"__next__", &Counter::next>();
    cls.def<"__add__", overload<&Counter::plus, &Counter::scaled>>();
    cls.def<"__iadd__", &Counter::add_in_place>();
    cls.def < "__eq__", &Counter::operator==>();
    cls.def<"__contains__", &Counter::contains>();
    cls.def<"__call__", &Counter::call>(arg("a"), arg("b") = 2);
    cls.def<"__enter__", [](Counter& self) -> Counter& { return self; }>();
    cls.def<[](const Counter&, const Bound<PyAny>& other) { return other.extract<int>(); }>(
        "said", arg("other"), sig("(self, other: int | str) -> typing.Literal[1]"));
  }
};
template <>
struct adder::PyClass<Point> : DataClass<Point, Field<"x", &Point::x>, OptionalField<"label", &Point::label>> {
  static constexpr auto name = "Point";
  static constexpr bool order = true;
};
template <>
struct adder::PyClass<Held> {
  static constexpr auto name = "Held";
  using holder = std::shared_ptr<Held>;
  static void define(ClassBuilder<Held>& cls) { cls.field<&Held::x>("x"); }
};
template <>
struct adder::PyClass<Orphan> {
  static constexpr auto name = "Orphan";
  static void define(ClassBuilder<Orphan>&) {}
};
template <>
struct adder::PyClass<Boxes> {
  static constexpr auto name = "Boxes";
  static void define(ClassBuilder<Boxes>& cls) {
    cls.part<&Boxes::numbers>("numbers");
    cls.part<&Boxes::inners>("inners");
    cls.def<part_of<&Boxes::find>>("find", arg("index"));
  }
};

namespace {

Generator<int, std::optional<double>, std::string> counting(int n) {
  for (int i = 0; i < n; ++i) co_yield i;
  co_return "done";
}
std::string variadic(int a, const Args&, int b, const Kwargs&) { return std::to_string(a + b); }
int defaults(int, double, const std::string&, const std::vector<int>&, Color, double, const Given<int>&) { return 0; }
double scale(double x, double by) { return x * by; }

template <class T>
void conversion(ModuleBuilder& m, const char* name) {
  m.def<&same<T>>(name, arg("value"));
}
template <class T>
void input(ModuleBuilder& m, const char* name) {
  m.def<&take<T>>(name, arg("value"));
}
template <class T>
void output(ModuleBuilder& m, const char* name) {
  m.def<&give<T>>(name);
}

void conversions(ModuleBuilder& m) {
  conversion<int>(m, "int");
  conversion<std::uint8_t>(m, "uint8");
  conversion<bool>(m, "bool");
  conversion<float>(m, "float");
  conversion<char32_t>(m, "char");
  conversion<std::string>(m, "str");
  conversion<std::u16string>(m, "u16str");
  input<std::string_view>(m, "view");
  output<const char*>(m, "text");
  input<std::span<const std::byte>>(m, "bytes");
  input<BytesView>(m, "bytes_like");
  conversion<PyBackedStr>(m, "backed");
  conversion<std::complex<double>>(m, "complex");
  conversion<std::filesystem::path>(m, "path");
  conversion<std::chrono::milliseconds>(m, "delta");
  conversion<std::chrono::system_clock::time_point>(m, "time");
  conversion<std::chrono::year_month_day>(m, "date");
  conversion<std::vector<int>>(m, "vector");
  conversion<std::deque<std::string>>(m, "deque");
  conversion<std::list<double>>(m, "list");
  conversion<std::array<int, 3>>(m, "array");
  conversion<std::vector<std::uint8_t>>(m, "octets");
  conversion<std::vector<std::byte>>(m, "raw");
  conversion<std::set<int>>(m, "set");
  conversion<std::unordered_set<std::string>>(m, "unordered_set");
  conversion<std::map<std::string, std::vector<double>>>(m, "map");
  conversion<std::unordered_map<int, bool>>(m, "unordered_map");
  output<std::map<std::vector<int>, int>>(m, "map_of_lists");
  conversion<std::pair<int, std::string>>(m, "pair");
  conversion<std::tuple<>>(m, "no_tuple");
  conversion<std::tuple<int, int>>(m, "tuple");
  conversion<std::optional<int>>(m, "optional");
  conversion<std::optional<std::variant<int, long, std::string>>>(m, "union");
  conversion<std::variant<std::monostate, double>>(m, "monostate");
  conversion<std::function<std::vector<int>(std::string, const std::vector<int>&)>>(m, "function");
  conversion<std::function<void()>>(m, "action");
  output<PyResult<std::string>>(m, "result");
  output<PyResult<void>>(m, "no_result");
  conversion<Celsius>(m, "celsius");
  conversion<Matrix<int>>(m, "matrix");
  conversion<std::vector<std::optional<Celsius>>>(m, "many_celsius");
  input<Unsaid>(m, "unsaid");
  input<std::map<std::string, Unsaid>>(m, "many_unsaid");
  input<Endless>(m, "endless");
  conversion<Place>(m, "place");
  conversion<Level>(m, "level");
  conversion<Color>(m, "color");
  conversion<Row>(m, "row");
}
void handles(ModuleBuilder& m) {
  conversion<Bound<PyAny>>(m, "any");
  conversion<Py<PyDict>>(m, "dict");
  conversion<Bound<PyList>>(m, "any_list");
  conversion<Bound<PyTuple>>(m, "any_tuple");
  conversion<Bound<PyInt>>(m, "any_int");
  conversion<Bound<PyType>>(m, "type");
  conversion<Bound<PyModule>>(m, "module");
  conversion<Bound<PyFrame>>(m, "frame");
  conversion<Bound<PyDateTime>>(m, "datetime");
  conversion<Bound<PySequence>>(m, "sequence");
  conversion<Bound<PyMapping>>(m, "mapping");
  conversion<Bound<PyIterator>>(m, "iterator");
  conversion<Bound<PyValueError>>(m, "error");
  conversion<Bound<PyNone>>(m, "none");
  conversion<Bound<PyDecimal>>(m, "decimal");
  conversion<Bound<PyNowhere>>(m, "nowhere");
  conversion<Bound<Counter>>(m, "counter");
  input<PyRef<Counter>>(m, "borrowed");
  output<Orphan>(m, "orphan");
  conversion<std::shared_ptr<Held>>(m, "held");
  conversion<std::vector<std::shared_ptr<Held>>>(m, "many_held");
  conversion<Point>(m, "point");
}
void arrays(ModuleBuilder& m) {
  input<Array<const double>>(m, "array_any");
  input<Array<float, shape<-1, 3>, c_order>>(m, "array_form");
  m.def<&take<Array<const std::int32_t>>>("array_converted", arg("value").convert());
  input<PyBuffer<double>>(m, "buffer");
  output<OwnedArray<std::complex<double>, as_numpy>>(m, "made_numpy");
  output<OwnedArray<bool, as_memoryview>>(m, "made_view");
  output<OwnedArray<double>>(m, "made");
  m.def<vectorize<&scale>>("scale", arg("x"), arg("by") = 2.0);
}

}  // namespace

ADDER_MODULE(typing_ext, m) {
  m.add_enum<Color>();
  m.add_submodule("conversions", conversions);
  m.add_submodule("handles", handles);
  m.add_submodule("arrays", arrays);
  m.def<&variadic>("variadic", arg("a"), arg("b"));
  m.def<&defaults>("defaults", arg("i") = -1, pos_only, arg("x") = 1.5, kw_only, arg("s") = "it's",
                   arg("v") = std::vector<int>{1, 2}, arg("c") = Color::green,
                   arg("inf") = std::numeric_limits<double>::infinity(), arg("g") = not_given);
  m.def<[](const Bound<PyAny>& x) { return x.extract<int>(); }>("said", sig("(x: 'int', /) -> int"));
  m.def<&scale>("strict", arg("x").strict(), arg("by").from_py_with<[](const Bound<PyAny>&) { return 1.0; }>());
  m.def<overload<&same<int>, &same<std::string>>>("either", signature(arg("x")),
                                                  signature(arg("x"), sig("(x: str) -> str")));
  m.def<&scale>("strict_said", arg("x"), arg("by").from_py_with<[](const Bound<PyAny>&) { return 1.0; }>(),
                sig("(x: float, by: str) -> float"));
  m.def<&counting>("counting", arg("n"));
  m.add_class<Counter>();
  m.add_class<Point>();
  m.add_class<Held>();
  m.add_class<Boxes>();
  m.add_class<Doubles>();
  m.add("Row", RowTuple::type(m.py()));
  m.add("version", "1.0");
}
