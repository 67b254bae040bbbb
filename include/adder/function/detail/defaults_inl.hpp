// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of defaults.hpp.
#pragma once
#include "adder/function/detail/defaults.hpp"

#include <cstddef>
#include <cstdint>

namespace adder::inline ADDER_ABI::detail {

/// Converts by the loaders that small code uses for arguments.
template <unsigned Code>
ADDER_COLD bool check_scalar(::PyObject* object, const FunctionRecord& record, unsigned index) {
  ScalarSlot slot;
  return load_slot(Code, slot, object, CallContext{nullptr, &record}, index);
}

ADDER_COLD ADDER_FUNC void enter_scalar_checks(Extra* extras, std::size_t count, std::uint64_t codes) noexcept {
  using Check = decltype(Extra::check);
  static constexpr Check checks[] = {nullptr,          &check_scalar<1>, &check_scalar<2>,  &check_scalar<3>,
                                     &check_scalar<4>, &check_scalar<5>, &check_scalar<6>,  &check_scalar<7>,
                                     &check_scalar<8>, &check_scalar<9>, &check_scalar<10>, &check_scalar<11>};
  static_assert(SlotTypes::size == sizeof(checks) / sizeof(*checks) - 1);
  for (std::size_t i = 0; i < count; ++i) {
    if (extras[i].kind != Extra::Kind::parameter) continue;
    extras[i].check = checks[codes & 15];
    codes >>= 4;
  }
}

}  // namespace adder::inline ADDER_ABI::detail
