// SPDX-License-Identifier: MIT
// Exception classes of one's own, and what C++ exceptions of one's own become.
#include "adder/exception/exception_types.hpp"

#include "adder/adder.hpp"
#include "support/errors.hpp"
#include "support/translated.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace {

using namespace adder;
using test::error_of;

struct ParseError : NewException<"unit_tests.ParseError", PyValueError, "Not as the grammar has it."> {};
struct DecodeError : ImportedException<"json", "JSONDecodeError", PyValueError> {};

TEST(ExceptionTypes, a_new_class_is_one_class_with_its_base_and_its_text) {
  Python::with_gil([](Python py) {
    const auto type = py.get_type<ParseError>();
    EXPECT_TRUE(type.is(py.get_type<ParseError>()));
    EXPECT_EQ(type.repr().to_string(), "<class 'unit_tests.ParseError'>");
    EXPECT_TRUE(type.getattr("__doc__"_s).eq("Not as the grammar has it."));
    EXPECT_TRUE((py.is_subclass<ParseError, PyValueError>()));
    EXPECT_FALSE((py.is_subclass<ParseError, PyKeyError>()));
    EXPECT_EQ(error_of([] {
                throw ParseError::new_err("line 3");
                return 0;
              }),
              "ParseError: line 3");
    try {
      py.eval("lambda E: (_ for _ in ()).throw(E('from Python'))").call(type);
      FAIL();
    } catch (const PyErr& error) {
      EXPECT_TRUE(error.is_instance_of<ParseError>(py));
      EXPECT_FALSE(error.is_instance_of<DecodeError>(py));
    }
  });
}

TEST(ExceptionTypes, a_class_of_a_module_is_imported_and_made_with_its_arguments) {
  Python::with_gil([](Python py) {
    EXPECT_TRUE(py.get_type<DecodeError>().is(py.import("json").getattr("JSONDecodeError"_s)));
    try {
      py.import("json").call_method("loads"_s, "{");
      FAIL();
    } catch (const PyErr& error) {
      EXPECT_TRUE(error.is_instance_of<DecodeError>(py));
    }
    const PyErr made = DecodeError::new_err_with(py, "no", "document", 3);
    EXPECT_EQ(made.value(py).getattr("pos"_s).extract<int>(), 3);
    EXPECT_EQ(error_of([&] { return DecodeError::new_err_with(py, "no"); }).substr(0, 9), "TypeError");
  });
}

struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct DeepFailure : Failure {
  using Failure::Failure;
};
struct BadFailure : Failure {
  using Failure::Failure;
};

TEST(ExceptionTypes, the_translator_of_the_most_derived_type_is_taken) {
  Python::with_gil([](Python py) {
    register_exception_translator<Failure>(py, [](const Failure& it) { return ParseError::new_err(it.what()); });
    register_exception_translator<DeepFailure>(py,
                                               [](const DeepFailure& it) { return PyKeyError::new_err(it.what()); });
    register_exception_translator<BadFailure>(
        py, [](const BadFailure&) -> PyErr { throw std::out_of_range("in the translator"); });
    const auto translated = [&](auto thrown) { return test::translated(py, thrown); };
    EXPECT_EQ(translated(Failure("f")), "ParseError: f");
    EXPECT_EQ(translated(DeepFailure("d")), "KeyError: 'd'");
    EXPECT_EQ(translated(BadFailure("b")), "IndexError: in the translator");
    EXPECT_EQ(translated(std::runtime_error("r")), "RuntimeError: r");
  });
}

struct Node {
  virtual ~Node() = default;
};
struct Leaf : virtual Node {};

/// A pointer to a base is another pointer than the one that was thrown: nobody looks through that.
TEST(ExceptionTypes, a_translator_of_pointers_takes_that_type_alone) {
  Python::with_gil([](Python py) {
    register_exception_translator<const char*>(py, [](const char* text) { return PyValueError::new_err(text); });
    register_exception_translator<Node*>(py, [](Node*) { return PyKeyError::new_err("a node"); });
    const auto translated = [&](auto thrown) { return test::translated(py, thrown); };
    Leaf leaf;
    EXPECT_EQ(translated("plain text"), "ValueError: plain text");
    EXPECT_EQ(translated(static_cast<Node*>(&leaf)), "KeyError: 'a node'");
    EXPECT_EQ(translated(&leaf).substr(0, 14), "PanicException");
  });
}

TEST(ExceptionTypes, what_is_no_std_exception_panics_past_except_exception) {
  Python::with_gil([](Python py) {
    EXPECT_TRUE((py.is_subclass<PanicException, PyBaseException>()));
    EXPECT_FALSE((py.is_subclass<PanicException, PyException>()));
  });
}

}  // namespace
