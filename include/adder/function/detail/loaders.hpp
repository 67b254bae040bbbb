// SPDX-License-Identifier: MIT
/// @file
/// @brief ArgumentLoader: one argument of a call as a C++ value, for the duration of the call.
#pragma once
#include "adder/base/detail/string_fwd.hpp"
#include "adder/function/detail/callable.hpp"

#include <concepts>
#include <new>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

/// What parameters by value and by const reference have in common.
template <class P>
struct ValueParameter {
  using T = std::remove_cvref_t<P>;
  static_assert(!std::is_lvalue_reference_v<P> || std::is_const_v<std::remove_reference_t<P>>,
                "adder: a bound function cannot change its argument through T&, unless T is a pyclass, for which "
                "adder::PyClass<T> is specialised above the first use: take T or const T&");
};

/// Holds the C++ value of an argument, which @p Extract makes a PyResult of, for the duration of a call.
template <class P, auto Extract>
class ExtractingLoader : ValueParameter<P> {
  using typename ValueParameter<P>::T;

 public:
  ExtractingLoader() noexcept {}  // NOLINT(modernize-use-equals-default): of a union
  ExtractingLoader(const ExtractingLoader&) = delete;
  ExtractingLoader& operator=(const ExtractingLoader&) = delete;
  ADDER_INLINE ~ExtractingLoader() {
    if (loaded_) value().~T();
  }
  // Not inlined: g++ 12 would take what was not loaded for used.
  ADDER_NOINLINE bool load(::PyObject* object, CallContext context, unsigned index) {
    try {
      const auto any = peek<LateAny<P>>(object);
      ::new (static_cast<void*>(&result_)) PyResult<T>(Extract(any.as_bound()));
      loaded_ = result_.is_ok();
      if (loaded_) [[likely]]
        return true;
      set_argument_error(context.record(), index, result_.error());
      result_.~PyResult<T>();
    } catch (...) {
      set_thrown_error(context.record(), index);
    }
    return false;
  }
  P&& get() noexcept { return static_cast<P&&>(value()); }

 protected:
  template <class V>
  ADDER_INLINE void emplace(const V& value) {
    ::new (static_cast<void*>(&result_)) PyResult<T>(std::in_place, value);
    loaded_ = true;
  }

 private:
  ADDER_INLINE T& value() noexcept {
    if (!result_.is_ok()) __builtin_unreachable();  // It is there only where it is a value.
    return result_.value();
  }
  union {
    PyResult<T> result_;
  };
  bool loaded_ = false;
};

/// The same of a small value that is mostly read in place.
template <class P>
class ReadingLoader : ValueParameter<P> {
  using typename ValueParameter<P>::T;

 public:
  ADDER_INLINE_FOR_SPEED bool load(::PyObject* object, CallContext context, unsigned index) noexcept {
    if (InPlace<T>::read(object, value_)) [[likely]]
      return true;
    return load_other(value_, object, context, index);
  }
  P&& get() noexcept { return static_cast<P&&>(value_); }

 private:
  ADDER_NOINLINE static bool load_other(T& value, ::PyObject* object, CallContext context, unsigned index) noexcept {
    try {
      const auto any = peek<LateAny<P>>(object);
      PyResult<T> result = extract_from<T>(any.as_bound());
      if (result.is_ok()) {
        value = std::move(result.value());
        return true;
      }
      set_argument_error(context.record(), index, result.error());
    } catch (...) {
      set_thrown_error(context.record(), index);
    }
    return false;
  }
  T value_{};
};

template <class P, bool Converts>
struct ValueLoader : ExtractingLoader<P, &extract_from<std::remove_cvref_t<P>>> {};
template <class P>
  requires ReadsInPlace<std::remove_cvref_t<P>>
struct ValueLoader<P, true> : ReadingLoader<P> {};
/// Text of a `str` whose own text is UTF-8 is copied from there.
template <class P>
  requires(std::is_same_v<std::remove_cvref_t<P>, std::string> && IsSimple<std::remove_cvref_t<P>>)  // stl/string.hpp
