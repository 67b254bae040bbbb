// SPDX-License-Identifier: MIT
/// @file
/// @brief What ADDER_MODULE expands to. Compiled in users' code.
#pragma once
#include "adder/class/pyclass.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief The type of gil_not_used.
struct GilNotUsed {};
/// @brief Behind the variable of ADDER_MODULE: the module's own C++ data is safe without a GIL. Free-threaded builds of
/// Python load a module that does not say so with a warning, and run with their GIL from then on.
/// @pyo3{#[pymodule(gil_used = false)]}
inline constexpr GilNotUsed gil_not_used{};

namespace detail {
template <auto Namespace>
struct NamespaceContents;  // reflect.hpp

/// The names in the list that a module's `__all__` was last found to be, in a set: looking each new one up in the list
/// would take as many steps as there are names. Code that the body runs may change the list: its size and its last item
/// show that.
struct ExportedNames {
  ::PyObject* list = nullptr;
  ::PyObject* names = nullptr;  ///< Null where the list has something that no set takes.
  Py_ssize_t size = 0;          ///< Of the list.
  ::PyObject* last = nullptr;   ///< Its last item, only to be compared.

  ExportedNames() noexcept = default;
  ExportedNames(const ExportedNames&) = delete;
  ExportedNames& operator=(const ExportedNames&) = delete;
  ~ExportedNames() {
    release_if_any(list);  // Either may be the last owner of objects of others.
    release_if_any(names);
  }
  /// Reads a list again if it is another one, or has changed.
  void look_at(::PyObject* all);
  /// Appends a name to the list that was looked at, unless it is in there.
  void add(::PyObject* name);
};
}  // namespace detail

/// @brief What the body of ADDER_MODULE fills.
///
/// Names that do not begin with an underscore are entered into `__all__`.
class ModuleBuilder : public detail::ModuleNamesElsewhere {
 public:
  /// @brief The token.
  Python py() const noexcept { return detail::token(); }
  /// @brief The module under construction.
  const Bound<PyModule>& module() const noexcept ADDER_LIFETIMEBOUND { return module_; }

