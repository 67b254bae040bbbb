// SPDX-License-Identifier: MIT
/// @file
/// @brief The harness of the C++ benchmarks: one or two lines per entry.
///
/// @code
/// BENCH(extract_int_ok)      { auto n = py.eval("42"); loop([&] { keep(n.extract<std::int64_t>()); }); }
/// BENCH(extract_int_ok_capi) { auto n = py.eval("42"); loop([&] { keep(PyLong_AsLongLong(n.as_ptr())); }); }
/// @endcode
/// An entry is called `<operation>_<operand>_<outcome>`; the same work in the bare C API has the suffix `_capi`. Setup
/// stays outside the loop. The body of an entry runs attached.
///
/// Google Benchmark takes the time. `program --count NAME N` runs the body N times and nothing else: the difference
/// between two such runs under callgrind is what N executions cost in instructions.
#pragma once
#include "adder/adder.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <type_traits>

namespace bench {

using namespace adder;

/// Makes the compiler believe that @p value is looked at and that all memory may have changed.
template <class T>
ADDER_INLINE void keep(const T& value) noexcept {
  if constexpr (std::is_trivially_copyable_v<T> && sizeof(T) <= sizeof(void*)) {
    asm volatile("" : : "r"(value) : "memory");
  } else {
    asm volatile("" : : "m"(value) : "memory");
  }
}

/// Repeats the measured body: as often as Google Benchmark wants, or as often as was asked for on the command line.
class Loop {
 public:
  explicit Loop(benchmark::State& state) noexcept : state_(&state) {}
  explicit Loop(std::size_t count) noexcept : count_(count) {}

  template <class Body>
  void operator()(Body&& body) {
    if (state_ != nullptr) {
      for ([[maybe_unused]] auto iteration : *state_) body();
    } else {
      for (std::size_t left = count_; left != 0; --left) body();
    }
  }

 private:
  benchmark::State* state_ = nullptr;
  std::size_t count_ = 0;
};

using Entry = void (*)(Python py, Loop& loop);

/// Adds an entry to the program (bench_main.cpp). Called before main().
bool add_entry(const char* name, Entry entry);

}  // namespace bench

/// loop() with a body that is part of the loop on both sides. Otherwise the compiler makes a function of some bodies,
/// and the call counts as a difference.
#define REPEAT(...) loop([&]() __attribute__((always_inline)) { __VA_ARGS__; })

#define BENCH(name)                                                                                 \
  static void bench_##name(adder::Python py, bench::Loop& loop);                                    \
  [[maybe_unused]] static const bool bench_##name##_added = bench::add_entry(#name, &bench_##name); \
  static void bench_##name([[maybe_unused]] adder::Python py, bench::Loop& loop)
