// SPDX-License-Identifier: MIT
// The main program of every C++ benchmark: Google Benchmark's, or `--count NAME N` (see bench.hpp), or `--list`.
#include "bench.hpp"

#include <cstddef>
#include <cstdio>
#include <cstdlib>
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

int run_counted(Python py, std::string_view name, std::size_t count) {
  for (const Named& named : entries()) {
    if (named.name != name) continue;
    Loop loop(count);
    named.entry(py, loop);
    return 0;
  }
  std::fprintf(stderr, "no benchmark is called %.*s\n", static_cast<int>(name.size()), name.data());
  return 2;
}

}  // namespace

bool add_entry(const char* name, Entry entry) {
  entries().push_back({name, entry});
  return true;
}

}  // namespace bench

int main(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "--list") {
    for (const bench::Named& named : bench::entries()) std::puts(named.name);
    return 0;
  }
  return adder::Python::with_gil([&](adder::Python py) {
    if (argc == 4 && std::string_view(argv[1]) == "--count") {
      return bench::run_counted(py, argv[2], std::strtoull(argv[3], nullptr, 10));
    }
    for (const bench::Named& named : bench::entries()) {
      benchmark::RegisterBenchmark(named.name, [entry = named.entry](benchmark::State& state) {
        bench::Loop loop(state);
        entry(adder::Python::assume_gil_acquired(), loop);
      });
    }
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
  });
}
