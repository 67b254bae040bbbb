// SPDX-License-Identifier: MIT
/// @file
/// @brief Classes, enums and namespaces that bind themselves, by reflection of C++26. Not part of adder.hpp.
///
/// @code
/// template <>
/// struct adder::PyClass<Account> : adder::Reflected<Account> {};   // one class, which knows nothing of Python
///
/// template <>
/// inline constexpr bool adder::reflected<^^geometry> = true;       // all classes and enums of a namespace
///
/// ADDER_MODULE(bank, m) {
///   m.add_class<Account>();
///   m.add_namespace<^^geometry>();                                 // they, its functions and constants
/// }
/// @endcode
/// What is public is bound as one would by hand, by the same calls of the builder: docs/guide/reflection.md says what
/// becomes what. Private members are not bound; the garbage collector and the checks of what crosses threads see them.
///
/// Needs g++ 16 with -std=c++26 -freflection.
#pragma once
#include "adder/reflect/detail/needs_reflection.hpp"  // IWYU pragma: keep (an error where there is none)
#if defined(__cpp_impl_reflection)
#include "adder/reflect/annotations.hpp"  // IWYU pragma: export (what a class says about itself)
#include "adder/reflect/detail/bind.hpp"

#include <meta>
#include <type_traits>

namespace adder::inline ADDER_ABI {

namespace detail {

/// `base`, where there is one.
template <class T>
struct BaseOfReflected {};
template <class T>
  requires(base_in_python(^^T) != std::meta::info())
struct BaseOfReflected<T> {
  using base = [:base_in_python(^^T):];
};

template <class T>
consteval const char* reflected_name() {
  static_assert(std::meta::has_identifier(^^T) || has_annotation<renamed>(^^T),
                "adder: Reflected<T>: an instance of a template has no name of its own: give it one in PyClass<T>, "
                "`static constexpr auto name = \"...\"`");
  return std::define_static_string(class_name(^^T));
}

}  // namespace detail

/// @brief A PyClass that binds what is public in T. The specialisation that derives from it may have options, and a
/// `define` of its own that calls this one.
/// @tparam Hidden  Names of members that Python does not see: `Reflected<Shape, "draw", "operator+">`.
template <class T, detail::FixedString... Hidden>
struct Reflected : detail::BaseOfReflected<T> {
  /// Not for users.
  using reflected_class = T;
  /// @brief That of C++; of a class in a pyclass, "Outer.Inner".
  static constexpr const char* name = detail::reflected_name<T>();
  /// @brief What `[[=adder::doc("...")]]` says.
  static constexpr const char* doc = detail::doc_of(^^T) == nullptr ? "" : detail::doc_of(^^T);
  /// @brief Where T has operator== for itself alone.
  static constexpr bool eq = detail::has_plain_equality<T>();
  /// @brief Where it has operator<=>, too.
  static constexpr bool order = detail::has_plain_order<T>();
  /// @brief All of them, private ones and those of bases as well.
  using fields = detail::FieldsOfClass<T>;
  /// @brief Binds constructors, methods, fields, operators, constants, and the enums and pyclasses inside of T.
  static void define(ClassBuilder<T>& cls) { detail::define_reflected<T, Hidden...>(cls); }
};

/// @brief The PyClass of a class that is `reflected`, or says of itself `[[=adder::pyclass]]`. Of a namespace, those
/// classes that another one of it derives from can be derived from in Python as well.
template <class T>
  requires(std::is_class_v<T> && detail::is_reflected_type<T>())
struct PyClass<T> : Reflected<T> {
  /// @brief Whether Python classes may derive from it.
  static constexpr bool subclass = detail::has_derived_class(^^T);
};

/// @brief The PyEnum of an enum that is `reflected`, says of itself `[[=adder::pyclass]]`, or is public in a class
/// that is bound by reflection.
template <class E>
  requires(detail::is_reflected_enum<E>())
struct PyEnum<E> {
  /// @brief That of C++.
  static constexpr const char* name = detail::python_name(^^E);
  /// @brief What `[[=adder::doc("...")]]` says.
  static constexpr const char* doc = detail::doc_of(^^E);
  /// @brief What `[[=adder::EnumKind::flag]]` says; else `enum.Enum`.
  static constexpr EnumKind kind = detail::kind_of_enum<E>();
  /// @brief All of C++, but for hidden ones.
  static constexpr auto& members = detail::MembersOfEnum<E>::members;
};

}  // namespace adder::inline ADDER_ABI
#endif
