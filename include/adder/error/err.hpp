// SPDX-License-Identifier: MIT
/// @file
/// @brief `PyErr`: a Python exception as a C++ value.
///
/// A failing Python operation throws `PyErr`. Functions for which failure is an ordinary answer return `PyResult<T>`
/// instead, see result.hpp.
#pragma once
#include "adder/base/detail/string_fwd.hpp"
#include "adder/handle/handle.hpp"
#include "adder/token/error_scope.hpp"  // IWYU pragma: export (who handles errors sets them aside, too)

#include <cstdint>
#include <exception>
#include <optional>
#include <string_view>

namespace adder::inline ADDER_ABI {

namespace detail {

class TextBuilder;

/// What all copies of a PyErr share.
///
/// | form       | has                                   | made by                             |
/// |------------|---------------------------------------|-------------------------------------|
/// | lazy       | type, and message or mismatch          | C++: no Python object exists yet    |
/// | raised     | value, which knows its type and traceback | PyErr::fetch, PyErr::from_value   |
///
/// A lazy error gets its value when somebody asks for it; it then has both.
struct ErrState {
  enum class Kind : unsigned char { raised, bare, message, mismatch };

  Atomic<std::uint32_t> references{1};
  Kind kind = Kind::raised;
  bool owns_type = false;      // False for built-in exceptions, which live as long as the interpreter.
  ::PyObject* type = nullptr;  // Of lazy errors.
  Atomic<::PyObject*> value{nullptr};
  std::string_view message;      // Of a mismatch: the name of the type that was expected.
  std::string_view got;          // Of a mismatch: the name of the type that was found.
  ::PyObject* source = nullptr;  // Of a cast that failed: the object,
  ::PyObject* target = nullptr;  // and the type that it is not.
  std::string_view path;  // Where inside a container a conversion failed: "[3]['k']". Of raised errors: for a note.
  Atomic<const char*> text{nullptr};  // what(), once computed.

  /// With copies of the texts behind it, in the same piece of memory.
  /// The path is @p step and what is inside of it.
  static ErrState* make(Kind kind, ::PyObject* type = nullptr, std::string_view message = {}, std::string_view got = {},
                        std::string_view step = {}, std::string_view inside = {});
  // Not of a fixed size.
  // NOLINTNEXTLINE(misc-new-delete-overloads): make() is what goes with it
  static void operator delete(void* memory) noexcept { ::operator delete(memory); }
  ErrState(const ErrState&) = delete;
  ErrState& operator=(const ErrState&) = delete;
  ~ErrState();
  /// Lets go of one reference, on any thread.
  static void drop(ErrState* state) noexcept;

  bool is_lazy() const noexcept { return kind != Kind::raised; }
  void append_text(TextBuilder& to) const;

 private:
  ErrState() = default;
};

/// The Python name of an object's type. Borrowed from the type.
inline const char* type_name_of(::PyObject* object) noexcept { return Py_TYPE(object)->tp_name; }

/// The pending exception as an instance that knows its traceback, which is taken. There has to be one.
///
/// Up to 3.11 it may still be a class and arguments; the instance is made here and now, because whoever shares the
/// error has to see one and the same.
::PyObject* take_raised() noexcept;

/// Makes an exception instance the pending one; takes the reference.
void set_raised(::PyObject* value) noexcept;

/// A str from text that should be, but need not be, UTF-8. Null with an exception set on failure.
inline ::PyObject* text_to_str(std::string_view text) noexcept {
  return PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "backslashreplace");
}

}  // namespace detail

/// @brief A Python exception held as, and thrown as, a C++ value.
///
/// Cheap to make and to copy: one made in C++ is lazy, and becomes a Python object only when Python sees it or value()
/// is asked for. With `std::throw_with_nested(error)` the exception being handled becomes its `__cause__`.
/// @threads  Copying, destroying and what(): any, attached or not.
/// @pyo3{PyErr}
class ADDER_VISIBLE PyErr : public std::exception {
 public:
  PyErr(const PyErr& other) noexcept;
  PyErr(PyErr&& other) noexcept : std::exception(), state_(detail::exchange(other.state_, nullptr)) {}
  PyErr& operator=(PyErr other) noexcept;
  ADDER_FUNC ~PyErr() override;

