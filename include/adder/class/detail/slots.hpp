// SPDX-License-Identifier: MIT
/// @file
/// @brief Dunder methods that go straight to type slots. Their names are known at compile time.
#pragma once
#include "adder/class/detail/constructor.hpp"

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

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
bool has_type_slot(std::string_view name) noexcept;

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/class/detail/slots_inl.hpp"
#endif
