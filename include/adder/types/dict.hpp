// SPDX-License-Identifier: MIT
/// @file
/// @brief PyDict.
#pragma once
#include "adder/object/keyword.hpp"
#include "adder/types/list.hpp"

#include <cstddef>
#include <new>
#include <optional>
#include <span>  // Has the concepts of ranges as well, and costs less than <ranges>.
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {
#if PY_VERSION_HEX < 0x030D0000
/// An object that is no value of any dict. Borrowed, and there for good; null with MemoryError.
ADDER_HIDDEN ADDER_COLD_CALL ::PyObject* missing_marker() noexcept;
#endif
}  // namespace detail

namespace detail {
/// A pair of handles, whose destructor is always inlined. That of std::pair may become a call where an exception
/// passes, and then whatever holds the pair has to be in memory.
template <class T>
class HandlePair {
 public:
  using Handle = Bound<T>;
  using Pair = std::pair<Handle, Handle>;
  ADDER_INLINE HandlePair() noexcept : pair_(steal<T>(nullptr), steal<T>(nullptr)) {}
  HandlePair(const HandlePair& other)  // Also of an empty one.
      : pair_(steal<T>(Py_XNewRef(other.pair_.first.as_ptr())), steal<T>(Py_XNewRef(other.pair_.second.as_ptr()))) {}
  ADDER_INLINE HandlePair(HandlePair&& other) noexcept : pair_(std::move(other.pair_)) {}
  ADDER_INLINE HandlePair& operator=(HandlePair other) noexcept {
    pair_ = std::move(other.pair_);
    return *this;
  }
  ADDER_INLINE ~HandlePair() {
    pair_.first.~Handle();
    pair_.second.~Handle();
  }
  ADDER_INLINE const Pair& get() const noexcept { return pair_; }
  ADDER_INLINE void clear() noexcept {
    ::PyObject *first = std::move(pair_.first).into_ptr(), *second = std::move(pair_.second).into_ptr();
    release_if_any(first);
    release_if_any(second);
  }
  /// Takes over two references. It has to be empty: what is empty needs no destructor.
  ADDER_INLINE void fill(::PyObject* first, ::PyObject* second) noexcept {
    ::new (static_cast<void*>(&pair_.first)) Handle(steal<T>(first));
    ::new (static_cast<void*>(&pair_.second)) Handle(steal<T>(second));
  }

 private:
  union {
    Pair pair_;
  };
};
}  // namespace detail

template <class T>
class DictIterator;
template <class K, class V>
class TypedDict;

