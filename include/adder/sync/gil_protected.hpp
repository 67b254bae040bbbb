// SPDX-License-Identifier: MIT
/// @file
/// @brief GILProtected<T>: a value that the GIL protects, where there is one. Not part of adder.hpp; PyMutex<T>
/// protects it on every build.
#pragma once
#include "adder/token/stored.hpp"

#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief A value that the GIL protects: whoever has a token may read it. Does not compile where there is no GIL.
/// @tparam T  What changes in it has to be changed without letting go of the GIL in between.
/// @pyo3{GILProtected, until 0.27}
template <class T>
class GILProtected {
#if defined(Py_GIL_DISABLED)
  static_assert(detail::always_false<T>,
                "adder: there is no GIL to protect a GILProtected on free-threaded builds: take PyMutex<T>");
#endif
  static_assert(
      Owning<T>,
      "adder: a GILProtected keeps its value: a pointer, reference or view in it may lead to what is gone. Hold "
      "std::string, std::vector, PyBackedStr or Py<X>; or vouch for it with adder::ViewTraits");

 public:
  /// @brief Takes the value over.
  constexpr explicit GILProtected(T value) noexcept(std::is_nothrow_move_constructible_v<T>)
      : value_(std::move(value)) {}
  GILProtected(const GILProtected&) = delete;
  GILProtected& operator=(const GILProtected&) = delete;

  /// @brief The value. The reference may be kept, but be used only with the GIL.
  const T& get(Python) const noexcept ADDER_LIFETIMEBOUND { return value_; }
  /// @brief The value, to be changed.
  T& get_mut(Python) noexcept ADDER_LIFETIMEBOUND { return value_; }

 private:
  T value_;
};

}  // namespace adder::inline ADDER_ABI
