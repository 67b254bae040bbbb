// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of filesystem.hpp.
#pragma once
#include "adder/call/call.hpp"
#include "adder/stl/filesystem.hpp"
#include "adder/types/type.hpp"

#include <cstddef>
#include <string>
#include <utility>

namespace adder::inline ADDER_ABI {

ADDER_FUNC PyResult<std::filesystem::path> FromPyObject<std::filesystem::path>::extract(const Bound<PyAny>& object) {
  ::PyObject* source = object.as_ptr();
  if (!PyUnicode_Check(source) && !PyBytes_Check(source) &&
      _PyType_Lookup(Py_TYPE(source), Interned<"__fspath__">::get(detail::token())) == nullptr) {
    return PyErr::Access::mismatch(expected(), source);
  }
  ::PyObject* name = nullptr;
#if defined(_WIN32)  // Names are UTF-16 there.
  if (detail::guard_unwind(PyUnicode_FSDecoder, source, &name) == 0) {
    return PyErr::fetch(object.py());
  }
  const Bound<PyAny> owner = detail::steal(name);
  const Py_ssize_t size = PyUnicode_AsWideChar(name, nullptr, 0);  // With the null at the end.
  if (size < 0) return PyErr::fetch(object.py());
  std::filesystem::path::string_type text(static_cast<std::size_t>(size), L'\0');
  if (PyUnicode_AsWideChar(name, text.data(), size) < 0) return PyErr::fetch(object.py());
  text.pop_back();
  return std::filesystem::path(std::move(text));
#else
  if (detail::guard_unwind(PyUnicode_FSConverter, source, &name) == 0) {
    return PyErr::fetch(object.py());
  }
  const Bound<PyAny> owner = detail::steal(name);
  return std::filesystem::path(std::string(PyBytes_AS_STRING(name), static_cast<std::size_t>(PyBytes_GET_SIZE(name))));
#endif
}

ADDER_FUNC PyResult<Bound<PyAny>> IntoPyObject<std::filesystem::path>::into_py(Python py,
                                                                               const std::filesystem::path& path) {
  const std::filesystem::path::string_type& text = path.native();
  const auto size = static_cast<Py_ssize_t>(text.size());
#if defined(_WIN32)
  ::PyObject* name = PyUnicode_FromWideChar(text.data(), size);
#else
  ::PyObject* name = PyUnicode_DecodeFSDefaultAndSize(text.data(), size);
#endif
  if (name == nullptr) return PyErr::fetch(py);
  const Bound<PyAny> owner = detail::steal(name);
  try {
    return py.get_type<Path>().call(owner);
  } catch (const PyErr& error) {
    return error;
  }
}

}  // namespace adder::inline ADDER_ABI
