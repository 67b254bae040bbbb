// SPDX-License-Identifier: MIT
/// @file
/// @brief The methods of `set` for C++ sets.
#pragma once
#include "adder/class/detail/container_values.hpp"

#include <cstddef>
#include <optional>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

/// @tparam Self  The pyclass: the container itself, or Viewed of it.
template <class Self>
struct SetMethods {
  using C = ValueOf<Self>;
  using K = typename C::key_type;
  static constexpr const char* name() noexcept { return PyClass<Self>::name; }
  /// Whether there is no class of its own: what is new is a Python set then.
  static constexpr bool is_view = is_viewed<Self>;

  static C made_of(const Bound<PyAny>& items) {
    C result;
    if (PyTypeInfo<Self>::is_type_of(items.as_ptr())) {
      const Reading<Self> other(items.template downcast<Self>().as_bound());
      result = *other;
    } else {
      for_each_item(items, [&](const Bound<PyAny>& item) { result.insert(keyed_value<K>(item, item, "item ")); });
    }
    return result;
  }
  /// What is assigned to an attribute or element.
  static C assigned(const Bound<PyAny>& items) {
    check_assigned(items, false, false);
    return made_of(items);
  }
  static Bound<PyAny> python_copy(const C& set) {
    Bound<PyList> result = PyList::empty(token());
    for (const auto& item : set) result.append(copied_value(item));
    return set_of(std::move(result).into_any());
  }
  static C make(const Given<Bound<PyAny>>& items) { return items ? made_of(*items) : C(); }
  static std::optional<K> key_of(const Bound<PyAny>& object) {
    auto result = extract_from<K>(object);
    if (result.is_ok()) return std::move(result).value();
    if (says_no_such_value(std::as_const(result).error())) return std::nullopt;
    throw std::move(result).error();
  }

  static std::size_t size(const C& set) noexcept { return set.size(); }
  static bool contains(const Bound<Self>& self, const Bound<PyAny>& item) {
    const std::optional<K> wanted = key_of(item);
    if (!wanted) return false;
    const Reading<Self> set(self);
    return set->find(*wanted) != set->end();
  }
  static Bound<PyAny> iterate(const Bound<Self>& self) {
    Bound<PyList> keys = PyList::empty(token());
    {
      const Reading<Self> set(self);
      for (const auto& item : *set) keys.append(copied_value(item));
    }
    return iterate_keys(Bound<PyAny>(self), std::move(keys).into_any(), true);
  }

  static void add(const Bound<Self>& self, const Bound<PyAny>& item) {
    K made = value_of<K>(item);
    Writing<Self>(self)->insert(std::move(made));
  }
  static bool erase(const Bound<Self>& self, const Bound<PyAny>& item) {
    const std::optional<K> wanted = key_of(item);
    return wanted && Writing<Self>(self)->erase(*wanted) != 0;
  }
  static void discard(const Bound<Self>& self, const Bound<PyAny>& item) { (void)erase(self, item); }
  static void remove(const Bound<Self>& self, const Bound<PyAny>& item) {
    if (!erase(self, item)) refuse_key(item);
  }
  static Bound<PyAny> pop(const Bound<Self>& self) {
    std::optional<K> item;
    {
      const Writing<Self> set(self);
      if (set->empty()) refuse_empty_pop(name());
      item.emplace(*set->begin());
      set->erase(set->begin());
    }
    return copied_value(*std::move(item));
  }
  static void clear(C& set) { set.clear(); }
  static Bound<PyAny> copy(const Bound<Self>& self) { return own(set_of(Bound<PyAny>(self))); }

