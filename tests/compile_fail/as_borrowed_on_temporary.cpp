// SPDX-License-Identifier: MIT
// as_borrowed on a temporary would outlive its owner.
// EXPECT: (use of deleted function .*as_borrowed|call to deleted member function .as_borrowed.)
// EXPECT: It would dangle
#include "adder/adder.hpp"

using namespace adder;

bool probe(Python py) {
#if ADDER_MUST_NOT_COMPILE
  const auto object = py.eval("[]").as_borrowed();
#else
  const auto owner = py.eval("[]");
  const auto object = owner.as_borrowed();
#endif
  return object.is_none();
}
