// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of err.hpp.
#pragma once
#include "adder/base/detail/text_builder.hpp"
#include "adder/error/err.hpp"

#include <cstddef>
#include <cstring>
#include <exception>
#include <new>
#include <optional>
#include <string_view>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_FUNC ErrState* ErrState::make(Kind kind, ::PyObject* type, std::string_view message, std::string_view got,
                                    std::string_view step, std::string_view inside) {
  const std::size_t size = message.size() + got.size() + step.size() + inside.size();
  auto* state = ::new (::operator new(sizeof(ErrState) + size)) ErrState;
  char* behind = reinterpret_cast<char*>(state + 1);
  const auto copy_of = [&behind](std::string_view from) {
    char* begin = behind;
    behind += from.copy(begin, from.size());
    return std::string_view(begin, from.size());
  };
  state->kind = kind;
  state->type = type;
  state->message = copy_of(message);
  if (size == message.size()) return state;  // Mostly that is all.
  state->got = copy_of(got);
  state->path = copy_of(step);
  if (!inside.empty()) state->path = {state->path.data(), step.size() + copy_of(inside).size()};
  return state;
}

ADDER_NOINLINE ADDER_FUNC void release_of_error(::PyObject* object) noexcept { release_anywhere(object); }

ADDER_FUNC ErrState::~ErrState() {
  if (owns_type) release_of_error(type);
  if (::PyObject* object = value.load(Order::acquire)) release_of_error(object);
  if (source != nullptr) release_of_error(source);
  if (target != nullptr) release_of_error(target);
  delete[] text.load(Order::acquire);
}

ADDER_NOINLINE ADDER_FUNC void ErrState::drop(ErrState* state) noexcept {
  // ORDER: acquire, acq_rel: the thread that deletes sees what all others wrote before they let go. Who has the only
  // reference need not write.
  if (state->references.load(Order::acquire) == 1 || state->references.fetch_sub(1, Order::acq_rel) == 1) delete state;
}

ADDER_FUNC void ErrState::append_text(TextBuilder& to) const {
  if (!path.empty()) to.append(path).append(": ");
  if (kind == Kind::mismatch) {
    to.append("expected ").append(message).append(", got ").append(got);
  } else {
    to.append(message);
  }
}

ADDER_FUNC ::PyObject* take_raised() noexcept {
#if PY_VERSION_HEX >= 0x030C0000
  return PyErr_GetRaisedException();
#else
  ::PyObject *type = nullptr, *value = nullptr, *traceback = nullptr;
  PyErr_Fetch(&type, &value, &traceback);
  guard_unwind(PyErr_NormalizeException, &type, &value, &traceback);
  if (traceback != nullptr && value != nullptr) PyException_SetTraceback(value, traceback);
  Py_XDECREF(type);
  Py_XDECREF(traceback);
  return value;
#endif
}

ADDER_FUNC void set_raised(::PyObject* value) noexcept {
#if PY_VERSION_HEX >= 0x030C0000
  PyErr_SetRaisedException(value);
#else
  PyErr_Restore(Py_NewRef(reinterpret_cast<::PyObject*>(Py_TYPE(value))), value, PyException_GetTraceback(value));
#endif
}

}  // namespace detail

ADDER_FUNC PyErr::PyErr(const PyErr& other) noexcept : std::exception(other), state_(other.state_) {
  // ORDER: relaxed: whoever copies already has a reference.
  if (state_ != nullptr) state_->references.fetch_add(1, detail::Order::relaxed);
}

ADDER_FUNC PyErr& PyErr::operator=(PyErr other) noexcept {
  state_ = detail::exchange(other.state_, state_);
  return *this;
}

ADDER_FUNC PyErr::~PyErr() {
  if (state_ != nullptr) detail::ErrState::drop(state_);
}

ADDER_FUNC ::PyObject* PyErr::value_or_type() const noexcept {
  if (state_ == nullptr) return nullptr;
  ::PyObject* value = state_->value.load(detail::Order::acquire);
  return value == nullptr ? state_->type : value;
}

ADDER_COLD ADDER_FUNC PyErr PyErr::Access::mismatch(const char* expected, ::PyObject* got) {
  return PyErr(detail::ErrState::make(detail::ErrState::Kind::mismatch, PyExc_TypeError, expected,
                                      got == Py_None ? "None" : detail::type_name_of(got)));
}

ADDER_COLD ADDER_FUNC PyErr PyErr::Access::with_path(const PyErr& error, std::string_view step) {
  const detail::ErrState& old = *error.state_;
  auto* state = detail::ErrState::make(old.kind, old.type, old.message, old.got, step, old.path);
  PyErr result(state);
  if (old.owns_type) Py_INCREF(old.type);
  state->owns_type = old.owns_type;
  state->source = Py_XNewRef(old.source);
  state->target = Py_XNewRef(old.target);
  // An instance that somebody has looked at may have a cause or notes: it goes on as it is.
  ::PyObject* value = old.value.load(detail::Order::acquire);
  if (value != nullptr) {
    state->kind = detail::ErrState::Kind::raised;
    state->value.store(Py_NewRef(value), detail::Order::release);
  }
  return result;
}

namespace detail {

ADDER_COLD ADDER_FUNC void throw_moved_from(std::string_view type, const char* operation) {
  TextBuilder message;
  message.append("the C++ handle Bound<").append(type).append("> was used after it was moved from: ").append(operation);
  throw PyErr::Access::lazy(PyExc_RuntimeError, message.view());
}

}  // namespace detail

ADDER_FUNC PyErr PyErr::fetch(Python py) {
  if (std::optional<PyErr> pending = take(py)) return *std::move(pending);
  return Access::lazy(PyExc_SystemError, "an operation failed without setting an exception");
}

