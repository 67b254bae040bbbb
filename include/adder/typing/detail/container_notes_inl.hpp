// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of container_notes.hpp.
#pragma once
#include "adder/typing/container_notes.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

ADDER_FUNC std::string filled_signature(std::string_view text, const ContainerTypes& types) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '$' || i + 1 == text.size()) {
      result += text[i];
      continue;
    }
    const char what = text[++i];
    result += what == 'I'   ? types.item_in
              : what == 'O' ? types.item_out
              : what == 'K' ? types.key_in
              : what == 'L' ? types.key_out
                            : types.class_name();
  }
  return result;
}

ADDER_FUNC void retype_container(const ContainerTypes& types, std::span<const ContainerSignature> signatures) {
  for (Note& note : type_notes()) {
    if (note.owner.class_name != types.class_name) continue;
    bool is_first = true;
    for (const ContainerSignature& signature : signatures) {
      if (signature.name != note.name) continue;
      if (is_first) note.signatures.clear();
      is_first = false;
      NotedSignature typed;
      typed.text = filled_signature(signature.text, types);
      note.signatures.push_back(std::move(typed));
    }
  }
}

ADDER_FUNC std::span<const ContainerSignature> list_signatures() {
  static constexpr ContainerSignature all[] = {
      {"__new__", "(cls, iterable: collections.abc.Iterable[$I] = ..., /) -> typing_extensions.Self"},
      {"__getitem__", "(self, index: typing.SupportsIndex, /) -> $O"},
      {"__getitem__", "(self, index: slice, /) -> $C"},
      {"__setitem__", "(self, index: typing.SupportsIndex, value: $I, /) -> None"},
      {"__setitem__", "(self, index: slice, value: collections.abc.Iterable[$I], /) -> None"},
      {"__delitem__", "(self, index: typing.SupportsIndex | slice, /) -> None"},
      {"__iter__", "(self) -> collections.abc.Iterator[$O]"},
      {"__reversed__", "(self) -> collections.abc.Iterator[$O]"},
      {"__iadd__", "(self, other: collections.abc.Iterable[$I], /) -> typing_extensions.Self"},
      {"__eq__", "(self, other: object, /) -> bool"},
      {"__ne__", "(self, other: object, /) -> bool"},
      {"__lt__", "(self, other: $C, /) -> bool"},
      {"__le__", "(self, other: $C, /) -> bool"},
      {"__gt__", "(self, other: $C, /) -> bool"},
      {"__ge__", "(self, other: $C, /) -> bool"},
      {"index", "(self, value: $I, start: int = 0, stop: int = ..., /) -> int"},
      {"count", "(self, value: $I, /) -> int"},
      {"sort",
       "(self, *, key: collections.abc.Callable[[$O], typing.Any] | None = None, reverse: bool = False) -> None"},
      {"copy", "(self) -> $C"},
      {"append", "(self, object: $I, /) -> None"},
      {"extend", "(self, iterable: collections.abc.Iterable[$I], /) -> None"},
      {"insert", "(self, index: typing.SupportsIndex, object: $I, /) -> None"},
      {"pop", "(self, index: typing.SupportsIndex = -1, /) -> $O"},
      {"remove", "(self, value: $I, /) -> None"},
  };
  return all;
}

ADDER_FUNC std::span<const ContainerSignature> dict_signatures() {
  static constexpr ContainerSignature all[] = {
      {"__new__",
       "(cls, iterable: collections.abc.Mapping[$K, $I] | collections.abc.Iterable[tuple[$K, $I]] = ..., /, **kwargs: "
       "$I) "
       "-> typing_extensions.Self"},
      {"__getitem__", "(self, key: $K, /) -> $O"},
      {"__setitem__", "(self, key: $K, value: $I, /) -> None"},
      {"__delitem__", "(self, key: $K, /) -> None"},
      {"__iter__", "(self) -> collections.abc.Iterator[$L]"},
      {"__reversed__", "(self) -> collections.abc.Iterator[$L]"},
      {"__ior__",
       "(self, other: collections.abc.Mapping[$K, $I] | collections.abc.Iterable[tuple[$K, $I]], /) -> "
       "typing_extensions.Self"},
      {"__eq__", "(self, other: object, /) -> bool"},
      {"get", "(self, key: $K, default: None = None, /) -> $O | None"},
      {"get", "(self, key: $K, default: $I, /) -> $O"},
      {"keys", "(self) -> collections.abc.KeysView[$L]"},
      {"values", "(self) -> collections.abc.ValuesView[$O]"},
      {"items", "(self) -> collections.abc.ItemsView[$L, $O]"},
      {"pop", "(self, key: $K, /) -> $O"},
      {"pop", "(self, key: $K, default: $I, /) -> $O"},
      {"popitem", "(self) -> tuple[$L, $O]"},
      {"setdefault", "(self, key: $K, default: $I = ..., /) -> $O"},
      {"update",
       "(self, iterable: collections.abc.Mapping[$K, $I] | collections.abc.Iterable[tuple[$K, $I]] = ..., /, **kwargs: "
       "$I)"
       " -> None"},
      {"copy", "(self) -> $C"},
  };
  return all;
}

