// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of capsule.hpp.
#pragma once
#include "adder/error/detail/panic.hpp"
#include "adder/types/capsule.hpp"

#include <exception>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_FUNC void CapsuleHeader::destroy(::PyObject* capsule) {
  CapsuleHeader* self = of(PyCapsule_GetPointer(capsule, PyCapsule_GetName(capsule)));
  const ErrorScope pending(token());
  try {
    self->end(self, capsule);
  } catch (const PyErr& error) {
    error.restore(token());
  } catch (const std::exception& error) {
    const char* text = error.what();
    PyErr_SetString(PyExc_RuntimeError, text == nullptr ? "" : text);
#if defined(__GLIBCXX__)
  } catch (__cxxabiv1::__forced_unwind&) {
    park_thread();  // See attach_gate.hpp.
#endif
  } catch (...) {
    PyErr_SetString(panic_or_system_error(), "a C++ exception that is no std::exception left a capsule's destructor");
  }
  // What is pending now goes to sys.unraisablehook.
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
