// SPDX-License-Identifier: MIT
/// @file
/// @brief What CPython 3.14 and 3.15 do better than adder does by itself: which of it is used, and where.
///
/// | since                | of CPython                   | used for                              | before           |
/// |----------------------|------------------------------|---------------------------------------|------------------|
/// | 3.14, without a GIL  | `PyUnstable_TryIncRef`       | weak_use.hpp: objects that may be dying | by hand        |
/// | 3.15                 | `PyInterpreterGuard`         | AttachScope: attaching while nobody closes adder's gate | a look at whether finalization has begun |
///
/// docs/design/0033 has the figures, and says what is not used and why.
#pragma once
#include "adder/base/python.hpp"

namespace adder::inline ADDER_ABI::detail {

inline bool is_finalizing() noexcept {
#if PY_VERSION_HEX >= 0x030D0000
  return Py_IsFinalizing() != 0;
#else
  return _Py_IsFinalizing() != 0;
#endif
}

/// Keeps the main interpreter from beginning to finalize, from construction to destruction, if `granted()`. Any thread,
/// attached or not. Before 3.15 it only looks whether finalization has begun, which may happen right after.
class FinalizationGuard {
 public:
#if PY_VERSION_HEX >= 0x030F0000
  FinalizationGuard() noexcept {
    PyInterpreterView* view = PyInterpreterView_FromMain();
    if (view == nullptr) return;  // There is no memory.
    guard_ = PyInterpreterGuard_FromView(view);
    PyInterpreterView_Close(view);
  }
  ~FinalizationGuard() {
    if (guard_ != nullptr) PyInterpreterGuard_Close(guard_);
  }
  bool granted() const noexcept { return guard_ != nullptr; }
#else
  FinalizationGuard() noexcept = default;
  bool granted() const noexcept { return granted_; }
#endif
  FinalizationGuard(const FinalizationGuard&) = delete;
  FinalizationGuard& operator=(const FinalizationGuard&) = delete;

 private:
#if PY_VERSION_HEX >= 0x030F0000
  PyInterpreterGuard* guard_ = nullptr;
#else
  const bool granted_ = !is_finalizing();
#endif
};

#if defined(Py_GIL_DISABLED) && PY_VERSION_HEX >= 0x030E0000
/// Lets other threads than the one that made an object take references to it, should it be alive.
inline void allow_weak_use(::PyObject* object) noexcept { PyUnstable_EnableTryIncRef(object); }
/// A new reference to an object that may be dying. @return False where it is.
inline bool take_if_alive(::PyObject* object) noexcept { return PyUnstable_TryIncRef(object) != 0; }
#endif

}  // namespace adder::inline ADDER_ABI::detail
