// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of with.hpp.
#pragma once
#include "adder/exception/with.hpp"

#include <optional>
#include <string>
#include <utility>

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
  std::optional<Bound<PyAny>> method;
  if (found != nullptr) method = steal<PyAny>(found);
  if (!method) {
    std::string message = "'";
    message.append(type_name_of(object.as_ptr())).append("' object does not support the context manager protocol");
    if (PyUnicode_CompareWithASCIIString(name.as_ptr(), "__exit__") == 0) message += " (missed __exit__ method)";
    throw PyTypeError::new_err(message);
  }
  const auto get = Py_TYPE(method->as_ptr())->tp_descr_get;
  if (get == nullptr) return *std::move(method);
  return steal<PyAny>(non_null(guard_unwind([&] { return get(method->as_ptr(), object.as_ptr(), type_of.as_ptr()); })));
}

/// Makes an exception the one that is being handled: what `sys.exc_info()` and a bare `raise` see, and the context of
/// what is raised meanwhile.
class HandledScope {
 public:
  explicit HandledScope(::PyObject* value) noexcept {
    PyErr_GetExcInfo(&type_, &value_, &traceback_);
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
  const auto value = error.value(token());
  const auto traceback = error.traceback(token());
  const Bound<PyAny> no_traceback = borrow<PyAny>(Py_None);
  const HandledScope handled(value.as_ptr());
  return exit(error.get_type(token()), value, traceback ? traceback->as_any() : no_traceback).is_truthy();
}

}  // namespace adder::inline ADDER_ABI::detail
