// SPDX-License-Identifier: MIT
// The value of a mutex outlives the call that fills it.
// EXPECT: adder: a PyMutex keeps its value: a pointer, reference or view in it may lead to what is gone
#include "adder/adder.hpp"
#include "adder/sync/py_mutex.hpp"

#include <map>
#include <string>
#include <string_view>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
using Key = std::string_view;
#else
using Key = std::string;
#endif

adder::PyMutex<std::map<Key, int>> numbers;

void probe(Python py, std::string_view name) { (*numbers.lock(py).operator->())[Key(name)] = 1; }