  /// @name Construction
  /// `PyValueError::new_err("...")` and its siblings in exceptions.hpp are the usual way.
  /// @{

  /// @brief The pending exception, which is taken. A `SystemError` when there is none.
  /// @pyo3{PyErr::fetch}
  static PyErr fetch(Python py);
  /// @brief The pending exception, which is taken, if there is one.
  /// @pyo3{PyErr::take}
  static std::optional<PyErr> take(Python py);
  /// @brief An error from an exception instance or class; from anything else a `TypeError` that says so.
  /// @pyo3{PyErr::from_value}
  static PyErr from_value(const Bound<PyAny>& value);
  /// @brief A `TypeError` that says which type was expected instead of @p got: what a FromPyObject returns. As an
  /// argument's error it reads `f() argument 'x' must be Decimal, not int`.
  static PyErr mismatch(const char* expected, const Bound<PyAny>& got);
  /// @brief A lazy error of a Python exception class.
  /// @param type     The class; anything else gives a `TypeError` that says so.
  /// @param message  UTF-8.
  /// @pyo3{PyErr::from_type}
  static PyErr from_type(const Bound<PyAny>& type, std::string_view message);
  /// @}

  /// @brief Issues a warning, as `warnings.warn`.
  /// @tparam Category    Its class, such as PyDeprecationWarning.
  /// @param  py          The token.
  /// @param  message     UTF-8.
  /// @param  stacklevel  Whose line is shown: 1 is the Python code that runs now.
  /// @return An error where the filters turn the warning into an exception.
  /// @pyo3{PyErr::warn}
  template <class Category>
  static PyResult<void> warn(Python py, std::string_view message, int stacklevel = 1);

  /// @brief Whether an exception is pending in this thread.
  /// @pyo3{PyErr::occurred}
  static bool occurred(Python) noexcept { return PyErr_Occurred() != nullptr; }

  /// @name Looking into it
  /// @{

  /// @brief The exception instance; makes it if need be.
  /// @pyo3{PyErr::value}
  Bound<PyBaseException> value(Python py) const;
  /// @brief The exception's class.
  /// @pyo3{PyErr::get_type}
  Bound<PyType> get_type(Python py) const;
  /// @brief The traceback, if the exception was raised by Python code.
  /// @pyo3{PyErr::traceback}
  template <class T = PyTraceback>
  std::optional<Bound<T>> traceback(Python py) const;
  /// @brief Whether it is an instance of one of the exception types, such as `PyKeyError`, or of a subtype: as
  /// `except (LookupError, TypeError)`. A handler lets go of the others: `if (!error.is_instance_of<...>(py)) throw;`.
  /// @pyo3{PyErr::is_instance_of}
  template <class E, class... More>
  bool is_instance_of(Python py) const;
  /// @brief Whether an `except` clause with this class, or tuple of classes, would catch it.
  /// @pyo3{PyErr::matches}
  bool matches(const Bound<PyAny>& type) const;
  /// @brief "ValueError: the message". The text is computed at the first call, for which a thread that is not attached
  /// attaches: do not call it then while holding a lock that Python code may want.
  // `inline` here, or every file that includes this header would compile the vtable and all it leads to.
  ADDER_FUNC const char* what() const noexcept override;
  /// @brief What `traceback.format_exception` makes of it: several lines. Callers include `<string>`.
  std::string format(Python py) const;
  /// @brief `__cause__`: what `raise ... from` named, if anything.
  /// @pyo3{PyErr::cause}
  std::optional<PyErr> cause(Python py) const;
  /// @brief Sets `__cause__`, as `raise ... from cause` does.
  /// @pyo3{PyErr::set_cause}
  void set_cause(Python py, const std::optional<PyErr>& cause) const;
  /// @brief `__context__`: the exception during whose handling this one was raised, if any.
  /// @pyo3{PyErr::context}
  std::optional<PyErr> context(Python py) const;
  /// @brief `add_note(text)`: a line that is shown below the message. CPython 3.10 does not show it; it is in
  /// `__notes__` there, too.
  /// @pyo3{PyErr::add_note}
  void add_note(Python py, std::string_view text) const;
  /// @}

