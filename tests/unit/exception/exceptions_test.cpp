// SPDX-License-Identifier: MIT
#include "adder/exception/exceptions.hpp"

#include "adder/adder.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace {

using namespace adder;

TEST(Exceptions, every_builtin_exception_has_a_tag) {
  Python::with_gil([](Python py) {
    const auto check = [&]<class... E>(std::type_identity<E>...) {
      (([&] {
         const PyErr error = E::new_err("m");
         EXPECT_TRUE(error.is_instance_of<E>(py)) << E::python_name;
         EXPECT_EQ(py.get_type<E>().name(), E::python_name);
         EXPECT_TRUE((py.is_subclass<E, typename E::Base>())) << E::python_name;
       }()),
       ...);
    };
    check(std::type_identity<PyException>{}, std::type_identity<PyOSError>{}, std::type_identity<PyTabError>{},
          std::type_identity<PyBrokenPipeError>{}, std::type_identity<PyUserWarning>{},
          std::type_identity<PyModuleNotFoundError>{}, std::type_identity<PyRecursionError>{},
          std::type_identity<PyEncodingWarning>{});
  });
}

}  // namespace
