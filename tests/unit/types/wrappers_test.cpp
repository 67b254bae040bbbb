// SPDX-License-Identifier: MIT
// Each wrapper once: construct, look into, round trip, wrong type refused. What goes wrong is in adversarial_test.cpp.
#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/vector.hpp"
#include "adder/types/datetime.hpp"
#include "adder/types/typed.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <map>
#include <thread>

namespace {

using namespace adder;
using test::count;
using test::error_of;
using test::fresh;

/// `repr(object)`.
template <class T>
std::string shown(const Bound<T>& object) {
  return object.repr().to_string();
}

/// The tag knows objects of its type and refuses others.
template <class T, class U>
void is_known_as(const Bound<U>& object) {
  EXPECT_TRUE(object.template is_instance_of<T>());
  const Py_ssize_t before = count(object);
  EXPECT_TRUE(object.as_any().template downcast<T>().is(object));
  EXPECT_EQ(count(object), before);
  const Bound<PyAny> other = fresh(object.py());
  EXPECT_FALSE(other.is_instance_of<T>());
  EXPECT_EQ(error_of([&] { (void)other.downcast<T>(); }),
            std::string("TypeError: '") + detail::type_name_of(other.as_ptr()) + "' object is not an instance of '" +
                PyTypeInfo<T>::name() + "'");
  EXPECT_EQ(count(other), 1);
}

TEST(Wrappers, list) {
  Python::with_gil([](Python py) {
    const auto list = PyList::new_(py, 3, 1, 2);
    is_known_as<PyList>(list);
    list.sort();
    EXPECT_EQ(shown(list), "[1, 2, 3]");
    list.append("x");
    list.extend(PyTuple::new_(py, 4, 5));
    list.insert(0, py.None());
    EXPECT_EQ(shown(list), "[None, 1, 2, 3, 'x', 4, 5]");
    EXPECT_EQ(shown(list.get_slice(1, 3)), "[1, 2]");
    EXPECT_EQ(shown(list.get_slice(5, 99)), "[4, 5]");
    list.set_slice(1, 4, PyList::new_(py, 9));
    EXPECT_EQ(shown(list), "[None, 9, 'x', 4, 5]");
    list.del_slice(0, 1);
    list.del_item(0);
    EXPECT_EQ(shown(list), "['x', 4, 5]");
    EXPECT_EQ(list.index(5), 2u);
    EXPECT_EQ(list.count("x"), 1u);
    EXPECT_EQ(list.pop().extract<int>(), 5);
    EXPECT_EQ(list.pop(0).extract<std::string>(), "x");
    list.remove(4);
    EXPECT_TRUE(list.is_empty());
    EXPECT_EQ(error_of([&] { list.pop(); }), "IndexError: pop from empty list");
    EXPECT_EQ(shown(PyList::from_range(py, std::vector<int>{1, 2, 3})), "[1, 2, 3]");
    EXPECT_EQ(shown(PyList::new_(py, 1, 2).to_tuple()), "(1, 2)");
    EXPECT_TRUE(list.copy().eq(list));
    EXPECT_FALSE(list.copy().is(list));
  });
}

TEST(Wrappers, builders) {
  Python::with_gil([](Python py) {
    PyListBuilder list(py, 2);
    for (int i = 0; i < 20; ++i) list.push_back(i);  // More than announced.
    EXPECT_EQ(std::move(list).finish().len(), 20u);
    PyListBuilder fewer(py, 100);
    fewer.push_back("x");
    const auto short_list = std::move(fewer).finish();
    EXPECT_EQ(shown(short_list), "['x']");
    short_list.append(1);
    EXPECT_EQ(shown(short_list), "['x', 1]");
    EXPECT_TRUE(PyObject_GC_IsTracked(short_list.as_ptr()));
    EXPECT_EQ(error_of([&] { fewer.push_back(1); }), "RuntimeError: a builder was used after its finish()");
    EXPECT_EQ(error_of([&] { (void)std::move(fewer).finish(); }),
              "RuntimeError: a builder was used after its finish()");

    for (const std::size_t announced : {0u, 1u, 3u, 10u}) {
      PyTupleBuilder tuple(py, announced);
      for (int i = 0; i < 3; ++i) tuple.push_back(i);
      const auto made = std::move(tuple).finish();
      EXPECT_EQ(shown(made), "(0, 1, 2)");
      EXPECT_TRUE(PyObject_GC_IsTracked(made.as_ptr()));
    }
    EXPECT_TRUE(PyTupleBuilder(py, 4).finish().is(PyTuple::empty(py)));
    EXPECT_TRUE(PyTupleBuilder(py, 0).finish().is(PyTuple::empty(py)));
    EXPECT_EQ(error_of([&] { PyListBuilder(py, SIZE_MAX); }), "MemoryError");

    const Bound<PyAny> item = fresh(py);
    {
      PyListBuilder dropped(py, 3);
      dropped.push_back(item);
      EXPECT_EQ(error_of([&] { dropped.push_back("\xff"); }).substr(0, 18), "UnicodeDecodeError");
      EXPECT_EQ(dropped.size(), 1u);
      EXPECT_EQ(count(item), 2);
      // Nobody finds a list that is being built.
      py.run("import gc\nassert not any(type(o) is list and any(x is item for x in o) for o in gc.get_referrers(item))",
             {}, PyDict::new_(py, kw("item") = item));
    }
    EXPECT_EQ(count(item), 1);
  });
}

TEST(Wrappers, tuple) {
  Python::with_gil([](Python py) {
    const auto tuple = PyTuple::new_(py, 1, "a", py.None());
    is_known_as<PyTuple>(tuple);
    EXPECT_EQ(shown(tuple.get_slice(1, 9)), "('a', None)");
    EXPECT_EQ(tuple.index("a"), 1u);
    EXPECT_EQ(tuple.count(7), 0u);
    EXPECT_EQ(shown(tuple.to_list()), "[1, 'a', None]");
    EXPECT_EQ(shown(PyTuple::from_range(py, std::vector<int>{4, 5})), "(4, 5)");
    std::string seen;
    for (const auto& item : tuple) seen += shown(item) + ";";
    EXPECT_EQ(seen, "1;'a';None;");
  });
}

TEST(Wrappers, dict) {
  Python::with_gil([](Python py) {
    const auto dict = PyDict::new_(py, kw("a"_s) = 1, kw("b") = "two");
    is_known_as<PyDict>(dict);
    EXPECT_EQ(shown(dict), "{'a': 1, 'b': 'two'}");
    EXPECT_EQ(dict.get_item("a")->extract<int>(), 1);
    EXPECT_FALSE(dict.get_item("z"));
    EXPECT_EQ(dict.set_default("a", 5).extract<int>(), 1);
    EXPECT_EQ(dict.set_default("c", 5).extract<int>(), 5);
    EXPECT_EQ(dict.pop("c")->extract<int>(), 5);
    EXPECT_FALSE(dict.pop("c"));
    EXPECT_EQ(error_of([&] { dict.pop(PyList::empty(py)); }), "TypeError: unhashable type: 'list'");
    dict.update(PyDict::new_(py, kw("a") = 2, kw("d") = 4));
    dict.update_if_missing(PyDict::new_(py, kw("a") = 3, kw("e") = 5));
    EXPECT_EQ(shown(dict), "{'a': 2, 'b': 'two', 'd': 4, 'e': 5}");
    dict.del_item("b");
    EXPECT_EQ(error_of([&] { dict.del_item("b"); }), "KeyError: 'b'");
    EXPECT_EQ(shown(PyDict::from_range(py, std::map<std::string, int>{{"x", 1}, {"y", 2}})), "{'x': 1, 'y': 2}");
    EXPECT_EQ(shown(dict.keys()), "['a', 'd', 'e']");
    EXPECT_EQ(error_of([&] {
                for (const auto& [key, value] : dict) dict.set_item(shown(key), value);
              }),
              "RuntimeError: dictionary changed size during iteration");
    const auto turning = PyDict::new_(py, kw("k") = 0);
    int next = 0;
    EXPECT_EQ(error_of([&] {
                for (const auto& [key, value] : turning) {
                  turning.set_item(++next, 1);
                  turning.del_item(key);
                }
              }),
              "RuntimeError: dictionary keys changed during iteration");
    int sum = 0;
    for (const auto& [key, value] : dict.as<std::string, int>()) sum += value;
    EXPECT_EQ(sum, 2 + 4 + 5 + 2);  // The loop above added one before it was stopped.
    dict.set_item("f", "?");
    EXPECT_EQ(error_of([&] {
                for (const auto& [key, value] : dict.as<std::string, int>()) sum += value;
              }),
              "TypeError: ['f']: expected int, got str");
  });
}

TEST(Wrappers, sets) {
  Python::with_gil([](Python py) {
    const auto set = PySet::new_(py, 1, 2, 2);
    is_known_as<PySet>(set);
    EXPECT_EQ(set.len(), 2u);
    set.add("x");
    EXPECT_TRUE(set.contains("x"));
    EXPECT_TRUE(set.discard("x"));
    EXPECT_FALSE(set.discard("x"));
    const auto frozen = PyFrozenSet::from_range(py, std::vector<int>{2, 3});
    is_known_as<PyFrozenSet>(frozen);
    EXPECT_EQ(shown(set.or_(frozen)), "{1, 2, 3}");
    EXPECT_EQ(shown(set.and_(frozen)), "{2}");
    EXPECT_EQ(PySet::from_iterable(PyString::new_(py, "hello")).len(), 4u);
    EXPECT_EQ(error_of([&] { set.add(PyList::empty(py)); }), "TypeError: unhashable type: 'list'");
    EXPECT_EQ(error_of([&] {
                for (const auto& item : set) set.add(PyString::new_(py, shown(item)));
              }),
              "RuntimeError: Set changed size during iteration");
    set.clear();
    EXPECT_FALSE(set.pop());
    EXPECT_TRUE(PyFrozenSet::empty(py).is_empty());
  });
}

TEST(Wrappers, text_and_bytes) {
  Python::with_gil([](Python py) {
    const auto text = PyString::new_(py, "h\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");  // One of each kind.
    is_known_as<PyString>(text);
    EXPECT_EQ(text.len(), 4u);
    const auto encoded = text.encode_utf8();
    is_known_as<PyBytes>(encoded);
    EXPECT_EQ(encoded.as_string_view(), text.to_str());
    EXPECT_TRUE(PyString::from_encoded_object(encoded).eq(text));
    EXPECT_EQ(error_of([&] { PyString::from_encoded_object(PyBytes::new_(py, "\xff")); }).substr(0, 18),
              "UnicodeDecodeError");
    EXPECT_EQ(PyString::from_fmt(py, "{:>4}|{name!r}", 7, kw("name") = "x").to_string(), "   7|'x'");
    EXPECT_EQ(PyBytes::new_(py, std::string_view("a\0b", 3)).len(), 3u);
    EXPECT_EQ(shown(PyBytes::new_with(py, 3,
                                      [](std::span<std::byte> bytes) {
                                        bytes[0] = std::byte{'a'};
                                        bytes[2] = std::byte{'c'};
                                      })),
              "b'a\\x00c'");
    EXPECT_THROW(PyBytes::new_with(py, 3, [](std::span<std::byte>) { throw std::runtime_error("no"); }),
                 std::runtime_error);
    PyBytesWriter writer(py, 2);
    for (int i = 0; i < 5; ++i) writer.write("abc");
    EXPECT_EQ(writer.size(), 15u);
    EXPECT_EQ(shown(std::move(writer).finish()), "b'abcabcabcabcabc'");
    EXPECT_EQ(shown(PyBytesWriter(py).finish()), "b''");

    const auto array = PyByteArray::new_(py, "abc");
    is_known_as<PyByteArray>(array);
    array.with_bytes([&](std::span<std::byte> bytes) {
      bytes[1] = std::byte{'X'};
      EXPECT_EQ(error_of([&] { array.resize(10'000); }),
                "BufferError: Existing exports of data: object cannot be re-sized");
    });
    array.resize(5);
    EXPECT_EQ(array.to_string(), std::string("aXc\0\0", 5));
    const auto view = PyMemoryView::from(array);
    is_known_as<PyMemoryView>(view);
    EXPECT_EQ(shown(view.call_method("tobytes"_s)), "b'aXc\\x00\\x00'");
    EXPECT_EQ(error_of([&] { PyMemoryView::from(text); }),
              "TypeError: memoryview: a bytes-like object is required, not 'str'");
  });
}

TEST(Wrappers, numbers_and_singletons) {
  Python::with_gil([](Python py) {
    const auto number = PyInt::new_(py, 1ull << 63);
    is_known_as<PyInt>(number);
    EXPECT_EQ(shown(number), "9223372036854775808");
    EXPECT_EQ(shown(PyInt::from_str(py, "-ff", 16)), "-255");
    EXPECT_EQ(error_of([&] { PyInt::from_str(py, "x"); }), "ValueError: invalid literal for int() with base 10: 'x'");
    const auto real = PyFloat::new_(py, 1.5);
    is_known_as<PyFloat>(real);
    EXPECT_EQ(real.value(), 1.5);
    is_known_as<PyBool>(PyBool::new_(py, true));
    EXPECT_TRUE(PyBool::new_(py, true).is_true());
    const auto complex = PyComplex::new_(py, 1, -2);
    is_known_as<PyComplex>(complex);
    EXPECT_EQ(complex.real(), 1.0);
    EXPECT_EQ(complex.imag(), -2.0);
    is_known_as<PyNone>(py.None());
    is_known_as<PyEllipsis>(PyEllipsis::get(py));
    is_known_as<PyNotImplemented>(PyNotImplemented::get(py));
    EXPECT_EQ(py.Ellipsis().as_ptr(), Py_Ellipsis);
  });
}

TEST(Wrappers, slice_and_range) {
  Python::with_gil([](Python py) {
    const auto slice = PySlice::new_(py, 1, py.None(), 2);
    is_known_as<PySlice>(slice);
    const SliceIndices indices = slice.indices(6);
    EXPECT_EQ(indices.start, 1);
    EXPECT_EQ(indices.stop, 6);
    EXPECT_EQ(indices.step, 2);
    EXPECT_EQ(indices.length, 3u);
    EXPECT_EQ(shown(PyList::new_(py, 0, 1, 2, 3).into_any().get_item(PySlice::new_(py, 1, 3))), "[1, 2]");
    EXPECT_EQ(PySlice::full(py).indices(4).length, 4u);
    EXPECT_EQ(error_of([&] { PySlice::new_(py, 0, 1, 0).indices(3); }), "ValueError: slice step cannot be zero");
    const auto range = PyRange::new_(py, 10, 0, -3);
    is_known_as<PyRange>(range);
    EXPECT_EQ(range.start(), 10);
    EXPECT_EQ(range.stop(), 0);
    EXPECT_EQ(range.step(), -3);
    EXPECT_EQ(range.len(), 4u);
  });
}

TEST(Wrappers, types) {
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

TEST(Wrappers, code_and_frames) {
  Python::with_gil([](Python py) {
    const auto names = PyDict::new_(py);
    const auto code = PyCode::compile(py, "n = n + 1 if 'n' in globals() else 1", "count.py");
    is_known_as<PyCode>(code);
    for (int i = 0; i < 3; ++i) code.run(names);
    EXPECT_EQ(names.get_item("n")->extract<int>(), 3);
    EXPECT_EQ(PyCode::compile(py, "6 * 7", "x", PyCodeInput::eval).run().extract<int>(), 42);
    EXPECT_EQ(error_of([&] { PyCode::compile(py, "1 +", "wrong.py"); }).substr(0, 11), "SyntaxError");
    is_known_as<PyBuiltinFunction>(py.eval("len"));
    const auto function = py.eval("lambda x: 1 / x");
    is_known_as<PyFunction>(function);
    EXPECT_FALSE(PyFrame::current(py));
    try {
      function(0);
      FAIL();
    } catch (const PyErr& error) {
      const auto traceback = error.traceback(py);
      ASSERT_TRUE(traceback);
      is_known_as<PyTraceback>(*traceback);
      EXPECT_EQ(traceback->format(), "Traceback (most recent call last):\n  File \"<string>\", line 1, in <lambda>\n");
      EXPECT_EQ(traceback->line_number(), 1);
      EXPECT_FALSE(traceback->next());
      const auto frame = traceback->frame();
      is_known_as<PyFrame>(frame);
      EXPECT_EQ(frame.code().getattr("co_name"_s).extract<std::string>(), "<lambda>");
      EXPECT_FALSE(frame.outer());
    }
  });
}

TEST(Wrappers, module) {
  Python::with_gil([](Python py) {
    const auto module = PyModule::from_code(py, "def half(x):\n    return x / 0\n", "made_up.py", "made_up");
    is_known_as<PyModule>(module);
    EXPECT_EQ(module.name(), "made_up");
    EXPECT_EQ(module.filename(), "made_up.py");
    EXPECT_TRUE(py.import("made_up").is(module));
    try {
      module.call_method("half"_s, 1);
      FAIL();
    } catch (const PyErr& error) {
      EXPECT_NE(error.format(py).find("File \"made_up.py\", line 2, in half"), std::string::npos);
    }
    module.index().append("half");
    EXPECT_EQ(shown(module.getattr("__all__"_s)), "['half']");
    py.import("sys").getattr("modules"_s).del_item("made_up");
  });
}

struct Noisy {
  explicit Noisy(int* deaths) : deaths_(deaths) {}
  Noisy(Noisy&& other) noexcept : value(other.value), deaths_(std::exchange(other.deaths_, nullptr)) {}
  Noisy& operator=(Noisy&&) = delete;
  ~Noisy() {
    if (deaths_ != nullptr) ++*deaths_;
  }
  int value = 7;

 private:
  int* deaths_;
};

TEST(Wrappers, capsule) {
  Python::with_gil([](Python py) {
    int deaths = 0, calls = 0;
    {
      const auto capsule = PyCapsule::new_(py, Noisy(&deaths), "adder.noisy");
      is_known_as<PyCapsule>(capsule);
      EXPECT_EQ(capsule.reference<Noisy>("adder.noisy").value, 7);
      EXPECT_EQ(capsule.pointer("adder.noisy"), static_cast<void*>(&capsule.reference<Noisy>("adder.noisy")));
      EXPECT_EQ(capsule.name(), "adder.noisy");
      EXPECT_TRUE(capsule.is_valid("adder.noisy"));
      EXPECT_FALSE(capsule.is_valid("adder"));
      EXPECT_EQ(error_of([&] { capsule.pointer("adder"); }),
                "ValueError: the capsule is named 'adder.noisy', not 'adder'");
      EXPECT_EQ(error_of([&] { capsule.reference<int>("adder.noisy"); }),
                "TypeError: the capsule 'adder.noisy' does not hold a C++ value of this type and module");
      EXPECT_EQ(deaths, 0);
    }
    EXPECT_EQ(deaths, 1);
    {
      const auto capsule = PyCapsule::new_with_destructor(
          py, Noisy(&deaths), "", [](Noisy& value, void* context) { *static_cast<int*>(context) += value.value; });
      EXPECT_EQ(capsule.context(), nullptr);
      capsule.set_context(&calls);
      EXPECT_EQ(calls, 0);
    }
    EXPECT_EQ(calls, 7);
    EXPECT_EQ(deaths, 2);
    EXPECT_EQ(error_of([&] { PyCapsule::new_(py, 1, std::string_view("a\0b", 3)); }),
              "ValueError: a capsule's name cannot contain null bytes");
    EXPECT_EQ(error_of([&] { PyCapsule::new_with_pointer(py, nullptr, "x"); }),
              "ValueError: PyCapsule_New called with null pointer");
    EXPECT_NE(PyCapsule::import <void>(py, "datetime.datetime_CAPI"), nullptr);
    EXPECT_EQ(error_of([&] { PyCapsule::import <void>(py, "datetime.nothing"); }),
              "AttributeError: module 'datetime' has no attribute 'nothing'");
  });
}

TEST(Wrappers, weak_references) {
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

TEST(Wrappers, dates) {
  Python::with_gil([](Python py) {
    const auto date = PyDate::new_(py, 9999, 12, 31);
    is_known_as<PyDate>(date);
    EXPECT_EQ(date.year(), 9999);
    EXPECT_EQ(error_of([&] { PyDate::new_(py, 0, 1, 1); }), "ValueError: year 0 is out of range");
    const auto delta = PyDelta::new_(py, 0, -1, 2'000'001);
    is_known_as<PyDelta>(delta);
    EXPECT_EQ(delta.days(), 0);
    EXPECT_EQ(delta.seconds(), 1);
    EXPECT_EQ(delta.microseconds(), 1);
    const auto zone = PyTzInfo::fixed_offset(PyDelta::new_(py, 0, 7200));
    is_known_as<PyTzInfo>(zone);
    const auto moment = PyDateTime::new_(py, 2024, 2, 29, 23, 59, 59, 999'999, zone, 1);
    is_known_as<PyDateTime>(moment);
    EXPECT_EQ(moment.day(), 29);
    EXPECT_EQ(moment.hour(), 23);
    EXPECT_EQ(moment.microsecond(), 999'999);
    EXPECT_EQ(moment.fold(), 1);
    EXPECT_TRUE(moment.tzinfo()->is(zone));
    EXPECT_EQ(shown(moment),
              "datetime.datetime(2024, 2, 29, 23, 59, 59, 999999, fold=1, "
              "tzinfo=datetime.timezone(datetime.timedelta(seconds=7200)))");
    EXPECT_TRUE(moment.is_instance_of<PyDate>());
    const auto time = PyTime::new_(py, 1, 2, 3, 4);
    is_known_as<PyTime>(time);
    EXPECT_EQ(time.minute(), 2);
    EXPECT_FALSE(time.tzinfo());
    EXPECT_EQ(PyDateTime::from_timestamp(py, 0, PyTzInfo::utc(py)).year(), 1970);
    EXPECT_EQ(error_of([&] { PyTzInfo::fixed_offset(PyDelta::new_(py, 1)); }).substr(0, 10), "ValueError");
  });
}

TEST(Wrappers, abstract_collections) {
  Python::with_gil([](Python py) {
    is_known_as<PySequence>(PyList::new_(py, 1));
    is_known_as<PySequence>(PyString::new_(py, "x"));
    is_known_as<PyMapping>(PyDict::new_(py));
    EXPECT_FALSE(PyDict::new_(py).is_instance_of<PySequence>());
    const auto range = PyRange::new_(py, 0, 5).into_any().downcast<PySequence>();
    EXPECT_EQ(range.get_item(2).extract<int>(), 2);
    EXPECT_EQ(shown(range.get_slice(1, 3)), "range(1, 3)");
    EXPECT_EQ(shown(range.to_list()), "[0, 1, 2, 3, 4]");
    const auto dict = PyDict::new_(py, kw("a") = 1);
    const auto proxy = PyMappingProxy::new_(dict);
    is_known_as<PyMappingProxy>(proxy);
    EXPECT_EQ(shown(proxy.items()), "[('a', 1)]");
    dict.set_item("b", 2);
    EXPECT_EQ(proxy.len(), 2u);
    EXPECT_EQ(error_of([&] { proxy.set_item("c", 3); }).substr(0, 9), "TypeError");
  });
}

TEST(Wrappers, generators) {
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

TEST(Wrappers, typed_list) {
  Python::with_gil([](Python py) {
    const auto list = PyList::new_(py, 5, 3, 4);
    auto view = list.as<std::int64_t>();
    static_assert(std::ranges::random_access_range<decltype(view)> && std::ranges::view<decltype(view)>);
    std::ranges::sort(view);
    EXPECT_EQ(shown(list), "[3, 4, 5]");
    std::ranges::reverse(view);
    EXPECT_EQ(shown(list), "[5, 4, 3]");
    view[0] = view[1];
    EXPECT_EQ(shown(list), "[4, 4, 3]");
    EXPECT_EQ(std::ranges::count(view, 4), 2);
    list.set_item(2, "x");
    std::int64_t sum = 0;
    EXPECT_EQ(error_of([&] {
                for (const std::int64_t item : list.as<std::int64_t>()) sum += item;
              }),
              "TypeError: [2]: expected int, got str");
    EXPECT_EQ(sum, 8);
    EXPECT_EQ(error_of([&] {
                for (const std::int64_t item : list.as<std::int64_t>()) {
                  sum += item;
                  list.clear();
                }
              }),
              "IndexError: list index out of range");
    const auto words = PyList::new_(py, "b", "a");
    std::ranges::sort(words.as<std::string>());
    EXPECT_EQ(shown(words), "['a', 'b']");
    sum = 0;
    for (const int item : PySet::new_(py, 1, 2, 3).as<int>()) sum += item;
    EXPECT_EQ(sum, 6);
  });
}

TEST(Wrappers, backed_views) {
  const auto [text, bytes] = Python::with_gil([](Python py) {
    return std::pair(PyBackedStr(PyString::new_(py, std::string(1000, 'x'))),
                     PyByteArray::new_(py, "abc").extract<PyBackedBytes>());
  });
  Python::with_gil([&text = text, &bytes = bytes](Python py) {
    const Bound<PyString> object = text.bind(py);
    EXPECT_EQ(count(object), 2);
    const std::size_t length = py.allow_threads(
        [](const PyBackedStr& s, const PyBackedBytes& b) {
          return s.view().find('y') == std::string_view::npos ? s.size() + b.size() : 0;
        },
        text, bytes);
    EXPECT_EQ(length, 1003u);
    auto other = text.clone_ref(py);
    EXPECT_EQ(count(object), 3);
    py.allow_threads_unchecked([&] { std::thread([gone = std::move(other)] { (void)gone.view().size(); }).join(); });
    Python::with_gil([](Python) {});  // Releases what was dropped without the GIL.
    EXPECT_EQ(count(object), 2);
    EXPECT_EQ(other.size(), 0u);  // NOLINT(bugprone-use-after-move): that is the question
    EXPECT_EQ(error_of([&] { (void)PyInt::new_(py, 1).extract<PyBackedStr>(); }), "TypeError: expected str, got int");
  });
}

}  // namespace
