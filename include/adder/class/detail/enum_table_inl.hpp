// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of enum_table.hpp.
#pragma once
#include "adder/class/detail/enum_table.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

ADDER_FUNC EnumTable::~EnumTable() {
  for (std::size_t i = 0; i < count; ++i) release(sorted[i].member);
  release_if_any(reinterpret_cast<::PyObject*>(type));
  delete[] by_place;
  delete[] sorted;
  delete[] by_address;
}

// --- Members as defaults in signatures -------------------------------------------------------------------------------

/// A new reference to an attribute, as text; null, with nothing pending, where there is no such thing.
ADDER_COLD ADDER_FUNC ::PyObject* text_attribute(::PyObject* object, const char* name) noexcept {
  ::PyObject* text = guard_unwind(PyObject_GetAttrString, object, name);
  if (text == nullptr) PyErr_Clear();
  if (text != nullptr && (!PyUnicode_Check(text) || PyUnicode_AsUTF8(text) == nullptr)) {
    PyErr_Clear();
    release(text);
    return nullptr;
  }
  return text;
}

/// Whether an object is of a class that Python's module `enum` has made.
ADDER_COLD ADDER_FUNC bool is_of_enum(::PyObject* object) noexcept {
  if (Py_IS_TYPE(Py_TYPE(object), &PyType_Type)) return false;  // Those have a metaclass.
  const OwnedPtr name(Steal(), PyUnicode_FromString("enum"), {});
  const OwnedPtr module(Steal(), name.as_ptr() == nullptr ? nullptr : PyImport_GetModule(name.as_ptr()), {});
  ::PyObject* base = nullptr;
  if (module.as_ptr() != nullptr) {
    base = guard_unwind(PyObject_GetAttrString, module.as_ptr(), "Enum");
  }
  const OwnedPtr owner(Steal(), base, {});
  PyErr_Clear();
  return base != nullptr && PyType_Check(base) && PyObject_TypeCheck(object, reinterpret_cast<::PyTypeObject*>(base));
}

/// "Color.RED", of the member of an enum.
/// @param module  As for append_parameter().
/// @return Whether it is one that can be shown; with a module, to `inspect`, which looks for the enum there, and takes
/// no
///         object that is neither a number nor a text.
ADDER_COLD ADDER_FUNC bool append_enum_member(TextBuilder& text, ::PyObject* value, const char* module) {
  if (!is_of_enum(value)) return false;
  ::PyObject* type = reinterpret_cast<::PyObject*>(Py_TYPE(value));
  const OwnedPtr name(Steal(), text_attribute(value, "_name_"), {});
  const OwnedPtr type_name(Steal(), text_attribute(type, "__qualname__"), {});
  if (name.as_ptr() == nullptr || type_name.as_ptr() == nullptr) return false;
  if (PyUnicode_IsIdentifier(name.as_ptr()) != 1) return false;  // A combination of flags.
  if (module != nullptr) {
    if (!PyLong_Check(value) && !PyUnicode_Check(value)) return false;
    const OwnedPtr home(Steal(), text_attribute(type, "__module__"), {});
    if (home.as_ptr() == nullptr || std::string_view(PyUnicode_AsUTF8(home.as_ptr())) != module) return false;
  }
  text.append(PyUnicode_AsUTF8(type_name.as_ptr())).append(".").append(PyUnicode_AsUTF8(name.as_ptr()));
  return true;
}

// --- Making the class ------------------------------------------------------------------------------------------------

/// "Color.RED".
ADDER_COLD ADDER_FUNC std::string name_of_member(const EnumFacts& facts, const EnumMemberFacts& member) {
  return std::string(facts.name).append(".").append(member.name);
}

/// A new reference to a number as a Python int; null with an exception pending.
ADDER_COLD ADDER_FUNC ::PyObject* number_of(const EnumFacts& facts, std::uint64_t bits) noexcept {
  return facts.is_signed ? PyLong_FromLongLong(static_cast<long long>(bits)) : PyLong_FromUnsignedLongLong(bits);
}

/// The first member of the same number.
ADDER_COLD ADDER_FUNC const EnumMemberFacts& first_of_number(const EnumFacts& facts, const EnumMemberFacts& member) {
  const EnumMemberFacts* first = facts.members;
  while (first->bits != member.bits) ++first;
  return *first;
}