struct ValueLoader<P, true> : ExtractingLoader<P, &extract_from<std::remove_cvref_t<P>>> {
  ADDER_INLINE bool load(::PyObject* object, CallContext context, unsigned index) {
    if constexpr (ADDER_SMALL_CODE == 0) {
      if (std::string_view text; PyUnicode_Check(object) && read_ascii(object, text)) [[likely]] {
        try {
          this->emplace(text);
          return true;
        } catch (...) {
          set_thrown_error(context.record(), index);
          return false;
        }
      }
    }
    return ExtractingLoader<P, &extract_from<std::remove_cvref_t<P>>>::load(object, context, index);
  }
};
/// Says why not, and no more: what stands in the way of T may not even be a complete class. Said where it is loaded, as
/// a class that a static_assert is false in brings further errors about.
template <class P>
struct ValueLoader<P, false> {
  static_assert(
      std::is_reference_v<P> || stranger<P>() != Stranger::incomplete,
      "adder: a bound function takes by value what is only declared here: include the header that defines it, "
      "above the first use");
  static bool load(::PyObject*, CallContext, unsigned) {
    if constexpr (std::is_lvalue_reference_v<P> && !std::is_const_v<std::remove_reference_t<P>>) {
      (void)ValueParameter<P>{};
    } else {
      (void)NoConversionFromPy<std::remove_cvref_t<P>>{};
    }
    return false;
  }
  static P&& get() noexcept;
};

/// Holds the C++ value of an argument of type P for the duration of a call. `load` sets a Python exception on failure.
template <class P>
class ArgumentLoader : public ValueLoader<P, ExtractsFromPy<std::remove_cvref_t<P>>> {};

template <>
class ArgumentLoader<Python> {
 public:
  static constexpr bool load(::PyObject*, CallContext, unsigned) noexcept { return true; }
  Python get() const noexcept { return token(); }
};
template <>
class ArgumentLoader<const Python&> : public ArgumentLoader<Python> {};
/// What a function defined in a module has for `self`: the module, or a capsule that leads to it.
template <class P>
  requires std::is_same_v<std::remove_cvref_t<P>, ThisModule>
class ArgumentLoader<P> : ValueParameter<P> {
 public:
  bool load(::PyObject*, CallContext context, unsigned) {
    ::PyObject* module = context.self;
    if (PyCapsule_CheckExact(module)) module = static_cast<::PyObject*>(PyCapsule_GetContext(module));
    value_.emplace(borrow<PyModule>(module));
    return true;
  }
  P&& get() noexcept { return static_cast<P&&>(*value_); }

 private:
  std::optional<std::remove_cvref_t<P>> value_;
};
/// The class that a class method or factory is called on.
template <class P>
  requires std::is_same_v<std::remove_cvref_t<P>, ThisClass>
class ArgumentLoader<P> : ValueParameter<P> {
 public:
  bool load(::PyObject*, CallContext context, unsigned) {
    value_.emplace(borrow<Late<PyType, P>>(context.self));
    return true;
  }
  P&& get() noexcept { return static_cast<P&&>(*value_); }

 private:
  std::optional<std::remove_cvref_t<P>> value_;
};
/// `*args` and `**kwargs`: objects that VariadicArguments made.
template <class P, class T>
class VariadicLoader : ValueParameter<P> {
 public:
  bool load(::PyObject* object, CallContext, unsigned) {
    value_.emplace(borrow<T>(object));
    return true;
  }
  P&& get() noexcept { return static_cast<P&&>(*value_); }

 private:
  std::optional<std::remove_cvref_t<P>> value_;
};
template <class P>
  requires std::is_same_v<std::remove_cvref_t<P>, Args>
class ArgumentLoader<P> : public VariadicLoader<P, PyTuple> {};
template <class P>
  requires std::is_same_v<std::remove_cvref_t<P>, Kwargs>
class ArgumentLoader<P> : public VariadicLoader<P, PyDict> {};

template <class T>
ADDER_COLD bool refuse_scalar(CallContext context, unsigned index, Loaded how, ::PyObject* object) noexcept {
  set_scalar_error(context.record(), index, how, Scalar<T>::expected(), range_of<T>(), object);
  return false;
}

