// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of exceptions.hpp.
#pragma once
#include "adder/exception/exceptions.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace adder::inline ADDER_ABI {

ADDER_FUNC PyErr PyErr::from_type(const Bound<PyAny>& type, std::string_view message) {
  ::PyObject* object = detail::HandleAccess::use(type, "PyErr::from_type", {});
  if (!PyExceptionClass_Check(object)) {
    return Access::lazy(PyExc_TypeError, "exceptions must derive from BaseException");
  }
  PyErr error = Access::lazy(object, message);
  Py_INCREF(object);
  error.state_->owns_type = true;
  return error;
}

ADDER_FUNC PyErr PyErr::from_value(const Bound<PyAny>& value) {
  ::PyObject* object = detail::HandleAccess::use(value, "PyErr::from_value", {});
  if (PyExceptionClass_Check(object)) {
    PyErr error = Access::bare(object);
    Py_INCREF(object);
    error.state_->owns_type = true;
    return error;
  }
  if (!PyExceptionInstance_Check(object)) {
    return Access::lazy(PyExc_TypeError, "exceptions must derive from BaseException");
  }
  auto* state = detail::ErrState::make(detail::ErrState::Kind::raised);
  state->value.store(Py_NewRef(object), detail::Order::release);
  return PyErr(state);
}

ADDER_FUNC void PyErr::write_unraisable(Python py, const Bound<PyAny>* context) const noexcept {
  // Owned: the hook is Python code.
  ::PyObject* object = context == nullptr ? nullptr : Py_XNewRef(context->as_ptr());
  ErrorScope scope(py);
  restore(py);
  detail::guard_unwind(PyErr_WriteUnraisable, object);
  detail::release_if_any(object);
}

ADDER_FUNC void PyErr::write_unraisable(Python py, const Bound<PyAny>& context) const noexcept {
  write_unraisable(py, &context);
}

ADDER_FUNC Bound<PyBaseException> PyErr::value(Python) const {
  const PyErr kept(*this);  // Making the instance may run Python code that drops this error.
  ::PyObject* value = state_ == nullptr ? nullptr : normalized_value();
  if (value == nullptr) throw PySystemError::new_err("the exception instance cannot be made");
  return detail::borrow<PyBaseException>(value);
}

ADDER_FUNC ::PyObject* PyErr::new_traceback(Python py) const { return PyException_GetTraceback(value(py).as_ptr()); }

ADDER_FUNC std::string PyErr::format(Python py) const {
  const Bound<PyBaseException> error = value(py);
  ErrorScope pending(py);
  // In the C API's terms: handles would have every file that includes this header compile their methods.
  ::PyObject* found = PyException_GetTraceback(error.as_ptr());
  const auto traceback = detail::steal(found == nullptr ? Py_NewRef(Py_None) : found);
  const auto module = detail::steal(detail::non_null(detail::guard_unwind(PyImport_ImportModule, "traceback")));
  const auto lines = detail::steal(detail::non_null(detail::guard_unwind([&] {
    return PyObject_CallMethod(module.as_ptr(), "format_exception", "OOO", Py_TYPE(error.as_ptr()), error.as_ptr(),
                               traceback.as_ptr());
  })));
  const auto empty = detail::steal(detail::non_null(PyUnicode_New(0, 0)));
  const auto text = detail::steal(detail::non_null(PyUnicode_Join(empty.as_ptr(), lines.as_ptr())));
  // Lone surrogates are shown, not refused.
  const auto bytes =
      detail::steal(detail::non_null(PyUnicode_AsEncodedString(text.as_ptr(), "utf-8", "backslashreplace")));
  return {PyBytes_AS_STRING(bytes.as_ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.as_ptr()))};
}

namespace detail {

/// Whether @p exception took the note; else another exception is pending.
ADDER_COLD ADDER_FUNC bool add_note_to(::PyObject* exception, ::PyObject* note) noexcept {
  return guard_unwind([&] {
#if PY_VERSION_HEX >= 0x030B0000
    // One string for all calls: the cache that CPython looks up methods in keeps the ones that it has seen.
    ::PyObject* name = PyUnicode_InternFromString("add_note");
    ::PyObject* none = name == nullptr ? nullptr : PyObject_CallMethodOneArg(exception, name, note);
    Py_XDECREF(name);
    Py_XDECREF(none);
    return none != nullptr;
#else
    // As add_note does it: Python does not show them yet, but pytest and others look here.
    ::PyObject* notes = PyObject_GetAttrString(exception, "__notes__");
    if (notes == nullptr) {
      if (PyErr_ExceptionMatches(PyExc_AttributeError) == 0) return false;
      PyErr_Clear();
      notes = PyList_New(0);
      if (notes == nullptr || PyObject_SetAttrString(exception, "__notes__", notes) < 0) Py_CLEAR(notes);
    } else if (!PyList_Check(notes)) {
      Py_CLEAR(notes);
      PyErr_SetString(PyExc_TypeError, "Cannot add note: __notes__ is not a list");
    }
    const bool added = notes != nullptr && PyList_Append(notes, note) == 0;
    Py_XDECREF(notes);
    return added;
#endif
  });
}

ADDER_COLD ADDER_FUNC void note_pending(std::string_view text) noexcept {
  if (PyErr_Occurred() == nullptr) return;
  ::PyObject* error = take_raised();
  ::PyObject* note = text_to_str(text);
  // What cannot be added is given up: the error itself is what counts.
  if (note == nullptr || !add_note_to(error, note)) PyErr_Clear();
  Py_XDECREF(note);
  set_raised(error);
}

}  // namespace detail

ADDER_FUNC std::optional<PyErr> PyErr::cause(Python py) const {
  ::PyObject* cause = PyException_GetCause(value(py).as_ptr());
  if (cause == nullptr) return std::nullopt;
  return from_value(detail::steal(cause));
}

ADDER_FUNC void PyErr::set_cause(Python py, const std::optional<PyErr>& cause) const {
  const Bound<PyBaseException> error = value(py);  // First: it may throw, and then nobody would own the cause.
  PyException_SetCause(error.as_ptr(), cause ? cause->value(py).into_ptr() : nullptr);
}

ADDER_FUNC std::optional<PyErr> PyErr::context(Python py) const {
  ::PyObject* context = PyException_GetContext(value(py).as_ptr());
  if (context == nullptr) return std::nullopt;
  return from_value(detail::steal(context));
}

ADDER_FUNC void PyErr::add_note(Python py, std::string_view text) const {
  const auto error = value(py);
  const auto note = detail::steal(detail::non_null(detail::text_to_str(text)));
  if (!detail::add_note_to(error.as_ptr(), note.as_ptr())) detail::throw_fetched();
}

ADDER_FUNC PyResult<Bound<PyAny>> IntoPyObject<PyErr>::into_py(Python py, const PyErr& error) {
  try {
    return error.value(py).into_any();
  } catch (const PyErr& failure) {
    return failure;
  }
}

ADDER_FUNC PyErr PyErr::mismatch(const char* expected, const Bound<PyAny>& got) {
  return Access::mismatch(expected, detail::HandleAccess::use(got, "PyErr::mismatch", {}));
}

ADDER_FUNC bool PyErr::matches(const Bound<PyAny>& type) const {
  return PyErr_GivenExceptionMatches(value_or_type(), type.as_ptr()) != 0;
}

ADDER_FUNC Bound<PyType> PyErr::get_type(Python py) const { return value(py).get_type(); }

}  // namespace adder::inline ADDER_ABI