/// The value that a member has in Python.
ADDER_COLD ADDER_FUNC Bound<PyAny> value_of_member(const EnumFacts& facts, const EnumMemberFacts& member) {
  if (facts.kind != EnumKind::str_enum) return steal(non_null(number_of(facts, member.bits)));
  const EnumMemberFacts& first = first_of_number(facts, member);
  if (first.text != nullptr) return steal(non_null(PyUnicode_FromString(first.text)));
  const Bound<PyAny> name = steal(non_null(PyUnicode_FromString(first.name)));
  return steal(non_null(PyObject_CallMethod(name.as_ptr(), "lower", nullptr)));
}

ADDER_COLD ADDER_FUNC void set_dict_text(const Bound<PyAny>& dict, const char* key, const std::string& text) {
  const Bound<PyAny> value = steal(non_null(PyUnicode_FromString(text.c_str())));
  non_negative(PyDict_SetItemString(dict.as_ptr(), key, value.as_ptr()));
}

/// `enum.Enum("Color", [("RED", 1), ...], module="paint", qualname="Car.Color")`
ADDER_COLD ADDER_FUNC Bound<PyAny> call_enum(const EnumFacts& facts, const char* module, const char* outer) {
  static constexpr const char* bases[] = {"Enum", "IntEnum", "Flag", "IntFlag", "StrEnum"};
  const char* base_name = bases[static_cast<std::size_t>(facts.kind)];
#if PY_VERSION_HEX < 0x030B0000
  const bool by_hand = facts.kind == EnumKind::str_enum;  // There is no StrEnum yet: an Enum whose members are str.
  if (by_hand) base_name = bases[0];
#endif
  const Bound<PyAny> package = steal(non_null(guard_unwind(PyImport_ImportModule, "enum")));
  const Bound<PyAny> base = steal(non_null(guard_unwind(PyObject_GetAttrString, package.as_ptr(), base_name)));
  const Bound<PyAny> members = steal(non_null(guard_rare_unwind(PyList_New, 0)));
  for (std::size_t i = 0; i < facts.count; ++i) {
    const EnumMemberFacts& member = facts.members[i];
    const Bound<PyAny> name = steal(non_null(PyUnicode_FromString(member.name)));
    const Bound<PyAny> value = value_of_member(facts, member);
    const Bound<PyAny> item =
        steal(non_null(guard_rare_unwind([&] { return PyTuple_Pack(2, name.as_ptr(), value.as_ptr()); })));
    non_negative(PyList_Append(members.as_ptr(), item.as_ptr()));
  }
  const Bound<PyAny> name = steal(non_null(PyUnicode_FromString(facts.name)));
  const Bound<PyAny> args =
      steal(non_null(guard_rare_unwind([&] { return PyTuple_Pack(2, name.as_ptr(), members.as_ptr()); })));
  const Bound<PyAny> kwargs = steal(non_null(guard_rare_unwind(PyDict_New)));
  set_dict_text(kwargs, "module", module);
  set_dict_text(kwargs, "qualname", outer == nullptr ? facts.name : std::string(outer).append(".").append(facts.name));
#if PY_VERSION_HEX < 0x030B0000
  ::PyObject* text_type = reinterpret_cast<::PyObject*>(&PyUnicode_Type);
  if (by_hand) non_negative(PyDict_SetItemString(kwargs.as_ptr(), "type", text_type));
#endif
  Bound<PyAny> made = steal(non_null(guard_unwind(PyObject_Call, base.as_ptr(), args.as_ptr(), kwargs.as_ptr())));
#if PY_VERSION_HEX < 0x030B0000
  if (by_hand) {
    const Bound<PyAny> shown = steal(non_null(PyObject_GetAttrString(text_type, "__str__")));
    non_negative(guard_unwind(PyObject_SetAttrString, made.as_ptr(), "__str__", shown.as_ptr()));
  }
#endif
  return made;
}

ADDER_COLD ADDER_FUNC void set_doc(::PyObject* object, const char* doc) {
  if (doc == nullptr) return;
  const Bound<PyAny> text = steal(non_null(PyUnicode_FromString(doc)));
  non_negative(guard_unwind(PyObject_SetAttrString, object, "__doc__", text.as_ptr()));
}

/// Whether one number comes before another.
ADDER_COLD ADDER_FUNC bool is_less(const EnumFacts& facts, std::uint64_t a, std::uint64_t b) noexcept {
  return facts.is_signed ? static_cast<std::int64_t>(a) < static_cast<std::int64_t>(b) : a < b;
}

