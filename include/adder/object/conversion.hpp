// SPDX-License-Identifier: MIT
/// @file
/// @brief The contract of conversions between Python objects and C++ values; no conversions.
///
/// To teach adder a type, specialise the two traits, before their first use with it:
/// @code
/// template <>
/// struct adder::FromPyObject<Celsius> {
///   static adder::PyResult<Celsius> extract(const adder::Bound<adder::PyAny>& object) {
///     return object.try_extract<double>().map([](double degrees) { return Celsius{degrees}; });
///   }
/// };
/// template <>
/// struct adder::IntoPyObject<Celsius> {
///   static adder::PyResult<adder::Bound<adder::PyAny>> into_py(adder::Python py, const Celsius& value) {
///     return adder::into_py(py, value.degrees);
///   }
/// };
/// @endcode
/// Both report failure as a value and throw nothing themselves.
#pragma once
#include "adder/error/detail/recursion.hpp"
#include "adder/object/detail/no_conversion.hpp"
#include "adder/object/type_hint.hpp"  // IWYU pragma: export (for those who write conversions)
#include "adder/object/type_info.hpp"
#include "adder/token/ungil.hpp"

#include <concepts>
#include <cstddef>
#include <new>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief C++ types that can be extracted from a Python object.
template <class T>
concept ExtractsFromPy = requires(const Bound<PyAny>& object) {
  { FromPyObject<T>::extract(object) } -> std::convertible_to<PyResult<T>>;
};

namespace detail {
template <class T>
using IntoPyTraits = IntoPyObject<std::remove_cvref_t<T>>;
}  // namespace detail

/// @brief C++ types that can be made into a Python object.
template <class T>
concept ConvertsIntoPy = requires(Python py, T&& value) {
  {
    detail::IntoPyTraits<T>::into_py(py, std::forward<T>(value))
  } -> std::convertible_to<PyResult<Bound<detail::LateAny<T>>>>;
};

/// @brief A new Python object from a C++ value, or why there is none.
/// @gil   Held.
/// @refs  The result owns its reference.
/// @pyo3{IntoPyObject::into_pyobject}
template <class T>
ADDER_INLINE PyResult<Bound<detail::LateAny<T>>> into_py(Python py, T&& value) {
  if constexpr (!ConvertsIntoPy<T>) {
    (void)detail::NoConversionIntoPy<std::remove_cvref_t<T>>{};
    __builtin_unreachable();  // No further message, about a function without a result.
  } else {
    using Traits = detail::IntoPyTraits<T>;
    if constexpr (detail::may_recurse<std::remove_cvref_t<T>> && !detail::MakesFieldsOnly<Traits>) {
      const detail::RecursionScope scope(__builtin_frame_address(0));
      if (scope.too_deep()) [[unlikely]]
        return detail::recursion_error("to ");
      return Traits::into_py(py, std::forward<T>(value));
    } else {
      return Traits::into_py(py, std::forward<T>(value));
    }
  }
}

