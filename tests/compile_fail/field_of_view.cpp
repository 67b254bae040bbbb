// SPDX-License-Identifier: MIT
// The attribute may be gone before the struct is used.
// EXPECT: a view in a struct would outlive
#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "adder/types/fields.hpp"

#include <cstddef>
#include <string>
#include <string_view>

struct Named {
#if ADDER_MUST_NOT_COMPILE
  std::string_view name;
#else
  std::string name;
#endif
};

template <>
struct adder::FromPyObject<Named> : adder::FromAttributes<Named, adder::Field<"name", &Named::name>> {};

std::size_t length(const Named& named) { return named.name.size(); }

void probe(adder::ModuleBuilder& m) { m.def<&length>("length"); }
