// SPDX-License-Identifier: MIT
/// @file
/// @brief How deep conversions may go into each other: a RecursionError where the C++ stack would overflow.
///
/// Conversions of built-in and standard types go as deep as the type is nested. Deeper goes only what a user taught
/// adder, such as a struct that has a vector of its like; so that is where depth is counted. Two limits hold: Python's
/// own (`sys.setrecursionlimit`), and what is left of this thread's stack, whatever Python's limit says.
#pragma once
#include "adder/error/result.hpp"

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace adder::inline ADDER_ABI::detail {

/// Where a thread's conversions stand.
struct ConversionStack {
  std::uintptr_t lowest = UINTPTR_MAX;  // Stack addresses from here on, @p room of them, leave enough behind them.
  std::uintptr_t room = 0;              // At first none, so that the first conversion looks them up.
  std::uintptr_t floor = 0;
  std::uintptr_t top = 0;  // 0: not looked up yet; 1: cannot be known.
  std::uint32_t depth = 0;
  std::uint32_t trials = 0;  // TrialScopes, see conversion.hpp.
};
ADDER_HIDDEN inline constinit thread_local ConversionStack conversion_stack{};

/// Whether a conversion that begins at stack address @p here is one too deep; asked of few.
bool is_too_deep(ConversionStack& stack, std::uintptr_t here) noexcept;

/// Whether little is left of this thread's stack. Says nothing before a conversion has looked for its ends.
inline bool is_near_end_of_stack(void* here) noexcept {
  const ConversionStack& stack = conversion_stack;
  const auto address = reinterpret_cast<std::uintptr_t>(here);
  return stack.top > 1 && address >= stack.floor && address < stack.lowest;
}

/// One step deeper into a conversion, for the length of a scope.
class RecursionScope {
 public:
  /// @param here  An address in the caller's stack frame.
  ADDER_INLINE explicit RecursionScope(void* here) noexcept : stack_(conversion_stack) {
    const auto address = reinterpret_cast<std::uintptr_t>(here);
    const bool is_shallow = ++stack_.depth < 32 && address - stack_.lowest < stack_.room;
    too_deep_ = !is_shallow && is_too_deep(stack_, address);
  }
  RecursionScope(const RecursionScope&) = delete;
  RecursionScope& operator=(const RecursionScope&) = delete;
  ADDER_INLINE ~RecursionScope() { --stack_.depth; }
  ADDER_INLINE bool too_deep() const noexcept { return too_deep_; }

 private:
  ConversionStack& stack_;
  bool too_deep_;
};

/// @param direction  "" or "to ".
ADDER_COLD_CALL PyErr recursion_error(const char* direction);
/// Whether it says that something went too deep. Such an error is passed on as it is: no other way is tried, and no
/// path of thousands of steps is put in front.
bool is_recursion_error(const PyErr& error) noexcept;

/// Adder's own types, and templates of the standard library: their conversions lead to their template arguments at
/// most. (Not `std::any`, which can hold anything.)
template <class T>
constexpr bool is_of_library() {
  constexpr std::string_view name = type_name<T>(), plain = template_name(name);
  // Smart pointers have no conversions of adder's own: what leads on from there, the user wrote.
  constexpr bool is_pointer = plain == "unique_ptr" || plain == "shared_ptr";
  // A template may have a name that does not look like one: clang calls std::string so with libc++.
  constexpr bool is_template = TemplateShape<T>::known || name.find('<') != std::string_view::npos;
  return starts_with(name, "adder::") || (starts_with(name, "std::") && is_template && !is_pointer);
}

/// Whether the conversion of a T may lead to that of another T, deeper inside the same object: it may where a user has
/// taught adder the type.
template <class T>
constexpr bool is_taught_by_user() {
  if constexpr (std::is_pointer_v<T>) {
    return std::is_class_v<std::remove_pointer_t<T>>;
  } else if constexpr (std::is_class_v<T> || std::is_union_v<T> || std::is_enum_v<T>) {
    return !is_of_library<T>() && !requires { PyClass<T>::name; };
  } else {
    return false;
  }
}
template <class T>
inline constexpr bool may_recurse = is_taught_by_user<T>();

/// Types whose conversion meets none that a user has taught adder.
template <class T>
inline constexpr bool meets_no_user_type = std::is_arithmetic_v<T>;
template <class T>
inline constexpr bool meets_no_user_type<const T> = meets_no_user_type<T>;
template <class T>
inline constexpr bool meets_no_user_type<Bound<T>> = true;
template <class T>
inline constexpr bool meets_no_user_type<Py<T>> = true;
template <template <class...> class C, class... A>
  requires(!is_specialization<C<A...>, Bound> && !is_specialization<C<A...>, Py>)
inline constexpr bool meets_no_user_type<C<A...>> = is_of_library<C<A...>>() && (meets_no_user_type<A> && ...);

/// Traits that adder has written for a user's type, and that say of all fields that they end there. Where the user has
/// written a function over theirs, theirs say nothing.
template <class Trait>
concept ExtractsFieldsOnly = requires {
  requires Trait::FieldsOnly::meets_no_user_type;
  requires& Trait::extract == &Trait::FieldsOnly::extract;
};
template <class Trait>
concept MakesFieldsOnly = requires {
  requires Trait::FieldsOnly::meets_no_user_type;
  requires& Trait::into_py == &Trait::FieldsOnly::into_py;
};

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/error/detail/recursion_inl.hpp"
#endif
