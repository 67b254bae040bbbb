// SPDX-License-Identifier: MIT
/// @file
/// @brief `std::mdspan` as a parameter, where the standard library has it (C++23): the items of an array, in place, for
/// as long as the call lasts. Not part of adder.hpp.
///
/// | parameter                                                        | takes                                       |
/// |------------------------------------------------------------------|---------------------------------------------|
/// | `std::mdspan<double, std::dextents<std::size_t, 2>>`             | `Array<double, ndim<2>, c_order>`           |
/// | `std::mdspan<const float, std::extents<int, std::dynamic_extent, 3>>` | `Array<const float, shape<-1, 3>, c_order>` |
/// | `std::mdspan<double, Extents, std::layout_left>`                 | the same in Fortran's order: `f_order`      |
///
/// What is handed to the function is a view: to keep the items, copy them, or take the `Array`. It is no result: return
/// an `OwnedArray`.
#pragma once
#include "adder/array/array.hpp"

#include <version>
#if defined(__cpp_lib_mdspan)
#include <cstddef>
#include <limits>
#include <mdspan>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

template <class T>
inline constexpr bool is_mdspan = false;
template <class T, class Index, std::size_t... Extents, class Layout, class Accessor>
inline constexpr bool is_mdspan<std::mdspan<T, std::extents<Index, Extents...>, Layout, Accessor>> = true;

/// The Array whose items an mdspan shows.
template <class Span>
struct ArrayOfSpan;
template <class T, class Index, std::size_t... Extents, class Layout, class Accessor>
struct ArrayOfSpan<std::mdspan<T, std::extents<Index, Extents...>, Layout, Accessor>> {
  static_assert(std::is_same_v<Accessor, std::default_accessor<T>>,
                "adder: a parameter of type std::mdspan has the default accessor: it shows plain memory");
  static_assert(
      std::is_same_v<Layout, std::layout_right> || std::is_same_v<Layout, std::layout_left>,
      "adder: a parameter of type std::mdspan has layout_right or layout_left: the strides of Python's arrays "
      "are in bytes, and may be negative. Take adder::Array for those");
  using Order = std::conditional_t<std::is_same_v<Layout, std::layout_left>, f_order, c_order>;
  using type =
      Array<T, shape<(Extents == std::dynamic_extent ? Py_ssize_t{-1} : static_cast<Py_ssize_t>(Extents))...>, Order>;
};

template <class P>
  requires is_mdspan<std::remove_cvref_t<P>>
class ArgumentLoader<P> : ValueParameter<P> {
  using Span = std::remove_cvref_t<P>;
  using Source = typename ArrayOfSpan<Span>::type;

 public:
  bool load(::PyObject* object, CallContext context, unsigned index) {
    if (!array_.load(object, context, index)) return false;
    const Source& array = array_.get();
    if (!is_indexable(array)) {
      set_argument_error(
          context.record(), index,
          PyErr::Access::lazy(PyExc_OverflowError, "the array is too large for the type of its indices"));
      return false;
    }
    span_ = [&]<std::size_t... I>(std::index_sequence<I...>) {
      return Span(array.data(), typename Span::extents_type(static_cast<typename Span::index_type>(array.shape(I))...));
    }(std::make_index_sequence<Span::rank()>());
    return true;
  }
  P&& get() noexcept { return static_cast<P&&>(span_); }

 private:
  /// The places of items are of that type, too: all of them have to fit, not only the extents.
  static bool is_indexable(const Source& array) noexcept {
    constexpr auto limit = static_cast<std::size_t>(std::numeric_limits<typename Span::index_type>::max());
    std::size_t count = 1;
    bool is_empty = false;
    for (std::size_t i = 0; i < Span::rank(); ++i) {
      const auto extent = static_cast<std::size_t>(array.shape(i));
      if (extent > limit) return false;
      is_empty = is_empty || extent == 0;
    }
    for (std::size_t i = 0; i < Span::rank() && !is_empty; ++i) {
      const auto extent = static_cast<std::size_t>(array.shape(i));
      if (extent > limit / count) return false;
      count *= extent;
    }
    return true;
  }

  ArgumentLoader<const Source&> array_;
  Span span_{nullptr, typename Span::extents_type()};  // Where all extents are static, it has no default constructor.
};

#if ADDER_STUBS
template <class P>
  requires is_mdspan<P>
struct PythonType<P> : PythonType<typename ArrayOfSpan<P>::type> {};
#endif

}  // namespace adder::inline ADDER_ABI::detail
#endif