/// Sorts by number; heap sort, as `<algorithm>` would cost every file that includes this.
ADDER_COLD ADDER_FUNC void sort_by_number(const EnumFacts& facts, EnumSlot* slots, std::size_t count) noexcept {
  const auto sink = [&](std::size_t at, std::size_t end) {
    for (std::size_t child = 0; (child = 2 * at + 1) < end; at = child) {
      if (child + 1 < end && is_less(facts, slots[child].bits, slots[child + 1].bits)) ++child;
      if (!is_less(facts, slots[at].bits, slots[child].bits)) return;
      std::swap(slots[at], slots[child]);
    }
  };
  for (std::size_t at = count / 2; at-- > 0;) sink(at, count);
  for (std::size_t end = count; end-- > 1;) {
    std::swap(slots[0], slots[end]);
    sink(0, end);
  }
}

/// Fills the places of members whose numbers are close together; of flags with few bits those of all combinations.
ADDER_COLD ADDER_FUNC void fill_places(const EnumFacts& facts, EnumTable& table) {
  const std::size_t count = table.count;
  const bool all_combinations = facts.is_flag() && facts.all_bits < 256;
  const std::uint64_t first = facts.is_flag() ? 0 : table.sorted[0].bits;
  const std::uint64_t last = facts.is_flag() ? facts.all_bits : table.sorted[count - 1].bits;
  if (!all_combinations && (facts.is_flag() || last - first >= 4 * count + 16)) return;
  table.by_place = new Atomic<::PyObject*>[number_as<std::size_t>(last - first) + 1];
  table.first = first;
  table.span = last - first + 1;
  for (std::size_t i = 0; i < count; ++i) {
    table.by_place[table.sorted[i].bits - first].store(table.sorted[i].member, Order::relaxed);
  }
}

/// The members of a class that `enum` has made, which is checked: modules can be replaced, and so can their parts.
ADDER_COLD ADDER_FUNC void fill_table(const EnumFacts& facts, const Bound<PyAny>& made, EnumTable& table) {
  if (!PyType_Check(made.as_ptr()) ||
      !PyType_HasFeature(reinterpret_cast<::PyTypeObject*>(made.as_ptr()), Py_TPFLAGS_HEAPTYPE)) {
    throw PyErr::Access::lazy(PyExc_TypeError,
                              std::string(facts.name) + ": Python's module enum has made no class of it");
  }
  table.type = reinterpret_cast<::PyTypeObject*>(Py_NewRef(made.as_ptr()));
  std::size_t size = 16;
  while (size < 2 * facts.count) size *= 2;
  table.mask = size - 1;
  table.by_address = new EnumSlot[size]();
  table.sorted = new EnumSlot[facts.count]();
  for (std::size_t i = 0; i < facts.count; ++i) {
    const EnumMemberFacts& facts_of_member = facts.members[i];
    const Bound<PyAny> member =
        steal(non_null(guard_unwind(PyObject_GetAttrString, made.as_ptr(), facts_of_member.name)));
    if (Py_TYPE(member.as_ptr()) != table.type) {
      throw PyErr::Access::lazy(PyExc_TypeError, name_of_member(facts, facts_of_member) +
                                                     ": Python's module enum has made no member of this name");
    }
    const bool is_alias = &first_of_number(facts, facts_of_member) != &facts_of_member;
    std::size_t at = table.place_of(member.as_ptr());
    while (table.by_address[at].member != nullptr && table.by_address[at].member != member.as_ptr()) {
      at = (at + 1) & table.mask;
    }
    EnumSlot& slot = table.by_address[at];
    const bool is_there = slot.member != nullptr;
    if (is_there != is_alias || (is_there && slot.bits != facts_of_member.bits)) {
      throw PyErr::Access::lazy(PyExc_TypeError,
                                name_of_member(facts, facts_of_member) +
                                    (is_alias ? ": Python has another value for this alias"
                                              : ": another member has the same value in Python, but not in C++"));
    }
    if (is_alias) continue;
    slot = {member.as_ptr(), facts_of_member.bits};
    table.sorted[table.count++] = {Py_NewRef(member.as_ptr()), facts_of_member.bits};
    set_doc(member.as_ptr(), facts_of_member.doc);
  }
  sort_by_number(facts, table.sorted, table.count);
  fill_places(facts, table);
}

