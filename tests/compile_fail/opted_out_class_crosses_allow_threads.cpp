// SPDX-License-Identifier: MIT
// A class whose author says that it is tied to the GIL does not cross allow_threads.
// EXPECT: not Ungil: it is, or holds, something tied to the GIL
// EXPECT: is_ungil<(const )?Cursor
#include "adder/adder.hpp"

#include <type_traits>

using namespace adder;

struct Cursor {
  int id;
};

#if ADDER_MUST_NOT_COMPILE
template <>
struct adder::UngilTraits<Cursor> : std::false_type {};
#endif

void probe(Python py, const Cursor& cursor) {
  py.allow_threads([](const auto&) {}, cursor);
}
