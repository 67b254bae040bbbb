// SPDX-License-Identifier: MIT
/// @file
/// @brief The Python type of a C++ one, as text: what a parameter takes, and what a result is. For stub builds.
///
/// The two differ: a parameter of `std::vector<int>` takes any `Sequence[int]`, as a result it is a `list[int]`.
#pragma once
#include "adder/convert/basic.hpp"
#include "adder/function/detail/defaults.hpp"
#include "adder/object/type_hint.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace adder::inline ADDER_ABI::detail {

/// "list[int]".
using TypeText = std::string;

/// Which way values go: to C++, as arguments and what callables return; or to Python.
enum class Way : bool { input, output };

/// Asks traits that list the fields of a struct, by text_of_fields() of values.hpp. A type of this namespace, where it
/// is looked for.
template <Way W>
struct AsksFields {};

/// A C++ type as a Python one, each way. The primary one asks the traits of the conversion.
template <class T>
struct PythonType;

/// The types without a line in their traits that were met since they were last asked for, by their C++ names.
std::vector<std::string>& unknown_types();
/// `typing.Any`, and the note that somebody's conversion says nothing about its type.
std::string unknown_type(std::string_view cpp_name);
/// "int | str | None": without repeating any, None last.
std::string union_of(const std::vector<std::string>& types);
/// The full name of a Python type, as type checkers know it: "datetime.datetime", "types.FrameType",
/// "list[typing.Any]".
std::string name_of_type(::PyTypeObject* type);
/// The same of a full name: "dict[typing.Any, typing.Any]" of "builtins.dict".
std::string with_items(const std::string& name);
/// A hint with the types of its `{}` put in.
std::string fill_hint(std::string_view hint, const std::vector<std::string>& types);

/// Numbers that a type_hint lists, as in `typing.Literal[0, 1]`.
template <class N, N Value>
struct PythonType<std::integral_constant<N, Value>> {
  static std::string input() { return std::to_string(Value); }
  static std::string output() { return std::to_string(Value); }
};

/// How deep types are nested: those that a hint makes contain themselves never end.
class TypeDepth {
 public:
  TypeDepth() noexcept { ++depth; }
  TypeDepth(const TypeDepth&) = delete;
  TypeDepth& operator=(const TypeDepth&) = delete;
  ~TypeDepth() { --depth; }
  static bool too_deep() noexcept { return depth > 20; }
  /// Whether the type in question is no part of another one.
  static bool is_outermost() noexcept { return depth == 1; }

 private:
  static inline thread_local int depth = 0;
};

/// The Python type of T, whatever its references and qualifiers.
template <Way W, class T>
std::string type_text() {
  if constexpr (std::is_void_v<T>) {
    return "None";
  } else {
    const TypeDepth nested;
    if (TypeDepth::too_deep()) return "typing.Any";
    using Type = PythonType<std::remove_cvref_t<T>>;
    return W == Way::input ? Type::input() : Type::output();
  }
}
template <class T>
std::string input_text() {
  return type_text<Way::input, T>();
}
template <class T>
std::string output_text() {
  return type_text<Way::output, T>();
}

/// What traits say: text, or a type_hint.
template <Way W>
std::string hint_text(const char* text) {
  return text;
}
template <Way W, FixedString Text, class... T>
std::string hint_text(TypeHint<Text, T...>) {
  return fill_hint(Text.view(), {type_text<W, T>()...});
}

/// The same both ways.
template <class Both>
struct SameType {
  static std::string input() { return Both::text(); }
  static std::string output() { return Both::text(); }
};
template <FixedString Text>
struct NamedType {
  static std::string input() { return std::string(Text.view()); }
  static std::string output() { return std::string(Text.view()); }
};
template <FixedString Input, FixedString Output>
struct NamedTypes {
  static std::string input() { return std::string(Input.view()); }
  static std::string output() { return std::string(Output.view()); }
};

// --- Tags and classes ------------------------------------------------------------------------------------------------

template <FixedString Module, FixedString PythonName>
std::string imported_name(const ImportedType<Module, PythonName>*) {
  return std::string(Module.view()).append(".").append(PythonName.view());
}

