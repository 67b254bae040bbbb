// SPDX-License-Identifier: MIT
/// @file
/// @brief What list_methods.hpp, dict_methods.hpp and set_methods.hpp share: which containers there are, and how their
/// elements come from Python and go there.
#pragma once
#include "adder/class/iterate.hpp"
#include "adder/class/part.hpp"
#include "adder/class/protocols.hpp"
#include "adder/function/given.hpp"
#include "adder/types/dict.hpp"
#include "adder/types/list.hpp"
#include "adder/types/set.hpp"
#include "adder/types/slice.hpp"
#if ADDER_STUBS
#include "adder/typing/container_notes.hpp"
#endif

#include <cstddef>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

// --- Kinds of containers ---------------------------------------------------------------------------------------------

template <class C>
concept MapLike = requires {
  typename C::key_type;
  typename C::mapped_type;
  requires std::is_lvalue_reference_v<decltype(std::declval<C&>()[std::declval<const typename C::key_type&>()])>;
};
template <class C>
concept SetLike = !requires { typename C::mapped_type; } && requires(C& set, const typename C::key_type& key) {
  set.find(key) == set.end();
  set.insert(key);
};
/// `std::vector`, `std::deque`, `std::array`; no text, and no view.
template <class C>
concept ListLike = requires(C& list, std::size_t at) {
  typename C::value_type;
  list[at];
  list.size();
  requires std::random_access_iterator<decltype(list.begin())>;
  requires !requires { typename C::traits_type; };
  requires requires { list.push_back(list[at]); } || requires { std::tuple_size<C>::value; };
};
template <class C>
concept AnyContainer = MapLike<C> || SetLike<C> || ListLike<C>;
/// A std::vector says that it can be copied, whatever is in it.
template <class C>
constexpr bool check_items() {
  static_assert(std::is_copy_constructible_v<typename C::value_type>,
                "adder: a live container of what cannot be copied, such as Py<T> or std::unique_ptr: slices, sums and "
                "copies have the same items. Hold them by std::shared_ptr; or let a field of Python objects be a "
                "Py<PyList> or Py<PyDict>");
  return true;
}

/// The class of parts that are containers without a class of their own: live lists, dicts and sets.
template <class C>
struct Viewed {};
template <class C>
struct ValueType<Viewed<C>> {
  using type = C;
};
template <class C>
inline constexpr bool is_viewed = false;
template <class C>
inline constexpr bool is_viewed<Viewed<C>> = true;

template <class V>
  requires(!IsPyClass<V> && AnyContainer<V>)
struct PartClass<V> {
  using type = Viewed<V>;
};

/// Whether an element is given as a part of its container, and not as a copy.
template <class V>
constexpr bool gives_part() {
  if constexpr (IsPyClass<V>) {
    return may_be_part<V>();
  } else {
    return AnyContainer<V>;
  }
}

#if ADDER_STUBS
/// What comes out of a container: parts, or values.
template <class V>
TypeText element_text() {
  if constexpr (gives_part<V>()) {
    return TagType<typename PartClass<V>::type>::output();
  } else {
    return output_text<V>();
  }
}
/// By the abstract class that it is registered with.
template <class C>
struct TagType<Viewed<C>> : SameType<TagType<Viewed<C>>> {
  static TypeText text() {
    if constexpr (MapLike<C>) {
      return "collections.abc.MutableMapping[" + key_text<typename C::key_type>() + ", " +
             element_text<typename C::mapped_type>() + "]";
    } else {
      const TypeText item = "[" + element_text<typename C::value_type>() + "]";
      return (ListLike<C> ? "collections.abc.MutableSequence" : "collections.abc.MutableSet") + item;
    }
  }
};
#endif

/// The methods of a container, by the class of the objects.
template <class Self>
struct ListMethods;
template <class Self>
struct DictMethods;
template <class Self>
struct SetMethods;
template <class Self, ListLike C>
struct ContainerMethods<Self, C> {
  using type = ListMethods<Self>;
};
template <class Self, MapLike C>
struct ContainerMethods<Self, C> {
  using type = DictMethods<Self>;
};
template <class Self, SetLike C>
struct ContainerMethods<Self, C> {
  using type = SetMethods<Self>;
};

