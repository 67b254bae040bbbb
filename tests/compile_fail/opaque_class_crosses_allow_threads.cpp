// SPDX-License-Identifier: MIT
// A class that cannot be looked into crosses allow_threads only after its author says that it may.
// EXPECT: not Ungil: adder cannot see what it holds
// EXPECT: say so: template <> struct adder::UngilTraits<T> : std::true_type
// EXPECT: is_ungil<const Parser
#include "adder/adder.hpp"

#include <type_traits>

using namespace adder;

class Parser {
 public:
  explicit Parser(int depth) : depth_(depth) {}

 private:
  int depth_;
};

#if !ADDER_MUST_NOT_COMPILE
template <>
struct adder::UngilTraits<Parser> : std::true_type {};
#endif

void probe(Python py, const Parser& parser) {
  py.allow_threads([](const auto&) {}, parser);
}
