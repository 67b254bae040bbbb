// SPDX-License-Identifier: MIT
/// @file
/// @brief `PyClass<T>` and `ClassBuilder<T>`: declaring a C++ class to be a Python class, by hand.
///
/// @code
/// template <>
/// struct adder::PyClass<Counter> {
///   static constexpr auto name = "Counter";
///   static constexpr auto doc = "Counts things.";
///   static void define(adder::ClassBuilder<Counter>& cls) {
///     cls.def_new<std::int64_t>(adder::arg("start") = 0);
///     cls.def<&Counter::add>("add", adder::arg("by") = 1, "Add `by`; return the new total.");
///     cls.getter<&Counter::total>("total");
///     cls.def<"__len__", &Counter::size>();
///   }
/// };
/// @endcode
/// `define` runs once, when the type is made: at `add_class`, or when a handle first needs the type. All else is
/// optional:
///
/// | member                        | meaning                                                                         |
/// |-------------------------------|---------------------------------------------------------------------------------|
/// | `doc`, `module`               | `__doc__`; `__module__`, where it is not the module whose body makes the class  |
/// | `frozen = true`               | no borrow flag, only const methods; values are read by several threads          |
/// | `unsendable = true`           | only the thread that made an object may use it                                  |
/// | `subclass = true`             | Python classes and other pyclasses may derive from it                           |
/// | `using base = ...`            | a pyclass that T derives from in C++ too, or a tag: PyDict, PyList, PyValueError |
/// | `dict`, `weakref` `= true`    | instances have a `__dict__`, can be weakly referenced                           |
/// | `freelist = 64`               | so many dead objects are kept for the next ones                                 |
/// | `immutable = false`           | the class itself can be changed from Python                                     |
/// | `generic = true`              | `Counter[int]` is a `types.GenericAlias`                                        |
/// | `using fields = FieldList<...>` | where Python's collector finds handles; or `traverse` and `clear`: collect.hpp |
/// | `finalize(const Bound<T>&)`   | `__del__`: called once, before the object dies; may keep it alive               |
/// | `drop_detached = true`        | the C++ destructor runs without the GIL, for it may have to wait for others     |
/// | `base_takes_args = true`      | the built-in base is made from the constructor's arguments, as `date` needs     |
/// | `unsafe_send = true`          | T may hold what is tied to the GIL: the author has made sure                    |
///
/// With a built-in base the constructor's arguments are not the base's: it begins empty, or, of exceptions, with the
/// positional arguments; `base_takes_args` gives it all of them. Where the constructor takes Args, the base's
/// `__init__` gets the same arguments.
#pragma once
#include "adder/class/slots.hpp"

namespace adder::inline ADDER_ABI {

namespace detail {

/// What PyClass says about a class that is more than plain.
struct ClassShape {
  ::PyTypeObject* (*base)() = nullptr;
  const char* module = nullptr;
  ::PyTypeObject* (*root)() = nullptr;  ///< The built-in type that the class, or a base of its bases, derives from;
  Py_ssize_t* native_size = nullptr;    ///< its size is to be found out.
  destructor dealloc = &free_object;
  traverseproc traverse = nullptr;
  inquiry clear = nullptr;
  destructor finalize = nullptr;
  Py_ssize_t dict_at = 0;
  Py_ssize_t weaklist_at = 0;
  bool subclass = false;
  bool is_mutable = false;
  bool generic = false;
  void (*check)() = nullptr;
};
inline constexpr ClassShape plain_class;

/// An attribute of instances, put together from a getter, a setter and a deleter.
struct Property {
  const char* name;
  const char* doc;
  getter get;
  setter set;
  int (*del)(::PyObject*);
};
/// An attribute of the class.
struct ClassAttribute {
  const char* name;
  ::PyObject* value;  ///< Owned; or null, and then it is made once the type is there:
  ::PyObject* (*late)();
};

/// What `define` collects about a class. The same for all classes: nothing here depends on T.
class ClassParts {
 public:
  ClassParts(const char* class_name, const ClassShape& class_shape) noexcept : name(class_name), shape(class_shape) {}
  ClassParts(const ClassParts&) = delete;
  ClassParts& operator=(const ClassParts&) = delete;
  ~ClassParts() {
    while (attributes.size() != 0) Py_XDECREF(attributes.pop_back().value);
  }

  /// Describes a method, class method or static method. @return Its definition.
  PyMethodDef& describe(const char* function_name, FunctionRecord* record, Parameter* parameters, PyCFunction entry,
                        std::uint64_t shape_bits, int flags, const Extra* extras, std::size_t extra_count);
  // With no more arguments than go in registers: files of many classes call it for each method.
  ADDER_COLD void add_method(const char* function_name, FunctionRecord* record, Parameter* parameters,
                             PyCFunction entry, std::uint64_t shape_bits) {
    add_method(function_name, record, parameters, entry, shape_bits, 0, nullptr, 0);
  }
  ADDER_COLD void add_method(const char* function_name, FunctionRecord* record, Parameter* parameters,
                             PyCFunction entry, std::uint64_t shape_bits, int flags, const Extra* extras,
                             std::size_t extra_count) {
    methods.push_back(describe(function_name, record, parameters, entry, shape_bits, flags, extras, extra_count));
  }
  /// @param call  The entry point of tp_vectorcall.
  ADDER_COLD void set_constructor(FunctionRecord* record, Parameter* parameters, vectorcallfunc call,
                                  std::uint64_t shape_bits) {
    set_constructor(record, parameters, call, shape_bits, nullptr, 0);
  }
  void set_constructor(FunctionRecord* record, Parameter* parameters, vectorcallfunc call, std::uint64_t shape_bits,
                       const Extra* extras, std::size_t extra_count);
  void add_slot(int id, void* function);
  void check_method(const char* function_name, const FunctionRecord& record) const;
  /// Whether nothing but a property has the name.
  void check_name(std::string_view text) const;
  [[noreturn]] void refuse_name(const char* function_name) const;
  /// The attribute of that name, made if there is none.
  Property& property(const char* property_name, const char* doc);
  void name_setter(FunctionRecord& record, const char* property_name) const;
  /// "attribute 'x' of 'Counter' objects".
  const char* property_text(const char* property_name) const {
    return keep_text(
        std::string("attribute '").append(property_name).append("' of '").append(name).append("' objects"));
  }
  std::string qualifier() const { return std::string(name).append("."); }

