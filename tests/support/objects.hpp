// SPDX-License-Identifier: MIT
// What tests of native types use.
#pragma once
#include "adder/adder.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <string>
#include <type_traits>

namespace test {

/// `repr(object)`.
template <class T>
std::string shown(const adder::Bound<T>& object) {
  return object.repr().to_string();
}

/// The tag knows objects of its type and refuses others.
template <class T, class U>
void is_known_as(const adder::Bound<U>& object) {
  EXPECT_TRUE(object.template is_instance_of<T>());
  const Py_ssize_t before = count(object);
  EXPECT_TRUE(object.as_any().template downcast<T>().is(object));
  EXPECT_EQ(count(object), before);
  const adder::Bound<adder::PyAny> other = fresh(object.py());
  EXPECT_FALSE(other.is_instance_of<T>());
  EXPECT_EQ(error_of([&] { (void)other.downcast<T>(); }),
            std::string("TypeError: '") + adder::detail::type_name_of(other.as_ptr()) +
                "' object is not an instance of '" + adder::PyTypeInfo<T>::name() + "'");
  EXPECT_EQ(count(other), 1);
}

/// The `repr` of what it returns, or the exception.
template <class F>
std::string outcome_of(F&& f) {
  try {
    if constexpr (std::is_void_v<decltype(f())>) {
      f();
      return "nothing";
    } else {
      return shown(f());
    }
  } catch (const adder::PyErr& error) {
    return error.what();
  }
}

}  // namespace test
