// SPDX-License-Identifier: MIT
/// @file
/// @brief What the conversions of sequences have in common.
#pragma once
#include "adder/convert/basic.hpp"
#include "adder/object/any.hpp"
#include "adder/types/bytes.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

/// Whether it is a list or tuple itself. These are read in place, and by index: what changes a list meanwhile changes
/// what is still to come, as in Python.
ADDER_INLINE bool is_array(::PyObject* source) noexcept {
  return PyList_CheckExact(source) || PyTuple_CheckExact(source);
}

/// The items of any other sequence, one after the other, as Python itself goes over them.
class OtherItems {
 public:
  enum class Bytes : bool { refused, taken };

  OtherItems() = default;
  OtherItems(const OtherItems&) = delete;
  OtherItems& operator=(const OtherItems&) = delete;
  ADDER_INLINE ~OtherItems() { release_if_any(iterator_); }

  /// Gets ready to read @p source, which its owner keeps alive.
  /// @return A mismatch that names what was @p expected where it is no sequence; what Python code raised; or nothing.
  std::optional<PyErr> open(::PyObject* source, const char* expected, Bytes bytes = Bytes::refused);
  /// How many items to make room for. A hint only, as `__len__` may lie.
  std::size_t size_hint() const noexcept { return static_cast<std::size_t>(size_ < 4096 ? size_ : 4096); }
  /// The item at @p index, which is one more each time: a new reference; null without an exception at the end, null
  /// with one on failure.
  ::PyObject* next(Py_ssize_t index);

 private:
  ::PyObject* source_ = nullptr;
  ::PyObject* iterator_ = nullptr;  // Owned; null where the source is read by index.
  Py_ssize_t size_ = 0;
  bool is_tuple_ = false;  // An instance of a subclass that is read in place, such as a namedtuple.
};

/// A new reference to the item; null without an exception at the end, null with one on failure.
ADDER_INLINE ::PyObject* sequence_item(::PyObject* source, Py_ssize_t index, OtherItems& others) {
#if defined(Py_GIL_DISABLED)
  if (PyList_CheckExact(source)) {
    ::PyObject* item = index < PyList_GET_SIZE(source) ? PyList_GetItemRef(source, index) : nullptr;
    if (item == nullptr) PyErr_Clear();  // The list has become shorter.
    return item;
  }
#else
  if (PyList_CheckExact(source)) {
    return index < PyList_GET_SIZE(source) ? Py_NewRef(PyList_GET_ITEM(source, index)) : nullptr;
  }
#endif
  if (PyTuple_CheckExact(source)) {
    return index < PyTuple_GET_SIZE(source) ? Py_NewRef(PyTuple_GET_ITEM(source, index)) : nullptr;
  }
  return others.next(index);
}

/// An array of items that nobody but Python code of this thread can change.
bool is_stable_array(::PyObject* source) noexcept;

#if defined(Py_GIL_DISABLED)
/// Up to @p most items of a list from @p index on, as far as they can be read in place. Nobody else changes the list
/// meanwhile; nothing here lets go of it.
/// @return How many there were.
template <class T>
std::size_t read_some(::PyObject* list, std::size_t index, typename Simple<T>::Value* values, std::size_t most) {
  PyCriticalSection section;
  guard_unwind_of_c([&] { PyCriticalSection_Begin(&section, list); });
  const auto size = static_cast<std::size_t>(PyList_GET_SIZE(list));
  std::size_t count = 0;
  while (count < most && index + count < size) {
    if (!Simple<T>::read(PyList_GET_ITEM(list, static_cast<Py_ssize_t>(index + count)), values[count])) break;
    ++count;
  }
  guard_unwind_of_c([&] { PyCriticalSection_End(&section); });
  return count;
}
#endif

