// SPDX-License-Identifier: MIT
/// @file
/// @brief `PyClass<T>` and `ClassBuilder<T>`: declaring a C++ class to be a Python class, by hand.
///
/// @code
/// template <>
/// struct adder::PyClass<Counter> {
///   static constexpr auto name = "Counter";
///   static constexpr auto doc = "Counts things.";   // optional
///   static constexpr bool frozen = false;           // optional: no borrow flag, only const methods
///   static void define(adder::ClassBuilder<Counter>& cls) {
///     cls.def_new<std::int64_t>(adder::arg("start") = 0);
///     cls.def<&Counter::add>("add", adder::arg("by") = 1, "Add `by`; return the new total.");
///     cls.getter<&Counter::total>("total");
///     cls.def<"__len__", &Counter::size>();
///   }
/// };
/// @endcode
/// `define` runs once, when the type is made: at `add_class`, or when a handle first needs the type.
#pragma once
#include "adder/class/slots.hpp"

namespace adder::inline ADDER_ABI {

namespace detail {

/// What `define` collects about a class. The same for all classes: nothing here depends on T.
struct ClassParts {
  std::string qualifier;  // "Counter."
  PlainArray<PyMethodDef> methods;
  PlainArray<PyGetSetDef> getters;
  PlainArray<PyType_Slot> slots;
  vectorcallfunc construct = nullptr;
  std::string signature;  // "Counter(start=0)\n--\n\n"
};

/// Makes the type. The tables it points to are kept for good, as the type may be.
/// @return A new reference.
ADDER_COLD inline ::PyObject* make_type(ClassParts& parts, ::PyObject* module, const char* module_name,
                                        const char* name, const char* doc, int object_size, destructor deallocate) {
  parts.methods.push_back({nullptr, nullptr, 0, nullptr});
  parts.getters.push_back({nullptr, nullptr, nullptr, nullptr, nullptr});
  const std::string text = parts.signature + doc;
  parts.slots.push_back({Py_tp_dealloc, reinterpret_cast<void*>(deallocate)});
  parts.slots.push_back({Py_tp_methods, parts.methods.keep()});
  parts.slots.push_back({Py_tp_getset, parts.getters.keep()});
  parts.slots.push_back({Py_tp_doc, const_cast<char*>(text.c_str())});
  parts.slots.push_back({0, nullptr});
  unsigned flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE;
  if (parts.construct == nullptr) flags |= Py_TPFLAGS_DISALLOW_INSTANTIATION;
  PyType_Spec spec{keep_text(std::string(module_name) + "." + name), object_size, 0, flags, parts.slots.data()};
  ::PyObject* type = non_null(PyType_FromModuleAndSpec(module, &spec, nullptr));
  reinterpret_cast<::PyTypeObject*>(type)->tp_vectorcall = parts.construct;
  return type;
}

template <class T>
ADDER_HIDDEN inline constinit Atomic<::PyTypeObject*> class_type{nullptr};

}  // namespace detail

/// @brief Collects what a class offers to Python; handed to `PyClass<T>::define`.
template <class T>
class ClassBuilder {
 public:
  /// @brief Makes `T(Args...)` the class's constructor. `Python` among Args is filled in.
  /// @param extra  `arg("name")`, `arg("name") = default`; all or none.
  template <class... P, class... E>
  void def_new(const E&... extra) {
    using Binding = detail::ConstructorBinding<T, typename detail::OptionsOf<E...>::type, P...>;
    constexpr detail::Shape shape = detail::ShapeOf<detail::TypeList<P...>, E...>::shape;
    static_assert(!shape.module, "adder: only functions of a module can take ThisModule");
    static_assert(detail::Constructs<T, P...>, "adder: def_new<Args...>: the class has no such constructor");
    static_assert(!detail::OptionsOf<E...>::type::release_gil,
                  "adder: a constructor is not run without the GIL: release it inside");
    constexpr bool exact = detail::convention_of(shape) != detail::Convention::general;
    auto& record = Binding::storage().record;
    record.is_method = true;
    describe(Binding::storage(), shape, nullptr, 0, PyClass<T>::name, "", nullptr, extra...);
    parts_.construct = &Binding::template vectorcall<exact>;
    parts_.signature = record.def.ml_doc;
    parts_.slots.push_back({Py_tp_new, reinterpret_cast<void*>(&Binding::tp_new)});
  }

