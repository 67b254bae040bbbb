// SPDX-License-Identifier: MIT
/// @file
/// @brief The harness of the tasks in C++: one or two lines per entry.
///
/// @code
/// BENCH(extract_int_ok)      { auto n = py.eval("42"); loop([&] { keep(n.extract<std::int64_t>()); }); }
/// BENCH(extract_int_ok_capi) { auto n = py.eval("42"); loop([&] { keep(PyLong_AsLongLong(n.as_ptr())); }); }
/// @endcode
/// An entry is called `<operation>_<operand>_<outcome>`; the same work in the bare C API has the suffix `_capi`. Setup
/// stays outside the loop. The body of an entry runs attached.
///
/// All entries are in one module, whose function `run(name, count)` repeats the body: the difference between two such
/// runs is what so many executions cost.
#pragma once
#include "adder/adder.hpp"

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

/// Repeats the measured body.
class Loop {
 public:
  explicit Loop(std::size_t count) noexcept : count_(count) {}

  template <class Body>
  void operator()(Body&& body) {
    for (std::size_t left = count_; left != 0; --left) body();
  }

 private:
  std::size_t count_ = 0;
};

using Entry = void (*)(Python py, Loop& loop);

/// Adds an entry to the module (native_adder.cpp). Called while it is loaded.
bool add_entry(const char* name, Entry entry);

}  // namespace bench

/// loop() with a body that is part of the loop on both sides. Otherwise the compiler makes a function of some bodies,
/// and the call counts as a difference.
#define REPEAT(...) loop([&]() __attribute__((always_inline)) { __VA_ARGS__; })

#define BENCH(name)                                                                                 \
  static void bench_##name(adder::Python py, bench::Loop& loop);                                    \
  [[maybe_unused]] static const bool bench_##name##_added = bench::add_entry(#name, &bench_##name); \
  static void bench_##name([[maybe_unused]] adder::Python py, bench::Loop& loop)
