// SPDX-License-Identifier: MIT
/// @file
/// @brief The type slots behind dunder names: which name belongs to which slot, and the C function that it gets.
#pragma once
#include "adder/class/detail/dunder.hpp"
#include "adder/object/operators.hpp"
#include "adder/types/index.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

/// What all dunders with a type slot have in common.
struct ProtocolSlot {
  static constexpr bool known = true;
};

template <class Function, std::size_t Least, std::size_t Most = Least>
constexpr void check_arity() {
  static_assert(Function::least >= Least && Function::most <= Most,
                "adder: the member function has the wrong number of parameters for this dunder");
}
template <class... E>
constexpr void check_no_extras() {
  static_assert(sizeof...(E) == 0,
                "adder: def of this dunder takes no further arguments: Python passes what the operation has, without "
                "names, and gives the documentation itself");
}

// --- Numbers ---------------------------------------------------------------------------------------------------------

/// `__neg__` and others of the shape `object f(self)`.
/// @tparam Tag  The Python type that the result has to be of.
template <int Id, class Tag = PyAny>
struct UnarySlot : ProtocolSlot {
  template <class Function>
  static ::PyObject* entry(::PyObject* self) noexcept {
    return Function::call(self, nullptr, 0);
  }
  template <class T, FixedString Dunder, auto Target, class... E>
  static void bind(ClassBuilder<T>&, ClassParts& parts, const E&...) {
    using Function = DunderFunction<T, Dunder, Target>;
    check_no_extras<E...>();
    check_arity<Function, 0>();
    static_assert(std::is_same_v<Tag, PyAny> || Function::template returns<Tag>,
                  "adder: the function returns what cannot be the result of this dunder: text for __repr__ and "
                  "__str__, an integer for __int__ and __index__, a floating-point number for __float__");
    Function::describe(parts, false);
    parts.add_slot(Id, reinterpret_cast<void*>(&entry<Function>));
  }
};

/// The function of the right operand, where that is an object of the class T and of another type than the left one.
/// @param result  What the left operand answered; null where it was not asked.
template <class T, class F, int Id, int Which>
F right_half(::PyObject* left, ::PyObject* right, [[maybe_unused]] ::PyObject* result) noexcept {
  if (Py_TYPE(left) == Py_TYPE(right) || !is_own<T>(right)) return nullptr;
  // CPython calls the slot of each operand, unless they are the same: a subclass with another one speaks for itself.
  if (is_subclassable<T>() && is_own<T>(left)) {
    ::PyTypeObject* own = class_type<T>.load(Order::relaxed);
    if (PyType_GetSlot(Py_TYPE(right), Id) != PyType_GetSlot(own, Id)) return nullptr;
  }
  F found = own_half<T, F, Id, Which>();
  if constexpr (has_pyclass_base<T>) {
    // CPython asks the right operand first where it is of a subclass; but then only a function of the subclass's own
    // answers, not one that it has from the left operand's class.
    if (found == nullptr && (result != nullptr || !is_own<BaseTagOf<T>>(left))) {
      found = find_half<BaseTagOf<T>, F, Id, Which>();
    }
  }
  return found;
}

/// `__add__` and `__radd__`: one slot for both, which CPython calls whichever operand is of the class.
template <class T, int Id>
struct NumberSlot {
  enum Which : int { left, right };

  /// The right operand is asked where the left one has no answer, and is of another type.
  /// @param result  NotImplemented, which is used up; or null where the left operand was not asked.
  static ADDER_NOINLINE ::PyObject* reflected(::PyObject* a, ::PyObject* b, ::PyObject* result) noexcept {
    if (binaryfunc function = right_half<T, binaryfunc, Id, right>(a, b, result)) {
      release_if_any(result);
      return function(b, a);
    }
    if (result != nullptr) return result;
    binaryfunc native = native_slot<T, binaryfunc, Id>();
    return native != nullptr ? native(a, b) : Py_NewRef(Py_NotImplemented);
  }
  /// The slot of a class that has the left half itself.
  template <class Function>
  static ::PyObject* with_left(::PyObject* a, ::PyObject* b) noexcept {
    if (!is_own<T>(a)) [[unlikely]]
      return reflected(a, b, nullptr);
    ::PyObject* result = call_operator<Function>(a, b);
    return result == Py_NotImplemented ? reflected(a, b, result) : result;
  }
  /// Of one that has the right half only.
  static ::PyObject* without_left(::PyObject* a, ::PyObject* b) noexcept {
    binaryfunc function = is_own<T>(a) ? find_half<T, binaryfunc, Id, left>() : nullptr;
    ::PyObject* result = function == nullptr ? nullptr : function(a, b);
    return function == nullptr || result == Py_NotImplemented ? reflected(a, b, result) : result;
  }
  template <class Function>
  static ::PyObject* call(::PyObject* self, ::PyObject* other) noexcept {
    return call_operator<Function>(self, other);
  }
};
template <int Id, bool Reflected>
struct BinarySlot : ProtocolSlot {
  template <class T, FixedString Dunder, auto Target, class... E>
  static void bind(ClassBuilder<T>&, ClassParts& parts, const E&...) {
    using Function = DunderFunction<T, Dunder, Target>;
    using Own = NumberSlot<T, Id>;
    check_no_extras<E...>();
    check_arity<Function, 1>();
    Function::describe(parts, true);
    constexpr int which = Reflected ? Own::right : Own::left;
    binaryfunc entry = &Own::without_left;
    if constexpr (!Reflected) entry = &Own::template with_left<Function>;
    parts.add_half(Id, which, reinterpret_cast<void*>(entry), !Reflected);
    half<T, binaryfunc, Id, which>.store(&Own::template call<Function>, Order::relaxed);
  }
};

