// SPDX-License-Identifier: MIT
/// @file
/// @brief Structs as named tuples, field by field. Not part of adder.hpp.
///
/// @code
/// struct Row { double x = 0; std::string label; };
///
/// using RowTuple = adder::NamedTuple<Row, "demo", "Row", adder::Field<"x", &Row::x>, adder::Field<"label",
/// &Row::label>>; template <> struct adder::IntoPyObject<Row> : RowTuple {}; template <> struct
/// adder::FromPyObject<Row> : RowTuple {};
///
/// m.add("Row", RowTuple::type(py));   // where pickles find it
/// @endcode
/// The class is a `collections.namedtuple`, made at its first use: `_fields`, `_replace`, `_asdict`, unpacking and
/// `match` are Python's own. Python gets a copy of the struct. Back comes any tuple with as many items: a plain one,
/// too.
#pragma once
#include "adder/sync/gil_once_cell.hpp"
#include "adder/types/fields.hpp"
#include "adder/types/tuple.hpp"
#if ADDER_STUBS
#include "adder/typing/class_notes.hpp"
#endif

#include <optional>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief Base of both traits of a struct that is a named tuple in Python.
/// @tparam T       Default-constructible, to come back.
/// @tparam Module  The module that has the class, for pickles.
/// @tparam Name    The name of the class.
/// @tparam Fields  `Field<"name", &T::member>`, in the order of the items.
template <class T, detail::FixedString Module, detail::FixedString Name, class... Fields>
struct NamedTuple {
  static_assert(!std::is_aggregate_v<T> || detail::visible_fields<T>() == 0 ||
                    detail::visible_fields<T>() == sizeof...(Fields),
                "adder: NamedTuple<T, ...> leaves a field of the struct out, which would be lost on its way through "
                "Python: list all of them");
  using FieldsOnly = NamedTuple;
  static constexpr bool meets_no_user_type = (detail::meets_no_user_type<typename Fields::type> && ...);
  static constexpr const char* expected() noexcept { return "tuple"; }

  /// @brief The Python class.
  static Bound<PyAny> type(Python py) {
    static GILOnceCell<Py<PyAny>> cell;
    return cell
        .get_or_init(
            py,
            [py] {
              const auto names = PyTuple::new_(py, Fields::name()...);
              const auto made =
                  py.import("collections").call_method("namedtuple", Name.text, names, kw("module") = Module.text);
              (document<Fields>(made), ...);
              return Py<PyAny>(made);
            })
        .bind(py);
  }
  static PyResult<Bound<PyAny>> into_py(Python py, const T& value) {
    try {
      return type(py).call((value.*Fields::member)...);
    } catch (const PyErr& error) {
      return error;
    }
  }
  static PyResult<T> extract(const Bound<PyAny>& object) {
    ::PyObject* source = object.as_ptr();
    if (!PyTuple_Check(source)) return PyErr::Access::mismatch(expected(), source);
    if (PyTuple_GET_SIZE(source) != static_cast<Py_ssize_t>(sizeof...(Fields))) {
      return detail::wrong_item_count(sizeof...(Fields), PyTuple_GET_SIZE(source));
    }
    T value{};
    std::optional<PyErr> error;
    Py_ssize_t at = 0;
    try {
      (void)(read<Fields>(value, source, at++, error) && ...);
    } catch (const PyErr& raised) {
      return raised;
    }
    if (error) return *std::move(error);
    return value;
  }

 private:
  template <class F>
  static void document(const Bound<PyAny>& type) {
    if constexpr (F::doc != nullptr) type.getattr(F::name()).setattr("__doc__", F::doc);
  }
  template <class F>
  static bool read(T& value, ::PyObject* tuple, Py_ssize_t at, std::optional<PyErr>& error) {
    const Bound<PyAny> item = detail::borrow(PyTuple_GET_ITEM(tuple, at));
    auto converted = detail::extract_from<typename F::type>(item);
    if (converted.is_err()) {
      error = detail::at_step(std::move(converted).error(), detail::AttributeStep::path(F::name()));
      return false;
    }
    value.*F::member = std::move(converted).value();
    return true;
  }
};

#if ADDER_STUBS
namespace detail {
/// The class, and what its attributes are; any tuple with as many items in its place.
template <class T, FixedString Module, FixedString Name, class... F, Way W>
TypeText text_of_fields(const NamedTuple<T, Module, Name, F...>*, AsksFields<W>) {
  if (W == Way::input) return "tuple[" + listed(input_text<typename F::type>()...) + "]";
  static const auto name = +[] { return TypeText(Module.view()).append(".").append(Name.view()); };
  static const bool is_noted = (note_tuple(name, {{F::name(), &output_text<typename F::type>}...}), true);
  (void)is_noted;
  return name();
}
}  // namespace detail
#endif

}  // namespace adder::inline ADDER_ABI
