// SPDX-License-Identifier: MIT
/// @file
/// @brief PyDate, PyTime, PyDateTime, PyDelta, PyTzInfo: the types of Python's `datetime` module, which is imported at
/// the first use. Not part of adder.hpp.
#pragma once
#include "adder/types/module.hpp"

// Its variable is not used here, and its macros cast in the old style up to 3.11: users may have asked to be warned.
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wold-style-cast"
#endif
#include <datetime.h>

#include <concepts>
#include <optional>
#include <string_view>
#include <type_traits>

namespace adder::inline ADDER_ABI {

namespace detail {

/// The C interface of the datetime module. (CPython's own variable for it exists once per source file.)
ADDER_HIDDEN inline constinit Atomic<PyDateTime_CAPI*> datetime_capi{nullptr};

ADDER_INLINE PyDateTime_CAPI& datetime() {
  PyDateTime_CAPI* capi = datetime_capi.load(Order::acquire);
  if (capi == nullptr) [[unlikely]] {
    capi = static_cast<PyDateTime_CAPI*>(guard_unwind(PyCapsule_Import, PyDateTime_CAPSULE_NAME, 0));
    if (capi == nullptr) throw_fetched();
    datetime_capi.store(capi, Order::release);
  }
  return *capi;
}

template <FixedString PythonName, ::PyTypeObject* PyDateTime_CAPI::*Type>
struct DateTimeType {
  using Base = PyAny;
  static constexpr const char* python_name = PythonName.text;
  static ::PyTypeObject* type_object() { return datetime().*Type; }
  static bool is_type_of(::PyObject* object) { return PyObject_TypeCheck(object, type_object()) != 0; }
};

}  // namespace detail

/// @brief A parameter that takes a tzinfo, or nothing: `{}`, or an empty `std::optional` of a handle, such as the
/// `tzinfo()` of another time.
class OptionalTzInfo {
 public:
  OptionalTzInfo() noexcept = default;
  /// @brief A time zone; one more reference to it.
  OptionalTzInfo(const Bound<PyTzInfo>& tzinfo ADDER_LIFETIMEBOUND)  // NOLINT(google-explicit-constructor)
      : tzinfo_(Py_NewRef(detail::HandleAccess::use(tzinfo, "used as tzinfo", {}))) {}
  /// @brief A time zone that may be missing, in any handle.
  template <template <class> class Handle, class T>
    requires detail::Upcasts<T, PyTzInfo>
  OptionalTzInfo(const std::optional<Handle<T>>& tzinfo)  // NOLINT(google-explicit-constructor)
      : tzinfo_(tzinfo ? Py_NewRef(detail::lent_by(*tzinfo)) : nullptr) {}
  /// @brief None.
  OptionalTzInfo(std::nullopt_t) noexcept {}  // NOLINT(google-explicit-constructor)
  OptionalTzInfo(const OptionalTzInfo&) = delete;
  OptionalTzInfo& operator=(const OptionalTzInfo&) = delete;
  ~OptionalTzInfo() { detail::release_if_any(tzinfo_); }
  /// @brief Borrowed; None where there is none.
  ::PyObject* as_ptr() const noexcept { return tzinfo_ == nullptr ? Py_None : tzinfo_; }

 private:
  ::PyObject* tzinfo_ = nullptr;
};
template <>
struct UngilTraits<OptionalTzInfo> : std::false_type {};

/// @brief The methods of a handle to a `date`, which a `datetime` is too.
/// @pyo3{PyDateAccess}
template <class Self>
struct PyDateMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  /// @brief 1 to 9999.
  int year(Where where = Where::current()) const { return PyDateTime_GET_YEAR(this->use("year", where)); }
  /// @brief 1 to 12.
  int month(Where where = Where::current()) const { return PyDateTime_GET_MONTH(this->use("month", where)); }
  /// @brief 1 to 31.
  int day(Where where = Where::current()) const { return PyDateTime_GET_DAY(this->use("day", where)); }
};

/// @brief The tag of `datetime.date`.
struct PyDate : detail::DateTimeType<"date", &PyDateTime_CAPI::DateType> {
  template <class Self>
  using Methods = PyDateMethods<Self>;
  /// @brief `date(year, month, day)`.
  /// @throws PyErr  ValueError out of range.
  template <std::same_as<PyDate> T = PyDate>
  static Bound<T> new_(Python, int year, int month, int day) {
    PyDateTime_CAPI& capi = detail::datetime();
    return detail::steal<T>(detail::non_null(capi.Date_FromDate(year, month, day, capi.DateType)));
  }
  /// @brief `date.fromtimestamp(seconds)`, in local time.
  template <std::same_as<PyDate> T = PyDate>
  static Bound<T> from_timestamp(Python py, double seconds) {
    return py.get_type<T>().call_method("fromtimestamp"_s, seconds).template downcast<T>();
  }
};