namespace detail {

/// Types whose conversion runs no Python code, or keeps the object alive by itself where it does. All others are
/// extracted from an owned handle: a stored one may be dropped meanwhile.
template <class T>
inline constexpr bool extracts_quietly = false;

/// Whether the conversion of an object to a T may use the object up, so that it cannot be converted once more: those
/// that take an iterator say so, and nobody knows of those that a user has written.
template <class T>
constexpr bool may_use_up();
template <class List>
inline constexpr bool any_uses_up = false;
template <class... T>
inline constexpr bool any_uses_up<TypeList<T...>> = (may_use_up<T>() || ...);
template <class T>
constexpr bool may_use_up() {
  if constexpr (requires { FromPyObject<T>::takes_iterators; } || may_recurse<T>) {
    return true;
  } else if constexpr (TemplateShape<T>::known) {
    return any_uses_up<typename TemplateShape<T>::arguments>;
  } else {
    return false;
  }
}

/// While it is found out whether an object converts to one of several types: iterators are refused, as the next to look
/// at one would find nothing, or half of it.
/// @tparam T   What is tried.
/// @tparam Is  Whether it is: the last of several types may use the object up.
template <class T, bool Is = true>
class TrialScope {
 public:
  static constexpr bool needed = Is && may_use_up<T>();
  ADDER_INLINE TrialScope() noexcept {
    if constexpr (needed) ++conversion_stack.trials;
  }
  TrialScope(const TrialScope&) = delete;
  TrialScope& operator=(const TrialScope&) = delete;
  ADDER_INLINE ~TrialScope() {
    if constexpr (needed) --conversion_stack.trials;
  }
};

/// Puts @p step in front of where a nested conversion failed.
ADDER_COLD_CALL PyErr at_step(PyErr error, std::string_view step);
ADDER_COLD_CALL PyErr at_index(PyErr error, std::size_t index);
/// The same for a key, which is shown as its repr() where that can be had.
ADDER_COLD_CALL PyErr at_key(PyErr error, ::PyObject* key, const char* what = "");
/// The pending exception of a dict or set that did not take @p key, mostly as it cannot be hashed.
ADDER_COLD_CALL PyErr at_refused_key(::PyObject* key, const char* what);

/// What the error of a conversion says where other types, or other functions, are still to be tried.
enum class Refusal : unsigned char {
  type,     ///< The object is of another type, or has not the attribute or key that was looked for.
  value,    ///< Its type is right and its value is not: a ValueError or an OverflowError.
  serious,  ///< Anything else: no other is tried.
};
ADDER_COLD_CALL Refusal refusal_of(const PyErr& error) noexcept;

/// The C++ value of a Python object, or why there is none.
template <class T>
ADDER_INLINE PyResult<T> extract_from(const Bound<PyAny>& object) {
  if constexpr (!ExtractsFromPy<T>) {
    (void)NoConversionFromPy<std::remove_cv_t<T>>{};
    __builtin_unreachable();  // No further message, about a function without a result.
  } else {
    if constexpr (may_recurse<T> && !ExtractsFieldsOnly<FromPyObject<T>>) {
      const RecursionScope scope(__builtin_frame_address(0));
      if (scope.too_deep()) [[unlikely]]
        return recursion_error("");
      // Not as promised, but easily written: extract() instead of try_extract().
      try {
        return FromPyObject<T>::extract(object);
      } catch (const PyErr& error) {
        return error;
      }
    } else {
      return FromPyObject<T>::extract(object);
    }
  }
}

/// Room for what a conversion gives, which is made there: nothing is moved on the way.
template <class T>
class Extracted {
 public:
  Extracted() noexcept {}  // NOLINT(modernize-use-equals-default): of a union
  Extracted(const Extracted&) = delete;
  Extracted& operator=(const Extracted&) = delete;
  ADDER_INLINE ~Extracted() {
    if (loaded_) result_.~PyResult<T>();
  }
  /// Once. @p f returns a PyResult<T>.
  template <class F>
  ADDER_INLINE PyResult<T>& load(F&& f) {
    ::new (static_cast<void*>(&result_)) PyResult<T>(f());
    loaded_ = true;
    return result_;
  }
  ADDER_INLINE PyResult<T>& load(const Bound<PyAny>& object) {
    return load([&] { return extract_from<T>(object); });
  }
  /// What was loaded, to be taken from here.
  ADDER_INLINE T&& value() noexcept { return std::move(result_.value()); }

 private:
  union {
    PyResult<T> result_;
  };
  bool loaded_ = false;
};

/// Hides an object from the garbage collector, and with it from `gc.get_objects()`, for as long as it is being made:
/// Python code that runs meanwhile would find a list or tuple with holes. Nothing for those that have no holes: empty
/// ones (there is but one empty tuple), and where there is a GIL those whose items are made without Python code.
template <bool ItemsRunPython>
class HiddenWhileMade {
 public:
#if defined(Py_GIL_DISABLED)
  static constexpr bool needed = true;  // Another thread may look at any time.
#else
  static constexpr bool needed = ItemsRunPython;
#endif
  /// @param sequence  A new list or tuple.
  /// @param size      How many items it has room for.
  ADDER_INLINE HiddenWhileMade(::PyObject* sequence, std::size_t size) noexcept
      : sequence_(needed && size != 0 ? sequence : nullptr) {
    if (sequence_ != nullptr) PyObject_GC_UnTrack(sequence_);
  }
  /// It is complete.
  ADDER_INLINE void show() noexcept {
    if (sequence_ != nullptr) PyObject_GC_Track(sequence_);
  }

