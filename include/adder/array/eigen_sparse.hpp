// SPDX-License-Identifier: MIT
/// @file
/// @brief Eigen's sparse matrices, by value, to and from those of scipy. Not part of adder.hpp.
///
/// | Eigen                                      | scipy                                     |
/// |--------------------------------------------|-------------------------------------------|
/// | `Eigen::SparseMatrix<T>`                   | `scipy.sparse.csc_matrix`, `csc_array`    |
/// | `Eigen::SparseMatrix<T, Eigen::RowMajor>`  | `scipy.sparse.csr_matrix`, `csr_array`    |
///
/// An argument is copied, with its indices sorted and those that occur twice added up; a result is not copied. Nothing
/// is converted: a matrix in another format, or with other items, is a TypeError. Results need scipy.
#pragma once
#include "adder/array/eigen.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#if __has_include(<Eigen/SparseCore>)
#include <Eigen/SparseCore>
#elif __has_include(<eigen3/Eigen/SparseCore>)
#include <eigen3/Eigen/SparseCore>
#endif

#if defined(EIGEN_WORLD_VERSION)
namespace adder::inline ADDER_ABI {

namespace detail {

template <class M>
struct SparseForm {
  using Scalar = typename M::Scalar;
  using Index = typename M::StorageIndex;
  static constexpr bool by_rows = M::IsRowMajor != 0;

  static PyResult<M> copy(const SparseParts& parts) {
    const PyResult<Array<const Scalar, ndim<1>>> data = Array<const Scalar, ndim<1>>::get(parts.data);
    if (data.is_err()) return at_step(data.error(), ".data");
    return with_indices(parts.indices, ".indices", [&](const auto& indices) {
      return with_indices(parts.indptr, ".indptr",
                          [&](const auto& starts) { return copy(parts, data.value(), indices, starts); });
    });
  }

 private:
  /// scipy has indices of 32 bits where these do, and else of 64.
  template <class F>
  static PyResult<M> with_indices(const Bound<PyAny>& object, const char* name, F&& f) {
    const auto shorter = Array<const std::int32_t, ndim<1>>::get(object);
    if (shorter.is_ok()) return f(shorter.value());
    if (!is_other_array(shorter.error())) return at_step(shorter.error(), name);
    const auto longer = Array<const std::int64_t, ndim<1>>::get(object);
    if (longer.is_ok()) return f(longer.value());
    return at_step(shorter.error(), name);
  }
  static bool fits(Py_ssize_t number) noexcept { return number >= 0 && number <= std::numeric_limits<Index>::max(); }

