// SPDX-License-Identifier: MIT
/// @file
/// @brief What the conversions of sets have in common.
#pragma once
#include "adder/convert/basic.hpp"
#include "adder/object/iterator.hpp"

#include <utility>

namespace adder::inline ADDER_ABI::detail {

template <class Container>
struct FromSet {
  using T = typename Container::value_type;
  static_assert(!views_object<T>,
                "adder: a container of views would outlive the items that they point into: take values, such as "
                "std::string, or handles");
  static constexpr const char* expected() noexcept { return "set"; }
  static constexpr bool takes_iterators = true;
  static PyResult<Container> extract(const Bound<PyAny>& object) {
    if (!PyAnySet_Check(object.as_ptr()) && !PyDictKeys_Check(object.as_ptr()) && !may_consume(object.as_ptr())) {
      return PyErr::Access::mismatch(expected(), object.as_ptr());
    }
    Container result;
    try {
      for (const Bound<PyAny>& item : object) {  // Owns the item; Python raises where the set changes size.
        PyResult<T> value = extract_from<T>(item);
        if (value.is_err()) return at_key(std::move(value).error(), item.as_ptr(), "item ");
        result.insert(std::move(value.value()));
      }
    } catch (const PyErr& error) {
      return error;
    }
    return result;
  }

 private:
  /// Whether it is an iterator, such as a generator, and this is the only look at it.
  static bool may_consume(::PyObject* object) noexcept {
    return conversion_stack.trials == 0 && PyIter_Check(object) != 0;
  }
};

template <class Container>
struct IntoSet {
  static PyResult<Bound<PyAny>> into_py(Python py, const Container& values) { return set_from<PySet_New>(py, values); }
  static PyResult<Bound<PyAny>> into_key(Python py, const Container& values) {
    return set_from<PyFrozenSet_New>(py, values);
  }

 private:
  /// The new set is nobody else's yet, so a frozen one may be added to.
  template <::PyObject* (*New)(::PyObject*)>
  static PyResult<Bound<PyAny>> set_from(Python py, const Container& values) {
    using Hidden = HiddenWhileMade<!IsSimple<typename Container::value_type>>;
    constexpr bool is_copy = Hidden::needed && is_copy_of_set<New>;
    ::PyObject* raw = guard_rare_unwind([&] { return is_copy ? PySet_New(nullptr) : New(nullptr); });
    if (raw == nullptr) return PyErr::fetch(py);
    Bound<PyAny> set = steal(raw);
    Hidden hidden(raw, values.size());
    for (const auto& value : values) {
      PyResult<Bound<PyAny>> item = detail::into_key(py, value);
      if (item.is_err()) return at_step(std::move(item).error(), "[an item]");
      ::PyObject* object = item->as_ptr();
      if (guard_unwind(PySet_Add, raw, object) < 0) return at_refused_key(object, "item ");
    }
    if constexpr (is_copy) {
      ::PyObject* copy = New(raw);
      if (copy == nullptr) return PyErr::fetch(py);
      return steal(copy);
    } else {
      hidden.show();
      return set;
    }
  }
};

}  // namespace adder::inline ADDER_ABI::detail
