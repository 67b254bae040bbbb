// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::tuple` and `std::pair` from a tuple or list of as many items, and to `tuple`.
#pragma once
#include "adder/stl/detail/sequence.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

template <class Tuple, class... T>
struct TupleConversion {
  static_assert(!(views_object<T> || ...),
                "adder: a pair or tuple of views would outlive the items that they point into: take values, such as "
                "std::string, or handles");
  static constexpr const char* expected() noexcept { return "tuple"; }
  static PyResult<Tuple> extract(const Bound<PyAny>& object) {
    ::PyObject* source = object.as_ptr();
    if (!PyTuple_Check(source) && !PyList_Check(source)) return PyErr::Access::mismatch(expected(), source);
    // A tuple of its own: converting an item may change a list.
    ::PyObject* raw = guard_unwind([&] { return PySequence_Tuple(source); });
    if (raw == nullptr) return PyErr::fetch(object.py());
    const Bound<PyAny> items = steal(raw);
    if (PyTuple_GET_SIZE(raw) != static_cast<Py_ssize_t>(sizeof...(T))) return wrong_count(PyTuple_GET_SIZE(raw));
    return all(raw, std::index_sequence_for<T...>{});
  }
  template <class Values>
  static PyResult<Bound<PyAny>> into_py(Python py, Values&& values) {
    ::PyObject* raw = guard_rare_unwind([&] { return PyTuple_New(static_cast<Py_ssize_t>(sizeof...(T))); });
    if (raw == nullptr) return PyErr::fetch(py);
    Bound<PyAny> tuple = steal(raw);
    HiddenWhileMade<!(IsSimple<T> && ...)> hidden(raw, sizeof...(T));
    std::optional<PyErr> error;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (put<I>(py, raw, std::get<I>(std::forward<Values>(values)), error), ...);
    }(std::index_sequence_for<T...>{});
    if (error) return *std::move(error);
    hidden.show();
    return tuple;
  }

 private:
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
  template <std::size_t I, class U>
  static void put(Python py, ::PyObject* tuple, U&& value, std::optional<PyErr>& error) {
    if (error) return;
    PyResult<Bound<PyAny>> item = adder::into_py(py, std::forward<U>(value));
    if (item.is_err()) {
      error = at_index(std::move(item).error(), I);
    } else {
      PyTuple_SET_ITEM(tuple, static_cast<Py_ssize_t>(I), std::move(item).value().into_ptr());
    }
  }
  ADDER_COLD static PyErr wrong_count(Py_ssize_t count) {
    constexpr std::size_t wanted = sizeof...(T);
    return PyErr::Access::lazy(
        PyExc_ValueError,
        "expected " + std::to_string(wanted) + (wanted == 1 ? " item, got " : " items, got ") + std::to_string(count));
  }
};

}  // namespace detail

template <class... T>
struct FromPyObject<std::tuple<T...>> : detail::TupleConversion<std::tuple<T...>, T...> {};
template <class... T>
struct IntoPyObject<std::tuple<T...>> : detail::TupleConversion<std::tuple<T...>, T...> {};
template <class A, class B>
struct FromPyObject<std::pair<A, B>> : detail::TupleConversion<std::pair<A, B>, A, B> {};
template <class A, class B>
struct IntoPyObject<std::pair<A, B>> : detail::TupleConversion<std::pair<A, B>, A, B> {};

}  // namespace adder::inline ADDER_ABI
