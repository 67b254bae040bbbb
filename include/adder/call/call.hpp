// SPDX-License-Identifier: MIT
/// @file
/// @brief Calling Python: `f(a, b, kw("x"_s) = 1, args_of(tuple), kwargs_of(dict))` and methods.
///
/// Arguments go to the callee in an array on the stack; no tuple and no dict is made. Keyword names that are literals
/// with `_s` are gathered into a tuple once for each call site. Only `args_of` and `kwargs_of` take a longer way.
#pragma once
#include "adder/convert/basic.hpp"
#include "adder/object/keyword.hpp"

#include <cstddef>
#include <cstdlib>
#include <optional>  // IWYU pragma: export (what Python calls None, in both directions)
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {
// They own what they unpack: converting other arguments may drop the handle that it came from.
struct PositionalUnpack {
  KeptAlive iterable;
};
struct KeywordUnpack {
  KeptAlive mapping;
};
}  // namespace detail
template <>
struct UngilTraits<detail::PositionalUnpack> : std::false_type {};
template <>
struct UngilTraits<detail::KeywordUnpack> : std::false_type {};

/// @brief `*iterable` in a call.
template <class T>
detail::PositionalUnpack args_of(const Bound<T>& iterable ADDER_LIFETIMEBOUND) {
  return {detail::HandleAccess::use_alive(iterable, "args_of", {})};
}
/// @brief The same.
template <class T>
detail::PositionalUnpack args_of(const Borrowed<T>& iterable) {
  return args_of(iterable.as_bound());
}
/// @brief `**mapping` in a call.
template <class T>
detail::KeywordUnpack kwargs_of(const Bound<T>& mapping ADDER_LIFETIMEBOUND) {
  return {detail::HandleAccess::use_alive(mapping, "kwargs_of", {})};
}
/// @brief The same.
template <class T>
detail::KeywordUnpack kwargs_of(const Borrowed<T>& mapping) {
  return kwargs_of(mapping.as_bound());
}

namespace detail {

template <class T>
inline constexpr bool is_positional_unpack = std::is_same_v<std::remove_cvref_t<T>, PositionalUnpack>;
template <class T>
inline constexpr bool is_keyword_unpack = std::is_same_v<std::remove_cvref_t<T>, KeywordUnpack>;

/// `argument after * must be an iterable, not int`: a TypeError.
ADDER_COLD_CALL PyErr cannot_unpack(const char* what, ::PyObject* got);

/// One argument, converted, for the duration of the call.
template <class T>
struct CallArgument : AsArgument<T> {
  using AsArgument<T>::AsArgument;
};
template <class T>
  requires is_keyword_argument<T>
struct CallArgument<T> {
  static_assert(!std::is_lvalue_reference_v<T>,
                "adder: write kw(...) = value inside the call: the argument refers to its value, which may be gone");
  using Argument = std::remove_cvref_t<T>;
  explicit CallArgument(const Argument& argument)
      : name(argument.name), value(std::forward<decltype(argument.value)>(argument.value)) {}
  ::PyObject* as_ptr() const noexcept { return value.as_ptr(); }
  [[no_unique_address]] typename Argument::name_type name;
  AsArgument<decltype(Argument::value)> value;
};
template <class T>
  requires is_positional_unpack<T>
struct CallArgument<T> {
  static_assert(!std::is_lvalue_reference_v<T>,
                "adder: write args_of(...) inside the call: it borrows what it unpacks");
  explicit CallArgument(const PositionalUnpack& argument) : tuple(new_tuple(argument.iterable)) {}
  CallArgument(const CallArgument&) = delete;
  CallArgument& operator=(const CallArgument&) = delete;
  ~CallArgument() { release(tuple); }
  ::PyObject* tuple;

