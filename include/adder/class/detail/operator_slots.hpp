// SPDX-License-Identifier: MIT
/// @file
/// @brief Operators, comparison and hash as type slots.
#pragma once
#include "adder/class/detail/dunder.hpp"
#include "adder/object/operators.hpp"

#include <cstdint>
#include <string>
#include <type_traits>

namespace adder::inline ADDER_ABI::detail {

// --- Numbers ---------------------------------------------------------------------------------------------------------

/// `__neg__` and others of the shape `object f(self)`.
/// @tparam Tag  The Python type that the result has to be of.
template <int Id, class Tag = PyAny>
struct UnarySlot : WholeSlot<UnarySlot<Id, Tag>, Id, 0> {
  template <class T, class Function>
  static ::PyObject* entry(::PyObject* self) noexcept {
    static_assert(std::is_same_v<Tag, PyAny> || Function::template returns<Tag>,
                  "adder: the function returns what cannot be the result of this dunder: an integer for __int__ and "
                  "__index__, a floating-point number for __float__");
    return Function::call(self, nullptr, 0);
  }
};

struct Side {
  enum : int { left, right };
};

/// Whether two types have the same reflected dunder for the slot @p id.
ADDER_COLD_CALL bool same_reflected(::PyTypeObject* a, ::PyTypeObject* b, int id) noexcept;

/// The function of the right operand, where that is an object of the class T and of another type than the left one.
/// @param result  What the left operand answered; null where it was not asked.
template <class T, class F, int Id>
F right_half(::PyObject* a, ::PyObject* b, ::PyObject* result) noexcept {
  ::PyTypeObject *left = Py_TYPE(a), *right = Py_TYPE(b);
  if (left == right || !is_own<T>(b)) return nullptr;
  const F found = find_half<T, F, Id, Side::right>();
  if (found == nullptr) return nullptr;
  if constexpr (is_subclassable<T>() || has_pyclass_base<T>) {
    if (!is_own<T>(a)) {
      // CPython asks the right operand first where it is of a subclass. Then only a function of its own answers: the
      // left operand is asked next, which knows the one that they share.
      if (result == nullptr && PyType_IsSubtype(right, left) != 0 && same_reflected(right, left, Id)) return nullptr;
    } else {
      // CPython calls the slot of each operand, unless they are the same. So one with a slot and a function of its own
      // speaks for itself.
      ::PyTypeObject* own = class_type<T>.load(Order::relaxed);
      if (PyType_GetSlot(right, Id) != PyType_GetSlot(own, Id) && !same_reflected(right, own, Id)) return nullptr;
    }
  }
  return found;
}

/// What is left where neither half has an answer: the slot of a base whose slot was not filled by dunders.
/// @param result  NotImplemented, or null where the left operand was not asked.
template <class T, class F, int Id, class... Modulus>
::PyObject* inherited_operator(::PyObject* a, ::PyObject* b, ::PyObject* result, Modulus... modulus) noexcept {
  if (result != nullptr) return result;
  F inherited = nullptr;
  if constexpr (HasBase<T>) {
    bool has_halves = false;
    if constexpr (has_pyclass_base<T>) {
      has_halves = find_half<BaseTagOf<T>, F, Id, Side::left>() != nullptr ||
                   find_half<BaseTagOf<T>, F, Id, Side::right>() != nullptr;
    }
    if (!has_halves) inherited = base_slot<T, F, Id>();
  }
  return inherited != nullptr ? inherited(a, b, modulus...) : Py_NewRef(Py_NotImplemented);
}

/// `__add__` and `__radd__`: one slot for both, which CPython calls whichever operand is of the class.
template <int Id, int Which>
struct BinarySlot : HalfSlot<BinarySlot<Id, Which>, binaryfunc, Id, Which, 1, 1, true> {
  template <class T, class Function>
  static binaryfunc entry() noexcept {
    if constexpr (Which == Side::left) {
      return &with_left<T, Function>;
    } else {
      return &without_left<T>;
    }
  }
  template <class T, class Function>
  static ::PyObject* call(::PyObject* self, ::PyObject* other) noexcept {
    return call_operator<Function>(self, other);
  }

