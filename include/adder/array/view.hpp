// SPDX-License-Identifier: MIT
/// @file
/// @brief ArrayView<T, ...>: the items of an array by their indices. What Array, OwnedArray and rows have in common.
///
/// | expression            | gives                                     | looks at the bounds        |
/// |-----------------------|-------------------------------------------|----------------------------|
/// | `a(i, j)`             | the item                                  | no                         |
/// | `a.at(i, j)`          | the item                                  | std::out_of_range, an IndexError |
/// | `a.row(i)`            | an ArrayView of one dimension less        | the same                   |
/// | `for (T& x : a)`      | all items, in the order of their indices  | -                          |
/// | `a.as_span()`         | all items as they lie in memory           | needs c_order or f_order   |
/// | `helper(a)`           | a view that says the same or less of `a`  | -                          |
///
/// A loop over `a(i, j)` of an array in C order compiles to what one over a pointer does. Where T may alias the sizes
/// (it is an integer of 64 bits), take `auto view = a.view();` first: nothing can write to the sizes of a local.
#pragma once
#include "adder/array/constraints.hpp"
#include "adder/token/stored.hpp"

#include <concepts>
#include <cstddef>
#include <iterator>
#include <span>
#include <type_traits>
#include <utility>
#include <version>

#if defined(__cpp_lib_mdspan)
#include <mdspan>
#endif

namespace adder::inline ADDER_ABI {

namespace detail {

/// Throw a std::out_of_range.
[[noreturn]] ADDER_COLD_CALL void index_out_of_range(std::size_t index, std::size_t extent, int dim);
[[noreturn]] ADDER_COLD_CALL void wrong_index_count(std::size_t given, std::size_t dims);
[[noreturn]] ADDER_COLD_CALL void no_items();

/// Shape and strides, where the number of dimensions is known.
template <int N>
struct Dims {
  static constexpr std::size_t room = N == 0 ? 1 : N;
  Py_ssize_t shape_[room];
  Py_ssize_t strides_[room];
  static constexpr int count() noexcept { return N; }
  void set(const Py_ssize_t* shape, const Py_ssize_t* strides, int) noexcept {
    for (int i = 0; i < N; ++i) {
      shape_[i] = shape[i];
      strides_[i] = strides[i];
    }
  }
};
/// Where it is not, they stay where they are.
template <>
struct Dims<-1> {
  const Py_ssize_t* shape_;
  const Py_ssize_t* strides_;
  int count_;
  int count() const noexcept { return count_; }
  void set(const Py_ssize_t* shape, const Py_ssize_t* strides, int count) noexcept {
    shape_ = shape;
    strides_ = strides;
    count_ = count;
  }
};

template <class T, class Form>
class ArrayItems;

/// Goes through the items of an array in the order of their indices.
template <class T, class Form>
class ItemIterator {
 public:
  using value_type = std::remove_cv_t<T>;
  using difference_type = std::ptrdiff_t;
  using reference = T&;
  using pointer = T*;
  using iterator_category = std::forward_iterator_tag;

  ItemIterator() noexcept = default;
  ItemIterator(const ArrayItems<T, Form>& items, std::size_t place) noexcept : items_(items), place_(place) {}
  T& operator*() const noexcept { return items_.nth(place_); }
  T* operator->() const noexcept { return &items_.nth(place_); }
  ItemIterator& operator++() noexcept {
    ++place_;
    return *this;
  }
  ItemIterator operator++(int) noexcept {
    ItemIterator old = *this;
    ++place_;
    return old;
  }
  bool operator==(const ItemIterator& other) const noexcept { return place_ == other.place_; }

 private:
  ArrayItems<T, Form> items_;
  std::size_t place_ = 0;
};

/// The items of an array, whoever owns them. Trivially copyable.
template <class T, class Form>
class ArrayItems {
  static constexpr bool is_ordered = Form::order != MemoryOrder::any;
  static constexpr bool on_cpu = Form::device == DeviceType::cpu;
  using Bytes = std::conditional_t<std::is_const_v<T>, const char, char>;
  using Row = ArrayItems<T, typename RowForm<Form>::type>;