 private:
  static ::PyObject* new_tuple(::PyObject* iterable) {
    if (PyTuple_CheckExact(iterable)) return Py_NewRef(iterable);
    if (Py_TYPE(iterable)->tp_iter == nullptr && PySequence_Check(iterable) == 0) {
      throw cannot_unpack("* must be an iterable", iterable);
    }
    return non_null(guard_unwind(PySequence_Tuple, iterable));
  }
};
template <class T>
  requires is_keyword_unpack<T>
struct CallArgument<T> {
  static_assert(!std::is_lvalue_reference_v<T>,
                "adder: write kwargs_of(...) inside the call: it borrows what it unpacks");
  explicit CallArgument(const KeywordUnpack& argument) : dict(new_dict(argument.mapping)) {}
  CallArgument(const CallArgument&) = delete;
  CallArgument& operator=(const CallArgument&) = delete;
  ~CallArgument() { release(dict); }
  ::PyObject* dict;

 private:
  static ::PyObject* new_dict(::PyObject* mapping) {
#if defined(Py_GIL_DISABLED)
    // As Python's own calls: of one that another thread changes meanwhile, a key might be seen twice.
    if (PyDict_CheckExact(mapping)) return non_null(guard_rare_unwind(PyDict_Copy, mapping));
#endif
    if (PyDict_CheckExact(mapping)) return Py_NewRef(mapping);
    if (_PyType_Lookup(Py_TYPE(mapping), Interned<"keys">::get(token())) == nullptr) {
      throw cannot_unpack("** must be a mapping", mapping);
    }
    ::PyObject* dict = non_null(guard_rare_unwind(PyDict_New));
    if (guard_unwind(PyDict_Update, dict, mapping) == 0) return dict;
    Py_DECREF(dict);
    throw_fetched();
  }
};

template <class... Args>
constexpr bool keywords_come_last() {
  // Nobody reads what the last argument sets, and g++ 16 says so.
  [[maybe_unused]] bool seen = false;
  bool right = true;
  ((right = right && (is_keyword_argument<Args> || is_keyword_unpack<Args> || !seen),
    seen = seen || is_keyword_argument<Args> || is_keyword_unpack<Args>),
   ...);
  return right;
}

template <class T>
struct KeywordNameOf {
  using type = TypeList<>;
};
template <class T>
  requires is_keyword_argument<T>
struct KeywordNameOf<T> {
  using type = TypeList<typename std::remove_cvref_t<T>::name_type>;
};
template <class... A>
TypeList<A...> joined(TypeList<A...> all) {
  return all;
}
template <class... A, class... B, class... Rest>
auto joined(TypeList<A...>, TypeList<B...>, Rest... rest) {
  return joined(TypeList<A..., B...>{}, rest...);
}
/// The types of the keyword names in a call.
template <class... Args>
using KeywordNames = decltype(joined(TypeList<>{}, typename KeywordNameOf<Args>::type{}...));

template <class N, class... Names>
inline constexpr int times_given = (0 + ... + (std::is_same_v<N, Names> ? 1 : 0));
/// No literal name twice.
template <class Names>
inline constexpr bool names_differ = true;
template <class... Names>
inline constexpr bool names_differ<TypeList<Names...>> =
    ((!is_interned<Names> || times_given<Names, Names...> == 1) && ...);

template <class Names>
inline constexpr bool all_literals = false;
template <class... Names>
inline constexpr bool all_literals<TypeList<Names...>> = (is_interned<Names> && ...);

/// The names of a call site whose keywords are all literals: made once, kept for good.
template <class Names>
ADDER_HIDDEN inline constinit Atomic<::PyObject*> keyword_names{nullptr};

ADDER_COLD_CALL ::PyObject* make_keyword_names(Atomic<::PyObject*>& cache, ::PyObject* const* names, std::size_t count);
template <class... Names>
ADDER_INLINE ::PyObject* cached_keyword_names(TypeList<Names...>) {
  Atomic<::PyObject*>& cache = keyword_names<TypeList<Names...>>;
  ::PyObject* tuple = cache.load(Order::acquire);
  if (tuple != nullptr) [[likely]]
    return tuple;
  ::PyObject* const names[] = {Names::get(token())...};
  return make_keyword_names(cache, names, sizeof...(Names));
}

/// Where @p argument is a keyword, puts its name into the tuple @p names.
template <class Argument>
void add_keyword_name(::PyObject* names, Py_ssize_t& at, const Argument& argument) {
  if constexpr (requires { argument.name; }) {
    const Name name(argument.name);
    PyTuple_SET_ITEM(names, at++, Py_NewRef(name.as_ptr()));
  }
}

/// Runs a call with arguments that were converted from left to right, as Python does: only braces say so.
template <class Result>
struct InOrder {
  Result result;
  template <class F, class... Arguments>
  ADDER_INLINE InOrder(F&& call, const Arguments&... arguments) : result(call(arguments...)) {}
};

void refuse_repeated(::PyObject* callable, ::PyObject* names);

/// Calls @p target; with @p method_name its method, else itself.
/// @tparam Names  The types of the keyword names.
template <class Names, class... Arguments>
ADDER_INLINE ::PyObject* call_converted(::PyObject* target, ::PyObject* method_name, const Arguments&... arguments) {
  static_assert(names_differ<Names>, "adder: a keyword argument is given twice");
  constexpr std::size_t positional = sizeof...(Arguments) - Names::size;
  ::PyObject* names = nullptr;
  if constexpr (Names::size == 0) {
  } else if constexpr (all_literals<Names>) {
    names = cached_keyword_names(Names{});
  } else {
    const Bound<PyAny> tuple = steal(non_null(guard_rare_unwind(PyTuple_New, static_cast<Py_ssize_t>(Names::size))));
    Py_ssize_t at = 0;
    (add_keyword_name(tuple.as_ptr(), at, arguments), ...);
    refuse_repeated(target, tuple.as_ptr());
    names = Py_NewRef(tuple.as_ptr());
  }
  // The first slot is free for the callee (PY_VECTORCALL_ARGUMENTS_OFFSET).
  ::PyObject* array[] = {nullptr, target, arguments.as_ptr()...};
  ::PyObject* result = guard_unwind([&] {
    return method_name == nullptr
               ? PyObject_Vectorcall(target, array + 2, positional | PY_VECTORCALL_ARGUMENTS_OFFSET, names)
               : PyObject_VectorcallMethod(method_name, array + 1, (positional + 1) | PY_VECTORCALL_ARGUMENTS_OFFSET,
                                           names);
  });
  if constexpr (!all_literals<Names>) Py_DECREF(names);
  return non_null(result);
}

// --- The longer way, for args_of and kwargs_of ---------------------------------------------------------------------

/// The positional arguments of a call, borrowed; up to eight of them on the stack.
class ArgumentArray {
 public:
  ArgumentArray() noexcept = default;
  ArgumentArray(const ArgumentArray&) = delete;
  ArgumentArray& operator=(const ArgumentArray&) = delete;
  ~ArgumentArray() {
    if (items_ != on_stack_) std::free(static_cast<void*>(items_));
  }
  /// @throws PyErr  MemoryError.
  void reserve(std::size_t count);
  void push_back(::PyObject* item) noexcept { items_[++size_] = item; }
  /// The slot in front belongs to the callee (PY_VECTORCALL_ARGUMENTS_OFFSET).
  ::PyObject** data() noexcept { return items_ + 1; }
  std::size_t size() const noexcept { return size_; }

