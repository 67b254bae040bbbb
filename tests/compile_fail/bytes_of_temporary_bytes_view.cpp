// SPDX-License-Identifier: MIT
// The memory is held as long as the BytesView lives, which of a temporary is to the end of the line.
// EXPECT: (use of deleted function|attempt to use a deleted function|call to deleted member function)
#include "adder/adder.hpp"
#include "adder/types/bytes_view.hpp"

#include <cstddef>

using namespace adder;

std::size_t probe(const Bound<PyAny>& object) {
#if ADDER_MUST_NOT_COMPILE
  const auto bytes = BytesView(object).as_bytes();
#else
  const BytesView view(object);
  const auto bytes = view.as_bytes();
#endif
  return bytes.size();
}
