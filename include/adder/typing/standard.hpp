// SPDX-License-Identifier: MIT
/// @file
/// @brief The Python types of standard C++ types, as the headers of stl/ convert them. For stub builds.
#pragma once
#include "adder/typing/python_type.hpp"

#include <array>
#include <chrono>
#include <complex>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>
#include <version>
#if defined(__cpp_lib_expected)
#include <expected>
#endif
#if defined(__cpp_lib_flat_map)
#include <flat_map>
#endif
#if defined(__cpp_lib_flat_set)
#include <flat_set>
#endif
#if defined(__cpp_lib_inplace_vector)
#include <inplace_vector>
#endif

namespace adder::inline ADDER_ABI::detail {

/// The type of what is hashed: a tuple instead of a list, a frozenset instead of a set.
template <class T>
std::string key_text() {
  using Type = PythonType<std::remove_cvref_t<T>>;
  if constexpr (requires { Type::key(); }) {
    return Type::key();
  } else {
    return output_text<T>();
  }
}

/// "[int, str]": of several types, each with @p text.
template <class... T>
std::string listed(const T&... types) {
  std::string text;
  ((text += (text.empty() ? "" : ", ") + types), ...);
  return text;
}

// --- Text and bytes --------------------------------------------------------------------------------------------------

template <class Char>
struct PythonType<std::basic_string<Char>> : NamedType<"str"> {};
template <>
struct PythonType<std::span<const std::byte>> : NamedType<"bytes"> {};
/// `collections.abc.Buffer` is Python 3.12's; type checkers know this one for all.
inline constexpr char buffer_name[] = "typing_extensions.Buffer";

// --- Sequences, sets, mappings ---------------------------------------------------------------------------------------

/// Items of one byte come from bytes-like objects, too.
template <class T>
inline constexpr bool is_byte = std::is_same_v<T, std::byte> || std::is_same_v<T, unsigned char> ||
                                std::is_same_v<T, signed char> || std::is_same_v<T, char>;

template <class C>
struct SequenceType {
  using T = typename C::value_type;
  static std::string input() {
    if constexpr (std::is_same_v<T, std::byte>) return buffer_name;
    std::string sequence = "collections.abc.Sequence[" + input_text<T>() + "]";
    if constexpr (is_byte<T>) return union_of({buffer_name, sequence});
    return sequence;
  }
  static std::string output() { return "list[" + output_text<T>() + "]"; }
  static std::string key() { return "tuple[" + key_text<T>() + ", ...]"; }
};
/// What Python knows as bytes.
template <class T>
concept IsOctet = std::is_same_v<T, std::byte> || std::is_same_v<T, unsigned char>;
template <class T>
  requires IsNoPyClass<std::vector<T>>
struct PythonType<std::vector<T>> : SequenceType<std::vector<T>> {};
template <IsOctet T>
  requires IsNoPyClass<std::vector<T>>
struct PythonType<std::vector<T>> {
  static std::string input() { return SequenceType<std::vector<T>>::input(); }
  static std::string output() { return "bytes"; }
};
template <class T>
  requires IsNoPyClass<std::deque<T>>
struct PythonType<std::deque<T>> : SequenceType<std::deque<T>> {};
template <class T>
  requires IsNoPyClass<std::list<T>>
struct PythonType<std::list<T>> : SequenceType<std::list<T>> {};
template <class T, std::size_t N>
  requires IsNoPyClass<std::array<T, N>>
struct PythonType<std::array<T, N>> : SequenceType<std::array<T, N>> {};

/// Sets, views of the keys of dicts, and iterators, which are used up.
template <class C>
struct SetType {
  using T = typename C::value_type;
  static std::string input() {
    const std::string item = input_text<T>();
    return "collections.abc.Set[" + item + "] | collections.abc.Iterator[" + item + "]";
  }
  static std::string output() { return "set[" + key_text<T>() + "]"; }
  static std::string key() { return "frozenset[" + key_text<T>() + "]"; }
};
template <class T, class... Options>
  requires IsNoPyClass<std::set<T, Options...>>
struct PythonType<std::set<T, Options...>> : SetType<std::set<T, Options...>> {};
template <class T, class... Options>
  requires IsNoPyClass<std::unordered_set<T, Options...>>
struct PythonType<std::unordered_set<T, Options...>> : SetType<std::unordered_set<T, Options...>> {};

template <class C>
struct MappingType {
  using K = typename C::key_type;
  using V = typename C::mapped_type;
  static std::string input() { return "collections.abc.Mapping[" + input_text<K>() + ", " + input_text<V>() + "]"; }
  static std::string output() { return "dict[" + key_text<K>() + ", " + output_text<V>() + "]"; }
};
template <class K, class V, class... Options>
  requires IsNoPyClass<std::map<K, V, Options...>>
struct PythonType<std::map<K, V, Options...>> : MappingType<std::map<K, V, Options...>> {};
template <class K, class V, class... Options>
  requires IsNoPyClass<std::unordered_map<K, V, Options...>>
struct PythonType<std::unordered_map<K, V, Options...>> : MappingType<std::unordered_map<K, V, Options...>> {};

#if defined(__cpp_lib_flat_map)
template <class K, class V, class... Options>
struct PythonType<std::flat_map<K, V, Options...>> : MappingType<std::flat_map<K, V, Options...>> {};
#endif
#if defined(__cpp_lib_flat_set)
template <class T, class... Options>
struct PythonType<std::flat_set<T, Options...>> : SetType<std::flat_set<T, Options...>> {};
#endif
#if defined(__cpp_lib_inplace_vector)
template <class T, std::size_t N>
struct PythonType<std::inplace_vector<T, N>> : SequenceType<std::inplace_vector<T, N>> {};
#endif

/// Any sequence of as many items converts; type checkers can count those of a tuple alone.
template <class... T>
struct TupleType {
  static std::string input() {
    if constexpr (sizeof...(T) == 0) {
      return "tuple[()]";
    } else {
      return "tuple[" + listed(input_text<T>()...) + "] | list[" + union_of({input_text<T>()...}) + "]";
    }
  }
  static std::string output() { return sizeof...(T) == 0 ? "tuple[()]" : "tuple[" + listed(output_text<T>()...) + "]"; }
  static std::string key() { return sizeof...(T) == 0 ? "tuple[()]" : "tuple[" + listed(key_text<T>()...) + "]"; }
};
template <class... T>
struct PythonType<std::tuple<T...>> : TupleType<T...> {};
template <class A, class B>
struct PythonType<std::pair<A, B>> : TupleType<A, B> {};

// --- One of several, or none -----------------------------------------------------------------------------------------

template <class T>
struct PythonType<std::optional<T>> {
  static std::string input() { return union_of({input_text<T>(), "None"}); }
  static std::string output() { return union_of({output_text<T>(), "None"}); }
  static std::string key() { return union_of({key_text<T>(), "None"}); }
};
template <class... T>
struct PythonType<std::variant<T...>> {
  static std::string input() { return union_of({input_text<T>()...}); }
  static std::string output() { return union_of({output_text<T>()...}); }
  static std::string key() { return union_of({key_text<T>()...}); }
};
template <>
struct PythonType<std::nullopt_t> : NamedType<"None"> {};
template <>
struct PythonType<std::monostate> : NamedType<"None"> {};
#if defined(__cpp_lib_expected)
template <class T, class E>
struct PythonType<std::expected<T, E>> {
  static std::string input() { return input_text<T>(); }
  static std::string output() { return output_text<T>(); }
};
#endif

// --- Callables -------------------------------------------------------------------------------------------------------

/// What a callable takes goes the other way than the callable. None is the empty function, which hardly any function
/// returns.
template <class R, class... A>
struct CallableType {
  static std::string input() {
    return "collections.abc.Callable[[" + listed(output_text<A>()...) + "], " + result<Way::input>() + "] | None";
  }
  static std::string output() {
    return "collections.abc.Callable[[" + listed(input_text<A>()...) + "], " + result<Way::output>() + "]";
  }

