// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of variant.hpp.
#pragma once
#include "adder/base/detail/text_builder.hpp"
#include "adder/stl/variant.hpp"

#include <string>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_COLD ADDER_FUNC bool VariantErrors::add(PyErr error) {
  const Refusal refusal = refusal_of(error);
  const bool ends = refusal == Refusal::serious;
  if (ends || refusal == Refusal::value || !PyErr::Access::state(error).is_lazy()) {
    kept_ = std::move(error);
    return ends;
  }
  TextBuilder reason;
  PyErr::Access::state(error).append_text(reason);
  if (!reasons_.empty()) reasons_ += "; ";
  reasons_ += reason.view();
  return false;
}

ADDER_COLD ADDER_FUNC PyErr VariantErrors::result() && {
  if (kept_) return *std::move(kept_);
  return PyErr::Access::lazy(PyExc_TypeError, std::string("no alternative fits: ").append(reasons_));
}

}  // namespace detail

ADDER_FUNC PyResult<std::monostate> FromPyObject<std::monostate>::extract(const Bound<PyAny>& object) {
  if (object.as_ptr() != Py_None) return PyErr::Access::mismatch(expected(), object.as_ptr());
  return std::monostate();
}

}  // namespace adder::inline ADDER_ABI
