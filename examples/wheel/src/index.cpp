// SPDX-License-Identifier: MIT
#include "bindings.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

std::vector<std::pair<std::u32string, std::size_t>> Index::near(const std::u32string& word, std::size_t at_most) const {
  std::vector<std::pair<std::u32string, std::size_t>> found;
  for (const std::u32string& candidate : words) {
    const std::size_t edits = distance(word, candidate);
    if (edits <= at_most) found.emplace_back(candidate, edits);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return found;
}

void adder::PyClass<Index>::define(ClassBuilder<Index>& cls) {
  cls.def_new<std::vector<std::u32string>>(arg("words"));
  cls.def<"__len__", &Index::size>();
  cls.def<&Index::near>("near", arg("word"), arg("at_most") = 2, release_gil,
                        "The words that are near, and how far they are, the nearest first.");
}

void bind_index(adder::ModuleBuilder& m) { m.add_class<Index>(); }
