// SPDX-License-Identifier: MIT
/// @file
/// @brief PyFunction, PyBuiltinFunction, PyCode, PyFrame, PyTraceback.
#pragma once
#include "adder/types/dict.hpp"
#include "adder/types/string.hpp"

#include <frameobject.h>

#include <concepts>
#include <optional>
#include <string_view>
#include <type_traits>

namespace adder::inline ADDER_ABI {

/// @brief The tag of functions written in Python.
/// @pyo3{PyFunction}
struct PyFunction : detail::StaticType<"function", &PyFunction_Type> {};

/// @brief The tag of functions and methods written in C or C++, such as `len` and what adder binds.
/// @pyo3{PyCFunction}
struct PyBuiltinFunction : detail::StaticType<"builtin_function_or_method", &PyCFunction_Type> {};

/// @brief The names that code sees: a dict, or `{}` for the default. Owns its reference.
class Namespace {
 public:
  Namespace() noexcept = default;
  /// @brief A dict; one more reference to it.
  template <std::same_as<PyDict> T>
  Namespace(const Bound<T>& dict)  // NOLINT(google-explicit-constructor)
      : dict_(Py_NewRef(detail::HandleAccess::use(dict, "used as a namespace", {}))) {}
  /// @brief The same.
  template <std::same_as<PyDict> T>
  Namespace(const Borrowed<T>& dict)  // NOLINT(google-explicit-constructor)
      : dict_(Py_NewRef(detail::HandleAccess::use(dict, "used as a namespace", {}))) {}
  /// @brief The default, as `{}`.
  Namespace(std::nullopt_t) noexcept {}  // NOLINT(google-explicit-constructor)
  /// @brief A dict that may be missing, in any handle.
  template <class Handle>
  Namespace(const std::optional<Handle>& dict)  // NOLINT(google-explicit-constructor)
      : dict_(dict ? Namespace(*dict).into_ptr() : nullptr) {}
  Namespace(const Namespace&) = delete;
  Namespace& operator=(const Namespace&) = delete;
  ~Namespace() { detail::release_if_any(dict_); }
  /// @brief Borrowed; null for the default.
  ::PyObject* as_ptr() const noexcept { return dict_; }

 private:
  ::PyObject* into_ptr() noexcept { return detail::exchange(dict_, nullptr); }
  ::PyObject* dict_ = nullptr;
};
template <>
struct UngilTraits<Namespace> : std::false_type {};

namespace detail {
/// Compiles source text; @p start is Py_eval_input, Py_file_input or Py_single_input.
::PyObject* compile_source(std::string_view source, const char* file_name, int start);

/// Runs a code object; a new reference to its value.
::PyObject* run_code(::PyObject* code, const Namespace& globals, const Namespace& locals);
}  // namespace detail

/// @brief The methods of a handle to a code object.
/// @pyo3{PyCode}
template <class Self>
struct PyCodeMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  /// @brief Runs the code; as often as wanted.
  /// @param globals  A dict, or `{}` for the namespace of `__main__`.
  /// @param locals   A dict, or `{}` for @p globals.
  /// @param where    Left out.
  /// @return  The value of an expression; None for statements.
  /// @throws PyErr  What the code raised; TypeError for the code of a function with variables of an outer one.
  /// @pyo3{PyCode::run}
  auto run(const Namespace& globals = {}, const Namespace& locals = {}, Where where = Where::current()) const {
    const auto code = this->use_alive("run", where);
    if (PyCode_GetNumFree(reinterpret_cast<PyCodeObject*>(code.as_ptr())) != 0) {
      throw PyErr::Access::lazy(PyExc_TypeError, "a code object with free variables cannot be run");
    }
    return detail::steal<detail::LateAny<Self>>(detail::run_code(code, globals, locals), where);
  }
};

/// @brief What PyCode::compile() makes of its text: an expression, statements, or one statement as typed at a prompt,
/// whose value is handed to `sys.displayhook`.
/// @pyo3{PyCodeInput}
enum class PyCodeInput : int { eval = Py_eval_input, file = Py_file_input, single = Py_single_input };

