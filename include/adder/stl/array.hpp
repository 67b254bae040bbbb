// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::array<T, N>` from a sequence of exactly N items, and to `list`.
#pragma once
#include "adder/stl/detail/sequence.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace adder::inline ADDER_ABI {

template <class T, std::size_t N>
struct FromPyObject<std::array<T, N>> {
  static constexpr const char* expected() noexcept { return "sequence"; }
  static PyResult<std::array<T, N>> extract(const Bound<PyAny>& object) {
    ::PyObject* source = object.as_ptr();
    if (!detail::is_sequence(source)) return PyErr::Access::mismatch(expected(), source);
    // Gathered first, as T need not have a default constructor.
    std::optional<T> items[N == 0 ? 1 : N];
    std::size_t count = 0;
    auto error = detail::convert_items<T>(source, [&](T&& value) {
      if (count < N) items[count].emplace(std::move(value));
      return ++count <= N;
    });
    if (error) return *std::move(error);
    if (count != N) return wrong_count(count);
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return std::array<T, N>{{*std::move(items[I])...}};
    }(std::make_index_sequence<N>{});
  }

 private:
  ADDER_COLD static PyErr wrong_count(std::size_t count) {
    std::string message("expected ");
    message.append(std::to_string(N)).append(N == 1 ? " item, got " : " items, got ");
    message += count > N ? "more" : std::to_string(count);
    return PyErr::Access::lazy(PyExc_ValueError, message);
  }
};
template <class T, std::size_t N>
struct IntoPyObject<std::array<T, N>> : detail::IntoList<std::array<T, N>> {};

}  // namespace adder::inline ADDER_ABI
