// SPDX-License-Identifier: MIT
/// @file
/// @brief Why a type does not convert, in words. Instantiated only where one does not.
#pragma once
#include "adder/object/type_info.hpp"

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace adder::inline ADDER_ABI::detail {

/// What a type is that no conversion is known of.
enum class Stranger : unsigned char {
  raw_object,
  text_pointer,
  function_pointer,
  pointer,
  incomplete,
  enumeration,
  class_type,
  other,
  smart_pointer,
  tag,
  null_pointer,
  function,
  clock_time,
  other_span,
  // What a header of adder/stl/ converts.
  array,
  chrono,
  complex,
  deque,
  expected,
  filesystem,
  list,
  map,
  optional,
  pair,
  set,
  span,
  string,
  tuple,
  unordered_map,
  unordered_set,
  variant,
  vector,
};

struct NamedStranger {
  const char* name;
  Stranger what;
};
/// The standard type behind a name, which adder knows without having seen its header.
template <class T>
consteval Stranger standard_stranger() {
  constexpr NamedStranger all[] = {{"shared_ptr", Stranger::smart_pointer},
                                   {"unique_ptr", Stranger::smart_pointer},
                                   {"weak_ptr", Stranger::smart_pointer},
                                   {"function", Stranger::function},
                                   {"move_only_function", Stranger::function},
                                   {"time_point", Stranger::clock_time},
                                   {"duration", Stranger::chrono},
                                   {"year_month_day", Stranger::chrono},
                                   {"path", Stranger::filesystem},
                                   {"optional", Stranger::optional},
                                   {"nullopt_t", Stranger::optional},
                                   {"variant", Stranger::variant},
                                   {"monostate", Stranger::variant},
                                   {"span", Stranger::span},
                                   {"complex", Stranger::complex},
                                   {"expected", Stranger::expected},
                                   {"array", Stranger::array},
                                   {"pair", Stranger::pair},
                                   {"tuple", Stranger::tuple},
                                   {"map", Stranger::map},
                                   {"set", Stranger::set},
                                   {"unordered_map", Stranger::unordered_map},
                                   {"unordered_set", Stranger::unordered_set},
                                   {"basic_string", Stranger::string},
                                   {"vector", Stranger::vector},
                                   {"list", Stranger::list},
                                   {"deque", Stranger::deque},
                                   {"", Stranger::other}};
  constexpr std::string_view name = type_name<T>(), short_name = template_name(name);
  const NamedStranger* found = all;
  while (found->what != Stranger::other && short_name != found->name) ++found;
  if (found->what == Stranger::clock_time) {
    const bool is_date = name.find("system_clock") != name.npos || name.find("local_t") != name.npos;
    return is_date ? Stranger::chrono : Stranger::clock_time;
  }
  if constexpr (requires { typename T::element_type; }) {
    if (found->what == Stranger::span && !std::is_same_v<typename T::element_type, const std::byte>) {
      return Stranger::other_span;
    }
  }
  if constexpr (requires { typename T::allocator_type; }) {
    // Only with the allocator that they have by default; of sets and maps that does not matter.
    const bool any = requires { typename T::key_type; };
    if (!any && template_name(type_name<typename T::allocator_type>()) != "allocator") return Stranger::other;
  }
  return found->what;
}

template <class T>
consteval Stranger stranger() {
  if constexpr (std::is_same_v<T, ::PyObject*>) {
    return Stranger::raw_object;
  } else if constexpr (std::is_pointer_v<T>) {
    using Pointee = std::remove_cv_t<std::remove_pointer_t<T>>;
    if (std::is_function_v<Pointee>) return Stranger::function_pointer;
    return std::is_same_v<Pointee, char> ? Stranger::text_pointer : Stranger::pointer;
  } else if constexpr (std::is_enum_v<T>) {
    return Stranger::enumeration;
  } else if constexpr (std::is_null_pointer_v<T>) {
    return Stranger::null_pointer;
  } else if constexpr (!std::is_class_v<T> && !std::is_union_v<T>) {
    return Stranger::other;
  } else if constexpr (!requires { sizeof(T); }) {
    return Stranger::incomplete;
  } else if constexpr (requires { T::python_name; }) {
    return Stranger::tag;
  } else if constexpr (starts_with(type_name<T>(), "std::")) {
    return standard_stranger<T>();
  } else {
    return Stranger::class_type;
  }
}

/// What is said of a type in both directions.
template <class T>
struct Strange {
  static constexpr Stranger what = stranger<T>();
  static_assert(
      what != Stranger::smart_pointer,
      "adder: a smart pointer to a pyclass converts once its PyClass has a holder, `using holder = "
      "std::shared_ptr<T>`, "
      "and \"adder/class/holder.hpp\" is included, above the first use. Else take const T&, T&, or Bound<T> and Py<T>, "
      "which keep the object; return the value, or a Bound<T> made by Bound<T>::new_");
  static_assert(
      what != Stranger::function,
      "adder: std::function and its kin convert once \"adder/stl/functional.hpp\" is included, above the first "
      "use");
  static_assert(what != Stranger::array,
                "adder: std::array converts once \"adder/stl/array.hpp\" is included, above the first use");
  static_assert(
      what != Stranger::chrono,
      "adder: the times of std::chrono convert once \"adder/stl/chrono.hpp\" is included, above the first use");
  static_assert(what != Stranger::complex,
                "adder: std::complex converts once \"adder/stl/complex.hpp\" is included, above the first use");
  static_assert(what != Stranger::deque,
                "adder: std::deque converts once \"adder/stl/deque.hpp\" is included, above the first use");
  static_assert(
      what != Stranger::expected,
      "adder: std::expected<T, PyErr> converts once \"adder/stl/expected.hpp\" is included, above the first use");
  static_assert(
      what != Stranger::filesystem,
      "adder: std::filesystem::path converts once \"adder/stl/filesystem.hpp\" is included, above the first use");
  static_assert(what != Stranger::list,
                "adder: std::list converts once \"adder/stl/list.hpp\" is included, above the first use");
  static_assert(what != Stranger::map,
                "adder: std::map converts once \"adder/stl/map.hpp\" is included, above the first use");
  static_assert(what != Stranger::optional,
                "adder: std::optional converts once \"adder/stl/optional.hpp\" is included, above the first use");
  static_assert(what != Stranger::pair,
                "adder: std::pair converts once \"adder/stl/pair.hpp\" is included, above the first use");
  static_assert(what != Stranger::set,
                "adder: std::set converts once \"adder/stl/set.hpp\" is included, above the first use");
  static_assert(
      what != Stranger::span,
      "adder: std::span<const std::byte> converts once \"adder/stl/span.hpp\" is included, above the first use");
  static_assert(
      what != Stranger::string,
      "adder: std::string and its kin convert once \"adder/stl/string.hpp\" is included, above the first use");
  static_assert(what != Stranger::tuple,
                "adder: std::tuple converts once \"adder/stl/tuple.hpp\" is included, above the first use");
  static_assert(
      what != Stranger::unordered_map,
      "adder: std::unordered_map converts once \"adder/stl/unordered_map.hpp\" is included, above the first use");
  static_assert(
      what != Stranger::unordered_set,
      "adder: std::unordered_set converts once \"adder/stl/unordered_set.hpp\" is included, above the first use");
  static_assert(what != Stranger::variant,
                "adder: std::variant converts once \"adder/stl/variant.hpp\" is included, above the first use");
  static_assert(what != Stranger::vector,
                "adder: std::vector converts once \"adder/stl/vector.hpp\" is included, above the first use");
  static_assert(what != Stranger::tag,
                "adder: PyList and its kin are the names of Python's types, and no objects: take const Bound<PyList>&, "
                "return Bound<PyList>, keep Py<PyList>");
  static_assert(what != Stranger::null_pointer,
                "adder: a nullptr does not convert: None is py.None(), or std::nullopt, of \"adder/stl/optional.hpp\"");
  static_assert(what != Stranger::incomplete,
                "adder: no conversion of a class that is only declared here: include the header that defines it, above "
                "the first use");
};

/// Parameters, extract().
template <class T>
struct NoConversionFromPy : Strange<T> {
  using Strange<T>::what;
  static_assert(what != Stranger::raw_object,
                "adder: no conversion from a Python object to T: a raw PyObject* does not say who owns it. Take const "
                "Bound<PyAny>&, Bound<PyAny> or Py<PyAny>");
  static_assert(what != Stranger::text_pointer,
                "adder: no conversion from a Python object to T: a const char* would not say how long the text lives. "
                "Take std::string_view; or std::string, with \"adder/stl/string.hpp\"");
  static_assert(what != Stranger::function_pointer,
                "adder: no conversion from a Python object to T: no Python object is a C++ function. Take a "
                "std::function, with \"adder/stl/functional.hpp\"; or const Bound<PyAny>&, and call it");
  static_assert(what != Stranger::pointer,
                "adder: no conversion from a Python object to T: a raw pointer does not say who owns what it points "
                "to. Of a pyclass take const T&, T& or Bound<T>, and std::optional<Bound<T>> for one that may be None; "
                "of all else take a value");
  static_assert(what != Stranger::clock_time,
                "adder: no conversion from a Python object to T: the time of this clock means nothing to Python. Take "
                "a std::chrono duration, or sys_time or local_time of a date, with \"adder/stl/chrono.hpp\"");
  static_assert(what != Stranger::other_span,
                "adder: no conversion from a Python object to T: of spans there is but std::span<const std::byte>. "
                "Take std::vector<T>, with \"adder/stl/vector.hpp\"; or const Array<const T>&, with "
                "\"adder/array/array.hpp\", which is numpy's memory itself");
  static_assert(what != Stranger::enumeration,
                "adder: no conversion from a Python object to T, an enum. Specialise adder::PyEnum<T>, of "
                "\"adder/class/enum.hpp\", above the first use, and add_enum<T>(): it is a Python enum. Or specialise "
                "adder::FromPyObject<T>: for plain numbers in a line, by EnumAsInt of \"adder/types/fields.hpp\"");
  static_assert(
      what != Stranger::class_type,
      "adder: no conversion from a Python object to T, a class. Specialise adder::PyClass<T>, with a name, "
      "above the first use, and it is a Python class. Specialise adder::FromPyObject<T> instead, and its value is "
      "converted: by fields, with \"adder/types/fields.hpp\"");
  static_assert(
      what != Stranger::other,
      "adder: no conversion from a Python object to T. Specialise adder::FromPyObject<T>, above the first use");
};

/// Results, arguments of calls into Python.
template <class T>
struct NoConversionIntoPy : Strange<T> {
  using Strange<T>::what;
  static_assert(what != Stranger::raw_object,
                "adder: no conversion from T to a Python object: return a handle instead of a raw PyObject*, which "
                "does not say who owns it: Bound<PyAny>::from_owned_ptr or from_borrowed_ptr");
  static_assert(what != Stranger::text_pointer,
                "adder: no conversion from T to a Python object: take std::string_view");
  static_assert(what != Stranger::function_pointer,
                "adder: no conversion from T to a Python object: pointers to functions convert once "
                "\"adder/stl/functional.hpp\" is included, above the first use");
  static_assert(what != Stranger::pointer,
                "adder: no conversion from T to a Python object: a raw pointer does not say who owns what it points "
                "to. Return a value, or std::optional of one; or Bound<T> or Py<T> of a pyclass, whose object owns it; "
                "of what belongs to an argument make a live part, def<part_of<&f>>, with \"adder/class/part.hpp\"");
  static_assert(what != Stranger::clock_time,
                "adder: no conversion from T to a Python object: the time of this clock means nothing to Python. "
                "Return a std::chrono duration, or sys_time or local_time of a date, with \"adder/stl/chrono.hpp\"");
  static_assert(what != Stranger::other_span,
                "adder: no conversion from T to a Python object: of spans there is but std::span<const std::byte>. "
                "Return std::vector<T>, with \"adder/stl/vector.hpp\"");
  static_assert(what != Stranger::enumeration,
                "adder: no conversion from T to a Python object, an enum. Specialise adder::PyEnum<T>, of "
                "\"adder/class/enum.hpp\", above the first use, and add_enum<T>(): it is a Python enum. Or specialise "
                "adder::IntoPyObject<T>: for plain numbers in a line, by EnumAsInt of \"adder/types/fields.hpp\"");
  static_assert(
      what != Stranger::class_type,
      "adder: no conversion from T to a Python object, a class. Specialise adder::PyClass<T>, with a name, "
      "above the first use, and it is a Python class. Specialise adder::IntoPyObject<T> instead, and its value is "
      "converted: by fields, with \"adder/types/fields.hpp\"");
  static_assert(
      what != Stranger::other,
      "adder: no conversion from T to a Python object. Specialise adder::IntoPyObject<T>, above the first use");
};

}  // namespace adder::inline ADDER_ABI::detail
