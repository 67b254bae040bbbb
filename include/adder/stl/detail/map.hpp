// SPDX-License-Identifier: MIT
/// @file
/// @brief What the conversions of mappings have in common.
#pragma once
#include "adder/convert/basic.hpp"
#include "adder/types/dict.hpp"
#include "adder/types/sequence.hpp"

#include <optional>
#include <type_traits>
#include <utility>

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
        if (auto error = add_all(result, dict)) return *std::move(error);
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
  /// Adds a pair of the usual kind; false where it is none. Runs no Python code.
  ADDER_INLINE static bool read_pair(Container& result, ::PyObject* key, ::PyObject* value) {
    if constexpr (IsSimple<K> && IsSimple<V>) {
      typename Simple<K>::Value k{};
      typename Simple<V>::Value v{};
      if (!Simple<K>::read(key, k) || !Simple<V>::read(value, v)) return false;
      const auto [place, is_new] = result.emplace(k, v);
      if (!is_new) [[unlikely]]
        place->second = V(v);
      return true;
    } else {
      return false;
    }
  }
  static std::optional<PyErr> add_all(Container& result, const Borrowed<PyDict>& dict) {
#if defined(Py_GIL_DISABLED)
    for (const auto& [key, value] : dict) {  // Owns both; an error where the dict changes meanwhile.
      if (auto error = add(result, key, value)) return error;
    }
#else
    // As DictIterator, but for the references: a pair that is read in place needs none.
    ::PyObject *source = dict.as_ptr(), *key = nullptr, *value = nullptr;
    const Py_ssize_t size = dict_size(source);
    Py_ssize_t left = size, position = 0;
    for (; PyDict_Next(source, &position, &key, &value) != 0; --left) {
      if (left == 0) return changed("dictionary keys changed during iteration");  // And might go on for ever.
      if (read_pair(result, key, value)) [[likely]]
        continue;
      if (auto error = add(result, borrow(key), borrow(value))) return error;
      if (dict_size(source) != size) return changed("dictionary changed size during iteration");
    }
    if (left != 0) return changed("dictionary keys changed during iteration");
#endif
    return std::nullopt;
  }
  ADDER_COLD static PyErr changed(const char* what) { return PyErr::Access::lazy(PyExc_RuntimeError, what); }
  static std::optional<PyErr> add(Container& result, const Bound<PyAny>& key, const Bound<PyAny>& value) {
    PyResult<K> k = extract_from<K>(key);
    if (k.is_err()) return at_key(std::move(k).error(), key.as_ptr(), "key ");
    PyResult<V> v = extract_from<V>(value);
    if (v.is_err()) return at_key(std::move(v).error(), key.as_ptr());
    put(result, std::move(k.value()), std::move(v.value()));
    return std::nullopt;
  }
  /// The last of equal keys counts, also of values that cannot be assigned, such as PyRef.
  static void put(Container& result, K&& key, V&& value) {
    if constexpr (std::is_move_assignable_v<V>) {
      result.insert_or_assign(std::move(key), std::move(value));
    } else {
      const auto [place, is_new] = result.try_emplace(std::move(key), std::move(value));
      if (is_new) return;
      result.erase(place);
      result.try_emplace(std::move(key), std::move(value));  // Not moved from yet.
    }
  }
};

template <class Container>
struct IntoDict {
  /// The keys of a map are const: only the values are moved, and that out of an rvalue.
  template <class C>
  static PyResult<Bound<PyAny>> into_py(Python py, C&& values) {
    ::PyObject* raw = guard_rare_unwind(PyDict_New);
    if (raw == nullptr) return PyErr::fetch(py);
    Bound<PyAny> dict = steal(raw);
    for (auto&& [key, value] : values) {  // Those of a flat_map are made as they are looked at.
      if constexpr (IsSimple<std::remove_cvref_t<decltype(key)>> && IsSimple<std::remove_cvref_t<decltype(value)>>) {
        if (auto error = put_simple(py, raw, key, value)) [[unlikely]]
          return *std::move(error);
        continue;
      }
      PyResult<Bound<PyAny>> k = into_key(py, key);
      if (k.is_err()) return at_step(std::move(k).error(), "[a key]");
      using Value = std::conditional_t<std::is_lvalue_reference_v<C>, decltype(value)&,
                                       std::remove_reference_t<decltype(value)>&&>;
      PyResult<Bound<PyAny>> v = adder::into_py(py, static_cast<Value>(value));
      if (v.is_err()) return at_key(std::move(v).error(), k->as_ptr());
      ::PyObject *key_object = k->as_ptr(), *value_object = v->as_ptr();
      if (guard_unwind(PyDict_SetItem, raw, key_object, value_object) < 0) {
        return at_refused_key(key_object, "key ");
      }
    }
    return dict;
  }

 private:
  template <class K, class V>
  ADDER_INLINE static std::optional<PyErr> put_simple(Python py, ::PyObject* dict, const K& key, const V& value) {
    ::PyObject* k = Simple<K>::store(key);
    if (k == nullptr) [[unlikely]]
      return at_step(PyErr::fetch(py), "[a key]");
    ::PyObject* v = Simple<V>::store(value);
    // Runs no Python code: all keys are of one built-in type.
    if (v == nullptr || PyDict_SetItem(dict, k, v) < 0) [[unlikely]] {
      Py_XDECREF(v);
      const Bound<PyAny> owner = steal(k);
      return at_key(PyErr::fetch(py), k);
    }
    Py_DECREF(k);
    Py_DECREF(v);
    return std::nullopt;
  }
};

}  // namespace adder::inline ADDER_ABI::detail
