// SPDX-License-Identifier: MIT
/// @file
/// @brief A function behind a type slot: one function or an overload set, its name in messages, and what becomes of an
/// operand that does not convert.
#pragma once
#include "adder/class/pyclass.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>

namespace adder::inline ADDER_ABI::detail {

/// NotImplemented where nothing is pending, and null where something is.
ADDER_COLD_CALL ::PyObject* not_implemented_unless_raised() noexcept;
/// What a function of an operator returned: null without an exception stands for an operand that does not convert.
ADDER_INLINE ::PyObject* or_not_implemented(::PyObject* result) noexcept {
  if (result != nullptr) [[likely]]
    return result;
  return not_implemented_unless_raised();
}

/// Whether @p object is of a class whose type is not complete: one of its attributes may be such an object.
ADDER_COLD_CALL bool is_of_early_type(const ClassPlace& place, ::PyObject* object) noexcept;

/// The same of a class that another module may have made. Defined in shared_from.hpp.
template <class T>
bool is_of_imported_class(::PyObject* object) noexcept;

/// Whether @p object is of the class T. Its type is not made here, where nothing may throw.
template <class T>
ADDER_INLINE bool is_own(::PyObject* object) noexcept {
  ::PyTypeObject* type = class_type<T>.load(Order::acquire);
  if (Py_IS_TYPE(object, type)) [[likely]]
    return true;
  if (type == nullptr) [[unlikely]] {  // Which no object's type is: it is asked only now.
    if constexpr (is_shared_class<T>()) {
      return is_of_imported_class<T>(object);
    } else {
      return is_of_early_type(class_type<T>, object);
    }
  }
  return is_subclassable<T>() && PyType_IsSubtype(Py_TYPE(object), type) != 0;
}

/// Whether an operand can convert, as far as its type alone says so. That spares an exception that nobody sees.
template <class P>
ADDER_INLINE bool operand_may_fit([[maybe_unused]] ::PyObject* operand) noexcept {
  using V = std::remove_cvref_t<P>;
  if constexpr (IsPyClass<V>) {
    return is_own<V>(operand);
  } else {
    return true;
  }
}
template <class... P>
ADDER_INLINE bool operands_may_fit([[maybe_unused]] ::PyObject* operand, TypeList<P...>) noexcept {
  return ((kind_of<P> != ParameterKind::plain || operand_may_fit<P>(operand)) && ...);
}

/// The first parameter that Python passes something for; void where there is none.
template <class Parameters>
struct FirstPlain {
  using type = void;
};
template <class P, class... Rest>
struct FirstPlain<TypeList<P, Rest...>> {
  using type = std::conditional_t<kind_of<P> == ParameterKind::plain, P, typename FirstPlain<TypeList<Rest...>>::type>;
};

/// The class of the object that a function takes as its only parameter, by reference; void for all other functions.
template <class Parameters>
struct OnlyObject {
  using type = void;
};
template <class P>
  requires(std::is_lvalue_reference_v<P> && IsPyClass<std::remove_cvref_t<P>>)
struct OnlyObject<TypeList<P>> {
  using type = std::remove_cvref_t<P>;
};

/// What a C++ result becomes in Python, as far as its type says so.
/// @tparam Tag  The Python type that is wanted.
template <class R, class Tag>
constexpr bool may_become() {
  using V = std::remove_cvref_t<R>;
  if constexpr (is_specialization<V, PyResult>) {
    return may_become<typename V::value_type, Tag>();
  } else if constexpr (std::is_void_v<V> || is_specialization<V, std::optional>) {
    return false;
  } else if constexpr (std::is_same_v<V, bool>) {
    return std::is_same_v<Tag, PyBool>;
  } else if constexpr (std::is_integral_v<V>) {
    return std::is_same_v<Tag, PyInt>;
  } else if constexpr (std::is_floating_point_v<V>) {
    return std::is_same_v<Tag, PyFloat>;
  } else if constexpr (std::is_convertible_v<const V&, std::string_view>) {
    return std::is_same_v<Tag, PyString>;
  } else if constexpr (LendsReference<V>) {
    using X = HandleTarget<V>;
    return std::is_same_v<X, PyAny> || std::is_same_v<X, Tag>;
  } else {
    return true;
  }
}

/// Whether a parameter looks at an object of T, as its value or part of it; whether a receiver changes it.
template <class T, class Q>
inline constexpr bool reads_value = std::is_lvalue_reference_v<Q> && std::is_const_v<std::remove_reference_t<Q>> &&
                                    std::is_base_of_v<std::remove_cvref_t<Q>, T>;
template <class T, class R>
inline constexpr bool changes_value = std::is_reference_v<R> && !std::is_const_v<std::remove_reference_t<R>> &&
                                      std::is_base_of_v<std::remove_cvref_t<R>, T>;
template <class T, class Signature, class Parameters = typename Signature::Parameters>
inline constexpr bool changes_and_reads_value = false;
template <class T, class Signature, class... P>
inline constexpr bool changes_and_reads_value<T, Signature, TypeList<P...>> =
    changes_value<T, typename Signature::Receiver> && (reads_value<T, P> || ...);

/// What the parameters of a function alone say of it: compiled once for all that have the same.
template <class Parameters>
struct DunderParameters {
  static_assert(only_plain<Parameters>,
                "adder: a dunder cannot take Args, Kwargs, ThisModule or ThisClass; only __call__ takes the first two");
  static constexpr std::size_t least = ParameterKinds<Parameters>::count, most = least;
  static constexpr bool is_set = false;
  /// Whether the only argument can convert.
  ADDER_INLINE static bool may_fit(::PyObject* operand) noexcept { return operands_may_fit(operand, Parameters()); }
  template <template <class> class Is>
  static constexpr bool first_is = Is<typename FirstPlain<Parameters>::type>::value;
};

/// One function bound as a dunder.
/// @tparam Slot  That it fills, which tells the function from the same one bound otherwise. Not the name: compilers
/// write
///               each character of that into each symbol.
template <class T, class Slot, auto Target>
struct ADDER_HIDDEN DunderFunction : DunderParameters<typename MethodOf<decltype(Target)>::Parameters> {
  using Binding = MethodBinding<T, Target, CallOptions<>, Slot>;  // Complete only where it is used.
  using Record = MethodRecord<T, Target, CallOptions<>, Slot>;
  using Signature = MethodOf<decltype(Target)>;
  using Parameters = typename Signature::Parameters;
  using Result = typename Signature::Result;
  using Operand = typename OnlyObject<Parameters>::type;
  static consteval auto target() { return Target; }
  template <class Owner>
  static constexpr bool changes_and_reads = changes_and_reads_value<Owner, Signature>;
  template <class Tag>
  static constexpr bool returns = may_become<Result, Tag>();

