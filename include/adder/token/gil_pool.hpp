// SPDX-License-Identifier: MIT
/// @file
/// @brief GILPool: owns references until it is dropped. Not part of adder.hpp; `Bound<T>` is the usual owner.
///
/// For loops that never let go of the GIL and want PyO3's old style, in which a reference lives as long as the pool:
/// @code
/// GILPool pool = py.new_pool();
/// Borrowed<PyAny> item = pool.python().from_owned_ptr(PyLong_FromLong(7));  // adder/object/pooled.hpp
/// @endcode
/// Pools nest; references go to the innermost. A reference used after its pool ends the process in checked builds and
/// is undefined in others: that is why the pool is never the default owner.
#pragma once
#include "adder/base/detail/plain_array.hpp"
#include "adder/token/detail/pools.hpp"
#include "adder/token/gil.hpp"

#include <cstddef>
#include <cstdint>

namespace adder::inline ADDER_ABI {

/// @brief A scope that owns the references registered with it.
/// @pyo3{GILPool, until 0.22}
class [[nodiscard]] GILPool : detail::Pool {
 public:
  /// @brief Releases the references, newest first.
  /// @gil  Held: checked builds verify it.
  ~GILPool();
  GILPool(const GILPool&) = delete;
  GILPool& operator=(const GILPool&) = delete;
  static void* operator new(std::size_t) = delete;    // A pool is a scope.
  static void* operator new[](std::size_t) = delete;  // The same.

  /// @brief The token to use while the pool lives.
  Python python() const noexcept { return detail::token(); }

  /// @brief How many references the pool holds.
  std::size_t size() const noexcept { return owned_.size(); }

 private:
  friend class Python;
  GILPool();

  detail::PlainArray<::PyObject*> owned_;

 public:
  /// Not for users: the way in for pooled.hpp.
  struct Registry;
};

struct GILPool::Registry {
  ADDER_HIDDEN static inline constinit thread_local std::uint64_t last_serial = 0;

  /// Takes over one reference; null on success, otherwise why not, and the reference is released.
  static const char* adopt(::PyObject* object);
};

inline GILPool::GILPool() : Pool{detail::innermost_pool, ++Registry::last_serial} { detail::innermost_pool = this; }

inline GILPool Python::new_pool() const { return GILPool(); }

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/token/detail/gil_pool_inl.hpp"
#endif
