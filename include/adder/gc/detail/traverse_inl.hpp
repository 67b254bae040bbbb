// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of traverse.hpp.
#pragma once
#include "adder/gc/traverse.hpp"

namespace adder::inline ADDER_ABI {

ADDER_FUNC void Traverse<PyErr>::visit(PyVisit& visit, const PyErr& error) {
  if (PyErr::Access::empty(error)) return;
  const detail::ErrState& state = PyErr::Access::state(error);
  if (state.references.load(detail::Order::acquire) != 1) return;
  if (state.owns_type) visit.show(state.type);
  visit.show(state.value.load(detail::Order::acquire));
  visit.show(state.source);
  visit.show(state.target);
}

}  // namespace adder::inline ADDER_ABI
