// SPDX-License-Identifier: MIT
/// @file
/// @brief Python's garbage collector and the handles inside C++ values.
///
/// An object that owns a `Py<X>` can be part of a cycle, which only the collector can free; it has to be shown the
/// handle. Of aggregates adder
/// finds all fields by itself, but for those with a base class, an array or more than 16 fields. Other classes name
/// them once:
/// @code
/// class Node {
///   Py<PyAny> parent_;
///   std::vector<Py<PyAny>> children_;
///   std::string name_;
///   friend struct adder::PyClass<Node>;
/// };
/// template <>
/// struct adder::PyClass<Node> {
///   using fields = FieldList<&Node::parent_, &Node::children_, &Node::name_>;   // all of them, in their order
///   ...
/// };
/// @endcode
/// Handles are found in `Py`, cells, optionals, `PyErr`, `PyResult`, expecteds, smart pointers that own, containers,
/// tuples, variants, aggregates and other pyclasses by value, however deep. Nobody sees those in `std::function`,
/// `std::move_only_function` and other lambdas in disguise, behind `std::shared_ptr` and plain pointers, or in what a
/// smart pointer owns whose class is not defined: a cycle through them is never freed. Copies of a PyErr share its
/// exception, which is seen where there is one copy.
///
/// By hand instead: `static void traverse(const Node&, PyVisit&)` and `static void clear(Node&)` in the PyClass. What
/// traverse shows has to be the same each time. What it throws goes to `sys.unraisablehook`, once the collector is
/// done; what it had shown by then stays shown. One that throws at the second visit only has live objects finalised.
///
/// Clearing empties the handles of an object that nothing but garbage refers to. Borrowing its value is a RuntimeError
/// from then on. What is borrowed while the collector runs is passed over, and so stays alive. A frozen class has no
/// flag that would say so: there the collector looks only at handles that cannot change, or that synchronise
/// themselves. The values of frozen classes are not cleared but for cells and by hand: others may be reading them, and
/// a cycle has to go through something that can change.
///
/// The collector visits an object twice, and has to be shown the same handles both times; a `traverse` by hand sees to
/// that itself. It may not look behind a lock of its own that a detached thread takes: PyMutex can.
#pragma once
#include "adder/class/detail/layout.hpp"
#include "adder/sync/sync.hpp"
#include "adder/gc/detail/traverse_failure.hpp"
#include "adder/error/result.hpp"
#include "adder/token/stored.hpp"
#include "adder/token/ungil.hpp"

