// SPDX-License-Identifier: MIT
/// @file
/// @brief A C++ callable as a Python function: a plain `PyCFunction` whose target is a template argument.
///
/// | parameters       | convention               | why (prices: docs/design/0003-calling-conventions.md)             |
/// |------------------|--------------------------|-------------------------------------------------------------------|
/// | none, or unnamed | FASTCALL and count check | cheaper than NOARGS for free functions, as cheap as O             |
/// | named            | FASTCALL with keywords   | keywords cost an exact positional call a handful of instructions  |
#pragma once
#include "adder/detail/trampoline.hpp"
#include "adder/types/module.hpp"

namespace adder::inline ADDER_ABI::detail {

/// As a PyMethodDef wants it, whatever the convention.
template <class F>
PyCFunction as_cfunction(F* function) noexcept {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function));
}

/// A free function, lambda or functor bound to Python.
template <auto Target, class Owner = void>
struct ADDER_HIDDEN FunctionBinding : BindingStorage<Target, Owner> {
  using Storage = BindingStorage<Target, Owner>;
  using Storage::arity;
  using Storage::static_record;
  using Parameters = typename CallableOf<decltype(Target)>::Parameters;

  static ::PyObject* fastcall(::PyObject* self, ::PyObject* const* args, Py_ssize_t given) noexcept {
    if (given != static_cast<Py_ssize_t>(arity)) [[unlikely]]
      return refuse(self, args, given);
    return invoke(self, args);
  }
  static ::PyObject* fastcall_keywords(::PyObject* self, ::PyObject* const* args, Py_ssize_t given,
                                       ::PyObject* keywords) noexcept {
    if (given == static_cast<Py_ssize_t>(arity) && keywords == nullptr) [[likely]]
      return invoke(self, args);
    ::PyObject* bound[arity == 0 ? 1 : arity];
    if (!bind_arguments(record_for(self, static_record), args, given, keywords, bound)) return nullptr;
    return invoke(self, bound);
  }

 private:
  ADDER_INLINE static ::PyObject* invoke(::PyObject* self, ::PyObject* const* args) noexcept {
    try {
      typename LoadersFor<Parameters>::type loaders;
      if (!loaders.load(args, CallContext{self, &static_record})) [[unlikely]]
        return nullptr;
      return loaders.template call<Target>();
    } catch (...) {
      translate_current_exception();
      return nullptr;
    }
  }
  static ::PyObject* refuse(::PyObject* self, ::PyObject* const* args, Py_ssize_t given) noexcept {
    ::PyObject* bound[arity == 0 ? 1 : arity];
    (void)bind_arguments(record_for(self, static_record), args, given, nullptr, bound);
    return nullptr;
  }
};

/// A new Python function.
/// @param module  What `__module__` and `__self__` say.
template <auto Target, class... Extra>
Bound<PyAny> make_function(const Bound<PyModule>& module, const char* name, const Extra&... extra) {
  using Binding = FunctionBinding<Target>;
  constexpr std::size_t arity = Binding::arity;
  check_extras<arity, Extra...>();
  constexpr bool named = parameter_count<Extra...> != 0;

  FunctionRecord* record = &Binding::static_record;
  Parameter* parameters = Binding::parameters;
  Bound<PyAny> self = module;
  PyMethodDef def{};
  def.ml_flags = named ? METH_FASTCALL | METH_KEYWORDS : METH_FASTCALL;
  if constexpr (named) {
    def.ml_meth = as_cfunction(&Binding::fastcall_keywords);
  } else {
    def.ml_meth = as_cfunction(&Binding::fastcall);
  }
  if (record->name != nullptr) {
    // Bound already. Under the same name, as when a module's body runs again, the new description replaces the old one;
    // but not the calling convention, which older function objects go by. Otherwise the function has two descriptions,
    // and this one finds its own through a capsule.
    parameters = new Parameter[arity == 0 ? 1 : arity];
    if (std::string_view(record->name) != name || record->def.ml_flags != def.ml_flags) {
      record = new FunctionRecord;
      self = steal(non_null(PyCapsule_New(record, "adder.FunctionRecord", nullptr)));
    }
  }
  fill_record(*record, def, parameters, arity, name, "", "$module", extra...);
  const Bound<PyAny> module_name = module.getattr("__name__"_s);
  return steal(non_null(PyCFunction_NewEx(&record->def, self.as_ptr(), module_name.as_ptr())));
}

}  // namespace adder::inline ADDER_ABI::detail
