// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of gil_pool.hpp.
#pragma once
#include "adder/token/error_scope.hpp"
#include "adder/token/gil_pool.hpp"

namespace adder::inline ADDER_ABI {

ADDER_FUNC const char* GILPool::Registry::adopt(::PyObject* object) {
  if (detail::innermost_pool == nullptr) {
    Py_DECREF(object);
    return "no GILPool is active on this thread: keep the result of py.new_pool() in a local variable first";
  }
  try {
    static_cast<GILPool*>(detail::innermost_pool)->owned_.push_back(object);
  } catch (...) {
    Py_DECREF(object);
    throw;
  }
  return nullptr;
}

ADDER_FUNC GILPool::~GILPool() {
  if (detail::innermost_pool != this) {
    detail::fatal("GIL pools must be dropped in the reverse order of their creation, on the thread that created them",
                  {});
  }
#if ADDER_CHECKED
  if (!detail::is_attached()) detail::fatal("a GILPool was dropped while the thread was detached", {});
#endif
  detail::innermost_pool = outer;
  // Destructors run Python code; an exception that is already on its way must survive them.
  const ErrorScope pending(detail::token());
  while (owned_.size() != 0) {
    ::PyObject* object = owned_.pop_back();
    detail::release(object);
  }
}

}  // namespace adder::inline ADDER_ABI
