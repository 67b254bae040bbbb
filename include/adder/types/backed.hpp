// SPDX-License-Identifier: MIT
/// @file
/// @brief PyBackedStr and PyBackedBytes: text and bytes of a Python object, without a copy, for use anywhere.
#pragma once
#include "adder/call/call.hpp"
#include "adder/token/ungil.hpp"
#include "adder/types/bytes.hpp"
#include "adder/types/string.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {
template <class T>
struct BackedView;
template <>
struct BackedView<PyString> {
  using type = std::string_view;
  template <class Handle>
  static std::string_view of(const Handle& string) {
    return string.to_str();
  }
};
template <>
struct BackedView<PyBytes> {
  using type = std::span<const std::byte>;
  template <class Handle>
  static std::span<const std::byte> of(const Handle& bytes) {
    return bytes.as_bytes();
  }
};
}  // namespace detail

/// @brief A view that owns the Python object it points into.
///
/// May be moved to any thread, read without the GIL (in allow_threads too), and dropped anywhere, as a `Py<T>` may.
/// @tparam T  PyString or PyBytes: use PyBackedStr and PyBackedBytes.
/// @threads   Reading, moving and destroying: any, attached or not.
template <class T>
class PyBacked {
 public:
  /// @brief What it is read as: `std::string_view` of UTF-8, or `std::span<const std::byte>`.
  using View = typename detail::BackedView<T>::type;

  /// @brief Shares the content of @p object.
  /// @throws PyErr  UnicodeEncodeError for text with lone surrogates.
  explicit PyBacked(const Bound<T>& object) : owner_(object), view_(detail::BackedView<T>::of(object)) {}
  PyBacked(PyBacked&& other) noexcept : owner_(std::move(other.owner_)), view_(detail::exchange(other.view_, View())) {}
  PyBacked& operator=(PyBacked&& other) noexcept {
    view_ = detail::exchange(other.view_, View());
    owner_ = std::move(other.owner_);
    return *this;
  }
  PyBacked(const PyBacked&) = delete;             // Counting needs the GIL: write clone_ref(py).
  PyBacked& operator=(const PyBacked&) = delete;  // The same.
  ~PyBacked() = default;

  /// @brief The text or bytes. Lives as long as this object; empty once moved from.
  View view() const& noexcept ADDER_LIFETIMEBOUND { return view_; }
  View view() const&& = delete;  // It would dangle.
  /// @brief view(), where one is wanted.
  operator View() const& noexcept ADDER_LIFETIMEBOUND { return view_; }  // NOLINT(google-explicit-constructor)
  operator View() const&& = delete;                                      // As view.
  std::size_t size() const noexcept { return view_.size(); }
  bool empty() const noexcept { return view_.empty(); }

  /// @brief One more view of the same object.
  /// @throws PyErr  RuntimeError once moved from.
  [[nodiscard]] PyBacked clone_ref(Python py) const { return PyBacked(bind(py)); }
  /// @brief The Python object.
  const Bound<T>& bind(Python py) const& noexcept ADDER_LIFETIMEBOUND { return owner_.bind(py); }
  const Bound<T>& bind(Python) const&& = delete;  // It would dangle: write std::move(x).into_py().
  /// @brief The Python object, without the view.
  Py<T> into_py() && noexcept {
    view_ = View();
    return std::move(owner_);
  }

 private:
  Py<T> owner_;
  View view_;
};

/// @brief The UTF-8 text of a `str`: see PyBacked.
/// @pyo3{PyBackedStr}
using PyBackedStr = PyBacked<PyString>;
/// @brief The bytes of a `bytes`: see PyBacked. From a `bytearray`, which may change, it extracts a copy.
/// @pyo3{PyBackedBytes}
using PyBackedBytes = PyBacked<PyBytes>;

// SAFETY: what a str or bytes contains does not change while it is alive, and Py<T> keeps it alive.
template <class T>
struct UngilTraits<PyBacked<T>> : std::true_type {};

template <class T>
struct FromPyObject<PyBacked<T>> {
  static constexpr const char* input_type = T::python_name;
  static constexpr const char* expected() noexcept { return T::python_name; }
  static PyResult<PyBacked<T>> extract(const Bound<PyAny>& object) {
    ::PyObject* source = object.as_ptr();
    try {
      if (T::is_type_of(source)) return PyBacked<T>(detail::peek<T>(source).as_bound());
      if constexpr (std::is_same_v<T, PyBytes>) {
        if (PyByteArray::is_type_of(source)) return PyBacked<T>(T::from_object(object));
      }
    } catch (const PyErr& error) {
      return error;
    }
    return PyErr::Access::mismatch(expected(), source);
  }
};
template <class T>
struct IntoPyObject<PyBacked<T>> {
  static constexpr const char* output_type = T::python_name;
  static PyResult<Bound<PyAny>> into_py(Python py, const PyBacked<T>& value) {
    return IntoPyObject<Bound<T>>::into_py(py, value.bind(py));
  }
};

}  // namespace adder::inline ADDER_ABI