/// What a class is called in the module that is under construction, where its type cannot be made.
std::string name_in_module(const char* name);

/// The Python type that a handle's T stands for.
template <class T>
struct TagType {
  static std::string input() { return name(); }
  static std::string output() { return name(); }

 private:
  static std::string name() {
    if constexpr (requires(const T* tag) { imported_name(tag); }) {
      return with_items(imported_name(static_cast<const T*>(nullptr)));
    } else if constexpr (requires { PyTypeInfo<T>::type_object(); }) {
      static bool has_failed = false;  // Then trying again would note all that it has once more.
      try {
        if (!has_failed) return name_of_type(PyTypeInfo<T>::type_object());
      } catch (const PyErr&) {  // What is of another module that is not there, for example.
        has_failed = true;
      }
      return name_in_module(PyTypeInfo<T>::name());
    } else {
      return "typing.Any";
    }
  }
};
template <>
struct TagType<PyAny> : NamedTypes<"object", "typing.Any"> {};

template <class T>
struct PythonType<Bound<T>> : TagType<T> {};
template <class T>
struct PythonType<Borrowed<T>> : TagType<T> {};
template <class T>
struct PythonType<Py<T>> : TagType<T> {};
template <class T>
struct PythonType<PyRef<T>> : TagType<T> {};
template <class T>
struct PythonType<PyRefMut<T>> : TagType<T> {};

template <class T>
struct PythonType {
  static std::string input() {
    if constexpr (requires { hint_text<Way::input>(FromPyObject<T>::input_type); }) {
      return hint_text<Way::input>(FromPyObject<T>::input_type);
    } else if constexpr (requires(const FromPyObject<T>* traits) {
                           text_of_fields(traits, AsksFields<Way::input>());
                         }) {
      return text_of_fields(static_cast<const FromPyObject<T>*>(nullptr), AsksFields<Way::input>());
    } else if constexpr (IsPyClass<T>) {
      return TagType<T>::input();
    } else {
      return unknown_type(type_name<T>());
    }
  }
  static std::string output() {
    if constexpr (requires { hint_text<Way::output>(IntoPyObject<T>::output_type); }) {
      return hint_text<Way::output>(IntoPyObject<T>::output_type);
    } else if constexpr (requires(const IntoPyObject<T>* traits) {
                           text_of_fields(traits, AsksFields<Way::output>());
                         }) {
      return text_of_fields(static_cast<const IntoPyObject<T>*>(nullptr), AsksFields<Way::output>());
    } else if constexpr (IsPyClass<T>) {
      return TagType<T>::output();
    } else {
      return unknown_type(type_name<T>());
    }
  }
};

template <>
struct TagType<PyIterator> : NamedType<"collections.abc.Iterator[typing.Any]"> {};

// --- What everybody gets ---------------------------------------------------------------------------------------------

/// Type checkers take an `int` for a `float`, as the conversion does.
template <class T>
  requires IsScalar<T>
struct PythonType<T> {
  static std::string input() { return Scalar<T>::expected(); }
  static std::string output() { return Scalar<T>::expected(); }
};
template <Character T>
struct PythonType<T> : NamedType<"str"> {};
template <>
struct PythonType<std::string_view> : NamedType<"str"> {};
template <>
struct PythonType<const char*> : NamedType<"str"> {};
template <>
struct PythonType<char*> : PythonType<const char*> {};
template <std::size_t N>
struct PythonType<char[N]> : NamedType<"str"> {};
template <FixedString Text>
struct PythonType<Interned<Text>> : NamedType<"str"> {};
template <>
struct PythonType<PyErr> : NamedType<"BaseException"> {};
template <class T>
struct PythonType<PyResult<T>> {
  static std::string input() { return output(); }
  static std::string output() {
    if constexpr (std::is_void_v<T>) {
      return "None";
    } else {
      return PythonType<std::remove_cvref_t<T>>::output();
    }
  }
};
/// That nothing was given is the `...` of the default.
template <class T>
struct PythonType<Given<T>> {
  static std::string input() { return union_of({input_text<T>(), "types.EllipsisType"}); }
  static std::string output() { return output_text<T>(); }
};

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/typing/detail/python_type_inl.hpp"
#endif