/// The value of an object, borrowed as long as this is in scope. Who calls keeps the object alive.
/// @throws PyErr  RuntimeError where it cannot be had; what a part says that is gone.
template <class Self, class Value>
class BorrowedValue {
 public:
  ADDER_INLINE_FOR_SPEED explicit BorrowedValue(const Bound<Self>& self) : receiver_(self.as_ptr()) {
    if (!receiver_.granted()) [[unlikely]]
      throw_fetched();
  }
  Value& operator*() const { return receiver_.get(); }
  Value* operator->() const { return __builtin_addressof(receiver_.get()); }

 private:
  Receiver<Self, Value&> receiver_;
};
template <class Self>
using Reading = BorrowedValue<Self, const ValueOf<Self>>;
template <class Self>
using Writing = BorrowedValue<Self, ValueOf<Self>>;

// --- Elements --------------------------------------------------------------------------------------------------------

/// @throws PyErr  TypeError and the like where the object is no V.
template <class V>
V value_of(const Bound<PyAny>& object) {
  if constexpr (!IsPyClass<V> && AnyContainer<V>) {
    return ContainerMethods<Viewed<V>>::type::assigned(object);
  } else {
    if constexpr (IsPyClass<V> && std::is_copy_constructible_v<V>) {
      if (PyTypeInfo<V>::is_type_of(object.as_ptr())) [[likely]]
        return *Reading<V>(peek<V>(object.as_ptr()).as_bound());
    }
    auto result = extract_from<V>(object);
    if (result.is_err()) throw std::move(result).error();
    return std::move(result).value();
  }
}
/// The same of an item of a list.
template <class V>
V item_value(const Bound<PyAny>& item, std::size_t at) {
  try {
    return value_of<V>(item);
  } catch (const PyErr& error) {
    throw at_step(error, std::string("[").append(std::to_string(at)).append("]"));
  }
}
/// The same of what a key stands for, or of the key itself.
template <class V>
V keyed_value(const Bound<PyAny>& object, const Bound<PyAny>& key, const char* what = "") {
  try {
    return value_of<V>(object);
  } catch (const PyErr& error) {
    throw at_key(error, key.as_ptr(), what);
  }
}
/// A value on its own: a list, dict or set for a container without a class.
template <class V>
Bound<PyAny> copied_value(V&& value) {
  using C = std::remove_cvref_t<V>;
  if constexpr (!IsPyClass<C> && AnyContainer<C>) {
    return ContainerMethods<Viewed<C>>::type::python_copy(value);
  } else {
    return steal(non_null(item_to_python(std::forward<V>(value))));
  }
}

[[noreturn]] ADDER_COLD_CALL void refuse_place(const char* name, std::size_t at);
[[noreturn]] ADDER_COLD_CALL void refuse_key(const Bound<PyAny>& key);

/// The element of a list at an index.
template <class Self>
struct IndexPlace {
  std::size_t at;
  bool operator==(const IndexPlace&) const = default;
  auto* find(ValueOf<Self>& list) const {
    if (at >= list.size()) [[unlikely]]
      refuse_place(PyClass<Self>::name, at);
    return __builtin_addressof(list[at]);
  }
};
template <class Self>
inline constexpr bool is_quiet<IndexPlace<Self>, ValueOf<Self>> = is_known_range<ValueOf<Self>>();
/// The value of a dict at a key.
template <class Self>
struct KeyPlace {
  using M = ValueOf<Self>;
  using K = typename M::key_type;
  K key;

  bool operator==(const KeyPlace& other) const {
    if constexpr (requires { key == other.key; }) {
      return key == other.key;
    } else {
      const auto less = M().key_comp();
      return !less(key, other.key) && !less(other.key, key);
    }
  }
  static std::size_t hash(const K& key) {
    if constexpr (requires { std::hash<K>()(key); }) {
      return std::hash<K>()(key);
    } else {
      return 0;
    }
  }
  auto* find(M& map) const {
    const auto found = map.find(key);
    if (found == map.end()) [[unlikely]]
      refuse_key(copied_value(key));
    return __builtin_addressof(found->second);
  }
};

/// Whether keys are looked up by nothing but the standard library.
template <class M>
constexpr bool has_quiet_keys() {
  using K = typename M::key_type;
  if constexpr (!IsScalar<K> && !std::is_same_v<K, std::string>) {
    return false;
  } else if constexpr (requires { typename M::key_compare; }) {
    return std::is_same_v<typename M::key_compare, std::less<K>> ||
           std::is_same_v<typename M::key_compare, std::less<>>;
  } else if constexpr (requires { typename M::hasher; }) {
    return std::is_same_v<typename M::hasher, std::hash<K>> && std::is_same_v<typename M::key_equal, std::equal_to<K>>;
  } else {
    return false;
  }
}
template <class Self>
inline constexpr bool is_quiet<KeyPlace<Self>, ValueOf<Self>> = has_quiet_keys<ValueOf<Self>>();

