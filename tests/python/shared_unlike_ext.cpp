// SPDX-License-Identifier: MIT
// Uses a class of shared_home_ext, and is compiled with run-time checks where that is not, or the other way round.
#if (defined(ADDER_CHECKED) && ADDER_CHECKED) || (!defined(ADDER_CHECKED) && !defined(NDEBUG))
#undef ADDER_CHECKED
#define ADDER_CHECKED 0
#else
#undef ADDER_CHECKED
#define ADDER_CHECKED 1
#endif
#undef ADDER_COMPILED
#define ADDER_COMPILED 0
#include <adder/adder.hpp>
#include <adder/class/shared_from.hpp>

using namespace adder;

namespace shared_classes {
struct Point {
  double x = 0;
};
}  // namespace shared_classes

template <>
struct adder::PyClass<shared_classes::Point> {
  static constexpr auto name = "Point";
  static constexpr auto shared_from = "shared_home_ext";
};

ADDER_MODULE(shared_unlike_ext, m) {
  m.def<[](const shared_classes::Point&) {}>("take_point", arg("point"));
}
