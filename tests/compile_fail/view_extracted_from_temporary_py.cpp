// SPDX-License-Identifier: MIT
// A view extracted from a temporary Py would point into an object that is gone.
// EXPECT: adder: the view would die with the temporary
#include "adder/adder.hpp"

#include <cstddef>
#include <string_view>
#include <utility>
using namespace adder;
#if ADDER_MUST_NOT_COMPILE
std::size_t probe(Python py, Py<PyAny> text) { return std::move(text).extract<std::string_view>(py).size(); }
#else
std::size_t probe(Python py, Py<PyAny> text) { return text.extract<std::string_view>(py).size(); }
#endif
