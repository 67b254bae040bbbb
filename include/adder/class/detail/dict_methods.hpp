// SPDX-License-Identifier: MIT
/// @file
/// @brief The methods of `dict` for C++ maps.
#pragma once
#include "adder/class/detail/container_values.hpp"

#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

/// `keys()`, `values()` and `items()`: what `collections.abc` makes of the container.
Bound<PyAny> view_of(const char* view, const Bound<PyAny>& container);
/// Calls @p use with the keys and values of what `dict()` takes.
void for_each_pair(const Bound<PyAny>& source, void* context,
                   void (*use)(void* context, const Bound<PyAny>& key, const Bound<PyAny>& value));

template <class Self>
struct DictMethods {
  using M = ValueOf<Self>;
  using K = typename M::key_type;
  using V = typename M::mapped_type;
  static constexpr const char* name() noexcept { return PyClass<Self>::name; }

  /// Whether there is no class of its own: what is new is a Python dict then.
  static constexpr bool is_view = is_viewed<Self>;
  static constexpr bool parts = gives_part<V>();
  /// Whether to convert a key runs no Python code, which might want the container: it may be borrowed meanwhile.
  static constexpr bool quiet_keys = std::is_same_v<K, std::string>;

  /// The key that an object stands for; nothing where no such key can be in the container.
  static std::optional<K> key_of(const Bound<PyAny>& object) {
    if constexpr (std::is_same_v<K, std::string>) {
      if (PyUnicode_CheckExact(object.as_ptr())) [[likely]] {  // Built in place, and not moved twice.
        const auto text = extract_from<std::string_view>(object);
        if (text.is_ok()) [[likely]]
          return std::optional<K>(std::in_place, *text);
      }
    }
    auto result = extract_from<K>(object);
    if (result.is_ok()) return std::move(result).value();
    if (says_no_such_value(std::as_const(result).error())) return std::nullopt;
    throw std::move(result).error();
  }
  static void update_with(M& map, const Bound<PyAny>& source) {
    for_each_pair(source, &map, [](void* context, const Bound<PyAny>& key, const Bound<PyAny>& value) {
      K made = keyed_value<K>(key, key, "key ");
      static_cast<M*>(context)->insert_or_assign(std::move(made), keyed_value<V>(value, key));
    });
  }
  static M made_of(const Bound<PyAny>& source) {
    M result;
    if (PyTypeInfo<Self>::is_type_of(source.as_ptr())) {
      const Reading<Self> other(source.template downcast<Self>().as_bound());
      result = *other;
    } else {
      update_with(result, source);
    }
    return result;
  }
  /// What is assigned to an attribute or element.
  static M assigned(const Bound<PyAny>& source) {
    check_assigned(source, true, false);
    return made_of(source);
  }
  static Bound<PyAny> python_copy(const M& map) {
    Bound<PyDict> result = PyDict::new_(token());
    for (const auto& item : map) result.set_item(copied_value(item.first), copied_value(item.second));
    return std::move(result).into_any();
  }
  static M make(const Given<Bound<PyAny>>& source, const Kwargs& more) {
    M result = source ? made_of(*source) : M();
    if (more->len() != 0) update_with(result, Bound<PyAny>(*more));
    return result;
  }

