// SPDX-License-Identifier: MIT
/// @file
/// @brief C++ containers as Python classes with the methods of `list` and `dict`. Not part of adder.hpp.
///
/// @code
/// template <>
/// struct adder::PyClass<std::vector<double>> : adder::ListClass<std::vector<double>> {
///   static constexpr auto name = "Doubles";
/// };
/// template <>
/// struct adder::PyClass<std::map<std::string, int>> : adder::DictClass<std::map<std::string, int>> {
///   static constexpr auto name = "Counts";
/// };
/// m.add_class<std::vector<double>>();
/// @endcode
/// Such a container is an object that C++ and Python share: a function that takes `std::vector<double>&` changes what
/// Python sees, and nothing is converted on the way. It is made of any iterable, `Doubles([1, 2])`; functions take
/// it, and no list in its place. The specialisation stands above the first use of the type in each file.
///
/// | base                | containers                                                   | methods                        |
/// |---------------------|--------------------------------------------------------------|--------------------------------|
/// | `ListClass<C>`      | `std::vector`, `std::deque`, what has their members          | all of `list`                  |
/// | `DictClass<M>`      | `std::map`, `std::unordered_map`, what has their members     | all of `dict` but `fromkeys`   |
///
/// Both are registered with `collections.abc`, compare, pickle and copy. Items go in and out by value. Items that are
/// pyclasses are copied, as everywhere: `c[0].x = 1` changes a copy; assign the item instead.
///
/// Iterating over a list that changes goes on as Python's does. Over a dict whose size changes it is a RuntimeError.
///
/// `define` of the base binds the methods. To add others, call it first:
/// @code
/// static void define(ClassBuilder<std::vector<double>>& cls) {
///   ListClass::define(cls);
///   cls.def<&total>("total");
/// }
/// @endcode
#pragma once
#include "adder/class/iterate.hpp"
#include "adder/class/pickle.hpp"
#include "adder/class/protocols.hpp"
#include "adder/function/given.hpp"
#include "adder/types/dict.hpp"
#include "adder/types/list.hpp"
#include "adder/types/slice.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

// --- What does not depend on the container ---------------------------------------------------------------------------

/// What stands in brackets: an index, or a slice whose bounds are numbers by now, so that no Python code runs any more.
struct ListKey {
  Py_ssize_t index = 0;
  bool is_slice = false;
  Py_ssize_t start = 0, stop = 0, step = 1;

  SliceIndices in(std::size_t size) const noexcept;
};
template <>
class ArgumentLoader<const ListKey&> {
 public:
  ADDER_INLINE_FOR_SPEED bool load(::PyObject* object, CallContext context, unsigned) {
    if (PyLong_CheckExact(object)) [[likely]] {
      key_.index = PyLong_AsSsize_t(object);
      if (key_.index != -1 || PyErr_Occurred() == nullptr) [[likely]]
        return true;
      PyErr_Clear();
    }
    return load_other(object, context);
  }
  const ListKey& get() const noexcept { return key_; }

 private:
  ADDER_COLD_CALL bool load_other(::PyObject* object, CallContext context);
  ListKey key_;
};
template <>
inline constexpr bool is_mere_value<const ListKey&, ListKey> = true;
template <>
struct IsIndex<const ListKey&> : std::true_type {};
/// The items of a container that Python can iterate over, as a list.
Bound<PyList> list_of(const Bound<PyAny>& container);
/// `name([1, 2])`.
Bound<PyAny> show_container(const char* name, const Bound<PyAny>& items);
[[noreturn]] ADDER_COLD_CALL void refuse_index(const char* name, const char* what);
[[noreturn]] ADDER_COLD_CALL void refuse_missing(const Bound<PyAny>& value, const char* name);
[[noreturn]] ADDER_COLD_CALL void refuse_slice_size(std::size_t given, std::size_t wanted);
[[noreturn]] ADDER_COLD_CALL void refuse_key(const Bound<PyAny>& key);
[[noreturn]] ADDER_COLD_CALL void refuse_memory();
[[noreturn]] ADDER_COLD_CALL void refuse_changed_sort(const char* name);
/// Whether an object cannot be in a container for its type or size; any other failure is an exception.
bool says_no_such_value(const PyErr& error);
/// The place that `insert` and the bounds of `index` stand for: clamped.
std::size_t clamped_place(Py_ssize_t place, std::size_t size) noexcept;
/// What @p compare of two lists says, as Python has it.
Bound<PyAny> compare_lists(const Bound<PyAny>& a, const Bound<PyAny>& b, int operation);
/// Calls @p use with each item that Python finds in an iterable.
template <class Use>
void for_each_item(const Bound<PyAny>& items, Use&& use) {
  for (const Bound<PyAny>& item : items) use(item);
}

