// SPDX-License-Identifier: MIT
// Errors of every origin that test_errors.py looks at.
#include <adder/adder.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/vector.hpp>

#include <cstddef>
#include <exception>
#include <filesystem>
#include <future>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <typeinfo>
#include <utility>
#include <vector>

using namespace adder;
using Any = Bound<PyAny>;

namespace {

struct NoStandardException {
  int value = 1;
};
struct Derived : std::out_of_range {
  using std::out_of_range::out_of_range;
};
enum class Code { some = 7 };
struct ForeignCategory : std::error_category {
  const char* name() const noexcept override { return "foreign"; }
  std::string message(int) const override { return "a foreign error"; }
};
const ForeignCategory foreign;

void throw_standard(std::string_view which, const std::string& text) {
  if (which == "exception") throw std::exception();
  if (which == "bad_alloc") throw std::bad_alloc();
  if (which == "bad_array_new_length") throw std::bad_array_new_length();
  if (which == "out_of_range") throw std::out_of_range(text);
  if (which == "derived") throw Derived(text);
  if (which == "invalid_argument") throw std::invalid_argument(text);
  if (which == "domain_error") throw std::domain_error(text);
  if (which == "length_error") throw std::length_error(text);
  if (which == "range_error") throw std::range_error(text);
  if (which == "overflow_error") throw std::overflow_error(text);
  if (which == "underflow_error") throw std::underflow_error(text);
  if (which == "logic_error") throw std::logic_error(text);
  if (which == "runtime_error") throw std::runtime_error(text);
  if (which == "bad_cast") throw std::bad_cast();
  if (which == "future_error") throw std::future_error(std::future_errc::no_state);
  if (which == "int") throw 42;
  if (which == "text") throw "text";
  if (which == "struct") throw NoStandardException{};
  if (which == "enum") throw Code::some;
  if (which == "null") throw nullptr;
}
void throw_system_error(int code, const std::string& text) {
  throw std::system_error(code, std::system_category(), text);
}
void throw_generic_error(int code) { throw std::system_error(code, std::generic_category()); }
void throw_foreign_error() { throw std::system_error(3, foreign, "prefix"); }
void throw_filesystem_error() { std::filesystem::create_directory("/no/such/folder/anywhere"); }

PyResult<void> throw_not_utf8(std::string_view how) {
  if (how == "standard")
    throw std::out_of_range(
        "a\xff"
        "b");
  if (how == "system")
    throw std::system_error(2, std::generic_category(),
                            "a\xff"
                            "b");
  if (how == "lazy")
    throw PyValueError::new_err(
        "a\xff"
        "b");
  return PyValueError::new_err(
      "a\xff"
      "b");
}

// Outermost first in `which`; "callback" calls Python in the innermost place.
void throw_nested(const std::vector<std::string>& which, std::size_t at, const Any& callback) {
  try {
    if (at + 1 < which.size()) {
      throw_nested(which, at + 1, callback);
    } else {
      (void)callback();
    }
  } catch (...) {
    const std::string& kind = which[at];
    if (kind == "runtime_error") std::throw_with_nested(std::runtime_error("level " + std::to_string(at)));
    if (kind == "out_of_range") std::throw_with_nested(std::out_of_range("level " + std::to_string(at)));
    if (kind == "system_error")
      std::throw_with_nested(std::system_error(2, std::generic_category(), "level " + std::to_string(at)));
    if (kind == "python") std::throw_with_nested(PyKeyError::new_err("level " + std::to_string(at)));
    if (kind == "bad_alloc") std::throw_with_nested(std::bad_alloc());
    if (kind == "struct") std::throw_with_nested(NoStandardException{});
    throw;
  }
}
void throw_nested_in_nothing() { std::throw_with_nested(std::runtime_error("alone")); }

void call_through(const Any& callback) { (void)callback(); }
void catch_and_rethrow(const Any& callback) {
  try {
    (void)callback();
  } catch (const PyErr&) {
    throw;
  }
}
void catch_and_throw_copy(const Any& callback) {
  try {
    (void)callback();
  } catch (const PyErr& error) {
    PyErr copy = error;
    (void)copy.what();
    throw copy;  // NOLINT
  }
}
void look_and_rethrow(Python py, const Any& callback) {
  try {
    (void)callback();
  } catch (const PyErr& error) {
    (void)error.value(py);
    (void)error.get_type(py);
    (void)error.traceback(py);
    (void)error.format(py);
    throw;
  }
}
PyResult<Any> as_result(const Any& callback) {
  try {
    return callback();
  } catch (const PyErr& error) {
    return error;
  }
}
std::string caught_by_kind(Python py, const Any& callback) {
  try {
    (void)callback();
  } catch (const PyErr& error) {
    if (error.is_instance_of<PyKeyError>(py)) return "KeyError";
    if (error.is_instance_of<PyLookupError>(py)) return "LookupError";
    if (error.is_instance_of<PyOSError>(py)) return "OSError";
    if (error.is_instance_of<PyException>(py)) return "Exception";
    return "BaseException";
  }
  return "nothing";
}
bool matches(const Any& callback, const Any& types) {
  try {
    (void)callback();
  } catch (const PyErr& error) {
    return error.matches(types);
  }
  return false;
}
std::string what_of(const Any& callback) {
  try {
    (void)callback();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}
std::string format_of(Python py, const Any& callback) {
  try {
    (void)callback();
  } catch (const PyErr& error) {
    return error.format(py);
  }
  return "";
}
Any call_in_error_scope(Python py, const Any& callback) {
  PyValueError::new_err("set aside").restore(py);
  Any result = py.None().into_any();
  {
    ErrorScope scope(py);
    result = callback();
  }
  if (!PyErr::occurred(py)) throw PySystemError::new_err("the pending exception was lost");
  const PyErr pending = PyErr::fetch(py);
  if (!pending.is_instance_of<PyValueError>(py)) throw pending;  // NOLINT
  return result;
}
void leave_pending_in_scope(Python py) {
  PyValueError::new_err("outer").restore(py);
  {
    ErrorScope scope(py);
    PyKeyError::new_err("inner").restore(py);
  }
  throw PyErr::fetch(py);  // NOLINT
}

// --- Kept in C++
// -------------------------------------------------------------------------------------------------------

std::optional<PyErr> stored;
void store_from(const Any& callback) {
  try {
    (void)callback();
  } catch (const PyErr& error) {
    stored = error;
  }
}
void store_lazy(const std::string& text) { stored = PyValueError::new_err(text); }
void store_of_type(const Any& type, const std::string& text) { stored = PyErr::from_type(type, text); }
/// As C code sets it: a class and its argument, no instance yet.
void store_raised_of_type(Python py, const Any& type, const std::string& text) {
  PyErr::from_type(type, text).restore(py);
  stored = PyErr::fetch(py);
}
void store_value(const Any& value) { stored = PyErr::from_value(value); }
void raise_stored() { throw PyErr(*stored); }  // NOLINT
PyResult<void> return_stored() { return *stored; }
Any value_of_stored(Python py) { return stored->value(py).into_any(); }
std::string what_of_stored() { return stored->what(); }
std::string what_of_stored_without_gil(Python py) {
  return py.allow_threads([](const PyErr& error) { return std::string(error.what()); }, *stored);
}
void drop_stored(Python py) {
  py.allow_threads([](std::optional<PyErr>& error) { error.reset(); }, stored);
}
bool stored_is_value_error(Python py) { return stored->is_instance_of<PyValueError>(py); }

void write_unraisable(Python py, const Any& callback, const Any& context) {
  try {
    (void)callback();
  } catch (const PyErr& error) {
    if (context.is_none()) {
      error.write_unraisable(py);
    } else {
      error.write_unraisable(py, &context);
    }
  }
}
void moved_from() {
  PyErr error = PyValueError::new_err("gone");
  const PyErr taken = std::move(error);
  throw error;  // NOLINT
}
bool moved_from_is_value_error(Python py) {
  PyErr error = PyValueError::new_err("gone");
  const PyErr taken = std::move(error);
  return error.is_instance_of<PyValueError>(py);  // NOLINT
}

// --- One tag per built-in exception
// --------------------------------------------------------------------------------------

// The Unicode errors and exception groups take more than a text: their tags make none.
template <class Tag, class... Text>
PyErr made(const Text&... text) {
  if constexpr (requires { Tag::new_err(text...); }) {
    return Tag::new_err(text...);
  } else {
    return PyNotImplementedError::new_err(std::string(Tag::python_name) + " has no new_err");
  }
}

template <class... Tags>
struct TagList {
  static void raise(std::string_view name, const std::string& text) {
    ((name == Tags::python_name ? throw made<Tags>(text) : void()), ...);
    throw PyNotImplementedError::new_err("no tag for " + std::string(name));
  }
  static PyResult<void> raise_bare(std::string_view name) {
    PyResult<void> result = PyNotImplementedError::new_err("no tag for " + std::string(name));
    ((name == Tags::python_name ? void(result = made<Tags>()) : void()), ...);
    return result;
  }
  static bool is_a(Python py, std::string_view name, const Any& value) {
    bool found = false;
    const PyErr error = PyErr::from_value(value);
    ((name == Tags::python_name ? void(found = error.is_instance_of<Tags>(py) && value.is_instance_of<Tags>())
                                : void()),
     ...);
    return found;
  }
};
using AllTags =
    TagList<PyBaseException, PyException, PyGeneratorExit, PyKeyboardInterrupt, PySystemExit, PyArithmeticError,
            PyAssertionError, PyAttributeError, PyBufferError, PyEOFError, PyImportError, PyLookupError, PyMemoryError,
            PyNameError, PyOSError, PyReferenceError, PyRuntimeError, PyStopAsyncIteration, PyStopIteration,
            PySyntaxError, PySystemError, PyTypeError, PyValueError, PyFloatingPointError, PyOverflowError,
            PyZeroDivisionError, PyModuleNotFoundError, PyIndexError, PyKeyError, PyUnboundLocalError,
            PyNotImplementedError, PyRecursionError, PyIndentationError, PyTabError, PyUnicodeError,
            PyUnicodeDecodeError, PyUnicodeEncodeError, PyUnicodeTranslateError, PyBlockingIOError, PyChildProcessError,
            PyConnectionError, PyFileExistsError, PyFileNotFoundError, PyInterruptedError, PyIsADirectoryError,
            PyNotADirectoryError, PyPermissionError, PyProcessLookupError, PyTimeoutError, PyBrokenPipeError,
            PyConnectionAbortedError, PyConnectionRefusedError, PyConnectionResetError, PyWarning, PyBytesWarning,
            PyDeprecationWarning, PyEncodingWarning, PyFutureWarning, PyImportWarning, PyPendingDeprecationWarning,
            PyResourceWarning, PyRuntimeWarning, PySyntaxWarning, PyUnicodeWarning,
#if PY_VERSION_HEX >= 0x030B0000
            PyBaseExceptionGroup,
#endif
#if PY_VERSION_HEX >= 0x030D0000
            PyPythonFinalizationError,
#endif
#if PY_VERSION_HEX >= 0x030F0000
            PyImportCycleError,
#endif
            PyUserWarning>;

}  // namespace

ADDER_MODULE(errors_ext, m) {
  m.def<&throw_standard>("throw_standard", arg("which"), arg("text") = "the text");
  m.def<&throw_system_error>("throw_system_error");
  m.def<&throw_generic_error>("throw_generic_error");
  m.def<&throw_foreign_error>("throw_foreign_error");
  m.def<&throw_filesystem_error>("throw_filesystem_error");
  m.def<[](const std::vector<std::string>& which, const Any& callback) { throw_nested(which, 0, callback); }>(
      "throw_nested");
  m.def<&throw_not_utf8>("throw_not_utf8");
  m.def<&throw_nested_in_nothing>("throw_nested_in_nothing");
  m.def<&call_through>("call_through");
  m.def<&catch_and_rethrow>("catch_and_rethrow");
  m.def<&catch_and_throw_copy>("catch_and_throw_copy");
  m.def<&look_and_rethrow>("look_and_rethrow");
  m.def<&as_result>("as_result");
  m.def<&caught_by_kind>("caught_by_kind");
  m.def<&matches>("matches");
  m.def<&what_of>("what_of");
  m.def<&format_of>("format_of");
  m.def<&call_in_error_scope>("call_in_error_scope");
  m.def<&leave_pending_in_scope>("leave_pending_in_scope");
  m.def<&store_from>("store_from");
  m.def<&store_lazy>("store_lazy");
  m.def<&store_of_type>("store_of_type");
  m.def<&store_raised_of_type>("store_raised_of_type");
  m.def<&store_value>("store_value");
  m.def<&raise_stored>("raise_stored");
  m.def<&return_stored>("return_stored");
  m.def<&value_of_stored>("value_of_stored");
  m.def<&what_of_stored>("what_of_stored");
  m.def<&what_of_stored_without_gil>("what_of_stored_without_gil");
  m.def<&drop_stored>("drop_stored");
  m.def<&stored_is_value_error>("stored_is_value_error");
  m.def<&write_unraisable>("write_unraisable");
  m.def<&moved_from>("moved_from");
  m.def<&moved_from_is_value_error>("moved_from_is_value_error");
  m.def<&AllTags::raise>("raise_by_tag");
  m.def<&AllTags::raise_bare>("raise_bare_by_tag");
  m.def<&AllTags::is_a>("is_a");
}
