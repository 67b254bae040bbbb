// SPDX-License-Identifier: MIT
// PyValueError is the name of a class: what is thrown is made by new_err.
// EXPECT: adder: PyValueError and its kin are names, and no exceptions: throw PyValueError::new_err
#include "adder/adder.hpp"

using namespace adder;

int probe(int count) {
#if ADDER_MUST_NOT_COMPILE
  if (count < 0) throw PyValueError();
#else
  if (count < 0) throw PyValueError::new_err("the count is negative");
#endif
  return count;
}
