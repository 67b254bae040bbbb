// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversions of structs, field by field, and of enums: a line or two each instead of two traits. Not part of
/// adder.hpp.
///
/// @code
/// struct Point { double x = 0, y = 0; std::string label = "none"; };
///
/// template <>
/// struct adder::FromPyObject<Point>
///     : adder::FromAttributes<Point, Field<"x", &Point::x>, Field<"y", &Point::y>, OptionalField<"name",
///     &Point::label>> {};
/// template <>
/// struct adder::IntoPyObject<Point> : adder::IntoItems<Point, Field<"x", &Point::x>, Field<"y", &Point::y>> {};
/// @endcode
#pragma once
#include "adder/token/stored.hpp"
#include "adder/types/dict.hpp"
#include "adder/types/sequence.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {
template <class>
struct MemberOf;
template <class C, class T>
struct MemberOf<T C::*> {
  using type = T;
};

template <FixedString PythonName, auto Member, bool Required, FixedString Doc = "">
struct FieldOf {
  using type = typename MemberOf<decltype(Member)>::type;
  using Key = Interned<PythonName>;
  static constexpr auto member = Member;
  static constexpr const char* doc = Doc.view().empty() ? nullptr : Doc.text;
  static constexpr bool required = Required;
  static_assert(!holds_view<Pointers::pass, type>(),
                "adder: a view in a struct would outlive the attribute or item that it points into: make it a value, "
                "such as std::string, std::vector or PyBackedStr, or a handle");
  static constexpr std::string_view name() { return PythonName.view(); }
};

/// Fills the fields of a struct from what @p find returns for their names: a new reference, or null where there is
/// none.
template <class T, class Step, class Find>
struct FieldReader {
  T& target;
  Find find;
  std::optional<PyErr> error;

  template <class F>
  bool read() {
    ::PyObject* found = find(F::Key::get(token()), F::required);
    if (found == nullptr) {
      if (!F::required) return true;
      error = Step::missing(F::name());
      return false;
    }
    const Bound<PyAny> value = steal(found);
    auto converted = extract_from<typename F::type>(value);
    if (converted.is_err()) {
      error = at_step(std::move(converted).error(), Step::path(F::name()));
      return false;
    }
    target.*F::member = std::move(converted).value();
    return true;
  }
};
struct AttributeStep {
  static PyErr missing(std::string_view name);
  static std::string path(std::string_view name);
};
struct ItemStep {
  static PyErr missing(std::string_view name);
  static std::string path(std::string_view name);
};
/// The ValueError for a tuple with another number of items than a struct has fields.
ADDER_COLD_CALL PyErr wrong_item_count(Py_ssize_t wanted, Py_ssize_t count);
}  // namespace detail

/// @brief A field of a struct under the name that Python knows it by. Reading needs it.
/// @tparam Doc  What Python shows of it, where it is an attribute of a class.
template <detail::FixedString PythonName, auto Member, detail::FixedString Doc = "">
using Field = detail::FieldOf<PythonName, Member, true, Doc>;
/// @brief The same; where it is missing the field keeps the value of a default-constructed struct.
template <detail::FixedString PythonName, auto Member, detail::FixedString Doc = "">
using OptionalField = detail::FieldOf<PythonName, Member, false, Doc>;

/// @brief Base of a FromPyObject that reads attributes. An error names the path: `.position.x: expected float, got
/// str`. An AttributeError that is raised inside a property counts as the attribute's absence, as for `getattr` with a
/// default.
/// @tparam T  Default-constructible.
/// @pyo3{derive(FromPyObject)}
template <class T, class... Fields>
struct FromAttributes {
  using FieldsOnly = FromAttributes;
  static constexpr const char* input_type = "typing.Any";
  static constexpr bool meets_no_user_type = (detail::meets_no_user_type<typename Fields::type> && ...);
  static constexpr const char* expected() noexcept { return "object with certain attributes"; }
  static PyResult<T> extract(const Bound<PyAny>& object) {
    T value{};
    try {
      const auto find = [&](::PyObject* name, bool) { return detail::getattr_or_null(object.as_ptr(), name); };
      detail::FieldReader<T, detail::AttributeStep, decltype(find)> reader{value, find, std::nullopt};
      if (!(reader.template read<Fields>() && ...)) return *std::move(reader.error);
    } catch (const PyErr& error) {
      return error;
    }
    return value;
  }
};

