// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::filesystem::path` from `str`, `bytes` and `os.PathLike`, and to `pathlib.Path`. File
/// names that are no UTF-8 survive, as in Python's own functions (`os.fsencode`).
#pragma once
#include "adder/convert/basic.hpp"

#include <filesystem>

namespace adder::inline ADDER_ABI {

template <>
struct FromPyObject<std::filesystem::path> {
  static constexpr const char* expected() noexcept { return "str, bytes or os.PathLike"; }
  static PyResult<std::filesystem::path> extract(const Bound<PyAny>& object);
};
template <>
struct IntoPyObject<std::filesystem::path> {
  static PyResult<Bound<PyAny>> into_py(Python py, const std::filesystem::path& path);

 private:
  struct Path : ImportedType<"pathlib", "Path"> {};
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/stl/detail/filesystem_inl.hpp"
#endif
