// SPDX-License-Identifier: MIT
/// @file
/// @brief What a stub build notes of classes. See notes.hpp.
#pragma once
#include "adder/typing/notes.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace adder::inline ADDER_ABI::detail {

/// The full name of the class T.
template <class T>
std::string class_name() {
  return TagType<T>::output();
}
template <class T>
Note note_of_class(const char* kind, const char* name) {
  Note note;
  note.owner = {noted_module(), &class_name<T>};
  note.kind = kind;
  note.name = name;
  return note;
}
inline std::string self_text() { return "typing_extensions.Self"; }
inline std::string no_text() { return "None"; }

template <class T, auto Target, class Options, class Owner>
struct MethodBinding;  // class/detail/methods.hpp
/// A reference to the method's own object is that object, also one of a subclass.
template <class T, auto Target, class Options, class Owner>
struct ResultOfBinding<MethodBinding<T, Target, Options, Owner>> {
  using Binding = MethodBinding<T, Target, Options, Owner>;
  static std::string text() {
    if constexpr (ToldResultOf<Target, T>::value) {
      return ToldResultOf<Target, T>::text();
    } else if constexpr (Binding::returns_self()) {
      return self_text();
    } else {
      return output_text<typename Binding::Result>();
    }
  }
};
template <class Binding>
struct ResultOfConstructor {
  static std::string text() { return self_text(); }
};
template <class Binding>
struct NoResult {
  static std::string text() { return no_text(); }
};

/// A method, class method, static method or dunder.
template <class T, class Binding, class... E>
void note_method(const char* kind, const char* name, const E&... extra) {
  Note note = note_of_class<T>(kind, name);
  note.signatures.push_back(
      signature_of<typename Binding::Signature::Parameters>(&ResultOfBinding<Binding>::text, extra...));
  type_notes().push_back(std::move(note));
}
template <class T, class Set, template <class> class ResultOf = ResultOfBinding, class... E>
void note_method_set(const char* kind, const char* name, const E&... extra) {
  Note note = note_of_class<T>(kind, name);
  note.signatures = SignaturesOfSet<Set, ResultOf>::all(extra...);
  type_notes().push_back(std::move(note));
}
template <class T, class Parameters, class... E>
void note_constructor(const E&... extra) {
  Note note = note_of_class<T>("new", "__new__");
  note.signatures.push_back(signature_of<Parameters>(&self_text, extra...));
  type_notes().push_back(std::move(note));
}
/// The same of fields, and its `__init__` if there is one.
template <class T, class Parameters>
void note_fields(Shape shape, const Extra* extras, std::size_t extra_count, bool has_init) {
  TypeTeller types[ParameterKinds<Parameters>::count + 1] = {};
  ParameterTypes<Parameters, TypeList<>>::tell(types);
  Note note = note_of_class<T>("new", "__new__");
  note.signatures.push_back(noted_signature(shape, extras, extra_count, types));
  note.signatures.back().result = &self_text;
  type_notes().push_back(note);
  if (!has_init) return;
  note.kind = "init";
  note.name = "__init__";
  note.signatures.back().result = &no_text;
  type_notes().push_back(std::move(note));
}
template <class T, class Parameters, class... E>
void note_init(const E&... extra) {
  Note note = note_of_class<T>("init", "__init__");
  note.signatures.push_back(signature_of<Parameters>(&no_text, extra...));
  type_notes().push_back(std::move(note));
}
// --- Dunders ---------------------------------------------------------------------------------------------------------

/// What Python makes of the function behind a dunder.
struct DunderRule {
  bool takes_anything = false;     ///< What does not convert is no error.
  bool returns_object = false;     ///< The object itself, where the function returns nothing.
  bool returns_nothing = false;    ///< Whatever the function returns.
  bool may_be_missing = false;     ///< Of an optional result, that there is none is no value but the end.
  std::string_view result = {};    ///< What Python demands.
  std::string_view names[6] = {};  ///< Where they are others than that of the dunder.
};
constexpr DunderRule rule_of_dunder(std::string_view dunder) noexcept {
  DunderRule rule;
  rule.takes_anything = dunder == "__eq__" || dunder == "__ne__" || dunder == "__contains__";
  rule.returns_nothing = dunder == "__setitem__" || dunder == "__delitem__" || dunder == "__setattr__" ||
                         dunder == "__delattr__" || dunder == "__set__" || dunder == "__delete__";
  rule.may_be_missing = dunder == "__next__" || dunder == "__anext__";
  if (dunder == "__richcmp__")
    return {false, false, false, false, {}, {"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"}};
  constexpr std::string_view results[][2] = {
      {"__repr__", "str"}, {"__str__", "str"},   {"__len__", "int"},     {"__hash__", "int"},      {"__bool__", "bool"},
      {"__int__", "int"},  {"__index__", "int"}, {"__float__", "float"}, {"__contains__", "bool"},
  };
  for (const auto& [name, result] : results) {
    if (name == dunder) rule.result = result;
  }
  if (dunder == "__concat__") rule.names[0] = "__add__";
  if (dunder == "__repeat__") {
    rule.names[0] = "__mul__";
    rule.names[1] = "__rmul__";
  }
  if (dunder == "__inplace_concat__") rule.names[0] = "__iadd__";
  if (dunder == "__inplace_repeat__") rule.names[0] = "__imul__";
  rule.returns_object = (dunder.size() > 5 && dunder[2] == 'i' && !rule.names[0].empty()) ||
                        (starts_with(dunder, "__i") && dunder != "__int__" && dunder != "__index__" &&
                         dunder != "__invert__" && dunder != "__iter__" && dunder != "__init_subclass__");
  return rule;
}
inline std::string anything_text() { return "object"; }

