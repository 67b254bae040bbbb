// SPDX-License-Identifier: MIT
/// @file
/// @brief The handles inside C++ values, as Python's garbage collector sees them: which types hold some, how they are
/// visited and emptied.
///
/// What a pyclass says about its fields is in class/collect.hpp.
#pragma once
#include "adder/error/result.hpp"
#include "adder/gc/detail/traverse_failure.hpp"
#include "adder/object/type_info.hpp"
#include "adder/token/ungil.hpp"

#include <cstddef>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief Base of a `Traverse<T>` that says: the garbage collector need not look into a T.
/// @code
/// template <> struct adder::Traverse<Cache> : adder::NotTraversed {};
/// @endcode
struct NotTraversed {
  /// There is nothing to visit.
  static constexpr bool holds_handles = false;
};

namespace detail {

// --- What a pyclass says about its fields ----------------------------------------------------------------------------

template <class>
struct MemberTypeOf;
template <class C, class T>
struct MemberTypeOf<T C::*> {
  using type = T;
};
template <class>
struct ClassOfMember;
template <class C, class T>
struct ClassOfMember<T C::*> {
  using type = C;
};
template <class List>
struct FieldTypes;
template <template <auto...> class List, auto... Members>
struct FieldTypes<List<Members...>> {
  using type = TypeList<typename MemberTypeOf<decltype(Members)>::type...>;
};

template <class T>
concept DeclaresFields = requires { typename PyClass<T>::fields; };
/// The list is the compiler's: it leaves nothing out, and tells which fields are mutable.
template <class T>
concept FieldsAreListed = requires { typename PyClass<T>::fields::shared; };
template <class T>
concept HasTraverseByHand = requires { &PyClass<T>::traverse; };

// --- Which types hold handles ----------------------------------------------------------------------------------------

template <class T>
concept Traversable = requires { Traverse<T>::holds_handles; };
template <class T>
concept OptionalLike = requires(T& t) {
  t.has_value();
  *t;
  t.reset();
  typename T::value_type;
};
template <class T>
concept OwningPointer = requires(T& t) {
  typename T::deleter_type;
  typename T::element_type;
  *t;
  t.reset();
};
template <class T>
concept SharingPointer = requires(T& t) {
  typename T::element_type;
  typename T::weak_type;
  t.use_count();
  *t;
  t.reset();
};
template <class T>
concept ExpectedLike = requires(T& t) {
  t.has_value();
  t.error();
  typename T::value_type;
  typename T::error_type;
};
template <class T>
concept VariantLike = requires(T& t) {
  t.valueless_by_exception();
  t.index();
};
template <class T>
concept RangeLike = requires(T& t) {
  t.begin();
  t.end();
  typename T::value_type;
};
template <class T>
concept TupleLike = requires { std::tuple_size<T>::value; };

/// What a pointer that C++ has to an instance of a Python subclass keeps beside the value, as its deleter: the
/// instance.
struct KeepObject {
  Py<PyAny> object;
  /// Not when the last weak pointer goes, and this with it.
  void operator()(const void*) noexcept { const Py<PyAny> last(std::move(object)); }
};
/// Whether a pointer to the values of a class may keep an object.
template <class T>
constexpr bool may_keep_objects() {
  if constexpr (requires {
                  PyClass<T>::subclass;
                  typename PyClass<T>::holder;
                }) {
    return PyClass<T>::subclass;
  } else {
    return false;
  }
}

template <class T, class... Seen>
constexpr bool holds_handles();

template <class List, class... Seen>
inline constexpr bool any_holds_handles = false;
template <class... T, class... Seen>
inline constexpr bool any_holds_handles<TypeList<T...>, Seen...> = (holds_handles<T, Seen...>() || ...);

template <class T, class Sequence>
struct TupleElements;
template <class T, std::size_t... I>
struct TupleElements<T, std::index_sequence<I...>> {
  using type = TypeList<std::tuple_element_t<I, T>...>;
};

/// What a pyclass says about the handles in its values.
template <class T, class... Seen>
constexpr bool class_holds_handles();

/// Stands for a field, or an element of one, that is or holds a handle.
template <class Aggregate>
struct AnyHandleHolder {
  template <class T>
    requires(!std::is_base_of_v<T, Aggregate> && holds_handles<T, Aggregate>())
  operator T() const;  // NOLINT(google-explicit-constructor)
};
template <class T, class Before>
inline constexpr bool handle_behind = false;
template <class T, std::size_t... I>
inline constexpr bool handle_behind<T, std::index_sequence<I...>> = requires {
  T{((void)I, AnyPrvalue<T>{})..., AnyHandleHolder<T>{}};
} || requires {
  T{((void)I, AnyField<T>{})..., AnyHandleHolder<T>{}};  // With references.
};
/// Whether there are handles in an aggregate whose fields cannot be looked at.
template <class T, std::size_t... At>
constexpr bool hides_handles(std::index_sequence<At...>) {
  return (handle_behind<T, std::make_index_sequence<At>> || ...);
}

/// Whether a T, or what it owns, may be or hold a Py.
template <class T_, class... Seen>
constexpr bool holds_handles() {
  using T = std::remove_cv_t<T_>;
  if constexpr ((std::is_same_v<T, Seen> || ...) || std::is_reference_v<T>) {
    return false;
  } else if constexpr (is_specialization<T, Py>) {
    return true;
  } else if constexpr (std::is_array_v<T>) {
    return holds_handles<std::remove_all_extents_t<T>, Seen...>();
  } else if constexpr (!std::is_class_v<T>) {
    return false;
  } else if constexpr (Traversable<T>) {
    return Traverse<T>::holds_handles;
  } else if constexpr (!requires { sizeof(T); }) {
    return false;  // Nobody can look into an incomplete type.
  } else if constexpr (IsPyClass<T>) {
    return class_holds_handles<T, Seen...>();
  } else if constexpr (is_trivially_destructible<T>) {
    return false;  // What owns a handle lets go of it: this is a view.
  } else if constexpr (OptionalLike<T>) {
    return holds_handles<typename T::value_type, T, Seen...>();
  } else if constexpr (ExpectedLike<T>) {
    return any_holds_handles<TypeList<typename T::value_type, typename T::error_type>, T, Seen...>;
  } else if constexpr (OwningPointer<T>) {
    return holds_handles<typename T::element_type, T, Seen...>();
  } else if constexpr (SharingPointer<T>) {
    return may_keep_objects<std::remove_const_t<typename T::element_type>>() ||
           holds_handles<typename T::element_type, T, Seen...>();
  } else if constexpr (VariantLike<T>) {
    return any_holds_handles<typename TemplateShape<T>::arguments, T, Seen...>;
  } else if constexpr (RangeLike<T>) {
    return holds_handles<typename T::value_type, T, Seen...>();
  } else if constexpr (TupleLike<T>) {
    return any_holds_handles<typename TupleElements<T, std::make_index_sequence<std::tuple_size<T>::value>>::type, T,
                             Seen...>;
  } else if constexpr (std::is_aggregate_v<T> && !std::is_empty_v<T>) {
    constexpr std::size_t count = visible_fields<T>();
    if constexpr (count == 0) {
      static_assert(
          !hides_handles<T>(std::make_index_sequence<max_fields + 1>()),
          "adder: the handles in this aggregate cannot be told from its other fields, because of a base class, "
          "an array, or more than 16 fields: specialise adder::Traverse for it");
      return false;
    } else {
      return any_holds_handles<decltype(field_types<count>(std::declval<T&>())), T, Seen...>;
    }
  } else {
    return false;
  }
}

/// Types that hold handles and see to it that the collector does not look at them while somebody changes them.
template <class T>
concept GuardsItself = requires { requires Traverse<T>::guards_itself; };

template <class T, class... Seen>
constexpr bool is_const_throughout();
/// Whether the collector may look at the handles in a field at any time: they cannot change, or see to it themselves.
/// @tparam F  The type of the field as others see it: of `mutable` ones not const.
template <class F, class... Seen>
constexpr bool is_still() {
  using T = std::remove_cv_t<F>;
  return !holds_handles<T>() || GuardsItself<T> || (std::is_const_v<F> && is_const_throughout<T, Seen...>());
}
template <class List, class... Seen>
inline constexpr bool all_still = false;
template <class... F, class... Seen>
inline constexpr bool all_still<TypeList<F...>, Seen...> = (is_still<F, Seen...>() && ...);

/// The fields of an object as others see them who share it. What PyClass::fields names is not known not to be mutable:
/// it has to be const.
template <class T>
constexpr auto fields_of_shared() {
  if constexpr (FieldsAreListed<T>) {
    return typename PyClass<T>::fields::shared{};
  } else if constexpr (DeclaresFields<T>) {
    return typename FieldTypes<typename PyClass<T>::fields>::type{};
  } else if constexpr (std::is_aggregate_v<T> && !std::is_empty_v<T> && visible_fields<T>() != 0) {
    return decltype(shared_field_types<visible_fields<T>()>(std::declval<const T&>())){};
  } else {
    return TypeList<>{};
  }
}
/// The const ones of several types.
template <class List>
struct AllConst;
template <class... A>
struct AllConst<TypeList<A...>> {
  using type = TypeList<const A...>;
};
/// Whether the handles in a const T cannot be changed: those behind a const pointer can.
template <class T, class... Seen>
constexpr bool is_const_throughout() {
  if constexpr ((std::is_same_v<T, Seen> || ...)) {
    return true;  // What decides are its other fields.
  } else if constexpr (is_specialization<T, Py> || !holds_handles<T>()) {
    return true;
  } else if constexpr (std::is_array_v<T>) {
    return is_still<const std::remove_all_extents_t<T>, Seen...>();
  } else if constexpr (IsPyClass<T>) {
    return !HasTraverseByHand<T> && all_still<decltype(fields_of_shared<T>()), T, Seen...>;
  } else if constexpr (Traversable<T>) {
    return false;
  } else if constexpr (OptionalLike<T>) {
    return is_still<const typename T::value_type, T, Seen...>();
  } else if constexpr (OwningPointer<T>) {
    return is_still<typename T::element_type, T, Seen...>();
  } else if constexpr (VariantLike<T>) {
    return all_still<typename AllConst<typename TemplateShape<T>::arguments>::type, T, Seen...>;
  } else if constexpr (RangeLike<T>) {
    return is_still<std::remove_reference_t<decltype(*std::declval<const T&>().begin())>, T, Seen...>();
  } else if constexpr (TupleLike<T>) {
    using Elements = typename TupleElements<T, std::make_index_sequence<std::tuple_size<T>::value>>::type;
    return all_still<typename AllConst<Elements>::type, T, Seen...>;
  } else if constexpr (std::is_aggregate_v<T>) {
    return all_still<decltype(fields_of_shared<T>()), T, Seen...>;
  } else {
    return false;
  }
}
// --- Visiting and clearing -------------------------------------------------------------------------------------------

struct VisitAccess;
template <class T>
void visit_class(PyVisit& visit, const T& value);

/// Applies @p use to what a value is made of, one level down.
template <class T, class Use>
void for_each_part(T& value, Use&& use) {
  using Value = std::remove_const_t<T>;
  if constexpr (std::is_array_v<T>) {
    for (auto& item : value) use(item);
  } else if constexpr (OptionalLike<Value> || OwningPointer<Value>) {
    if (value) use(*value);
  } else if constexpr (SharingPointer<Value>) {
    // What others own too is no garbage; and they would all show it.
    if (value.use_count() != 1) return;
    if (auto* keeper = get_deleter<KeepObject>(value)) {  // std::get_deleter, which the user's <memory> brings.
      use(keeper->object);
    } else {
      use(*value);
    }
  } else if constexpr (ExpectedLike<Value>) {
    if (!value.has_value()) {
      use(value.error());
    } else if constexpr (!std::is_void_v<typename Value::value_type>) {
      use(*value);
    }
  } else if constexpr (VariantLike<Value>) {
    if (!value.valueless_by_exception()) visit(use, value);  // std::visit, which the user's <variant> brings.
  } else if constexpr (RangeLike<Value>) {
    for (auto& item : value) use(item);
  } else if constexpr (TupleLike<Value>) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      using std::get;
      (use(get<I>(value)), ...);
    }(std::make_index_sequence<std::tuple_size<Value>::value>());
  } else {
    with_fields<visible_fields<Value>()>(value, [&](auto&&... field) { (use(field), ...); });
  }
}

}  // namespace detail

