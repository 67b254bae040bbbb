// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of function.hpp.
#pragma once
#include "adder/function/function.hpp"

#include <cstddef>
#include <string_view>

namespace adder::inline ADDER_ABI {

namespace detail {

/// How CPython calls a function of METH_O that it has not specialised.
ADDER_HIDDEN inline constinit Atomic<vectorcallfunc> call_with_one{nullptr};

/// A call of a function of METH_O: says as other functions do where there is not one argument, in place of CPython's
/// words for such functions alone.
ADDER_FUNC ::PyObject* count_and_call(::PyObject* function, ::PyObject* const* args, std::size_t flagged,
                                      ::PyObject* names) noexcept {
  const Py_ssize_t given = PyVectorcall_NARGS(flagged);
  if (given == 1 || (names != nullptr && PyTuple_GET_SIZE(names) != 0)) [[likely]]
    return call_with_one.load(Order::relaxed)(function, args, flagged, names);
  // SAFETY: make_function() gives this to functions whose definition is that of a record.
  PyMethodDef* const def = reinterpret_cast<PyCFunctionObject*>(function)->m_ml;
  return refuse_count(*reinterpret_cast<FunctionRecord*>(def), args, given);
}

ADDER_COLD ADDER_FUNC ::PyObject* make_function(::PyObject* module, FunctionRecord* record, Parameter* parameters,
                                                Shape shape, PyCFunction entry, const char* name, const Extra* extras,
                                                std::size_t extra_count) {
  const int flags = takes_one(shape) ? METH_O : flags_of(convention_of(shape));
  Bound<PyAny> self = borrow(module);
  ::PyObject* module_name = Py_NewRef(non_null(PyModule_GetNameObject(module)));
  const Bound<PyAny> module_name_owner = steal(module_name);
  PyUnicode_InternInPlace(&module_name);  // Kept for good by the record.
  const Description description{name, "", "$module", extras, extra_count, false, module_name};
  const auto make_further_record = [&] {
    record = new FunctionRecord;
    self = steal(non_null(PyCapsule_New(record, "adder.FunctionRecord", nullptr)));
    if (shape.module) non_negative(PyCapsule_SetContext(self.as_ptr(), Py_NewRef(module)));
  };
  // Bound already? Under the same name, as when a module's body runs again, the new description replaces the old one;
  // but not the calling convention, which older function objects go by, and not without a GIL, where another thread may
  // be using it. Otherwise the function has two descriptions, and this one finds its own through a capsule, which leads
  // to the module as well. All of it is kept for good.
#if defined(Py_GIL_DISABLED)
  if (name_of(*record) != nullptr || !fill_record(*record, shape, entry, flags, parameters, description)) {
    make_further_record();
    fill_record(*record, shape, entry, flags, new Parameter[shape.count + 1U], description);
  }
#else
  if (record->name != nullptr) {
    parameters = new Parameter[shape.count == 0 ? 1 : shape.count];
    if (std::string_view(record->name) != description.name || record->def.ml_flags != flags ||
        record->module_name != module_name) {
      make_further_record();
    }
  }
  fill_record(*record, shape, entry, flags, parameters, description);
#endif
  ::PyObject* function = non_null(guard_rare_unwind(PyCMethod_New, &record->def, self.as_ptr(), module_name, nullptr));
  if (flags == METH_O) {
    vectorcallfunc& call = reinterpret_cast<PyCFunctionObject*>(function)->vectorcall;
    call_with_one.store(call, Order::relaxed);
    call = &count_and_call;
  }
  make_immortal(function);
  return function;
}

ADDER_COLD ADDER_FUNC ::PyObject* make_function(::PyObject* module, FunctionRecord& record) {
  const Bound<PyAny> module_name = steal(non_null(PyModule_GetNameObject(module)));
  ::PyObject* function = non_null(guard_rare_unwind(PyCMethod_New, &record.def, module, module_name.as_ptr(), nullptr));
  make_immortal(function);
  return function;
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
