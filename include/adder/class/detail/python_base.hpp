// SPDX-License-Identifier: MIT
/// @file
/// @brief Classes with a base written in Python. C++ makes a class as always; what users see is a Python class that
/// derives from it and from that base, as `class Square(CppSquare, Shape)` would. So Python itself joins the two: the
/// metaclass, `__init_subclass__`, abstract methods, the base's `__dict__` and slots are its business.
#pragma once
#include "adder/class/detail/lifetime.hpp"
#include "adder/object/conversion.hpp"

namespace adder::inline ADDER_ABI::detail {

/// Makes what users see of a class with a base written in Python, at its first use; it is kept for good.
/// @param place        Where it is kept.
/// @param own          The class that C++ made.
/// @param base         What users see of its base, if that is a pyclass; else null.
/// @param python_base  A new reference to a class written in Python, or a tuple of such classes; null where only a base
///                     has one.
ADDER_COLD_CALL ::PyTypeObject* join_class(Atomic<::PyTypeObject*>& place, ::PyTypeObject* own, ::PyTypeObject* base,
                                           ::PyObject* (*python_base)());

/// The class that C++ made: what users see, unless that has a base written in Python.
template <class T>
::PyTypeObject* own_type_object();

/// What PyClass<T>::python_base names. @return A new reference.
template <class T>
::PyObject* named_python_base() {
  using Result = decltype(PyClass<T>::python_base(token()));
  if constexpr (is_specialization<Result, PyResult>) {
    return into_ptr_or_pending(PyClass<T>::python_base(token()).value());
  } else {
    return into_ptr_or_pending(PyClass<T>::python_base(token()));
  }
}

/// What users see of a class with a base written in Python, made at its first use.
template <class T>
ADDER_HIDDEN ADDER_COLD ::PyTypeObject* make_joined_type() {
  ::PyTypeObject* own = own_type_object<T>();
  ::PyTypeObject* base = nullptr;
  if constexpr (has_pyclass_base<T>) base = PyTypeInfo<BaseTagOf<T>>::type_object();
  if (::PyTypeObject* type = joined_type<T>.load(Order::acquire)) return type;
  ::PyObject* (*python_base)() = nullptr;
  if constexpr (requires { PyClass<T>::python_base; }) {
    static_assert(is_subclassable<T>(),
                  "adder: what users see of a class with python_base is a Python class that derives from it: give "
                  "PyClass<T> `static constexpr bool subclass = true`");
    constexpr bool is_function = requires(Python py) { PyClass<T>::python_base(py).as_ptr(); } ||
                                 requires(Python py) { PyClass<T>::python_base(py).value().as_ptr(); };
    static_assert(is_function,
                  "adder: PyClass<T>::python_base takes a Python and returns a handle to a class written in Python, or "
                  "to a tuple of such: `static adder::Bound<adder::PyAny> python_base(adder::Python py)`");
    if constexpr (is_function) python_base = &named_python_base<T>;
  }
  return join_class(joined_type<T>, own, base, python_base);
}

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/class/detail/python_base_inl.hpp"
#endif
