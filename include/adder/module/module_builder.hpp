// SPDX-License-Identifier: MIT
/// @file
/// @brief What ADDER_MODULE expands to. Compiled in users' code.
#pragma once
#include "adder/class/pyclass.hpp"

namespace adder::inline ADDER_ABI {

/// @brief The type of gil_not_used.
struct GilNotUsed {};
/// @brief Behind the variable of ADDER_MODULE: the module's own C++ data is safe without a GIL. Free-threaded builds of
/// Python load a module that does not say so with a warning, and run with their GIL from then on.
/// @pyo3{#[pymodule(gil_used = false)]}
inline constexpr GilNotUsed gil_not_used{};

/// @brief What the body of ADDER_MODULE fills.
///
/// Names that do not begin with an underscore are entered into `__all__`.
class ModuleBuilder {
 public:
  /// @brief The token.
  Python py() const noexcept { return detail::token(); }
  /// @brief The module under construction.
  const Bound<PyModule>& module() const noexcept ADDER_LIFETIMEBOUND { return module_; }

  /// @brief Adds a C++ function, functor, or lambda without captures, as a Python function.
  /// @tparam Target  What is called; or `overload<&f, &g>` of overload.hpp.
  /// @param name   Its Python name.
  /// @param extra  `arg("name")`, `arg("name") = default`, all or none; pos_only and kw_only among them; release_gil; a
  ///               docstring.
  template <auto Target, class... E>
    requires(!detail::is_overload_set<Target>)
  ADDER_INLINE void def(const char* name, const E&... extra) {
    const detail::FunctionParts parts = detail::function_parts<Target, void, E...>();
    if constexpr (sizeof...(E) == 0) {
      add_function(name, parts.record, parts.parameters, parts.entry, parts.shape_bits);
    } else {
      detail::Extras<sizeof...(E)> extras;
      detail::describe_all(extras, extra...);
      add_function(name, parts.record, parts.parameters, parts.entry, parts.shape_bits, extras.all, sizeof...(E));
    }
  }
  template <auto Set, class... E>
    requires(detail::is_overload_set<Set>)
  void def(const char* name, const E&... extra) {
    detail::FunctionRecord& record =
        detail::SetMaker<std::remove_cv_t<decltype(Set)>>::template describe<detail::FunctionBinding>(
            name, "", "$module", extra...);
    add_object(name, detail::make_function(module_.as_ptr(), record));
  }
  template <class F, class... E>
  void def(const char*, F&&, const E&...) {
    (void)detail::NotATemplateArgument<F>{};
  }
  /// @brief Adds a value under a name.
  template <class V>
  void add(const char* name, V&& value) {
    add_object(name, detail::non_null(detail::into_ptr_or_pending(std::forward<V>(value))));
  }
  /// @brief Adds a pyclass under its name, making its type if need be.
  template <class T>
  void add_class() {
    static_assert(
        requires { PyClass<T>::name; }, "adder: add_class<T>: specialise PyClass<T>, with a name");
    static_assert(IsPyClass<T>, "adder: the name in a PyClass is a const char*");
    add_type(PyClass<T>::name, detail::class_type<T>, &detail::make_class_type<T>);
  }
  /// @brief Adds a module inside this one, which @p body fills: `import package.name` finds it. Where the import of the
  /// outermost module fails, it is gone again.
  /// @param name  Without the names of the modules around it.
  /// @param body  `void(ModuleBuilder&)`.
  /// @pyo3{PyModule::add_submodule}
  template <std::invocable<ModuleBuilder&> F>
  void add_submodule(const char* name, F&& body) {
    const auto submodule = detail::steal(new_submodule(name));
    {
      ModuleBuilder builder(submodule.as_ptr());
      std::forward<F>(body)(builder);
    }
    add_object(name, Py_NewRef(submodule.as_ptr()));
  }
  /// @brief Sets the module's docstring.
  void doc(std::string_view text);

  /// Not for users.
  explicit ModuleBuilder(::PyObject* module)
      : module_(detail::borrow<PyModule>(module)), outer_(std::exchange(detail::module_under_construction, module)) {}
  ~ModuleBuilder() { detail::module_under_construction = outer_; }
  ModuleBuilder(const ModuleBuilder&) = delete;
  ModuleBuilder& operator=(const ModuleBuilder&) = delete;

