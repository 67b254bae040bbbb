// SPDX-License-Identifier: MIT
// What the files of this module share: each binds its part, and module.cpp calls them all.
#pragma once
#include <adder/adder.hpp>
#include <adder/stl/pair.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/vector.hpp>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

/// How many characters have to be inserted, deleted or replaced to make one text the other.
std::size_t distance(const std::u32string& from, const std::u32string& to);

/// Words that are asked for those like one.
struct Index {
  const std::vector<std::u32string> words;

  std::size_t size() const { return words.size(); }
  /// The words that are at most so far from @p word, with their distances, the nearest first.
  std::vector<std::pair<std::u32string, std::size_t>> near(const std::u32string& word, std::size_t at_most) const;
};

// Each file that gives an Index to Python, or takes one, has to see this. Not so what `define` does.
template <>
struct adder::PyClass<Index> {
  static constexpr auto name = "Index";
  static constexpr auto module = "edits";
  static constexpr auto doc = "Words that are asked for those like one.";
  static constexpr bool frozen = true;  // Threads may share it: nothing in it changes.
  static void define(ClassBuilder<Index>& cls);
};

void bind_distance(adder::ModuleBuilder& m);
void bind_index(adder::ModuleBuilder& m);
