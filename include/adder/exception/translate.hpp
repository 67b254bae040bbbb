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
#include <typeinfo>

namespace adder::inline ADDER_ABI {

namespace detail {

void set_error(::PyObject* type, std::string_view message) noexcept;

/// Makes the C++ exception being handled the pending Python exception. The one way out of bound code.
void translate_current_exception() noexcept;

/// The C++ exception being handled, for as long as it is. Asking what it is costs no unwinding with libstdc++, where
/// `throw;` into a handler costs as much as the first throw.
class Thrown {
 public:
#if defined(__GLIBCXX__)
  Thrown() noexcept : pointer_(std::current_exception()) {}
#else
  Thrown() noexcept = default;
#endif
  Thrown(const Thrown&) = delete;
  Thrown& operator=(const Thrown&) = delete;
  ~Thrown() = default;

  /// The exception, where a handler for `const E&` would take it; null otherwise.
  template <class E>
  const E* as() const noexcept {
#if defined(__GLIBCXX__)
    return static_cast<const E*>(as_type(typeid(E)));
#else
    try {
      throw;
    } catch (const E& error) {
      return &error;
    } catch (...) {
      return nullptr;
    }
#endif
  }
#if defined(__GLIBCXX__)
  /// What was thrown; null for what no C++ code has thrown: the ending of a thread, or another language's exception.
  const std::type_info* type() const noexcept { return pointer_ ? pointer_.__cxa_exception_type() : nullptr; }
  /// As as<E>() of the E that is @p wanted.
  const void* as_type(const std::type_info& wanted) const noexcept;

 private:
  std::exception_ptr pointer_;
#endif
};

/// Makes it, which is being handled, the pending Python exception; without what is nested in it.
void translate_alone(const Thrown& thrown) noexcept;

/// What @p nested holds becomes the cause of the pending exception, unless that has a cause or is itself inside; and
/// what is nested in that its cause, however deep. Called while the exception that has @p nested is handled.
ADDER_COLD_CALL void chain_nested(const std::nested_exception* nested) noexcept;

/// What a user says about the C++ exceptions of one type; see register_exception_translator().
struct Translator {
  /// Whether the exception being handled was one of its type. Leaves what is nested in it to the caller.
  bool (*translate)(const Thrown&) noexcept;
  void (*throw_pointer)();                   ///< Throws a null pointer to its type,
  bool (*catches)(void (*throw_pointer)());  ///< and whether such a pointer is one to its type or to a base of that.
  Atomic<Translator*> next{nullptr};
  Atomic<bool> registered{false};
};
/// Derived types before their bases.
ADDER_HIDDEN inline constinit Atomic<Translator*> translators{nullptr};

/// Standard exceptions, and those that are none, without what is nested in them. @p thrown is being handled.
void translate_standard_exception(const Thrown& thrown) noexcept;

}  // namespace detail

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/exception/detail/translate_inl.hpp"
#endif
