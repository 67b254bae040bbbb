// SPDX-License-Identifier: MIT
/// @file
/// @brief The path of calls that are not exact and positional: keywords, defaults, `*args`, wrong counts. One plain
/// function for all bound functions; messages are CPython's own for a function written in Python.
#pragma once
#include "adder/function/detail/fill_record.hpp"

#include <cstddef>

namespace adder::inline ADDER_ABI::detail {

/// The parameter called @p keyword, or -1; -2 with an exception pending where comparing failed.
int find_parameter(const FunctionRecord& record, ::PyObject* keyword) noexcept;

/// Puts one borrowed object for each parameter into @p out, or sets a TypeError and returns false. For `*args` and
/// `**kwargs`, VariadicArguments has put its own objects behind them.
bool bind_arguments(const FunctionRecord& record, ::PyObject* const* args, Py_ssize_t given, ::PyObject* keywords,
                    ::PyObject** out) noexcept;

/// The same of a function whose parameters can all be passed by position: mostly, some are left to their defaults.
template <std::size_t Count>
ADDER_INLINE bool bind_named(const FunctionRecord& record, ::PyObject* const* args, Py_ssize_t given,
                             ::PyObject* keywords, ::PyObject** out) noexcept {
  if constexpr (ADDER_SMALL_CODE == 0) {
    constexpr auto count = static_cast<Py_ssize_t>(Count);
    if (keywords == nullptr && given < count) {
      const Parameter* const parameters = record.parameters;
      Py_ssize_t i = 0;
      for (; i < count; ++i) {
        ::PyObject* const object = i < given ? args[i] : parameters[i].default_value;
        if (object == nullptr) break;
        out[i] = object;
      }
      if (i == count) return true;
    }
  }
  return bind_arguments(record, args, given, keywords, out);
}

/// A positional call with the wrong number of arguments, of a function without names: sets the TypeError.
ADDER_COLD_CALL ::PyObject* refuse_count(const FunctionRecord& record, ::PyObject* const* args,
                                         Py_ssize_t given) noexcept;

/// Makes the objects for `*args` and `**kwargs`, in the two places behind the other arguments, and drops them.
class VariadicArguments {
 public:
  VariadicArguments(Shape shape, ::PyObject* const* args, Py_ssize_t given, ::PyObject** out) noexcept;
  VariadicArguments(const VariadicArguments&) = delete;
  VariadicArguments& operator=(const VariadicArguments&) = delete;
  ~VariadicArguments();
  /// Whether they could be made; else a MemoryError is pending.
  bool made() const noexcept { return made_; }

 private:
  static void release_or_null(::PyObject* object) noexcept {
    if (object != nullptr) release(object);
  }
  ::PyObject** places_;
  bool made_;
};

// --- Arguments that do not convert -----------------------------------------------------------------------------------

/// Makes @p error the pending exception, saying which argument of which function it is about: a TypeError that was made
/// in C++ says so in its text, as CPython's own do. Anything else is left as it is, and gets a note.
ADDER_COLD_CALL void set_argument_error(const FunctionRecord& record, unsigned index, const PyErr& error) noexcept;
/// The same of the C++ exception being handled, which a conversion threw.
ADDER_COLD_CALL void set_thrown_error(const FunctionRecord& record, unsigned index) noexcept;
/// The same of the pending exception, which is no TypeError of adder's.
ADDER_COLD_CALL void note_argument(const FunctionRecord& record, unsigned index) noexcept;

ADDER_COLD_CALL void set_scalar_error(const FunctionRecord& record, unsigned index, Loaded how, const char* expected,
                                      const char* range, ::PyObject* object) noexcept;

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/function/detail/bind_arguments_inl.hpp"
#endif
