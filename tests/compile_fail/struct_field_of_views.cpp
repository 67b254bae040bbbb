// SPDX-License-Identifier: MIT
// The items may be gone before the struct is used.
// EXPECT: a view in a struct would outlive
#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/vector.hpp"
#include "adder/types/fields.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

struct Named {
#if ADDER_MUST_NOT_COMPILE
  std::vector<std::string_view> names;
#else
  std::vector<std::string> names;
#endif
};

template <>
struct adder::FromPyObject<Named> : adder::FromAttributes<Named, adder::Field<"names", &Named::names>> {};

std::size_t length(const Named& named) { return named.names.size(); }

void probe(adder::ModuleBuilder& m) { m.def<&length>("length"); }
