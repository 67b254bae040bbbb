// SPDX-License-Identifier: MIT
/// @file
/// @brief What was written after the name in a def, in the form that all functions share.
#pragma once
#include "adder/function/arg.hpp"

#include <cstddef>
#include <type_traits>

namespace adder::inline ADDER_ABI::detail {

struct FunctionRecord;

/// One such thing, in the form that all functions share.
struct Extra {
  enum class Kind : unsigned char { unknown, parameter, positional_only, keyword_only, release_gil, doc, signature };
  Kind kind = Kind::unknown;
  const char* text = nullptr;           ///< The parameter's name, or the docstring.
  ::PyObject* default_value = nullptr;  ///< Of a parameter; see Extras.
  /// Whether the default fits its parameter; else an exception is pending.
  bool (*check)(::PyObject* default_value, const FunctionRecord& record, unsigned index) = nullptr;
};
/// All of them, and the references to the defaults.
template <std::size_t Count>
struct Extras {
  Extra all[Count + 1];
  Extras() = default;
  Extras(const Extras&) = delete;
  Extras& operator=(const Extras&) = delete;
  ~Extras() {
    for (const Extra& extra : all) Py_XDECREF(extra.default_value);
  }
};

template <class T>
struct ExtraOf {
  static constexpr auto kind = std::is_convertible_v<T, const char*> ? Extra::Kind::doc : Extra::Kind::unknown;
  static Extra describe(const char* text) noexcept { return {kind, text, nullptr, nullptr}; }
};
template <class How_>
struct ExtraParameter {
  static constexpr auto kind = Extra::Kind::parameter;
  static constexpr bool has_default = false;
  using How = How_;
  template <class A>
  static Extra describe(const A& argument) noexcept {
    return {kind, argument.name, nullptr, nullptr};
  }
};
template <>
struct ExtraOf<arg> : ExtraParameter<Plain> {};
template <class How>
struct ExtraOf<Argument<How>> : ExtraParameter<How> {};
/// The TypeError of a `const char*` that leads to no text, and would be None.
[[noreturn]] ADDER_COLD_CALL void refuse_null_default(const char* name);

template <class T, class How>
struct ExtraOf<ArgumentWithDefault<T, How>> : ExtraParameter<How> {
  static constexpr bool has_default = true;
  using Value = T;
  static Extra describe(const ArgumentWithDefault<T, How>& argument) {
    if constexpr (std::is_same_v<T, const char*>) {
      if (argument.value == nullptr) refuse_null_default(argument.name);
    }
    return {Extra::Kind::parameter, argument.name, non_null(into_ptr_or_pending(argument.value)), nullptr};
  }
};
/// Of interest to stub files alone: nothing of the text is in a module that ships.
template <>
struct ExtraOf<sig> {
  static constexpr auto kind = Extra::Kind::signature;
  static Extra describe([[maybe_unused]] const sig& signature) noexcept {
#if ADDER_STUBS
    return {kind, signature.text, nullptr, nullptr};
#else
    return {kind, nullptr, nullptr, nullptr};
#endif
  }
};
template <Extra::Kind Kind>
struct ExtraMark {
  static constexpr auto kind = Kind;
  template <class Mark>
  static Extra describe(Mark) noexcept {
    return {kind, nullptr, nullptr, nullptr};
  }
};
template <>
struct ExtraOf<PositionalOnly> : ExtraMark<Extra::Kind::positional_only> {};
template <>
struct ExtraOf<KeywordOnly> : ExtraMark<Extra::Kind::keyword_only> {};
template <>
struct ExtraOf<ReleaseGil> : ExtraMark<Extra::Kind::release_gil> {};

template <class... E>
void describe_all(Extras<sizeof...(E)>& extras, const E&... extra) {
  [[maybe_unused]] std::size_t at = 0;
  ((extras.all[at++] = ExtraOf<std::remove_cvref_t<E>>::describe(extra)), ...);
}

}  // namespace adder::inline ADDER_ABI::detail
