// SPDX-License-Identifier: MIT
/// @file
/// @brief What a stub build notes of classes. See notes.hpp.
#pragma once
#include "adder/typing/notes.hpp"

#include <cstddef>
#include <string>
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

/// A reference to the method's own object is that object, also one of a subclass.
template <class Binding>
  requires requires { Binding::returns_self(); }
struct ResultOfBinding<Binding> {
  static std::string text() {
    if constexpr (Binding::returns_self()) {
      return self_text();
    } else {
      return output_text<typename Binding::Signature::Result>();
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
template <class T, class Parameters, class... E>
void note_init(const E&... extra) {
  Note note = note_of_class<T>("init", "__init__");
  note.signatures.push_back(signature_of<Parameters>(&no_text, extra...));
  type_notes().push_back(std::move(note));
}
/// A dunder that fills a type slot.
template <class F>
struct MethodOf;  // class/detail/methods.hpp
template <class F>
struct BoundDunder {
  using Signature = MethodOf<F>;
};
template <class T, FixedString Dunder, auto Target, class... E>
void note_dunder(const E&... extra) {
  if constexpr (!is_overload_set<Target>) {
    note_method<T, BoundDunder<decltype(Target)>>("method", Dunder.text, extra...);
  }
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
/// That there is a class.
template <class T>
void note_class(const char* kind, bool is_generic) {
  Note note = note_of_class<T>(kind, "");
  note.is_generic = is_generic;
  type_notes().push_back(std::move(note));
}

}  // namespace adder::inline ADDER_ABI::detail
