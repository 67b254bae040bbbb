// SPDX-License-Identifier: MIT
// A function for each type of the guide's table on numpy and pandas, which gives back what it takes.
#include <adder/adder.hpp>
#include <adder/stl/array.hpp>
#include <adder/stl/chrono.hpp>
#include <adder/stl/complex.hpp>
#include <adder/stl/map.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/tuple.hpp>
#include <adder/stl/vector.hpp>
#include <adder/types/bytes_view.hpp>

#include <array>
#include <chrono>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

using namespace adder;

namespace {

template <class T>
T echo(const T& value) {
  return value;
}
/// A view has no way back: how many bytes it shows.
std::size_t size_of(const BytesView& view) { return view.size(); }
Bound<PyAny> same(const Bound<PyAny>& object) { return object; }

using Nanoseconds = std::chrono::nanoseconds;
/// To Python times go in microseconds: what nanoseconds come in is a number.
template <class Time>
std::int64_t ticks(Time time) {
  return static_cast<std::int64_t>(time.time_since_epoch().count());
}
std::int64_t ticks_of_duration(Nanoseconds time) { return time.count(); }

}  // namespace

ADDER_MODULE(columns_ext, m) {
  m.def<&echo<std::int64_t>>("int64");
  m.def<&echo<std::int8_t>>("int8");
  m.def<&echo<double>>("double");
  m.def<&echo<float>>("float");
  m.def<&echo<bool>>("bool");
  m.def<&echo<std::string>>("string");
  m.def<&echo<std::complex<double>>>("complex");
  m.def<&echo<std::optional<double>>>("optional_double");
  m.def<&echo<std::vector<std::int64_t>>>("ints");
  m.def<&echo<std::vector<std::int8_t>>>("bytes");
  m.def<&echo<std::vector<double>>>("doubles");
  m.def<&echo<std::vector<bool>>>("bools");
  m.def<&echo<std::vector<std::string>>>("strings");
  m.def<&echo<std::vector<std::vector<double>>>>("rows");
  m.def<&echo<std::vector<std::optional<double>>>>("optional_doubles");
  m.def<&echo<std::vector<std::optional<std::string>>>>("optional_strings");
  m.def<&echo<std::array<double, 2>>>("two");
  m.def<&echo<std::tuple<std::int64_t, double, std::string>>>("row");
  m.def<&echo<std::map<std::string, double>>>("map");
  m.def<&echo<std::map<std::string, std::vector<double>>>>("columns");
  m.def<&echo<std::chrono::local_time<std::chrono::microseconds>>>("local");
  m.def<&echo<std::chrono::sys_time<std::chrono::microseconds>>>("sys");
  m.def<&ticks<std::chrono::local_time<Nanoseconds>>>("local_ns");
  m.def<&ticks<std::chrono::sys_time<Nanoseconds>>>("sys_ns");
  m.def<&echo<std::optional<std::chrono::local_time<std::chrono::microseconds>>>>("optional_local");
  m.def<&echo<std::vector<std::chrono::local_time<std::chrono::microseconds>>>>("locals");
  m.def<&echo<std::vector<std::chrono::sys_time<std::chrono::microseconds>>>>("moments");
  m.def<&echo<std::vector<std::chrono::microseconds>>>("durations");
  m.def<&echo<std::chrono::year_month_day>>("day");
  m.def<&echo<std::chrono::microseconds>>("microseconds");
  m.def<&ticks_of_duration>("nanoseconds");
  m.def<&size_of>("view");
  m.def<&same>("object");
}
