// SPDX-License-Identifier: MIT
/// @file
/// @brief Typed views: `list.as<std::int64_t>()` as a C++20 range, and the same of any iterable and of dicts.
///
/// Items are converted as they are read; one that is no T throws the `PyErr` that says where: `[3]: expected int, got
/// str`. What changes the container meanwhile is seen, or an error, as in Python.
#pragma once
#include "adder/types/dict.hpp"

#include <compare>
#include <concepts>
#include <cstddef>
#include <iterator>
#include <optional>
#include <ranges>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief An item of a TypedList: reads as a T, and assigning writes it to the list.
template <class T>
class TypedItem {
  static_assert(!detail::views_object<T>,
                "adder: the view would die with the item that it points into: take a value, such as std::string");

 public:
  /// Not for users: `list[i]` of a TypedList makes it.
  TypedItem(::PyObject* list, Py_ssize_t index) noexcept : list_(list), index_(index) {}
  TypedItem(const TypedItem&) = default;
  /// Takes the value along: libstdc++'s ranges::rotate keeps `auto t = std::move(*i)` while it overwrites *i.
  // NOLINTNEXTLINE(performance-noexcept-move-constructor): reading the item may fail
  TypedItem(TypedItem&& other) : list_(other.list_), index_(other.index_), taken_(other.get()) {}
  ~TypedItem() = default;

  /// @throws PyErr  IndexError when the list is shorter by now; TypeError and so on for an item that is no T.
  ADDER_INLINE T get() const {
    if (taken_) return *taken_;
    const auto item = detail::steal(PyList::item_or_null(list_, index_));
    if (item.as_ptr() == nullptr) [[unlikely]]
      throw_past_end();
    PyResult<T> value = detail::extract_from<T>(item);
    if (value.is_err()) [[unlikely]]
      throw_at(std::move(value).error(), index_);
    return std::move(value).value();
  }
  /// @brief get(), where a T is wanted.
  ADDER_INLINE operator T() const { return get(); }  // NOLINT(google-explicit-constructor): it stands for a T
  /// @throws PyErr  IndexError when the list is shorter by now.
  const TypedItem& operator=(const T& value) const {  // NOLINT: assigns to what it stands for
    ::PyObject* object = detail::non_null(detail::into_ptr_or_pending(value));
    detail::non_negative(detail::guard_unwind(PyList_SetItem, list_, index_, object));
    return *this;
  }
  const TypedItem& operator=(const TypedItem& other) const { return *this = other.get(); }  // NOLINT: the same
  TypedItem& operator=(const TypedItem& other) {                                            // NOLINT: the same
    static_cast<const TypedItem&>(*this) = other.get();
    return *this;
  }

  template <std::same_as<T> U>
  friend bool operator==(const TypedItem& a, const U& b) {
    return a.get() == b;
  }
  friend bool operator==(const TypedItem& a, const TypedItem& b)
    requires std::equality_comparable<T>
  {
    return a.get() == b.get();
  }
  template <std::same_as<T> U>
  friend auto operator<=>(const TypedItem& a, const U& b) {
    return a.get() <=> b;
  }
  friend auto operator<=>(const TypedItem& a, const TypedItem& b)
    requires std::three_way_comparable<T>
  {
    return a.get() <=> b.get();
  }
  friend void swap(const TypedItem& a, const TypedItem& b) {
    T value = a.get();
    a = b.get();
    b = value;
  }

 private:
  [[noreturn]] ADDER_COLD static void throw_past_end() {
    throw PyErr::Access::lazy(PyExc_IndexError, "list index out of range");
  }
  [[noreturn]] ADDER_COLD static void throw_at(PyErr error, Py_ssize_t index) {
    throw detail::at_index(std::move(error), static_cast<std::size_t>(index));
  }

  ::PyObject* list_;
  Py_ssize_t index_;
  std::optional<T> taken_;
};

/// @brief A list as a random-access range of T, to read and to write: `std::ranges::sort(list.as<int>())`.
///
/// Owns the list; iterators are valid as long as the view. When a conversion fails in the middle of an algorithm, what
/// the algorithm was moving may be in the list twice or not at all.
/// @gil  Held.
template <class T>
class TypedList : public std::ranges::view_base {
 public:
  /// @brief Goes over the list by index.
  class iterator {
   public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using reference = TypedItem<T>;
    using iterator_category = std::random_access_iterator_tag;  // As vector<bool>'s: the older algorithms write too.
    using iterator_concept = std::random_access_iterator_tag;

    iterator() = default;
    iterator(::PyObject* list, Py_ssize_t index) noexcept : list_(list), index_(index) {}

    TypedItem<T> operator*() const noexcept { return {list_, index_}; }
    TypedItem<T> operator[](difference_type n) const noexcept { return {list_, index_ + n}; }
    iterator& operator+=(difference_type n) noexcept {
      index_ += n;
      return *this;
    }
    iterator& operator-=(difference_type n) noexcept { return *this += -n; }
    iterator& operator++() noexcept { return *this += 1; }
    iterator& operator--() noexcept { return *this += -1; }
    iterator operator++(int) noexcept { return {list_, index_++}; }
    iterator operator--(int) noexcept { return {list_, index_--}; }
    friend iterator operator+(iterator i, difference_type n) noexcept { return i += n; }
    friend iterator operator+(difference_type n, iterator i) noexcept { return i += n; }
    friend iterator operator-(iterator i, difference_type n) noexcept { return i -= n; }
    friend difference_type operator-(const iterator& a, const iterator& b) noexcept { return a.index_ - b.index_; }
    friend bool operator==(const iterator& a, const iterator& b) noexcept { return a.index_ == b.index_; }
    friend auto operator<=>(const iterator& a, const iterator& b) noexcept { return a.index_ <=> b.index_; }
    friend T iter_move(const iterator& i) { return (*i).get(); }

