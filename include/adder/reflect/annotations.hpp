// SPDX-License-Identifier: MIT
/// @file
/// @brief What a class says about its Python side, in its own declaration: `[[=adder::doc("...")]]`. For reflect.hpp.
///
/// | annotation                        | at                              | meaning                                      |
/// |-----------------------------------|---------------------------------|----------------------------------------------|
/// | `[[=adder::doc("text")]]`         | class, function, field, enum    | the docstring                                |
/// | `[[=adder::hide]]`                | all that would be bound         | Python does not see it                       |
/// | `[[=adder::renamed("name")]]`     | all that would be bound         | its name in Python; a dunder goes to its slot |
/// | `[[=adder::getter]]`              | field, function                 | `cls.getter`: a field that can only be read, a function that is an attribute |
/// | `[[=adder::setter]]`              | function of one argument        | `cls.setter` of the attribute that it is renamed to |
/// | `[[=adder::defaults_to(3)]]`      | parameter                       | the default that Python sees                 |
/// | `[[=adder::release_gil]]`         | function                        | the GIL is released while it runs            |
/// | `[[=adder::pyclass]]`             | class, enum                     | it is a Python class without a further line  |
/// | `[[=adder::EnumKind::flag]]`      | enum                            | `kind` of its PyEnum                         |
#pragma once
#include "adder/reflect/detail/needs_reflection.hpp"  // IWYU pragma: keep (an error where there is none)
#if defined(__cpp_impl_reflection)
#include "adder/base/config.hpp"

#include <cstddef>
#include <meta>
#include <string_view>
#include <type_traits>

namespace adder::inline ADDER_ABI {

/// @brief As an annotation: the docstring of what it stands at.
struct doc {  // NOLINT(readability-identifier-naming): reads like arg
  /// @brief Takes a literal, which is kept.
  template <std::size_t N>
  consteval explicit doc(const char (&literal)[N])
      : text(std::define_static_string(std::string_view(literal, N - 1))) {}
  const char* text;  ///< UTF-8.
};
/// @brief As an annotation: the name that Python sees.
struct renamed {  // NOLINT(readability-identifier-naming): reads like arg
  /// @brief Takes a literal, which is kept.
  template <std::size_t N>
  consteval explicit renamed(const char (&literal)[N])
      : text(std::define_static_string(std::string_view(literal, N - 1))) {}
  const char* text;  ///< An identifier of Python; of a class perhaps with dots.
};

namespace detail {
struct Hide {};
struct AsGetter {};
struct AsSetter {};
struct AsPyClass {};
template <class V>
struct DefaultValue {
  V value;
};
}  // namespace detail

/// @brief Specialised with `true` for a class, an enum or a namespace, it makes a PyClass or PyEnum of each class and
/// enum in there: `template <> inline constexpr bool adder::reflected<^^geometry> = true;`. Above their first use.
template <std::meta::info Entity>
inline constexpr bool reflected = false;

/// @brief As an annotation: Python does not see it.
inline constexpr detail::Hide hide;
/// @brief As an annotation: a field that can only be read, or a function without parameters that is an attribute.
inline constexpr detail::AsGetter getter;
/// @brief As an annotation: a function that an assignment to the attribute of its name calls.
inline constexpr detail::AsSetter setter;
/// @brief As an annotation of a class or enum: it is one in Python as well, bound as Reflected binds it.
inline constexpr detail::AsPyClass pyclass;
/// @brief As an annotation of a parameter: the default that Python sees. C++ does not let anybody read its own.
template <class V>
  requires(!std::is_array_v<V>)
consteval detail::DefaultValue<V> defaults_to(V value) {
  return {value};
}
/// @brief The same of text.
template <std::size_t N>
consteval detail::DefaultValue<const char*> defaults_to(const char (&literal)[N]) {
  return {std::define_static_string(std::string_view(literal, N - 1))};
}

}  // namespace adder::inline ADDER_ABI
#endif