/// The keys of a container, as they were when the iteration began.
struct KeyIterator {
  Py<PyAny> owner;
  Py<PyAny> keys;  ///< A list.
  Py_ssize_t size;
  Py_ssize_t at = 0;
  std::optional<Bound<PyAny>> next(Python py);
};

// --- Lists -----------------------------------------------------------------------------------------------------------

template <class C>
struct ListMethods {
  using V = typename C::value_type;
  static constexpr bool in_cpp = compares_in_cpp<V>;
  static constexpr const char* name() noexcept { return PyClass<C>::name; }

  static V value_of(const Bound<PyAny>& object) {
    auto result = extract_from<V>(object);
    if (result.is_err()) throw std::move(result).error();
    return std::move(result).value();
  }
  static C made_of(const Bound<PyAny>& items) {
    C result;
    if (PyTypeInfo<C>::is_type_of(items.as_ptr())) {
      const auto other = items.template downcast<C>().as_bound().borrow();
      result = *other;
    } else {
      for_each_item(items, [&](const Bound<PyAny>& item) { result.push_back(value_of(item)); });
    }
    return result;
  }
  static C make(const Given<Bound<PyAny>>& items) { return items ? made_of(*items) : C(); }
  static const C& self(const C& list) noexcept { return list; }
  static auto place(C& list, std::size_t at) { return std::next(list.begin(), static_cast<std::ptrdiff_t>(at)); }

  static std::size_t size(const C& list) noexcept { return list.size(); }
  static Bound<PyAny> at(const C& list, const ListKey& key) {
    if (key.is_slice) [[unlikely]]
      return Bound<PyAny>(Bound<C>::new_(token(), slice(list, key)));
    return steal(non_null(item_to_python(list[index_in(list, key.index, "index")])));
  }
  static void set(const Bound<C>& self, const ListKey& key, const Bound<PyAny>& value) {
    if (key.is_slice) return set_slice(self, key, value);
    V item = value_of(value);
    const auto list = self.borrow_mut();
    (*list)[index_in(*list, key.index, "assignment index")] = std::move(item);
  }
  static void remove_at(C& list, const ListKey& key) {
    if (key.is_slice) return remove_slice(list, key);
    list.erase(place(list, index_in(list, key.index, "assignment index")));
  }
  static std::size_t index_in(const C& list, Py_ssize_t given, const char* what) {
    const std::size_t size = list.size();
    const std::size_t at = given < 0 ? size + static_cast<std::size_t>(given) : static_cast<std::size_t>(given);
    if (at >= size) [[unlikely]]
      refuse_index(name(), what);
    return at;
  }
  static C slice(const C& list, const ListKey& key) {
    const SliceIndices indices = key.in(list.size());
    C result;
    Py_ssize_t at = indices.start;
    for (std::size_t i = 0; i < indices.length; ++i, at += indices.step) {
      result.push_back(list[static_cast<std::size_t>(at)]);
    }
    return result;
  }
  static void set_slice(const Bound<C>& self, const ListKey& key, const Bound<PyAny>& items) {
    C more = made_of(items);
    const auto list = self.borrow_mut();
    const SliceIndices indices = key.in(list->size());
    if (indices.step != 1) {
      if (more.size() != indices.length) refuse_slice_size(more.size(), indices.length);
      Py_ssize_t at = indices.start;
      for (std::size_t i = 0; i < indices.length; ++i, at += indices.step) {
        (*list)[static_cast<std::size_t>(at)] = std::move(more[i]);
      }
      return;
    }
    const auto start = static_cast<std::size_t>(indices.start);
    const std::size_t common = std::min(indices.length, more.size());
    std::move(more.begin(), place(more, common), place(*list, start));
    if (indices.length > common) {
      list->erase(place(*list, start + common), place(*list, start + indices.length));
    } else {
      list->insert(place(*list, start + common), std::make_move_iterator(place(more, common)),
                   std::make_move_iterator(more.end()));
    }
  }
  static void remove_slice(C& list, const ListKey& key) {
    const SliceIndices indices = key.in(list.size());
    if (indices.length == 0) return;
    const bool forward = indices.step > 0;
    const auto first = static_cast<std::size_t>(
        forward ? indices.start : indices.start + indices.step * static_cast<Py_ssize_t>(indices.length - 1));
    const auto step = static_cast<std::size_t>(forward ? indices.step : -indices.step);
    std::size_t to = first, gone = 0;
    for (std::size_t from = first; from < list.size(); ++from) {
      if (gone < indices.length && from == first + gone * step) {
        ++gone;
      } else {
        list[to++] = std::move(list[from]);
      }
    }
    list.erase(place(list, to), list.end());
  }

