// SPDX-License-Identifier: MIT
/// @file
/// @brief PyUntypedBuffer and PyBuffer<T>: the memory of any object with the buffer protocol, held and read in place.
///
/// | parameter               | takes                                     | when the type of the items differs |
/// |-------------------------|-------------------------------------------|------------------------------------|
/// | `const PyBuffer<T>&`    | whatever exports items of T, in any form  | TypeError                          |
/// | `const PyUntypedBuffer&` | whatever exports anything                | is told by `format()`              |
/// | `const Array<T, ...>&`  | array.hpp: a certain form, and DLPack too | TypeError                          |
///
/// The exporter neither moves nor frees its memory while a buffer is held: a `bytearray` that is to grow meanwhile
/// raises a BufferError. What the items are, somebody else may change at any time: another thread, or Python code that
/// is called. So whoever writes, or reads without the GIL, agrees with the others on who may when.
#pragma once
#include "adder/array/detail/held_memory.hpp"
#include "adder/token/stored.hpp"
#if ADDER_STUBS
#include "adder/array/detail/array_types.hpp"
#endif

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace adder::inline ADDER_ABI {

namespace detail {

/// The buffer of @p object, as a new HeldMemory. Its items have to be what @p wanted says; null is anything.
PyResult<HeldPtr> hold_buffer(::PyObject* object, const ElementInfo* wanted);
/// What as_span() throws.
[[noreturn]] ADDER_COLD_CALL void refuse_span(const HeldMemory* held, const ElementInfo* wanted);
[[noreturn]] ADDER_COLD_CALL void refuse_bools(const ElementInfo* wanted);
[[noreturn]] ADDER_COLD_CALL void refuse_copy(std::size_t items, std::size_t given);
[[noreturn]] ADDER_COLD_CALL void refuse_write();
[[noreturn]] ADDER_COLD_CALL void throw_no_buffer(const char* operation);

}  // namespace detail

/// @brief A buffer whose items are of any type.
///
/// Shape and strides live as long as the buffer. Once moved from it is good for nothing but being assigned to or
/// destroyed: all else throws a RuntimeError.
/// @threads  Reading, moving and destroying: any, attached or not. What is dropped on a thread that is not attached is
///           given back by the next one that is.
/// @pyo3{PyUntypedBuffer}
class [[nodiscard]] PyUntypedBuffer {
 public:
  /// @brief The buffer of @p object.
  /// @return An error where it has none (TypeError), where the exporter refuses, or where what it says of itself is
  ///         inconsistent (BufferError).
  /// @pyo3{PyUntypedBuffer::get}
  static PyResult<PyUntypedBuffer> get(const Bound<PyAny>& object) {
    auto held = detail::hold_buffer(detail::HandleAccess::use(object, "viewed as a buffer", {}), nullptr);
    if (held.is_err()) return std::move(held).error();
    return PyUntypedBuffer(std::move(held).value(), detail::Steal());
  }

  /// @brief The format of an item as the `struct` module and PEP 3118 have it: "d", "T{d:x:i:y:}".
  std::string_view format() const& ADDER_LIFETIMEBOUND {
    const char* text = held("format").view.format;
    return text == nullptr ? "B" : text;
  }
  std::string_view format() const&& = delete;  // It would dangle.
  /// @brief The number of bytes of an item.
  std::size_t item_size() const { return held("item_size").item_size; }
  /// @brief The number of items.
  std::size_t item_count() const { return held("item_count").count; }
  /// @brief The number of bytes of all items.
  std::size_t len_bytes() const { return held("len_bytes").count * item_size(); }
  /// @brief The number of dimensions; 0 for a single item.
  std::size_t ndim() const { return static_cast<std::size_t>(held("ndim").ndim); }
  /// @brief How many items there are in each dimension.
  std::span<const Py_ssize_t> shape() const& ADDER_LIFETIMEBOUND { return {held("shape").shape, ndim()}; }
  std::span<const Py_ssize_t> shape() const&& = delete;
  /// @brief How many bytes it is to the next item in each dimension; may be negative or zero.
  std::span<const Py_ssize_t> strides() const& ADDER_LIFETIMEBOUND { return {held("strides").strides, ndim()}; }
  std::span<const Py_ssize_t> strides() const&& = delete;
  /// @brief Whether items are found behind pointers, in the way of PIL: `at` such dimensions.
  bool has_suboffsets() const { return held("has_suboffsets").suboffsets != nullptr; }
  /// @brief Whether writing to the memory is forbidden.
  bool is_readonly() const { return held("is_readonly").readonly; }
  /// @brief Whether the items lie side by side in the order of their indices, the last one running fastest.
  bool is_c_contiguous() const { return held("is_c_contiguous").is_contiguous(detail::MemoryOrder::c); }
  /// @brief The same with the first index running fastest.
  bool is_f_contiguous() const { return held("is_f_contiguous").is_contiguous(detail::MemoryOrder::f); }
  /// @brief The first item, by its indices. Lives as long as this buffer.
  const void* data() const& ADDER_LIFETIMEBOUND { return held("data").data; }
  const void* data() const&& = delete;
  /// @brief Whether the items are what a T is.
  template <class T>
  bool has_type() const {
    (void)detail::MustBeElement<T>{};
    return held("has_type").has_type(detail::element_info<T>());
  }

  /// Not for users. Public, so that a pyclass with such a field can be looked into.
  PyUntypedBuffer(detail::HeldPtr held, detail::Steal) noexcept : held_(std::move(held)) {}

 protected:
  const detail::HeldMemory& held(const char* operation) const {
    if (held_.get() == nullptr) [[unlikely]]
      detail::throw_no_buffer(operation);
    return *held_.get();
  }

 private:
  detail::HeldPtr held_;
};

/// @brief A buffer whose items are of type T.
/// @tparam T  See IsArrayElement.
/// @pyo3{PyBuffer}
template <class T>
class PyBuffer : public PyUntypedBuffer {
  static_assert(std::is_same_v<T, std::remove_cv_t<T>>, "adder: PyBuffer<T>: T is without const");

 public:
  /// @brief The buffer of @p object.
  /// @return An error as of PyUntypedBuffer::get(), and a TypeError where its items are of another type.
  /// @pyo3{PyBuffer::get}
  static PyResult<PyBuffer> get(const Bound<PyAny>& object) {
    (void)detail::MustBeElement<T>{};
    auto held =
        detail::hold_buffer(detail::HandleAccess::use(object, "viewed as a buffer", {}), &detail::element_info<T>());
    if (held.is_err()) return std::move(held).error();
    return PyBuffer(std::move(held).value(), detail::Steal());
  }

  /// @brief All items in place, in the order in which they lie in memory.
  /// @throws PyErr  BufferError where they do not lie side by side, or not at addresses at which a T may be.
  /// @pyo3{PyBuffer::as_slice}
  std::span<const T> as_span() const& ADDER_LIFETIMEBOUND {
    const detail::HeldMemory& memory = held("as_span");
    check_span(memory);
    return {reinterpret_cast<const T*>(memory.data), memory.count};
  }
  std::span<const T> as_span() const&& = delete;  // It would dangle.
  /// @brief The same, to be written to.
  /// @throws PyErr  The same, and BufferError where the buffer is read-only.
  /// @pyo3{PyBuffer::as_mut_slice}
  std::span<T> as_mut_span() const& ADDER_LIFETIMEBOUND {
    const detail::HeldMemory& memory = held("as_mut_span");
    if (memory.readonly) detail::refuse_write();
    check_span(memory);
    return {reinterpret_cast<T*>(memory.data), memory.count};
  }
  std::span<T> as_mut_span() const&& = delete;

  /// @brief A copy of the items in C order, wherever they lie.
  /// @throws PyErr  BufferError where what is a bool in C++ is neither 0 nor 1.
  /// @pyo3{PyBuffer::to_vec}
  std::vector<T> to_vec() const {
    static_assert(!std::is_same_v<T, bool>, "adder: a std::vector<bool> is no array of bool: use copy_to()");
    const detail::HeldMemory& memory = held("to_vec");
    check_bools(memory);
    std::vector<T> result(memory.count);
    memory.copy_to(reinterpret_cast<char*>(result.data()));
    return result;
  }
  /// @brief The same into @p target.
  /// @throws PyErr  The same, and BufferError where that has another number of items.
  /// @pyo3{PyBuffer::copy_to_slice}
  void copy_to(std::span<T> target) const {
    const detail::HeldMemory& memory = held("copy_to");
    if (target.size() != memory.count) detail::refuse_copy(memory.count, target.size());
    check_bools(memory);
    memory.copy_to(reinterpret_cast<char*>(target.data()));
  }
  /// @brief Writes all items, which are given in C order.
  /// @throws PyErr  BufferError where there is another number of them, or where the buffer is read-only.
  /// @pyo3{PyBuffer::copy_from_slice}
  void copy_from(std::span<const T> source) const {
    const detail::HeldMemory& memory = held("copy_from");
    if (memory.readonly) detail::refuse_write();
    if (source.size() != memory.count) detail::refuse_copy(memory.count, source.size());
    memory.copy_from(reinterpret_cast<const char*>(source.data()));
  }

  /// Not for users. Public, as that of PyUntypedBuffer.
  PyBuffer(detail::HeldPtr held, detail::Steal) noexcept : PyUntypedBuffer(std::move(held), detail::Steal()) {}

 private:
  static void check_span(const detail::HeldMemory& memory) {
    const bool good = memory.is_aligned(alignof(T)) &&
                      (memory.is_contiguous(detail::MemoryOrder::c) || memory.is_contiguous(detail::MemoryOrder::f));
    if (!good) [[unlikely]]
      detail::refuse_span(&memory, &detail::element_info<T>());
    check_bools(memory);
  }
  static void check_bools(const detail::HeldMemory& memory) {
    if (!memory.has_valid_bools(detail::element_info<T>())) [[unlikely]]
      detail::refuse_bools(&detail::element_info<T>());
  }
};

/// The memory is held until the buffer is dropped, which may be done anywhere.
template <>
struct UngilTraits<PyUntypedBuffer> : std::true_type {};
template <class T>
struct UngilTraits<PyBuffer<T>> : std::true_type {};
template <>
struct ViewTraits<PyUntypedBuffer> : std::false_type {};
template <class T>
struct ViewTraits<PyBuffer<T>> : std::false_type {};

template <>
inline constexpr bool detail::may_recurse<PyUntypedBuffer> = false;
template <class T>
inline constexpr bool detail::may_recurse<PyBuffer<T>> = false;

template <>
struct FromPyObject<PyUntypedBuffer> {
  static constexpr const char* expected() noexcept { return "object with the buffer protocol"; }
  static PyResult<PyUntypedBuffer> extract(const Bound<PyAny>& object) { return PyUntypedBuffer::get(object); }
};
template <class T>
struct FromPyObject<PyBuffer<T>> {
  static const char* expected() noexcept {
    static const std::string text = std::string("buffer of ") + detail::element_info<T>().name;
    return text.c_str();
  }
  static PyResult<PyBuffer<T>> extract(const Bound<PyAny>& object) { return PyBuffer<T>::get(object); }
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/array/detail/buffer_inl.hpp"
#endif