/// Appends the items of a list or tuple up to the first that cannot be read in place. Runs no Python code, so that
/// neither size nor items change meanwhile.
/// @return How many there were.
template <class T, class Container>
ADDER_INLINE std::size_t read_items(::PyObject* source, Container& result) {
  std::size_t index = 0;
  if constexpr (IsSimple<T>) {
#if defined(Py_GIL_DISABLED)
    // Text would point into items that somebody else may drop as soon as the list can be changed again.
    if (std::is_same_v<typename Simple<T>::Value, T> && PyList_CheckExact(source)) {
      typename Simple<T>::Value read[128];
      std::size_t found = 0;
      do {
        found = read_some<T>(source, index, read, std::size(read));
        result.insert(result.end(), read, read + found);
        index += found;
      } while (found == std::size(read));
      return index;
    }
#endif
    if (!is_stable_array(source)) return 0;
    const auto size = static_cast<std::size_t>(PySequence_Fast_GET_SIZE(source));
    ::PyObject* const* items = PySequence_Fast_ITEMS(source);
    // By the handful: that the container may have to grow would be in the way of each single item.
    typename Simple<T>::Value values[32];
    std::size_t count = 0;
    do {
      const std::size_t most = size - index < std::size(values) ? size - index : std::size(values);
      for (count = 0; count < most && Simple<T>::read(items[index + count], values[count]);) ++count;
      result.insert(result.end(), values, values + count);
      index += count;
    } while (count == std::size(values));
  }
  return index;
}

/// Converts the items one by one and hands them to @p sink, which returns false for one too many.
/// Begins at @p index.
/// Converting an item may run Python code that changes the sequence: index and size are looked at afresh each time.
/// @param others  Open, unless @p source is_array().
/// @return The error, if there is one.
template <class T, class Sink>
std::optional<PyErr> convert_items(::PyObject* source, OtherItems& others, Sink&& sink, std::size_t index = 0) {
  static_assert(!views_object<T>,
                "adder: a container of views would outlive the items that they point into: take values, such as "
                "std::string, or handles");
  for (;; ++index) {
    ::PyObject* raw = sequence_item(source, static_cast<Py_ssize_t>(index), others);
    if (raw == nullptr) {
      if (PyErr_Occurred() == nullptr) return std::nullopt;
      return at_index(PyErr::fetch(token()), index);
    }
    const Bound<PyAny> owned = steal(raw);
    PyResult<T> value = extract_from<T>(owned);
    if (value.is_err()) return at_index(std::move(value).error(), index);
    if (!sink(std::move(value.value()))) return std::nullopt;
  }
}

/// Items of one byte, which come from bytes-like objects too.
template <class T>
concept ByteLike = std::is_same_v<T, std::byte> || std::is_same_v<T, unsigned char> || std::is_same_v<T, signed char> ||
                   std::is_same_v<T, char>;

template <class T>
inline constexpr OtherItems::Bytes takes_bytes = ByteLike<T> ? OtherItems::Bytes::taken : OtherItems::Bytes::refused;

/// Whether the memory of a buffer is an array of T: bytes as such, or numbers that all have the same value there.
template <ByteLike T>
bool is_array_of(const BufferView& view) noexcept {
  const BufferView::Items items = view.items();
  if (items == BufferView::Items::others) return false;
  if constexpr (Integer<T>) {
    return std::is_signed_v<T> == (items == BufferView::Items::signed_bytes) || !view.any_high_bit();
  } else {
    return true;
  }
}

/// Hands the memory of a bytes-like object to @p sink, as a pointer to the first T and one past the last.
/// @return Whether it is one; or why its memory cannot be had.
template <ByteLike T, class Sink>
PyResult<bool> read_bytes(::PyObject* source, Sink&& sink) {
  if (PyObject_CheckBuffer(source) == 0) return false;
  try {
    const BufferView view(source, PyBUF_FORMAT | PyBUF_STRIDES);
    if (!is_array_of<T>(view)) return false;  // Its items may still be converted one by one.
    const auto* bytes = static_cast<const T*>(view.data());
    sink(bytes, bytes + view.size());
    return true;
  } catch (const PyErr& error) {
    return error;
  }
}

/// The ValueError for another number of items than a type has. Where they were not counted to the end, @p count is what
/// is more than @p wanted, and @p source is asked for its length.
ADDER_COLD_CALL PyErr wrong_count(std::size_t wanted, std::size_t count, ::PyObject* source);

/// A new tuple of the items of a sequence that is no exact list or tuple, or why there is none.
PyResult<Bound<PyAny>> tuple_of_others(::PyObject* source, std::size_t wanted, const char* expected);

/// What a sequence becomes in Python, and what its items do.
struct AsList {
  static ::PyObject* make(Py_ssize_t size) { return PyList_New(size); }
  ADDER_INLINE static void set(::PyObject* list, Py_ssize_t index, ::PyObject* item) {
    PyList_SET_ITEM(list, index, item);
  }
  template <class T>
  ADDER_INLINE static PyResult<Bound<PyAny>> convert(Python py, T&& value) {
    return adder::into_py(py, std::forward<T>(value));
  }
};
/// The same where it is hashed.
struct AsTupleOfKeys {
  static ::PyObject* make(Py_ssize_t size) { return PyTuple_New(size); }
  ADDER_INLINE static void set(::PyObject* tuple, Py_ssize_t index, ::PyObject* item) {
    PyTuple_SET_ITEM(tuple, index, item);
  }
  template <class T>
  ADDER_INLINE static PyResult<Bound<PyAny>> convert(Python py, T&& value) {
    return into_key(py, std::forward<T>(value));
  }
};