  static void append(C& list, V value) { list.push_back(std::move(value)); }
  static void extend(const Bound<C>& self, const Bound<PyAny>& items) {
    C more = made_of(items);
    const auto list = self.borrow_mut();
    list->insert(list->end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  static void insert(C& list, Py_ssize_t index, V value) {
    list.insert(place(list, clamped_place(index, list.size())), std::move(value));
  }
  static V pop(C& list, Py_ssize_t index) {
    if (list.empty()) refuse_index(name(), "pop from empty");
    const std::size_t at = index_in(list, index, "pop index");
    V value = std::move(list[at]);
    list.erase(place(list, at));
    return value;
  }
  static void clear(C& list) { list.clear(); }
  static C copy(const C& list) { return list; }
  static void reverse(C& list) { std::reverse(list.begin(), list.end()); }

  /// Where the first equal item is, from @p start on; the size where there is none.
  static std::size_t find(const Bound<C>& self, const Bound<PyAny>& value, std::size_t start, std::size_t stop) {
    if constexpr (in_cpp) {
      auto wanted = extract_from<V>(value);
      if (wanted.is_err()) {
        if (!says_no_such_value(std::as_const(wanted).error())) throw std::move(wanted).error();
        return stop;
      }
      const auto list = self.borrow();
      const std::size_t end = std::min(stop, list->size());
      for (std::size_t i = start; i < end; ++i) {
        if ((*list)[i] == *wanted) return i;
      }
      return stop;
    } else {
      const Bound<PyList> items = list_of(Bound<PyAny>(self));
      const std::size_t end = std::min(stop, items.len());
      for (std::size_t i = start; i < end; ++i) {
        if (items.get_item(i).eq(value)) return i;
      }
      return stop;
    }
  }
  static constexpr std::size_t everywhere = static_cast<std::size_t>(PY_SSIZE_T_MAX);
  static bool contains(const Bound<C>& self, const Bound<PyAny>& value) {
    return find(self, value, 0, everywhere) != everywhere;
  }
  static std::size_t index(const Bound<C>& self, const Bound<PyAny>& value, Py_ssize_t start, Py_ssize_t stop) {
    const std::size_t size = self.borrow()->size();
    const std::size_t end = clamped_place(stop, size);
    const std::size_t found = find(self, value, clamped_place(start, size), end);
    if (found >= end) refuse_missing(value, name());
    return found;
  }
  static std::size_t count(const Bound<C>& self, const Bound<PyAny>& value) {
    std::size_t result = 0;
    for (std::size_t at = 0; (at = find(self, value, at, everywhere)) != everywhere; ++at) ++result;
    return result;
  }
  static void remove(const Bound<C>& self, const Bound<PyAny>& value) {
    const std::size_t at = find(self, value, 0, everywhere);
    const auto list = self.borrow_mut();
    if (at >= list->size()) refuse_missing(value, name());
    list->erase(place(*list, at));
  }
  static void sort(const Bound<C>& self, const Bound<PyAny>& key, const Bound<PyAny>& reverse) {
    const Bound<PyList> items = list_of(Bound<PyAny>(self));
    const std::size_t size = items.len();
    items.call_method("sort", kw("key") = key, kw("reverse") = reverse);
    C sorted = made_of(Bound<PyAny>(items));
    const auto list = self.borrow_mut();
    if (list->size() != size) refuse_changed_sort(name());
    std::swap(*list, sorted);
  }
  static C sum(const C& list, const C& other) {
    C result = list;
    result.insert(result.end(), other.begin(), other.end());
    return result;
  }
  static C product(const C& list, Py_ssize_t times) {
    C result;
    if (times <= 0 || list.empty()) return result;
    if (static_cast<std::size_t>(times) > result.max_size() / list.size()) refuse_memory();
    for (Py_ssize_t i = 0; i < times; ++i) result.insert(result.end(), list.begin(), list.end());
    return result;
  }
  static void multiply(C& list, Py_ssize_t times) { list = product(list, times); }
  static void add_in_place(const Bound<C>& self, const Bound<PyAny>& items) { extend(self, items); }

  static Bound<PyAny> compare(const Bound<C>& self, const Bound<C>& other, CompareOp operation) {
    if constexpr (in_cpp) {
      const auto left = self.borrow();
      const auto right = other.borrow();
      const C &a = *left, &b = *right;
      const std::size_t common = std::min(a.size(), b.size());
      std::size_t at = 0;
      while (at < common && a[at] == b[at]) ++at;
      const auto decided = [operation](const auto& x, const auto& y) {
        switch (static_cast<int>(operation)) {
          case Py_LT:
            return x < y;
          case Py_LE:
            return x <= y;
          case Py_EQ:
            return x == y;
          case Py_NE:
            return x != y;
          case Py_GT:
            return x > y;
          default:
            return x >= y;
        }
      };
      const bool result =
          at < common ? decided(static_cast<V>(a[at]), static_cast<V>(b[at])) : decided(a.size(), b.size());
      return borrow(result ? Py_True : Py_False);
    } else {
      return compare_lists(list_of(Bound<PyAny>(self)).into_any(), list_of(Bound<PyAny>(other)).into_any(),
                           static_cast<int>(operation));
    }
  }
  static Bound<PyAny> repr(const Bound<C>& self) {
    return show_container(name(), list_of(Bound<PyAny>(self)).into_any());
  }
  static Bound<PyAny> state(const Bound<C>& self) { return list_of(Bound<PyAny>(self)).into_any(); }

  static void add_to(ClassBuilder<C>& cls) {
    cls.register_abc("MutableSequence");
    cls.template def_new<&make>(arg("iterable") = not_given, pos_only);
    cls.template def<"__len__", &size>();
    cls.template def<"__getitem__", &at>();
    cls.template def<"__setitem__", &set>();
    cls.template def<"__delitem__", &remove_at>();
    cls.template def<"__contains__", &contains>();
    cls.template def<"__iter__", each<&self>>();
    cls.template def<"__reversed__", each_reversed<&self>>();
    cls.template def<"__add__", &sum>();
    cls.template def<"__iadd__", &add_in_place>();
    cls.template def<"__mul__", &product>();
    cls.template def<"__rmul__", &product>();
    cls.template def<"__imul__", &multiply>();
    cls.template def<"__richcmp__", &compare>();
    cls.template def<"__repr__", &repr>();
    cls.template def<&append>("append", arg("object"), pos_only, "Append an item to the end.");
    cls.template def<&extend>("extend", arg("iterable"), pos_only, "Append all items of an iterable.");
    cls.template def<&insert>("insert", arg("index"), arg("object"), pos_only, "Insert an item before an index.");
    cls.template def<&pop>("pop", arg("index") = -1, pos_only, "Remove the item at an index, and return it.");
    cls.template def<&remove>("remove", arg("value"), pos_only, "Remove the first item that is equal.");
    cls.template def<&clear>("clear", "Remove all items.");
    cls.template def<&copy>("copy", "A copy.");
    cls.template def<&reverse>("reverse", "Reverse the order of the items.");
    cls.template def<&index>("index", arg("value"), arg("start") = 0, arg("stop") = PY_SSIZE_T_MAX, pos_only,
                             "The index of the first item that is equal.");
    cls.template def<&count>("count", arg("value"), pos_only, "How many items are equal.");
    cls.template def<&sort>("sort", kw_only, arg("key") = borrow(Py_None), arg("reverse") = false,
                            "Sort the items, as list.sort does.");
    cls.template def_pickle<&state, &made_of>();
  }
};

// --- Dicts -----------------------------------------------------------------------------------------------------------

/// `keys()`, `values()` and `items()`: what `collections.abc` makes of the container.
Bound<PyAny> view_of(const char* view, const Bound<PyAny>& container);
/// A dict of the items of a container with `__iter__` and `__getitem__`.
Bound<PyDict> dict_of(const Bound<PyAny>& container);
/// Calls @p use with the keys and values of what `dict()` takes.
void for_each_pair(const Bound<PyAny>& source, void* context,
                   void (*use)(void* context, const Bound<PyAny>& key, const Bound<PyAny>& value));
Bound<PyAny> iterate_keys(const Bound<PyAny>& container, const Bound<PyAny>& keys);

template <class M>
struct DictMethods {
  using K = typename M::key_type;
  using V = typename M::mapped_type;
  static constexpr const char* name() noexcept { return PyClass<M>::name; }

  template <class T>
  static T extracted(const Bound<PyAny>& object) {
    auto result = extract_from<T>(object);
    if (result.is_err()) throw std::move(result).error();
    return std::move(result).value();
  }
  /// The key that an object stands for; nothing where no such key can be in the container.
  static std::optional<K> key_of(const Bound<PyAny>& object) {
    auto result = extract_from<K>(object);
    if (result.is_ok()) return std::move(result).value();
    if (says_no_such_value(std::as_const(result).error())) return std::nullopt;
    throw std::move(result).error();
  }
  static void update_with(M& map, const Bound<PyAny>& source) {
    for_each_pair(source, &map, [](void* context, const Bound<PyAny>& key, const Bound<PyAny>& value) {
      K made = extracted<K>(key);
      static_cast<M*>(context)->insert_or_assign(std::move(made), extracted<V>(value));
    });
  }
  static M made_of(const Bound<PyAny>& source) {
    M result;
    if (PyTypeInfo<M>::is_type_of(source.as_ptr())) {
      const auto other = source.template downcast<M>().as_bound().borrow();
      result = *other;
    } else {
      update_with(result, source);
    }
    return result;
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
  static void set(M& map, K key, V value) { map.insert_or_assign(std::move(key), std::move(value)); }
  static void remove(const Bound<M>& self, const Bound<PyAny>& key) {
    const std::optional<K> wanted = key_of(key);
    if (!wanted || self.borrow_mut()->erase(*wanted) == 0) refuse_key(key);
  }
  static bool contains(const M& map, const Bound<PyAny>& key) { return find(map, key) != nullptr; }
  static Bound<PyList> key_list(const Bound<M>& self) {
    Bound<PyList> keys = PyList::empty(self.py());
    const auto map = self.borrow();
    for (const auto& item : *map) keys.append(item.first);
    return keys;
  }
  static Bound<PyAny> iterate(const Bound<M>& self) {
    return iterate_keys(Bound<PyAny>(self), key_list(self).into_any());
  }
  static Bound<PyAny> reversed(const Bound<M>& self) {
    const Bound<PyList> keys = key_list(self);
    keys.reverse();
    return iterate_keys(Bound<PyAny>(self), Bound<PyAny>(keys));
  }
  static Bound<PyAny> keys(const Bound<M>& self) { return view_of("KeysView", Bound<PyAny>(self)); }
  static Bound<PyAny> values(const Bound<M>& self) { return view_of("ValuesView", Bound<PyAny>(self)); }
  static Bound<PyAny> items(const Bound<M>& self) { return view_of("ItemsView", Bound<PyAny>(self)); }

  static Bound<PyAny> get(const M& map, const Bound<PyAny>& key, const Bound<PyAny>& fallback) {
    const V* found = find(map, key);
    return found == nullptr ? fallback : steal(non_null(item_to_python(*found)));
  }
  static Bound<PyAny> pop(const Bound<M>& self, const Bound<PyAny>& key, const Given<Bound<PyAny>>& fallback) {
    if (const std::optional<K> wanted = key_of(key)) {
      std::optional<V> value;  // Converted after the borrow: that may run Python code.
      {
        const auto map = self.borrow_mut();
        if (const auto found = map->find(*wanted); found != map->end()) {
          value.emplace(std::move(found->second));
          map->erase(found);
        }
      }
      if (value) return steal(non_null(item_to_python(*std::move(value))));
    }
    if (!fallback) refuse_key(key);
    return *fallback;
  }
  static std::pair<K, V> pop_item(M& map) {
    if (map.empty()) throw PyKeyError::new_err("popitem(): dictionary is empty");
    auto last = map.begin();
    if constexpr (std::bidirectional_iterator<decltype(last)>) last = std::prev(map.end());
    std::pair<K, V> item(last->first, std::move(last->second));
    map.erase(last);
    return item;
  }
  static V set_default(const Bound<M>& self, const Bound<PyAny>& key, const Bound<PyAny>& fallback) {
    K wanted = extracted<K>(key);
    {
      const auto map = self.borrow();
      if (const auto found = map->find(wanted); found != map->end()) return found->second;
    }
    V value = extracted<V>(fallback);
    return self.borrow_mut()->insert({std::move(wanted), std::move(value)}).first->second;
  }
  static void update(const Bound<M>& self, const Given<Bound<PyAny>>& source, const Kwargs& more) {
    M added = make(source, more);
    const auto map = self.borrow_mut();
    for (auto& item : added) map->insert_or_assign(item.first, std::move(item.second));
  }
  static void clear(M& map) { map.clear(); }
  static M copy(const M& map) { return map; }
  static M merged(const M& map, const M& other) {
    M result = map;
    for (const auto& item : other) result.insert_or_assign(item.first, item.second);
    return result;
  }
  static void merge(const Bound<M>& self, const Bound<PyAny>& other) {
    M added = made_of(other);
    const auto map = self.borrow_mut();
    for (auto& item : added) map->insert_or_assign(item.first, std::move(item.second));
  }
  static bool equal(const Bound<M>& self, const Bound<M>& other) {
    if constexpr (compares_in_cpp<K> && compares_in_cpp<V>) {
      const auto left = self.borrow();
      const auto right = other.borrow();
      return *left == *right;
    } else {
      return dict_of(Bound<PyAny>(self)).eq(dict_of(Bound<PyAny>(other)));
    }
  }
  static Bound<PyAny> repr(const Bound<M>& self) {
    return show_container(name(), dict_of(Bound<PyAny>(self)).into_any());
  }
  static Bound<PyAny> state(const Bound<M>& self) { return dict_of(Bound<PyAny>(self)).into_any(); }

  static void add_to(ClassBuilder<M>& cls) {
    cls.register_abc("MutableMapping");
    cls.template def_new<&make>(arg("iterable") = not_given, pos_only);
    cls.template def<"__len__", &size>();
    cls.template def<"__getitem__", &at>();
    cls.template def<"__setitem__", &set>();
    cls.template def<"__delitem__", &remove>();
    cls.template def<"__contains__", &contains>();
    cls.template def<"__iter__", &iterate>();
    cls.template def<"__reversed__", &reversed>();
    cls.template def<"__or__", &merged>();
    cls.template def<"__ior__", &merge>();
    cls.template def<"__eq__", &equal>();
    cls.template def<"__repr__", &repr>();
    cls.template def<&keys>("keys", "A view of the keys.");
    cls.template def<&values>("values", "A view of the values.");
    cls.template def<&items>("items", "A view of the pairs of a key and its value.");
    cls.template def<&get>("get", arg("key"), arg("default") = borrow(Py_None), pos_only,
                           "The value of a key, or the default.");
    cls.template def<&pop>("pop", arg("key"), arg("default") = not_given, pos_only,
                           "Remove a key, and return its value; the default where it is missing.");
    cls.template def<&pop_item>("popitem", "Remove a key and its value, the last ones if they are sorted.");
    cls.template def<&set_default>("setdefault", arg("key"), arg("default") = borrow(Py_None), pos_only,
                                   "The value of a key, which gets the default where it is missing.");
    cls.template def<&update>("update", arg("iterable") = not_given, pos_only,
                              "Set the items of a mapping, of an iterable of pairs, and the keywords.");
    cls.template def<&clear>("clear", "Remove all items.");
    cls.template def<&copy>("copy", "A copy.");
    cls.template def_pickle<&state, &made_of>();
  }
};

}  // namespace detail

/// @brief Base of the PyClass of a C++ sequence that is to have the methods of `list`.
/// @tparam C  `std::vector`, `std::deque`, or what has their members.
template <class C>
struct ListClass {
  static void define(ClassBuilder<C>& cls) { detail::ListMethods<C>::add_to(cls); }
};
/// @brief Base of the PyClass of a C++ map that is to have the methods of `dict`.
/// @tparam M  `std::map`, `std::unordered_map`, or what has their members.
template <class M>
struct DictClass {
  static void define(ClassBuilder<M>& cls) { detail::DictMethods<M>::add_to(cls); }
};

/// The type of iterators over the keys of a container.
template <>
struct PyClass<detail::KeyIterator> {
  static constexpr auto name = "key_iterator";
  static constexpr auto module = "adder";
  static void define(ClassBuilder<detail::KeyIterator>& cls);
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/class/detail/containers_inl.hpp"
#endif
