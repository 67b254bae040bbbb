// SPDX-License-Identifier: MIT
/// @file
/// @brief Filling the record of a function from its def.
#pragma once
#include "adder/function/detail/shape.hpp"

#include <cstddef>
#include <string_view>

namespace adder::inline ADDER_ABI::detail {

/// What def has to say about a function; the same for all functions.
struct Description {
  const char* name;
  std::string_view qualifier = "";  ///< "Counter." for a method.
  const char* receiver = nullptr;   ///< "$module", "$self" or null, as the text signature wants it.
  const Extra* extras = nullptr;
  std::size_t extra_count = 0;
  bool is_method = false;
  ::PyObject* module_name = nullptr;  ///< As in FunctionRecord.
  const char* module = "";            ///< The name of a method's module, if it is known.
  bool is_operand = false;            ///< As in FunctionRecord.
  bool is_private = false;            ///< No other thread knows of the record.
};

/// A record while it is being filled: what there is of it goes again where something throws.
struct UnfinishedRecord {
  FunctionRecord record;
  unsigned count = 0;  ///< Parameters so far.

  UnfinishedRecord() = default;
  UnfinishedRecord(const UnfinishedRecord&) = delete;
  UnfinishedRecord& operator=(const UnfinishedRecord&) = delete;
  ~UnfinishedRecord();
  /// The record has another place now, which owns what there is of it.
  void finish() noexcept {
    record.name = nullptr;
    count = 0;
  }
};

/// Whether a default is of a kind that changes, such as a list, where the function gets the object itself: all calls
/// would share it. As for the fields of a dataclass, what cannot be hashed counts as such.
/// @return False, with a TypeError pending, where it is.
ADDER_COLD_CALL bool check_shared_default(::PyObject* object, const FunctionRecord& record, unsigned index);

/// Fills @p record; leaves it as it was where something throws.
/// @param meth        The entry point.
/// @param flags       Its calling convention: METH_FASTCALL and the like.
/// @param parameters  Room for the parameters, which lives as long as the record.
/// @return Whether it was done: without a GIL what is known of a function is not replaced.
ADDER_COLD_CALL bool fill_record(FunctionRecord& record, Shape shape, PyCFunction meth, int flags,
                                 Parameter* parameters, const Description& description);

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/function/detail/fill_record_inl.hpp"
#endif
