// SPDX-License-Identifier: MIT
/// @file
/// @brief PySlice and PyRange.
#pragma once
#include "adder/types/numbers.hpp"

#include <concepts>
#include <cstddef>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief What a slice selects of a sequence of known length: @p length items, the first at @p start, each @p step
/// further. Every index is within the sequence.
/// @pyo3{PySliceIndices}
struct SliceIndices {
  /// The index of the first item.
  Py_ssize_t start;
  /// The first index that is past the last item, in the direction of step.
  Py_ssize_t stop;
  /// How far it is to the next item; negative for backwards, never zero.
  Py_ssize_t step;
  /// How many items there are.
  std::size_t length;
};

/// @brief The methods of a handle to a `slice`.
/// @pyo3{PySlice}
template <class Self>
struct PySliceMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  /// @brief What it selects of @p length items. As `slice.indices`, with the number of items besides.
  /// @throws PyErr  TypeError for bounds that are no integers, ValueError for a step of 0, OverflowError for a length
  /// that no Python object has.
  SliceIndices indices(std::size_t length, Where where = Where::current()) const {
    const auto self = this->use_alive("indices", where);
    if (length > PY_SSIZE_T_MAX) throw PyErr::Access::lazy(PyExc_OverflowError, "length is too large for a slice");
    SliceIndices result{};
    // Unpacked first: it may call `__index__`, which may change what the length is taken of.
    detail::non_negative(detail::guard_unwind(PySlice_Unpack, self, &result.start, &result.stop, &result.step));
    result.length = static_cast<std::size_t>(
        PySlice_AdjustIndices(static_cast<Py_ssize_t>(length), &result.start, &result.stop, result.step));
    return result;
  }
};

/// @brief The tag of `slice`.
struct PySlice : detail::StaticType<"slice", &PySlice_Type> {
  template <class Self>
  using Methods = PySliceMethods<Self>;
  /// @brief `slice(start, stop, step)`; `std::nullopt`, an empty `std::optional` or `py.None()` is a bound that is left
  /// out.
  /// @pyo3{PySlice::new}
  template <class Start, class Stop, class Step>
  static Bound<detail::Late<PySlice, Start>> new_(Python, Start&& start, Stop&& stop, Step&& step) {
    [[maybe_unused]] const detail::KeptArguments kept(start, stop, step);
    const detail::OrNone<Start&&> from(std::forward<Start>(start));
    const detail::OrNone<Stop&&> to(std::forward<Stop>(stop));
    const detail::OrNone<Step&&> by(std::forward<Step>(step));
    return detail::steal<detail::Late<PySlice, Start>>(
        detail::non_null(detail::guard_rare_unwind(PySlice_New, from.as_ptr(), to.as_ptr(), by.as_ptr())));
  }
  /// @brief `slice(start, stop)`.
  template <class Start, class Stop>
  static Bound<detail::Late<PySlice, Start>> new_(Python py, Start&& start, Stop&& stop) {
    return new_(py, std::forward<Start>(start), std::forward<Stop>(stop), std::nullopt);
  }
  /// @brief `slice(None)`: everything.
  /// @pyo3{PySlice::full}
  template <std::same_as<PySlice> T = PySlice>
  static Bound<T> full(Python) {
    return detail::steal<T>(detail::non_null(detail::guard_rare_unwind(PySlice_New, nullptr, nullptr, nullptr)));
  }
};

/// @brief The methods of a handle to a `range`.
/// @pyo3{PyRange}
template <class Self>
struct PyRangeMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  /// @brief `self.start`.
  /// @throws PyErr  OverflowError when it does not fit.
  Py_ssize_t start(Where where = Where::current()) const { return field("start"_s, where); }
  /// @brief `self.stop`.
  /// @throws PyErr  OverflowError when it does not fit.
  Py_ssize_t stop(Where where = Where::current()) const { return field("stop"_s, where); }
  /// @brief `self.step`.
  /// @throws PyErr  OverflowError when it does not fit.
  Py_ssize_t step(Where where = Where::current()) const { return field("step"_s, where); }

 private:
  Py_ssize_t field(const Name& name, Where where) const {
    return this->getattr(name, where).template extract<Py_ssize_t>(where);
  }
};

/// @brief The tag of `range`.
struct PyRange : detail::StaticType<"range", &PyRange_Type> {
  template <class Self>
  using Methods = PyRangeMethods<Self>;
  /// @brief `range(start, stop, step)`.
  /// @throws PyErr  ValueError for a step of 0.
  /// @pyo3{PyRange::new_with_step}
  template <std::same_as<PyRange> T = PyRange>
  static Bound<T> new_(Python py, Py_ssize_t start, Py_ssize_t stop, Py_ssize_t step = 1) {
    return detail::steal<T>(py.get_type<T>().call(start, stop, step).into_ptr());
  }
};

}  // namespace adder::inline ADDER_ABI
