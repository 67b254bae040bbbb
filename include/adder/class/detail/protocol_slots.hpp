// SPDX-License-Identifier: MIT
/// @file
/// @brief The dunder names, and the type slot that each belongs to.
#pragma once
#include "adder/class/detail/attribute_slots.hpp"

namespace adder::inline ADDER_ABI::detail {

// clang-format off
template <> struct Slot<"__neg__"> : UnarySlot<Py_nb_negative> {};
template <> struct Slot<"__pos__"> : UnarySlot<Py_nb_positive> {};
template <> struct Slot<"__abs__"> : UnarySlot<Py_nb_absolute> {};
template <> struct Slot<"__invert__"> : UnarySlot<Py_nb_invert> {};
template <> struct Slot<"__int__"> : UnarySlot<Py_nb_int, PyInt> {};
template <> struct Slot<"__float__"> : UnarySlot<Py_nb_float, PyFloat> {};
template <> struct Slot<"__index__"> : UnarySlot<Py_nb_index, PyInt> {};
template <> struct Slot<"__add__"> : BinarySlot<Py_nb_add, Side::left> {};
template <> struct Slot<"__radd__"> : BinarySlot<Py_nb_add, Side::right> {};
template <> struct Slot<"__sub__"> : BinarySlot<Py_nb_subtract, Side::left> {};
template <> struct Slot<"__rsub__"> : BinarySlot<Py_nb_subtract, Side::right> {};
template <> struct Slot<"__mul__"> : BinarySlot<Py_nb_multiply, Side::left> {};
template <> struct Slot<"__rmul__"> : BinarySlot<Py_nb_multiply, Side::right> {};
template <> struct Slot<"__matmul__"> : BinarySlot<Py_nb_matrix_multiply, Side::left> {};
template <> struct Slot<"__rmatmul__"> : BinarySlot<Py_nb_matrix_multiply, Side::right> {};
template <> struct Slot<"__truediv__"> : BinarySlot<Py_nb_true_divide, Side::left> {};
template <> struct Slot<"__rtruediv__"> : BinarySlot<Py_nb_true_divide, Side::right> {};
template <> struct Slot<"__floordiv__"> : BinarySlot<Py_nb_floor_divide, Side::left> {};
template <> struct Slot<"__rfloordiv__"> : BinarySlot<Py_nb_floor_divide, Side::right> {};
template <> struct Slot<"__mod__"> : BinarySlot<Py_nb_remainder, Side::left> {};
template <> struct Slot<"__rmod__"> : BinarySlot<Py_nb_remainder, Side::right> {};
template <> struct Slot<"__divmod__"> : BinarySlot<Py_nb_divmod, Side::left> {};
template <> struct Slot<"__rdivmod__"> : BinarySlot<Py_nb_divmod, Side::right> {};
template <> struct Slot<"__lshift__"> : BinarySlot<Py_nb_lshift, Side::left> {};
template <> struct Slot<"__rlshift__"> : BinarySlot<Py_nb_lshift, Side::right> {};
template <> struct Slot<"__rshift__"> : BinarySlot<Py_nb_rshift, Side::left> {};
template <> struct Slot<"__rrshift__"> : BinarySlot<Py_nb_rshift, Side::right> {};
template <> struct Slot<"__and__"> : BinarySlot<Py_nb_and, Side::left> {};
template <> struct Slot<"__rand__"> : BinarySlot<Py_nb_and, Side::right> {};
template <> struct Slot<"__xor__"> : BinarySlot<Py_nb_xor, Side::left> {};
template <> struct Slot<"__rxor__"> : BinarySlot<Py_nb_xor, Side::right> {};
template <> struct Slot<"__or__"> : BinarySlot<Py_nb_or, Side::left> {};
template <> struct Slot<"__ror__"> : BinarySlot<Py_nb_or, Side::right> {};
template <> struct Slot<"__pow__"> : PowerSlot<Side::left> {};
template <> struct Slot<"__rpow__"> : PowerSlot<Side::right> {};
template <> struct Slot<"__iadd__"> : InPlaceSlot<Py_nb_inplace_add> {};
template <> struct Slot<"__isub__"> : InPlaceSlot<Py_nb_inplace_subtract> {};
template <> struct Slot<"__imul__"> : InPlaceSlot<Py_nb_inplace_multiply> {};
template <> struct Slot<"__imatmul__"> : InPlaceSlot<Py_nb_inplace_matrix_multiply> {};
template <> struct Slot<"__itruediv__"> : InPlaceSlot<Py_nb_inplace_true_divide> {};
template <> struct Slot<"__ifloordiv__"> : InPlaceSlot<Py_nb_inplace_floor_divide> {};
template <> struct Slot<"__imod__"> : InPlaceSlot<Py_nb_inplace_remainder> {};
template <> struct Slot<"__ilshift__"> : InPlaceSlot<Py_nb_inplace_lshift> {};
template <> struct Slot<"__irshift__"> : InPlaceSlot<Py_nb_inplace_rshift> {};
template <> struct Slot<"__iand__"> : InPlaceSlot<Py_nb_inplace_and> {};
template <> struct Slot<"__ixor__"> : InPlaceSlot<Py_nb_inplace_xor> {};
template <> struct Slot<"__ior__"> : InPlaceSlot<Py_nb_inplace_or> {};
template <> struct Slot<"__ipow__"> : InPlacePowerSlot {};

template <> struct Slot<"__lt__"> : ComparisonSlot<Py_LT> {};
template <> struct Slot<"__le__"> : ComparisonSlot<Py_LE> {};
template <> struct Slot<"__eq__"> : ComparisonSlot<Py_EQ> {};
template <> struct Slot<"__ne__"> : ComparisonSlot<Py_NE> {};
template <> struct Slot<"__gt__"> : ComparisonSlot<Py_GT> {};
template <> struct Slot<"__ge__"> : ComparisonSlot<Py_GE> {};
template <> struct Slot<"__richcmp__"> : RichCompareSlot {};
template <> struct Slot<"__hash__"> : HashSlot {};

template <> struct Slot<"__getitem__"> : GetItemSlot {};
template <> struct Slot<"__setitem__"> : SettingSlot<Py_mp_ass_subscript> {};
template <> struct Slot<"__delitem__"> : DeletingSlot<Py_mp_ass_subscript> {};
template <> struct Slot<"__contains__"> : ContainsSlot {};
template <> struct Slot<"__concat__"> : ConcatSlot<Py_sq_concat> {};
template <> struct Slot<"__inplace_concat__"> : ConcatSlot<Py_sq_inplace_concat> {};
template <> struct Slot<"__repeat__"> : RepeatSlot<Py_sq_repeat> {};
template <> struct Slot<"__inplace_repeat__"> : RepeatSlot<Py_sq_inplace_repeat> {};
template <> struct Slot<"__iter__"> : UnarySlot<Py_tp_iter> {};
template <> struct Slot<"__next__"> : NextSlot<Py_tp_iternext> {};
template <> struct Slot<"__await__"> : UnarySlot<Py_am_await> {};
template <> struct Slot<"__aiter__"> : UnarySlot<Py_am_aiter> {};
template <> struct Slot<"__anext__"> : NextSlot<Py_am_anext> {};
template <> struct Slot<"__call__"> : CallSlot {};

template <> struct Slot<"__getattribute__"> : AttributeSlot<Asked::always> {};
template <> struct Slot<"__getattr__"> : AttributeSlot<Asked::if_missing> {};
template <> struct Slot<"__setattr__"> : SettingSlot<Py_tp_setattro> {};
template <> struct Slot<"__delattr__"> : DeletingSlot<Py_tp_setattro> {};
template <> struct Slot<"__get__"> : DescriptorGetSlot {};
template <> struct Slot<"__set__"> : SettingSlot<Py_tp_descr_set> {};
template <> struct Slot<"__delete__"> : DeletingSlot<Py_tp_descr_set> {};

template <> struct Slot<"__format__"> : NamedDunder<1, 1, PyString> {};
template <> struct Slot<"__bytes__"> : NamedDunder<0, 0, PyBytes> {};
template <> struct Slot<"__fspath__"> : NamedDunder<0, 0, PyString> {};
template <> struct Slot<"__dir__"> : NamedDunder<0, 0> {};
template <> struct Slot<"__sizeof__"> : NamedDunder<0, 0, PyInt> {};
template <> struct Slot<"__length_hint__"> : NamedDunder<0, 0, PyInt> {};
template <> struct Slot<"__reversed__"> : NamedDunder<0, 0> {};
template <> struct Slot<"__round__"> : NamedDunder<0, 1> {};
template <> struct Slot<"__trunc__"> : NamedDunder<0, 0> {};
template <> struct Slot<"__floor__"> : NamedDunder<0, 0> {};
template <> struct Slot<"__ceil__"> : NamedDunder<0, 0> {};
template <> struct Slot<"__complex__"> : NamedDunder<0, 0> {};
template <> struct Slot<"__missing__"> : NamedDunder<1, 1> {};
template <> struct Slot<"__enter__"> : NamedDunder<0, 0> {};
template <> struct Slot<"__exit__"> : NamedDunder<3, 3> {};
template <> struct Slot<"__aenter__"> : NamedDunder<0, 0> {};
template <> struct Slot<"__aexit__"> : NamedDunder<3, 3> {};
template <> struct Slot<"__set_name__"> : NamedDunder<2, 2> {};
template <> struct Slot<"__copy__"> : NamedDunder<0, 0> {};
template <> struct Slot<"__deepcopy__"> : NamedDunder<1, 1> {};
template <> struct Slot<"__replace__"> : NamedDunder<0, 255> {};
template <> struct Slot<"__reduce__"> : NamedDunder<0, 0> {};
template <> struct Slot<"__reduce_ex__"> : NamedDunder<1, 1> {};
template <> struct Slot<"__getstate__"> : NamedDunder<0, 0> {};
template <> struct Slot<"__setstate__"> : NamedDunder<1, 1> {};
template <> struct Slot<"__getnewargs__"> : NamedDunder<0, 0> {};
template <> struct Slot<"__getnewargs_ex__"> : NamedDunder<0, 0> {};
template <> struct Slot<"__class_getitem__"> : NamedDunder<1, 1, PyAny, true> {};
template <> struct Slot<"__init_subclass__"> : NamedDunder<0, 255, PyAny, true> {};
// clang-format on

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/class/detail/protocol_slots_inl.hpp"
#endif
