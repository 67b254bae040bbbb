// SPDX-License-Identifier: MIT
/// @file
/// @brief What is said of a bound function's parameters: names, kinds, defaults; and the record that keeps it.
#pragma once
#include "adder/function/detail/record.hpp"
#include "adder/types/module.hpp"
#include "adder/types/tuple.hpp"
#include "adder/types/type.hpp"

namespace adder::inline ADDER_ABI {

namespace detail {

/// How an argument is converted: as FromPyObject says, only from its own type, or by a function of the user's.
struct Plain {};
struct Strict {};
template <auto Function>
struct FromPyWith {};

template <class T, class How>
struct ArgumentWithDefault {
  const char* name;
  T value;
};
template <class How>
struct Argument {
  const char* name;
  template <class T>
  constexpr ArgumentWithDefault<std::decay_t<T>, How> operator=(T&& value) && {  // NOLINT: a default
    return {name, std::forward<T>(value)};
  }
};
struct PositionalOnly {};
struct KeywordOnly {};
struct ReleaseGil {};

}  // namespace detail

/// @brief Names a parameter of a bound function: `arg("start")`, with a default `arg("start") = 0`.
///
/// Name all parameters of a function or none; without names they are positional-only.
struct arg {  // NOLINT(readability-identifier-naming): reads like a signature
  constexpr explicit arg(const char* python_name) noexcept : name(python_name) {}
  /// @brief Gives the parameter a default. It is converted to Python once, when the function is bound.
  template <class T>
  constexpr detail::ArgumentWithDefault<std::decay_t<T>, detail::Plain> operator=(T&& value) && {  // NOLINT: a default
    return {name, std::forward<T>(value)};
  }
  /// @brief Takes `int` for integers, `float` for floating point, `bool` for bool, and nothing that merely converts to
  /// them. A default may follow: `arg("x").strict() = 1.0`.
  constexpr detail::Argument<detail::Strict> strict() const noexcept { return {name}; }
  /// @brief Converts the argument by calling @p Function instead of FromPyObject.
  /// @tparam Function  Takes `const Bound<PyAny>&`; returns what the parameter takes, or a PyResult of it.
  /// @pyo3{from_py_with}
  template <auto Function>
  constexpr detail::Argument<detail::FromPyWith<Function>> from_py_with() const noexcept {
    return {name};
  }
  const char* name;
};

/// @brief In `def`, after the parameters that cannot be passed by keyword: the `/` of a Python signature.
inline constexpr detail::PositionalOnly pos_only;
/// @brief In `def`, before the parameters that can only be passed by keyword: the `*` of a Python signature.
inline constexpr detail::KeywordOnly kw_only;
/// @brief In `def`: the GIL is released while the C++ function runs. Its arguments are converted before, its result
/// after; all of them have to be Ungil.
inline constexpr detail::ReleaseGil release_gil;

/// @brief As a parameter of a bound function: `*args`, the further positional arguments, as a tuple.
///
/// Parameters after it can only be passed by keyword.
class Args {
 public:
  const Bound<PyTuple>& operator*() const noexcept ADDER_LIFETIMEBOUND { return tuple_; }
  const Bound<PyTuple>* operator->() const noexcept ADDER_LIFETIMEBOUND { return &tuple_; }

  /// Not for users.
  explicit Args(Bound<PyTuple> tuple) noexcept : tuple_(std::move(tuple)) {}

 private:
  Bound<PyTuple> tuple_;
};

/// @brief As a parameter of a bound function: `**kwargs`, the keyword arguments that name no other parameter, as a dict
/// of their own.
class Kwargs {
 public:
  const Bound<PyDict>& operator*() const noexcept ADDER_LIFETIMEBOUND { return dict_; }
  const Bound<PyDict>* operator->() const noexcept ADDER_LIFETIMEBOUND { return &dict_; }

  /// Not for users.
  explicit Kwargs(Bound<PyDict> dict) noexcept : dict_(std::move(dict)) {}

 private:
  Bound<PyDict> dict_;
};

/// @brief As a parameter of a bound function, anywhere among them: the module that the function was defined in. Python
/// does not see it.
/// @pyo3{pass_module}
class ThisModule {
 public:
  const Bound<PyModule>& operator*() const noexcept ADDER_LIFETIMEBOUND { return module_; }
  const Bound<PyModule>* operator->() const noexcept ADDER_LIFETIMEBOUND { return &module_; }

