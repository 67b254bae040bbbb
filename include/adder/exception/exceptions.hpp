// SPDX-License-Identifier: MIT
/// @file
/// @brief One C++ name per built-in exception, and what PyErr does with handles.
///
/// `throw PyValueError::new_err("...")` raises; `PyValueError` is a type tag as well, so that
/// `error.is_instance_of<PyValueError>(py)` and `Bound<PyValueError>` work.
#pragma once
#include "adder/types/code.hpp"
#include "adder/types/type.hpp"

#include <optional>
#include <string_view>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {
/// For those who write `throw PyValueError("text")`: that would throw the tag.
template <class... A>
struct TagIsNoException {
  static_assert(always_false<A...>,
                "adder: PyValueError and its kin are names, and no exceptions: throw PyValueError::new_err(\"text\")");
};

/// What the tags of exceptions have in common. Each has a name, and the exception itself.
template <class Tag, class BaseTag>
struct ExceptionTagWithoutText {
  template <class... A>
  ExceptionTagWithoutText(A&&...) {  // NOLINT(google-explicit-constructor)
    (void)TagIsNoException<A...>{};
  }
  using Base = BaseTag;
  template <class Self>
  using Methods = PyAnyMethods<Self>;
  static ::PyTypeObject* type_object() noexcept { return reinterpret_cast<::PyTypeObject*>(Tag::exception()); }
  static bool is_type_of(::PyObject* object) noexcept { return PyObject_TypeCheck(object, type_object()) != 0; }
  /// @brief An error whose instance is made now, by calling the class: for exceptions with other arguments than a text.
  /// @throws PyErr  What the class raised.
  template <class... Args>
  static PyErr new_err_with(Python py, Args&&... arguments) {
    (void)py;
    const auto type = borrow(Tag::exception());
    return PyErr::from_value(type.call(std::forward<Args>(arguments)...));
  }
};

/// Of the exceptions that take a text, or nothing, as their arguments: nearly all.
template <class Tag, class BaseTag>
struct ExceptionTag : ExceptionTagWithoutText<Tag, BaseTag> {
  using ExceptionTagWithoutText<Tag, BaseTag>::ExceptionTagWithoutText;
  /// @brief A lazy error of this type: no Python object is made until Python sees it. Any thread.
  /// @param message  UTF-8; the exception's only argument.
  static PyErr new_err(std::string_view message) { return PyErr::Access::lazy(Tag::exception(), message); }
  /// @brief The same without arguments.
  static PyErr new_err() { return PyErr::Access::bare(Tag::exception()); }
};
}  // namespace detail

/// @name Type tags of the built-in exceptions
/// @{