  ADDER_INLINE static ::PyObject* call(::PyObject* self, ::PyObject* const* args, Py_ssize_t) noexcept {
    const DepthScope<reaches_python<Signature>> depth;
    if (depth.refused()) [[unlikely]]
      return nullptr;
    return Binding::invoke(self, args);
  }
  /// As the function of an operator: nothing is pending where it returns null for an operand that does not convert.
  ADDER_INLINE static ::PyObject* operate(::PyObject* self, ::PyObject* operand) noexcept {
    if constexpr (std::is_same_v<Operand, void>) {
      if (!DunderFunction::may_fit(operand)) [[unlikely]]
        return Py_NewRef(Py_NotImplemented);
      return or_not_implemented(call(self, &operand, 1));
    } else {
      // Written out, as it is what most operators are: each function for a step of it is compiled for each operator.
      if (!is_own<Operand>(operand)) [[unlikely]]
        return Py_NewRef(Py_NotImplemented);
      const DepthScope<reaches_python<Signature>> depth;
      if (depth.refused()) [[unlikely]]
        return nullptr;
      if constexpr (locks_in_order<T, typename Signature::Receiver, Parameters>)
        return Binding::invoke_in_order(self, &operand);
      try {
        [[maybe_unused]] ScalarResult<Result> scalar;
        {
          ArgumentLoader<typename FirstPlain<Parameters>::type> loader;
          if (!loader.load_own(operand, CallContext{nullptr, &Record::static_storage.record}, 0)) [[unlikely]]
            return nullptr;
          typename ShortReceiver<T, typename Signature::Receiver>::type receiver(self);
          if (!receiver.granted()) [[unlikely]] {
            if constexpr (receives_part<T, typename Signature::Receiver>()) {
              return Binding::on_part(self, loader.get());
            } else {
              return nullptr;
            }
          }
          if constexpr (std::is_void_v<Result>) {
            call_method<Target>(receiver.get(), loader.get());
            Py_RETURN_NONE;
          } else if constexpr (returns_scalar<Result>) {
            scalar = call_method<Target>(receiver.get(), loader.get());
          } else if constexpr (std::is_member_pointer_v<decltype(Target)>) {
            return return_from_method<T, decltype(Target), Result>(self, (receiver.get().*Target)(loader.get()));
          } else {
            return return_from_method<T, decltype(Target), Result>(self,
                                                                   call_method<Target>(receiver.get(), loader.get()));
          }
        }
        if constexpr (returns_scalar<Result>) return Scalar<ScalarResult<Result>>::store(scalar);
      } catch (...) {
        translate_current_exception();
        return nullptr;
      }
    }
  }
};

template <class... Bindings>
struct SetTraits {
  static constexpr std::size_t least = [] {
    std::size_t result = static_cast<std::size_t>(-1);
    ((result = ParameterKinds<typename Bindings::Signature::Parameters>::count < result
                   ? ParameterKinds<typename Bindings::Signature::Parameters>::count
                   : result),
     ...);
    return result;
  }();
  static constexpr std::size_t most = [] {
    std::size_t result = 0;
    ((result = ParameterKinds<typename Bindings::Signature::Parameters>::count > result
                   ? ParameterKinds<typename Bindings::Signature::Parameters>::count
                   : result),
     ...);
    return result;
  }();
  template <class Tag>
  static constexpr bool returns = (may_become<typename Bindings::Signature::Result, Tag>() && ...);
  static constexpr bool returns_nothing = (std::is_void_v<typename Bindings::Signature::Result> || ...);
  template <class Owner>
  static constexpr bool changes_and_reads = (changes_and_reads_value<Owner, typename Bindings::Signature> || ...);
  static constexpr bool reaches_python = (detail::reaches_python<typename Bindings::Signature> || ...);
  static constexpr bool plain = (only_plain<typename Bindings::Signature::Parameters> && ...);
  template <template <class> class Is>
  static constexpr bool first_is =
      (Is<typename FirstPlain<typename Bindings::Signature::Parameters>::type>::value || ...);
};
template <class Whole>
struct TraitsOfSet;
template <template <class...> class Set, class... Bindings>
struct TraitsOfSet<Set<Bindings...>> : SetTraits<Bindings...> {};

/// Several.
template <class T, class Slot, auto Target>
  requires is_overload_set<Target>
struct ADDER_HIDDEN DunderFunction<T, Slot, Target> {
  using Maker = SetMaker<std::remove_cv_t<decltype(Target)>>;
  template <auto F, class Options, class Set>
  using Own = MethodBinding<T, F, Options, TypeList<Slot, Set>>;
  using Whole = typename Maker::template Whole<Own>;
  using Traits = TraitsOfSet<Whole>;
  using Result = std::conditional_t<Traits::returns_nothing, void, Bound<PyAny>>;
  static_assert(Traits::plain,
                "adder: a dunder cannot take Args, Kwargs, ThisModule or ThisClass; only __call__ takes the first two");
  static constexpr std::size_t least = Traits::least, most = Traits::most;
  static constexpr bool is_set = true;
  template <class Owner>
  static constexpr bool changes_and_reads = Traits::template changes_and_reads<Owner>;
  template <class Tag>
  static constexpr bool returns = Traits::template returns<Tag>;

