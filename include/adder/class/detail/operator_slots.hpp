// SPDX-License-Identifier: MIT
/// @file
/// @brief Operators, comparison and hash as type slots.
#pragma once
#include "adder/base/detail/string_fwd.hpp"
#include "adder/class/detail/dunder.hpp"
#include "adder/object/operators.hpp"

#include <cstdint>
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
    if constexpr (Function::is_set) {
      return Function::call(self, nullptr, 0);  // Which does not compile.
    } else {
      const DepthScope<reaches_python<typename Function::Signature>> depth;
      if (depth.refused()) [[unlikely]]
        return nullptr;
      return Function::Binding::no_arguments(self, nullptr);
    }
  }
};

struct Side {
  enum : int { left, right };
};

/// Whether two types have the same reflected dunder for the slot @p id.
ADDER_COLD_CALL bool same_reflected(::PyTypeObject* a, ::PyTypeObject* b, int id) noexcept;

/// The slot of a base whose slot was not filled by dunders, where neither half has an answer.
template <class T, class F, class... Modulus>
::PyObject* inherited_operator(::PyObject* a, ::PyObject* b, const Halves<F, 2>& own, Modulus... modulus) noexcept {
  F inherited = nullptr;
  if constexpr (HasBase<T>) {
    bool has_halves = false;
    if constexpr (has_pyclass_base<T>) {
      using Base = BaseTagOf<T>;
      has_halves =
          find_half<Base>(*own.base, Side::left) != nullptr || find_half<Base>(*own.base, Side::right) != nullptr;
    }
    if (!has_halves) inherited = base_slot<T, F>(own.id);
  }
  return inherited != nullptr ? inherited(a, b, modulus...) : Py_NewRef(Py_NotImplemented);
}
/// Asks the right operand where the left one has no answer, and is of another type.
/// @param result  NotImplemented, which is used up; or null where the left operand is no object of T.
/// @param own     The functions of the class T: all its operators share this function.
template <class T, class F, class... Modulus>
ADDER_NOINLINE ::PyObject* by_reflected(::PyObject* a, ::PyObject* b, ::PyObject* result, const Halves<F, 2>& own,
                                        Modulus... modulus) noexcept {
  if (result == nullptr) {
    const F function = is_own<T>(b) ? find_half<T>(own, Side::right) : nullptr;
    if (function == nullptr) return inherited_operator<T>(a, b, own, modulus...);
    if constexpr (is_subclassable<T>() || has_pyclass_base<T>) {
      // CPython asks the right operand first where it is of a subclass. Then only a function of its own answers: the
      // left operand is asked next, which knows the one that they share.
      if (PyType_IsSubtype(Py_TYPE(b), Py_TYPE(a)) != 0 && same_reflected(Py_TYPE(b), Py_TYPE(a), own.id)) {
        return inherited_operator<T>(a, b, own, modulus...);
      }
    }
    return function(b, a, modulus...);
  }
  if (Py_TYPE(a) == Py_TYPE(b) || !is_own<T>(b)) return result;
  const F function = find_half<T>(own, Side::right);
  if (function == nullptr) return result;
  if constexpr (is_subclassable<T>() || has_pyclass_base<T>) {
    // CPython calls the slot of each operand, unless they are the same. So one with a slot and a function of its own
    // speaks for itself.
    ::PyTypeObject *type = class_type<T>.load(Order::relaxed), *right = Py_TYPE(b);
    if (PyType_GetSlot(right, own.id) != PyType_GetSlot(type, own.id) && !same_reflected(right, type, own.id)) {
      return result;
    }
  }
  release(result);
  return function(b, a, modulus...);
}
/// An operator, whose left half is looked up.
template <class T, class F, class... Modulus>
::PyObject* operate_by_halves(::PyObject* a, ::PyObject* b, const Halves<F, 2>& own, Modulus... modulus) noexcept {
  if (!is_own<T>(a)) return by_reflected<T>(a, b, nullptr, own, modulus...);
  const F function = find_half<T>(own, Side::left);
  ::PyObject* result = function != nullptr ? function(a, b, modulus...) : Py_NewRef(Py_NotImplemented);
  if (result != Py_NotImplemented) return result;
  result = by_reflected<T>(a, b, result, own, modulus...);
  if constexpr (HasBase<T>) {
    if (function == nullptr && result == Py_NotImplemented) {
      release(result);
      return inherited_operator<T>(a, b, own, modulus...);
    }
  }
  return result;
}