/// What cannot be read in place: by a function that needs nothing to be kept for what comes after it.
template <class T>
ADDER_NOINLINE bool load_other_scalar(T& value, ::PyObject* object, CallContext context, unsigned index) noexcept {
  Loaded how;
  if constexpr (ADDER_SMALL_CODE == 0 && std::is_integral_v<T> && sizeof(T) == 8 && IsSimple<T>) {
    if (long long wide = 0; wide_int(object, wide) && (std::is_signed_v<T> || wide >= 0)) {
      value = static_cast<T>(wide);
      return true;
    }
  }
  if constexpr (IsSimple<T>) {
    how = Scalar<T>::load_other(object, value);
  } else {
    how = Scalar<T>::load(object, value);
  }
  if (how == Loaded::ok) return true;
  // Not `return refuse_scalar(...)`, which g++ 12 does not know to be false: all that follows would be cold to it.
  refuse_scalar<T>(context, index, how, object);
  return false;
}

template <class P>
  requires IsScalar<std::remove_cvref_t<P>>
class ArgumentLoader<P> : ValueParameter<P> {
  using typename ValueParameter<P>::T;

 public:
  ADDER_INLINE_FOR_SPEED bool load(::PyObject* object, CallContext context, unsigned index) noexcept {
    if constexpr (IsSimple<T>) {
      if (Scalar<T>::read(object, value_)) [[likely]]
        return true;
    }
    T other{};  // As its address would keep the usual case in memory.
    if (!load_other_scalar<T>(other, object, context, index)) return false;
    value_ = other;
    return true;
  }
  P&& get() noexcept { return static_cast<P&&>(value_); }

 private:
  T value_{};
};

/// Any text.
bool load_other_text(std::string_view& text, ::PyObject* object, CallContext context, unsigned index) noexcept;

/// Text, in place: the view points into the argument, which the caller keeps alive.
template <>
class ArgumentLoader<std::string_view> {
 public:
  ADDER_INLINE bool load(::PyObject* object, CallContext context, unsigned index) noexcept {
    if constexpr (ADDER_SMALL_CODE == 0) {
      if (PyUnicode_Check(object) && read_ascii(object, text_)) [[likely]]
        return true;
    }
    std::string_view other;
    if (!load_other_text(other, object, context, index)) return false;
    text_ = other;
    return true;
  }
  std::string_view get() const noexcept { return text_; }

 private:
  std::string_view text_;
};
template <>
class ArgumentLoader<const std::string_view&> : public ArgumentLoader<std::string_view> {};

/// Says that an argument is not of the Python type that T stands for. A function of its own, so that the others need
/// nothing for it.
template <class T>
ADDER_COLD void refuse_type(::PyObject* object, CallContext context, unsigned index) {
  set_argument_error(context.record(), index, PyErr::Access::mismatch(PyTypeInfo<T>::name(), object));
}

/// The universal parameter, and borrowed handles: the caller's reference is lent, no count changes.
template <class T>
class HandleLoader {
 public:
  ADDER_INLINE bool load(::PyObject* object, CallContext context, unsigned index) {
    if (!PyTypeInfo<T>::is_type_of(object)) [[unlikely]] {
      refuse_type<T>(object, context, index);
      return false;
    }
    object_ = object;
    return true;
  }

 protected:
  ::PyObject* object_ = nullptr;
};
template <class T>
class ArgumentLoader<const Bound<T>&> : public HandleLoader<T> {
 public:
  const Bound<T>& get() noexcept { return borrowed_.emplace(peek<T>(this->object_)).as_bound(); }

 private:
  std::optional<Borrowed<T>> borrowed_;
};
template <class T>
class ArgumentLoader<Borrowed<T>> : public HandleLoader<T> {
 public:
  Borrowed<T> get() noexcept { return peek<T>(this->object_); }
};

/// Handles by value, to types that are found out without Python code: the reference that the function gets.
template <class P>
inline constexpr bool is_plain_handle = false;
template <class T>
  requires(requires { T::python_name; } && noexcept(PyTypeInfo<T>::is_type_of(nullptr)))
