// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of translate.hpp.
#pragma once
#include "adder/error/detail/panic.hpp"
#include "adder/exception/translate.hpp"

#include <cxxabi.h>
#include <cstdlib>
#include <exception>
#include <new>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <typeinfo>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_FUNC void set_error(::PyObject* type, std::string_view message) noexcept {
  ::PyObject* text = text_to_str(message);
  if (text == nullptr) return;  // MemoryError is pending.
  guard_unwind(PyErr_SetObject, type, text);
  Py_DECREF(text);
}

/// What an exception says of itself; a class of somebody's own may answer with null.
ADDER_FUNC std::string_view text_of(const std::exception& error) noexcept {
  const char* text = error.what();
  return text == nullptr ? "" : text;
}

ADDER_FUNC void set_os_error(const std::system_error& error) noexcept {
  const bool has_errno =
      error.code().category() == std::generic_category() || error.code().category() == std::system_category();
  if (!has_errno) return set_error(PyExc_OSError, text_of(error));
  // Called with (errno, text) OSError picks its subclass, such as FileNotFoundError.
  ::PyObject* text = text_to_str(text_of(error));
  ::PyObject* arguments =
      text == nullptr ? nullptr : guard_rare_unwind([&] { return Py_BuildValue("(iN)", error.code().value(), text); });
  if (arguments == nullptr) return;
  // Made at once: up to 3.10 `except FileNotFoundError` asks for the type that is pending, and no instance.
  ::PyObject* made = guard_unwind(PyObject_Call, PyExc_OSError, arguments, nullptr);
  Py_DECREF(arguments);
  if (made == nullptr) return;
  PyErr_SetObject(reinterpret_cast<::PyObject*>(Py_TYPE(made)), made);
  Py_DECREF(made);
}

ADDER_COLD ADDER_FUNC void set_unknown_exception(const std::type_info* type) noexcept {
  int status = -1;
  char* name = type == nullptr ? nullptr : abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);
  PyErr_Format(panic_or_system_error(), "a C++ exception of type '%.200s' was thrown, which is no std::exception",
               name != nullptr ? name : "unknown");
  std::free(name);
}

