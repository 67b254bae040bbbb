// SPDX-License-Identifier: MIT
/// @file
/// @brief `ClassBuilder<T>`: what the `define` of a `PyClass<T>` is given, to say what Python sees of the class.
#pragma once
#include "adder/class/detail/class_claim.hpp"
#if ADDER_STUBS
#include "adder/typing/class_notes.hpp"
#endif

#include <cstdint>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {
template <int Id>
struct SlotFunction;  // slot_guard.hpp
template <class E>
struct EnumClass;  // enum.hpp
template <class T, auto ToState, auto FromState>
struct Pickled;  // pickle.hpp, which defines the next as well:
template <class T>
struct HasPickleHeader;
template <class T>
struct SharedClassOf;  // shared_from.hpp
/// Whether the module whose body runs is the one of that name.
ADDER_COLD_CALL bool is_under_construction(const char* module);
template <class T, auto Target>
struct StaticAccessor;  // static_property.hpp
template <class T, auto Target>
struct PartAccessor;  // part.hpp
template <class T, auto Memory, auto... Shape>
struct ClassMemory;  // adder/array/class_buffer.hpp
template <class P, class T>
concept PieceOf = requires(const P& piece, ClassBuilder<T>& cls) { piece.define(cls); };
}  // namespace detail

/// @brief Collects what a class offers to Python; handed to `PyClass<T>::define`.
template <class T>
class ClassBuilder : public detail::ClassNamesElsewhere {
  static_assert(std::is_class_v<T>,
                "adder: a pyclass is a class: put the union into a struct; of an enum specialise "
                "adder::PyEnum, of \"adder/class/enum.hpp\"");
  static_assert(
      requires { sizeof(T); },
      "adder: a pyclass is a complete class: include the header that defines it, above PyClass<T>");

 public:
  /// @name Construction
  /// Python calls the class; a class without any cannot be called. The value is built before Python sees the object.
  /// @{