  /// @brief Adds a C++ function, functor, or lambda without captures, as a Python function.
  /// @throws PyErr  SystemError when the module has something of that name already.
  /// @tparam Target  What is called; or `overload<&f, &g>` of overload.hpp.
  /// @param name   Its Python name.
  /// @param extra  `arg("name")`, `arg("name") = default`, all or none; pos_only and kw_only among them; release_gil; a
  ///               docstring.
  template <auto Target, class... E>
    requires(!detail::is_overload_set<Target>)
  // No code of ours runs where the template argument does not fit. But compilers show the line that did not.
  ADDER_INLINE void def(const char* name, const E&... extra) {  // overloaded? static_cast it; a state? new_closure
    ADDER_NOTE(detail::note_function<Target>(module_.as_ptr(), name, extra...));
    const detail::FunctionParts parts = detail::function_parts<Target, void, E...>();
    if constexpr (sizeof...(E) == 0) {
      add_function(name, parts.record, parts.parameters, parts.entry, parts.shape_bits);
    } else {
      detail::Extras<sizeof...(E)> extras;
      using Parameters = typename detail::CallableOf<decltype(Target)>::Parameters;
      detail::describe_all(extras, extra...);
      if constexpr (detail::any_default<E...>) detail::DefaultsOf<Parameters, E...>::enter(extras.all);
      add_function(name, parts.record, parts.parameters, parts.entry, parts.shape_bits, extras.all, sizeof...(E));
    }
  }
  template <auto Set, class... E>
    requires(detail::is_overload_set<Set>)
  void def(const char* name, const E&... extra) {
    using Maker = detail::SetMaker<std::remove_cv_t<decltype(Set)>>;
    ADDER_NOTE(detail::note_overloads<typename Maker::template Whole<detail::FunctionBinding, E...>>(module_.as_ptr(),
                                                                                                     name, extra...));
    detail::FunctionRecord& record = Maker::template describe<detail::FunctionBinding>(name, "", "$module", extra...);
    add_object(name, detail::make_function(module_.as_ptr(), record));
  }
  template <class F, class... E>
  void def(const char*, F&&, const E&...) {
    (void)detail::NotATemplateArgument<F>{};
  }
  /// @brief Adds a value under a name.
  template <class V>
  void add(const char* name, V&& value) {
    ADDER_NOTE(detail::note_value<V>(module_.as_ptr(), name));
    add_object(name, detail::non_null(detail::into_ptr_or_pending(std::forward<V>(value))), Replace::yes);
  }
  /// @brief Adds a pyclass under its name, making its type if need be. Of a name with dots, "Outer.Inner", to what the
  /// module has under the first part; where there is nothing, under the last part to the module.
  /// @throws PyErr  SystemError where that is a class that cannot be changed: its `define` calls `cls.add_class<T>()`.
  template <class T>
  ADDER_INLINE void add_class() {
    if constexpr (IsPyClass<T> && requires { sizeof(T); }) {
      if constexpr (detail::has_python_base<T>()) {
        add_type(PyClass<T>::name, detail::joined_type<T>, &detail::make_joined_type<T>);
      } else if constexpr (detail::has_simple_shape<T> && !detail::is_shared_class<T>()) {
        static_assert(detail::check_class<T>());
        constexpr auto add =
            detail::is_subclassable<T>() ? &ModuleBuilder::add_open_type : &ModuleBuilder::add_plain_type;
        (this->*add)(PyClass<T>::name, detail::doc_of_class<T>(), &detail::define_class<T>,
                     static_cast<int>(detail::Layout<T>::size), detail::class_type<T>);
      } else {
        add_type(PyClass<T>::name, detail::class_type<T>, &detail::make_class_type<T>);
      }
    } else if constexpr (requires { PyClass<T>::name; }) {
      static_assert(!std::is_class_v<T> || IsPyClass<T>, "adder: the name in a PyClass is a const char*");
      (void)sizeof(ClassBuilder<T>);  // What is no class, or only declared.
    } else {
      static_assert(detail::always_false<T>, "adder: add_class<T>: specialise adder::PyClass<T>, with a name");
    }
  }
  /// @brief Adds the Python enum of a C++ one, above what has one of its members for a default. Include
  /// `adder/class/enum.hpp`.
  template <class E>
  void add_enum() {
    if constexpr (!requires { sizeof(detail::EnumClass<E>); }) {
      static_assert(detail::always_false<E>, "adder: add_enum<E>() needs its header: #include <adder/class/enum.hpp>");
    } else {
      add_object(detail::EnumClass<E>::name(), detail::EnumClass<E>::make(nullptr, nullptr));
    }
  }
  /// @brief Adds what a C++ namespace has: functions, constants, and those classes and enums that are `reflected`, or
  /// have a PyClass or PyEnum. Needs `adder/reflect/reflect.hpp`, and a compiler with reflection.
  /// @tparam Namespace  `^^geometry`.
  template <auto Namespace>
  void add_namespace() {
    if constexpr (!requires { sizeof(detail::NamespaceContents<Namespace>); }) {
      static_assert(detail::always_false<detail::NamespaceContents<Namespace>>,
                    "adder: add_namespace<^^name>() needs its header: #include <adder/reflect/reflect.hpp>");
    } else {
      detail::NamespaceContents<Namespace>::add_to(*this);
    }
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
  explicit ModuleBuilder(::PyObject* module);
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
  /// Of a class with the shape that many have, with no function to make it: most are used nowhere else.
  void add_plain_type(const char* name, const char* doc, void (*define)(detail::ClassParts&), int size,
                      detail::ClassPlace& place);
  /// The same of one that can be subclassed.
  void add_open_type(const char* name, const char* doc, void (*define)(detail::ClassParts&), int size,
                     detail::ClassPlace& place);
  void add_type(const char* name, ::PyTypeObject* type);
  /// Of a name with dots. @return Whether the module has something that the class could be put into.
  bool add_nested_type(const char* name, ::PyTypeObject* type);
  enum class Replace : bool { no, yes };
  /// Takes @p object over.
  void add_object(const char* name, ::PyObject* object, Replace replace = Replace::no);
  [[noreturn]] ADDER_COLD_CALL void refuse_name(const char* name) const;
  /// A new reference to the module, which is entered into sys.modules.
  ::PyObject* new_submodule(const char* name);

  /// Enters a name into the module's `__all__`, which is made if there is none.
  void add_to_all(::PyObject* name);

  Bound<PyModule> module_;
  detail::ExportedNames exported_;
  bool is_first_run_ = false;  // Else names are there already: those of the last time.
  ::PyObject* outer_;          // The module whose body imported this one, or has it inside.
};

namespace detail {

/// The submodules that the body under construction in this thread has entered into sys.modules: a list, or null.
ADDER_HIDDEN inline constinit thread_local ::PyObject* new_submodules = nullptr;

/// Takes back what a body that failed has entered into sys.modules.
class SubmoduleScope {
 public:
  SubmoduleScope() noexcept;
  SubmoduleScope(const SubmoduleScope&) = delete;
  SubmoduleScope& operator=(const SubmoduleScope&) = delete;
  ~SubmoduleScope();
  void succeed() noexcept { failed_ = false; }

 private:
  ::PyObject* outer_;
  bool failed_ = true;
};

/// The Py_mod_exec function: runs the body; what it throws becomes the error of the import.
int run_module_body(::PyObject* module, void (*body)(ModuleBuilder&)) noexcept;

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

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/module/detail/module_builder_inl.hpp"
#endif
