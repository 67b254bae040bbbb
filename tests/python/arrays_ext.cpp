// SPDX-License-Identifier: MIT
// What test_arrays.py calls: functions that take arrays and return them.
#include <adder/adder.hpp>
#include <adder/array/array.hpp>
#include <adder/array/owned_array.hpp>
#include <adder/function/overload.hpp>
#include <adder/stl/complex.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/tuple.hpp>
#include <adder/stl/vector.hpp>

#include <atomic>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

using namespace adder;

namespace {

struct Particle {
  double x;
  std::int32_t id;
};
struct Switch {
  std::int32_t id;
  bool on[2];
};
struct alignas(64) Wide {
  double v[8];
};
struct Board {
  double volts;
  Switch switches[2];
};

}  // namespace

template <>
struct adder::ArrayElement<Particle>
    : adder::ElementFields<Particle, Field<"x", &Particle::x>, Field<"id", &Particle::id>> {};
template <>
struct adder::ArrayElement<Switch> : adder::ElementFields<Switch, Field<"id", &Switch::id>, Field<"on", &Switch::on>> {
};
template <>
struct adder::ArrayElement<Wide> : adder::ElementFields<Wide, Field<"v", &Wide::v>> {};
template <>
struct adder::ArrayElement<Board>
    : adder::ElementFields<Board, Field<"volts", &Board::volts>, Field<"switches", &Board::switches>> {};

