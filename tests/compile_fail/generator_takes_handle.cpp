// SPDX-License-Identifier: MIT
// The same of a handle that is of use during the call only: a Py keeps the object.
// EXPECT: adder: a coroutine that returns a Generator runs when its call is over, and so are the handles and borrows
#include "adder/adder.hpp"
#include "adder/class/generator.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
Generator<int> numbers(Bound<PyAny> object) {
  for (const auto& item : object) co_yield item.extract<int>();
}
#else
Generator<int> numbers(Python py, Py<PyAny> object) {
  for (const auto& item : object.bind(py)) co_yield item.extract<int>();
}
#endif
