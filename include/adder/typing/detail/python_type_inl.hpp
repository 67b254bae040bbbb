// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of python_type.hpp.
#pragma once
#include "adder/typing/python_type.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace adder::inline ADDER_ABI::detail {

ADDER_FUNC std::vector<std::string>& unknown_types() {
  static std::vector<std::string> all;
  return all;
}

ADDER_FUNC std::string unknown_type(std::string_view cpp_name) {
  unknown_types().emplace_back(cpp_name);
  return "typing.Any";
}

/// The members of a union, as far as they stand outside of brackets.
ADDER_FUNC void split_union(std::string_view text, std::vector<std::string>& members) {
  std::size_t begin = 0;
  int open = 0;
  char quote = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char letter = text[i];
    if (quote != '\0') {
      if (letter == quote) quote = '\0';
    } else if (letter == '"' || letter == '\'') {
      quote = letter;
    } else if (letter == '[' || letter == '(') {
      ++open;
    } else if (letter == ']' || letter == ')') {
      --open;
    } else if (letter == '|' && open == 0) {
      members.emplace_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  members.emplace_back(text.substr(begin));
  for (std::string& member : members) {
    member.erase(0, std::min(member.find_first_not_of(' '), member.size()));
    member.erase(member.find_last_not_of(' ') + 1);
  }
}

ADDER_FUNC std::string union_of(const std::vector<std::string>& types) {
  std::vector<std::string> members;
  bool has_none = false;
  for (const std::string& type : types) {
    std::vector<std::string> own;
    split_union(type, own);
    for (std::string& member : own) {
      // Whatever it is besides.
      if (member == "typing.Any" || member == "object") return member;
      if (member == "None") {
        has_none = true;
      } else if (std::find(members.begin(), members.end(), member) == members.end()) {
        members.push_back(std::move(member));
      }
    }
  }
  if (has_none) members.emplace_back("None");
  std::string text;
  for (const std::string& member : members) text.append(text.empty() ? "" : " | ").append(member);
  return text;
}

struct SpecialName {
  std::string_view name;
  std::string_view text;
};

ADDER_FUNC std::string with_items(const std::string& name) {
  // What type checkers have another name for, and what they want the types of items of.
  static constexpr SpecialName special[] = {
      {"_weakref.ReferenceType", "weakref.ReferenceType[typing.Any]"},
      {"builtins.BaseExceptionGroup", "BaseExceptionGroup[typing.Any]"},
      {"builtins.ExceptionGroup", "ExceptionGroup[typing.Any]"},
      {"builtins.NoneType", "None"},
      {"builtins.NotImplementedType", "types.NotImplementedType"},
      {"builtins.PyCapsule", "typing_extensions.CapsuleType"},
      {"builtins.builtin_function_or_method", "types.BuiltinFunctionType"},
      {"builtins.cell", "types.CellType"},
      {"builtins.code", "types.CodeType"},
      {"builtins.dict", "dict[typing.Any, typing.Any]"},
      {"builtins.ellipsis", "types.EllipsisType"},
      {"builtins.frame", "types.FrameType"},
      {"builtins.frozenset", "frozenset[typing.Any]"},
      {"builtins.function", "types.FunctionType"},
      {"builtins.instancemethod", "typing.Any"},
      {"builtins.list", "list[typing.Any]"},
      {"builtins.mappingproxy", "types.MappingProxyType[typing.Any, typing.Any]"},
      {"builtins.method", "types.MethodType"},
      {"builtins.module", "types.ModuleType"},
      {"builtins.set", "set[typing.Any]"},
      {"builtins.traceback", "types.TracebackType"},
      {"builtins.tuple", "tuple[typing.Any, ...]"},
      {"builtins.type", "type[typing.Any]"},
      {"collections.abc.Mapping", "collections.abc.Mapping[typing.Any, typing.Any]"},
      {"collections.abc.Sequence", "collections.abc.Sequence[typing.Any]"},
      {"types.NoneType", "None"},
      {"weakref.ReferenceType", "weakref.ReferenceType[typing.Any]"},
  };
  for (const SpecialName& one : special) {
    if (one.name == name) return std::string(one.text);
  }
  return starts_with(name, "builtins.") ? name.substr(9) : name;
}

ADDER_FUNC std::string name_of_type(::PyTypeObject* type) {
  const auto text_of = [&](const char* name) {
    const Bound<PyAny> value =
        steal(non_null(guard_unwind(PyObject_GetAttrString, reinterpret_cast<::PyObject*>(type), name)));
    const char* text = PyUnicode_Check(value.as_ptr()) ? PyUnicode_AsUTF8(value.as_ptr()) : nullptr;
    PyErr_Clear();
    return std::string(text == nullptr ? "" : text);
  };
  return with_items(text_of("__module__") + "." + text_of("__qualname__"));
}

ADDER_FUNC std::string fill_hint(std::string_view hint, const std::vector<std::string>& types) {
  std::string text;
  std::size_t next = 0;
  for (std::size_t i = 0; i < hint.size(); ++i) {
    const std::vector<std::string> rest(types.begin() + static_cast<std::ptrdiff_t>(next), types.end());
    if (hint.substr(i, 2) == "{}" && !rest.empty()) {
      text += types[next++];
      ++i;
    } else if (hint.substr(i, 3) == "{|}") {
      text += union_of(rest);
      i += 2;
    } else if (hint.substr(i, 3) == "{,}") {
      for (const std::string& type : rest) text.append(&type == rest.data() ? "" : ", ").append(type);
      i += 2;
    } else {
      text += hint[i];
    }
  }
  return text;
}

}  // namespace adder::inline ADDER_ABI::detail
