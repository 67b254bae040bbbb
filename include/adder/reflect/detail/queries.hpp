// SPDX-License-Identifier: MIT
/// @file
/// @brief What is asked of C++ about a class: which members are bound, under which names, with which parameters.
#pragma once
#include "adder/reflect/annotations.hpp"
#if defined(__cpp_impl_reflection)
#include "adder/class/enum.hpp"

#include <cstddef>
#include <meta>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace adder::inline ADDER_ABI::detail {

namespace meta = std::meta;
using Info = meta::info;

// --- Annotations -----------------------------------------------------------------------------------------------------

/// The annotation of that type; a null reflection where there is none.
consteval Info annotation_of(Info entity, Info type) {
  if (meta::is_template(entity) || meta::is_type_alias(entity)) return Info();
  for (const Info annotation : meta::annotations_of(entity)) {
    if (meta::remove_cv(meta::type_of(annotation)) == type) return annotation;
  }
  return Info();
}
template <class A>
consteval bool has_annotation(Info entity) {
  return annotation_of(entity, ^^A) != Info();
}
/// Null where there is none.
consteval const char* doc_of(Info entity) {
  const Info annotation = annotation_of(entity, ^^doc);
  return annotation == Info() ? nullptr : meta::extract<doc>(annotation).text;
}
/// The default of a parameter that an annotation names.
consteval Info default_of(Info parameter) {
  for (const Info annotation : meta::annotations_of(parameter)) {
    const Info type = meta::remove_cv(meta::type_of(annotation));
    if (meta::has_template_arguments(type) && meta::template_of(type) == ^^DefaultValue) return annotation;
  }
  return Info();
}

// --- Names -----------------------------------------------------------------------------------------------------------

/// Empty where there is none.
consteval std::string name_in_python(Info entity) {
  const Info annotation = annotation_of(entity, ^^renamed);
  if (annotation != Info()) return meta::extract<renamed>(annotation).text;
  if (!meta::has_identifier(entity)) return {};
  std::string name(meta::identifier_of(entity));
  if (is_keyword(name.c_str())) name += '_';
  return name;
}
consteval const char* python_name(Info entity) { return std::define_static_string(name_in_python(entity)); }
consteval bool is_dunder(std::string_view name) {
  return name.size() > 4 && name.starts_with("__") && name.ends_with("__");
}

/// The dunder that a C++ operator is; empty where Python has none.
/// @param operands  How many there are, the object among them.
consteval std::string_view dunder_of(meta::operators which, std::size_t operands) {
  using enum meta::operators;
  const bool unary = operands == 1;
  switch (which) {
    case op_plus:
      return unary ? "__pos__" : "__add__";
    case op_minus:
      return unary ? "__neg__" : "__sub__";
    case op_star:
      return unary ? "" : "__mul__";
    case op_slash:
      return "__truediv__";
    case op_percent:
      return "__mod__";
    case op_caret:
      return "__xor__";
    case op_ampersand:
      return unary ? "" : "__and__";
    case op_pipe:
      return "__or__";
    case op_tilde:
      return "__invert__";
    case op_less_less:
      return "__lshift__";
    case op_greater_greater:
      return "__rshift__";
    case op_plus_equals:
      return "__iadd__";
    case op_minus_equals:
      return "__isub__";
    case op_star_equals:
      return "__imul__";
    case op_slash_equals:
      return "__itruediv__";
    case op_percent_equals:
      return "__imod__";
    case op_caret_equals:
      return "__ixor__";
    case op_ampersand_equals:
      return "__iand__";
    case op_pipe_equals:
      return "__ior__";
    case op_less_less_equals:
      return "__ilshift__";
    case op_greater_greater_equals:
      return "__irshift__";
    case op_equals_equals:
      return "__eq__";
    case op_exclamation_equals:
      return "__ne__";
    case op_less:
      return "__lt__";
    case op_less_equals:
      return "__le__";
    case op_greater:
      return "__gt__";
    case op_greater_equals:
      return "__ge__";
    case op_parentheses:
      return "__call__";
    case op_square_brackets:
      return operands == 2 ? "__getitem__" : "";
    default:
      return "";
  }
}