namespace {

// --- Taking
// ------------------------------------------------------------------------------------------------------------

double sum(const Array<const double>& a) {
  double total = 0;
  for (const double x : a) total += x;
  return total;
}
double sum_c(const Array<const double, c_order>& a) {
  double total = 0;
  for (const double x : a.as_span()) total += x;
  return total;
}
std::vector<double> items(const Array<const double>& a) { return {a.begin(), a.end()}; }
std::vector<double> items_2d(const Array<const double, ndim<2>>& a) {
  std::vector<double> result;
  for (std::size_t i = 0; i < a.shape(0); ++i) {
    for (std::size_t j = 0; j < a.shape(1); ++j) result.push_back(a(i, j));
  }
  return result;
}
std::vector<double> items_of_rows(const Array<const double, ndim<3>>& a) {
  std::vector<double> result;
  for (std::size_t i = 0; i < a.shape(0); ++i) {
    const auto plane = a.row(i);
    for (std::size_t j = 0; j < plane.shape(0); ++j) {
      for (const double x : plane.row(j)) result.push_back(x);
    }
  }
  return result;
}
std::vector<double> items_of_any_rows(const Array<const double>& a) {
  std::vector<double> result;
  for (std::size_t i = 0; i < a.shape(0); ++i) {
    for (const double x : a.row(i)) result.push_back(x);
  }
  return result;
}
std::vector<double> items_f(const Array<const double, ndim<2>, f_order>& a) {
  const auto all = a.as_span();
  return {all.begin(), all.end()};
}
std::vector<std::size_t> empty_rows() {
  const OwnedArray<double, ndim<2>> none(std::vector<double>(), 3, 0);
  std::vector<std::size_t> sizes;
  for (std::size_t i = 0; i < none.shape(0); ++i) sizes.push_back(none.row(i).size());
  return sizes;
}
double points(const Array<const double, shape<-1, 3>, c_order>& a) {
  double total = 0;
  for (std::size_t i = 0; i < a.shape(0); ++i) total += a(i, 0) * a(i, 1) * a(i, 2);
  return total;
}
double at(const Array<const double, ndim<2>>& a, std::size_t i, std::size_t j) { return a.at(i, j); }
double at_any(const Array<const double>& a, std::size_t i) { return a.at(i); }
double at_negative(const Array<const double, ndim<1>>& a, int i) { return a.at(i); }
double scalar(const Array<const double, ndim<0>>& a) { return a(); }
void fill(const Array<double>& a, double value) {
  for (double& x : a) x = value;
}
void scale(const Array<double, ndim<2>>& a, double factor) {
  for (std::size_t i = 0; i < a.shape(0); ++i) {
    for (double& x : a.row(i)) x *= factor;
  }
}
using Form = std::tuple<std::vector<std::size_t>, std::vector<std::ptrdiff_t>, std::size_t, std::size_t>;
Form form(const Array<const std::byte>& a) {
  Form result;
  for (std::size_t i = 0; i < a.ndim(); ++i) {
    std::get<0>(result).push_back(a.shape(i));
    std::get<1>(result).push_back(a.stride(i));
  }
  std::get<2>(result) = a.size();
  std::get<3>(result) = reinterpret_cast<std::size_t>(a.data());
  return result;
}
template <class T>
std::size_t count(const Array<const T>& a) {
  return a.size();
}
double half_sum(const Array<const Half>& a) {
  double total = 0;
  for (const Half x : a) total += static_cast<double>(static_cast<float>(x));
  return total;
}
double particle_sum(const Array<const Particle, ndim<1>>& a) {
  double total = 0;
  for (const Particle& p : a) total += p.x * p.id;
  return total;
}
/// The sum of the last ones, where all of them lie as C++ wants it; else -1.
double wide_sum(const Array<const Wide, c_order>& a) {
  double sum = 0;
  for (const Wide& w : a) {
    if (reinterpret_cast<std::uintptr_t>(&w) % alignof(Wide) != 0) return -1;
    sum += w.v[7];
  }
  return sum;
}
int switched_on(const Array<const Switch>& a) {
  int on = 0;
  for (const Switch& s : a) on += (s.on[0] ? 1 : 0) + (s.on[1] ? 1 : 0);
  return on;
}
int boards_on(const Array<const Board>& a) {
  int on = 0;
  for (const Board& b : a) on += b.switches[1].on[1] ? 1 : 0;
  return on;
}
void number_particles(const Array<Particle, ndim<1>>& a) {
  std::int32_t id = 0;
  for (Particle& p : a) p.id = id++;
}
std::size_t trues(const Array<const bool>& a) {
  std::size_t result = 0;
  for (const bool x : a) result += x ? 1 : 0;
  return result;
}
std::int64_t optional_size(const std::optional<Array<const double>>& a) {
  return a ? static_cast<std::int64_t>(a->size()) : -1;
}
std::size_t size_of_all(const std::vector<Array<const double>>& all) {
  std::size_t total = 0;
  for (const auto& a : all) total += a.size();
  return total;
}
double by_value(Array<const double, c_order> a) { return sum_c(a); }
double moved(Array<const double> a, Array<const double> b) {
  Array<const double> c = std::move(a);
  a = std::move(b);
  std::swap(a, c);
  return sum(a) - sum(c);
}
/// What is left of an array that was moved from: no items, whatever its form says.
template <class... C>
std::size_t left_behind(Array<const double, C...> a) {
  const Array<const double, C...> taken = std::move(a);
  std::size_t items = a.size() + (a.empty() ? 0 : 100);  // NOLINT(bugprone-use-after-move): that is what is tested
  for (const double x : a) items += x == 0 ? 1 : 2;
  return taken.size() + items;
}
double left_behind_at(Array<const double, shape<3>> a) {
  const auto taken = std::move(a);
  return a.at(1);  // NOLINT(bugprone-use-after-move)
}
double left_behind_at_none(Array<const double, ndim<0>> a) {
  const auto taken = std::move(a);
  return a.at();  // NOLINT(bugprone-use-after-move)
}
std::size_t never_assigned() {
  const OwnedArray<double> none;
  std::size_t items = none.size();
  for (const double x : none) items += x == 0 ? 1 : 2;
  return items;
}
double helper(ArrayView<const double, ndim<1>> row) {
  double total = 0;
  for (std::size_t i = 0; i < row.shape(0); ++i) total += row(i);
  return total;
}
double sum_of_rows(const Array<const double, ndim<2>>& a) {
  double total = 0;
  for (std::size_t i = 0; i < a.shape(0); ++i) total += helper(a.row(i));
  return total;
}
/// A helper takes what says more than it asks for: memory of C++ and of Python, in an order, of one length, to write.
double weighted(ArrayView<const double, ndim<2>> items) {
  double total = 0;
  for (std::size_t i = 0; i < items.shape(0); ++i) {
    for (std::size_t j = 0; j < items.shape(1); ++j) total += items(i, j) * static_cast<double>(10 * i + j);
  }
  return total;
}
std::vector<double> seen_by_helpers(const Array<double, shape<2, 3>>& any,
                                    const Array<const double, ndim<2>, c_order>& c,
                                    const Array<const double, ndim<2>, f_order>& f) {
  auto own = OwnedArray<double, ndim<2>>::zeros(2, 3);
  auto turned = OwnedArray<double, shape<-1, 3>, f_order>::zeros(2, 3);
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t j = 0; j < 3; ++j) own(i, j) = turned(i, j) = any(i, j);
  }
  const ArrayView<double, ndim<2>, c_order> kept = own;  // Of no more than it has, too.
  return {weighted(any), weighted(c), weighted(f), weighted(own), weighted(turned), weighted(kept), helper(f.row(1))};
}
template <class From, class To>
constexpr bool goes = std::is_convertible_v<const From&, To>;
static_assert(goes<Array<double>, ArrayView<const double>> &&
              goes<OwnedArray<double, ndim<1>>, ArrayView<const double, ndim<1>>>);
