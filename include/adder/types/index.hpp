// SPDX-License-Identifier: MIT
/// @file
/// @brief Index: a place in a sequence as Python gives it, negative from the end. Comes with
/// `adder/class/protocols.hpp`.
#pragma once
#include "adder/object/any.hpp"

#include <cstddef>

namespace adder::inline ADDER_ABI {

/// @brief An index of `obj[i]`: -1 is the last item.
/// @code
/// cls.def<"__getitem__", [](const Polygon& p, adder::Index i) { return p.points[i.in(p.points.size())]; }>();
/// @endcode
class Index {
 public:
  /// @param value  The index as Python gave it, negative from the end.
  constexpr explicit Index(Py_ssize_t value) noexcept : value_(value) {}
  /// @brief As it was given.
  constexpr Py_ssize_t value() const noexcept { return value_; }
  /// @brief The place in a sequence of @p size items.
  /// @throws PyErr  IndexError where the sequence has none.
  std::size_t in(std::size_t size) const {
    const std::size_t at = value_ < 0 ? size + static_cast<std::size_t>(value_) : static_cast<std::size_t>(value_);
    if (at >= size) [[unlikely]]
      refuse();
    return at;
  }

 private:
  [[noreturn]] ADDER_COLD_CALL static void refuse();

  Py_ssize_t value_;
};

/// An integer; one that no sequence can have is an IndexError, as for a list.
template <>
struct FromPyObject<Index> {
  static constexpr const char* input_type = "typing.SupportsIndex";
  static PyResult<Index> extract(const Bound<PyAny>& object);
  static const char* expected() noexcept { return "int"; }
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/types/detail/index_inl.hpp"
#endif