// --- Which classes are bound by reflection ---------------------------------------------------------------------------

/// Whether an entity, or what it is in, is `reflected`.
template <Info Entity>
consteval bool is_reflected() {
  if constexpr (reflected<Entity>) {
    return true;
  } else if constexpr (meta::has_parent(Entity)) {
    constexpr Info parent = meta::parent_of(Entity);
    constexpr bool is_scope = parent != ^^::&&(meta::is_namespace(parent) || meta::is_type(parent));
    if constexpr (is_scope) return is_reflected<parent>();
  }
  return false;
}
template <class T>
consteval bool is_reflected_type() {
  if constexpr (std::is_class_v<T> || std::is_enum_v<T>) {
    return !has_annotation<Hide>(^^T) && (has_annotation<AsPyClass>(^^T) || is_reflected<^^T>());
  } else {
    return false;
  }
}

template <class T>
inline constexpr bool is_pyclass = IsPyClass<T>;
consteval bool is_pyclass_type(Info type) {
  return meta::extract<bool>(meta::substitute(^^is_pyclass, {
                                                                meta::dealias(type)}));
}
/// The first public base class that Python knows; a null reflection where there is none.
consteval Info base_in_python(Info type) {
  for (const Info base : meta::bases_of(type, meta::access_context::unprivileged())) {
    if (is_pyclass_type(meta::type_of(base))) return meta::type_of(base);
  }
  return Info();
}
/// Its name in Python: of a class in a pyclass with that in front.
consteval std::string class_name(Info type) {
  std::string name = name_in_python(type);
  const Info outer = meta::parent_of(type);
  if (!name.empty() && meta::is_type(outer) && is_pyclass_type(outer)) name = class_name(outer) + "." + name;
  return name;
}
/// Whether another class of the same scope derives from it.
consteval bool has_derived_class(Info type) {
  for (const Info other : meta::members_of(meta::parent_of(type), meta::access_context::unprivileged())) {
    if (!meta::is_type(other) || meta::is_type_alias(other) || !meta::is_class_type(other)) continue;
    if (!meta::is_complete_type(other)) continue;
    for (const Info base : meta::bases_of(other, meta::access_context::unprivileged())) {
      if (meta::type_of(base) == type) return true;
    }
  }
  return false;
}

// --- Members ---------------------------------------------------------------------------------------------------------

/// The operands of an operator, the object among them.
consteval std::size_t operands_of(Info function) {
  return meta::parameters_of(function).size() +
         (meta::is_class_member(function) && !meta::is_static_member(function) ? 1 : 0);
}
consteval bool is_bindable_function(Info member) {
  if (!meta::is_function(member) || meta::is_deleted(member)) return false;
  if (meta::is_constructor(member) || meta::is_destructor(member)) return false;
  if (meta::is_special_member_function(member) || meta::is_conversion_function(member)) return false;
  return !meta::is_rvalue_reference_qualified(member) && !meta::is_volatile(member) &&
         !meta::is_vararg_function(member);
}
/// The dunder that an operator is bound as; empty for those that are not.
consteval std::string dunder_name(Info member) {
  if (!meta::is_operator_function(member)) return {};
  const Info annotation = annotation_of(member, ^^renamed);
  if (annotation != Info()) return meta::extract<renamed>(annotation).text;
  const meta::operators which = meta::operator_of(member);
  if (which == meta::operators::op_square_brackets && meta::is_class_member(member)) {
    // C++ does not look whether an index is in range. Who does says so by an annotation.
    const auto parameters = meta::parameters_of(member);
    if (parameters.size() != 1) return {};
    if (meta::is_integral_type(meta::remove_cvref(meta::type_of(parameters[0])))) return {};
  }
  return std::string(dunder_of(which, operands_of(member)));
}
/// What PyClass's author calls it who hides it: "size", "operator+".
consteval std::string name_in_cpp(Info member) {
  if (meta::is_function(member) && meta::is_operator_function(member)) {
    return "operator" + std::string(meta::symbol_of(meta::operator_of(member)));
  }
  return meta::has_identifier(member) ? std::string(meta::identifier_of(member)) : std::string();
}

