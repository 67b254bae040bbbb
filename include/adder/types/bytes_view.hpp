// SPDX-License-Identifier: MIT
/// @file
/// @brief BytesView: the memory of any bytes-like object, read in place for the duration of a call. Not part of
/// adder.hpp.
///
/// | parameter                      | takes                                 | copies | holds the object           |
/// |--------------------------------|---------------------------------------|--------|----------------------------|
/// | `std::span<const std::byte>`   | `bytes`                               | no     | the caller does            |
/// | `const PyBackedBytes&`         | `bytes`; of a `bytearray` a copy      | no     | for good, if need be       |
/// | `const BytesView&`             | whatever has the buffer protocol      | no     | and keeps it from resizing |
/// | `std::vector<std::byte>`       | the same, and of bytes only           | yes    | no                         |
#pragma once
#include "adder/object/any.hpp"
#include "adder/token/stored.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief A read-only view of the bytes of a `bytes`, `bytearray`, `memoryview`, `array`, numpy array, `mmap` or the
/// like: what Python calls a bytes-like object.
///
/// The object is alive and does not move its memory for as long as the view is there; a `bytearray` that is to grow
/// meanwhile raises a BufferError. So the view is for the duration of a call: it does not get into fields, cells and
/// results. What the bytes are, somebody else may change at any time, unless the object is a `bytes`.
///
/// An object whose bytes do not lie side by side in one piece, such as `memoryview(x)[::2]`, is the BufferError that
/// Python raises for it.
/// @code
/// std::uint32_t checksum(const BytesView& data) { return crc32(data.as_bytes()); }
/// m.def<&checksum>("checksum", arg("data"), release_gil);
/// @endcode
/// @threads  Reading and moving: any, attached or not. Destroying too; it attaches, so pass `const BytesView&` to what
///           runs without the GIL.
/// @pyo3{PyBuffer}
class [[nodiscard]] BytesView {
 public:
  /// @brief A view of @p object.
  /// @throws PyErr  TypeError when it is not bytes-like, or what the object raises: BufferError where its bytes do not
  /// lie in one piece.
  template <class T>
  explicit BytesView(const Bound<T>& object) {
    fill_or_throw(detail::HandleAccess::use(object, "viewed as bytes", {}));
  }
  BytesView(BytesView&& other) noexcept : view_(std::exchange(other.view_, Py_buffer{})) {}
  BytesView& operator=(BytesView&& other) noexcept {
    BytesView taken(std::move(other));
    taken.swap(*this);
    return *this;
  }
  BytesView(const BytesView&) = delete;             // There is one owner: pass const BytesView&.
  BytesView& operator=(const BytesView&) = delete;  // The same.
  ~BytesView() {
    if (view_.obj != nullptr) release();
  }

  /// @brief The first byte. Lives as long as this view; null once moved from.
  const std::byte* data() const& noexcept ADDER_LIFETIMEBOUND { return static_cast<const std::byte*>(view_.buf); }
  const std::byte* data() const&& = delete;  // It would dangle.
  /// @brief How many bytes, whatever the object's items are.
  std::size_t size() const noexcept { return static_cast<std::size_t>(view_.len); }
  bool empty() const noexcept { return view_.len == 0; }
  /// @brief The bytes. They live as long as this view.
  std::span<const std::byte> as_bytes() const& noexcept ADDER_LIFETIMEBOUND { return {data(), size()}; }
  std::span<const std::byte> as_bytes() const&& = delete;  // It would dangle.
  /// @brief The bytes as characters.
  std::string_view as_string_view() const& noexcept ADDER_LIFETIMEBOUND {
    return {static_cast<const char*>(view_.buf), size()};
  }
  std::string_view as_string_view() const&& = delete;  // It would dangle.

 private:
  friend struct FromPyObject<BytesView>;
  BytesView() noexcept = default;
  void swap(BytesView& other) noexcept { std::swap(view_, other.view_); }
  /// False with the exception pending.
  bool fill(::PyObject* object) noexcept;
  void fill_or_throw(::PyObject* object);
  void release() noexcept;

  // SAFETY: it is moved as it is. Where nothing but the bytes is asked for, it has no pointers into itself.
  Py_buffer view_{};
};

/// The memory is held until the view is released.
template <>
struct UngilTraits<BytesView> : std::true_type {};
/// It holds on to the memory of somebody else, who may want to change its size.
template <>
struct ViewTraits<BytesView> : std::true_type {};

template <>
inline constexpr bool detail::may_recurse<BytesView> = false;
template <>
struct FromPyObject<BytesView> {
  static constexpr const char* input_type = "typing_extensions.Buffer";
  static constexpr const char* expected() noexcept { return "bytes-like object"; }
  static PyResult<BytesView> extract(const Bound<PyAny>& object);
};
template <>
struct IntoPyObject<BytesView> {
  template <class V>
  static PyResult<Bound<PyAny>> into_py(Python, const V&) {
    static_assert(detail::always_false<V>,
                  "adder: a BytesView is for the duration of a call and is no result: return "
                  "PyBytes::new_(py, view.as_bytes()), which is a copy, or take the object itself, as const "
                  "Bound<PyAny>&, and return that");
    __builtin_unreachable();  // No further message, about a function without a result.
  }
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/types/detail/bytes_view_inl.hpp"
#endif