 private:
  ::PyObject* sequence_;
};

/// Whether a set that is hidden while it is made has to be copied into what New makes. From 3.15 on PySet_Add shows a
/// frozenset to the collector as soon as an item may be a part of a cycle, before the item's `__hash__` runs.
template <::PyObject* (*New)(::PyObject*)>
inline constexpr bool is_copy_of_set = PY_VERSION_HEX >= 0x030F0000 && New == &PyFrozenSet_New;

/// Types that Python needs in another form where they are hashed: a tuple instead of a list, a frozenset instead of a
/// set. Those of their items too, so the traits of what may hold them have an into_key of their own.
template <class T>
concept HasKeyForm = requires(Python py, T&& value) {
  { IntoPyTraits<T>::into_key(py, std::forward<T>(value)) } -> std::same_as<PyResult<Bound<LateAny<T>>>>;
};
/// into_py for what becomes a key of a dict or an item of a set.
template <class T>
ADDER_INLINE PyResult<Bound<LateAny<T>>> into_key(Python py, T&& value) {
  if constexpr (HasKeyForm<T>) {
    return IntoPyTraits<T>::into_key(py, std::forward<T>(value));
  } else {
    return adder::into_py(py, std::forward<T>(value));
  }
}

/// Conversions of adder's own whose into_ptr() does the same as into_py(), without a handle and its result on the way.
/// Not those that derive from one.
template <class Traits>
concept MakesPointers = std::same_as<typename Traits::PointerMaker, Traits>;
/// A new reference to the Python object of a C++ value, or null with the exception pending.
template <class T>
ADDER_INLINE ::PyObject* into_ptr_or_pending(T&& value) {
  if constexpr (MakesPointers<IntoPyTraits<T>>) {
    return IntoPyTraits<T>::into_ptr(std::forward<T>(value));
  } else {
    auto result = into_py(token(), std::forward<T>(value));
    if (result.is_err()) [[unlikely]] {
      result.error().restore(token());
      return nullptr;
    }
    return std::move(result).value().into_ptr();
  }
}

/// A new Python object, thrown about where it cannot be made.
template <class T>
class AsArgument {
 public:
  ADDER_INLINE explicit AsArgument(T value) : object_(non_null(into_ptr_or_pending(std::forward<T>(value)))) {}
  AsArgument(const AsArgument&) = delete;
  AsArgument& operator=(const AsArgument&) = delete;
  ADDER_INLINE ~AsArgument() { release(object_); }
  ADDER_INLINE ::PyObject* as_ptr() const noexcept { return object_; }

 private:
  ::PyObject* object_;
};
template <class T>
concept LendsReference =
    is_specialization<std::remove_cvref_t<T>, Bound> || is_specialization<std::remove_cvref_t<T>, Borrowed> ||
    is_specialization<std::remove_cvref_t<T>, Py>;
/// Parameters that a function may use without the GIL though nobody can look into their type, for what the conversion
/// puts in is known.
template <class T>
inline constexpr bool crosses_as_argument = false;
/// Parameters of a function that gets the object itself, not a value made of it.
template <class T>
inline constexpr bool hands_object_over = LendsReference<T>;
template <class Handle>
struct HandleTargetOf;
template <template <class> class Handle, class T>
struct HandleTargetOf<Handle<T>> {
  using type = T;
};
template <class Handle>
using HandleTarget = typename HandleTargetOf<Handle>::type;

/// A handle is the object. Whoever gets it only borrows it and may drop the handle that it came from: so it is kept
/// alive for the duration, at the price of one reference, or of none where a temporary gives its own.
/// The object of a handle, for what runs no Python code meanwhile: nobody else could drop the handle.
template <LendsReference Handle>
ADDER_INLINE ::PyObject* lent_by(const Handle& handle) {
  if (handle.as_ptr() == nullptr) [[unlikely]]
    throw_moved_from(short_name<HandleTarget<Handle>>(), "passed as an argument");
  return handle.as_ptr();
}
template <class V>
concept LentHandle = std::is_lvalue_reference_v<V> && LendsReference<V>;

template <LendsReference T>
class AsArgument<T> {
 public:
  ADDER_INLINE explicit AsArgument(T handle) : object_(own(std::forward<T>(handle))) {}
  AsArgument(const AsArgument&) = delete;
  AsArgument& operator=(const AsArgument&) = delete;
  ADDER_INLINE ~AsArgument() { release(object_); }
  ADDER_INLINE ::PyObject* as_ptr() const noexcept { return object_; }

 private:
  using Handle = std::remove_cvref_t<T>;
  static constexpr bool gives = std::is_rvalue_reference_v<T&&> && !std::is_const_v<std::remove_reference_t<T>> &&
                                !is_specialization<Handle, Borrowed>;

