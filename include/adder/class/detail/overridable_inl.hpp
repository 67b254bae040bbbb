// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of overridable.hpp.
#pragma once
#include "adder/class/overridable.hpp"
#include "adder/exception/exceptions.hpp"

#include <string>

namespace adder::inline ADDER_ABI::detail {

ADDER_FUNC ::PyObject* find_override(::PyTypeObject* type, ::PyTypeObject* own, ::PyObject* name) {
#if defined(Py_GIL_DISABLED)
  // Another thread may be assigning to the attribute.
  ::PyObject* found = _PyType_LookupRef(type, name);
  ::PyObject* of_own = _PyType_LookupRef(own, name);
  const bool is_same = found == of_own;
  Py_XDECREF(of_own);
  if (!is_same) return found;
  Py_XDECREF(found);
  return nullptr;
#else
  ::PyObject* found = _PyType_Lookup(type, name);
  return found == nullptr || found == _PyType_Lookup(own, name) ? nullptr : Py_NewRef(found);
#endif
}

ADDER_FUNC ::PyObject* find_override_anew([[maybe_unused]] OverrideCache& cache, ::PyTypeObject* type,
                                          ::PyTypeObject* own, ::PyObject* name) {
  ::PyObject* found = find_override(type, own, name);
#if !defined(Py_GIL_DISABLED)
  cache = {type, version_of(type), found != nullptr};  // The look has seen to it that there is a number.
#endif
  return found;
}

ADDER_FUNC Bound<PyAny> bind_override(const Bound<PyAny>& override_found, const Bound<PyAny>& self) {
  ::PyTypeObject* type = Py_TYPE(override_found.as_ptr());
  if (type->tp_descr_get == nullptr) return override_found;
  return steal(non_null(guard_unwind([&] {
    return type->tp_descr_get(override_found.as_ptr(), self.as_ptr(),
                              reinterpret_cast<::PyObject*>(Py_TYPE(self.as_ptr())));
  })));
}

ADDER_COLD ADDER_FUNC void refuse_pure_call(::PyTypeObject* type, ::PyTypeObject* own, ::PyObject* name) {
  if (::PyObject* found = find_override(type, own, name)) {  // Which calls super().
    Py_DECREF(found);
    throw PyTypeError::new_err(std::string("'")
                                   .append(own->tp_name)
                                   .append("' has a method '")
                                   .append(borrow<PyString>(name).to_string())
                                   .append("' to be overridden only: it is pure virtual in C++, and there is nothing "
                                           "that super() could call"));
  }
  throw PyTypeError::new_err(std::string("'")
                                 .append(type->tp_name)
                                 .append("' object has no method '")
                                 .append(borrow<PyString>(name).to_string())
                                 .append("', which its class has to define: it is pure virtual in C++"));
}
ADDER_COLD ADDER_FUNC void refuse_orphan_call(const char* class_name, ::PyObject* name) {
  throw PyRuntimeError::new_err(std::string("the pure virtual method '")
                                    .append(borrow<PyString>(name).to_string())
                                    .append("' of the class '")
                                    .append(class_name)
                                    .append("' was called without its Python object, which is being made, or gone"));
}

}  // namespace adder::inline ADDER_ABI::detail
