// SPDX-License-Identifier: MIT
/// @file
/// @brief What eigen.hpp and eigen_sparse.hpp need that has nothing to do with Eigen's types.
#pragma once
#include "adder/array/owned_array.hpp"

#include <string_view>

namespace adder::inline ADDER_ABI::detail {

/// An array of the right items, whose strides an Eigen::Ref cannot have.
/// @param wanted   "writable 2-dimensional array of float64".
/// @param layout   What it would have to have: "the items of each row side by side".
/// @param strides  What it has, in bytes.
ADDER_COLD_CALL PyErr strides_refused(std::string_view wanted, std::string_view layout, const Py_ssize_t* strides,
                                      int ndim);
/// The array is larger than the matrix can be.
ADDER_COLD_CALL PyErr too_many_items(std::string_view wanted, Py_ssize_t max_rows, Py_ssize_t max_columns,
                                     const Py_ssize_t* shape, int ndim);

/// Whether an error says no more than that the array is another one.
ADDER_COLD_CALL bool is_other_array(const PyErr& error) noexcept;

/// What a sparse matrix of scipy consists of.
struct SparseParts {
  Bound<PyAny> data, indices, indptr;
  Py_ssize_t rows, columns;
};
/// The parts of a sparse matrix that is stored by rows (CSR) or columns (CSC).
PyResult<SparseParts> sparse_parts(const Bound<PyAny>& object, bool by_rows, const ElementInfo& element);
/// A new sparse matrix of scipy.
PyResult<Bound<PyAny>> new_sparse(Python py, const SparseParts& parts, bool by_rows);
/// What a matrix says of itself is inconsistent.
ADDER_COLD_CALL PyErr sparse_refused(std::string_view why);

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/array/detail/eigen_parts_inl.hpp"
#endif