  /// What is new: of the class, or a Python set.
  static Bound<PyAny> own(const Bound<PyAny>& set) {
    if constexpr (is_view) {
      return set;
    } else {
      return Bound<PyAny>(Bound<Self>::new_(token(), made_of(set)));
    }
  }
  static void replace(const Bound<Self>& self, const Bound<PyAny>& set) {
    C made = made_of(set);
    const Writing<Self> items(self);
    std::swap(*items, made);
  }
  /// `set.union` and the like, of a Python set with the same items.
  template <FixedString Method>
  static Bound<PyAny> ask(const Bound<Self>& self, const Args& others) {
    return call_with(set_of(Bound<PyAny>(self)), Method.text, *others);
  }
  template <FixedString Method>
  static Bound<PyAny> combine(const Bound<Self>& self, const Args& others) {
    return own(ask<Method>(self, others));
  }
  template <FixedString Method>
  static void change(const Bound<Self>& self, const Args& others) {
    const Bound<PyAny> set = set_of(Bound<PyAny>(self));
    (void)call_with(set, Method.text, *others);
    replace(self, set);
  }
  static bool is_set(const Bound<PyAny>& other) {
    return PyAnySet_Check(other.as_ptr()) || PyTypeInfo<Self>::is_type_of(other.as_ptr()) || is_live(name(), other);
  }
  template <FixedString Dunder>
  static Bound<PyAny> operate(const Bound<Self>& self, const Bound<PyAny>& other) {
    if (!is_set(other)) return borrow(Py_NotImplemented);
    return own(call_with(set_of(Bound<PyAny>(self)), Dunder.text, PyTuple::new_(token(), set_of(other))));
  }
  template <FixedString Method>
  static Bound<PyAny> operate_in_place(const Bound<Self>& self, const Bound<PyAny>& other) {
    if (!is_set(other)) return borrow(Py_NotImplemented);
    const Bound<PyAny> set = set_of(Bound<PyAny>(self));
    (void)call_with(set, Method.text, PyTuple::new_(token(), set_of(other)));
    replace(self, set);
    return Bound<PyAny>(self);
  }
  static Bound<PyAny> compare(const Bound<Self>& self, const Bound<PyAny>& other, CompareOp operation) {
    if (!is_set(other)) return borrow(Py_NotImplemented);
    return compare_objects(set_of(Bound<PyAny>(self)), set_of(other), static_cast<int>(operation));
  }
  static Bound<PyAny> repr(const Bound<Self>& self) {
    return show_container(is_view ? nullptr : name(), set_of(Bound<PyAny>(self)));
  }
  static Bound<PyAny> state(const Bound<Self>& self) { return set_of(Bound<PyAny>(self)); }
  static Bound<PyAny> reduce(const C& set) { return reduce_to(PySet_Type, python_copy(set)); }

  static void add_to(ClassBuilder<Self>& cls) {
    static_assert(check_items<C>());
    cls.register_abc("MutableSet");
    cls.template def<"__len__", &size>();
    cls.template def<"__contains__", &contains>();
    cls.template def<"__iter__", &iterate>();
    cls.template def<"__richcmp__", &compare>();
    cls.template def<"__repr__", &repr>();
    cls.template def<"__or__", &operate<"__or__">>();
    cls.template def<"__ror__", &operate<"__ror__">>();
    cls.template def<"__and__", &operate<"__and__">>();
    cls.template def<"__rand__", &operate<"__rand__">>();
    cls.template def<"__sub__", &operate<"__sub__">>();
    cls.template def<"__rsub__", &operate<"__rsub__">>();
    cls.template def<"__xor__", &operate<"__xor__">>();
    cls.template def<"__rxor__", &operate<"__rxor__">>();
    cls.template def<"__ior__", &operate_in_place<"update">>();
    cls.template def<"__iand__", &operate_in_place<"intersection_update">>();
    cls.template def<"__isub__", &operate_in_place<"difference_update">>();
    cls.template def<"__ixor__", &operate_in_place<"symmetric_difference_update">>();
    cls.template def<&add>("add", arg("elem"), pos_only, "Add an item.");
    cls.template def<&remove>("remove", arg("elem"), pos_only, "Remove an item; a KeyError where it is missing.");
    cls.template def<&discard>("discard", arg("elem"), pos_only, "Remove an item if it is there.");
    cls.template def<&pop>("pop", "Remove some item, and return it.");
    cls.template def<&clear>("clear", "Remove all items.");
    cls.template def<&copy>("copy", "A copy.");
    cls.template def<&ask<"isdisjoint">>("isdisjoint", "Whether no item is in the other one as well.");
    cls.template def<&ask<"issubset">>("issubset", "Whether all items are in the other one as well.");
    cls.template def<&ask<"issuperset">>("issuperset", "Whether all items of the other one are here as well.");
    cls.template def<&combine<"union">>("union", "The items of all.");
    cls.template def<&combine<"intersection">>("intersection", "The items that are in all of them.");
    cls.template def<&combine<"difference">>("difference", "The items that are in no other.");
    cls.template def<&combine<"symmetric_difference">>("symmetric_difference", "The items that are in one of both.");
    cls.template def<&change<"update">>("update", "Add the items of others.");
    cls.template def<&change<"intersection_update">>("intersection_update", "Keep the items that all others have.");
    cls.template def<&change<"difference_update">>("difference_update", "Remove the items of others.");
    cls.template def<&change<"symmetric_difference_update">>("symmetric_difference_update",
                                                             "Keep the items that are in one of both.");
    if constexpr (is_view) {
      cls.template def<&reduce>("__reduce__");
    } else {
      cls.template def_new<&make>(arg("iterable") = not_given, pos_only);
      cls.template def_pickle<&state, &made_of>();
      ADDER_NOTE(retype_container(
          {&class_name<Self>, input_text<typename C::value_type>(), element_text<typename C::value_type>(), {}, {}},
          set_signatures()));
    }
  }
};

}  // namespace adder::inline ADDER_ABI::detail
