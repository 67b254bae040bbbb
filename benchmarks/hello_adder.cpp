// SPDX-License-Identifier: MIT
// The smallest useful module, whose stripped size is in the table.
#include "adder/adder.hpp"

#include <cstdint>

static std::int64_t twice(std::int64_t value) { return 2 * value; }

ADDER_MODULE(hello_adder, m) { m.def<&twice>("twice", adder::arg("value")); }
