// SPDX-License-Identifier: MIT
// Nobody can see what a lambda has captured, and it may be a handle.
// EXPECT: adder: with_gil may not return a lambda with captures
#include "adder/adder.hpp"

using namespace adder;

int probe() {
#if ADDER_MUST_NOT_COMPILE
  const auto length = Python::with_gil([](Python py) {
    const auto list = py.eval("[1]").extract<Bound<PyList>>();
    return [list] { return static_cast<int>(list.len()); };
  });
  return length();
#else
  const auto result = Python::with_gil([](Python py) {
    struct Length {
      int value;
    };
    return Length{static_cast<int>(py.eval("[1]").extract<Bound<PyList>>().len())};
  });
  const auto nothing = Python::with_gil([](Python) { return [] { return 0; }; });
  return result.value + nothing();
#endif
}