ADDER_FUNC std::span<const ContainerSignature> set_signatures() {
  static constexpr ContainerSignature all[] = {
      {"__new__", "(cls, iterable: collections.abc.Iterable[$I] = ..., /) -> typing_extensions.Self"},
      {"__iter__", "(self) -> collections.abc.Iterator[$O]"},
      {"__lt__", "(self, other: collections.abc.Set[typing.Any], /) -> bool"},
      {"__le__", "(self, other: collections.abc.Set[typing.Any], /) -> bool"},
      {"__gt__", "(self, other: collections.abc.Set[typing.Any], /) -> bool"},
      {"__ge__", "(self, other: collections.abc.Set[typing.Any], /) -> bool"},
      {"__eq__", "(self, other: object, /) -> bool"},
      {"__ne__", "(self, other: object, /) -> bool"},
      {"__or__", "(self, other: collections.abc.Set[$I], /) -> $C"},
      {"__ror__", "(self, other: collections.abc.Set[$I], /) -> $C"},
      {"__and__", "(self, other: collections.abc.Set[typing.Any], /) -> $C"},
      {"__rand__", "(self, other: collections.abc.Set[$I], /) -> $C"},
      {"__sub__", "(self, other: collections.abc.Set[typing.Any], /) -> $C"},
      {"__rsub__", "(self, other: collections.abc.Set[$I], /) -> $C"},
      {"__xor__", "(self, other: collections.abc.Set[$I], /) -> $C"},
      {"__rxor__", "(self, other: collections.abc.Set[$I], /) -> $C"},
      {"__ior__", "(self, other: collections.abc.Set[$I], /) -> typing_extensions.Self"},
      {"__iand__", "(self, other: collections.abc.Set[typing.Any], /) -> typing_extensions.Self"},
      {"__isub__", "(self, other: collections.abc.Set[typing.Any], /) -> typing_extensions.Self"},
      {"__ixor__", "(self, other: collections.abc.Set[$I], /) -> typing_extensions.Self"},
      {"add", "(self, elem: $I, /) -> None"},
      {"remove", "(self, elem: $I, /) -> None"},
      {"discard", "(self, elem: $I, /) -> None"},
      {"pop", "(self) -> $O"},
      {"copy", "(self) -> $C"},
      {"isdisjoint", "(self, *args: collections.abc.Iterable[typing.Any]) -> bool"},
      {"issubset", "(self, *args: collections.abc.Iterable[typing.Any]) -> bool"},
      {"issuperset", "(self, *args: collections.abc.Iterable[typing.Any]) -> bool"},
      {"union", "(self, *args: collections.abc.Iterable[$I]) -> $C"},
      {"intersection", "(self, *args: collections.abc.Iterable[typing.Any]) -> $C"},
      {"difference", "(self, *args: collections.abc.Iterable[typing.Any]) -> $C"},
      {"symmetric_difference", "(self, *args: collections.abc.Iterable[$I]) -> $C"},
      {"update", "(self, *args: collections.abc.Iterable[$I]) -> None"},
      {"intersection_update", "(self, *args: collections.abc.Iterable[typing.Any]) -> None"},
      {"difference_update", "(self, *args: collections.abc.Iterable[typing.Any]) -> None"},
      {"symmetric_difference_update", "(self, *args: collections.abc.Iterable[$I]) -> None"},
  };
  return all;
}

}  // namespace adder::inline ADDER_ABI::detail
