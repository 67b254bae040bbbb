// SPDX-License-Identifier: MIT
/// @file
/// @brief What an Array<T, ...> may ask of the form of its memory: shape, ndim, c_order, f_order, device.
#pragma once
#include "adder/array/detail/held_memory.hpp"
#include "adder/error/err.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief Constraint: how many dimensions, and how long they are. -1 is any length: `shape<-1, 3>`.
template <Py_ssize_t... Extents>
struct shape {  // NOLINT(readability-identifier-naming): reads like a signature, as all of them
  static_assert(((Extents >= -1) && ...), "adder: shape<...>: a length is 0 or more, or -1 for any");
};
/// @brief Constraint: how many dimensions.
template <std::size_t N>
struct ndim {  // NOLINT(readability-identifier-naming)
  static_assert(N <= 8, "adder: ndim<N>: up to 8 dimensions");
};
/// @brief Constraint: the items lie side by side, the last index running fastest.
struct c_order {};  // NOLINT(readability-identifier-naming)
/// @brief Constraint: the items lie side by side, the first index running fastest.
struct f_order {};  // NOLINT(readability-identifier-naming)

/// @brief Where memory is, by DLPack's numbers.
enum class DeviceType : std::int32_t {
  any = 0,
  cpu = 1,
  cuda = 2,
  cuda_host = 3,
  opencl = 4,
  vulkan = 7,
  metal = 8,
  vpi = 9,
  rocm = 10,
  rocm_host = 11,
  extension = 12,
  cuda_managed = 13,
  one_api = 14,
  webgpu = 15,
  hexagon = 16,
  maia = 17,
  trainium = 18,
};
/// @brief Constraint: where the memory is. Without it that is the CPU's; from elsewhere there is only `data()`.
template <DeviceType Where>
struct device {};  // NOLINT(readability-identifier-naming)

/// @brief For the results of OwnedArray: Python gets a numpy array, which numpy has to be there for.
struct as_numpy {};  // NOLINT(readability-identifier-naming)
/// @brief For the results of OwnedArray: Python gets a memoryview.
struct as_memoryview {};  // NOLINT(readability-identifier-naming)

