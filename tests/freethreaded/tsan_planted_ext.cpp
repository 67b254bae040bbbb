// SPDX-License-Identifier: MIT
// A race for the race detector to find: if it does not, its silence about everything else says nothing.
#include <adder/adder.hpp>

using namespace adder;

namespace {
int planted_counter = 0;
}  // namespace

/// Its name has to be in the report.
int planted_race() { return ++planted_counter; }

ADDER_MODULE(tsan_planted_ext, m, gil_not_used) { m.def<&planted_race>("planted_race"); }
