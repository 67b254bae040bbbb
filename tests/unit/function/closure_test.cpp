// SPDX-License-Identifier: MIT
// Python functions that own a C++ state.
#include "adder/function/closure.hpp"

#include "adder/adder.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>

namespace {

using namespace adder;
using test::count;
using test::error_of;
using test::fresh;

struct Total {
  int sum = 0;
  std::shared_ptr<int> witness;
  std::optional<Py<PyAny>> handle;
};
int add(Total& total, int by) { return total.sum += by; }
int look(const Total& total) { return total.sum; }
void keep(Total& total, const Bound<PyAny>& object) { total.handle = object; }
void call_back(Total& total, const Bound<PyAny>& callback) {
  ++total.sum;
  callback();
}
void call_back_shared(const Total&, const Bound<PyAny>& callback) { callback(); }

TEST(Closure, the_state_lives_as_long_as_the_function) {
  Python::with_gil([](Python py) {
    const auto witness = std::make_shared<int>();
    const auto object = fresh(py);
    {
      const auto f = new_closure<&add>(py, "add", Total{10, witness, object}, arg("by") = 1);
      EXPECT_EQ(f.call().extract<int>(), 11);
      EXPECT_EQ(f.call(kw("by"_s) = 5).extract<int>(), 16);
      EXPECT_EQ(f.getattr("__name__"_s).repr().to_string(), "'add'");
      EXPECT_EQ(error_of([&] { f.call("x"); }), "TypeError: add() argument 'by' must be int, not str");
      EXPECT_EQ(f.call().extract<int>(), 17);
      EXPECT_EQ(witness.use_count(), 2);
      EXPECT_EQ(count(object), 2);
      EXPECT_EQ(count(f), 1);
    }
    EXPECT_EQ(witness.use_count(), 1);
    EXPECT_EQ(count(object), 1);
  });
}

TEST(Closure, a_call_that_changes_the_state_excludes_others_and_one_that_reads_it_does_not) {
  Python::with_gil([](Python py) {
    const auto changing = new_closure<&call_back>(py, "changing", Total{});
    EXPECT_EQ(error_of([&] { changing.call(py.eval("lambda f: lambda: f(None)").call(changing)); }),
              "RuntimeError: Already borrowed: the state of the closure 'changing'");
    changing.call(py.eval("lambda: None"));  // Given back where the call failed.
    const auto reading = new_closure<&call_back_shared>(py, "reading", Total{});
    reading.call(py.eval("lambda f: lambda: f(lambda: None)").call(reading));
    const auto fixed = new_closure<&look>(py, "look", Total{7, {}, {}});
    EXPECT_EQ(fixed.call().extract<int>(), 7);
  });
}

TEST(Closure, a_cycle_through_the_state_is_collected) {
  Python::with_gil([](Python py) {
    const auto witness = std::make_shared<int>();
    {
      const auto f = new_closure<&keep>(py, "keep", Total{0, witness, {}});
      f.call(f);
      EXPECT_EQ(count(f), 2);
    }
    EXPECT_EQ(witness.use_count(), 2);
    py.run("import gc; gc.collect()");
    EXPECT_EQ(witness.use_count(), 1);
  });
}

}  // namespace