 private:
  /// The right operand is asked where the left one has no answer, and is of another type.
  /// @param result  NotImplemented, which is used up; or null where the left operand was not asked.
  template <class T>
  static ADDER_NOINLINE ::PyObject* reflected(::PyObject* a, ::PyObject* b, ::PyObject* result) noexcept {
    if (binaryfunc function = right_half<T, binaryfunc, Id>(a, b, result)) {
      release_if_any(result);
      return function(b, a);
    }
    return inherited_operator<T, binaryfunc, Id>(a, b, result);
  }
  /// The slot of a class that has the left half itself.
  template <class T, class Function>
  static ::PyObject* with_left(::PyObject* a, ::PyObject* b) noexcept {
    if (!is_own<T>(a)) [[unlikely]]
      return reflected<T>(a, b, nullptr);
    ::PyObject* result = call_operator<Function>(a, b);
    return result == Py_NotImplemented ? reflected<T>(a, b, result) : result;
  }
  /// Of one that has the right half only.
  template <class T>
  static ::PyObject* without_left(::PyObject* a, ::PyObject* b) noexcept {
    binaryfunc function = is_own<T>(a) ? find_half<T, binaryfunc, Id, Side::left>() : nullptr;
    ::PyObject* result = function == nullptr ? nullptr : function(a, b);
    return function == nullptr || result == Py_NotImplemented ? reflected<T>(a, b, result) : result;
  }
};

/// A power: with a modulus, or None in its place.
template <class Function>
::PyObject* call_power(::PyObject* self, ::PyObject* other, ::PyObject* modulus) noexcept {
  if (modulus != Py_None && Function::most < 2) return Py_NewRef(Py_NotImplemented);
  ::PyObject* args[] = {other, modulus};
  return or_not_implemented(Function::call(self, args, Function::least == 2 || modulus != Py_None ? 2 : 1));
}
/// `__pow__` and `__rpow__`.
template <int Which>
struct PowerSlot : HalfSlot<PowerSlot<Which>, ternaryfunc, Py_nb_power, Which, 1, 2, true> {
  template <class T, class Function>
  static ternaryfunc entry() noexcept {
    return &slot<T>;
  }
  template <class T, class Function>
  static ::PyObject* call(::PyObject* self, ::PyObject* other, ::PyObject* modulus) noexcept {
    return call_power<Function>(self, other, modulus);
  }

