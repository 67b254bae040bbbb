// SPDX-License-Identifier: MIT
/// @file
/// @brief The Python types of what types/ converts: views of bytes, text that is kept, structs field by field. For stub
/// builds.
#pragma once
#include "adder/types/backed.hpp"
#include "adder/types/bytes_view.hpp"
#include "adder/types/fields.hpp"
#include "adder/types/index.hpp"
#include "adder/types/weakref.hpp"
#include "adder/typing/standard.hpp"

#include <string>
#include <type_traits>
#include <vector>

namespace adder::inline ADDER_ABI::detail {

template <>
struct PythonType<BytesView> : NamedType<"typing_extensions.Buffer"> {};
/// Whatever has `__index__`, as for the methods of a list.
template <>
struct PythonType<Index> : NamedTypes<"typing.SupportsIndex", "int"> {};
template <class T>
struct PythonType<PyBacked<T>> : TagType<T> {};
template <>
struct PythonType<PyBacked<PyBytes>> : NamedTypes<"bytes | bytearray", "bytes"> {};

// --- Tags of more than one type --------------------------------------------------------------------------------------

template <>
struct TagType<PySequence> : NamedType<"collections.abc.Sequence[typing.Any]"> {};
template <>
struct TagType<PyMapping> : NamedType<"collections.abc.Mapping[typing.Any, typing.Any]"> {};
template <>
struct TagType<PyIterator> : NamedType<"collections.abc.Iterator[typing.Any]"> {};
/// A weak reference, and a proxy, of whatever.
template <>
struct TagType<PyWeakrefReference> : NamedType<"weakref.ReferenceType[typing.Any]"> {};

// --- Structs and enums -----------------------------------------------------------------------------------------------

/// "float | str", of all fields.
template <Way W, class... F>
std::string union_of_fields() {
  return union_of({type_text<W, typename F::type>()...});
}
template <class T, class... F, Way W>
std::string text_of_fields(const FromItems<T, F...>*, AsksFields<W>) {
  return "collections.abc.Mapping[str, " + union_of_fields<Way::input, F...>() + "]";
}
/// Any object that has the attributes.
template <class T, class... F, Way W>
std::string text_of_fields(const FromAttributes<T, F...>*, AsksFields<W>) {
  return "typing.Any";
}
template <class T, class... F, Way W>
std::string text_of_fields(const IntoItems<T, F...>*, AsksFields<W>) {
  return "dict[str, " + union_of_fields<Way::output, F...>() + "]";
}
/// One of a few numbers.
template <class E, E... Values, Way W>
std::string text_of_fields(const EnumAsInt<E, Values...>*, AsksFields<W>) {
  std::string text;
  ((text += (text.empty() ? "" : ", ") + std::to_string(static_cast<typename EnumAsInt<E, Values...>::Number>(Values))),
   ...);
  return "typing.Literal[" + text + "]";
}
}  // namespace adder::inline ADDER_ABI::detail