  /// @brief Makes `T(P...)` the class's constructor. `Python` among P is filled in.
  ///
  /// A `std::string_view` or `std::span<const std::byte>` among P is lent for the call: a constructor that keeps what
  /// it was given copies it, or takes `std::string`, `std::vector` or `PyBackedStr`. In checked builds a view that was
  /// kept shows bytes of 0xDD, and sanitizers report its use. The same holds for setters.
  /// @param extra  `arg("name")`, `arg("name") = default`; all or none.
  template <class... P, class... E>
  ADDER_INLINE void def_new(const E&... extra) {
    if constexpr (detail::has_overridable<T>) static_assert(detail::check_overridable<T>());
    static_assert(detail::Constructs<typename detail::OverridableOf<T>::type, P...>,
                  "adder: def_new<Args...>: the class has no such constructor");
    ADDER_NOTE(detail::note_constructor<T, detail::TypeList<P...>>(extra...));
    using Options = typename detail::OptionsOf<E...>::type;
    if constexpr (detail::constructs_from_slots<T, Options, detail::TypeList<P...>, E...>) {
      using Binding = detail::SlotConstructor<T, Options, detail::TypeList<P...>, std::index_sequence_for<P...>>;
      auto& storage = Binding::static_storage;
      constexpr detail::Shape shape = detail::ShapeOf<detail::TypeList<P...>, E...>::shape;
      if constexpr (sizeof...(E) == 0) {
        parts_.set_constructor(&storage.record, storage.parameters, &Binding::vectorcall,
                               __builtin_bit_cast(std::uint64_t, shape));
      } else {
        set_constructor<detail::TypeList<P...>>(storage.record, storage.parameters, &Binding::vectorcall, shape,
                                                extra...);
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
    requires(sizeof...(Targets) != 0 && !(detail::is_overload_set<Targets> || ...))
  void def_new(const E&... extra) {  // overloaded? static_cast<T (*)(int)>(&T::make)
    ADDER_NOTE(detail::note_constructor<T, typename detail::MakerFrom<T, Targets...>::Parameters>(extra...));
    bind_new<detail::MakerFrom<T, Targets...>>(extra...);
  }
  /// @brief Makes several constructors and factories the constructor: the one that the arguments fit best is called.
  /// `def_new<overload<constructor<int>, constructor<std::string>, &make>>()`; see overload.hpp.
  template <auto Set, class... E>
    requires(detail::is_overload_set<Set>)
  void def_new(const E&... extra) {
    static_assert(!detail::has_native_root<T>,
                  "adder: a class that derives from a built-in type has one constructor, which takes Args where it "
                  "needs to tell several apart");
    using Maker = detail::SetMaker<std::remove_cv_t<decltype(Set)>>;
    using Whole = typename Maker::template Whole<OwnConstructor, E...>;
    ADDER_NOTE(detail::note_method_set<T, Whole, detail::ResultOfConstructor>("new", "__new__", extra...));
    parts_.set_constructor(Maker::template describe<OwnConstructor>(PyClass<T>::name, "", nullptr, extra...),
                           &detail::SetInSlot<Whole>::vectorcall);
  }
  /// @}

  /// @name Methods
  /// @{

  /// @brief Makes a function a method: a member function, or one whose first parameter is the object. What it takes
  /// decides on the borrow; see class/detail/receiver.hpp.
  /// @param name   The method's Python name.
  /// @param extra  `arg("name")`, `arg("name") = default`, all or none, and a docstring.
  template <auto Target, class... E>
    requires(!detail::is_overload_set<Target>)
  // No code of ours runs where the template argument does not fit. But compilers show the line that did not.
  ADDER_INLINE void def(const char* name, const E&... extra) {  // overloaded? static_cast<int (T::*)(int)>(&T::f)
    using Binding = detail::MethodBinding<T, Target, typename detail::OptionsOf<E...>::type>;
    constexpr detail::Shape shape = detail::ShapeOf<typename Binding::Signature::Parameters, E...>::shape;
    static_assert(!shape.module && !shape.this_class,
                  "adder: a method takes no ThisModule, which is for functions of a module, and no ThisClass, which is "
                  "for class methods");
    ADDER_NOTE(detail::note_method<T, Binding>("method", name, extra...));
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
      parts_.add_method(name, &storage.record, storage.parameters, entry, __builtin_bit_cast(std::uint64_t, shape));
    } else {
      add_method<typename Binding::Signature::Parameters>(name, storage.record, storage.parameters, entry,
                                                          __builtin_bit_cast(std::uint64_t, shape), 0, extra...);
    }
  }
  /// @brief Makes functions one overloaded method: `cls.def<overload<&C::f, &C::g>>("f")`; see overload.hpp.
  template <auto Set, class... E>
    requires(detail::is_overload_set<Set>)
  void def(const char* name, const E&... extra) {
    add_set<Set, OwnMethodBinding>(name, "$self", 0, extra...);
    ADDER_NOTE(detail::note_method_set<T, WholeOf<Set, OwnMethodBinding, E...>>("method", name, extra...));
  }
  template <class F, class... E>
  void def(const char*, F&&, const E&...) {
    (void)detail::NotATemplateArgument<F>{};
  }
  /// @brief Makes a function a class method. ThisClass among its parameters is the class that it was called on.
  /// @pyo3{classmethod}
  template <auto Target, class... E>
    requires(!detail::is_overload_set<Target>)
  void def_classmethod(const char* name, const E&... extra) {  // overloaded? static_cast<int (*)(int)>(&T::f)
    ADDER_NOTE(
        detail::note_method<T, OwnFunctionBinding<Target, detail::CallOptions<>, void>>("classmethod", name, extra...));
    const auto [record, parameters, entry, shape_bits] = detail::function_parts<Target, T, E...>();
    add_method<typename detail::CallableOf<decltype(Target)>::Parameters>(name, *record, parameters, entry, shape_bits,
                                                                          METH_CLASS, extra...);
  }
  /// @brief Makes functions one overloaded class method.
  template <auto Set, class... E>
    requires(detail::is_overload_set<Set>)
  void def_classmethod(const char* name, const E&... extra) {
    add_set<Set, OwnFunctionBinding>(name, "$type", METH_CLASS, extra...);
    ADDER_NOTE(detail::note_method_set<T, WholeOf<Set, OwnFunctionBinding, E...>>("classmethod", name, extra...));
  }
  /// @brief Makes a function a static method.
  /// @pyo3{staticmethod}
  template <auto Target, class... E>
    requires(!detail::is_overload_set<Target>)
  void def_staticmethod(const char* name, const E&... extra) {  // overloaded? static_cast<int (*)(int)>(&T::f)
    ADDER_NOTE(detail::note_method<T, OwnFunctionBinding<Target, detail::CallOptions<>, void>>("staticmethod", name,
                                                                                               extra...));
    const auto [record, parameters, entry, shape_bits] = detail::function_parts<Target, T, E...>();
    using Parameters = typename detail::CallableOf<decltype(Target)>::Parameters;
    static_assert(!detail::ParameterKinds<Parameters>::has_this_class,
                  "adder: a static method does not know its class: ThisClass is for def_classmethod");
    detail::Extras<sizeof...(E)> extras;
    detail::describe_all(extras, extra...);
    if constexpr (detail::any_default<E...>) detail::DefaultsOf<Parameters, E...>::enter(extras.all);
    parts_.describe(name, record, parameters, entry, shape_bits, METH_STATIC, extras.all, sizeof...(E));
    parts_.statics.push_back(record);
  }
  /// @brief Makes functions one overloaded static method.
  template <auto Set, class... E>
    requires(detail::is_overload_set<Set>)
  void def_staticmethod(const char* name, const E&... extra) {
    ADDER_NOTE(detail::note_method_set<T, WholeOf<Set, OwnFunctionBinding, E...>>("staticmethod", name, extra...));
    parts_.check_method(name, detail::FunctionRecord());
    parts_.statics.push_back(&detail::SetMaker<std::remove_cv_t<decltype(Set)>>::template describe<OwnFunctionBinding>(
        name, parts_.qualifier(), nullptr, extra...));
  }
  /// @brief Makes a function, or an overload set, the type slot behind a dunder name: `cls.def<"__add__", &T::plus>()`.
  /// All but `__repr__`, `__str__`, `__len__` and `__bool__` need `adder/class/protocols.hpp`, which says what each
  /// takes.
  template <detail::FixedString Dunder, auto Target, class... E>
  void def(const E&... extra) {  // overloaded? static_cast<int (T::*)(int)>(&T::f)
    using Slot = typename detail::Slot<Dunder>::type;
    if constexpr (std::is_same_v<Slot, void>) {
      (void)detail::UnknownDunder<Dunder>{};
    } else {
      ADDER_NOTE(detail::note_dunder<T, Slot, Dunder, Target, OwnMethodBinding>(extra...));
      Slot::template bind<T, Target>(*this, parts_, Dunder.text, extra...);
    }
  }
  /// @brief `__init__`: runs after construction, with the same arguments; again wherever Python calls it.
  /// @param extra  As for def.
  template <auto Target, class... E>
    requires(!detail::is_overload_set<Target>)
  void def_init(const E&... extra) {  // overloaded? static_cast<int (T::*)(int)>(&T::f)
    using Binding = detail::InitBinding<T, Target, typename detail::OptionsOf<E...>::type>;
    constexpr detail::Shape shape = detail::ShapeOf<typename Binding::Signature::Parameters, E...>::shape;
    static_assert(!shape.module && !shape.this_class, "adder: __init__ takes no ThisModule and no ThisClass");
    ADDER_NOTE(detail::note_init<T, typename Binding::Signature::Parameters>(extra...));
    auto& storage = Binding::storage();
    detail::Extras<sizeof...(E)> extras;
    detail::describe_all(extras, extra...);
    if constexpr (detail::any_default<E...>)
      detail::DefaultsOf<typename Binding::Signature::Parameters, E...>::enter(extras.all);
    parts_.describe("__init__", &storage.record, storage.parameters, nullptr, __builtin_bit_cast(std::uint64_t, shape),
                    0, extras.all, sizeof...(E));
    parts_.add_slot(Py_tp_init, reinterpret_cast<void*>(&Binding::init));
  }
  /// @brief The same with several functions, of which the one that the arguments fit best is called.
  template <auto Set, class... E>
    requires(detail::is_overload_set<Set>)
  void def_init(const E&... extra) {
    using Maker = detail::SetMaker<std::remove_cv_t<decltype(Set)>>;
    (void)Maker::template describe<OwnMethodBinding>("__init__", parts_.qualifier(), "$self", extra...);
    using Whole = typename Maker::template Whole<OwnMethodBinding, E...>;
    ADDER_NOTE(detail::note_method_set<T, Whole, detail::NoResult>("init", "__init__", extra...));
    parts_.add_slot(Py_tp_init, reinterpret_cast<void*>(&detail::SetInSlot<Whole>::init));
  }
  /// @brief Makes objects picklable and copyable by what @p ToState returns and @p FromState makes objects of. Needs
  /// `adder/class/pickle.hpp`.
  /// @tparam ToState    A method without parameters: `S f(const T&)`, `S T::f() const`.
  /// @tparam FromState  `T f(S)`.
  template <auto ToState, auto FromState>
  void def_pickle() {
    if constexpr (!requires { sizeof(detail::HasPickleHeader<T>); }) {
      static_assert(detail::always_false<T>, "adder: def_pickle needs its header: #include <adder/class/pickle.hpp>");
    } else {
      detail::Pickled<T, ToState, FromState>::add_to(parts_);
    }
  }
  /// @}

  /// @name Attributes
  /// @{

  /// @brief Makes what a function without parameters returns an attribute; or a field, of which Python gets a copy.
  /// @param name  The attribute's Python name; setter and deleter of the same name belong to it.
  /// @param doc   UTF-8, or null.
  template <auto Target>
  void getter(const char* name, const char* doc = nullptr) {  // overloaded? static_cast<int (T::*)() const>(&T::f)
    add_getter<detail::MethodBinding<T, Target>>(name, doc);
  }
  /// @brief The same for a function that runs without the GIL. (A setter that has to wait takes `Python`, and
  /// detaches.)
  template <auto Target>
  void getter(const char* name, detail::ReleaseGil, const char* doc = nullptr) {
    static_assert(!std::is_member_object_pointer_v<decltype(Target)>, "adder: to read a field needs no release_gil");
    add_getter<detail::MethodBinding<T, Target, typename detail::OptionsOf<detail::ReleaseGil>::type>>(name, doc);
  }
  /// @brief Makes a function of one argument, or a field, what an assignment to the attribute goes to.
  template <auto Target>
    requires(!detail::is_overload_set<Target>)
  void setter(const char* name) {  // overloaded? static_cast<void (T::*)(int)>(&T::f)
    using Binding = detail::SetterBinding<T, Target>;
    static_assert(Binding::count == 1 && detail::only_plain<typename Binding::Signature::Parameters>,
                  "adder: a setter takes one argument");
    ADDER_NOTE(detail::note_setter<T, Binding>("setter", name));
    parts_.name_setter(Binding::record, name);
    parts_.property(name, nullptr).set = &Binding::set;
  }
  /// @brief The same with several functions, of which the one that the value fits best is called.
  template <auto Set, class... E>
    requires(detail::is_overload_set<Set>)
  void setter(const char* name, const E&... signatures) {
    using Maker = detail::SetMaker<std::remove_cv_t<decltype(Set)>>;
    (void)Maker::template describe<OwnMethodBinding>(name, parts_.qualifier(), "$self", signatures...);
    using Whole = typename Maker::template Whole<OwnMethodBinding, E...>;
    static_assert(Whole::takes_one, "adder: a setter takes one argument");
    ADDER_NOTE(detail::note_attribute<T>("setter", name, &detail::SetterOfSet<T, Whole>::text));
    parts_.property(name, nullptr).set = &detail::SetInSlot<Whole>::set;
  }
  /// @brief Makes a function without parameters what `del` of the attribute calls.
  template <auto Target>
  void deleter(const char* name) {
    using Binding = detail::MethodBinding<T, Target>;
    static_assert(Binding::count == 0 && detail::only_plain<typename Binding::Signature::Parameters>,
                  "adder: a deleter takes no arguments");
    ADDER_NOTE(detail::note_attribute<T>("deleter", name, nullptr));
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
  /// @brief Makes a field an attribute that is not copied: what Python gets is a live part of the object, and an
  /// assignment replaces the value of the field. Needs `adder/class/part.hpp`, which says more.
  ///
  /// A function that returns a reference into the object can take the place of the field; there is no setter then.
  /// @param name  The attribute's Python name.
  /// @param doc   UTF-8, or null.
  template <auto Target>
  void part(const char* name, const char* doc = nullptr) {
    if constexpr (!requires { sizeof(detail::PartAccessor<T, Target>); }) {
      static_assert(detail::always_false<T>, "adder: part needs its header: #include <adder/class/part.hpp>");
    } else {
      detail::PartAccessor<T, Target>::add_to(parts_, name, doc);
    }
  }
  /// @brief Makes what a function without parameters returns an attribute of the class itself, also seen in its
  /// objects. Needs `adder/class/static_property.hpp`.
  /// @param name  The attribute's Python name; a static_setter of the same name belongs to it.
  /// @param doc   UTF-8, or null.
  template <auto Target>
  void static_getter(const char* name, const char* doc = nullptr) {
    if constexpr (!requires { sizeof(detail::StaticAccessor<T, Target>); }) {
      static_assert(detail::always_false<T>,
                    "adder: static_getter needs its header: #include <adder/class/static_property.hpp>");
    } else {
      detail::StaticAccessor<T, Target>::add_getter(parts_, name, doc);
    }
  }
  /// @brief Makes a function of one argument what an assignment to the attribute goes to, of the class or of an object.
  /// The class has a metaclass then.
  template <auto Target>
  void static_setter(const char* name) {
    if constexpr (!requires { sizeof(detail::StaticAccessor<T, Target>); }) {
      static_assert(detail::always_false<T>,
                    "adder: static_setter needs its header: #include <adder/class/static_property.hpp>");
    } else {
      detail::StaticAccessor<T, Target>::add_setter(parts_, name);
    }
  }
  /// @brief Adds an attribute of the class itself: a constant.
  /// @param name   Its Python name.
  /// @param value  Converted now.
  /// @pyo3{classattr}
  template <class V>
  void attr(const char* name, V&& value) {
    ADDER_NOTE(detail::note_attribute<T>("attribute", name, &detail::output_text<V>));
    add_attribute({name, detail::non_null(detail::into_ptr_or_pending(std::forward<V>(value))), nullptr});
  }
  /// @brief The same with a value that @p Make returns once the type exists: an instance of the class, for example.
  /// @tparam Make  A function or captureless lambda that takes Python.
  template <auto Make>
  void attr(const char* name) {
    ADDER_NOTE(detail::note_attribute<T>("attribute", name, &detail::output_text<decltype(Make(detail::token()))>));
    add_attribute({name, nullptr, [] { return detail::into_ptr_or_pending(Make(detail::token())); }});
  }
  /// @brief Names what positional patterns of `match` take apart: after `cls.match_args("radius")`, `case Circle(r):`
  /// is `case Circle(radius=r):`.
  /// @param names  Of getters or fields, of this class or a base of it; where in `define` they stand does not matter. A
  ///               name that has none is a SystemError when the class is made, and so is one that is there twice.
  template <class... Name>
    requires(std::is_convertible_v<const Name&, const char*> && ...)
  void match_args(const Name&... names) {
    const char* const all[] = {names..., nullptr};
    parts_.set_match_args(all, sizeof...(names));
  }
  /// @brief Makes a pyclass an attribute of this one: `Outer.Inner`, which is its `__qualname__` then. Give it the name
  /// "Outer.Inner", and messages name it so as well.
  /// @tparam Inner  Its type is made once this one exists. It may derive from T.
  template <class Inner>
  void add_class() {
    if constexpr (IsPyClass<Inner> && !std::is_same_v<Inner, T>) {
      add_attribute({detail::last_name(PyClass<Inner>::name), nullptr, [] {
                       return detail::nest_class(PyTypeInfo<Inner>::type_object(), PyTypeInfo<T>::type_object());
                     }});
    } else {
      static_assert(detail::always_false<Inner>,
                    "adder: add_class<Inner>: specialise adder::PyClass<Inner>, with a name, above the PyClass of the "
                    "class that it is put into");
    }
  }
  /// @brief Adds the Python enum of a C++ one as an attribute of the class: `Car.Color`. Above what has one of its
  /// members for a default. Include `adder/class/enum.hpp`.
  template <class E>
  void add_enum() {
    if constexpr (!requires { sizeof(detail::EnumClass<E>); }) {
      static_assert(detail::always_false<E>, "adder: add_enum<E>() needs its header: #include <adder/class/enum.hpp>");
    } else {
      using Enum = detail::EnumClass<E>;
      add_attribute({Enum::name(), Enum::make(parts_.shape.module, parts_.name), nullptr});
    }
  }
  /// @}

  /// @name Memory
  /// Needs `adder/array/class_buffer.hpp`, which says more.
  /// @{

  /// @brief Objects export memory by the buffer protocol: `memoryview(image)` and `numpy.asarray(image)` read and write
  /// it in place. The object is borrowed, shared, as long as they do.
  /// @tparam Memory  A field or function that gives a container, a span, a pointer, or a BufferView.
  /// @tparam Shape   An integer for each dimension, or an array of them, given in the same way. None: one dimension.
  /// @param  extra   `read_only()`, or nothing.
  template <auto Memory, auto... Shape, class... E>
  void buffer(const E&... extra) {  // overloaded? static_cast<std::span<int> (T::*)() const>(&T::f)
    if constexpr (!requires { sizeof(detail::ClassMemory<T, Memory, Shape...>); }) {
      static_assert(detail::always_false<T>, "adder: buffer needs its header: #include <adder/array/class_buffer.hpp>");
    } else {
      detail::ClassMemory<T, Memory, Shape...>::add_buffer(parts_, extra...);
    }
  }
  /// @brief The same as an attribute: an array of that memory, which keeps the object and borrows it, shared.
  /// @param name   The attribute's Python name.
  /// @param extra  `as_numpy()`, `as_memoryview()`, `read_only()`, a docstring.
  template <auto Memory, auto... Shape, class... E>
  void array(const char* name, const E&... extra) {
    if constexpr (!requires { sizeof(detail::ClassMemory<T, Memory, Shape...>); }) {
      static_assert(detail::always_false<T>, "adder: array needs its header: #include <adder/array/class_buffer.hpp>");
    } else {
      detail::ClassMemory<T, Memory, Shape...>::add_array(parts_, name, extra...);
    }
  }
  /// @}

  /// @brief Registers the class with one of `collections.abc`: `isinstance` finds it, and `match` takes sequences and
  /// mappings apart. The methods of the abstract class are the author's to bind.
  /// @param abstract_base  "MutableSequence", "Mapping" ...; a literal.
  void register_abc(const char* abstract_base) { parts_.abstract_base = abstract_base; }
  /// @brief Adds what a piece of a binding adds, one that several classes share: `cls.add(Measured{})`. It may add
  /// anything that `define` may.
  ///
  /// @code
  /// struct Measured {
  ///   template <class T>
  ///   void define(adder::ClassBuilder<T>& cls) const {
  ///     cls.template getter<&T::width>("width");  // `template`, as cls depends on T.
  ///   }
  /// };
  /// @endcode
  /// @param piece  Has a member function `define` that takes this ClassBuilder: a template, or one for each class.
  template <class P>
  void add(const P& piece) {
    static_assert(detail::PieceOf<P, T>,
                  "adder: add(piece): this is no piece of a binding of this class. A piece is an object with "
                  "`template <class T> void define(adder::ClassBuilder<T>& cls) const`; for a constant of the class "
                  "there is attr(\"NAME\", value)");
    piece.define(*this);  // Where it does not fit, compilers say why.
  }

  /// @brief Fills a slot of the type with a C function, for what adder has no words for. The function gets no help: no
  /// borrow, no translation of exceptions.
  /// @param id        `Py_tp_...`, `Py_nb_...` of CPython.
  /// @param function  Of the slot's type, cast.
  /// @throws PyErr  SystemError where the slot is filled already.
  void slot(int id, void* function) { parts_.add_slot(id, function); }
  /// @brief The same with the function's type checked: `cls.slot<Py_tp_richcompare>(slot_guard<&compare>)`. A
  /// slot_guard borrows and translates exceptions. Include `adder/class/slot_guard.hpp`.
  /// @tparam Id  `Py_tp_...`, `Py_nb_...` of CPython.
  /// @param  function  Of the slot's type.
  /// @throws PyErr  SystemError where the slot is filled already.
  template <int Id, class F>
  void slot(F* function) {
    if constexpr (!requires { sizeof(detail::SlotFunction<Id>); }) {
      static_assert(detail::always_false<F>,
                    "adder: slot<Id>() needs its header: #include <adder/class/slot_guard.hpp>");
    } else {
      using Function = typename detail::SlotFunction<Id>::type;
      static_assert(!std::is_void_v<Function>, "adder: slot<Id>(): this type slot is adder's own, or not known to it");
      static_assert(std::is_void_v<Function> || std::is_convertible_v<F*, Function>,
                    "adder: slot<Id>(): the function has another type than CPython wants for this slot");
      slot(Id, reinterpret_cast<void*>(function));
    }
  }

  /// Not for users.
  explicit ClassBuilder(detail::ClassParts& parts) noexcept : parts_(parts) {}

 private:
  template <auto Target, class Options, class Set>
  using OwnMethodBinding = detail::MethodBinding<T, Target, Options, Set>;
  template <auto Target, class Options, class Set>
  using OwnFunctionBinding = detail::FunctionBinding<Target, Options, detail::TypeList<T, Set>>;
  template <auto Target, class Options, class Set>
  using OwnConstructor = detail::ConstructorInSet<T, Target, Options, Set>;

  template <auto Set, template <auto, class, class> class Binding, class... E>
  using WholeOf = typename detail::SetMaker<std::remove_cv_t<decltype(Set)>>::template Whole<Binding, E...>;
  template <auto Set, template <auto, class, class> class Binding, class... E>
  void add_set(const char* name, const char* receiver, int flags, const E&... extra) {
    parts_.check_method(name, detail::FunctionRecord());
    PyMethodDef def = detail::SetMaker<std::remove_cv_t<decltype(Set)>>::template describe<Binding>(
                          name, parts_.qualifier(), receiver, extra...)
                          .def;
    def.ml_flags |= flags;
    parts_.methods.push_back(def);
  }

  template <class Parameters, class... E>
  ADDER_INLINE void add_method(const char* name, detail::FunctionRecord& record, detail::Parameter* parameters,
                               PyCFunction entry, std::uint64_t shape_bits, int flags, const E&... extra) {
    detail::Extras<sizeof...(E)> extras;
    detail::describe_all(extras, extra...);
    if constexpr (detail::any_default<E...>) detail::DefaultsOf<Parameters, E...>::enter(extras.all);
    parts_.add_method(name, &record, parameters, entry, shape_bits, flags, extras.all, sizeof...(E));
  }
  template <class Binding>
  void add_getter(const char* name, const char* doc) {
    static_assert(Binding::count == 0, "adder: a getter takes no arguments");
    static_assert(detail::only_plain<typename Binding::Signature::Parameters>,
                  "adder: a getter cannot take Args, Kwargs or ThisModule");
    ADDER_NOTE(detail::note_attribute<T>("getter", name, &detail::ResultOfBinding<Binding>::text));
    parts_.property(name, doc).get = &Binding::getter;
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
    set_constructor<typename Maker::Parameters>(storage.record, storage.parameters,
                                                &Binding::template vectorcall<exact>, shape, extra...);
  }
  template <class Parameters, class... E>
  ADDER_INLINE void set_constructor(detail::FunctionRecord& record, detail::Parameter* parameters, vectorcallfunc call,
                                    detail::Shape shape, const E&... extra) {
    const auto bits = __builtin_bit_cast(std::uint64_t, shape);
    if constexpr (sizeof...(E) == 0) {
      parts_.set_constructor(&record, parameters, call, bits);
    } else {
      detail::Extras<sizeof...(E)> extras;
      detail::describe_all(extras, extra...);
      if constexpr (detail::any_default<E...>) detail::DefaultsOf<Parameters, E...>::enter(extras.all);
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

}  // namespace adder::inline ADDER_ABI
