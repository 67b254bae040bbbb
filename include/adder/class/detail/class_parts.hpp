// SPDX-License-Identifier: MIT
/// @file
/// @brief ClassParts: what `define` collects about a class, and the type that is made of it. Nothing here depends on T.
#pragma once
#include "adder/base/detail/plain_array.hpp"
#include "adder/base/detail/text_builder.hpp"
#include "adder/class/detail/slots.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace adder::inline ADDER_ABI::detail {

/// What PyClass says about a class that is more than plain.
struct ClassShape {
  ::PyTypeObject* (*base)() = nullptr;
  const char* module = nullptr;
  ::PyTypeObject* (*root)() = nullptr;  ///< The built-in type that the class, or a base of its bases, derives from;
  Atomic<Py_ssize_t>* native_size = nullptr;  ///< its size is to be found out.
  destructor dealloc = free_trivial;
  traverseproc traverse = nullptr;
  inquiry clear = nullptr;
  destructor finalize = nullptr;
  inquiry is_collected = nullptr;  ///< Where objects differ.
  Py_ssize_t dict_at = 0;
  Py_ssize_t weaklist_at = 0;
  bool subclass = false;
  bool is_mutable = false;
  bool generic = false;
  bool plain_memory = false;  ///< Objects have no room for the collector, though it knows the class.
  bool keeps_value = true;    ///< There is something in the C++ value that can be lost.
  void (*check)() = nullptr;
};
inline constexpr ClassShape plain_class;
/// That others may derive from it is all.
inline constexpr ClassShape open_class = [] {
  ClassShape shape;
  shape.subclass = true;
  return shape;
}();

/// "Counter.", in front of the names of its methods.
class Qualifier {
 public:
  explicit Qualifier(const char* name) : text_({name, "."}) {}
  operator std::string_view() const noexcept { return text_.view(); }  // NOLINT(google-explicit-constructor)

 private:
  TextBuilder text_;
};

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

/// What stands behind the last dot of a class's name: "Inner" of "Outer.Inner".
const char* last_name(const char* name) noexcept;
/// `cls.add_class<Inner>()`: @p inner under its new qualified name, as an attribute of @p outer.
/// @return A new reference.
ADDER_COLD_CALL ::PyObject* nest_class(::PyTypeObject* inner, ::PyTypeObject* outer);

/// The reflected dunder of a slot of two: "__radd__".
ADDER_COLD_CALL const char* reflected_name(int id) noexcept;

/// What `define` collects about a class. The same for all classes: nothing here depends on T.
class ClassParts {
 public:
  ClassParts(const char* class_name, const ClassShape& class_shape) noexcept : name(class_name), shape(class_shape) {}
  ClassParts(const ClassParts&) = delete;
  ClassParts& operator=(const ClassParts&) = delete;
  ~ClassParts();

  /// Describes a method, class method or static method. @return Its definition.
  PyMethodDef& describe(const char* function_name, FunctionRecord* record, Parameter* parameters, PyCFunction entry,
                        std::uint64_t shape_bits, int flags, const Extra* extras, std::size_t extra_count);
  // With no more arguments than go in registers: files of many classes call it for each method.
  ADDER_COLD_CALL void add_method(const char* function_name, FunctionRecord* record, Parameter* parameters,
                                  PyCFunction entry, std::uint64_t shape_bits);
  ADDER_COLD_CALL void add_method(const char* function_name, FunctionRecord* record, Parameter* parameters,
                                  PyCFunction entry, std::uint64_t shape_bits, int flags, const Extra* extras,
                                  std::size_t extra_count);
  /// @param call  The entry point of tp_vectorcall.
  ADDER_COLD_CALL void set_constructor(FunctionRecord* record, Parameter* parameters, vectorcallfunc call,
                                       std::uint64_t shape_bits);
  /// Throws where there is one already.
  ADDER_COLD_CALL void check_constructor() const;
  /// The same of several, whose @p record is complete.
  void set_constructor(FunctionRecord& record, vectorcallfunc call);
  void set_constructor(FunctionRecord* record, Parameter* parameters, vectorcallfunc call, std::uint64_t shape_bits,
                       const Extra* extras, std::size_t extra_count);
  ADDER_COLD_CALL void set_match_args(const char* const* match_names, std::size_t count);
  void add_slot(int id, void* function);
  /// Fills a slot that several dunders share. @p which says for which of them: the function of number 0, or of `==`,
  /// takes the place of what was entered for another.
  ADDER_COLD_CALL void add_half(int id, int which, void* function);
  /// Gives a function behind a slot its name in messages.
  ADDER_COLD_CALL void name_dunder(FunctionRecord& record, const char* dunder, std::size_t count,
                                   bool is_operand) const;
  static constexpr int whole = -1;
  /// Names a function, unless the record is null, and fills a slot. @p which as in add_half(); or `whole`.
  ADDER_COLD_CALL void add_dunder(FunctionRecord* record, const char* dunder, std::size_t count, bool is_operand,
                                  int id, int which, void* function);
  void check_method(const char* function_name, const FunctionRecord& record, bool is_function = false);
  /// The number of the property of that name; not_found; or not_a_property, for all else that has a name.
  std::size_t find_name(const char* text);
  static constexpr std::size_t not_found = static_cast<std::size_t>(-1), not_a_property = not_found - 1;
  /// @param may_be_overload  Whether two functions want the name: such are bound together.
  [[noreturn]] void refuse_name(const char* function_name, bool may_be_overload = false) const;
  /// The attribute of that name, made if there is none.
  Property& property(const char* property_name, const char* doc);
  void name_setter(FunctionRecord& record, const char* property_name) const;
  /// @param text  What messages call the attribute.
  static void enter_setter(FunctionRecord& record, const TextBuilder& text);
  /// "attribute 'x' of 'Counter' objects".
  void append_property(TextBuilder& text, const char* property_name) const;
  Qualifier qualifier() const { return Qualifier(name); }
  /// The name of the class's module, or "".
  const char* module_name() const;
  /// The same as `inspect` finds it for a method.
  const char* module_of_methods() const;