 private:
  template <class T>
  static ::PyObject* slot(::PyObject* a, ::PyObject* b, ::PyObject* modulus) noexcept {
    ::PyObject* result = nullptr;
    if (is_own<T>(a)) {
      if (ternaryfunc function = find_half<T, ternaryfunc, Py_nb_power, Side::left>()) {
        result = function(a, b, modulus);
        if (result != Py_NotImplemented) return result;
      }
    }
    if (ternaryfunc function = right_half<T, ternaryfunc, Py_nb_power>(a, b, result)) {
      release_if_any(result);
      return function(b, a, modulus);
    }
    return inherited_operator<T, ternaryfunc, Py_nb_power>(a, b, result, modulus);
  }
};

/// The result of `a += b`, which is a where the function returns nothing.
/// @param result  As the function returned it: None for nothing.
template <class Result>
ADDER_INLINE ::PyObject* in_place_result(::PyObject* self, ::PyObject* result) noexcept {
  if constexpr (std::is_void_v<Result> || std::is_same_v<Result, PyResult<void>>) {
    if (result == Py_None) {
      release(result);
      return Py_NewRef(self);
    }
  }
  return result;
}
/// Whether the function changes its receiver, and may be given the same object to look at: `a += a`.
template <class T, class Function>
inline constexpr bool needs_copy =
    Function::template changes_and_reads<T> && std::is_copy_constructible_v<T> && !has_native_root<T>;
/// Calls @p call with a copy of the object in its place. A derived class with virtual functions is not copied, as half
/// of it would be lost: it is refused as what is in use.
template <class T, class Call>
ADDER_COLD ::PyObject* with_copy(::PyObject* self, Call call) noexcept {
  if (std::is_polymorphic_v<T> && !is_class_itself<T>(Py_TYPE(self))) return call(self);
  ::PyObject* copy = nullptr;
  try {
    Receiver<T, const T&> receiver(self);
    if (!receiver.granted()) return nullptr;
    copy = Bound<T>::new_(token(), receiver.get()).into_ptr();
  } catch (...) {
    translate_current_exception();
    return nullptr;
  }
  ::PyObject* result = call(copy);
  Py_DECREF(copy);
  return result;
}
/// In a Python subclass CPython takes `__iadd__` for sq_inplace_concat as well, whose NotImplemented would be the
/// result of `a += b`. There `a + b` is tried here.
/// @param result  NotImplemented.
::PyObject* add_instead(::PyObject* self, ::PyObject* other, ::PyObject* result) noexcept;

template <int Id>
struct InPlaceSlot : WholeSlot<InPlaceSlot<Id>, Id, 1, 1, true> {
  template <class T, class Function>
  static ::PyObject* entry(::PyObject* self, ::PyObject* other) noexcept {
    const auto call = [self](::PyObject* operand) ADDER_INLINE_LAMBDA {
      return in_place_result<typename Function::Result>(self, call_operator<Function>(self, operand));
    };
    if constexpr (needs_copy<T, Function>) {
      if (self == other) [[unlikely]]
        return with_copy<T>(self, call);
    }
    ::PyObject* result = call(other);
    if constexpr (Id == Py_nb_inplace_add && is_subclassable<T>()) {
      if (result == Py_NotImplemented) return add_instead(self, other, result);
    }
    return result;
  }
};
struct InPlacePowerSlot : WholeSlot<InPlacePowerSlot, Py_nb_inplace_power, 1, 2, true> {
  template <class T, class Function>
  static ::PyObject* entry(::PyObject* self, ::PyObject* other, ::PyObject* modulus) noexcept {
    const auto call = [self, modulus](::PyObject* operand) {
      return in_place_result<typename Function::Result>(self, call_power<Function>(self, operand, modulus));
    };
    if constexpr (needs_copy<T, Function>) {
      if (self == other) [[unlikely]]
        return with_copy<T>(self, call);
    }
    return call(other);
  }
};

// --- Comparison and hash ---------------------------------------------------------------------------------------------

/// Parts of a value that are compared as C++ values: Python would find the same.
template <class V>
inline constexpr bool compares_in_cpp = IsScalar<V> || std::is_enum_v<V> || std::is_same_v<V, std::string>;

/// The six comparisons of a class, which share a slot. One that is missing is the base's; `!=` without a function of
/// its own is the opposite of `==`, as object's is.
template <class T>
struct Comparisons {
  template <int Op>
  static binaryfunc find() noexcept {
    return own_half<T, binaryfunc, Py_tp_richcompare, Op>();
  }
  static ::PyObject* entry(::PyObject* self, ::PyObject* other, int operation) noexcept {
    binaryfunc function = nullptr;
    switch (operation) {
      case Py_LT:
        function = find<Py_LT>();
        break;
      case Py_LE:
        function = find<Py_LE>();
        break;
      case Py_EQ:
        function = find<Py_EQ>();
        break;
      case Py_NE:
        function = find<Py_NE>();
        break;
      case Py_GT:
        function = find<Py_GT>();
        break;
      default:
        function = find<Py_GE>();
        break;
    }
    if (function != nullptr) [[likely]]
      return function(self, other);
    richcmpfunc inherited = base_slot<T, richcmpfunc, Py_tp_richcompare>();
    const bool opposite = operation == Py_NE && find<Py_EQ>() != nullptr &&
                          find_half<T, binaryfunc, Py_tp_richcompare, Py_NE>() == nullptr;
    return (inherited == nullptr || opposite ? PyBaseObject_Type.tp_richcompare : inherited)(self, other, operation);
  }
  /// The slot of a class that has `__eq__` itself.
  template <binaryfunc Equal>
  static ::PyObject* entry_for(::PyObject* self, ::PyObject* other, int operation) noexcept {
    return operation == Py_EQ ? Equal(self, other) : entry(self, other, operation);
  }
};
template <int Op>
struct ComparisonSlot : HalfSlot<ComparisonSlot<Op>, binaryfunc, Py_tp_richcompare, Op, 1, 1, true> {
  template <class T, class Function>
  static richcmpfunc entry() noexcept {
    return Op == Py_EQ ? &Comparisons<T>::template entry_for<&ComparisonSlot::call<T, Function>>
                       : &Comparisons<T>::entry;
  }
  template <class T, class Function>
  static ::PyObject* call(::PyObject* self, ::PyObject* other) noexcept {
    return call_operator<Function>(self, other);
  }
};
/// What `__richcmp__` is told.
template <>
class ArgumentLoader<CompareOp> {
 public:
  ADDER_INLINE bool load(::PyObject* object, CallContext context, unsigned index) {
    const long number = PyLong_CheckExact(object) ? PyLong_AsLong(object) : -1;
    if (number < Py_LT || number > Py_GE) [[unlikely]] {
      PyErr_Clear();
      set_argument_error(context.record(), index, PyErr::Access::mismatch("CompareOp", object));
      return false;
    }
    value_ = static_cast<CompareOp>(number);
    return true;
  }
  CompareOp get() const noexcept { return value_; }