/// The public members of a class and of those bases that Python does not know, hidden ones left out.
consteval void add_members(Info type, std::vector<Info>& members) {
  const std::size_t own = members.size();
  for (const Info member : meta::members_of(type, meta::access_context::unprivileged())) {
    if (meta::is_template(member) || (meta::is_type(member) && meta::is_type_alias(member))) continue;
    if (meta::is_function(member) && !is_bindable_function(member) && !meta::is_conversion_function(member)) {
      continue;  // g++ 16 defines implicit functions that a constant array names: copies that C++ never makes.
    }
    if (has_annotation<Hide>(member)) continue;
    bool is_overshadowed = false;
    for (std::size_t i = 0; i < own; ++i) is_overshadowed |= name_in_cpp(members[i]) == name_in_cpp(member);
    for (const Info other : members) is_overshadowed |= other == member;  // There is another way to a virtual base.
    if (!is_overshadowed) members.push_back(member);
  }
  for (const Info base : meta::bases_of(type, meta::access_context::unprivileged())) {
    if (!is_pyclass_type(meta::type_of(base))) add_members(meta::type_of(base), members);
  }
}
template <class T, FixedString... Hidden>
consteval auto members_to_bind() {
  std::vector<Info> all, members;
  add_members(^^T, all);
  for (const Info member : all) {
    if (((name_in_cpp(member) != Hidden.view()) && ...)) members.push_back(member);
  }
  return std::define_static_array(members);
}
template <class T>
consteval bool has_member_called(std::string_view name) {
  std::vector<Info> members;
  add_members(^^T, members);
  for (const Info member : members) {
    if (name_in_cpp(member) == name) return true;
  }
  return false;
}

// --- Functions -------------------------------------------------------------------------------------------------------

/// A function as it is called with its first arguments: C++ fills in the others, whose values nobody can read.
struct CallOf {
  Info function;
  std::size_t arguments;
  bool operator==(const CallOf&) const = default;
};
consteval void add_calls(Info function, std::vector<CallOf>& calls) {
  const auto parameters = meta::parameters_of(function);
  std::size_t least = parameters.size();
  while (least != 0 && meta::has_default_argument(parameters[least - 1]) &&
         default_of(parameters[least - 1]) == Info()) {
    --least;
  }
  for (std::size_t count = least; count <= parameters.size(); ++count) calls.push_back({function, count});
}
/// Whether two functions take the same: of a const one and another, Python has the const one.
consteval bool take_the_same(Info a, Info b) {
  const auto left = meta::parameters_of(a), right = meta::parameters_of(b);
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (meta::dealias(meta::type_of(left[i])) != meta::dealias(meta::type_of(right[i]))) return false;
  }
  return true;
}
/// The functions among the members that have a name in Python in common.
consteval std::vector<Info> functions_called(const auto& members, std::string_view name, bool operators) {
  std::vector<Info> found;
  for (const Info member : members) {
    if (!is_bindable_function(member) || meta::is_operator_function(member) != operators) continue;
    if (has_annotation<AsGetter>(member) || has_annotation<AsSetter>(member)) continue;
    if ((operators ? dunder_name(member) : name_in_python(member)) != name) continue;
    bool is_twin = false;
    for (const Info other : members) {
      is_twin |= other != member && is_bindable_function(other) && name_in_cpp(other) == name_in_cpp(member) &&
                 meta::is_const(other) && !meta::is_const(member) && take_the_same(other, member);
    }
    if (!is_twin) found.push_back(member);
  }
  return found;
}
consteval auto calls_of(const std::vector<Info>& functions) {
  std::vector<CallOf> calls;
  for (const Info function : functions) add_calls(function, calls);
  return std::define_static_array(calls);
}
/// The docstrings of several functions.
consteval const char* doc_of_all(const std::vector<Info>& functions) {
  std::string text;
  for (const Info function : functions) {
    const char* doc = doc_of(function);
    if (doc != nullptr) text += (text.empty() ? "" : "\n") + std::string(doc);
  }
  return text.empty() ? nullptr : std::define_static_string(text);
}

}  // namespace adder::inline ADDER_ABI::detail
#endif
