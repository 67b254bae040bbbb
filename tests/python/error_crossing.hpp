// SPDX-License-Identifier: MIT
// What error_thrower_ext and error_catcher_ext have in common.
#pragma once
#include <adder/adder.hpp>

#include <cstdio>

namespace crossing {

inline constexpr const char* name = "error_thrower_ext.interface";

struct Text {
  char text[256] = {};
  void set(const char* from) { std::snprintf(text, sizeof text, "%s", from); }
};

/// C++ functions of one module that the other one calls: errors go through as C++ exceptions and as values.
struct Interface {
  void (*throw_it)(const char* which);
  adder::PyErr (*make_it)(const char* text);
  adder::PyResult<int> (*result_of)(int value);
  /// Whether the thrower's `catch (const PyErr&)` takes what @p function throws.
  bool (*catch_it)(void (*function)(const char*), const char* which, Text* text);
};

}  // namespace crossing
