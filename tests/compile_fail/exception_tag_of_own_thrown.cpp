// SPDX-License-Identifier: MIT
// An exception class of one's own is a name as well.
// EXPECT: adder: PyValueError and its kin are names, and no exceptions: throw PyValueError::new_err
#include "adder/adder.hpp"

using namespace adder;

struct ParseError : NewException<"probe.ParseError", PyValueError> {};

int probe(int count) {
#if ADDER_MUST_NOT_COMPILE
  if (count < 0) throw ParseError{};
#else
  if (count < 0) throw ParseError::new_err("the count is negative");
#endif
  return count;
}