ADDER_COLD ADDER_FUNC ::PyObject* make_enum(const EnumFacts& facts, const char* module, const char* outer) {
  append_member_text.store(&append_enum_member, Order::release);
  const EnumTable* first = facts.place->load(Order::acquire);
  if (first == nullptr) {
    if (facts.module != nullptr) module = facts.module;
    if (module == nullptr) {
      module = module_under_construction == nullptr ? "builtins" : PyModule_GetName(module_under_construction);
      if (module == nullptr) throw_fetched();
    }
    struct Fresh {
      EnumTable* table;
      ~Fresh() { delete table; }
    } fresh{new EnumTable};
    const Bound<PyAny> made = call_enum(facts, std::string(module).c_str(), outer);
    set_doc(made.as_ptr(), facts.doc);
    fill_table(facts, made, *fresh.table);
    // As others may not see it before: threads shall not contend on the reference counts of members.
    for (std::size_t i = 0; i < fresh.table->count; ++i) make_immortal(fresh.table->sorted[i].member);
    // ORDER: acq_rel: several threads may get here, with a GIL as well, as Python code has run. The first one's is
    // kept.
    if (facts.place->compare_exchange(first, fresh.table, Order::acq_rel)) first = std::exchange(fresh.table, nullptr);
  }
  return Py_NewRef(reinterpret_cast<::PyObject*>(first->type));
}

// --- What is not found at once ---------------------------------------------------------------------------------------

ADDER_COLD ADDER_FUNC PyErr enum_not_added(const EnumFacts& facts) {
  const std::string name = facts.name;
  return PyErr::Access::lazy(PyExc_SystemError, "the enum " + name + " is in no module yet: add_enum<" + name +
                                                    ">() comes before its first use, also before a default value");
}

/// "5 is not a valid Color".
ADDER_COLD ADDER_FUNC PyErr no_such_member(const EnumFacts& facts, std::string number) {
  return PyErr::Access::lazy(PyExc_ValueError, std::move(number.append(" is not a valid ").append(facts.name)));
}

/// A combination of flags, which Python makes and keeps: a new reference.
ADDER_COLD ADDER_FUNC ::PyObject* combine_flags(const EnumFacts& facts, const EnumTable& table, std::uint64_t bits) {
  const Bound<PyAny> number = steal(non_null(number_of(facts, bits)));
  ::PyObject* type = reinterpret_cast<::PyObject*>(table.type);
  const Bound<PyAny> made = steal(non_null(guard_unwind(PyObject_CallOneArg, type, number.as_ptr())));
  if (Py_TYPE(made.as_ptr()) != table.type) {
    throw PyErr::Access::lazy(PyExc_TypeError, std::string(facts.name) + " has made a '" + type_name_of(made.as_ptr()) +
                                                   "' object of " + std::to_string(bits));
  }
  const std::uint64_t at = bits - table.first;
  if (at < table.span) {
    ::PyObject* kept = nullptr;
    if (!table.by_place[at].compare_exchange(kept, made.as_ptr(), Order::acq_rel)) return Py_NewRef(kept);
    Py_INCREF(made.as_ptr());  // For good.
  }
  return Py_NewRef(made.as_ptr());
}

ADDER_FUNC ::PyObject* find_other_member(const EnumFacts& facts, std::uint64_t bits) noexcept {
  const EnumTable* table = facts.place->load(Order::acquire);
  std::size_t low = 0;
  for (std::size_t high = table == nullptr || table->span != 0 ? 0 : table->count; low < high;) {
    const std::size_t middle = low + (high - low) / 2;
    const EnumSlot& slot = table->sorted[middle];
    if (slot.bits == bits) return Py_NewRef(slot.member);
    is_less(facts, slot.bits, bits) ? void(low = middle + 1) : void(high = middle);
  }
  try {
    if (table == nullptr) throw enum_not_added(facts);
    const bool fits =
        facts.kind == EnumKind::int_flag || (facts.kind == EnumKind::flag && (bits & ~facts.all_bits) == 0);
    if (fits) return combine_flags(facts, *table, bits);
    throw no_such_member(facts,
                         facts.is_signed ? std::to_string(static_cast<std::int64_t>(bits)) : std::to_string(bits));
  } catch (...) {
    translate_current_exception();
    return nullptr;
  }
}

