// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of chrono.hpp.
#pragma once
#include "adder/stl/chrono.hpp"

#include <cstdint>
#include <optional>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_FUNC PyResult<Bound<PyAny>> new_delta(Python py, std::optional<Micros> time) {
  const auto out_of_range = [] {
    return PyErr::Access::lazy(PyExc_OverflowError, "the duration does not fit into a timedelta");
  };
  if (!time) return out_of_range();
  const Micros days = *time / micros_per_day - (*time % micros_per_day < 0 ? 1 : 0);
  const auto micros = static_cast<std::int64_t>(*time - days * micros_per_day);
  if (days < -999'999'999 || days > 999'999'999) return out_of_range();
  try {
    return PyDelta::new_(py, static_cast<int>(days), static_cast<int>(micros / 1'000'000),
                         static_cast<int>(micros % 1'000'000))
        .into_any();
  } catch (const PyErr& error) {
    return error;
  }
}

/// The nanoseconds that an instance of a subclass counts besides, as those of pandas do. What has other things than a
/// number of them is no time at all, such as pandas.NaT, whose other fields say the year 1.
ADDER_COLD ADDER_FUNC std::int64_t further_nanos(::PyObject* object, ::PyObject* name, const char* expected) {
  const KeptAlive kept(object);
  const OwnedPtr found(Steal(), getattr_or_null(object, name), {});
  if (found.as_ptr() == nullptr) return 0;
  std::int64_t nanos = -1;
  if (PyLong_Check(found.as_ptr()) == 0 || Scalar<std::int64_t>::load(found.as_ptr(), nanos) != Loaded::ok ||
      nanos < 0 || nanos > 999) {
    throw PyErr::Access::mismatch(expected, object);
  }
  return nanos;
}

ADDER_FUNC FineTime fields_of(const Bound<PyDateTime>& moment) {
  using namespace std::chrono;
  FineTime time;
  if (!PyTypeInfo<PyDateTime>::is_exact_type_of(moment.as_ptr())) [[unlikely]] {
    time.nanos = further_nanos(moment.as_ptr(), Interned<"nanosecond">::get(token()), "datetime");
  }
  const sys_days day = year_month_day(year(moment.year()), month(static_cast<unsigned>(moment.month())),
                                      std::chrono::day(static_cast<unsigned>(moment.day())));
  const std::int64_t seconds = moment.hour() * 3600 + moment.minute() * 60 + moment.second();
  time.micros = static_cast<Micros>(day.time_since_epoch().count()) * micros_per_day + seconds * Micros{1'000'000} +
                moment.microsecond();
  return time;
}

ADDER_FUNC Micros micros_of(const Bound<PyDelta>& delta) {
  return static_cast<Micros>(delta.days()) * micros_per_day + delta.seconds() * Micros{1'000'000} +
         delta.microseconds();
}

ADDER_FUNC FineTime time_of(const Bound<PyDelta>& delta) {
  FineTime time;
  if (!PyTypeInfo<PyDelta>::is_exact_type_of(delta.as_ptr())) [[unlikely]] {
    time.nanos = further_nanos(delta.as_ptr(), Interned<"nanoseconds">::get(token()), "timedelta");
  }
  time.micros = micros_of(delta);
  return time;
}

ADDER_FUNC PyResult<Bound<PyAny>> new_datetime(Python py, std::optional<Micros> since_1970,
                                               const OptionalTzInfo& tzinfo) {
  using namespace std::chrono;
  const auto out_of_range = [] {
    return PyErr::Access::lazy(PyExc_OverflowError, "the time does not fit into a datetime: years 1 to 9999");
  };
  if (!since_1970) return out_of_range();
  const Micros day = *since_1970 / micros_per_day - (*since_1970 % micros_per_day < 0 ? 1 : 0);
  if (day < -719'162 || day > 2'932'896) return out_of_range();
  const year_month_day date{sys_days(days(static_cast<int>(day)))};
  const auto rest = static_cast<std::int64_t>(*since_1970 - day * micros_per_day);
  const auto seconds_of_day = static_cast<int>(rest / 1'000'000);
  try {
    return PyDateTime::new_(py, static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
                            static_cast<int>(static_cast<unsigned>(date.day())), seconds_of_day / 3600,
                            seconds_of_day / 60 % 60, seconds_of_day % 60, static_cast<int>(rest % 1'000'000), tzinfo)
        .into_any();
  } catch (const PyErr& error) {
    return error;
  }
}

}  // namespace detail

ADDER_FUNC PyResult<std::chrono::year_month_day> FromPyObject<std::chrono::year_month_day>::extract(
    const Bound<PyAny>& object) {
  try {
    ::PyObject* source = object.as_ptr();
    if (!PyDate::is_type_of(source) || PyDateTime::is_type_of(source)) {
      return PyErr::Access::mismatch(expected(), source);
    }
    const auto date = detail::peek<PyDate>(source);
    return std::chrono::year_month_day(std::chrono::year(date.year()),
                                       std::chrono::month(static_cast<unsigned>(date.month())),
                                       std::chrono::day(static_cast<unsigned>(date.day())));
  } catch (const PyErr& error) {
    return error;
  }
}

ADDER_FUNC PyResult<Bound<PyAny>> IntoPyObject<std::chrono::year_month_day>::into_py(Python py,
                                                                                     std::chrono::year_month_day date) {
  try {
    return PyDate::new_(py, static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
                        static_cast<int>(static_cast<unsigned>(date.day())))
        .into_any();
  } catch (const PyErr& error) {
    return error;
  }
}

}  // namespace adder::inline ADDER_ABI
