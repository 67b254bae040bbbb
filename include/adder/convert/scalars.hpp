// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversions of bool, integers and floating point.
///
/// | C++           | from Python                                                                  | to Python |
/// |---------------|------------------------------------------------------------------------------|-----------|
/// | integers      | `int`, or an object with `__index__`; OverflowError out of range; no `float`  | `int`     |
/// | `bool`        | `True`, `False`, numpy's bools, and nothing else                             | `bool`    |
/// | `double`, ... | `float`, or an object with `__float__` or `__index__`; no `str`; OverflowError out of range | `float` |
#pragma once
#include "adder/object/any.hpp"

#include <concepts>
#include <limits>
#include <type_traits>

namespace adder::inline ADDER_ABI {

namespace detail {

/// Integer types that stand for numbers: not bool, not characters.
template <class T>
concept Integer = std::is_integral_v<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, char> &&
                  !std::is_same_v<T, wchar_t> && !std::is_same_v<T, char8_t> && !std::is_same_v<T, char16_t> &&
                  !std::is_same_v<T, char32_t> && sizeof(T) <= sizeof(long long);

/// How a scalar came out of a Python object.
enum class Loaded : unsigned char {
  ok,
  mismatch,      ///< Not of a type that is taken; nothing is pending.
  out_of_range,  ///< An int that does not fit; nothing is pending.
  raised,        ///< A Python exception is pending.
};

/// The small-integer fast path: everything that fits one digit, read in place.
ADDER_INLINE bool compact_int(::PyObject* object, long& value) noexcept {
  if (!PyLong_CheckExact(object)) return false;
#if PY_VERSION_HEX >= 0x030C0000
  auto* number = reinterpret_cast<PyLongObject*>(object);
  if (!PyUnstable_Long_IsCompact(number)) return false;
  value = number_as<long>(PyUnstable_Long_CompactValue(number));
  return true;
#else
  const Py_ssize_t size = Py_SIZE(object);
  if (size < -1 || size > 1) return false;
  value = static_cast<long>(size) * static_cast<long>(reinterpret_cast<PyLongObject*>(object)->ob_digit[0]);
  return true;
#endif
}

/// The ints of two and three digits, read in place where the layout is known; but for those of 64 bits.
ADDER_INLINE bool wide_int([[maybe_unused]] ::PyObject* object, [[maybe_unused]] long long& value) noexcept {
#if PY_VERSION_HEX < 0x030E0000 && PYLONG_BITS_IN_DIGIT == 30
  if (!PyLong_CheckExact(object)) return false;
  const auto* number = reinterpret_cast<PyLongObject*>(object);
#if PY_VERSION_HEX >= 0x030C0000
  const auto tag = number->long_value.lv_tag;  // The digits, and three bits of which two are the sign.
  const auto* digits = number->long_value.ob_digit;
  const auto size = static_cast<Py_ssize_t>(tag >> 3U);
  const bool is_negative = (tag & 3U) == 2;
#else
  const auto* digits = number->ob_digit;
  const bool is_negative = Py_SIZE(object) < 0;
  const Py_ssize_t size = is_negative ? -Py_SIZE(object) : Py_SIZE(object);
#endif
  if (size != 2 && (size != 3 || digits[2] >= 8)) return false;
  long long magnitude = static_cast<long long>(digits[1]) << 30 | static_cast<long long>(digits[0]);
  if (size == 3) magnitude |= static_cast<long long>(digits[2]) << 60;
  value = is_negative ? -magnitude : magnitude;
  return true;
#else
  return false;
#endif
}

/// The part that is not worth inlining: large ints, subclasses, `__index__`.
Loaded load_signed(::PyObject* object, long long low, long long high, long long& value) noexcept;
Loaded load_unsigned(::PyObject* object, unsigned long long high, unsigned long long& value) noexcept;
Loaded load_double(::PyObject* object, double& value) noexcept;

/// Loads one scalar type; the one place that knows how, for extract() and for the arguments of bound functions.
///
/// `read` takes what can be read in place, without running any Python code: nearly every value. `load` takes all, and
/// `load_other` what `read` refused.
template <class T>
struct Scalar;

template <Integer T>
struct Scalar<T> {
  static constexpr const char* expected() noexcept { return "int"; }
  /// For messages: "a signed 32-bit integer".
  static constexpr const char* range() noexcept {
    constexpr bool s = std::is_signed_v<T>;
    switch (sizeof(T)) {
      case 1:
        return s ? "a signed 8-bit integer" : "an unsigned 8-bit integer";
      case 2:
        return s ? "a signed 16-bit integer" : "an unsigned 16-bit integer";
      case 4:
        return s ? "a signed 32-bit integer" : "an unsigned 32-bit integer";
      default:
        return s ? "a signed 64-bit integer" : "an unsigned 64-bit integer";
    }
  }
  ADDER_INLINE static bool read(::PyObject* object, T& out) noexcept {
    long small = 0;
    if (!compact_int(object, small)) return false;
    // Not by std::in_range, which takes longer to compile than all else here.
    if constexpr (sizeof(T) < sizeof(long)) {
      if (static_cast<long>(static_cast<T>(small)) != small) return false;
    } else if constexpr (!std::is_signed_v<T>) {
      if (small < 0) return false;
    }
    out = static_cast<T>(small);
    return true;
  }
  ADDER_INLINE static Loaded load(::PyObject* object, T& out) noexcept {
    if (read(object, out)) [[likely]]
      return Loaded::ok;
    return load_other(object, out);
  }
  ADDER_INLINE static Loaded load_other(::PyObject* object, T& out) noexcept {
    if constexpr (std::is_signed_v<T>) {
      long long wide = 0;
      const Loaded result = load_signed(object, std::numeric_limits<T>::min(), std::numeric_limits<T>::max(), wide);
      out = static_cast<T>(wide);
      return result;
    } else {
      unsigned long long wide = 0;
      const Loaded result = load_unsigned(object, std::numeric_limits<T>::max(), wide);
      out = static_cast<T>(wide);
      return result;
    }
  }
  ADDER_INLINE_FOR_SPEED static ::PyObject* store(T value) noexcept {
    if constexpr (std::is_signed_v<T> && sizeof(T) <= sizeof(long)) {
      return PyLong_FromLong(static_cast<long>(value));
    } else if constexpr (std::is_signed_v<T>) {
      return PyLong_FromLongLong(static_cast<long long>(value));
    } else if constexpr (sizeof(T) < sizeof(long)) {
      return PyLong_FromLong(static_cast<long>(value));
    } else {
      return PyLong_FromUnsignedLongLong(static_cast<unsigned long long>(value));
    }
  }
};

/// From a double; an infinity made of a number is out of range. Digits may be lost, as everywhere with floats.
template <std::floating_point T>
ADDER_INLINE Loaded narrow(double value, T& out) noexcept {
  out = static_cast<T>(value);
  if constexpr (sizeof(T) < sizeof(double)) {
    // x - x is 0 for numbers only.
    const bool was_number = value - value == 0, is_number = out - out == 0;  // NOLINT(misc-redundant-expression)
    if (was_number && !is_number) [[unlikely]]
      return Loaded::out_of_range;
  }
  return Loaded::ok;
}

template <std::floating_point T>
struct Scalar<T> {
  static constexpr const char* expected() noexcept { return "float"; }
  static constexpr const char* range() noexcept {
    return sizeof(T) < 4 ? "a 16-bit float" : sizeof(T) < sizeof(double) ? "a 32-bit float" : "a float";
  }
  ADDER_INLINE static bool read(::PyObject* object, T& out) noexcept {
    return PyFloat_CheckExact(object) && narrow(PyFloat_AS_DOUBLE(object), out) == Loaded::ok;
  }
  ADDER_INLINE static Loaded load(::PyObject* object, T& out) noexcept {
    if (read(object, out)) [[likely]]
      return Loaded::ok;
    return load_other(object, out);
  }
  ADDER_INLINE static Loaded load_other(::PyObject* object, T& out) noexcept {
    double value = 0;  // Here and no earlier: its address would keep the usual case in memory.
    const Loaded result = load_double(object, value);
    return result == Loaded::ok ? narrow(value, out) : result;
  }
  ADDER_INLINE_FOR_SPEED static ::PyObject* store(T value) noexcept {
    return PyFloat_FromDouble(static_cast<double>(value));
  }
};

/// numpy's bool is no subclass of bool, and is meant.
Loaded load_foreign_bool(::PyObject* object, bool& out) noexcept;

template <>
struct Scalar<bool> {
  static constexpr const char* expected() noexcept { return "bool"; }
  ADDER_INLINE static bool read(::PyObject* object, bool& out) noexcept {
    out = object == Py_True;
    return out || object == Py_False;
  }
  ADDER_INLINE static Loaded load(::PyObject* object, bool& out) noexcept {
    if (read(object, out)) [[likely]]
      return Loaded::ok;
    return load_other(object, out);
  }
  ADDER_INLINE static Loaded load_other(::PyObject* object, bool& out) noexcept {
    bool value = false;
    const Loaded result = load_foreign_bool(object, value);
    out = value;
    return result;
  }
  ADDER_INLINE static ::PyObject* store(bool value) noexcept { return Py_NewRef(value ? Py_True : Py_False); }
};

#if defined(__SIZEOF_INT128__)
__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;
/// The 128-bit integers, in two halves.
template <class T, class High, auto LoadHigh, auto StoreHigh>
struct Scalar128 {
  static constexpr const char* expected() noexcept { return "int"; }
  static Loaded load(::PyObject* object, T& out) noexcept {
    if (PyIndex_Check(object) == 0) return Loaded::mismatch;
    ::PyObject* number = guard_unwind(PyNumber_Index, object);
    if (number == nullptr) return Loaded::raised;
    const unsigned long long low = PyLong_AsUnsignedLongLongMask(number);
    ::PyObject* bits = PyLong_FromLong(64);
    ::PyObject* rest = bits == nullptr ? nullptr : PyLong_Type.tp_as_number->nb_rshift(number, bits);
    const High high = rest == nullptr ? High(-1) : static_cast<High>(LoadHigh(rest));
    Py_DECREF(number);
    Py_XDECREF(bits);
    Py_XDECREF(rest);
    if (high == High(-1) && PyErr_Occurred() != nullptr) {
      if (PyErr_ExceptionMatches(PyExc_OverflowError) == 0) return Loaded::raised;
      PyErr_Clear();
      return Loaded::out_of_range;
    }
    // Through unsigned, where shifting a negative number is defined.
    out = static_cast<T>((static_cast<UInt128>(high) << 64) | low);
    return Loaded::ok;
  }
  static ::PyObject* store(T value) noexcept {
    ::PyObject* high = StoreHigh(static_cast<High>(value >> 64));
    ::PyObject* low = PyLong_FromUnsignedLongLong(static_cast<unsigned long long>(value));
    ::PyObject* bits = PyLong_FromLong(64);
    ::PyObject* result = nullptr;
    if (high != nullptr && low != nullptr && bits != nullptr) {
      ::PyObject* shifted = PyNumber_Lshift(high, bits);
      result = shifted == nullptr ? nullptr : PyNumber_Or(shifted, low);
      Py_XDECREF(shifted);
    }
    Py_XDECREF(high);
    Py_XDECREF(low);
    Py_XDECREF(bits);
    return result;
  }
};
template <>
struct Scalar<Int128> : Scalar128<Int128, long long, PyLong_AsLongLong, PyLong_FromLongLong> {
  static constexpr const char* range() noexcept { return "a signed 128-bit integer"; }
};
template <>
struct Scalar<UInt128>
    : Scalar128<UInt128, unsigned long long, PyLong_AsUnsignedLongLong, PyLong_FromUnsignedLongLong> {
  static constexpr const char* range() noexcept { return "an unsigned 128-bit integer"; }
};
#endif

template <class T>
concept IsScalar = requires(T& out, ::PyObject* object) { Scalar<T>::load(object, out); };

/// How containers convert items of the simple types, without running any Python code.
///
/// `read` takes what can be read in place, as a `Value`, which T can be made from; where it says false, FromPyObject
/// may still take the item. `store` gives a new reference, or null with an exception pending.
template <class T>
struct Simple {};
template <class T>
  requires requires(T& out, ::PyObject* object) { Scalar<T>::read(object, out); }
struct Simple<T> : Scalar<T> {
  using Value = T;
};
template <class T>
concept IsSimple = requires { typename Simple<T>::Value; };

/// Small types of which an argument is mostly read in place: `read` runs no Python code; where it says false,
/// FromPyObject may still take the object.
template <class T>
struct InPlace {};
template <IsSimple T>
  requires std::is_same_v<typename Simple<T>::Value, T>
struct InPlace<T> : Simple<T> {};
template <class T>
concept ReadsInPlace = is_trivially_destructible<T> && requires(::PyObject* object, T& out) {
  { InPlace<T>::read(object, out) } noexcept -> std::same_as<bool>;
};

template <class T>
constexpr const char* range_of() noexcept {
  if constexpr (requires { Scalar<T>::range(); }) {
    return Scalar<T>::range();
  } else {
    return "";
  }
}

/// The error of a scalar that did not load.
ADDER_COLD_CALL PyErr load_error(Loaded how, const char* expected, const char* range, ::PyObject* object);

template <IsScalar T>
inline constexpr bool extracts_quietly<T> = true;

}  // namespace detail

template <detail::IsScalar T>
struct FromPyObject<T> {
  static constexpr const char* expected() noexcept { return detail::Scalar<T>::expected(); }
  ADDER_INLINE static PyResult<T> extract(const Bound<PyAny>& object) {
    ::PyObject* source = object.as_ptr();
    if constexpr (detail::IsSimple<T>) {
      T value{};
      if (detail::Scalar<T>::read(source, value)) [[likely]]
        return value;
      if (PyLong_CheckExact(source)) return extract_other(source);
    }
    return extract_kept(source);
  }

 private:
  ADDER_INLINE static PyResult<T> extract_other(::PyObject* object) {
    T value{};
    detail::Loaded how;
    if constexpr (detail::IsSimple<T>) {
      how = detail::Scalar<T>::load_other(object, value);
    } else {
      how = detail::Scalar<T>::load(object, value);
    }
    if (how != detail::Loaded::ok) [[unlikely]] {
      return detail::load_error(how, expected(), detail::range_of<T>(), object);
    }
    return value;
  }
  /// Of what may have an `__index__`, `__float__` or `__bool__` written in Python.
  ADDER_NOINLINE static PyResult<T> extract_kept(::PyObject* object) {
    const detail::KeptAlive kept(object);
    return extract_other(kept);
  }
};
template <detail::IsScalar T>
struct IntoPyObject<T> {
  ADDER_INLINE static PyResult<Bound<PyAny>> into_py(Python py, T value) {
    ::PyObject* object = detail::Scalar<T>::store(value);
    if (object == nullptr) [[unlikely]]
      return PyErr::fetch(py);
    return detail::steal(object);
  }
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/convert/detail/scalars_inl.hpp"
#endif