namespace detail {

/// What an OwnedArray becomes in Python.
enum class ArrayResult : unsigned char { object, numpy, memoryview };

/// What a set of constraints comes to.
struct ArrayForm {
  int ndim = -1;  ///< -1: any.
  MemoryOrder order = MemoryOrder::any;
  DeviceType device = DeviceType::cpu;
  Py_ssize_t extents[8] = {-1, -1, -1, -1, -1, -1, -1, -1};
  ArrayResult result = ArrayResult::object;
  int ranks = 0, orders = 0, devices = 0, results = 0, constraints = 0, unknown = 0;
};

template <class C>
struct Constraint {
  static constexpr void add(ArrayForm& form) noexcept { ++form.unknown; }
};
template <Py_ssize_t... Extents>
struct Constraint<shape<Extents...>> {
  static_assert(sizeof...(Extents) <= 8, "adder: shape<...>: up to 8 dimensions");
  static constexpr void add(ArrayForm& form) noexcept {
    form.ndim = sizeof...(Extents);
    int i = 0;
    ((form.constraints += Extents >= 0 ? 1 : 0), ...);
    ((form.extents[i++] = Extents), ...);
    ++form.ranks;
  }
};
template <std::size_t N>
struct Constraint<ndim<N>> {
  static constexpr void add(ArrayForm& form) noexcept {
    form.ndim = N;
    ++form.ranks;
  }
};
template <>
struct Constraint<c_order> {
  static constexpr void add(ArrayForm& form) noexcept {
    form.order = MemoryOrder::c;
    ++form.orders;
  }
};
template <>
struct Constraint<f_order> {
  static constexpr void add(ArrayForm& form) noexcept {
    form.order = MemoryOrder::f;
    ++form.orders;
  }
};
template <DeviceType Where>
struct Constraint<device<Where>> {
  static constexpr void add(ArrayForm& form) noexcept {
    form.device = Where;
    ++form.devices;
  }
};

template <>
struct Constraint<as_numpy> {
  static constexpr void add(ArrayForm& form) noexcept {
    form.result = ArrayResult::numpy;
    ++form.results;
  }
};
template <>
struct Constraint<as_memoryview> {
  static constexpr void add(ArrayForm& form) noexcept {
    form.result = ArrayResult::memoryview;
    ++form.results;
  }
};

template <class... C>
inline constexpr ArrayForm form_of = [] {
  ArrayForm form;
  (Constraint<C>::add(form), ...);
  form.constraints += form.ranks + form.orders;
  return form;
}();

template <class... C>
struct CheckedForm {
  static constexpr ArrayForm form = form_of<C...>;
  static_assert(form.unknown == 0, "adder: Array<T, ...> takes shape<...>, ndim<N>, c_order, f_order and device<...>");
  static_assert(form.ranks <= 1, "adder: Array<T, ...> takes one of shape<...> and ndim<N>");
  static_assert(form.orders <= 1, "adder: Array<T, ...> takes one of c_order and f_order");
  static_assert(form.devices <= 1, "adder: Array<T, ...> takes one device<...>");
};

/// The form of the items, however it was asked for. A type, as clang 14 takes values of one class for one another where
/// they are template arguments.
/// @tparam Extents  One for each dimension, -1 for any; none where N is -1.
template <int N, MemoryOrder Order, DeviceType Where, Py_ssize_t... Extents>
struct ItemsForm {
  static constexpr int ndim = N;
  static constexpr MemoryOrder order = Order;
  static constexpr DeviceType device = Where;
  /// Of a dimension; -1 where it is known at run time only.
  static constexpr Py_ssize_t extent([[maybe_unused]] std::size_t dim) noexcept {
    constexpr Py_ssize_t all[] = {Extents..., -1};
    return all[dim < sizeof...(Extents) ? dim : sizeof...(Extents)];
  }
};

template <class Checked, MemoryOrder Order, class Dims>
struct MakeItemsForm;
template <class Checked, MemoryOrder Order, std::size_t... I>
struct MakeItemsForm<Checked, Order, std::index_sequence<I...>> {
  static constexpr ArrayForm form = Checked::form;
  using type = ItemsForm<form.ndim, Order, form.device, form.extents[I]...>;
};
template <class Checked>
struct CheckedFacts {
  static constexpr ArrayForm form = Checked::form;
  static constexpr std::size_t dims = form.ndim < 0 ? 0 : static_cast<std::size_t>(form.ndim);
  static constexpr MemoryOrder order = form.order;
  static constexpr MemoryOrder owned_order = order == MemoryOrder::any ? MemoryOrder::c : order;
};
template <class Checked>
using ItemsFormOf = typename MakeItemsForm<Checked, CheckedFacts<Checked>::order,
                                           std::make_index_sequence<CheckedFacts<Checked>::dims>>::type;
/// The form of an array that C++ makes: in C order unless it is said otherwise.
template <class Checked>
using OwnedFormOf = typename MakeItemsForm<Checked, CheckedFacts<Checked>::owned_order,
                                           std::make_index_sequence<CheckedFacts<Checked>::dims>>::type;

/// Whether what has the form From also has the form To, which says the same or less of it.
template <class To, class From>
inline constexpr bool form_fits = false;
template <int N, DeviceType Where, MemoryOrder ToOrder, Py_ssize_t... To, MemoryOrder FromOrder, Py_ssize_t... From>
inline constexpr bool form_fits<ItemsForm<N, ToOrder, Where, To...>, ItemsForm<N, FromOrder, Where, From...>> =
    (ToOrder == MemoryOrder::any || ToOrder == FromOrder) && ((To < 0 || To == From) && ...);

/// What is left of a form when the first index is fixed.
template <class Form>
struct RowForm;
template <int N, MemoryOrder Order, DeviceType Where, Py_ssize_t First, Py_ssize_t... Rest>
struct RowForm<ItemsForm<N, Order, Where, First, Rest...>> {
  using type = ItemsForm<N - 1, Order == MemoryOrder::f ? MemoryOrder::any : Order, Where, Rest...>;
};
/// Of any number of dimensions, or none: there is no row of that.
template <int N, MemoryOrder Order, DeviceType Where>
struct RowForm<ItemsForm<N, Order, Where>> {
  using type = ItemsForm<N, Order == MemoryOrder::f ? MemoryOrder::any : Order, Where>;
};

/// What is asked of an array, for the plain functions.
struct ArrayRequest {
  const ElementInfo* element;
  const ArrayForm* form;
  bool writable;
};

enum class Taken : unsigned char {
  ok,
  raised,        ///< An exception is pending.
  no_array,      ///< The object is none.
  wrong_device,  ///< It is one elsewhere, `device` says where.
  refused,       ///< It was taken, and is not what was asked for.
};
/// Fills @p held from an object, by the buffer protocol or DLPack.
Taken take_array(HeldMemory& held, ::PyObject* object, const ArrayRequest& request) noexcept;
/// Why it did not. Ends what is held.
ADDER_COLD_CALL PyErr array_error(HeldMemory& held, ::PyObject* object, const ArrayRequest& request, Taken taken);
/// Fills @p held with a copy of an object's items in the form that is asked for; see arg::convert().
/// @return  Why not, if so; then nothing is held.
std::optional<PyErr> convert_array(HeldMemory& held, ::PyObject* object, const ArrayRequest& request);
/// "writable C-contiguous (n, 3) array of float64".
ADDER_COLD_CALL std::string request_in_words(const ArrayRequest& request);

}  // namespace detail

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/array/detail/constraints_inl.hpp"
#endif
