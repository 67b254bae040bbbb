// SPDX-License-Identifier: MIT
/// @file
/// @brief Making the type of a class at its first use, whichever threads and classes need it meanwhile.
#pragma once
#include "adder/base/detail/plain_array.hpp"
#include "adder/class/detail/class_parts.hpp"
#include "adder/class/detail/under_construction.hpp"

namespace adder::inline ADDER_ABI::detail {

/// A type that everybody may use who needs it to make classes: at most late attributes are missing. There for good.
struct EarlyType {
  ::PyTypeObject* type;
  PlainArray<ClassAttribute> late_attributes;
};

/// The classes that this thread is making.
struct ClassBeingMade {
  ClassPlace* place;
  ClassBeingMade* outer;
  /// Whether it has met a class further out, which may lack attributes: nobody may take it for complete before that.
  bool needs_outer = false;
  PlainArray<ClassPlace*> finished{};  ///< Such classes that have met this one.

  bool answers_for(const ClassPlace& wanted) const noexcept;
  /// The class is complete, as are those that it answers for; or they are once an outer one is.
  void finish();
};

/// `dict.setdefault(key, value)`, in one step: a new reference to what is there then. The key is a string.
::PyObject* set_dict_default(::PyObject* dict, ::PyObject* key, ::PyObject* value);

/// Makes the type of a class, at its first use; it is kept for good. Nobody waits for a thread that is making it: that
/// one may be waiting for the caller, for an import perhaps, or be gone since a fork. Each makes its own, and the first
/// one's is kept.
/// @param place  Where it is kept.
ADDER_COLD_CALL ::PyTypeObject* make_class(const char* name, const char* doc, void (*define)(ClassParts&), int size,
                                           ClassPlace& place, const ClassShape& shape);

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/class/detail/class_claim_inl.hpp"
#endif
