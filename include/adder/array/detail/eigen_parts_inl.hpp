// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of eigen_parts.hpp.
#pragma once
#include "adder/array/detail/eigen_parts.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

ADDER_COLD ADDER_FUNC PyErr strides_refused(std::string_view wanted, std::string_view layout, const Py_ssize_t* strides,
                                            int ndim) {
  const std::string words = with_article(std::string(wanted)).append(" with ").append(layout);
  const std::string got = "one with strides of " + shape_in_words(strides, ndim) + " bytes";
  return PyErr::Access::adopt(ErrState::make(ErrState::Kind::mismatch, PyExc_TypeError, words, got));
}

ADDER_COLD ADDER_FUNC PyErr too_many_items(std::string_view wanted, Py_ssize_t max_rows, Py_ssize_t max_columns,
                                           const Py_ssize_t* shape, int ndim) {
  const Py_ssize_t most[] = {max_rows, max_columns};
  const Py_ssize_t all = max_rows * max_columns;
  const std::string words =
      with_article(std::string(wanted)) + " of up to " + shape_in_words(ndim == 1 ? &all : most, ndim) + " items";
  const std::string got = "one of shape " + shape_in_words(shape, ndim);
  return PyErr::Access::adopt(ErrState::make(ErrState::Kind::mismatch, PyExc_TypeError, words, got));
}

ADDER_COLD ADDER_FUNC bool is_other_array(const PyErr& error) noexcept {
  return PyErr::Access::state(error).kind == ErrState::Kind::mismatch;
}

ADDER_COLD ADDER_FUNC PyErr sparse_refused(std::string_view why) {
  return PyErr::Access::lazy(PyExc_ValueError, std::string("a sparse matrix is not used, as ").append(why));
}

/// An attribute; null where there is none, or with an exception pending.
ADDER_FUNC ::PyObject* attribute_or_null(::PyObject* object, const char* name) noexcept {
  ::PyObject* found = guard_unwind(PyObject_GetAttrString, object, name);
  if (found == nullptr && PyErr_ExceptionMatches(PyExc_AttributeError) != 0) PyErr_Clear();
  return found;
}

ADDER_FUNC PyResult<SparseParts> sparse_parts(const Bound<PyAny>& object, bool by_rows, const ElementInfo& element) {
  ::PyObject* source = object.as_ptr();
  const KeptAlive kept(source);
  const std::string wanted =
      std::string("a scipy.sparse.") + (by_rows ? "csr_matrix" : "csc_matrix") + " of " + element.name;
  static constexpr const char* names[] = {"format", "shape", "data", "indices", "indptr"};
  Bound<PyAny> found[] = {object, object, object, object, object};
  for (std::size_t i = 0; i < 5; ++i) {
    ::PyObject* attribute = attribute_or_null(source, names[i]);
    if (attribute == nullptr && PyErr_Occurred() != nullptr) return PyErr::fetch(object.py());
    if (attribute == nullptr) return PyErr::Access::mismatch(wanted.c_str(), source);
    found[i] = steal(attribute);
    const bool is_format = i == 0;
    if (is_format &&
        (!PyUnicode_Check(attribute) || PyUnicode_CompareWithASCIIString(attribute, by_rows ? "csr" : "csc") != 0)) {
      return PyErr::Access::mismatch(wanted.c_str(), source);
    }
  }
  ::PyObject* shape = found[1].as_ptr();
  if (!PyTuple_Check(shape) || PyTuple_GET_SIZE(shape) != 2) return sparse_refused("its shape is no tuple of two ints");
  Py_ssize_t extents[2];
  for (int i = 0; i < 2; ++i) {
    extents[i] = guard_unwind(PyNumber_AsSsize_t, PyTuple_GET_ITEM(shape, i), PyExc_OverflowError);
    if (extents[i] == -1 && PyErr_Occurred() != nullptr) return PyErr::fetch(object.py());
    if (extents[i] < 0) return sparse_refused("its shape is negative");
  }
  return SparseParts{std::move(found[2]), std::move(found[3]), std::move(found[4]), extents[0], extents[1]};
}

ADDER_FUNC PyResult<Bound<PyAny>> new_sparse(Python py, const SparseParts& parts, bool by_rows) {
  ::PyObject* scipy = guard_unwind(PyImport_ImportModule, "scipy.sparse");
  if (scipy == nullptr) {
    PyErr cause = PyErr::fetch(py);
    if (!cause.matches(peek(PyExc_ImportError).as_bound())) return cause;
    PyErr error = PyErr::Access::lazy(
        PyExc_ImportError, "a sparse matrix is returned here, and scipy.sparse cannot be imported: install scipy");
    error.set_cause(py, std::move(cause));
    return error;
  }
  ::PyObject* made = guard_unwind([&] {
    ::PyObject* type = PyObject_GetAttrString(scipy, by_rows ? "csr_matrix" : "csc_matrix");
    ::PyObject* arguments = Py_BuildValue("((OOO)(nn))", parts.data.as_ptr(), parts.indices.as_ptr(),
                                          parts.indptr.as_ptr(), parts.rows, parts.columns);
    ::PyObject* result = type == nullptr || arguments == nullptr ? nullptr : PyObject_CallObject(type, arguments);
    Py_XDECREF(arguments);
    Py_XDECREF(type);
    return result;
  });
  release(scipy);
  if (made == nullptr) return PyErr::fetch(py);
  return steal(made);
}

}  // namespace adder::inline ADDER_ABI::detail
