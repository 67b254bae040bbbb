// SPDX-License-Identifier: MIT
// A C++ program that runs Python inside itself.
#include <adder/adder.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/vector.hpp>

#include <cstdio>
#include <exception>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace adder;

namespace {

void evaluate(Python py) {
  const auto tens = py.eval("[i * 10 for i in range(5)]").extract<std::vector<int>>();
  std::printf("evaluated:");
  for (const int ten : tens) std::printf(" %d", ten);
  std::printf("\n");
}

void import_and_call(Python py) {
  const auto math = py.import("math");
  const auto root = math.call_method("sqrt"_s, 2.0).extract<double>();  // "..."_s: a Python string made once
  const auto close = math.call_method("isclose"_s, root, 1.41, kw("abs_tol"_s) = 0.01).extract<bool>();
  std::printf("called: sqrt(2) = %.6f, close to 1.41: %s\n", root, close ? "yes" : "no");
}

void run_with_names(Python py) {
  const auto names = PyDict::new_(py);
  names.set_item("width", 6);
  names.set_item("height", 7);
  py.run(R"(
      area = width * height
      report = f"{width} by {height} is {area}"
  )",
         {}, names);
  std::printf("ran: %s\n", names.get_item("report")->extract<std::string>().c_str());
}

void catch_an_exception(Python py) {
  const auto names = PyDict::new_(py);
  py.run(R"(
      def share(total, people):
          return total / people
  )",
         names);
  try {
    names.get_item("share")->call(42, 0);
  } catch (const PyErr& error) {
    if (!error.is_instance_of<PyZeroDivisionError>(py)) throw;
    std::printf("caught: %s\n%s", error.what(), error.format(py).c_str());
  }
}

void attach_another_thread(Python py) {
  // A Py<T> may travel where a Bound<T> may not.
  const Py<PyAny> total = py.eval("lambda n: sum(range(n + 1))").unbind();
  const int sum = py.allow_threads(
      [](const Py<PyAny>& function) {
        std::packaged_task<int()> task([&function] {
          return Python::with_gil([&function](Python inner) { return function.bind(inner).call(100).extract<int>(); });
        });
        std::future<int> result = task.get_future();
        std::thread(std::move(task)).join();
        return result.get();  // What the thread threw is thrown here.
      },
      total);
  std::printf("from another thread: %d\n", sum);
}

}  // namespace

int main() {
  try {
    Python::with_gil([](Python py) {  // Starts the interpreter.
      evaluate(py);
      import_and_call(py);
      run_with_names(py);
      catch_an_exception(py);
      attach_another_thread(py);
    });
  } catch (const std::exception& error) {  // A PyErr is one.
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
