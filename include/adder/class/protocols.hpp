// SPDX-License-Identifier: MIT
/// @file
/// @brief Operators, comparison, containers, iteration, calls, attributes: every dunder a class may have. Not part of
/// adder.hpp.
///
/// A dunder goes to the type slot that CPython keeps for it. Its name, the number of its parameters, and its result are
/// checked by the compiler:
/// @code
/// cls.def<"__add__", &Vec::plus>();                                   // a + b
/// cls.def<"__mul__", overload<&Vec::scaled, &Vec::dot>>();             // by what b is; adder/function/overload.hpp
/// cls.def<"__rmul__", &Vec::scaled>();                                // 2 * a
/// cls.def<"__iadd__", &Vec::operator+=>();                            // a += b stays the same object
/// cls.def<"__getitem__", &Vec::at>();                                 // a[i]; `adder::Index` counts from the end, too
/// @endcode
///
/// | dunder                                              | takes              | what it returns                          |
/// |-----------------------------------------------------|--------------------|------------------------------------------|
/// | `__add__`, `__radd__`, and those of the other operators | the other operand | anything                            |
/// | `__pow__`, `__rpow__`, `__ipow__`                   | the other operand, and perhaps the modulus | anything         |
/// | `__iadd__` and its kin                              | the other operand  | nothing, `*this`, or another object      |
/// | `__neg__`, `__pos__`, `__abs__`, `__invert__`       | nothing            | anything                                 |
/// | `__int__`, `__index__`; `__float__`                 | nothing            | an integer; a floating-point number      |
/// | `__eq__`, `__ne__`, `__lt__`, `__le__`, `__gt__`, `__ge__` | the other operand | anything, mostly bool             |
/// | `__richcmp__` (PyO3's name)                         | the other operand, CompareOp | the same, for all six          |
/// | `__hash__`                                          | nothing            | an integer                               |
/// | `__getitem__`, `__delitem__`; `__setitem__`         | the key; and the value | the item; nothing                    |
/// | `__contains__`                                      | the item           | bool                                     |
/// | `__iter__`                                          | nothing            | an iterator                              |
/// | `__next__`                                          | nothing            | the item; a `std::optional` without one ends |
/// | `__call__`                                          | as def             | anything                                 |
/// | `__getattr__` (of what is missing), `__getattribute__` | the name        | anything                                 |
/// | `__setattr__`; `__delattr__`                        | the name and the value; the name | nothing                    |
/// | `__get__`; `__set__`; `__delete__`                  | instance and owner; instance and value; instance | anything   |
/// | `__await__`, `__aiter__`, `__anext__`               | nothing            | an iterator; the same; an awaitable      |
/// | `__concat__`, `__repeat__`, `__inplace_...__` (PyO3's names) | the other; a count | anything                        |
/// | `__enter__`, `__exit__`, `__format__`, `__round__`, `__reversed__` ... | as in Python | the same                 |
///
/// An operand that does not convert to the parameter gives NotImplemented: Python asks the other operand, and then says
/// TypeError. A conversion that raises something other than a TypeError raises that. An `item in c` that does not
/// convert is not in it.
/// `__eq__` without `__hash__` makes a class unhashable. `a += a` passes a copy, as the value is being changed.
///
/// `__getattr__`, `__setattr__` and their kin reach what they do not make up themselves by `generic_getattr(self,
/// name)`, `generic_setattr(self, name, value)` and `generic_delattr(self, name)`.
///
/// The options `eq`, `order` and `hash` of `PyClass<T>` derive the comparisons from `==` and `<=>`, and the hash of a
/// frozen class from `std::hash`. Another type is NotImplemented.
#pragma once
#include "adder/class/detail/derived.hpp"         // IWYU pragma: export (eq, order, hash)
#include "adder/class/detail/protocol_slots.hpp"  // IWYU pragma: export (the dunders)
#include "adder/types/index.hpp"                  // IWYU pragma: export (what items take)
#include "adder/types/string.hpp"

#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief The attribute as it is found without `__getattribute__` and `__getattr__` of the class: for use in those.
/// @gil     Held.
/// @refs    The result owns its reference.
/// @throws  PyErr  AttributeError where there is none.
template <class T>
Bound<PyAny> generic_getattr(const Bound<T>& self, const Bound<PyString>& name) {
  const Bound<detail::Late<PyString, T>>& string = name;
  return detail::steal(detail::non_null(detail::guard_unwind(PyObject_GenericGetAttr, self.as_ptr(), string.as_ptr())));
}
/// @brief Sets the attribute as it would be without `__setattr__` of the class: for use in that.
/// @gil     Held.
/// @throws  PyErr  AttributeError where the object takes none of that name.
template <class T, class V>
void generic_setattr(const Bound<T>& self, const Bound<PyString>& name, V&& value) {
  const Bound<detail::Late<PyString, T>>& string = name;
  const detail::AsArgument<V&&> given(std::forward<V>(value));
  detail::non_negative(detail::guard_unwind(PyObject_GenericSetAttr, self.as_ptr(), string.as_ptr(), given.as_ptr()));
}
/// @brief Deletes the attribute as it would be without `__delattr__` of the class: for use in that.
/// @gil     Held.
/// @throws  PyErr  AttributeError where there is none.
template <class T>
void generic_delattr(const Bound<T>& self, const Bound<PyString>& name) {
  const Bound<detail::Late<PyString, T>>& string = name;
  detail::non_negative(detail::guard_unwind(PyObject_GenericSetAttr, self.as_ptr(), string.as_ptr(), nullptr));
}

}  // namespace adder::inline ADDER_ABI