  template <class Indices, class Starts>
  static PyResult<M> copy(const SparseParts& parts, const Array<const Scalar, ndim<1>>& data, const Indices& indices,
                          const Starts& starts) {
    const Py_ssize_t outer = by_rows ? parts.rows : parts.columns, inner = by_rows ? parts.columns : parts.rows;
    if (!fits(outer) || !fits(inner)) return sparse_refused("its shape is too large");
    if (starts.size() != static_cast<std::size_t>(outer) + 1) return sparse_refused("its indptr is of another length");
    const std::size_t room = data.size() < indices.size() ? data.size() : indices.size();
    if (!fits(static_cast<Py_ssize_t>(room))) return sparse_refused("it has too many items");
    // Each number is read once, looked at, and kept: somebody else may write there.
    std::vector<Index> begins(starts.size());
    Eigen::Index last = 0;
    for (std::size_t i = 0; i < begins.size(); ++i) {
      const auto start = static_cast<std::int64_t>(starts(i));
      if ((i == 0 && start != 0) || start < last) return sparse_refused("its indptr does not ascend from 0");
      if (static_cast<std::uint64_t>(start) > room) return sparse_refused("its indptr leads beyond its items");
      begins[i] = static_cast<Index>(start);
      last = static_cast<Eigen::Index>(start);
    }
    M result(static_cast<Eigen::Index>(parts.rows), static_cast<Eigen::Index>(parts.columns));
    result.resizeNonZeros(last);
    for (std::size_t i = 0; i < begins.size(); ++i) result.outerIndexPtr()[i] = begins[i];
    bool sorted = true;
    for (std::size_t i = 0; i + 1 < begins.size(); ++i) {
      std::int64_t before = -1;
      for (Index at = begins[i]; at < begins[i + 1]; ++at) {
        const auto index = static_cast<std::int64_t>(indices(static_cast<std::size_t>(at)));
        if (index < 0 || index >= inner) return sparse_refused("it has an index out of range");
        sorted = sorted && index > before;
        before = index;
        result.innerIndexPtr()[at] = static_cast<Index>(index);
        result.valuePtr()[at] = data(static_cast<std::size_t>(at));
      }
    }
    if (sorted) return result;
    std::vector<Eigen::Triplet<Scalar, Index>> items;
    items.reserve(static_cast<std::size_t>(last));
    for (std::size_t i = 0; i + 1 < begins.size(); ++i) {
      for (Index at = begins[i]; at < begins[i + 1]; ++at) {
        const auto place = static_cast<Index>(i);
        const Index index = result.innerIndexPtr()[at];
        items.emplace_back(by_rows ? place : index, by_rows ? index : place, result.valuePtr()[at]);
      }
    }
    M ordered(result.rows(), result.cols());
    ordered.setFromTriplets(items.begin(), items.end());
    return ordered;
  }
};

}  // namespace detail

template <class S, int O, class I>
struct FromPyObject<Eigen::SparseMatrix<S, O, I>> {
  using Matrix = Eigen::SparseMatrix<S, O, I>;
  static PyResult<Matrix> extract(const Bound<PyAny>& object) {
    (void)detail::MustBeElement<S>{};
    auto parts = detail::sparse_parts(object, detail::SparseForm<Matrix>::by_rows, detail::element_info<S>());
    if (parts.is_err()) return std::move(parts).error();
    return detail::SparseForm<Matrix>::copy(parts.value());
  }
};
template <class S, int O, class I>
struct IntoPyObject<Eigen::SparseMatrix<S, O, I>> {
  using Matrix = Eigen::SparseMatrix<S, O, I>;
  template <class V>
  static PyResult<Bound<PyAny>> into_py(Python py, V&& value) {
    const auto owner = std::make_shared<Matrix>(std::forward<V>(value));
    if (owner->outerIndexPtr() == nullptr) owner->resize(owner->rows(), owner->cols());  // It was moved from.
    owner->makeCompressed();
    const auto count = static_cast<std::size_t>(owner->nonZeros());
    const auto starts = static_cast<std::size_t>(owner->outerSize()) + 1;
    auto data = array_of(py, std::span<S>(owner->valuePtr(), count), owner);
    auto indices = array_of(py, std::span<I>(owner->innerIndexPtr(), count), owner);
    auto indptr = array_of(py, std::span<I>(owner->outerIndexPtr(), starts), owner);
    if (data.is_err()) return data;
    if (indices.is_err()) return indices;
    if (indptr.is_err()) return indptr;
    return detail::new_sparse(py,
                              {std::move(data).value(), std::move(indices).value(), std::move(indptr).value(),
                               static_cast<Py_ssize_t>(owner->rows()), static_cast<Py_ssize_t>(owner->cols())},
                              detail::SparseForm<Matrix>::by_rows);
  }

 private:
  template <class T>
  static PyResult<Bound<PyAny>> array_of(Python py, std::span<T> items, const std::shared_ptr<Matrix>& owner) {
    return adder::into_py(py, OwnedArray<T, ndim<1>, as_numpy>(items, owner));
  }
};

#if ADDER_STUBS
/// Either class; type checkers may know neither.
template <class S, int O, class I>
struct detail::PythonType<Eigen::SparseMatrix<S, O, I>> {
  static constexpr bool by_rows = SparseForm<Eigen::SparseMatrix<S, O, I>>::by_rows;
  static TypeText input() {
    return by_rows ? "scipy.sparse.csr_matrix | scipy.sparse.csr_array"
                   : "scipy.sparse.csc_matrix | scipy.sparse.csc_array";
  }
  static TypeText output() { return by_rows ? "scipy.sparse.csr_matrix" : "scipy.sparse.csc_matrix"; }
};
#endif

template <class S, int O, class I>
inline constexpr bool detail::may_recurse<Eigen::SparseMatrix<S, O, I>> = false;
template <class S, int O, class I>
struct UngilTraits<Eigen::SparseMatrix<S, O, I>> : std::bool_constant<Ungil<S>> {};

}  // namespace adder::inline ADDER_ABI
#endif
