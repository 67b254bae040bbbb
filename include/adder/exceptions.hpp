// SPDX-License-Identifier: MIT
/// @file
/// @brief One C++ name per built-in exception, what PyErr does with handles, and C++ exceptions seen from Python.
///
/// `throw PyValueError::new_err("...")` raises; `PyValueError` is a type tag as well, so that
/// `error.is_instance_of<PyValueError>(py)` and `Bound<PyValueError>` work.
///
/// What leaves bound code as a C++ exception reaches Python as:
///
/// | C++                                                               | Python                                    |
/// |-------------------------------------------------------------------|-------------------------------------------|
/// | PyErr                                                             | the exception it holds                    |
/// | std::bad_alloc                                                    | MemoryError                               |
/// | std::out_of_range                                                 | IndexError                                |
/// | std::invalid_argument, domain_error, length_error, range_error    | ValueError                                |
/// | std::overflow_error / underflow_error                             | OverflowError / ArithmeticError           |
/// | std::system_error                                                 | OSError with its errno                    |
/// | any other std::exception                                          | RuntimeError                              |
/// | anything else                                                     | RuntimeError that names the C++ type      |
///
/// An exception that was thrown with `std::throw_with_nested` gets the nested one as its `__cause__`.
#pragma once
#include "adder/conversions/handles.hpp"
#include "adder/types/code.hpp"
#include "adder/types/type.hpp"

#include <cxxabi.h>
#include <stdexcept>
#include <system_error>
#include <typeinfo>

