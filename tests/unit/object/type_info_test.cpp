// SPDX-License-Identifier: MIT
#include "adder/object/type_info.hpp"

#include "adder/adder.hpp"

#include <gtest/gtest.h>

namespace {

using namespace adder;

struct PyDecimal : ImportedType<"decimal", "Decimal"> {};

TEST(TypeInfo, downcast_works_for_a_type_that_the_user_declared) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> value = py.eval("__import__('decimal').Decimal('1.5')");
    EXPECT_TRUE(value.downcast<PyDecimal>().eq(1.5));
    EXPECT_FALSE(py.eval("1.5").try_downcast<PyDecimal>());
    try {
      (void)py.eval("1.5").downcast<PyDecimal>();
      FAIL();
    } catch (const PyErr& error) {
      EXPECT_STREQ(error.what(), "TypeError: 'float' object is not an instance of 'Decimal'");
    }
  });
}

}  // namespace