/// @brief The methods of a handle to a `dict`.
///
/// `for (const auto& [key, value] : dict)` goes over the items; changing the size of the dict meanwhile is a
/// `RuntimeError`, as in Python.
/// @pyo3{PyDict}
template <class Self>
struct PyDictMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  using Any = detail::LateAny<Self>;
  using List = detail::Late<PyList, Self>;
  using Dict = detail::Late<PyDict, Self>;

  /// @brief The number of items.
  std::size_t len(Where where = Where::current()) const {
    return static_cast<std::size_t>(detail::dict_size(this->use("len", where)));
  }
  /// @brief Whether there are none.
  bool is_empty(Where where = Where::current()) const { return len(where) == 0; }
  /// @brief `self.get(key)`, with nothing for a missing key.
  /// @throws PyErr  TypeError for an unhashable key, or what its `__hash__` or `__eq__` raised.
  template <class K>
  std::optional<Bound<Any>> get_item(K&& key, Where where = Where::current()) const {
    const auto self = this->use_alive("get_item", where);
    const detail::AsKey<K&&> index(std::forward<K>(key));
    ::PyObject* value = nullptr;
#if PY_VERSION_HEX >= 0x030D0000
    detail::non_negative(detail::guard_unwind(PyDict_GetItemRef, self, index.as_ptr(), &value));
#else
    value = detail::guard_unwind(PyDict_GetItemWithError, self, index.as_ptr());
    if (value == nullptr && PyErr_Occurred() != nullptr) detail::throw_fetched();
    Py_XINCREF(value);
#endif
    if (value == nullptr) return std::nullopt;
    return detail::steal<Any>(value, where);
  }
  /// @brief `self[key] = value`.
  template <class K, class V>
  void set_item(K&& key, V&& value, Where where = Where::current()) const {
    const auto self = this->use_alive("set_item", where);
    [[maybe_unused]] const detail::KeptArguments kept(key, value);
    const detail::AsKey<K&&> index(std::forward<K>(key));
    const detail::AsArgument<V&&> object(std::forward<V>(value));
    detail::non_negative(detail::guard_unwind(PyDict_SetItem, self, index.as_ptr(), object.as_ptr()));
  }
  /// @brief `del self[key]`.
  /// @throws PyErr  KeyError for a missing key.
  template <class K>
  void del_item(K&& key, Where where = Where::current()) const {
    const auto self = this->use_alive("del_item", where);
    const detail::AsKey<K&&> index(std::forward<K>(key));
    detail::non_negative(detail::guard_unwind(PyDict_DelItem, self, index.as_ptr()));
  }
  /// @brief `key in self`.
  template <class K>
  bool contains(K&& key, Where where = Where::current()) const {
    const auto self = this->use_alive("contains", where);
    const detail::AsKey<K&&> index(std::forward<K>(key));
    return detail::non_negative(detail::guard_unwind(PyDict_Contains, self, index.as_ptr())) != 0;
  }
  /// @brief `self.setdefault(key, value)`, in one step that no other thread sees half done.
  template <class K, class V>
  Bound<Any> set_default(K&& key, V&& value, Where where = Where::current()) const {
    const auto self = this->use_alive("set_default", where);
    [[maybe_unused]] const detail::KeptArguments kept(key, value);
    const detail::AsKey<K&&> index(std::forward<K>(key));
    const detail::AsArgument<V&&> object(std::forward<V>(value));
#if PY_VERSION_HEX >= 0x030D0000
    ::PyObject* found = nullptr;
    detail::non_negative(detail::guard_unwind(PyDict_SetDefaultRef, self, index.as_ptr(), object.as_ptr(), &found));
    return detail::steal<Any>(found, where);
#else
    return detail::borrow<Any>(detail::non_null(detail::guard_unwind(
                                   [&] { return PyDict_SetDefault(self, index.as_ptr(), object.as_ptr()); })),
                               where);
#endif
  }
  /// @brief `self.pop(key, None)`, with nothing for a missing key.
  template <class K>
  std::optional<Bound<Any>> pop(K&& key, Where where = Where::current()) const {
    const auto self = this->use_alive("pop", where);
    const detail::AsKey<K&&> index(std::forward<K>(key));
    ::PyObject* value = nullptr;
#if PY_VERSION_HEX >= 0x030D0000
    detail::non_negative(detail::guard_unwind(PyDict_Pop, self, index.as_ptr(), &value));
#else
    ::PyObject* missing = detail::non_null(detail::missing_marker());
    value = detail::non_null(detail::guard_unwind(_PyDict_Pop, self, index.as_ptr(), missing));
    if (value == missing) {
      Py_DECREF(value);
      return std::nullopt;
    }
#endif
    if (value == nullptr) return std::nullopt;
    return detail::steal<Any>(value, where);
  }
  /// @brief `self.update(other)`; @p other is a mapping.
  /// @pyo3{PyDict::update}
  template <class M>
  void update(M&& other, Where where = Where::current()) const {
    merge(this->use_alive("update", where), std::forward<M>(other), 1);
  }
  /// @brief Takes over only the keys that are missing here.
  /// @pyo3{PyDict::update_if_missing}
  template <class M>
  void update_if_missing(M&& other, Where where = Where::current()) const {
    merge(this->use_alive("update_if_missing", where), std::forward<M>(other), 0);
  }
  /// @brief `list(self.keys())`.
  Bound<List> keys(Where where = Where::current()) const {
    const auto self = this->use_alive("keys", where);
    return this->template own<List>(detail::guard_rare_unwind(PyDict_Keys, self), where);
  }
  /// @brief `list(self.values())`.
  Bound<List> values(Where where = Where::current()) const {
    const auto self = this->use_alive("values", where);
    return this->template own<List>(detail::guard_rare_unwind(PyDict_Values, self), where);
  }
  /// @brief `list(self.items())`.
  Bound<List> items(Where where = Where::current()) const {
    const auto self = this->use_alive("items", where);
    return this->template own<List>(detail::guard_rare_unwind(PyDict_Items, self), where);
  }
  /// @brief `self.copy()`.
  Bound<Dict> copy(Where where = Where::current()) const {
    const auto self = this->use_alive("copy", where);
    return this->template own<Dict>(detail::guard_rare_unwind(PyDict_Copy, self), where);
  }
  /// @brief `self.clear()`.
  void clear(Where where = Where::current()) const {
    const auto self = this->use_alive("clear", where);
    detail::guard_unwind(PyDict_Clear, self);
  }
  /// @brief The items as pairs of C++ values: an input range. Include `adder/types/typed.hpp`.
  /// @throws PyErr  From the range, at an item of another type: `['k']: expected int, got str`.
  template <class K, class V>
  auto as(Where where = Where::current()) const {
    return detail::typed_view<TypedDict<K, V>>(detail::borrow<Dict>(this->use("as", where), where));
  }
  ADDER_INLINE auto begin() const;

 private:
  template <class M>
  static void merge(::PyObject* self, M&& other, int override) {
    const detail::AsArgument<M&&> from(std::forward<M>(other));
    detail::non_negative(detail::guard_unwind(PyDict_Merge, self, from.as_ptr(), override));
  }
};