/// @brief Shows handles to the garbage collector; given to `PyClass<T>::traverse`. No token can be had from it, and no
/// Python code may run meanwhile.
/// @pyo3{PyVisit}
class PyVisit {
 public:
  PyVisit(const PyVisit&) = delete;
  PyVisit& operator=(const PyVisit&) = delete;

  /// @brief Shows every handle that @p value is or owns.
  template <class T>
  void operator()(const T& value) {
    if constexpr (!detail::holds_handles<T>()) {
      return;
    } else if constexpr (detail::is_specialization<T, Py>) {
      show(value.as_ptr());
    } else if constexpr (detail::Traversable<T>) {
      const detail::TraverseScope scope;
      try {
        Traverse<T>::visit(*this, value);
      } catch (...) {
        detail::remember_traverse_failure(nullptr);
      }
    } else if constexpr (IsPyClass<T>) {
      detail::visit_class<T>(*this, value);
    } else {
      detail::for_each_part(value, [this](const auto& part) { (*this)(part); });
    }
  }

 private:
  friend struct detail::VisitAccess;
  friend struct Traverse<PyErr>;
  void show(::PyObject* object) {
    if (result_ == 0 && object != nullptr) result_ = visit_(object, arg_);
  }
  PyVisit(visitproc visit, void* arg) noexcept : visit_(visit), arg_(arg) {}
  visitproc visit_;
  void* arg_;
  int result_ = 0;
};