  /// Makes the type. The tables it points to are kept for good, as the type may be.
  /// @return A new reference.
  ::PyTypeObject* make_type(::PyObject* module, const char* doc, Py_ssize_t size);
  /// Enters what is not part of a PyType_Spec.
  void finish_type(::PyTypeObject* type, ::PyObject* module);
  void add_late_attributes(::PyTypeObject* type);

  const char* name;
  const ClassShape& shape;
  PlainArray<PyMethodDef> methods;
  PlainArray<Property> properties;
  PlainArray<PyType_Slot> slots;
  PlainArray<FunctionRecord*> statics;
  PlainArray<ClassAttribute> attributes;
  vectorcallfunc construct = nullptr;
  newfunc construct_new = nullptr;
  const FunctionRecord* constructor = nullptr;
  bool has_init = false;
};

template <class T>
constexpr ClassShape shape_of() {
  ClassShape shape;
  using Layout = Layout<T>;
  if constexpr (HasBase<T>) shape.base = &PyTypeInfo<BaseTagOf<T>>::type_object;
  if constexpr (requires { PyClass<T>::module; }) shape.module = PyClass<T>::module;
  if constexpr (Layout::native) {
    shape.root = &PyTypeInfo<typename Layout::Root>::type_object;
    shape.native_size = &native_size<typename Layout::Root>;
  }
  shape.dealloc = deallocator<T>();
  if constexpr (is_collected<T>()) {
    shape.traverse = &traverse_object<T>;
    shape.clear = &clear_object<T>;
  }
  if constexpr (HasFinalize<T>) shape.finalize = &finalize_object<T>;
  if constexpr (has_dict<T>()) shape.dict_at = static_cast<Py_ssize_t>(Layout::dict_at);
  if constexpr (has_weakref<T>()) shape.weaklist_at = static_cast<Py_ssize_t>(Layout::weaklist_at);
  shape.subclass = is_subclassable<T>();
  if constexpr (requires { PyClass<T>::immutable; }) shape.is_mutable = !PyClass<T>::immutable;
  if constexpr (requires { PyClass<T>::generic; }) shape.generic = PyClass<T>::generic;
  if constexpr (has_pyclass_base<T> && std::is_convertible_v<T*, BaseTagOf<T>*>) {
    shape.check = [] {
      // Made of nothing but an address: only where the base begins is of interest.
      alignas(T) static char place[1];
      if (static_cast<void*>(static_cast<BaseTagOf<T>*>(reinterpret_cast<T*>(place))) != place) {
        throw PyErr::Access::lazy(PyExc_SystemError, std::string(PyClass<T>::name) +
                                                         ": the base class has to come first among the C++ bases");
      }
    };
  }
  return shape;
}
template <class T>
ADDER_HIDDEN inline constexpr ClassShape class_shape = shape_of<T>();

/// What must be true of a class and what its PyClass says.
template <class T>
constexpr bool check_class() {
  static_assert(check_base<T>());
  static_assert(HasTraverseByHand<T> == HasClearByHand<T>,
                "adder: PyClass<T> has one of traverse and clear: a cycle is found by the one and broken by the other");
  static_assert(!(HasTraverseByHand<T> && DeclaresFields<T>),
                "adder: PyClass<T> has both fields and traverse: one of them is enough");
  if constexpr (std::is_aggregate_v<T> && !std::is_trivially_destructible_v<T> && !std::is_empty_v<T> &&
                !DeclaresFields<T> && !HasTraverseByHand<T>) {
    static_assert(
        visible_fields<T>() != 0,
        "adder: the fields of this aggregate cannot be told apart, because of a base class, an array, or more "
        "than 16 of them: list them in PyClass<T>::fields");
  }
  if constexpr (DeclaresFields<T>) {
    using Types = typename FieldTypes<typename PyClass<T>::fields>::type;
    static_assert(!PyClass<T>::fields::complete || fields_fill<T>(Types()),
                  "adder: the FieldList of a pyclass leaves a field out: list all of them, in the order of their "
                  "declaration, or write PartialFieldList");
    static_assert(worst_of<Types> != Verdict::gil_bound || is_unsafe_send<T>(),
                  "adder: a pyclass may not hold Bound, Borrowed, Python or raw PyObject* members: they would outlive "
                  "the GIL. Hold Py<T>; or say `static constexpr bool unsafe_send = true`");
  } else if constexpr (std::is_aggregate_v<T> || TemplateShape<T>::known) {  // Nobody can look into others.
    static_assert(verdict<T>() != Verdict::gil_bound || is_unsafe_send<T>(),
                  "adder: a pyclass may not hold Bound, Borrowed, Python or raw PyObject* members: they would outlive "
                  "the GIL. Hold Py<T>; or say `static constexpr bool unsafe_send = true`");
  }
  return true;
}

}  // namespace detail

/// @brief Collects what a class offers to Python; handed to `PyClass<T>::define`.
template <class T>
class ClassBuilder {
 public:
  /// @name Construction
  /// Python calls the class; a class without any cannot be called. The value is built before Python sees the object.
  /// @{

