// SPDX-License-Identifier: MIT
// What comes back from Python would have lost it.
// EXPECT: adder: NamedTuple<T, ...> leaves a field of the struct out
#include "adder/adder.hpp"
#include "adder/class/named_tuple.hpp"

using namespace adder;

struct Span {
  int from = 0, to = 0;
};
#if ADDER_MUST_NOT_COMPILE
using SpanTuple = NamedTuple<Span, "spans", "Span", Field<"start", &Span::from>>;
#else
using SpanTuple = NamedTuple<Span, "spans", "Span", Field<"start", &Span::from>, Field<"stop", &Span::to>>;
#endif
template <>
struct adder::IntoPyObject<Span> : SpanTuple {};

void probe(Python py) { (void)into_py(py, Span()); }