 private:
  // The first has no more arguments than go in registers: modules of many functions call it for each.
  void add_function(const char* name, detail::FunctionRecord* record, detail::Parameter* parameters, PyCFunction entry,
                    std::uint64_t shape_bits);
  void add_function(const char* name, detail::FunctionRecord* record, detail::Parameter* parameters, PyCFunction entry,
                    std::uint64_t shape_bits, const detail::Extra* extras, std::size_t extra_count);
  void add_type(const char* name, const detail::Atomic<::PyTypeObject*>& place, ::PyTypeObject* (*make)());
  /// @param object  Taken over.
  void add_object(const char* name, ::PyObject* object);
  /// A new reference to the module, which is entered into sys.modules.
  ::PyObject* new_submodule(const char* name);

  Bound<PyModule> module_;
  ::PyObject* outer_;  // The module whose body imported this one, or has it inside.
};

namespace detail {

/// The submodules that the body under construction in this thread has entered into sys.modules: a list, or null.
ADDER_HIDDEN inline constinit thread_local ::PyObject* new_submodules = nullptr;

/// A new reference to what a dict has under a string; null where it has nothing.
inline ::PyObject* get_dict_item(::PyObject* dict, ::PyObject* key) {
  ::PyObject* found = nullptr;
#if PY_VERSION_HEX >= 0x030D0000
  non_negative(PyDict_GetItemRef(dict, key, &found));
#else
  found = PyDict_GetItemWithError(dict, key);
  if (found == nullptr && PyErr_Occurred() != nullptr) throw_fetched();
  Py_XINCREF(found);
#endif
  return found;
}

/// Enters a name into a module's `__all__`, which is made if there is none.
ADDER_COLD inline void add_to_all(::PyObject* module, ::PyObject* name) {
  ::PyObject* dict = PyModule_GetDict(module);
  ::PyObject* key = Interned<"__all__">::get(token());
  ::PyObject* all = get_dict_item(dict, key);
  if (all == nullptr) {
    const Bound<PyAny> made = steal(non_null(guard_rare_unwind([&] { return PyList_New(0); })));
    all = set_dict_default(dict, key, made.as_ptr());
  }
  const Bound<PyAny> owner = steal(all);
  if (!PyList_CheckExact(all)) return;  // Somebody's own.
  // There already where the body runs again.
  if (non_negative(guard_unwind([&] { return PySequence_Contains(all, name); })) == 0) {
    non_negative(PyList_Append(all, name));
  }
}

/// Takes back what a body that failed has entered into sys.modules.
class SubmoduleScope {
 public:
  SubmoduleScope() noexcept : outer_(std::exchange(new_submodules, nullptr)) {}
  SubmoduleScope(const SubmoduleScope&) = delete;
  SubmoduleScope& operator=(const SubmoduleScope&) = delete;
  ~SubmoduleScope() {
    if (new_submodules != nullptr && failed_) {
      const ErrorScope pending(token());
      ::PyObject* modules = PyImport_GetModuleDict();
      for (Py_ssize_t i = 0; i < PyList_GET_SIZE(new_submodules); ++i) {
        guard_unwind([&] { return PyDict_DelItem(modules, PyList_GET_ITEM(new_submodules, i)); });
        PyErr_Clear();  // Somebody else took it out.
      }
    }
    Py_XDECREF(std::exchange(new_submodules, outer_));
  }
  void succeed() noexcept { failed_ = false; }