namespace adder::inline ADDER_ABI {

namespace detail {
template <FixedString PythonName, ::PyObject** Slot, class BaseTag>
struct ExceptionTagWithoutText {
  using Base = BaseTag;
  template <class Self>
  using Methods = PyAnyMethods<Self>;
  static constexpr const char* python_name = PythonName.text;
  static ::PyTypeObject* type_object() noexcept { return reinterpret_cast<::PyTypeObject*>(*Slot); }
  static bool is_type_of(::PyObject* object) noexcept { return PyObject_TypeCheck(object, type_object()) != 0; }
  /// @brief An error whose instance is made now, by calling the class: for exceptions with other arguments than a text.
  /// @throws PyErr  What the class raised.
  template <class... Args>
  static PyErr new_err_with(Python py, Args&&... arguments) {
    (void)py;
    const auto type = borrow(*Slot);
    return PyErr::from_value(type.call(std::forward<Args>(arguments)...));
  }
};

/// Of the exceptions that take a text, or nothing, as their arguments: nearly all.
template <FixedString PythonName, ::PyObject** Slot, class BaseTag>
struct ExceptionTag : ExceptionTagWithoutText<PythonName, Slot, BaseTag> {
  /// @brief A lazy error of this type: no Python object is made until Python sees it. Any thread.
  /// @param message  UTF-8; the exception's only argument.
  static PyErr new_err(std::string message) { return PyErr::Access::lazy(*Slot, std::move(message)); }
  /// @brief The same without arguments.
  static PyErr new_err() { return PyErr::Access::bare(*Slot); }
};
}  // namespace detail

/// @name Type tags of the built-in exceptions
/// @{
struct PyBaseException : detail::ExceptionTag<"BaseException", &PyExc_BaseException, PyAny> {};
#if PY_VERSION_HEX >= 0x030B0000
struct PyBaseExceptionGroup
    : detail::ExceptionTagWithoutText<"BaseExceptionGroup", &PyExc_BaseExceptionGroup, PyBaseException> {};
#endif
struct PyException : detail::ExceptionTag<"Exception", &PyExc_Exception, PyBaseException> {};
struct PyGeneratorExit : detail::ExceptionTag<"GeneratorExit", &PyExc_GeneratorExit, PyBaseException> {};
struct PyKeyboardInterrupt : detail::ExceptionTag<"KeyboardInterrupt", &PyExc_KeyboardInterrupt, PyBaseException> {};
struct PySystemExit : detail::ExceptionTag<"SystemExit", &PyExc_SystemExit, PyBaseException> {};
struct PyArithmeticError : detail::ExceptionTag<"ArithmeticError", &PyExc_ArithmeticError, PyException> {};
struct PyAssertionError : detail::ExceptionTag<"AssertionError", &PyExc_AssertionError, PyException> {};
struct PyAttributeError : detail::ExceptionTag<"AttributeError", &PyExc_AttributeError, PyException> {};
struct PyBufferError : detail::ExceptionTag<"BufferError", &PyExc_BufferError, PyException> {};
struct PyEOFError : detail::ExceptionTag<"EOFError", &PyExc_EOFError, PyException> {};
struct PyImportError : detail::ExceptionTag<"ImportError", &PyExc_ImportError, PyException> {};
struct PyLookupError : detail::ExceptionTag<"LookupError", &PyExc_LookupError, PyException> {};
struct PyMemoryError : detail::ExceptionTag<"MemoryError", &PyExc_MemoryError, PyException> {};
struct PyNameError : detail::ExceptionTag<"NameError", &PyExc_NameError, PyException> {};
struct PyOSError : detail::ExceptionTag<"OSError", &PyExc_OSError, PyException> {};
struct PyReferenceError : detail::ExceptionTag<"ReferenceError", &PyExc_ReferenceError, PyException> {};
struct PyRuntimeError : detail::ExceptionTag<"RuntimeError", &PyExc_RuntimeError, PyException> {};
struct PyStopAsyncIteration : detail::ExceptionTag<"StopAsyncIteration", &PyExc_StopAsyncIteration, PyException> {};
struct PyStopIteration : detail::ExceptionTag<"StopIteration", &PyExc_StopIteration, PyException> {};
struct PySyntaxError : detail::ExceptionTag<"SyntaxError", &PyExc_SyntaxError, PyException> {};
struct PySystemError : detail::ExceptionTag<"SystemError", &PyExc_SystemError, PyException> {};
struct PyTypeError : detail::ExceptionTag<"TypeError", &PyExc_TypeError, PyException> {};
struct PyValueError : detail::ExceptionTag<"ValueError", &PyExc_ValueError, PyException> {};
struct PyFloatingPointError : detail::ExceptionTag<"FloatingPointError", &PyExc_FloatingPointError, PyArithmeticError> {
};
struct PyOverflowError : detail::ExceptionTag<"OverflowError", &PyExc_OverflowError, PyArithmeticError> {};
struct PyZeroDivisionError : detail::ExceptionTag<"ZeroDivisionError", &PyExc_ZeroDivisionError, PyArithmeticError> {};
struct PyModuleNotFoundError : detail::ExceptionTag<"ModuleNotFoundError", &PyExc_ModuleNotFoundError, PyImportError> {
};
struct PyIndexError : detail::ExceptionTag<"IndexError", &PyExc_IndexError, PyLookupError> {};
struct PyKeyError : detail::ExceptionTag<"KeyError", &PyExc_KeyError, PyLookupError> {};
struct PyUnboundLocalError : detail::ExceptionTag<"UnboundLocalError", &PyExc_UnboundLocalError, PyNameError> {};
struct PyNotImplementedError : detail::ExceptionTag<"NotImplementedError", &PyExc_NotImplementedError, PyRuntimeError> {
};
struct PyRecursionError : detail::ExceptionTag<"RecursionError", &PyExc_RecursionError, PyRuntimeError> {};
struct PyIndentationError : detail::ExceptionTag<"IndentationError", &PyExc_IndentationError, PySyntaxError> {};
struct PyTabError : detail::ExceptionTag<"TabError", &PyExc_TabError, PyIndentationError> {};
struct PyUnicodeError : detail::ExceptionTag<"UnicodeError", &PyExc_UnicodeError, PyValueError> {};
struct PyUnicodeDecodeError
    : detail::ExceptionTagWithoutText<"UnicodeDecodeError", &PyExc_UnicodeDecodeError, PyUnicodeError> {};
struct PyUnicodeEncodeError
    : detail::ExceptionTagWithoutText<"UnicodeEncodeError", &PyExc_UnicodeEncodeError, PyUnicodeError> {};
struct PyUnicodeTranslateError
    : detail::ExceptionTagWithoutText<"UnicodeTranslateError", &PyExc_UnicodeTranslateError, PyUnicodeError> {};
struct PyBlockingIOError : detail::ExceptionTag<"BlockingIOError", &PyExc_BlockingIOError, PyOSError> {};
struct PyChildProcessError : detail::ExceptionTag<"ChildProcessError", &PyExc_ChildProcessError, PyOSError> {};
struct PyConnectionError : detail::ExceptionTag<"ConnectionError", &PyExc_ConnectionError, PyOSError> {};
struct PyFileExistsError : detail::ExceptionTag<"FileExistsError", &PyExc_FileExistsError, PyOSError> {};
struct PyFileNotFoundError : detail::ExceptionTag<"FileNotFoundError", &PyExc_FileNotFoundError, PyOSError> {};
struct PyInterruptedError : detail::ExceptionTag<"InterruptedError", &PyExc_InterruptedError, PyOSError> {};
struct PyIsADirectoryError : detail::ExceptionTag<"IsADirectoryError", &PyExc_IsADirectoryError, PyOSError> {};
struct PyNotADirectoryError : detail::ExceptionTag<"NotADirectoryError", &PyExc_NotADirectoryError, PyOSError> {};
struct PyPermissionError : detail::ExceptionTag<"PermissionError", &PyExc_PermissionError, PyOSError> {};
struct PyProcessLookupError : detail::ExceptionTag<"ProcessLookupError", &PyExc_ProcessLookupError, PyOSError> {};
struct PyTimeoutError : detail::ExceptionTag<"TimeoutError", &PyExc_TimeoutError, PyOSError> {};
struct PyBrokenPipeError : detail::ExceptionTag<"BrokenPipeError", &PyExc_BrokenPipeError, PyConnectionError> {};
struct PyConnectionAbortedError
    : detail::ExceptionTag<"ConnectionAbortedError", &PyExc_ConnectionAbortedError, PyConnectionError> {};
struct PyConnectionRefusedError
    : detail::ExceptionTag<"ConnectionRefusedError", &PyExc_ConnectionRefusedError, PyConnectionError> {};
struct PyConnectionResetError
    : detail::ExceptionTag<"ConnectionResetError", &PyExc_ConnectionResetError, PyConnectionError> {};
struct PyWarning : detail::ExceptionTag<"Warning", &PyExc_Warning, PyException> {};
struct PyBytesWarning : detail::ExceptionTag<"BytesWarning", &PyExc_BytesWarning, PyWarning> {};
struct PyDeprecationWarning : detail::ExceptionTag<"DeprecationWarning", &PyExc_DeprecationWarning, PyWarning> {};
struct PyEncodingWarning : detail::ExceptionTag<"EncodingWarning", &PyExc_EncodingWarning, PyWarning> {};
struct PyFutureWarning : detail::ExceptionTag<"FutureWarning", &PyExc_FutureWarning, PyWarning> {};
struct PyImportWarning : detail::ExceptionTag<"ImportWarning", &PyExc_ImportWarning, PyWarning> {};
struct PyPendingDeprecationWarning
    : detail::ExceptionTag<"PendingDeprecationWarning", &PyExc_PendingDeprecationWarning, PyWarning> {};
struct PyResourceWarning : detail::ExceptionTag<"ResourceWarning", &PyExc_ResourceWarning, PyWarning> {};
struct PyRuntimeWarning : detail::ExceptionTag<"RuntimeWarning", &PyExc_RuntimeWarning, PyWarning> {};
struct PySyntaxWarning : detail::ExceptionTag<"SyntaxWarning", &PyExc_SyntaxWarning, PyWarning> {};
struct PyUnicodeWarning : detail::ExceptionTag<"UnicodeWarning", &PyExc_UnicodeWarning, PyWarning> {};
struct PyUserWarning : detail::ExceptionTag<"UserWarning", &PyExc_UserWarning, PyWarning> {};
/// @}

inline PyErr PyErr::mismatch(const char* expected, const Bound<PyAny>& got) {
  return Access::mismatch(expected, detail::HandleAccess::use(got, "PyErr::mismatch", {}));
}

inline PyErr PyErr::from_type(const Bound<PyAny>& type, std::string message) {
  ::PyObject* object = detail::HandleAccess::use(type, "PyErr::from_type", {});
  if (!PyExceptionClass_Check(object)) {
    return Access::lazy(PyExc_TypeError, "exceptions must derive from BaseException");
  }
  PyErr error = Access::lazy(object, std::move(message));
  Py_INCREF(object);
  error.state_->owns_type = true;
  return error;
}

inline PyErr PyErr::from_value(const Bound<PyAny>& value) {
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
  auto* state = new detail::ErrState;
  state->value.store(Py_NewRef(object), detail::Order::release);
  return PyErr(state);
}

inline void PyErr::write_unraisable(Python py, const Bound<PyAny>* context) const noexcept {
  ErrorScope scope(py);
  restore(py);
  detail::guard_unwind([&] { PyErr_WriteUnraisable(context == nullptr ? nullptr : context->as_ptr()); });
}

inline bool PyErr::matches(const Bound<PyAny>& type) const {
  return PyErr_GivenExceptionMatches(value_or_type(), type.as_ptr()) != 0;
}

inline Bound<PyBaseException> PyErr::value(Python) const {
  ::PyObject* value = state_ == nullptr ? nullptr : normalized_value();
  if (value == nullptr) throw PySystemError::new_err("the exception instance cannot be made");
  return detail::borrow<PyBaseException>(value);
}
inline Bound<PyType> PyErr::get_type(Python py) const { return value(py).get_type(); }
inline std::optional<Bound<PyTraceback>> PyErr::traceback(Python py) const {
  ::PyObject* traceback = PyException_GetTraceback(value(py).as_ptr());
  if (traceback == nullptr) return std::nullopt;
  return detail::steal<PyTraceback>(traceback);
}
inline std::string PyErr::format(Python py) const {
  const Bound<PyBaseException> error = value(py);
  ErrorScope pending(py);
  // In the C API's terms: handles would have every file that includes this header compile their methods.
  const auto traceback = detail::steal(detail::guard_unwind([&] {
    ::PyObject* found = PyException_GetTraceback(error.as_ptr());
    return found == nullptr ? Py_NewRef(Py_None) : found;
  }));
  const auto module =
      detail::steal(detail::non_null(detail::guard_unwind([] { return PyImport_ImportModule("traceback"); })));
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
#if PY_VERSION_HEX >= 0x030B0000
/// Whether @p exception took the note; else another exception is pending.
inline bool add_note_to(::PyObject* exception, ::PyObject* note) noexcept {
  return guard_unwind([&] {
    ::PyObject* none = PyObject_CallMethod(exception, "add_note", "O", note);
    Py_XDECREF(none);
    return none != nullptr;
  });
}
#endif
/// Adds a note to the pending exception, where there is one and it takes it. Before CPython 3.11, does nothing.
ADDER_COLD inline void note_pending([[maybe_unused]] std::string_view text) noexcept {
#if PY_VERSION_HEX >= 0x030B0000
  if (PyErr_Occurred() == nullptr) return;
  ::PyObject* error = take_raised();
  ::PyObject* note = text_to_str(text);
  // What cannot be added is given up: the error itself is what counts.
  if (note == nullptr || !add_note_to(error, note)) PyErr_Clear();
  Py_XDECREF(note);
  set_raised(error);
#endif
}
}  // namespace detail

inline std::optional<PyErr> PyErr::cause(Python py) const {
  ::PyObject* cause = PyException_GetCause(value(py).as_ptr());
  if (cause == nullptr) return std::nullopt;
  return from_value(detail::steal(cause));
}
inline void PyErr::set_cause(Python py, const std::optional<PyErr>& cause) const {
  const Bound<PyBaseException> error = value(py);  // First: it may throw, and then nobody would own the cause.
  PyException_SetCause(error.as_ptr(), cause ? cause->value(py).into_ptr() : nullptr);
}
inline std::optional<PyErr> PyErr::context(Python py) const {
  ::PyObject* context = PyException_GetContext(value(py).as_ptr());
  if (context == nullptr) return std::nullopt;
  return from_value(detail::steal(context));
}
inline void PyErr::add_note([[maybe_unused]] Python py, [[maybe_unused]] std::string_view text) const {
#if PY_VERSION_HEX >= 0x030B0000
  const auto error = value(py);
  const auto note = detail::steal(detail::non_null(detail::text_to_str(text)));
  if (!detail::add_note_to(error.as_ptr(), note.as_ptr())) detail::throw_fetched();
#endif
}
template <class Category>
PyResult<void> PyErr::warn(Python py, const std::string& message, int stacklevel) {
  ::PyObject* category = reinterpret_cast<::PyObject*>(PyTypeInfo<Category>::type_object());
  ::PyObject* text = detail::text_to_str(message);
  if (text == nullptr) return fetch(py);
  const int status = detail::guard_unwind([&] { return PyErr_WarnFormat(category, stacklevel, "%U", text); });
  Py_DECREF(text);
  if (status < 0) return fetch(py);
  return {};
}

inline PyResult<Bound<PyAny>> IntoPyObject<PyErr>::into_py(Python py, const PyErr& error) {
  try {
    return error.value(py).into_any();
  } catch (const PyErr& failure) {
    return failure;
  }
}

namespace detail {

inline void set_error(::PyObject* type, std::string_view message) noexcept {
  ::PyObject* text = text_to_str(message);
  if (text == nullptr) return;  // MemoryError is pending.
  guard_unwind([&] { PyErr_SetObject(type, text); });
  Py_DECREF(text);
}

inline void set_os_error(const std::system_error& error) noexcept {
  const bool has_errno =
      error.code().category() == std::generic_category() || error.code().category() == std::system_category();
  if (!has_errno) return set_error(PyExc_OSError, error.what());
  // Called with (errno, text) OSError picks its subclass, such as FileNotFoundError.
  ::PyObject* text = text_to_str(error.what());
  ::PyObject* arguments = text == nullptr ? nullptr : Py_BuildValue("(iN)", error.code().value(), text);
  if (arguments == nullptr) return;
  guard_unwind([&] { PyErr_SetObject(PyExc_OSError, arguments); });
  Py_DECREF(arguments);
}

/// The Python type for a standard exception.
inline ::PyObject* python_type_of(const std::exception& error) noexcept {
  const auto is = [&]<class E>(const E*) { return dynamic_cast<const E*>(&error) != nullptr; };
  if (is(static_cast<const std::out_of_range*>(nullptr))) return PyExc_IndexError;
  if (is(static_cast<const std::invalid_argument*>(nullptr)) || is(static_cast<const std::domain_error*>(nullptr)) ||
      is(static_cast<const std::length_error*>(nullptr)) || is(static_cast<const std::range_error*>(nullptr))) {
    return PyExc_ValueError;
  }
  if (is(static_cast<const std::overflow_error*>(nullptr))) return PyExc_OverflowError;
  if (is(static_cast<const std::underflow_error*>(nullptr))) return PyExc_ArithmeticError;
  return PyExc_RuntimeError;
}

ADDER_COLD inline void set_unknown_exception() noexcept {
  const std::type_info* type = abi::__cxa_current_exception_type();
  int status = -1;
  char* name = type == nullptr ? nullptr : abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);
  PyErr_Format(PyExc_RuntimeError, "a C++ exception of type '%.200s' was thrown, which is no std::exception",
               name != nullptr ? name : "unknown");
  std::free(name);
}

inline void translate_current_exception() noexcept;

/// Whether @p error is @p cause or one of its causes.
inline bool is_caused_by(::PyObject* cause, ::PyObject* error) noexcept {
  // Borrowed all along: each is kept by the one before. @p slow finds the circles that Python code can make.
  const auto next = [](::PyObject* of) {
    ::PyObject* found = PyException_GetCause(of);
    Py_XDECREF(found);
    return found;
  };
  bool odd = false;
  for (::PyObject* slow = cause; cause != nullptr; odd = !odd) {
    if (cause == error) return true;
    cause = next(cause);
    if (odd) slow = next(slow);
    if (cause == slow) return false;
  }
  return false;
}

/// What @p nested holds becomes the cause of the pending exception, unless that has a cause or is itself inside.
ADDER_COLD inline void chain_nested(const std::nested_exception* nested) noexcept {
  if (nested == nullptr || nested->nested_ptr() == nullptr) return;
  try {
    const PyErr outer = PyErr::fetch(token());  // NOLINT(clang-analyzer-deadcode.DeadStores): used after the throw
    try {
      nested->rethrow_nested();
    } catch (...) {
      translate_current_exception();
    }
    const PyErr inner = PyErr::fetch(token());
    const auto error = outer.value(token()), cause = inner.value(token());
    if (!is_caused_by(cause.as_ptr(), error.as_ptr()) && !outer.cause(token())) {
      PyException_SetCause(error.as_ptr(), Py_NewRef(cause.as_ptr()));
    }
    outer.restore(token());
  } catch (const PyErr& failure) {
    failure.restore(token());
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  }
}

/// The nested_exception part of the C++ exception being handled, which has to go on being handled; null for none.
inline const std::nested_exception* current_nested() noexcept {
  try {
    throw;
  } catch (const std::nested_exception& nested) {
    return &nested;
  } catch (...) {
    return nullptr;
  }
}

/// What a user says about the C++ exceptions of one type; see register_exception_translator().
struct Translator {
  bool (*translate)() noexcept;              ///< Whether the exception being handled was one of its type.
  void (*throw_pointer)();                   ///< Throws a null pointer to its type,
  bool (*catches)(void (*throw_pointer)());  ///< and whether such a pointer is one to its type or to a base of that.
  Translator* next = nullptr;
  bool registered = false;
};
/// Derived types before their bases. Changed while attached.
ADDER_HIDDEN inline constinit Translator* translators = nullptr;

/// Standard exceptions, and those that are none.
inline void translate_standard_exception() noexcept {
  try {
    throw;
  } catch (const std::bad_alloc& error) {
    PyErr_NoMemory();
    chain_nested(dynamic_cast<const std::nested_exception*>(&error));
  } catch (const std::system_error& error) {
    set_os_error(error);
    chain_nested(dynamic_cast<const std::nested_exception*>(&error));
  } catch (const std::exception& error) {
    set_error(python_type_of(error), error.what() == nullptr ? "" : error.what());
    chain_nested(dynamic_cast<const std::nested_exception*>(&error));
  } catch (const std::nested_exception& nested) {
    set_unknown_exception();
    chain_nested(&nested);
  } catch (...) {
    set_unknown_exception();
  }
}

/// Makes the C++ exception being handled the pending Python exception. The one way out of bound code.
inline void translate_current_exception() noexcept {
  try {
    throw;
  } catch (const PyErr& error) {
    error.restore(token());
    chain_nested(dynamic_cast<const std::nested_exception*>(&error));
#if defined(__GLIBCXX__)
  } catch (__cxxabiv1::__forced_unwind&) {
    park_thread();  // The thread is being ended, by pthread_exit or by a finalizing interpreter: see attach.hpp.
#endif
  } catch (...) {
    for (const Translator* translator = translators; translator != nullptr; translator = translator->next) {
      if (translator->translate()) return;
    }
    translate_standard_exception();
  }
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
