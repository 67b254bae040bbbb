// SPDX-License-Identifier: MIT
/// @file
/// @brief Hands the members of a class, and the contents of a namespace, to the builders that users call by hand.
#pragma once
#include "adder/reflect/detail/listed_fields.hpp"
#if defined(__cpp_impl_reflection)
#include "adder/class/protocols.hpp"
#include "adder/exception/exception_types.hpp"
#include "adder/function/overload.hpp"
#include "adder/module/module_builder.hpp"

#include <concepts>
#include <cstddef>
#include <meta>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace adder::inline ADDER_ABI::detail {

// --- What def is given -----------------------------------------------------------------------------------------------

template <Info Function, std::size_t I>
using ParameterOf = [:meta::type_of(meta::parameters_of(Function)[I]):];

template <class Parameter, class Result>
inline constexpr bool may_lead_to = false;
/// Whether what @p Result refers to may be what a parameter has shown. Of a reference to a pyclass only one to a class
/// of its kind: most are the object itself.
template <class Parameter, class Result>
  requires(holds_view<Pointers::count, Parameter>() && holds_view<Pointers::count, Result>())
inline constexpr bool may_lead_to<Parameter, Result> = [] {
  using P = std::remove_cvref_t<Parameter>;
  using R = std::remove_cvref_t<Result>;
  if constexpr (IsPyClass<R> && std::is_reference_v<Result>) return std::is_base_of_v<R, P> || std::is_base_of_v<P, R>;
  // A default that is no constant is none that goes away.
  return !std::is_lvalue_reference_v<Result> || std::is_const_v<std::remove_reference_t<Result>>;
}();
/// Whether the result of a call without the last arguments may refer to a temporary, which a default argument may be:
/// it goes with the expression that the call is in.
consteval bool refers_to_defaults(Info function, std::size_t given) {
  const auto parameters = meta::parameters_of(function);
  for (std::size_t i = given; i < parameters.size(); ++i) {
    const Info leads = meta::substitute(
        ^^may_lead_to, {
                           meta::dealias(meta::type_of(parameters[i])), meta::dealias(meta::return_type_of(function))});
    if (meta::extract<bool>(leads)) return true;
  }
  return false;
}
/// What a result refers to, in a value that stays.
template <class R>
constexpr auto kept_result(R&& result) {
  using V = std::remove_cvref_t<R>;
  if constexpr (std::is_same_v<V, std::string_view>) {
    return std::string(result);
  } else if constexpr (holds_view<Pointers::count, V>() || !std::is_constructible_v<V, R>) {
    return into_py(token(), std::forward<R>(result));
  } else {
    return V(std::forward<R>(result));
  }
}

/// A function called without the last of its arguments, in place of the function.
template <class T, Info Function, std::size_t... I>
constexpr auto short_call(std::index_sequence<I...>) {
  constexpr bool is_kept = refers_to_defaults(Function, sizeof...(I));
  if constexpr (meta::is_class_member(Function) && !meta::is_static_member(Function)) {
    using Self = std::conditional_t<meta::is_const(Function), const T&, T&>;
    return +[](Self self, ParameterOf<Function, I>... value) -> decltype(auto) {
      if constexpr (is_kept) {
        return kept_result(self.[:Function:](std::forward<ParameterOf<Function, I>>(value)...));
      } else {
        return self.[:Function:](std::forward<ParameterOf<Function, I>>(value)...);
      }
    };
  } else {
    return +[](ParameterOf<Function, I>... value) -> decltype(auto) {
      if constexpr (is_kept) {
        return kept_result([:Function:](std::forward<ParameterOf<Function, I>>(value)...));
      } else {
        return [:Function:](std::forward<ParameterOf<Function, I>>(value)...);
      }
    };
  }
}
template <class T, Info Function, std::size_t Arguments>
constexpr auto target_of() {
  if constexpr (meta::is_constructor(Function)) {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return constructor<ParameterOf<Function, I>...>;
    }(std::make_index_sequence<Arguments>());
  } else if constexpr (Arguments == meta::parameters_of(Function).size()) {
    return &[:Function:];
  } else {
    return short_call<T, Function>(std::make_index_sequence<Arguments>());
  }
}