   private:
    ::PyObject* list_ = nullptr;
    Py_ssize_t index_ = 0;
  };

  /// @brief The items of the list as T. `list.as<T>()` makes it.
  explicit TypedList(Bound<PyList> list) : list_(std::move(list)) {}
  iterator begin() const& noexcept ADDER_LIFETIMEBOUND { return {list_.as_ptr(), 0}; }
  iterator end() const& noexcept ADDER_LIFETIMEBOUND { return {list_.as_ptr(), PyList_GET_SIZE(list_.as_ptr())}; }
  std::size_t size() const noexcept { return static_cast<std::size_t>(PyList_GET_SIZE(list_.as_ptr())); }
  bool empty() const noexcept { return size() == 0; }
  /// @brief An item; of a temporary view its value. One that the list does not have throws IndexError when it is read.
  TypedItem<T> operator[](std::ptrdiff_t index) const& noexcept ADDER_LIFETIMEBOUND { return begin()[index]; }
  TypedItem<T> front() const& noexcept ADDER_LIFETIMEBOUND { return *begin(); }
  TypedItem<T> back() const& noexcept ADDER_LIFETIMEBOUND { return *(end() - 1); }
  T operator[](std::ptrdiff_t index) const&& { return begin_()[index].get(); }
  T front() const&& { return (*begin_()).get(); }
  T back() const&& { return begin_()[PyList_GET_SIZE(list_.as_ptr()) - 1].get(); }
  iterator begin() const&& = delete;  // Its iterators would dangle: keep the view in a variable.
  iterator end() const&& = delete;    // The same.

 private:
  iterator begin_() const noexcept { return {list_.as_ptr(), 0}; }
  Bound<PyList> list_;
};

/// @brief The items of any iterable as an input range of T. Can be gone through once for each begin().
/// @gil  Held.
template <class T>
class TypedIterable : public std::ranges::view_base {
  static_assert(!detail::views_object<T>,
                "adder: the view would die with the item that it points into: take a value, such as std::string");

 public:
  class iterator {
   public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    explicit iterator(ObjectIterator<PyAny> items) : items_(std::move(items)) {}
    T operator*() const {
      PyResult<T> value = detail::extract_from<T>(*items_);
      if (value.is_err()) throw detail::at_index(std::move(value).error(), index_);
      return std::move(value).value();
    }
    iterator& operator++() {
      ++items_;
      ++index_;
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const iterator& i, std::default_sentinel_t) noexcept { return i.items_ == IterationEnd{}; }

   private:
    ObjectIterator<PyAny> items_;
    std::size_t index_ = 0;
  };

  /// @brief The items of the iterable as T. `object.as<T>()` makes it.
  explicit TypedIterable(Bound<PyAny> iterable) : iterable_(std::move(iterable)) {}
  /// @throws PyErr  TypeError when it is not iterable.
  iterator begin() const { return iterator(iterable_.begin()); }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  Bound<PyAny> iterable_;
};

/// @brief The items of a dict as an input range of `std::pair<K, V>`.
/// @gil  Held.
template <class K, class V>
class TypedDict : public std::ranges::view_base {
  static_assert(!detail::views_object<K> && !detail::views_object<V>,
                "adder: the view would die with the item that it points into: take a value, such as std::string");

 public:
  class iterator {
   public:
    using value_type = std::pair<K, V>;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    explicit iterator(DictIterator<PyAny> items) : items_(std::move(items)) {}
    std::pair<K, V> operator*() const {
      PyResult<K> key = detail::extract_from<K>(items_->first);
      if (key.is_err()) throw detail::at_key(std::move(key).error(), items_->first.as_ptr());
      PyResult<V> value = detail::extract_from<V>(items_->second);
      if (value.is_err()) throw detail::at_key(std::move(value).error(), items_->first.as_ptr());
      return {std::move(key).value(), std::move(value).value()};
    }
    iterator& operator++() {
      ++items_;
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const iterator& i, std::default_sentinel_t) noexcept { return i.items_ == IterationEnd{}; }

   private:
    DictIterator<PyAny> items_;
  };

  /// @brief The items of the dict as K and V. `dict.as<K, V>()` makes it.
  explicit TypedDict(Bound<PyDict> dict) : dict_(std::move(dict)) {}
  iterator begin() const { return iterator(dict_.begin()); }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  Bound<PyDict> dict_;
};

template <class T>
struct UngilTraits<TypedItem<T>> : std::false_type {};
template <class T>
struct UngilTraits<TypedList<T>> : std::false_type {};
template <class T>
struct UngilTraits<TypedIterable<T>> : std::false_type {};
template <class K, class V>
struct UngilTraits<TypedDict<K, V>> : std::false_type {};

}  // namespace adder::inline ADDER_ABI
