// SPDX-License-Identifier: MIT
/// @file
/// @brief What lists, tuples and other sequences have in common.
#pragma once
#include "adder/object/any.hpp"

#include <cstddef>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

/// The methods of all handles to sequences.
template <class Self>
struct SequenceMethods : PyAnyMethods<Self> {
  using Where = Location;
  using List = Late<PyList, Self>;
  using Tuple = Late<PyTuple, Self>;

  /// @brief `self.index(value)`.
  /// @throws PyErr  ValueError when there is no such item.
  template <class V>
  std::size_t index(V&& value, Where where = Where::current()) const {
    const auto self = this->use_alive("index", where);
    const AsArgument<V&&> object(std::forward<V>(value));
    return static_cast<std::size_t>(non_negative(guard_unwind(PySequence_Index, self, object.as_ptr())));
  }
  /// @brief `self.count(value)`.
  template <class V>
  std::size_t count(V&& value, Where where = Where::current()) const {
    const auto self = this->use_alive("count", where);
    const AsArgument<V&&> object(std::forward<V>(value));
    return static_cast<std::size_t>(non_negative(guard_unwind(PySequence_Count, self, object.as_ptr())));
  }
  /// @brief `list(self)`.
  Bound<List> to_list(Where where = Where::current()) const {
    const auto self = this->use_alive("to_list", where);
    return this->template own<List>(guard_unwind(PySequence_List, self), where);
  }
  /// @brief `tuple(self)`.
  Bound<Tuple> to_tuple(Where where = Where::current()) const {
    const auto self = this->use_alive("to_tuple", where);
    return this->template own<Tuple>(guard_unwind(PySequence_Tuple, self), where);
  }
};

}  // namespace adder::inline ADDER_ABI::detail
