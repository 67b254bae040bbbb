// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::filesystem::path` from `str`, `bytes` and `os.PathLike`, and to `pathlib.Path`. File
/// names that are no UTF-8 survive, as in Python's own functions (`os.fsencode`).
#pragma once
#include "adder/call/call.hpp"
#include "adder/types/type.hpp"

#include <filesystem>

namespace adder::inline ADDER_ABI {

template <>
struct FromPyObject<std::filesystem::path> {
  static constexpr const char* expected() noexcept { return "str, bytes or os.PathLike"; }
  static PyResult<std::filesystem::path> extract(const Bound<PyAny>& object) {
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
};
template <>
struct IntoPyObject<std::filesystem::path> {
  static PyResult<Bound<PyAny>> into_py(Python py, const std::filesystem::path& path) {
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

 private:
  struct Path : ImportedType<"pathlib", "Path"> {};
};

}  // namespace adder::inline ADDER_ABI