 private:
  ::PyObject* on_stack_[9]{};
  ::PyObject** items_ = on_stack_;
  std::size_t size_ = 0;
};

template <class Argument>
std::size_t positional_count(const Argument& argument) noexcept {
  if constexpr (requires { argument.tuple; }) {
    return static_cast<std::size_t>(PyTuple_GET_SIZE(argument.tuple));
  } else {
    return requires { argument.name; } || requires { argument.dict; } ? 0 : 1;
  }
}
template <class Argument>
void add_positional(ArgumentArray& array, const Argument& argument) noexcept {
  if constexpr (requires { argument.tuple; }) {
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(argument.tuple); ++i) {
      array.push_back(PyTuple_GET_ITEM(argument.tuple, i));
    }
  } else if constexpr (
      !requires { argument.name; } && !requires { argument.dict; }) {
    array.push_back(argument.as_ptr());
  }
}

void add_keyword(::PyObject* callable, ::PyObject* all, ::PyObject* key, ::PyObject* value);
template <class Argument>
void add_keywords(::PyObject* callable, ::PyObject* all, const Argument& argument) {
  if constexpr (requires { argument.dict; }) {
    for (const auto& [key, value] : peek<Late<PyDict, Argument>>(argument.dict)) {
      add_keyword(callable, all, key.as_ptr(), value.as_ptr());
    }
  } else if constexpr (requires { argument.name; }) {
    const Name name(argument.name);
    add_keyword(callable, all, name.as_ptr(), argument.as_ptr());
  }
}