  /// Makes the type. The tables it points to are kept for good, as the type may be.
  /// @return A new reference.
  ::PyTypeObject* make_type(::PyObject* module, const char* doc, Py_ssize_t size);
  /// Where comparisons without equality leave the hash as it is.
  void keep_hash(const ::PyTypeObject* base);
  /// Takes the names of dunders out of the type that share a slot with one that was bound, and were not.
  ADDER_COLD_CALL void remove_unbound(::PyTypeObject* type) const;
  /// Throws where `__match_args__` names what is no attribute that can be read.
  ADDER_COLD_CALL void check_match_args(::PyTypeObject* type) const;
  /// What `match` looks for: the flag of sequences or of mappings, for classes that are registered as such.
  unsigned long collection_flag() const noexcept;
  ADDER_COLD_CALL void register_abstract(::PyTypeObject* type) const;
  /// Enters what is not part of a PyType_Spec.
  void finish_type(::PyTypeObject* type, ::PyObject* module);
  /// What has to be done before others see the type, and cannot be undone.
  void settle_type(::PyTypeObject* type);

  const char* name;  ///< The qualified name, "Outer.Inner".
  const ClassShape& shape;
  ::PyObject* defined_in = nullptr;  ///< The module under construction, borrowed; or null.
  PlainArray<PyMethodDef> methods;
  PlainArray<Property> properties;
  PlainArray<PyType_Slot> slots;
  PlainArray<FunctionRecord*> statics;
  PlainArray<::PyObject*> static_functions;  // Borrowed from the type.
  PlainArray<ClassAttribute> attributes;
  ::PyObject* match_args = nullptr;  ///< `__match_args__`, a tuple; borrowed from the attributes, or null.
  vectorcallfunc construct = nullptr;
  newfunc construct_new = nullptr;
  /// The `__new__` of a class whose constructor does what its `__init__` does: that one is for Python subclasses alone.
  newfunc subclass_new = nullptr;
  const FunctionRecord* constructor = nullptr;
  bool constructs_from_nothing = false;  ///< The constructor takes no arguments at all.
  ::PyTypeObject* metaclass = nullptr;   ///< Borrowed; null where it is that of the base.
  bool has_init = false;
  bool constructs_at_once = false;      ///< The `__init__` does nothing.
  const char* abstract_base = nullptr;  ///< The class of `collections.abc` that it is registered with; static.
  unsigned char halves[96] = {};        ///< By slot: a bit for each dunder that has been bound, of those that share it.
  /// Once there are many names: a dict from each to what find_name() returns. Looking through all of them for each new
  /// one would take as many steps as there are.
  ::PyObject* names = nullptr;
  std::size_t names_of[4] = {};  ///< How many methods, statics, attributes and properties are in it.
};

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/class/detail/class_parts_inl.hpp"
#include "adder/class/detail/make_type_inl.hpp"
#endif
