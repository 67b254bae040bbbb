// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of containers.hpp.
#pragma once
#include "adder/class/containers.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_COLD ADDER_FUNC bool ArgumentLoader<const ListKey&>::load_other(::PyObject* object, CallContext context) {
  if (PySlice_Check(object)) {
    key_.is_slice = true;
    return guard_unwind(PySlice_Unpack, object, &key_.start, &key_.stop, &key_.step) == 0;
  }
  if (PyIndex_Check(object)) {
    key_.index = guard_unwind(PyNumber_AsSsize_t, object, PyExc_IndexError);
    return key_.index != -1 || PyErr_Occurred() == nullptr;
  }
  set_error(
      PyExc_TypeError,
      std::string(context.record().name).append("() takes integers and slices, not ").append(type_name_of(object)));
  return false;
}
ADDER_FUNC SliceIndices ListKey::in(std::size_t size) const noexcept {
  SliceIndices result{start, stop, step, 0};
  result.length = static_cast<std::size_t>(
      PySlice_AdjustIndices(static_cast<Py_ssize_t>(size), &result.start, &result.stop, result.step));
  return result;
}

ADDER_FUNC Bound<PyList> list_of(const Bound<PyAny>& container) {
  return steal<PyList>(non_null(guard_unwind(PySequence_List, container.as_ptr())));
}

ADDER_FUNC Bound<PyAny> set_of(const Bound<PyAny>& container) {
  return steal(non_null(guard_unwind(PySet_New, container.as_ptr())));
}

ADDER_FUNC Bound<PyAny> show_container(const char* name, const Bound<PyAny>& items) {
  return steal(non_null(guard_unwind([&] {
    return name == nullptr ? PyObject_Repr(items.as_ptr()) : PyUnicode_FromFormat("%s(%R)", name, items.as_ptr());
  })));
}
ADDER_COLD ADDER_FUNC void refuse_index(const char* name, const char* what) {
  const std::string_view text = what;
  if (text == "pop from empty") throw PyIndexError::new_err(std::string(what) + " " + name);
  throw PyIndexError::new_err(std::string(name) + " " + what + " out of range");
}
ADDER_COLD ADDER_FUNC void refuse_missing(const Bound<PyAny>& value, const char* name) {
  const Bound<PyAny> shown = steal(non_null(guard_unwind(PyObject_Repr, value.as_ptr())));
  throw PyValueError::new_err(std::string(shown.extract<std::string_view>()) + " is not in " + name);
}
ADDER_COLD ADDER_FUNC void refuse_slice_size(std::size_t given, std::size_t wanted) {
  throw PyValueError::new_err("attempt to assign sequence of size " + std::to_string(given) +
                              " to extended slice of size " + std::to_string(wanted));
}
ADDER_COLD ADDER_FUNC void refuse_key(const Bound<PyAny>& key) {
  PyErr_SetObject(PyExc_KeyError, key.as_ptr());
  throw_fetched();
}
ADDER_COLD ADDER_FUNC void refuse_memory() {
  PyErr_NoMemory();
  throw_fetched();
}
ADDER_COLD ADDER_FUNC void refuse_changed_sort(const char* name) {
  throw PyValueError::new_err(std::string(name) + " modified during sort");
}

ADDER_FUNC bool is_live(const char* kind, const Bound<PyAny>& object) noexcept {
  constexpr std::string_view module = "adder.";
  const std::string_view type = Py_TYPE(object.as_ptr())->tp_name;
  return type.substr(0, module.size()) == module && type.substr(module.size()) == kind;
}

ADDER_FUNC bool says_no_such_value(const PyErr& error) {
  return error.is_instance_of<PyTypeError>(token()) || error.is_instance_of<PyOverflowError>(token());
}

ADDER_FUNC std::size_t clamped_place(Py_ssize_t place, std::size_t size) noexcept {
  const auto end = static_cast<Py_ssize_t>(size);
  if (place < 0) place += end;
  return static_cast<std::size_t>(place < 0 ? 0 : place > end ? end : place);
}