 private:
  /// What a callback returns for nothing is not looked at.
  template <Way W>
  static std::string result() {
    if constexpr (std::is_void_v<R>) {
      return W == Way::input ? "object" : "None";
    } else {
      return type_text<W, R>();
    }
  }
};
template <class R, class... A>
struct PythonType<std::function<R(A...)>> : CallableType<R, A...> {};
template <class R, class... A>
struct PythonType<R (*)(A...)> : CallableType<R, A...> {};
template <class R, class... A>
struct PythonType<R (*)(A...) noexcept> : CallableType<R, A...> {};
#if defined(__cpp_lib_move_only_function)
template <class R, class... A>
struct PythonType<std::move_only_function<R(A...)>> : CallableType<R, A...> {};
template <class R, class... A>
struct PythonType<std::move_only_function<R(A...) const>> : CallableType<R, A...> {};
#endif
#if defined(__cpp_lib_copyable_function)
template <class R, class... A>
struct PythonType<std::copyable_function<R(A...)>> : CallableType<R, A...> {};
template <class R, class... A>
struct PythonType<std::copyable_function<R(A...) const>> : CallableType<R, A...> {};
#endif
#if defined(__cpp_lib_function_ref)
/// There is no empty one.
template <class R, class... A>
struct FunctionRefType {
  static std::string input() {
    const std::string text = CallableType<R, A...>::input();
    return text.substr(0, text.rfind(" | None"));
  }
  static std::string output() { return CallableType<R, A...>::output(); }
};
template <class R, class... A>
struct PythonType<std::function_ref<R(A...)>> : FunctionRefType<R, A...> {};
template <class R, class... A>
struct PythonType<std::function_ref<R(A...) const>> : FunctionRefType<R, A...> {};
#endif

// --- Other values ----------------------------------------------------------------------------------------------------

template <class T>
struct PythonType<std::complex<T>> : NamedType<"complex"> {};
template <>
struct PythonType<std::filesystem::path>
    : NamedTypes<"str | bytes | os.PathLike[str] | os.PathLike[bytes]", "pathlib.Path"> {};
template <class Rep, class Period>
struct PythonType<std::chrono::duration<Rep, Period>> : NamedType<"datetime.timedelta"> {};
template <class Duration>
struct PythonType<std::chrono::time_point<std::chrono::system_clock, Duration>> : NamedType<"datetime.datetime"> {};
template <class Duration>
struct PythonType<std::chrono::time_point<std::chrono::local_t, Duration>> : NamedType<"datetime.datetime"> {};
template <>
struct PythonType<std::chrono::year_month_day> : NamedType<"datetime.date"> {};

}  // namespace adder::inline ADDER_ABI::detail
