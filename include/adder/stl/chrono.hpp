// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversions between `std::chrono` and the `datetime` module.
///
/// | C++                               | Python                                                                       |
/// |-----------------------------------|------------------------------------------------------------------------------|
/// | `duration`                        | `timedelta`                                                                  |
/// | `sys_time`, `system_clock::time_point` | aware `datetime`; to Python in UTC. One without a time zone is refused  |
/// | `local_time`                      | naive `datetime`. One with a time zone is refused                            |
/// | `year_month_day`                  | `date`, but no `datetime`                                                    |
///
/// Python counts microseconds: what C++ has finer is rounded down, or to the nearest where it is floating point. To
/// C++, what a coarser or narrower duration cannot hold exactly is a ValueError or an OverflowError; this goes for the
/// nanoseconds of pandas' Timestamp and Timedelta too.
#pragma once
#include "adder/convert/basic.hpp"
#include "adder/types/datetime.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <ratio>
#include <type_traits>

namespace adder::inline ADDER_ABI {

namespace detail {

/// A number of microseconds. A timedelta can be longer than 64 bits of them.
#if defined(__SIZEOF_INT128__)
using Micros = Int128;
#else
using Micros = std::int64_t;
#endif
inline constexpr std::int64_t micros_per_day = 86'400'000'000;

ADDER_COLD inline PyErr time_does_not_fit() {
  return PyErr::Access::lazy(PyExc_OverflowError, "the time does not fit into the C++ type");
}

/// Exactly the same span of time, in another unit.
/// @tparam Unit  Of @p time, as a `std::ratio` of a second.
template <class Duration, class Unit>
PyResult<Duration> exact_duration_of(Micros time) {
  using Rep = typename Duration::rep;
  using Ratio = std::ratio_divide<Unit, typename Duration::period>;  // Ticks per unit.
  if constexpr (std::chrono::treat_as_floating_point_v<Rep>) {
    // Whole ticks apart from the rest: a timedelta has more digits than a double.
    using Wide = std::common_type_t<Rep, double>;
    const Micros scaled = time * static_cast<Micros>(Ratio::num);
    return Duration(static_cast<Rep>(static_cast<Wide>(scaled / Ratio::den) +
                                     static_cast<Wide>(scaled % Ratio::den) / static_cast<Wide>(Ratio::den)));
  } else {
    Micros ticks = 0;
    if (__builtin_mul_overflow(time, static_cast<Micros>(Ratio::num), &ticks)) return time_does_not_fit();
    if (ticks % Ratio::den != 0) {
      return PyErr::Access::lazy(PyExc_ValueError, "the time is no whole number of the C++ type's ticks");
    }
    ticks /= Ratio::den;
    const auto count = static_cast<Rep>(ticks);
    if (static_cast<Micros>(count) != ticks) return time_does_not_fit();
    return Duration(count);
  }
}

/// A time that Python code may have counted more finely than datetime does.
struct FineTime {
  Micros micros = 0;
  std::int64_t nanos = 0;  // Besides: 0 to 999.
};
template <class Duration>
PyResult<Duration> exact_duration(FineTime time) {
  if (time.nanos == 0) [[likely]]
    return exact_duration_of<Duration, std::micro>(time.micros);
  Micros nanos = 0;
  if (__builtin_mul_overflow(time.micros, Micros{1000}, &nanos)) return time_does_not_fit();
  return exact_duration_of<Duration, std::nano>(nanos + time.nanos);
}

/// Rounded down to microseconds; nothing where that does not fit.
template <class Rep, class Period>
std::optional<Micros> to_micros(std::chrono::duration<Rep, Period> time) {
  using Ratio = std::ratio_divide<Period, std::micro>;  // Microseconds per tick.
  if constexpr (std::chrono::treat_as_floating_point_v<Rep>) {
    const auto ticks = static_cast<std::common_type_t<Rep, double>>(time.count());
    const auto about = ticks * Ratio::num / Ratio::den;
    if (!(about > -9e19 && about < 9e19)) return std::nullopt;
    // To the nearest, as timedelta() itself does; whole ticks exactly.
    const auto whole = std::trunc(ticks);
    const Micros scaled = static_cast<Micros>(whole) * Ratio::num;
    const auto rest =
        (static_cast<double>(scaled % Ratio::den) + static_cast<double>(ticks - whole) * Ratio::num) / Ratio::den;
    return scaled / Ratio::den + static_cast<Micros>(std::nearbyint(rest));
  } else {
    Micros micros = 0;
    if (__builtin_mul_overflow(static_cast<Micros>(time.count()), static_cast<Micros>(Ratio::num), &micros)) {
      return std::nullopt;
    }
    return micros / Ratio::den - (micros % Ratio::den < 0 ? 1 : 0);
  }
}

PyResult<Bound<PyAny>> new_delta(Python py, std::optional<Micros> time);

/// A datetime's own fields as a time since 1970, whatever its time zone. Throws PyErr, also a mismatch: see
/// further_nanos().
FineTime fields_of(const Bound<PyDateTime>& moment);
FineTime time_of(const Bound<PyDelta>& delta);
Micros micros_of(const Bound<PyDelta>& delta);
PyResult<Bound<PyAny>> new_datetime(Python py, std::optional<Micros> since_1970, const OptionalTzInfo& tzinfo);

}  // namespace detail

template <class Rep, class Period>
struct FromPyObject<std::chrono::duration<Rep, Period>> {
  using Duration = std::chrono::duration<Rep, Period>;
  static constexpr const char* expected() noexcept { return "timedelta"; }
  static PyResult<Duration> extract(const Bound<PyAny>& object) {
    try {
      if (!PyDelta::is_type_of(object.as_ptr())) return PyErr::Access::mismatch(expected(), object.as_ptr());
      return detail::exact_duration<Duration>(detail::time_of(detail::peek<PyDelta>(object.as_ptr())));
    } catch (const PyErr& error) {
      return error;
    }
  }
};
template <class Rep, class Period>
struct IntoPyObject<std::chrono::duration<Rep, Period>> {
  static PyResult<Bound<PyAny>> into_py(Python py, std::chrono::duration<Rep, Period> time) {
    return detail::new_delta(py, detail::to_micros(time));
  }
};

template <class Duration>
struct FromPyObject<std::chrono::sys_time<Duration>> {
  static constexpr const char* expected() noexcept { return "datetime"; }
  static PyResult<std::chrono::sys_time<Duration>> extract(const Bound<PyAny>& object) {
    try {
      if (!PyDateTime::is_type_of(object.as_ptr())) return PyErr::Access::mismatch(expected(), object.as_ptr());
      auto time = detail::fields_of(detail::peek<PyDateTime>(object.as_ptr()));
      const auto offset = object.call_method("utcoffset"_s);
      if (offset.is_none()) {
        return PyErr::Access::lazy(PyExc_ValueError, "expected a datetime with a time zone, got one without");
      }
      time.micros -= detail::micros_of(offset.downcast<PyDelta>());
      return detail::exact_duration<Duration>(time).map(
          [](Duration since) { return std::chrono::sys_time<Duration>(since); });
    } catch (const PyErr& error) {
      return error;
    }
  }
};
template <class Duration>
struct IntoPyObject<std::chrono::sys_time<Duration>> {
  static PyResult<Bound<PyAny>> into_py(Python py, std::chrono::sys_time<Duration> time) {
    try {
      return detail::new_datetime(py, detail::to_micros(time.time_since_epoch()), PyTzInfo::utc(py));
    } catch (const PyErr& error) {
      return error;
    }
  }
};

template <class Duration>
struct FromPyObject<std::chrono::local_time<Duration>> {
  static constexpr const char* expected() noexcept { return "datetime"; }
  static PyResult<std::chrono::local_time<Duration>> extract(const Bound<PyAny>& object) {
    try {
      if (!PyDateTime::is_type_of(object.as_ptr())) return PyErr::Access::mismatch(expected(), object.as_ptr());
      const auto moment = detail::peek<PyDateTime>(object.as_ptr());
      if (moment.tzinfo()) {
        return PyErr::Access::lazy(PyExc_ValueError, "expected a datetime without a time zone, got one with it");
      }
      return detail::exact_duration<Duration>(detail::fields_of(moment)).map([](Duration since) {
        return std::chrono::local_time<Duration>(since);
      });
    } catch (const PyErr& error) {
      return error;
    }
  }
};
template <class Duration>
struct IntoPyObject<std::chrono::local_time<Duration>> {
  static PyResult<Bound<PyAny>> into_py(Python py, std::chrono::local_time<Duration> time) {
    return detail::new_datetime(py, detail::to_micros(time.time_since_epoch()), {});
  }
};

template <>
struct FromPyObject<std::chrono::year_month_day> {
  static constexpr const char* expected() noexcept { return "date"; }
  static PyResult<std::chrono::year_month_day> extract(const Bound<PyAny>& object);
};
template <>
struct IntoPyObject<std::chrono::year_month_day> {
  static PyResult<Bound<PyAny>> into_py(Python py, std::chrono::year_month_day date);
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/stl/detail/chrono_inl.hpp"
#endif