/// `__add__`: it and `__radd__` have one slot, which CPython calls whichever operand is of the class.
template <int Id, int Which>
struct BinarySlot : HalfSlot<BinarySlot<Id, Which>, BinaryFunction, Id, Which, 1, 1, true> {
  /// For a derived class.
  template <class T>
  static constexpr bool is_looked_up = is_subclassable<T>();

  template <class T, class Function>
  static ::PyObject* entry(::PyObject* a, ::PyObject* b) noexcept {
    if (!is_own<T>(a)) [[unlikely]]
      return by_reflected<T>(a, b, nullptr, halves<T, BinaryFunction, Id>);
    ::PyObject* result = Function::operate(a, b);
    return result == Py_NotImplemented ? by_reflected<T>(a, b, result, halves<T, BinaryFunction, Id>) : result;
  }
  template <class T, class Function>
  static constexpr BinaryFunction call = &Function::operate;
};
/// `__radd__`. What is here is the slot of a class that has no left half itself.
template <int Id>
struct BinarySlot<Id, Side::right>
    : HalfSlot<BinarySlot<Id, Side::right>, BinaryFunction, Id, Side::right, 1, 1, true> {
  template <class T, class Function>
  static ::PyObject* entry(::PyObject* a, ::PyObject* b) noexcept {
    return operate_by_halves<T>(a, b, halves<T, BinaryFunction, Id>);
  }
  template <class T, class Function>
  static constexpr BinaryFunction call = &Function::operate;
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
struct PowerSlot : HalfSlot<PowerSlot<Which>, TernaryFunction, Py_nb_power, Which, 1, 2, true> {
 private:
  template <class T>
  static ::PyObject* slot(::PyObject* a, ::PyObject* b, ::PyObject* modulus) noexcept {
    return operate_by_halves<T>(a, b, halves<T, TernaryFunction, Py_nb_power>, modulus);
  }

 public:
  template <class T, class Function>
  static constexpr ternaryfunc entry = &slot<T>;
  template <class T, class Function>
  static constexpr TernaryFunction call = &call_power<Function>;
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
    Function::template changes_and_reads<T> && is_copy_constructible<T> && !has_native_root<T>;
/// Whether an object is copied where it changes itself by itself. One of a derived class with virtual functions is not,
/// as half of it would be lost: it is refused as what is in use.
template <class T>
ADDER_INLINE bool may_be_copied(::PyObject* object) noexcept {
  return !std::is_polymorphic_v<T> || is_class_itself<T>(Py_TYPE(object));
}
/// Calls @p entry, the slot, with a copy of the object as the operand.
template <class T, class F, class... More>
ADDER_COLD ::PyObject* with_copy(::PyObject* self, F entry, More... more) noexcept {
  ::PyObject* copy = nullptr;
  try {
    Receiver<T, const T&> receiver(self);
    if (!receiver.granted()) return nullptr;
    if constexpr (is_move_constructible<T>) {  // As what operators return: compiled once for all of that.
      copy = make_object<T>(T(receiver.get()));
    } else {
      copy = make_object<T>(receiver.get());
    }
  } catch (...) {
    translate_current_exception();
    return nullptr;
  }
  if (copy == nullptr) return nullptr;
  ::PyObject* result = entry(self, copy, more...);
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
    if constexpr (needs_copy<T, Function>) {
      if (self == other && may_be_copied<T>(self)) [[unlikely]]
        return with_copy<T>(self, &entry<T, Function>);
    }
    ::PyObject* result = in_place_result<typename Function::Result>(self, Function::operate(self, other));
    if constexpr (Id == Py_nb_inplace_add && is_subclassable<T>()) {
      if (result == Py_NotImplemented) return add_instead(self, other, result);
    }
    return result;
  }
};
struct InPlacePowerSlot : WholeSlot<InPlacePowerSlot, Py_nb_inplace_power, 1, 2, true> {
  template <class T, class Function>
  static ::PyObject* entry(::PyObject* self, ::PyObject* other, ::PyObject* modulus) noexcept {
    if constexpr (needs_copy<T, Function>) {
      if (self == other && may_be_copied<T>(self)) [[unlikely]]
        return with_copy<T>(self, &entry<T, Function>, modulus);
    }
    return in_place_result<typename Function::Result>(self, call_power<Function>(self, other, modulus));
  }
};

// --- Comparison and hash ---------------------------------------------------------------------------------------------

/// Parts of a value that are compared as C++ values: Python would find the same.
template <class V>
inline constexpr bool compares_in_cpp = IsScalar<V> || std::is_enum_v<V> || std::is_same_v<V, std::string>;

/// What a class has no comparison for: one that is missing is the base's; `!=` without a function of its own is the
/// opposite of `==`, as object's is.
template <class T>
ADDER_INLINE ::PyObject* inherited_comparison(::PyObject* self, ::PyObject* other, int operation) noexcept {
  [[maybe_unused]] const auto& own = halves<T, BinaryFunction, Py_tp_richcompare>;
  richcmpfunc inherited = nullptr;
  if constexpr (HasBase<T>) {
    const bool opposite = operation == Py_NE && own.own(Py_EQ) != nullptr && find_half<T>(own, Py_NE) == nullptr;
    if (!opposite) inherited = base_slot<T, richcmpfunc>(Py_tp_richcompare);
  }
  return (inherited == nullptr ? PyBaseObject_Type.tp_richcompare : inherited)(self, other, operation);
}
/// The slot of the six comparisons of a class.
template <class T>
ADDER_INLINE ::PyObject* compare_by_halves(::PyObject* self, ::PyObject* other, int operation) noexcept {
  if (BinaryFunction function = halves<T, BinaryFunction, Py_tp_richcompare>.own(operation & 7)) [[likely]]
    return function(self, other);
  return inherited_comparison<T>(self, other, operation);
}
/// That of a class which has `__eq__` itself.
template <class T, BinaryFunction Equal>
::PyObject* compare_with_equal(::PyObject* self, ::PyObject* other, int operation) noexcept {
  return operation == Py_EQ ? Equal(self, other) : compare_by_halves<T>(self, other, operation);
}
/// Enters a comparison that adder derives.
template <class T, int Op, BinaryFunction Function>
void add_derived_comparison(ClassParts& parts) {
  constexpr richcmpfunc entry = Op == Py_EQ ? &compare_with_equal<T, Function> : &compare_by_halves<T>;
  parts.add_half(Py_tp_richcompare, Op, reinterpret_cast<void*>(entry));
  halves<T, BinaryFunction, Py_tp_richcompare>.of[Op].store(Function, Order::relaxed);
}
template <int Op>
struct ComparisonSlot : HalfSlot<ComparisonSlot<Op>, BinaryFunction, Py_tp_richcompare, Op, 1, 1, true> {
  template <class T, class Function>
  static constexpr richcmpfunc entry = &compare_by_halves<T>;
  template <class T, class Function>
  static constexpr BinaryFunction call = &Function::operate;
};
template <>
struct ComparisonSlot<Py_EQ> : HalfSlot<ComparisonSlot<Py_EQ>, BinaryFunction, Py_tp_richcompare, Py_EQ, 1, 1, true> {
  // A function of its own, or the registers that it needs are saved for all six.
  template <class T, class Function>
  static ::PyObject* call(::PyObject* self, ::PyObject* other) noexcept {
    return Function::operate(self, other);
  }
  template <class T, class Function>
  static constexpr richcmpfunc entry = &compare_with_equal<T, &call<T, Function>>;
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
  template <class Function>
  static ::PyObject* entry(::PyObject* self, ::PyObject* other, int operation) noexcept {
    ::PyObject* number = PyLong_FromLong(operation);
    if (number == nullptr) return nullptr;
    ::PyObject* args[] = {other, number};
    ::PyObject* result = or_not_implemented(Function::call(self, args, 2));
    Py_DECREF(number);
    return result;
  }
  template <class T, auto Target, class... E>
  static void bind(ClassBuilder<T>&, ClassParts& parts, const char* dunder, const E&...) {
    using Function = DunderFunction<T, RichCompareSlot, Target>;
    static_assert(Function::least == 2 && Function::most == 2,
                  "adder: the member function has the wrong number of parameters for this dunder");
    static_assert(sizeof...(E) == 0,
                  "adder: def of this dunder takes no further arguments: Python passes what the operation has, without "
                  "names, and gives the documentation itself");
    if constexpr (Function::is_set) {
      Function::describe(parts, dunder, true);
    } else {
      parts.name_dunder(Function::Binding::static_storage.record, dunder, Function::least, true);
    }
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
          static_cast<std::uint64_t>(call_plain<Function::target()>(receiver.get(), typename Function::Parameters())));
    } catch (...) {
      translate_current_exception();
      return -1;
    }
  }
};

}  // namespace adder::inline ADDER_ABI::detail