/// arg("x"), arg("x") = 1; nothing for what Python does not pass.
template <Info Parameter>
constexpr auto extras_of_parameter() {
  if constexpr (kind_of<typename[:meta::type_of(Parameter):]> != ParameterKind::plain) {
    return std::tuple<>();
  } else if constexpr (default_of(Parameter) != Info()) {
    using Default = [:meta::remove_cv(meta::type_of(default_of(Parameter))):];
    constexpr auto value = meta::extract<Default>(default_of(Parameter)).value;
    return std::tuple(arg(python_name(Parameter)) = value);
  } else {
    return std::tuple(arg(python_name(Parameter)));
  }
}
consteval bool names_its_parameters(Info function, std::size_t count) {
  const auto parameters = meta::parameters_of(function);
  for (std::size_t i = 0; i < count; ++i) {
    if (name_in_python(parameters[i]).empty()) return false;
  }
  return true;
}
/// Calls @p use with what def takes about one function behind its name, but for the docstring.
template <Info Function, std::size_t Arguments, class Use>
ADDER_INLINE decltype(auto) with_extras(Use&& use) {
  const auto named = [] {
    if constexpr (!names_its_parameters(Function, Arguments)) {
      return std::tuple<>();
    } else {
      return []<std::size_t... I>(std::index_sequence<I...>) {
        return std::tuple_cat(extras_of_parameter<meta::parameters_of(Function)[I]>()...);
      }(std::make_index_sequence<Arguments>());
    }
  }();
  if constexpr (has_annotation<ReleaseGil>(Function)) {
    return std::apply(use, std::tuple_cat(named, std::tuple(release_gil)));
  } else {
    return std::apply(use, named);
  }
}

/// A constant as the type of a value.
template <auto Value>
struct Constant {
  static constexpr auto value = Value;
};

/// The calls of one name, for def. `Calls::list` is the list.
template <class T, class Calls, bool HasDoc, class Use>
ADDER_INLINE void use_calls(const char* doc, Use&& use) {
  const auto with_doc = [&]<class Target>(Target target, const auto&... extra) {
    if constexpr (HasDoc) {
      use(target, extra..., doc);
    } else {
      use(target, extra...);
    }
  };
  constexpr std::size_t count = Calls::list.size();
  if constexpr (count == 1) {
    with_extras<Calls::list[0].function, Calls::list[0].arguments>([&](const auto&... extra) {
      with_doc(Constant<target_of<T, Calls::list[0].function, Calls::list[0].arguments>()>(), extra...);
    });
  } else {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      constexpr auto set = overload<target_of<T, Calls::list[I].function, Calls::list[I].arguments>()...>;
      with_doc(Constant<set>(), with_extras<Calls::list[I].function, Calls::list[I].arguments>(
                                    [](const auto&... extra) { return signature(extra...); })...);
    }(std::make_index_sequence<count>());
  }
}

/// A name as a template argument of def.
template <std::size_t Size>
consteval FixedString<Size + 1> fixed(std::string_view name) {
  char text[Size + 1] = {};
  for (std::size_t i = 0; i < Size; ++i) text[i] = name[i];
  return FixedString<Size + 1>(text);
}

// --- Comparisons
// ------------------------------------------------------------------------------------------------------

// Called by name, so that no conversion to a number compares in their place.
template <class T>
concept HasOwnEquality = requires(const T& a) {
  { a.operator==(a) } -> std::same_as<bool>;
} || requires(const T& a) {
  { operator==(a, a) } -> std::same_as<bool>;
};
template <class T>
concept HasOwnOrder = requires(const T& a) { a.operator<=>(a); } || requires(const T& a) { operator<=>(a, a); };

