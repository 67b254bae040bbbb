// SPDX-License-Identifier: MIT
/// @file
/// @brief new_function(): a Python function from a C++ one at run time, outside the body of a module; and as_method().
/// Not part of adder.hpp.
#pragma once
#include "adder/function/closure.hpp"

#include <cstddef>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

/// What a function that was made at run time has in the place of a state: the module that it was made for, or null.
struct MadeFor {
  MadeFor() noexcept = default;
  explicit MadeFor(::PyObject* for_module) noexcept : module(Py_NewRef(for_module)) {}
  MadeFor(MadeFor&& other) noexcept : module(std::exchange(other.module, nullptr)) {}
  MadeFor& operator=(MadeFor&&) = delete;
  ~MadeFor() { release_if_any(module); }
  ::PyObject* module = nullptr;
};

/// @tparam Target  The function; @p Options  how its arguments are converted.
template <auto Target, class Options>
struct ADDER_HIDDEN MadeFunction {
  static_assert(!std::is_member_pointer_v<decltype(Target)>,
                "adder: a member function is a method of its class: bind it with ClassBuilder::def, or wrap it in a "
                "lambda");
  using Signature = CallableOf<decltype(Target)>;
  using Parameters = typename Signature::Parameters;
  static constexpr std::size_t count = ParameterKinds<Parameters>::count;
  using Content = Closure<MadeFor, count>;

  static ::PyObject* entry(::PyObject* self, ::PyObject* const* args, Py_ssize_t given, ::PyObject* names) noexcept {
    Content& content = static_cast<Content&>(*ClosureObject::of(self).closure);
    ::PyObject* bound[count + 2];
    const VariadicArguments further(content.shape, args, given, bound);
    if (!further.made() || !bind_arguments(content, args, given, names, bound)) return nullptr;
    try {
      return Arguments<Parameters, Options>::template call<Target, typename Signature::Result>(
          bound, CallContext{content.state.module, &content});
    } catch (...) {
      translate_current_exception();
      return nullptr;
    }
  }
  static constexpr ClosureOperations operations{
      [](FunctionRecord& content, visitproc visit, void* arg) -> int {
        Py_VISIT(static_cast<Content&>(content).state.module);
        return 0;
      },
      [](FunctionRecord&) {},  // A module lets go of its functions itself; this one may still be called.
      [](FunctionRecord& content) { delete &static_cast<Content&>(content); }};
};

template <auto Target, class... E>
constexpr Shape shape_of_made_function() {
  constexpr Shape shape = ShapeOf<typename CallableOf<decltype(Target)>::Parameters, E...>::shape;
  static_assert(!shape.this_class,
                "adder: ThisClass is for class methods and factories: this function is called on no class");
  return shape;
}

}  // namespace detail

/// @brief A Python function from a C++ one, for a dict, an attribute, a callback, or a test:
/// `new_function<&scale>(py, "scale", arg("x"), arg("by") = 2, "x, scaled.")`.
///
/// Its description belongs to the function object and dies with it, so that it can be made as often as needed, each
/// time with other names and defaults. `__module__` is None. What is to be part of a module is cheaper to call, and
/// known to its `__all__`, with ModuleBuilder::def.
///
/// As all functions written in C it does not become a method where it is put into a Python class: there it is what
/// `staticmethod` makes of a Python function. as_method() makes it one.
/// @tparam Target  A function or captureless lambda. With a state: new_closure.
/// @param py     The token.
/// @param name   The function's name.
/// @param extra  As for ModuleBuilder::def.
/// @pyo3{wrap_pyfunction!, PyCFunction::new_with_keywords}
template <auto Target, class... E>
Bound<PyBuiltinFunction> new_function(Python py, const char* name, const E&... extra) {
  (void)py;
  using Made = detail::MadeFunction<Target, typename detail::OptionsOf<E...>::type>;
  constexpr detail::Shape shape = detail::shape_of_made_function<Target, E...>();
  static_assert(!shape.module,
                "adder: a function that takes ThisModule is made for a module: new_function<&f>(module, "
                "\"name\")");
  return detail::make_closure<Made, typename Made::Parameters>(shape, new typename Made::Content(detail::MadeFor()),
                                                               nullptr, name, extra...);
}
/// @brief The same for a module: that is the function's `__module__`, and what ThisModule gets. It is not added to it:
/// `module.add("name", function)` does that.
/// @param module  The module.
/// @param name    The function's name.
/// @param extra   As for ModuleBuilder::def.
/// @pyo3{wrap_pyfunction!}
template <auto Target, class... E>
Bound<PyBuiltinFunction> new_function(const Bound<PyModule>& module, const char* name, const E&... extra) {
  using Made = detail::MadeFunction<Target, typename detail::OptionsOf<E...>::type>;
  constexpr detail::Shape shape = detail::shape_of_made_function<Target, E...>();
  const detail::KeptAlive kept = detail::HandleAccess::use_alive(module, "new_function", {});
  const auto module_name = detail::steal(detail::non_null(PyModule_GetNameObject(kept)));
  return detail::make_closure<Made, typename Made::Parameters>(shape, new typename Made::Content(detail::MadeFor(kept)),
                                                               module_name.as_ptr(), name, extra...);
}

/// @brief The tag of what as_method() makes: `instancemethod`, which Python has no name for.
struct PyInstanceMethod : detail::StaticType<"instancemethod", &PyInstanceMethod_Type> {};

/// @brief What becomes a method of a Python class that it is put into, as a function written in Python does: called on
/// an instance, @p function gets that as its first argument.
/// @code
/// cls.setattr("area", as_method(new_function<&area>(py, "area", arg("self"))));
/// @endcode
/// @param function  Something that can be called; functions written in C, and so those of adder, need it.
template <class F>
Bound<PyInstanceMethod> as_method(const Bound<F>& function) {
  const detail::KeptAlive kept = detail::HandleAccess::use_alive(function, "as_method", {});
  return detail::steal<PyInstanceMethod>(detail::non_null(detail::guard_rare_unwind(PyInstanceMethod_New, kept)));
}

}  // namespace adder::inline ADDER_ABI
