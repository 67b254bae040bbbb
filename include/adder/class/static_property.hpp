// SPDX-License-Identifier: MIT
/// @file
/// @brief Attributes of a class itself that are computed: `cls.static_getter<&f>("name")` and `static_setter`. Not part
/// of adder.hpp.
///
/// @code
/// cls.static_getter<&Config::current>("current", "What is in use.");
/// cls.static_setter<&Config::use>("current");
/// @endcode
/// The functions take no object: `V f()`, `void f(V)`, with the token where they want it. The getter is called for
/// `Config.current` and for `config.current`, the setter for an assignment to either. What Python subclasses inherit is
/// the same attribute: there is one value.
///
/// | assignment to           | with a setter | without                                                        |
/// |-------------------------|---------------|----------------------------------------------------------------|
/// | `Config.current`        | calls it      | TypeError: the class is immutable (or replaces the attribute)  |
/// | `config.current`        | calls it      | AttributeError: not writable                                   |
/// | `Subclass.current`      | calls it      | gives the Python subclass an attribute of its own              |
///
/// Python asks the class of a class what an assignment to it means. So a class with a static_setter has a metaclass:
/// `type(Config)` is not `type`, and a Python class that derives from Config and from one with another metaclass, such
/// as `abc.ABC`, needs a metaclass that derives from both. Classes without one are as they were.
///
/// A constant, PyO3's `#[classattr]`, is `cls.attr`.
#pragma once
#include "adder/class/pyclass.hpp"

#include <type_traits>

namespace adder::inline ADDER_ABI::detail {

/// What stands in the class's dict: a descriptor that does not look at the object. Nothing changes it once the class is
/// there, and it owns nothing that could be part of a cycle.
struct StaticProperty {
  using Entry = ::PyObject* (*)(::PyObject*, ::PyObject* const*, Py_ssize_t) noexcept;

  ::PyObject header;
  Entry get;
  Entry set;
  ::PyObject* name;        ///< A str;
  ::PyObject* doc;         ///< the same, or None.
  const char* class_name;  ///< As long as PyClass.

  static StaticProperty& of(::PyObject* self) noexcept { return *reinterpret_cast<StaticProperty*>(self); }
  /// The type, made at its first use and kept for good.
  static ::PyTypeObject* type();
  /// The class of classes that have one with a setter; the same.
  static ::PyTypeObject* metaclass();
  /// That of the class under that name, made if there is none.
  static StaticProperty& in(ClassParts& parts, const char* property_name);
  static void add_getter(ClassParts& parts, const char* property_name, const char* doc, Entry entry);
  static void add_setter(ClassParts& parts, const char* property_name, FunctionRecord& record, Entry entry);
};

template <class T, auto Target>
struct ADDER_HIDDEN StaticAccessor {
  using Binding = FunctionBinding<Target, CallOptions<>, StaticAccessor>;
  using Parameters = typename Binding::Signature::Parameters;
  static_assert(only_plain<Parameters> && !ParameterKinds<Parameters>::has_this_class,
                "adder: static_getter and static_setter: the function cannot take Args, Kwargs, ThisModule or "
                "ThisClass");

  static void add_getter(ClassParts& parts, const char* name, const char* doc) {
    static_assert(Binding::count == 0, "adder: a static_getter takes no arguments, and no object");
    static_assert(!std::is_void_v<typename Binding::Signature::Result>, "adder: a static_getter returns a value");
    ADDER_NOTE(note_attribute<T>("static_getter", name, &ResultOfBinding<Binding>::text));
    StaticProperty::add_getter(parts, name, doc, &Binding::positional);
  }
  static void add_setter(ClassParts& parts, const char* name) {
    static_assert(Binding::count == 1, "adder: a static_setter takes one argument, and no object");
    ADDER_NOTE(note_setter<T, Binding>("static_setter", name));
    StaticProperty::add_setter(parts, name, Binding::storage().record, &Binding::positional);
  }
};

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/class/detail/static_property_inl.hpp"
#endif