/// Whether a function is an operator whose operands are both of a class.
consteval bool compares_own(Info function, Info type) {
  for (const Info parameter : meta::parameters_of(function)) {
    if (meta::remove_cvref(meta::type_of(parameter)) != type) return false;
  }
  return true;
}
/// The operators of a class: members, and those in its namespace that have the object in front. Friends that are only
/// declared in the class are listed nowhere.
template <class T>
consteval std::vector<Info> operators_of(const auto& members) {
  std::vector<Info> found;
  for (const Info member : members) {
    if (is_bindable_function(member) && !dunder_name(member).empty()) found.push_back(member);
  }
  Info scope = meta::parent_of(^^T);
  while (meta::is_type(scope)) scope = meta::parent_of(scope);
  if (!meta::is_namespace(scope) || scope == ^^::) return found;
  for (const Info member : meta::members_of(scope, meta::access_context::unprivileged())) {
    if (meta::is_template(member) || !is_bindable_function(member) || has_annotation<Hide>(member)) continue;
    if (dunder_name(member).empty()) continue;
    if (meta::remove_cvref(meta::type_of(meta::parameters_of(member)[0])) == ^^T) found.push_back(member);
  }
  return found;
}
consteval bool is_order(std::string_view name) {
  return name == "__lt__" || name == "__le__" || name == "__gt__" || name == "__ge__";
}
/// Those in its namespace that have the object behind: 2 * a.
template <class T>
consteval std::vector<Info> reflected_operators_of() {
  std::vector<Info> found;
  Info scope = meta::parent_of(^^T);
  while (meta::is_type(scope)) scope = meta::parent_of(scope);
  if (!meta::is_namespace(scope) || scope == ^^::) return found;
  for (const Info member : meta::members_of(scope, meta::access_context::unprivileged())) {
    if (meta::is_template(member) || !is_bindable_function(member) || has_annotation<Hide>(member)) continue;
    const std::string name = dunder_name(member);
    if (name.empty() || meta::parameters_of(member).size() != 2) continue;
    if (name == "__eq__" || name == "__ne__" || is_order(name)) continue;  // Python swaps them itself.
    const auto parameters = meta::parameters_of(member);
    if (meta::remove_cvref(meta::type_of(parameters[1])) == (^^T) &&
        meta::remove_cvref(meta::type_of(parameters[0])) != (^^T) &&
        !is_pyclass_type(meta::remove_cvref(meta::type_of(parameters[0])))) {
      found.push_back(member);
    }
  }
  return found;
}
/// Whether `==` compares nothing but objects of the class: the option `eq` of its PyClass.
template <class T>
consteval bool has_plain_equality() {
  if (!HasOwnEquality<T>) return false;
  std::vector<Info> members;
  add_members(^^T, members);
  for (const Info function : operators_of<T>(members)) {
    const std::string name = dunder_name(function);
    if ((name == "__eq__" || name == "__ne__") && !compares_own(function, ^^T)) return false;
  }
  return true;
}
/// The option `order`.
template <class T>
consteval bool has_plain_order() {
  return HasOwnOrder<T> && has_plain_equality<T>();
}

// --- A class ---------------------------------------------------------------------------------------------------------

template <class T>
consteval auto constructors_of() {
  std::vector<CallOf> calls;
  if (meta::is_abstract_type(^^T)) return std::define_static_array(calls);
  for (const Info member : meta::members_of(^^T, meta::access_context::unprivileged())) {
    if (!meta::is_constructor(member) || meta::is_template(member) || meta::is_deleted(member)) continue;
    if (meta::is_copy_constructor(member) || meta::is_move_constructor(member)) continue;
    if (!has_annotation<Hide>(member)) add_calls(member, calls);
  }
  return std::define_static_array(calls);
}
template <class T>
struct Constructors {
  static constexpr auto list = constructors_of<T>();
};
/// The fields of an aggregate that are the parameters of its constructor.
template <class T>
consteval auto aggregate_fields() {
  return std::define_static_array(meta::nonstatic_data_members_of(^^T, meta::access_context::unchecked()));
}
template <class T>
consteval bool is_made_of_fields() {
  if (!std::is_aggregate_v<T> || !meta::bases_of(^^T, meta::access_context::unchecked()).empty()) return false;
  for (const Info field : aggregate_fields<T>()) {
    if (meta::is_bit_field(field) || meta::is_reference_type(meta::type_of(field))) return false;
    if (meta::is_const(meta::type_of(field)) || meta::is_array_type(meta::type_of(field))) return false;
    if (has_annotation<Hide>(field)) return false;
  }
  return !aggregate_fields<T>().empty();
}
template <class T>
consteval std::size_t first_default() {
  std::size_t at = 0;
  for (const Info field : aggregate_fields<T>()) {
    if (meta::has_default_member_initializer(field)) break;
    ++at;
  }
  return at;
}

