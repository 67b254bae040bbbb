// SPDX-License-Identifier: MIT
/// @file
/// @brief What a stub build notes of everything that is bound: names, kinds and Python types, which the module has as
/// `__adder_types__`.
///
/// A note has functions that tell types, not the types: a class is often mentioned before it is made. They are asked
/// when the module's body has run.
#pragma once
#include "adder/function/function.hpp"
#include "adder/typing/standard.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace adder::inline ADDER_ABI::detail {

// overload.hpp, which is for users to include: a stub build has no public names that others have not.
template <class... Bindings>
struct OverloadBinding;
template <class... E>
struct SignatureExtras;

using TypeTeller = std::string (*)();

/// A parameter of a signature, without `self` and `cls`.
struct NotedParameter {
  const char* kind = "positional_or_keyword";
  std::string name;
  TypeTeller type = nullptr;
  std::string default_text;  ///< Python source, or empty.
};
struct NotedSignature {
  std::vector<NotedParameter> parameters;
  TypeTeller result = nullptr;
  std::string text;  ///< What sig("...") says.
};
/// Whose something is: a module's, or a class's.
struct NotedOwner {
  std::string module;
  TypeTeller class_name = nullptr;
};
struct Note {
  NotedOwner owner;
  std::string name;
  const char* kind = "function";
  std::vector<NotedSignature> signatures;
  TypeTeller type = nullptr;
  std::string doc;
  bool is_generic = false;
};

/// All that was noted since the outermost module's body began.
std::vector<Note>& type_notes();
/// The name of the module whose body runs, for classes whose types cannot be made.
std::string& noted_module();
/// Makes the notes an attribute of the module: a str of JSON, with what the body threw, if it did.
void publish_type_notes(::PyObject* module, std::string_view failure);
/// Runs the body of a module, and publishes what was noted even where it throws: a stub can still be made of the rest.
/// The outermost one's, where it imports others.
template <class Body>
void note_body(::PyObject* module, Body&& body);
/// A module's `__name__`.
std::string module_name_of(::PyObject* module);
/// The text of the C++ exception that is being handled.
std::string failure_text();
/// A default as Python source that means the same; "..." where there is none.
std::string default_source(::PyObject* value);
/// Puts together a signature of the types of the parameters that Python knows one by one.
NotedSignature noted_signature(Shape shape, const Extra* extras, std::size_t extra_count, const TypeTeller* types);

// --- Signatures ------------------------------------------------------------------------------------------------------

/// What a parameter takes that is converted in a way of its own.
template <class P, class How>
struct ParameterType {
  static std::string text() { return input_text<P>(); }
};
template <class P, auto Function>
struct ParameterType<P, FromPyWith<Function>> {
  static std::string text() { return unknown_type("what from_py_with converts"); }
};
template <class P>
struct ParameterType<P, Convert> {
  static std::string text() {
    using T = PythonType<std::remove_cvref_t<P>>;
    if constexpr (requires { T::converted(); }) {
      return T::converted();
    } else {
      return T::input();
    }
  }
};

template <class Parameters, class Hows>
struct ParameterTypes;
template <class... P, class Hows>
struct ParameterTypes<TypeList<P...>, Hows> {
  /// Into @p types, those that Python knows one by one.
  static void tell(TypeTeller* types) {
    [&]<std::size_t... I>(std::index_sequence<I...>) { (tell_one<P, I>(types), ...); }(std::index_sequence_for<P...>());
  }

 private:
  template <class Q, std::size_t I>
  static void tell_one(TypeTeller* types) {
    if constexpr (kind_of<Q> == ParameterKind::plain) {
      constexpr std::size_t at = ParameterKinds<TypeList<P...>>::place(I);
      types[at] = &ParameterType<Q, typename HowAt<Hows, at>::type>::text;
    }
  }
};

/// The signature of a function with these parameters, without its receiver, and the extras of its def.
template <class Parameters, class... E>
NotedSignature signature_of(TypeTeller result, const E&... extra) {
  constexpr Shape shape = ShapeOf<Parameters, E...>::shape;
  TypeTeller types[ParameterKinds<Parameters>::count + 1] = {};
  ParameterTypes<Parameters, typename OptionsOf<E...>::type::Hows>::tell(types);
  Extras<sizeof...(E)> extras;
  describe_all(extras, extra...);
  NotedSignature signature = noted_signature(shape, extras.all, sizeof...(E), types);
  signature.result = result;
  return signature;
}

