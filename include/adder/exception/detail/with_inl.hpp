// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of with.hpp.
#pragma once
#include "adder/exception/with.hpp"

#include <string>

namespace adder::inline ADDER_ABI::detail {

ADDER_FUNC Bound<PyAny> special_method(const Bound<PyAny>& object, const Name& name) {
  // On the type's MRO only, and as it stands there: neither the metaclass nor a static method may be bound twice.
  const auto type_of = object.get_type();
  auto* type = reinterpret_cast<::PyTypeObject*>(type_of.as_ptr());
#if defined(Py_GIL_DISABLED)
  ::PyObject* found = _PyType_LookupRef(type, name.as_ptr());  // Another thread may be assigning to the attribute.
#else
  ::PyObject* found = _PyType_Lookup(type, name.as_ptr());
  Py_XINCREF(found);
#endif
  if (found == nullptr && PyErr_Occurred() != nullptr) throw_fetched();
  if (found == nullptr) {
    std::string message = "'";
    message.append(type_name_of(object.as_ptr())).append("' object does not support the context manager protocol");
    if (PyUnicode_CompareWithASCIIString(name.as_ptr(), "__exit__") == 0) message += " (missed __exit__ method)";
    throw PyTypeError::new_err(message);
  }
  Bound<PyAny> method = steal<PyAny>(found);
  const auto get = Py_TYPE(found)->tp_descr_get;
  if (get == nullptr) return method;
  return steal<PyAny>(non_null(guard_unwind(get, found, object.as_ptr(), type_of.as_ptr())));
}

/// Makes an exception the one that is being handled: what `sys.exc_info()` and a bare `raise` see, and the context of
/// what is raised meanwhile.
class HandledScope {
 public:
  explicit HandledScope(::PyObject* value) noexcept {
    // PyErr_GetExcInfo() would find what a caller handles where a generator handles nothing: that would stay with the
    // generator then.
    const _PyErr_StackItem& own = *unchecked_state()->exc_info;
#if PY_VERSION_HEX < 0x030B0000
    type_ = Py_XNewRef(own.exc_type);
    traceback_ = Py_XNewRef(own.exc_traceback);
#endif
    value_ = Py_XNewRef(own.exc_value);
    PyErr_SetExcInfo(Py_NewRef(reinterpret_cast<::PyObject*>(Py_TYPE(value))), Py_NewRef(value),
                     PyException_GetTraceback(value));
  }
  ~HandledScope() { PyErr_SetExcInfo(type_, value_, traceback_); }
  HandledScope(const HandledScope&) = delete;
  HandledScope& operator=(const HandledScope&) = delete;

 private:
  ::PyObject *type_ = nullptr, *value_ = nullptr, *traceback_ = nullptr;
};

ADDER_FUNC bool exit_with_current_exception(const Bound<PyAny>& exit) {
  translate_current_exception();
  const PyErr error = PyErr::fetch(token());
  // In the C API's terms: handles would have every file that includes this header compile their methods.
  const auto value = error.value(token());
  const OwnedPtr type(Steal(), Py_NewRef(reinterpret_cast<::PyObject*>(Py_TYPE(value.as_ptr()))), {});
  const OwnedPtr traceback(Steal(), PyException_GetTraceback(value.as_ptr()), {});
  const HandledScope handled(value.as_ptr());
  ::PyObject* const args[] = {type.as_ptr(), value.as_ptr(),
                              traceback.as_ptr() == nullptr ? Py_None : traceback.as_ptr()};
  const OwnedPtr answer(Steal(), non_null(guard_unwind(PyObject_Vectorcall, exit.as_ptr(), args, 3U, nullptr)), {});
  return non_negative(guard_unwind(PyObject_IsTrue, answer.as_ptr())) != 0;
}

}  // namespace adder::inline ADDER_ABI::detail
