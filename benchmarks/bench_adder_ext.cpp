// SPDX-License-Identifier: MIT
// The functions and the class whose calls are measured, bound with adder. bench_capi_ext.cpp is the same by hand.
#include "adder/adder.hpp"

#include <cstdint>

namespace {

using namespace adder;

void noop() {}
Bound<PyAny> identity(const Bound<PyAny>& object) { return object; }
std::int64_t add(std::int64_t a, std::int64_t b) { return a + b; }
std::int64_t add_named(std::int64_t a, std::int64_t b) { return a + b; }
std::int64_t scale(std::int64_t value, std::int64_t by) { return value * by; }
std::size_t length(std::string_view text) { return text.size(); }

class Counter {
 public:
  explicit Counter(std::int64_t start) : total_(start) {}
  void inc() { ++total_; }
  std::int64_t add(std::int64_t by) { return total_ += by; }
  std::int64_t total() const { return total_; }

 private:
  std::int64_t total_;
};

}  // namespace

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define(ClassBuilder<Counter>& cls) {
    cls.def_new<std::int64_t>();
    cls.def<&Counter::inc>("inc");
    cls.def<&Counter::add>("add");
    cls.getter<&Counter::total>("total");
  }
};

ADDER_MODULE(bench_adder_ext, m) {
  m.def<&noop>("noop");
  m.def<&identity>("identity");
  m.def<&add>("add");
  m.def<&add_named>("add_named", arg("a"), arg("b"));
  m.def<&scale>("scale", arg("value"), arg("by") = 2);
  m.def<&length>("length");
  m.add_class<Counter>();
}
