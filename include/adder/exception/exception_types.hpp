// SPDX-License-Identifier: MIT
/// @file
/// @brief Exceptions of one's own: new Python exception classes, classes of Python modules, and what C++ exceptions
/// become.
#pragma once
#include "adder/base/detail/text_builder.hpp"
#include "adder/call/call.hpp"
#include "adder/exception/translate.hpp"
#include "adder/token/gil.hpp"

#include <cstddef>
#include <exception>
#include <string_view>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

template <FixedString QualifiedName>
ADDER_HIDDEN inline constinit Atomic<::PyObject*> new_exception{nullptr};

/// Not std::string_view::find, which is no constant expression to g++ 12 with -fsanitize=undefined.
template <std::size_t N>
constexpr bool has_dot(FixedString<N> name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (name.text[i] == '.') return true;
  }
  return false;
}

/// Of `count` bases, which are found when the class is made.
ADDER_COLD_CALL ::PyTypeObject* make_exception(Atomic<::PyObject*>& cache, const char* name, const char* doc,
                                               ::PyTypeObject* (*const* bases)(), std::size_t count);

/// What stands for the base of a new class: the first is the one that C++ converts to.
template <class T>
struct BasesOfException {
  using First = T;
  static constexpr ::PyTypeObject* (*finders[])() = {&PyTypeInfo<T>::type_object};
};

/// What exception tags whose class is found at run time have in common.
template <class Tag, class BaseTag>
struct RaisableType {
  template <class... A>
  RaisableType(A&&...) {  // NOLINT(google-explicit-constructor)
    (void)TagIsNoException<A...>{};
  }
  using Base = BaseTag;
  template <class Self>
  using Methods = PyAnyMethods<Self>;
  static bool is_type_of(::PyObject* object) { return PyObject_TypeCheck(object, Tag::find_type()) != 0; }
  static ::PyTypeObject* type_object() { return Tag::find_type(); }

  /// @brief A lazy error of this type. The first one makes or imports the class, for which the thread attaches.
  /// @param message  UTF-8; the exception's only argument.
  static PyErr new_err(std::string_view message) {
    return PyErr::Access::lazy(reinterpret_cast<::PyObject*>(Tag::find_type()), message);
  }
  /// @brief The same without arguments.
  static PyErr new_err() { return PyErr::Access::bare(reinterpret_cast<::PyObject*>(Tag::find_type())); }
  /// @brief An error whose instance is made now, by calling the class.
  /// @throws PyErr  What the class raised.
  template <class... Args>
  static PyErr new_err_with(Python py, Args&&... arguments) {
    (void)py;
    const auto type = borrow(reinterpret_cast<::PyObject*>(Tag::find_type()));
    return PyErr::from_value(type.call(std::forward<Args>(arguments)...));
  }
};

}  // namespace detail

/// @brief Stands for the base of a NewException that derives from several classes, in Python's order. To C++ a handle
/// to it is one to the first; `is_instance_of` finds all.
/// @code
/// struct MissingKey : adder::NewException<"store.MissingKey", adder::ExceptionBases<StoreError, adder::PyKeyError>>
/// {};
/// @endcode
template <class First, class... Others>
struct ExceptionBases {};

namespace detail {
template <class T, class... Others>
struct BasesOfException<ExceptionBases<T, Others...>> {
  using First = T;
  static constexpr ::PyTypeObject* (*finders[])() = {&PyTypeInfo<T>::type_object, &PyTypeInfo<Others>::type_object...};
};
}  // namespace detail

/// @brief A tag for an exception class that this module makes, at its first use. One name stands for one class.
/// @code
/// struct ParseError : adder::NewException<"parser.ParseError", adder::PyValueError> {};
/// // in ADDER_MODULE(parser, m):  m.add("ParseError", py.get_type<ParseError>());
/// // anywhere:                    throw ParseError::new_err("line 3: no closing brace");
/// @endcode
/// @pyo3{create_exception!}
template <detail::FixedString QualifiedName, class BaseTag = PyException, detail::FixedString Doc = "">
struct NewException : detail::RaisableType<NewException<QualifiedName, BaseTag, Doc>,
                                           typename detail::BasesOfException<BaseTag>::First> {
  using detail::RaisableType<NewException, typename detail::BasesOfException<BaseTag>::First>::RaisableType;
  static_assert(detail::has_dot(QualifiedName),
                "adder: a new exception class is named with its module: NewException<\"module.Name\">");
  static constexpr const char* python_name = QualifiedName.text;
  static ::PyTypeObject* find_type() {
    detail::Atomic<::PyObject*>& cache = detail::new_exception<QualifiedName>;
    ::PyObject* type = cache.load(detail::Order::acquire);
    if (type != nullptr) [[likely]]
      return reinterpret_cast<::PyTypeObject*>(type);
    constexpr auto& bases = detail::BasesOfException<BaseTag>::finders;
    return detail::make_exception(cache, QualifiedName.text, Doc.text, bases, sizeof(bases) / sizeof(bases[0]));
  }
};

