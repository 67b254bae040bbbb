// SPDX-License-Identifier: MIT
#include "adder/types/type.hpp"

#include "adder/adder.hpp"
#include "support/classes.hpp"
#include "support/objects.hpp"

#include <gtest/gtest.h>

namespace {

using namespace adder;
using test::Counted;
using test::is_known_as;
using test::shown;

TEST(Type, a_type_names_its_bases_and_makes_aliases_and_supers) {
  Python::with_gil([](Python py) {
    const auto type = py.get_type<PyBool>();
    is_known_as<PyType>(type);
    EXPECT_EQ(shown(type.mro()), "(<class 'bool'>, <class 'int'>, <class 'object'>)");
    EXPECT_EQ(shown(type.bases()), "(<class 'int'>,)");
    EXPECT_EQ(type.fully_qualified_name(), "bool");
    EXPECT_EQ(py.import("collections").getattr("OrderedDict"_s).downcast<PyType>().fully_qualified_name(),
              "collections.OrderedDict");
    EXPECT_TRUE(type.is_subclass_of<PyInt>());
    EXPECT_FALSE(type.is_subclass_of<PyString>());
    const auto alias = PyGenericAlias::new_(py.get_type<PyList>(), py.get_type<PyInt>());
    is_known_as<PyGenericAlias>(alias);
    EXPECT_EQ(shown(alias), "list[int]");
    const auto super = PySuper::new_(type, PyBool::new_(py, true));
    is_known_as<PySuper>(super);
    EXPECT_EQ(shown(super.call_method("__repr__"_s)), "'1'");
  });
}

TEST(Type, instances_and_subtypes_are_told_and_a_metaclass_has_its_say) {
  Python::with_gil([](Python py) {
    EXPECT_TRUE(py.get_type<PyDict>().is(py.eval("dict")));
    EXPECT_TRUE(py.get_type<Counted>().is(Bound<Counted>::new_(py, 1).get_type()));
    EXPECT_TRUE(py.is_instance<PyInt>(py.eval("True")));
    EXPECT_TRUE(py.is_instance<PyAny>(py.None()));
    EXPECT_FALSE(py.is_instance<PyString>(py.eval("b''")));
    EXPECT_TRUE((py.is_subclass<PyBool, PyInt>()));
    EXPECT_TRUE((py.is_subclass<PyInt, PyInt>()));
    EXPECT_FALSE((py.is_subclass<PyInt, PyBool>()));
    EXPECT_TRUE((py.is_subclass<PyKeyError, PyException>()));
    EXPECT_FALSE((py.is_subclass<PyKeyError, PyIndexError>()));
    EXPECT_TRUE((py.is_subclass<Counted, PyAny>()));
    // As isinstance does, it asks the metaclass.
    const auto liar = py.eval("type('M', (type,), {'__instancecheck__': lambda c, o: True})('Liar', (), {})");
    EXPECT_TRUE(py.None().is_instance(liar));
    EXPECT_TRUE(py.None().is_instance(PyTuple::new_(py, py.get_type<PyInt>(), py.get_type<PyNone>())));
  });
}

TEST(Type, the_token_asks_every_handle_for_its_type) {
  Python::with_gil([](Python py) {
    const auto list = PyList::empty(py);
    const Py<PyAny> stored(list);
    EXPECT_TRUE(py.is_instance<PyList>(list) && py.is_instance<PyList>(list.as_any()));
    EXPECT_TRUE(py.is_instance<PyList>(list.as_borrowed()) && py.is_instance<PyList>(stored));
    EXPECT_TRUE(py.is_instance<PyAny>(Py<PyList>(list)) && !py.is_instance<PyDict>(stored));
  });
}

}  // namespace