namespace detail {
/// The time of day, which `time` and `datetime` keep in different places.
template <class Self, class Fields>
struct TimeMethods {
  using Where = Location;
  int hour(Where where = Where::current()) const { return Fields::hour(object("hour", where)); }
  int minute(Where where = Where::current()) const { return Fields::minute(object("minute", where)); }
  int second(Where where = Where::current()) const { return Fields::second(object("second", where)); }
  int microsecond(Where where = Where::current()) const { return Fields::microsecond(object("microsecond", where)); }
  /// @brief 1 for the second of two equal local times, when clocks are set back; else 0.
  int fold(Where where = Where::current()) const { return Fields::fold(object("fold", where)); }
  /// @brief `self.tzinfo`, if it has one.
  /// @pyo3{PyTzInfoAccess::get_tzinfo}
  std::optional<Bound<Late<PyTzInfo, Self>>> tzinfo(Where where = Where::current()) const {
    ::PyObject* zone = Fields::tzinfo(object("tzinfo", where));
    if (zone == Py_None) return std::nullopt;
    return borrow<Late<PyTzInfo, Self>>(zone, where);
  }

 private:
  ::PyObject* object(const char* operation, Where where) const {
    return HandleAccess::use(static_cast<const Self&>(*this), operation, where);
  }
};
struct DateTimeFields {
  static int hour(::PyObject* object) { return PyDateTime_DATE_GET_HOUR(object); }
  static int minute(::PyObject* object) { return PyDateTime_DATE_GET_MINUTE(object); }
  static int second(::PyObject* object) { return PyDateTime_DATE_GET_SECOND(object); }
  static int microsecond(::PyObject* object) { return PyDateTime_DATE_GET_MICROSECOND(object); }
  static int fold(::PyObject* object) { return PyDateTime_DATE_GET_FOLD(object); }
  static ::PyObject* tzinfo(::PyObject* object) { return PyDateTime_DATE_GET_TZINFO(object); }
};
struct TimeFields {
  static int hour(::PyObject* object) { return PyDateTime_TIME_GET_HOUR(object); }
  static int minute(::PyObject* object) { return PyDateTime_TIME_GET_MINUTE(object); }
  static int second(::PyObject* object) { return PyDateTime_TIME_GET_SECOND(object); }
  static int microsecond(::PyObject* object) { return PyDateTime_TIME_GET_MICROSECOND(object); }
  static int fold(::PyObject* object) { return PyDateTime_TIME_GET_FOLD(object); }
  static ::PyObject* tzinfo(::PyObject* object) { return PyDateTime_TIME_GET_TZINFO(object); }
};
}  // namespace detail

/// @brief The methods of a handle to a `datetime`.
/// @pyo3{PyTimeAccess}
template <class Self>
struct PyDateTimeMethods : PyDateMethods<Self>, detail::TimeMethods<Self, detail::DateTimeFields> {
  using Where = detail::Location;
};

/// @brief The tag of `datetime.datetime`, a `date` to Python and here.
struct PyDateTime : detail::DateTimeType<"datetime", &PyDateTime_CAPI::DateTimeType> {
  using Base = PyDate;
  template <class Self>
  using Methods = PyDateTimeMethods<Self>;
  /// @brief `datetime(year, month, day, hour, minute, second, microsecond, tzinfo, fold=fold)`.
  /// @throws PyErr  ValueError out of range.
  /// @pyo3{PyDateTime::new_with_fold}
  template <std::same_as<PyDateTime> T = PyDateTime>
  static Bound<T> new_(Python, int year, int month, int day, int hour = 0, int minute = 0, int second = 0,
                       int microsecond = 0, const OptionalTzInfo& tzinfo = {}, int fold = 0) {
    PyDateTime_CAPI& capi = detail::datetime();
    return detail::steal<T>(detail::non_null(capi.DateTime_FromDateAndTimeAndFold(
        year, month, day, hour, minute, second, microsecond, tzinfo.as_ptr(), fold, capi.DateTimeType)));
  }
  /// @brief `datetime.fromtimestamp(seconds, tzinfo)`; local time without @p tzinfo.
  template <std::same_as<PyDateTime> T = PyDateTime>
  static Bound<T> from_timestamp(Python py, double seconds, const OptionalTzInfo& tzinfo = {}) {
    return py.get_type<T>()
        .call_method("fromtimestamp"_s, seconds, detail::peek(tzinfo.as_ptr()))
        .template downcast<T>();
  }
};

