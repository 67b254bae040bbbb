// SPDX-License-Identifier: MIT
// The same classes, bound by reflection. Beside them, what the compiler has to know of private fields.
#include "classes.hpp"

#include <adder/class/pickle.hpp>  // IWYU pragma: keep (def_pickle)
#include <adder/reflect/reflect.hpp>

#include <cstdint>
#include <string>
#include <vector>

using namespace adder;
using namespace geometry;

template <>
inline constexpr bool adder::reflected<^^geometry> = true;
template <>
inline constexpr bool adder::reflected<^^annotated::Perm> = true;

// Options, and what the compiler cannot know.
template <>
struct adder::PyClass<Counter> : adder::Reflected<Counter> {
  static constexpr bool frozen = true;
};
template <>
struct adder::PyClass<annotated::Plain> : adder::Reflected<annotated::Plain, "unwanted", "operator+"> {};
static Money money_from(std::int64_t cents) { return Money(cents); }
template <>
struct adder::PyClass<Money> : adder::Reflected<Money> {
  static void define(ClassBuilder<Money>& cls) {
    Reflected<Money>::define(cls);
    cls.def_pickle<&Money::cents, &money_from>();
  }
};

namespace {

class WithHandle {
  [[maybe_unused]] adder::Bound<adder::PyAny>* handle_ = nullptr;
};
class WithMutable {
  [[maybe_unused]] mutable int count_ = 0;
};
class WithNames {
  [[maybe_unused]] std::vector<std::string> names_;
};
class Unknown {
  [[maybe_unused]] std::vector<std::string> names_;
};

}  // namespace
template <>
struct adder::PyClass<WithHandle> : adder::Reflected<WithHandle> {};
template <>
struct adder::PyClass<WithMutable> : adder::Reflected<WithMutable> {};
template <>
struct adder::PyClass<WithNames> : adder::Reflected<WithNames> {};
// Nobody has said anything of this one.
static_assert(!Ungil<Unknown> && !Sync<Unknown>);
static_assert(!Ungil<WithHandle> && Ungil<WithMutable> && Ungil<WithNames>);
static_assert(Sync<WithNames> && !Sync<WithMutable>);
static_assert(Sync<Counter> && Ungil<Square>);

ADDER_MODULE(reflected_ext, m) {
  m.add_enum<annotated::Perm>();
  m.add_namespace<^^geometry>();
  m.add_class<annotated::Account>();
  m.add_class<annotated::Plain>();
  m.add_namespace<^^tools>();
}
