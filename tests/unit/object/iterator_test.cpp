// SPDX-License-Identifier: MIT
#include "adder/object/iterator.hpp"

#include "adder/adder.hpp"
#include "adder/stl/string.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace adder;

TEST(Iterator, a_generator_is_sent_values_and_its_result_told_from_what_it_yields) {
  Python::with_gil([](Python py) {
    const auto names = PyDict::new_(py);
    py.run(R"(
      def gen():
          got = yield 1
          yield got * 2
          return 'end'
    )",
           names);
    const auto generator = names.as_any().get_item("gen").call().downcast<PyIterator>();
    SendResult answer = generator.send(py.None());
    EXPECT_EQ(answer.value.extract<int>(), 1);
    EXPECT_FALSE(answer.returned);
    EXPECT_EQ(generator.send(21).value.extract<int>(), 42);
    answer = generator.send(py.None());
    EXPECT_TRUE(answer.returned);
    EXPECT_EQ(answer.value.extract<std::string>(), "end");
  });
}

TEST(Iterator, iterators_can_be_copied_at_their_end) {
  Python::with_gil([](Python py) {
    const auto list = PyList::empty(py);
    const auto dict = PyDict::new_(py);
    const auto any = py.eval("iter([])");
    auto at_list = list.begin();
    auto at_dict = dict.begin();
    auto at_any = any.begin();
    const auto list_copy = at_list;
    const auto dict_copy = at_dict;
    const auto any_copy = at_any;
    EXPECT_TRUE(list_copy == list.end() && dict_copy == dict.end() && any_copy == any.end());
  });
}

}  // namespace
