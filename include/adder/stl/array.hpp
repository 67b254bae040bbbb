// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::array<T, N>` from a sequence of exactly N items, and to `list`.
#pragma once
#include "adder/stl/detail/sequence.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

template <class T, std::size_t N>
struct FromPyObject<std::array<T, N>> {
  static constexpr const char* expected() noexcept { return "sequence"; }
  static PyResult<std::array<T, N>> extract(const Bound<PyAny>& object) {
    ::PyObject* source = object.as_ptr();
    if constexpr (detail::ByteLike<T>) {
      std::array<T, N> result{};
      std::size_t size = 0;
      const PyResult<bool> read = detail::read_bytes<T>(source, [&](const T* first, const T* last) {
        size = static_cast<std::size_t>(last - first);
        if (size == N) std::copy(first, last, result.begin());
      });
      if (read.is_err()) return read.error();
      if (*read && size != N) return detail::wrong_count(N, size, source);
      if (*read) return result;
    }
    if constexpr (std::is_same_v<T, std::byte>) {
      return PyErr::Access::mismatch("bytes-like object", source);
    } else {
      return from_each(source);
    }
  }

 private:
  static PyResult<std::array<T, N>> from_each(::PyObject* source) {
    detail::OtherItems others;
    if (!detail::is_array(source)) {
      if (auto error = others.open(source, expected(), detail::takes_bytes<T>)) return *std::move(error);
    }
    // Gathered first, as T need not have a default constructor.
    std::optional<T> items[N == 0 ? 1 : N];
    std::size_t count = 0;
    auto error = detail::convert_items<T>(source, others, [&](T&& value) {
      if (count < N) items[count].emplace(std::move(value));
      return ++count <= N;
    });
    if (error) return *std::move(error);
    if (count != N) return detail::wrong_count(N, count, source);
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return std::array<T, N>{{*std::move(items[I])...}};
    }(std::make_index_sequence<N>{});
  }
};
template <class T, std::size_t N>
struct IntoPyObject<std::array<T, N>> : detail::IntoList<std::array<T, N>> {};

}  // namespace adder::inline ADDER_ABI