  /// @brief Makes `T(P...)` the class's constructor. `Python` among P is filled in.
  /// @param extra  `arg("name")`, `arg("name") = default`; all or none.
  template <class... P, class... E>
  ADDER_INLINE void def_new(const E&... extra) {
    static_assert(detail::Constructs<T, P...>, "adder: def_new<Args...>: the class has no such constructor");
    using Options = typename detail::OptionsOf<E...>::type;
    if constexpr (detail::constructs_from_slots<T, Options, detail::TypeList<P...>, E...>) {
      using Binding = detail::SlotConstructor<T, Options, detail::TypeList<P...>, std::index_sequence_for<P...>>;
      auto& storage = Binding::static_storage;
      constexpr detail::Shape shape = detail::ShapeOf<detail::TypeList<P...>, E...>::shape;
      if constexpr (sizeof...(E) == 0) {
        parts_.set_constructor(&storage.record, storage.parameters, &Binding::vectorcall,
                               std::bit_cast<std::uint64_t>(shape));
      } else {
        set_constructor(storage.record, storage.parameters, &Binding::vectorcall, shape, extra...);
      }
    } else {
      bind_new<detail::ConstructorMaker<T, P...>>(extra...);
    }
  }
  /// @brief Makes a function the constructor, or fields its parameters.
  ///
  /// `def_new<&make>` takes a function that returns T, `Py<T>`, `Bound<T>` (an object that exists already, perhaps), or
  /// a PyResult of them; ThisClass among its parameters is the class that was called. `def_new<&T::x, &T::y>` sets the
  /// fields of a value-initialised T.
  template <auto... Targets, class... E>
    requires(sizeof...(Targets) != 0)
  void def_new(const E&... extra) {
    bind_new<detail::MakerFrom<T, Targets...>>(extra...);
  }
  /// @}

  /// @name Methods
  /// @{

  /// @brief Makes a function a method: a member function, or one whose first parameter is the object. What it takes
  /// decides on the borrow; see class/methods.hpp.
  /// @param name   The method's Python name.
  /// @param extra  `arg("name")`, `arg("name") = default`, all or none, and a docstring.
  template <auto Target, class... E>
    requires(!detail::is_overload_set<Target>)
  ADDER_INLINE void def(const char* name, const E&... extra) {
    using Binding = detail::MethodBinding<T, Target, typename detail::OptionsOf<E...>::type>;
    constexpr detail::Shape shape = detail::ShapeOf<typename Binding::Signature::Parameters, E...>::shape;
    static_assert(!shape.module && !shape.this_class,
                  "adder: a method takes no ThisModule, which is for functions of a module, and no ThisClass, which is "
                  "for class methods");
    constexpr detail::Convention convention = detail::convention_of(shape);
    PyCFunction entry = nullptr;
    if constexpr (convention == detail::Convention::general) {
      entry = detail::as_cfunction(&Binding::general);
    } else if constexpr (convention == detail::Convention::keywords) {
      entry = detail::as_cfunction(&Binding::keywords);
    } else if constexpr (Binding::count == 0) {
      entry = &Binding::no_arguments;  // METH_NOARGS: specialised by the interpreter for methods.
    } else {
      entry = detail::as_cfunction(&Binding::positional);
    }
    auto& storage = Binding::static_storage;
    if constexpr (sizeof...(E) == 0) {
      parts_.add_method(name, &storage.record, storage.parameters, entry, std::bit_cast<std::uint64_t>(shape));
    } else {
      add(name, storage.record, storage.parameters, entry, shape, 0, extra...);
    }
  }
  /// @brief Makes functions one overloaded method: `cls.def<overload<&C::f, &C::g>>("f")`; see overload.hpp.
  template <auto Set, class... E>
    requires(detail::is_overload_set<Set>)
  void def(const char* name, const E&... extra) {
    parts_.check_method(name, detail::FunctionRecord());
    parts_.methods.push_back(detail::SetMaker<std::remove_cv_t<decltype(Set)>>::template describe<OwnMethodBinding>(
                                 name, parts_.qualifier(), "$self", extra...)
                                 .def);
  }
  /// @brief Makes a function a class method. ThisClass among its parameters is the class that it was called on.
  /// @pyo3{classmethod}
  template <auto Target, class... E>
  void def_classmethod(const char* name, const E&... extra) {
    const auto [record, parameters, entry, shape] = function<Target, E...>();
    add(name, *record, parameters, entry, shape, METH_CLASS, extra...);
  }
  /// @brief Makes a function a static method.
  /// @pyo3{staticmethod}
  template <auto Target, class... E>
  void def_staticmethod(const char* name, const E&... extra) {
    const auto [record, parameters, entry, shape] = function<Target, E...>();
    static_assert(!detail::ParameterKinds<typename detail::CallableOf<decltype(Target)>::Parameters>::has_this_class,
                  "adder: a static method does not know its class: ThisClass is for def_classmethod");
    detail::Extras<sizeof...(E)> extras;
    detail::describe_all(extras, extra...);
    parts_.describe(name, record, parameters, entry, std::bit_cast<std::uint64_t>(shape), METH_STATIC, extras.all,
                    sizeof...(E));
    parts_.statics.push_back(record);
  }
  /// @brief Makes a function the type slot behind a dunder name.
  template <detail::FixedString Dunder, auto Target>
  void def() {
    using Slot = detail::Slot<Dunder>;
    static_assert(Slot::known, "adder: unknown dunder name");
    if constexpr (Slot::known) {
      using Parameters = typename detail::MethodOf<decltype(Target)>::Parameters;
      static_assert(detail::ParameterKinds<Parameters>::count == Slot::arity,
                    "adder: the member function has the wrong number of parameters for this dunder");
      static_assert(detail::only_plain<Parameters>, "adder: a dunder cannot take Args, Kwargs or ThisModule");
      Slot::template add_to<T, Target>([this](int id, void* entry) { parts_.add_slot(id, entry); });
    }
  }
  /// @brief `__init__`: runs after construction, with the same arguments; again wherever Python calls it.
  /// @param extra  As for def.
  template <auto Target, class... E>
  void def_init(const E&... extra) {
    using Binding = detail::InitBinding<T, Target, typename detail::OptionsOf<E...>::type>;
    constexpr detail::Shape shape = detail::ShapeOf<typename Binding::Signature::Parameters, E...>::shape;
    static_assert(!shape.module && !shape.this_class, "adder: __init__ takes no ThisModule and no ThisClass");
    auto& storage = Binding::storage();
    detail::Extras<sizeof...(E)> extras;
    detail::describe_all(extras, extra...);
    parts_.describe("__init__", &storage.record, storage.parameters, nullptr, std::bit_cast<std::uint64_t>(shape), 0,
                    extras.all, sizeof...(E));
    parts_.add_slot(Py_tp_init, reinterpret_cast<void*>(&Binding::init));
  }
  /// @}

