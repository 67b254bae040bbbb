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
/// tuples, variants, aggregates and other pyclasses by value, however deep. In a `std::function`
/// the callable is found that stl/functional.hpp has put there, if no copy shares it. Behind
/// a `std::shared_ptr` they are found while nobody shares it. Nobody sees those in
/// `std::move_only_function` and other lambdas in disguise, behind plain pointers, or in what a
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
#include "adder/gc/traverse.hpp"
#include "adder/sync/sync.hpp"
#include "adder/token/stored.hpp"

#include <cstddef>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief All fields of a class in the order of their declaration, for the garbage collector and the check that the
/// class can be shared. A list that leaves one out does not compile, but for what fits into padding.
/// @tparam Members  `&T::field`; private ones if T declares `friend struct adder::PyClass<T>`.
template <auto... Members>
struct FieldList {
  static constexpr bool complete = true;
};
/// @brief A subset of the fields, for classes with bases that are not pyclasses, with bit-fields, or with fields that
/// the collector need not see.
template <auto... Members>
struct PartialFieldList {
  static constexpr bool complete = false;
};

namespace detail {

/// Asked of a field that is filled with what a call brings.
template <class F>
struct MustOwn {
  static_assert(!holds_view<Pointers::pass, F>(),
                "adder: a view is valid for the call that it came with: a field that Python sets has to own what it "
                "shows, as std::string, std::vector, PyBackedStr and Py<T> do");
};

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
/// Whether the collector knows of a class only the objects that are parts.
template <class T>
constexpr bool collects_only_parts() {
  return may_be_part<T>() && !is_collected<T>();
}

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

}  // namespace adder::inline ADDER_ABI