/// @brief The tag of code objects.
struct PyCode : detail::StaticType<"code", &PyCode_Type> {
  template <class Self>
  using Methods = PyCodeMethods<Self>;
  /// @brief Compiles source text, to be run several times.
  /// @param py         The token.
  /// @param source     UTF-8.
  /// @param file_name  What tracebacks show.
  /// @param input      An expression, statements, or one interactive statement.
  /// @throws PyErr     SyntaxError; ValueError for text with NULs.
  /// @pyo3{PyCode::compile}
  template <std::same_as<PyCode> T = PyCode>
  static Bound<T> compile(Python py, std::string_view source, const char* file_name = "<string>",
                          PyCodeInput input = PyCodeInput::file) {
    (void)py;
    return detail::steal<T>(detail::compile_source(source, file_name, static_cast<int>(input)));
  }
};

/// @brief The methods of a handle to a frame.
/// @pyo3{PyFrame}
template <class Self>
struct PyFrameMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  /// @brief `self.f_lineno`: the line that is being run.
  int line_number(Where where = Where::current()) const { return PyFrame_GetLineNumber(frame("line_number", where)); }
  /// @brief `self.f_code`.
  Bound<detail::Late<PyCode, Self>> code(Where where = Where::current()) const {
    return detail::steal<detail::Late<PyCode, Self>>(
        reinterpret_cast<::PyObject*>(PyFrame_GetCode(frame("code", where))), where);
  }
  /// @brief `self.f_back`: the frame that called this one, if there is one.
  auto outer(Where where = Where::current()) const -> std::optional<Bound<detail::Late<PyFrame, Self>>> {
    const auto self = this->use_alive("outer", where);
    PyFrameObject* back = detail::guard_rare_unwind(PyFrame_GetBack, reinterpret_cast<PyFrameObject*>(self.as_ptr()));
    if (back == nullptr) return std::nullopt;
    return detail::steal<detail::Late<PyFrame, Self>>(reinterpret_cast<::PyObject*>(back), where);
  }

 private:
  PyFrameObject* frame(const char* operation, Where where) const {
    return reinterpret_cast<PyFrameObject*>(this->use(operation, where));
  }
};

/// @brief The tag of frames.
struct PyFrame : detail::StaticType<"frame", &PyFrame_Type> {
  template <class Self>
  using Methods = PyFrameMethods<Self>;
  /// @brief The frame of the Python code that is running; nothing where C++ was not called by any.
  template <std::same_as<PyFrame> T = PyFrame>
  static std::optional<Bound<T>> current(Python) {
    PyFrameObject* frame = PyEval_GetFrame();
    if (frame == nullptr) return std::nullopt;
    return detail::borrow<T>(reinterpret_cast<::PyObject*>(frame));
  }
};

/// @brief The methods of a handle to a traceback.
/// @pyo3{PyTraceback}
template <class Self>
struct PyTracebackMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  /// PyFrame, in the types of results.
  using Frame = detail::Late<PyFrame, Self>;
  /// @brief "Traceback (most recent call last):" and a line or two for each entry, as Python prints them.
  /// @pyo3{PyTraceback::format}
  detail::Late<std::string, Self> format(Where where = Where::current()) const {
    const auto self = this->use_alive("format", where);
    const auto module = this->own(detail::guard_unwind(PyImport_ImportModule, "traceback"));
    detail::Late<std::string, Self> text = "Traceback (most recent call last):\n";
    for (const auto& line : module.call_method("format_tb"_s, detail::borrow<detail::LateAny<Self>>(self))) {
      text += line.template downcast<detail::Late<PyString, Self>>().to_string_lossy();
    }
    return text;
  }
  /// @brief `self.tb_lineno`: where the exception passed through.
  int line_number(Where where = Where::current()) const {
    return this->getattr("tb_lineno"_s, where).template extract<int>();
  }
  /// @brief `self.tb_frame`.
  Bound<Frame> frame(Where where = Where::current()) const {
    return this->getattr("tb_frame"_s, where).template downcast<Frame>();
  }
  /// @brief `self.tb_next`: the entry one call further in, if there is one.
  auto next(Where where = Where::current()) const -> std::optional<Bound<detail::Late<PyTraceback, Self>>> {
    return this->getattr("tb_next"_s, where).template try_downcast<detail::Late<PyTraceback, Self>>();
  }
};

/// @brief The tag of `traceback`.
struct PyTraceback : detail::StaticType<"traceback", &PyTraceBack_Type> {
  template <class Self>
  using Methods = PyTracebackMethods<Self>;
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/types/detail/code_inl.hpp"
#endif
