// SPDX-License-Identifier: MIT
// A PyResult holds a value, never a reference.
// EXPECT: a PyResult holds a value
#include "adder/adder.hpp"

#include <string>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
PyResult<int&> find(const int& key) { return PyKeyError::new_err(std::to_string(key)); }
#else
PyResult<int*> find(const int& key) { return PyKeyError::new_err(std::to_string(key)); }
#endif