 private:
  CompareOp value_{};
};
/// `__richcmp__`: all six by one function, which is told by a CompareOp.
struct RichCompareSlot {
  static constexpr bool known = true;
  template <class Function>
  static ::PyObject* entry(::PyObject* self, ::PyObject* other, int operation) noexcept {
    ::PyObject* number = PyLong_FromLong(operation);
    if (number == nullptr) return nullptr;
    ::PyObject* args[] = {other, number};
    ::PyObject* result = or_not_implemented(Function::call(self, args, 2));
    Py_DECREF(number);
    return result;
  }
  template <class T, FixedString Dunder, auto Target, class... E>
  static void bind(ClassBuilder<T>&, ClassParts& parts, const E&...) {
    using Function = DunderFunction<T, Dunder, Target>;
    check_dunder<Function, 2, 2, E...>();
    Function::describe(parts, true);
    for (int op = 0; op < 6; ++op) parts.add_half(Py_tp_richcompare, op, reinterpret_cast<void*>(&entry<Function>));
  }
};

/// `hash()` may return anything but -1, which stands for an error.
ADDER_INLINE Py_hash_t as_hash(std::uint64_t number) noexcept {
  const auto hash = static_cast<Py_hash_t>(number);
  return hash == -1 ? -2 : hash;
}
struct HashSlot : WholeSlot<HashSlot, Py_tp_hash, 0> {
  template <class T, class Function>
  static Py_hash_t entry(::PyObject* self) noexcept {
    static_assert(std::is_integral_v<std::remove_cvref_t<typename Function::Result>>,
                  "adder: __hash__ returns an integer, such as std::size_t");
    const DepthScope<reaches_python<typename Function::Signature>> depth;
    if (depth.refused()) [[unlikely]]
      return -1;
    try {
      Receiver<T, typename Function::Signature::Receiver> receiver(self);
      if (!receiver.granted()) return -1;
      return as_hash(
          static_cast<std::uint64_t>(call_plain<Function::target>(receiver.get(), typename Function::Parameters())));
    } catch (...) {
      translate_current_exception();
      return -1;
    }
  }
};

}  // namespace adder::inline ADDER_ABI::detail
