// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of interpreter.hpp.
#pragma once
#include "adder/embed/interpreter.hpp"

#include <cstdio>

namespace adder::inline ADDER_ABI {

namespace detail {

/// Writes `str(value)` and a newline to sys.stderr; to the process's stderr where that is missing. What fails has
/// nowhere to be told.
ADDER_FUNC void write_to_stderr(::PyObject* value) noexcept {
  ::PyObject* stream = PySys_GetObject("stderr");
  if (stream == nullptr || stream == Py_None) {
    if (guard_unwind(PyObject_Print, value, stderr, Py_PRINT_RAW) < 0) PyErr_Clear();
    std::fputc('\n', stderr);
    std::fflush(stderr);
    return;
  }
  Py_INCREF(stream);  // Its own write() may put another one there.
  if (guard_unwind(PyFile_WriteObject, value, stream, Py_PRINT_RAW) < 0) PyErr_Clear();
  if (guard_unwind(PyFile_WriteString, "\n", stream) < 0) PyErr_Clear();
  release(stream);
}

/// As python3 does with a SystemExit.
ADDER_FUNC int status_of_system_exit(::PyObject* error) noexcept {
  ::PyObject* code = guard_unwind(PyObject_GetAttrString, error, "code");
  if (code == nullptr) {
    PyErr_Clear();
    code = Py_NewRef(error);
  }
  int status = 1;
  if (code == Py_None) {
    status = 0;
  } else if (PyLong_Check(code) != 0) {
    status = static_cast<int>(PyLong_AsLong(code));  // -1 where it does not fit.
    PyErr_Clear();
  } else {
    // Or what was printed before would come after.
    if (::PyObject* out = PySys_GetObject("stdout"); out != nullptr && out != Py_None) {
      Py_INCREF(out);
      ::PyObject* flushed = guard_unwind([&] { return PyObject_CallMethod(out, "flush", nullptr); });
      if (flushed == nullptr) PyErr_Clear();
      release_if_any(flushed);
      release(out);
    }
    write_to_stderr(code);
  }
  release(code);
  return status;
}

/// Calls sys.excepthook. @return  What it raised, if anything: a new reference.
ADDER_FUNC ::PyObject* call_excepthook(::PyObject* value) noexcept {
  ::PyObject* hook = PySys_GetObject("excepthook");
  if (hook == nullptr) {
    PyErr_SetString(PyExc_RuntimeError, "lost sys.excepthook");
    return take_raised();
  }
  Py_INCREF(hook);
  ::PyObject* traceback = PyException_GetTraceback(value);
  ::PyObject* result = guard_unwind([&] {
    return PyObject_CallFunctionObjArgs(hook, reinterpret_cast<::PyObject*>(Py_TYPE(value)), value,
                                        traceback == nullptr ? Py_None : traceback, nullptr);
  });
  ::PyObject* raised = result == nullptr ? take_raised() : nullptr;
  release_if_any(result);
  release_if_any(traceback);
  release(hook);
  return raised;
}

}  // namespace detail

ADDER_FUNC int exit_status(Python py, const PyErr& error) noexcept {
  detail::check_token("exit_status");
  const ErrorScope pending(py);
  error.restore(py);
  ::PyObject* value = detail::take_raised();
  int status = 1;
  if (PyErr_GivenExceptionMatches(value, PyExc_SystemExit) != 0) {
    status = detail::status_of_system_exit(value);
  } else {
    if (PyErr_GivenExceptionMatches(value, PyExc_KeyboardInterrupt) != 0) status = 130;
    if (::PyObject* raised = detail::call_excepthook(value)) {
      if (PyErr_GivenExceptionMatches(raised, PyExc_SystemExit) != 0) {
        status = detail::status_of_system_exit(raised);
      } else {
        PyErr::from_value(detail::borrow(raised)).display(py);
        PyErr::from_value(detail::borrow(value)).display(py);
      }
      detail::release(raised);
    }
  }
  detail::release(value);
  return status;
}

ADDER_FUNC Interpreter::Interpreter(const InterpreterConfig& config) : thread_(PyThread_get_thread_ident()) {
  config.start();
}

ADDER_FUNC bool Interpreter::is_running() const noexcept {
  return detail::home_interpreter.load(detail::Order::acquire) != detail::no_interpreter();
}

ADDER_FUNC const char* Interpreter::why_not_end() const noexcept {
  if (PyThread_get_thread_ident() != thread_) {
    return "an Interpreter ends on the thread that started it, and this is another one";
  }
  // A thread in `allow_threads` counts as well: what is beneath that holds handles.
  if (detail::thread_scopes.innermost != nullptr || detail::is_attached()) {
    return "an Interpreter cannot end while this thread uses it: it is attached, or in allow_threads";
  }
  return nullptr;
}

ADDER_FUNC int Interpreter::end(int status) {
  if (!is_running()) return status;
  if (const char* reason = why_not_end()) throw InterpreterInUse(reason);
  const PyGILState_STATE state = PyGILState_Ensure();
  if (PyEval_GetFrame() != nullptr) {  // Somebody has let go of the GIL without adder.
    PyGILState_Release(state);
    throw InterpreterInUse("an Interpreter cannot end while this thread uses it: it was called by Python code");
  }
  // The thread state goes with the interpreter.
  return Py_FinalizeEx() < 0 ? 120 : status;
}

ADDER_FUNC Interpreter::~Interpreter() {
  try {
    (void)end();
  } catch (const InterpreterInUse& error) {
    detail::fatal(error.what(), {});
  }
}

}  // namespace adder::inline ADDER_ABI
