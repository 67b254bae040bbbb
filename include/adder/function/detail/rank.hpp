// SPDX-License-Identifier: MIT
/// @file
/// @brief How well an argument fits a parameter: what decides between the functions of an overload set.
#pragma once
#include "adder/function/function.hpp"

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace adder::inline ADDER_ABI::detail {

enum class Rank : signed char {
  exact,
  subclass,
  lossless,
  other,
  anything,
  lossy,
  none,    ///< It does not fit. Nothing is pending.
  raised,  ///< An exception is pending that ends the call.
};

/// What the type of an argument says: whether it fits a parameter exactly. Runs no Python code.
enum class Exactly : unsigned char {
  no,
  yes,
  perhaps,  ///< Its value decides, or a conversion.
};

/// Whether the pending exception says more than that a conversion failed.
bool is_serious() noexcept;
/// Takes the pending exception, which says that a conversion failed; other exceptions stay.
Rank unless_serious() noexcept;
/// The same of an error that a conversion returned, or of the C++ exception being handled, which it threw.
ADDER_COLD_CALL Rank rank_of_error(const PyErr& error) noexcept;
ADDER_COLD_CALL Rank rank_of_thrown() noexcept;

template <class P>
struct RankOf {
  using T = std::remove_cvref_t<P>;
  // What takes one type alone, such as the members of an enum, takes its own.
  static constexpr bool takes_own_type = requires { FromPyObject<T>::takes_own_type; };

  static Rank of(::PyObject* object) {
    if constexpr (IsPyClass<T> && std::is_reference_v<P>) {
      return of_instance<T>(object);
    } else {
      try {
        const Borrowed<PyAny> any = peek(object);
        [[maybe_unused]] const TrialScope<T> trial;  // The function that is called converts it once more.
        const PyResult<T> value = extract_from<T>(any.as_bound());
        constexpr Rank converted = takes_own_type ? Rank::exact : Rank::other;
        return value.is_ok() ? converted : rank_of_error(value.error());
      } catch (...) {
        return rank_of_thrown();
      }
    }
  }
  static Exactly exactly(::PyObject* object) {
    if constexpr (IsPyClass<T> && std::is_reference_v<P>) {
      return is_exact_instance<T>(object);
    } else {
      return takes_own_type ? Exactly::perhaps : Exactly::no;
    }
  }
  template <class C>
  static Rank of_instance(::PyObject* object) {
    if (PyTypeInfo<C>::is_exact_type_of(object)) return Rank::exact;
    return PyTypeInfo<C>::is_type_of(object) ? Rank::subclass : Rank::none;
  }
  template <class C>
  static Exactly is_exact_instance([[maybe_unused]] ::PyObject* object) {
    if constexpr (IsPyClass<C> || noexcept(PyTypeInfo<C>::is_exact_type_of(object))) {
      return PyTypeInfo<C>::is_exact_type_of(object) ? Exactly::yes : Exactly::no;
    } else {
      return Exactly::perhaps;  // The type may have to be imported.
    }
  }
};
#if defined(__SIZEOF_INT128__)
template <class T>
concept AnyInteger = Integer<T> || std::is_same_v<T, Int128> || std::is_same_v<T, UInt128>;
#else
template <class T>
concept AnyInteger = Integer<T>;
#endif
template <AnyInteger T>
struct RankOf<T> {
  static Rank of(::PyObject* object) noexcept {
    T value{};
    const Loaded how = Scalar<T>::load(object, value);
    if (how == Loaded::raised) return unless_serious();
    if (how != Loaded::ok) return Rank::none;
    return PyLong_CheckExact(object) ? Rank::exact : PyLong_Check(object) ? Rank::subclass : Rank::lossless;
  }
  ADDER_INLINE static Exactly exactly(::PyObject* object) noexcept {
    if (!PyLong_CheckExact(object)) return Exactly::no;
    if constexpr (IsSimple<T>) {
      T value{};
      if (Scalar<T>::read(object, value)) return Exactly::yes;
    }
    return Exactly::perhaps;
  }
};
/// How well a number fits a floating-point type. @p value is what it became; the exception is pending where @p how says
/// so.
Rank rank_of_real(::PyObject* object, Loaded how, double value) noexcept;
template <std::floating_point T>
struct RankOf<T> {
  static Rank of(::PyObject* object) noexcept {
    T value{};
    const Loaded how = Scalar<T>::load(object, value);
    return rank_of_real(object, how, static_cast<double>(value));
  }
  ADDER_INLINE static Exactly exactly(::PyObject* object) noexcept {
    if (!PyFloat_CheckExact(object)) return Exactly::no;
    return sizeof(T) < sizeof(double) ? Exactly::perhaps : Exactly::yes;  // It may have to be rounded.
  }
};
template <>
struct RankOf<bool> {
  static Rank of(::PyObject* object) noexcept;
  ADDER_INLINE static Exactly exactly(::PyObject* object) noexcept {
    return PyBool_Check(object) ? Exactly::yes : Exactly::no;
  }
};
template <class P>
struct TextRank {
  static Rank of(::PyObject* object) noexcept {
    return PyUnicode_CheckExact(object) ? Rank::exact : PyUnicode_Check(object) ? Rank::subclass : Rank::none;
  }
  ADDER_INLINE static Exactly exactly(::PyObject* object) noexcept {
    return PyUnicode_CheckExact(object) ? Exactly::yes : Exactly::no;
  }
};
template <>
struct RankOf<std::string_view> : TextRank<std::string_view> {};
template <>
struct RankOf<std::string> : TextRank<std::string> {};
template <class T>
struct HandleRank {
  static Rank of(::PyObject* object) { return RankOf<T&>::template of_instance<T>(object); }
  static Exactly exactly(::PyObject* object) { return RankOf<T&>::template is_exact_instance<T>(object); }
};
template <>
struct HandleRank<PyAny> {
  static Rank of(::PyObject*) noexcept { return Rank::anything; }
  static Exactly exactly(::PyObject*) noexcept { return Exactly::no; }
};
template <class T>
struct RankOf<Bound<T>> : HandleRank<T> {};
template <class T>
struct RankOf<Borrowed<T>> : HandleRank<T> {};
template <class T>
struct RankOf<Py<T>> : HandleRank<T> {};
template <class T>
struct RankOf<PyRef<T>> : HandleRank<T> {};
template <class T>
struct RankOf<PyRefMut<T>> : HandleRank<T> {};
template <class T>
struct RankOf<std::optional<T>> {
  static Rank of(::PyObject* object) { return object == Py_None ? Rank::exact : RankOf<T>::of(object); }
  static Exactly exactly(::PyObject* object) { return object == Py_None ? Exactly::yes : RankOf<T>::exactly(object); }
};

template <class T>
struct RankOf<Given<T>> {
  static Rank of(::PyObject* object) { return object == Py_Ellipsis ? Rank::exact : RankOf<T>::of(object); }
  static Exactly exactly(::PyObject* object) {
    return object == Py_Ellipsis ? Exactly::yes : RankOf<T>::exactly(object);
  }
};

/// Of parameters of functions: a const reference ranks as its value, unless it refers to an instance.
template <class P>
using RankOfParameter =
    RankOf<std::conditional_t<IsPyClass<std::remove_cvref_t<P>> && std::is_reference_v<P>, P, std::remove_cvref_t<P>>>;

template <class P, class How>
struct RankAs : RankOfParameter<P> {};
template <class P>
struct RankAs<P, Strict> {
  static Rank of(::PyObject* object) {
    using T = std::remove_cvref_t<P>;
    bool own = true;
    if constexpr (std::is_same_v<T, bool>) {
      own = PyBool_Check(object) != 0;
    } else if constexpr (std::floating_point<T>) {
      own = PyFloat_Check(object) != 0;
    } else if constexpr (IsScalar<T>) {
      own = PyLong_Check(object) != 0 && PyBool_Check(object) == 0;
    }
    return own ? RankOfParameter<P>::of(object) : Rank::none;
  }
  static Exactly exactly(::PyObject* object) { return RankOfParameter<P>::exactly(object); }
};
template <class P, auto Function>
struct RankAs<P, FromPyWith<Function>> {
  static Rank of(::PyObject* object) {
    try {
      const Borrowed<PyAny> any = peek(object);
      const PyResult<std::remove_cvref_t<P>> value = Function(any.as_bound());
      return value.is_ok() ? Rank::other : rank_of_error(value.error());
    } catch (...) {
      return rank_of_thrown();
    }
  }
  static Exactly exactly(::PyObject*) noexcept { return Exactly::no; }
};

/// What fits as it is comes before what has to be converted.
template <class P>
struct RankAs<P, Convert> {
  static Rank of(::PyObject* object) {
    const Rank rank = RankOfParameter<P>::of(object);
    if (rank != Rank::none) return rank;
    const Rank converted = RankAs<P, FromPyWith<&convert_from<std::remove_cvref_t<P>>>>::of(object);
    return converted == Rank::other ? Rank::lossy : converted;
  }
  static Exactly exactly(::PyObject* object) { return RankOfParameter<P>::exactly(object); }
};

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/function/detail/rank_inl.hpp"
#endif
