// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of closure.hpp.
#pragma once
#include "adder/function/closure.hpp"
#include "adder/gc/detail/dying.hpp"

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_FUNC int ClosureObject::traverse(::PyObject* self, visitproc visit, void* arg) noexcept {
  Py_VISIT(reinterpret_cast<::PyObject*>(Py_TYPE(self)));
  return of(self).operations->traverse(*of(self).closure, visit, arg);
}

ADDER_FUNC int ClosureObject::clear(::PyObject* self) noexcept {
  try {
    of(self).operations->clear(*of(self).closure);
  } catch (...) {
    translate_current_exception();
    guard_unwind(PyErr_WriteUnraisable, self);
  }
  return 0;
}

ADDER_FUNC void ClosureObject::deallocate(::PyObject* self) noexcept {
  PyObject_GC_UnTrack(self);
  destroy_within_limits({self, [](::PyObject* dying) {
                           of(dying).operations->destroy(*of(dying).closure);
                           free_object(dying);
                         }});
}

ADDER_FUNC ::PyTypeObject* ClosureObject::type() {
  static constinit Atomic<::PyObject*> made{nullptr};
  if (::PyObject* found = made.load(Order::acquire); found != nullptr) return reinterpret_cast<::PyTypeObject*>(found);
  static PyType_Slot slots[] = {{Py_tp_traverse, reinterpret_cast<void*>(&traverse)},
                                {Py_tp_clear, reinterpret_cast<void*>(&clear)},
                                {Py_tp_dealloc, reinterpret_cast<void*>(&deallocate)},
                                {0, nullptr}};
  PyType_Spec spec{
      "adder.closure", sizeof(ClosureObject), 0,
      Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
  auto* fresh = reinterpret_cast<::PyObject*>(new_type(nullptr, spec, nullptr));
  return reinterpret_cast<::PyTypeObject*>(publish_immortal(made, fresh));
}

ADDER_FUNC ::PyObject* ClosureObject::make(FunctionRecord& closure, const ClosureOperations& operations) {
  ::PyObject* self = non_null(guard_rare_unwind(new_collected, type()));
  of(self).closure = &closure;
  of(self).operations = &operations;
  PyObject_GC_Track(self);
  return self;
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
