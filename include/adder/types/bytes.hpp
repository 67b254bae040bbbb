// SPDX-License-Identifier: MIT
/// @file
/// @brief PyBytes, PyByteArray, PyMemoryView.
#pragma once
#include "adder/base/detail/string_fwd.hpp"
#include "adder/call/call.hpp"

#include <concepts>
#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {
// A template, whose argument depends on another one: only who uses it compiles what std::span asks of its arguments.

template <class Byte, class Pointer>
std::span<Byte> span_of(Pointer* data, std::size_t size) noexcept {
  return {reinterpret_cast<Byte*>(data), size};
}

/// Not inlined: g++ would warn of sizes for which there never was any memory.
ADDER_NOINLINE inline void zero_out(char* data, std::size_t size) noexcept { std::memset(data, 0, size); }

/// The memory of an object that supports the buffer protocol, contiguous. While it is held, the object does not resize.
class BufferView {
 public:
  /// @throws PyErr  TypeError or BufferError.
  BufferView(::PyObject* object, int flags);
  BufferView(const BufferView&) = delete;
  BufferView& operator=(const BufferView&) = delete;
  ~BufferView();
  void* data() const noexcept { return view_.buf; }
  std::size_t size() const noexcept { return static_cast<std::size_t>(view_.len); }
  /// What lies there, of a view with format and strides.
  enum class Items : unsigned char {
    bytes,         ///< Unsigned bytes, one beside the other.
    signed_bytes,  ///< The same of signed ones.
    others,
  };
  Items items() const noexcept;
  /// Whether any of them is 128 or more, or negative.
  bool any_high_bit() const noexcept;

 private:
  Py_buffer view_{};
};
}  // namespace detail

/// @brief The methods of a handle to a `bytes`.
/// @pyo3{PyBytes}
template <class Self>
struct PyBytesMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  /// @brief The number of bytes.
  std::size_t len(Where where = Where::current()) const {
    return static_cast<std::size_t>(PyBytes_GET_SIZE(this->use("len", where)));
  }
  /// @brief Whether there are none.
  bool is_empty(Where where = Where::current()) const { return len(where) == 0; }
  /// @brief The bytes, in place. They live as long as the Python object.
  std::span<const std::byte> as_bytes(Where where = Where::current()) const& ADDER_LIFETIMEBOUND {
    ::PyObject* self = this->use("as_bytes", where);
    return detail::span_of<detail::Late<const std::byte, Self>>(PyBytes_AS_STRING(self),
                                                                static_cast<std::size_t>(PyBytes_GET_SIZE(self)));
  }
  std::span<const std::byte> as_bytes(Where = {}) const&&
    requires detail::is_specialization<Self, Bound>
  = delete;  // The object may die at the end of the expression: keep the handle in a variable.
  /// @brief The bytes as characters, in place.
  std::string_view as_string_view(Where where = Where::current()) const& ADDER_LIFETIMEBOUND {
    ::PyObject* self = this->use("as_string_view", where);
    return detail::view_of(PyBytes_AS_STRING(self), PyBytes_GET_SIZE(self));
  }
  std::string_view as_string_view(Where = {}) const&&
    requires detail::is_specialization<Self, Bound>
  = delete;  // As as_bytes.
};

