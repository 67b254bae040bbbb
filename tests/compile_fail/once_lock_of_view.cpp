// SPDX-License-Identifier: MIT
// A lock outlives what its initialiser looked at. A class whose author vouches for its pointer may be held.
// EXPECT: adder: a PyOnceLock keeps its value: a pointer, reference or view in it may lead to what is gone
#include "adder/adder.hpp"
#include "adder/sync/once_lock.hpp"

#include <type_traits>

using namespace adder;

struct Word {
  const char* text;
};
#if !ADDER_MUST_NOT_COMPILE
template <>
struct adder::ViewTraits<Word> : std::false_type {};  // Words are literals.
#endif

const char* probe(Python py) {
  static constinit PyOnceLock<Word> lock;
  return lock.get_or_init(py, [] { return Word{"text"}; }).text;
}
