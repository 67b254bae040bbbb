// SPDX-License-Identifier: MIT
// The module that the projects of this folder build.
#include <adder/adder.hpp>

using namespace adder;

int add(int a, int b) { return a + b; }

ADDER_MODULE(hello, m) { m.def<&add>("add", arg("a"), arg("b")); }