  /// @name Attributes
  /// @{

  /// @brief Makes what a function without parameters returns an attribute; or a field, of which Python gets a copy.
  /// @param name  The attribute's Python name; setter and deleter of the same name belong to it.
  /// @param doc   UTF-8, or null.
  template <auto Target>
  void getter(const char* name, const char* doc = nullptr) {
    using Binding = detail::MethodBinding<T, Target>;
    static_assert(Binding::count == 0, "adder: a getter takes no arguments");
    static_assert(detail::only_plain<typename Binding::Signature::Parameters>,
                  "adder: a getter cannot take Args, Kwargs or ThisModule");
    parts_.property(name, doc).get = &Binding::getter;
  }
  /// @brief Makes a function of one argument, or a field, what an assignment to the attribute goes to.
  template <auto Target>
  void setter(const char* name) {
    using Binding = detail::SetterBinding<T, Target>;
    static_assert(Binding::count == 1 && detail::only_plain<typename Binding::Signature::Parameters>,
                  "adder: a setter takes one argument");
    auto& record = Binding::record;
    record.is_setter = true;
    parts_.name_setter(record, name);
    parts_.property(name, nullptr).set = &Binding::set;
  }
  /// @brief Makes a function without parameters what `del` of the attribute calls.
  template <auto Target>
  void deleter(const char* name) {
    using Binding = detail::MethodBinding<T, Target>;
    static_assert(Binding::count == 0 && detail::only_plain<typename Binding::Signature::Parameters>,
                  "adder: a deleter takes no arguments");
    parts_.property(name, nullptr).del = &detail::delete_attribute<T, Target>;
  }
  /// @brief Makes a field an attribute that can be read and assigned to. For one that can only be read: getter.
  template <auto Member>
  void field(const char* name, const char* doc = nullptr) {
    static_assert(std::is_member_object_pointer_v<decltype(Member)>, "adder: field takes a pointer to a field, &T::x");
    static_assert(!detail::is_frozen<T>(), "adder: a field of a frozen class can only be read: write getter");
    getter<Member>(name, doc);
    setter<Member>(name);
  }
  /// @brief Adds an attribute of the class itself: a constant.
  /// @param name   Its Python name.
  /// @param value  Converted now.
  /// @pyo3{classattr}
  template <class V>
  void attr(const char* name, V&& value) {
    add_attribute({name, detail::non_null(detail::into_ptr_or_pending(std::forward<V>(value))), nullptr});
  }
  /// @brief The same with a value that @p Make returns once the type exists: an instance of the class, for example.
  /// @tparam Make  A function or captureless lambda that takes Python.
  template <auto Make>
  void attr(const char* name) {
    add_attribute({name, nullptr, [] { return detail::into_ptr_or_pending(Make(detail::token())); }});
  }
  /// @}

  /// @brief Fills a slot of the type with a C function, for what adder has no words for. The function gets no help: no
  /// borrow, no translation of exceptions.
  /// @param id        `Py_tp_...`, `Py_nb_...` of CPython.
  /// @param function  Of the slot's type, cast.
  /// @throws PyErr  SystemError where the slot is filled already.
  void slot(int id, void* function) { parts_.add_slot(id, function); }

  /// Not for users.
  explicit ClassBuilder(detail::ClassParts& parts) noexcept : parts_(parts) {}

 private:
  template <auto Target, class Options, class Set>
  using OwnMethodBinding = detail::MethodBinding<T, Target, Options, Set>;