/// @brief `BaseException`.
struct PyBaseException : detail::ExceptionTag<PyBaseException, PyAny> {
  static constexpr const char* python_name = "BaseException";
  static ::PyObject* exception() noexcept { return PyExc_BaseException; }
};
#if PY_VERSION_HEX >= 0x030B0000
/// @brief `BaseExceptionGroup`.
struct PyBaseExceptionGroup : detail::ExceptionTagWithoutText<PyBaseExceptionGroup, PyBaseException> {
  static constexpr const char* python_name = "BaseExceptionGroup";
  static ::PyObject* exception() noexcept { return PyExc_BaseExceptionGroup; }
};
#endif
/// @brief `Exception`.
struct PyException : detail::ExceptionTag<PyException, PyBaseException> {
  static constexpr const char* python_name = "Exception";
  static ::PyObject* exception() noexcept { return PyExc_Exception; }
};
/// @brief `GeneratorExit`.
struct PyGeneratorExit : detail::ExceptionTag<PyGeneratorExit, PyBaseException> {
  static constexpr const char* python_name = "GeneratorExit";
  static ::PyObject* exception() noexcept { return PyExc_GeneratorExit; }
};
/// @brief `KeyboardInterrupt`.
struct PyKeyboardInterrupt : detail::ExceptionTag<PyKeyboardInterrupt, PyBaseException> {
  static constexpr const char* python_name = "KeyboardInterrupt";
  static ::PyObject* exception() noexcept { return PyExc_KeyboardInterrupt; }
};
/// @brief `SystemExit`.
struct PySystemExit : detail::ExceptionTag<PySystemExit, PyBaseException> {
  static constexpr const char* python_name = "SystemExit";
  static ::PyObject* exception() noexcept { return PyExc_SystemExit; }
};
/// @brief `ArithmeticError`.
struct PyArithmeticError : detail::ExceptionTag<PyArithmeticError, PyException> {
  static constexpr const char* python_name = "ArithmeticError";
  static ::PyObject* exception() noexcept { return PyExc_ArithmeticError; }
};
/// @brief `AssertionError`.
struct PyAssertionError : detail::ExceptionTag<PyAssertionError, PyException> {
  static constexpr const char* python_name = "AssertionError";
  static ::PyObject* exception() noexcept { return PyExc_AssertionError; }
};
/// @brief `AttributeError`.
struct PyAttributeError : detail::ExceptionTag<PyAttributeError, PyException> {
  static constexpr const char* python_name = "AttributeError";
  static ::PyObject* exception() noexcept { return PyExc_AttributeError; }
};
/// @brief `BufferError`.
struct PyBufferError : detail::ExceptionTag<PyBufferError, PyException> {
  static constexpr const char* python_name = "BufferError";
  static ::PyObject* exception() noexcept { return PyExc_BufferError; }
};
/// @brief `EOFError`.
struct PyEOFError : detail::ExceptionTag<PyEOFError, PyException> {
  static constexpr const char* python_name = "EOFError";
  static ::PyObject* exception() noexcept { return PyExc_EOFError; }
};
/// @brief `ImportError`.
struct PyImportError : detail::ExceptionTag<PyImportError, PyException> {
  static constexpr const char* python_name = "ImportError";
  static ::PyObject* exception() noexcept { return PyExc_ImportError; }
};
/// @brief `LookupError`.
struct PyLookupError : detail::ExceptionTag<PyLookupError, PyException> {
  static constexpr const char* python_name = "LookupError";
  static ::PyObject* exception() noexcept { return PyExc_LookupError; }
};
/// @brief `MemoryError`.
struct PyMemoryError : detail::ExceptionTag<PyMemoryError, PyException> {
  static constexpr const char* python_name = "MemoryError";
  static ::PyObject* exception() noexcept { return PyExc_MemoryError; }
};
/// @brief `NameError`.
struct PyNameError : detail::ExceptionTag<PyNameError, PyException> {
  static constexpr const char* python_name = "NameError";
  static ::PyObject* exception() noexcept { return PyExc_NameError; }
};
/// @brief `OSError`.
struct PyOSError : detail::ExceptionTag<PyOSError, PyException> {
  static constexpr const char* python_name = "OSError";
  static ::PyObject* exception() noexcept { return PyExc_OSError; }
};
/// @brief `ReferenceError`.
struct PyReferenceError : detail::ExceptionTag<PyReferenceError, PyException> {
  static constexpr const char* python_name = "ReferenceError";
  static ::PyObject* exception() noexcept { return PyExc_ReferenceError; }
};
/// @brief `RuntimeError`.
struct PyRuntimeError : detail::ExceptionTag<PyRuntimeError, PyException> {
  static constexpr const char* python_name = "RuntimeError";
  static ::PyObject* exception() noexcept { return PyExc_RuntimeError; }
};
/// @brief `StopAsyncIteration`.
struct PyStopAsyncIteration : detail::ExceptionTag<PyStopAsyncIteration, PyException> {
  static constexpr const char* python_name = "StopAsyncIteration";
  static ::PyObject* exception() noexcept { return PyExc_StopAsyncIteration; }
};
/// @brief `StopIteration`.
struct PyStopIteration : detail::ExceptionTag<PyStopIteration, PyException> {
  static constexpr const char* python_name = "StopIteration";
  static ::PyObject* exception() noexcept { return PyExc_StopIteration; }
};
/// @brief `SyntaxError`.
struct PySyntaxError : detail::ExceptionTag<PySyntaxError, PyException> {
  static constexpr const char* python_name = "SyntaxError";
  static ::PyObject* exception() noexcept { return PyExc_SyntaxError; }
};
/// @brief `SystemError`.
struct PySystemError : detail::ExceptionTag<PySystemError, PyException> {
  static constexpr const char* python_name = "SystemError";
  static ::PyObject* exception() noexcept { return PyExc_SystemError; }
};
/// @brief `TypeError`.
struct PyTypeError : detail::ExceptionTag<PyTypeError, PyException> {
  static constexpr const char* python_name = "TypeError";
  static ::PyObject* exception() noexcept { return PyExc_TypeError; }
};
/// @brief `ValueError`.
struct PyValueError : detail::ExceptionTag<PyValueError, PyException> {
  static constexpr const char* python_name = "ValueError";
  static ::PyObject* exception() noexcept { return PyExc_ValueError; }
};
/// @brief `FloatingPointError`.
struct PyFloatingPointError : detail::ExceptionTag<PyFloatingPointError, PyArithmeticError> {
  static constexpr const char* python_name = "FloatingPointError";
  static ::PyObject* exception() noexcept { return PyExc_FloatingPointError; }
};
/// @brief `OverflowError`.
struct PyOverflowError : detail::ExceptionTag<PyOverflowError, PyArithmeticError> {
  static constexpr const char* python_name = "OverflowError";
  static ::PyObject* exception() noexcept { return PyExc_OverflowError; }
};
/// @brief `ZeroDivisionError`.
struct PyZeroDivisionError : detail::ExceptionTag<PyZeroDivisionError, PyArithmeticError> {
  static constexpr const char* python_name = "ZeroDivisionError";
  static ::PyObject* exception() noexcept { return PyExc_ZeroDivisionError; }
};
/// @brief `ModuleNotFoundError`.
struct PyModuleNotFoundError : detail::ExceptionTag<PyModuleNotFoundError, PyImportError> {
  static constexpr const char* python_name = "ModuleNotFoundError";
  static ::PyObject* exception() noexcept { return PyExc_ModuleNotFoundError; }
};
#if PY_VERSION_HEX >= 0x030F0000
/// @brief `ImportCycleError`.
struct PyImportCycleError : detail::ExceptionTag<PyImportCycleError, PyImportError> {
  static constexpr const char* python_name = "ImportCycleError";
  static ::PyObject* exception() noexcept { return PyExc_ImportCycleError; }
};
#endif
/// @brief `IndexError`.
struct PyIndexError : detail::ExceptionTag<PyIndexError, PyLookupError> {
  static constexpr const char* python_name = "IndexError";
  static ::PyObject* exception() noexcept { return PyExc_IndexError; }
};
/// @brief `KeyError`.
struct PyKeyError : detail::ExceptionTag<PyKeyError, PyLookupError> {
  static constexpr const char* python_name = "KeyError";
  static ::PyObject* exception() noexcept { return PyExc_KeyError; }
};
/// @brief `UnboundLocalError`.
struct PyUnboundLocalError : detail::ExceptionTag<PyUnboundLocalError, PyNameError> {
  static constexpr const char* python_name = "UnboundLocalError";
  static ::PyObject* exception() noexcept { return PyExc_UnboundLocalError; }
};
/// @brief `NotImplementedError`.
struct PyNotImplementedError : detail::ExceptionTag<PyNotImplementedError, PyRuntimeError> {
  static constexpr const char* python_name = "NotImplementedError";
  static ::PyObject* exception() noexcept { return PyExc_NotImplementedError; }
};
#if PY_VERSION_HEX >= 0x030D0000
/// @brief `PythonFinalizationError`.
struct PyPythonFinalizationError : detail::ExceptionTag<PyPythonFinalizationError, PyRuntimeError> {
  static constexpr const char* python_name = "PythonFinalizationError";
  static ::PyObject* exception() noexcept { return PyExc_PythonFinalizationError; }
};
#endif
/// @brief `RecursionError`.
struct PyRecursionError : detail::ExceptionTag<PyRecursionError, PyRuntimeError> {
  static constexpr const char* python_name = "RecursionError";
  static ::PyObject* exception() noexcept { return PyExc_RecursionError; }
};
/// @brief `IndentationError`.
struct PyIndentationError : detail::ExceptionTag<PyIndentationError, PySyntaxError> {
  static constexpr const char* python_name = "IndentationError";
  static ::PyObject* exception() noexcept { return PyExc_IndentationError; }
};
/// @brief `TabError`.
struct PyTabError : detail::ExceptionTag<PyTabError, PyIndentationError> {
  static constexpr const char* python_name = "TabError";
  static ::PyObject* exception() noexcept { return PyExc_TabError; }
};
/// @brief `UnicodeError`.
struct PyUnicodeError : detail::ExceptionTag<PyUnicodeError, PyValueError> {
  static constexpr const char* python_name = "UnicodeError";
  static ::PyObject* exception() noexcept { return PyExc_UnicodeError; }
};
/// @brief `UnicodeDecodeError`.
struct PyUnicodeDecodeError : detail::ExceptionTagWithoutText<PyUnicodeDecodeError, PyUnicodeError> {
  static constexpr const char* python_name = "UnicodeDecodeError";
  static ::PyObject* exception() noexcept { return PyExc_UnicodeDecodeError; }
};
/// @brief `UnicodeEncodeError`.
struct PyUnicodeEncodeError : detail::ExceptionTagWithoutText<PyUnicodeEncodeError, PyUnicodeError> {
  static constexpr const char* python_name = "UnicodeEncodeError";
  static ::PyObject* exception() noexcept { return PyExc_UnicodeEncodeError; }
};
/// @brief `UnicodeTranslateError`.
struct PyUnicodeTranslateError : detail::ExceptionTagWithoutText<PyUnicodeTranslateError, PyUnicodeError> {
  static constexpr const char* python_name = "UnicodeTranslateError";
  static ::PyObject* exception() noexcept { return PyExc_UnicodeTranslateError; }
};
/// @brief `BlockingIOError`.
struct PyBlockingIOError : detail::ExceptionTag<PyBlockingIOError, PyOSError> {
  static constexpr const char* python_name = "BlockingIOError";
  static ::PyObject* exception() noexcept { return PyExc_BlockingIOError; }
};
/// @brief `ChildProcessError`.
struct PyChildProcessError : detail::ExceptionTag<PyChildProcessError, PyOSError> {
  static constexpr const char* python_name = "ChildProcessError";
  static ::PyObject* exception() noexcept { return PyExc_ChildProcessError; }
};
/// @brief `ConnectionError`.
struct PyConnectionError : detail::ExceptionTag<PyConnectionError, PyOSError> {
  static constexpr const char* python_name = "ConnectionError";
  static ::PyObject* exception() noexcept { return PyExc_ConnectionError; }
};
/// @brief `FileExistsError`.
struct PyFileExistsError : detail::ExceptionTag<PyFileExistsError, PyOSError> {
  static constexpr const char* python_name = "FileExistsError";
  static ::PyObject* exception() noexcept { return PyExc_FileExistsError; }
};
/// @brief `FileNotFoundError`.
struct PyFileNotFoundError : detail::ExceptionTag<PyFileNotFoundError, PyOSError> {
  static constexpr const char* python_name = "FileNotFoundError";
  static ::PyObject* exception() noexcept { return PyExc_FileNotFoundError; }
};
/// @brief `InterruptedError`.
struct PyInterruptedError : detail::ExceptionTag<PyInterruptedError, PyOSError> {
  static constexpr const char* python_name = "InterruptedError";
  static ::PyObject* exception() noexcept { return PyExc_InterruptedError; }
};
/// @brief `IsADirectoryError`.
struct PyIsADirectoryError : detail::ExceptionTag<PyIsADirectoryError, PyOSError> {
  static constexpr const char* python_name = "IsADirectoryError";
  static ::PyObject* exception() noexcept { return PyExc_IsADirectoryError; }
};
/// @brief `NotADirectoryError`.
struct PyNotADirectoryError : detail::ExceptionTag<PyNotADirectoryError, PyOSError> {
  static constexpr const char* python_name = "NotADirectoryError";
  static ::PyObject* exception() noexcept { return PyExc_NotADirectoryError; }
};
/// @brief `PermissionError`.
struct PyPermissionError : detail::ExceptionTag<PyPermissionError, PyOSError> {
  static constexpr const char* python_name = "PermissionError";
  static ::PyObject* exception() noexcept { return PyExc_PermissionError; }
};
/// @brief `ProcessLookupError`.
struct PyProcessLookupError : detail::ExceptionTag<PyProcessLookupError, PyOSError> {
  static constexpr const char* python_name = "ProcessLookupError";
  static ::PyObject* exception() noexcept { return PyExc_ProcessLookupError; }
};
/// @brief `TimeoutError`.
struct PyTimeoutError : detail::ExceptionTag<PyTimeoutError, PyOSError> {
  static constexpr const char* python_name = "TimeoutError";
  static ::PyObject* exception() noexcept { return PyExc_TimeoutError; }
};
/// @brief `BrokenPipeError`.
struct PyBrokenPipeError : detail::ExceptionTag<PyBrokenPipeError, PyConnectionError> {
  static constexpr const char* python_name = "BrokenPipeError";
  static ::PyObject* exception() noexcept { return PyExc_BrokenPipeError; }
};
/// @brief `ConnectionAbortedError`.
struct PyConnectionAbortedError : detail::ExceptionTag<PyConnectionAbortedError, PyConnectionError> {
  static constexpr const char* python_name = "ConnectionAbortedError";
  static ::PyObject* exception() noexcept { return PyExc_ConnectionAbortedError; }
};
/// @brief `ConnectionRefusedError`.
struct PyConnectionRefusedError : detail::ExceptionTag<PyConnectionRefusedError, PyConnectionError> {
  static constexpr const char* python_name = "ConnectionRefusedError";
  static ::PyObject* exception() noexcept { return PyExc_ConnectionRefusedError; }
};
/// @brief `ConnectionResetError`.
struct PyConnectionResetError : detail::ExceptionTag<PyConnectionResetError, PyConnectionError> {
  static constexpr const char* python_name = "ConnectionResetError";
  static ::PyObject* exception() noexcept { return PyExc_ConnectionResetError; }
};
/// @brief `Warning`.
struct PyWarning : detail::ExceptionTag<PyWarning, PyException> {
  static constexpr const char* python_name = "Warning";
  static ::PyObject* exception() noexcept { return PyExc_Warning; }
};
/// @brief `BytesWarning`.
struct PyBytesWarning : detail::ExceptionTag<PyBytesWarning, PyWarning> {
  static constexpr const char* python_name = "BytesWarning";
  static ::PyObject* exception() noexcept { return PyExc_BytesWarning; }
};
/// @brief `DeprecationWarning`.
struct PyDeprecationWarning : detail::ExceptionTag<PyDeprecationWarning, PyWarning> {
  static constexpr const char* python_name = "DeprecationWarning";
  static ::PyObject* exception() noexcept { return PyExc_DeprecationWarning; }
};
/// @brief `EncodingWarning`.
struct PyEncodingWarning : detail::ExceptionTag<PyEncodingWarning, PyWarning> {
  static constexpr const char* python_name = "EncodingWarning";
  static ::PyObject* exception() noexcept { return PyExc_EncodingWarning; }
};
/// @brief `FutureWarning`.
struct PyFutureWarning : detail::ExceptionTag<PyFutureWarning, PyWarning> {
  static constexpr const char* python_name = "FutureWarning";
  static ::PyObject* exception() noexcept { return PyExc_FutureWarning; }
};
/// @brief `ImportWarning`.
struct PyImportWarning : detail::ExceptionTag<PyImportWarning, PyWarning> {
  static constexpr const char* python_name = "ImportWarning";
  static ::PyObject* exception() noexcept { return PyExc_ImportWarning; }
};
/// @brief `PendingDeprecationWarning`.
struct PyPendingDeprecationWarning : detail::ExceptionTag<PyPendingDeprecationWarning, PyWarning> {
  static constexpr const char* python_name = "PendingDeprecationWarning";
  static ::PyObject* exception() noexcept { return PyExc_PendingDeprecationWarning; }
};
/// @brief `ResourceWarning`.
struct PyResourceWarning : detail::ExceptionTag<PyResourceWarning, PyWarning> {
  static constexpr const char* python_name = "ResourceWarning";
  static ::PyObject* exception() noexcept { return PyExc_ResourceWarning; }
};
/// @brief `RuntimeWarning`.
struct PyRuntimeWarning : detail::ExceptionTag<PyRuntimeWarning, PyWarning> {
  static constexpr const char* python_name = "RuntimeWarning";
  static ::PyObject* exception() noexcept { return PyExc_RuntimeWarning; }
};
/// @brief `SyntaxWarning`.
struct PySyntaxWarning : detail::ExceptionTag<PySyntaxWarning, PyWarning> {
  static constexpr const char* python_name = "SyntaxWarning";
  static ::PyObject* exception() noexcept { return PyExc_SyntaxWarning; }
};
/// @brief `UnicodeWarning`.
struct PyUnicodeWarning : detail::ExceptionTag<PyUnicodeWarning, PyWarning> {
  static constexpr const char* python_name = "UnicodeWarning";
  static ::PyObject* exception() noexcept { return PyExc_UnicodeWarning; }
};
/// @brief `UserWarning`.
struct PyUserWarning : detail::ExceptionTag<PyUserWarning, PyWarning> {
  static constexpr const char* python_name = "UserWarning";
  static ::PyObject* exception() noexcept { return PyExc_UserWarning; }
};
/// @}

namespace detail {
/// Adds a note to the pending exception, where there is one and it takes it; see PyErr::add_note.
ADDER_COLD_CALL void note_pending(std::string_view text) noexcept;
}  // namespace detail

template <class T>
std::optional<Bound<T>> PyErr::traceback(Python py) const {
  ::PyObject* traceback = new_traceback(py);
  if (traceback == nullptr) return std::nullopt;
  return detail::steal<T>(traceback);
}

template <class Category>
PyResult<void> PyErr::warn(Python py, std::string_view message, int stacklevel) {
  ::PyObject* category = reinterpret_cast<::PyObject*>(PyTypeInfo<Category>::type_object());
  ::PyObject* text = detail::text_to_str(message);
  if (text == nullptr) return fetch(py);
  const int status = detail::guard_unwind([&] { return PyErr_WarnFormat(category, stacklevel, "%U", text); });
  Py_DECREF(text);
  if (status < 0) return fetch(py);
  return {};
}

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/exception/detail/exceptions_inl.hpp"
#endif