template <class T>
ADDER_INLINE void bind_constructors(ClassBuilder<T>& cls) {
  if constexpr (std::is_abstract_v<T>) {
    return;
  } else if constexpr (is_made_of_fields<T>()) {
    static constexpr auto fields = aggregate_fields<T>();
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      constexpr std::size_t first = first_default<T>();
      if constexpr (first == fields.size()) {
        cls.template def_new<&[:fields[I]:]...>(arg(python_name(fields[I]))...);
      } else {
        const T made{};  // What the initialisers of the fields say.
        const auto argument = [&]<std::size_t At>(Constant<At>) {
          if constexpr (At < first) {
            return arg(python_name(fields[At]));
          } else {
            return arg(python_name(fields[At])) = made.[:fields[At]:];
          }
        };
        cls.template def_new<&[:fields[I]:]...>(argument(Constant<I>())...);
      }
    }(std::make_index_sequence<fields.size()>());
  } else if constexpr (Constructors<T>::list.size() == 0) {
    return;
  } else if constexpr (Constructors<T>::list.size() == 1) {
    // No variable here: a lambda that captured it would be for the compiler alone.
    with_extras<Constructors<T>::list[0].function, Constructors<T>::list[0].arguments>([&](const auto&... extra) {
      [&]<std::size_t... I>(std::index_sequence<I...>) {
        cls.template def_new<ParameterOf<Constructors<T>::list[0].function, I>...>(extra...);
      }(std::make_index_sequence<Constructors<T>::list[0].arguments>());
    });
  } else {
    use_calls<T, Constructors<T>, false>(
        nullptr, [&]<class Target>(Target, const auto&... extra) { cls.template def_new<Target::value>(extra...); });
  }
}

/// Sets a bit-field to a value that it has room for.
template <class T, Info Field>
void set_bit_field(T& self, typename[:meta::type_of(Field):] value) {
  const auto old = self.[:Field:];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
  self.[:Field:] = value;
  if (self.[:Field:] == value) return;
  self.[:Field:] = old;
#pragma GCC diagnostic pop
  throw PyOverflowError::new_err(std::string(python_name(Field)) + " has room for " +
                                 std::to_string(meta::bit_size_of(Field)) + " bits");
}
template <class T, Info Field>
ADDER_INLINE void bind_field(ClassBuilder<T>& cls) {
  using F = [:meta::type_of(Field):];
  constexpr const char* name = python_name(Field);
  constexpr const char* text = doc_of(Field);
  constexpr bool is_read_only = std::is_const_v<F> || is_frozen<T>() || has_annotation<AsGetter>(Field) ||
                                !std::is_move_assignable_v<std::remove_reference_t<F>>;
  if constexpr (std::is_reference_v<F>) {
    return;  // There is no pointer to such a member, and it belongs to somebody else.
  } else if constexpr (meta::is_bit_field(Field)) {
    cls.template getter<[](const T& self) -> F { return self.[:Field:]; }>(name, text);
    if constexpr (!is_read_only) cls.template setter<&set_bit_field<T, Field>>(name);
  } else if constexpr (is_read_only) {
    cls.template getter<&[:Field:]>(name, text);
  } else {
    cls.template field<&[:Field:]>(name, text);
  }
}

/// The functions that share a name in Python with one of them.
template <auto Functions, Info First>
struct Namesakes {
  static constexpr std::size_t size = Functions().size();
  static constexpr bool is_first = size != 0 && Functions()[0] == First;
  static constexpr auto list = calls_of(Functions());
  static constexpr const char* doc = doc_of_all(Functions());
};
consteval bool has_static(const auto& list, bool wanted) {
  for (const CallOf& call : list) {
    if (meta::is_static_member(call.function) == wanted) return true;
  }
  return false;
}

/// Binds functions as a dunder: they may have a docstring, which the slot has no place for.
template <FixedString Dunder, class T, class Calls>
ADDER_INLINE void bind_dunder(ClassBuilder<T>& cls) {
  use_calls<T, Calls, false>(nullptr, [&]<class Target>(Target, const auto&... extra) {
    if constexpr (Dunder.view() == "__call__") {
      cls.template def<Dunder, Target::value>(extra...);
    } else {
      cls.template def<Dunder, Target::value>();
    }
  });
}