  /// @brief Makes a member function a method. Const ones borrow the value shared, others exclusively.
  /// @param name   The method's Python name.
  /// @param extra  `arg("name")`, `arg("name") = default`, all or none, and a docstring.
  template <auto Target, class... E>
    requires(!detail::is_overload_set<Target>)
  void def(const char* name, const E&... extra) {
    using Binding = detail::MethodBinding<T, Target, typename detail::OptionsOf<E...>::type>;
    static_assert(!std::is_void_v<typename Binding::Signature::Receiver>,
                  "adder: ClassBuilder::def takes a member function");
    constexpr detail::Shape shape = detail::ShapeOf<typename Binding::Signature::Parameters, E...>::shape;
    static_assert(!shape.module, "adder: only functions of a module can take ThisModule");
    constexpr detail::Convention convention = detail::convention_of(shape);
    auto& record = Binding::storage().record;
    check_method(name, record);
    record.is_method = true;
    PyCFunction entry = nullptr;
    int flags = detail::flags_of(convention);
    if constexpr (convention == detail::Convention::general) {
      entry = detail::as_cfunction(&Binding::general);
    } else if constexpr (convention == detail::Convention::keywords) {
      entry = detail::as_cfunction(&Binding::keywords);
    } else if constexpr (Binding::count == 0) {
      flags = METH_NOARGS;  // Specialised by the interpreter for methods.
      entry = &Binding::no_arguments;
    } else {
      entry = detail::as_cfunction(&Binding::positional);
    }
    describe(Binding::storage(), shape, entry, flags, name, parts_.qualifier, "$self", extra...);
    parts_.methods.push_back(record.def);
  }

  /// @brief Makes member functions one overloaded method: `cls.def<overload<&C::f, &C::g>>("f")`; see overload.hpp.
  template <auto Set, class... E>
    requires(detail::is_overload_set<Set>)
  void def(const char* name, const E&... extra) {
    check_method(name, detail::FunctionRecord());
    parts_.methods.push_back(detail::SetMaker<std::remove_cv_t<decltype(Set)>>::template describe<OwnMethodBinding>(
                                 name, parts_.qualifier, "$self", extra...)
                                 .def);
  }

  /// @brief Makes a member function the type slot behind a dunder name.
  template <detail::FixedString Dunder, auto Target>
  void def() {
    using Slot = detail::Slot<Dunder>;
    static_assert(Slot::known, "adder: unknown dunder name");
    if constexpr (Slot::known) {
      static_assert(detail::MethodBinding<T, Target>::count == Slot::arity,
                    "adder: the member function has the wrong number of parameters for this dunder");
      static_assert(detail::only_plain<typename detail::CallableOf<decltype(Target)>::Parameters>,
                    "adder: a dunder cannot take Args, Kwargs or ThisModule");
      Slot::template add_to<T, Target>([this](int id, void* entry) { parts_.slots.push_back({id, entry}); });
    }
  }

  /// @brief Makes a member function without parameters a read-only property.
  template <auto Target>
  void getter(const char* name, const char* doc = nullptr) {
    using Binding = detail::MethodBinding<T, Target>;
    static_assert(Binding::count == 0, "adder: a getter takes no arguments");
    static_assert(detail::only_plain<typename Binding::Signature::Parameters>,
                  "adder: a getter cannot take Args, Kwargs or ThisModule");
    parts_.getters.push_back({detail::keep_text(name), &Binding::getter, nullptr,
                              doc == nullptr ? nullptr : detail::keep_text(doc), nullptr});
  }

  /// Not for users: makes the type.
  static ::PyTypeObject* make(::PyObject* module, const char* module_name) {
    static_assert(detail::verdict<T>() != detail::Verdict::gil_bound,
                  "adder: a pyclass may not hold Bound, Borrowed, Python or raw PyObject* members: they would outlive "
                  "the GIL. Hold Py<T>");
    static_assert(
        !asks_for_more(),
        "adder: of the options of a pyclass there are name, doc and frozen so far; the others cannot be ignored");
    ClassBuilder builder;
    builder.parts_.qualifier = std::string(PyClass<T>::name) + ".";
    PyClass<T>::define(builder);
    const char* doc = "";
    if constexpr (requires { PyClass<T>::doc; }) doc = PyClass<T>::doc;
    return reinterpret_cast<::PyTypeObject*>(detail::make_type(builder.parts_, module, module_name, PyClass<T>::name,
                                                               doc, static_cast<int>(sizeof(PyCell<T>)),
                                                               &detail::deallocate_object<T>));
  }

 private:
  template <auto Target, class Options, class Set>
  using OwnMethodBinding = detail::MethodBinding<T, Target, Options, Set>;

