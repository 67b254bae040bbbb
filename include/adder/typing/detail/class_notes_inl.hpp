// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of class_notes.hpp.
#pragma once
#include "adder/typing/class_notes.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace adder::inline ADDER_ABI::detail {

ADDER_FUNC void enter_dunder(Note note, std::string_view dunder, const DunderRule& rule) {
  if (dunder == "__richcmp__") {  // Which comparison it is, is no argument in Python.
    for (NotedSignature& signature : note.signatures) {
      if (signature.parameters.size() > 1) signature.parameters.resize(1);
    }
  }
  const auto enter = [&](std::string_view name) {
    Note one = note;
    one.name = std::string(name);
    if (rule_of_dunder(name).takes_anything) {
      for (NotedSignature& signature : one.signatures) {
        for (NotedParameter& parameter : signature.parameters) parameter.type = &anything_text;
      }
    }
    type_notes().push_back(std::move(one));
  };
  if (rule.names[0].empty()) return enter(dunder);
  for (const std::string_view name : rule.names) {
    if (!name.empty()) enter(name);
  }
}

ADDER_FUNC void note_tuple(TypeTeller class_name, const std::vector<std::pair<std::string_view, TypeTeller>>& fields) {
  for (const auto& [name, type] : fields) {
    Note note;
    note.owner.class_name = class_name;
    note.kind = "getter";
    note.name = name;
    note.type = type;
    type_notes().push_back(std::move(note));
  }
}

}  // namespace adder::inline ADDER_ABI::detail
