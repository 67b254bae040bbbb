// SPDX-License-Identifier: MIT
/// @file
/// @brief The operators of every Python object, under the names that they have in Python's `operator` module.
#pragma once
#include "adder/object/conversion.hpp"

#include <compare>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief A comparison operator, for rich_compare().
/// @pyo3{CompareOp}
enum class CompareOp : int { lt = Py_LT, le = Py_LE, eq = Py_EQ, ne = Py_NE, gt = Py_GT, ge = Py_GE };

/// @brief Arithmetic and comparison, a part of the method set of every handle.
///
/// Operands are handles, kept alive for the duration, or anything that converts into Python. All may run arbitrary
/// Python code and throw the `PyErr` of what that raises, such as the TypeError for operands that do not go together.
template <class Self>
struct PyOperatorMethods {
  using Where = detail::Location;
  using Any = detail::LateAny<Self>;

  /// @name Arithmetic
  /// @{

  /// @brief `self + other`.
  template <class V>
  Bound<Any> add(V&& other, Where where = Where::current()) const {
    return binary<PyNumber_Add>(std::forward<V>(other), where);
  }
  /// @brief `self - other`.
  template <class V>
  Bound<Any> sub(V&& other, Where where = Where::current()) const {
    return binary<PyNumber_Subtract>(std::forward<V>(other), where);
  }
  /// @brief `self * other`.
  template <class V>
  Bound<Any> mul(V&& other, Where where = Where::current()) const {
    return binary<PyNumber_Multiply>(std::forward<V>(other), where);
  }
  /// @brief `self @ other`.
  template <class V>
  Bound<Any> matmul(V&& other, Where where = Where::current()) const {
    return binary<PyNumber_MatrixMultiply>(std::forward<V>(other), where);
  }
  /// @brief `self / other`.
  template <class V>
  Bound<Any> truediv(V&& other, Where where = Where::current()) const {
    return binary<PyNumber_TrueDivide>(std::forward<V>(other), where);
  }
  /// @brief `self // other`.
  template <class V>
  Bound<Any> floordiv(V&& other, Where where = Where::current()) const {
    return binary<PyNumber_FloorDivide>(std::forward<V>(other), where);
  }
  /// @brief `self % other`.
  template <class V>
  Bound<Any> mod(V&& other, Where where = Where::current()) const {
    return binary<PyNumber_Remainder>(std::forward<V>(other), where);
  }
  /// @brief `divmod(self, other)`.
  template <class V>
  Bound<Any> divmod(V&& other, Where where = Where::current()) const {
    return binary<PyNumber_Divmod>(std::forward<V>(other), where);
  }
  /// @brief `self ** exponent`.
  template <class V>
  Bound<Any> pow(V&& exponent, Where where = Where::current()) const {
    return power<PyNumber_Power>(std::forward<V>(exponent), detail::borrow<Any>(Py_None), where);
  }
  /// @brief `pow(self, exponent, modulus)`; the modulus may be missing: a std::optional.
  template <class V, class M>
    requires(!std::is_same_v<std::remove_cvref_t<M>, Where>)
  Bound<Any> pow(V&& exponent, M&& modulus, Where where = Where::current()) const {
    return power<PyNumber_Power>(std::forward<V>(exponent), std::forward<M>(modulus), where);
  }
  /// @brief `self << other`.
  template <class V>
  Bound<Any> lshift(V&& other, Where where = Where::current()) const {
    return binary<PyNumber_Lshift>(std::forward<V>(other), where);
  }
  /// @brief `self >> other`.
  template <class V>
  Bound<Any> rshift(V&& other, Where where = Where::current()) const {
    return binary<PyNumber_Rshift>(std::forward<V>(other), where);
  }
  /// @brief `self & other`.
  template <class V>
  Bound<Any> and_(V&& other, Where where = Where::current()) const {
    return binary<PyNumber_And>(std::forward<V>(other), where);
  }
  /// @brief `self | other`.
  template <class V>
  Bound<Any> or_(V&& other, Where where = Where::current()) const {
    return binary<PyNumber_Or>(std::forward<V>(other), where);
  }
  /// @brief `self ^ other`. (`xor` is a word of C++.)
  template <class V>
  Bound<Any> xor_(V&& other, Where where = Where::current()) const {
    return binary<PyNumber_Xor>(std::forward<V>(other), where);
  }
  /// @brief `-self`.
  Bound<Any> neg(Where where = Where::current()) const { return unary<PyNumber_Negative>(where); }
  /// @brief `+self`.
  Bound<Any> pos(Where where = Where::current()) const { return unary<PyNumber_Positive>(where); }
  /// @brief `abs(self)`.
  Bound<Any> abs(Where where = Where::current()) const { return unary<PyNumber_Absolute>(where); }
  /// @brief `~self`.
  Bound<Any> invert(Where where = Where::current()) const { return unary<PyNumber_Invert>(where); }
  /// @}

  /// @name In-place arithmetic
  /// The result is the object to go on with: `x = x.iadd(1)`. It is the changed object itself where that is mutable.
  /// @{

  /// @brief `self += other`.
  template <class V>
  Bound<Any> iadd(V&& other, Where where = Where::current()) const {
    return binary<PyNumber_InPlaceAdd>(std::forward<V>(other), where);
  }
  /// @brief `self -= other`.
  template <class V>
  Bound<Any> isub(V&& other, Where where = Where::current()) const {
    return binary<PyNumber_InPlaceSubtract>(std::forward<V>(other), where);
  }
  /// @brief `self *= other`.
  template <class V>
  Bound<Any> imul(V&& other, Where where = Where::current()) const {
    return binary<PyNumber_InPlaceMultiply>(std::forward<V>(other), where);
  }
  /// @brief `self @= other`.
  template <class V>
  Bound<Any> imatmul(V&& other, Where where = Where::current()) const {
    return binary<PyNumber_InPlaceMatrixMultiply>(std::forward<V>(other), where);
  }
  /// @brief `self /= other`.
  template <class V>
  Bound<Any> itruediv(V&& other, Where where = Where::current()) const {
    return binary<PyNumber_InPlaceTrueDivide>(std::forward<V>(other), where);
  }
  /// @brief `self //= other`.
  template <class V>
  Bound<Any> ifloordiv(V&& other, Where where = Where::current()) const {
    return binary<PyNumber_InPlaceFloorDivide>(std::forward<V>(other), where);
  }
  /// @brief `self %= other`.
  template <class V>
  Bound<Any> imod(V&& other, Where where = Where::current()) const {
    return binary<PyNumber_InPlaceRemainder>(std::forward<V>(other), where);
  }
  /// @brief `self **= exponent`.
  template <class V>
  Bound<Any> ipow(V&& exponent, Where where = Where::current()) const {
    return power<PyNumber_InPlacePower>(std::forward<V>(exponent), detail::borrow<Any>(Py_None), where);
  }
  /// @brief `self <<= other`.
  template <class V>
  Bound<Any> ilshift(V&& other, Where where = Where::current()) const {
    return binary<PyNumber_InPlaceLshift>(std::forward<V>(other), where);
  }
  /// @brief `self >>= other`.
  template <class V>
  Bound<Any> irshift(V&& other, Where where = Where::current()) const {
    return binary<PyNumber_InPlaceRshift>(std::forward<V>(other), where);
  }
  /// @brief `self &= other`.
  template <class V>
  Bound<Any> iand(V&& other, Where where = Where::current()) const {
    return binary<PyNumber_InPlaceAnd>(std::forward<V>(other), where);
  }
  /// @brief `self |= other`.
  template <class V>
  Bound<Any> ior(V&& other, Where where = Where::current()) const {
    return binary<PyNumber_InPlaceOr>(std::forward<V>(other), where);
  }
  /// @brief `self ^= other`.
  template <class V>
  Bound<Any> ixor(V&& other, Where where = Where::current()) const {
    return binary<PyNumber_InPlaceXor>(std::forward<V>(other), where);
  }
  /// @}

  /// @name Comparison
  /// @{

