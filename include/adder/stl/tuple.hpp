// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::tuple` and `std::pair` from a sequence of as many items, and to `tuple`.
#pragma once
#include "adder/stl/detail/sequence.hpp"

#include <cstddef>
#include <optional>
#include <tuple>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

template <class Tuple, class... T>
struct FromTuple {
  static_assert(!(views_object<T> || ...),
                "adder: a pair or tuple of views would outlive the items that they point into: take values, such as "
                "std::string, or handles");
  static constexpr bool reads_in_place = true;  // Not so where somebody has specialised it further.
  static constexpr const char* expected() noexcept { return "tuple"; }
  static PyResult<Tuple> extract(const Bound<PyAny>& object) {
    ::PyObject* source = object.as_ptr();
    if (!is_array(source)) [[unlikely]]
      return of_other(source);
    // A tuple of its own: converting an item may change a list.
    ::PyObject* raw = guard_unwind(PySequence_Tuple, source);
    if (raw == nullptr) return PyErr::fetch(object.py());
    const Bound<PyAny> items = steal(raw);
    if (PyTuple_GET_SIZE(raw) != static_cast<Py_ssize_t>(sizeof...(T))) {
      return wrong_count(sizeof...(T), static_cast<std::size_t>(PyTuple_GET_SIZE(raw)), raw);
    }
    return all(raw, std::index_sequence_for<T...>{});
  }

 private:
  static PyResult<Tuple> of_other(::PyObject* source) {
    PyResult<Bound<PyAny>> items = tuple_of_others(source, sizeof...(T), expected());
    if (items.is_err()) return std::move(items).error();
    return all(items->as_ptr(), std::index_sequence_for<T...>{});
  }
  template <std::size_t... I>
  static PyResult<Tuple> all([[maybe_unused]] ::PyObject* items, std::index_sequence<I...>) {
    std::tuple<Extracted<T>...> values;
    std::optional<PyErr> error;
    if (!(load<I>(items, std::get<I>(values), error) && ...)) return *std::move(error);
    return PyResult<Tuple>(std::in_place, std::get<I>(values).value()...);
  }
  template <std::size_t I, class U>
  static bool load(::PyObject* items, Extracted<U>& value, std::optional<PyErr>& error) {
    const Borrowed<PyAny> item = peek(PyTuple_GET_ITEM(items, static_cast<Py_ssize_t>(I)));
    const PyResult<U>& result = value.load(item.as_bound());
    if (result.is_err()) error = at_index(result.error(), I);
    return result.is_ok();
  }
};

/// A tuple whose items are read in place.
template <class Tuple, class... T>
struct TupleInPlace {};
template <class Tuple, class... T>
  requires(sizeof...(T) != 0 && sizeof...(T) <= 4 && (ReadsInPlace<T> && ...) && !(views_object<T> || ...) &&
           requires { FromPyObject<Tuple>::reads_in_place; })
struct TupleInPlace<Tuple, T...> {
  ADDER_INLINE static bool read(::PyObject* object, Tuple& out) noexcept {
    if (!PyTuple_CheckExact(object) || PyTuple_GET_SIZE(object) != static_cast<Py_ssize_t>(sizeof...(T))) return false;
    return [&]<std::size_t... I>(std::index_sequence<I...>) ADDER_INLINE_LAMBDA {
      return (InPlace<T>::read(PyTuple_GET_ITEM(object, static_cast<Py_ssize_t>(I)), std::get<I>(out)) && ...);
    }(std::index_sequence_for<T...>());
  }
};
template <class... T>
struct InPlace<std::tuple<T...>> : TupleInPlace<std::tuple<T...>, T...> {};
template <class A, class B>
struct InPlace<std::pair<A, B>> : TupleInPlace<std::pair<A, B>, A, B> {};

/// Of views too: what they show is copied.
template <class... T>
struct IntoTuple {
  template <class Values>
  static PyResult<Bound<PyAny>> into_py(Python py, Values&& values) {
    return tuple_from<AsList>(py, std::forward<Values>(values));
  }
  template <class Values>
  static PyResult<Bound<PyAny>> into_key(Python py, Values&& values) {
    return tuple_from<AsTupleOfKeys>(py, std::forward<Values>(values));
  }

 private:
  template <class As, class Values>
  static PyResult<Bound<PyAny>> tuple_from(Python py, Values&& values) {
    ::PyObject* raw = guard_rare_unwind(PyTuple_New, static_cast<Py_ssize_t>(sizeof...(T)));
    if (raw == nullptr) return PyErr::fetch(py);
    Bound<PyAny> tuple = steal(raw);
    constexpr bool is_simple = (IsSimple<T> && ...);
    HiddenWhileMade<!is_simple> hidden(raw, sizeof...(T));
    if constexpr (is_simple) {
      std::size_t count = 0;
      const bool is_full = [&]<std::size_t... I>(std::index_sequence<I...>) ADDER_INLINE_LAMBDA {
        return (put_simple<T>(raw, count, std::get<I>(values)) && ...);
      }(std::index_sequence_for<T...>{});
      if (!is_full) [[unlikely]]
        return at_index(PyErr::fetch(py), count);
    } else {
      std::optional<PyErr> error;
      [&]<std::size_t... I>(std::index_sequence<I...>) {
        (put<As, I>(py, raw, std::get<I>(std::forward<Values>(values)), error), ...);
      }(std::index_sequence_for<T...>{});
      if (error) return *std::move(error);
    }
    hidden.show();
    return tuple;
  }
  template <class U>
  ADDER_INLINE static bool put_simple(::PyObject* tuple, std::size_t& count, const U& value) noexcept {
    ::PyObject* item = Simple<U>::store(value);
    if (item == nullptr) [[unlikely]]
      return false;
    PyTuple_SET_ITEM(tuple, static_cast<Py_ssize_t>(count++), item);
    return true;
  }
  template <class As, std::size_t I, class U>
  static void put(Python py, ::PyObject* tuple, U&& value, std::optional<PyErr>& error) {
    if (error) return;
    PyResult<Bound<PyAny>> item = As::convert(py, std::forward<U>(value));
    if (item.is_err()) {
      error = at_index(std::move(item).error(), I);
    } else {
      PyTuple_SET_ITEM(tuple, static_cast<Py_ssize_t>(I), std::move(item).value().into_ptr());
    }
  }
};

}  // namespace detail

template <class... T>
struct FromPyObject<std::tuple<T...>> : detail::FromTuple<std::tuple<T...>, T...> {};
template <class... T>
struct IntoPyObject<std::tuple<T...>> : detail::IntoTuple<T...> {};
template <class A, class B>
struct FromPyObject<std::pair<A, B>> : detail::FromTuple<std::pair<A, B>, A, B> {};
template <class A, class B>
struct IntoPyObject<std::pair<A, B>> : detail::IntoTuple<A, B> {};

}  // namespace adder::inline ADDER_ABI