/// @brief A tag for an exception class of a Python module, imported at its first use.
/// @code
/// struct JSONDecodeError : adder::ImportedException<"json", "JSONDecodeError", adder::PyValueError> {};
/// @endcode
/// @pyo3{import_exception!}
template <detail::FixedString Module, detail::FixedString PythonName, class BaseTag = PyException>
struct ImportedException : detail::RaisableType<ImportedException<Module, PythonName, BaseTag>, BaseTag> {
  using detail::RaisableType<ImportedException, BaseTag>::RaisableType;
  static constexpr const char* python_name = PythonName.text;
  static ::PyTypeObject* find_type() {
    ::PyObject* type = detail::imported_type<Module, PythonName>.load(detail::Order::acquire);
    if (type != nullptr && PyExceptionClass_Check(type)) [[likely]]
      return reinterpret_cast<::PyTypeObject*>(type);
    const detail::AttachScope attached(detail::AttachScope::IfNone::start);
    if (!attached.attached()) detail::throw_unavailable();
    const ErrorScope pending(detail::token());
    ::PyTypeObject* imported = ImportedType<Module, PythonName>::type_object();
    if (!PyExceptionClass_Check(reinterpret_cast<::PyObject*>(imported))) {
      throw PyTypeError::new_err(
          detail::TextBuilder({Module.text, ".", PythonName.text, " is no exception class"}).view());
    }
    return imported;
  }
};

/// @brief The tag of `adder.PanicException`: what Python gets for a C++ exception that is no `std::exception`, and has
/// no translator. Derived from BaseException, so `except Exception` does not swallow it. One class in an interpreter,
/// which all modules share.
/// @pyo3{panic::PanicException}
struct PanicException : detail::RaisableType<PanicException, PyBaseException> {
  static constexpr const char* python_name = "PanicException";
  static ::PyTypeObject* find_type();
};

namespace detail {
template <class E, class F>
struct TranslatorOf {
  static bool translate(const Thrown& thrown) noexcept {
    const E* const error = thrown.as<E>();
    if (error == nullptr) return false;
    try {
      const PyErr translated = F{}(*error);
      translated.restore(token());
    } catch (const PyErr& failure) {
      failure.restore(token());
    } catch (...) {
      const Thrown instead;
      translate_standard_exception(instead);
      chain_nested(instead.as<std::nested_exception>());
    }
    return true;
  }
  [[noreturn]] static void throw_pointer() {
    throw static_cast<const E*>(nullptr);  // NOLINT(misc-throw-by-value-catch-by-reference)
  }
  static bool catches(void (*throw_other)()) {
    try {
      throw_other();
    } catch (const E*) {  // NOLINT(misc-throw-by-value-catch-by-reference)
      return true;
    } catch (...) {
    }
    return false;
  }
  ADDER_HIDDEN static inline constinit Translator record{&translate, &throw_pointer, &catches};
};
}  // namespace detail

/// @brief Says what C++ exceptions of type E, and of types derived from it, become in Python when they leave a bound
/// function of this shared object. The translator for the most derived type is taken, in whatever order they were
/// registered; before those there is only PyErr, after them the table in translate.hpp.
/// @code
/// adder::register_exception_translator<ParseFailure>(py, [](const ParseFailure& failure) {
///   return ParseError::new_err(failure.what());
/// });
/// @endcode
/// @tparam E  A class; or another type, such as `const char*`, that is thrown by value: it is matched by that very
/// type.
/// @param  py  The token.
/// @param  f   `PyErr(const E&)`, without captures. What it throws takes the place of the result.
template <class E, class F>
void register_exception_translator(Python py, F f) {
  static_assert(std::is_empty_v<F> && std::is_default_constructible_v<F>,
                "adder: an exception translator is a lambda without captures: it stays for good");
  static_assert(std::is_invocable_r_v<PyErr, F&, const E&>, "adder: an exception translator is PyErr(const E&)");
  (void)py;
  (void)f;
  detail::Translator& record = detail::TranslatorOf<E, F>::record;
  if (record.registered.exchange(true, detail::Order::acq_rel)) return;
  for (bool is_entered = false; !is_entered;) {
    detail::Atomic<detail::Translator*>* place = &detail::translators;
    detail::Translator* next = place->load(detail::Order::acquire);
    while (next != nullptr && !next->catches(record.throw_pointer)) {
      place = &next->next;
      next = place->load(detail::Order::acquire);
    }
    record.next.store(next, detail::Order::relaxed);
    // ORDER: acq_rel: publishes the record; on free-threaded builds another one may have come in between.
    is_entered = place->compare_exchange(next, &record, detail::Order::acq_rel);
  }
}

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/exception/detail/exception_types_inl.hpp"
#endif