template <class Self, class V = typename ValueOf<Self>::value_type>
Bound<PyAny> part_at_index(const Bound<Self>& self, std::size_t at) {
  return steal(non_null(part_at<typename PartClass<V>::type, Self>(self.as_ptr(), IndexPlace<Self>{at}, at, false)));
}
template <class Self, class K>
Bound<PyAny> part_at_key(const Bound<Self>& self, const K& key) {
  using V = typename ValueOf<Self>::mapped_type;
  return steal(non_null(part_at<typename PartClass<V>::type, Self>(self.as_ptr(), KeyPlace<Self>{key},
                                                                   KeyPlace<Self>::hash(key), false)));
}

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

/// The items of a container that Python can iterate over, as a list, a set; those of one with `__getitem__`, as a dict.
Bound<PyList> list_of(const Bound<PyAny>& container);
Bound<PyAny> set_of(const Bound<PyAny>& container);
Bound<PyDict> dict_of(const Bound<PyAny>& container);
/// `name([1, 2])`; without a name `[1, 2]`.
Bound<PyAny> show_container(const char* name, const Bound<PyAny>& items);
[[noreturn]] ADDER_COLD_CALL void refuse_index(const char* name, const char* what);
[[noreturn]] ADDER_COLD_CALL void refuse_missing(const Bound<PyAny>& value, const char* name);
[[noreturn]] ADDER_COLD_CALL void refuse_slice_size(std::size_t given, std::size_t wanted);
[[noreturn]] ADDER_COLD_CALL void refuse_size(const char* name, std::size_t wanted, std::size_t given);
[[noreturn]] ADDER_COLD_CALL void refuse_memory();
[[noreturn]] ADDER_COLD_CALL void refuse_changed_sort(const char* name);
[[noreturn]] ADDER_COLD_CALL void refuse_empty_pop(const char* name);
/// Where a text or a mapping would be assigned to a list or set, or what is no mapping to a dict: a TypeError.
void check_assigned(const Bound<PyAny>& value, bool wants_mapping, bool takes_bytes);
/// Whether an object is a live container of the kind, whatever its C++ type: "ListPart" and the like.
bool is_live(const char* kind, const Bound<PyAny>& object) noexcept;
/// Whether an object cannot be in a container for its type or size; any other failure is an exception.
bool says_no_such_value(const PyErr& error);
/// The place that `insert` and the bounds of `index` stand for: clamped.
std::size_t clamped_place(Py_ssize_t place, std::size_t size) noexcept;
/// What `a operation b` says, as Python has it: `Py_LT` and the like.
Bound<PyAny> compare_objects(const Bound<PyAny>& a, const Bound<PyAny>& b, int operation);
/// Calls @p use with each item that Python finds in an iterable.
template <class Use>
void for_each_item(const Bound<PyAny>& items, Use&& use) {
  for (const Bound<PyAny>& item : items) use(item);
}
/// `container.method(*args)` of a Python set.
Bound<PyAny> call_with(const Bound<PyAny>& object, const char* method, const Bound<PyTuple>& args);
/// A pair of a key and its value.
Bound<PyAny> pair_of(const Bound<PyAny>& key, const Bound<PyAny>& value);
/// What pickle makes of a part: a call of `list`, `dict` or `set` with a copy.
Bound<PyAny> reduce_to(::PyTypeObject& type, const Bound<PyAny>& copy);

/// The keys of a container, as they were when the iteration began.
struct KeyIterator {
  Py<PyAny> owner;
  Py<PyAny> keys;  ///< A list.
  Py_ssize_t size;
  bool is_set = false;
  Py_ssize_t at = 0;
  std::optional<Bound<PyAny>> next(Python py);
};
Bound<PyAny> iterate_keys(const Bound<PyAny>& container, const Bound<PyAny>& keys, bool is_set = false);

/// The elements of a list that are parts of it.
struct ElementIterator {
  using Element = std::optional<Bound<PyAny>> (*)(const Bound<PyAny>& owner, std::size_t at);
  Py<PyAny> owner;
  Element element;
  std::size_t at = 0;
  bool ended = false;
  bool reversed = false;
  std::optional<Bound<PyAny>> next(Python py);
  std::size_t left() const { return ended ? 0 : reversed ? at : 0; }
};

}  // namespace adder::inline ADDER_ABI::detail
