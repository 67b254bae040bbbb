// SPDX-License-Identifier: MIT
/// @file
/// @brief What must be true of a class that is to be a Python class.
#pragma once
#include "adder/class/collect.hpp"

#include <type_traits>

namespace adder::inline ADDER_ABI::detail {

/// The PyClass of a class of another module may leave it out.
template <class T>
constexpr bool needs_define() {
  return !is_shared_class<T>() || requires { &PyClass<T>::define; };
}

template <auto Member>
struct NamedField;
/// How often a list of fields has one of them.
template <auto Member, auto... Members>
inline constexpr int times_named = (int{std::is_same_v<NamedField<Member>, NamedField<Members>>} + ...);
/// Whether the collector is shown no field twice: by the list itself, nor because the base shows it as well.
template <class T, template <auto...> class List, auto... Members>
constexpr bool shows_fields_once(const List<Members...>*) {
  if constexpr (has_pyclass_base<T>) {
    if constexpr (class_holds_handles<BaseTagOf<T>>()) {
      if ((std::is_base_of_v<typename ClassOfMember<decltype(Members)>::type, BaseTagOf<T>> || ...)) return false;
    }
  }
  return ((times_named<Members, Members...> == 1) && ...);
}

/// What must be true of a class and what its PyClass says.
template <class T>
constexpr bool check_class() {
  static_assert(check_base<T>());
  static_assert(
      !needs_define<T>() || requires { static_cast<void (*)(ClassBuilder<T>&)>(&PyClass<T>::define); },
      "adder: PyClass<T>::define is public and static, and takes the builder by reference: "
      "`static void define(adder::ClassBuilder<T>& cls)`");
  static_assert(!is_locked<T>() || !is_frozen<T>(),
                "adder: a frozen class has nothing to lock: nothing changes its values. Leave `locked` out");
  static_assert(!is_locked<T>() || !is_unsendable<T>(),
                "adder: an unsendable class is for one thread, which would wait for itself: leave `locked` out");
  if constexpr (requires { PyClass<T>::part; }) {
    static_assert(!PyClass<T>::part || !is_frozen<T>(),
                  "adder: the values of a frozen class never change, so that a copy serves as well as a part: leave "
                  "`part` out, and hand the value out with getter");
    static_assert(!PyClass<T>::part || !has_native_root<T>,
                  "adder: a class that derives from a built-in type has no parts: its objects are more than a value");
    static_assert(!PyClass<T>::part || may_be_part<T>(),
                  "adder: a class whose objects may be parts has a base of which that is true as well: give it "
                  "`static constexpr bool part = true`");
  }
  static_assert(
      !passes_args_to_base<T>() || has_native_root<T>,
      "adder: PyClass<T>::base_takes_args is for classes that derive from a built-in type, `using base = ...`");
  static_assert(std::is_nothrow_destructible_v<T>,
                "adder: the destructor of a pyclass may not throw, and is public: it runs where nobody can catch. "
                "Declare it noexcept, and hand errors to PyErr::write_unraisable");
  static_assert(HasTraverseByHand<T> == HasClearByHand<T>,
                "adder: PyClass<T> has one of traverse and clear: a cycle is found by the one and broken by the other");
  static_assert(!(HasTraverseByHand<T> && DeclaresFields<T>),
                "adder: PyClass<T> has both fields and traverse: one of them is enough");
  if constexpr (std::is_aggregate_v<T> && !is_trivially_destructible<T> && !std::is_empty_v<T> && !DeclaresFields<T> &&
                !HasTraverseByHand<T>) {
    static_assert(
        visible_fields<T>() != 0,
        "adder: the fields of this aggregate cannot be told apart, because of a base class, an array, or more "
        "than 16 of them: list them in PyClass<T>::fields");
  }
  if constexpr (is_frozen<T>()) {
    static_assert(is_unsendable<T>() || class_can_be_shared<T>(),
                  "adder: the values of a frozen class are used by several threads at once, and adder cannot see that "
                  "this class stands that (Sync). Make its fields const, or of types that synchronise themselves "
                  "(std::atomic, PyMutex), and list them in PyClass<T>::fields; or see to it yourself and say "
                  "`static constexpr bool sync = true`");
    static_assert(can_be_visited_meanwhile<T>(),
                  "adder: the garbage collector cannot look at a handle in a frozen class that may change meanwhile: "
                  "make the field const (not behind a pointer, nor in a PyErr), a PyMutex, GILOnceCell or PyOnceLock; "
                  "or leave it out "
                  "of PyClass<T>::fields, which is a PartialFieldList then: cycles through it are not found");
  }
  if constexpr (DeclaresFields<T>) {
    using Types = typename FieldTypes<typename PyClass<T>::fields>::type;
    static_assert(!PyClass<T>::fields::complete || FieldsAreListed<T> || fields_fill<T>(Types()),
                  "adder: the FieldList of a pyclass leaves a field out: list all of them, in the order of their "
                  "declaration, or write PartialFieldList");
    if constexpr (!FieldsAreListed<T>) {
      static_assert(shows_fields_once<T>(static_cast<const typename PyClass<T>::fields*>(nullptr)),
                    "adder: the fields of a pyclass have one twice, or one that the base class has: the collector "
                    "would count its handles twice, and take for garbage what is alive. List each once, in the class "
                    "that it is of");
    }
    static_assert(worst_of<Types> != Verdict::gil_bound || is_unsafe_send<T>(),
                  "adder: a pyclass may not hold Bound, Borrowed, Python or raw PyObject* members: they would outlive "
                  "the GIL. Hold Py<T>; or say `static constexpr bool unsafe_send = true`");
    static_assert((DeclaresView<T> && !holds_view<Pointers::pass, T>()) || !any_holds_view<Pointers::pass, Types>,
                  "adder: a pyclass may not keep a view: what a call brings is gone after it. Hold std::string, "
                  "std::vector, PyBackedStr or Py<T>; or vouch for the view with adder::ViewTraits");
  } else if constexpr (std::is_aggregate_v<T> || TemplateShape<T>::known) {  // Nobody can look into others.
    static_assert(verdict<T>() != Verdict::gil_bound || is_unsafe_send<T>(),
                  "adder: a pyclass may not hold Bound, Borrowed, Python or raw PyObject* members: they would outlive "
                  "the GIL. Hold Py<T>; or say `static constexpr bool unsafe_send = true`");
    static_assert(!std::is_aggregate_v<T> || !holds_view<Pointers::pass, T>(),
                  "adder: a pyclass may not keep a view: what a call brings is gone after it. Hold std::string, "
                  "std::vector, PyBackedStr or Py<T>; or vouch for the view with adder::ViewTraits");
  }
  return true;
}

}  // namespace adder::inline ADDER_ABI::detail
