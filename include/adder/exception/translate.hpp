// SPDX-License-Identifier: MIT
/// @file
/// @brief C++ exceptions seen from Python.
///
/// What leaves bound code as a C++ exception reaches Python as:
///
/// | C++                                                               | Python                                    |
/// |-------------------------------------------------------------------|-------------------------------------------|
/// | PyErr                                                             | the exception it holds                    |
/// | std::bad_alloc                                                    | MemoryError                               |
/// | std::out_of_range                                                 | IndexError                                |
/// | std::invalid_argument, domain_error, length_error, range_error    | ValueError                                |
/// | std::overflow_error / underflow_error                             | OverflowError / ArithmeticError           |
/// | std::system_error                                                 | OSError with its errno                    |
/// | any other std::exception                                          | RuntimeError                              |
/// | anything else                                                     | PanicException that names the C++ type    |
///
/// PanicException is no Exception: `except Exception` lets it pass.
///
/// An exception that was thrown with `std::throw_with_nested` gets the nested one as its `__cause__`.
#pragma once
#include "adder/exception/exceptions.hpp"

#include <exception>
#include <string_view>

namespace adder::inline ADDER_ABI {

namespace detail {

void set_error(::PyObject* type, std::string_view message) noexcept;

/// Makes the C++ exception being handled the pending Python exception. The one way out of bound code.
void translate_current_exception() noexcept;

/// What @p nested holds becomes the cause of the pending exception, unless that has a cause or is itself inside.
ADDER_COLD_CALL void chain_nested(const std::nested_exception* nested) noexcept;

/// The nested_exception part of the C++ exception being handled, which has to go on being handled; null for none.
const std::nested_exception* current_nested() noexcept;

/// What a user says about the C++ exceptions of one type; see register_exception_translator().
struct Translator {
  bool (*translate)() noexcept;              ///< Whether the exception being handled was one of its type.
  void (*throw_pointer)();                   ///< Throws a null pointer to its type,
  bool (*catches)(void (*throw_pointer)());  ///< and whether such a pointer is one to its type or to a base of that.
  Atomic<Translator*> next{nullptr};
  Atomic<bool> registered{false};
};
/// Derived types before their bases.
ADDER_HIDDEN inline constinit Atomic<Translator*> translators{nullptr};

/// Standard exceptions, and those that are none.
void translate_standard_exception() noexcept;

}  // namespace detail

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/exception/detail/translate_inl.hpp"
#endif