  static void describe(ClassParts& parts, const char* dunder, bool is_operand) {
    (void)Maker::template describe<Own>(dunder, parts.qualifier(), is_operand ? operand_receiver : "$self");
  }
  static ::PyObject* call(::PyObject* self, ::PyObject* const* args, Py_ssize_t given) noexcept {
    const DepthScope<Traits::reaches_python> depth;
    if (depth.refused()) [[unlikely]]
      return nullptr;
    return Whole::entry(self, args, given, nullptr);
  }
  static ::PyObject* operate(::PyObject* self, ::PyObject* operand) noexcept {
    return or_not_implemented(call(self, &operand, 1));
  }
  static constexpr bool may_fit(::PyObject*) noexcept { return true; }
  template <template <class> class Is>
  static constexpr bool first_is = Traits::template first_is<Is>;
};

// --- Filling slots ---------------------------------------------------------------------------------------------------

/// The type says that they throw nothing, or they could not be jumped to.
using BinaryFunction = ::PyObject* (*)(::PyObject*, ::PyObject*) noexcept;
using TernaryFunction = ::PyObject* (*)(::PyObject*, ::PyObject*, ::PyObject*) noexcept;
/// The functions of the dunders that share a slot of a class. Entered before the type is made.
template <class F, std::size_t Count>
struct Halves {
  Atomic<F> of[Count];
  int id = 0;                    ///< Of the slot.
  const Halves* base = nullptr;  ///< Of the pyclass that the class derives from; null if none.

