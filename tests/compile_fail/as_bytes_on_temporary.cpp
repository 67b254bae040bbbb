// SPDX-License-Identifier: MIT
// The bytes of a temporary would be gone when they are looked at.
// EXPECT: (use of deleted function .*as_bytes|call to deleted member function 'as_bytes')
#include "adder/adder.hpp"

#include <cstddef>
#include <span>
using namespace adder;
std::size_t probe(const Bound<PyString>& text) {
#if ADDER_MUST_NOT_COMPILE
  const std::span<const std::byte> bytes = text.encode_utf8().as_bytes();
#else
  const auto encoded = text.encode_utf8();
  const std::span<const std::byte> bytes = encoded.as_bytes();
#endif
  return bytes.size();
}
