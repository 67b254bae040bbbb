// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of filesystem.hpp.
#pragma once
#include "adder/call/call.hpp"
#include "adder/stl/filesystem.hpp"
#include "adder/types/type.hpp"

#include <cstddef>
#include <string>

namespace adder::inline ADDER_ABI {

ADDER_FUNC PyResult<std::filesystem::path> FromPyObject<std::filesystem::path>::extract(const Bound<PyAny>& object) {
  ::PyObject* source = object.as_ptr();
  if (!PyUnicode_Check(source) && !PyBytes_Check(source) &&
      _PyType_Lookup(Py_TYPE(source), Interned<"__fspath__">::get(detail::token())) == nullptr) {
    return PyErr::Access::mismatch(expected(), source);
  }
  ::PyObject* bytes = nullptr;
  if (detail::guard_unwind([&] { return PyUnicode_FSConverter(source, &bytes); }) == 0) {
    return PyErr::fetch(object.py());
  }
  const Bound<PyAny> owner = detail::steal(bytes);
  return std::filesystem::path(
      std::string(PyBytes_AS_STRING(bytes), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes))));
}

ADDER_FUNC PyResult<Bound<PyAny>> IntoPyObject<std::filesystem::path>::into_py(Python py,
                                                                               const std::filesystem::path& path) {
  const std::string& text = path.native();
  ::PyObject* name = PyUnicode_DecodeFSDefaultAndSize(text.data(), static_cast<Py_ssize_t>(text.size()));
  if (name == nullptr) return PyErr::fetch(py);
  const Bound<PyAny> owner = detail::steal(name);
  try {
    return py.get_type<Path>().call(owner);
  } catch (const PyErr& error) {
    return error;
  }
}

}  // namespace adder::inline ADDER_ABI