/// A list or tuple of the items of a C++ container, which is consumed where it is an rvalue.
template <class As, class Container>
PyResult<Bound<PyAny>> sequence_from(Python py, Container&& values) {
  using T = typename std::remove_cvref_t<Container>::value_type;
  std::size_t size = 0;
  ::PyObject* raw = nullptr;
  do {
    release_if_any(raw);
    size = values.size();
    raw = guard_rare_unwind([&] { return As::make(static_cast<Py_ssize_t>(size)); });
    if (raw == nullptr) return PyErr::fetch(py);
    // Up to 3.11 that may run the collector, and with it a finalizer that changes a container which was lent to us.
  } while (PY_VERSION_HEX < 0x030C0000 && std::is_lvalue_reference_v<Container> && values.size() != size);
  Bound<PyAny> sequence = steal(raw);
  HiddenWhileMade<!IsSimple<T>> hidden(raw, size);
  Py_ssize_t index = 0;
  for (auto&& value : values) {
    if constexpr (IsSimple<T>) {
      ::PyObject* item = Simple<T>::store(value);
      if (item == nullptr) [[unlikely]]
        return at_index(PyErr::fetch(py), static_cast<std::size_t>(index));
      As::set(raw, index++, item);
    } else {
      PyResult<Bound<PyAny>> item = [&] {
        if constexpr (std::is_lvalue_reference_v<Container>) {
          return As::convert(py, static_cast<const T&>(value));
        } else {
          return As::convert(py, std::move(value));
        }
      }();
      if (item.is_err()) return at_index(std::move(item).error(), static_cast<std::size_t>(index));
      As::set(raw, index++, std::move(item).value().into_ptr());
    }
  }
  hidden.show();
  return sequence;
}

/// For containers that grow at their end.
template <class Container>
struct FromSequence {
  using T = typename Container::value_type;
  static constexpr const char* expected() noexcept { return "sequence"; }
  static PyResult<Container> extract(const Bound<PyAny>& object) { return from_items(object.as_ptr(), expected()); }

 protected:
  ADDER_INLINE static PyResult<Container> from_items(::PyObject* source, const char* words) {
    if constexpr (ByteLike<T>) {
      Container result;
      const PyResult<bool> read =
          read_bytes<T>(source, [&](const T* first, const T* last) { result.assign(first, last); });
      if (read.is_err()) return read.error();
      if (*read) return result;
    }
    if constexpr (std::is_same_v<T, std::byte>) {
      return PyErr::Access::mismatch(words, source);  // No object stands for one byte.
    } else {
      return from_each(source, words);
    }
  }

 private:
  ADDER_INLINE static PyResult<Container> from_each(::PyObject* source, const char* words) {
    Container result;
    OtherItems others;
    std::size_t done = 0;
    if (is_array(source)) [[likely]] {
      make_room(result, static_cast<std::size_t>(PySequence_Fast_GET_SIZE(source)));
      done = read_items<T>(source, result);
    } else {
      if (auto error = others.open(source, words, takes_bytes<T>)) return *std::move(error);
      make_room(result, others.size_hint());
    }
    auto error = convert_items<T>(
        source, others,
        [&](auto&& value) {
          result.push_back(std::forward<decltype(value)>(value));
          return true;
        },
        done);
    if (error) return *std::move(error);
    return result;
  }
  ADDER_INLINE static void make_room(Container& result, std::size_t size) {
    if constexpr (requires { result.reserve(1); }) result.reserve(size);
  }
};
template <class Container>
struct IntoList {
  template <class C>
  static PyResult<Bound<PyAny>> into_py(Python py, C&& values) {
    return sequence_from<AsList>(py, std::forward<C>(values));
  }
  template <class C>
  static PyResult<Bound<PyAny>> into_key(Python py, C&& values) {
    return sequence_from<AsTupleOfKeys>(py, std::forward<C>(values));
  }
};

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/stl/detail/sequence_inl.hpp"
#endif