static_assert(goes<Array<double, shape<2, 3>, f_order>, ArrayView<double, shape<-1, 3>>>);
static_assert(!goes<Array<const double>, ArrayView<double>>, "it may not be written to");
static_assert(!goes<Array<float>, ArrayView<const double>>, "items of another type");
static_assert(!goes<Array<double, ndim<2>>, ArrayView<double, ndim<2>, c_order>>, "an order that nobody has looked at");
static_assert(!goes<OwnedArray<double, f_order>, ArrayView<double, c_order>>, "another order");
static_assert(!goes<Array<double, ndim<1>>, ArrayView<double, ndim<2>>> &&
              !goes<Array<double>, ArrayView<double, ndim<1>>>);
static_assert(!goes<Array<double, ndim<1>>, ArrayView<double>>, "the shape would be that of the other view");
static_assert(!goes<Array<double, shape<-1, 3>>, ArrayView<double, shape<-1, 4>>>);
static_assert(!goes<Array<double, ndim<2>>, ArrayView<double, shape<-1, 3>>>, "a length that nobody has looked at");
static_assert(!goes<Array<double, device<DeviceType::cuda>>, ArrayView<double>>);
static_assert(std::is_trivially_copyable_v<ArrayView<double, ndim<2>>>);

// --- Threads, and what happens meanwhile
// -------------------------------------------------------------------------------

Bound<PyAny> meanwhile(const Array<const std::byte>&, const Bound<PyAny>& function) { return function(); }
void drop_elsewhere(Python py, Array<const std::byte> a) {
  py.allow_threads([](Array<const std::byte> inside) { std::thread([moved = std::move(inside)] {}).join(); },
                   std::move(a));
}
std::optional<Array<const std::byte>>& kept() {
  static std::optional<Array<const std::byte>> all;
  return all;
}
void keep(Array<const std::byte> a) { kept() = std::move(a); }
std::size_t kept_size() { return kept() ? kept()->size() : 0; }

struct Signal {
  Array<const double, ndim<1>> samples;
  double at(std::size_t i) const { return samples.at(i); }
};
Signal make_signal(Array<const double, ndim<1>> samples) { return {std::move(samples)}; }

// --- Overloads
// ---------------------------------------------------------------------------------------------------------

std::string of_double(const Array<const double>&) { return "float64"; }
std::string of_float(const Array<const float>&) { return "float32"; }
std::string of_plane(const Array<const double, ndim<2>>&) { return "float64 plane"; }
std::string of_writable_plane(const Array<double, ndim<2>>&) { return "writable float64 plane"; }
std::string of_ints(const Array<const std::int32_t, ndim<1>>&) { return "int32"; }
std::string of_number(double) { return "number"; }
std::string of_object(const Bound<PyAny>&) { return "object"; }

// --- Giving
// ------------------------------------------------------------------------------------------------------------

std::atomic<int> destroyed{0};
struct Counted {
  std::vector<double> values;
  bool real = true;
  explicit Counted(std::vector<double> v) : values(std::move(v)) {}
  Counted(Counted&& other) noexcept : values(std::move(other.values)), real(std::exchange(other.real, false)) {}
  ~Counted() {
    if (real) ++destroyed;
  }
};

