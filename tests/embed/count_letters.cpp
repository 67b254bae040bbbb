// SPDX-License-Identifier: MIT
// The reference's example of allow_threads: a function that counts a letter, a thread for each word, called from
// Python.
#include "support/embedded.hpp"

#include <algorithm>
#include <cstddef>
#include <future>
#include <stdexcept>
#include <string>
#include <vector>

using namespace adder;
using namespace test;

namespace {

std::size_t parallel_count(Python py, const std::vector<std::string>& strings, const std::string& query) {
  if (query.empty()) throw PyValueError::new_err("there is nothing to look for");
  return py.allow_threads(
      [](const std::vector<std::string>& words, char letter) {
        if (PyGILState_Check() != 0) throw std::logic_error("the GIL is still held");
        std::vector<std::future<std::ptrdiff_t>> counts;
        for (const std::string& word : words) {
          counts.push_back(
              std::async(std::launch::async, [&word, letter] { return std::ranges::count(word, letter); }));
        }
        std::ptrdiff_t sum = 0;
        for (auto& count : counts) sum += count.get();
        return static_cast<std::size_t>(sum);
      },
      strings, query.front());
}

}  // namespace

ADDER_MODULE(pcount, m) { m.def<&parallel_count>("parallel_count", arg("strings"), arg("query")); }

int main() {
  append_to_inittab("pcount", PyInit_pcount);
  Python::with_gil([](Python py) {
    py.run(R"(
        s = ["Flow", "my", "tears", "the", "Policeman", "Said"]
        assert pcount.parallel_count(s, "a") == 3
        assert pcount.parallel_count(strings=[], query="a") == 0
    )",
           {}, PyDict::new_(py, kw("pcount"_s) = py.import("pcount")));
    expect_equal(thrown_by<PyErr>([&] { py.import("pcount").call_method("parallel_count"_s, PyList::empty(py), ""); }),
                 "ValueError: there is nothing to look for");
  });
  return failures;
}
