// SPDX-License-Identifier: MIT
/// @file
/// @brief Dunder methods that go straight to type slots. Their names are known at compile time.
#pragma once
#include "adder/class/detail/constructor.hpp"

namespace adder::inline ADDER_ABI::detail {

/// Where a dunder goes: up to two slots that share one entry point.
template <FixedString Dunder>
struct Slot {
  static constexpr bool known = false;
};

/// Slots of the shape `object f(self)`.
template <int Id>
struct ObjectSlot {
  static constexpr bool known = true;
  static constexpr std::size_t arity = 0;
  template <class T, auto Target>
  static ::PyObject* entry(::PyObject* self) noexcept {
    return MethodBinding<T, Target>::invoke(self, nullptr);
  }
  template <class T, auto Target, class Add>
  static void add_to(Add&& add) {
    add(Id, reinterpret_cast<void*>(&entry<T, Target>));
  }
};

/// Calls a function that Python passes no arguments to, and adder perhaps a token.
template <auto Target, class Receiver, class... P>
ADDER_INLINE decltype(auto) call_plain(Receiver&& receiver, TypeList<P...>) {
  return call_method<Target>(std::forward<Receiver>(receiver), P(token())...);
}

/// `__len__`: both protocols, as `len` looks at the one and indexing at the other.
struct LengthSlot {
  static constexpr bool known = true;
  static constexpr std::size_t arity = 0;
  template <class T, auto Target>
  static Py_ssize_t entry(::PyObject* self) noexcept {
    using Signature = MethodOf<decltype(Target)>;
    using Length = std::remove_cvref_t<typename Signature::Result>;
    static_assert(std::is_integral_v<Length>, "adder: __len__ returns an integer");
    try {
      Receiver<T, typename Signature::Receiver> receiver(self);
      if (!receiver.granted()) return -1;
      const auto length = call_plain<Target>(receiver.get(), typename Signature::Parameters());
      if (!std::in_range<Py_ssize_t>(length)) {
        PyErr_SetString(PyExc_OverflowError, "__len__() does not fit into an index-sized integer");
        return -1;
      }
      if (std::cmp_less(length, 0)) {
        PyErr_SetString(PyExc_ValueError, "__len__() should return >= 0");
        return -1;
      }
      return static_cast<Py_ssize_t>(length);
    } catch (...) {
      translate_current_exception();
      return -1;
    }
  }
  template <class T, auto Target, class Add>
  static void add_to(Add&& add) {
    add(Py_sq_length, reinterpret_cast<void*>(&entry<T, Target>));
    add(Py_mp_length, reinterpret_cast<void*>(&entry<T, Target>));
  }
};

/// `__bool__`.
struct TruthSlot {
  static constexpr bool known = true;
  static constexpr std::size_t arity = 0;
  template <class T, auto Target>
  static int entry(::PyObject* self) noexcept {
    using Signature = MethodOf<decltype(Target)>;
    static_assert(std::is_same_v<typename Signature::Result, bool>, "adder: __bool__ returns bool");
    try {
      Receiver<T, typename Signature::Receiver> receiver(self);
      if (!receiver.granted()) return -1;
      return call_plain<Target>(receiver.get(), typename Signature::Parameters()) ? 1 : 0;
    } catch (...) {
      translate_current_exception();
      return -1;
    }
  }
  template <class T, auto Target, class Add>
  static void add_to(Add&& add) {
    add(Py_nb_bool, reinterpret_cast<void*>(&entry<T, Target>));
  }
};

template <>
struct Slot<"__repr__"> : ObjectSlot<Py_tp_repr> {};
template <>
struct Slot<"__str__"> : ObjectSlot<Py_tp_str> {};
template <>
struct Slot<"__len__"> : LengthSlot {};
template <>
struct Slot<"__bool__"> : TruthSlot {};

/// Whether CPython keeps what @p name does in a type slot. A method in the class's dict would be found by name only.
inline bool has_type_slot(std::string_view name) noexcept {
  constexpr const char* all[] = {
      "__repr__",      "__str__",     "__hash__",     "__call__",      "__getattribute__", "__getattr__",
      "__setattr__",   "__delattr__", "__lt__",       "__le__",        "__eq__",           "__ne__",
      "__gt__",        "__ge__",      "__iter__",     "__next__",      "__get__",          "__set__",
      "__delete__",    "__init__",    "__new__",      "__del__",       "__await__",        "__aiter__",
      "__anext__",     "__add__",     "__radd__",     "__sub__",       "__rsub__",         "__mul__",
      "__rmul__",      "__mod__",     "__rmod__",     "__divmod__",    "__rdivmod__",      "__pow__",
      "__rpow__",      "__neg__",     "__pos__",      "__abs__",       "__bool__",         "__invert__",
      "__lshift__",    "__rlshift__", "__rshift__",   "__rrshift__",   "__and__",          "__rand__",
      "__xor__",       "__rxor__",    "__or__",       "__ror__",       "__int__",          "__float__",
      "__index__",     "__iadd__",    "__isub__",     "__imul__",      "__imod__",         "__ipow__",
      "__ilshift__",   "__irshift__", "__iand__",     "__ixor__",      "__ior__",          "__floordiv__",
      "__rfloordiv__", "__truediv__", "__rtruediv__", "__ifloordiv__", "__itruediv__",     "__matmul__",
      "__rmatmul__",   "__imatmul__", "__len__",      "__getitem__",   "__setitem__",      "__delitem__",
      "__contains__"};
  for (const char* slot : all) {
    if (name == slot) return true;
  }
  return false;
}

}  // namespace adder::inline ADDER_ABI::detail