template <class T, auto& Members, Info First>
ADDER_INLINE void bind_function(ClassBuilder<T>& cls) {
  if constexpr (has_annotation<AsGetter>(First)) {
    if constexpr (has_annotation<ReleaseGil>(First)) {
      cls.template getter<&[:First:]>(python_name(First), release_gil, doc_of(First));
    } else {
      cls.template getter<&[:First:]>(python_name(First), doc_of(First));
    }
  } else if constexpr (has_annotation<AsSetter>(First)) {
    cls.template setter<&[:First:]>(python_name(First));
  } else {
    using Calls = Namesakes<[] { return functions_called(Members, name_in_python(First), false); }, First>;
    if constexpr (!Calls::is_first) {
      return;
    } else if constexpr (is_dunder(name_in_python(First))) {
      bind_dunder<fixed<name_in_python(First).size()>(name_in_python(First)), T, Calls>(cls);
    } else {
      constexpr bool is_static = has_static(Calls::list, true);
      static_assert(!is_static || !has_static(Calls::list, false),
                    "adder: Reflected<T>: a static function and one that is not share a name, which Python cannot "
                    "have: rename one of them, [[=adder::renamed(\"...\")]], or hide it");
      use_calls<T, Calls, Calls::doc != nullptr>(Calls::doc, [&]<class Target>(Target, const auto&... extra) {
        if constexpr (is_static) {
          cls.template def_staticmethod<Target::value>(python_name(First), extra...);
        } else {
          cls.template def<Target::value>(python_name(First), extra...);
        }
      });
    }
  }
}

template <class T, auto& Members>
ADDER_INLINE void bind_operators(ClassBuilder<T>& cls) {
  static constexpr auto operators = std::define_static_array(operators_of<T>(Members));
  template for (constexpr Info first : operators) {
    constexpr bool is_derived =
        has_plain_equality<T>() && (dunder_name(first) == "__eq__" || dunder_name(first) == "__ne__");
    constexpr bool is_ordered = has_plain_order<T>() && is_order(dunder_name(first));
    if constexpr (!is_derived && !is_ordered) {
      using Calls = Namesakes<[] { return functions_called(operators, dunder_name(first), true); }, first>;
      if constexpr (Calls::is_first) bind_dunder<fixed<dunder_name(first).size()>(dunder_name(first)), T, Calls>(cls);
    }
  }
  static constexpr auto reflected = std::define_static_array(reflected_operators_of<T>());
  template for (constexpr Info function : reflected) {
    using Other = ParameterOf<function, 0>;
    using Self = ParameterOf<function, 1>;
    constexpr auto swapped =
        +[](Self self, Other other) -> decltype(auto) { return [:function:](std::forward<Other>(other), self); };
    constexpr std::string_view name = std::define_static_string("__r" + dunder_name(function).substr(2));
    cls.template def<fixed<name.size()>(name), swapped>();
  }
  // Numbers and truth.
  template for (constexpr Info member : Members) {
    if constexpr (meta::is_function(member) && meta::is_conversion_function(member)) {
      using R = [:meta::return_type_of(member):];
      if constexpr (std::is_same_v<R, bool>) {
        cls.template def<"__bool__", &[:member:]>();
      } else if constexpr (std::is_floating_point_v<R>) {
        cls.template def<"__float__", &[:member:]>();
      } else if constexpr (std::is_integral_v<R>) {
        cls.template def<"__int__", &[:member:]>();
      }
    }
  }
}

/// The members of a class, but for those that are hidden by name.
template <class T, FixedString... Hidden>
inline constexpr auto bound_members = members_to_bind<T, Hidden...>();