template <FixedString Dunder, class Binding>
struct ResultOfDunder {
  static constexpr DunderRule rule = rule_of_dunder(Dunder.view());
  static std::string text() {
    using R = std::remove_cvref_t<typename Binding::Signature::Result>;
    if constexpr (!rule.result.empty()) {
      return std::string(rule.result);
    } else if constexpr (rule.returns_nothing) {
      return no_text();
    } else if constexpr (rule.returns_object && std::is_void_v<R>) {
      return self_text();
    } else if constexpr (rule.may_be_missing) {
      return without_missing<R>();
    } else {
      return ResultOfBinding<Binding>::text();
    }
  }

 private:
  template <class R>
  static std::string without_missing() {
    if constexpr (is_specialization<R, PyResult> || is_specialization<R, std::optional>) {
      return without_missing<typename R::value_type>();
    } else if constexpr (!std::is_same_v<R, std::remove_cvref_t<typename Binding::Signature::Result>>) {
      return output_text<R>();
    } else {
      return ResultOfBinding<Binding>::text();
    }
  }
};
template <FixedString Dunder>
struct DunderResults {
  template <class Binding>
  using Of = ResultOfDunder<Dunder, Binding>;
};

/// Enters a dunder under the names that it has, with what Python makes of it.
void enter_dunder(Note note, std::string_view dunder, const DunderRule& rule);

/// A dunder that fills a type slot.
/// @tparam Slot     What fills it. One that binds a method leaves the note to that.
/// @tparam Binding  Of a method.
template <class T, class Slot, FixedString Dunder, auto Target, template <auto, class, class> class Binding, class... E>
void note_dunder(const E&... extra) {
  if constexpr (!requires { Slot::binds_method; }) {
    Note note = note_of_class<T>("method", Dunder.text);
    if constexpr (is_overload_set<Target>) {
      using Whole = typename SetMaker<std::remove_cv_t<decltype(Target)>>::template Whole<Binding, E...>;
      note.signatures = SignaturesOfSet<Whole, DunderResults<Dunder>::template Of>::all(extra...);
    } else {
      using Bound = Binding<Target, CallOptions<>, void>;
      note.signatures.push_back(
          signature_of<typename Bound::Signature::Parameters>(&ResultOfDunder<Dunder, Bound>::text, extra...));
    }
    enter_dunder(std::move(note), Dunder.view(), rule_of_dunder(Dunder.view()));
  }
}
/// A comparison with objects of the same class, by the number that CPython has for it.
template <class T>
void note_comparison(int operation) {
  static constexpr const char* names[] = {"__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__"};
  Note note = note_of_class<T>("method", names[operation]);
  NotedParameter other{"positional_only", "other", operation == Py_EQ ? &anything_text : &class_name<T>, {}};
  note.signatures.push_back({{other}, +[] { return std::string("bool"); }, {}});
  type_notes().push_back(std::move(note));
}
/// Comparisons with objects of the same class, and what else adder makes of the C++ value: `text` stands for the
/// signature.
template <class T>
void note_text(const char* name, std::string text) {
  Note note = note_of_class<T>("method", name);
  note.signatures.emplace_back();
  note.signatures.back().text = std::move(text);
  type_notes().push_back(std::move(note));
}

/// A getter, setter, deleter, or an attribute of the class.
template <class T>
void note_attribute(const char* kind, const char* name, TypeTeller type) {
  Note note = note_of_class<T>(kind, name);
  note.type = type;
  type_notes().push_back(std::move(note));
}
/// The parameters of a function that takes one argument that is not a token.
template <class Parameters>
struct OneParameter;
template <class P>
struct OneParameter<TypeList<P>> {
  using type = P;
};
template <class First, class... P>
  requires(sizeof...(P) != 0)
struct OneParameter<TypeList<First, P...>>
    : OneParameter<std::conditional_t<kind_of<First> == ParameterKind::plain, TypeList<First>, TypeList<P...>>> {};
template <class T, class Binding>
void note_setter(const char* kind, const char* name) {
  note_attribute<T>(kind, name, &input_text<typename OneParameter<typename Binding::Signature::Parameters>::type>);
}
template <class T, class Set>
struct SetterOfSet;
/// What several setters take is a union.
template <class T, class... Bindings>
struct SetterOfSet<T, OverloadBinding<Bindings...>> {
  static std::string text() {
    return union_of({input_text<typename OneParameter<typename Bindings::Signature::Parameters>::type>()...});
  }
};
template <class E>
void note_enum() {
  Note note;
  note.owner = {noted_module(), &output_text<E>};
  note.kind = "enum";
  type_notes().push_back(std::move(note));
}
/// The attributes of a named tuple, whose class Python made.
void note_tuple(TypeTeller class_name, const std::vector<std::pair<std::string_view, TypeTeller>>& fields);
/// That there is a class.
template <class T>
void note_class(const char* kind, bool is_generic) {
  Note note = note_of_class<T>(kind, "");
  note.is_generic = is_generic;
  type_notes().push_back(std::move(note));
}

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/typing/detail/class_notes_inl.hpp"
#endif
