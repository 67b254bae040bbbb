// SPDX-License-Identifier: MIT
/// @file
/// @brief What a conversion says about the Python type that it stands for, for stub files: one line in the traits.
///
/// @code
/// template <>
/// struct adder::FromPyObject<Celsius> {
///   static constexpr const char* input_type = "float";
///   static adder::PyResult<Celsius> extract(const adder::Bound<adder::PyAny>& object);
/// };
/// template <class T>
/// struct adder::IntoPyObject<Matrix<T>> {
///   static constexpr auto output_type = adder::type_hint<"list[list[{}]]", T>;
///   ...
/// };
/// @endcode
/// A conversion without such a line is `typing.Any` in stubs. Names are written in full, `decimal.Decimal`, but for
/// those of builtins. Nothing of it is in the module that ships.
#pragma once
#include "adder/base/detail/meta.hpp"

namespace adder::inline ADDER_ABI {

/// @brief The type of type_hint.
template <detail::FixedString Text, class... T>
struct TypeHint {};

/// @brief A Python type that depends on those of C++ types: for each `{}` stands the Python type of the next T; for
/// `{|}` the union of all that are left, for `{,}` a list of them.
/// @tparam Text  A Python expression: "dict[str, {}]", "tuple[{,}]".
/// @tparam T     C++ types that convert the same way.
/// @pyo3{INPUT_TYPE, OUTPUT_TYPE}
template <detail::FixedString Text, class... T>
inline constexpr TypeHint<Text, T...> type_hint;

}  // namespace adder::inline ADDER_ABI