/// @brief The tag of `bytes`.
struct PyBytes : detail::FlaggedType<"bytes", &PyBytes_Type, Py_TPFLAGS_BYTES_SUBCLASS> {
  template <class Self>
  using Methods = PyBytesMethods<Self>;
  /// @brief A new object with a copy of @p bytes.
  /// @pyo3{PyBytes::new}
  template <std::same_as<PyBytes> T = PyBytes>
  static Bound<T> new_(Python, std::string_view bytes) {
    return copied<T>(bytes.data(), bytes.size());
  }
  /// @brief The same from bytes.
  template <std::same_as<PyBytes> T = PyBytes>
  static Bound<T> new_(Python, std::span<const std::byte> bytes) {
    return copied<T>(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  /// @brief A new object whose bytes @p fill writes in place: no copy.
  /// @param size  How many bytes.
  /// @param fill  Gets a `std::span<std::byte>` of zeros. What it throws passes through and leaves nothing behind.
  /// @pyo3{PyBytes::new_with}
  template <std::invocable<std::span<std::byte>> F>
  static Bound<detail::Late<PyBytes, F>> new_with(Python, std::size_t size, F&& fill) {
    auto bytes =
        detail::steal<detail::Late<PyBytes, F>>(detail::non_null(PyBytes_FromStringAndSize(nullptr, checked(size))));
    detail::zero_out(PyBytes_AS_STRING(bytes.as_ptr()), size);
    std::forward<F>(fill)(detail::span_of<detail::Late<std::byte, F>>(PyBytes_AS_STRING(bytes.as_ptr()), size));
    return bytes;
  }
  /// @brief `bytes(object)`: of a buffer, of an iterable of ints, or of `__bytes__`.
  template <class U>
  static Bound<detail::Late<PyBytes, U>> from_object(const Bound<U>& object) {
    const auto source = detail::HandleAccess::use_alive(object, "PyBytes::from_object", {});
    return detail::steal<detail::Late<PyBytes, U>>(detail::non_null(detail::guard_unwind(PyObject_Bytes, source)));
  }

 private:
  template <class T>
  static Bound<T> copied(const char* data, std::size_t size) {
    return detail::steal<T>(detail::non_null(PyBytes_FromStringAndSize(data, static_cast<Py_ssize_t>(size))));
  }
  static Py_ssize_t checked(std::size_t size);
};

/// @brief Builds a `bytes` piece by piece, in place: `BytesWriter writer(py);`.
/// @tparam T  PyBytes.
/// @gil  Held.
/// @pyo3{PyBytesWriter}
template <class T = PyBytes>
class BytesWriter {
 public:
  /// @param py        The token.
  /// @param capacity  How many bytes to expect; more are taken too.
  explicit BytesWriter(Python py, std::size_t capacity = 0) {
    (void)py;
    reserve(capacity);
  }
  BytesWriter(const BytesWriter&) = delete;
  BytesWriter& operator=(const BytesWriter&) = delete;
  ~BytesWriter() { Py_XDECREF(bytes_); }

  /// @brief Appends a copy of @p bytes.
  /// @throws PyErr  MemoryError; what was written stays.
  void write(std::string_view bytes) { append(bytes.data(), bytes.size()); }
  void write(std::span<const std::byte> bytes) { append(bytes.data(), bytes.size()); }
  /// @brief How many bytes were written.
  std::size_t size() const noexcept { return size_; }
  /// @brief The object; the writer is empty afterwards.
  /// @throws PyErr  MemoryError.
  Bound<T> finish() && {
    if (bytes_ == nullptr) reserve(0);  // Finished before: empty.
    capacity_ = 0;
    if (_PyBytes_Resize(&bytes_, static_cast<Py_ssize_t>(detail::exchange(size_, 0))) < 0) detail::throw_fetched();
    return detail::steal<T>(detail::exchange(bytes_, nullptr));
  }

 private:
  void append(const void* data, std::size_t size) {
    if (size == 0) return;
    if (size > capacity_ - size_) reserve(size);
    std::memcpy(PyBytes_AS_STRING(bytes_) + size_, data, size);
    size_ += size;
  }
  /// Room for @p more bytes.
  void reserve(std::size_t more) {
    if (more > PY_SSIZE_T_MAX / 2 - size_) throw PyErr::Access::bare(PyExc_MemoryError);
    const std::size_t wanted = size_ + more < 2 * size_ ? 2 * size_ : size_ + more;
    // Not _PyBytes_Resize, which drops what it cannot enlarge.
    ::PyObject* larger = detail::non_null(PyBytes_FromStringAndSize(nullptr, static_cast<Py_ssize_t>(wanted)));
    if (size_ != 0) std::memcpy(PyBytes_AS_STRING(larger), PyBytes_AS_STRING(bytes_), size_);
    Py_XDECREF(detail::exchange(bytes_, larger));
    capacity_ = wanted;
  }

  ::PyObject* bytes_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};
BytesWriter(Python) -> BytesWriter<PyBytes>;
BytesWriter(Python, std::size_t) -> BytesWriter<PyBytes>;
template <class T>
struct UngilTraits<BytesWriter<T>> : std::false_type {};
/// @brief BytesWriter by PyO3's name. From CPython 3.15 on the C API has a type of that name as well, so with
/// `using namespace adder` it is ambiguous.
using PyBytesWriter = BytesWriter<PyBytes>;

/// @brief The methods of a handle to a `bytearray`.
/// @pyo3{PyByteArray}
template <class Self>
struct PyByteArrayMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  /// @brief The number of bytes.
  std::size_t len(Where where = Where::current()) const {
    return static_cast<std::size_t>(PyByteArray_GET_SIZE(this->use("len", where)));
  }
  /// @brief Whether there are none.
  bool is_empty(Where where = Where::current()) const { return len(where) == 0; }
  /// @brief A copy of the bytes. Callers include `<string>`.
  /// @pyo3{PyByteArray::to_vec}
  detail::Late<std::string, Self> to_string(Where where = Where::current()) const {
    ::PyObject* self = this->use("to_string", where);
    return {PyByteArray_AS_STRING(self), static_cast<std::size_t>(PyByteArray_GET_SIZE(self))};
  }
  /// @brief `f(bytes)` with the bytes in place, to read and write. They cannot be moved meanwhile: resizing the object
  /// is a BufferError. Other threads may still write to them where @p f lets go of the GIL.
  /// @param f      Gets a `std::span<std::byte>`, which is valid for the call.
  /// @param where  Left out.
  template <std::invocable<std::span<std::byte>> F>
  auto with_bytes(F&& f, Where where = Where::current()) const {
    const detail::BufferView view(this->use("with_bytes", where), PyBUF_WRITABLE);
    return std::forward<F>(f)(detail::span_of<detail::Late<std::byte, F>>(view.data(), view.size()));
  }
  /// @brief Makes it @p size bytes long; new bytes are zeros.
  /// @throws PyErr  BufferError while its bytes are in use; MemoryError.
  void resize(std::size_t size, Where where = Where::current()) const {
    ::PyObject* self = this->use("resize", where);
    if (size > PY_SSIZE_T_MAX) throw PyErr::Access::bare(PyExc_MemoryError);
    const Py_ssize_t old = PyByteArray_GET_SIZE(self);
    const auto wanted = static_cast<Py_ssize_t>(size);
    detail::non_negative(PyByteArray_Resize(self, wanted));
    if (wanted > old) detail::zero_out(PyByteArray_AS_STRING(self) + old, static_cast<std::size_t>(wanted - old));
  }
};

/// @brief The tag of `bytearray`.
struct PyByteArray : detail::StaticType<"bytearray", &PyByteArray_Type> {
  template <class Self>
  using Methods = PyByteArrayMethods<Self>;
  /// @brief A new object with a copy of @p bytes.
  /// @pyo3{PyByteArray::new}
  template <std::same_as<PyByteArray> T = PyByteArray>
  static Bound<T> new_(Python, std::string_view bytes) {
    return copied<T>(bytes.data(), bytes.size());
  }
  /// @brief The same from bytes.
  template <std::same_as<PyByteArray> T = PyByteArray>
  static Bound<T> new_(Python, std::span<const std::byte> bytes) {
    return copied<T>(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  /// @brief A new object whose bytes @p fill writes in place; see PyBytes::new_with().
  /// @pyo3{PyByteArray::new_with}
  template <std::invocable<std::span<std::byte>> F>
  static Bound<detail::Late<PyByteArray, F>> new_with(Python py, std::size_t size, F&& fill) {
    (void)py;
    auto bytes = copied<detail::Late<PyByteArray, F>>(nullptr, 0);
    bytes.resize(size);
    bytes.with_bytes(std::forward<F>(fill));
    return bytes;
  }
  /// @brief `bytearray(object)`: of a buffer or of an iterable of ints.
  /// @pyo3{PyByteArray::from}
  template <class U>
  static Bound<detail::Late<PyByteArray, U>> from_object(const Bound<U>& object) {
    const auto source = detail::HandleAccess::use_alive(object, "PyByteArray::from_object", {});
    return detail::steal<detail::Late<PyByteArray, U>>(
        detail::non_null(detail::guard_unwind(PyByteArray_FromObject, source)));
  }

 private:
  template <class T>
  static Bound<T> copied(const char* data, std::size_t size) {
    return detail::steal<T>(detail::non_null(PyByteArray_FromStringAndSize(data, static_cast<Py_ssize_t>(size))));
  }
};

/// @brief The tag of `memoryview`. Its methods are Python's own: `view.call_method("tobytes"_s)`.
/// @pyo3{PyMemoryView}
struct PyMemoryView : detail::StaticType<"memoryview", &PyMemoryView_Type> {
  /// @brief `memoryview(object)`.
  /// @throws PyErr  TypeError when it does not support the buffer protocol.
  /// @pyo3{PyMemoryView::from}
  template <class U>
  static Bound<detail::Late<PyMemoryView, U>> from(const Bound<U>& object) {
    const auto source = detail::HandleAccess::use_alive(object, "PyMemoryView::from", {});
    return detail::steal<detail::Late<PyMemoryView, U>>(
        detail::non_null(detail::guard_unwind(PyMemoryView_FromObject, source)));
  }
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/types/detail/bytes_inl.hpp"
#endif