  ADDER_INLINE static ::PyObject* own(T&& handle) {
    ::PyObject* lent = lent_by(handle);
    if constexpr (gives) {
      return std::move(handle).into_ptr();
    } else {
      return Py_NewRef(lent);
    }
  }

  ::PyObject* object_;
};

/// An argument that may be missing, which is None to Python: a std::optional, or std::nullopt. Its conversion is not
/// asked for, so that its header is not needed.
template <class T>
class OrNone : public AsArgument<T> {
 public:
  using AsArgument<T>::AsArgument;
};
template <class T>
  requires is_specialization<std::remove_cvref_t<T>, std::optional>
class OrNone<T> {
 public:
  explicit OrNone(T value)
      : object_(value ? non_null(into_ptr_or_pending(*std::forward<T>(value))) : Py_NewRef(Py_None)) {}
  OrNone(const OrNone&) = delete;
  OrNone& operator=(const OrNone&) = delete;
  ~OrNone() { release(object_); }
  ::PyObject* as_ptr() const noexcept { return object_; }

 private:
  ::PyObject* object_;
};
template <class T>
  requires std::is_same_v<std::remove_cvref_t<T>, std::nullopt_t>
class OrNone<T> {
 public:
  explicit OrNone(std::nullopt_t) noexcept {}
  static ::PyObject* as_ptr() noexcept { return Py_None; }
};

/// The same of a value that is to be hashed.
template <HasKeyForm T>
class KeyArgument {
 public:
  explicit KeyArgument(T value) : object_(made(into_key(token(), std::forward<T>(value)))) {}
  ADDER_INLINE ::PyObject* as_ptr() const noexcept { return object_.as_ptr(); }

 private:
  using Object = Bound<LateAny<T>>;
  static Object made(PyResult<Object> result) {
    if (result.is_err()) throw std::move(result).error();
    return std::move(result).value();
  }
  Object object_;
};
template <class T>
struct AsKeyOf {
  using type = AsArgument<T>;
};
template <HasKeyForm T>
struct AsKeyOf<T> {
  using type = KeyArgument<T>;
};
template <class T>
using AsKey = typename AsKeyOf<T>::type;

/// Whether making a Python object of an argument may run Python code.
template <class T>
inline constexpr bool is_made_by_python =
#if PY_VERSION_HEX < 0x030C0000
    // Making a list, tuple, dict or set may run the garbage collector, and with it any finalizer.
    !std::is_arithmetic_v<T> &&
#else
    !meets_no_user_type<T> &&
#endif
    !LendsReference<T> && !is_interned<T> && !std::is_convertible_v<const T&, std::string_view>;

/// The handles among several arguments, kept while Python code may run that drops them before their turn comes.
template <class... T>
class AlwaysKept {
 public:
  explicit AlwaysKept(const T&... arguments) noexcept : objects_{object_of(arguments)..., nullptr} {}
  AlwaysKept(const AlwaysKept&) = delete;
  AlwaysKept& operator=(const AlwaysKept&) = delete;
  ~AlwaysKept() {
    for (::PyObject* object : objects_) release_if_any(object);
  }

 private:
  /// Of `kw("x"_s) = handle`, its value.
  template <class U>
  static ::PyObject* object_of(const U& argument) noexcept {
    if constexpr (LendsReference<U>) {
      return Py_XNewRef(argument.as_ptr());
    } else if constexpr (requires { argument.value.as_ptr(); }) {
      return object_of(argument.value);
    } else {
      return nullptr;
    }
  }
  ::PyObject* objects_[sizeof...(T) + 1];
};
template <class... T>
AlwaysKept(const T&...) -> AlwaysKept<T...>;

/// The same while the others are converted. Nothing where no conversion runs Python code.
template <class... T>
class KeptArguments {
 public:
  ADDER_INLINE explicit KeptArguments(const T&...) noexcept {}
};
template <class... T>
  requires((is_made_by_python<T> || ...) && sizeof...(T) > 1)
class KeptArguments<T...> : AlwaysKept<T...> {
 public:
  using AlwaysKept<T...>::AlwaysKept;
};
/// The same where a container is made first: up to 3.11 that may run the garbage collector, and with it any finalizer.
#if PY_VERSION_HEX < 0x030C0000
template <class... T>
using KeptFromStart = AlwaysKept<T...>;
#else
template <class... T>
using KeptFromStart = KeptArguments<T...>;
#endif
template <class... T>
KeptArguments(const T&...) -> KeptArguments<T...>;

}  // namespace detail

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/object/detail/conversion_inl.hpp"
#endif