/// Whether @p error is @p cause or one of its causes.
ADDER_FUNC bool is_caused_by(::PyObject* cause, ::PyObject* error) noexcept {
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

ADDER_COLD ADDER_FUNC void chain_nested(const std::nested_exception* nested) noexcept {
  if (nested == nullptr || nested->nested_ptr() == nullptr) return;
  try {
    const PyErr outermost = PyErr::fetch(token());  // NOLINT(clang-analyzer-deadcode.DeadStores): used after the throw
    auto error = outermost.value(token());
    // In a loop: there may be more of them than the stack has room for. A handler can make an exception the one that is
    // nested in it. @p met is now and then one of those before, by which circles are found that begin further inside.
    const std::exception_ptr first = std::current_exception();
    std::exception_ptr inside = nested->nested_ptr(), met;
    for (unsigned count = 1; inside != nullptr && inside != first && inside != met; ++count) {
      if (::PyObject* known = PyException_GetCause(error.as_ptr())) {
        release(known);
        break;
      }
      std::exception_ptr next;
      try {
        std::rethrow_exception(inside);
      } catch (...) {
        const Thrown thrown;
        translate_alone(thrown);
        if (const auto* further = thrown.as<std::nested_exception>()) next = further->nested_ptr();
      }
      auto cause = PyErr::fetch(token()).value(token());
      if (is_caused_by(cause.as_ptr(), error.as_ptr())) break;
      PyException_SetCause(error.as_ptr(), Py_NewRef(cause.as_ptr()));
      if ((count & (count - 1)) == 0) met = inside;
      error = std::move(cause);
      inside = std::move(next);
    }
    outermost.restore(token());
  } catch (const PyErr& failure) {
    failure.restore(token());
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  }
}

#if defined(__GLIBCXX__)
ADDER_FUNC const void* Thrown::as_type(const std::type_info& wanted) const noexcept {
  const std::type_info* const thrown = type();
  if (thrown == nullptr) return nullptr;
  // SAFETY: the pointer to the exception is all that an exception_ptr of libstdc++ has.
  static_assert(sizeof pointer_ == sizeof(void*) && std::is_standard_layout_v<std::exception_ptr>);
  void* object = *reinterpret_cast<void* const*>(&pointer_);
  if (thrown == &wanted) return object;
  // Pointers are matched by their very type: one to a base would be another pointer, which has no place.
  if (wanted.__is_pointer_p()) return *thrown == wanted ? object : nullptr;
  // What the unwinder asks of a handler's type: finds bases, and adjusts the pointer.
  return wanted.__do_catch(thrown, &object, 1) ? object : nullptr;
}

/// What no C++ code has thrown. A thread that is being ended, by pthread_exit or by a finalizing interpreter, is
/// parked: see attach_gate.hpp. Of that there is no object, which the sanitizer would find fault with.
__attribute__((no_sanitize("undefined"))) ADDER_COLD ADDER_FUNC void translate_foreign_exception() noexcept {
  try {
    throw;
  } catch (__cxxabiv1::__forced_unwind&) {
    park_thread();
  } catch (...) {
    set_unknown_exception(nullptr);
  }
}
#endif

/// The Python type of a standard exception that has no function of its own.
/// @param thrown   What is being handled; its bases are looked at.
/// @param exactly  Not null: only its class, by the address of that. Most are of one of these very classes.
/// @return  Null where the table does not have it.
ADDER_FUNC ::PyObject* python_type_of(const Thrown& thrown, [[maybe_unused]] const std::type_info* exactly) noexcept {
#if defined(__GLIBCXX__)
  struct Row {
    const std::type_info* type;
    ::PyObject** python_type;
  };
  static constexpr Row table[] = {
      {&typeid(std::out_of_range), &PyExc_IndexError},         {&typeid(std::invalid_argument), &PyExc_ValueError},
      {&typeid(std::domain_error), &PyExc_ValueError},         {&typeid(std::length_error), &PyExc_ValueError},
      {&typeid(std::range_error), &PyExc_ValueError},          {&typeid(std::overflow_error), &PyExc_OverflowError},
      {&typeid(std::underflow_error), &PyExc_ArithmeticError}, {&typeid(std::runtime_error), &PyExc_RuntimeError},
  };
  for (const Row& row : table) {
    if (exactly != nullptr ? exactly == row.type : thrown.as_type(*row.type) != nullptr) return *row.python_type;
  }
  return nullptr;
#else
  if (thrown.as<std::out_of_range>() != nullptr) return PyExc_IndexError;
  if (thrown.as<std::invalid_argument>() != nullptr || thrown.as<std::domain_error>() != nullptr ||
      thrown.as<std::length_error>() != nullptr || thrown.as<std::range_error>() != nullptr) {
    return PyExc_ValueError;
  }
  if (thrown.as<std::overflow_error>() != nullptr) return PyExc_OverflowError;
  return thrown.as<std::underflow_error>() != nullptr ? PyExc_ArithmeticError : nullptr;
#endif
}

ADDER_FUNC void translate_standard_exception(const Thrown& thrown) noexcept {
  const auto* const standard = thrown.as<std::exception>();
#if defined(__GLIBCXX__)
  const std::type_info* const type = thrown.type();
  if (type == nullptr) return translate_foreign_exception();
  if (::PyObject* exact = python_type_of(thrown, type)) return set_error(exact, standard->what());
#else
  const std::type_info* const type = abi::__cxa_current_exception_type();
#endif
  if (thrown.as<std::bad_alloc>() != nullptr) {
    PyErr_NoMemory();
  } else if (const auto* error = thrown.as<std::system_error>()) {
    set_os_error(*error);
  } else if (standard != nullptr) {
    ::PyObject* const found = python_type_of(thrown, nullptr);
    set_error(found == nullptr ? PyExc_RuntimeError : found, text_of(*standard));
  } else {
    set_unknown_exception(type);
  }
}

ADDER_FUNC void translate_alone(const Thrown& thrown) noexcept {
#if defined(__GLIBCXX__)
  if (thrown.type() == nullptr) return translate_foreign_exception();
#endif
  if (const auto* error = thrown.as<PyErr>()) return error->restore(token());
  const Translator* translator = translators.load(Order::acquire);
  for (; translator != nullptr; translator = translator->next.load(Order::acquire)) {
    if (translator->translate(thrown)) return;
  }
  translate_standard_exception(thrown);
}

ADDER_FUNC void translate_current_exception() noexcept {
  const Thrown thrown;
  translate_alone(thrown);
#if defined(__GLIBCXX__)
  // In the exceptions of the standard library themselves nothing is nested, as looking at their bases would tell, too.
  if (python_type_of(thrown, thrown.type()) != nullptr) return;
#endif
  chain_nested(thrown.as<std::nested_exception>());
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