ADDER_FUNC std::optional<PyErr> PyErr::take(Python) {
  if (PyErr_Occurred() == nullptr) return std::nullopt;
  detail::ErrState* state = nullptr;
  try {
    state = detail::ErrState::make(detail::ErrState::Kind::raised);
  } catch (const std::bad_alloc&) {
    PyErr_Clear();  // The bad_alloc takes its place: what is pending would be met by the next operation.
    throw;
  }
  state->value.store(detail::take_raised(), detail::Order::release);
  return PyErr(state);
}

/// The exception instance, borrowed from the state. Null, with nothing pending, where it cannot be made.
ADDER_FUNC ::PyObject* PyErr::normalized_value() const {
  detail::ErrState& state = *state_;
  ::PyObject* value = state.value.load(detail::Order::acquire);
  if (value != nullptr || !state.is_lazy()) return value;
  // Lazy: let Python make the instance, as `raise` would. Whatever that raises takes its place.
  ErrorScope scope(detail::token());
  restore(detail::token());
  return detail::publish_once(state.value, detail::take_raised());
}

ADDER_FUNC void PyErr::restore(Python) const noexcept {
  if (state_ == nullptr) {
    PyErr_SetString(PyExc_SystemError, "a PyErr was used after it was moved from");
    return;
  }
  const detail::ErrState& state = *state_;
  ::PyObject* value = state.value.load(detail::Order::acquire);
  if (value != nullptr) return detail::set_raised(Py_NewRef(value));
  if (!state.is_lazy()) {
    PyErr_SetString(PyExc_SystemError, "the exception instance cannot be made");
    return;
  }
  const detail::KeptAlive type(state.type);  // A class written in Python may drop this error, and with it the class.
  if (state.kind == detail::ErrState::Kind::bare) {
    detail::guard_unwind(PyErr_SetNone, type);
    return;
  }
  ::PyObject* text = nullptr;
  if (state.kind == detail::ErrState::Kind::message && state.path.empty()) {
    text = detail::text_to_str(state.message);
  } else {
    try {
      detail::TextBuilder message;
      state.append_text(message);
      text = detail::text_to_str(message.view());
    } catch (const std::bad_alloc&) {
      PyErr_NoMemory();
      return;
    }
  }
  if (text == nullptr) return;  // Out of memory: that is pending now.
  detail::guard_unwind(PyErr_SetObject, type, text);
  Py_DECREF(text);
}

ADDER_FUNC void PyErr::print(Python py) const {
  restore(py);
  detail::guard_unwind(PyErr_PrintEx, 0);
}

ADDER_FUNC void PyErr::display(Python) const {
  const PyErr kept(*this);  // Python code may drop this error.
  ErrorScope scope(detail::token());
  ::PyObject* value = state_ == nullptr ? nullptr : normalized_value();
  if (value == nullptr) return;
#if PY_VERSION_HEX >= 0x030C0000
  detail::guard_unwind(PyErr_DisplayException, value);
#else
  ::PyObject* traceback = PyException_GetTraceback(value);
  detail::guard_unwind(PyErr_Display, reinterpret_cast<::PyObject*>(Py_TYPE(value)), value, traceback);
  Py_XDECREF(traceback);
#endif
}

ADDER_FUNC const char* PyErr::what() const noexcept {
  if (state_ == nullptr) return "a PyErr that was moved from";
  detail::ErrState& state = *state_;
  if (const char* known = state.text.load(detail::Order::acquire)) return known;
  try {
    detail::TextBuilder text;
    if (state.is_lazy()) {
      // SAFETY: the name of an exception class is read without the GIL; the class is kept alive by this error and
      // renaming a class is not something another thread does meanwhile.
      text.append(reinterpret_cast<PyTypeObject*>(state.type)->tp_name);
      if (state.kind != detail::ErrState::Kind::bare) state.append_text(text.append(": "));
    } else {
      detail::AttachScope scope(detail::AttachScope::IfNone::give_up);
      if (!scope.attached()) return "a Python exception; the interpreter that knew its text is gone";
      const PyErr alive(*this);  // Its `__str__` may drop this error.
      ErrorScope pending(detail::token());
      ::PyObject* value = normalized_value();
      const detail::OwnedPtr str(detail::Steal(),
                                 value == nullptr ? nullptr : detail::guard_unwind(PyObject_Str, value), {});
      // Lone surrogates are shown, not refused.
      const detail::OwnedPtr bytes(
          detail::Steal(),
          str.as_ptr() == nullptr ? nullptr : PyUnicode_AsEncodedString(str.as_ptr(), "utf-8", "backslashreplace"), {});
      if (bytes.as_ptr() == nullptr) PyErr_Clear();
      if (value != nullptr) text.append(detail::type_name_of(value));
      if (bytes.as_ptr() == nullptr) {
        text.append(": <exception str() failed>");
      } else if (PyBytes_GET_SIZE(bytes.as_ptr()) > 0) {
        text.append(": ").append(
            {PyBytes_AS_STRING(bytes.as_ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.as_ptr()))});
      }
    }
    char* kept = new char[text.size() + 1];
    std::memcpy(kept, text.c_str(), text.size() + 1);
    const char* expected = nullptr;
    // ORDER: acq_rel: publishes the text; where two threads race the first one's is kept.
    if (!state.text.compare_exchange(expected, kept, detail::Order::acq_rel)) {
      delete[] kept;
      return expected;
    }
    return kept;
  } catch (const std::bad_alloc&) {
    return "a Python exception; out of memory while making its text";
  }
}

namespace detail {

ADDER_COLD ADDER_FUNC void throw_fetched() { throw PyErr::fetch(token()); }

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