 public:
  using element_type = T;
  using value_type = std::remove_cv_t<T>;

  ArrayItems() noexcept = default;
  /// @brief The same items, for a function that asks for less: for const items, any order, any length.
  template <class U, class F>
    requires(std::is_convertible_v<U (*)[], T (*)[]> && form_fits<Form, F> &&
             !std::is_same_v<ArrayItems<U, F>, ArrayItems>)
  ArrayItems(const ArrayItems<U, F>& other) noexcept : data_(other.data_), dims_(other.dims_) {}

  /// @brief The first item, by its indices. On a device it may be no address of this process.
  T* data() const noexcept { return data_; }
  /// @brief The number of items. None in an array that was moved from, whatever its form says.
  std::size_t size() const noexcept {
    if constexpr (on_cpu) {
      if (data_ == nullptr) return 0;
    }
    std::size_t product = 1;
    for (int i = 0; i < dims_.count(); ++i) product *= shape(static_cast<std::size_t>(i));
    return product;
  }
  bool empty() const noexcept { return size() == 0; }
  /// @brief The number of dimensions.
  constexpr std::size_t ndim() const noexcept { return static_cast<std::size_t>(dims_.count()); }
  /// @brief How many items there are in a dimension.
  /// @param dim  Less than ndim().
  std::size_t shape(std::size_t dim) const noexcept {
    if (Form::extent(dim) >= 0) return static_cast<std::size_t>(Form::extent(dim));
    return static_cast<std::size_t>(dims_.shape_[dim]);
  }
  /// @brief How many bytes it is to the next item in a dimension; may be negative, or zero.
  std::ptrdiff_t stride(std::size_t dim) const noexcept { return dims_.strides_[dim]; }

  /// @brief The item at these indices, which are not looked at: one for each dimension, from 0 to below its shape.
  template <std::integral... I>
  ADDER_INLINE T& operator()(I... index) const noexcept {
    check_access();
    if constexpr (Form::ndim >= 0) {
      static_assert(sizeof...(I) == Form::ndim, "adder: an array has one index for each of its dimensions");
    }
    return *item(std::make_index_sequence<sizeof...(I)>(), index...);
  }
  /// @brief The item at these indices.
  /// @throws std::out_of_range  Where one is not below its shape, where there are not as many as dimensions, and of an
  ///                            array that was moved from.
  template <std::integral... I>
  T& at(I... index) const {
    check_access();
    if constexpr (Form::ndim >= 0) {
      static_assert(sizeof...(I) == Form::ndim, "adder: an array has one index for each of its dimensions");
    } else {
      if (sizeof...(I) != ndim()) wrong_index_count(sizeof...(I), ndim());
    }
    [[maybe_unused]] std::size_t dim = 0;
    (check_index(static_cast<std::size_t>(index), dim++), ...);
    if (data_ == nullptr) [[unlikely]]
      no_items();
    return *item(std::make_index_sequence<sizeof...(I)>(), index...);
  }

  /// @brief What is left when the first index is fixed. Lives as long as the array.
  /// @throws std::out_of_range  Where it is not below shape(0).
  Row row(std::size_t index) const {
    check_access();
    static_assert(Form::ndim != 0, "adder: an array without dimensions has no rows");
    if (ndim() == 0) wrong_index_count(1, 0);
    check_index(index, 0);
    Row result;
    Bytes* place = reinterpret_cast<Bytes*>(data_) + static_cast<Py_ssize_t>(index) * dims_.strides_[0];
    result.set_items(reinterpret_cast<T*>(place), dims_.shape_ + 1, dims_.strides_ + 1, dims_.count() - 1);
    return result;
  }

  /// @brief All items, in the order in which they lie in memory.
  std::span<T> as_span() const noexcept {
    check_access();
    static_assert(is_ordered || Form::ndim == 0,
                  "adder: as_span() of an array whose items need not lie side by side: ask for Array<T, c_order> or "
                  "Array<T, f_order>");
    return {data_, size()};
  }
#if defined(__cpp_lib_mdspan)
  /// @brief The array as the standard library has it.
  auto as_mdspan() const {
    check_access();
    static_assert(Form::ndim >= 0, "adder: as_mdspan() needs ndim<N> or shape<...>");
    return make_mdspan(std::make_index_sequence<static_cast<std::size_t>(Form::ndim)>());
  }
#endif

