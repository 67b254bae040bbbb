// SPDX-License-Identifier: MIT
/// @file
/// @brief std::string by name only: `<string>` costs a third of what Python.h does, and most of adder makes none.
///
/// A function that returns one is a template, so that the class has to be complete only where it is called.
#pragma once
#include <iosfwd>       // IWYU pragma: export (std::string)
#include <string_view>  // IWYU pragma: export (std::string)

// There the two headers declare std::string, though no standard says that any does.
#if !defined(__GLIBCXX__) && !defined(_LIBCPP_VERSION)
#include <string>  // IWYU pragma: keep (std::string)
#endif