/// The number of a combination of flags. What Python code has made of `_value_` is looked at with care.
ADDER_COLD ADDER_FUNC PyResult<std::uint64_t> read_flags(const EnumFacts& facts, ::PyObject* flags) {
  const Bound<PyAny> value = steal(non_null(guard_unwind(PyObject_GetAttrString, flags, "_value_")));
  if (!PyLong_Check(value.as_ptr())) return PyErr::Access::mismatch("int", value.as_ptr());
  const bool is_open = facts.kind == EnumKind::int_flag;  // Bits without a name may be set.
  int overflow = 0;
  const long long small = PyLong_AsLongLongAndOverflow(value.as_ptr(), &overflow);
  auto bits = static_cast<std::uint64_t>(small);
  if (small <
      0) {  // Up to 3.10 the complement of an IntFlag: all other bits up to the highest of a member, as later on.
    std::uint64_t below = 0;
    while (below < facts.all_bits) below = 2 * below + 1;
    bits &= below;
  }
  bool fits = overflow == 0 && (small >= 0 || is_open);
  if (overflow > 0) {
    bits = PyLong_AsUnsignedLongLong(value.as_ptr());
    fits = PyErr_Occurred() == nullptr;
    PyErr_Clear();
  }
  if (fits && bits <= facts.highest && (is_open || (bits & ~facts.all_bits) == 0)) return bits;
  const Bound<PyAny> shown = steal(non_null(PyLong_Type.tp_repr(value.as_ptr())));
  const char* text = PyUnicode_AsUTF8(shown.as_ptr());
  if (text == nullptr) throw_fetched();
  if (!is_open) return no_such_member(facts, text);
  return PyErr::Access::lazy(PyExc_OverflowError,
                             std::string(text) + " does not fit into the C++ enum of " + facts.name);
}

/// Of what is no member: a TypeError that tells it from one of another enum of the same name.
ADDER_COLD ADDER_FUNC PyErr no_member(const EnumFacts& facts, const EnumTable& table, ::PyObject* object) {
  ::PyTypeObject* type = Py_TYPE(object);
  if (type == table.type) {  // Of object.__new__().
    return PyErr::Access::lazy(PyExc_ValueError, std::string("the object is not a member of ") + facts.name);
  }
  if (std::string_view(type->tp_name) != facts.name) return PyErr::Access::mismatch(facts.name, object);
  const auto full_name = [](::PyTypeObject* of) {
    const Bound<PyAny> type_object = borrow(reinterpret_cast<::PyObject*>(of));
    const Bound<PyAny> module =
        steal(non_null(guard_unwind(PyObject_GetAttrString, type_object.as_ptr(), "__module__")));
    const Bound<PyAny> text = steal(non_null(guard_unwind(PyObject_Str, module.as_ptr())));
    const char* shown = PyUnicode_AsUTF8(text.as_ptr());
    if (shown == nullptr) throw_fetched();
    return std::string(shown).append(".").append(of->tp_name);
  };
  const std::string own = full_name(table.type), other = full_name(type);
  if (own == other) return PyErr::Access::mismatch(facts.name, object);
  return PyErr::Access::adopt(ErrState::make(ErrState::Kind::mismatch, PyExc_TypeError, own, other));
}

ADDER_COLD ADDER_FUNC PyResult<std::uint64_t> read_other_member(const EnumFacts& facts, ::PyObject* object) {
  const KeptAlive kept(object);
  try {
    const EnumTable* table = facts.place->load(Order::acquire);
    if (table == nullptr) return enum_not_added(facts);
    std::uint64_t bits = 0;
    if (read_member(*facts.place, object, bits)) return bits;  // Another thread has added the enum only now.
    if (facts.is_flag() && Py_TYPE(object) == table->type) return read_flags(facts, object);
    return no_member(facts, *table, object);
  } catch (const PyErr& error) {
    return error;
  }
}

ADDER_COLD ADDER_FUNC bool load_other_member(const EnumFacts& facts, ::PyObject* object, CallContext context,
                                             unsigned index, std::uint64_t& bits) noexcept {
  try {
    const PyResult<std::uint64_t> other = read_other_member(facts, object);
    if (other.is_ok()) {
      bits = *other;
      return true;
    }
    set_argument_error(context.record(), index, other.error());
  } catch (...) {
    translate_current_exception();
  }
  return false;
}

}  // namespace adder::inline ADDER_ABI::detail
