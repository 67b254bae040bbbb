// SPDX-License-Identifier: MIT
// The owner of an array's memory may die on any thread.
// EXPECT: adder: the owner of an array's memory may be destroyed on any thread: it may not be tied to the GIL
#include "adder/adder.hpp"
#include "adder/array/owned_array.hpp"

#include <cstddef>
#include <span>
#include <utility>

using namespace adder;

struct Owner {
#if ADDER_MUST_NOT_COMPILE
  Bound<PyAny> object;
#else
  Py<PyAny> object;
#endif
};
OwnedArray<const std::byte> probe(std::span<const std::byte> memory, Owner owner) { return {memory, std::move(owner)}; }
