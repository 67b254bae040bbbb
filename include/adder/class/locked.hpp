// SPDX-License-Identifier: MIT
/// @file
/// @brief Classes whose objects lock themselves. Not part of adder.hpp.
///
/// @code
/// template <>
/// struct adder::PyClass<Account> {
///   static constexpr auto name = "Account";
///   static constexpr bool locked = true;
///   ...
/// };
/// @endcode
/// Calls that overlap wait for each other, detached, where those of other classes are a RuntimeError. A const method or
/// `const T&` shares the object, all else has it alone. Who has waited longest comes first.
///
/// | who wants an object                          | gets                                                           |
/// |----------------------------------------------|----------------------------------------------------------------|
/// | while another thread has it                  | it, later                                                      |
/// | while this thread has it                     | RuntimeError, as of other classes                              |
/// | while its holder waits for this thread       | RuntimeError "Deadlock: 'Account' object ..."                  |
/// | by try_borrow(), try_borrow_mut()            | it, or the error, at once                                      |
///
/// A function that takes several locked objects locks them in one order, that of their addresses, once all its
/// arguments have been converted. Signals are seen while a thread waits, and may end that.
#pragma once
#include "adder/class/detail/in_order.hpp"  // IWYU pragma: export (what a locked class needs)
#include "adder/class/pyclass.hpp"          // IWYU pragma: export (what a locked class needs)

namespace adder::inline ADDER_ABI::detail {

template <class T>
struct LockedHeader {};

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/class/detail/in_order_inl.hpp"
#include "adder/class/detail/lock_flag_inl.hpp"
#endif
