// SPDX-License-Identifier: MIT
// The module of the tasks in C++, adder's and those by hand: see native.hpp.
#include "adder/stl/string.hpp"  // IWYU pragma: keep (names)
#include "adder/stl/vector.hpp"  // IWYU pragma: keep (names)
#include "native.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bench {
namespace {

struct Named {
  const char* name;
  Entry entry;
};

std::vector<Named>& entries() {
  static std::vector<Named> all;
  return all;
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const Named& named : entries()) all.emplace_back(named.name);
  return all;
}

void run(Python py, std::string_view name, std::size_t count) {
  for (const Named& named : entries()) {
    if (named.name != name) continue;
    Loop loop(count);
    named.entry(py, loop);
    return;
  }
  throw PyValueError::new_err("there is no such task");
}

}  // namespace

bool add_entry(const char* name, Entry entry) {
  entries().push_back({name, entry});
  return true;
}

}  // namespace bench

ADDER_MODULE(native_adder, m) {
  m.def<&bench::names>("names");
  m.def<&bench::run>("run");
}