  ClassBuilder() = default;
  static constexpr bool asks_for_more() {
    return requires { PyClass<T>::unsendable; } || requires { PyClass<T>::subclass; } ||
           requires { PyClass<T>::dict; } || requires { PyClass<T>::weakref; } || requires { PyClass<T>::freelist; } ||
           requires { typename PyClass<T>::base; };
  }
  void check_method(const char* name, const detail::FunctionRecord& record) const {
    if (detail::has_type_slot(name)) {
      throw PySystemError::new_err(
          parts_.qualifier + name +
          " belongs into a type slot, which a method of that name would not fill: write def<\"" + name + "\", ...>()");
    }
    if (record.name != nullptr && record.name != parts_.qualifier + name) {
      throw PySystemError::new_err(parts_.qualifier + name + " is bound already, as " + record.name +
                                   ": bind the second name to a member function of its own");
    }
  }
  template <std::size_t Count, class... E>
  static void describe(detail::RecordStorage<Count>& storage, detail::Shape shape, PyCFunction entry, int flags,
                       const char* name, std::string_view qualifier, const char* receiver, const E&... extra) {
    // New parameters where `define` runs again and the static ones may be in use.
    detail::Parameter* parameters = storage.parameters;
    if (storage.record.name != nullptr) parameters = new detail::Parameter[Count == 0 ? 1 : Count];
    detail::Extras<sizeof...(E)> extras;
    detail::describe_all(extras, extra...);
    detail::fill_record(storage.record, shape, entry, flags, parameters,
                        {name, qualifier, receiver, extras.all, sizeof...(E)});
  }
  detail::ClassParts parts_;
};

namespace detail {

/// The module whose body runs in this thread: the one that a class belongs to whose type is made meanwhile.
ADDER_HIDDEN inline constinit thread_local ::PyObject* module_under_construction = nullptr;

/// The type of T, made at its first use and kept for good.
template <class T>
ADDER_HIDDEN ADDER_COLD ::PyTypeObject* make_class_type() {
  // `define` may need other classes' types, but not its own.
  static constinit thread_local bool making = false;
  if (making) {
    throw PySystemError::new_err(std::string(PyClass<T>::name) +
                                 ": define() needs the very type that it is making, for a default perhaps");
  }
  struct Making {
    Making() { making = true; }
    ~Making() { making = false; }
  } scope;
  ::PyObject* module = module_under_construction;
  const char* module_name = module == nullptr ? "builtins" : PyModule_GetName(module);
  if (module_name == nullptr) throw_fetched();
  ::PyTypeObject* made = ClassBuilder<T>::make(module, module_name);
  ::PyTypeObject* expected = nullptr;
  // ORDER: acq_rel: `define` may let go of the GIL, so two threads may get here; the first type is kept.
  if (!class_type<T>.compare_exchange(expected, made, Order::acq_rel)) {
    Py_DECREF(reinterpret_cast<::PyObject*>(made));
    return expected;
  }
  return made;
}

}  // namespace detail

template <IsPyClass T>
struct PyTypeInfo<T> {
  static const char* name() noexcept { return PyClass<T>::name; }
  ADDER_INLINE static ::PyTypeObject* type_object() {
    ::PyTypeObject* type = detail::class_type<T>.load(detail::Order::acquire);
    return type != nullptr ? type : detail::make_class_type<T>();
  }
  ADDER_INLINE static bool is_type_of(::PyObject* object) {
    ::PyTypeObject* type = type_object();
    return Py_IS_TYPE(object, type) || PyType_IsSubtype(Py_TYPE(object), type) != 0;
  }
  static bool is_exact_type_of(::PyObject* object) { return Py_IS_TYPE(object, type_object()); }
};

/// @brief A new Python object with a C++ value built in place from @p args.
/// @return Owned.
/// @throws PyErr  MemoryError; or whatever the constructor throws.
/// @pyo3{PyCell::new, Bound::new}
template <IsPyClass T, class... Args>
Bound<T> new_instance(Python, Args&&... args) {
  return detail::steal<T>(detail::non_null(detail::construct_object<T>(
      PyTypeInfo<T>::type_object(), [&](void* at) { detail::construct_value<T>(at, std::forward<Args>(args)...); })));
}

template <IsPyClass T>
struct IntoPyObject<T> {
  template <class V>
  static PyResult<Bound<PyAny>> into_py(Python py, V&& value) {
    try {
      return new_instance<T>(py, std::forward<V>(value)).into_any();
    } catch (const PyErr& error) {
      return error;
    } catch (...) {
      detail::translate_current_exception();
      return PyErr::fetch(py);
    }
  }
};

}  // namespace adder::inline ADDER_ABI
