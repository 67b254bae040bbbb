// SPDX-License-Identifier: MIT
#include "adder/types/weakref.hpp"

#include "adder/adder.hpp"
#include "support/errors.hpp"
#include "support/objects.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace {

using namespace adder;
using test::count;
using test::error_of;
using test::is_known_as;

TEST(Weakref, weak_references_count_nothing_and_say_when_their_object_is_gone) {
  Python::with_gil([](Python py) {
    py.run("class Weak: pass");
    std::optional<Bound<PyAny>> object = py.eval("Weak()");
    const auto calls = PyList::empty(py);
    const auto reference = PyWeakrefReference::new_with(*object, calls.getattr("append"_s));
    const auto proxy = PyWeakrefProxy::new_(*object);
    is_known_as<PyWeakrefReference>(reference);
    EXPECT_TRUE(proxy.is_instance_of<PyWeakrefProxy>());
    EXPECT_TRUE(reference.upgrade()->is(*object));
    EXPECT_TRUE(proxy.upgrade()->is(*object));
    EXPECT_EQ(count(*object), 1);
    EXPECT_EQ(error_of([&] { (void)reference.upgrade_as<PyList>(); }),
              "TypeError: 'Weak' object is not an instance of 'list'");
    object.reset();
    EXPECT_FALSE(reference.upgrade());
    EXPECT_TRUE(proxy.is_dead());
    EXPECT_TRUE(calls.get_item(0).is(reference));
    EXPECT_EQ(error_of([&] { (void)proxy.getattr("x"_s); }),
              "ReferenceError: weakly-referenced object no longer exists");
    EXPECT_EQ(error_of([&] { PyWeakrefReference::new_(PyInt::new_(py, 1)); }),
              "TypeError: cannot create weak reference to 'int' object");
    py.run("del Weak");
  });
}

}  // namespace