  template <class... E>
  ADDER_INLINE void add(const char* name, detail::FunctionRecord& record, detail::Parameter* parameters,
                        PyCFunction entry, detail::Shape shape, int flags, const E&... extra) {
    detail::Extras<sizeof...(E)> extras;
    detail::describe_all(extras, extra...);
    parts_.add_method(name, &record, parameters, entry, std::bit_cast<std::uint64_t>(shape), flags, extras.all,
                      sizeof...(E));
  }
  struct Function {
    detail::FunctionRecord* record;
    detail::Parameter* parameters;
    PyCFunction entry;
    detail::Shape shape;
  };
  /// A function that has no instance for a receiver.
  template <auto Target, class... E>
  static Function function() {
    using Binding = detail::FunctionBinding<Target, typename detail::OptionsOf<E...>::type, T>;
    constexpr detail::Shape shape = detail::ShapeOf<typename Binding::Signature::Parameters, E...>::shape;
    static_assert(!shape.module, "adder: only functions of a module can take ThisModule");
    constexpr detail::Convention convention = detail::convention_of(shape);
    Function result{&Binding::storage().record, Binding::storage().parameters, nullptr, shape};
    if constexpr (convention == detail::Convention::general) {
      result.entry = detail::as_cfunction(&Binding::general);
    } else if constexpr (convention == detail::Convention::keywords) {
      result.entry = detail::as_cfunction(&Binding::keywords);
    } else {
      result.entry = detail::as_cfunction(&Binding::positional);
    }
    return result;
  }
  template <class Maker, class... E>
  ADDER_INLINE void bind_new(const E&... extra) {
    using Options = typename detail::OptionsOf<E...>::type;
    using Binding = detail::ConstructorBinding<T, Options, Maker>;
    constexpr detail::Shape shape = detail::ShapeOf<typename Maker::Parameters, E...>::shape;
    static_assert(!shape.module, "adder: only functions of a module can take ThisModule");
    static_assert(!Options::release_gil, "adder: a constructor is not run without the GIL: release it inside");
    constexpr bool exact = detail::convention_of(shape) != detail::Convention::general;
    if constexpr (detail::has_native_root<T>) parts_.construct_new = &Binding::tp_new;
    auto& storage = Binding::static_storage;
    set_constructor(storage.record, storage.parameters, &Binding::template vectorcall<exact>, shape, extra...);
  }
  template <class... E>
  ADDER_INLINE void set_constructor(detail::FunctionRecord& record, detail::Parameter* parameters, vectorcallfunc call,
                                    detail::Shape shape, const E&... extra) {
    const auto bits = std::bit_cast<std::uint64_t>(shape);
    if constexpr (sizeof...(E) == 0) {
      parts_.set_constructor(&record, parameters, call, bits);
    } else {
      detail::Extras<sizeof...(E)> extras;
      detail::describe_all(extras, extra...);
      parts_.set_constructor(&record, parameters, call, bits, extras.all, sizeof...(E));
    }
  }
  void add_attribute(detail::ClassAttribute attribute) {
    try {
      parts_.check_method(attribute.name, detail::FunctionRecord());
      parts_.attributes.push_back(attribute);
    } catch (...) {
      Py_XDECREF(attribute.value);
      throw;
    }
  }