  static std::size_t size(const M& map) noexcept { return map.size(); }
  static const V* find(const M& map, const Bound<PyAny>& key) {
    const std::optional<K> wanted = key_of(key);
    if (!wanted) return nullptr;
    const auto found = map.find(*wanted);
    return found == map.end() ? nullptr : &found->second;
  }
  static Bound<PyAny> at(const M& map, const Bound<PyAny>& key) {
    const V* found = find(map, key);
    if (found == nullptr) refuse_key(key);
    return steal(non_null(item_to_python(*found)));
  }
  /// The value of a key where to convert that may run Python code; nothing where it is missing.
  static std::optional<Bound<PyAny>> copy_in(const Bound<Self>& self, const Bound<PyAny>& key) {
    const std::optional<K> wanted = key_of(key);
    if (!wanted) return std::nullopt;
    return copy_at(self, *wanted);
  }
  static std::optional<Bound<PyAny>> copy_at(const Bound<Self>& self, const K& key) {
    const Reading<Self> map(self);
    const auto found = map->find(key);
    if (found == map->end()) return std::nullopt;
    return steal(non_null(item_to_python(found->second)));
  }
  static Bound<PyAny> at_any(const Bound<Self>& self, const Bound<PyAny>& key) {
    std::optional<Bound<PyAny>> found = copy_in(self, key);
    if (!found) refuse_key(key);
    return *std::move(found);
  }
  static Bound<PyAny> get_any(const Bound<Self>& self, const Bound<PyAny>& key, const Bound<PyAny>& fallback) {
    return copy_in(self, key).value_or(fallback);
  }
  static Bound<PyAny> part_in(const Bound<Self>& self, const Bound<PyAny>& key) {
    const std::optional<K> wanted = key_of(key);
    if (!wanted || !has(self, *wanted)) refuse_key(key);
    return part_at_key(self, *wanted);
  }
  static bool has(const Bound<Self>& self, const K& key) {
    const Reading<Self> map(self);
    return map->find(key) != map->end();
  }
  static void set(const Bound<Self>& self, const Bound<PyAny>& key, const Bound<PyAny>& value) {
    K made = value_of<K>(key);
    V stored = value_of<V>(value);
    Writing<Self>(self)->insert_or_assign(std::move(made), std::move(stored));
  }
  static void remove(const Bound<Self>& self, const Bound<PyAny>& key) {
    const std::optional<K> wanted = key_of(key);
    if (!wanted || Writing<Self>(self)->erase(*wanted) == 0) refuse_key(key);
  }
  static bool contains(const M& map, const Bound<PyAny>& key) { return find(map, key) != nullptr; }
  static bool contains_any(const Bound<Self>& self, const Bound<PyAny>& key) {
    const std::optional<K> wanted = key_of(key);
    return wanted && has(self, *wanted);
  }
  static Bound<PyList> key_list(const Bound<Self>& self) {
    Bound<PyList> keys = PyList::empty(self.py());
    const Reading<Self> map(self);
    for (const auto& item : *map) keys.append(copied_value(item.first));
    return keys;
  }
  static Bound<PyAny> iterate(const Bound<Self>& self) {
    return iterate_keys(Bound<PyAny>(self), key_list(self).into_any());
  }
  static Bound<PyAny> reversed(const Bound<Self>& self) {
    const Bound<PyList> keys = key_list(self);
    keys.reverse();
    return iterate_keys(Bound<PyAny>(self), Bound<PyAny>(keys));
  }
  static Bound<PyAny> keys(const Bound<Self>& self) { return view_of("KeysView", Bound<PyAny>(self)); }
  static Bound<PyAny> values(const Bound<Self>& self) { return view_of("ValuesView", Bound<PyAny>(self)); }
  static Bound<PyAny> items(const Bound<Self>& self) { return view_of("ItemsView", Bound<PyAny>(self)); }

  static Bound<PyAny> get_part(const Bound<Self>& self, const Bound<PyAny>& key, const Bound<PyAny>& fallback) {
    const std::optional<K> wanted = key_of(key);
    return wanted && has(self, *wanted) ? part_at_key(self, *wanted) : fallback;
  }
  static Bound<PyAny> get(const M& map, const Bound<PyAny>& key, const Bound<PyAny>& fallback) {
    const V* found = find(map, key);
    return found == nullptr ? fallback : steal(non_null(item_to_python(*found)));
  }
  static Bound<PyAny> pop(const Bound<Self>& self, const Bound<PyAny>& key, const Given<Bound<PyAny>>& fallback) {
    if (const std::optional<K> wanted = key_of(key)) {
      std::optional<V> value;  // Converted after the borrow: that may run Python code.
      {
        const Writing<Self> map(self);
        if (const auto found = map->find(*wanted); found != map->end()) {
          value.emplace(std::move(found->second));
          map->erase(found);
        }
      }
      if (value) return copied_value(*std::move(value));
    }
    if (!fallback) refuse_key(key);
    return *fallback;
  }
  static Bound<PyAny> pop_item(const Bound<Self>& self) {
    std::optional<std::pair<K, V>> item;
    {
      const Writing<Self> map(self);
      if (map->empty()) throw PyKeyError::new_err("popitem(): dictionary is empty");
      auto last = map->begin();
      if constexpr (std::bidirectional_iterator<decltype(last)>) last = std::prev(map->end());
      item.emplace(last->first, std::move(last->second));
      map->erase(last);
    }
    const Bound<PyAny> key = copied_value(std::move(item->first));
    return pair_of(key, copied_value(std::move(item->second)));
  }
  static Bound<PyAny> set_default(const Bound<Self>& self, const Bound<PyAny>& key, const Bound<PyAny>& fallback) {
    K wanted = value_of<K>(key);
    if (!has(self, wanted)) {
      V value = value_of<V>(fallback);
      Writing<Self>(self)->insert({wanted, std::move(value)});
    }
    if constexpr (parts) {
      return part_at_key(self, wanted);
    } else {
      std::optional<Bound<PyAny>> found = copy_at(self, wanted);
      if (!found) refuse_key(key);
      return *std::move(found);
    }
  }
  static void update(const Bound<Self>& self, const Given<Bound<PyAny>>& source, const Kwargs& more) {
    M added = make(source, more);
    const Writing<Self> map(self);
    for (auto& item : added) map->insert_or_assign(item.first, std::move(item.second));
  }
  static void clear(M& map) { map.clear(); }
  static Bound<PyAny> copy(const M& map) {
    if constexpr (is_view) {
      return python_copy(map);
    } else {
      return Bound<PyAny>(Bound<Self>::new_(token(), map));
    }
  }
  /// A view's `|`, with a dict or another view.
  static Bound<PyAny> joined(const Bound<Self>& self, const Bound<PyAny>& other) {
    return join(Bound<PyAny>(self), other, false);
  }
  static Bound<PyAny> joined_behind(const Bound<Self>& self, const Bound<PyAny>& other) {
    return join(Bound<PyAny>(self), other, true);
  }
  static Bound<PyAny> join(const Bound<PyAny>& self, const Bound<PyAny>& other, bool behind) {
    if (!is_dict(other)) return borrow(Py_NotImplemented);
    const Bound<PyAny> mine = dict_of(self).into_any(), theirs = dict_of(other).into_any();
    return behind ? theirs.or_(mine) : mine.or_(theirs);
  }
  static bool is_dict(const Bound<PyAny>& other) {
    return PyDict_Check(other.as_ptr()) || PyTypeInfo<Self>::is_type_of(other.as_ptr()) || is_live(name(), other);
  }
  static Bound<PyAny> equal_any(const Bound<Self>& self, const Bound<PyAny>& other) {
    if (!is_dict(other)) return borrow(Py_NotImplemented);
    return compare_objects(dict_of(Bound<PyAny>(self)).into_any(), dict_of(other).into_any(), Py_EQ);
  }
  static M merged(const M& map, const M& other) {
    M result = map;
    for (const auto& item : other) result.insert_or_assign(item.first, item.second);
    return result;
  }
  static void merge(const Bound<Self>& self, const Bound<PyAny>& other) {
    M added = made_of(other);
    const Writing<Self> map(self);
    for (auto& item : added) map->insert_or_assign(item.first, std::move(item.second));
  }
  static bool equal(const Bound<Self>& self, const Bound<Self>& other) {
    if constexpr (compares_in_cpp<K> && compares_in_cpp<V>) {
      const Reading<Self> left(self);
      const Reading<Self> right(other);
      return *left == *right;
    } else {
      return dict_of(Bound<PyAny>(self)).eq(dict_of(Bound<PyAny>(other)));
    }
  }
  static Bound<PyAny> repr(const Bound<Self>& self) {
    return show_container(is_view ? nullptr : name(), dict_of(Bound<PyAny>(self)).into_any());
  }
  static Bound<PyAny> state(const Bound<Self>& self) { return dict_of(Bound<PyAny>(self)).into_any(); }