/// `__pow__` and `__rpow__`, with or without a modulus.
template <class T, bool InPlace>
struct PowerSlot {
  enum Which : int { left, right };
  static constexpr int id = InPlace ? Py_nb_inplace_power : Py_nb_power;

  template <class Function>
  static ::PyObject* call(::PyObject* self, ::PyObject* other, ::PyObject* modulus) noexcept {
    if (modulus != Py_None && Function::most < 2) return Py_NewRef(Py_NotImplemented);
    ::PyObject* args[] = {other, modulus};
    return or_not_implemented(Function::call(self, args, Function::least == 2 || modulus != Py_None ? 2 : 1));
  }
  static ::PyObject* entry(::PyObject* a, ::PyObject* b, ::PyObject* modulus) noexcept {
    ::PyObject* result = nullptr;
    if (is_own<T>(a)) {
      if (ternaryfunc function = find_half<T, ternaryfunc, id, left>()) {
        result = function(a, b, modulus);
        if (result != Py_NotImplemented) return result;
      }
    }
    if (ternaryfunc function = right_half<T, ternaryfunc, id, right>(a, b, result)) {
      release_if_any(result);
      return function(b, a, modulus);
    }
    if (result != nullptr) return result;
    ternaryfunc native = native_slot<T, ternaryfunc, id>();
    return native != nullptr ? native(a, b, modulus) : Py_NewRef(Py_NotImplemented);
  }
};
template <bool Reflected>
struct PowerHalf : ProtocolSlot {
  template <class T, FixedString Dunder, auto Target, class... E>
  static void bind(ClassBuilder<T>&, ClassParts& parts, const E&...) {
    using Function = DunderFunction<T, Dunder, Target>;
    using Own = PowerSlot<T, false>;
    check_no_extras<E...>();
    check_arity<Function, 1, 2>();
    Function::describe(parts, true);
    constexpr int which = Reflected ? Own::right : Own::left;
    parts.add_half(Own::id, which, reinterpret_cast<void*>(&Own::entry), true);
    half<T, ternaryfunc, Own::id, which>.store(&Own::template call<Function>, Order::relaxed);
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
/// `a += a`: the function changes its receiver, and may not look at it as an operand meanwhile. It gets a copy.
template <class Function, class T, class List>
struct AliasedOperand {
  static constexpr bool needed = false;
};
template <class T, FixedString Dunder, auto Target, class... P>
  requires(!is_overload_set<Target>)
struct AliasedOperand<DunderFunction<T, Dunder, Target>, T, TypeList<P...>> {
  using Function = DunderFunction<T, Dunder, Target>;
  using R = typename Function::Signature::Receiver;
  template <class Q>
  static constexpr bool takes_own =
      std::is_lvalue_reference_v<Q> && std::is_const_v<std::remove_reference_t<Q>> &&
      std::is_base_of_v<std::remove_cvref_t<Q>, T> && std::is_copy_constructible_v<std::remove_cvref_t<Q>>;
  static constexpr bool needed = std::is_reference_v<R> && !std::is_const_v<std::remove_reference_t<R>> &&
                                 std::is_base_of_v<std::remove_cvref_t<R>, T> && (takes_own<P> || ...);
  template <class Q>
  static decltype(auto) argument([[maybe_unused]] const T& value) {
    if constexpr (kind_of<Q> == ParameterKind::token) {
      return token();
    } else {
      return std::remove_cvref_t<Q>(value);
    }
  }
  static ::PyObject* call(::PyObject* self) noexcept {
    try {
      Receiver<T, R> receiver(self);
      if (!receiver.granted()) return nullptr;
      const T& value = Layout<T>::value(self);
      if constexpr (std::is_void_v<typename Function::Result>) {
        call_method<Target>(receiver.get(), argument<P>(value)...);
        return Py_NewRef(self);
      } else {
        return in_place_result<typename Function::Result>(
            self, return_from_method<T, Target, typename Function::Result>(
                      self, call_method<Target>(receiver.get(), argument<P>(value)...)));
      }
    } catch (...) {
      translate_current_exception();
      return nullptr;
    }
  }
};
template <class Function>
struct ParametersOfDunder {
  using type = TypeList<>;
};
template <class Function>
  requires requires { typename Function::Parameters; }
struct ParametersOfDunder<Function> {
  using type = typename Function::Parameters;
};
/// In a Python subclass CPython takes `__iadd__` for sq_inplace_concat as well, whose NotImplemented would be the
/// result of `a += b`. There `a + b` is tried here.
/// @param result  NotImplemented.
::PyObject* add_instead(::PyObject* self, ::PyObject* other, ::PyObject* result) noexcept;

template <int Id>
struct InPlaceSlot : ProtocolSlot {
  template <class T, class Function>
  static ::PyObject* entry(::PyObject* self, ::PyObject* other) noexcept {
    using Aliased = AliasedOperand<Function, T, typename ParametersOfDunder<Function>::type>;
    if constexpr (Aliased::needed) {
      if (self == other) [[unlikely]]
        return Aliased::call(self);
    }
    ::PyObject* result = in_place_result<typename Function::Result>(self, call_operator<Function>(self, other));
    if constexpr (Id == Py_nb_inplace_add && is_subclassable<T>()) {
      if (result == Py_NotImplemented) return add_instead(self, other, result);
    }
    return result;
  }
  template <class T, FixedString Dunder, auto Target, class... E>
  static void bind(ClassBuilder<T>&, ClassParts& parts, const E&...) {
    using Function = DunderFunction<T, Dunder, Target>;
    check_no_extras<E...>();
    check_arity<Function, 1>();
    Function::describe(parts, true);
    parts.add_slot(Id, reinterpret_cast<void*>(&entry<T, Function>));
  }
};
struct InPlacePower : ProtocolSlot {
  template <class T, class Function>
  static ::PyObject* entry(::PyObject* self, ::PyObject* other, ::PyObject* modulus) noexcept {
    return in_place_result<typename Function::Result>(
        self, PowerSlot<T, true>::template call<Function>(self, other, modulus));
  }
  template <class T, FixedString Dunder, auto Target, class... E>
  static void bind(ClassBuilder<T>&, ClassParts& parts, const E&...) {
    using Function = DunderFunction<T, Dunder, Target>;
    check_no_extras<E...>();
    check_arity<Function, 1, 2>();
    Function::describe(parts, true);
    parts.add_slot(Py_nb_inplace_power, reinterpret_cast<void*>(&entry<T, Function>));
  }
};

// --- Comparison and hash ---------------------------------------------------------------------------------------------

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
    const bool opposite = operation == Py_NE && find<Py_EQ>() != nullptr;
    return (inherited == nullptr || opposite ? PyBaseObject_Type.tp_richcompare : inherited)(self, other, operation);
  }
  template <class Function>
  static ::PyObject* call(::PyObject* self, ::PyObject* other) noexcept {
    return call_operator<Function>(self, other);
  }
};
template <int Op>
struct ComparisonSlot : ProtocolSlot {
  template <class T, FixedString Dunder, auto Target, class... E>
  static void bind(ClassBuilder<T>&, ClassParts& parts, const E&...) {
    using Function = DunderFunction<T, Dunder, Target>;
    check_no_extras<E...>();
    check_arity<Function, 1>();
    Function::describe(parts, true);
    parts.add_half(Py_tp_richcompare, Op, reinterpret_cast<void*>(&Comparisons<T>::entry), false);
    half<T, binaryfunc, Py_tp_richcompare, Op>.store(&Comparisons<T>::template call<Function>, Order::relaxed);
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
struct RichCompareSlot : ProtocolSlot {
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
    check_no_extras<E...>();
    check_arity<Function, 2>();
    Function::describe(parts, true);
    for (int op = 0; op < 6; ++op) {
      parts.add_half(Py_tp_richcompare, op, reinterpret_cast<void*>(&entry<Function>), false);
    }
  }
};

/// `hash()` may return anything but -1, which stands for an error.
ADDER_INLINE Py_hash_t as_hash(std::uint64_t number) noexcept {
  const auto hash = static_cast<Py_hash_t>(number);
  return hash == -1 ? -2 : hash;
}
struct HashSlot : ProtocolSlot {
  template <class T, auto Target>
  static Py_hash_t entry(::PyObject* self) noexcept {
    using Signature = MethodOf<decltype(Target)>;
    try {
      Receiver<T, typename Signature::Receiver> receiver(self);
      if (!receiver.granted()) return -1;
      return as_hash(static_cast<std::uint64_t>(call_plain<Target>(receiver.get(), typename Signature::Parameters())));
    } catch (...) {
      translate_current_exception();
      return -1;
    }
  }
  template <class T, FixedString Dunder, auto Target, class... E>
  static void bind(ClassBuilder<T>&, ClassParts& parts, const E&...) {
    static_assert(!is_overload_set<Target>,
                  "adder: __hash__ takes no overload set: Python passes nothing to choose by");
    using Signature = MethodOf<decltype(Target)>;
    check_no_extras<E...>();
    static_assert(ParameterKinds<typename Signature::Parameters>::count == 0,
                  "adder: the member function has the wrong number of parameters for this dunder");
    static_assert(std::is_integral_v<std::remove_cvref_t<typename Signature::Result>>,
                  "adder: __hash__ returns an integer, such as std::size_t");
    parts.add_slot(Py_tp_hash, reinterpret_cast<void*>(&entry<T, Target>));
  }
};

// --- Containers ------------------------------------------------------------------------------------------------------

template <class P>
struct IsIndex : std::bool_constant<(std::is_integral_v<std::remove_cvref_t<P>> &&
                                     !std::is_same_v<std::remove_cvref_t<P>, bool>) ||
                                    std::is_same_v<std::remove_cvref_t<P>, Index>> {};

/// sq_item and sq_ass_item of classes whose keys are integers, for `PySequence_GetItem` and the like. Python has added
/// the length to a negative index.
::PyObject* get_by_index(::PyObject* self, Py_ssize_t index) noexcept;
int set_by_index(::PyObject* self, Py_ssize_t index, ::PyObject* value) noexcept;
/// The TypeError of an operation that a class does not have. @return -1
ADDER_COLD_CALL int refuse_operation(::PyObject* self, const char* what) noexcept;

struct GetItemSlot : ProtocolSlot {
  template <class Function>
  static ::PyObject* entry(::PyObject* self, ::PyObject* key) noexcept {
    return Function::call(self, &key, 1);
  }
  template <class T, FixedString Dunder, auto Target, class... E>
  static void bind(ClassBuilder<T>&, ClassParts& parts, const E&...) {
    using Function = DunderFunction<T, Dunder, Target>;
    check_no_extras<E...>();
    check_arity<Function, 1>();
    Function::describe(parts, false);
    parts.add_slot(Py_mp_subscript, reinterpret_cast<void*>(&entry<Function>));
    if constexpr (Function::template first_is<IsIndex>) {
      parts.add_slot(Py_sq_item, reinterpret_cast<void*>(&get_by_index));
    }
  }
};

/// Dunders that set, and those that delete, share a slot: `__setitem__` and `__delitem__`, `__setattr__` and
/// `__delattr__`, `__set__` and `__delete__`.
template <class T, int Id>
struct AssignmentSlot {
  enum Which : int { sets, deletes };
  using Set = objobjargproc;
  using Delete = objobjproc;