  detail::ClassParts& parts_;
};

namespace detail {

ADDER_COLD inline PyMethodDef& ClassParts::describe(const char* function_name, FunctionRecord* record,
                                                    Parameter* parameters, PyCFunction entry, std::uint64_t shape_bits,
                                                    int flags, const Extra* extras, std::size_t extra_count) {
  const auto function_shape = std::bit_cast<Shape>(shape_bits);
  if (entry != nullptr) check_method(function_name, *record);
  // New parameters where `define` runs again and the static ones may be in use.
  if (record->name != nullptr) parameters = new Parameter[function_shape.count + 1U];
  const Convention convention = convention_of(function_shape);
  const bool is_static = (flags & METH_STATIC) != 0, is_class = (flags & METH_CLASS) != 0;
  int call_flags = flags_of(convention);
  if (!is_static && !is_class && convention == Convention::positional && function_shape.count == 0) {
    call_flags = METH_NOARGS;
  }
  record->is_method = !is_static;
  const std::string own_qualifier = qualifier();
  fill_record(*record, function_shape, entry, call_flags | (flags & METH_CLASS), parameters,
              {function_name, own_qualifier,
               is_static  ? nullptr
               : is_class ? "$type"
                          : "$self",
               extras, extra_count});
  return record->def;
}

ADDER_COLD inline void ClassParts::set_constructor(FunctionRecord* record, Parameter* parameters, vectorcallfunc call,
                                                   std::uint64_t shape_bits, const Extra* extras,
                                                   std::size_t extra_count) {
  if (construct != nullptr) throw PySystemError::new_err(std::string(name) + ": def_new was called twice");
  const auto function_shape = std::bit_cast<Shape>(shape_bits);
  if (record->name != nullptr) parameters = new Parameter[function_shape.count + 1U];
  record->is_method = true;
  fill_record(*record, function_shape, nullptr, 0, parameters, {name, "", nullptr, extras, extra_count});
  construct = call;
  constructor = record;
}

ADDER_COLD inline void ClassParts::add_slot(int id, void* function) {
  bool taken = id == Py_tp_dealloc || id == Py_tp_new || id == Py_tp_methods || id == Py_tp_getset || id == Py_tp_doc ||
               id == Py_tp_members || id == Py_tp_traverse || id == Py_tp_clear || id == Py_tp_alloc ||
               id == Py_tp_free || id == Py_tp_base || id == Py_tp_bases || id == Py_tp_finalize || id == Py_tp_del;
  for (std::size_t i = 0; i < slots.size(); ++i) taken = taken || slots.data()[i].slot == id;
  if (taken) {
    throw PySystemError::new_err(std::string(name) + ": the type slot " + std::to_string(id) +
                                 " is filled already, or adder's own");
  }
  if (id == Py_tp_init) has_init = true;
  slots.push_back({id, function});
}

ADDER_COLD inline void ClassParts::refuse_name(const char* function_name) const {
  throw PySystemError::new_err(qualifier() + function_name + ": there is something of that name already");
}
ADDER_COLD inline void ClassParts::check_name(std::string_view text) const {
  for (std::size_t i = 0; i < methods.size(); ++i) {
    if (text == methods.data()[i].ml_name) refuse_name(methods.data()[i].ml_name);
  }
  for (std::size_t i = 0; i < statics.size(); ++i) {
    if (text == statics.data()[i]->def.ml_name) refuse_name(statics.data()[i]->def.ml_name);
  }
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    if (text == attributes.data()[i].name) refuse_name(attributes.data()[i].name);
  }
}
ADDER_COLD inline void ClassParts::check_method(const char* function_name, const FunctionRecord& record) const {
  const std::string_view text = function_name;
  if (text == "__new__" || text == "__init__" || text == "__del__") {
    throw PySystemError::new_err(qualifier() + function_name +
                                 " is not a method like others: write def_new, def_init, or PyClass<T>::finalize");
  }
  if (has_type_slot(function_name)) {
    throw PySystemError::new_err(qualifier() + function_name +
                                 " belongs into a type slot, which a method of that name would not fill: write def<\"" +
                                 function_name + "\", ...>()");
  }
  check_name(function_name);
  for (std::size_t i = 0; i < properties.size(); ++i) {
    if (text == properties.data()[i].name) refuse_name(function_name);
  }
  if (record.name != nullptr && record.name != qualifier() + function_name) {
    throw PySystemError::new_err(qualifier() + function_name + " is bound already, as " + record.name +
                                 ": bind the second name to a member function of its own");
  }
}

ADDER_COLD inline void ClassParts::name_setter(FunctionRecord& record, const char* property_name) const {
  const char* text = property_text(property_name);
  if (record.name != nullptr && std::string_view(record.name) != text) {
    throw PySystemError::new_err(std::string(text) + ": its setter is bound already, as that of " + record.name);
  }
  record.name = text;
}

ADDER_COLD inline Property& ClassParts::property(const char* property_name, const char* doc) {
  for (std::size_t i = 0; i < properties.size(); ++i) {
    Property& found = properties.data()[i];
    if (std::string_view(found.name) != property_name) continue;
    if (doc != nullptr) found.doc = keep_text(doc);
    return found;
  }
  check_name(property_name);
  properties.push_back(
      {keep_text(property_name), doc == nullptr ? nullptr : keep_text(doc), nullptr, nullptr, nullptr});
  return properties.data()[properties.size() - 1];
}

/// Python's PyMemberDef, which up to 3.11 stands in a header full of macros with short names.
struct MemberDef {
  const char* name;
  int type;
  Py_ssize_t offset;
  int flags;
  const char* doc;
};

/// tp_init of classes with a built-in root whose constructor has done it all.
inline int ignore_init(::PyObject*, ::PyObject*, ::PyObject*) noexcept { return 0; }

/// `__reduce_ex__` of classes that derive from a container. CPython itself refuses to copy objects with a C part by
/// their items and __dict__ alone, but for subclasses of its own containers; the C++ value would be lost without a
/// word.
inline ::PyObject* refuse_to_reduce(::PyObject* self, ::PyObject*) noexcept {
  ::PyObject* own = PyObject_GetAttrString(reinterpret_cast<::PyObject*>(Py_TYPE(self)), "__reduce__");
  ::PyObject* usual = PyObject_GetAttrString(reinterpret_cast<::PyObject*>(&PyBaseObject_Type), "__reduce__");
  ::PyObject* result = nullptr;
  if (own != nullptr && usual != nullptr) {
    if (own != usual) {
      result = guard_unwind([&] { return PyObject_CallOneArg(own, self); });
    } else {
      PyErr_Format(PyExc_TypeError, "cannot pickle '%s' object: it holds a C++ value", Py_TYPE(self)->tp_name);
    }
  }
  Py_XDECREF(own);
  Py_XDECREF(usual);
  return result;
}

ADDER_COLD inline ::PyTypeObject* ClassParts::make_type(::PyObject* module, const char* doc, Py_ssize_t size) {
  if (shape.check != nullptr) shape.check();
  ::PyTypeObject* base = shape.base == nullptr ? nullptr : shape.base();
  ::PyTypeObject* root = shape.root == nullptr ? nullptr : shape.root();
  Py_ssize_t behind = 0;  // Where adder's part begins.
  if (root != nullptr) {
    // Not classes made by Python code either: their deallocator is for Python's own subclasses.
    if (root->tp_itemsize != 0 || root->tp_new == nullptr || (root->tp_flags & Py_TPFLAGS_BASETYPE) == 0 ||
        (root->tp_flags & Py_TPFLAGS_HEAPTYPE) != 0) {
      throw PyTypeError::new_err(std::string(name) + ": '" + root->tp_name + "' cannot be the base of a pyclass");
    }
    behind = static_cast<Py_ssize_t>(align_up(static_cast<std::size_t>(root->tp_basicsize), allocator_alignment));
    *shape.native_size = behind;
  }
  // Python's own numbers for a member of type Py_ssize_t that can only be read.
  constexpr int of_ssize_t = 19, read_only = 1;
  MemberDef members[3] = {};
  std::size_t member_count = 0;
  const bool own_dict = shape.dict_at != 0 && (root == nullptr || root->tp_dictoffset == 0);
  if (own_dict) {
    members[member_count++] = {"__dictoffset__", of_ssize_t, behind + shape.dict_at, read_only, nullptr};
  }
  if (shape.weaklist_at != 0) {
    members[member_count++] = {"__weaklistoffset__", of_ssize_t, behind + shape.weaklist_at, read_only, nullptr};
  }
  if (member_count != 0) slots.push_back({Py_tp_members, members});
  if (shape.generic) {
    methods.push_back({"__class_getitem__", &Py_GenericAlias, METH_O | METH_CLASS, nullptr});
  }
  if (root != nullptr && !PyType_FastSubclass(root, Py_TPFLAGS_BASE_EXC_SUBCLASS)) {
    methods.push_back({"__reduce_ex__", &refuse_to_reduce, METH_O, nullptr});
  }
  methods.push_back({nullptr, nullptr, 0, nullptr});
  PlainArray<PyGetSetDef> getset;
  if (own_dict) {
    getset.push_back({"__dict__", &PyObject_GenericGetDict, &PyObject_GenericSetDict, nullptr, nullptr});
  }
  for (std::size_t i = 0; i < properties.size(); ++i) {
    const Property& property = properties.data()[i];
    PyGetSetDef def{property.name, property.get, property.set, property.doc, nullptr};
    if (property.del != nullptr) {
      def.set = &set_or_delete;
      def.closure = new Accessors{property.set, property.del, property_text(property.name)};
    }
    getset.push_back(def);
  }
  getset.push_back({nullptr, nullptr, nullptr, nullptr, nullptr});

  unsigned flags = Py_TPFLAGS_DEFAULT;
  // A class whose base can be changed can be changed itself.
  const bool base_is_mutable = base != nullptr && root != base && !PyType_HasFeature(base, Py_TPFLAGS_IMMUTABLETYPE);
  if (!shape.is_mutable && !base_is_mutable) flags |= Py_TPFLAGS_IMMUTABLETYPE;
  if (shape.subclass) flags |= Py_TPFLAGS_BASETYPE;
  if (shape.traverse != nullptr) {
    flags |= Py_TPFLAGS_HAVE_GC;
    slots.push_back({Py_tp_traverse, reinterpret_cast<void*>(shape.traverse)});
    slots.push_back({Py_tp_clear, reinterpret_cast<void*>(shape.clear)});
  }
  if (shape.finalize != nullptr) slots.push_back({Py_tp_finalize, reinterpret_cast<void*>(shape.finalize)});
  if (construct == nullptr) {
    flags |= Py_TPFLAGS_DISALLOW_INSTANTIATION;
  } else {
    newfunc entry = construct_new == nullptr ? &construct_by_vectorcall : construct_new;
    slots.push_back({Py_tp_new, reinterpret_cast<void*>(entry)});
    if (root != nullptr && !has_init && !constructor->shape.var_args) {
      slots.push_back({Py_tp_init, reinterpret_cast<void*>(&ignore_init)});
    }
  }
  const std::string text = std::string(constructor == nullptr ? "" : constructor->def.ml_doc).append(doc);
  slots.push_back({Py_tp_dealloc, reinterpret_cast<void*>(shape.dealloc)});
  slots.push_back({Py_tp_methods, methods.keep()});
  slots.push_back({Py_tp_getset, getset.keep()});
  slots.push_back({Py_tp_doc, const_cast<char*>(text.c_str())});
  slots.push_back({0, nullptr});

  const char* module_name = shape.module;
  if (module_name == nullptr) module_name = module == nullptr ? "builtins" : PyModule_GetName(module);
  if (module_name == nullptr) throw_fetched();
  PyType_Spec spec{keep_text(std::string(module_name) + "." + name), static_cast<int>(behind + size), 0, flags,
                   slots.data()};
  return reinterpret_cast<::PyTypeObject*>(non_null(
      guard_unwind([&] { return PyType_FromModuleAndSpec(module, &spec, reinterpret_cast<::PyObject*>(base)); })));
}

ADDER_COLD inline void ClassParts::finish_type(::PyTypeObject* type, ::PyObject* module) {
  // Only type.__call__ knows of an __init__, and only tp_new of the root's part.
  const bool is_fixed = PyType_HasFeature(type, Py_TPFLAGS_IMMUTABLETYPE) && type->tp_init == PyBaseObject_Type.tp_init;
  if (construct != nullptr && construct_new == nullptr && is_fixed) {
    type->tp_vectorcall = construct;
  } else if (construct != nullptr && construct_new == nullptr) {
    auto* entry = new CalledClass{type, construct, called_classes.load(Order::acquire)};
    Py_INCREF(reinterpret_cast<::PyObject*>(type));
    // ORDER: acq_rel: classes may be made by several threads.
    while (!called_classes.compare_exchange(entry->next, entry, Order::acq_rel)) {
    }
  }
  ::PyObject* dict = type->tp_dict;
  for (std::size_t i = 0; i < statics.size(); ++i) {
    // Plain functions instead of staticmethod objects: they are no descriptors, so that nothing is passed to them, and
    // the interpreter specialises calls of them.
    PyMethodDef& def = statics.data()[i]->def;
    const Bound<PyAny> module_name =
        module == nullptr ? borrow(Py_None) : steal(non_null(PyModule_GetNameObject(module)));
    const Bound<PyAny> function =
        steal(non_null(PyCFunction_NewEx(&def, reinterpret_cast<::PyObject*>(type), module_name.as_ptr())));
    non_negative(PyDict_SetItemString(dict, def.ml_name, function.as_ptr()));
  }
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    const ClassAttribute& attribute = attributes.data()[i];
    if (attribute.value != nullptr) non_negative(PyDict_SetItemString(dict, attribute.name, attribute.value));
  }
  PyType_Modified(type);
}