OwnedArray<double> counted(std::size_t n) {
  Counted owner(std::vector<double>(n, 1.5));
  const std::span<double> memory = owner.values;
  return {memory, std::move(owner)};
}
OwnedArray<double, as_numpy> numpy_counted(std::size_t n) {
  Counted owner(std::vector<double>(n, 1.5));
  const std::span<double> memory = owner.values;
  return {memory, std::move(owner)};
}
std::vector<double> iota(std::size_t n) {
  std::vector<double> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = static_cast<double>(i);
  return values;
}
OwnedArray<double, as_numpy> numpy_iota(std::size_t n) { return OwnedArray<double, as_numpy>(iota(n)); }
OwnedArray<double, ndim<2>, as_numpy> numpy_grid(std::size_t rows, int columns) {
  return OwnedArray<double, ndim<2>, as_numpy>(iota(rows * static_cast<std::size_t>(columns)), rows, columns);
}
OwnedArray<double, ndim<2>, f_order, as_numpy> numpy_f(std::size_t rows, std::size_t columns) {
  return OwnedArray<double, ndim<2>, f_order, as_numpy>(iota(rows * columns), rows, columns);
}
OwnedArray<const std::int32_t, shape<-1, 3>, as_memoryview> view_of(std::size_t rows) {
  auto values = std::make_unique<std::int32_t[]>(3 * rows);
  for (std::size_t i = 0; i < 3 * rows; ++i) values[i] = static_cast<std::int32_t>(i);
  return OwnedArray<const std::int32_t, shape<-1, 3>, as_memoryview>(std::move(values), rows, 3);
}
OwnedArray<double> shaped(const std::vector<double>& values, const std::vector<Py_ssize_t>& shape) {
  return {std::vector<double>(values), std::span<const Py_ssize_t>(shape)};
}
OwnedArray<double, ndim<0>> single(double value) { return OwnedArray<double, ndim<0>>(std::vector<double>{value}); }
OwnedArray<double, shape<-1, 3>> wrong_shape(std::size_t n) { return OwnedArray<double, shape<-1, 3>>(iota(n), n, 1); }
OwnedArray<double> negative_shape() { return OwnedArray<double>(iota(2), -2); }
OwnedArray<std::int64_t, ndim<3>> zeros(std::size_t a, std::size_t b, std::size_t c) {
  auto result = OwnedArray<std::int64_t, ndim<3>>::zeros(a, b, c);
  for (std::size_t i = 0; i < a; ++i) {
    for (std::size_t j = 0; j < b; ++j) {
      for (std::size_t k = 0; k < c; ++k) result(i, j, k) = static_cast<std::int64_t>(100 * i + 10 * j + k);
    }
  }
  return result;
}
OwnedArray<Half> halves() { return OwnedArray<Half>(std::vector<Half>{Half(0.5F), Half(2.0F)}); }
OwnedArray<BFloat16> brain_floats() { return OwnedArray<BFloat16>(std::vector<BFloat16>{BFloat16(0.5F)}); }
OwnedArray<std::complex<double>> complexes() { return OwnedArray<std::complex<double>>({{1, 2}, {3, 4}}); }
OwnedArray<Particle, as_numpy> particles() { return OwnedArray<Particle, as_numpy>({{1.5, 1}, {2.5, 2}}); }
OwnedArray<bool> bools() {
  auto values = std::make_unique<bool[]>(2);
  values[1] = true;
  return OwnedArray<bool>(std::move(values), 2);
}
/// Of a Python object's memory, which that keeps alive.
OwnedArray<const std::byte> of_bytes(const Bound<PyBytes>& bytes) { return {bytes.as_bytes(), bytes}; }
/// The same array as three objects, which share their memory.
std::tuple<Bound<PyAny>, Bound<PyAny>, Bound<PyAny>> thrice(Python py) {
  const OwnedArray<double> array(iota(3));
  return {array.into_object(py).value(), array.into_memoryview(py).value(), array.into_numpy(py).value()};
}
/// Arrays of zeros of each type: as numpy's and as an object, in turns.
template <class... T>
Bound<PyList> in_both_forms(Python py) {
  const auto list = PyList::empty(py);
  const auto add = [&](const auto& array) {
    list.append(array.into_numpy(py).value());
    list.append(array.into_object(py).value());
  };
  (add(OwnedArray<T>::zeros(2, 3)), ...);
  add(OwnedArray<float, f_order>::zeros(2, 3));
  add(OwnedArray<float, ndim<2>>::zeros(0, 3));
  add(OwnedArray<float>(std::vector<float>(), 0));
  add(single(1.5));
  return list;
}
OwnedArray<double> moved_result() {
  OwnedArray<double> a(iota(3)), b;
  b = std::move(a);
  b(0) = 7;
  return b;
}
OwnedArray<double> no_array() { return {}; }
int destroyed_count() { return destroyed; }

}  // namespace

template <>
struct adder::PyClass<Signal> {
  static constexpr auto name = "Signal";
  static void define(ClassBuilder<Signal>& cls) { cls.def<&Signal::at>("at"); }
};

