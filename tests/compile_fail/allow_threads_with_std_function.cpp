// SPDX-License-Identifier: MIT
// What a std::function holds cannot be seen: an argument of a function that releases the GIL can cross.
// FIRST: adder: this type is not Ungil: adder cannot see what it holds.*A std::function may cross as a parameter of a function that is bound with release_gil
#include "adder/adder.hpp"
#include "adder/stl/functional.hpp"

#include <functional>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
void f(Python py, const std::function<void()>& g) {
  py.allow_threads([](const std::function<void()>& task) { task(); }, g);
}
void probe(ModuleBuilder& m) { m.def<&f>("f"); }
#else
void f(const std::function<void()>& g) { g(); }
void probe(ModuleBuilder& m) { m.def<&f>("f", release_gil); }
#endif
