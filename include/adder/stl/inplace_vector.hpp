// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::inplace_vector<T, N>`, where the standard library has it (C++26), from any sequence of up
/// to N items, and to `list`. More items are a ValueError.
#pragma once
#include "adder/stl/detail/sequence.hpp"

#include <version>
#if defined(__cpp_lib_inplace_vector)
#include <cstddef>
#include <inplace_vector>
#include <string>
#include <utility>

namespace adder::inline ADDER_ABI {

template <class T, std::size_t N>
struct FromPyObject<std::inplace_vector<T, N>> {
  static constexpr const char* expected() noexcept { return "sequence"; }
  static PyResult<std::inplace_vector<T, N>> extract(const Bound<PyAny>& object) {
    std::inplace_vector<T, N> result;
    detail::OtherItems others;
    ::PyObject* source = object.as_ptr();
    if (!detail::is_array(source)) {
      if (auto error = others.open(source, expected(), detail::takes_bytes<T>)) return *std::move(error);
    }
    bool is_too_long = false;
    auto error = detail::convert_items<T>(source, others, [&](auto&& value) {
      is_too_long = result.size() == N;
      if (!is_too_long) result.push_back(std::forward<decltype(value)>(value));
      return !is_too_long;
    });
    if (error) return *std::move(error);
    if (is_too_long) {
      return PyErr::Access::lazy(PyExc_ValueError, "expected at most " + std::to_string(N) + " items, got more");
    }
    return result;
  }
};
template <class T, std::size_t N>
struct IntoPyObject<std::inplace_vector<T, N>> : detail::IntoList<std::inplace_vector<T, N>> {};

}  // namespace adder::inline ADDER_ABI
#endif
