// SPDX-License-Identifier: MIT
#include "bindings.hpp"

// gil_not_used: on free-threaded Python the GIL stays off, as functions here share nothing that changes.
ADDER_MODULE(_core, m, adder::gil_not_used) {
  bind_distance(m);
  bind_index(m);
}