ADDER_COLD inline void ClassParts::add_late_attributes(::PyTypeObject* type) {
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    const ClassAttribute& attribute = attributes.data()[i];
    if (attribute.late == nullptr) continue;
    const Bound<PyAny> value = steal(non_null(attribute.late()));
    non_negative(PyDict_SetItemString(type->tp_dict, attribute.name, value.as_ptr()));
    PyType_Modified(type);
  }
}

/// The module whose body runs in this thread: the one that a class belongs to whose type is made meanwhile.
ADDER_HIDDEN inline constinit thread_local ::PyObject* module_under_construction = nullptr;

/// The classes whose `define` runs in this thread.
struct ClassBeingMade {
  const void* place;
  ClassBeingMade* outer;
};
ADDER_HIDDEN inline constinit thread_local ClassBeingMade* innermost_class_being_made = nullptr;

/// Makes the type of a class, at its first use; it is kept for good.
/// @param place  Where it is kept.
ADDER_COLD inline ::PyTypeObject* make_class(const char* name, const char* doc, void (*define)(ClassParts&), int size,
                                             Atomic<::PyTypeObject*>& place, const ClassShape& shape) {
  // `define` may need other classes' types, but not its own.
  ClassBeingMade making{&place, innermost_class_being_made};
  for (const ClassBeingMade* made = making.outer; made != nullptr; made = made->outer) {
    if (made->place != &place) continue;
    throw PySystemError::new_err(std::string(name) +
                                 ": define() needs the very type that it is making, for a default perhaps");
  }
  struct Scope {
    explicit Scope(ClassBeingMade& entry) { innermost_class_being_made = &entry; }
    ~Scope() { innermost_class_being_made = innermost_class_being_made->outer; }
  };
  ClassParts parts(name, shape);
  ::PyObject* module = module_under_construction;
  ::PyTypeObject* made = nullptr;
  {
    const Scope scope(making);
    define(parts);
    made = parts.make_type(module, doc, size);
  }
  const Bound<PyAny> owner = steal(reinterpret_cast<::PyObject*>(made));
  parts.finish_type(made, module);
  ::PyTypeObject* expected = nullptr;
  // ORDER: acq_rel: `define` may let go of the GIL, so two threads may get here; the first type is kept.
  if (!place.compare_exchange(expected, made, Order::acq_rel)) return expected;
  Py_INCREF(owner.as_ptr());  // For good, whatever comes: other threads may have found it.
  try {
    parts.add_late_attributes(made);
  } catch (...) {
    place.store(nullptr, Order::release);
    throw;
  }
  return made;
}

