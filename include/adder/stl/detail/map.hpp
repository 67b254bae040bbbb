// SPDX-License-Identifier: MIT
/// @file
/// @brief What the conversions of mappings have in common.
#pragma once
#include "adder/types/dict.hpp"
#include "adder/types/sequence.hpp"

namespace adder::inline ADDER_ABI::detail {

template <class Container>
struct FromMapping {
  using K = typename Container::key_type;
  using V = typename Container::mapped_type;
  static_assert(!views_object<K> && !views_object<V>,
                "adder: a container of views would outlive the items that they point into: take values, such as "
                "std::string, or handles");
  static constexpr const char* expected() noexcept { return "dict"; }
  static PyResult<Container> extract(const Bound<PyAny>& object) {
    Container result;
    try {
      if (PyDict_Check(object.as_ptr())) {
        const Borrowed<PyDict> dict = peek<PyDict>(object.as_ptr());
        if constexpr (requires { result.reserve(1); }) result.reserve(dict.len());
        for (const auto& [key, value] : dict) {  // Owns both; an error where the dict changes meanwhile.
          if (auto error = add(result, key, value)) return *std::move(error);
        }
      } else if (PyMapping::is_type_of(object.as_ptr())) {
        const auto items = peek<PyMapping>(object.as_ptr()).items();
        for (const Bound<PyAny>& item : items) {
          const auto pair = item.downcast<PyTuple>();
          if (auto error = add(result, pair.get_item(0), pair.get_item(1))) return *std::move(error);
        }
      } else {
        return PyErr::Access::mismatch(expected(), object.as_ptr());
      }
    } catch (const PyErr& error) {
      return error;
    }
    return result;
  }

 private:
  static std::optional<PyErr> add(Container& result, const Bound<PyAny>& key, const Bound<PyAny>& value) {
    PyResult<K> k = extract_from<K>(key);
    if (k.is_err()) return at_key(std::move(k).error(), key.as_ptr(), "key ");
    PyResult<V> v = extract_from<V>(value);
    if (v.is_err()) return at_key(std::move(v).error(), key.as_ptr());
    result.insert_or_assign(std::move(k).value(), std::move(v).value());
    return std::nullopt;
  }
};

template <class Container>
struct IntoDict {
  static PyResult<Bound<PyAny>> into_py(Python py, const Container& values) {
    ::PyObject* raw = PyDict_New();
    if (raw == nullptr) return PyErr::fetch(py);
    Bound<PyAny> dict = steal(raw);
    for (const auto& [key, value] : values) {
      PyResult<Bound<PyAny>> k = adder::into_py(py, key);
      if (k.is_err()) return at_step(std::move(k).error(), "[a key]");
      PyResult<Bound<PyAny>> v = adder::into_py(py, value);
      if (v.is_err()) return at_key(std::move(v).error(), k->as_ptr());
      ::PyObject *key_object = k->as_ptr(), *value_object = v->as_ptr();
      if (guard_unwind([&] { return PyDict_SetItem(raw, key_object, value_object); }) < 0) return PyErr::fetch(py);
    }
    return dict;
  }
};

}  // namespace adder::inline ADDER_ABI::detail
