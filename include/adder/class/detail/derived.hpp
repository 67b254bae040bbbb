// SPDX-License-Identifier: MIT
/// @file
/// @brief Comparisons and hash derived from the C++ operators: `eq`, `order` and `hash` of `PyClass<T>`.
#pragma once
#include "adder/class/detail/operator_slots.hpp"

#include <cstdint>
#include <optional>

namespace adder::inline ADDER_ABI::detail {

template <int Op, class T>
ADDER_INLINE bool compare_values(const T& a, const T& b) {
  if constexpr (Op == Py_EQ) {
    return static_cast<bool>(a == b);
  } else if constexpr (Op == Py_LT) {
    return static_cast<bool>(a < b);
  } else if constexpr (Op == Py_LE) {
    return static_cast<bool>(a <= b);
  } else if constexpr (Op == Py_GT) {
    return static_cast<bool>(a > b);
  } else {
    return static_cast<bool>(a >= b);
  }
}
template <class T, int Op>
::PyObject* compare_objects(::PyObject* self, ::PyObject* other) noexcept {
  if (!is_own<T>(other)) return Py_NewRef(Py_NotImplemented);
  try {
    Receiver<T, const T&> left(self), right(other);
    if (!grant_both<T>(left, right, self, other)) return nullptr;
    return Py_NewRef(compare_values<Op>(left.get(), right.get()) ? Py_True : Py_False);
  } catch (...) {
    translate_current_exception();
    return nullptr;
  }
}
template <class T>
Py_hash_t hash_object(::PyObject* self) noexcept {
  try {
    Receiver<T, const T&> receiver(self);
    if (!receiver.granted()) return -1;
    return as_hash(static_cast<std::uint64_t>(std::hash<T>()(receiver.get())));
  } catch (...) {
    translate_current_exception();
    return -1;
  }
}

template <class T>
struct Derived {
  template <int Op>
  static void add_comparison(ClassParts& parts) {
    ADDER_NOTE(note_comparison<T>(Op));
    add_derived_comparison<T, Op, &compare_objects<T, Op>>(parts);
  }
  static void add_to(ClassParts& parts) {
    if constexpr (derives_eq<T>()) {
      static_assert(
          requires(const T& a, const T& b) { static_cast<bool>(a == b); },
          "adder: PyClass<T>::eq derives __eq__ from operator==, which this class does not have: "
          "`bool operator==(const T&) const = default;`");
      add_comparison<Py_EQ>(parts);  // And object's __ne__ says the opposite, as in Python.
    }
    if constexpr (derives_order<T>()) {
      static_assert(derives_eq<T>(), "adder: PyClass<T>::order needs eq as well, as in Python's data classes");
      static_assert(
          requires(const T& a, const T& b) { static_cast<bool>(a < b) && static_cast<bool>(a >= b); },
          "adder: PyClass<T>::order derives __lt__ and its kin from operator<=>, which this class does not have: "
          "`auto operator<=>(const T&) const = default;`");
      add_comparison<Py_LT>(parts);
      add_comparison<Py_LE>(parts);
      add_comparison<Py_GT>(parts);
      add_comparison<Py_GE>(parts);
    }
    if constexpr (derives_hash<T>()) {
      static_assert(derives_eq<T>(), "adder: PyClass<T>::hash needs eq as well: equal objects have the same hash");
      static_assert(is_frozen<T>(),
                    "adder: PyClass<T>::hash is for frozen classes: the hash of a key may not change. Of a class whose "
                    "values change otherwise, def<\"__hash__\", ...>() what stays");
      static_assert(
          requires(const T& a) { std::hash<T>()(a); },
          "adder: PyClass<T>::hash derives __hash__ from std::hash<T>, which is not specialised");
      ADDER_NOTE(note_text<T>("__hash__", "(self) -> int"));
      parts.add_slot(Py_tp_hash, reinterpret_cast<void*>(&hash_object<T>));
    }
  }
};

}  // namespace adder::inline ADDER_ABI::detail