namespace adder::inline ADDER_ABI {

/// @brief Base of a `Traverse<T>` that says: the garbage collector need not look into a T.
/// @code
/// template <> struct adder::Traverse<Cache> : adder::NotTraversed {};
/// @endcode
struct NotTraversed {
  static constexpr bool holds_handles = false;
};

/// @brief All fields of a class in the order of their declaration, for the garbage collector and the check that the
/// class can be shared. A list that leaves one out does not compile, but for what fits into padding.
/// @tparam Members  `&T::field`; private ones if T declares `friend struct adder::PyClass<T>`.
template <auto... Members>
struct FieldList {
  static constexpr bool complete = true;
};
/// @brief Some fields of a class: of one with C++ bases that are no pyclasses, bit-fields, or more than need be named.
template <auto... Members>
struct PartialFieldList {
  static constexpr bool complete = false;
};

namespace detail {

template <class>
struct MemberTypeOf;
template <class C, class T>
struct MemberTypeOf<T C::*> {
  using type = T;
};
template <class List>
struct FieldTypes;
template <template <auto...> class List, auto... Members>
struct FieldTypes<List<Members...>> {
  using type = TypeList<typename MemberTypeOf<decltype(Members)>::type...>;
};

/// Asked of a field that is filled with what a call brings.
template <class F>
struct MustOwn {
  static_assert(!holds_view<Pointers::pass, F>(),
                "adder: a view is valid for the call that it came with: a field that Python sets has to own what it "
                "shows, as std::string, std::vector, PyBackedStr and Py<T> do");
};

template <class T>
concept DeclaresFields = requires { typename PyClass<T>::fields; };
template <class T>
concept HasTraverseByHand = requires { &PyClass<T>::traverse; };
template <class T>
concept HasClearByHand = requires { &PyClass<T>::clear; };
template <class T>
concept HasFinalize = requires { &PyClass<T>::finalize; };

/// Room for bytes behind the members of a base.
template <class Base, std::size_t N>
struct BaseAndBytes : Base {
  char bytes[N];
};
/// The size of a base without the padding at its end that a derived class's members use.
template <class Base, std::size_t Reused = alignof(Base)>
constexpr std::size_t size_as_base() {
  if constexpr (Reused == 0) {
    return sizeof(Base);
  } else if constexpr (sizeof(BaseAndBytes<Base, Reused>) == sizeof(Base)) {
    return sizeof(Base) - Reused;
  } else {
    return size_as_base<Base, Reused - 1>();
  }
}

/// Whether members of the given types, one after the other, make up a T.
template <class T, class... F>
constexpr bool fields_fill(TypeList<F...>) {
  std::size_t end = 0;
  if constexpr (has_pyclass_base<T>) {
    end = std::is_empty_v<BaseTagOf<T>> ? 0 : size_as_base<BaseTagOf<T>>();
  } else if constexpr (std::is_polymorphic_v<T>) {
    end = sizeof(void*);
  }
  ((end = align_up(end, alignof(F)) + sizeof(F)), ...);
  return sizeof(T) < end + sizeof(void*);  // Padding, in which no handle has room.
}

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
  } else if constexpr (OptionalLike<T>) {
    return holds_handles<typename T::value_type, T, Seen...>();
  } else if constexpr (ExpectedLike<T>) {
    return any_holds_handles<TypeList<typename T::value_type, typename T::error_type>, T, Seen...>;
  } else if constexpr (OwningPointer<T>) {
    return holds_handles<typename T::element_type, T, Seen...>();
  } else if constexpr (VariantLike<T>) {
    return any_holds_handles<typename TemplateShape<T>::arguments, T, Seen...>;
  } else if constexpr (RangeLike<T>) {
    return holds_handles<typename T::value_type, T, Seen...>();
  } else if constexpr (TupleLike<T>) {
    return any_holds_handles<typename TupleElements<T, std::make_index_sequence<std::tuple_size<T>::value>>::type, T,
                             Seen...>;
  } else if constexpr (std::is_aggregate_v<T> && !std::is_empty_v<T>) {
    constexpr std::size_t count = visible_fields<T>();
    if constexpr (std::is_trivially_destructible_v<T>) {
      return false;
    } else if constexpr (count == 0) {
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

template <class T, class... Seen>
constexpr bool class_holds_handles() {
  if constexpr (has_pyclass_base<T>) {
    if (class_holds_handles<BaseTagOf<T>, Seen...>()) return true;
  }
  if constexpr (HasTraverseByHand<T>) {
    return true;
  } else if constexpr (DeclaresFields<T>) {
    return any_holds_handles<typename FieldTypes<typename PyClass<T>::fields>::type, T, Seen...>;
  } else if constexpr (std::is_aggregate_v<T> && !std::is_empty_v<T> && !has_pyclass_base<T>) {
    constexpr std::size_t count = visible_fields<T>();
    if constexpr (count == 0) {
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
  if constexpr (DeclaresFields<T>) {
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
/// Whether a const T can be used by others while the collector looks at its handles. A `traverse` by hand is believed.
template <class T>
constexpr bool can_be_visited_meanwhile() {
  if constexpr (has_pyclass_base<T>) {
    if (!can_be_visited_meanwhile<BaseTagOf<T>>()) return false;
  }
  return HasTraverseByHand<T> || all_still<decltype(fields_of_shared<T>()), T>;
}

/// Whether several threads may use one value of a class that is const to them: as its author says, or as the fields say
/// that it names. Those have to be const, as C++ does not tell which are mutable.
template <class T>
constexpr bool class_can_be_shared() {
  if constexpr (SaysSync<T> || requires { PyClass<T>::sync; }) {
    return is_sync<T>();
  } else if constexpr (has_pyclass_base<T>) {
    if constexpr (!class_can_be_shared<BaseTagOf<T>>()) {
      return false;
    } else if constexpr (DeclaresFields<T>) {
      return PyClass<T>::fields::complete && fields_are_sync<decltype(fields_of_shared<T>()), T>;
    } else {
      return std::is_empty_v<T>;
    }
  } else if constexpr (DeclaresFields<T>) {
    return PyClass<T>::fields::complete && fields_are_sync<decltype(fields_of_shared<T>()), T>;
  } else {
    return is_sync<T>();
  }
}

/// Whether the objects of a class take part in garbage collection.
template <class T>
constexpr bool is_collected() {
  if constexpr (has_pyclass_base<T>) {
    if (is_collected<BaseTagOf<T>>()) return true;
  }
  return has_native_root<T> || has_dict<T>() || HasFinalize<T> || class_holds_handles<T>();
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
};

template <auto... Members>
struct FieldWalk;
template <class List>
struct FieldWalkOf;
template <template <auto...> class List, auto... Members>
struct FieldWalkOf<List<Members...>> {
  template <class T, class Use>
  static void apply(T& value, Use&& use) {
    (use(value.*Members), ...);
  }
};

template <class T>
void visit_class(PyVisit& visit, const T& value) {
  if constexpr (has_pyclass_base<T>) {
    if constexpr (class_holds_handles<BaseTagOf<T>>()) visit_class<BaseTagOf<T>>(visit, value);
  }
  if constexpr (HasTraverseByHand<T>) {
    static_assert(std::is_invocable_v<decltype(&PyClass<T>::traverse), const T&, PyVisit&>,
                  "adder: PyClass<T>::traverse takes const T& and PyVisit&");
    const TraverseScope scope;
    try {
      PyClass<T>::traverse(value, visit);
    } catch (...) {
      remember_traverse_failure(PyClass<T>::name);
    }
  } else if constexpr (DeclaresFields<T>) {
    FieldWalkOf<typename PyClass<T>::fields>::apply(value, visit);
  } else if constexpr (class_holds_handles<T>() && std::is_aggregate_v<T> && !has_pyclass_base<T>) {
    for_each_part(value, visit);
  }
}

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
  } else if constexpr (OptionalLike<T> || OwningPointer<T>) {
    if constexpr (std::is_move_constructible_v<T>) {
      const T old(std::move(value));
      value.reset();
    }
  } else if constexpr (requires { value.clear(); } && RangeLike<T> && std::is_move_constructible_v<T>) {
    const T old(std::move(value));
    value.clear();
  } else if constexpr (IsPyClass<T>) {
    clear_class<false>(value);
  } else {
    for_each_part(value, [](auto&& part) { clear_value(part); });
  }
}
/// What the collector may empty in a value that others may be reading.
template <class T>
void clear_frozen(T& value) {
  if constexpr (Traversable<T>) {
    if constexpr (Traverse<T>::holds_handles) Traverse<T>::clear(value);
  }
}
/// @tparam Frozen  Whether others may be reading the value.
template <bool Frozen, class T>
void clear_class(T& value) {
  const auto clear = [](auto&& field) {
    if constexpr (Frozen) {
      clear_frozen(field);
    } else {
      clear_value(field);
    }
  };
  if constexpr (has_pyclass_base<T>) {
    if constexpr (class_holds_handles<BaseTagOf<T>>()) clear_class<Frozen, BaseTagOf<T>>(value);
  }
  if constexpr (HasClearByHand<T>) {
    using Value = std::conditional_t<is_frozen<T>(), const T, T>;
    static_assert(std::is_invocable_v<decltype(&PyClass<T>::clear), Value&>,
                  "adder: PyClass<T>::clear takes T&, or const T& of a frozen class");
    PyClass<T>::clear(static_cast<Value&>(value));
  } else if constexpr (DeclaresFields<T>) {
    FieldWalkOf<typename PyClass<T>::fields>::apply(value, clear);
  } else if constexpr (class_holds_handles<T>() && std::is_aggregate_v<T> && !has_pyclass_base<T>) {
    for_each_part(value, clear);
  }
}

}  // namespace detail

/// The exception in an error that nobody else shares: as many owners as there are would show it as often.
template <>
struct Traverse<PyErr> {
  static constexpr bool holds_handles = true;
  static void visit(PyVisit& visit, const PyErr& error) {
    if (PyErr::Access::empty(error)) return;
    const detail::ErrState& state = PyErr::Access::state(error);
    if (state.references.load(detail::Order::acquire) != 1) return;
    if (state.owns_type) visit.show(state.type);
    visit.show(state.value.load(detail::Order::acquire));
  }
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