  /// Not for users.
  explicit ThisModule(Bound<PyModule> module) noexcept : module_(std::move(module)) {}

 private:
  Bound<PyModule> module_;
};

/// @brief As a parameter of a class method or of a factory given to `def_new`, anywhere among the parameters: the class
/// that was called, which may be a Python subclass. Python does not see it.
/// @pyo3{classmethod's &Bound<'_, PyType>}
class ThisClass {
 public:
  const Bound<PyType>& operator*() const noexcept ADDER_LIFETIMEBOUND { return type_; }
  const Bound<PyType>* operator->() const noexcept ADDER_LIFETIMEBOUND { return &type_; }

  /// Not for users.
  explicit ThisClass(Bound<PyType> type) noexcept : type_(std::move(type)) {}

 private:
  Bound<PyType> type_;
};

template <>
struct UngilTraits<ThisClass> : std::false_type {};
template <>
struct UngilTraits<Args> : std::false_type {};
template <>
struct UngilTraits<Kwargs> : std::false_type {};
template <>
struct UngilTraits<ThisModule> : std::false_type {};

namespace detail {

// --- What was written after the name in def --------------------------------------------------------------------------

/// One such thing, in the form that all functions share.
struct Extra {
  enum class Kind : unsigned char { unknown, parameter, positional_only, keyword_only, release_gil, doc };
  Kind kind = Kind::unknown;
  const char* text = nullptr;           ///< The parameter's name, or the docstring.
  ::PyObject* default_value = nullptr;  ///< Of a parameter; see Extras.
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
  static Extra describe(const char* text) noexcept { return {kind, text, nullptr}; }
};
template <class How_>
struct ExtraParameter {
  static constexpr auto kind = Extra::Kind::parameter;
  static constexpr bool has_default = false;
  using How = How_;
  template <class A>
  static Extra describe(const A& argument) noexcept {
    return {kind, argument.name, nullptr};
  }
};
template <>
struct ExtraOf<arg> : ExtraParameter<Plain> {};
template <class How>
struct ExtraOf<Argument<How>> : ExtraParameter<How> {};
template <class T, class How>
struct ExtraOf<ArgumentWithDefault<T, How>> : ExtraParameter<How> {
  static constexpr bool has_default = true;
  static Extra describe(const ArgumentWithDefault<T, How>& argument) {
    return {Extra::Kind::parameter, argument.name, non_null(into_ptr_or_pending(argument.value))};
  }
};
template <Extra::Kind Kind>
struct ExtraMark {
  static constexpr auto kind = Kind;
  template <class Mark>
  static Extra describe(Mark) noexcept {
    return {kind, nullptr, nullptr};
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

// --- What the C++ parameters say -------------------------------------------------------------------------------------

/// What a parameter of the C++ function is to Python.
enum class ParameterKind : unsigned char { plain, token, module, this_class, var_args, var_keywords };
/// Whether it is loaded from something that the caller passed.
constexpr bool takes_argument(ParameterKind kind) noexcept {
  return kind == ParameterKind::plain || kind == ParameterKind::var_args || kind == ParameterKind::var_keywords;
}
template <class P>
inline constexpr ParameterKind kind_of = ParameterKind::plain;
template <class P>
  requires std::is_same_v<std::remove_cvref_t<P>, Python>
inline constexpr ParameterKind kind_of<P> = ParameterKind::token;
template <class P>
  requires std::is_same_v<std::remove_cvref_t<P>, ThisModule>
inline constexpr ParameterKind kind_of<P> = ParameterKind::module;
template <class P>
  requires std::is_same_v<std::remove_cvref_t<P>, ThisClass>
inline constexpr ParameterKind kind_of<P> = ParameterKind::this_class;
template <class P>
  requires std::is_same_v<std::remove_cvref_t<P>, Args>
inline constexpr ParameterKind kind_of<P> = ParameterKind::var_args;
template <class P>
  requires std::is_same_v<std::remove_cvref_t<P>, Kwargs>
inline constexpr ParameterKind kind_of<P> = ParameterKind::var_keywords;

/// The kinds of all parameters, and what follows from them.
template <class List>
struct ParameterKinds;
template <class... P>
struct ParameterKinds<TypeList<P...>> {
  static constexpr std::size_t all = sizeof...(P);
  static constexpr bool all_plain = ((kind_of<P> == ParameterKind::plain) && ...);
  static constexpr bool has_this_class = ((kind_of<P> == ParameterKind::this_class) || ...);
  static constexpr ParameterKind kinds[all + 1] = {kind_of<P>..., ParameterKind::plain};
  /// Parameters that Python knows one by one.
  static constexpr std::size_t count = (std::size_t{0} + ... + (kind_of<P> == ParameterKind::plain ? 1 : 0));
  /// Where the argument of C++ parameter @p index stands: `*args` and `**kwargs` come after the others.
  static constexpr std::size_t place(std::size_t index) noexcept {
    if (kinds[index] == ParameterKind::var_args) return count;
    if (kinds[index] == ParameterKind::var_keywords) return count + 1;
    std::size_t result = 0;
    for (std::size_t i = 0; i < index; ++i) result += kinds[i] == ParameterKind::plain ? 1 : 0;
    return result;
  }
};

/// Whether there are no other parameters than plain ones and tokens.
template <class List>
inline constexpr bool only_plain = false;
template <class... P>
inline constexpr bool only_plain<TypeList<P...>> =
    ((kind_of<P> == ParameterKind::plain || kind_of<P> == ParameterKind::token) && ...);

/// What is wrong with the parameters of a function and what def says of them.
enum class ShapeError : unsigned char {
  none,
  unknown_extra,
  too_many,
  variadic_twice,
  names,
  doc_twice,
  mark_twice,
  mark_without_names,
  slash_after_star,
  star_and_args,
  keyword_only_without_name,
  default_order,
};
struct ShapeResult {
  Shape shape;
  ShapeError error = ShapeError::none;
};

/// Puts together what the C++ parameters and the extras of a def say.
constexpr ShapeResult analyse(const ParameterKind* parameters, std::size_t parameter_count, const Extra::Kind* extras,
                              const bool* has_default, std::size_t extra_count) noexcept {
  ShapeResult result;
  std::size_t plain = 0, star = 256;
  for (std::size_t i = 0; i < parameter_count; ++i) {
    if (parameters[i] == ParameterKind::plain) ++plain;
    if (parameters[i] == ParameterKind::module) result.shape.module = true;
    if (parameters[i] == ParameterKind::this_class) result.shape.this_class = true;
    if (parameters[i] == ParameterKind::var_args) {
      if (result.shape.var_args) result.error = ShapeError::variadic_twice;
      result.shape.var_args = true;
      star = plain;
    }
    if (parameters[i] == ParameterKind::var_keywords) {
      if (result.shape.var_keywords) result.error = ShapeError::variadic_twice;
      result.shape.var_keywords = true;
    }
  }
  if (plain > 255) result.error = ShapeError::too_many;
  std::size_t named = 0, slash = 0, docs = 0, slashes = 0, stars = 0, gils = 0;
  bool defaulted = false;
  for (std::size_t i = 0; i < extra_count; ++i) {
    switch (extras[i]) {
      case Extra::Kind::parameter:
        if (named < star && defaulted && !has_default[i]) result.error = ShapeError::default_order;
        if (named < star && has_default[i]) defaulted = true;
        ++named;
        break;
      case Extra::Kind::positional_only:
        slash = named;
        ++slashes;
        if (named > star) result.error = ShapeError::slash_after_star;
        break;
      case Extra::Kind::keyword_only:
        if (result.shape.var_args) result.error = ShapeError::star_and_args;
        star = named;
        ++stars;
        break;
      case Extra::Kind::doc:
        ++docs;
        break;
      case Extra::Kind::release_gil:
        ++gils;
        break;
      case Extra::Kind::unknown:
        result.error = ShapeError::unknown_extra;
        break;
    }
  }
  const std::size_t positional = star < plain ? star : plain;
  result.shape.count = static_cast<unsigned char>(plain);
  result.shape.positional = static_cast<unsigned char>(positional);
  result.shape.named = named != 0;
  result.shape.positional_only = static_cast<unsigned char>(named == 0 ? positional : slash);
  if (result.error != ShapeError::none) return result;
  if (docs > 1) result.error = ShapeError::doc_twice;
  if (slashes > 1 || stars > 1 || gils > 1) result.error = ShapeError::mark_twice;
  if (named != 0 && named != plain) result.error = ShapeError::names;
  if (named == 0 && positional != plain) result.error = ShapeError::keyword_only_without_name;
  if (named == 0 && slashes + stars != 0) result.error = ShapeError::mark_without_names;
  return result;
}

template <class E>
constexpr bool has_default() {
  if constexpr (ExtraOf<E>::kind == Extra::Kind::parameter) {
    return ExtraOf<E>::has_default;
  } else {
    return false;
  }
}

/// The shape of a callable with parameters @p List, bound with the extras E.
template <class List, class... E>
struct ShapeOf {
  using Kinds = ParameterKinds<List>;
  static constexpr Extra::Kind extras[] = {ExtraOf<E>::kind..., Extra::Kind::unknown};
  static constexpr bool defaults[] = {has_default<E>()..., false};
  static constexpr ShapeResult result = analyse(Kinds::kinds, Kinds::all, extras, defaults, sizeof...(E));
  static_assert(result.error != ShapeError::unknown_extra,
                "adder: after the name def takes arg(...), arg(...) = default, pos_only, kw_only, release_gil, and one "
                "docstring");
  static_assert(result.error != ShapeError::too_many, "adder: a bound function takes at most 255 arguments");
  static_assert(result.error != ShapeError::variadic_twice,
                "adder: a bound function takes at most one Args and one Kwargs");
  static_assert(result.error != ShapeError::names,
                "adder: name every parameter of the function with arg(...), or none. Python, ThisModule, Args, Kwargs "
                "and the receiver of a method are not among them");
  static_assert(result.error != ShapeError::doc_twice, "adder: def takes one docstring");
  static_assert(result.error != ShapeError::mark_twice,
                "adder: pos_only, kw_only and release_gil stand at most once in a def");
  static_assert(result.error != ShapeError::mark_without_names,
                "adder: pos_only and kw_only stand among the names of the parameters: there are none");
  static_assert(result.error != ShapeError::slash_after_star, "adder: pos_only stands before kw_only, and before Args");
  static_assert(result.error != ShapeError::star_and_args,
                "adder: parameters after Args are keyword-only: leave kw_only out");
  static_assert(result.error != ShapeError::keyword_only_without_name,
                "adder: parameters after Args can only be passed by keyword: name all parameters with arg(...)");
  static_assert(result.error != ShapeError::default_order,
                "adder: a parameter without a default follows one with a default");
  static constexpr Shape shape = result.shape;
};
template <class... P>
  requires ParameterKinds<TypeList<P...>>::all_plain
struct ShapeOf<TypeList<P...>> {
  static_assert(sizeof...(P) < 256, "adder: a bound function takes at most 255 arguments");
  static constexpr Shape shape = plain_shape<sizeof...(P)>;
};

// --- Filling a record ------------------------------------------------------------------------------------------------

/// What def has to say about a function; the same for all functions.
struct Description {
  const char* name;
  std::string_view qualifier = "";  ///< "Counter." for a method.
  const char* receiver = nullptr;   ///< "$module", "$self" or null, as the text signature wants it.
  const Extra* extras = nullptr;
  std::size_t extra_count = 0;
  bool is_method = false;
  ::PyObject* module_name = nullptr;  ///< As in FunctionRecord.
};

/// A record while it is being filled: what there is of it goes again where something throws.
struct UnfinishedRecord {
  FunctionRecord record;
  unsigned count = 0;  ///< Parameters so far.

  UnfinishedRecord() = default;
  UnfinishedRecord(const UnfinishedRecord&) = delete;
  UnfinishedRecord& operator=(const UnfinishedRecord&) = delete;
  ~UnfinishedRecord();
  FunctionRecord finish() noexcept;
};

/// Fills @p record; leaves it as it was where something throws.
/// @param meth        The entry point, whatever its convention,
/// @param flags       which is this.
/// @param parameters  Room for the parameters, which lives as long as the record.
/// @return Whether it was done: without a GIL what is known of a function is not replaced.
ADDER_COLD_CALL bool fill_record(FunctionRecord& record, Shape shape, PyCFunction meth, int flags,
                                 Parameter* parameters, const Description& description);

}  // namespace detail
}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/function/detail/signature_inl.hpp"
#endif