/// @brief Base of a FromPyObject that reads the items of a dict or another mapping.
/// @tparam T  Default-constructible.
/// @pyo3{derive(FromPyObject) with from_item_all}
template <class T, class... Fields>
struct FromItems {
  using FieldsOnly = FromItems;
  static constexpr auto input_type = type_hint<"collections.abc.Mapping[str, {|}]", typename Fields::type...>;
  static constexpr bool meets_no_user_type = (detail::meets_no_user_type<typename Fields::type> && ...);
  static constexpr const char* expected() noexcept { return "dict"; }
  static PyResult<T> extract(const Bound<PyAny>& object) {
    T value{};
    try {
      ::PyObject* source = object.as_ptr();
      if (!PyDict_Check(source) && !PyMapping::is_type_of(source)) return PyErr::Access::mismatch(expected(), source);
      const auto find = [&](::PyObject* name, bool required) { return item_or_null(source, name, required); };
      detail::FieldReader<T, detail::ItemStep, decltype(find)> reader{value, find, std::nullopt};
      if (!(reader.template read<Fields>() && ...)) return *std::move(reader.error);
    } catch (const PyErr& error) {
      return error;
    }
    return value;
  }

 private:
  static ::PyObject* item_or_null(::PyObject* source, ::PyObject* name, bool required) {
    // An item that may be missing is not looked up at once: the __missing__ of a defaultdict would make it.
    if (!required) {
      const int has = detail::guard_unwind(PySequence_Contains, source, name);
      if (detail::non_negative(has) == 0) return nullptr;
    }
    ::PyObject* found = detail::guard_unwind(PyObject_GetItem, source, name);
    if (found == nullptr) {
      if (PyErr_ExceptionMatches(PyExc_KeyError) == 0) detail::throw_fetched();
      PyErr_Clear();
    }
    return found;
  }
};

/// @brief Base of an IntoPyObject that makes a dict.
/// @pyo3{derive(IntoPyObject)}
template <class T, class... Fields>
struct IntoItems {
  using FieldsOnly = IntoItems;
  static constexpr auto output_type = type_hint<"dict[str, {|}]", typename Fields::type...>;
  static constexpr bool meets_no_user_type = (detail::meets_no_user_type<typename Fields::type> && ...);
  static PyResult<Bound<PyAny>> into_py(Python py, const T& value) {
    ::PyObject* raw = detail::guard_rare_unwind(PyDict_New);
    if (raw == nullptr) return PyErr::fetch(py);
    Bound<PyAny> dict = detail::steal(raw);
    std::optional<PyErr> error;
    (void)(put<Fields>(py, raw, value, error) && ...);
    if (error) return *std::move(error);
    return dict;
  }

 private:
  template <class F>
  static bool put(Python py, ::PyObject* dict, const T& value, std::optional<PyErr>& error) {
    PyResult<Bound<PyAny>> item = adder::into_py(py, value.*F::member);
    if (item.is_err()) {
      error = detail::at_step(std::move(item).error(), detail::ItemStep::path(F::name()));
    } else if (PyDict_SetItem(dict, F::Key::get(py), item->as_ptr()) < 0) {
      error = PyErr::fetch(py);
    }
    return !error;
  }
};

/// @brief Base of both traits of an enum that crosses as its number: one of the given values, or a ValueError.
/// @code
/// template <>
/// struct adder::FromPyObject<Color> : adder::EnumAsInt<Color, Color::red, Color::green> {};
/// template <>
/// struct adder::IntoPyObject<Color> : adder::EnumAsInt<Color, Color::red, Color::green> {};
/// @endcode
template <class E, E... Values>
struct EnumAsInt {
  using FieldsOnly = EnumAsInt;
  static constexpr bool meets_no_user_type = true;
  static constexpr const char* expected() noexcept { return "int"; }
  /// A number, where the enum's own type is one of characters or bool.
  using Underlying = std::underlying_type_t<E>;
  /// The type that numbers are converted to.
  using Number = std::conditional_t<detail::Integer<Underlying>, Underlying, decltype(+Underlying())>;
  static constexpr auto input_type =
      type_hint<"typing.Literal[{,}]", std::integral_constant<Number, static_cast<Number>(Values)>...>;
  static constexpr auto output_type = input_type;
  static PyResult<E> extract(const Bound<PyAny>& object) {
    PyResult<Number> number = detail::extract_from<Number>(object);
    if (number.is_err()) return std::move(number).error();
    if (((*number == static_cast<Number>(Values)) || ...)) return static_cast<E>(*number);
    return no_value(*number);
  }
  static PyResult<Bound<PyAny>> into_py(Python py, E value) {
    const auto number = static_cast<Number>(value);
    if (((value == Values) || ...)) return adder::into_py(py, number);
    return no_value(number);
  }

 private:
  ADDER_COLD static PyErr no_value(Number number) {
    return PyErr::Access::lazy(PyExc_ValueError, std::to_string(number) + " is no value of the enum");
  }
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/types/detail/fields_inl.hpp"
#endif