/// A new reference; null where there are no keywords.
template <class... Arguments>
::PyObject* new_keywords(::PyObject* callable, const Arguments&... arguments) {
  if constexpr (((
                     requires { arguments.name; } || requires { arguments.dict; }) ||
                 ...)) {
    OwnedPtr keywords(Steal(), non_null(guard_rare_unwind(PyDict_New)), {});
    (add_keywords(callable, keywords.as_ptr(), arguments), ...);
    return keywords.into_ptr_();
  } else {
    return nullptr;
  }
}

template <class... Arguments>
::PyObject* call_unpacked(::PyObject* callable, const Arguments&... arguments) {
  ArgumentArray array;
  array.reserve((std::size_t{0} + ... + positional_count(arguments)));
  (add_positional(array, arguments), ...);
  const OwnedPtr keywords(Steal(), new_keywords(callable, arguments...), {});
  return non_null(guard_unwind(PyObject_VectorcallDict, callable, array.data(),
                               array.size() | PY_VECTORCALL_ARGUMENTS_OFFSET, keywords.as_ptr()));
}

template <class... Args>
inline constexpr bool unpacks = ((is_positional_unpack<Args> || is_keyword_unpack<Args>) || ...);

}  // namespace detail

template <class Self>
template <class... Args>
Bound<typename PyAnyMethods<Self>::Any> PyAnyMethods<Self>::call(Args&&... args) const {
  static_assert(detail::keywords_come_last<Args...>(), "adder: keyword arguments follow the positional ones");
  const auto self = use_alive("call", Where{});
  [[maybe_unused]] const detail::KeptArguments<std::remove_cvref_t<Args>...> kept(args...);
  if constexpr (detail::unpacks<Args...>) {
    return detail::steal<Any>(
        detail::InOrder<::PyObject*>{[&self](const auto&... a) { return detail::call_unpacked(self, a...); },
                                     detail::CallArgument<Args&&>(std::forward<Args>(args))...}
            .result);
  } else {
    return detail::steal<Any>(detail::InOrder<::PyObject*>{
        [&self](const auto&... a) {
          return detail::call_converted<detail::KeywordNames<Args...>>(self, nullptr, a...);
        },
        detail::CallArgument<Args&&>(std::forward<Args>(args))...}
                                  .result);
  }
}

template <class Self>
template <class... Args>
Bound<typename PyAnyMethods<Self>::Any> PyAnyMethods<Self>::call_method(const Name& name, Args&&... args) const {
  static_assert(detail::keywords_come_last<Args...>(), "adder: keyword arguments follow the positional ones");
  [[maybe_unused]] const detail::KeptArguments<std::remove_cvref_t<Args>...> kept(args...);
  if constexpr (detail::unpacks<Args...>) {
    const auto self = detail::borrow<Any>(use("call_method", Where{}));
    return detail::steal<Any>(detail::InOrder<::PyObject*>{
        [&self, &name](const auto&... a) { return detail::call_unpacked(self.getattr(name).as_ptr(), a...); },
        detail::CallArgument<Args&&>(std::forward<Args>(args))...}
                                  .result);
  } else {
    const auto self = use_alive("call_method", Where{});
    return detail::steal<Any>(detail::InOrder<::PyObject*>{
        [&self, &name](const auto&... a) {
          return detail::call_converted<detail::KeywordNames<Args...>>(self, name.as_ptr(), a...);
        },
        detail::CallArgument<Args&&>(std::forward<Args>(args))...}
                                  .result);
  }
}

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/call/detail/call_inl.hpp"
#endif
