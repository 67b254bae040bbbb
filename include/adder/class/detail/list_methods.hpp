// SPDX-License-Identifier: MIT
/// @file
/// @brief The methods of `list` for C++ sequences.
#pragma once
#include "adder/class/detail/container_values.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <iterator>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace adder::inline ADDER_ABI::detail {

/// @tparam Self  The pyclass: the container itself, or Viewed of it.
template <class Self>
struct ListMethods {
  using C = ValueOf<Self>;
  using V = typename C::value_type;
  static constexpr bool in_cpp = compares_in_cpp<V>;
  static constexpr const char* name() noexcept { return PyClass<Self>::name; }

  /// Whether there is no class of its own: what is new is a Python list then.
  static constexpr bool is_view = is_viewed<Self>;
  static constexpr bool resizable = requires(C& list, V value) { list.push_back(std::move(value)); };
  static constexpr bool parts = gives_part<V>();
  /// What holds items that are not in a container yet.
  using Items =
      std::conditional_t<resizable, C, std::conditional_t<std::is_same_v<V, bool>, std::deque<V>, std::vector<V>>>;

  static V value_of(const Bound<PyAny>& object) { return detail::value_of<V>(object); }
  static Items items_of(const Bound<PyAny>& items) {
    Items result;
    if (PyTypeInfo<Self>::is_type_of(items.as_ptr())) {
      const Reading<Self> other(items.template downcast<Self>().as_bound());
      result.insert(result.end(), other->begin(), other->end());
    } else {
      for_each_item(items, [&](const Bound<PyAny>& item) { result.push_back(item_value<V>(item, result.size())); });
    }
    return result;
  }
  static C fitted(Items items) {
    if constexpr (resizable) {
      return items;
    } else {
      C result{};
      if (items.size() != result.size()) refuse_size(name(), result.size(), items.size());
      std::move(items.begin(), items.end(), result.begin());
      return result;
    }
  }
  static C made_of(const Bound<PyAny>& items) { return fitted(items_of(items)); }
  /// What is assigned to an attribute or element.
  static C assigned(const Bound<PyAny>& items) {
    check_assigned(items, false, sizeof(V) == 1 && !std::is_same_v<V, bool>);
    return made_of(items);
  }
  static Bound<PyAny> python_copy(const C& list) {
    Bound<PyList> result = PyList::empty(token());
    for (std::size_t i = 0; i < list.size(); ++i) result.append(copied_value(list[i]));
    return std::move(result).into_any();
  }
  static C make(const Given<Bound<PyAny>>& items) { return items ? made_of(*items) : C(); }
  static const C& self(const C& list) noexcept { return list; }
  static auto place(C& list, std::size_t at) { return std::next(list.begin(), static_cast<std::ptrdiff_t>(at)); }