  F own(int which) const noexcept {
    // ORDER: relaxed: the type was published after it.
    return of[which].load(Order::relaxed);
  }
};
/// Six comparisons, and none for what a number of three bits may be besides.
template <int Id>
inline constexpr std::size_t half_count = Id == Py_tp_richcompare ? 8 : 2;
template <class T, class F, int Id>
constexpr const Halves<F, half_count<Id>>* halves_of_base() noexcept;
template <class T, class F, int Id>
ADDER_HIDDEN inline constinit Halves<F, half_count<Id>> halves{{}, Id, halves_of_base<T, F, Id>()};
template <class T, class F, int Id>
constexpr const Halves<F, half_count<Id>>* halves_of_base() noexcept {
  if constexpr (has_pyclass_base<T>) {
    return &halves<BaseTagOf<T>, F, Id>;
  } else {
    return nullptr;
  }
}
/// What a class has for a half of a slot, itself or from the pyclass that it derives from; null if nothing.
/// @tparam T  The class, or one that derives from it.
template <class T, class F, std::size_t Count>
ADDER_INLINE F find_half(const Halves<F, Count>& own, int which) noexcept {
  F found = own.own(which);
  if constexpr (has_pyclass_base<T>) {
    for (const auto* at = own.base; found == nullptr && at != nullptr; at = at->base) found = at->own(which);
  }
  return found;
}
/// The slot of the type that the class derives from; null where that is object.
template <class T, class F>
F base_slot(int id) noexcept {
  if constexpr (HasBase<T>) {
    return reinterpret_cast<F>(PyType_GetSlot(PyTypeInfo<BaseTagOf<T>>::type_object(), id));
  } else {
    return nullptr;
  }
}

/// The same where the base class cannot have been changed from Python: CPython's own slot for changed classes asks the
/// type of the object, which leads here.
template <class T, class F>
F usual_slot(int id) noexcept {
  if constexpr (HasBase<T>) {
    if (!PyType_HasFeature(PyTypeInfo<BaseTagOf<T>>::type_object(), Py_TPFLAGS_IMMUTABLETYPE)) return nullptr;
  }
  return base_slot<T, F>(id);
}

/// A dunder, whose slot is `Own::entry`.
/// @tparam F        Of the function `Own::call`, which `entry` finds among those that share the slot; void of a dunder
///                  with a slot of its own.
/// @tparam Which    Of those that share the slot.
/// @tparam Operand  Whether the argument is an operand, which need not convert.
template <class Own, class F, int Id, int Which, std::size_t Least, std::size_t Most, bool Operand>
struct DunderSlot {
  /// Whether anybody looks for the function of the class T.
  template <class T>
  static constexpr bool is_looked_up = !std::is_same_v<F, void>;

  template <class T, auto Target, class... E>
  static void bind(ClassBuilder<T>&, ClassParts& parts, const char* dunder, const E&...) {
    using Function = DunderFunction<T, Own, Target>;
    static_assert(Function::least >= Least && Function::most <= Most,
                  "adder: the member function has the wrong number of parameters for this dunder");
    static_assert(Most != 0 || !Function::is_set,
                  "adder: this dunder takes no overload set: Python passes nothing to choose by");
    static_assert(sizeof...(E) == 0,
                  "adder: def of this dunder takes no further arguments: Python passes what the operation has, without "
                  "names, and gives the documentation itself");
    FunctionRecord* record = nullptr;
    if constexpr (Function::is_set) {
      Function::describe(parts, dunder, Operand);
    } else {
      record = &Function::Record::static_storage.record;
    }
    parts.add_dunder(record, dunder, Function::least, Operand, Id, std::is_same_v<F, void> ? ClassParts::whole : Which,
                     reinterpret_cast<void*>(Own::template entry<T, Function>));
    if constexpr (Own::template is_looked_up<T>) {
      halves<T, F, Id>.of[Which].store(Own::template call<T, Function>, Order::relaxed);
    }
  }
};
/// One with a slot of its own.
template <class Own, int Id, std::size_t Least, std::size_t Most = Least, bool Operand = false>
using WholeSlot = DunderSlot<Own, void, Id, 0, Least, Most, Operand>;
/// One that shares its slot with others.
template <class Own, class F, int Id, int Which, std::size_t Least, std::size_t Most = Least, bool Operand = false>
using HalfSlot = DunderSlot<Own, F, Id, Which, Least, Most, Operand>;

/// What a slot returns that tells success from an error.
ADDER_INLINE int status_of(::PyObject* result) noexcept {
  release_if_any(result);
  return result == nullptr ? -1 : 0;
}

}  // namespace adder::inline ADDER_ABI::detail