template <class T>
ADDER_HIDDEN void define_class(ClassParts& parts) {
  ClassBuilder<T> builder(parts);
  PyClass<T>::define(builder);
}

/// The type of T, made at its first use.
template <class T>
ADDER_HIDDEN ADDER_COLD ::PyTypeObject* make_class_type() {
  static_assert(check_class<T>());
  const char* doc = "";
  if constexpr (requires { PyClass<T>::doc; }) doc = PyClass<T>::doc;
  constexpr bool simple = is_plain<T> && !HasBase<T> && std::is_trivially_destructible_v<T> && !is_unsendable<T>() &&
                          !requires { PyClass<T>::module; } && !requires { PyClass<T>::immutable; } &&
                          !requires { PyClass<T>::generic; };
  return make_class(PyClass<T>::name, doc, &define_class<T>, static_cast<int>(Layout<T>::size), class_type<T>,
                    []() -> const ClassShape& {
                      if constexpr (simple) {
                        return plain_class;
                      } else {
                        return class_shape<T>;
                      }
                    }());
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
    if (Py_IS_TYPE(object, type)) [[likely]]
      return true;
    return detail::is_subclassable<T>() && PyType_IsSubtype(Py_TYPE(object), type) != 0;
  }
  static bool is_exact_type_of(::PyObject* object) { return Py_IS_TYPE(object, type_object()); }
};
/// The reference documents' `downcast<PyCell<T>>`.
template <class T>
struct PyTypeInfo<PyCell<T>> : PyTypeInfo<T> {};

template <class T>
template <class... A>
Bound<T> Bound<T>::new_(Python, A&&... args) {
  static_assert(IsPyClass<T>, "adder: new_ makes objects of pyclasses; other types have constructors of their own");
  static_assert(detail::Constructs<T, A...>,
                "adder: new_: the C++ class has no constructor that takes these arguments");
  return detail::steal<T>(detail::non_null(detail::construct_object<T>(
      PyTypeInfo<T>::type_object(), [&](void* at) { detail::construct_value<T>(at, std::forward<A>(args)...); })));
}

template <IsPyClass T>
struct IntoPyObject<T> {
  template <class V>
  static PyResult<Bound<PyAny>> into_py(Python py, V&& value) {
    try {
      return Bound<T>::new_(py, std::forward<V>(value)).into_any();
    } catch (const PyErr& error) {
      return error;
    } catch (...) {
      detail::translate_current_exception();
      return PyErr::fetch(py);
    }
  }
};

}  // namespace adder::inline ADDER_ABI