/// @brief The methods of a handle to a `time`.
/// @pyo3{PyTimeAccess}
template <class Self>
struct PyTimeMethods : PyAnyMethods<Self>, detail::TimeMethods<Self, detail::TimeFields> {
  using Where = detail::Location;
};

/// @brief The tag of `datetime.time`.
struct PyTime : detail::DateTimeType<"time", &PyDateTime_CAPI::TimeType> {
  template <class Self>
  using Methods = PyTimeMethods<Self>;
  /// @brief `time(hour, minute, second, microsecond, tzinfo, fold=fold)`.
  /// @throws PyErr  ValueError out of range.
  /// @pyo3{PyTime::new_with_fold}
  template <std::same_as<PyTime> T = PyTime>
  static Bound<T> new_(Python, int hour, int minute = 0, int second = 0, int microsecond = 0,
                       const OptionalTzInfo& tzinfo = {}, int fold = 0) {
    PyDateTime_CAPI& capi = detail::datetime();
    return detail::steal<T>(detail::non_null(
        capi.Time_FromTimeAndFold(hour, minute, second, microsecond, tzinfo.as_ptr(), fold, capi.TimeType)));
  }
};

/// @brief The methods of a handle to a `timedelta`, which Python keeps as three numbers.
/// @pyo3{PyDeltaAccess}
template <class Self>
struct PyDeltaMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  /// @brief -999999999 to 999999999.
  int days(Where where = Where::current()) const { return PyDateTime_DELTA_GET_DAYS(this->use("days", where)); }
  /// @brief 0 to 86399.
  int seconds(Where where = Where::current()) const {
    return PyDateTime_DELTA_GET_SECONDS(this->use("seconds", where));
  }
  /// @brief 0 to 999999.
  int microseconds(Where where = Where::current()) const {
    return PyDateTime_DELTA_GET_MICROSECONDS(this->use("microseconds", where));
  }
};

/// @brief The tag of `datetime.timedelta`.
struct PyDelta : detail::DateTimeType<"timedelta", &PyDateTime_CAPI::DeltaType> {
  template <class Self>
  using Methods = PyDeltaMethods<Self>;
  /// @brief `timedelta(days, seconds, microseconds)`; the numbers may be of any sign and size.
  /// @throws PyErr  OverflowError out of range.
  template <std::same_as<PyDelta> T = PyDelta>
  static Bound<T> new_(Python, int days, int seconds = 0, int microseconds = 0) {
    PyDateTime_CAPI& capi = detail::datetime();
    return detail::steal<T>(detail::non_null(capi.Delta_FromDelta(days, seconds, microseconds, 1, capi.DeltaType)));
  }
};

/// @brief The tag of `datetime.tzinfo`.
struct PyTzInfo : detail::DateTimeType<"tzinfo", &PyDateTime_CAPI::TZInfoType> {
  template <class Self>
  using Methods = PyAnyMethods<Self>;
  /// @brief `timezone.utc`.
  /// @pyo3{PyTzInfo::utc}
  template <std::same_as<PyTzInfo> T = PyTzInfo>
  static Bound<T> utc(Python) {
    return detail::borrow<T>(detail::datetime().TimeZone_UTC);
  }
  /// @brief `timezone(offset)`.
  /// @throws PyErr  ValueError unless it is less than a day.
  /// @pyo3{PyTzInfo::fixed_offset}
  template <class T>
    requires detail::Upcasts<T, PyDelta>
  static Bound<PyTzInfo> fixed_offset(const Bound<T>& offset) {
    const auto delta = detail::HandleAccess::use_alive(offset, "PyTzInfo::fixed_offset", {});
    return detail::steal<PyTzInfo>(detail::non_null(detail::datetime().TimeZone_FromTimeZone(delta, nullptr)));
  }
  /// @brief `zoneinfo.ZoneInfo(name)`.
  /// @throws PyErr  `zoneinfo.ZoneInfoNotFoundError`.
  /// @pyo3{PyTzInfo::timezone}
  template <std::same_as<PyTzInfo> T = PyTzInfo>
  static Bound<T> timezone(Python py, std::string_view name) {
    return py.import("zoneinfo").call_method("ZoneInfo"_s, name).template downcast<T>();
  }
};

}  // namespace adder::inline ADDER_ABI
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif
