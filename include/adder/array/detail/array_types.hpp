// SPDX-License-Identifier: MIT
/// @file
/// @brief The Python types of arrays and buffers, for stub files; see typing/python_type.hpp.
///
/// What takes an array takes it from anything that exports its memory. Type checkers get numpy's types, which say what
/// the items are: they have no name for a tensor of `float64` from whatever library.
#pragma once
#include "adder/array/constraints.hpp"
#include "adder/array/element.hpp"
#include "adder/typing/class_notes.hpp"

#include <string>
#include <type_traits>

namespace adder::inline ADDER_ABI {
template <class T, class... Constraints>
class Array;  // array.hpp
template <class T, class... Constraints>
class OwnedArray;  // owned_array.hpp
class PyUntypedBuffer;
template <class T>
class PyBuffer;  // buffer.hpp

namespace detail {

template <class T>
class VectorArgument;  // vectorize.hpp

/// "numpy.typing.NDArray[numpy.float64]"
template <class T>
std::string numpy_array_text() {
  constexpr ElementKind kind = scalar_kind<std::remove_cv_t<T>>();
  std::string item = "typing.Any";
  if constexpr (kind == ElementKind::boolean) {
    item = "numpy.bool_";
  } else if constexpr (kind == ElementKind::unknown) {
    item = "numpy.void";
  } else if constexpr (kind == ElementKind::real && sizeof(T) > 8) {
    item = "numpy.longdouble";
  } else if constexpr (kind != ElementKind::byte && kind != ElementKind::brain_float) {
    item = std::string("numpy.") + element_info<std::remove_cv_t<T>>().name;
  }
  return "numpy.typing.NDArray[" + item + "]";
}

/// What memory becomes that Python gets.
template <class T>
std::string array_result_text(ArrayResult as) {
  return as == ArrayResult::numpy ? numpy_array_text<T>() : as == ArrayResult::memoryview ? "memoryview" : buffer_name;
}

/// A single item of an array.
template <class T>
std::string number_text() {
  constexpr ElementKind kind = scalar_kind<std::remove_cv_t<T>>();
  if constexpr (kind == ElementKind::boolean) {
    return "bool";
  } else if constexpr (kind == ElementKind::integer || kind == ElementKind::unsigned_integer) {
    return "int";
  } else if constexpr (kind == ElementKind::real || kind == ElementKind::brain_float) {
    return "float";
  } else if constexpr (kind == ElementKind::complex) {
    return "complex";
  } else {
    return "typing.Any";
  }
}

template <class T, class... C>
struct PythonType<Array<T, C...>> {
  static constexpr ArrayForm form = form_of<C...>;
  static std::string input() {
    if (form.device != DeviceType::cpu) return "typing.Any";  // What has `__dlpack__`.
    std::string array = numpy_array_text<T>();
    if (form.constraints == 0 && std::is_const_v<T>) return array;
    const ArrayRequest request{&element_info<std::remove_cv_t<T>>(), &form_of<C...>, !std::is_const_v<T>};
    return "typing.Annotated[" + array + ", \"" + request_in_words(request) + "\"]";
  }
  static std::string output() { return input(); }
  /// Of an argument with convert().
  static std::string converted() { return "numpy.typing.ArrayLike"; }
};
template <class T, class... C>
struct PythonType<OwnedArray<T, C...>> : SameType<PythonType<OwnedArray<T, C...>>> {
  static std::string text() { return array_result_text<T>(form_of<C...>.result); }
};
template <>
struct PythonType<PyUntypedBuffer> : NamedType<"typing_extensions.Buffer"> {};
template <class T>
struct PythonType<PyBuffer<T>> : NamedType<"typing_extensions.Buffer"> {};

/// A number, or an array of a type that numpy converts safely.
template <class T>
struct PythonType<VectorArgument<T>> : SameType<PythonType<VectorArgument<T>>> {
  static std::string text() { return union_of({number_text<T>(), "numpy.typing.NDArray[typing.Any]"}); }
};
}  // namespace detail
}  // namespace adder::inline ADDER_ABI