inline constexpr bool is_plain_handle<Bound<T>> = true;
template <class T>
  requires(requires { T::python_name; } && noexcept(PyTypeInfo<T>::is_type_of(nullptr)))
inline constexpr bool is_plain_handle<Py<T>> = true;
template <class P>
  requires is_plain_handle<P>
class ArgumentLoader<P> {
  using Target = HandleTarget<P>;

 public:
  ArgumentLoader() noexcept = default;
  ArgumentLoader(const ArgumentLoader&) = delete;
  ArgumentLoader& operator=(const ArgumentLoader&) = delete;
  ADDER_INLINE ~ArgumentLoader() {
    if (object_ != nullptr) release(object_);
  }
  ADDER_INLINE bool load(::PyObject* object, CallContext context, unsigned index) {
    if (!PyTypeInfo<Target>::is_type_of(object)) [[unlikely]] {
      refuse_type<Target>(object, context, index);
      return false;
    }
    object_ = Py_NewRef(object);
    return true;
  }
  /// Once.
  P get() noexcept { return P(steal<Target>(detail::exchange(object_, nullptr))); }

 private:
  ::PyObject* object_ = nullptr;
};

/// An argument that is to be of its own type; see arg::strict().
template <class P>
class StrictLoader : public ArgumentLoader<P> {
  using T = std::remove_cvref_t<P>;
  static_assert(IsScalar<T>, "adder: strict() is for parameters of bool, integer and floating-point types");

 public:
  bool load(::PyObject* object, CallContext context, unsigned index) {
    if constexpr (IsScalar<T>) {
      if (!is_own_type(object)) [[unlikely]] {
        refuse_scalar<T>(context, index, Loaded::mismatch, object);
        return false;
      }
    }
    return ArgumentLoader<P>::load(object, context, index);
  }

 private:
  static bool is_own_type(::PyObject* object) noexcept {
    if constexpr (std::is_same_v<T, bool>) {
      return PyBool_Check(object) != 0;
    } else if constexpr (std::floating_point<T>) {
      return PyFloat_Check(object) != 0;
    } else {
      return PyLong_Check(object) != 0 && PyBool_Check(object) == 0;
    }
  }
};
/// An argument that a function of the user's converts; see arg::from_py_with().
template <class P, auto Function>
class ConvertingLoader : public ExtractingLoader<P, Function> {
  static_assert(std::is_invocable_r_v<PyResult<std::remove_cvref_t<P>>, decltype(Function), const Bound<PyAny>&>,
                "adder: from_py_with<F>: F takes const Bound<PyAny>& and returns what the parameter takes, or a "
                "PyResult of it");
};

/// An argument that may be converted; see arg::convert().
template <class T>
PyResult<T> convert_from(const Bound<PyAny>& object) {
  if constexpr (requires { FromPyObject<T>::convert(object); }) {
    return FromPyObject<T>::convert(object);
  } else if constexpr (is_specialization<T, std::optional>) {
    if (object.as_ptr() == Py_None) return T();
    return convert_from<typename T::value_type>(object).map([](auto value) { return T(std::move(value)); });
  } else {
    static_assert(always_false<T>,
                  "adder: convert() is for parameters of type Array<const T, ...>, of \"adder/array/array.hpp\"");
    __builtin_unreachable();  // No further message, about a function without a result.
  }
}
template <class P>
struct CopyingLoader : ExtractingLoader<P, &convert_from<std::remove_cvref_t<P>>> {};

template <class P, class How>
struct LoaderFor;
template <class P>
struct LoaderFor<P, Plain> {
  using type = ArgumentLoader<P>;
};
template <class P>
struct LoaderFor<P, Strict> {
  using type = StrictLoader<P>;
};
template <class P>
struct LoaderFor<P, Convert> {
  using type = CopyingLoader<P>;
};
template <class P, auto Function>
struct LoaderFor<P, FromPyWith<Function>> {
  using type = ConvertingLoader<P, Function>;
};

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/function/detail/loaders_inl.hpp"
#endif
