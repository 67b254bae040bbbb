// SPDX-License-Identifier: MIT
/// @file
/// @brief The one place that includes `<Python.h>`.
///
/// Python.h may define feature-test macros of the C library, so it has to come before every standard header; each
/// adder header includes this one, directly or not, before any of them.
#pragma once
#include "adder/base/config.hpp"  // IWYU pragma: export (what all of adder needs as well)

#ifndef PY_SSIZE_T_CLEAN
#define PY_SSIZE_T_CLEAN
#endif
#include <Python.h>

#if PY_VERSION_HEX < 0x030A0000
#error "adder needs CPython 3.10 or newer"
#endif

namespace adder::inline ADDER_ABI::detail {

/// PyDict_GET_SIZE, which is an old-style cast up to 3.11: a warning that users may have asked for.
ADDER_INLINE Py_ssize_t dict_size(::PyObject* dict) noexcept {
#if PY_VERSION_HEX >= 0x030C0000
  return PyDict_GET_SIZE(dict);
#else
  return reinterpret_cast<PyDictObject*>(dict)->ma_used;
#endif
}

}  // namespace adder::inline ADDER_ABI::detail