  static constexpr const char* missing(bool deleting) noexcept {
    return Id == Py_mp_ass_subscript ? (deleting ? "item deletion" : "item assignment")
                                     : (deleting ? "deletion of the attribute" : "assignment to the attribute");
  }
  static int entry(::PyObject* self, ::PyObject* key, ::PyObject* value) noexcept {
    if (value != nullptr) {
      if (Set function = own_half<T, Set, Id, sets>()) return function(self, key, value);
    } else {
      if (Delete function = own_half<T, Delete, Id, deletes>()) return function(self, key);
    }
    Set usual = base_slot<T, Set, Id>();
    if (usual == nullptr && Id == Py_tp_setattro) usual = &PyObject_GenericSetAttr;
    return usual != nullptr ? usual(self, key, value) : refuse_operation(self, missing(value == nullptr));
  }
  template <class Function>
  static int set(::PyObject* self, ::PyObject* key, ::PyObject* value) noexcept {
    ::PyObject* args[] = {key, value};
    return status_of(Function::call(self, args, 2));
  }
  template <class Function>
  static int del(::PyObject* self, ::PyObject* key) noexcept {
    return status_of(Function::call(self, &key, 1));
  }
};
template <int Id, bool Deletes>
struct AssignmentHalf : ProtocolSlot {
  template <class T, FixedString Dunder, auto Target, class... E>
  static void bind(ClassBuilder<T>&, ClassParts& parts, const E&...) {
    using Function = DunderFunction<T, Dunder, Target>;
    using Own = AssignmentSlot<T, Id>;
    check_no_extras<E...>();
    check_arity<Function, Deletes ? 1 : 2>();
    Function::describe(parts, false);
    constexpr int which = Deletes ? Own::deletes : Own::sets;
    parts.add_half(Id, which, reinterpret_cast<void*>(&Own::entry), false);
    if constexpr (Deletes) {
      half<T, objobjproc, Id, which>.store(&Own::template del<Function>, Order::relaxed);
    } else {
      half<T, objobjargproc, Id, which>.store(&Own::template set<Function>, Order::relaxed);
    }
    if constexpr (Id == Py_mp_ass_subscript && Function::template first_is<IsIndex>) {
      parts.add_half(Py_sq_ass_item, which, reinterpret_cast<void*>(&set_by_index), false);
    }
  }
};

/// `__contains__`. What does not convert to the parameter is not in the container.
struct ContainsSlot : ProtocolSlot {
  template <class Function>
  static int entry(::PyObject* self, ::PyObject* item) noexcept {
    if (!Function::may_fit(item)) return 0;
    ::PyObject* result = Function::call(self, &item, 1);
    if (result == nullptr) [[unlikely]]
      return PyErr_Occurred() == nullptr ? 0 : -1;
    const int found = result == Py_True ? 1 : 0;
    Py_DECREF(result);
    return found;
  }
  template <class T, FixedString Dunder, auto Target, class... E>
  static void bind(ClassBuilder<T>&, ClassParts& parts, const E&...) {
    using Function = DunderFunction<T, Dunder, Target>;
    check_no_extras<E...>();
    check_arity<Function, 1>();
    static_assert(Function::template returns<PyBool>, "adder: __contains__ returns bool");
    Function::describe(parts, true);
    parts.add_slot(Py_sq_contains, reinterpret_cast<void*>(&entry<Function>));
  }
};

/// `__concat__` and `__inplace_concat__`: `a + b` of sequences, where `__add__` has no answer.
template <int Id, bool InPlace>
struct ConcatSlot : ProtocolSlot {
  template <class Function>
  static ::PyObject* entry(::PyObject* self, ::PyObject* other) noexcept {
    ::PyObject* result = Function::call(self, &other, 1);
    if constexpr (InPlace) return in_place_result<typename Function::Result>(self, result);
    return result;
  }
  template <class T, FixedString Dunder, auto Target, class... E>
  static void bind(ClassBuilder<T>&, ClassParts& parts, const E&...) {
    using Function = DunderFunction<T, Dunder, Target>;
    check_no_extras<E...>();
    check_arity<Function, 1>();
    Function::describe(parts, false);
    parts.add_slot(Id, reinterpret_cast<void*>(&entry<Function>));
  }
};
/// `__repeat__` and `__inplace_repeat__`.
template <int Id, bool InPlace>
struct RepeatSlot : ProtocolSlot {
  template <class Function>
  static ::PyObject* entry(::PyObject* self, Py_ssize_t times) noexcept {
    ::PyObject* number = PyLong_FromSsize_t(times);
    if (number == nullptr) return nullptr;
    ::PyObject* result = Function::call(self, &number, 1);
    Py_DECREF(number);
    if constexpr (InPlace) return in_place_result<typename Function::Result>(self, result);
    return result;
  }
  template <class T, FixedString Dunder, auto Target, class... E>
  static void bind(ClassBuilder<T>&, ClassParts& parts, const E&...) {
    using Function = DunderFunction<T, Dunder, Target>;
    check_no_extras<E...>();
    check_arity<Function, 1>();
    Function::describe(parts, false);
    parts.add_slot(Id, reinterpret_cast<void*>(&entry<Function>));
  }
};

// --- Iteration -------------------------------------------------------------------------------------------------------

/// `__next__` and `__anext__`: a std::optional without a value is the end.
template <bool Async>
struct NextSlot : ProtocolSlot {
  template <class T, auto Target>
  static ::PyObject* entry(::PyObject* self) noexcept {
    using Signature = MethodOf<decltype(Target)>;
    using Result = typename Signature::Result;
    try {
      Receiver<T, typename Signature::Receiver> receiver(self);
      if (!receiver.granted()) return nullptr;
      if constexpr (is_specialization<std::remove_cvref_t<Result>, PyResult>) {
        Result result = call_plain<Target>(receiver.get(), typename Signature::Parameters());
        if (result.is_err()) {
          result.error().restore(token());
          return nullptr;
        }
        return item_of<T, Target>(self, std::move(result).value());
      } else {
        return item_of<T, Target>(self, call_plain<Target>(receiver.get(), typename Signature::Parameters()));
      }
    } catch (...) {
      translate_current_exception();
      return nullptr;
    }
  }
  template <class T, auto Target, class Item>
  ADDER_INLINE static ::PyObject* item_of(::PyObject* self, Item&& item) {
    if constexpr (is_specialization<std::remove_cvref_t<Item>, std::optional>) {
      if (!item.has_value()) {
        if constexpr (Async) PyErr_SetNone(PyExc_StopAsyncIteration);
        return nullptr;
      }
      return return_to_python(*std::forward<Item>(item));
    } else {
      return return_from_method<T, Target, Item>(self, std::forward<Item>(item));
    }
  }
  template <class T, FixedString Dunder, auto Target, class... E>
  static void bind(ClassBuilder<T>&, ClassParts& parts, const E&...) {
    static_assert(!is_overload_set<Target>,
                  "adder: this dunder takes no overload set: Python passes nothing to choose by");
    using Signature = MethodOf<decltype(Target)>;
    check_no_extras<E...>();
    static_assert(ParameterKinds<typename Signature::Parameters>::count == 0,
                  "adder: the member function has the wrong number of parameters for this dunder");
    static_assert(!std::is_void_v<typename Signature::Result>,
                  "adder: __next__ returns the next item: a std::optional, which has no value at the end, or what can "
                  "throw PyStopIteration");
    parts.add_slot(Async ? Py_am_anext : Py_tp_iternext, reinterpret_cast<void*>(&entry<T, Target>));
  }
};

// --- Calls -----------------------------------------------------------------------------------------------------------

template <class T, FixedString Dunder, auto Target, class... E>
struct ADDER_HIDDEN CallFunction {
  using Binding =
      MethodBinding<T, Target, typename OptionsOf<E...>::type, TypeList<DunderOwner<T, Dunder>, CallFunction>>;
  static ::PyObject* entry(::PyObject* self, ::PyObject* args, ::PyObject* keywords) noexcept {
    const FunctionRecord& record = Binding::storage().record;
    const FlatArguments flat(args, keywords);
    if (flat.values() == nullptr) return nullptr;
    if (flat.given() == static_cast<Py_ssize_t>(Binding::count) && flat.names() == nullptr && !record.shape.var_args &&
        !record.shape.var_keywords && record.shape.positional == Binding::count) [[likely]] {
      return Binding::invoke(self, flat.values());
    }
    ::PyObject* bound[Binding::count + 2];
    const VariadicArguments further(record.shape, flat.values(), flat.given(), bound);
    if (!further.made() || !bind_arguments(record, flat.values(), flat.given(), flat.names(), bound)) return nullptr;
    return Binding::invoke(self, bound);
  }
};
struct CallSlot : ProtocolSlot {
  template <class T, FixedString Dunder, auto Target, class... E>
  static void bind(ClassBuilder<T>&, ClassParts& parts, const E&... extra) {
    if constexpr (is_overload_set<Target>) {
      using Maker = SetMaker<std::remove_cv_t<decltype(Target)>>;
      using Function = DunderFunction<T, Dunder, Target>;
      (void)Maker::template describe<Function::template Own>(Dunder.text, parts.qualifier(), "$self", extra...);
      using Whole = typename Maker::template Whole<Function::template Own, E...>;
      parts.add_slot(Py_tp_call, reinterpret_cast<void*>(&SetInSlot<Whole>::call));
    } else {
      using Function = CallFunction<T, Dunder, Target, E...>;
      constexpr Shape shape = ShapeOf<typename Function::Binding::Signature::Parameters, E...>::shape;
      static_assert(!shape.module && !shape.this_class, "adder: __call__ takes no ThisModule and no ThisClass");
      auto& storage = Function::Binding::storage();
      Extras<sizeof...(E)> extras;
      describe_all(extras, extra...);
      parts.describe(Dunder.text, &storage.record, storage.parameters, nullptr,
                     __builtin_bit_cast(std::uint64_t, shape), 0, extras.all, sizeof...(E));
      parts.add_slot(Py_tp_call, reinterpret_cast<void*>(&Function::entry));
    }
  }
};

// --- Attributes and descriptors --------------------------------------------------------------------------------------

/// `__getattribute__`, and `__getattr__` for what that does not find.
template <class T>
struct AttributeSlot {
  enum Which : int { always, if_missing };
  static ::PyObject* entry(::PyObject* self, ::PyObject* name) noexcept {
    ::PyObject* result = nullptr;
    if (binaryfunc function = own_half<T, binaryfunc, Py_tp_getattro, always>()) {
      result = function(self, name);
    } else {
      getattrofunc inherited = base_slot<T, getattrofunc, Py_tp_getattro>();
      result = (inherited == nullptr ? &PyObject_GenericGetAttr : inherited)(self, name);
    }
    if (result != nullptr) return result;
    binaryfunc function = own_half<T, binaryfunc, Py_tp_getattro, if_missing>();
    if (function == nullptr || PyErr_ExceptionMatches(PyExc_AttributeError) == 0) return nullptr;
    PyErr_Clear();
    return function(self, name);
  }
  template <class Function>
  static ::PyObject* call(::PyObject* self, ::PyObject* name) noexcept {
    return Function::call(self, &name, 1);
  }
};
template <bool Always>
struct AttributeHalf : ProtocolSlot {
  template <class T, FixedString Dunder, auto Target, class... E>
  static void bind(ClassBuilder<T>&, ClassParts& parts, const E&...) {
    using Function = DunderFunction<T, Dunder, Target>;
    using Own = AttributeSlot<T>;
    check_no_extras<E...>();
    check_arity<Function, 1>();
    Function::describe(parts, false);
    constexpr int which = Always ? Own::always : Own::if_missing;
    parts.add_half(Py_tp_getattro, which, reinterpret_cast<void*>(&Own::entry), false);
    half<T, binaryfunc, Py_tp_getattro, which>.store(&Own::template call<Function>, Order::relaxed);
  }
};
/// `__get__(self, instance, owner)`: None stands for what there is not.
struct DescriptorGetSlot : ProtocolSlot {
  template <class Function>
  static ::PyObject* entry(::PyObject* self, ::PyObject* instance, ::PyObject* owner) noexcept {
    ::PyObject* args[] = {instance == nullptr ? Py_None : instance, owner == nullptr ? Py_None : owner};
    return Function::call(self, args, 2);
  }
  template <class T, FixedString Dunder, auto Target, class... E>
  static void bind(ClassBuilder<T>&, ClassParts& parts, const E&...) {
    using Function = DunderFunction<T, Dunder, Target>;
    check_no_extras<E...>();
    check_arity<Function, 2>();
    Function::describe(parts, false);
    parts.add_slot(Py_tp_descr_get, reinterpret_cast<void*>(&entry<Function>));
  }
};

// --- Dunders that are found by name ----------------------------------------------------------------------------------

/// Dunders without a type slot: methods like others, whose arity and result are known.
template <std::size_t Least, std::size_t Most, class Tag = PyAny, bool OfClass = false>
struct NamedDunder : ProtocolSlot {
  template <class T, FixedString Dunder, auto Target, class... E>
  static void bind(ClassBuilder<T>& cls, ClassParts&, const E&... extra) {
    if constexpr (OfClass) {
      cls.template def_classmethod<Target>(Dunder.text, extra...);
    } else {
      if constexpr (!is_overload_set<Target>) {
        using Signature = MethodOf<decltype(Target)>;
        using Kinds = ParameterKinds<typename Signature::Parameters>;
        constexpr Shape shape = ShapeOf<typename Signature::Parameters, E...>::shape;
        static_assert((Kinds::count >= Least && Kinds::count <= Most) || shape.var_args,
                      "adder: the member function has the wrong number of parameters for this dunder");
        static_assert(std::is_same_v<Tag, PyAny> || may_become<typename Signature::Result, Tag>(),
                      "adder: the function returns what cannot be the result of this dunder: text for __format__, an "
                      "integer for __length_hint__ and __sizeof__, bytes for __bytes__");
      }
      cls.template def<Target>(Dunder.text, extra...);
    }
  }
};

// clang-format off
template <> struct Slot<"__neg__"> : UnarySlot<Py_nb_negative> {};
template <> struct Slot<"__pos__"> : UnarySlot<Py_nb_positive> {};
template <> struct Slot<"__abs__"> : UnarySlot<Py_nb_absolute> {};
template <> struct Slot<"__invert__"> : UnarySlot<Py_nb_invert> {};
template <> struct Slot<"__int__"> : UnarySlot<Py_nb_int, PyInt> {};
template <> struct Slot<"__float__"> : UnarySlot<Py_nb_float, PyFloat> {};
template <> struct Slot<"__index__"> : UnarySlot<Py_nb_index, PyInt> {};
template <> struct Slot<"__add__"> : BinarySlot<Py_nb_add, false> {};
template <> struct Slot<"__radd__"> : BinarySlot<Py_nb_add, true> {};
template <> struct Slot<"__sub__"> : BinarySlot<Py_nb_subtract, false> {};
template <> struct Slot<"__rsub__"> : BinarySlot<Py_nb_subtract, true> {};
template <> struct Slot<"__mul__"> : BinarySlot<Py_nb_multiply, false> {};
template <> struct Slot<"__rmul__"> : BinarySlot<Py_nb_multiply, true> {};
template <> struct Slot<"__matmul__"> : BinarySlot<Py_nb_matrix_multiply, false> {};
template <> struct Slot<"__rmatmul__"> : BinarySlot<Py_nb_matrix_multiply, true> {};
template <> struct Slot<"__truediv__"> : BinarySlot<Py_nb_true_divide, false> {};
template <> struct Slot<"__rtruediv__"> : BinarySlot<Py_nb_true_divide, true> {};
template <> struct Slot<"__floordiv__"> : BinarySlot<Py_nb_floor_divide, false> {};
template <> struct Slot<"__rfloordiv__"> : BinarySlot<Py_nb_floor_divide, true> {};
template <> struct Slot<"__mod__"> : BinarySlot<Py_nb_remainder, false> {};
template <> struct Slot<"__rmod__"> : BinarySlot<Py_nb_remainder, true> {};
template <> struct Slot<"__divmod__"> : BinarySlot<Py_nb_divmod, false> {};
template <> struct Slot<"__rdivmod__"> : BinarySlot<Py_nb_divmod, true> {};
template <> struct Slot<"__lshift__"> : BinarySlot<Py_nb_lshift, false> {};
template <> struct Slot<"__rlshift__"> : BinarySlot<Py_nb_lshift, true> {};
template <> struct Slot<"__rshift__"> : BinarySlot<Py_nb_rshift, false> {};
template <> struct Slot<"__rrshift__"> : BinarySlot<Py_nb_rshift, true> {};
template <> struct Slot<"__and__"> : BinarySlot<Py_nb_and, false> {};
template <> struct Slot<"__rand__"> : BinarySlot<Py_nb_and, true> {};
template <> struct Slot<"__xor__"> : BinarySlot<Py_nb_xor, false> {};
template <> struct Slot<"__rxor__"> : BinarySlot<Py_nb_xor, true> {};
template <> struct Slot<"__or__"> : BinarySlot<Py_nb_or, false> {};
template <> struct Slot<"__ror__"> : BinarySlot<Py_nb_or, true> {};
template <> struct Slot<"__pow__"> : PowerHalf<false> {};
template <> struct Slot<"__rpow__"> : PowerHalf<true> {};
template <> struct Slot<"__iadd__"> : InPlaceSlot<Py_nb_inplace_add> {};
template <> struct Slot<"__isub__"> : InPlaceSlot<Py_nb_inplace_subtract> {};
template <> struct Slot<"__imul__"> : InPlaceSlot<Py_nb_inplace_multiply> {};
template <> struct Slot<"__imatmul__"> : InPlaceSlot<Py_nb_inplace_matrix_multiply> {};
template <> struct Slot<"__itruediv__"> : InPlaceSlot<Py_nb_inplace_true_divide> {};
template <> struct Slot<"__ifloordiv__"> : InPlaceSlot<Py_nb_inplace_floor_divide> {};
template <> struct Slot<"__imod__"> : InPlaceSlot<Py_nb_inplace_remainder> {};
template <> struct Slot<"__ilshift__"> : InPlaceSlot<Py_nb_inplace_lshift> {};
template <> struct Slot<"__irshift__"> : InPlaceSlot<Py_nb_inplace_rshift> {};
template <> struct Slot<"__iand__"> : InPlaceSlot<Py_nb_inplace_and> {};
template <> struct Slot<"__ixor__"> : InPlaceSlot<Py_nb_inplace_xor> {};
template <> struct Slot<"__ior__"> : InPlaceSlot<Py_nb_inplace_or> {};
template <> struct Slot<"__ipow__"> : InPlacePower {};

template <> struct Slot<"__lt__"> : ComparisonSlot<Py_LT> {};
template <> struct Slot<"__le__"> : ComparisonSlot<Py_LE> {};
template <> struct Slot<"__eq__"> : ComparisonSlot<Py_EQ> {};
template <> struct Slot<"__ne__"> : ComparisonSlot<Py_NE> {};
template <> struct Slot<"__gt__"> : ComparisonSlot<Py_GT> {};
template <> struct Slot<"__ge__"> : ComparisonSlot<Py_GE> {};
template <> struct Slot<"__richcmp__"> : RichCompareSlot {};
template <> struct Slot<"__hash__"> : HashSlot {};

template <> struct Slot<"__getitem__"> : GetItemSlot {};
template <> struct Slot<"__setitem__"> : AssignmentHalf<Py_mp_ass_subscript, false> {};
template <> struct Slot<"__delitem__"> : AssignmentHalf<Py_mp_ass_subscript, true> {};
template <> struct Slot<"__contains__"> : ContainsSlot {};
template <> struct Slot<"__concat__"> : ConcatSlot<Py_sq_concat, false> {};
template <> struct Slot<"__inplace_concat__"> : ConcatSlot<Py_sq_inplace_concat, true> {};
template <> struct Slot<"__repeat__"> : RepeatSlot<Py_sq_repeat, false> {};
template <> struct Slot<"__inplace_repeat__"> : RepeatSlot<Py_sq_inplace_repeat, true> {};
template <> struct Slot<"__iter__"> : UnarySlot<Py_tp_iter> {};
template <> struct Slot<"__next__"> : NextSlot<false> {};
template <> struct Slot<"__await__"> : UnarySlot<Py_am_await> {};
template <> struct Slot<"__aiter__"> : UnarySlot<Py_am_aiter> {};
template <> struct Slot<"__anext__"> : NextSlot<true> {};
template <> struct Slot<"__call__"> : CallSlot {};

template <> struct Slot<"__getattribute__"> : AttributeHalf<true> {};
template <> struct Slot<"__getattr__"> : AttributeHalf<false> {};
template <> struct Slot<"__setattr__"> : AssignmentHalf<Py_tp_setattro, false> {};
template <> struct Slot<"__delattr__"> : AssignmentHalf<Py_tp_setattro, true> {};
template <> struct Slot<"__get__"> : DescriptorGetSlot {};
template <> struct Slot<"__set__"> : AssignmentHalf<Py_tp_descr_set, false> {};
template <> struct Slot<"__delete__"> : AssignmentHalf<Py_tp_descr_set, true> {};

template <> struct Slot<"__format__"> : NamedDunder<1, 1, PyString> {};
template <> struct Slot<"__bytes__"> : NamedDunder<0, 0, PyBytes> {};
template <> struct Slot<"__fspath__"> : NamedDunder<0, 0, PyString> {};
template <> struct Slot<"__dir__"> : NamedDunder<0, 0> {};
template <> struct Slot<"__sizeof__"> : NamedDunder<0, 0, PyInt> {};
template <> struct Slot<"__length_hint__"> : NamedDunder<0, 0, PyInt> {};
template <> struct Slot<"__reversed__"> : NamedDunder<0, 0> {};
template <> struct Slot<"__round__"> : NamedDunder<0, 1> {};
template <> struct Slot<"__trunc__"> : NamedDunder<0, 0> {};
template <> struct Slot<"__floor__"> : NamedDunder<0, 0> {};
template <> struct Slot<"__ceil__"> : NamedDunder<0, 0> {};
template <> struct Slot<"__complex__"> : NamedDunder<0, 0> {};
template <> struct Slot<"__missing__"> : NamedDunder<1, 1> {};
template <> struct Slot<"__enter__"> : NamedDunder<0, 0> {};
template <> struct Slot<"__exit__"> : NamedDunder<3, 3> {};
template <> struct Slot<"__aenter__"> : NamedDunder<0, 0> {};
template <> struct Slot<"__aexit__"> : NamedDunder<3, 3> {};
template <> struct Slot<"__set_name__"> : NamedDunder<2, 2> {};
template <> struct Slot<"__copy__"> : NamedDunder<0, 0> {};
template <> struct Slot<"__deepcopy__"> : NamedDunder<1, 1> {};
template <> struct Slot<"__replace__"> : NamedDunder<0, 255> {};
template <> struct Slot<"__reduce__"> : NamedDunder<0, 0> {};
template <> struct Slot<"__reduce_ex__"> : NamedDunder<1, 1> {};
template <> struct Slot<"__getstate__"> : NamedDunder<0, 0> {};
template <> struct Slot<"__setstate__"> : NamedDunder<1, 1> {};
template <> struct Slot<"__getnewargs__"> : NamedDunder<0, 0> {};
template <> struct Slot<"__getnewargs_ex__"> : NamedDunder<0, 0> {};
template <> struct Slot<"__class_getitem__"> : NamedDunder<1, 1, PyAny, true> {};
template <> struct Slot<"__init_subclass__"> : NamedDunder<0, 255, PyAny, true> {};
// clang-format on

}  // namespace detail
}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/class/detail/protocol_slots_inl.hpp"
#endif
