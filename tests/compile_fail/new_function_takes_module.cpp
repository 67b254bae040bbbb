// SPDX-License-Identifier: MIT
// A function that is made for no module cannot ask which one it is in.
// EXPECT: adder: a function that takes ThisModule is made for a module
#include "adder/adder.hpp"
#include "adder/function/new_function.hpp"

void look(const adder::ThisModule&) {}

void probe(const adder::Bound<adder::PyModule>& module) {
#if ADDER_MUST_NOT_COMPILE
  (void)adder::new_function<&look>(module.py(), "look");
#else
  (void)adder::new_function<&look>(module, "look");
#endif
}
