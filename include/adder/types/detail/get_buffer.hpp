// SPDX-License-Identifier: MIT
/// @file
/// @brief Buffers, taken from exporters and given back.
#pragma once
#include "adder/base/python.hpp"

namespace adder::inline ADDER_ABI::detail {

#if defined(Py_GIL_DISABLED) && PY_VERSION_HEX < 0x030E0000
/// `bytearray` and `array.array` of free-threaded Python 3.13 count their buffers without a lock: where two threads
/// take one at once, one is forgotten, and the memory may be freed below it. From 3.14 on they lock themselves. A
/// `memoryview` that Python code makes meanwhile does not know of this lock.
class ExporterLock {
 public:
  explicit ExporterLock(::PyObject* exporter) noexcept : exporter_(Py_XNewRef(exporter)) {
    if (exporter_ != nullptr) PyCriticalSection_Begin(&section_, exporter_);
  }
  ~ExporterLock() {
    if (exporter_ == nullptr) return;
    PyCriticalSection_End(&section_);
    Py_DECREF(exporter_);
  }
  ExporterLock(const ExporterLock&) = delete;
  ExporterLock& operator=(const ExporterLock&) = delete;

 private:
  ::PyObject* exporter_;  // Kept: its buffer may be all that keeps it.
  ::PyCriticalSection section_{};
};
#else
struct ExporterLock {
  explicit ExporterLock(::PyObject*) noexcept {}
};
#endif

/// PyObject_GetBuffer. Runs code of the exporter: to be called in a guard_unwind.
inline int get_buffer(::PyObject* exporter, ::Py_buffer& view, int flags) {
  const ExporterLock lock(exporter);
  return PyObject_GetBuffer(exporter, &view, flags);
}

/// PyBuffer_Release, as get_buffer.
inline void release_buffer(::Py_buffer& view) {
  const ExporterLock lock(view.obj);
  PyBuffer_Release(&view);
}

}  // namespace adder::inline ADDER_ABI::detail
