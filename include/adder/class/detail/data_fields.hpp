// SPDX-License-Identifier: MIT
/// @file
/// @brief The fields of a data class: as parameters of its constructor, with their defaults and their order.
#pragma once
#include "adder/class/pyclass.hpp"
#include "adder/types/fields.hpp"

#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

struct KwOnly;  // data_class.hpp

namespace detail {

/// Stands for the default of a field, which each object makes anew, wherever Python wants an object.
struct FieldDefault {
  Py<PyAny> value;  ///< What is shown; of factories, what makes it.
  bool is_factory;
};

/// Whether an argument is the default of a field.
inline bool is_field_default(::PyObject* object) noexcept {
  return Py_IS_TYPE(object, class_type<FieldDefault>.load(Order::acquire));
}
/// What a type is called in `__annotations__`.
const char* annotation_or_object(const char* expected) noexcept;

/// The argument of a field: nothing, where the field has what a new object has.
template <class T>
struct FieldValue {
  T* given;
};
/// The type of a parameter; by value, as the field takes it over.
template <class F>
struct FieldParameter {
  using type = std::remove_cv_t<typename F::type>;
};
template <class F>
  requires(!F::required)
struct FieldParameter<F> {
  using type = FieldValue<std::remove_cv_t<typename F::type>>;
};
template <class T>
class ArgumentLoader<FieldValue<T>> {
 public:
  ADDER_INLINE_FOR_SPEED bool load(::PyObject* object, CallContext context, unsigned index) {
    if (is_field_default(object)) return true;
    is_given_ = true;
    return loader_.load(object, context, index);
  }
  FieldValue<T> get() noexcept {
    if (!is_given_) return {nullptr};
    if constexpr (std::is_reference_v<decltype(loader_.get())>) {
      T&& value = loader_.get();
      return {&value};
    } else {
      return {&value_.emplace(loader_.get())};
    }
  }

 private:
  ArgumentLoader<T> loader_;
  bool is_given_ = false;
  struct Nothing {};
  [[no_unique_address]] std::conditional_t<std::is_reference_v<decltype(std::declval<ArgumentLoader<T>&>().get())>,
                                           Nothing, std::optional<T>>
      value_;
};

#if ADDER_STUBS
template <class T>
struct PythonType<FieldValue<T>> : PythonType<T> {};
#endif

/// A field that is given, whatever it has else.
template <class F>
struct GivenField : F {
  static constexpr bool required = true;
};

template <class V>
constexpr const char* annotation_of() {
  if constexpr (is_specialization<V, std::optional>) {
    return annotation_of<typename V::value_type>();
  } else if constexpr (IsPyClass<V>) {
    return PyClass<V>::name;
  } else if constexpr (requires { FromPyObject<V>::expected(); }) {
    return annotation_or_object(FromPyObject<V>::expected());
  } else {
    return "object";
  }
}

/// The fields in a list of fields and marks, and how many of them may be given by place.
template <class Done, class... Parts>
struct SplitFields;
template <class... F>
struct SplitFields<TypeList<F...>> {
  using Fields = TypeList<F...>;
  using Members = FieldList<F::member...>;
  static constexpr std::size_t positional = sizeof...(F);
};
template <class... F, class First, class... Rest>
struct SplitFields<TypeList<F...>, First, Rest...> : SplitFields<TypeList<F...>, Rest...> {
  static_assert(
      always_false<First>,
      "adder: DataClass<T, ...>: after the class come its fields: Field<\"x\", &T::x>, OptionalField<...>, and KwOnly");
};
template <class... F, class First, class... Rest>
  requires requires { First::member; }
struct SplitFields<TypeList<F...>, First, Rest...> : SplitFields<TypeList<F..., First>, Rest...> {};
template <class... F, class... Rest>
struct SplitFields<TypeList<F...>, KwOnly, Rest...> : SplitFields<TypeList<F...>, Rest...> {
  static_assert((!std::is_same_v<Rest, KwOnly> && ...), "adder: DataClass<T, ...>: KwOnly stands twice");
  static constexpr std::size_t positional = sizeof...(F);
};

template <class T, auto Member>
inline constexpr bool is_own_member = std::is_same_v<typename ClassOfMember<decltype(Member)>::type, T>;
/// The members that T has not from a base, whose own class shows them to the collector.
template <class T, class Done, auto... Members>
struct OwnMembers {
  using type = Done;
};
template <class T, auto... Done, auto First, auto... Rest>
struct OwnMembers<T, FieldList<Done...>, First, Rest...> : OwnMembers<T, FieldList<Done...>, Rest...> {};
template <class T, auto... Done, auto First, auto... Rest>
  requires is_own_member<T, First>
struct OwnMembers<T, FieldList<Done...>, First, Rest...> : OwnMembers<T, FieldList<Done..., First>, Rest...> {};

/// The fields as the collector wants them: nothing, where adder sees them itself.
template <class T, class Members>
struct DataClassFields;
template <class T, auto... Members>
struct DataClassFields<T, FieldList<Members...>> {
  using fields = typename OwnMembers<T, FieldList<>, Members...>::type;
};
template <class T, auto... Members>
  requires(std::is_aggregate_v<T> && visible_fields<T>() != 0)
struct DataClassFields<T, FieldList<Members...>> {};

/// What a field says in a def.
template <class F>
auto extra_of_field() {
  if constexpr (F::required) {
    return std::type_identity<arg>();
  } else {
    return std::type_identity<ArgumentWithDefault<NotGiven, Plain>>();
  }
}
template <class Before, class Fields, std::size_t Positional>
struct FieldExtras;
template <class... E, class First, class... Rest, std::size_t Positional>
struct FieldExtras<TypeList<E...>, TypeList<First, Rest...>, Positional>
    : FieldExtras<TypeList<E..., typename decltype(extra_of_field<First>())::type>, TypeList<Rest...>, Positional - 1> {
};
template <class... E, class First, class... Rest>
struct FieldExtras<TypeList<E...>, TypeList<First, Rest...>, 0>
    : FieldExtras<TypeList<E..., KeywordOnly>, TypeList<First, Rest...>, static_cast<std::size_t>(-1)> {};
template <class... E, std::size_t Positional>
struct FieldExtras<TypeList<E...>, TypeList<>, Positional> {
  template <class Parameters>
  static constexpr Shape shape = ShapeOf<Parameters, E...>::shape;
};

/// Whether fields that may be left out come last among those that are given by place.
template <std::size_t Positional, class... F>
constexpr bool defaults_come_last(TypeList<F...>) {
  [[maybe_unused]] bool defaulted = false;
  bool result = true;
  [[maybe_unused]] std::size_t at = 0;
  ((result = result && (at >= Positional || !(F::required && defaulted)), defaulted = defaulted || !F::required, ++at),
   ...);
  return result;
}

}  // namespace detail
}  // namespace adder::inline ADDER_ABI