  auto begin() const noexcept {
    check_access();
    if constexpr (Form::order == MemoryOrder::c) {
      return data_;
    } else {
      return ItemIterator<T, Form>(*this, 0);
    }
  }
  auto end() const noexcept {
    if constexpr (Form::order == MemoryOrder::c) {
      return data_ + size();
    } else {
      return ItemIterator<T, Form>(*this, size());
    }
  }

  /// Not for users.
  void set_items(T* data, const Py_ssize_t* shape, const Py_ssize_t* strides, int ndim) noexcept {
    data_ = data;
    dims_.set(shape, strides, ndim);
  }

 private:
  template <class U, class F>
  friend class ItemIterator;
  template <class U, class F>
  friend class ArrayItems;

  static constexpr void check_access() noexcept {
    static_assert(on_cpu, "adder: the memory of this array is on a device: there is nothing but its data() pointer");
  }
  void check_index(std::size_t index, std::size_t dim) const {
    if (index >= shape(dim)) [[unlikely]]
      index_out_of_range(index, shape(dim), static_cast<int>(dim));
  }
  template <std::size_t... D, class... I>
  ADDER_INLINE T* item(std::index_sequence<D...>, I... index) const noexcept {
    if constexpr (Form::order == MemoryOrder::c && Form::ndim >= 0) {
      // Unsigned: of signed products g++ 12 does not see that a loop goes from item to item, and vectorises nothing.
      [[maybe_unused]] std::size_t place = 0;
      ((place = place * shape(D) + static_cast<std::size_t>(index)), ...);
      return data_ + place;
    } else {
      const Py_ssize_t offset = (Py_ssize_t{0} + ... + (static_cast<Py_ssize_t>(index) * dims_.strides_[D]));
      return reinterpret_cast<T*>(reinterpret_cast<Bytes*>(data_) + offset);
    }
  }
  /// The item at a place in the order of the indices.
  T& nth(std::size_t place) const noexcept {
    Py_ssize_t offset = 0;
    for (std::size_t i = ndim(); i-- > 0;) {
      const std::size_t extent = shape(i);
      if (i == 0) {
        offset += static_cast<Py_ssize_t>(place) * dims_.strides_[0];
      } else {
        offset += static_cast<Py_ssize_t>(place % extent) * dims_.strides_[i];
        place /= extent;
      }
    }
    return *reinterpret_cast<T*>(reinterpret_cast<Bytes*>(data_) + offset);
  }
#if defined(__cpp_lib_mdspan)
  template <std::size_t... D>
  auto make_mdspan(std::index_sequence<D...>) const {
    using Extents = std::extents<std::size_t, (Form::extent(D) < 0 ? std::dynamic_extent
                                                                   : static_cast<std::size_t>(Form::extent(D)))...>;
    const Extents extents(shape(D)...);
    if constexpr (Form::order == MemoryOrder::c || Form::ndim == 0) {
      return std::mdspan<T, Extents, std::layout_right>(data_, extents);
    } else {
      static_assert(Form::order == MemoryOrder::f,
                    "adder: as_mdspan() needs c_order or f_order: strides in memory "
                    "are in bytes, and may be negative");
      return std::mdspan<T, Extents, std::layout_left>(data_, extents);
    }
  }
#endif

  T* data_ = nullptr;
  Dims<Form::ndim> dims_{};
};

}  // namespace detail

/// @brief The items of an array that somebody else owns: for helper functions, `double norm(ArrayView<const double,
/// ndim<1>> row)`. It lives no longer than the array does.
template <class T, class... Constraints>
using ArrayView = detail::ArrayItems<T, detail::ItemsFormOf<detail::CheckedForm<Constraints...>>>;

/// Its memory is that of an array, which is held.
template <class T, class Form>
struct UngilTraits<detail::ArrayItems<T, Form>> : std::true_type {};
template <class T, class Form>
struct ViewTraits<detail::ArrayItems<T, Form>> : std::true_type {};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/array/detail/view_inl.hpp"
#endif