ADDER_COLD ADDER_FUNC void refuse_place(const char* name, std::size_t at) {
  throw PyIndexError::new_err("this part stands for item " + std::to_string(at) + " of a " + name +
                              ", which has no such item any more");
}
ADDER_COLD ADDER_FUNC void refuse_size(const char* name, std::size_t wanted, std::size_t given) {
  throw PyValueError::new_err(std::string(name) + " has " + std::to_string(wanted) + " items, not " +
                              std::to_string(given));
}
ADDER_COLD ADDER_FUNC void refuse_empty_pop(const char* name) {
  throw PyKeyError::new_err(std::string("pop from an empty ") + name);
}
ADDER_FUNC void check_assigned(const Bound<PyAny>& value, bool wants_mapping, bool takes_bytes) {
  ::PyObject* object = value.as_ptr();
  const bool is_mapping = PyDict_Check(object) || PyType_HasFeature(Py_TYPE(object), Py_TPFLAGS_MAPPING);
  const bool is_text =
      PyUnicode_Check(object) || (!takes_bytes && (PyBytes_Check(object) || PyByteArray_Check(object)));
  const bool is_iterable = Py_TYPE(object)->tp_iter != nullptr || PySequence_Check(object) != 0;
  if (wants_mapping ? (is_mapping || PyObject_HasAttrString(object, "keys") != 0)
                    : is_iterable && !is_mapping && !is_text) {
    return;
  }
  throw PyErr::Access::mismatch(wants_mapping ? "a mapping" : "an iterable of items", object);
}
ADDER_FUNC Bound<PyAny> call_with(const Bound<PyAny>& object, const char* method, const Bound<PyTuple>& args) {
  const Bound<PyAny> function = object.getattr(method);
  return steal(non_null(guard_unwind(PyObject_CallObject, function.as_ptr(), args.as_ptr())));
}
ADDER_FUNC Bound<PyAny> pair_of(const Bound<PyAny>& key, const Bound<PyAny>& value) {
  return steal(non_null(guard_rare_unwind([&] { return PyTuple_Pack(2, key.as_ptr(), value.as_ptr()); })));
}
ADDER_FUNC Bound<PyAny> reduce_to(::PyTypeObject& type, const Bound<PyAny>& copy) {
  return steal(non_null(guard_rare_unwind([&] { return Py_BuildValue("O(O)", &type, copy.as_ptr()); })));
}

ADDER_FUNC Bound<PyAny> compare_objects(const Bound<PyAny>& a, const Bound<PyAny>& b, int operation) {
  return steal(non_null(guard_unwind(PyObject_RichCompare, a.as_ptr(), b.as_ptr(), operation)));
}

ADDER_FUNC Bound<PyAny> view_of(const char* view, const Bound<PyAny>& container) {
  return container.py().import("collections.abc").getattr(view).call(container);
}

ADDER_FUNC Bound<PyDict> dict_of(const Bound<PyAny>& container) {
  Bound<PyDict> dict = PyDict::new_(container.py());
  for (const Bound<PyAny>& key : container) dict.set_item(key, container.get_item(key));
  return dict;
}

ADDER_FUNC void for_each_pair(const Bound<PyAny>& source, void* context,
                              void (*use)(void* context, const Bound<PyAny>& key, const Bound<PyAny>& value)) {
  // As dict.update: what has keys() is a mapping.
  const Bound<PyAny> dict = steal(non_null(guard_rare_unwind(PyDict_New)));
  const Bound<PyAny> done =
      steal(non_null(guard_unwind([&] { return PyObject_CallMethod(dict.as_ptr(), "update", "O", source.as_ptr()); })));
  Py_ssize_t position = 0;
  ::PyObject *key = nullptr, *value = nullptr;
  while (PyDict_Next(dict.as_ptr(), &position, &key, &value) != 0) {  // Nobody else has the dict.
    use(context, borrow(key), borrow(value));
  }
}

ADDER_FUNC Bound<PyAny> iterate_keys(const Bound<PyAny>& container, const Bound<PyAny>& keys, bool is_set) {
  const Py_ssize_t size = PyList_GET_SIZE(keys.as_ptr());
  return Bound<KeyIterator>::new_(container.py(), Py<PyAny>(container), Py<PyAny>(keys), size, is_set).into_any();
}

ADDER_FUNC std::optional<Bound<PyAny>> ElementIterator::next(Python py) {
  if (ended || (reversed && at == 0)) return std::nullopt;
  std::optional<Bound<PyAny>> item = element(owner.bind(py), reversed ? at - 1 : at);
  if (!item) {
    ended = true;
  } else if (reversed) {
    --at;
  } else {
    ++at;
  }
  return item;
}

ADDER_FUNC std::optional<Bound<PyAny>> KeyIterator::next(Python) {
  const Py_ssize_t now = guard_unwind(PyObject_Size, owner.as_ptr());
  if (now < 0) throw_fetched();
  if (now != size) {
    size = -1;  // It stays an error, as a dict's iterator does.
    throw PyRuntimeError::new_err(is_set ? "set changed size during iteration"
                                         : "dictionary changed size during iteration");
  }
  if (at >= PyList_GET_SIZE(keys.as_ptr())) return std::nullopt;
  return borrow(PyList_GET_ITEM(keys.as_ptr(), at++));
}

}  // namespace detail

ADDER_FUNC void PyClass<detail::KeyIterator>::define(ClassBuilder<detail::KeyIterator>& cls) {
  cls.slot(Py_tp_iter, reinterpret_cast<void*>(&PyObject_SelfIter));
  cls.def<"__next__", &detail::KeyIterator::next>();
}
ADDER_FUNC void PyClass<detail::ElementIterator>::define(ClassBuilder<detail::ElementIterator>& cls) {
  cls.slot(Py_tp_iter, reinterpret_cast<void*>(&PyObject_SelfIter));
  cls.def<"__next__", &detail::ElementIterator::next>();
  cls.def<&detail::ElementIterator::left>("__length_hint__");
}

}  // namespace adder::inline ADDER_ABI
