// SPDX-License-Identifier: MIT
// Times and spans of time, for test_times.py, which hands in those of pandas.
#include <adder/adder.hpp>
#include <adder/stl/chrono.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/variant.hpp>
#include <adder/stl/vector.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <ratio>
#include <string>
#include <variant>
#include <vector>

using namespace adder;
using std::chrono::duration, std::chrono::nanoseconds, std::chrono::microseconds, std::chrono::seconds;
using std::chrono::sys_time, std::chrono::local_time, std::chrono::year_month_day;

namespace {

template <class Duration>
typename Duration::rep span(Duration time) {
  return time.count();
}
template <class Duration>
typename Duration::rep moment(sys_time<Duration> time) {
  return time.time_since_epoch().count();
}
template <class Duration>
typename Duration::rep local(local_time<Duration> time) {
  return time.time_since_epoch().count();
}
std::vector<nanoseconds::rep> moments(const std::vector<local_time<nanoseconds>>& times) {
  std::vector<nanoseconds::rep> counts;
  for (const auto& time : times) counts.push_back(local(time));
  return counts;
}
std::string kind(const std::variant<local_time<microseconds>, std::monostate>& time) {
  return time.index() == 0 ? "time" : "nothing";
}
year_month_day same_day(year_month_day date) { return date; }

/// The time and time zone of another time, which may have none.
Bound<PyTime> time_of(Python py, const Bound<PyDateTime>& now) {
  return PyTime::new_(py, now.hour(), now.minute(), 0, 0, now.tzinfo());
}
Bound<PyDateTime> noon(Python py, const std::optional<Bound<PyTzInfo>>& zone) {
  return PyDateTime::new_(py, 2024, 2, 29, 12, 0, 0, 0, zone, 1);
}
Bound<PyDateTime> epoch(Python py, const std::optional<Bound<PyTzInfo>>& zone) {
  return PyDateTime::from_timestamp(py, 0, zone);
}
Bound<PyTime> midnight(Python py) { return PyTime::new_(py, 0, 0, 0, 0, std::nullopt); }

}  // namespace

ADDER_MODULE(times_ext, m) {
  m.def<&span<nanoseconds>>("span_ns");
  m.def<&span<microseconds>>("span_us");
  m.def<&span<duration<std::int64_t, std::pico>>>("span_ps");
  m.def<&span<duration<double>>>("span_s");
  m.def<&span<duration<std::int64_t, std::ratio<1, 500'000'000>>>>("span_2ns");
  m.def<&moment<nanoseconds>>("moment_ns");
  m.def<&moment<microseconds>>("moment_us");
  m.def<&local<nanoseconds>>("local_ns");
  m.def<&local<seconds>>("local_s");
  m.def<&moments>("moments");
  m.def<&kind>("kind");
  m.def<&same_day>("day");
  m.def<&time_of>("time_of");
  m.def<&noon>("noon");
  m.def<&epoch>("epoch");
  m.def<&midnight>("midnight");
}