  static std::size_t size(const C& list) noexcept { return list.size(); }
  static Bound<PyAny> at(const C& list, const ListKey& key) {
    if (key.is_slice) [[unlikely]]
      return slice(list, key);
    return steal(non_null(item_to_python(list[index_in(list, key.index, "index")])));
  }
  static Bound<PyAny> part_in(const Bound<Self>& self, const ListKey& key) {
    const std::size_t size = Reading<Self>(self)->size();
    if (!key.is_slice) return part_at_index(self, index_in(size, key.index, "index"));
    if constexpr (is_view) {
      const SliceIndices indices = key.in(size);
      Bound<PyList> result = PyList::empty(token());
      auto at = static_cast<std::size_t>(indices.start);
      for (std::size_t i = 0; i < indices.length; ++i, at += static_cast<std::size_t>(indices.step)) {
        result.append(part_at_index(self, at));
      }
      return std::move(result).into_any();
    } else {
      const Reading<Self> list(self);
      return slice(*list, key);
    }
  }
  static std::optional<Bound<PyAny>> element(const Bound<PyAny>& owner, std::size_t at) {
    const auto self = owner.template downcast<Self>();
    if (at >= Reading<Self>(self.as_bound())->size()) return std::nullopt;
    return part_at_index(self.as_bound(), at);
  }
  /// Iteration over items that are parts.
  static ::PyObject* part_here(const Bound<PyAny>& owner, std::size_t at) {
    return part_at<typename PartClass<V>::type, Self>(owner.as_ptr(), IndexPlace<Self>{at}, at, false);
  }
  static ::PyObject* step(RangeIterator& iterator) {
    const Bound<PyAny> owner = borrow(iterator.owner());
    const std::size_t at = iterator.at();
    if (at >= Reading<Self>(peek<Self>(owner.as_ptr()).as_bound())->size()) return nullptr;
    iterator.at() = at + 1;
    return part_here(owner, at);
  }
  static std::size_t left(const RangeIterator& iterator) {
    Receiver<Self, const C&> receiver(iterator.owner());
    if (!receiver.granted()) {
      PyErr_Clear();
      return 0;
    }
    const std::size_t size = receiver.get().size();
    return iterator.at() >= size ? 0 : size - iterator.at();
  }
#if defined(Py_GIL_DISABLED)
  static constexpr RangeIterator::Next next = &RangeIterator::next_by_step;
#else
  /// The step without the borrows: see IndexedSteps::quick.
  static ::PyObject* next(::PyObject* self) noexcept {
    if constexpr (!prefers_small_code && is_known_range<C>()) {
      RangeIterator& iterator = Layout<RangeIterator>::value(self);
      if (Layout<RangeIterator>::state(self).flag.is_free()) [[likely]] {
        const Bound<PyAny> owner = borrow(iterator.present_owner());
        const C* list = peek_value<Self>(owner.as_ptr());
        const std::size_t at = iterator.at();
        if (list != nullptr && at < list->size()) [[likely]] {
          iterator.at() = at + 1;
          try {
            return part_here(owner, at);
          } catch (...) {
            translate_current_exception();
            return nullptr;
          }
        }
      }
    }
    return RangeIterator::next_by_step(self);
  }
#endif
  static Bound<PyAny> iterate(const Bound<Self>& self) {
    return Bound<RangeIterator>::new_(token(), self.as_ptr(), &step, &left, next).into_any();
  }
  static Bound<PyAny> iterate_reversed(const Bound<Self>& self) {
    const std::size_t size = Reading<Self>(self)->size();
    return Bound<ElementIterator>::new_(token(), Py<PyAny>(Bound<PyAny>(self)), &element, size, false, true).into_any();
  }
  static void set(const Bound<Self>& self, const ListKey& key, const Bound<PyAny>& value) {
    if (key.is_slice) return set_slice(self, key, value);
    V item = value_of(value);
    const Writing<Self> list(self);
    (*list)[index_in(*list, key.index, "assignment index")] = std::move(item);
  }
  static void remove_at(C& list, const ListKey& key) {
    if (key.is_slice) return remove_slice(list, key);
    list.erase(place(list, index_in(list, key.index, "assignment index")));
  }
  static std::size_t index_in(const C& list, Py_ssize_t given, const char* what) {
    return index_in(list.size(), given, what);
  }
  static std::size_t index_in(std::size_t size, Py_ssize_t given, const char* what) {
    const std::size_t at = given < 0 ? size + static_cast<std::size_t>(given) : static_cast<std::size_t>(given);
    if (at >= size) [[unlikely]]
      refuse_index(name(), what);
    return at;
  }
  static Bound<PyAny> slice(const C& list, const ListKey& key) {
    const SliceIndices indices = key.in(list.size());
    auto at = static_cast<std::size_t>(indices.start);
    if constexpr (is_view || !resizable) {
      Bound<PyList> result = PyList::empty(token());
      for (std::size_t i = 0; i < indices.length; ++i, at += static_cast<std::size_t>(indices.step)) {
        result.append(copied_value(list[at]));
      }
      return std::move(result).into_any();
    } else {
      C result;
      for (std::size_t i = 0; i < indices.length; ++i, at += static_cast<std::size_t>(indices.step)) {
        result.push_back(list[at]);
      }
      return Bound<PyAny>(Bound<Self>::new_(token(), std::move(result)));
    }
  }
  static void set_slice(const Bound<Self>& self, const ListKey& key, const Bound<PyAny>& items) {
    Items more = items_of(items);
    const Writing<Self> list(self);
    const SliceIndices indices = key.in(list->size());
    if (indices.step != 1 || !resizable) {
      if (more.size() != indices.length) refuse_slice_size(more.size(), indices.length);
      auto at = static_cast<std::size_t>(indices.start);
      for (std::size_t i = 0; i < indices.length; ++i, at += static_cast<std::size_t>(indices.step)) {
        (*list)[at] = std::move(more[i]);
      }
      return;
    }
    if constexpr (resizable) {
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

  static void append(const Bound<Self>& self, const Bound<PyAny>& item) {
    V value = value_of(item);
    Writing<Self>(self)->push_back(std::move(value));
  }
  /// The same of what converts without running Python code that could want the list.
  static void append_scalar(C& list, V value) { list.push_back(std::move(value)); }
  static void extend(const Bound<Self>& self, const Bound<PyAny>& items) {
    Items more = items_of(items);
    const Writing<Self> list(self);
    list->insert(list->end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  static void insert(const Bound<Self>& self, Py_ssize_t index, const Bound<PyAny>& item) {
    V value = value_of(item);
    const Writing<Self> list(self);
    list->insert(place(*list, clamped_place(index, list->size())), std::move(value));
  }
  static Bound<PyAny> pop(const Bound<Self>& self, Py_ssize_t index) {
    std::optional<V> value;  // Converted after the borrow: that may run Python code.
    {
      const Writing<Self> list(self);
      if (list->empty()) refuse_index(name(), "pop from empty");
      const std::size_t at = index_in(*list, index, "pop index");
      value.emplace(std::move((*list)[at]));
      list->erase(place(*list, at));
    }
    return copied_value(*std::move(value));
  }
  static void clear(C& list) { list.clear(); }
  static Bound<PyAny> copy(const C& list) {
    if constexpr (is_view) {
      return python_copy(list);
    } else {
      return Bound<PyAny>(Bound<Self>::new_(token(), list));
    }
  }
  static void reverse(C& list) { std::reverse(list.begin(), list.end()); }

  /// The value that an object stands for; nothing where no such value can be in the list.
  static std::optional<V> wanted(const Bound<PyAny>& value) {
    auto result = extract_from<V>(value);
    if (result.is_ok()) return std::move(result).value();
    if (says_no_such_value(std::as_const(result).error())) return std::nullopt;
    throw std::move(result).error();
  }
  /// Where the first equal item is, from @p start on; @p stop where there is none.
  static std::size_t find(const Bound<Self>& self, const Bound<PyAny>& value, std::size_t start, std::size_t stop) {
    if constexpr (in_cpp) {
      const std::optional<V> equal = wanted(value);
      if (!equal) return stop;
      const Reading<Self> list(self);
      const std::size_t end = std::min(stop, list->size());
      for (std::size_t i = start; i < end; ++i) {
        if ((*list)[i] == *equal) return i;
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
  static bool contains(const Bound<Self>& self, const Bound<PyAny>& value) {
    return find(self, value, 0, everywhere) != everywhere;
  }
  static std::size_t index(const Bound<Self>& self, const Bound<PyAny>& value, Py_ssize_t start, Py_ssize_t stop) {
    const std::size_t size = Reading<Self>(self)->size();
    const std::size_t end = clamped_place(stop, size);
    const std::size_t found = find(self, value, clamped_place(start, size), end);
    if (found >= end) refuse_missing(value, name());
    return found;
  }
  static std::size_t count(const Bound<Self>& self, const Bound<PyAny>& value) {
    std::size_t result = 0;
    if constexpr (in_cpp) {
      const std::optional<V> equal = wanted(value);
      if (!equal) return 0;
      const Reading<Self> list(self);
      for (std::size_t i = 0; i < list->size(); ++i) result += (*list)[i] == *equal ? 1u : 0u;
    } else {
      const Bound<PyList> items = list_of(Bound<PyAny>(self));
      for (std::size_t i = 0; i < items.len(); ++i) result += items.get_item(i).eq(value) ? 1u : 0u;
    }
    return result;
  }
  static void remove(const Bound<Self>& self, const Bound<PyAny>& value) {
    const std::size_t at = find(self, value, 0, everywhere);
    const Writing<Self> list(self);
    if (at >= list->size()) refuse_missing(value, name());
    list->erase(place(*list, at));
  }
  static void sort(const Bound<Self>& self, const Bound<PyAny>& key, const Bound<PyAny>& reverse) {
    const Bound<PyList> items = list_of(Bound<PyAny>(self));
    const std::size_t size = items.len();
    items.call_method("sort", kw("key") = key, kw("reverse") = reverse);
    Items sorted = items_of(Bound<PyAny>(items));
    const Writing<Self> list(self);
    if (list->size() != size || sorted.size() != size) refuse_changed_sort(name());
    if constexpr (resizable) {
      std::swap(*list, sorted);
    } else {
      std::move(sorted.begin(), sorted.end(), list->begin());
    }
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
    // What does not fit is refused now, and not when all memory there is has been filled.
    if constexpr (requires { result.reserve(list.size()); })
      result.reserve(list.size() * static_cast<std::size_t>(times));
    for (Py_ssize_t i = 0; i < times; ++i) result.insert(result.end(), list.begin(), list.end());
    return result;
  }
  static void multiply(C& list, Py_ssize_t times) { list = product(list, times); }
  /// A view's `+`, with a list or another view.
  static Bound<PyAny> joined(const Bound<Self>& self, const Bound<PyAny>& other) {
    return join(Bound<PyAny>(self), other, false);
  }
  static Bound<PyAny> joined_behind(const Bound<Self>& self, const Bound<PyAny>& other) {
    return join(Bound<PyAny>(self), other, true);
  }
  static Bound<PyAny> join(const Bound<PyAny>& self, const Bound<PyAny>& other, bool behind) {
    if (!PyList_Check(other.as_ptr()) && !is_live(name(), other)) return borrow(Py_NotImplemented);
    const Bound<PyAny> mine = list_of(self).into_any(), theirs = list_of(other).into_any();
    return behind ? theirs.add(mine) : mine.add(theirs);
  }
  static Bound<PyAny> repeated(const Bound<Self>& self, Py_ssize_t times) {
    return list_of(Bound<PyAny>(self)).into_any().mul(times);
  }
  static void add_in_place(const Bound<Self>& self, const Bound<PyAny>& items) { extend(self, items); }

  static Bound<PyAny> compare_same(const Bound<Self>& self, const Bound<Self>& other, CompareOp operation) {
    if constexpr (in_cpp) {
      const Reading<Self> left(self);
      const Reading<Self> right(other);
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
      return compare_objects(list_of(Bound<PyAny>(self)).into_any(), list_of(Bound<PyAny>(other)).into_any(),
                             static_cast<int>(operation));
    }
  }
  /// With a list, or another view.
  static Bound<PyAny> compare_any(const Bound<Self>& self, const Bound<PyAny>& other, CompareOp operation) {
    if (PyTypeInfo<Self>::is_type_of(other.as_ptr())) {
      return compare_same(self, other.template downcast<Self>().as_bound(), operation);
    }
    if (!PyList_Check(other.as_ptr()) && !is_live(name(), other)) return borrow(Py_NotImplemented);
    return compare_objects(list_of(Bound<PyAny>(self)).into_any(), list_of(other).into_any(),
                           static_cast<int>(operation));
  }
  static Bound<PyAny> repr(const Bound<Self>& self) {
    return show_container(is_view ? nullptr : name(), list_of(Bound<PyAny>(self)).into_any());
  }
  static Bound<PyAny> state(const Bound<Self>& self) { return list_of(Bound<PyAny>(self)).into_any(); }

  static Bound<PyAny> reduce(const C& list) { return reduce_to(PyList_Type, python_copy(list)); }

  static void add_to(ClassBuilder<Self>& cls) {
    static_assert(check_items<C>());
    cls.register_abc(resizable ? "MutableSequence" : "Sequence");
    cls.template def<"__len__", &size>();
    if constexpr (parts) {
      cls.template def<"__getitem__", &part_in>();
      cls.template def<"__iter__", &iterate>();
      cls.template def<"__reversed__", &iterate_reversed>();
    } else {
      cls.template def<"__getitem__", &at>();
      cls.template def<"__iter__", each<&ListMethods::self>>();
      cls.template def<"__reversed__", each_reversed<&ListMethods::self>>();
    }
    cls.template def<"__setitem__", &set>();
    cls.template def<"__contains__", &contains>();
    cls.template def<"__repr__", &repr>();
    cls.template def<&reverse>("reverse", "Reverse the order of the items.");
    cls.template def<&index>("index", arg("value"), arg("start") = 0, arg("stop") = PY_SSIZE_T_MAX, pos_only,
                             "The index of the first item that is equal.");
    cls.template def<&count>("count", arg("value"), pos_only, "How many items are equal.");
    cls.template def<&sort>("sort", kw_only, arg("key") = borrow(Py_None), arg("reverse") = false,
                            "Sort the items, as list.sort does.");
    cls.template def<&copy>("copy", "A copy.");
    if constexpr (resizable) add_changes_to(cls);
    if constexpr (is_view) {
      cls.template def<"__richcmp__", &compare_any>();
      cls.template def<"__add__", &joined>();
      cls.template def<"__radd__", &joined_behind>();
      cls.template def<"__mul__", &repeated>();
      cls.template def<"__rmul__", &repeated>();
      cls.template def<&reduce>("__reduce__");
    } else {
      cls.template def<"__richcmp__", &compare_same>();
      cls.template def_new<&make>(arg("iterable") = not_given, pos_only);
      cls.template def_pickle<&state, &made_of>();
      ADDER_NOTE(retype_container(
          {&class_name<Self>, input_text<typename C::value_type>(), element_text<typename C::value_type>(), {}, {}},
          list_signatures()));
    }
  }

 private:
  static void add_changes_to(ClassBuilder<Self>& cls) {
    cls.template def<"__delitem__", &remove_at>();
    cls.template def<"__iadd__", &add_in_place>();
    cls.template def<"__imul__", &multiply>();
    if constexpr (!is_view) {
      cls.template def<"__add__", &sum>();
      cls.template def<"__mul__", &product>();
      cls.template def<"__rmul__", &product>();
    }
    if constexpr (IsScalar<V>) {
      cls.template def<&append_scalar>("append", arg("object"), pos_only, "Append an item to the end.");
    } else {
      cls.template def<&append>("append", arg("object"), pos_only, "Append an item to the end.");
    }
    cls.template def<&extend>("extend", arg("iterable"), pos_only, "Append all items of an iterable.");
    cls.template def<&insert>("insert", arg("index"), arg("object"), pos_only, "Insert an item before an index.");
    cls.template def<&pop>("pop", arg("index") = -1, pos_only, "Remove the item at an index, and return it.");
    cls.template def<&remove>("remove", arg("value"), pos_only, "Remove the first item that is equal.");
    cls.template def<&clear>("clear", "Remove all items.");
  }
};

}  // namespace adder::inline ADDER_ABI::detail