template <class T, FixedString... Hidden>
void define_reflected(ClassBuilder<T>& cls) {
  static_assert((has_member_called<T>(Hidden.view()) && ...),
                "adder: Reflected<T, \"name\">: the class has no public member of a name that is to be hidden");
  static constexpr auto& members = bound_members<T, Hidden...>;
  template for (constexpr Info member : members) {  // What may be a default further down.
    if constexpr (meta::is_type(member)) {
      using Inner = [:member:];
      if constexpr (IsPyEnum<Inner>) {
        cls.template add_enum<Inner>();
      } else if constexpr (IsPyClass<Inner>) {
        cls.template add_class<Inner>();
      }
    }
  }
  bind_constructors<T>(cls);
  template for (constexpr Info member : members) {
    if constexpr (meta::is_nonstatic_data_member(member)) {
      bind_field<T, member>(cls);
    } else if constexpr (meta::is_variable(member)) {
      if constexpr (meta::is_const(member)) cls.attr(python_name(member), [:member:]);
    } else if constexpr (is_bindable_function(member) && !meta::is_operator_function(member)) {
      bind_function<T, members, member>(cls);
    }
  }
  bind_operators<T, members>(cls);
}

// --- An enum ---------------------------------------------------------------------------------------------------------

template <class E>
inline constexpr auto enumerators = std::define_static_array([] {
  std::vector<Info> shown;
  for (const Info member : meta::enumerators_of(^^E)) {
    if (!has_annotation<Hide>(member)) shown.push_back(member);
  }
  return shown;
}());
template <class E, class Sequence = std::make_index_sequence<enumerators<E>.size()>>
struct MembersOfEnum;
template <class E, std::size_t... I>
struct MembersOfEnum<E, std::index_sequence<I...>> {
  static constexpr EnumMember<E> members[] = {
      {python_name(enumerators<E>[I]), [:enumerators<E>[I]:], doc_of(enumerators<E>[I])}...};
};
template <class E>
consteval EnumKind kind_of_enum() {
  const Info annotation = annotation_of(^^E, ^^EnumKind);
  return annotation == Info() ? EnumKind::enum_ : meta::extract<EnumKind>(annotation);
}
/// Of a class that is bound by reflection, the public enums are as well.
template <class E>
consteval bool is_enum_of_reflected_class() {
  constexpr Info outer = meta::parent_of(^^E);
  if constexpr (meta::is_type(outer)) {
    using Outer = [:outer:];
    return requires { typename PyClass<Outer>::reflected_class; } &&
           meta::is_accessible(^^E, meta::access_context::unprivileged());
  }
  return false;
}
template <class E>
consteval bool is_reflected_enum() {
  if constexpr (!std::is_enum_v<E>) {
    return false;
  } else {
    return is_reflected_type<E>() || (!has_annotation<Hide>(^^E) && is_enum_of_reflected_class<E>());
  }
}

// --- A namespace -----------------------------------------------------------------------------------------------------

consteval auto contents_of(Info scope) {
  std::vector<Info> shown;
  for (const Info member : meta::members_of(scope, meta::access_context::unprivileged())) {
    if (meta::is_template(member) || (meta::is_type(member) && meta::is_type_alias(member))) continue;
    if (meta::is_namespace(member) || has_annotation<Hide>(member)) continue;
    shown.push_back(member);
  }
  return std::define_static_array(shown);
}
template <auto Scope>
struct NamespaceContents {
  static constexpr auto members = contents_of(Scope);

  static void add_to(ModuleBuilder& m) {
    template for (constexpr Info member : members) {
      if constexpr (meta::is_type(member)) {
        using Type = [:member:];
        if constexpr (IsPyEnum<Type>) m.add_enum<Type>();
      }
    }
    template for (constexpr Info member : members) {
      if constexpr (meta::is_type(member)) {
        using Type = [:member:];
        if constexpr (IsPyClass<Type>) m.add_class<Type>();
      }
    }
    template for (constexpr Info member : members) {
      if constexpr (meta::is_function(member)) {
        if constexpr (is_bindable_function(member) && !meta::is_operator_function(member)) add_function<member>(m);
      } else if constexpr (meta::is_variable(member)) {
        if constexpr (meta::is_const(member)) m.add(python_name(member), [:member:]);
      }
    }
  }
  template <Info First>
  static void add_function(ModuleBuilder& m) {
    using Calls = Namesakes<[] { return functions_called(members, name_in_python(First), false); }, First>;
    if constexpr (Calls::is_first) {
      use_calls<void, Calls, Calls::doc != nullptr>(Calls::doc, [&]<class Target>(Target, const auto&... extra) {
        m.def<Target::value>(python_name(First), extra...);
      });
    }
  }
};

}  // namespace adder::inline ADDER_ABI::detail
#endif
