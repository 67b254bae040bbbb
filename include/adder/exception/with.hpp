// SPDX-License-Identifier: MIT
/// @file
/// @brief `with(manager, f)`: Python's `with` statement.
#pragma once
#include "adder/call/call.hpp"
#include "adder/exception/translate.hpp"

namespace adder::inline ADDER_ABI {

namespace detail {
// Templates, so that only who uses them compiles them.

/// `type(object).name`, bound to the object: special methods are looked up on the type.
template <class Any>
Bound<Any> special_method(const Bound<Any>& object, const Name& name) {
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
  std::optional<Bound<Any>> method;
  if (found != nullptr) method = steal<Any>(found);
  if (!method) {
    std::string message = "'";
    message.append(type_name_of(object.as_ptr())).append("' object does not support the context manager protocol");
    if (PyUnicode_CompareWithASCIIString(name.as_ptr(), "__exit__") == 0) message += " (missed __exit__ method)";
    throw PyTypeError::new_err(message);
  }
  const auto get = Py_TYPE(method->as_ptr())->tp_descr_get;
  if (get == nullptr) return *std::move(method);
  return steal<Any>(non_null(guard_unwind([&] { return get(method->as_ptr(), object.as_ptr(), type_of.as_ptr()); })));
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

/// Calls `__exit__` with the exception that is being handled; true where that is to be swallowed.
template <class Any>
bool exit_with_current_exception(const Bound<Any>& exit) {
  translate_current_exception();
  const PyErr error = PyErr::fetch(token());
  const auto value = error.value(token());
  const auto traceback = error.traceback(token());
  const Bound<Any> no_traceback = borrow<Any>(Py_None);
  const HandledScope handled(value.as_ptr());
  return exit(error.get_type(token()), value, traceback ? traceback->as_any() : no_traceback).is_truthy();
}
}  // namespace detail

/// @brief Python's `with manager as value: f(value)`.
///
/// `__exit__` is called however @p f ends: with the exception, as Python sees it, where it throws one; if the answer is
/// true the exception ends here, else it goes on as it is.
/// @param context_manager  The context manager.
/// @param f        Gets what `__enter__` returned, as a `const Bound<PyAny>&`.
/// @return         What @p f returned, in an optional that is empty when its exception was swallowed; for a void @p f
///                 whether it came to its end.
/// @throws PyErr   TypeError when @p context_manager is none; what `__enter__` or `__exit__` raised; whatever @p f
/// throws.
/// @gil            Held.
template <class F>
auto with(const Bound<PyAny>& context_manager, F&& f) {
  using R = std::invoke_result_t<F, const Bound<PyAny>&>;
  static_assert(!std::is_reference_v<R>, "adder: the function of with() returns a value: return one, or a handle");
  const auto manager = detail::borrow(detail::HandleAccess::use(context_manager, "with", {}));
  const auto enter = detail::special_method(manager, "__enter__"_s);
  const auto exit = detail::special_method(manager, "__exit__"_s);
  const auto value = enter();
  const auto leave = [&] { exit(detail::peek(Py_None), detail::peek(Py_None), detail::peek(Py_None)); };
  if constexpr (std::is_void_v<R>) {
    try {
      std::forward<F>(f)(value);
    } catch (...) {
      if (detail::exit_with_current_exception(exit)) return false;
      throw;
    }
    leave();
    return true;
  } else {
    std::optional<R> result;
    try {
      result.emplace(std::forward<F>(f)(value));
    } catch (...) {
      if (detail::exit_with_current_exception(exit)) return std::optional<R>();
      throw;
    }
    leave();
    return result;
  }
}

}  // namespace adder::inline ADDER_ABI