/// The @p I th of the signature(...) among the extras of an overload set, or an empty one.
template <std::size_t I, class First, class... Rest>
const auto& noted_extras(const First& first, const Rest&... rest) {
  if constexpr (!is_specialization<First, SignatureExtras>) {
    return noted_extras<I>(rest...);
  } else if constexpr (I == 0) {
    return first.extras;
  } else {
    return noted_extras<I - 1>(rest...);
  }
}
template <std::size_t I>
const auto& noted_extras() {
  static constexpr std::tuple<> none{};
  return none;
}
/// What a function object returns whose C++ type says less of it than is known: specialised beside it.
/// @tparam F  The type of the function object.
/// @tparam T  The class that it is bound in, or void.
template <class F, class T>
struct ToldResult : std::false_type {};
template <auto Target, class T>
using ToldResultOf = ToldResult<std::remove_cv_t<decltype(Target)>, T>;

/// What the function of a binding returns, as Python sees it.
template <class Binding>
struct ResultOfBinding {
  static std::string text() { return output_text<typename Binding::Signature::Result>(); }
};
template <auto Target, class Options, class Owner>
struct ResultOfBinding<FunctionBinding<Target, Options, Owner>> {
  static std::string text() {
    if constexpr (ToldResultOf<Target, void>::value) {
      return ToldResultOf<Target, void>::text();
    } else {
      return output_text<typename CallableOf<decltype(Target)>::Result>();
    }
  }
};
/// Those of a set.
/// @tparam ResultOf  What a binding's function returns.
template <class Set, template <class> class ResultOf>
struct SignaturesOfSet;
template <class... Bindings, template <class> class ResultOf>
struct SignaturesOfSet<OverloadBinding<Bindings...>, ResultOf> {
  template <class... E>
  static std::vector<NotedSignature> all(const E&... extra) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return std::vector<NotedSignature>{one<Bindings>(noted_extras<I>(extra...))...};
    }(std::index_sequence_for<Bindings...>());
  }

 private:
  template <class Binding, class Own>
  static NotedSignature one(const Own& own) {
    return std::apply(
        [](const auto&... extra) {
          return signature_of<typename Binding::Signature::Parameters>(&ResultOf<Binding>::text, extra...);
        },
        own);
  }
};

template <class Body>
void note_body(::PyObject* module, Body&& body) {
  const std::string outer = std::exchange(noted_module(), module_name_of(module));
  std::string failure;
  try {
    body();
  } catch (...) {
    failure = failure_text();
  }
  publish_type_notes(module, failure);
  noted_module() = outer;
}

// --- Of modules ------------------------------------------------------------------------------------------------------

inline Note note_of_module(::PyObject* module, const char* kind, const char* name) {
  Note note;
  note.owner.module = module_name_of(module);
  note.kind = kind;
  note.name = name;
  return note;
}
/// A function of a module.
template <auto Target, class... E>
void note_function(::PyObject* module, const char* name, const E&... extra) {
  Note note = note_of_module(module, "function", name);
  note.signatures.push_back(signature_of<typename CallableOf<decltype(Target)>::Parameters>(
      &ResultOfBinding<FunctionBinding<Target, CallOptions<>>>::text, extra...));
  type_notes().push_back(std::move(note));
}
template <class Set, class... E>
void note_overloads(::PyObject* module, const char* name, const E&... extra) {
  Note note = note_of_module(module, "function", name);
  note.signatures = SignaturesOfSet<Set, ResultOfBinding>::all(extra...);
  type_notes().push_back(std::move(note));
}
/// A value of a module.
template <class V>
void note_value(::PyObject* module, const char* name) {
  Note note = note_of_module(module, "attribute", name);
  note.type = &output_text<V>;
  type_notes().push_back(std::move(note));
}

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/typing/detail/notes_inl.hpp"
#endif