  static Bound<PyAny> reduce(const M& map) { return reduce_to(PyDict_Type, python_copy(map)); }

  static void add_to(ClassBuilder<Self>& cls) {
    static_assert(check_items<M>());
    cls.register_abc("MutableMapping");
    cls.template def<"__len__", &size>();
    if constexpr (parts) {
      cls.template def<"__getitem__", &part_in>();
      cls.template def<&get_part>("get", arg("key"), arg("default") = borrow(Py_None), pos_only,
                                  "The value of a key, or the default.");
    } else if constexpr (quiet_keys) {
      cls.template def<"__getitem__", &at>();
      cls.template def<&get>("get", arg("key"), arg("default") = borrow(Py_None), pos_only,
                             "The value of a key, or the default.");
    } else {
      cls.template def<"__getitem__", &at_any>();
      cls.template def<&get_any>("get", arg("key"), arg("default") = borrow(Py_None), pos_only,
                                 "The value of a key, or the default.");
    }
    cls.template def<"__setitem__", &set>();
    cls.template def<"__delitem__", &remove>();
    if constexpr (quiet_keys) {
      cls.template def<"__contains__", &contains>();
    } else {
      cls.template def<"__contains__", &contains_any>();
    }
    cls.template def<"__iter__", &iterate>();
    cls.template def<"__reversed__", &reversed>();
    cls.template def<"__ior__", &merge>();
    cls.template def<"__repr__", &repr>();
    cls.template def<&keys>("keys", "A view of the keys.");
    cls.template def<&values>("values", "A view of the values.");
    cls.template def<&items>("items", "A view of the pairs of a key and its value.");
    cls.template def<&pop>("pop", arg("key"), arg("default") = not_given, pos_only,
                           "Remove a key, and return its value; the default where it is missing.");
    cls.template def<&pop_item>("popitem", "Remove a key and its value, the last ones if they are sorted.");
    cls.template def<&set_default>("setdefault", arg("key"), arg("default") = borrow(Py_None), pos_only,
                                   "The value of a key, which gets the default where it is missing.");
    cls.template def<&update>("update", arg("iterable") = not_given, pos_only,
                              "Set the items of a mapping, of an iterable of pairs, and the keywords.");
    cls.template def<&clear>("clear", "Remove all items.");
    cls.template def<&copy>("copy", "A copy.");
    if constexpr (is_view) {
      cls.template def<"__eq__", &equal_any>();
      cls.template def<"__or__", &joined>();
      cls.template def<"__ror__", &joined_behind>();
      cls.template def<&reduce>("__reduce__");
    } else {
      cls.template def<"__eq__", &equal>();
      cls.template def<"__or__", &merged>();
      cls.template def_new<&make>(arg("iterable") = not_given, pos_only);
      cls.template def_pickle<&state, &made_of>();
      ADDER_NOTE(retype_container({&class_name<Self>, input_text<V>(), element_text<V>(),
                                   input_text<typename M::key_type>(), key_text<typename M::key_type>()},
                                  dict_signatures()));
    }
  }
};

}  // namespace adder::inline ADDER_ABI::detail