/// @brief The tag of `dict`.
struct PyDict : detail::FlaggedType<"dict", &PyDict_Type, Py_TPFLAGS_DICT_SUBCLASS> {
  template <class Self>
  using Methods = PyDictMethods<Self>;
  /// @brief `dict(name=value, ...)`: `PyDict::new_(py, kw("a"_s) = 1, kw("b"_s) = 2)`; `{}` without arguments.
  /// @pyo3{PyDict::new}
  template <class... Keywords>
  static Bound<detail::Late<PyDict, detail::TypeList<Keywords...>>> new_(Python, Keywords&&... items) {
    static_assert(
        (detail::is_keyword_argument<Keywords> && ...),
        "adder: PyDict::new_ takes kw(\"name\"_s) = value arguments; for other keys use from_range or set_item");
    [[maybe_unused]] const detail::KeptFromStart<std::remove_cvref_t<Keywords>...> kept(items...);
    auto dict = detail::steal<detail::Late<PyDict, detail::TypeList<Keywords...>>>(
        detail::non_null(detail::guard_rare_unwind(PyDict_New)));
    (put(dict.as_ptr(), std::move(items)), ...);
    return dict;
  }
  /// @brief A dict of the (key, value) pairs of a C++ range, such as a `std::map`. The last of equal keys counts.
  /// @throws PyErr  TypeError for an unhashable key.
  /// @pyo3{IntoPyDict::into_py_dict}
  template <std::ranges::input_range R>
  static Bound<detail::Late<PyDict, R>> from_range(Python py, R&& range) {
    auto dict = detail::Late<PyDict, R>::new_(py);
    for (auto&& [key, value] : range) dict.set_item(key, value);
    return dict;
  }

 private:
  template <class Name, class V>
  static void put(::PyObject* dict, detail::KeywordArgument<Name, V> item) {
    const adder::Name name(item.name);
    const detail::AsArgument<V> value(std::forward<V>(item.value));
    detail::non_negative(detail::guard_rare_unwind(PyDict_SetItem, dict, name.as_ptr(), value.as_ptr()));
  }
};

/// @brief Goes over the items of a dict. Owns the dict and the current pair.
/// @tparam T  PyAny.
template <class T>
class DictIterator {
  using Dict = detail::Late<PyDict, T>;

 public:
  using value_type = std::pair<Bound<T>, Bound<T>>;
  using difference_type = std::ptrdiff_t;

  /// @brief At the first item. `for (const auto& [key, value] : dict)` makes it.
  ADDER_INLINE explicit DictIterator(Bound<Dict> dict)
      : dict_(std::move(dict)), size_(detail::dict_size(dict_.as_ptr())) {
    read();
  }
  DictIterator(const DictIterator&) = default;
  DictIterator(DictIterator&&) noexcept = default;
  DictIterator& operator=(const DictIterator&) = default;
  DictIterator& operator=(DictIterator&&) noexcept = default;
  ADDER_INLINE ~DictIterator() = default;

  /// @brief The current (key, value); valid until the next step.
  const value_type& operator*() const ADDER_LIFETIMEBOUND { return item_.get(); }
  const value_type* operator->() const ADDER_LIFETIMEBOUND { return &item_.get(); }
  /// @throws PyErr  RuntimeError when the dict changed size since the iteration began.
  ADDER_INLINE DictIterator& operator++() {
    item_.clear();  // First: dropping the old pair may run code that changes the dict.
    read();
    return *this;
  }
  void operator++(int) { ++*this; }
  bool operator==(IterationEnd) const noexcept { return item_.get().first.as_ptr() == nullptr; }

 private:
  /// The next pair into item_, which is empty.
  ADDER_INLINE void read() {
    if (detail::dict_size(dict_.as_ptr()) != size_) [[unlikely]]
      changed("dictionary changed size during iteration");
    ::PyObject *key = nullptr, *value = nullptr;
    Py_ssize_t position = position_;  // PyDict_Next gets no pointer into *this, which may be in registers.
    bool found = false;
#if defined(Py_GIL_DISABLED)
    Py_BEGIN_CRITICAL_SECTION(dict_.as_ptr());
#endif
    if (PyDict_Next(dict_.as_ptr(), &position, &key, &value) != 0) {
      found = true;
      Py_INCREF(key);
      Py_INCREF(value);
    }
#if defined(Py_GIL_DISABLED)
    Py_END_CRITICAL_SECTION();
#endif
    // Python counts too: where keys are replaced by others, some may be seen twice or not at all, or there is no end.
    if (!found) {
      if (left_ != 0) changed("dictionary keys changed during iteration");
      return;
    }
    position_ = position;
    item_.fill(key, value);
    if (left_-- == 0) [[unlikely]]
      changed("dictionary keys changed during iteration");
  }
  [[noreturn]] ADDER_COLD static void changed(const char* what) { throw PyErr::Access::lazy(PyExc_RuntimeError, what); }

  Bound<Dict> dict_;
  Py_ssize_t size_;
  Py_ssize_t left_ = size_;
  Py_ssize_t position_ = 0;
  detail::HandlePair<T> item_;  // Empty at the end.
};

template <class T>
struct UngilTraits<DictIterator<T>> : std::false_type {};

template <class Self>
auto PyDictMethods<Self>::begin() const {
  return DictIterator<Any>(detail::borrow<Dict>(this->use("begin", Where::current())));
}

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/types/detail/dict_inl.hpp"
#endif
