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

/// Tells a function that is bound as a dunder from the same one bound otherwise.
template <class T, FixedString Dunder>
struct DunderOwner;

/// NotImplemented where nothing is pending, and null where something is.
ADDER_COLD_CALL ::PyObject* not_implemented_unless_raised() noexcept;
/// What a function of an operator returned: null without an exception stands for an operand that does not convert.
ADDER_INLINE ::PyObject* or_not_implemented(::PyObject* result) noexcept {
  if (result != nullptr) [[likely]]
    return result;
  return not_implemented_unless_raised();
}

/// Whether @p object is of the class T, whose type exists.
template <class T>
ADDER_INLINE bool is_own(::PyObject* object) noexcept {
  ::PyTypeObject* type = class_type<T>.load(Order::relaxed);
  if (type == nullptr) [[unlikely]]  // An attribute of the class is being made.
    type = PyTypeInfo<T>::type_object();
  if (Py_IS_TYPE(object, type)) [[likely]]
    return true;
  return is_subclassable<T>() && PyType_IsSubtype(Py_TYPE(object), type) != 0;
}

/// Whether an operand can convert, as far as its type alone says so. That spares an exception that nobody sees.
template <class P>
ADDER_INLINE bool operand_may_fit(::PyObject* operand) {
  using V = std::remove_cvref_t<P>;
  if constexpr (IsPyClass<V>) {
    return PyTypeInfo<V>::is_type_of(operand);
  } else if constexpr (LendsReference<V>) {
    return PyTypeInfo<HandleTarget<V>>::is_type_of(operand);
  } else {
    return true;
  }
}
template <class... P>
ADDER_INLINE bool operands_may_fit([[maybe_unused]] ::PyObject* operand, TypeList<P...>) {
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

/// One function bound as a dunder.
template <class T, FixedString Dunder, auto Target>
struct ADDER_HIDDEN DunderFunction {
  using Binding = MethodBinding<T, Target, CallOptions<>, DunderOwner<T, Dunder>>;
  using Signature = typename Binding::Signature;
  using Parameters = typename Signature::Parameters;
  using Result = typename Signature::Result;
  static_assert(only_plain<Parameters>,
                "adder: a dunder cannot take Args, Kwargs, ThisModule or ThisClass; only __call__ takes the first two");
  static constexpr std::size_t least = ParameterKinds<Parameters>::count, most = least;
  template <class Tag>
  static constexpr bool returns = may_become<Result, Tag>();

  static void describe(ClassParts& parts, bool is_operand) {
    Shape shape = plain_shape<least>;
    parts.name_dunder(Binding::static_storage.record, Dunder.text, shape, is_operand);
  }
  ADDER_INLINE static ::PyObject* call(::PyObject* self, ::PyObject* const* args, Py_ssize_t) noexcept {
    return Binding::invoke(self, args);
  }
  /// Whether the only argument can convert.
  ADDER_INLINE static bool may_fit(::PyObject* operand) noexcept { return operands_may_fit(operand, Parameters()); }
  template <template <class> class Is>
  static constexpr bool first_is = Is<typename FirstPlain<Parameters>::type>::value;
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
template <class T, FixedString Dunder, auto Target>
  requires is_overload_set<Target>
struct ADDER_HIDDEN DunderFunction<T, Dunder, Target> {
  using Maker = SetMaker<std::remove_cv_t<decltype(Target)>>;
  template <auto F, class Options, class Set>
  using Own = MethodBinding<T, F, Options, TypeList<DunderOwner<T, Dunder>, Set>>;
  using Whole = typename Maker::template Whole<Own>;
  using Traits = TraitsOfSet<Whole>;
  using Result = std::conditional_t<Traits::returns_nothing, void, Bound<PyAny>>;
  static_assert(Traits::plain,
                "adder: a dunder cannot take Args, Kwargs, ThisModule or ThisClass; only __call__ takes the first two");
  static constexpr std::size_t least = Traits::least, most = Traits::most;
  template <class Tag>
  static constexpr bool returns = Traits::template returns<Tag>;

  static void describe(ClassParts& parts, bool is_operand) {
    (void)Maker::template describe<Own>(Dunder.text, parts.qualifier(), is_operand ? operand_receiver : "$self");
  }
  static ::PyObject* call(::PyObject* self, ::PyObject* const* args, Py_ssize_t given) noexcept {
    return Whole::entry(self, args, given, nullptr);
  }
  static constexpr bool may_fit(::PyObject*) noexcept { return true; }
  template <template <class> class Is>
  static constexpr bool first_is = Traits::template first_is<Is>;
};

/// The function of an operator: nothing is pending where it returns null for an operand that does not convert.
template <class Function>
ADDER_INLINE ::PyObject* call_operator(::PyObject* self, ::PyObject* operand) noexcept {
  if (!Function::may_fit(operand)) [[unlikely]]
    return Py_NewRef(Py_NotImplemented);
  return or_not_implemented(Function::call(self, &operand, 1));
}

// --- Two dunders that share a slot -----------------------------------------------------------------------------------

/// The functions of the dunders that share the slot @p Id in the class T. Entered before the type is made.
template <class T, class F, int Id, int Which>
ADDER_HIDDEN inline constinit Atomic<F> half{nullptr};

template <class T, class F, int Id, int Which>
F own_half() noexcept {
  // ORDER: relaxed: the type was published after it.
  return half<T, F, Id, Which>.load(Order::relaxed);
}
/// What a class has for a half of a slot, itself or from the pyclass that it derives from; null if nothing.
template <class T, class F, int Id, int Which>
F find_half() noexcept {
  F found = own_half<T, F, Id, Which>();
  if constexpr (has_pyclass_base<T>) {
    if (found == nullptr) found = find_half<BaseTagOf<T>, F, Id, Which>();
  }
  return found;
}
/// The slot of the type at the root of the class's bases, where that is a built-in one; else null.
template <class T, class F, int Id>
F native_slot() noexcept {
  if constexpr (has_native_root<T>) {
    return reinterpret_cast<F>(PyType_GetSlot(PyTypeInfo<typename NativeRoot<T>::type>::type_object(), Id));
  } else {
    return nullptr;
  }
}
/// The slot of the type that the class derives from; null where that is object.
template <class T, class F, int Id>
F base_slot() noexcept {
  if constexpr (HasBase<T>) {
    return reinterpret_cast<F>(PyType_GetSlot(PyTypeInfo<BaseTagOf<T>>::type_object(), Id));
  } else {
    return nullptr;
  }
}

/// What a slot returns that tells success from an error.
ADDER_INLINE int status_of(::PyObject* result) noexcept {
  release_if_any(result);
  return result == nullptr ? -1 : 0;
}

}  // namespace adder::inline ADDER_ABI::detail