ADDER_MODULE(arrays_ext, m) {
  m.def<&sum>("sum", arg("a"));
  m.def<&sum>("sum_detached", arg("a"), release_gil);
  m.def<&sum>("sum_converted", arg("a").convert());
  m.def<&sum_c>("sum_c", arg("a"));
  m.def<&sum_c>("sum_c_converted", arg("a").convert());
  m.def<&items>("items");
  m.def<&items_2d>("items_2d", arg("a"));
  m.def<&items_of_rows>("items_of_rows");
  m.def<&items_of_any_rows>("items_of_any_rows");
  m.def<&items_f>("items_f", arg("a"));
  m.def<&items_f>("items_f_converted", arg("a").convert());
  m.def<&empty_rows>("empty_rows");
  m.def<&points>("points", arg("a"));
  m.def<&points>("points_converted", arg("a").convert());
  m.def<&at>("at");
  m.def<&at_any>("at_any");
  m.def<&at_negative>("at_negative");
  m.def<&scalar>("scalar");
  m.def<&fill>("fill", arg("a"), arg("value"));
  m.def<&scale>("scale", arg("a"), arg("factor"));
  m.def<&form>("form");
  m.def<&count<std::int8_t>>("int8", arg("a"));
  m.def<&count<std::uint8_t>>("uint8", arg("a"));
  m.def<&count<std::int16_t>>("int16", arg("a"));
  m.def<&count<std::uint16_t>>("uint16", arg("a"));
  m.def<&count<std::int32_t>>("int32", arg("a"));
  m.def<&count<std::uint32_t>>("uint32", arg("a"));
  m.def<&count<std::int64_t>>("int64", arg("a"));
  m.def<&count<std::uint64_t>>("uint64", arg("a"));
  m.def<&count<Half>>("float16", arg("a"));
  m.def<&count<float>>("float32", arg("a"));
  m.def<&count<double>>("float64", arg("a"));
  m.def<&count<long double>>("longdouble", arg("a"));
  m.def<&count<std::complex<float>>>("complex64", arg("a"));
  m.def<&count<std::complex<double>>>("complex128", arg("a"));
  m.def<&count<bool>>("bool", arg("a"));
  m.def<&half_sum>("half_sum");
  m.def<&particle_sum>("particle_sum", arg("a"));
  m.def<&number_particles>("number_particles", arg("a"));
  m.def<&switched_on>("switched_on", arg("a"));
  m.def<&wide_sum>("wide_sum", arg("a").convert());
  m.def<&switched_on>("switched_on_converted", arg("a").convert());
  m.def<&boards_on>("boards_on", arg("a"));
  m.def<&trues>("trues", arg("a"));
  m.def<&optional_size>("optional_size", arg("a") = std::nullopt);
  m.def<&optional_size>("optional_size_converted", arg("a").convert() = std::nullopt);
  m.def<&size_of_all>("size_of_all");
  m.def<&by_value>("by_value");
  m.def<&moved>("moved");
  m.def<&left_behind<>>("left_behind");
  m.def<&left_behind<ndim<0>>>("left_behind_single");
  m.def<&left_behind<shape<3>>>("left_behind_three");
  m.def<&left_behind<shape<3>, c_order>>("left_behind_ordered");
  m.def<&left_behind_at>("left_behind_at");
  m.def<&left_behind_at_none>("left_behind_at_none");
  m.def<&never_assigned>("never_assigned");
  m.def<&sum_of_rows>("sum_of_rows");
  m.def<&seen_by_helpers>("seen_by_helpers");
  m.def<&meanwhile>("meanwhile");
  m.def<&drop_elsewhere>("drop_elsewhere");
  m.def<&keep>("keep");
  m.def<&kept_size>("kept_size");
  m.add_class<Signal>();
  m.def<&make_signal>("make_signal");
  m.def<overload<&of_double, &of_float, &of_plane, &of_writable_plane, &of_ints, &of_number, &of_object>>("overloaded");
  m.def<overload<&of_double, &of_ints>>("two");
  m.def<overload<&of_double, &of_ints>>("two_converting", signature(arg("a").convert()), signature(arg("a")));
  m.def<&counted>("counted");
  m.def<&in_both_forms<bool, std::int8_t, std::uint8_t, std::int16_t, std::uint16_t, std::int32_t, std::uint32_t,
                       std::int64_t, std::uint64_t, char, std::byte, Half, float, double, long double,
                       std::complex<float>, std::complex<double>, const double, Particle>>("in_both_forms");
  m.def<&numpy_counted>("numpy_counted");
  m.def<&numpy_iota>("numpy_iota");
  m.def<&numpy_grid>("numpy_grid");
  m.def<&numpy_f>("numpy_f");
  m.def<&view_of>("view_of");
  m.def<&shaped>("shaped");
  m.def<&single>("single");
  m.def<&wrong_shape>("wrong_shape");
  m.def<&negative_shape>("negative_shape");
  m.def<&zeros>("zeros");
  m.def<&halves>("halves");
  m.def<&brain_floats>("brain_floats");
  m.def<&complexes>("complexes");
  m.def<&particles>("particles");
  m.def<&bools>("bools");
  m.def<&of_bytes>("of_bytes");
  m.def<&thrice>("thrice");
  m.def<&moved_result>("moved_result");
  m.def<&no_array>("no_array");
  m.def<&destroyed_count>("destroyed_count");
}