 private:
  ::PyObject* outer_;
  bool failed_ = true;
};

/// The Py_mod_exec function: runs the body; what it throws becomes the error of the import.
inline int run_module_body(::PyObject* module, void (*body)(ModuleBuilder&)) noexcept {
  if (PyInterpreterState_Get() != PyInterpreterState_Main()) {
    PyErr_Format(PyExc_ImportError, "module %s does not support loading in subinterpreters", PyModule_GetName(module));
    return -1;
  }
  if (attach_gate.closed()) {
    PyErr_Format(PyExc_ImportError, "module %s cannot be loaded again after the interpreter was shut down",
                 PyModule_GetName(module));
    return -1;
  }
  adopt_runtime();
  SubmoduleScope submodules;
  try {
    ModuleBuilder builder(module);
    body(builder);
    submodules.succeed();
    return 0;
  } catch (...) {
    translate_current_exception();
    return -1;
  }
}

template <void (*Body)(ModuleBuilder&), auto... Options>
struct ModuleDefinition {
  static_assert((std::is_same_v<std::remove_cv_t<decltype(Options)>, GilNotUsed> && ...),
                "adder: behind the variable of ADDER_MODULE there may be adder::gil_not_used");
  static int exec(::PyObject* module) noexcept { return run_module_body(module, Body); }
  static inline PyModuleDef_Slot slots[] = {
      {Py_mod_exec, reinterpret_cast<void*>(&exec)},
#if PY_VERSION_HEX >= 0x030C0000
      {Py_mod_multiple_interpreters, Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED},
#endif
#if PY_VERSION_HEX >= 0x030D0000
      {Py_mod_gil, sizeof...(Options) == 0 ? Py_MOD_GIL_USED : Py_MOD_GIL_NOT_USED},
#endif
      {0, nullptr},
  };
  static inline PyModuleDef definition{
      PyModuleDef_HEAD_INIT, nullptr, nullptr, 0, nullptr, slots, nullptr, nullptr, nullptr};
  static ::PyObject* init(const char* name) noexcept {
#if defined(Py_GIL_DISABLED)
    // Once: another thread may be importing the module, under a spec of its own, and reading the name.
    const char* expected = nullptr;
    __atomic_compare_exchange_n(&definition.m_name, &expected, name, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
#else
    definition.m_name = name;
#endif
    return PyModuleDef_Init(&definition);
  }
};

}  // namespace detail

ADDER_COLD inline void ModuleBuilder::add_function(const char* name, detail::FunctionRecord* record,
                                                   detail::Parameter* parameters, PyCFunction entry,
                                                   std::uint64_t shape_bits) {
  add_function(name, record, parameters, entry, shape_bits, nullptr, 0);
}
ADDER_COLD inline void ModuleBuilder::add_function(const char* name, detail::FunctionRecord* record,
                                                   detail::Parameter* parameters, PyCFunction entry,
                                                   std::uint64_t shape_bits, const detail::Extra* extras,
                                                   std::size_t extra_count) {
  const auto shape = std::bit_cast<detail::Shape>(shape_bits);
  add_object(name,
             detail::make_function(module_.as_ptr(), record, parameters, shape, entry, name, extras, extra_count));
}

ADDER_COLD inline void ModuleBuilder::add_type(const char* name, const detail::Atomic<::PyTypeObject*>& place,
                                               ::PyTypeObject* (*make)()) {
  ::PyTypeObject* type = place.load(detail::Order::acquire);
  if (type == nullptr) type = make();
  add_object(name, Py_NewRef(reinterpret_cast<::PyObject*>(type)));
}

// In the C API's terms: handles would have every file that includes this header compile their methods.
inline void ModuleBuilder::add_object(const char* name, ::PyObject* object) {
  const Bound<PyAny> owner = detail::steal(object);
  ::PyObject* module = module_.as_ptr();
  const Bound<PyAny> text = detail::steal(detail::non_null(PyUnicode_InternFromString(name)));
  detail::non_negative(detail::guard_unwind([&] { return PyObject_SetAttr(module, text.as_ptr(), object); }));
  if (name[0] != '_') detail::add_to_all(module, text.as_ptr());
}

inline ::PyObject* ModuleBuilder::new_submodule(const char* name) {
  const Bound<PyAny> outer = detail::steal(detail::non_null(PyModule_GetNameObject(module_.as_ptr())));
  const Bound<PyAny> full_name = detail::steal(detail::non_null(PyUnicode_FromFormat("%U.%s", outer.as_ptr(), name)));
  ::PyObject* modules = PyImport_GetModuleDict();
  ::PyObject* found = detail::get_dict_item(modules, full_name.as_ptr());
  const bool is_new = found == nullptr || !PyModule_Check(found);
  detail::release_if_any(found);
  if (is_new) {
    if (detail::new_submodules == nullptr)
      detail::new_submodules = detail::non_null(detail::guard_rare_unwind([&] { return PyList_New(0); }));
    detail::non_negative(PyList_Append(detail::new_submodules, full_name.as_ptr()));
  }
  // Where the body runs again it is the module that is there, as for a module that is reloaded.
#if PY_VERSION_HEX >= 0x030D0000
  const char* text = PyUnicode_AsUTF8(full_name.as_ptr());
  if (text == nullptr) detail::throw_fetched();
  return detail::non_null(detail::guard_unwind([&] { return PyImport_AddModuleRef(text); }));
#else
  return Py_NewRef(
      detail::non_null(detail::guard_unwind([&] { return PyImport_AddModuleObject(full_name.as_ptr()); })));
#endif
}

inline void ModuleBuilder::doc(std::string_view text) {
  const Bound<PyAny> string =
      detail::steal(detail::non_null(PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()))));
  detail::non_negative(
      detail::guard_unwind([&] { return PyObject_SetAttrString(module_.as_ptr(), "__doc__", string.as_ptr()); }));
}

}  // namespace adder::inline ADDER_ABI