namespace detail {

struct VisitAccess {
  template <class T>
  static int visit(const T& value, visitproc visit, void* arg) {
    PyVisit visitor(visit, arg);
    visit_class<T>(visitor, value);
    return visitor.result_;
  }
  /// The same of what is no pyclass.
  template <class T>
  static int visit_value(const T& value, visitproc visit, void* arg) {
    PyVisit visitor(visit, arg);
    visitor(value);
    return visitor.result_;
  }
  /// Shows an object that a value owns.
  static void show(PyVisit& visitor, ::PyObject* object) { visitor.show(object); }
};

template <bool Frozen, class T>
void clear_class(T& value);

/// Empties the handles in a value. Their objects die when the value looks empty already.
template <class T>
void clear_value(T& value) {
  if constexpr (!holds_handles<T>() || std::is_const_v<T>) {
    return;
  } else if constexpr (is_specialization<T, Py>) {
    const T old(std::move(value));
  } else if constexpr (Traversable<T>) {
    Traverse<T>::clear(value);
  } else if constexpr (OptionalLike<T> || OwningPointer<T> || SharingPointer<T>) {
    if constexpr (is_move_constructible<T>) {
      const T old(std::move(value));
      value.reset();
    }
  } else if constexpr (requires { value.clear(); } && RangeLike<T> && is_move_constructible<T>) {
    const T old(std::move(value));
    value.clear();
  } else if constexpr (IsPyClass<T>) {
    clear_class<false>(value);
  } else {
    for_each_part(value, [](auto&& part) { clear_value(part); });
  }
}

}  // namespace detail

/// The exception in an error that nobody else shares: as many owners as there are would show it as often.
template <>
struct Traverse<PyErr> {
  static constexpr bool holds_handles = true;
  static void visit(PyVisit& visit, const PyErr& error);
  static void clear(PyErr& error) { const PyErr old(std::move(error)); }
};
template <class T>
struct Traverse<PyResult<T>> {
  static constexpr bool holds_handles = true;  // Where it holds an error.
  static void visit(PyVisit& visit, const PyResult<T>& result) {
    if (result.is_err()) {
      visit(result.error());
    } else if constexpr (!std::is_void_v<T>) {
      visit(result.value());
    }
  }
  static void clear(PyResult<T>& result) {
    if (result.is_err()) {
      const PyErr old = std::move(result).error();
    } else if constexpr (!std::is_void_v<T>) {
      detail::clear_value(result.value());
    }
  }
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/gc/detail/traverse_inl.hpp"
#endif