  /// @brief What the comparison gives, which need not be a bool.
  /// @pyo3{PyAny::rich_compare}
  template <class V>
  Bound<Any> rich_compare(V&& other, CompareOp operation, Where where = Where::current()) const {
    const auto left = operand(where);
    const detail::AsArgument<V&&> right(std::forward<V>(other));
    const int op = static_cast<int>(operation);
    // Not PyObject_RichCompareBool: to that, identical objects are always equal.
    return own(detail::guard_unwind(PyObject_RichCompare, left, right.as_ptr(), op), where);
  }
  /// @brief `bool(self == other)`.
  template <class V>
  bool eq(V&& other, Where where = Where::current()) const {
    return compare_truth(std::forward<V>(other), CompareOp::eq, where);
  }
  /// @brief `bool(self != other)`.
  template <class V>
  bool ne(V&& other, Where where = Where::current()) const {
    return compare_truth(std::forward<V>(other), CompareOp::ne, where);
  }
  /// @brief `bool(self < other)`.
  template <class V>
  bool lt(V&& other, Where where = Where::current()) const {
    return compare_truth(std::forward<V>(other), CompareOp::lt, where);
  }
  /// @brief `bool(self <= other)`.
  template <class V>
  bool le(V&& other, Where where = Where::current()) const {
    return compare_truth(std::forward<V>(other), CompareOp::le, where);
  }
  /// @brief `bool(self > other)`.
  template <class V>
  bool gt(V&& other, Where where = Where::current()) const {
    return compare_truth(std::forward<V>(other), CompareOp::gt, where);
  }
  /// @brief `bool(self >= other)`.
  template <class V>
  bool ge(V&& other, Where where = Where::current()) const {
    return compare_truth(std::forward<V>(other), CompareOp::ge, where);
  }
  /// @brief Equal, less or greater, asked in this order.
  /// @throws PyErr  TypeError when it is none of them, such as a NaN.
  /// @pyo3{PyAny::compare}
  template <class V>
  std::weak_ordering compare(V&& other, Where where = Where::current()) const {
    // This handle may be gone after the first question.
    const Bound<Any> self = detail::borrow<Any>(operand(where), where);
    const detail::AsArgument<V&&> right(std::forward<V>(other));
    const Bound<Any> object = detail::borrow<Any>(right.as_ptr(), where);
    if (self.eq(object, where)) return std::weak_ordering::equivalent;
    if (self.lt(object, where)) return std::weak_ordering::less;
    if (self.gt(object, where)) return std::weak_ordering::greater;
    throw detail::no_order(self.as_ptr(), object.as_ptr());
  }
  /// @}

 private:
  ADDER_INLINE detail::KeptAlive operand(Where where) const {
    return detail::HandleAccess::use_alive(static_cast<const Self&>(*this), "used as an operand", where);
  }
  ADDER_INLINE static Bound<Any> own(::PyObject* result, Where where) {
    return detail::steal<Any>(detail::non_null(result), where);
  }
  template <class V>
  bool compare_truth(V&& other, CompareOp operation, Where where) const {
    const Bound<Any> answer = rich_compare(std::forward<V>(other), operation, where);
    return detail::non_negative(detail::guard_unwind(PyObject_IsTrue, answer.as_ptr())) != 0;
  }
  template <auto Operation>
  Bound<Any> unary(Where where) const {
    const auto self = operand(where);
    return own(detail::guard_unwind([&] { return Operation(self); }), where);
  }
  template <auto Operation, class V>
  Bound<Any> binary(V&& other, Where where) const {
    const auto left = operand(where);
    const detail::AsArgument<V&&> right(std::forward<V>(other));
    return own(detail::guard_unwind([&] { return Operation(left, right.as_ptr()); }), where);
  }
  template <auto Operation, class V, class M>
  Bound<Any> power(V&& exponent, M&& modulus, Where where) const {
    const auto left = operand(where);
    [[maybe_unused]] const detail::KeptArguments kept(exponent, modulus);
    const detail::AsArgument<V&&> right(std::forward<V>(exponent));
    const detail::OrNone<M&&> third(std::forward<M>(modulus));
    return own(detail::guard_unwind([&] { return Operation(left, right.as_ptr(), third.as_ptr()); }), where);
  }
};

}  // namespace adder::inline ADDER_ABI