  /// @name Handing it back to Python
  /// @{

  /// @brief Makes it the pending exception, replacing another one.
  /// @pyo3{PyErr::restore}
  void restore(Python py) const noexcept;
  /// @brief Prints it with its traceback to `sys.stderr`, through `sys.excepthook`. A `SystemExit` ends the process.
  /// @pyo3{PyErr::print}
  void print(Python py) const;
  /// @brief Prints it with its traceback to `sys.stderr`; ends nothing and sets nothing.
  /// @pyo3{PyErr::display}
  void display(Python py) const;
  /// @brief Hands it to `sys.unraisablehook`.
  /// @param py       The token.
  /// @param context  The object in whose service it happened, or nothing: a handle, a std::optional of one.
  /// @pyo3{PyErr::write_unraisable}
  void write_unraisable(Python py, const Bound<PyAny>& context) const noexcept;
  template <class Handle>
  void write_unraisable(Python py, const std::optional<Handle>& context) const noexcept {
    context ? write_unraisable(py, *context) : write_unraisable(py);
  }
  void write_unraisable(Python py, std::nullopt_t) const noexcept { write_unraisable(py); }
  /// @brief The same; a null pointer is nothing.
  void write_unraisable(Python py, const Bound<PyAny>* context = nullptr) const noexcept;
  /// @}

 private:
  explicit PyErr(detail::ErrState* state) noexcept : state_(state) {}
  ::PyObject* normalized_value() const;
  ::PyObject* new_traceback(Python py) const;  ///< Owned; may be null.
  /// What `except` looks at; null once moved from, which matches nothing.
  ::PyObject* value_or_type() const noexcept;

  detail::ErrState* state_;

 public:
  /// Not for users: how adder makes lazy errors and looks into them.
  struct Access;
};

struct PyErr::Access {
  static PyErr adopt(detail::ErrState* state) noexcept { return PyErr(state); }
  /// @p type is a built-in exception, borrowed for good.
  ADDER_COLD static PyErr lazy(::PyObject* type, std::string_view message) {
    return PyErr(detail::ErrState::make(detail::ErrState::Kind::message, type, message));
  }
  ADDER_COLD static PyErr bare(::PyObject* type) {
    return PyErr(detail::ErrState::make(detail::ErrState::Kind::bare, type));
  }
  ADDER_COLD_CALL static PyErr mismatch(const char* expected, ::PyObject* got);
  /// An error like @p error, of something that is found at @p step of a container. Others may share @p error.
  ADDER_COLD_CALL static PyErr with_path(const PyErr& error, std::string_view step);
  static const detail::ErrState& state(const PyErr& error) noexcept { return *error.state_; }
  static bool empty(const PyErr& error) noexcept { return error.state_ == nullptr; }
};

namespace detail {

[[noreturn]] ADDER_COLD_CALL void throw_fetched();

/// Throws the pending exception for a null result.
ADDER_INLINE ::PyObject* non_null(::PyObject* result) {
  if (result == nullptr) [[unlikely]]
    throw_fetched();
  return result;
}
/// Throws the pending exception for a negative result.
template <class Int>
ADDER_INLINE Int non_negative(Int result) {
  if (result < 0) [[unlikely]]
    throw_fetched();
  return result;
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/error/detail/err_inl.hpp"
#endif
