// SPDX-License-Identifier: MIT
/// @file
/// @brief The dunder names, and the type slot that each belongs to.
#pragma once
#include "adder/class/detail/attribute_slots.hpp"

namespace adder::inline ADDER_ABI::detail {

// clang-format off
template <> struct Slot<"__neg__"> { using type = UnarySlot<Py_nb_negative>; };
template <> struct Slot<"__pos__"> { using type = UnarySlot<Py_nb_positive>; };
template <> struct Slot<"__abs__"> { using type = UnarySlot<Py_nb_absolute>; };
template <> struct Slot<"__invert__"> { using type = UnarySlot<Py_nb_invert>; };
template <> struct Slot<"__int__"> { using type = UnarySlot<Py_nb_int, PyInt>; };
template <> struct Slot<"__float__"> { using type = UnarySlot<Py_nb_float, PyFloat>; };
template <> struct Slot<"__index__"> { using type = UnarySlot<Py_nb_index, PyInt>; };
template <> struct Slot<"__add__"> { using type = BinarySlot<Py_nb_add, Side::left>; };
template <> struct Slot<"__radd__"> { using type = BinarySlot<Py_nb_add, Side::right>; };
template <> struct Slot<"__sub__"> { using type = BinarySlot<Py_nb_subtract, Side::left>; };
template <> struct Slot<"__rsub__"> { using type = BinarySlot<Py_nb_subtract, Side::right>; };
template <> struct Slot<"__mul__"> { using type = BinarySlot<Py_nb_multiply, Side::left>; };
template <> struct Slot<"__rmul__"> { using type = BinarySlot<Py_nb_multiply, Side::right>; };
template <> struct Slot<"__matmul__"> { using type = BinarySlot<Py_nb_matrix_multiply, Side::left>; };
template <> struct Slot<"__rmatmul__"> { using type = BinarySlot<Py_nb_matrix_multiply, Side::right>; };
template <> struct Slot<"__truediv__"> { using type = BinarySlot<Py_nb_true_divide, Side::left>; };
template <> struct Slot<"__rtruediv__"> { using type = BinarySlot<Py_nb_true_divide, Side::right>; };
template <> struct Slot<"__floordiv__"> { using type = BinarySlot<Py_nb_floor_divide, Side::left>; };
template <> struct Slot<"__rfloordiv__"> { using type = BinarySlot<Py_nb_floor_divide, Side::right>; };
template <> struct Slot<"__mod__"> { using type = BinarySlot<Py_nb_remainder, Side::left>; };
template <> struct Slot<"__rmod__"> { using type = BinarySlot<Py_nb_remainder, Side::right>; };
template <> struct Slot<"__divmod__"> { using type = BinarySlot<Py_nb_divmod, Side::left>; };
template <> struct Slot<"__rdivmod__"> { using type = BinarySlot<Py_nb_divmod, Side::right>; };
template <> struct Slot<"__lshift__"> { using type = BinarySlot<Py_nb_lshift, Side::left>; };
template <> struct Slot<"__rlshift__"> { using type = BinarySlot<Py_nb_lshift, Side::right>; };
template <> struct Slot<"__rshift__"> { using type = BinarySlot<Py_nb_rshift, Side::left>; };
template <> struct Slot<"__rrshift__"> { using type = BinarySlot<Py_nb_rshift, Side::right>; };
template <> struct Slot<"__and__"> { using type = BinarySlot<Py_nb_and, Side::left>; };
template <> struct Slot<"__rand__"> { using type = BinarySlot<Py_nb_and, Side::right>; };
template <> struct Slot<"__xor__"> { using type = BinarySlot<Py_nb_xor, Side::left>; };
template <> struct Slot<"__rxor__"> { using type = BinarySlot<Py_nb_xor, Side::right>; };
template <> struct Slot<"__or__"> { using type = BinarySlot<Py_nb_or, Side::left>; };
template <> struct Slot<"__ror__"> { using type = BinarySlot<Py_nb_or, Side::right>; };
template <> struct Slot<"__pow__"> { using type = PowerSlot<Side::left>; };
template <> struct Slot<"__rpow__"> { using type = PowerSlot<Side::right>; };
template <> struct Slot<"__iadd__"> { using type = InPlaceSlot<Py_nb_inplace_add>; };
template <> struct Slot<"__isub__"> { using type = InPlaceSlot<Py_nb_inplace_subtract>; };
template <> struct Slot<"__imul__"> { using type = InPlaceSlot<Py_nb_inplace_multiply>; };
template <> struct Slot<"__imatmul__"> { using type = InPlaceSlot<Py_nb_inplace_matrix_multiply>; };
template <> struct Slot<"__itruediv__"> { using type = InPlaceSlot<Py_nb_inplace_true_divide>; };
template <> struct Slot<"__ifloordiv__"> { using type = InPlaceSlot<Py_nb_inplace_floor_divide>; };
template <> struct Slot<"__imod__"> { using type = InPlaceSlot<Py_nb_inplace_remainder>; };
template <> struct Slot<"__ilshift__"> { using type = InPlaceSlot<Py_nb_inplace_lshift>; };
template <> struct Slot<"__irshift__"> { using type = InPlaceSlot<Py_nb_inplace_rshift>; };
template <> struct Slot<"__iand__"> { using type = InPlaceSlot<Py_nb_inplace_and>; };
template <> struct Slot<"__ixor__"> { using type = InPlaceSlot<Py_nb_inplace_xor>; };
template <> struct Slot<"__ior__"> { using type = InPlaceSlot<Py_nb_inplace_or>; };
template <> struct Slot<"__ipow__"> { using type = InPlacePowerSlot; };

template <> struct Slot<"__lt__"> { using type = ComparisonSlot<Py_LT>; };
template <> struct Slot<"__le__"> { using type = ComparisonSlot<Py_LE>; };
template <> struct Slot<"__eq__"> { using type = ComparisonSlot<Py_EQ>; };
template <> struct Slot<"__ne__"> { using type = ComparisonSlot<Py_NE>; };
template <> struct Slot<"__gt__"> { using type = ComparisonSlot<Py_GT>; };
template <> struct Slot<"__ge__"> { using type = ComparisonSlot<Py_GE>; };
template <> struct Slot<"__richcmp__"> { using type = RichCompareSlot; };
template <> struct Slot<"__hash__"> { using type = HashSlot; };

template <> struct Slot<"__getitem__"> { using type = GetItemSlot; };
template <> struct Slot<"__setitem__"> { using type = SettingSlot<Py_mp_ass_subscript>; };
template <> struct Slot<"__delitem__"> { using type = DeletingSlot<Py_mp_ass_subscript>; };
template <> struct Slot<"__contains__"> { using type = ContainsSlot; };
template <> struct Slot<"__concat__"> { using type = ConcatSlot<Py_sq_concat>; };
template <> struct Slot<"__inplace_concat__"> { using type = ConcatSlot<Py_sq_inplace_concat>; };
template <> struct Slot<"__repeat__"> { using type = RepeatSlot<Py_sq_repeat>; };
template <> struct Slot<"__inplace_repeat__"> { using type = RepeatSlot<Py_sq_inplace_repeat>; };
template <> struct Slot<"__iter__"> { using type = UnarySlot<Py_tp_iter>; };
template <> struct Slot<"__next__"> { using type = NextSlot<Py_tp_iternext>; };
template <> struct Slot<"__await__"> { using type = UnarySlot<Py_am_await>; };
template <> struct Slot<"__aiter__"> { using type = UnarySlot<Py_am_aiter>; };
template <> struct Slot<"__anext__"> { using type = NextSlot<Py_am_anext>; };
template <> struct Slot<"__call__"> { using type = CallSlot; };

template <> struct Slot<"__getattribute__"> { using type = AttributeSlot<Asked::always>; };
template <> struct Slot<"__getattr__"> { using type = AttributeSlot<Asked::if_missing>; };
template <> struct Slot<"__setattr__"> { using type = SettingSlot<Py_tp_setattro>; };
template <> struct Slot<"__delattr__"> { using type = DeletingSlot<Py_tp_setattro>; };
template <> struct Slot<"__get__"> { using type = DescriptorGetSlot; };
template <> struct Slot<"__set__"> { using type = SettingSlot<Py_tp_descr_set>; };
template <> struct Slot<"__delete__"> { using type = DeletingSlot<Py_tp_descr_set>; };

template <> struct Slot<"__format__"> { using type = NamedDunder<1, 1, PyString>; };
template <> struct Slot<"__bytes__"> { using type = NamedDunder<0, 0, PyBytes>; };
template <> struct Slot<"__fspath__"> { using type = NamedDunder<0, 0, PyString>; };
template <> struct Slot<"__dir__"> { using type = NamedDunder<0, 0>; };
template <> struct Slot<"__sizeof__"> { using type = NamedDunder<0, 0, PyInt>; };
template <> struct Slot<"__length_hint__"> { using type = NamedDunder<0, 0, PyInt>; };
template <> struct Slot<"__reversed__"> { using type = NamedDunder<0, 0>; };
template <> struct Slot<"__round__"> { using type = NamedDunder<0, 1>; };
template <> struct Slot<"__trunc__"> { using type = NamedDunder<0, 0>; };
template <> struct Slot<"__floor__"> { using type = NamedDunder<0, 0>; };
template <> struct Slot<"__ceil__"> { using type = NamedDunder<0, 0>; };
template <> struct Slot<"__complex__"> { using type = NamedDunder<0, 0>; };
template <> struct Slot<"__missing__"> { using type = NamedDunder<1, 1>; };
template <> struct Slot<"__enter__"> { using type = NamedDunder<0, 0>; };
template <> struct Slot<"__exit__"> { using type = NamedDunder<3, 3>; };
template <> struct Slot<"__aenter__"> { using type = NamedDunder<0, 0>; };
template <> struct Slot<"__aexit__"> { using type = NamedDunder<3, 3>; };
template <> struct Slot<"__set_name__"> { using type = NamedDunder<2, 2>; };
template <> struct Slot<"__copy__"> { using type = NamedDunder<0, 0>; };
template <> struct Slot<"__deepcopy__"> { using type = NamedDunder<1, 1>; };
template <> struct Slot<"__replace__"> { using type = NamedDunder<0, 255>; };
template <> struct Slot<"__reduce__"> { using type = NamedDunder<0, 0>; };
template <> struct Slot<"__reduce_ex__"> { using type = NamedDunder<1, 1>; };
template <> struct Slot<"__getstate__"> { using type = NamedDunder<0, 0>; };
template <> struct Slot<"__setstate__"> { using type = NamedDunder<1, 1>; };
template <> struct Slot<"__getnewargs__"> { using type = NamedDunder<0, 0>; };
template <> struct Slot<"__getnewargs_ex__"> { using type = NamedDunder<0, 0>; };
template <> struct Slot<"__class_getitem__"> { using type = NamedDunder<1, 1, PyAny, true>; };
template <> struct Slot<"__init_subclass__"> { using type = NamedDunder<0, 255, PyAny, true>; };
// clang-format on

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/class/detail/protocol_slots_inl.hpp"
#endif
