// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of dict.hpp.
#pragma once
#include "adder/types/dict.hpp"

namespace adder::inline ADDER_ABI {

namespace detail {

#if PY_VERSION_HEX < 0x030D0000

ADDER_COLD ADDER_FUNC ::PyObject* missing_marker() noexcept {
  static constinit Atomic<::PyObject*> marker{nullptr};
  if (marker.load(Order::acquire) == nullptr) {
    marker.store(PyObject_CallNoArgs(reinterpret_cast<::PyObject*>(&PyBaseObject_Type)), Order::release);
  }
  return marker.load(Order::acquire);
}
#endif

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
